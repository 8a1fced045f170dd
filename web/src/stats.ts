// SPDX-License-Identifier: EUPL-1.2
// How well we receive, from two looks at getStats(): numbers in, one word out.

import type { Level } from "./protocol";

export interface Counters {
  readonly packets: number;
  readonly lost: number;
  readonly rttMs: number | null;
}

interface StatsLike {
  readonly type: string;
  readonly packetsReceived?: number;
  readonly packetsLost?: number;
  readonly currentRoundTripTime?: number;
  readonly nominated?: boolean;
}

/** Only what a sum needs is read; anything else in the report may change with the browser. */
export function countersOf(report: Iterable<unknown>): Counters {
  let packets = 0;
  let lost = 0;
  let rttMs: number | null = null;
  for (const entry of report) {
    const s = entry as StatsLike;
    if (s.type === "inbound-rtp") {
      packets += s.packetsReceived ?? 0;
      lost += s.packetsLost ?? 0;
    } else if (s.type === "candidate-pair" && s.nominated === true) {
      rttMs = s.currentRoundTripTime === undefined ? rttMs : s.currentRoundTripTime * 1000;
    }
  }
  return { packets, lost, rttMs };
}

/** Thresholds as in a telephone network: 3 % loss is heard, 10 % hurts; 400 ms one notices. */
export function levelOf(before: Counters, after: Counters): Level {
  const packets = after.packets - before.packets;
  const lost = Math.max(0, after.lost - before.lost);
  const share = packets + lost > 0 ? lost / (packets + lost) : 0;
  const rtt = after.rttMs ?? 0;
  if (share > 0.1 || rtt > 800) {
    return "poor";
  }
  return share > 0.03 || rtt > 400 ? "fair" : "good";
}
