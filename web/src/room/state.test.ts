// SPDX-License-Identifier: EUPL-1.2
import { describe, expect, it } from "vitest";
import { readBoard } from "./api";
import { canBegin, initial, transition, wantsTest } from "./state";
import type { Board, Effect, Event, Report, State } from "./types";
import { roomEn } from "./words-en";
import { roomSv } from "./words-sv";

const NOON = new Date(2026, 10, 26, 12, 0, 0).getTime();
const MINUTE = 60_000;

function visitAt(at: number | null): Board["visit"] {
  return {
    id: "c1",
    meet: "Anna Berg",
    planned: at === null ? null : new Date(at).toISOString(),
    minutes: 30,
  };
}

const BOARD: Board = {
  device: "Skärmen",
  place: "Slussfors",
  unit: "Storuman",
  phone: "0951-1",
  help: false,
  tested: new Date(NOON).toISOString(),
  visit: null,
};
const REPORT: Report = {
  cameras: [],
  microphone: { works: false, level_db: -90 },
  encoder: { works: true, fps: 90 },
  link: { works: true, up_kbps: 1, down_kbps: 1, loss_percent: 0, rtt_ms: 1 },
};

function run(events: readonly Event[], from = initial()): { state: State; effects: Effect[] } {
  let state = from;
  const effects: Effect[] = [];
  for (const event of events) {
    const step = transition(state, event);
    state = step.state;
    effects.push(...step.effects);
  }
  return { state, effects };
}

function typed(code: string): Event[] {
  return [...code].map((digit) => ({ type: "digit", digit }));
}

const START: Event = { type: "start", secret: null, hasSeat: false };
const KNOWN: readonly Event[] = [
  { type: "tick", now: NOON },
  { type: "start", secret: "s", hasSeat: false },
];
const READY: readonly Event[] = [
  ...KNOWN,
  { type: "board", board: { ...BOARD, visit: visitAt(NOON + 5 * MINUTE) } },
];
const IN_VISIT: readonly Event[] = [
  ...READY,
  { type: "begin" },
  { type: "confirm" },
  { type: "entered", token: "t" },
];

describe("a screen without a room", () => {
  it("takes eight digits, and no more", () => {
    const { state, effects } = run([START, ...typed("123456789x")]);
    expect(state.phase).toEqual({ name: "enrol", code: "12345678", status: "typing" });
    expect(effects).toEqual([]);
    expect(run([{ type: "enrol" }], state).effects).toEqual([{ do: "enrol", code: "12345678" }]);
  });

  it("sends nothing before there are eight", () => {
    expect(run([START, ...typed("1234567"), { type: "enrol" }]).effects).toEqual([]);
    const { state } = run([START, ...typed("12"), { type: "erase" }, ...typed("3")]);
    expect(state.phase).toMatchObject({ code: "13" });
  });

  it("forgets a wrong code, and keeps one that could not be sent", () => {
    const sent = run([START, ...typed("12345678"), { type: "enrol" }]).state;
    const wrong = run([{ type: "enrol-failed", status: "wrong" }, ...typed("9")], sent).state;
    expect(wrong.phase).toEqual({ name: "enrol", code: "9", status: "typing" });
    const offline = run([{ type: "enrol-failed", status: "offline" }], sent).state;
    expect(offline.phase).toMatchObject({ code: "12345678", status: "offline" });
  });

  it("keeps its secret and goes on to its cameras", () => {
    const { state, effects } = run([
      START,
      ...typed("12345678"),
      { type: "enrol" },
      { type: "enrolled", secret: "s" },
    ]);
    expect(state.phase.name).toBe("setup");
    expect(effects).toContainEqual({ do: "keep", secret: "s" });
  });
});

describe("the board", () => {
  it("lets a visit begin a quarter of an hour before its time", () => {
    const at = (now: number, planned: number | null): boolean =>
      canBegin({ ...run(KNOWN).state, now, board: { ...BOARD, visit: visitAt(planned) } });
    expect(at(NOON, NOON + 15 * MINUTE)).toBe(true);
    expect(at(NOON, NOON + 16 * MINUTE)).toBe(false);
    expect(at(NOON, NOON - 60 * MINUTE)).toBe(true);
    expect(at(NOON, null)).toBe(true);
    expect(canBegin({ ...run(KNOWN).state, board: BOARD })).toBe(false);
  });

  it("asks the server every 20 seconds", () => {
    const ticks = Array.from(
      { length: 60 },
      (_, i): Event => ({
        type: "tick",
        now: NOON + (i + 1) * 1000,
      }),
    );
    const { effects } = run(ticks, run([...KNOWN, { type: "board", board: BOARD }]).state);
    expect(effects.filter((e) => e.do === "look")).toHaveLength(3);
  });

  it("says that there is no contact, until there is", () => {
    const lost = run([{ type: "no-contact" }], run(READY).state).state;
    expect(lost.hasContact).toBe(false);
    expect(lost.board?.visit).not.toBeNull();
    expect(run([{ type: "board", board: BOARD }], lost).state.hasContact).toBe(true);
  });

  it("asks for help and says when it came", () => {
    const asked = run([{ type: "call-help" }], run(READY).state);
    expect(asked.state.phase.name).toBe("help");
    expect(asked.effects).toEqual([{ do: "help", secret: "s", on: true }]);
    const came = run([{ type: "help-came" }], asked.state);
    expect(came.state.phase.name).toBe("idle");
    expect(came.effects).toEqual([{ do: "help", secret: "s", on: false }]);
  });

  it("says that help is answered when the server knew of it and does no more", () => {
    const board = (help: boolean): Event => ({ type: "board", board: { ...BOARD, help } });
    const status = (...events: Event[]) =>
      run([{ type: "call-help" }, ...events], run(READY).state).state.phase;
    // An answer that was under way before the server heard of it.
    expect(status(board(false))).toEqual({ name: "help", status: "asked" });
    expect(status(board(true))).toEqual({ name: "help", status: "known" });
    expect(status(board(true), board(false))).toEqual({ name: "help", status: "answered" });
    expect(status(board(true), board(false), board(true))).toEqual({
      name: "help",
      status: "answered",
    });
  });

  it("whoever needs help while the room tests itself has it", () => {
    const { state, effects } = run([...KNOWN, { type: "test" }, { type: "call-help" }]);
    expect(state.phase.name).toBe("help");
    expect(effects.slice(-2).map((e) => e.do)).toEqual(["stop-test", "help"]);
  });
});

describe("a test that began by itself", () => {
  it("shows what it found for a minute, then begins the page anew", () => {
    const found = run([...KNOWN, { type: "test" }, { type: "tested", report: REPORT }]);
    const at = (ms: number) => run([{ type: "tick", now: NOON + ms }], found.state);
    expect(at(59_000).state.phase.name).toBe("testing");
    expect(at(60_000).state.phase.name).toBe("loading");
    expect(at(60_000).effects).toEqual([{ do: "reload" }]);
  });

  it("does not begin again at once when somebody has stopped it", () => {
    const untested: Event = { type: "board", board: { ...BOARD, tested: null } };
    const began = run([...KNOWN, untested, { type: "tick", now: NOON + 1000 }]);
    expect(began.state.phase.name).toBe("testing");
    const stopped = run([{ type: "back" }, { type: "tick", now: NOON + 2000 }], began.state);
    expect(stopped.state.phase.name).toBe("idle");
    expect(wantsTest({ ...stopped.state, now: NOON + 32 * MINUTE })).toBe(true);
  });

  it("does not end before it has found anything", () => {
    const { state } = run([...KNOWN, { type: "test" }, { type: "tick", now: NOON + 90_000 }]);
    expect(state.phase.name).toBe("testing");
  });
});

describe("the visit", () => {
  it("begins only after it is said to be private", () => {
    const asked = run([...READY, { type: "begin" }]);
    expect(asked.state.phase).toEqual({ name: "privacy", status: "asked" });
    expect(asked.effects.filter((e) => e.do === "enter")).toEqual([]);
    expect(run([{ type: "back" }], asked.state).state.phase.name).toBe("idle");
    const { state, effects } = run(IN_VISIT);
    expect(state.phase.name).toBe("visit");
    expect(effects).toContainEqual({ do: "enter", secret: "s", consultation: "c1" });
    expect(effects).toContainEqual({ do: "join", token: "t" });
  });

  it("is returned to after a reload", () => {
    const { state, effects } = run([{ type: "start", secret: "s", hasSeat: true }]);
    expect(state.phase.name).toBe("visit");
    expect(effects).toContainEqual({ do: "return-to-seat" });
  });

  it("is cleaned away, and the page starts anew", () => {
    const over = run([...IN_VISIT, { type: "visit-over" }]);
    expect(over.state.phase.name).toBe("over");
    expect(over.effects.at(-1)).toEqual({ do: "clean" });
    expect(run([{ type: "tick", now: NOON + 11_999 }], over.state).state.phase.name).toBe("over");
    expect(run([{ type: "tick", now: NOON + 12_000 }], over.state).effects).toEqual([
      { do: "reload" },
    ]);
  });

  it("can be left on the way in, when there is no contact", () => {
    const back = run([...IN_VISIT, { type: "back" }]);
    expect(back.state.phase.name).toBe("loading");
    expect(back.effects.slice(-2)).toEqual([{ do: "clean" }, { do: "reload" }]);
  });

  it("can be tried again when the server did not let us in", () => {
    const failed = run([
      ...READY,
      { type: "begin" },
      { type: "confirm" },
      { type: "enter-failed" },
    ]);
    expect(failed.state.phase).toEqual({ name: "privacy", status: "failed" });
    expect(run([{ type: "confirm" }], failed.state).effects).toHaveLength(1);
  });
});

describe("a revoked screen", () => {
  it("forgets everything and says so", () => {
    const { state, effects } = run([{ type: "revoked" }], run(READY).state);
    expect(state).toMatchObject({ phase: { name: "revoked" }, secret: null, board: null });
    expect(effects).toContainEqual({ do: "forget" });
    expect(run([{ type: "back" }], state).state.phase.name).toBe("enrol");
  });

  it("does not cut a visit short", () => {
    expect(run([{ type: "revoked" }], run(IN_VISIT).state).state.phase.name).toBe("visit");
  });
});

describe("the daily test", () => {
  const YESTERDAY = new Date(NOON - 24 * 3_600_000).toISOString();
  const at = (change: Partial<Board>, now = NOON): boolean =>
    wantsTest({ ...run(KNOWN).state, now, board: { ...BOARD, tested: YESTERDAY, ...change } });

  it("is due once a day, from four in the morning", () => {
    expect(at({})).toBe(true);
    expect(at({ tested: null })).toBe(true);
    expect(at({ tested: new Date(NOON - MINUTE).toISOString() })).toBe(false);
    expect(at({}, new Date(2026, 10, 26, 3, 59).getTime())).toBe(false);
  });

  it("does not disturb whoever is about to come", () => {
    expect(at({ visit: visitAt(NOON + 10 * MINUTE) })).toBe(false);
    expect(at({ visit: visitAt(NOON - 10 * MINUTE) })).toBe(false);
    expect(at({ visit: visitAt(NOON + 30 * MINUTE) })).toBe(true);
  });

  it("tells what it found, unless it was stopped", () => {
    const testing = run([...KNOWN, { type: "board", board: BOARD }, { type: "test" }]);
    expect(testing.effects.at(-1)).toEqual({ do: "test", secret: "s" });
    const found = run([{ type: "tested", report: REPORT }], testing.state);
    expect(found.effects).toEqual([{ do: "report", secret: "s", report: REPORT }]);
    const stopped = run([{ type: "back" }, { type: "tested", report: REPORT }], testing.state);
    expect(stopped.effects).toEqual([{ do: "stop-test" }]);
  });
});

describe("what the server says", () => {
  it("is a board, or nothing", () => {
    const visit = { id: "c", meet: "A", planned: null, minutes: 30 };
    expect(readBoard({ ...BOARD, visit, title: "Hemligt" })).toEqual({ ...BOARD, visit });
    for (const bad of [null, [], "x", { ...BOARD, place: 1 }, { ...BOARD, visit: {} }]) {
      expect(readBoard(bad)).toBeNull();
    }
  });
});

describe("the words", () => {
  it("are there in both languages, and differ", () => {
    const paths = (value: unknown, path: string): [string, unknown][] =>
      typeof value === "object" && value !== null
        ? Object.entries(value).flatMap(([key, item]) => paths(item, `${path}.${key}`))
        : [[path, value]];
    const english = new Map(paths(roomEn, ""));
    for (const [path, text] of paths(roomSv, "")) {
      expect(english.has(path), path).toBe(true);
      if (typeof text === "string" && path !== ".code") {
        expect(text, path).not.toBe("");
        expect(english.get(path), path).not.toBe(text);
      }
    }
  });
});
