// SPDX-License-Identifier: EUPL-1.2
import { describe, expect, it } from "vitest";
import type { Participant, ServerMessage, Slot } from "../protocol";
import { CLEAR } from "../state/sight";
import { WELCOME } from "../state/story";
import type { Room } from "../state/types";
import { delays, delayWord, type Look, lookAt } from "./delay";
import { FITTED, moved, panned, pointAt, zoomed, zoomKey } from "./geometry";
import { bounded, isGap, LIKENESS } from "./profiles";
import { storyOf } from "./story";
import {
  initialTools,
  isInterpreterMissing,
  nextLarge,
  pictures,
  subjectOf,
  type ToolEvent,
  type Tools,
  toolStep,
} from "./tools";

function someone(id: string, change: Partial<Participant> = {}): Participant {
  return { id, role: "patient", name: id, link: "here", muted: [], speaking: false, ...change };
}

function room(participants: readonly Participant[], change: Partial<Room> = {}): Room {
  return {
    consultation: { id: "c1", title: "", mode: "talk" },
    self: { id: "me", role: "clinician", name: "Anna" },
    selfSpeaking: false,
    participants,
    lastGone: null,
    counts: { audio: 3, video: 3 },
    slots: [],
    quality: {},
    sight: CLEAR,
    told: CLEAR,
    ...change,
  };
}

const ELSA = someone("p1");
const ROOM = room([ELSA]);

function run(events: readonly ToolEvent[], from: Tools = initialTools(0)) {
  let step = toolStep(from, { type: "view", id: null });
  for (const event of events) {
    step = toolStep(step.tools, event);
  }
  return step;
}

function heard(message: ServerMessage): ToolEvent {
  return { type: "heard", message, room: ROOM };
}

const ASK: ToolEvent = { type: "ask", id: "r1", act: "still", participant: "p1", name: "p1" };

function consent(id: string, given: boolean, act: "still" | "pointer" = "still"): ToolEvent {
  return heard({ type: "consent", participant: "p1", act, id, given });
}

function part(seq: number, from = "p1"): ToolEvent {
  return heard({
    type: "still",
    from,
    id: "r1",
    bytes: 10,
    seq,
    count: 4,
    data: "AA==",
    sha256: "00",
  });
}

describe("a still", () => {
  it("is asked for, said yes to, comes in parts, and each part is acknowledged", () => {
    expect(run([ASK]).effects).toEqual([
      { do: "say", message: { type: "ask", id: "r1", act: "still", participant: "p1" } },
    ]);
    const step = run([ASK, consent("r1", true), part(0)]);
    expect(step.tools.asks[0]).toMatchObject({ step: "coming", arrived: 1, count: 4 });
    expect(step.effects).toContainEqual({
      do: "say",
      message: { type: "still-ack", id: "r1", seq: 0, to: "p1" },
    });
  });

  it("nobody asked for is neither kept nor acknowledged, from whomever", () => {
    expect(run([part(0)]).effects).toEqual([]);
    expect(run([ASK, part(0, "p2")]).effects).toEqual([]);
    expect(run([ASK, consent("r1", false), part(0)]).effects).toEqual([]);
  });

  it("a no is told, and the answer of somebody else is none", () => {
    expect(run([ASK, consent("r1", false)]).tools.asks[0]?.step).toBe("refused");
    const other = heard({
      type: "consent",
      participant: "p2",
      act: "still",
      id: "r1",
      given: true,
    });
    expect(run([ASK, other]).tools.asks[0]?.step).toBe("asked");
  });

  it("asked anew takes the place of the first", () => {
    const again: ToolEvent = { ...ASK, id: "r2" } as ToolEvent;
    expect(run([ASK, again]).tools.asks.map(({ id }) => id)).toEqual(["r2"]);
  });
});

describe("pointing", () => {
  const POINT: ToolEvent = { type: "point", participant: "p1", point: { x: 0.2, y: 0.3 } };
  const ASKED: ToolEvent = { ...ASK, act: "pointer" } as ToolEvent;

  it("waits for a yes", () => {
    expect(run([POINT]).effects).toEqual([]);
    expect(run([ASKED, consent("r1", false, "pointer"), POINT]).effects).toEqual([]);
    expect(run([ASKED, consent("r1", true, "pointer"), POINT]).effects).toEqual([
      { do: "say", message: { type: "pointer", participant: "p1", x: 0.2, y: 0.3 } },
    ]);
  });

  it("ends for all when it ends", () => {
    const step = run([ASKED, consent("r1", true, "pointer"), POINT, { type: "point-stopped" }]);
    expect(step.effects).toEqual([
      { do: "say", message: { type: "pointer", participant: "p1", x: null, y: null } },
    ]);
  });

  it("a person who leaves takes the yes along", () => {
    const left = heard({ type: "participant-left", participant: "p1", reason: "left" });
    expect(run([ASKED, consent("r1", true, "pointer"), left, POINT]).effects).toEqual([]);
  });

  it("ends when the server began anew, is said so, and is asked for again in one step", () => {
    const joined = heard({ type: "joined", resume: "r2", ...WELCOME });
    const step = run([ASKED, consent("r1", true, "pointer"), POINT, joined]);
    expect(step.tools).toMatchObject({ pointing: null, point: null, pointable: [] });
    const lapsed = expect.objectContaining({ act: "pointer", participant: "p1", step: "lapsed" });
    expect(step.tools.asks).toEqual([lapsed]);
    expect(step.effects).toEqual([
      { do: "aloud", what: { key: "ask", ask: lapsed }, urgent: true },
    ]);
    expect(run([POINT], step.tools).effects).toEqual([]);
    const again = run([{ ...ASKED, id: "r2" } as ToolEvent], step.tools);
    expect(again.tools.asks.map(({ id, step: at }) => [id, at])).toEqual([["r2", "asked"]]);
    // The same server still knows of it.
    const back = heard({ type: "resumed", resume: "r2", media: true, ...WELCOME });
    const kept = run([ASKED, consent("r1", true, "pointer"), back, POINT]);
    expect(kept.effects).toHaveLength(1);
  });
});

describe("wishes", () => {
  const WISH = heard({ type: "wish", participant: "p1", wish: "help" });

  it("are cards, told at once, and once for the same", () => {
    const step = run([WISH]);
    expect(step.effects).toMatchObject([{ do: "aloud", urgent: true }]);
    expect(run([WISH, WISH]).tools.cards).toHaveLength(1);
  });

  it("go when they are answered, and with whom they were of", () => {
    const card = run([WISH]).tools.cards[0];
    expect(run([WISH, { type: "card-closed", key: card?.key ?? -1 }]).tools.cards).toEqual([]);
    const left = heard({ type: "participant-left", participant: "p1", reason: "lost" });
    expect(run([WISH, left]).tools.cards).toEqual([]);
  });
});

describe("pictures", () => {
  const slots: Slot[] = [
    { mid: "1", participant: "p1", source: "camera" },
    { mid: "2", participant: "p1", source: "exam-camera" },
  ];
  const inside = room(
    [ELSA, someone("p2", { role: "relative" }), someone("p3", { admission: "waiting" })],
    {
      slots,
    },
  );

  it("are one for each camera, and a place for whoever shows none; who waits has none", () => {
    expect(pictures(inside)).toEqual([
      { participant: "p1", source: "exam-camera" },
      { participant: "p1", source: "camera" },
      { participant: "p2", source: "camera" },
    ]);
  });

  it("are large in turn, and after the last none is", () => {
    let large = nextLarge(inside, null);
    const seen = [large];
    for (let i = 0; i < 3; i++) {
      large = nextLarge(inside, large);
      seen.push(large);
    }
    expect(seen.map((l) => l?.source ?? null)).toEqual(["exam-camera", "camera", "camera", null]);
  });

  it("an examination is of the patient, or of whoever is there in their stead", () => {
    expect(subjectOf(inside)).toBe("p1");
    expect(subjectOf(room([someone("r", { role: "room" })]))).toBe("r");
    expect(subjectOf(room([someone("t", { role: "interpreter" })]))).toBeNull();
  });
});

describe("the interpreter", () => {
  const needs = { id: "c1", title: "", mode: "talk", needs_interpreter: true } as const;

  it("is missing until one is there, away or not come", () => {
    const omar = someone("t", { role: "interpreter" });
    expect(isInterpreterMissing(room([ELSA], { consultation: needs }))).toBe(true);
    expect(isInterpreterMissing(room([ELSA, omar], { consultation: needs }))).toBe(false);
    const gone = { ...omar, link: "away" } as const;
    expect(isInterpreterMissing(room([ELSA, gone], { consultation: needs }))).toBe(true);
    expect(isInterpreterMissing(ROOM)).toBe(false);
  });
});

describe("a link in words", () => {
  const quality = (change: object) =>
    room([ELSA], {
      quality: {
        p1: {
          id: "p1",
          level: "poor",
          rtt_ms: 50,
          loss_percent: 0,
          up_kbps: 2000,
          down_kbps: 2000,
          ...change,
        },
      },
    });

  it("says the reason that explains most", () => {
    const reason = (r: Room, p = ELSA): string => storyOf(r, p).reason;
    expect(reason(quality({ loss_percent: 8 }))).toBe("loss");
    expect(reason(quality({ rtt_ms: 600 }))).toBe("slow");
    expect(reason(quality({ up_kbps: 90 }))).toBe("thin-up");
    expect(reason(quality({ down_kbps: 90 }))).toBe("thin-down");
    expect(reason(quality({}))).toBe("weak");
    expect(reason(quality({ level: "good", loss_percent: 8 }))).toBe("fine");
    expect(reason(ROOM)).toBe("fine");
    expect(reason(ROOM, { ...ELSA, link: "away" })).toBe("away");
  });

  it("says what was done about it, both ways", () => {
    const r = room([ELSA], {
      slots: [{ mid: "7", participant: "p1", source: "camera" }],
      told: {
        pictures: { "7": "stills" },
        seen: [{ participant: "p1", source: "camera", picture: "none" }],
      },
    });
    expect(storyOf(r, ELSA).deeds).toEqual(["their-stills", "our-none"]);
    expect(storyOf(ROOM, ELSA).deeds).toEqual(["none"]);
  });
});

describe("the delay", () => {
  const look = (seconds: number, samples: number): Look => ({
    rttMs: 40,
    buffers: { a1: { seconds, samples } },
  });
  const r = room([ELSA], {
    slots: [{ mid: "a1", participant: "p1", source: "microphone" }],
    quality: {
      p1: { id: "p1", level: "good", rtt_ms: 120, loss_percent: 0, up_kbps: 1, down_kbps: 1 },
    },
  });

  it("is half of both legs, what the buffer held since the last look, and the devices", () => {
    // 48000 samples held 60 ms each: 48000 x 0.06 s.
    const found = delays(look(100, 1000), look(100 + 2880, 49000), r);
    expect(found["p1"]).toEqual({ ms: 200, networkMs: 80, bufferMs: 60 });
  });

  it("is not told where a part of it is not known", () => {
    expect(delays(look(1, 10), look(1, 10), r)).toEqual({});
    expect(delays(look(1, 10), { ...look(2, 20), rttMs: null }, r)).toEqual({});
    expect(delays(look(1, 10), look(2, 20), { ...r, quality: {} })).toEqual({});
  });

  it("reads the sound lines of a report and the pair in use", () => {
    const report = [
      {
        type: "inbound-rtp",
        kind: "audio",
        mid: "a1",
        jitterBufferDelay: 3,
        jitterBufferEmittedCount: 9,
      },
      { type: "inbound-rtp", kind: "video", mid: "v1", jitterBufferDelay: 3 },
      { type: "candidate-pair", nominated: false, currentRoundTripTime: 9 },
      { type: "candidate-pair", nominated: true, currentRoundTripTime: 0.05 },
    ];
    expect(lookAt(report)).toEqual({ rttMs: 50, buffers: { a1: { seconds: 3, samples: 9 } } });
  });

  it("has a word where people begin to notice, and where it hurts", () => {
    expect([150, 151, 400, 401].map(delayWord)).toEqual(["short", "noticed", "noticed", "long"]);
  });
});

describe("geometry", () => {
  it("a point in a frame is a share of the whole picture, what is cut off included", () => {
    const frame = { width: 400, height: 400 };
    const picture = { width: 800, height: 400 };
    expect(pointAt(frame, picture, 200, 200)).toEqual({ x: 0.5, y: 0.5 });
    expect(pointAt(frame, picture, 0, 0)).toEqual({ x: 0.25, y: 0 });
    expect(pointAt({ width: 0, height: 0 }, picture, 0, 0)).toBeNull();
  });

  it("arrows move the point, and no further than the edge", () => {
    expect(moved(null, "ArrowRight")?.x).toBeCloseTo(0.52);
    expect(moved({ x: 0.99, y: 0 }, "ArrowRight")?.x).toBe(1);
    expect(moved(null, "a")).toBeNull();
  });

  it("a still is fitted at least, and its edge stays at the frame's", () => {
    expect(zoomed(FITTED, 0.1)).toEqual(FITTED);
    const near = zoomed(FITTED, 4);
    expect(panned(near, 100, -100)).toEqual({ scale: 4, x: 0.875, y: 0.125 });
    expect(panned(FITTED, 1, 1)).toEqual(FITTED);
    expect(zoomed(FITTED, 1e9).scale).toBe(16);
    expect(zoomKey(near, "0")).toEqual(FITTED);
    expect(zoomKey(near, "x")).toBeNull();
  });
});

describe("practice links", () => {
  it("send no more than the likeness, nor more than is asked for", () => {
    const want = {
      mid: "1",
      used: true,
      rids: [],
      max_bps: 90_000,
      ptime_ms: null,
      redundancy: false,
    };
    expect(bounded(want, 150_000).max_bps).toBe(90_000);
    expect(bounded({ ...want, max_bps: null }, 150_000).max_bps).toBe(150_000);
    expect(bounded(want, null)).toBe(want);
  });

  it("have the gaps that they say", () => {
    const gone = Array.from({ length: 10 }, (_, s) => isGap(LIKENESS.dropouts, s));
    expect(gone.filter(Boolean)).toHaveLength(3);
    expect(isGap(LIKENESS.fibre, 9.9)).toBe(false);
  });
});
