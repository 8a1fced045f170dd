// SPDX-License-Identifier: EUPL-1.2
import { describe, expect, it } from "vitest";
import { readEnrolment, readPlaces } from "./places";
import { initial, transition } from "./state";
import { callsOf } from "./state-rooms";
import type { Desk } from "./types";

// As server/place_http.c writes it; tests/e2e/80-room.test.mjs holds it against a running server.
const DEVICE = {
  id: "d1",
  name: "1920 × 1080",
  enrolled: "2026-11-20T10:00:00Z",
  seen: "2026-11-26T10:00:00Z",
  help: null,
  tested: "2026-11-26T04:00:00Z",
  self_test: {
    cameras: [
      { works: true, fps: 30, name: "Rum" },
      { works: false, fps: 0, name: "Hand" },
    ],
    microphone: { works: true, level_db: -21.5 },
    encoder: { works: true, fps: 110.5 },
    link: { works: true, up_kbps: 900, down_kbps: 1200, loss_percent: 0.4, rtt_ms: 48 },
  },
};
const PLACE = {
  id: "r1",
  name: "Slussfors",
  municipality: "Storuman",
  active: true,
  devices: [DEVICE],
};

function read(device: object) {
  const places = readPlaces(JSON.stringify({ places: [{ ...PLACE, devices: [device] }] }));
  return places?.[0]?.devices[0];
}

describe("the health rooms as the server tells of them", () => {
  it("each part of the test by itself", () => {
    const found = read(DEVICE);
    expect(found?.test?.parts).toEqual([
      { kind: "camera", name: "Rum", works: true, fps: 30 },
      { kind: "camera", name: "Hand", works: false, fps: 0 },
      { kind: "microphone", name: "", works: true, fps: null },
      { kind: "encoder", name: "", works: true, fps: 110.5 },
      { kind: "link", name: "", works: true, fps: null },
    ]);
    expect(found?.test?.at).toBe(Date.parse(DEVICE.tested));
    expect([found?.test?.upKbps, found?.help]).toEqual([900, null]);
  });

  it("one that was never tested, and one tested before encoders were", () => {
    expect(read({ ...DEVICE, tested: null, self_test: null })?.test).toBeNull();
    const { encoder: _, ...older } = DEVICE.self_test;
    expect(read({ ...DEVICE, self_test: older })?.test?.parts).toHaveLength(4);
  });

  it("a spoiled test spoils the answer: a fault must not look like none", () => {
    expect(read({ ...DEVICE, self_test: { ...DEVICE.self_test, link: true } })).toBeUndefined();
    expect(read({ ...DEVICE, name: undefined })).toBeUndefined();
  });

  it("a code", () => {
    const until = Date.parse("2026-11-26T10:15:00Z");
    expect(readEnrolment('{"code":"01234567","expires":"2026-11-26T10:15:00Z"}')).toEqual({
      code: "01234567",
      until,
    });
    expect(readEnrolment("{}")).toBeNull();
  });
});

describe("a code for a screen", () => {
  it("is shown until it has brought one", () => {
    const come = (from: Desk, devices: readonly object[]) => {
      const value = readPlaces(JSON.stringify({ places: [{ ...PLACE, devices }] })) ?? [];
      return transition(from, { type: "places-came", answer: { ok: true, value } }).desk;
    };
    const enrolment = { place: "r1", code: "01234567", until: null };
    const shown: Desk = { ...come(initial(), [DEVICE]), enrolment };
    expect(come(shown, [DEVICE]).enrolment).toEqual(enrolment);
    expect(come(shown, []).enrolment).toEqual(enrolment);
    expect(come(shown, [DEVICE, { ...DEVICE, id: "d2" }]).enrolment).toBeNull();
  });
});

describe("help in a room", () => {
  const ASKS = { ...DEVICE, help: "2026-11-26T10:01:00Z" };
  const desk: Desk = { ...initial(), phase: "day" };
  const come = (from: Desk, device: object) => {
    const places = readPlaces(JSON.stringify({ places: [{ ...PLACE, devices: [device] }] }));
    return transition(from, { type: "places-came", answer: { ok: true, value: places ?? [] } });
  };

  it("is told once, and again when it is asked for anew", () => {
    const first = come(desk, ASKS);
    expect(first.effects.map((e) => e.do)).toEqual(["announce", "chime"]);
    expect(callsOf(first.desk.places)).toEqual([
      { device: "d1", place: "Slussfors", since: Date.parse(ASKS.help) },
    ]);
    expect(come(first.desk, ASKS).effects).toEqual([]);
    const anew = come(first.desk, { ...ASKS, help: "2026-11-26T10:09:00Z" });
    expect(anew.effects.map((e) => e.do)).toEqual(["announce", "chime"]);
  });

  it("is taken care of by a press, and gone at once", () => {
    const { desk: asked } = come(desk, ASKS);
    const taken = transition(asked, { type: "help-taken", device: "d1" });
    expect(taken.effects).toEqual([{ do: "take-help", device: "d1" }]);
    const answer = { ok: true, value: true } as const;
    const done = transition(taken.desk, { type: "help-answered", device: "d1", answer });
    expect(callsOf(done.desk.places)).toEqual([]);
    expect(done.desk.doing).toEqual([]);
  });

  it("what was not asked for by hand troubles nobody when it fails", () => {
    const problem = { status: 0, code: "no-network" };
    const lost = transition(desk, { type: "places-came", answer: { ok: false, problem } });
    expect(lost.desk.trouble).toBeNull();
    const asked = transition(desk, { type: "tab-chosen", tab: "rooms" });
    const told = transition(asked.desk, { type: "places-came", answer: { ok: false, problem } });
    expect(told.desk.trouble?.doing).toBe("rooms");
  });
});
