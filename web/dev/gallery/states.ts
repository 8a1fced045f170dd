// SPDX-License-Identifier: EUPL-1.2
// Every state a person can meet, written out, for the gallery and its accessibility check.

import { type Figures, judged } from "../../src/check";
import type { Participant, Role, Slot, Waiting } from "../../src/protocol";
import { initial } from "../../src/state";
import { CLEAR } from "../../src/state/sight";
import { initialTalk, type Line, type Talk } from "../../src/state/talk";
import type {
  Asked,
  Check,
  DeviceProblem,
  Local,
  LocalDevice,
  Media,
  Problem,
  Room,
  Sight,
  State,
  Visit,
} from "../../src/state/types";

const ON: LocalDevice = { status: "on", problem: null, muted: false, id: "a" };
const OFF: LocalDevice = { status: "off", problem: null, muted: true, id: null };
const ASKING: LocalDevice = { status: "asking", problem: null, muted: false, id: null };

function broken(problem: DeviceProblem): LocalDevice {
  return { status: "problem", problem, muted: false, id: null };
}

const NO_CHOICES: Local["choices"] = { microphone: [], camera: [] };
const CHOICES: Local["choices"] = {
  microphone: [
    { id: "a", label: "Mikrofon på framsidan" },
    { id: "b", label: "Hörapparat (Bluetooth)" },
  ],
  camera: [
    { id: "a", label: "Kamera på framsidan" },
    { id: "b", label: "Handhållen undersökningskamera med ett mycket långt namn (USB 2.0 HD)" },
  ],
};

function local(microphone: LocalDevice, camera: LocalDevice, choices = NO_CHOICES): Local {
  return { microphone, camera, choices, lamp: "none" };
}

const NAMES: readonly (readonly [string, Role])[] = [
  ["Anna Berg", "clinician"],
  ["Omar Haddad", "interpreter"],
  ["Karin Fjällström-Lindahl", "relative"],
  ["Hemtjänsten i Slussfors", "staff"],
  ["Hälsorummet Dikanäs", "room"],
  ["Per-Erik Åhrén", "clinician"],
  ["Sanna", "observer"],
];

function someone(i: number, change: Partial<Participant> = {}): Participant {
  const [name, role] = NAMES[i] ?? ["Åsa", "staff"];
  return { id: `p${i}`, name, role, link: "here", muted: [], speaking: false, ...change };
}

function room(participants: readonly Participant[], change: Partial<Room> = {}): Room {
  const slots: Slot[] = participants.flatMap((p, i): Slot[] => [
    { mid: `v${i}`, participant: p.id, source: "camera" },
  ]);
  return {
    consultation: { id: "c", title: "Uppföljning", mode: "talk" },
    self: { id: "me", role: "patient", name: "Elsa Lundmark" },
    selfSpeaking: false,
    participants,
    counts: { audio: 3, video: 3 },
    slots,
    lastGone: null,
    quality: {},
    sight: CLEAR,
    told: CLEAR,
    ...change,
  };
}

function told(pictures: Sight["pictures"], seen: Sight["seen"] = []): Partial<Room> {
  return { sight: { pictures, seen }, told: { pictures, seen } };
}

const FLOWING: Media = { status: "flowing", repairs: 0, level: "good" };

function preview(l: Local, change: Partial<State> = {}): State {
  return { ...initial(), phase: { name: "preview" }, token: "t", local: l, ...change };
}

const FIGURES: Figures = {
  up_kbps: 340,
  down_kbps: 2400,
  loss_percent: 0.4,
  jitter_ms: 12,
  rtt_ms: 48,
  rtt_loaded_ms: 180,
  transport: "udp",
};

function checked(change: Partial<Figures>, hears: boolean | null = null): { check: Check } {
  const result = judged({ ...FIGURES, ...change });
  return { check: { status: "done", progress: 1, result, at: Date.UTC(2026, 10, 24), hears } };
}

const VISIT: Visit = {
  id: "c",
  title: "Uppföljning",
  unit: "Sjukstugan",
  planned: "2126-11-26T09:00:00Z",
  role: "patient",
};

const QUEUE: Waiting = {
  place: 2,
  ahead: 1,
  meet: "Anna Berg",
  clinician: "busy",
  planned: "2026-11-26T09:00:00Z",
  reason: "queue",
};

const UNIT = { phone: "0951-123 45" };

/** An interpreter who has given its number. */
function booked(change: Partial<Waiting>): State {
  const queue: Waiting = {
    ...QUEUE,
    ...UNIT,
    place: 1,
    ahead: 0,
    clinician: "here",
    ends: "2026-11-26T09:30:00Z",
    arrived: "2026-11-26T08:52:00Z",
    late_s: 900,
    ...change,
  };
  return waiting(queue, {
    room: room([], { self: { id: "me", role: "interpreter", name: "Omar Haddad" } }),
    interpreterNumber: "T-48211",
  });
}

function waiting(queue: Waiting | null, change: Partial<State> = {}): State {
  return {
    ...initial(),
    phase: { name: "waiting" },
    token: "t",
    signal: "open",
    local: local(ON, ON),
    media: FLOWING,
    room: room([]),
    visit: VISIT,
    queue,
    ...change,
  };
}

function line(key: number, change: Partial<Line>): Line {
  return {
    key,
    from: "p0",
    name: "Anna Berg",
    role: "clinician",
    own: false,
    text: "Hur mår du i dag?",
    state: "done",
    chat: null,
    ...change,
  };
}

const LINES: readonly Line[] = [
  line(0, {}),
  line(1, { own: true, from: "me", name: "Elsa", role: "patient", text: "Bättre, tack." }),
  line(2, {
    from: "p1",
    name: "Omar Haddad",
    role: "interpreter",
    text: "Jag tolkar från början av samtalet.",
  }),
  line(3, {
    own: true,
    from: "me",
    name: "Elsa",
    text: "Jag skickar",
    chat: "m",
    state: "sending",
  }),
  line(4, { text: "Kan du visa \uFFFDret för kame", state: "live" }),
];

function talk(change: Partial<Talk> = {}): { talk: Talk } {
  return { talk: { ...initialTalk(), lines: LINES, nextKey: 5, open: true, ...change } };
}

function asked(step: Asked["step"], change: Partial<Asked> = {}): { asked: Asked } {
  const base: Asked = {
    id: "r",
    act: "still",
    from: "p0",
    name: "Anna Berg",
    step,
    arrived: 0,
    count: 0,
  };
  return { asked: { ...base, ...change } };
}

function ended(change: Partial<State>): State {
  return { ...initial(), phase: { name: "ended", reason: "ended" }, visit: VISIT, ...change };
}

function call(r: Room, change: Partial<State> = {}): State {
  return {
    ...initial(),
    phase: { name: "call" },
    token: "t",
    signal: "open",
    local: local(ON, ON),
    media: FLOWING,
    room: r,
    ...change,
  };
}

function many(n: number): Participant[] {
  return Array.from({ length: n }, (_, i) =>
    someone(i, {
      speaking: i === 0,
      muted: i === 2 ? ["camera"] : i === 3 ? ["microphone"] : [],
    }),
  );
}

function problem(name: Problem): State {
  return { ...initial(), phase: { name: "problem", problem: name } };
}

function joining(returning: boolean, signalTold: boolean): State {
  return {
    ...initial(),
    phase: { name: "joining", returning },
    signalTold,
    local: local(ON, ON),
  };
}

const two = [someone(0, { speaking: true })];

export const STATES: Readonly<Record<string, State>> = {
  "preview-asking": preview(local(ASKING, ASKING)),
  "preview-ready": preview(local(ON, ON)),
  "preview-choices": preview(local(ON, ON, CHOICES)),
  "preview-off": preview(local({ ...ON, muted: true }, OFF, CHOICES)),
  "preview-denied": preview(local(broken("denied"), broken("denied"))),
  "preview-denied-camera": preview(local(ON, broken("denied"))),
  "preview-missing-camera": preview(local(ON, broken("missing"))),
  "preview-busy": preview(local(broken("busy"), broken("busy"))),
  "preview-early": preview(local(ON, ON), { visit: VISIT }),
  "preview-checking": preview(local(ON, ON), {
    check: { status: "running", progress: 0.4, result: null, at: null, hears: true },
  }),
  "preview-checked": preview(local(ON, ON), { visit: VISIT, ...checked({}, true) }),
  "preview-check-poor": preview(local(ON, ON), checked({ up_kbps: 120 }, false)),
  "preview-check-none": preview(local(ON, ON), checked({ transport: "none" })),
  "preview-check-failed": preview(local(ON, ON), {
    check: { status: "failed", progress: 0, result: null, at: null, hears: null },
  }),
  "waiting-queue": waiting(QUEUE),
  "waiting-first": waiting({ ...QUEUE, place: 1, ahead: 0, clinician: "here", planned: null }),
  "waiting-unknown": waiting(null),
  "waiting-held": waiting({ ...QUEUE, reason: "held" }),
  "waiting-interpreter": waiting({ ...QUEUE, reason: "interpreter", clinician: "here" }),
  "waiting-wished": waiting(QUEUE, { wishes: ["call-me", "physical-visit"] }),
  "waiting-talk": waiting(QUEUE, talk({ lines: LINES.slice(1, 2), open: false })),
  "waiting-lost": waiting(QUEUE, { signal: "lost", signalTold: true }),
  "waiting-code": waiting(QUEUE, { code: { sentTo: "•••• 12 34", status: "asked" } }),
  "waiting-code-wrong": waiting(QUEUE, { code: { sentTo: "•••• 12 34", status: "wrong" } }),
  "waiting-code-new": waiting(
    { ...QUEUE, ...UNIT, lacks: "code", new_code_s: 30 },
    { code: { sentTo: "•••• 12 34", status: "new" } },
  ),
  "waiting-code-over": waiting({ ...QUEUE, ...UNIT, lacks: "new-code" }),
  "waiting-code-later": waiting({ ...QUEUE, ...UNIT, lacks: "new-code", new_code_s: 1800 }),
  "waiting-vouch": waiting({ ...QUEUE, ...UNIT, lacks: "vouch" }),
  "waiting-telephone": waiting({ ...QUEUE, ...UNIT, lacks: "telephone" }),
  "waiting-e-id": waiting({ ...QUEUE, ...UNIT, lacks: "e-id" }),
  "waiting-no-e-id": waiting({ ...QUEUE, ...UNIT, lacks: "no-e-id" }),
  "waiting-booked": booked({ planned: "2126-11-26T10:00:00Z", ends: "2126-11-26T10:30:00Z" }),
  "waiting-booked-begun": booked({ ends: "2126-11-26T10:30:00Z" }),
  "waiting-booked-late": booked({ late: "2026-11-26T09:15:00Z", arrived: "2026-11-26T09:17:30Z" }),
  "waiting-number": waiting(QUEUE, {
    room: room([], { self: { id: "me", role: "interpreter", name: "" } }),
  }),
  joining: joining(false, false),
  "joining-slow": joining(false, true),
  returning: joining(true, false),
  "call-alone": call(room([])),
  "call-alone-left": call({ ...room([]), lastGone: { name: "Anna Berg", lost: false } }),
  "call-alone-lost": call({ ...room([]), lastGone: { name: "Anna Berg", lost: true } }),
  "call-connecting": call(room([someone(0, { link: "connecting", muted: ["camera"] })]), {
    media: { status: "connecting", repairs: 0, level: "good" },
  }),
  "call-2": call(room(two)),
  "call-2-people": call(room(two), { local: local(ON, ON, CHOICES) }),
  "call-2-portrait": call(
    room(two, { slots: [{ mid: "portrait", participant: "p0", source: "camera" }] }),
  ),
  "call-3": call(room(many(2))),
  "call-4": call(room(many(3))),
  "call-6": call(room(many(5))),
  "call-8": call(room(many(7))),
  "call-no-cameras": call(room([someone(0, { muted: ["camera", "microphone"] })]), {
    local: local({ ...ON, muted: true }, OFF),
  }),
  "call-away": call(room([someone(0, { link: "away" })])),
  "call-silent": call(room([someone(0, { link: "silent" }), someone(1)])),
  "call-signal-lost": call(room(two), { signal: "lost", signalTold: true }),
  "call-media-interrupted": call(room(two), { media: { ...FLOWING, status: "interrupted" } }),
  "call-all-lost": call(room(two), {
    signal: "lost",
    signalTold: true,
    media: { ...FLOWING, status: "interrupted" },
  }),
  "call-blocked": call(room(two), { media: { status: "connecting", repairs: 5, level: "good" } }),
  "call-restarting": call(room(two), { restarting: true }),
  "call-weak": call(room(two), { media: { ...FLOWING, level: "poor" } }),
  "call-stills": call(room(two, told({ v0: "stills" }))),
  "call-stills-old": call(room(two, told({ v0: "stills" }))),
  "call-sound-only": call(room(two, told({ v0: "none" }))),
  "call-4-mixed": call(
    room([...many(2), someone(2)], told({ v0: "stills", v1: "none", v2: "reduced" })),
  ),
  "call-8-mixed": call(room(many(7), told({ v0: "stills", v1: "none", v4: "stills" }))),
  "call-seen-stills": call(
    room(two, told({}, [{ participant: "p0", source: "camera", picture: "stills" }])),
  ),
  "call-unseen": call(
    room(many(2), told({}, [{ participant: "p0", source: "camera", picture: "none" }])),
  ),
  "call-unseen-people": call(
    room(many(2), told({}, [{ participant: "p0", source: "camera", picture: "none" }])),
  ),
  "call-clinician": call(
    room([someone(1), { ...someone(2), role: "patient", name: "Elsa Lundmark" }], {
      self: { id: "me", role: "clinician", name: "Anna Berg" },
      consultation: { id: "c", title: "Uppföljning", mode: "auscultation" },
    }),
  ),
  "call-clinician-unseen": call(
    room([{ ...someone(0), role: "patient", name: "Elsa Lundmark" }], {
      self: { id: "me", role: "clinician", name: "Anna Berg" },
      ...told({}, [{ participant: "p0", source: "camera", picture: "none" }]),
    }),
  ),
  "call-device": call(room(two), { local: local(broken("busy"), ON) }),
  "call-tap": call(room(two), { soundBlocked: true }),
  "call-called-in": call(room(two), { calledIn: true }),
  "call-apart": call(room(many(2)), { apart: { kind: "inside", with: ["p0", "me"] } }),
  "call-outside": call(room(many(2)), { apart: { kind: "outside" } }),
  "call-talk": call(room(many(2)), talk({ draft: "Det gör ont n" })),
  "call-talk-empty": call(room(two), talk({ lines: [] })),
  "call-captions": call(room(two), talk({ open: false, unread: 2 })),
  "call-more": call(room(two), {
    local: { ...local(ON, ON, CHOICES), lamp: "off" },
    signing: ["me"],
  }),
  "call-help": call(room(two)),
  "call-help-hear": call(room([someone(0, { muted: ["microphone"] }), someone(1)])),
  "call-help-heard": call(room(two), { local: local(ON, ON, CHOICES) }),
  "call-invite": call(room(two)),
  "call-invite-asked": call(room(two), { invite: { name: "Karin", link: null } }),
  "call-invite-ready": call(room(two), {
    invite: { name: "Karin", link: "https://vidd.example/#pLq3mO0a9RkYt2bVx7cZ1g" },
  }),
  "call-signing": call(room(many(2)), { signing: ["p1"] }),
  "call-audio-only": call(room(many(2)), { audioOnly: true, local: local(ON, OFF) }),
  "call-pointed": call(room(two), { pointers: { me: { x: 0.62, y: 0.4 } } }),
  "call-asked": call(room(two), asked("asked")),
  "call-asked-relative": call(room(two), asked("asked", { act: "relative" })),
  "call-still-aim": call(room(two), {
    local: { ...local(ON, ON, CHOICES), lamp: "off" },
    ...asked("aiming"),
  }),
  "call-still-no-camera": call(room(two), { local: local(ON, OFF), ...asked("aiming") }),
  "call-still-taken": call(room(two), asked("taken")),
  "call-still-sending": call(room(two), asked("sending", { arrived: 31, count: 80 })),
  "call-still-failed": call(room(two), asked("failed")),
  "call-still-sent": call(room(two), asked("sent")),
  "ended-asked": ended({}),
  "survey-1": ended({ survey: { step: 0, answers: {} } }),
  "survey-3": ended({ survey: { step: 2, answers: {} } }),
  "survey-done": ended({ survey: { step: 3, answers: {} } }),
  "ended-left": { ...initial(), phase: { name: "ended", reason: "left" } },
  "ended-ended": { ...initial(), phase: { name: "ended", reason: "ended" } },
  "ended-replaced": { ...initial(), phase: { name: "ended", reason: "replaced" } },
  "ended-removed": { ...initial(), phase: { name: "ended", reason: "removed" } },
  "problem-no-token": problem("no-token"),
  "problem-link-unknown": problem("link-unknown"),
  "problem-server-full": problem("server-full"),
  "problem-version": problem("version"),
  "problem-browser-old": problem("browser-old"),
  "problem-insecure": problem("insecure"),
};
