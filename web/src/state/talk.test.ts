// SPDX-License-Identifier: EUPL-1.2
import { describe, expect, it } from "vitest";
import { ERASE, LOST, MAX_T140, NEW_LINE } from "../t140";
import { ANNA, kinds, resumed, run, said, sent, TO_FLOW, TO_WAITING } from "./story";
import { FLUSH_MS, liveLine, MAX_LINES } from "./talk";
import type { Event, State } from "./types";

const DUE: Event = { type: "timer", name: "text" };
const OMAR = { ...ANNA, id: "p3", role: "interpreter", name: "Omar" } as const;

function typed(draft: string): Event {
  return { type: "text-typed", draft };
}

function heard(seq: number, t140: string, participant = "p2"): Event {
  return said({ type: "text", participant, seq, t140 });
}

function lines(state: State): string[] {
  return state.talk.lines.map((l) => `${l.from} ${l.state}: ${l.text}`);
}

describe("real-time text that is sent", () => {
  it("goes out 300 ms after the first key, with all that was typed until then", () => {
    const first = run([...TO_FLOW, typed("h")]);
    expect(first.effects).toEqual([{ do: "timer", name: "text", ms: FLUSH_MS }]);
    expect(FLUSH_MS).toBeLessThan(500);
    const more = run([typed("he"), typed("hej")], first.state);
    expect(more.effects).toEqual([]);
    const due = run([DUE], more.state);
    expect(sent(due.effects)).toEqual([{ type: "text", seq: 0, t140: "hej" }]);
    const next = run([typed("ha"), DUE], due.state);
    expect(sent(next.effects)).toEqual([{ type: "text", seq: 1, t140: `${ERASE}${ERASE}a` }]);
  });

  it("ends its line at once", () => {
    const { state, effects } = run([...TO_FLOW, typed("hej"), { type: "text-entered", id: "m" }]);
    expect(sent(effects)).toEqual([{ type: "text", seq: 0, t140: `hej${NEW_LINE}` }]);
    expect(state.talk.draft).toBe("");
    expect(lines(state)).toEqual(["p1 done: hej"]);
  });

  it("waits while the websocket is gone and loses nothing", () => {
    const away = run([...TO_FLOW, typed("a"), { type: "signal-lost" }, DUE, typed("ab")]);
    expect(sent(away.effects)).toEqual([]);
    const back = run([{ type: "signal-open" }, resumed(true)], away.state);
    expect(sent(back.effects)).toContainEqual({ type: "text", seq: 0, t140: "ab" });
  });

  it("goes in parts that the server takes", () => {
    const { state, effects } = run([...TO_FLOW, typed("x".repeat(MAX_T140 + 10)), DUE]);
    expect(sent(effects)).toEqual([{ type: "text", seq: 0, t140: "x".repeat(MAX_T140) }]);
    expect(kinds(effects)).toContain("timer");
    expect(sent(run([DUE], state).effects)).toEqual([
      { type: "text", seq: 1, t140: "x".repeat(10) },
    ]);
  });
});

describe("real-time text that comes", () => {
  it("grows as it is typed, by several people at a time", () => {
    const { state } = run([
      ...TO_FLOW,
      said({ type: "participant-joined", participant: OMAR }),
      heard(0, "Hur m"),
      heard(0, "Ella", "p3"),
      heard(1, "år du?"),
      heard(1, `${ERASE}sa`, "p3"),
    ]);
    expect(lines(state)).toEqual(["p2 live: Hur mår du?", "p3 live: Ellsa"]);
    const done = run([heard(2, NEW_LINE)], state);
    expect(lines(done.state)).toEqual(["p2 done: Hur mår du?", "p3 live: Ellsa"]);
    expect(done.state.talk.lines[0]).toMatchObject({ name: "Anna Berg", role: "clinician" });
  });

  it("shows what was lost, and not what was begun anew", () => {
    const { state } = run([...TO_FLOW, heard(4, "ett "), heard(6, "tre")]);
    expect(lines(state)).toEqual([`p2 live: ett ${LOST}tre`]);
    const anew = run([heard(0, "!")], state);
    expect(lines(anew.state)).toEqual([`p2 live: ett ${LOST}tre!`]);
    expect(lines(run([heard(1, "?")], anew.state).state)).toEqual([`p2 live: ett ${LOST}tre!?`]);
  });

  it("is announced when the panel is closed, once a line", () => {
    const first = run([...TO_FLOW, heard(0, "H")]);
    expect(first.effects).toEqual([
      { do: "announce", what: { key: "writes", name: "Anna Berg" }, urgent: false },
    ]);
    expect(run([heard(1, "e")], first.state).effects).toEqual([]);
    expect(first.state.talk.unread).toBe(1);
    const opened = run([{ type: "talk-opened", open: true }, heard(1, "e")], first.state);
    expect(opened.state.talk.unread).toBe(0);
  });

  it("vanishes when all of a line is erased, and stays when its writer leaves", () => {
    const { state } = run([...TO_FLOW, heard(0, "ab")]);
    expect(lines(run([heard(1, ERASE + ERASE)], state).state)).toEqual([]);
    const left = run(
      [said({ type: "participant-left", participant: "p2", reason: "left" })],
      state,
    );
    expect(lines(left.state)).toEqual(["p2 done: ab"]);
    expect(liveLine(left.state.talk, "p2")).toBeUndefined();
  });

  it("of nobody who is here is dropped, and so is one's own", () => {
    expect(run([...TO_FLOW, heard(0, "x", "p9"), heard(0, "x", "p1")]).state.talk.lines).toEqual(
      [],
    );
  });

  it("is capped", () => {
    const many = Array.from({ length: MAX_LINES + 20 }, (_, i) => heard(i, `${i}${NEW_LINE}`));
    const { state } = run([...TO_FLOW, ...many]);
    expect(state.talk.lines).toHaveLength(MAX_LINES);
    expect(state.talk.lines[MAX_LINES - 1]?.text).toBe(String(MAX_LINES + 19));
  });
});

describe("whole messages", () => {
  const WHOLE: Event = { type: "talk-whole", whole: true };

  it("are sent when they are finished, and known to be sent when they come back", () => {
    const { state, effects } = run([
      ...TO_FLOW,
      WHOLE,
      typed("Hej på dig"),
      { type: "text-entered", id: "m1" },
    ]);
    expect(sent(effects)).toEqual([{ type: "chat", id: "m1", text: "Hej på dig" }]);
    expect(lines(state)).toEqual(["p1 sending: Hej på dig"]);
    const echo = said({ type: "chat", participant: "p1", id: "m1", text: "Hej på dig" });
    expect(lines(run([echo], state).state)).toEqual(["p1 done: Hej på dig"]);
  });

  it("are sent again after a loss of contact, until they come back", () => {
    const lost = run([
      ...TO_FLOW,
      WHOLE,
      typed("x"),
      { type: "signal-lost" },
      { type: "text-entered", id: "m1" },
    ]);
    expect(sent(lost.effects)).toEqual([]);
    const back = run([{ type: "signal-open" }, resumed(true)], lost.state);
    expect(sent(back.effects)).toContainEqual({ type: "chat", id: "m1", text: "x" });
  });

  it("take back what had been shown letter by letter, and the other way round", () => {
    const { state, effects } = run([...TO_FLOW, typed("he"), DUE, WHOLE]);
    expect(sent(effects)).toEqual([{ type: "text", seq: 1, t140: ERASE + ERASE }]);
    expect(state.talk.draft).toBe("he");
    const back = run([{ type: "talk-whole", whole: false }, DUE], state);
    expect(sent(back.effects)).toEqual([{ type: "text", seq: 2, t140: "he" }]);
  });

  it("are what one has in the queue, to the clinic", () => {
    const { state, effects } = run([
      ...TO_WAITING,
      typed("Jag är sen"),
      { type: "text-entered", id: "m1" },
    ]);
    expect(sent(effects)).toEqual([{ type: "chat", id: "m1", text: "Jag är sen" }]);
    expect(state.talk.unsent).toBe("");
  });

  it("who waits reads what the clinic answers, although it knows nobody there yet", () => {
    const answer = said({ type: "chat", participant: "p2", id: "m2", text: "Jag kommer strax." });
    const { state, effects } = run([...TO_WAITING, answer]);
    expect(lines(state)).toEqual(["p2 done: Jag kommer strax."]);
    expect(kinds(effects)).toContain("announce");
  });

  it("are gone with the visit", () => {
    const { state } = run([...TO_FLOW, heard(0, "x"), said({ type: "ended", reason: "ended" })]);
    expect(state.talk.lines).toEqual([]);
  });
});
