// SPDX-License-Identifier: EUPL-1.2
// The staff page's second connection: what is live in its units, one consultation at a time. Read
// here, apart from guard.ts, so that nobody else loads it.

import {
  flag,
  type Json,
  list,
  maybe,
  number,
  object,
  oneOf,
  orNull,
  readJson,
  text,
} from "../guard";
import {
  ADMISSIONS,
  type Admission,
  ASSURANCES,
  type Assurance,
  LACKS,
  type Lack,
  LEVELS,
  type Level,
  LINKS,
  type Link,
  MODES,
  type Mode,
  PROTOCOL_VERSION,
  ROLES,
  type Role,
  VERDICTS,
  type Verdict,
} from "../protocol";

export const CONSULTATION_STATES = ["planned", "open", "in-progress", "ended"] as const;
export type ConsultationState = (typeof CONSULTATION_STATES)[number];

/** Of the interpreter that a visit needs; late: for longer than one waits. */
export const INTERPRETER_STATES = ["missing", "late", "waiting", "here"] as const;
export type InterpreterState = (typeof INTERPRETER_STATES)[number];

export interface QueuePerson {
  readonly id: string;
  readonly role: Role;
  readonly name: string;
  readonly admission: Admission;
  readonly link: Link;
  /** null: nothing is known of the link yet. */
  readonly level: Level | null;
  readonly up_kbps: number | null;
  readonly down_kbps: number | null;
  readonly rtt_ms: number | null;
  /** How long this person has been there. */
  readonly since_s: number;
  readonly assurance: Assurance;
  readonly lacks?: Lack;
  /** The name that an e-ID gave. */
  readonly identified_as?: string;
  /** What the link check said of talking. */
  readonly check: Verdict | null;
}

export interface QueueConsultation {
  /** Id of the consultation. */
  readonly consultation: string;
  readonly title: string;
  /** Id of the unit. */
  readonly unit: string;
  readonly state: ConsultationState;
  /** RFC 3339. */
  readonly planned: string | null;
  /** Id of the staff member. */
  readonly responsible: string | null;
  readonly mode: Mode;
  /** null: none is needed. */
  readonly interpreter?: InterpreterState | null;
  readonly participants: readonly QueuePerson[];
}

export type WatchMessage =
  /** count: how many `queue` messages follow at once. */
  | { readonly type: "watching"; readonly units: readonly string[]; readonly count: number }
  /** One consultation, whole; without participants nobody is there any more. */
  | ({ readonly type: "queue" } & QueueConsultation)
  | { readonly type: "pong" }
  | { readonly type: "notice"; readonly code: string; readonly retry_ms: number | null }
  | {
      readonly type: "error";
      readonly code: string;
      readonly message: string;
      readonly fatal: boolean;
    };

export interface Watch {
  readonly type: "watch";
  readonly v: number;
  readonly ticket: string;
}

export function buildWatch(ticket: string): Watch {
  return { type: "watch", v: PROTOCOL_VERSION, ticket };
}

function person(value: unknown): QueuePerson {
  const o = object(value);
  return {
    id: text(o["id"]),
    role: oneOf(o["role"], ROLES),
    name: text(o["name"]),
    admission: oneOf(o["admission"], ADMISSIONS),
    link: oneOf(o["link"], LINKS),
    level: orNull(o["level"], (v) => oneOf(v, LEVELS)),
    up_kbps: orNull(o["up_kbps"], number),
    down_kbps: orNull(o["down_kbps"], number),
    rtt_ms: orNull(o["rtt_ms"], number),
    since_s: number(o["since_s"]),
    assurance: oneOf(o["assurance"], ASSURANCES),
    ...maybe(o, "lacks", (v) => oneOf(v, LACKS)),
    ...maybe(o, "identified_as", text),
    check: orNull(o["check"], (v) => oneOf(v, VERDICTS)),
  };
}

function consultation(o: Json): QueueConsultation {
  return {
    consultation: text(o["consultation"]),
    title: text(o["title"]),
    unit: text(o["unit"]),
    state: oneOf(o["state"], CONSULTATION_STATES),
    planned: orNull(o["planned"], text),
    responsible: orNull(o["responsible"], text),
    mode: oneOf(o["mode"], MODES),
    interpreter: orNull(o["interpreter"], (v) => oneOf(v, INTERPRETER_STATES)),
    participants: list(o["participants"], person),
  };
}

function read(o: Json): WatchMessage | null {
  switch (text(o["type"])) {
    case "watching":
      return { type: "watching", units: list(o["units"], text), count: number(o["count"]) };
    case "queue":
      return { type: "queue", ...consultation(o) };
    case "pong":
      return { type: "pong" };
    case "notice":
      return {
        type: "notice",
        code: text(o["code"]),
        retry_ms: orNull(o["retry_ms"], number),
      };
    case "error":
      return {
        type: "error",
        code: text(o["code"]),
        message: text(o["message"]),
        fatal: flag(o["fatal"]),
      };
    default:
      return null;
  }
}

export function readWatchMessage(raw: string): WatchMessage | null {
  return readJson(raw, read);
}
