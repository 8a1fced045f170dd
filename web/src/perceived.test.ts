// SPDX-License-Identifier: EUPL-1.2
import { describe, expect, it } from "vitest";
import { Perceiver, perceive, snapshotOf } from "./perceived";
import { WELCOME } from "./state/story";
import type { Room } from "./state/types";

const ELSA = {
  id: "p1",
  role: "patient",
  name: "Elsa",
  link: "here",
  muted: [],
  speaking: false,
} as const;

const room = {
  ...WELCOME,
  participants: [ELSA],
  slots: [
    { mid: "2", participant: "p1", source: "microphone" },
    { mid: "3", participant: "p1", source: "camera" },
  ],
} as unknown as Room;

const sound = (samples: number, made: number, silent = 0, taken?: number): object => ({
  type: "inbound-rtp",
  mid: "2",
  totalSamplesReceived: samples,
  concealedSamples: made,
  silentConcealedSamples: silent,
  estimatedPlayoutTimestamp: taken,
});
const picture = (fps: number | undefined, frozen = 0, taken?: number): object => ({
  type: "inbound-rtp",
  mid: "3",
  frameWidth: 640,
  frameHeight: 360,
  framesPerSecond: fps,
  totalFreezesDuration: frozen,
  estimatedPlayoutTimestamp: taken,
});

describe("perceive", () => {
  it("tells what came between two looks", () => {
    const before = snapshotOf([sound(48000, 100), picture(25, 1.5)]);
    const after = snapshotOf([sound(96000, 1060, 480, 5000), picture(24.4, 1.9, 5080)]);
    expect(perceive(before, after, room)).toEqual([
      {
        participant: "p1",
        width: 640,
        height: 360,
        fps: 24,
        freeze_ms: 400,
        apart_ms: 80,
        made_up_permille: 10,
      },
    ]);
  });

  it("tells nothing of whom nothing came", () => {
    const still = snapshotOf([sound(48000, 0)]);
    expect(perceive(still, still, room)).toEqual([]);
    expect(perceive({}, {}, room)).toEqual([]);
    expect(perceive({}, snapshotOf([{ type: "outbound-rtp", mid: "2" }]), room)).toEqual([]);
  });

  it("tells of sound alone when the camera is off or no picture came", () => {
    const alone = {
      participant: "p1",
      width: null,
      height: null,
      fps: null,
      freeze_ms: null,
      apart_ms: null,
      made_up_permille: 0,
    };
    const after = snapshotOf([sound(480, 0, 0, 1), picture(25, 0, 2)]);
    const off = { ...room, participants: [{ ...ELSA, muted: ["camera"] }] } as unknown as Room;
    expect(perceive({}, after, off)).toEqual([alone]);
    expect(perceive({}, snapshotOf([sound(480, 0)]), room)).toEqual([alone]);
  });

  it("believes no clocks that are seconds apart", () => {
    const after = snapshotOf([sound(480, 0, 0, 1), picture(25, 0, 3_900_000_000_000)]);
    expect(perceive({}, after, room)[0]?.apart_ms).toBeNull();
  });

  it("a look tells what came since the one before it", () => {
    const perceiver = new Perceiver();
    const told = (made: number): number | null | undefined =>
      perceiver.look([sound(1000 + made * 2, made)], room)[0]?.made_up_permille;
    expect([told(0), told(500), told(500)]).toEqual([0, 500, undefined]);
  });
});
