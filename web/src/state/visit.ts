// SPDX-License-Identifier: EUPL-1.2
// The visit around the call: the door, the queue, being called in, put back or left outside, the
// one-time code, and what a patient may wish for at any moment.

import type { Role, Waiting, Welcome, Wish } from "../protocol";
import { lacksCode } from "./lack";
import {
  type Apart,
  announce,
  type Effect,
  isInside,
  type Room,
  type State,
  type Step,
  stay,
  type Visit,
} from "./types";

/** So long "you are called in" stays, when nobody presses that it was seen. */
const CALLED_IN_MS = 12000;

export function visitOf({ consultation, self }: Pick<Welcome, "consultation" | "self">): Visit {
  return {
    id: consultation.id,
    title: consultation.title,
    unit: consultation.unit ?? "",
    planned: consultation.planned ?? null,
    role: self.role,
  };
}

/** Hears and sees nobody: whoever was here is nobody's business while one waits. */
function emptied(room: Room): Room {
  return {
    ...room,
    participants: [],
    slots: room.slots.map(({ mid }) => ({ mid, participant: null, source: null })),
    lastGone: null,
    selfSpeaking: false,
  };
}

export function waitingTold(state: State, queue: Waiting): Step {
  if (state.room === null) {
    return stay(state);
  }
  const before = state.queue;
  const isNews =
    before === null ||
    before.reason !== queue.reason ||
    before.ahead !== queue.ahead ||
    before.lacks !== queue.lacks;
  return {
    state: { ...state, queue, code: accepted(state, queue), ...outside(state) },
    effects: [...dropped(state), ...(isNews ? [announce({ key: "waiting", queue })] : [])],
  };
}

// Whatever follows a code that was not called wrong says that it was right, unless it says otherwise.
function accepted({ code }: State, queue: Waiting): State["code"] {
  return code?.status === "sent" && !lacksCode(queue) ? null : code;
}

/** What holds of whoever is outside. */
export function outside(
  state: State,
): Pick<State, "phase" | "room" | "apart" | "pointers" | "calledIn" | "signing" | "asked"> {
  return {
    signing: [],
    asked: null,
    phase: { name: "waiting" },
    room: state.room === null || !isInside(state) ? state.room : emptied(state.room),
    apart: { kind: "none" },
    pointers: {},
    calledIn: false,
  };
}

// A picture that was being taken or sent.
function dropped({ asked }: State): Effect[] {
  return asked === null ? [] : [{ do: "still-drop" }];
}

export function admitted(state: State, title = ""): Step {
  if (state.room === null || isInside(state)) {
    return stay(state);
  }
  const next: State = {
    ...state,
    room: {
      ...state.room,
      self: { ...state.room.self, admission: "admitted" },
      // What it is about is not told at the door.
      consultation: { ...state.room.consultation, title },
    },
    phase: { name: "call" },
    code: null,
    queue: null,
    calledIn: true,
  };
  return {
    state: next,
    effects: [
      { do: "call-in" },
      { do: "timer", name: "called-in", ms: CALLED_IN_MS },
      announce({ key: "called-in" }, true),
    ],
  };
}

export function calledInSeen(state: State): Step {
  return state.calledIn
    ? {
        state: { ...state, calledIn: false },
        effects: [{ do: "timer-stop", name: "called-in" }],
      }
    : stay(state);
}

/** Put back or on hold. What was being sent goes on only inside. */
export function held(state: State): Step {
  if (state.room === null) {
    return stay(state);
  }
  const queue: Waiting | null = state.queue === null ? null : { ...state.queue, reason: "held" };
  return {
    state: {
      ...state,
      ...outside(state),
      queue,
    },
    effects: [...dropped(state), announce({ key: "held" }, true)],
  };
}

export function apartTold(state: State, ids: readonly string[], isOutside: boolean): Step {
  if (!isInside(state)) {
    return stay(state);
  }
  const inside: Apart = ids.length === 0 ? { kind: "none" } : { kind: "inside", with: ids };
  const apart: Apart = isOutside ? { kind: "outside" } : inside;
  return {
    state: { ...state, apart },
    effects:
      apart.kind === state.apart.kind ? [] : [announce({ key: "apart", apart: apart.kind }, true)],
  };
}

export function codeNeeded(state: State, sentTo: string): Step {
  if (state.room === null) {
    return stay(state);
  }
  const before = state.code?.status;
  // Five wrong ones bring another code by themselves: that they were wrong is still to be read.
  const status = before === "wrong" ? "wrong" : before === "renewing" ? "new" : "asked";
  return {
    state: { ...state, code: { sentTo, status } },
    effects: [announce({ key: "code", wrong: false })],
  };
}

/** The code did not come, or is good no more. */
export function newCodePressed(state: State): Step {
  if (state.room === null || state.signal !== "open") {
    return stay(state);
  }
  return {
    state: { ...state, code: { sentTo: state.code?.sentTo ?? "", status: "renewing" } },
    effects: [{ do: "send", message: { type: "new-code" } }],
  };
}

export function codeEntered(state: State, typed: string): Step {
  const code = typed.replace(/\D/g, "");
  if (state.code === null || state.signal !== "open" || code === "") {
    return stay(state);
  }
  return {
    state: { ...state, code: { ...state.code, status: "sent" } },
    effects: [{ do: "send", message: { type: "code", code } }],
  };
}

export function codeWrong(state: State): Step {
  return state.code === null
    ? stay(state)
    : {
        state: { ...state, code: { ...state.code, status: "wrong" } },
        effects: [announce({ key: "code", wrong: true }, true)],
      };
}

export function numberEntered(state: State, number: string, name: string): Step {
  const typed = number.trim();
  if (state.room === null || state.signal !== "open" || typed === "") {
    return stay(state);
  }
  const named = name.trim();
  return {
    state: { ...state, interpreterNumber: typed },
    effects: [
      {
        do: "send",
        message:
          named === ""
            ? { type: "interpreter-number", number: typed }
            : { type: "interpreter-number", number: typed, name: named },
      },
    ],
  };
}

/** An interpreter is asked who it is before it meets anybody. */
export function asksNumber(state: State): boolean {
  return (
    state.phase.name === "waiting" &&
    state.room?.self.role === "interpreter" &&
    state.interpreterNumber === null
  );
}

export function wished(state: State, wish: Wish): Step {
  if (state.room === null || state.signal !== "open") {
    return stay(state);
  }
  const wishes = state.wishes.includes(wish) ? state.wishes : [...state.wishes, wish];
  return {
    state: { ...state, wishes },
    effects: [{ do: "send", message: { type: "wish", wish } }, announce({ key: "wished", wish })],
  };
}

export function signingPressed(state: State): Step {
  const { room } = state;
  if (room === null || !isInside(state) || state.signal !== "open") {
    return stay(state);
  }
  const signing = !state.signing.includes(room.self.id);
  return {
    state: withSigning(state, room.self.id, signing),
    effects: [{ do: "send", message: { type: "signing", signing } }],
  };
}

function withSigning(state: State, id: string, signing: boolean): State {
  const others = state.signing.filter((other) => other !== id);
  return { ...state, signing: signing ? [...others, id] : others };
}

export function signingTold(state: State, id: string, signing: boolean): Step {
  const { room } = state;
  if (room === null || !isInside(state)) {
    return stay(state);
  }
  const name = room.participants.find((p) => p.id === id)?.name;
  const isNews = signing && !state.signing.includes(id) && name !== undefined;
  return {
    state: withSigning(state, id, signing),
    effects: isNews ? [announce({ key: "signs", name })] : [],
  };
}

/** Somebody points at a picture, ours or another's. */
export function pointed(state: State, id: string, x: number | null, y: number | null): Step {
  const { room } = state;
  if (room === null || !isInside(state)) {
    return stay(state);
  }
  const { [id]: before, ...rest } = state.pointers;
  const pointers = x === null || y === null ? rest : { ...rest, [id]: { x, y } };
  const isNews = id === room.self.id && before === undefined && x !== null;
  return {
    state: { ...state, pointers },
    effects: isNews ? [announce({ key: "pointing" })] : [],
  };
}

/** Asks that somebody may come along; a clinician says yes by making the link. */
export function invitePressed(state: State, name: string): Step {
  const named = name.trim();
  if (state.room === null || state.signal !== "open" || named === "") {
    return stay(state);
  }
  const role: Role = "relative";
  return {
    state: { ...state, invite: { name: named, link: null } },
    effects: [{ do: "send", message: { type: "invite-request", role, name: named } }],
  };
}

export function inviteCame(state: State, link: string, name: string): Step {
  return {
    state: { ...state, invite: { name, link } },
    effects: [announce({ key: "invite" })],
  };
}
