// SPDX-License-Identifier: EUPL-1.2
import { describe, expect, it } from "vitest";
import { careOf, fpsOf, layersAsked, layersFor } from "./layers";
import { MODES, ROLES, type Want } from "./protocol";

const GOOD = layersFor(1280, 720);

function want(change: Partial<Want>): Want {
  return {
    mid: "1",
    used: true,
    rids: ["q", "h", "f"],
    max_bps: null,
    ptime_ms: null,
    redundancy: false,
    ...change,
  };
}

function sent(plan: ReturnType<typeof layersFor>, change: Partial<Want>): string {
  return layersAsked(plan, want(change))
    .filter((l) => l.active)
    .map((l) => `${l.rid} ${l.maxBitrate / 1000}`)
    .join(", ");
}

describe("layersAsked", () => {
  it("is the plan until the server has said anything", () => {
    expect(layersAsked(GOOD, null)).toEqual(GOOD);
    expect(sent(GOOD, {})).toBe("q 150, h 500, f 1500");
  });

  it("sends what is in use and no more", () => {
    expect(sent(GOOD, { rids: ["q", "h"] })).toBe("q 150, h 500");
    expect(sent(GOOD, { rids: ["f"] })).toBe("f 1500");
    expect(sent(GOOD, { used: false, rids: [] })).toBe("");
  });

  it("is never off while somebody looks", () => {
    expect(sent(GOOD, { rids: [] })).toBe("q 150");
    expect(sent(GOOD, { rids: ["x"] })).toBe("q 150");
    // Of a small camera there is no f.
    expect(sent(layersFor(640, 480), { rids: ["f"] })).toBe("q 200");
    expect(sent(layersFor(320, 240), { rids: ["h", "f"], max_bps: 1 })).toBe("q 10");
  });

  it("has fewer pictures where there are hardly bits for any", () => {
    expect([10_000, 29_999, 30_000].map(fpsOf)).toEqual([5, 5, undefined]);
  });

  it("spreads the cap from the smallest up, and leaves out what would be starved", () => {
    expect(sent(GOOD, { max_bps: 5_000_000 })).toBe("q 150, h 500, f 1500");
    expect(sent(GOOD, { max_bps: 1_200_000 })).toBe("q 150, h 500, f 550");
    expect(sent(GOOD, { max_bps: 900_000 })).toBe("q 150, h 500");
    expect(sent(GOOD, { max_bps: 400_000 })).toBe("q 150, h 250");
    expect(sent(GOOD, { max_bps: 300_000 })).toBe("q 150");
    expect(sent(GOOD, { max_bps: 90_000 })).toBe("q 90");
    expect(sent(GOOD, { max_bps: 1000 })).toBe("q 10");
    expect(sent(GOOD, { rids: ["h"], max_bps: 400_000 })).toBe("h 400");
  });

  it("never sends more than the cap, but for the least an encoder can", () => {
    for (let cap = 30_000; cap < 3_000_000; cap += 7_000) {
      for (const rids of [["q"], ["h"], ["f"], ["q", "f"], ["q", "h", "f"]]) {
        const layers = layersAsked(GOOD, want({ rids, max_bps: cap })).filter((l) => l.active);
        expect(layers.length).toBeGreaterThan(0);
        expect(layers.reduce((sum, l) => sum + l.maxBitrate, 0)).toBeLessThanOrEqual(cap);
      }
    }
  });

  it("caps the only encoding of a peer without simulcast, whose rid nobody knows", () => {
    const whole = [{ rid: "", active: true, scaleResolutionDownBy: 1, maxBitrate: 1_500_000 }];
    expect(sent(whole, { rids: [], max_bps: 200_000 })).toBe(" 200");
    expect(sent(whole, { used: false, rids: [] })).toBe("");
  });
});

describe("careOf", () => {
  it("gives up size for signs and movements, smoothness for skin", () => {
    expect(careOf("sign", "interpreter").prefer).toBe("maintain-framerate");
    expect(careOf("movement", "patient").hint).toBe("motion");
    expect(careOf("skin", "room").prefer).toBe("maintain-resolution");
    expect(careOf("skin", "clinician").prefer).toBe("balanced");
    for (const mode of MODES) {
      for (const role of ROLES) {
        expect(careOf(mode, role).hint === "").toBe(careOf(mode, role).prefer === "balanced");
      }
    }
  });
});
