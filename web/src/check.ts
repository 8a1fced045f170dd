// SPDX-License-Identifier: EUPL-1.2
// What a link is good for: figures of a link check in, a verdict for each kind of visit out.

import type { Checked, CheckMode, Transport, Verdict } from "./protocol";

export type Figures = Omit<Checked, "verdicts">;

interface Need {
  readonly up_kbps: number;
  readonly down_kbps: number;
  readonly loss_percent: number;
  readonly jitter_ms: number;
  /** With the link full, as it is when everybody's picture wants through. */
  readonly rtt_loaded_ms: number;
}

const MOST = Number.POSITIVE_INFINITY;

/** What is needed for `good`, and for `poor`; with less it is `no`. Rates: speech takes 30 kbit/s,
 * 320x240 at 20 pictures 200, 640x360 500, 720p 1000 to 1500 (docs/protocol.md 8 has the floors the
 * server keeps). Times: ITU-T G.114, 150 and 400 ms one way; EN 301 549 6.5.1, 0.4 and 0.8 s for
 * sign language. A stethoscope tolerates 10 % loss for the heart and 2 % for the lungs, and 50 ms of
 * variation. Stills of skin travel beside the call, so that the uplink decides how long they take. */
const NEEDS: Readonly<Record<CheckMode, readonly [good: Need, poor: Need]>> = {
  talk: [need(300, 300, 3, 60, 400), need(50, 50, 12, 200, 1200)],
  sign: [need(500, 500, 2, 50, 500), need(200, 200, 6, 120, 900)],
  skin: [need(700, 200, 5, 120, 800), need(200, 60, 12, 250, 1500)],
  movement: [need(1000, 300, 2, 50, 500), need(350, 60, 6, 120, 1000)],
  auscultation: [need(300, 200, 2, 50, 600), need(100, 50, 10, 100, 1200)],
};

function need(
  up_kbps: number,
  down_kbps: number,
  loss_percent: number,
  jitter_ms: number,
  rtt_loaded_ms: number,
): Need {
  return { up_kbps, down_kbps, loss_percent, jitter_ms, rtt_loaded_ms };
}

function isMet(f: Figures, n: Need): boolean {
  return (
    f.up_kbps >= n.up_kbps &&
    f.down_kbps >= n.down_kbps &&
    f.loss_percent <= n.loss_percent &&
    f.jitter_ms <= n.jitter_ms &&
    f.rtt_loaded_ms <= n.rtt_loaded_ms
  );
}

function verdict(f: Figures, [good, poor]: readonly [Need, Need]): Verdict {
  if (f.transport === "none") {
    return "no";
  }
  if (isMet(f, good)) {
    return "good";
  }
  return isMet(f, poor) ? "poor" : "no";
}

export function judged(figures: Figures): Checked {
  const of = (mode: CheckMode): Verdict => verdict(figures, NEEDS[mode]);
  return {
    ...figures,
    verdicts: {
      talk: of("talk"),
      sign: of("sign"),
      skin: of("skin"),
      movement: of("movement"),
      auscultation: of("auscultation"),
    },
  };
}

/** Nothing came through: what that says of a link. */
export const NOTHING: Figures = {
  up_kbps: 0,
  down_kbps: 0,
  loss_percent: 100,
  jitter_ms: 0,
  rtt_ms: 0,
  rtt_loaded_ms: 0,
  transport: "none",
};

/** One look at the connection. */
export interface Sample {
  /** When, in ms. */
  readonly at: number;
  readonly sentBytes: number;
  readonly receivedBytes: number;
  readonly packets: number;
  readonly lost: number;
  readonly jitterMs: number;
  readonly rttMs: number | null;
  /** What the browser believes the uplink carries. */
  readonly upKbps: number | null;
  readonly transport: Transport;
}

function fastest(samples: readonly Sample[], of: (sample: Sample) => number): number {
  let best = 0;
  for (const [i, now] of samples.entries()) {
    // Over two seconds: one alone holds bursts that nobody can count on.
    const before = samples.find((s) => now.at - s.at <= 2200 && now.at > s.at);
    if (i > 0 && before !== undefined) {
      best = Math.max(best, ((of(now) - of(before)) * 8) / (now.at - before.at));
    }
  }
  return best;
}

function middle(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** What the samples say. told: what the server says it measured of the link to us and from us. */
export function figuresOf(
  samples: readonly Sample[],
  told: { readonly down_kbps: number | null; readonly up_kbps: number | null },
): Figures {
  const first = samples[0];
  const last = samples[samples.length - 1];
  if (first === undefined || last === undefined || last.packets === first.packets) {
    return NOTHING;
  }
  const packets = last.packets - first.packets;
  const lost = Math.max(0, last.lost - first.lost);
  const times = samples.flatMap((s) => (s.rttMs === null ? [] : [s.rttMs]));
  // The link was idle at the start and is full from then on.
  const loaded = times.slice(Math.floor(times.length / 2));
  const up = fastest(samples, (s) => s.sentBytes);
  const down = fastest(samples, (s) => s.receivedBytes);
  return {
    up_kbps: Math.round(Math.max(up, last.upKbps ?? 0)),
    down_kbps: Math.round(Math.max(down, told.down_kbps ?? 0)),
    loss_percent: Math.round((lost / (packets + lost)) * 1000) / 10,
    jitter_ms: Math.round(middle(samples.slice(1).map((s) => s.jitterMs))),
    rtt_ms: Math.round(Math.min(...times, MOST) === MOST ? 0 : Math.min(...times)),
    rtt_loaded_ms: Math.round(middle(loaded)),
    transport: last.transport,
  };
}
