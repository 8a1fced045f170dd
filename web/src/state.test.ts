// SPDX-License-Identifier: EUPL-1.2
import { describe, expect, it } from "vitest";
import { NOTHING } from "./check";
import type { Participant, ServerMessage } from "./protocol";
import { transition } from "./state";
import {
  ANNA,
  JOINED,
  kinds,
  QUEUE,
  resumed,
  run,
  said,
  sent,
  start,
  TO_CALL,
  TO_FLOW,
  TO_JOINING,
  TO_PREVIEW,
  TO_WAITING,
  WAITING_SELF,
  WELCOME,
} from "./state/story";
import type { Event, LocalDevice, State } from "./state/types";

describe("joining", () => {
  it("asks for both devices at once", () => {
    const { state, effects } = run([start(false)]);
    expect(state.phase).toEqual({ name: "preview" });
    expect(effects).toEqual([
      { do: "devices-open", sources: ["microphone", "camera"] },
      { do: "peer-prepare", slots: { audio: 3, video: 3 }, fresh: false },
    ]);
  });

  it("joins with the token, then says what is muted and opens a connection", () => {
    expect(kinds(run(TO_JOINING).effects)).toEqual(["connect"]);
    const open = run([...TO_JOINING, { type: "signal-open" }]);
    expect(sent(open.effects)).toEqual([{ type: "join", v: 1, token: "tok" }]);
    const { state, effects } = run([JOINED], open.state);
    expect(state.phase.name).toBe("call");
    expect(sent(effects)).toEqual([
      { type: "mute", source: "microphone", muted: false },
      { type: "mute", source: "camera", muted: false },
    ]);
    expect(effects).toContainEqual({
      do: "peer-open",
      slots: { audio: 3, video: 3 },
      fresh: false,
    });
    expect(effects).toContainEqual({
      do: "keep-seat",
      seat: { token: "tok", resume: "r1", microphoneMuted: false, cameraMuted: false },
    });
  });

  it("joins without any device, and says so", () => {
    const { effects } = run([
      start(false),
      { type: "device-failed", source: "microphone", problem: "denied" },
      { type: "device-failed", source: "camera", problem: "missing" },
      { type: "join-pressed" },
      { type: "signal-open" },
      JOINED,
    ]);
    expect(sent(effects)).toEqual([
      { type: "mute", source: "microphone", muted: true },
      { type: "mute", source: "camera", muted: true },
    ]);
  });

  it("tells the server when a device comes late", () => {
    const { state } = run([
      start(false),
      { type: "join-pressed" },
      { type: "signal-open" },
      JOINED,
    ]);
    const late = run([{ type: "device-opened", source: "camera", id: "c" }], state);
    expect(sent(late.effects)).toEqual([{ type: "mute", source: "camera", muted: false }]);
  });

  it("comes back after a reload without a click, as muted as before", () => {
    const { state, effects } = run([start(true)]);
    expect(state.phase).toEqual({ name: "joining", returning: true });
    expect(effects).toEqual([
      { do: "connect" },
      { do: "devices-open", sources: ["microphone"] },
      { do: "peer-prepare", slots: { audio: 3, video: 3 }, fresh: true },
    ]);
    const open = run([{ type: "signal-open" }], state);
    expect(sent(open.effects)).toEqual([{ type: "resume", v: 1, resume: "r0" }]);
    const back = run([resumed(true)], open.state);
    expect(back.effects).toContainEqual({
      do: "peer-open",
      slots: WELCOME.slots,
      fresh: true,
    });
    const heard = run([{ type: "device-opened", source: "microphone", id: "m" }], back.state);
    expect(heard.effects).toContainEqual({ do: "microphone-enable", on: false });
    expect(sent(heard.effects)).toEqual([]);
  });

  it("does not take the seat of another link", () => {
    const event = start(true);
    const other = event.type === "start" ? { ...event, token: "another" } : event;
    expect(run([other]).state.phase.name).toBe("preview");
  });

  it("prepares anew on another network", () => {
    const { effects } = run([...TO_PREVIEW, { type: "network-changed" }]);
    expect(kinds(effects)).toEqual(["peer-prepare"]);
  });

  it("goes back to the preview when cancelled", () => {
    const { state, effects } = run([...TO_JOINING, { type: "cancel-pressed" }]);
    expect(state.phase.name).toBe("preview");
    expect(kinds(effects)).toContain("disconnect");
    expect(state.local.camera.status).toBe("on");
  });

  it("explains a link without a token and a browser that cannot", () => {
    const bare: Event = { type: "start", token: "", seat: null, problem: null };
    expect(run([bare]).state.phase).toEqual({ name: "problem", problem: "no-token" });
    const old: Event = { type: "start", token: "tok", seat: null, problem: "browser-old" };
    const { state, effects } = run([old]);
    expect(state.phase).toEqual({ name: "problem", problem: "browser-old" });
    expect(effects).toEqual([]);
  });
});

describe("own devices", () => {
  it("mutes the microphone without letting go of it", () => {
    const { state, effects } = run([...TO_CALL, { type: "mute-pressed", source: "microphone" }]);
    expect(state.local.microphone).toMatchObject({ status: "on", muted: true });
    expect(effects).toContainEqual({ do: "microphone-enable", on: false });
    expect(sent(effects)).toEqual([{ type: "mute", source: "microphone", muted: true }]);
    const back = run([{ type: "mute-pressed", source: "microphone" }], state);
    expect(sent(back.effects)).toEqual([{ type: "mute", source: "microphone", muted: false }]);
  });

  it("closes the camera when it is off and says it is on only when it is", () => {
    const off = run([...TO_CALL, { type: "mute-pressed", source: "camera" }]);
    expect(kinds(off.effects)).toContain("device-close");
    expect(sent(off.effects)).toEqual([{ type: "mute", source: "camera", muted: true }]);
    const asked = run([{ type: "mute-pressed", source: "camera" }], off.state);
    expect(asked.effects).toContainEqual({ do: "devices-open", sources: ["camera"] });
    expect(sent(asked.effects)).toEqual([]);
    const on = run([{ type: "device-opened", source: "camera", id: "c" }], asked.state);
    expect(sent(on.effects)).toEqual([{ type: "mute", source: "camera", muted: false }]);
  });

  it("closes a camera that comes when it is no longer wanted", () => {
    const { effects } = run([
      start(false),
      { type: "mute-pressed", source: "camera" },
      { type: "device-opened", source: "camera", id: "c" },
    ]);
    expect(effects).toContainEqual({ do: "device-close", source: "camera" });
    const late = run([
      ...TO_CALL,
      { type: "leave-pressed" },
      { type: "device-opened", source: "microphone", id: "m" },
    ]);
    expect(late.effects).toContainEqual({ do: "device-close", source: "microphone" });
  });

  it("looks for another device when one is unplugged, and says so meanwhile", () => {
    const { state, effects } = run([...TO_CALL, { type: "device-lost", source: "microphone" }]);
    expect(sent(effects)).toEqual([{ type: "mute", source: "microphone", muted: true }]);
    expect(effects).toContainEqual({ do: "devices-open", sources: ["microphone"] });
    const gone = run([{ type: "device-failed", source: "microphone", problem: "missing" }], state);
    expect(gone.effects).toContainEqual({
      do: "announce",
      what: { key: "device-problem", source: "microphone" },
      urgent: true,
    });
  });

  it("keeps what was muted for a reload", () => {
    const { effects } = run([...TO_CALL, { type: "mute-pressed", source: "microphone" }]);
    expect(effects).toContainEqual({
      do: "keep-seat",
      seat: { token: "tok", resume: "r1", microphoneMuted: true, cameraMuted: false },
    });
  });

  it("tries denied devices again when asked to", () => {
    const { effects } = run([
      start(false),
      { type: "device-failed", source: "microphone", problem: "denied" },
      { type: "device-failed", source: "camera", problem: "denied" },
      { type: "retry-devices-pressed" },
    ]);
    expect(effects).toEqual([{ do: "devices-open", sources: ["microphone", "camera"] }]);
  });
});

describe("who is here", () => {
  const omar: Participant = { ...ANNA, id: "p3", name: "Omar", role: "interpreter" };

  it("comes, changes, speaks and goes", () => {
    let { state, effects } = run([
      ...TO_FLOW,
      said({ type: "participant-joined", participant: omar }),
    ]);
    expect(effects).toEqual([
      {
        do: "announce",
        what: { key: "joined", name: "Omar", role: "interpreter" },
        urgent: false,
      },
    ]);
    ({ state, effects } = run(
      [said({ type: "participant-updated", participant: { ...omar, link: "away" } })],
      state,
    ));
    expect(effects).toEqual([
      { do: "announce", what: { key: "away", name: "Omar" }, urgent: false },
    ]);
    ({ state, effects } = run([said({ type: "participant-updated", participant: omar })], state));
    expect(effects).toEqual([
      { do: "announce", what: { key: "back", name: "Omar" }, urgent: false },
    ]);
    ({ state } = run([said({ type: "speaking", participant: "p3", speaking: true })], state));
    expect(state.room?.participants.find((p) => p.id === "p3")?.speaking).toBe(true);
    const slots = [{ mid: "4", participant: "p3", source: "camera" }] as const;
    ({ state } = run([said({ type: "slots", slots })], state));
    ({ state, effects } = run(
      [said({ type: "participant-left", participant: "p3", reason: "lost" })],
      state,
    ));
    expect(state.room?.participants).toEqual([ANNA]);
    expect(state.room?.lastGone).toEqual({ name: "Omar", lost: true });
    expect(state.room?.slots).toEqual([{ mid: "4", participant: null, source: null }]);
    expect(effects).toEqual([
      { do: "announce", what: { key: "lost", name: "Omar" }, urgent: false },
    ]);
  });

  it("knows oneself from the others", () => {
    const { state } = run([
      ...TO_FLOW,
      said({ type: "speaking", participant: "p1", speaking: true }),
      said({ type: "participant-updated", participant: { ...ANNA, id: "p1" } }),
      said({
        type: "quality",
        participants: [
          {
            id: "p1",
            level: "poor",
            rtt_ms: null,
            loss_percent: 12,
            down_kbps: null,
            up_kbps: null,
          },
        ],
      }),
    ]);
    expect(state.room?.selfSpeaking).toBe(true);
    expect(state.room?.participants).toEqual([ANNA]);
    expect(state.room?.quality["p1"]?.level).toBe("poor");
  });

  it("asks for more lines, never for fewer", () => {
    const { effects } = run([...TO_FLOW, said({ type: "need-slots", audio: 2, video: 5 })]);
    expect(effects).toEqual([{ do: "peer-slots", slots: { audio: 3, video: 5 } }]);
  });
});

describe("the end", () => {
  it("says goodbye, lets everything go and remembers no seat", () => {
    const { state, effects } = run([...TO_FLOW, { type: "leave-pressed" }]);
    expect(state.phase).toEqual({ name: "ended", reason: "left" });
    expect(sent(effects)).toEqual([{ type: "leave" }]);
    expect(kinds(effects)).toEqual(
      expect.arrayContaining(["disconnect", "peer-close", "drop-seat", "device-close"]),
    );
    expect(kinds(effects).indexOf("send")).toBeLessThan(kinds(effects).indexOf("disconnect"));
    expect(state.room).toBeNull();
  });

  it.each(["ended", "replaced", "removed"] as const)("tells that it was %s", (reason) => {
    const { state, effects } = run([...TO_FLOW, said({ type: "ended", reason })]);
    expect(state.phase).toEqual({ name: "ended", reason });
    expect(kinds(effects)).toContain("drop-seat");
    expect(sent(effects)).toEqual([]);
  });

  it("takes a replaced call back, by the link", () => {
    const { state, effects } = run([
      ...TO_FLOW,
      said({ type: "ended", reason: "replaced" }),
      { type: "return-pressed" },
    ]);
    expect(state.phase).toEqual({ name: "joining", returning: true });
    expect(kinds(effects)).toContain("devices-open");
    const open = run([{ type: "signal-open" }], state);
    expect(sent(open.effects)).toEqual([{ type: "join", v: 1, token: "tok" }]);
    expect(run([JOINED], open.state).effects).toContainEqual({
      do: "peer-open",
      slots: WELCOME.slots,
      fresh: true,
    });
  });

  it("offers no way back into a consultation that is over", () => {
    const { state } = run([
      ...TO_FLOW,
      said({ type: "ended", reason: "ended" }),
      { type: "return-pressed" },
    ]);
    expect(state.phase.name).toBe("ended");
  });

  it.each([
    ["token-unknown", { name: "problem", problem: "link-unknown" }],
    ["consultation-ended", { name: "ended", reason: "ended" }],
    ["server-full", { name: "problem", problem: "server-full" }],
    ["version", { name: "problem", problem: "version" }],
  ])("explains %s", (code, phase) => {
    const error = said({ type: "error", code, message: "", fatal: true, of: "join" });
    const { state, effects } = run([...TO_JOINING, { type: "signal-open" }, error]);
    expect(state.phase).toEqual(phase);
    expect(kinds(effects)).toContain("disconnect");
  });

  it("tries a full server again by itself", () => {
    const full = said({ type: "error", code: "server-full", message: "", fatal: true, of: "join" });
    const refused = run([...TO_JOINING, { type: "signal-open" }, full]);
    expect(refused.effects).toContainEqual({ do: "timer", name: "retry-full", ms: 15000 });
    const again = run([{ type: "timer", name: "retry-full" }], refused.state);
    expect(kinds(again.effects)).toContain("connect");
  });

  it.each(["try-again", "timeout", "too-many-messages"])("keeps trying after %s", (code) => {
    const error = said({ type: "error", code, message: "", fatal: true, of: null });
    const { state, effects } = run([...TO_JOINING, { type: "signal-open" }, error]);
    expect(state.phase.name).toBe("joining");
    expect(effects).toEqual([{ do: "reconnect-in", ms: 3000 }]);
  });
});

// Every state that a few events reach, with every event: what must hold in all of them.
describe("every state with every event", () => {
  const problems = ["denied", "missing", "busy", "failed"] as const;
  const sources = ["microphone", "camera"] as const;
  const messages: readonly ServerMessage[] = [
    { type: "joined", resume: "r1", ...WELCOME },
    { type: "resumed", resume: "r2", media: true, ...WELCOME },
    { type: "resumed", resume: "r2", media: false, ...WELCOME },
    { type: "answer", seq: 1, sdp: "v=0" },
    { type: "slots", slots: [{ mid: "2", participant: "p2", source: "camera" }] },
    { type: "need-slots", audio: 5, video: 5 },
    { type: "participant-joined", participant: { ...ANNA, id: "p9" } },
    { type: "participant-updated", participant: { ...ANNA, link: "away" } },
    { type: "participant-left", participant: "p2", reason: "left" },
    { type: "speaking", participant: "p2", speaking: true },
    { type: "quality", participants: [] },
    { type: "pong" },
    { type: "notice", code: "restarting", retry_ms: 2000 },
    { type: "notice", code: "unheard-of", retry_ms: null },
    { type: "media-lost", reason: "expired" },
    { type: "joined", resume: "r1", ...WELCOME, ...WAITING_SELF },
    { type: "resumed", resume: "r2", media: true, ...WELCOME, ...WAITING_SELF },
    { type: "waiting", ...QUEUE },
    { type: "admitted", by: "p2" },
    { type: "held", by: "p2" },
    { type: "private", participants: ["p1", "p2"] },
    { type: "private", participants: [], outside: true },
    { type: "code-needed", sent_to: "12 34" },
    { type: "ask", id: "r1", act: "still", from: "p2" },
    { type: "still-ack", from: "p2", id: "r1", seq: 0 },
    { type: "pointer", from: "p2", participant: "p1", x: 0.5, y: 0.5 },
    { type: "signing", participant: "p2", signing: true },
    { type: "text", participant: "p2", seq: 3, t140: "hej" },
    { type: "chat", participant: "p1", id: "m1", text: "hej" },
    { type: "invite", link: "https://vidd.example/#x", name: "Karin" },
    ...(["left", "ended", "replaced", "removed"] as const).map(
      (reason): ServerMessage => ({ type: "ended", reason }),
    ),
    ...[
      "bad-message",
      "version",
      "not-joined",
      "token-unknown",
      "consultation-ended",
      "resume-unknown",
      "bad-sdp",
      "server-full",
      "try-again",
      "too-many-messages",
      "timeout",
      "bad-code",
      "not-admitted",
      "unheard-of",
    ].map((code): ServerMessage => ({ type: "error", code, message: "", fatal: true, of: null })),
  ];
  const events: readonly Event[] = [
    start(false),
    start(true),
    { type: "join-pressed" },
    { type: "cancel-pressed" },
    { type: "leave-pressed" },
    { type: "return-pressed" },
    { type: "retry-devices-pressed" },
    ...sources.flatMap((source): Event[] => [
      { type: "mute-pressed", source },
      { type: "device-chosen", source, id: "x" },
      { type: "device-opened", source, id: "x" },
      { type: "device-lost", source },
      ...problems.map((problem): Event => ({ type: "device-failed", source, problem })),
    ]),
    { type: "device-choices", choices: { microphone: [], camera: [] } },
    { type: "signal-open" },
    { type: "signal-lost" },
    { type: "offer-made", offer: { seq: 1, sdp: "v=0", sources: [] } },
    { type: "peer-connected" },
    { type: "peer-interrupted" },
    { type: "peer-stalled" },
    { type: "peer-failed" },
    { type: "network-changed" },
    { type: "level", level: "poor" },
    { type: "sound-blocked", blocked: true },
    { type: "timer", name: "repair" },
    { type: "timer", name: "signal-told" },
    { type: "timer", name: "retry-full" },
    { type: "timer", name: "text" },
    { type: "check-begun", measures: false },
    { type: "check-pressed" },
    { type: "check-failed", code: "token-unknown" },
    { type: "check-done", figures: NOTHING, at: 1 },
    { type: "code-entered", code: "123456" },
    { type: "number-entered", number: "12345", name: "" },
    { type: "wish-pressed", wish: "call-me" },
    { type: "audio-only-pressed", on: true },
    { type: "audio-only-pressed", on: false },
    { type: "text-typed", draft: "he" },
    { type: "text-entered", id: "m1" },
    { type: "talk-opened", open: true },
    { type: "talk-whole", whole: true },
    { type: "signing-pressed" },
    { type: "invite-pressed", name: "Karin" },
    { type: "consent-pressed", given: true, wording: "w" },
    { type: "still-pressed" },
    { type: "still-taken" },
    { type: "still-send-pressed" },
    { type: "still-progress", arrived: 1, count: 1 },
    { type: "still-failed" },
    { type: "still-closed", wording: "w" },
    { type: "camera-switch-pressed" },
    { type: "lamp-pressed" },
    { type: "survey-pressed" },
    { type: "survey-answered", answer: "yes" },
    ...messages.map(said),
  ];

  function holds(before: State, event: Event): State {
    const { state, effects } = transition(before, event);
    const what = `${before.phase.name} x ${JSON.stringify(event)}`;
    const phase = state.phase.name;
    const isVisit = phase === "call" || phase === "waiting";
    expect(state.room !== null, what).toBe(isVisit);
    expect(state.signal === "open" && !isVisit, what).toBe(false);
    // Whoever waits knows nobody, and nothing asks or points.
    if (phase === "waiting") {
      expect(state.room?.participants, what).toEqual([]);
      expect(state.asked, what).toBeNull();
      expect(state.apart.kind, what).toBe("none");
      expect(state.signing, what).toEqual([]);
      expect(state.pointers, what).toEqual({});
    }
    if (!isVisit) {
      expect(state.talk.lines, what).toEqual([]);
      expect(state.queue, what).toBeNull();
    }
    if (!isVisit && phase !== "joining") {
      expect(state.signal, what).toBe("closed");
      expect(state.resume, what).toBeNull();
      expect(state.media.status, what).toBe("none");
    }
    if (phase === "ended" || phase === "problem") {
      for (const device of [state.local.microphone, state.local.camera] as LocalDevice[]) {
        expect(device.status, what).toBe("off");
      }
    }
    // Before the welcome only the greeting may be said, and nothing after the goodbye.
    if (state.signal !== "open") {
      for (const message of effects.flatMap((e) => (e.do === "send" ? [e.message.type] : []))) {
        expect(["join", "resume", "leave"], what).toContain(message);
      }
    }
    if (effects.some((e) => e.do === "peer-open")) {
      expect(state.signal, what).toBe("open");
      expect(kinds(effects), what).toContain("timer");
    }
    return state;
  }

  it("keeps its invariants three events deep", { timeout: 240_000 }, () => {
    const starts = [TO_PREVIEW, TO_JOINING, TO_WAITING, TO_CALL, TO_FLOW, [start(true)], []].map(
      (lead) => run(lead).state,
    );
    const seen = new Map<string, State>(starts.map((s) => [JSON.stringify(s), s]));
    let edge = [...seen.values()];
    let pairs = 0;
    for (let depth = 0; depth < 3; depth++) {
      const next: State[] = [];
      for (const state of edge) {
        for (const event of events) {
          const after = holds(state, event);
          pairs++;
          const key = JSON.stringify(after);
          if (!seen.has(key) && seen.size < 900) {
            seen.set(key, after);
            next.push(after);
          }
        }
      }
      edge = next;
    }
    expect(pairs).toBeGreaterThan(50000);
  });
});
