// SPDX-License-Identifier: EUPL-1.2
import type { VNode } from "preact";
import type { State } from "../state/types";
import { Calm, Heading } from "./calm";
import { useSurroundings } from "./context";

interface JoiningProps {
  readonly state: State;
  readonly returning: boolean;
}

export function Joining({ state, returning }: JoiningProps): VNode {
  const { text, dispatch } = useSurroundings();
  const isAsking =
    state.local.camera.status === "asking" || state.local.microphone.status === "asking";
  return (
    <Calm name="joining">
      <div class="waiting" aria-hidden="true">
        <span />
        <span />
        <span />
      </div>
      <Heading>{returning ? text.returningTitle : text.joiningTitle}</Heading>
      <p class="lead">{state.signalTold ? text.joiningSlow : text.joiningLead}</p>
      {isAsking && <p>{text.asking}</p>}
      <button type="button" class="quiet" onClick={() => dispatch({ type: "cancel-pressed" })}>
        {text.cancel}
      </button>
    </Calm>
  );
}
