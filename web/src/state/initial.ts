// SPDX-License-Identifier: EUPL-1.2
// The page as it opens, and what it forgets of a stay in a visit when that is over.

import { initialCheck } from "./check";
import { initialLocal } from "./local";
import { initialMedia } from "./repair";
import { initialTalk } from "./talk";
import type { State } from "./types";

export function initial(): State {
  return {
    phase: { name: "loading" },
    token: "",
    resume: null,
    local: initialLocal(),
    signal: "closed",
    signalTold: false,
    media: initialMedia(),
    check: initialCheck(),
    survey: null,
    visit: null,
    ...outsideAll(),
  };
}

/** What belongs to one stay in a visit, before and after it. */
export function outsideAll(): Pick<
  State,
  | "room"
  | "soundBlocked"
  | "restarting"
  | "queue"
  | "calledIn"
  | "code"
  | "apart"
  | "talk"
  | "signing"
  | "pointers"
  | "asked"
  | "invite"
  | "wishes"
  | "interpreterNumber"
  | "audioOnly"
> {
  return {
    room: null,
    soundBlocked: false,
    restarting: false,
    queue: null,
    calledIn: false,
    code: null,
    apart: { kind: "none" },
    talk: initialTalk(),
    signing: [],
    pointers: {},
    asked: null,
    invite: null,
    wishes: [],
    interpreterNumber: null,
    audioOnly: false,
  };
}
