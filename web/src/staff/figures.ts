// SPDX-License-Identifier: EUPL-1.2
// Follow-up in figures, as the REST interface tells of it (docs/operations.md, "Figures of visits"): a
// unit's months, and how one visit was. What is read here is laid out as tables, without a word.

import { list, number, object, oneOf, orNull, readJson, text } from "../guard";
import { ROLES, type Role } from "../protocol";

/* --- a unit's months -------------------------------------------------------------------------- */

export interface Row {
  readonly month: string;
  readonly section: string;
  readonly role: string;
  readonly name: string;
  readonly answer: string;
  /** null: so few that it could tell of somebody. */
  readonly value: number | null;
}

export interface Statistics {
  readonly unit: string;
  /** Fewer are not told. */
  readonly least: number;
  readonly rows: readonly Row[];
}

export interface Period {
  /** Months like 2026-10, both within. */
  readonly from: string;
  readonly to: string;
}

/** The server tells of no more at a time, and no further back is offered. */
export const MOST_MONTHS = 24;

function row(value: unknown): Row {
  const o = object(value);
  return {
    month: text(o["month"]),
    section: text(o["section"]),
    role: text(o["role"]),
    name: text(o["name"]),
    answer: text(o["answer"]),
    value: orNull(o["value"], number),
  };
}

export function readStatistics(raw: string): Statistics | null {
  return readJson(raw, (o) => ({
    unit: text(o["unit"]),
    least: number(o["least"]),
    rows: list(o["rows"], row),
  }));
}

/** Months that are over on that day (YYYY-MM-DD), latest first. */
export function monthsBefore(day: string): readonly string[] {
  const [year = 1970, month = 1] = day.split("-").map(Number);
  return Array.from({ length: MOST_MONTHS }, (_, i) => {
    const n = year * 12 + month - 2 - i;
    return `${Math.floor(n / 12)}-${String((n % 12) + 1).padStart(2, "0")}`;
  });
}

/** The period with one end moved; the other end gives way. */
export function moved(period: Period, change: Partial<Period>): Period {
  const now = { ...period, ...change };
  if (now.from <= now.to) {
    return now;
  }
  return change.to === undefined ? { ...now, to: now.from } : { ...now, from: now.to };
}

export function csvOf({ from, to }: Period): string {
  const query = new URLSearchParams({ from, to, format: "csv" });
  return `/api/v1/statistics?${query}`;
}

/** As in a row; undefined: the server has none, for nothing happened. */
export type Value = number | null | undefined;

export interface Line {
  readonly name: string;
  /** One for each month. */
  readonly values: readonly Value[];
}

/** Lines that belong together: to a role, or to a question to a role; both "" where it is all one. */
export interface Group {
  readonly role: string;
  readonly question: string;
  readonly lines: readonly Line[];
}

export interface Table {
  readonly section: string;
  readonly groups: readonly Group[];
}

// In a survey the name is the question and the answer what is counted.
function place({ section, role, name, answer }: Row): readonly [string, string, string, string] {
  return section === "survey" ? [section, role, name, answer] : [section, role, "", name];
}

function within<V>(map: Map<string, V>, key: string, make: () => V): V {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}

/** A table for each section in the server's order, a column for each month. */
export function tablesOf(rows: readonly Row[], months: readonly string[]): readonly Table[] {
  const sections = new Map<string, Map<string, Map<string, Value[]>>>();
  for (const one of rows) {
    const [section, role, question, name] = place(one);
    const groups = within(sections, section, () => new Map<string, Map<string, Value[]>>());
    const lines = within(groups, `${role}\n${question}`, () => new Map<string, Value[]>());
    const values = within(lines, name, () => months.map((): Value => undefined));
    const at = months.indexOf(one.month);
    if (at >= 0) {
      values[at] = one.value;
    }
  }
  return [...sections].map(([section, groups]) => ({
    section,
    groups: [...groups].map(([key, lines]) => {
      const [role = "", question = ""] = key.split("\n");
      return { role, question, lines: [...lines].map(([name, values]) => ({ name, values })) };
    }),
  }));
}

/** The months of a period, first one first. */
export function monthsOf({ from, to }: Period, today: string): readonly string[] {
  return monthsBefore(today)
    .filter((month) => month >= from && month <= to)
    .reverse();
}

/** Nothing was booked, as far as is told: there is nothing to lay out. */
export function isEmpty({ rows }: Statistics): boolean {
  return rows.every(({ section, name, value }) => {
    const isCount = section === "visits" && name === "booked";
    return !isCount || value === 0;
  });
}

/* --- one visit -------------------------------------------------------------------------------- */

/** What EN 301 549 asks for, and how much of the time it has to be so that it was so. */
export const GOOD_PERCENT = 95;
/** 6.1: 7000 Hz of sound need twice as many samples a second. */
const WIDE_HZ = 14_000;

/** In the order they are told. */
export const FIGURES = [
  "seconds",
  "rtt_ms",
  "rtt_ms_max",
  "loss_permille",
  "loss_permille_max",
  "up_kbps",
  "down_kbps_min",
  "gaps",
  "gap_ms",
  "gap_ms_max",
  "picture_full_s",
  "picture_reduced_s",
  "picture_stills_s",
  "picture_none_s",
  "fps",
  "fps_min",
  "freeze_ms_max",
  "apart_ms_max",
  "made_up_permille",
] as const;
export type Figure = (typeof FIGURES)[number];

const JUDGED = [
  "looks",
  "audio_hz",
  "width_min",
  "height_min",
  "qvga_percent",
  "fps20_percent",
  "apart_ok_percent",
] as const;

export interface Stay {
  readonly role: Role;
  readonly figures: Readonly<Record<Figure | (typeof JUDGED)[number], number | null>>;
}

function stay(value: unknown): Stay {
  const o = object(value);
  const names = [...FIGURES, ...JUDGED];
  const figures = names.map((name) => [name, orNull(o[name], number)] as const);
  return {
    role: oneOf(o["role"], ROLES),
    figures: Object.fromEntries(figures) as Stay["figures"],
  };
}

export function readStays(raw: string): readonly Stay[] | null {
  return readJson(raw, (o) => list(o["stays"], stay));
}

/** The clauses of EN 301 549 that can be held against a stay. */
export const CLAUSES = ["6.1", "6.5.2", "6.5.3", "6.5.4"] as const;
export type Clause = (typeof CLAUSES)[number];

export interface Held {
  /** null: nobody measured it. */
  readonly isMet: boolean | null;
  /** Hz, or percent of the time. */
  readonly value: number | null;
}

function percentHeld(value: number | null): Held {
  return { isMet: value === null ? null : value >= GOOD_PERCENT, value };
}

export function heldAgainst({ figures }: Stay, clause: Clause): Held {
  switch (clause) {
    case "6.1": {
      const value = figures.audio_hz;
      return { isMet: value === null ? null : value >= WIDE_HZ, value };
    }
    case "6.5.2":
      return percentHeld(figures.qvga_percent);
    case "6.5.3":
      return percentHeld(figures.fps20_percent);
    case "6.5.4":
      return percentHeld(figures.apart_ok_percent);
  }
}
