// SPDX-License-Identifier: EUPL-1.2
// The only place where JSON of unknown shape becomes typed messages. Unknown members are ignored;
// a missing or ill-typed member makes the whole message null, and so does an unknown type.

import {
  ACTS,
  ADMISSIONS,
  ASSURANCES,
  CHECK_MODES,
  type Checked,
  type CheckMode,
  CLINICIAN_STATES,
  type Consultation,
  ENDED_REASONS,
  LACKS,
  type Lack,
  LEFT_REASONS,
  LEVELS,
  LINKS,
  MODES,
  type Participant,
  PICTURES,
  type Quality,
  ROLES,
  type Seen,
  type Self,
  type ServerMessage,
  type Slot,
  type SlotCounts,
  type SlotPicture,
  SOURCES,
  type Source,
  type StillPart,
  TRANSPORTS,
  VERDICTS,
  type Verdict,
  WAIT_REASONS,
  type Waiting,
  type Want,
  type Welcome,
  WISHES,
  type WireMessage,
} from "./protocol";

export type Json = Readonly<Record<string, unknown>>;

/** More receive lines of one kind than this is a mistake of the server, not a wish. */
const MAX_SLOTS = 64;

class Malformed extends Error {}

export function object(value: unknown): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Malformed();
  }
  return value as Json;
}

export function list<T>(value: unknown, read: (item: unknown) => T): readonly T[] {
  if (!Array.isArray(value)) {
    throw new Malformed();
  }
  return value.map((item: unknown) => read(item));
}

export function text(value: unknown): string {
  if (typeof value !== "string") {
    throw new Malformed();
  }
  return value;
}

export function flag(value: unknown): boolean {
  if (typeof value !== "boolean") {
    throw new Malformed();
  }
  return value;
}

export function number(value: unknown): number {
  if (typeof value !== "number" || !Number.isFinite(value) || value < 0) {
    throw new Malformed();
  }
  return value;
}

function count(value: unknown): number {
  const n = number(value);
  if (!Number.isInteger(n) || n > MAX_SLOTS) {
    throw new Malformed();
  }
  return n;
}

export function orNull<T>(value: unknown, read: (value: unknown) => T): T | null {
  return value === null || value === undefined ? null : read(value);
}

export function oneOf<T extends string>(value: unknown, allowed: readonly T[]): T {
  const found = allowed.find((word) => word === value);
  if (found === undefined) {
    throw new Malformed();
  }
  return found;
}

export function orElse<T>(value: unknown, read: (value: unknown) => T, absent: T): T {
  return value === undefined ? absent : read(value);
}

/** A member that stays left out where it is not there. */
export function maybe<K extends string, T>(
  o: Json,
  key: K,
  read: (value: unknown) => T,
): { readonly [key in K]?: T } {
  return o[key] === undefined ? {} : ({ [key]: read(o[key]) } as { readonly [key in K]?: T });
}

function share(value: unknown): number {
  const n = number(value);
  if (n > 1) {
    throw new Malformed();
  }
  return n;
}

function source(value: unknown): Source {
  return oneOf(value, SOURCES);
}

function lack(value: unknown): Lack {
  return oneOf(value, LACKS);
}

function self(value: unknown): Self {
  const o = object(value);
  return {
    id: text(o["id"]),
    role: oneOf(o["role"], ROLES),
    name: text(o["name"]),
    ...maybe(o, "admission", (v) => oneOf(v, ADMISSIONS)),
  };
}

function participant(value: unknown): Participant {
  const o = object(value);
  return {
    ...self(o),
    link: oneOf(o["link"], LINKS),
    muted: list(o["muted"], source),
    speaking: flag(o["speaking"]),
    ...maybe(o, "assurance", (v) => oneOf(v, ASSURANCES)),
    ...maybe(o, "lacks", lack),
    ...maybe(o, "identified_as", text),
  };
}

function consultation(value: unknown): Consultation {
  const o = object(value);
  return {
    id: text(o["id"]),
    title: text(o["title"]),
    mode: oneOf(o["mode"], MODES),
    ...maybe(o, "unit", text),
    ...maybe(o, "waiting_room", flag),
    ...maybe(o, "needs_interpreter", flag),
    ...maybe(o, "planned", (v) => orNull(v, text)),
  };
}

function slotCounts(value: unknown): SlotCounts {
  const o = object(value);
  return { audio: count(o["audio"]), video: count(o["video"]) };
}

function slot(value: unknown): Slot {
  const o = object(value);
  return {
    mid: text(o["mid"]),
    participant: orNull(o["participant"], text),
    source: orNull(o["source"], source),
  };
}

function quality(value: unknown): Quality {
  const o = object(value);
  return {
    id: text(o["id"]),
    level: oneOf(o["level"], LEVELS),
    rtt_ms: orNull(o["rtt_ms"], number),
    loss_percent: orNull(o["loss_percent"], number),
    down_kbps: orNull(o["down_kbps"], number),
    up_kbps: orNull(o["up_kbps"], number),
  };
}

function slotPicture(value: unknown): SlotPicture {
  const o = object(value);
  return { mid: text(o["mid"]), picture: oneOf(o["picture"], PICTURES) };
}

function seen(value: unknown): Seen {
  const o = object(value);
  return {
    participant: text(o["participant"]),
    source: source(o["source"]),
    picture: oneOf(o["picture"], PICTURES),
  };
}

function want(value: unknown): Want {
  const o = object(value);
  return {
    mid: text(o["mid"]),
    used: flag(o["used"]),
    rids: list(o["rids"], text),
    max_bps: orNull(o["max_bps"], number),
    ptime_ms: orNull(o["ptime_ms"], number),
    redundancy: o["redundancy"] !== undefined && flag(o["redundancy"]),
  };
}

function welcome(o: Json): Welcome {
  return {
    resume: text(o["resume"]),
    seat_s: number(o["seat_s"]),
    consultation: consultation(o["consultation"]),
    self: self(o["self"]),
    participants: list(o["participants"], participant),
    slots: slotCounts(o["slots"]),
    deflate: orElse(o["deflate"], flag, false),
    ...maybe(o, "check", flag),
  };
}

function waiting(o: Json): Waiting {
  return {
    place: number(o["place"]),
    ahead: number(o["ahead"]),
    meet: text(o["meet"]),
    clinician: oneOf(o["clinician"], CLINICIAN_STATES),
    planned: orNull(o["planned"], text),
    reason: oneOf(o["reason"], WAIT_REASONS),
    ...maybe(o, "phone", text),
    ...maybe(o, "lacks", lack),
    ...maybe(o, "new_code_s", number),
    ...maybe(o, "ends", text),
    ...maybe(o, "arrived", text),
    ...maybe(o, "late_s", number),
    ...maybe(o, "late", text),
  };
}

function stillPart(o: Json): StillPart {
  return {
    id: text(o["id"]),
    bytes: number(o["bytes"]),
    seq: number(o["seq"]),
    count: number(o["count"]),
    data: text(o["data"]),
    sha256: text(o["sha256"]),
  };
}

const READERS: Readonly<Record<ServerMessage["type"], (o: Json) => WireMessage>> = {
  joined: (o) => ({ type: "joined", ...welcome(o) }),
  resumed: (o) => ({ type: "resumed", media: flag(o["media"]), ...welcome(o) }),
  answer: (o) => {
    const seq = number(o["seq"]);
    return o["sdp_deflate"] === undefined
      ? { type: "answer", seq, sdp: text(o["sdp"]) }
      : { type: "answer", seq, sdp_deflate: text(o["sdp_deflate"]) };
  },
  slots: (o) => ({ type: "slots", slots: list(o["slots"], slot) }),
  "need-slots": (o) => ({ type: "need-slots", ...slotCounts(o) }),
  picture: (o) => ({ type: "picture", pictures: list(o["pictures"], slotPicture) }),
  seen: (o) => ({ type: "seen", by: list(o["by"], seen) }),
  send: (o) => ({ type: "send", sources: list(o["sources"], want) }),
  mode: (o) => ({
    type: "mode",
    mode: oneOf(o["mode"], MODES),
    participant: text(o["participant"]),
  }),
  "participant-joined": (o) => ({
    type: "participant-joined",
    participant: participant(o["participant"]),
  }),
  "participant-updated": (o) => ({
    type: "participant-updated",
    participant: participant(o["participant"]),
  }),
  "participant-left": (o) => ({
    type: "participant-left",
    participant: text(o["participant"]),
    reason: oneOf(o["reason"], LEFT_REASONS),
  }),
  speaking: (o) => ({
    type: "speaking",
    participant: text(o["participant"]),
    speaking: flag(o["speaking"]),
  }),
  quality: (o) => ({ type: "quality", participants: list(o["participants"], quality) }),
  waiting: (o) => ({ type: "waiting", ...waiting(o) }),
  admitted: (o) => ({ type: "admitted", by: text(o["by"]), ...maybe(o, "title", text) }),
  held: (o) => ({ type: "held", by: text(o["by"]) }),
  private: (o) => ({
    type: "private",
    participants: list(o["participants"], text),
    ...maybe(o, "outside", flag),
  }),
  "code-needed": (o) => ({ type: "code-needed", sent_to: text(o["sent_to"]) }),
  "invite-request": (o) => ({
    type: "invite-request",
    participant: text(o["participant"]),
    role: oneOf(o["role"], ROLES),
    name: text(o["name"]),
  }),
  invite: (o) => ({ type: "invite", link: text(o["link"]), name: text(o["name"]) }),
  consent: (o) => ({
    type: "consent",
    participant: text(o["participant"]),
    act: oneOf(o["act"], ACTS),
    id: text(o["id"]),
    given: flag(o["given"]),
  }),
  ask: (o) => ({
    type: "ask",
    id: text(o["id"]),
    act: oneOf(o["act"], ACTS),
    from: text(o["from"]),
  }),
  still: (o) => ({ type: "still", from: text(o["from"]), ...stillPart(o) }),
  "still-ack": (o) => ({
    type: "still-ack",
    from: text(o["from"]),
    id: text(o["id"]),
    seq: number(o["seq"]),
  }),
  pointer: (o) => ({
    type: "pointer",
    from: text(o["from"]),
    participant: text(o["participant"]),
    x: orNull(o["x"], share),
    y: orNull(o["y"], share),
  }),
  wish: (o) => ({
    type: "wish",
    participant: text(o["participant"]),
    wish: oneOf(o["wish"], WISHES),
  }),
  signing: (o) => ({
    type: "signing",
    participant: text(o["participant"]),
    signing: flag(o["signing"]),
  }),
  text: (o) => ({
    type: "text",
    participant: text(o["participant"]),
    seq: number(o["seq"]),
    t140: text(o["t140"]),
  }),
  chat: (o) => ({
    type: "chat",
    participant: text(o["participant"]),
    id: text(o["id"]),
    text: text(o["text"]),
  }),
  pong: () => ({ type: "pong" }),
  notice: (o) => ({
    type: "notice",
    code: text(o["code"]),
    retry_ms: orNull(o["retry_ms"], number),
  }),
  "media-lost": (o) => ({ type: "media-lost", reason: text(o["reason"]) }),
  ended: (o) => ({ type: "ended", reason: oneOf(o["reason"], ENDED_REASONS) }),
  error: (o) => ({
    type: "error",
    code: text(o["code"]),
    message: text(o["message"]),
    fatal: flag(o["fatal"]),
    of: orNull(o["of"], text),
  }),
};

function isKnown(type: string): type is ServerMessage["type"] {
  return Object.hasOwn(READERS, type);
}

/** What `read` makes of a text of JSON, or null when it makes nothing of it. */
export function readJson<T>(raw: string, read: (o: Json) => T | null): T | null {
  try {
    return read(object(JSON.parse(raw)));
  } catch (error) {
    if (error instanceof Malformed || error instanceof SyntaxError) {
      return null;
    }
    throw error;
  }
}

/** One message of the server, or null when it is not one this version understands. */
export function readServerMessage(raw: string): WireMessage | null {
  return readJson(raw, (o) => {
    const type = text(o["type"]);
    return isKnown(type) ? READERS[type](o) : null;
  });
}

/** What a reload must find again (see seat.ts): read back from storage, so not to be trusted. */
export interface Seat {
  readonly token: string;
  readonly resume: string;
  readonly microphoneMuted: boolean;
  readonly cameraMuted: boolean;
}

export function readSeat(raw: string | null): Seat | null {
  if (raw === null) {
    return null;
  }
  try {
    const o = object(JSON.parse(raw));
    return {
      token: text(o["token"]),
      resume: text(o["resume"]),
      microphoneMuted: flag(o["microphoneMuted"]),
      cameraMuted: flag(o["cameraMuted"]),
    };
  } catch {
    return null;
  }
}

/** What a link check found, kept in this browser. */
export interface Remembered {
  /** In ms since 1970. */
  readonly at: number;
  readonly result: Checked;
  readonly hears: boolean | null;
}

function checked(value: unknown): Checked {
  const o = object(value);
  const v = object(o["verdicts"]);
  const verdicts = CHECK_MODES.map((mode) => [mode, oneOf(v[mode], VERDICTS)] as const);
  return {
    up_kbps: number(o["up_kbps"]),
    down_kbps: number(o["down_kbps"]),
    loss_percent: number(o["loss_percent"]),
    jitter_ms: number(o["jitter_ms"]),
    rtt_ms: number(o["rtt_ms"]),
    rtt_loaded_ms: number(o["rtt_loaded_ms"]),
    transport: oneOf(o["transport"], TRANSPORTS),
    verdicts: Object.fromEntries(verdicts) as Record<CheckMode, Verdict>,
  };
}

export function readRemembered(raw: string): Remembered | null {
  return readJson(raw, (o) => ({
    at: number(o["at"]),
    result: checked(o["result"]),
    hears: orNull(o["hears"], flag),
  }));
}
