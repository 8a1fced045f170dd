// SPDX-License-Identifier: EUPL-1.2
// How somebody's link is, why, and what the server does about it: from what it tells anyway, as keys
// that the catalogue has sentences for.

import type { Participant, Picture, Quality, Seen } from "../protocol";
import { midOf } from "../state/room";
import type { Room } from "../state/types";

export type Reason =
  | "fine"
  | "connecting"
  | "silent"
  | "away"
  | "loss"
  | "slow"
  | "thin-up"
  | "thin-down"
  | "weak";

/** From them to us, and from us to them. */
export type Deed =
  | "none"
  | "their-reduced"
  | "their-stills"
  | "their-none"
  | "our-reduced"
  | "our-stills"
  | "our-none";

export interface LinkStory {
  readonly reason: Reason;
  readonly deeds: readonly Deed[];
  readonly quality: Quality | null;
}

/** Under this the uplink has no room for a moving picture beside the sound. */
const THIN_KBPS = 250;
/** ITU-T G.114 for one way, twice. */
const SLOW_MS = 400;
const LOSSY_PERCENT = 3;

function reasonOf({ link }: Participant, quality: Quality | null): Reason {
  if (link !== "here") {
    return link;
  }
  if (quality === null || quality.level === "good") {
    return "fine";
  }
  if ((quality.loss_percent ?? 0) >= LOSSY_PERCENT) {
    return "loss";
  }
  if ((quality.rtt_ms ?? 0) >= SLOW_MS) {
    return "slow";
  }
  if (quality.up_kbps !== null && quality.up_kbps < THIN_KBPS) {
    return "thin-up";
  }
  if (quality.down_kbps !== null && quality.down_kbps < THIN_KBPS) {
    return "thin-down";
  }
  return "weak";
}

function deed<P extends "their" | "our">(who: P, picture: Picture | undefined): Deed | null {
  switch (picture) {
    case "reduced":
      return `${who}-reduced`;
    case "stills":
      return `${who}-stills`;
    case "none":
      return `${who}-none`;
    default:
      return null;
  }
}

export function storyOf(room: Room, participant: Participant): LinkStory {
  const quality = room.quality[participant.id] ?? null;
  const mid = midOf(room, participant.id, "camera");
  const theirs = mid === null ? undefined : room.told.pictures[mid];
  const ours = room.told.seen.find(
    (s: Seen) => s.participant === participant.id && s.source === "camera",
  )?.picture;
  const deeds = [deed("their", theirs), deed("our", ours)].filter((d) => d !== null);
  return {
    reason: reasonOf(participant, quality),
    deeds: deeds.length === 0 ? ["none"] : deeds,
    quality,
  };
}
