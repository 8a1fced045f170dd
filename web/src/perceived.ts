// SPDX-License-Identifier: EUPL-1.2
// What we got of everybody in the last seconds, in the figures that EN 301 549 6.5 asks for: the
// server keeps their sum with the visit. Numbers in, messages out. Fetched when a call has gone on for a
// while: the way to the first picture does not wait for it.

import type { Perceived } from "./protocol";
import type { Room } from "./state/types";

/** Of one receive line since it began; what the browser does not say is null. */
export interface Heard {
  readonly width: number | null;
  readonly height: number | null;
  readonly fps: number | null;
  /** Seconds that the picture stood still. */
  readonly frozen: number | null;
  readonly samples: number;
  /** Of them, those that were made up for what was lost. */
  readonly madeUp: number;
  /** When what is played now was taken, by the sender's clock, in ms. */
  readonly takenAt: number | null;
}

export type Snapshot = Readonly<Record<string, Heard>>;

interface StatsLike {
  readonly type: string;
  readonly mid?: string;
  readonly frameWidth?: number;
  readonly frameHeight?: number;
  readonly framesPerSecond?: number;
  readonly totalFreezesDuration?: number;
  readonly totalSamplesReceived?: number;
  readonly concealedSamples?: number;
  readonly silentConcealedSamples?: number;
  readonly estimatedPlayoutTimestamp?: number;
}

export function snapshotOf(report: Iterable<unknown>): Snapshot {
  const found: Record<string, Heard> = {};
  for (const entry of report) {
    const s = entry as StatsLike;
    if (s.type === "inbound-rtp" && s.mid !== undefined) {
      found[s.mid] = {
        width: s.frameWidth ?? null,
        height: s.frameHeight ?? null,
        fps: s.framesPerSecond ?? null,
        frozen: s.totalFreezesDuration ?? null,
        samples: s.totalSamplesReceived ?? 0,
        // Silence in place of silence is nothing that is made up.
        madeUp: (s.concealedSamples ?? 0) - (s.silentConcealedSamples ?? 0),
        takenAt: s.estimatedPlayoutTimestamp ?? null,
      };
    }
  }
  return found;
}

/** Further apart than this the two clocks cannot have been compared yet. */
const MAX_APART_MS = 10000;

function apart(sound: Heard | undefined, picture: Heard | undefined): number | null {
  const a = sound?.takenAt ?? null;
  const b = picture?.takenAt ?? null;
  const ms = a === null || b === null ? null : Math.round(Math.abs(a - b));
  return ms === null || ms > MAX_APART_MS ? null : ms;
}

function madeUp(before: Heard | undefined, after: Heard | undefined): number | null {
  const samples = (after?.samples ?? 0) - (before?.samples ?? 0);
  const made = (after?.madeUp ?? 0) - (before?.madeUp ?? 0);
  return samples > 0 && made >= 0 ? Math.min(1000, Math.round((made * 1000) / samples)) : null;
}

function frozen(before: Heard | undefined, after: Heard): number | null {
  const seconds = (after.frozen ?? 0) - (before?.frozen ?? 0);
  return after.frozen === null || seconds < 0 ? null : Math.round(seconds * 1000);
}

/** Of everybody of whom sound or picture has come between two looks. */
export function perceive(before: Snapshot, after: Snapshot, room: Room): readonly Perceived[] {
  const midOf = (participant: string, source: string): string =>
    room.slots.find((s) => s.participant === participant && s.source === source)?.mid ?? "";
  return room.participants.flatMap(({ id, muted }) => {
    const soundMid = midOf(id, "microphone");
    const pictureMid = midOf(id, "camera");
    const sound = after[soundMid];
    const picture = muted.includes("camera") ? undefined : after[pictureMid];
    const fps = picture?.fps ?? null;
    const made_up_permille = madeUp(before[soundMid], sound);
    if (fps === null && made_up_permille === null) {
      return [];
    }
    return [
      {
        participant: id,
        width: fps === null ? null : (picture?.width ?? null),
        height: fps === null ? null : (picture?.height ?? null),
        fps: fps === null ? null : Math.round(fps),
        freeze_ms: picture === undefined ? null : frozen(before[pictureMid], picture),
        apart_ms: apart(sound, picture),
        made_up_permille,
      },
    ];
  });
}

/** What has come between its looks. */
export class Perceiver {
  private before: Snapshot = {};

  look(report: Iterable<unknown>, room: Room): readonly Perceived[] {
    const now = snapshotOf(report);
    const found = perceive(this.before, now, room);
    this.before = now;
    return found;
  }
}
