// SPDX-License-Identifier: EUPL-1.2
// transition(state, event) -> { state, effects }: how the screen of a health room behaves. The visit
// itself is the page's own state (../state); this is what is around it.

import type { Board, Effect, Event, NextVisit, Phase, State, Step } from "./types";

export const CODE_DIGITS = 8;
/** From so long before its time a visit can be begun. */
const READY_MS = 15 * 60_000;
/** How often the board is asked for: a visit booked at short notice shows within. */
const LOOK_MS = 20_000;
/** And while somebody waits for an answer. */
const LOOK_SOON_MS = 5_000;
/** The room is tested once a day, from this hour on: people come after it. */
const TEST_HOUR = 4;
/** Not when somebody is about to come. */
const TEST_CLEAR_MS = 20 * 60_000;
/** How long "the room is ready for the next" stays. */
const OVER_MS = 12_000;
/** And what a test found: nobody is there to press a button when it began by itself. */
const FOUND_MS = 60_000;
const REST_MS = 30 * 60_000;

type Handlers = {
  readonly [Kind in Event["type"]]: (state: State, event: Extract<Event, { type: Kind }>) => Step;
};

export function initial(): State {
  return {
    phase: { name: "loading" },
    secret: null,
    board: null,
    hasContact: true,
    now: 0,
    restUntil: 0,
  };
}

function stay(state: State): Step {
  return { state, effects: [] };
}

function go(state: State, phase: Phase, ...effects: readonly Effect[]): Step {
  return { state: { ...state, phase }, effects };
}

const EMPTY: Phase = { name: "enrol", code: "", status: "typing" };
const IDLE: Phase = { name: "idle" };

function when(state: State, name: Phase["name"], then: () => Step): Step {
  return state.phase.name === name ? then() : stay(state);
}

const HANDLERS: Handlers = {
  start: (state, { secret, hasSeat }) => {
    if (secret === null) {
      return go(state, EMPTY);
    }
    const known = { ...state, secret };
    return hasSeat
      ? go(known, { name: "visit" }, { do: "look", secret }, { do: "return-to-seat" })
      : go(known, IDLE, { do: "look", secret });
  },
  tick: ticked,
  digit: (state, { digit }) => {
    const { phase } = state;
    if (phase.name !== "enrol" || phase.status === "sending" || !/^\d$/.test(digit)) {
      return stay(state);
    }
    const before = phase.status === "typing" ? phase.code : "";
    return before.length >= CODE_DIGITS
      ? stay(state)
      : go(state, { name: "enrol", code: before + digit, status: "typing" });
  },
  erase: (state) => {
    const { phase } = state;
    return phase.name === "enrol" && phase.status !== "sending"
      ? go(state, { name: "enrol", code: phase.code.slice(0, -1), status: "typing" })
      : stay(state);
  },
  enrol: (state) => {
    const { phase } = state;
    return phase.name === "enrol" && phase.status === "typing" && phase.code.length === CODE_DIGITS
      ? go(state, { ...phase, status: "sending" }, { do: "enrol", code: phase.code })
      : stay(state);
  },
  enrolled: (state, { secret }) =>
    when(state, "enrol", () =>
      go({ ...state, secret }, { name: "setup" }, { do: "keep", secret }, { do: "look", secret }),
    ),
  "enrol-failed": (state, { status }) => {
    const { phase } = state;
    // What was typed stays when it was not the code that was wrong.
    return phase.name === "enrol"
      ? go(state, { ...phase, code: status === "wrong" ? "" : phase.code, status })
      : stay(state);
  },
  board: boardCame,
  "no-contact": (state) => stay({ ...state, hasContact: false }),
  revoked: (state) => {
    const gone: State = { ...state, secret: null, board: null };
    // Whoever is in a visit ends it in peace; the server has the last word on that.
    return state.phase.name === "visit"
      ? stay({ ...state, secret: null })
      : go(gone, { name: "revoked" }, { do: "stop-test" }, { do: "forget" });
  },
  begin: (state) =>
    canBegin(state) ? go(state, { name: "privacy", status: "asked" }) : stay(state),
  confirm: (state) => {
    const { phase, secret, board } = state;
    const visit = board?.visit ?? null;
    return phase.name === "privacy" && phase.status !== "entering" && secret !== null && visit
      ? go(
          state,
          { name: "privacy", status: "entering" },
          { do: "enter", secret, consultation: visit.id },
        )
      : stay(state);
  },
  entered: (state, { token }) =>
    when(state, "privacy", () => go(state, { name: "visit" }, { do: "join", token })),
  "enter-failed": (state) =>
    when(state, "privacy", () => go(state, { name: "privacy", status: "failed" })),
  back: (state) => {
    switch (state.phase.name) {
      case "privacy":
      case "help":
      case "setup":
        return go(state, IDLE);
      case "testing":
        return go(rested(state), IDLE, { do: "stop-test" });
      // On the way in, and no further: the board is better than a screen that only says "starting".
      case "visit":
        return go(state, { name: "loading" }, { do: "clean" }, { do: "reload" });
      case "revoked":
        return go(state, EMPTY);
      default:
        return stay(state);
    }
  },
  "call-help": (state) => helped(state, true),
  "help-came": (state) => helped(state, false),
  setup: (state) => when(state, "idle", () => go(state, { name: "setup" })),
  test: (state) => (state.phase.name === "idle" ? tested(state) : stay(state)),
  tested: (state, { report }) => {
    const { phase, secret } = state;
    return phase.name === "testing" && secret !== null
      ? go(state, { name: "testing", report, since: state.now }, { do: "report", secret, report })
      : stay(state);
  },
  "visit-over": (state) =>
    when(state, "visit", () => go(state, { name: "over", since: state.now }, { do: "clean" })),
  cleaned: (state) => when(state, "over", () => go(state, { name: "loading" }, { do: "reload" })),
};

export function transition(state: State, event: Event): Step {
  // The table has the handler of exactly this kind of event, which the compiler cannot follow.
  const handler = HANDLERS[event.type] as (state: State, event: Event) => Step;
  return handler(state, event);
}

/** What the board says of help counts once it has said that it knows of it: an answer that was under
 * way already says nothing. */
function boardCame(state: State, { board }: { readonly board: Board }): Step {
  const { phase } = state;
  const now: State = { ...state, board, hasContact: true };
  if (phase.name !== "help" || phase.status === "answered") {
    return stay(now);
  }
  if (board.help) {
    return stay({ ...now, phase: { name: "help", status: "known" } });
  }
  return stay(
    phase.status === "known" ? { ...now, phase: { name: "help", status: "answered" } } : now,
  );
}

/** Asked for and shown: the number to call stands there whether the server hears it or not. */
function helped(state: State, on: boolean): Step {
  const { phase, secret, board } = state;
  const isTesting = phase.name === "testing";
  if (secret === null || !(isTesting || phase.name === "idle" || phase.name === "help")) {
    return stay(state);
  }
  const known = board === null ? null : { ...board, help: on };
  const asked: Phase = { name: "help", status: "asked" };
  // Whoever comes while the room tests itself is more important than the test.
  const stop: readonly Effect[] = isTesting ? [{ do: "stop-test" }] : [];
  const effect: Effect = { do: "help", secret, on };
  const from = isTesting ? rested(state) : state;
  return go({ ...from, board: known }, on ? asked : IDLE, ...stop, effect);
}

function rested(state: State): State {
  return { ...state, restUntil: state.now + REST_MS };
}

function tested(state: State): Step {
  const { secret } = state;
  return secret === null
    ? stay(state)
    : go(state, { name: "testing", report: null, since: state.now }, { do: "test", secret });
}

function startOf(visit: NextVisit): number | null {
  const at = visit.planned === null ? Number.NaN : Date.parse(visit.planned);
  return Number.isNaN(at) ? null : at;
}

/** A visit is here that may be begun now. */
export function canBegin({ phase, board, now }: State): boolean {
  const visit = board?.visit ?? null;
  if (phase.name !== "idle" || visit === null) {
    return false;
  }
  const at = startOf(visit);
  return at === null || now >= at - READY_MS;
}

/** The day's test is due, and nobody is about to come. */
export function wantsTest({ phase, board, now, hasContact, restUntil }: State): boolean {
  if (phase.name !== "idle" || board === null || !hasContact || now < restUntil) {
    return false;
  }
  const today = new Date(now);
  today.setHours(TEST_HOUR, 0, 0, 0);
  const last = board.tested === null ? 0 : Date.parse(board.tested);
  const next = board.visit === null ? null : startOf(board.visit);
  const isClear = board.visit === null || (next !== null && next - now > TEST_CLEAR_MS);
  return now >= today.getTime() && last < today.getTime() && isClear;
}

function every(before: number, now: number, period: number): boolean {
  return before === 0 || Math.floor(before / period) !== Math.floor(now / period);
}

function ticked(state: State, { now }: { readonly now: number }): Step {
  const { secret, phase } = state;
  const next: State = { ...state, now };
  if (phase.name === "over" && now - phase.since >= OVER_MS) {
    return HANDLERS.cleaned(next, { type: "cleaned" });
  }
  // Once a day is also how a screen that is never touched comes by a newer page.
  if (phase.name === "testing" && phase.report !== null && now - phase.since >= FOUND_MS) {
    return go(next, { name: "loading" }, { do: "reload" });
  }
  if (secret !== null && every(state.now, now, phase.name === "help" ? LOOK_SOON_MS : LOOK_MS)) {
    return { state: next, effects: [{ do: "look", secret }] };
  }
  return wantsTest(next) ? tested(next) : stay(next);
}
