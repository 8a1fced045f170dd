# SPDX-License-Identifier: EUPL-1.2
"""Synthetic traces: made from statistics only, with a seed, so they are nobody's recording.

A rate trace has a given mean, share of seconds below 300 kbit/s and longest gap; between them the
rate wanders as radio does, slowly (seconds) and with a flutter (0.2 s).
"""

import math
import random

STEP_S = 0.2
PER_SECOND = 5
THIN_BPS = 300_000


def place_gaps(rng, seconds, longest_s, budget):
    """(begin, end) of the holes: the longest one, and a few that are shorter by half each, as long
    as they are no more than the budget of thin seconds. Times are whole steps."""
    gaps, length, used = [], longest_s, 0
    while length >= 0.4 and used + math.ceil(length) + 1 <= budget and len(gaps) < 4:
        gaps.append(round(length / STEP_S) * STEP_S)
        used += math.ceil(length) + 1
        length /= 2
    rng.shuffle(gaps)
    placed = []
    # One in each part of the trace, away from its ends.
    part = (seconds - 20) / max(1, len(gaps))
    for i, length in enumerate(gaps):
        room = part - length - 4
        at = 10 + i * part + rng.random() * max(room, 0)
        at = round(at / STEP_S) * STEP_S
        placed.append((round(at, 1), round(at + length, 1)))
    return placed


def wander(rng, count, keep):
    """A slow random walk round 0 with variance 1."""
    x, out = rng.gauss(0, 1), []
    for _ in range(count):
        x = keep * x + math.sqrt(1 - keep * keep) * rng.gauss(0, 1)
        out.append(x)
    return out


def second_means(rng, seconds, mean, thin_share, hole_s):
    """A mean per second. The lowest of a random walk are the thin ones, the rest share what is
    left of the mean. Seconds that a hole touches are thin whatever the walk says."""
    walk = wander(rng, seconds, 0.8)
    touched = {s for s in range(seconds) if hole_s[s] > 0}
    others = sorted((s for s in range(seconds) if s not in touched), key=lambda s: walk[s])
    thin = max(0, round(thin_share * seconds) - len(touched))
    level = [0.0] * seconds
    for s in touched:
        level[s] = rng.uniform(60e3, 250e3) * (1 - hole_s[s])
    for i, s in enumerate(others[:thin]):
        level[s] = 40e3 + (250e3 - 40e3) * (i + 1) / (thin + 1)
    wide = others[thin:]
    left = mean * seconds - sum(level)
    # Above the threshold: 320 kbit/s and a log-normal share of the rest.
    weight = {s: math.exp(0.7 * walk[s]) for s in wide}
    spare = left - 320e3 * len(wide)
    for s in wide:
        level[s] = 320e3 + spare * weight[s] / sum(weight.values())
    return level


def rate_trace(seed, seconds, mean, thin_share, longest_s):
    """[[seconds, bit/s]] over whole steps of 0.2 s."""
    rng = random.Random(seed)
    gaps = place_gaps(rng, seconds, longest_s, thin_share * seconds)
    is_hole = [any(b - 1e-6 <= i * STEP_S < e - 1e-6 for b, e in gaps)
               for i in range(seconds * PER_SECOND)]
    hole_s = [sum(is_hole[s * PER_SECOND:(s + 1) * PER_SECOND]) / PER_SECOND
              for s in range(seconds)]
    steps = []
    for s, level in enumerate(second_means(rng, seconds, mean, thin_share, hole_s)):
        open_steps = [i for i in range(s * PER_SECOND, (s + 1) * PER_SECOND) if not is_hole[i]]
        flutter = {i: math.exp(rng.gauss(0, 0.25)) for i in open_steps}
        total = sum(flutter.values())
        for i in range(s * PER_SECOND, (s + 1) * PER_SECOND):
            bps = 0 if is_hole[i] else round(level * PER_SECOND * flutter[i] / total)
            if not steps or steps[-1][1] != bps:
                steps.append([round(i * STEP_S, 1), bps])
    return steps


def leo_delay(seed, seconds):
    """One-way ms over a base of 7: a level per 15 s slot 20 ms apart and an exponential flutter each
    0.1 s; 7-68 ms in all, as a published Starlink series has it (median 11 within the low slots)."""
    rng = random.Random(seed)
    steps = []
    for i in range(seconds * 10):
        slot = i // 150
        ms = 20 * (slot % 2) + min(rng.expovariate(1 / 5.8), 41)
        steps.append([round(i / 10, 1), round(ms, 1)])
    return steps


def swing(period_s, high, low, step_s, digits=0):
    """One round of a cosine from high to low and back."""
    count = round(period_s / step_s)
    return [[round(i * step_s, 1),
             round(low + (high - low) * (1 + math.cos(2 * math.pi * i / count)) / 2, digits)]
            for i in range(count)]
