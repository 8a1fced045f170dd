// SPDX-License-Identifier: EUPL-1.2
// Who is here, in which slot, and how they are: pure updates of the room, and what is said aloud.

import type { Participant, Quality, Slot, Welcome } from "../protocol";
import { CLEAR, withoutLine, withoutPerson } from "./sight";
import {
  announce,
  type Effect,
  isInside,
  type Room,
  type Sight,
  type State,
  type Step,
  stay,
} from "./types";

export function roomOf(welcome: Welcome, before: Room | null): Room {
  // Slots come in a message of their own; the old ones still hold until then.
  const isSame = before?.consultation.id === welcome.consultation.id;
  return {
    consultation: welcome.consultation,
    self: welcome.self,
    selfSpeaking: false,
    participants: welcome.participants.filter((p) => p.id !== welcome.self.id),
    lastGone: isSame ? before.lastGone : null,
    counts: welcome.slots,
    slots: isSame ? before.slots : [],
    quality: {},
    sight: CLEAR,
    told: CLEAR,
  };
}

function withRoom(
  state: State,
  change: (room: Room) => Room,
  effects: readonly Effect[] = [],
): Step {
  return state.room === null
    ? stay(state)
    : { state: { ...state, room: change(state.room) }, effects };
}

function find(state: State, id: string): Participant | undefined {
  return state.room?.participants.find((p) => p.id === id);
}

export function participantPut(state: State, participant: Participant): Step {
  const { id, name, role } = participant;
  // Whoever waits is told of nobody; the people come after `admitted`.
  if (state.room === null || !isInside(state) || id === state.room.self.id) {
    return stay(state);
  }
  const before = find(state, id);
  const told: Effect[] = [];
  if (before === undefined) {
    told.push(announce({ key: "joined", name, role }));
  } else if (participant.link === "away" && before.link !== "away") {
    told.push(announce({ key: "away", name }));
  } else if (participant.link !== "away" && before.link === "away") {
    told.push(announce({ key: "back", name }));
  }
  return withRoom(
    state,
    (room) => ({
      ...room,
      participants:
        before === undefined
          ? [...room.participants, participant]
          : room.participants.map((p) => (p.id === id ? participant : p)),
    }),
    told,
  );
}

export function participantLeft(state: State, id: string, isLost: boolean): Step {
  const gone = find(state, id);
  if (gone === undefined) {
    return stay(state);
  }
  const { [id]: _pointed, ...pointers } = state.pointers;
  const without = { ...state, pointers, signing: state.signing.filter((other) => other !== id) };
  return withRoom(
    without,
    (room) => ({
      ...room,
      participants: room.participants.filter((p) => p.id !== id),
      lastGone: { name: gone.name, lost: isLost },
      slots: room.slots.map((slot) =>
        slot.participant === id ? { mid: slot.mid, participant: null, source: null } : slot,
      ),
      sight: withoutPerson(room.sight, id),
      told: withoutPerson(room.told, id),
    }),
    [announce({ key: isLost ? "lost" : "left", name: gone.name })],
  );
}

export function slotsPut(state: State, slots: readonly Slot[]): Step {
  return withRoom(state, (room) => {
    // Another person in a line is another picture: what was told of it holds no more.
    const changed = slots.filter(
      (slot) => room.slots.find((s) => s.mid === slot.mid)?.participant !== slot.participant,
    );
    const without = (sight: Sight): Sight =>
      changed.reduce((rest, { mid }) => withoutLine(rest, mid), sight);
    return { ...room, slots, sight: without(room.sight), told: without(room.told) };
  });
}

export function speakingPut(state: State, id: string, speaking: boolean): Step {
  return withRoom(state, (room) => {
    if (id === room.self.id) {
      return { ...room, selfSpeaking: speaking };
    }
    return {
      ...room,
      participants: room.participants.map((p) => (p.id === id ? { ...p, speaking } : p)),
    };
  });
}

export function qualityPut(state: State, news: readonly Quality[]): Step {
  return withRoom(state, (room) => {
    const quality = { ...room.quality };
    for (const q of news) {
      quality[q.id] = q;
    }
    return { ...room, quality };
  });
}

/** The receive line that carries this source of this participant, if any does now. */
export function midOf(room: Room, participant: string, source: Slot["source"]): string | null {
  const slot = room.slots.find((s) => s.participant === participant && s.source === source);
  return slot === undefined ? null : slot.mid;
}
