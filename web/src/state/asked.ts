// SPDX-License-Identifier: EUPL-1.2
// What the patient is asked for, one yes at a time, with the words that were read; and the way of a
// still picture from that yes to the one who asked.

import type { Act } from "../protocol";
import {
  type Asked,
  announce,
  type Effect,
  isInside,
  type State,
  type Step,
  type StillStep,
  stay,
} from "./types";

/** When nobody has told what the uplink carries. */
const UNKNOWN_UP_KBPS = 300;

export function askCame(state: State, id: string, act: Act, from: string): Step {
  const person = state.room?.participants.find((p) => p.id === from);
  if (person === undefined || !isInside(state)) {
    return stay(state);
  }
  // A new question takes the place of one that nobody answered.
  const dropped: Effect[] = state.asked === null ? [] : [{ do: "still-drop" }];
  const asked: Asked = {
    id,
    act,
    from,
    name: person.name,
    step: "asked",
    arrived: 0,
    count: 0,
  };
  return {
    state: { ...state, asked },
    effects: [...dropped, announce({ key: "asked", act, name: person.name }, true)],
  };
}

function stepped(state: State, step: StillStep, effects: readonly Effect[] = []): Step {
  return state.asked === null
    ? stay(state)
    : { state: { ...state, asked: { ...state.asked, step } }, effects };
}

export function consentPressed(state: State, given: boolean, wording: string): Step {
  const { asked } = state;
  if (asked === null || asked.step !== "asked" || state.signal !== "open") {
    return stay(state);
  }
  const told: Effect = {
    do: "send",
    message: { type: "consent", act: asked.act, id: asked.id, given, wording },
  };
  if (given && asked.act === "still") {
    return stepped(state, "aiming", [told]);
  }
  return { state: { ...state, asked: null }, effects: [told] };
}

/** Takes the picture, or goes back to aiming when it was not good. */
export function stillPressed(state: State): Step {
  switch (state.asked?.step) {
    case "aiming":
      return stepped(state, "taking", [{ do: "still-take" }]);
    case "taken":
    case "failed":
      return stepped(state, "aiming");
    default:
      return stay(state);
  }
}

export function stillTaken(state: State): Step {
  return state.asked?.step === "taking" ? stepped(state, "taken") : stay(state);
}

export function stillSendPressed(state: State): Step {
  const { asked, room } = state;
  if (asked === null || room === null || (asked.step !== "taken" && asked.step !== "failed")) {
    return stay(state);
  }
  const upKbps = room.quality[room.self.id]?.up_kbps ?? UNKNOWN_UP_KBPS;
  return stepped(state, "sending", [{ do: "still-send", id: asked.id, to: asked.from, upKbps }]);
}

export function stillProgress(state: State, arrived: number, count: number): Step {
  const { asked } = state;
  if (asked === null || asked.step !== "sending") {
    return stay(state);
  }
  const isDone = arrived >= count;
  return {
    state: { ...state, asked: { ...asked, arrived, count, step: isDone ? "sent" : "sending" } },
    effects: isDone ? [announce({ key: "still", step: "sent" })] : [],
  };
}

export function stillFailed(state: State): Step {
  const { asked } = state;
  return asked?.step === "sending" || asked?.step === "taking"
    ? stepped(state, asked.step === "taking" ? "aiming" : "failed", [
        announce({ key: "still", step: "failed" }, true),
      ])
    : stay(state);
}

export function stillClosed(state: State, wording: string): Step {
  const { asked } = state;
  if (asked === null) {
    return stay(state);
  }
  // Taken back before the picture has come: that is said, too.
  const isTakenBack = asked.step !== "sent" && asked.step !== "asked" && state.signal === "open";
  return {
    state: { ...state, asked: null },
    effects: [
      { do: "still-drop" },
      ...(isTakenBack
        ? [
            {
              do: "send",
              message: { type: "consent", act: asked.act, id: asked.id, given: false, wording },
            } as const,
          ]
        : []),
    ],
  };
}
