// SPDX-License-Identifier: EUPL-1.2
// The one-time code that the unit wants before anybody is let in: typed, pasted, or filled in by the
// phone itself; another one where it did not come, and other ways where none helps.

import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { State } from "../state/types";
import { Calm, Heading } from "./calm";
import { useSurroundings } from "./context";
import { Icon } from "./icon";
import { loadLacking, useLoaded } from "./loaded";
import { Leave, Other } from "./ways";

function Form({ state: { code } }: { readonly state: State }): VNode {
  const { text, dispatch } = useSurroundings();
  const [typed, setTyped] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const isWrong = code?.status === "wrong";
  const isNew = code?.status === "new";
  // The button that asked for it is gone: what is wanted next has the focus.
  useEffect(() => {
    if (isNew) {
      field.current?.focus();
    }
  }, [isNew]);
  return (
    <form
      class="asking-form"
      onSubmit={(event) => {
        event.preventDefault();
        dispatch({ type: "code-entered", code: typed });
      }}
    >
      <label for="one-time-code">{text.oneTime.label}</label>
      <input
        ref={field}
        id="one-time-code"
        class="code"
        type="text"
        inputMode="numeric"
        autocomplete="one-time-code"
        required
        value={typed}
        data-testid="code"
        aria-invalid={isWrong}
        aria-describedby={isWrong ? "code-wrong" : undefined}
        onInput={(event) => setTyped(event.currentTarget.value)}
      />
      {isWrong && (
        <p id="code-wrong" class="found">
          <Icon name="warning" />
          <span>{text.oneTime.wrong}</span>
        </p>
      )}
      <button type="submit" class="primary" data-testid="code-send">
        {code?.status === "sent" ? text.oneTime.sending : text.oneTime.send}
      </button>
    </form>
  );
}

export function OneTimeCode({ state }: { readonly state: State }): VNode {
  const { text } = useSurroundings();
  const { code, queue } = state;
  const lacking = useLoaded(loadLacking);
  const isOver = queue?.lacks === "new-code";
  return (
    <Calm name="code">
      <Heading>{isOver ? text.wait.outTitle : text.oneTime.title}</Heading>
      {!isOver && (
        <>
          <p class="lead" data-testid="code-lead">
            {text.oneTime.lead(code?.sentTo ?? "")}
          </p>
          <Form state={state} />
        </>
      )}
      {lacking !== null && <lacking.Again state={state} />}
      <Other state={state} />
      <Leave />
    </Calm>
  );
}
