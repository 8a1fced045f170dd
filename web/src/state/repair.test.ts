// SPDX-License-Identifier: EUPL-1.2
// Interruptions of the websocket and of media, and how each is mended.
import { describe, expect, it } from "vitest";
import { BLOCKED_AFTER } from "./repair";
import { JOINED, kinds, resumed, run, said, sent, TO_FLOW, WELCOME } from "./story";
import type { Event } from "./types";

describe("interruption", () => {
  it("leaves media alone when only the websocket is lost, and tells it only if it lasts", () => {
    const lost = run([...TO_FLOW, { type: "signal-lost" }]);
    expect(lost.state.phase.name).toBe("call");
    expect(lost.effects).toEqual([{ do: "timer", name: "signal-told", ms: 1500 }]);
    const told = run([{ type: "timer", name: "signal-told" }], lost.state);
    expect(told.state.signalTold).toBe(true);
    expect(told.effects).toContainEqual({
      do: "announce",
      what: { key: "signal-lost" },
      urgent: false,
    });
    const again = run([{ type: "signal-lost" }], told.state);
    expect(again.effects).toEqual([]);
    const open = run([{ type: "signal-open" }], again.state);
    expect(sent(open.effects)).toEqual([{ type: "resume", v: 1, resume: "r1" }]);
    const back = run([resumed(true)], open.state);
    expect(kinds(back.effects)).toContain("peer-resync");
    expect(kinds(back.effects)).not.toContain("peer-open");
    expect(back.effects).toContainEqual({
      do: "announce",
      what: { key: "signal-back" },
      urgent: false,
    });
  });

  it("keeps the slots over a resume, until new ones come", () => {
    const slots = [{ mid: "2", participant: "p2", source: "camera" }] as const;
    const { state } = run([
      ...TO_FLOW,
      said({ type: "slots", slots }),
      { type: "signal-lost" },
      { type: "signal-open" },
      resumed(true),
    ]);
    expect(state.room?.slots).toEqual(slots);
  });

  it("joins again, fresh, when the server was restarted", () => {
    const asked = run([
      ...TO_FLOW,
      { type: "signal-lost" },
      { type: "signal-open" },
      said({ type: "error", code: "resume-unknown", message: "", fatal: false, of: "resume" }),
    ]);
    expect(sent(asked.effects)).toEqual([{ type: "join", v: 1, token: "tok" }]);
    const { state, effects } = run([JOINED], asked.state);
    expect(effects).toContainEqual({ do: "peer-open", slots: WELCOME.slots, fresh: true });
    expect(state.media.status).toBe("interrupted");
    expect(run([{ type: "peer-connected" }], state).state.media.status).toBe("flowing");
  });

  it("opens a fresh connection when the server has lost the transport", () => {
    for (const event of [said({ type: "media-lost", reason: "expired" }), resumed(false)]) {
      const before = event.type === "message" && event.message.type === "resumed";
      const lead: readonly Event[] = before
        ? [...TO_FLOW, { type: "signal-lost" }, { type: "signal-open" }]
        : TO_FLOW;
      expect(run([...lead, event]).effects).toContainEqual({
        do: "peer-open",
        slots: WELCOME.slots,
        fresh: true,
      });
    }
  });

  it("waits, restarts, then rebuilds, with growing patience", () => {
    let { state, effects } = run([...TO_FLOW, { type: "peer-interrupted" }]);
    expect(effects).toContainEqual({ do: "timer", name: "repair", ms: 1000 });
    const seen: string[] = [];
    const waits: number[] = [];
    for (let i = 0; i < 6; i++) {
      ({ state, effects } = run([{ type: "timer", name: "repair" }], state));
      seen.push(kinds(effects)[0] ?? "");
      waits.push(...effects.flatMap((e) => (e.do === "timer" ? [e.ms] : [])));
    }
    expect(seen.slice(0, 3)).toEqual(["peer-restart", "peer-restart", "peer-open"]);
    expect(waits).toEqual([4000, 4000, 12000, 20000, 20000, 20000]);
    expect(state.media.repairs).toBeGreaterThanOrEqual(BLOCKED_AFTER);
    const back = run([{ type: "peer-connected" }], state);
    expect(back.state.media).toMatchObject({ status: "flowing", repairs: 0 });
  });

  it("repairs nothing while the websocket is gone, and at once when it is back", () => {
    const lost = run([...TO_FLOW, { type: "peer-interrupted" }, { type: "signal-lost" }]);
    expect(run([{ type: "timer", name: "repair" }], lost.state).effects).toEqual([]);
    const back = run([{ type: "signal-open" }, resumed(true)], lost.state);
    expect(kinds(back.effects)).toContain("peer-restart");
  });

  it("answers repeated failure once, then only by the timer", () => {
    const first = run([...TO_FLOW, { type: "peer-failed" }]);
    expect(kinds(first.effects)).toContain("peer-open");
    expect(run([{ type: "peer-failed" }], first.state).effects).toEqual([]);
    const bad = said({ type: "error", code: "bad-sdp", message: "", fatal: false, of: "offer" });
    expect(run([bad], first.state).effects).toEqual([]);
  });

  it("opens a new websocket and restarts ICE when nothing comes any more", () => {
    const stalled = run([...TO_FLOW, { type: "peer-stalled" }]);
    expect(stalled.state.media.status).toBe("interrupted");
    expect(kinds(stalled.effects)).toEqual(["connect", "timer", "announce"]);
    const open = run([{ type: "signal-open" }], stalled.state);
    expect(sent(open.effects)).toEqual([{ type: "resume", v: 1, resume: "r1" }]);
    const back = run([resumed(true)], open.state);
    expect(kinds(back.effects)).toContain("peer-restart");
    const lost = run([...TO_FLOW, { type: "signal-lost" }, { type: "peer-stalled" }]);
    expect(kinds(lost.effects)).toContain("nudge");
    expect(run([{ type: "peer-stalled" }], stalled.state).effects).toEqual([]);
  });

  it("lets a listener hear nothing for as long as it likes", () => {
    const denied = (["microphone", "camera"] as const).map(
      (source): Event => ({ type: "device-failed", source, problem: "denied" }),
    );
    expect(run([...TO_FLOW, ...denied, { type: "peer-stalled" }]).effects).toEqual([]);
  });

  it("restarts ICE on another network", () => {
    expect(kinds(run([...TO_FLOW, { type: "network-changed" }]).effects)).toEqual([
      "nudge",
      "peer-restart",
    ]);
  });

  it("waits as long as a restarting server asks for", () => {
    const { state, effects } = run([
      ...TO_FLOW,
      said({ type: "notice", code: "restarting", retry_ms: 2000 }),
    ]);
    expect(effects).toContainEqual({ do: "reconnect-in", ms: 2000 });
    expect(state.restarting).toBe(true);
    const back = run(
      [
        { type: "signal-lost" },
        { type: "signal-open" },
        said({ type: "error", code: "resume-unknown", message: "", fatal: false, of: null }),
        JOINED,
        { type: "peer-connected" },
      ],
      state,
    );
    expect(back.state.restarting).toBe(false);
  });

  it("sends no offer that nobody would answer", () => {
    const offer = { seq: 1, sdp: "v=0", sources: [] };
    const lost = run([...TO_FLOW, { type: "signal-lost" }, { type: "offer-made", offer }]);
    expect(lost.effects).toEqual([]);
    const open = run([...TO_FLOW, { type: "offer-made", offer }]);
    expect(sent(open.effects)).toEqual([{ type: "offer", ...offer }]);
  });
});
