// SPDX-License-Identifier: EUPL-1.2
// Every state the screen of a health room can be in, written out, for the gallery.

import type { ExtraSource } from "../../src/peer";
import type { Participant } from "../../src/protocol";
import { initial } from "../../src/room/state";
import type { Board, NextVisit, Phase, Report, State, View } from "../../src/room/types";
import { initial as noVisit } from "../../src/state";
import { CLEAR } from "../../src/state/sight";
import type { LocalDevice, Room, State as VisitState } from "../../src/state/types";

const NOW = Date.parse("2026-11-26T09:20:00Z");

export interface Drawn {
  readonly state: State;
  readonly visit?: VisitState;
  readonly extras?: readonly ExtraSource[];
  readonly view?: View;
  readonly listens?: boolean;
}

const BOARD: Board = {
  device: "Skärmen",
  place: "Hälsorummet i Slussfors",
  unit: "Storumans sjukstuga",
  phone: "0951-123 45",
  help: false,
  tested: "2026-11-26T04:00:00Z",
  visit: null,
};

function visitIn(minutes: number, meet = "Anna Berg"): NextVisit {
  const planned = new Date(NOW + minutes * 60_000).toISOString();
  return { id: "c", meet, planned, minutes: 30 };
}

function at(phase: Phase, board: Partial<Board> = {}, change: Partial<State> = {}): Drawn {
  const known: Board = { ...BOARD, ...board };
  return { state: { ...initial(), secret: "s", now: NOW, board: known, phase, ...change } };
}

function enrol(code: string, status: Extract<Phase, { name: "enrol" }>["status"]): Drawn {
  const phase: Phase = { name: "enrol", code, status };
  return { state: { ...initial(), now: NOW, phase } };
}

const GOOD: Report = {
  cameras: [
    { name: "Logitech BRIO (046d:085e)", works: true, fps: 30 },
    { name: "Handkamera", works: true, fps: 24.6 },
    { name: "Dermatoskop med ett långt namn från tillverkaren (1871:0101)", works: true, fps: 30 },
  ],
  microphone: { works: true, level_db: -28.5 },
  encoder: { works: true, fps: 118 },
  link: { works: true, up_kbps: 9200, down_kbps: 11_300, loss_percent: 0, rtt_ms: 31 },
};
const BAD: Report = {
  ...GOOD,
  cameras: [
    { name: "Logitech BRIO (046d:085e)", works: true, fps: 30 },
    { name: "Handkamera", works: false, fps: 0 },
  ],
  microphone: { works: false, level_db: -88 },
  link: { works: false, up_kbps: 0, down_kbps: 0, loss_percent: 100, rtt_ms: 0 },
};

const ON: LocalDevice = { status: "on", problem: null, muted: false, id: "a" };

function room(participants: readonly Participant[]): Room {
  return {
    consultation: { id: "c", title: "", mode: "talk", unit: "Storumans sjukstuga" },
    self: { id: "me", role: "room", name: "Hälsorummet i Slussfors" },
    selfSpeaking: false,
    participants,
    counts: { audio: 3, video: 3 },
    slots: participants.map((p, i) => ({ mid: `v${i}`, participant: p.id, source: "camera" })),
    lastGone: null,
    quality: {},
    sight: CLEAR,
    told: CLEAR,
  };
}

const ANNA: Participant = {
  id: "p0",
  role: "clinician",
  name: "Anna Berg",
  link: "here",
  muted: [],
  speaking: true,
};
const MAJA: Participant = { ...ANNA, id: "p1", role: "staff", name: "Maja Lind", speaking: false };

function visit(phase: "waiting" | "call", change: Partial<VisitState> = {}): VisitState {
  return {
    ...noVisit(),
    phase: { name: phase },
    room: room(phase === "call" ? [ANNA] : []),
    media: { status: "flowing", repairs: 0, level: "good" },
    local: { ...noVisit().local, microphone: ON, camera: ON },
    ...change,
  };
}

const QUEUE = {
  place: 1,
  ahead: 0,
  meet: "Anna Berg",
  clinician: "busy",
  planned: "2026-11-26T09:20:00Z",
  reason: "queue",
} as const;
const IN_VISIT: Drawn = at({ name: "visit" });
const EXTRAS: readonly ExtraSource[] = ["exam-camera", "exam-camera-2", "stethoscope"];
const IN_CALL: Drawn = { ...IN_VISIT, visit: visit("call"), extras: EXTRAS };

export const ROOM_STATES: Readonly<Record<string, Drawn>> = {
  "room-enrol": enrol("", "typing"),
  "room-enrol-typed": enrol("12345678", "typing"),
  "room-enrol-wrong": enrol("", "wrong"),
  "room-revoked": at({ name: "revoked" }),
  "room-idle": at({ name: "idle" }),
  "room-idle-later": at({ name: "idle" }, { visit: visitIn(40) }),
  "room-idle-ready": at({ name: "idle" }, { visit: visitIn(5, "Per-Erik Fjällström-Lindahl") }),
  "room-idle-lost": at({ name: "idle" }, {}, { hasContact: false }),
  "room-idle-asked": at({ name: "idle" }, { help: true, visit: visitIn(5) }),
  "room-help-asking": at({ name: "help", status: "asked" }),
  "room-help": at({ name: "help", status: "known" }),
  "room-help-answered": at({ name: "help", status: "answered" }),
  "room-help-lost": at({ name: "help", status: "known" }, {}, { hasContact: false }),
  "room-setup-denied": at({ name: "setup" }),
  "room-testing": at({ name: "testing", report: null, since: NOW }),
  "room-tested": at({ name: "testing", report: GOOD, since: NOW }),
  "room-tested-bad": at({ name: "testing", report: BAD, since: NOW }),
  "room-privacy": at({ name: "privacy", status: "asked" }),
  "room-privacy-failed": at({ name: "privacy", status: "failed" }),
  "room-joining": IN_VISIT,
  "room-waiting": { ...IN_VISIT, visit: visit("waiting", { queue: QUEUE }), extras: EXTRAS },
  "room-waiting-held": {
    ...IN_VISIT,
    visit: visit("waiting", { queue: { ...QUEUE, reason: "held" } }),
  },
  "room-call-plain": { ...IN_VISIT, visit: visit("call") },
  "room-call": IN_CALL,
  "room-call-listens": { ...IN_CALL, listens: true, view: "exam2" },
  "room-call-two": { ...IN_CALL, visit: visit("call", { room: room([ANNA, MAJA]) }) },
  "room-call-lost": {
    ...IN_CALL,
    visit: visit("call", {
      signal: "lost",
      signalTold: true,
      media: { status: "interrupted", repairs: 0, level: "good" },
    }),
  },
  "room-call-end": IN_CALL,
  "room-over": at({ name: "over", since: NOW }),
};

export const ROOM_ACTS: Readonly<Record<string, string>> = {
  "room-call-end": "[data-testid=end]",
};
