// SPDX-License-Identifier: EUPL-1.2
// Messages about the visit around the call, each to the part of the state it is about.

import type { ServerMessage } from "../protocol";
import { askCame } from "./asked";
import { chatCame, textCame } from "./talk";
import { type State, type Step, stay } from "./types";
import {
  admitted,
  apartTold,
  codeNeeded,
  held,
  inviteCame,
  pointed,
  signingTold,
  waitingTold,
} from "./visit";

/** The rest is for a staff page, which reads it itself. */
export function visitMessage(state: State, message: ServerMessage): Step {
  switch (message.type) {
    case "waiting": {
      const { type, ...queue } = message;
      return waitingTold(state, queue);
    }
    case "admitted":
      return admitted(state, message.title);
    case "held":
      return held(state);
    case "private":
      return apartTold(state, message.participants, message.outside === true);
    case "code-needed":
      return codeNeeded(state, message.sent_to);
    case "invite":
      return inviteCame(state, message.link, message.name);
    case "ask":
      return askCame(state, message.id, message.act, message.from);
    case "still-ack":
      return { state, effects: [{ do: "still-ack", id: message.id, seq: message.seq }] };
    case "pointer":
      return pointed(state, message.participant, message.x, message.y);
    case "signing":
      return signingTold(state, message.participant, message.signing);
    case "text":
      return textCame(state, message.participant, message.seq, message.t140);
    case "chat":
      return chatCame(state, message.participant, message.id, message.text);
    default:
      return stay(state);
  }
}
