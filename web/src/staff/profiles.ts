// SPDX-License-Identifier: EUPL-1.2
// Links to practise with. What the page can do to its own simulated patient is limit what is sent
// and leave out pictures and sound; it cannot delay packets. So these are likenesses, and the page
// says so.

import type { Want } from "../protocol";

export const PROFILES = ["fibre", "mobile", "weak", "edge", "dropouts"] as const;
export type Profile = (typeof PROFILES)[number];

export interface Likeness {
  /** What the simulated patient's camera may send. null: all that is asked for. */
  readonly videoBps: number | null;
  readonly fps: number;
  /** Of each ten seconds, how many nothing comes. */
  readonly gapS: number;
  /** Short holes in the sound, in parts of the time. */
  readonly soundLoss: number;
}

/** After the rural link profiles L1, L5, L7 and L8 in docs/loadtest.md, and one that is between. */
export const LIKENESS: Readonly<Record<Profile, Likeness>> = {
  fibre: { videoBps: null, fps: 25, gapS: 0, soundLoss: 0 },
  mobile: { videoBps: 600_000, fps: 20, gapS: 0, soundLoss: 0.005 },
  weak: { videoBps: 150_000, fps: 12, gapS: 0, soundLoss: 0.02 },
  edge: { videoBps: 40_000, fps: 4, gapS: 0, soundLoss: 0.05 },
  dropouts: { videoBps: 300_000, fps: 15, gapS: 3, soundLoss: 0.02 },
};

export function bounded(want: Want, videoBps: number | null): Want {
  return videoBps === null
    ? want
    : { ...want, max_bps: Math.min(want.max_bps ?? Number.POSITIVE_INFINITY, videoBps) };
}

/** Whether nothing comes at this moment of the visit. */
export function isGap({ gapS }: Likeness, seconds: number): boolean {
  return seconds % 10 >= 10 - gapS;
}
