// SPDX-License-Identifier: EUPL-1.2
// What the tests of the state share: the people, the messages, and the way to each phase.

import type { Participant, ServerMessage, Waiting } from "../protocol";
import { initial, transition } from "../state";
import type { Effect, Event, State } from "./types";

export const ANNA: Participant = {
  id: "p2",
  role: "clinician",
  name: "Anna Berg",
  link: "here",
  muted: [],
  speaking: false,
};

export const WELCOME = {
  seat_s: 120,
  consultation: { id: "c1", title: "Uppföljning", mode: "talk" },
  self: { id: "p1", role: "patient", name: "Elsa" },
  participants: [ANNA],
  slots: { audio: 3, video: 3 },
} as const;

/** What makes the welcome one of a visit with a waiting room, seen by one who waits. */
export const WAITING_SELF = {
  self: { ...WELCOME.self, admission: "waiting" },
  participants: [],
  consultation: { ...WELCOME.consultation, unit: "Sjukstugan", waiting_room: true, planned: null },
} as const;

export const QUEUE: Waiting = {
  place: 2,
  ahead: 1,
  meet: "Anna Berg",
  clinician: "here",
  planned: null,
  reason: "queue",
};

export function said(message: ServerMessage): Event {
  return { type: "message", message };
}

export const JOINED = said({ type: "joined", resume: "r1", ...WELCOME });

export function resumed(media: boolean): Event {
  return said({ type: "resumed", resume: "r2", media, ...WELCOME });
}

export function start(seat: boolean): Event {
  return {
    type: "start",
    token: "tok",
    problem: null,
    seat: seat ? { token: "tok", resume: "r0", microphoneMuted: true, cameraMuted: true } : null,
  };
}

export interface Run {
  readonly state: State;
  /** Of the last event only. */
  readonly effects: readonly Effect[];
}

export function run(events: readonly Event[], from: State = initial()): Run {
  let state = from;
  let effects: readonly Effect[] = [];
  for (const event of events) {
    ({ state, effects } = transition(state, event));
  }
  return { state, effects };
}

export function kinds(effects: readonly Effect[]): string[] {
  return effects.map((effect) => effect.do);
}

export function sent(effects: readonly Effect[]): unknown[] {
  return effects.flatMap((effect) => (effect.do === "send" ? [effect.message] : []));
}

export const OPENED: readonly Event[] = [
  { type: "device-opened", source: "microphone", id: "m" },
  { type: "device-opened", source: "camera", id: "c" },
];
export const TO_PREVIEW: readonly Event[] = [start(false), ...OPENED];
export const TO_JOINING: readonly Event[] = [...TO_PREVIEW, { type: "join-pressed" }];
export const TO_CALL: readonly Event[] = [...TO_JOINING, { type: "signal-open" }, JOINED];
export const TO_FLOW: readonly Event[] = [...TO_CALL, { type: "peer-connected" }];
export const TO_WAITING: readonly Event[] = [
  ...TO_JOINING,
  { type: "signal-open" },
  said({ type: "joined", resume: "r1", ...WELCOME, ...WAITING_SELF }),
  said({ type: "waiting", ...QUEUE }),
];
