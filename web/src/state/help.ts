// SPDX-License-Identifier: EUPL-1.2
// "I cannot hear you": what the page knows of why, most certain first. Everything else is asked of
// the person, one plain step at a time.

import { isMuted } from "./local";
import type { Room, State } from "./types";

export type Finding =
  | { readonly key: "blocked" | "interrupted" | "alone" | "myLink" | "speaker" }
  | { readonly key: "theirMute" | "theirLink"; readonly names: readonly string[] }
  | { readonly key: "denied" | "missing" | "busy" | "muted" | "silent" | "theirs" };

function isWeak(room: Room, id: string): boolean {
  const level = room.quality[id]?.level;
  return level === "poor" || level === "lost";
}

function names(room: Room, test: (p: Room["participants"][number]) => boolean): string[] {
  return room.participants.filter(test).map((p) => p.name);
}

/** Why one may not hear the others. Never empty: what is left at the end is one's own loudspeaker. */
export function whyNotHearing(state: State, room: Room): readonly Finding[] {
  if (state.soundBlocked) {
    return [{ key: "blocked" }];
  }
  if (state.media.status !== "flowing") {
    return [{ key: "interrupted" }];
  }
  if (room.participants.length === 0) {
    return [{ key: "alone" }];
  }
  const found: Finding[] = [];
  const mute = names(room, (p) => p.muted.includes("microphone"));
  if (mute.length > 0) {
    found.push({ key: "theirMute", names: mute });
  }
  const weak = names(
    room,
    (p) =>
      !p.muted.includes("microphone") &&
      (p.link === "away" || p.link === "silent" || isWeak(room, p.id)),
  );
  if (weak.length > 0) {
    found.push({ key: "theirLink", names: weak });
  }
  if (isWeak(room, room.self.id) || state.media.level === "poor") {
    found.push({ key: "myLink" });
  }
  const canHearSomebody = mute.length + weak.length < room.participants.length;
  return found.length === 0 || canHearSomebody ? [...found, { key: "speaker" }] : found;
}

/** Why the others may not hear one. heard: the meter has moved since the question was asked. */
export function whyNotHeard(state: State, room: Room, heard: boolean): readonly Finding[] {
  const { microphone } = state.local;
  if (microphone.status === "problem") {
    const isDenied = microphone.problem === "denied";
    const key = isDenied ? "denied" : microphone.problem === "missing" ? "missing" : "busy";
    return [{ key }];
  }
  if (isMuted(microphone)) {
    return [{ key: "muted" }];
  }
  if (state.media.status !== "flowing") {
    return [{ key: "interrupted" }];
  }
  if (isWeak(room, room.self.id)) {
    return [{ key: "myLink" }];
  }
  return [{ key: heard ? "theirs" : "silent" }];
}
