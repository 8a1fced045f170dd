// SPDX-License-Identifier: EUPL-1.2
import { describe, expect, it } from "vitest";
import type { ServerMessage } from "../protocol";
import { ANNA, JOINED, kinds, QUEUE, run, said, sent, TO_FLOW, TO_WAITING, WELCOME } from "./story";
import { isAsked, isSurveyDone } from "./survey";
import type { Event } from "./types";
import { asksNumber } from "./visit";

const ADMITTED = said({ type: "admitted", by: "p2", title: "Uppföljning" });
const HELD = said({ type: "held", by: "p2" });
const HERE = said({ type: "participant-joined", participant: ANNA });

function announced(effects: readonly unknown[]): unknown[] {
  return (effects as { do: string; what?: { key: string } }[])
    .filter((e) => e.do === "announce")
    .map((e) => e.what?.key);
}

describe("what is missing of who waits", () => {
  const ASKED = said({ type: "code-needed", sent_to: "•••• 12 34" });
  const LACKS_CODE = said({ type: "waiting", ...QUEUE, lacks: "code", new_code_s: 30 });
  const OVER = said({ type: "waiting", ...QUEUE, lacks: "new-code" });

  it("is said aloud when it changes, though nothing else does", () => {
    const { state, effects } = run([...TO_WAITING, LACKS_CODE]);
    expect(announced(effects)).toEqual(["waiting"]);
    expect(announced(run([LACKS_CODE], state).effects)).toEqual([]);
    expect(announced(run([OVER], state).effects)).toEqual(["waiting"]);
  });

  it("keeps asking for the code as long as the server says that it is missing", () => {
    const typed = run([...TO_WAITING, ASKED, { type: "code-entered", code: "1" }]);
    expect(run([LACKS_CODE], typed.state).state.code?.status).toBe("sent");
    expect(run([OVER], typed.state).state.code).not.toBeNull();
    expect(run([said({ type: "waiting", ...QUEUE })], typed.state).state.code).toBeNull();
  });

  it("asks for another code, and says that it is a new one", () => {
    const { state, effects } = run([...TO_WAITING, ASKED, OVER, { type: "new-code-pressed" }]);
    expect(sent(effects)).toEqual([{ type: "new-code" }]);
    expect(run([ASKED], state).state.code?.status).toBe("new");
    // Also where the first was used up before this page came.
    const late = run([...TO_WAITING, OVER, { type: "new-code-pressed" }, ASKED]);
    expect(late.state.code).toEqual({ sentTo: "•••• 12 34", status: "new" });
    const lost = run([...TO_WAITING, OVER, { type: "signal-lost" }, { type: "new-code-pressed" }]);
    expect(sent(lost.effects)).toEqual([]);
  });

  it("leaves a wrong code wrong when another one is sent for it", () => {
    const wrong = said({ type: "error", code: "bad-code", message: "", fatal: false, of: "code" });
    const { state } = run([...TO_WAITING, ASKED, wrong, ASKED]);
    expect(state.code?.status).toBe("wrong");
  });
});

describe("the waiting room", () => {
  it("tells one's place, and says it aloud only when it changes", () => {
    const { state, effects } = run(TO_WAITING);
    expect(state.phase.name).toBe("waiting");
    expect(state.queue).toEqual(QUEUE);
    expect(announced(effects)).toEqual(["waiting"]);
    const same = run([said({ type: "waiting", ...QUEUE, clinician: "busy" })], state);
    expect(same.state.queue?.clinician).toBe("busy");
    expect(announced(same.effects)).toEqual([]);
    const next = run([said({ type: "waiting", ...QUEUE, place: 1, ahead: 0 })], state);
    expect(announced(next.effects)).toEqual(["waiting"]);
  });

  it("opens the connection already, so that being called in is quick", () => {
    const { effects } = run(TO_WAITING.slice(0, -1));
    expect(kinds(effects)).toContain("peer-open");
  });

  it("calls in with sound, vibration and an urgent word, until it is seen", () => {
    const { state, effects } = run([...TO_WAITING, ADMITTED]);
    expect(state.phase.name).toBe("call");
    expect(state.calledIn).toBe(true);
    expect(kinds(effects)).toContain("call-in");
    expect(effects).toContainEqual({ do: "announce", what: { key: "called-in" }, urgent: true });
    expect(run([{ type: "called-in-seen" }], state).state.calledIn).toBe(false);
    expect(run([{ type: "timer", name: "called-in" }], state).state.calledIn).toBe(false);
  });

  it("calls in also who was away when it happened", () => {
    const back = said({ type: "resumed", resume: "r2", media: true, ...WELCOME });
    const { state, effects } = run([
      ...TO_WAITING,
      { type: "signal-lost" },
      { type: "signal-open" },
      back,
    ]);
    expect(state.calledIn).toBe(true);
    expect(kinds(effects)).toContain("call-in");
  });

  it("puts back outside, where nobody is known any more", () => {
    const inside = run([...TO_WAITING, ADMITTED, HERE]);
    expect(inside.state.room?.participants).toHaveLength(1);
    const { state, effects } = run([HELD], inside.state);
    expect(state.phase.name).toBe("waiting");
    expect(state.room?.participants).toEqual([]);
    expect(effects).toContainEqual({ do: "announce", what: { key: "held" }, urgent: true });
    expect(run([ADMITTED], state).state.phase.name).toBe("call");
  });

  it("drops a question when one is put back in the middle of it", () => {
    const ask = said({ type: "ask", id: "r1", act: "still", from: "p2" });
    const { state, effects } = run([...TO_FLOW, ask, HELD]);
    expect(state.asked).toBeNull();
    expect(kinds(effects)).toContain("still-drop");
  });

  it("sends wishes and remembers that they were said", () => {
    const { state, effects } = run([...TO_WAITING, { type: "wish-pressed", wish: "call-me" }]);
    expect(sent(effects)).toEqual([{ type: "wish", wish: "call-me" }]);
    expect(state.wishes).toEqual(["call-me"]);
  });

  it("can be left, and forgets all of it", () => {
    const { state } = run([...TO_WAITING, { type: "leave-pressed" }]);
    expect(state.phase).toEqual({ name: "ended", reason: "left" });
    expect(state.queue).toBeNull();
    expect(state.visit?.id).toBe("c1");
  });
});

describe("the one-time code", () => {
  const NEEDED = said({ type: "code-needed", sent_to: "•••• 12 34" });

  it("is sent as digits, whatever was pasted", () => {
    const { state, effects } = run([
      ...TO_WAITING,
      NEEDED,
      { type: "code-entered", code: " 123 456\n" },
    ]);
    expect(sent(effects)).toEqual([{ type: "code", code: "123456" }]);
    expect(state.code?.status).toBe("sent");
  });

  it("may be typed again when it was wrong, and is over when it was right", () => {
    const wrong = run([
      ...TO_WAITING,
      NEEDED,
      { type: "code-entered", code: "111111" },
      said({ type: "error", code: "bad-code", message: "", fatal: false, of: "code" }),
    ]);
    expect(wrong.state.code?.status).toBe("wrong");
    expect(announced(wrong.effects)).toEqual(["code"]);
    const still = run([said({ type: "waiting", ...QUEUE, ahead: 0 })], wrong.state);
    expect(still.state.code?.status).toBe("wrong");
    const right = run(
      [{ type: "code-entered", code: "123456" }, said({ type: "waiting", ...QUEUE })],
      wrong.state,
    );
    expect(right.state.code).toBeNull();
  });
});

describe("an interpreter without a name", () => {
  it("is asked for number and name once", () => {
    const welcome = said({
      type: "joined",
      resume: "r1",
      ...WELCOME,
      participants: [],
      self: { id: "p3", role: "interpreter", name: "", admission: "waiting" },
    });
    const { state } = run([...TO_WAITING.slice(0, -2), welcome]);
    expect(asksNumber(state)).toBe(true);
    const typed = run([{ type: "number-entered", number: " 12345 ", name: "Omar" }], state);
    expect(sent(typed.effects)).toEqual([
      { type: "interpreter-number", number: "12345", name: "Omar" },
    ]);
    expect(asksNumber(typed.state)).toBe(false);
    expect(sent(run([{ type: "number-entered", number: " ", name: "" }], state).effects)).toEqual(
      [],
    );
  });
});

describe("a private talk", () => {
  it("is told to those inside and those outside, and when it is over", () => {
    const inside = run([...TO_FLOW, said({ type: "private", participants: ["p1", "p2"] })]);
    expect(inside.state.apart).toEqual({ kind: "inside", with: ["p1", "p2"] });
    const outside = run([...TO_FLOW, said({ type: "private", participants: [], outside: true })]);
    expect(outside.state.apart).toEqual({ kind: "outside" });
    expect(announced(outside.effects)).toEqual(["apart"]);
    const over = run([said({ type: "private", participants: [] })], outside.state);
    expect(over.state.apart).toEqual({ kind: "none" });
  });
});

describe("signing and pointing", () => {
  it("shows who signs, oneself included", () => {
    const { state, effects } = run([...TO_FLOW, { type: "signing-pressed" }]);
    expect(sent(effects)).toEqual([{ type: "signing", signing: true }]);
    expect(state.signing).toEqual(["p1"]);
    const both = run([said({ type: "signing", participant: "p2", signing: true })], state);
    expect(both.state.signing).toEqual(["p1", "p2"]);
    expect(announced(both.effects)).toEqual(["signs"]);
    const gone = run(
      [said({ type: "participant-left", participant: "p2", reason: "left" })],
      both.state,
    );
    expect(gone.state.signing).toEqual(["p1"]);
  });

  it("says once that somebody points at oneself", () => {
    const at = (x: number | null): Event =>
      said({ type: "pointer", from: "p2", participant: "p1", x, y: x });
    const first = run([...TO_FLOW, at(0.2)]);
    expect(announced(first.effects)).toEqual(["pointing"]);
    const second = run([at(0.4)], first.state);
    expect(announced(second.effects)).toEqual([]);
    expect(second.state.pointers).toEqual({ p1: { x: 0.4, y: 0.4 } });
    expect(run([at(null)], second.state).state.pointers).toEqual({});
  });
});

describe("sound alone", () => {
  it("closes pictures both ways and tells the clinician, and opens them again", () => {
    const off = run([...TO_FLOW, { type: "audio-only-pressed", on: true }]);
    expect(off.effects).toContainEqual({ do: "receive-video", on: false });
    expect(off.effects).toContainEqual({ do: "device-close", source: "camera" });
    expect(sent(off.effects)).toContainEqual({ type: "wish", wish: "audio-only" });
    const on = run([{ type: "audio-only-pressed", on: false }], off.state);
    expect(on.effects).toContainEqual({ do: "receive-video", on: true });
    expect(on.effects).toContainEqual({ do: "devices-open", sources: ["camera"] });
  });
});

describe("a still picture", () => {
  const ASK: ServerMessage = { type: "ask", id: "r1", act: "still", from: "p2" };
  const YES: Event = { type: "consent-pressed", given: true, wording: "Bilden skickas." };

  it("goes from yes to arrived, with the words that were read", () => {
    const yes = run([...TO_FLOW, said(ASK), YES]);
    expect(sent(yes.effects)).toEqual([
      { type: "consent", act: "still", id: "r1", given: true, wording: "Bilden skickas." },
    ]);
    expect(yes.state.asked?.step).toBe("aiming");
    const sending = run(
      [{ type: "still-pressed" }, { type: "still-taken" }, { type: "still-send-pressed" }],
      yes.state,
    );
    expect(sending.effects).toEqual([{ do: "still-send", id: "r1", to: "p2", upKbps: 300 }]);
    const half = run([{ type: "still-progress", arrived: 1, count: 2 }], sending.state);
    expect(half.state.asked).toMatchObject({ step: "sending", arrived: 1, count: 2 });
    const done = run([{ type: "still-progress", arrived: 2, count: 2 }], half.state);
    expect(done.state.asked?.step).toBe("sent");
    expect(announced(done.effects)).toEqual(["still"]);
    const closed = run([{ type: "still-closed", wording: "" }], done.state);
    expect(sent(closed.effects)).toEqual([]);
    expect(closed.state.asked).toBeNull();
  });

  it("can be refused, taken anew, and taken back", () => {
    const no = run([
      ...TO_FLOW,
      said(ASK),
      { type: "consent-pressed", given: false, wording: "w" },
    ]);
    expect(no.state.asked).toBeNull();
    expect(sent(no.effects)).toEqual([
      { type: "consent", act: "still", id: "r1", given: false, wording: "w" },
    ]);
    const taken = run([
      ...TO_FLOW,
      said(ASK),
      YES,
      { type: "still-pressed" },
      { type: "still-taken" },
    ]);
    expect(run([{ type: "still-pressed" }], taken.state).state.asked?.step).toBe("aiming");
    const back = run(
      [{ type: "still-send-pressed" }, { type: "still-closed", wording: "w" }],
      taken.state,
    );
    expect(sent(back.effects)).toEqual([
      { type: "consent", act: "still", id: "r1", given: false, wording: "w" },
    ]);
    expect(kinds(back.effects)).toContain("still-drop");
  });

  it("says that it failed, and can be sent again", () => {
    const failed = run([
      ...TO_FLOW,
      said(ASK),
      YES,
      { type: "still-pressed" },
      { type: "still-taken" },
      { type: "still-send-pressed" },
      { type: "still-failed" },
    ]);
    expect(failed.state.asked?.step).toBe("failed");
    const again = run([{ type: "still-send-pressed" }], failed.state);
    expect(kinds(again.effects)).toEqual(["still-send"]);
  });

  it("is asked by nobody who is not here", () => {
    expect(run([...TO_FLOW, said({ ...ASK, from: "p9" })]).state.asked).toBeNull();
  });
});

describe("a relative asked in", () => {
  it("is a wish first and a link then", () => {
    const asked = run([...TO_FLOW, { type: "invite-pressed", name: " Karin " }]);
    expect(sent(asked.effects)).toEqual([
      { type: "invite-request", role: "relative", name: "Karin" },
    ]);
    expect(asked.state.invite).toEqual({ name: "Karin", link: null });
    const came = run([said({ type: "invite", link: "https://v/#x", name: "Karin" })], asked.state);
    expect(came.state.invite).toEqual({ name: "Karin", link: "https://v/#x" });
  });
});

describe("the questions afterwards", () => {
  const ENDED = said({ type: "ended", reason: "ended" });

  it("come one at a time and are sent once, without those passed over", () => {
    const ended = run([...TO_FLOW, ENDED]);
    expect(isAsked(ended.state)).toBe(true);
    const two = run(
      [
        { type: "survey-pressed" },
        { type: "survey-answered", answer: "yes" },
        { type: "survey-answered", answer: null },
      ],
      ended.state,
    );
    expect(kinds(two.effects)).toEqual([]);
    // Not an answer to this question.
    const odd = run([{ type: "survey-answered", answer: "partly" }], two.state);
    expect(odd.state.survey?.step).toBe(2);
    const last = run([{ type: "survey-answered", answer: "unsure" }], two.state);
    expect(last.effects).toEqual([
      {
        do: "survey-send",
        consultation: "c1",
        token: "tok",
        answers: { safe: "yes", travel: "unsure" },
      },
    ]);
    expect(isSurveyDone(last.state)).toBe(true);
    expect(run([{ type: "survey-answered", answer: "no" }], last.state).effects).toEqual([]);
  });

  it("are not sent when all were passed over, nor asked of others than patients", () => {
    const skip: Event = { type: "survey-answered", answer: null };
    const none = run([...TO_FLOW, ENDED, { type: "survey-pressed" }, skip, skip, skip]);
    expect(none.effects).toEqual([]);
    const clinician = said({
      type: "joined",
      resume: "r",
      ...WELCOME,
      self: { id: "p1", role: "clinician", name: "Anna" },
    });
    expect(isAsked(run([...TO_FLOW, clinician, ENDED]).state)).toBe(false);
    const replaced = said({ type: "ended", reason: "replaced" });
    expect(isAsked(run([...TO_FLOW, replaced]).state)).toBe(false);
    expect(JOINED.type).toBe("message");
  });
});
