// SPDX-License-Identifier: EUPL-1.2
// What a thin link leaves of pictures, ours and the others', and when it is worth a word: only what
// has lasted two seconds, for better or for worse.

import type { Picture, Seen, SlotPicture } from "../protocol";
import { announce, type Effect, type Room, type Sight, type State, type Step, stay } from "./types";

const TOLD_MS = 2000;

export const CLEAR: Sight = { pictures: {}, seen: [] };

export function withoutLine(sight: Sight, mid: string): Sight {
  if (!Object.hasOwn(sight.pictures, mid)) {
    return sight;
  }
  const { [mid]: _gone, ...pictures } = sight.pictures;
  return { ...sight, pictures };
}

export function withoutPerson(sight: Sight, id: string): Sight {
  return sight.seen.some((s) => s.participant === id)
    ? { ...sight, seen: sight.seen.filter((s) => s.participant !== id) }
    : sight;
}

/** On a new connection the server begins with whole pictures, and says so of others. */
export function afterReopening(room: Room): Room {
  return {
    ...room,
    sight: { ...room.sight, pictures: {} },
    told: { ...room.told, pictures: {} },
  };
}

function isSame(a: Sight, b: Sight): boolean {
  return JSON.stringify([lines(a), people(a)]) === JSON.stringify([lines(b), people(b)]);
}

// Whole pictures are what is taken for granted: to be whole and not to be named are one.
function lines(sight: Sight): string[] {
  return Object.entries(sight.pictures)
    .filter(([, picture]) => picture !== "full")
    .map(([mid, picture]) => `${mid} ${picture}`)
    .sort();
}

function people(sight: Sight): string[] {
  return sight.seen.map((s) => `${s.participant} ${s.source} ${s.picture}`).sort();
}

function put(state: State, change: Partial<Sight>): Step {
  const { room } = state;
  if (room === null) {
    return stay(state);
  }
  const sight = { ...room.sight, ...change };
  const next: State = { ...state, room: { ...room, sight } };
  if (isSame(sight, room.sight)) {
    return stay(next);
  }
  const effect: Effect = isSame(sight, room.told)
    ? { do: "timer-stop", name: "sight" }
    : { do: "timer", name: "sight", ms: TOLD_MS };
  return { state: next, effects: [effect] };
}

export function picturesPut(state: State, list: readonly SlotPicture[]): Step {
  return put(state, { pictures: Object.fromEntries(list.map((p) => [p.mid, p.picture])) });
}

export function seenPut(state: State, seen: readonly Seen[]): Step {
  return put(state, { seen });
}

const ORDER: Readonly<Record<Picture, number>> = { full: 0, reduced: 1, stills: 2, none: 3 };

/** The picture of a receive line, as it is told. */
export function pictureOf(room: Room, mid: string | null): Picture {
  return (mid === null ? undefined : room.told.pictures[mid]) ?? "full";
}

/** The best of the others' pictures that we get; full where there is none to get. */
export function bestPicture(room: Room, sight: Sight = room.told): Picture {
  const ways = room.slots
    .filter((slot) => slot.participant !== null && slot.source !== "microphone")
    .filter((slot) => slot.source !== "stethoscope" && !isMutedSlot(room, slot))
    .map((slot) => sight.pictures[slot.mid] ?? "full");
  return ways.reduce<Picture>(
    (best, way) => (ORDER[way] < ORDER[best] ? way : best),
    ways[0] ?? "full",
  );
}

function isMutedSlot(room: Room, slot: Room["slots"][number]): boolean {
  const owner = room.participants.find((p) => p.id === slot.participant);
  return slot.source !== null && (owner?.muted.includes(slot.source) ?? false);
}

/** How this person sees our camera, as it is told. */
export function seenBy(room: Room, id: string, sight: Sight = room.told): Picture {
  return sight.seen.find((s) => s.participant === id && s.source === "camera")?.picture ?? "full";
}

/** Who sees us in this way, by name. */
export function namesSeeing(room: Room, picture: Picture): string[] {
  return room.participants.filter((p) => seenBy(room, p.id) === picture).map((p) => p.name);
}

// Smaller pictures are no news: one sees them. What is said is what changes how one speaks.
function isPoor(picture: Picture): boolean {
  return picture === "stills" || picture === "none";
}

function ownNews(room: Room): Effect[] {
  const before = bestPicture(room, room.told);
  const now = bestPicture(room, room.sight);
  if (before === now || (!isPoor(before) && !isPoor(now))) {
    return [];
  }
  if (now === "none") {
    return [announce({ key: "sound-only" })];
  }
  return [announce({ key: now === "stills" ? "stills" : "pictures-back" })];
}

function seenNews(room: Room): Effect[] {
  return room.participants.flatMap(({ id, name }) => {
    const before = seenBy(room, id, room.told);
    const now = seenBy(room, id, room.sight);
    const isNews = before !== now && (isPoor(before) || isPoor(now));
    return isNews ? [announce({ key: "seen", name, picture: now })] : [];
  });
}

/** It has lasted: it is told. */
export function sightDue(state: State): Step {
  const { room } = state;
  if (room === null) {
    return stay(state);
  }
  return {
    state: { ...state, room: { ...room, told: room.sight } },
    effects: [...ownNews(room), ...seenNews(room)],
  };
}
