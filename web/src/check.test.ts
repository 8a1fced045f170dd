// SPDX-License-Identifier: EUPL-1.2
import { describe, expect, it } from "vitest";
import { type Figures, figuresOf, judged, NOTHING, type Sample } from "./check";
import { sampleOf } from "./probe";
import { checkBegin } from "./state/check";
import { kinds, run, sent, TO_CALL, TO_PREVIEW } from "./state/story";
import type { Event } from "./state/types";

const FIBRE: Figures = {
  up_kbps: 3000,
  down_kbps: 8000,
  loss_percent: 0,
  jitter_ms: 3,
  rtt_ms: 20,
  rtt_loaded_ms: 40,
  transport: "udp",
};

function verdicts(change: Partial<Figures>): string {
  return Object.values(judged({ ...FIBRE, ...change }).verdicts).join(" ");
}

describe("verdicts: talk, sign, skin, movement, auscultation", () => {
  it.each([
    ["a good link", {}, "good good good good good"],
    ["4G at the edge", { up_kbps: 250, down_kbps: 900 }, "poor poor poor no poor"],
    ["a thin copper line", { up_kbps: 90, down_kbps: 400 }, "poor no no no no"],
    ["nearly nothing", { up_kbps: 40, down_kbps: 40 }, "no no no no no"],
    ["fine for talking, not for movement", { up_kbps: 340 }, "good poor poor no good"],
    ["a satellite", { rtt_ms: 600, rtt_loaded_ms: 700 }, "poor poor good poor poor"],
    ["loss that lungs do not survive", { loss_percent: 5 }, "poor poor good poor poor"],
    ["jitter", { jitter_ms: 80 }, "poor poor good poor poor"],
    ["a full queue", { rtt_loaded_ms: 1300 }, "no no poor no no"],
    ["no way through", { transport: "none" }, "no no no no no"],
  ] as const)("of %s", (_what, change, wanted) => expect(verdicts(change)).toBe(wanted));

  it("of nothing are no", () => {
    expect(new Set(Object.values(judged(NOTHING).verdicts))).toEqual(new Set(["no"]));
  });
});

function sample(at: number, change: Partial<Sample> = {}): Sample {
  return {
    at,
    sentBytes: at * 50,
    receivedBytes: at * 25,
    packets: at / 10,
    lost: 0,
    jitterMs: 10,
    rttMs: 50,
    upKbps: null,
    transport: "udp",
    ...change,
  };
}

describe("figures", () => {
  it("are rates over two seconds, times idle and loaded, and loss of all", () => {
    const samples = Array.from({ length: 21 }, (_, i) =>
      sample(i * 500, { rttMs: i < 10 ? 50 : 240, lost: i < 10 ? 0 : 10 }),
    );
    expect(figuresOf(samples, { down_kbps: null, up_kbps: null })).toEqual({
      up_kbps: 400,
      down_kbps: 200,
      loss_percent: 1,
      jitter_ms: 10,
      rtt_ms: 50,
      rtt_loaded_ms: 240,
      transport: "udp",
    });
  });

  it("take what browser and server know of the link where that is more", () => {
    const samples = [sample(500), sample(1500), sample(2500, { upKbps: 1200 })];
    const figures = figuresOf(samples, { down_kbps: 2500, up_kbps: 300 });
    expect([figures.up_kbps, figures.down_kbps]).toEqual([1200, 2500]);
  });

  it("of a link that carried nothing back are none", () => {
    const still = [sample(500, { packets: 3 }), sample(5000, { packets: 3 })];
    expect(figuresOf(still, { down_kbps: null, up_kbps: null })).toBe(NOTHING);
    expect(figuresOf([], { down_kbps: null, up_kbps: null })).toBe(NOTHING);
  });

  it("are read from the statistics of a browser", () => {
    const reports = [
      {
        type: "candidate-pair",
        nominated: true,
        bytesSent: 900,
        bytesReceived: 800,
        currentRoundTripTime: 0.03,
        availableOutgoingBitrate: 640000,
        localCandidateId: "L",
      },
      { type: "candidate-pair", nominated: false, bytesSent: 7 },
      { type: "local-candidate", id: "L", protocol: "udp" },
      { type: "inbound-rtp", kind: "audio", packetsReceived: 40, packetsLost: 1, jitter: 0.012 },
      { type: "inbound-rtp", kind: "video", packetsReceived: 60, packetsLost: 2, jitter: 0.2 },
      { type: "remote-inbound-rtp", packetsLost: 3, roundTripTime: 0.05 },
      { type: "codec" },
    ];
    expect(sampleOf(reports, 7)).toEqual({
      at: 7,
      sentBytes: 900,
      receivedBytes: 800,
      packets: 100,
      lost: 6,
      jitterMs: 12,
      rttMs: 50,
      upKbps: 640,
      transport: "udp",
    });
    expect(sampleOf([], 0)).toMatchObject({ transport: "none", rttMs: null, upKbps: null });
  });
});

describe("the check", () => {
  const DONE: Event = { type: "check-done", figures: FIBRE, at: 1000 };

  it("looks what visit it is, then measures, and is remembered", () => {
    const looking = run([...TO_PREVIEW, { type: "check-begun", measures: false }]);
    expect(looking.effects).toEqual([{ do: "check-begin", token: "tok", measures: false }]);
    const visit = {
      id: "c1",
      title: "",
      unit: "S",
      planned: "2026-11-26T10:00:00Z",
      role: "patient",
    } as const;
    const known = run([{ type: "check-visit", visit }], looking.state);
    expect(known.state.visit).toEqual(visit);
    expect(known.state.check.status).toBe("none");
    const { state, effects } = run(
      [{ type: "check-pressed" }, { type: "check-progress", progress: 0.5 }, DONE],
      known.state,
    );
    expect(state.check).toMatchObject({ status: "done", at: 1000, progress: 1 });
    expect(kinds(effects)).toEqual(["keep-check", "announce"]);
  });

  it("stops when the person goes in, and never begins in a visit", () => {
    const { state, effects } = run([
      ...TO_PREVIEW,
      { type: "check-pressed" },
      { type: "join-pressed" },
    ]);
    expect(kinds(effects)).toContain("check-stop");
    expect(state.check.status).toBe("none");
    expect(run([DONE], state).state.check.result).toBeNull();
    const call = run(TO_CALL).state;
    expect(checkBegin(call, true).effects).toEqual([]);
  });

  it("tells of a link that leads nowhere before the button is pressed", () => {
    const looking = run([...TO_PREVIEW, { type: "check-begun", measures: false }]).state;
    const unknown = run([{ type: "check-failed", code: "token-unknown" }], looking);
    expect(unknown.state.phase).toEqual({ name: "problem", problem: "link-unknown" });
    const over = run([{ type: "check-failed", code: "consultation-ended" }], looking);
    expect(over.state.phase).toEqual({ name: "ended", reason: "ended" });
    const lost = run([{ type: "check-failed", code: null }], looking);
    expect(lost.state.phase.name).toBe("preview");
    expect(sent(lost.effects)).toEqual([]);
  });

  it("keeps an earlier result when there is no contact", () => {
    const remembered = { at: 5, result: judged(FIBRE), hears: true };
    const { state } = run([
      ...TO_PREVIEW,
      { type: "check-remembered", remembered },
      { type: "check-pressed" },
      { type: "check-failed", code: null },
    ]);
    expect(state.check).toMatchObject({ status: "failed", result: remembered.result, hears: true });
  });
});
