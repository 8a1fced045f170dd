// SPDX-License-Identifier: EUPL-1.2
import { describe, expect, it } from "vitest";
import { allRows, colleagues, dayFrom, planAt, shownRows, waitingRows } from "./list";
import type { Answer, Commission, Person, Session, Visit } from "./rest";
import { initial, transition } from "./state";
import type { Desk, Effect, Event } from "./types";
import type { QueueConsultation, QueuePerson } from "./watch";

const TODAY = "2026-11-26";
const COMMISSION: Commission = {
  id: "m1",
  name: "",
  duty: "clinician",
  unit: { id: "u1", name: "Storuman" },
  provider: { id: "v1", name: "Region" },
};
const SESSION: Session = {
  staff: { id: "s1", name: "Anna" },
  commission: COMMISSION,
  commissions: [COMMISSION],
  csrf: "x",
};

function good<T>(value: T): Answer<T> {
  return { ok: true, value };
}

function bad(code: string, status = 400): Answer<never> {
  return { ok: false, problem: { status, code } };
}

function run(
  events: readonly Event[],
  from: Desk = initial(),
): { readonly desk: Desk; readonly effects: readonly Effect[] } {
  let desk = from;
  let effects: readonly Effect[] = [];
  for (const event of events) {
    ({ desk, effects } = transition(desk, event));
  }
  return { desk, effects };
}

function kinds(effects: readonly Effect[]): string[] {
  return effects.map((effect) => effect.do);
}

function person(id: string, change: Partial<Person> = {}): Person {
  return {
    id,
    role: "patient",
    name: `Name ${id}`,
    admission: "waiting",
    assurance: "none",
    language: "",
    present: false,
    staff: null,
    check: null,
    link: null,
    ...change,
  };
}

function visit(id: string, change: Partial<Visit> = {}): Visit {
  return {
    id,
    title: `Visit ${id}`,
    state: "planned",
    unit: { id: "u1", name: "Storuman" },
    responsible: { id: "s1", name: "Anna" },
    planned: Date.parse("2026-11-26T10:00:00Z"),
    minutes: 30,
    kind: "",
    mode: "talk",
    needsInterpreter: false,
    needs: "",
    outcome: null,
    outcomeReason: null,
    ended: null,
    persons: [person(`${id}p`)],
    ...change,
  };
}

function waiting(id: string, change: Partial<QueuePerson> = {}): QueuePerson {
  return {
    id,
    role: "patient",
    name: `Name ${id}`,
    admission: "waiting",
    link: "here",
    level: "good",
    up_kbps: null,
    down_kbps: null,
    rtt_ms: null,
    since_s: 60,
    assurance: "none",
    check: null,
    ...change,
  };
}

function told(
  id: string,
  participants: readonly QueuePerson[],
  at = 1000,
  change: Partial<QueueConsultation> = {},
): Event {
  return {
    type: "watched",
    at,
    message: {
      type: "queue",
      consultation: id,
      title: `Visit ${id}`,
      unit: "u1",
      state: participants.length === 0 ? "planned" : "open",
      planned: null,
      responsible: "s1",
      mode: "talk",
      participants,
      ...change,
    },
  };
}

function watching(count: number, at = 900): Event {
  return { type: "watched", at, message: { type: "watching", units: ["u1"], count } };
}

const STARTED: Event = { type: "started", today: TODAY, problem: null };
const WELCOME: Event = { type: "session-came", answer: good(SESSION), by: "log-in" };
const LISTED: Event = {
  type: "visits-came",
  day: TODAY,
  answer: good([visit("c1"), visit("c2", { responsible: { id: "s2", name: "Per" } })]),
};
const TO_DAY: readonly Event[] = [STARTED, WELCOME, LISTED];
const TO_CALL: readonly Event[] = [
  ...TO_DAY,
  { type: "enter-pressed", id: "c1", reason: null },
  { type: "entered", id: "c1", answer: good({ token: "tok", participant: "p9" }) },
];

describe("logging in", () => {
  it("without a session one is asked to log in, and not told that something is wrong", () => {
    const { desk, effects } = run([
      STARTED,
      { type: "session-came", answer: bad("session-missing", 401), by: "first" },
    ]);
    expect(desk.phase).toBe("login");
    expect(desk.trouble).toBeNull();
    expect(kinds(effects)).toEqual(["get-methods"]);
  });

  it("a wrong password is told, and may be tried again", () => {
    const press: Event = { type: "log-in-pressed", username: "anna", password: "x" };
    const { desk } = run([
      STARTED,
      { type: "session-came", answer: bad("session-missing", 401), by: "first" },
      press,
      { type: "session-came", answer: bad("login-failed", 401), by: "log-in" },
    ]);
    expect(desk.trouble).toEqual({ code: "login-failed", doing: "log-in" });
    expect(kinds(run([press], desk).effects)).toEqual(["log-in"]);
  });

  it("what is under way is not begun twice", () => {
    const press: Event = { type: "log-in-pressed", username: "anna", password: "x" };
    const { effects } = run([
      STARTED,
      { type: "session-came", answer: bad("session-missing", 401), by: "first" },
      press,
      press,
    ]);
    expect(effects).toEqual([]);
  });

  it("of several duties one is chosen; the only one is chosen by itself", () => {
    const none = { ...SESSION, commission: null };
    const two = { ...none, commissions: [COMMISSION, { ...COMMISSION, id: "m2" }] };
    expect(run([STARTED, { ...WELCOME, answer: good(two) } as Event]).desk.phase).toBe(
      "commission",
    );
    const { effects } = run([STARTED, { ...WELCOME, answer: good(none) } as Event]);
    expect(effects).toEqual([{ do: "choose", id: "m1" }]);
  });

  it("with a duty the day is asked for, its units and its queue", () => {
    const { desk, effects } = run([STARTED, WELCOME]);
    expect(desk.phase).toBe("day");
    expect(kinds(effects)).toEqual(["get-visits", "get-units", "watch"]);
  });

  it("a session that has lapsed leads back to the login, with everything of the day gone", () => {
    const { desk, effects } = run([
      ...TO_DAY,
      { type: "day-chosen", day: "2026-11-27" },
      { type: "visits-came", day: "2026-11-27", answer: bad("session-missing", 401) },
    ]);
    expect(desk.phase).toBe("login");
    expect(desk.visits).toEqual([]);
    expect(effects).toContainEqual({ do: "watch", on: false });
  });

  it("in a call a lapsed session ends nothing", () => {
    const { desk } = run([
      ...TO_CALL,
      { type: "message-pressed", id: "c1", person: "p1", kind: "invitation" },
      { type: "invited", id: "c1", answer: bad("session-missing", 401) },
    ]);
    expect(desk.phase).toBe("call");
    expect(desk.trouble?.code).toBe("session-missing");
  });

  it("what the identity provider's way back says is told", () => {
    const { desk } = run([{ type: "started", today: TODAY, problem: "login-weak" }]);
    expect(desk.trouble).toEqual({ code: "login-weak", doing: "log-in" });
  });
});

describe("the queue", () => {
  const LIVE = [...TO_DAY, watching(1), told("c1", [waiting("c1p")])];

  it("who waited before the page was opened has not just come", () => {
    const { desk, effects } = run(LIVE);
    expect(kinds(effects)).not.toContain("chime");
    expect(desk.arrivals).toEqual([]);
    expect(waitingRows(desk).map(({ id }) => id)).toEqual(["c1"]);
  });

  it("who comes now is heard, told and shown; one sound for two", () => {
    const { desk, effects } = run([...LIVE, told("c2", [waiting("a"), waiting("b")])]);
    expect(kinds(effects).filter((kind) => kind === "chime")).toHaveLength(1);
    expect(kinds(effects).filter((kind) => kind === "announce")).toHaveLength(2);
    expect(desk.arrivals.map(({ name }) => name)).toEqual(["Name a", "Name b"]);
  });

  it("a link that changes is no arrival", () => {
    const again = told("c1", [waiting("c1p", { level: "poor" })], 2000);
    expect(kinds(run([...LIVE, again]).effects)).not.toContain("chime");
  });

  it("whoever waits at one's own door is not told as somebody else's", () => {
    const call = run(TO_CALL).desk;
    const { effects } = run([watching(0), told("c1", [waiting("c1p")])], call);
    expect(kinds(effects)).not.toContain("chime");
  });

  it("an arrival is over when nobody waits there any more", () => {
    const { desk } = run([
      ...LIVE,
      told("c2", [waiting("a")]),
      told("c2", [waiting("a", { admission: "admitted" })], 3000),
    ]);
    expect(desk.arrivals).toEqual([]);
  });

  it("after a loss what is not told again is gone, and who came meanwhile is news", () => {
    const lost: Event = { type: "watch-status", status: "lost" };
    const { desk, effects } = run([
      ...LIVE,
      lost,
      watching(1, 5000),
      told("c2", [waiting("b")], 5001),
    ]);
    expect(desk.queue.map((q) => q.consultation)).toEqual(["c2"]);
    expect(kinds(effects)).toContain("chime");
  });

  it("a visit made elsewhere brings the list anew, and so does one that is over", () => {
    expect(kinds(run([...LIVE, told("c9", [waiting("z")])]).effects)).toContain("get-visits");
    expect(kinds(run([...LIVE, told("c1", [], 2000)]).effects)).toContain("get-visits");
  });

  it("a loss is told once", () => {
    const lost: Event = { type: "watch-status", status: "lost" };
    expect(kinds(run([...LIVE, lost]).effects)).toEqual(["announce"]);
    expect(run([...LIVE, lost, lost]).effects).toEqual([]);
  });
});

describe("rows", () => {
  const desk = run([
    ...TO_DAY,
    watching(2),
    told("c2", [waiting("c2p", { since_s: 300, level: "poor" })], 10_000_000),
    told("c7", [waiting("x", { since_s: 30 })], 10_000_000),
  ]).desk;

  it("join what is planned with who is there, since when", () => {
    const row = allRows(desk).find(({ id }) => id === "c2");
    expect(row?.isWaiting).toBe(true);
    expect(row?.persons).toHaveLength(1);
    expect(row?.persons[0]).toMatchObject({ level: "poor", since: 9_700_000, isHere: true });
  });

  it("have also what is live and not in the list", () => {
    expect(allRows(desk).map(({ id }) => id)).toContain("c7");
  });

  it("stand in the queue with the longest wait first", () => {
    expect(waitingRows(desk).map(({ id }) => id)).toEqual(["c2", "c7"]);
  });

  it("are filtered by state and whose they are", () => {
    const ids = (filters: Partial<Desk["filters"]>): string[] =>
      shownRows({ ...desk, filters: { ...desk.filters, ...filters } }).map(({ id }) => id);
    expect(ids({ shown: "waiting" }).sort()).toEqual(["c2", "c7"]);
    expect(ids({ shown: "planned" })).toEqual(["c1"]);
    expect(ids({ shown: "ended" })).toEqual([]);
    expect(ids({ mine: true })).toEqual(["c7", "c1"]);
  });

  it("of another day have nobody live in them", () => {
    const other = { ...desk, day: "2026-11-27", visits: [] };
    expect(allRows(other)).toEqual([]);
    expect(waitingRows(other).map(({ id }) => id)).toEqual(["c2", "c7"]);
  });

  it("a list of a day that is no longer shown is left", () => {
    const { desk: moved } = run([{ type: "day-chosen", day: "2026-11-27" }, LISTED], desk);
    expect(moved.isListed).toBe(false);
  });
});

describe("visits", () => {
  it("entering one's own goes straight into the call", () => {
    const { desk, effects } = run(TO_CALL);
    expect(desk.phase).toBe("call");
    expect(effects).toEqual([
      { do: "call", current: { id: "c1", token: "tok", title: "Visit c1", isPractice: false } },
    ]);
  });

  it("another's asks why, and goes in with the reason", () => {
    const asked = run([
      ...TO_DAY,
      { type: "enter-pressed", id: "c2", reason: null },
      { type: "entered", id: "c2", answer: bad("reason-required", 403) },
    ]);
    expect(asked.desk.asksReason).toBe("c2");
    const { effects } = run([{ type: "enter-pressed", id: "c2", reason: "jour" }], asked.desk);
    expect(effects).toEqual([{ do: "enter", id: "c2", reason: "jour" }]);
  });

  it("several follow each other without a reload", () => {
    const again = run([
      ...TO_CALL,
      { type: "call-over", how: "ended", outcome: "solved" },
      { type: "enter-pressed", id: "c2", reason: null },
      { type: "entered", id: "c2", answer: good({ token: "t2", participant: "p9" }) },
    ]);
    expect(again.desk.current?.id).toBe("c2");
    expect(again.desk.ended).toBeNull();
  });

  it("after the call the list is told what came of it", () => {
    const { desk, effects } = run([
      ...TO_CALL,
      { type: "call-over", how: "ended", outcome: "solved" },
    ]);
    expect(desk.phase).toBe("day");
    expect(desk.ended).toEqual({ title: "Visit c1", how: "ended", outcome: "solved" });
    expect(kinds(effects)).toEqual(["announce", "get-visits"]);
  });

  it("a new visit shows its links, once", () => {
    const made = visit("c5", { persons: [person("p5", { link: "https://x/#t" })] });
    const { desk } = run([...TO_DAY, { type: "created", answer: good(made) }]);
    expect(desk.opened?.links).toEqual({ p5: "https://x/#t" });
    const { desk: later } = run([{ type: "visit-came", answer: good(visit("c5")) }], desk);
    expect(later.opened?.links).toEqual({ p5: "https://x/#t" });
  });

  it("practising enters the visit and lets the simulated patient in by its link", () => {
    const made = visit("c6", {
      kind: "practice",
      persons: [person("p6", { link: "https://x/#t" })],
    });
    const { desk, effects } = run([...TO_DAY, { type: "practice-made", answer: good(made) }]);
    expect(kinds(effects)).toEqual(["enter", "simulate"]);
    const { desk: call } = run(
      [{ type: "entered", id: "c6", answer: good({ token: "t", participant: "p" }) }],
      desk,
    );
    expect(call.current?.isPractice).toBe(true);
  });

  it("a reload in a call comes back into it, before or after the session", () => {
    const seated: Event = { type: "reseated", id: "c1", token: "t", title: "Visit c1" };
    expect(run([STARTED, seated, { ...WELCOME, by: "first" } as Event]).desk.phase).toBe("call");
    expect(run([STARTED, WELCOME, seated]).desk.phase).toBe("call");
  });

  it("past midnight the list follows, unless another day is looked at", () => {
    const next: Event = { type: "today-is", today: "2026-11-27" };
    expect(run([...TO_DAY, next]).desk.day).toBe("2026-11-27");
    const other = run([...TO_DAY, { type: "day-chosen", day: "2026-11-20" }, next]);
    expect(other.desk.day).toBe("2026-11-20");
  });
});

describe("days and clocks", () => {
  it("days follow each other over months and summer time", () => {
    expect(dayFrom("2026-11-30", 1)).toBe("2026-12-01");
    expect(dayFrom("2026-03-29", 1)).toBe("2026-03-30");
    expect(dayFrom("2026-01-01", -1)).toBe("2025-12-31");
  });

  it("a time that cannot be read is none", () => {
    expect(planAt("2026-11-26", "")).toBeNull();
    expect(planAt("2026-11-26", "25:00")).toBeNull();
    expect(planAt("2026-11-26", "10:15")).toMatch(/^2026-11-2\d?T?.*Z$/);
  });
});

describe("the order of the queue", () => {
  it("who came first stays first, however the seconds are rounded", () => {
    const { desk } = run([
      ...TO_DAY,
      watching(0),
      told("c1", [waiting("a", { since_s: 0 })], 10_050),
      told("c2", [waiting("b", { since_s: 0 })], 10_400),
      // 1.9 s after a came it is told as 1, 1.6 s after b came as 1, too, but later.
      told("c1", [waiting("a", { since_s: 1 })], 11_950),
      told("c2", [waiting("b", { since_s: 1 })], 11_420),
    ]);
    expect(waitingRows(desk).map(({ id }) => id)).toEqual(["c1", "c2"]);
  });

  it("who was let in and put back begins anew", () => {
    const { desk } = run([
      ...TO_DAY,
      watching(0),
      told("c1", [waiting("a", { since_s: 90 })], 100_000),
      told("c1", [waiting("a", { since_s: 0, admission: "admitted" })], 101_000),
      told("c1", [waiting("a", { since_s: 0 })], 102_000),
    ]);
    expect(waitingRows(desk)[0]?.since).toBe(102_000);
  });
});

describe("responsibility", () => {
  const staff = [
    { id: "s1", name: "Anna", duty: "clinician" },
    { id: "s2", name: "Per", duty: "clinician" },
    { id: "s3", name: "Karin", duty: "staff" },
  ] as const;
  const UNITS: Event = {
    type: "units-came",
    answer: good([{ id: "u1", name: "Storuman", municipality: "", minimum: "C", staff }]),
  };

  it("goes to a clinician of the visit's unit, in the visit or not", () => {
    const { desk } = run([UNITS], run(TO_CALL).desk);
    expect(colleagues(desk)).toEqual({
      responsible: { id: "s1", name: "Anna", duty: "clinician" },
      others: [{ id: "s2", name: "Per", duty: "clinician" }],
    });
  });

  it("a change is heard of in the queue, and the list is asked for anew", () => {
    const { desk } = run([UNITS, watching(0)], run(TO_CALL).desk);
    const { desk: after, effects } = run(
      [told("c1", [waiting("c1p")], 1000, { responsible: "s2", state: "planned" })],
      desk,
    );
    expect(colleagues(after).responsible?.name).toBe("Per");
    expect(kinds(effects)).toContain("get-visits");
  });
});

describe("the questions afterwards", () => {
  const OVER: Event = { type: "call-over", how: "ended", outcome: "solved" };
  const ANSWER: Event = { type: "answers-pressed", answers: { quality: "yes" } };

  it("are asked of whoever set the outcome, and answered by the visit's link", () => {
    const { desk } = run([OVER], run(TO_CALL).desk);
    expect(desk.asking).toEqual({ id: "c1", token: "tok", isDone: false });
    expect(run([ANSWER], desk).effects).toEqual([
      { do: "answer", id: "c1", token: "tok", answers: { quality: "yes" } },
    ]);
    const sent = run([ANSWER, { type: "answers-sent", answer: good(true) }], desk).desk;
    expect(sent.asking?.isDone).toBe(true);
    expect(run([{ type: "enter-pressed", id: "c2", reason: null }], sent).desk.asking).toBeNull();
  });

  it("are not asked of who left, nor when nobody came", () => {
    const { desk } = run(TO_CALL);
    expect(run([{ ...OVER, how: "left", outcome: null }], desk).desk.asking).toBeNull();
    expect(run([{ ...OVER, outcome: "no-show" }], desk).desk.asking).toBeNull();
  });

  it("answered before counts as answered; a failure is told", () => {
    const { desk } = run([OVER, ANSWER], run(TO_CALL).desk);
    const twice: Event = { type: "answers-sent", answer: bad("survey-given", 409) };
    expect(run([twice], desk).desk.asking?.isDone).toBe(true);
    const away: Event = { type: "answers-sent", answer: bad("no-network", 0) };
    expect(run([away], desk).desk.trouble).toEqual({ code: "no-network", doing: "answer" });
  });
});
