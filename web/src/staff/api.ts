// SPDX-License-Identifier: EUPL-1.2
// The REST interface, as the staff page uses it. Every answer is a value or a problem: nothing here
// throws, and what a server says is read by guard.ts alone.

import type { Outcome, OutcomeReason } from "../protocol";
import { type Period, readStatistics, readStays, type Statistics, type Stay } from "./figures";
import {
  readEntry,
  readLogout,
  readMethods,
  readPerson,
  readProblem,
  readSession,
  readTicket,
  readUnits,
  readVisit,
  readVisits,
} from "./guard";
import { type Enrolment, type Place, readEnrolment, readPlace, readPlaces } from "./places";
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

const TIMEOUT_MS = 15000;

type Method = "GET" | "POST" | "PUT" | "DELETE";

interface Call {
  readonly method: Method;
  readonly path: string;
  readonly body?: unknown;
  /** The same request sent twice is done once. */
  readonly key?: string;
  /** Instead of the session. */
  readonly bearer?: string;
}

function at(template: TemplateStringsArray, ...ids: readonly string[]): string {
  return template.reduce((path, piece, i) => path + encodeURIComponent(ids[i - 1] ?? "") + piece);
}

export class Api {
  private csrf = "";

  constructor(private readonly send: typeof fetch = (input, init) => fetch(input, init)) {}

  methods(): Promise<Answer<readonly LoginMethod[]>> {
    return this.ask({ method: "GET", path: "/api/v1/login" }, readMethods);
  }

  session(): Promise<Answer<Session>> {
    return this.withSession({ method: "GET", path: "/api/v1/session" });
  }

  logIn(username: string, password: string): Promise<Answer<Session>> {
    const body = { username, password };
    return this.withSession({ method: "POST", path: "/api/v1/session", body });
  }

  choose(commission: string): Promise<Answer<Session>> {
    const body = { commission };
    return this.withSession({ method: "PUT", path: "/api/v1/session/commission", body });
  }

  async logOut(): Promise<Answer<string | null>> {
    const call: Call = { method: "DELETE", path: "/api/v1/session" };
    return this.ask(call, (raw) => ({ to: readLogout(raw) })).then(
      (answer): Answer<string | null> =>
        answer.ok ? { ok: true, value: answer.value.to } : answer,
    );
  }

  ticket(): Promise<Answer<string>> {
    return this.ask({ method: "POST", path: "/api/v1/tickets" }, readTicket);
  }

  units(): Promise<Answer<readonly Unit[]>> {
    return this.ask({ method: "GET", path: "/api/v1/units" }, readUnits);
  }

  places(): Promise<Answer<readonly Place[]>> {
    return this.ask({ method: "GET", path: "/api/v1/places" }, readPlaces);
  }

  makePlace(name: string, municipality: string): Promise<Answer<Place>> {
    const body = { name, municipality };
    return this.ask({ method: "POST", path: "/api/v1/places", body }, readPlace);
  }

  enrolment(place: string): Promise<Answer<Enrolment>> {
    return this.ask(
      { method: "POST", path: at`/api/v1/places/${place}/enrolments` },
      readEnrolment,
    );
  }

  revoke(device: string): Promise<Answer<true>> {
    return this.ask({ method: "DELETE", path: at`/api/v1/devices/${device}` }, () => true);
  }

  takeHelp(device: string): Promise<Answer<true>> {
    return this.ask({ method: "DELETE", path: at`/api/v1/devices/${device}/help` }, () => true);
  }

  visits(day: string): Promise<Answer<readonly Visit[]>> {
    return this.ask({ method: "GET", path: at`/api/v1/consultations?day=${day}` }, readVisits);
  }

  visit(id: string): Promise<Answer<Visit>> {
    return this.ask({ method: "GET", path: at`/api/v1/consultations/${id}` }, readVisit);
  }

  create(visit: NewVisit, key: string): Promise<Answer<Visit>> {
    const body = {
      title: visit.title,
      ...(visit.planned === null ? {} : { planned: visit.planned }),
      minutes: visit.minutes,
      ...(visit.kind === "" ? {} : { kind: visit.kind }),
      needs_interpreter: visit.needsInterpreter,
      ...(visit.needs === "" ? {} : { communication_needs: visit.needs }),
      participants: visit.persons.map(personBody),
    };
    return this.ask({ method: "POST", path: "/api/v1/consultations", body, key }, readVisit);
  }

  enter(id: string, reason: string | null): Promise<Answer<Entry>> {
    const body = { reason };
    return this.ask(
      { method: "POST", path: at`/api/v1/consultations/${id}/enter`, body },
      readEntry,
    );
  }

  add(id: string, person: NewPerson): Promise<Answer<Person>> {
    const body = personBody(person);
    return this.ask(
      { method: "POST", path: at`/api/v1/consultations/${id}/participants`, body },
      readPerson,
    );
  }

  message(id: string, participant: string, kind: MessageKind): Promise<Answer<true>> {
    const body = { participant, kind };
    return this.ask(
      { method: "POST", path: at`/api/v1/consultations/${id}/messages`, body },
      () => true,
    );
  }

  end(id: string, outcome: Outcome, reason: OutcomeReason | null): Promise<Answer<true>> {
    const body = { outcome, reason };
    return this.ask(
      { method: "POST", path: at`/api/v1/consultations/${id}/end`, body },
      () => true,
    );
  }

  statistics({ from, to }: Period): Promise<Answer<Statistics>> {
    const path = at`/api/v1/statistics?from=${from}&to=${to}`;
    return this.ask({ method: "GET", path }, readStatistics);
  }

  quality(id: string): Promise<Answer<readonly Stay[]>> {
    return this.ask({ method: "GET", path: at`/api/v1/consultations/${id}/quality` }, readStays);
  }

  /** By the link of who answers: what was answered leads to nobody. */
  survey(id: string, token: string, answers: Answers): Promise<Answer<true>> {
    const path = at`/api/v1/consultations/${id}/survey`;
    return this.ask({ method: "PUT", path, body: { answers }, bearer: token }, () => true);
  }

  private async withSession(call: Call): Promise<Answer<Session>> {
    const answer = await this.ask(call, readSession);
    if (answer.ok) {
      this.csrf = answer.value.csrf;
    }
    return answer;
  }

  private async ask<T>(call: Call, read: (raw: string) => T | null): Promise<Answer<T>> {
    try {
      const response = await this.send(call.path, this.request(call));
      const raw = await response.text();
      if (!response.ok) {
        const code = readProblem(raw) ?? "unknown";
        return { ok: false, problem: { status: response.status, code } };
      }
      const value = read(raw);
      return value === null
        ? { ok: false, problem: { status: response.status, code: "not-understood" } }
        : { ok: true, value };
    } catch {
      return { ok: false, problem: { status: 0, code: "no-network" } };
    }
  }

  private request({ method, body, key, bearer }: Call): RequestInit {
    const headers: Record<string, string> = { accept: "application/json" };
    if (bearer !== undefined) {
      headers["authorization"] = `Bearer ${bearer}`;
    } else if (method !== "GET") {
      headers["x-vidd-csrf"] = this.csrf;
    }
    if (body !== undefined) {
      headers["content-type"] = "application/json";
    }
    if (key !== undefined) {
      headers["idempotency-key"] = key;
    }
    const abort = new AbortController();
    setTimeout(() => abort.abort(), TIMEOUT_MS);
    return {
      method,
      headers,
      credentials: bearer === undefined ? "same-origin" : "omit",
      cache: "no-store",
      redirect: "error",
      signal: abort.signal,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    };
  }
}

function personBody({ role, name, phone, email, language }: NewPerson): Record<string, string> {
  return {
    role,
    name,
    ...(phone === "" ? {} : { phone }),
    ...(email === "" ? {} : { email }),
    ...(language === "" ? {} : { language }),
  };
}
