// SPDX-License-Identifier: EUPL-1.2
// What is written in a visit: real-time text, seen by the others as it is typed, and whole
// messages. Both stand in one list, and both are gone when the visit is.

import type { Role } from "../protocol";
import { condense, keystrokes, LOST, NEW_LINE, split, type } from "../t140";
import { announce, type Effect, isInside, type State, type Step, stay } from "./types";

/** EN 301 549 6.2.4: within 500 ms of entry. What the network takes is not ours to spend. */
export const FLUSH_MS = 300;
/** What is kept to be read back; a visit of an hour has some hundred lines. */
export const MAX_LINES = 300;
export const MAX_CHAT = 2000;

/** live: being written now. sending: not yet with the server. */
export type LineState = "live" | "done" | "sending";

export interface Line {
  /** Grows with each line. */
  readonly key: number;
  readonly from: string;
  readonly name: string;
  readonly role: Role;
  readonly own: boolean;
  readonly text: string;
  readonly state: LineState;
  /** A whole message, by the id it was sent with; null: real-time text. */
  readonly chat: string | null;
}

export interface Talk {
  readonly lines: readonly Line[];
  readonly nextKey: number;
  /** The number of the next real-time text of each person. */
  readonly awaited: Readonly<Record<string, number>>;
  /** What stands in the field. */
  readonly draft: string;
  /** The part of it that the others do not have yet, as keystrokes. */
  readonly unsent: string;
  readonly seq: number;
  /** Whole messages at a time instead of as it is typed. */
  readonly whole: boolean;
  readonly open: boolean;
  readonly unread: number;
}

export function initialTalk(): Talk {
  return {
    lines: [],
    nextKey: 0,
    awaited: {},
    draft: "",
    unsent: "",
    seq: 0,
    whole: false,
    open: false,
    unread: 0,
  };
}

function put(state: State, change: Partial<Talk>): State {
  return { ...state, talk: { ...state.talk, ...change } };
}

interface Who {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

function who(state: State, id: string): Who | null {
  const { room } = state;
  if (room === null) {
    return null;
  }
  return room.self.id === id ? room.self : (room.participants.find((p) => p.id === id) ?? null);
}

function added(
  talk: Talk,
  { id, name, role }: Who,
  line: Pick<Line, "own" | "text" | "state" | "chat">,
): Talk {
  const whole: Line = { key: talk.nextKey, from: id, name, role, ...line };
  return {
    ...talk,
    nextKey: talk.nextKey + 1,
    lines: [...talk.lines, whole].slice(-MAX_LINES),
  };
}

function changed(talk: Talk, key: number, change: Partial<Line>): Talk {
  return { ...talk, lines: talk.lines.map((l) => (l.key === key ? { ...l, ...change } : l)) };
}

/** The line somebody is writing at the moment. */
export function liveLine(talk: Talk, id: string): Line | undefined {
  return talk.lines.find((line) => line.from === id && line.state === "live");
}

// The keystrokes of one person, in the list.
function written(before: Talk, person: Who, strokes: string): Talk {
  const live = liveLine(before, person.id);
  const { done, line } = type(live?.text ?? "", strokes);
  const texts = [...done, line];
  let talk = before;
  for (const [i, text] of texts.entries()) {
    const state = i < done.length ? "done" : "live";
    const shown = i === 0 ? liveLine(talk, person.id) : undefined;
    if (shown !== undefined) {
      talk = text === "" ? without(talk, shown.key) : changed(talk, shown.key, { text, state });
    } else if (text !== "") {
      talk = added(talk, person, { own: false, text, state, chat: null });
    }
  }
  return talk;
}

function without(talk: Talk, key: number): Talk {
  return { ...talk, lines: talk.lines.filter((line) => line.key !== key) };
}

export function textCame(state: State, from: string, seq: number, t140: string): Step {
  const person = who(state, from);
  if (person === null || from === state.room?.self.id) {
    return stay(state);
  }
  const awaited = state.talk.awaited[from];
  // A smaller number is a page that was loaded anew and counts from the beginning.
  const isGap = awaited !== undefined && seq > awaited;
  const talk = written(state.talk, person, isGap ? LOST + t140 : t140);
  const isNew = !state.talk.open && liveLine(state.talk, from) === undefined;
  return {
    state: put(state, {
      ...talk,
      awaited: { ...talk.awaited, [from]: seq + 1 },
      unread: state.talk.unread + (isNew ? 1 : 0),
    }),
    effects: isNew ? [announce({ key: "writes", name: person.name })] : [],
  };
}

export function chatCame(state: State, from: string, id: string, text: string): Step {
  const own = from === state.room?.self.id;
  if (own) {
    const mine = state.talk.lines.find((line) => line.chat === id && line.own);
    if (mine !== undefined) {
      return stay({ ...state, talk: changed(state.talk, mine.key, { state: "done" }) });
    }
  }
  // Who waits knows nobody, and is written to by those who look after it alone.
  const care: Who = { id: from, name: state.queue?.meet ?? "", role: "clinician" };
  const person = who(state, from) ?? (state.phase.name === "waiting" ? care : null);
  if (person === null) {
    return stay(state);
  }
  const talk = added(state.talk, person, { own, text, state: "done", chat: id });
  const isUnread = !own && !state.talk.open;
  return {
    state: put(state, { ...talk, unread: state.talk.unread + (isUnread ? 1 : 0) }),
    effects: isUnread ? [announce({ key: "wrote", name: person.name })] : [],
  };
}

/** What stands in the field has changed. */
export function textTyped(state: State, draft: string): Step {
  const { talk } = state;
  if (talk.whole || !isInside(state)) {
    return stay(put(state, { draft }));
  }
  const wasIdle = talk.unsent === "";
  const unsent = condense(talk.unsent + keystrokes(talk.draft, draft));
  return {
    state: put(state, { draft, unsent }),
    effects: wasIdle && unsent !== "" ? [{ do: "timer", name: "text", ms: FLUSH_MS }] : [],
  };
}

/** Sends what has been typed, if the server can have it now; else it waits for the welcome. */
export function textDue(state: State): Step {
  const { talk } = state;
  if (talk.unsent === "" || state.signal !== "open" || !isInside(state)) {
    return stay(state);
  }
  const [t140, unsent] = split(talk.unsent);
  return {
    state: put(state, { unsent, seq: talk.seq + 1 }),
    effects: [
      { do: "send", message: { type: "text", seq: talk.seq, t140 } },
      ...(unsent === "" ? [] : [{ do: "timer", name: "text", ms: FLUSH_MS } as const]),
    ],
  };
}

/** The line is finished. id: what a whole message is sent with. */
export function textEntered(state: State, id: string): Step {
  const { talk, room } = state;
  const text = talk.draft.trim().slice(0, MAX_CHAT);
  if (room === null || text === "") {
    return stay(state);
  }
  if (talk.whole || !isInside(state)) {
    const next = added(talk, room.self, { own: true, text, state: "sending", chat: id });
    return { state: put(state, { ...next, draft: "" }), effects: chatEffects(state, id, text) };
  }
  const line = added(talk, room.self, { own: true, text, state: "done", chat: null });
  return textDue(put(state, { ...line, draft: "", unsent: talk.unsent + NEW_LINE }));
}

function chatEffects(state: State, id: string, text: string): Effect[] {
  return state.signal === "open" ? [{ do: "send", message: { type: "chat", id, text } }] : [];
}

/** After a welcome: what could not be said meanwhile. */
export function talkAgain(state: State): Step {
  const waiting = state.talk.lines.filter((l) => l.own && l.state === "sending");
  const flushed = textDue(state);
  return {
    state: flushed.state,
    effects: [
      ...waiting.flatMap((l) => (l.chat === null ? [] : chatEffects(state, l.chat, l.text))),
      ...flushed.effects,
    ],
  };
}

/** Who leaves does not finish the line: it stays as far as it came. */
export function talkLeft(state: State, id: string): Step {
  const live = liveLine(state.talk, id);
  const { [id]: _gone, ...awaited } = state.talk.awaited;
  const talk = live === undefined ? state.talk : changed(state.talk, live.key, { state: "done" });
  return stay(put(state, { ...talk, awaited }));
}

export function talkOpened(state: State, open: boolean): Step {
  return stay(put(state, { open, unread: 0 }));
}

/** From typing to whole messages or back: what is in the field is not sent twice. */
export function talkWhole(state: State, whole: boolean): Step {
  const { talk } = state;
  if (talk.whole === whole) {
    return stay(state);
  }
  if (!whole) {
    // What stands there becomes seen from now on.
    return textTyped(put(state, { whole, draft: "" }), talk.draft);
  }
  const sentSoFar = textTyped(state, "");
  const flushed = textDue(sentSoFar.state);
  return {
    state: put(flushed.state, { whole, draft: talk.draft }),
    effects: [...sentSoFar.effects, ...flushed.effects],
  };
}
