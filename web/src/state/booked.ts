// SPDX-License-Identifier: EUPL-1.2
// Where the booked time of an interpreter stands, by the page's clock.

import type { Waiting } from "../protocol";

export type Phase = "before" | "during" | "over";

/** A timer holds no more than 24 days, and a sleeping machine wakes late. */
const LOOK_AGAIN_MS = 3_600_000;

type Times = Pick<Waiting, "planned" | "ends">;

function ms(iso: string | null | undefined): number | null {
  const at = iso == null ? Number.NaN : Date.parse(iso);
  return Number.isNaN(at) ? null : at;
}

/** null: nothing is booked by the clock. */
export function phaseOf({ planned, ends }: Times, now: number): Phase | null {
  const begin = ms(planned);
  const end = ms(ends);
  if (begin === null) {
    return null;
  }
  if (now < begin) {
    return "before";
  }
  return end !== null && now >= end ? "over" : "during";
}

/** When to look again, in ms since 1970; null: it stays so. */
export function nextChange({ planned, ends }: Times, now: number): number | null {
  const next = [ms(planned), ms(ends)].filter((at) => at !== null && at > now);
  return next.length === 0 ? null : Math.min(...(next as number[]), now + LOOK_AGAIN_MS);
}
