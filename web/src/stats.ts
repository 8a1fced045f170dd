// SPDX-License-Identifier: EUPL-1.2
// How well we receive, from looks at getStats(): numbers in, one word out.

import type { Level } from "./protocol";

export interface Counters {
  readonly packets: number;
  readonly lost: number;
  /** All that came over the path, reports on what we send included: it flows even when all others
   * are silent, as long as we send anything. */
  readonly bytes: number;
  readonly rttMs: number | null;
}

/** Looks without a single byte before the path is taken for gone. */
const STALL_LOOKS = 2;

/** Notices that what flowed has stopped, seconds before the browser does: its own verdict waits for
 * several unanswered ICE checks. */
export class FlowWatch {
  private last: number | null = null;
  private hasFlowed = false;
  private stillLooks = 0;

  /** To be asked once a second. stalled: only once, until it flows again. */
  look(bytes: number): "flows" | "still" | "stalled" {
    const isStill = bytes === this.last;
    const isFirst = this.last === null;
    this.last = bytes;
    if (isFirst) {
      return "still";
    }
    if (!isStill) {
      this.hasFlowed = true;
      this.stillLooks = 0;
      return "flows";
    }
    this.stillLooks += 1;
    return this.hasFlowed && this.stillLooks === STALL_LOOKS ? "stalled" : "still";
  }
}

interface StatsLike {
  readonly type: string;
  readonly packetsReceived?: number;
  readonly packetsLost?: number;
  readonly bytesReceived?: number;
  readonly currentRoundTripTime?: number;
  readonly nominated?: boolean;
}

/** Only what a sum needs is read; anything else in the report may change with the browser. */
export function countersOf(report: Iterable<unknown>): Counters {
  let packets = 0;
  let lost = 0;
  let bytes = 0;
  let rttMs: number | null = null;
  for (const entry of report) {
    const s = entry as StatsLike;
    if (s.type === "inbound-rtp") {
      packets += s.packetsReceived ?? 0;
      lost += s.packetsLost ?? 0;
    } else if (s.type === "candidate-pair") {
      bytes += s.bytesReceived ?? 0;
      if (s.nominated === true && s.currentRoundTripTime !== undefined) {
        rttMs = s.currentRoundTripTime * 1000;
      }
    }
  }
  return { packets, lost, bytes, rttMs };
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
