// SPDX-License-Identifier: EUPL-1.2
// The link check before the visit: what visit it is, what the link carries, and what it said the
// last time. It stops the moment somebody goes in.

import { type Figures, judged } from "../check";
import type { Remembered } from "../guard";
import { announce, type Check, type State, type Step, stay, type Visit } from "./types";

/** So long a result holds: the same link is likely the same next week. */
export const REMEMBERED_MS = 14 * 24 * 3600 * 1000;

export function initialCheck(): Check {
  return { status: "none", progress: 0, result: null, at: null, hears: null };
}

function put(state: State, change: Partial<Check>): State {
  return { ...state, check: { ...state.check, ...change } };
}

export function checkRemembered(state: State, { at, result, hears }: Remembered): Step {
  return state.check.result === null ? stay(put(state, { at, result, hears })) : stay(state);
}

/** Only before the visit: in it the link has better to do. */
export function checkBegin(state: State, measures: boolean): Step {
  const { status } = state.check;
  const isBusy = status === "running" || (status === "looking" && !measures);
  if (state.phase.name !== "preview" || isBusy) {
    return stay(state);
  }
  return {
    state: put(state, { status: measures ? "running" : "looking", progress: 0 }),
    effects: [
      { do: "check-begin", token: state.token, measures },
      ...(measures ? [announce({ key: "check", status: "running" })] : []),
    ],
  };
}

function isChecking({ check }: State): boolean {
  return check.status === "running" || check.status === "looking";
}

export function checkVisit(state: State, visit: Visit): Step {
  if (!isChecking(state)) {
    return stay(state);
  }
  const status = state.check.status === "looking" ? "none" : state.check.status;
  return stay({ ...put(state, { status }), visit });
}

export function checkProgress(state: State, progress: number): Step {
  return state.check.status === "running" ? stay(put(state, { progress })) : stay(state);
}

export function checkDone(state: State, figures: Figures, at: number): Step {
  if (state.check.status !== "running") {
    return stay(state);
  }
  const result = judged(figures);
  return {
    state: put(state, { status: "done", progress: 1, result, at }),
    effects: [
      { do: "keep-check", remembered: { at, result, hears: state.check.hears } },
      announce({ key: "check", status: "done" }),
    ],
  };
}

/** Nothing came of it: no contact with the server. That media does not come through is a result. */
export function checkFailed(state: State): Step {
  if (!isChecking(state)) {
    return stay(state);
  }
  const isLook = state.check.status === "looking";
  return {
    state: put(state, { status: isLook ? "none" : "failed", progress: 0 }),
    effects: isLook ? [] : [announce({ key: "check", status: "failed" })],
  };
}

export function toneAnswered(state: State, hears: boolean): Step {
  const { at, result } = state.check;
  return {
    state: put(state, { hears }),
    effects:
      at === null || result === null
        ? []
        : [{ do: "keep-check", remembered: { at, result, hears } }],
  };
}

/** Going in: the link is the visit's now. */
export function checkStop(state: State): Step {
  return isChecking(state)
    ? { state: put(state, { status: "none", progress: 0 }), effects: [{ do: "check-stop" }] }
    : stay(state);
}
