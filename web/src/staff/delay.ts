// SPDX-License-Identifier: EUPL-1.2
// How long it takes from a mouth there to an ear here: estimated, for nobody can measure it without
// a clock on both sides. Half of each leg's round trip, what this browser's jitter buffer holds back
// at the moment, and a constant for what microphones, encoders and loudspeakers take.

import type { Room } from "../state/types";

/** A packet of 20 ms, 10 ms each for capture and playout, and as much again in systems' buffers: a
 * guess on the low side, as said in the details. */
export const DEVICES_MS = 60;

export interface Delay {
  readonly ms: number;
  /** Half the round trips of both legs. */
  readonly networkMs: number;
  readonly bufferMs: number;
}

/** What the buffer of a receive line has held back so far. */
export interface Buffered {
  readonly seconds: number;
  readonly samples: number;
}

export interface Look {
  readonly rttMs: number | null;
  readonly buffers: Readonly<Record<string, Buffered>>;
}

interface StatsLike {
  readonly type: string;
  readonly kind?: string;
  readonly mid?: string;
  readonly jitterBufferDelay?: number;
  readonly jitterBufferEmittedCount?: number;
  readonly nominated?: boolean;
  readonly currentRoundTripTime?: number;
}

export function lookAt(report: Iterable<unknown>): Look {
  const buffers: Record<string, Buffered> = {};
  let rttMs: number | null = null;
  for (const entry of report) {
    const s = entry as StatsLike;
    if (s.type === "inbound-rtp" && s.kind === "audio" && s.mid !== undefined) {
      buffers[s.mid] = {
        seconds: s.jitterBufferDelay ?? 0,
        samples: s.jitterBufferEmittedCount ?? 0,
      };
    } else if (s.type === "candidate-pair" && s.nominated === true) {
      rttMs = s.currentRoundTripTime === undefined ? rttMs : s.currentRoundTripTime * 1000;
    }
  }
  return { rttMs, buffers };
}

function bufferMs(before: Buffered | undefined, after: Buffered | undefined): number | null {
  if (after === undefined) {
    return null;
  }
  const samples = after.samples - (before?.samples ?? 0);
  const seconds = after.seconds - (before?.seconds ?? 0);
  return samples > 0 && seconds >= 0 ? (seconds / samples) * 1000 : null;
}

/** Of everybody whose sound has come between two looks and whose leg the server has measured. */
export function delays(before: Look, after: Look, room: Room): Record<string, Delay> {
  const found: Record<string, Delay> = {};
  for (const { mid, participant, source } of room.slots) {
    if (participant === null || source !== "microphone" || after.rttMs === null) {
      continue;
    }
    const held = bufferMs(before.buffers[mid], after.buffers[mid]);
    const theirs = room.quality[participant]?.rtt_ms ?? null;
    if (held !== null && theirs !== null) {
      const networkMs = Math.round((after.rttMs + theirs) / 2);
      const ms = Math.round((networkMs + held + DEVICES_MS) / 10) * 10;
      found[participant] = { ms, networkMs, bufferMs: Math.round(held) };
    }
  }
  return found;
}

/** ITU-T G.114: below 150 ms nobody notices, above 400 ms people talk into each other. */
export function delayWord(ms: number): "short" | "noticed" | "long" {
  return ms <= 150 ? "short" : ms <= 400 ? "noticed" : "long";
}
