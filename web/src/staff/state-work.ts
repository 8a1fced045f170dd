// SPDX-License-Identifier: EUPL-1.2
// What is under way with the server, and what its refusals mean.

import type { Problem } from "./rest";
import { announce, type Desk, type Doing, type Effect, type Step } from "./types";

/** Starts something, once: a second press while it is under way does nothing. */
export function begin(
  desk: Desk,
  doing: Doing,
  effect: Effect,
  further: readonly Effect[] = [],
): Step {
  // Asked for anew it is of another day or month; anything else asked twice is one press too many.
  if (desk.doing.includes(doing) && doing !== "list" && doing !== "figures") {
    return { desk, effects: [] };
  }
  const trouble = desk.trouble?.doing === doing ? null : desk.trouble;
  const doings = desk.doing.includes(doing) ? desk.doing : [...desk.doing, doing];
  return { desk: { ...desk, doing: doings, trouble }, effects: [effect, ...further] };
}

export function settle(desk: Desk, doing: Doing): Desk {
  return { ...desk, doing: desk.doing.filter((d) => d !== doing) };
}

/** The session has gone: everything else follows from logging in anew. A call goes on: its seat is
 * not the session's. */
function hasLapsed({ status, code }: Problem): boolean {
  return status === 401 && code === "session-missing";
}

export function refused(
  desk: Desk,
  doing: Doing,
  problem: Problem,
  further: readonly Effect[] = [],
): Step {
  const trouble = { code: problem.code, doing };
  const told = announce({ key: "trouble", trouble }, true);
  const now: Desk = { ...settle(desk, doing), trouble };
  if (!hasLapsed(problem) || desk.phase === "login" || desk.phase === "call") {
    return { desk: now, effects: [...further, told] };
  }
  return {
    desk: { ...now, phase: "login", session: null, visits: [], queue: [], opened: null, doing: [] },
    effects: [...further, { do: "watch", on: false }, { do: "get-methods" }, told],
  };
}
