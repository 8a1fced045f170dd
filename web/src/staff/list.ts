// SPDX-License-Identifier: EUPL-1.2
// The day as rows: what is planned, from the REST list, joined with what is live, from the queue.
// Pure, so that filters and order are tested without a page.

import type {
  Admission,
  Assurance,
  Lack,
  Level,
  Link,
  Mode,
  Outcome,
  Role,
  Verdict,
} from "../protocol";
import type { Named, Person, Visit } from "./rest";
import { PRACTICE } from "./state-visit";
import type { Desk, Filters, Live } from "./types";
import type { ConsultationState, InterpreterState, QueuePerson } from "./watch";

export interface RowPerson {
  readonly id: string;
  readonly role: Role;
  readonly name: string;
  readonly language: string;
  readonly assurance: Assurance;
  /** Why nobody can let it in yet. */
  readonly lacks: Lack | undefined;
  /** The name that an e-ID gave, for as long as this person is there. */
  readonly identifiedAs: string | undefined;
  readonly isHere: boolean;
  readonly admission: Admission;
  readonly link: Link | null;
  readonly level: Level | null;
  readonly upKbps: number | null;
  readonly downKbps: number | null;
  readonly rttMs: number | null;
  /** Since when this person is there, by the reader's clock; null: not there. */
  readonly since: number | null;
  /** What the link was found good for, for talking. */
  readonly check: Verdict | null;
}

export interface Row {
  readonly id: string;
  readonly title: string;
  readonly planned: number | null;
  readonly minutes: number | null;
  readonly state: ConsultationState;
  readonly mode: Mode;
  readonly outcome: Outcome | null;
  readonly responsible: string | null;
  readonly responsibleName: string;
  readonly isMine: boolean;
  readonly isPractice: boolean;
  readonly needsInterpreter: boolean;
  /** null: nobody is there yet who would wait for one. */
  readonly interpreter: InterpreterState | null;
  readonly needs: string;
  readonly persons: readonly RowPerson[];
  /** Somebody waits to be let in. */
  readonly isWaiting: boolean;
  /** Since when the one who has waited longest is there. */
  readonly since: number | null;
}

function fromQueue(person: QueuePerson, at: number, known: Person | undefined): RowPerson {
  return {
    id: person.id,
    role: person.role,
    name: person.name,
    language: known?.language ?? "",
    assurance: person.assurance,
    lacks: person.lacks,
    identifiedAs: person.identified_as,
    isHere: true,
    admission: person.admission,
    link: person.link,
    level: person.level,
    upKbps: person.up_kbps,
    downKbps: person.down_kbps,
    rttMs: person.rtt_ms,
    since: at - person.since_s * 1000,
    check: person.check ?? known?.check?.talk ?? null,
  };
}

function fromList(person: Person): RowPerson {
  return {
    id: person.id,
    role: person.role,
    name: person.name,
    language: person.language,
    assurance: person.assurance,
    lacks: undefined,
    identifiedAs: undefined,
    isHere: false,
    admission: person.admission,
    link: null,
    level: null,
    upKbps: null,
    downKbps: null,
    rttMs: null,
    since: null,
    check: person.check?.talk ?? null,
  };
}

function persons(visit: Visit | undefined, live: Live | undefined): RowPerson[] {
  const here = live?.participants ?? [];
  const known = visit?.persons ?? [];
  const absent = known.filter(({ id }) => !here.some((p) => p.id === id)).map(fromList);
  const present = here.map((p) =>
    fromQueue(
      p,
      live?.at ?? 0,
      known.find(({ id }) => id === p.id),
    ),
  );
  return [...present, ...absent];
}

function plannedOf(visit: Visit | undefined, live: Live | undefined): number | null {
  if (visit !== undefined) {
    return visit.planned;
  }
  const ms = live?.planned == null ? Number.NaN : Date.parse(live.planned);
  return Number.isNaN(ms) ? null : ms;
}

function rowOf(visit: Visit | undefined, live: Live | undefined, desk: Desk): Row | null {
  const id = visit?.id ?? live?.consultation;
  if (id === undefined) {
    return null;
  }
  const people = persons(visit, live);
  const waiting = people.filter((p) => p.isHere && p.admission === "waiting");
  const responsible = visit?.responsible?.id ?? live?.responsible ?? null;
  return {
    id,
    title: visit?.title ?? live?.title ?? "",
    planned: plannedOf(visit, live),
    minutes: visit?.minutes ?? null,
    state: live?.state ?? visit?.state ?? "planned",
    mode: live?.mode ?? visit?.mode ?? "talk",
    outcome: visit?.outcome ?? null,
    responsible,
    responsibleName: visit?.responsible?.name ?? "",
    isMine: responsible !== null && responsible === desk.session?.staff.id,
    isPractice: visit?.kind === PRACTICE,
    needsInterpreter: visit?.needsInterpreter ?? live?.interpreter != null,
    interpreter: live?.interpreter ?? null,
    needs: visit?.needs ?? "",
    persons: people,
    isWaiting: waiting.length > 0,
    since: waiting.reduce<number | null>(
      (first, { since }) => (since !== null && (first === null || since < first) ? since : first),
      null,
    ),
  };
}

/** Every row of the shown day; what is live belongs to the present day. */
export function allRows(desk: Desk): Row[] {
  const isToday = desk.day === desk.today;
  const live = new Map(isToday ? desk.queue.map((q) => [q.consultation, q]) : []);
  const listed = desk.visits.map((visit) => rowOf(visit, live.get(visit.id), desk));
  const known = new Set(desk.visits.map(({ id }) => id));
  const unlisted = [...live.values()]
    .filter((q) => !known.has(q.consultation))
    .map((q) => rowOf(undefined, q, desk));
  return [...listed, ...unlisted].filter((row) => row !== null).sort(before);
}

// By planned time; what has none comes first, for it is now. The id keeps equals in one order.
function before(a: Row, b: Row): number {
  return (a.planned ?? 0) - (b.planned ?? 0) || (a.id < b.id ? -1 : 1);
}

function isShown(row: Row, filters: Filters): boolean {
  if (filters.mine && !row.isMine) {
    return false;
  }
  switch (filters.shown) {
    case "all":
      return true;
    case "waiting":
      return row.isWaiting;
    case "planned":
      return row.state === "planned" && !row.isWaiting;
    case "live":
      return row.state === "open" || row.state === "in-progress";
    case "ended":
      return row.state === "ended";
  }
}

export function shownRows(desk: Desk): Row[] {
  return allRows(desk).filter((row) => isShown(row, desk.filters));
}

/** Who waits, longest first: the queue as it is worked off. */
export function waitingRows(desk: Desk): Row[] {
  const today = { ...desk, day: desk.today, visits: desk.day === desk.today ? desk.visits : [] };
  return allRows(today)
    .filter((row) => row.isWaiting && !row.isPractice)
    .sort((a, b) => (a.since ?? 0) - (b.since ?? 0));
}

/** YYYY-MM-DD of the reader's clock, some days from that day. */
export function dayOf(date: Date): string {
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

export function dayFrom(day: string, days: number): string {
  const [y = 1970, m = 1, d = 1] = day.split("-").map(Number);
  return dayOf(new Date(y, m - 1, d + days));
}

/** RFC 3339 of a day and a clock time of the reader's zone; null: no time that can be read. */
export function planAt(day: string, clock: string): string | null {
  const date = new Date(`${day}T${clock}`);
  return /^\d\d:\d\d$/.test(clock) && !Number.isNaN(date.getTime()) ? date.toISOString() : null;
}

export interface Responsibility {
  readonly responsible: Named | null;
  /** Clinicians of the visit's unit who may have it instead, by name. */
  readonly others: readonly Named[];
}

/** Who is responsible for the visit one is in, and who else could be. */
export function colleagues(desk: Desk): Responsibility {
  const id = desk.current?.id;
  const visit = desk.visits.find((v) => v.id === id);
  const live = desk.queue.find((q) => q.consultation === id);
  const unit = desk.session?.commission?.unit.id;
  const staff = desk.units.find((u) => u.id === unit)?.staff ?? [];
  // The queue hears of a change first; the list has names of those who are no longer of the unit.
  const now = live === undefined ? (visit?.responsible?.id ?? null) : live.responsible;
  const responsible = staff.find((s) => s.id === now) ?? visit?.responsible ?? null;
  return {
    responsible: now === null ? null : responsible,
    others: staff.filter((s) => s.duty === "clinician" && s.id !== now),
  };
}
