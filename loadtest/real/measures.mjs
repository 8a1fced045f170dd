// SPDX-License-Identifier: EUPL-1.2
// What one side of a call saw and heard, as numbers. Pure: what observe.mjs collected goes in. Times
// are wall-clock milliseconds of this machine, on which all the browsers run; what is counted lies
// between `from` and `to`.

const AUDIO = ["concealedSamples", "silentConcealedSamples", "totalSamplesReceived", "insertedSamplesForDeceleration",
  "removedSamplesForAcceleration", "interruptionCount", "packetsReceived", "packetsLost", "jitterBufferDelay", "jitterBufferEmittedCount"];
const VIDEO = ["framesDecoded", "framesDropped", "framesReceived", "keyFramesDecoded", "freezeCount", "totalDecodeTime", "nackCount",
  "pliCount", "packetsReceived", "packetsLost", "retransmittedBytesReceived", "bytesReceived"];
const OUT = ["framesEncoded", "totalEncodeTime", "bytesSent", "retransmittedBytesSent", "pliCount", "keyFramesEncoded"];

export function quantile(list, q) {
  if (list.length === 0) return null;
  const sorted = [...list].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
}

const round = (x, digits = 4) => (x === null || !Number.isFinite(x) ? null : Number(x.toPrecision(digits)));

/** Growth of the counters from poll to poll, summed over the streams: [{from, to, kind sums}]. A stream
 * that appears counts from zero, one that goes away takes nothing back. */
export function growth(polls, type, kind, keys) {
  let before = new Map();
  let beforeAt = null;
  const steps = [];
  for (const [at, stats] of polls) {
    const now = new Map();
    for (const s of stats) if (s.type === type && s.kind === kind) now.set(`${s.pc}/${s.ssrc}`, s);
    const step = { from: beforeAt ?? at, to: at };
    for (const key of keys) {
      step[key] = 0;
      for (const [id, s] of now) step[key] += Math.max(0, (s[key] ?? 0) - (before.get(id)?.[key] ?? 0));
    }
    steps.push(step);
    // A stream that is missing for one poll comes back with its old counters.
    before = new Map([...before, ...now]);
    beforeAt = at;
  }
  return steps;
}

export function total(steps, keys, from, to) {
  const sum = Object.fromEntries(keys.map((key) => [key, 0]));
  for (const step of steps) {
    if (step.from < from || step.to > to) continue;
    for (const key of keys) sum[key] += step[key];
  }
  return sum;
}

const audible = (step) => Math.max(0, step.concealedSamples - step.silentConcealedSamples);

/** The longest time in which more was made up than was heard, in ms. */
function longestConcealment(steps, from, to) {
  let longest = 0;
  let current = 0;
  for (const step of steps) {
    if (step.from < from || step.to > to) continue;
    const made = step.concealedSamples;
    // By time, not by samples: in a party several streams have theirs at once.
    current = step.totalSamplesReceived > 0 && made > step.totalSamplesReceived / 2 ? current + step.to - step.from : 0;
    longest = Math.max(longest, current);
  }
  return longest;
}

export function soundOf(polls, from, to) {
  const steps = growth(polls, "inbound-rtp", "audio", AUDIO);
  const sum = total(steps, AUDIO, from, to);
  const all = sum.totalSamplesReceived;
  return {
    audible_concealment: all ? audible(sum) / all : null,
    concealment: all ? sum.concealedSamples / all : null,
    longest_concealment_ms: all ? longestConcealment(steps, from, to) : null,
    stretch: all ? (sum.insertedSamplesForDeceleration + sum.removedSamplesForAcceleration) / all : null,
    jitter_buffer_ms: sum.jitterBufferEmittedCount ? (1000 * sum.jitterBufferDelay) / sum.jitterBufferEmittedCount : null,
  };
}

/** Times between presented frames of one picture within the window, the ends counted: what has not
 * come by the end is a gap as well. */
export function gapsOf(times, from, to) {
  const inside = times.filter((t) => t > from && t < to);
  const edges = [from, ...inside, to];
  return edges.slice(1).map((t, i) => ({ from: edges[i], to: t, ms: t - edges[i] }));
}

export function stallOf(gaps, longerThanMs) {
  const whole = gaps.reduce((sum, g) => sum + g.ms, 0);
  return whole > 0 ? gaps.reduce((sum, g) => sum + (g.ms > longerThanMs ? g.ms : 0), 0) / whole : null;
}

/** Age of received pictures: when each counter stood in the sender's own preview, and when here. */
export function agesOf(received, preview, { fps, frames }) {
  const shown = preview.filter(([, , , n]) => n !== null);
  const ages = [];
  let i = -1;
  for (const [at, , , n] of received) {
    if (n === null) continue;
    while (i + 1 < shown.length && shown[i + 1][0] <= at) i++;
    if (i < 0) continue;
    const [previewAt, , , newest] = shown[i];
    const behind = ((newest - n + frames) % frames) * (1000 / fps);
    // A preview that lags behind what has arrived already would read as a whole turn of the file.
    const turn = (frames * 1000) / fps;
    ages.push({ at, ms: at - previewAt + (behind > turn - 500 ? behind - turn : behind) });
  }
  return ages;
}

export function pictureOf(seen, preview, content, from, to) {
  const frames = seen.filter(([t]) => t > from && t < to);
  const gaps = gapsOf(frames.map(([t]) => t), from, to);
  const ages = agesOf(seen, preview, content).filter(({ at }) => at > from && at < to).map(({ ms }) => ms);
  const squares = gaps.reduce((sum, g) => sum + g.ms ** 2, 0);
  const tall = gaps.map((g, i) => [g.ms, i === 0 ? (frames[0]?.[2] ?? 0) : frames[i - 1][2]]);
  const share = (least) => tall.reduce((sum, [ms, h]) => sum + (h >= least ? ms : 0), 0) / (to - from);
  return {
    stall_400: stallOf(gaps, 400),
    stall_1000: stallOf(gaps, 1000),
    picture_gap_max_s: Math.max(...gaps.map((g) => g.ms)) / 1000,
    picture_gap_median_s: quantile(gaps.map((g) => g.ms), 0.5) / 1000,
    picture_gap_p95_s: quantile(gaps.map((g) => g.ms), 0.95) / 1000,
    fps: (1000 * frames.length) / (to - from),
    fps_harmonic: squares > 0 ? (1000 * (to - from)) / squares : null,
    picture_age_p50_ms: quantile(ages, 0.5),
    picture_age_p95_ms: quantile(ages, 0.95),
    last_picture_age_s: (to - (frames.at(-1)?.[0] ?? from)) / 1000,
    share_180_lines: share(180),
    share_360_lines: share(360),
  };
}

export function rtpOf(polls, from, to) {
  const sum = total(growth(polls, "inbound-rtp", "video", VIDEO), VIDEO, from, to);
  const minutes = (to - from) / 60000;
  return {
    keyframes_per_min: sum.keyFramesDecoded / minutes,
    plis_per_min: sum.pliCount / minutes,
    freezes_per_min: sum.freezeCount / minutes,
    video_packets_lost: sum.packetsReceived + sum.packetsLost > 0 ? sum.packetsLost / (sum.packetsReceived + sum.packetsLost) : null,
  };
}

/** After the link is back at `at`: until sound is whole again, until a fresh picture is there, in s. */
export function recoveryOf(side, ages, at, to) {
  const steps = growth(side.polls, "inbound-rtp", "audio", AUDIO).filter((s) => s.from >= at && s.to <= to);
  const whole = steps.find((s) => s.totalSamplesReceived > 0 && s.packetsReceived > 0 && s.concealedSamples < 0.05 * s.totalSamplesReceived);
  const fresh = ages.find((a) => a.at > at && a.ms < 1000);
  return {
    audio_back_s: whole ? (whole.from - at) / 1000 : (to - at) / 1000,
    picture_back_s: fresh ? (fresh.at - at) / 1000 : (to - at) / 1000,
  };
}

/** Frames a second at which the camera's file was read, by the counters in the sender's own preview: they
 * advance with the capture, however many of its frames the preview shows. null: not seen. */
export function captureRate(preview, { fps, frames }, from, to) {
  const shown = preview.filter(([t, , , n]) => n !== null && t >= from && t <= to);
  if (shown.length < 2) return null;
  let advanced = 0;
  for (let i = 1; i < shown.length; i++) {
    const seconds = (shown[i][0] - shown[i - 1][0]) / 1000;
    const step = (shown[i][3] - shown[i - 1][3] + frames) % frames;
    // A step back by a frame or two is two frames shown out of their order, no whole turn of the file.
    advanced += step > frames - 3 && seconds < 1 ? step - frames : step;
    if (seconds > frames / fps) return null;
  }
  return (1000 * advanced) / (shown.at(-1)[0] - shown[0][0]);
}

function perFrame(polls, type, keys, from, to) {
  const [count, time] = keys;
  const sum = total(growth(polls, type, "video", keys), keys, from, to);
  return sum[count] ? (1000 * sum[time]) / sum[count] : 0;
}

/** Why the machine, not the link, would explain what was seen; "" when it would not. */
export function machineTrouble(name, side, content, from, to) {
  const { polls, frames, late } = side;
  const within = polls.filter(([t]) => t >= from && t <= to);
  const frame = 1000 / content.fps;
  if (within.some(([, stats]) => stats.some((s) => s.type === "outbound-rtp" && s.qualityLimitationReason === "cpu"))) {
    return `${name}: quality limited by cpu`;
  }
  const pace = captureRate(frames.local, content, from, to);
  if (pace !== null && pace < 0.9 * content.fps) return `${name}: the camera gave only ${pace.toFixed(1)} frames a second`;
  const encode = perFrame(polls, "outbound-rtp", ["framesEncoded", "totalEncodeTime"], from, to);
  if (encode > 0.7 * frame) return `${name}: ${encode.toFixed(0)} ms to encode a frame`;
  const decode = perFrame(polls, "inbound-rtp", ["framesDecoded", "totalDecodeTime"], from, to);
  if (decode > 0.7 * frame) return `${name}: ${decode.toFixed(0)} ms to decode a frame`;
  const slow = quantile(late.filter(([t]) => t >= from && t <= to).map(([, ms]) => ms), 0.95);
  if (slow > frame) return `${name}: the page's timers were ${slow} ms late (p95)`;
  return "";
}

/** Values per bin of `binMs`, for the report. */
export function seriesOf(side, from, to, binMs) {
  const bins = Math.floor((to - from) / binMs);
  const place = (t) => Math.floor((t - from) / binMs);
  const steps = growth(side.polls, "inbound-rtp", "audio", AUDIO);
  const made = new Array(bins).fill(0);
  const all = new Array(bins).fill(0);
  for (const step of steps) {
    const i = place((step.from + step.to) / 2);
    if (i < 0 || i >= bins) continue;
    made[i] += audible(step);
    all[i] += step.totalSamplesReceived;
  }
  const stalled = new Array(bins).fill(0);
  const height = new Array(bins).fill(null);
  for (const g of gapsOf(side.frames.remote.map(([t]) => t), from, to)) {
    if (g.ms <= 400) continue;
    for (let i = place(g.from); i <= place(g.to) && i < bins; i++) {
      const begin = from + i * binMs;
      stalled[i] += Math.max(0, Math.min(g.to, begin + binMs) - Math.max(g.from, begin)) / binMs;
    }
  }
  for (const [t, , h] of side.frames.remote) if (place(t) >= 0 && place(t) < bins) height[place(t)] = h;
  return {
    t: Array.from({ length: bins }, (_, i) => ((i + 0.5) * binMs) / 1000),
    concealment: made.map((m, i) => (all[i] ? round(m / all[i]) : null)),
    stall: stalled.map((s) => round(s)),
    height,
  };
}

export function rounded(measures) {
  return Object.fromEntries(Object.entries(measures).map(([k, v]) => [k, round(v)]).filter(([, v]) => v !== null));
}

export const prefixed = (prefix, measures) => Object.fromEntries(Object.entries(measures).map(([k, v]) => [prefix + k, v]));
