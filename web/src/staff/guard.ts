// SPDX-License-Identifier: EUPL-1.2
// The only place where the REST interface's JSON of unknown shape becomes typed. What is not known
// to every server (a link check, a self-test) may be missing; what a row cannot be without may not.

import { flag, type Json, list, object, oneOf, orElse, orNull, readJson, text } from "../guard";
import {
  ADMISSIONS,
  ASSURANCES,
  CHECK_MODES,
  MODES,
  OUTCOME_REASONS,
  OUTCOMES,
  ROLES,
  VERDICTS,
} from "../protocol";
import { moment } from "./moment";
import {
  type Colleague,
  type Commission,
  DUTIES,
  type Entry,
  type LoginMethod,
  type Named,
  type Person,
  type Session,
  type Unit,
  type Visit,
} from "./rest";
import { CONSULTATION_STATES } from "./watch";

function words(value: unknown): string {
  return value === null || value === undefined ? "" : text(value);
}

function named(value: unknown): Named {
  const o = object(value);
  return { id: text(o["id"]), name: words(o["name"]) };
}

function commission(value: unknown): Commission {
  const o = object(value);
  return {
    ...named(o),
    duty: oneOf(o["duty"], DUTIES),
    unit: named(o["unit"]),
    provider: named(o["provider"]),
  };
}

function session(o: Json): Session {
  return {
    staff: named(o["staff"]),
    commission: orNull(o["commission"], commission),
    commissions: list(o["commissions"], commission),
    csrf: text(o["csrf"]),
  };
}

function method(value: unknown): LoginMethod {
  const o = object(value);
  const kind = oneOf(o["kind"], ["oidc", "password"] as const);
  return kind === "oidc" ? { kind, name: text(o["name"]), url: text(o["url"]) } : { kind };
}

function checkOf(value: unknown): Person["check"] {
  const o = object(value);
  const verdicts = object(o["verdicts"] ?? {});
  const found: Record<string, unknown> = {};
  for (const mode of CHECK_MODES) {
    const verdict = VERDICTS.find((word) => word === verdicts[mode]);
    if (verdict !== undefined) {
      found[mode] = verdict;
    }
  }
  return found;
}

function person(value: unknown): Person {
  const o = object(value);
  return {
    id: text(o["id"]),
    role: oneOf(o["role"], ROLES),
    name: words(o["name"]),
    admission: orElse(o["admission"], (v) => oneOf(v, ADMISSIONS), "waiting"),
    assurance: orElse(o["assurance"], (v) => oneOf(v, ASSURANCES), "none"),
    language: words(o["language"]),
    present: orElse(o["present"], flag, false),
    staff: orNull(o["staff"], text),
    check: orNull(o["check"], checkOf),
    link: orNull(o["link"], text),
  };
}

function count(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? value : null;
}

function either<T extends string>(value: unknown, allowed: readonly T[]): T | null {
  return allowed.find((word) => word === value) ?? null;
}

function visit(value: unknown): Visit {
  const o = object(value);
  return {
    id: text(o["id"]),
    title: words(o["title"]),
    state: oneOf(o["state"], CONSULTATION_STATES),
    unit: orNull(o["unit"], named),
    responsible: orNull(o["responsible"], named),
    planned: moment(o["planned"]),
    minutes: count(o["minutes"]),
    kind: words(o["kind"]),
    mode: orElse(o["mode"], (v) => oneOf(v, MODES), "talk"),
    needsInterpreter: orElse(o["needs_interpreter"], flag, false),
    needs: words(o["communication_needs"]),
    outcome: either(o["outcome"], OUTCOMES),
    outcomeReason: either(o["outcome_reason"], OUTCOME_REASONS),
    ended: moment(o["ended"]),
    persons: list(o["participants"], person),
  };
}

function colleague(value: unknown): Colleague {
  const o = object(value);
  return { ...named(o), duty: oneOf(o["duty"], DUTIES) };
}

function unit(value: unknown): Unit {
  const o = object(value);
  return {
    ...named(o),
    municipality: words(o["municipality"]),
    minimum: either(o["minimum_assurance"], ASSURANCES) ?? "none",
    staff: list(o["staff"] ?? [], colleague),
  };
}

export function readSession(raw: string): Session | null {
  return readJson(raw, session);
}

export function readMethods(raw: string): readonly LoginMethod[] | null {
  return readJson(raw, (o) => list(o["methods"], method));
}

export function readUnits(raw: string): readonly Unit[] | null {
  return readJson(raw, (o) => list(o["units"], unit));
}

export function readVisits(raw: string): readonly Visit[] | null {
  return readJson(raw, (o) => list(o["consultations"], visit));
}

export function readVisit(raw: string): Visit | null {
  return readJson(raw, visit);
}

export function readPerson(raw: string): Person | null {
  return readJson(raw, person);
}

export function readEntry(raw: string): Entry | null {
  return readJson(raw, (o) => ({
    token: text(o["token"]),
    participant: text(object(o["participant"])["id"]),
  }));
}

export function readTicket(raw: string): string | null {
  return readJson(raw, (o) => text(o["ticket"]));
}

/** Where to log out at the identity provider as well; null: nowhere. */
export function readLogout(raw: string): string | null {
  return readJson(raw, (o) => text(o["logout"]));
}

/** The stable code of a problem; null: the answer says none. */
export function readProblem(raw: string): string | null {
  return readJson(raw, (o) => text(o["code"]));
}
