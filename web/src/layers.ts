// SPDX-License-Identifier: EUPL-1.2
// The sizes a camera picture is sent in, smallest first, so that the server can forward the one
// that fits each receiver. Chromium sends the third size only from 960x540 and the second from
// 480x270: of a smaller camera an unadapted plan would send nothing larger than a half.

import type { Mode, Role, Want } from "./protocol";

export interface Layer {
  readonly rid: string;
  readonly active: boolean;
  readonly scaleResolutionDownBy: number;
  readonly maxBitrate: number;
}

/** Three rates of pictures in each size: the server halves and quarters them for who has less, and
 * their descriptors say how. */
export const TEMPORAL_LAYERS = "L1T3";

const THREE_FROM = 960 * 540;
const TWO_FROM = 480 * 270;

/** Three entries always: what is negotiated once must fit every later camera. */
export function layersFor(width: number, height: number): Layer[] {
  const pixels = width * height;
  if (pixels >= THREE_FROM) {
    return [layer("q", 4, 150_000), layer("h", 2, 500_000), layer("f", 1, 1_500_000)];
  }
  if (pixels >= TWO_FROM) {
    return [layer("q", 2, 200_000), layer("h", 1, 700_000), off("f")];
  }
  return [layer("q", 1, 300_000), off("h"), off("f")];
}

function layer(rid: string, scaleResolutionDownBy: number, maxBitrate: number): Layer {
  return { rid, active: true, scaleResolutionDownBy, maxBitrate };
}

function off(rid: string): Layer {
  return { rid, active: false, scaleResolutionDownBy: 1, maxBitrate: 100_000 };
}

/** For a camera that is not there yet, the plan of a good one. */
export function layersOf(track: MediaStreamTrack | null): Layer[] {
  const { width, height } = track?.getSettings() ?? {};
  return width === undefined || height === undefined
    ? layersFor(1280, 720)
    : layersFor(width, height);
}

/** A size is worth sending from this share of its rate on; below, the bits do more in the smaller
 * ones. libwebrtc's minimum for 640x360 is 30 % of its target, for 320x180 20 %. */
const WORTH = 0.35;

/** The plan as the server wants it: the encodings in use, the cap spread over them from the smallest
 * up. What is seen is never left wholly off, whatever the server knows of our sizes. */
export function layersAsked(plan: readonly Layer[], want: Want | null): Layer[] {
  if (want === null) {
    return [...plan];
  }
  const asked = plan.filter((l) => l.active && (plan.length === 1 || want.rids.includes(l.rid)));
  const smallest = plan.find((l) => l.active);
  const sent = want.used && asked.length === 0 && smallest !== undefined ? [smallest] : asked;
  let left = want.max_bps ?? Number.POSITIVE_INFINITY;
  return plan.map((l): Layer => {
    if (!want.used || !sent.includes(l)) {
      return { ...l, active: false };
    }
    const isFirst = l === sent[0];
    const maxBitrate = Math.max(Math.min(l.maxBitrate, left), MIN_BITRATE);
    if (!isFirst && left < l.maxBitrate * WORTH) {
      return { ...l, active: false };
    }
    left -= maxBitrate;
    return { ...l, maxBitrate };
  });
}

/** What a still each second or two takes. */
const MIN_BITRATE = 10_000;

/** libwebrtc's least for all its pictures; with less, fewer that can be seen are worth more. */
const ALL_PICTURES_FROM = 30_000;
const FEW_FPS = 5;

/** How many pictures a second an encoding should send; undefined: all. */
export function fpsOf(maxBitrate: number): number | undefined {
  return maxBitrate < ALL_PICTURES_FROM ? FEW_FPS : undefined;
}

export interface Care {
  readonly hint: "" | "motion" | "detail";
  readonly prefer: RTCDegradationPreference;
}

const SHOWN: readonly Role[] = ["patient", "relative", "staff", "room"];

/** What a camera keeps when something has to go, by what the consultation is about and whose it is. */
export function careOf(mode: Mode, role: Role): Care {
  switch (mode) {
    case "sign":
    case "movement":
      return { hint: "motion", prefer: "maintain-framerate" };
    case "skin":
      return SHOWN.includes(role) ? { hint: "detail", prefer: "maintain-resolution" } : BALANCED;
    default:
      return BALANCED;
  }
}

export const BALANCED: Care = { hint: "", prefer: "balanced" };
