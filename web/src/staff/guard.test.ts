// SPDX-License-Identifier: EUPL-1.2
import { describe, expect, it } from "vitest";
import { readEntry, readMethods, readProblem, readSession, readVisit, readVisits } from "./guard";
import { moment } from "./moment";

const SESSION = {
  staff: { id: "s1", name: "Anna Berg" },
  commission: null,
  commissions: [
    {
      id: "m1",
      name: "",
      duty: "clinician",
      unit: { id: "u1", name: "Storuman" },
      provider: { id: "v1", name: "Region" },
    },
  ],
  csrf: "abc",
  expires: 1795000000,
  acr: "",
};

const VISIT = {
  id: "c1",
  title: "Uppföljning",
  state: "planned",
  unit: { id: "u1", name: "Storuman" },
  responsible: null,
  planned: "2026-11-26T10:00:00Z",
  minutes: 30,
  waiting_room: true,
  created: 1795000000,
  ended: null,
  outcome: null,
  participants: [{ id: "p1", role: "patient", name: "Elsa", token: "t", link: "https://x/#t" }],
};

function without(o: object, member: string): string {
  return JSON.stringify({ ...o, [member]: undefined });
}

describe("what the REST interface says", () => {
  it("a session is read, with or without a commission", () => {
    expect(readSession(JSON.stringify(SESSION))?.commission).toBeNull();
    const chosen = { ...SESSION, commission: SESSION.commissions[0] };
    expect(readSession(JSON.stringify(chosen))?.commission?.unit.name).toBe("Storuman");
  });

  it("a session that lacks what the page cannot be without is none", () => {
    for (const member of ["staff", "commissions", "csrf"]) {
      expect(readSession(without(SESSION, member))).toBeNull();
    }
    expect(readSession("[]")).toBeNull();
    expect(readSession("no JSON")).toBeNull();
    const odd = { ...SESSION, commissions: [{ ...SESSION.commissions[0], duty: "king" }] };
    expect(readSession(JSON.stringify(odd))).toBeNull();
  });

  it("a visit has what it has, and the rest is absent", () => {
    const visit = readVisit(JSON.stringify(VISIT));
    expect(visit?.planned).toBe(Date.parse("2026-11-26T10:00:00Z"));
    expect(visit?.persons[0]).toMatchObject({
      admission: "waiting",
      assurance: "none",
      present: false,
      check: null,
      link: "https://x/#t",
    });
    for (const member of ["id", "state", "participants"]) {
      expect(readVisit(without(VISIT, member))).toBeNull();
    }
  });

  it("one spoiled visit spoils the list: half a list would be taken for the whole", () => {
    const list = { consultations: [VISIT, { ...VISIT, state: "lost" }] };
    expect(readVisits(JSON.stringify(list))).toBeNull();
    expect(readVisits(JSON.stringify({ consultations: [VISIT] }))).toHaveLength(1);
  });

  it("the verdicts of a check are those of known modes and words", () => {
    const check = { verdicts: { talk: "good", skin: "fine", juggling: "good" } };
    const person = { ...VISIT.participants[0], check };
    const visit = readVisit(JSON.stringify({ ...VISIT, participants: [person] }));
    expect(visit?.persons[0]?.check).toEqual({ talk: "good" });
  });

  it("a moment is text or seconds, and nothing at all is none", () => {
    expect(moment("2026-11-26T10:00:00Z")).toBe(1795687200000);
    expect(moment(1795687200)).toBe(1795687200000);
    for (const none of [0, -1, null, undefined, "soon", Number.NaN, {}]) {
      expect(moment(none)).toBeNull();
    }
  });

  it("a way to log in that is not known spoils the answer", () => {
    const oidc = { kind: "oidc", name: "SITHS eID", url: "/auth/oidc" };
    const methods = [oidc, { kind: "password" }];
    expect(readMethods(JSON.stringify({ methods }))).toEqual(methods);
    expect(readMethods(JSON.stringify({ methods: [{ kind: "carrier pigeon" }] }))).toBeNull();
  });

  it("an entry and a problem", () => {
    expect(readEntry('{"token":"t","link":"l","participant":{"id":"p1"}}')).toEqual({
      token: "t",
      participant: "p1",
    });
    expect(readEntry('{"token":"t"}')).toBeNull();
    expect(readProblem('{"type":"x","code":"not-allowed"}')).toBe("not-allowed");
    expect(readProblem("<html>")).toBeNull();
  });
});
