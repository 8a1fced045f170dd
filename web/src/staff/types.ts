// SPDX-License-Identifier: EUPL-1.2
// What the staff page knows around the calls (Desk), what can happen to it, and what it then wants
// done. Plain data, as in ../state/types.ts; desk.ts runs the effects.

import type { Outcome, OutcomeReason } from "../protocol";
import type { How } from "./call";
import type { Period, Statistics, Stay } from "./figures";
import type { Enrolment, Place } from "./places";
import type { Answers } from "./questions";
import type {
  Answer,
  Entry,
  LoginMethod,
  MessageKind,
  NewPerson,
  NewVisit,
  Person,
  Session,
  Unit,
  Visit,
} from "./rest";
import type { QueueConsultation, WatchMessage } from "./watch";

export type Phase = "loading" | "login" | "commission" | "day" | "call";

/** What the day's page shows. */
export const TABS = ["list", "rooms", "figures"] as const;
export type Tab = (typeof TABS)[number];

/** What of the list is shown. */
export const SHOWN = ["all", "waiting", "planned", "live", "ended"] as const;
export type Shown = (typeof SHOWN)[number];

export interface Filters {
  readonly shown: Shown;
  readonly mine: boolean;
}

/** An error to be told in words: the stable code of a problem, and what was tried. */
export interface Trouble {
  readonly code: string;
  readonly doing: Doing;
}

/** What is under way with the server; the button that began it waits. */
export type Doing =
  | "log-in"
  | "choose"
  | "list"
  | "create"
  | "enter"
  | "invite"
  | "message"
  | "end"
  | "answer"
  | "rooms"
  | "help"
  | "place"
  | "code"
  | "revoke"
  | "figures"
  | "quality";

/** A consultation with somebody in it, as it was told at that moment of the reader's clock. */
export type Live = QueueConsultation & { readonly at: number };

export type QueueStatus = "off" | "connecting" | "live" | "lost";

/** How far the message to one person has come. */
export type Sent = "sending" | "sent" | "failed";

/** A visit whose links and people are shown. */
export interface Opened {
  readonly id: string;
  /** Links as they were told when the persons were added, by person. */
  readonly links: Readonly<Record<string, string>>;
  readonly sent: Readonly<Record<string, Sent>>;
}

export interface Ended {
  readonly title: string;
  readonly how: How;
  /** As we have set it; null: by somebody else, or not at all. */
  readonly outcome: Outcome | null;
}

/** How an ended visit was; null: not known yet. */
export interface Looked {
  readonly id: string;
  readonly stays: readonly Stay[] | null;
}

/** The questions after a visit that one has ended, answered by its link. */
export interface Asking {
  readonly id: string;
  readonly token: string;
  readonly isDone: boolean;
}

/** The visit one is in. */
export interface Current {
  readonly id: string;
  readonly token: string;
  readonly title: string;
  readonly isPractice: boolean;
}

export interface Arrival {
  readonly key: number;
  readonly visit: string;
  readonly name: string;
}

export interface Desk {
  readonly phase: Phase;
  readonly methods: readonly LoginMethod[] | null;
  readonly session: Session | null;
  readonly trouble: Trouble | null;
  readonly doing: readonly Doing[];
  readonly units: readonly Unit[];
  /** The day that is shown, and the present one: YYYY-MM-DD of the reader's clock. */
  readonly day: string;
  readonly today: string;
  readonly visits: readonly Visit[];
  /** A list of the shown day has come. */
  readonly isListed: boolean;
  readonly queue: readonly Live[];
  readonly queueStatus: QueueStatus;
  /** When the present watch began, by the reader's clock, and how many answers to it are to come. */
  readonly queueAt: number;
  readonly queueDue: number;
  /** Who waited when the page was opened is known: whoever comes now is news. */
  readonly isQueueKnown: boolean;
  readonly filters: Filters;
  readonly tab: Tab;
  readonly places: readonly Place[] | null;
  /** A code for a screen of this place, just made. */
  readonly enrolment: (Enrolment & { readonly place: string }) | null;
  /** null: the last month that is over, of one's own unit. */
  readonly period: Period | null;
  readonly statistics: Statistics | null;
  /** The visit whose figures are open. */
  readonly quality: Looked | null;
  readonly isForming: boolean;
  readonly opened: Opened | null;
  /** Entering this visit needs a reason: it is somebody else's. */
  readonly asksReason: string | null;
  readonly current: Current | null;
  readonly ended: Ended | null;
  readonly asking: Asking | null;
  /** Who has come last, until it is seen. */
  readonly arrivals: readonly Arrival[];
  readonly nextKey: number;
}

export type Event =
  | { readonly type: "started"; readonly today: string; readonly problem: string | null }
  | { readonly type: "methods-came"; readonly answer: Answer<readonly LoginMethod[]> }
  | {
      readonly type: "session-came";
      readonly answer: Answer<Session>;
      /** first: asked at the start, when nobody has tried to log in yet. */
      readonly by: "first" | "log-in" | "choose";
    }
  | { readonly type: "log-in-pressed"; readonly username: string; readonly password: string }
  | { readonly type: "commission-pressed"; readonly id: string }
  | { readonly type: "log-out-pressed" }
  | { readonly type: "units-came"; readonly answer: Answer<readonly Unit[]> }
  | {
      readonly type: "visits-came";
      readonly day: string;
      readonly answer: Answer<readonly Visit[]>;
    }
  | { readonly type: "visit-came"; readonly answer: Answer<Visit> }
  | { readonly type: "day-chosen"; readonly day: string }
  | { readonly type: "today-is"; readonly today: string }
  | { readonly type: "filtered"; readonly filters: Partial<Filters> }
  | { readonly type: "tab-chosen"; readonly tab: Tab }
  | { readonly type: "places-came"; readonly answer: Answer<readonly Place[]> }
  | { readonly type: "help-taken"; readonly device: string }
  | { readonly type: "help-answered"; readonly device: string; readonly answer: Answer<true> }
  | { readonly type: "place-pressed"; readonly name: string; readonly municipality: string }
  | { readonly type: "place-made"; readonly answer: Answer<Place> }
  | { readonly type: "code-pressed"; readonly place: string }
  | { readonly type: "code-came"; readonly place: string; readonly answer: Answer<Enrolment> }
  | { readonly type: "revoke-pressed"; readonly device: string }
  | { readonly type: "revoke-answered"; readonly answer: Answer<true> }
  | { readonly type: "period-chosen"; readonly change: Partial<Period> }
  | {
      readonly type: "statistics-came";
      readonly period: Period;
      readonly answer: Answer<Statistics>;
    }
  | { readonly type: "quality-pressed"; readonly id: string }
  | { readonly type: "quality-came"; readonly id: string; readonly answer: Answer<readonly Stay[]> }
  | { readonly type: "watch-status"; readonly status: QueueStatus }
  | { readonly type: "watched"; readonly message: WatchMessage; readonly at: number }
  | { readonly type: "form-pressed"; readonly open: boolean }
  | { readonly type: "create-pressed"; readonly visit: NewVisit; readonly key: string }
  | { readonly type: "created"; readonly answer: Answer<Visit> }
  | { readonly type: "practice-pressed"; readonly visit: NewVisit; readonly key: string }
  | { readonly type: "practice-made"; readonly answer: Answer<Visit> }
  | { readonly type: "open-pressed"; readonly id: string | null }
  | {
      readonly type: "invite-pressed";
      readonly id: string;
      readonly person: NewPerson;
      /** Who in the visit has asked for it, and is to have the link. */
      readonly asker: string | null;
    }
  | { readonly type: "invited"; readonly id: string; readonly answer: Answer<Person> }
  | {
      readonly type: "message-pressed";
      readonly id: string;
      readonly person: string;
      readonly kind: MessageKind;
    }
  | { readonly type: "message-sent"; readonly person: string; readonly answer: Answer<true> }
  | { readonly type: "enter-pressed"; readonly id: string; readonly reason: string | null }
  | { readonly type: "reason-closed" }
  | { readonly type: "entered"; readonly id: string; readonly answer: Answer<Entry> }
  | {
      readonly type: "end-pressed";
      readonly id: string;
      readonly outcome: Outcome;
      readonly reason: OutcomeReason | null;
    }
  | { readonly type: "end-answered"; readonly id: string; readonly answer: Answer<true> }
  | { readonly type: "call-over"; readonly how: How; readonly outcome: Outcome | null }
  | {
      readonly type: "reseated";
      readonly id: string;
      readonly token: string;
      readonly title: string;
    }
  | { readonly type: "told-closed" }
  | { readonly type: "answers-pressed"; readonly answers: Answers }
  | { readonly type: "answers-sent"; readonly answer: Answer<true> }
  | { readonly type: "questions-closed" }
  | { readonly type: "arrivals-seen" };

export type Announcement =
  | { readonly key: "arrived"; readonly name: string; readonly title: string }
  | { readonly key: "room-help"; readonly place: string }
  | { readonly key: "trouble"; readonly trouble: Trouble }
  | { readonly key: "queue-lost" }
  | { readonly key: "queue-back" }
  | { readonly key: "created"; readonly title: string }
  | { readonly key: "message"; readonly sent: Sent }
  | { readonly key: "ended"; readonly ended: Ended };

export type Effect =
  | { readonly do: "get-methods" }
  | { readonly do: "get-session" }
  | { readonly do: "log-in"; readonly username: string; readonly password: string }
  | { readonly do: "choose"; readonly id: string }
  | { readonly do: "log-out" }
  | { readonly do: "get-units" }
  | { readonly do: "get-visits"; readonly day: string }
  | { readonly do: "get-visit"; readonly id: string }
  | { readonly do: "get-places" }
  | { readonly do: "take-help"; readonly device: string }
  | { readonly do: "make-place"; readonly name: string; readonly municipality: string }
  | { readonly do: "get-code"; readonly place: string }
  | { readonly do: "revoke"; readonly device: string }
  | { readonly do: "get-statistics"; readonly period: Period }
  | { readonly do: "get-quality"; readonly id: string }
  | { readonly do: "create"; readonly visit: NewVisit; readonly key: string }
  | { readonly do: "practice"; readonly visit: NewVisit; readonly key: string }
  | {
      readonly do: "invite";
      readonly id: string;
      readonly person: NewPerson;
      readonly asker: string | null;
    }
  | {
      readonly do: "message";
      readonly id: string;
      readonly person: string;
      readonly kind: MessageKind;
    }
  | { readonly do: "enter"; readonly id: string; readonly reason: string | null }
  | {
      readonly do: "end";
      readonly id: string;
      readonly outcome: Outcome;
      readonly reason: OutcomeReason | null;
    }
  | {
      readonly do: "answer";
      readonly id: string;
      readonly token: string;
      readonly answers: Answers;
    }
  | { readonly do: "call"; readonly current: Current }
  /** The second, simulated person of a practice visit comes by this link. */
  | { readonly do: "simulate"; readonly link: string }
  | { readonly do: "watch"; readonly on: boolean }
  | { readonly do: "chime" }
  | { readonly do: "announce"; readonly what: Announcement; readonly urgent: boolean };

export interface Step {
  readonly desk: Desk;
  readonly effects: readonly Effect[];
}

export function stay(desk: Desk): Step {
  return { desk, effects: [] };
}

export function announce(what: Announcement, urgent = false): Effect {
  return { do: "announce", what, urgent };
}
