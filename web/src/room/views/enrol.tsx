// SPDX-License-Identifier: EUPL-1.2
// Whose screen this is: a code typed with a finger or a keyboard; and that it is nobody's any more.

import type { VNode } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { Calm, Heading } from "../../views/calm";
import { CODE_DIGITS } from "../state";
import type { EnrolStatus } from "../types";
import type { ViewProps } from "./app";

interface EnrolProps extends ViewProps {
  readonly code: string;
  readonly status: EnrolStatus;
}

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

function useKeys(dispatch: ViewProps["dispatch"]): void {
  // At once, not after the next picture: somebody may type as soon as the view is there.
  useLayoutEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (/^\d$/.test(event.key)) {
        dispatch({ type: "digit", digit: event.key });
      } else if (event.key === "Backspace") {
        dispatch({ type: "erase" });
      } else if (event.key === "Enter" && !(event.target instanceof HTMLButtonElement)) {
        dispatch({ type: "enrol" });
      }
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [dispatch]);
}

export function Enrol({ words, dispatch, code, status }: EnrolProps): VNode {
  useKeys(dispatch);
  const digit = (value: string): VNode => (
    <button
      type="button"
      key={value}
      class="pad-key"
      data-testid={`digit-${value}`}
      onClick={() => dispatch({ type: "digit", digit: value })}
    >
      {value}
    </button>
  );
  return (
    <Calm name="enrol">
      <div class="enrol">
        <div class="enrol-words">
          <Heading>{words.enrolTitle}</Heading>
          <p class="lead">{words.enrolLead}</p>
          <p class="pad-code" data-testid="typed">
            <span class="aloud">
              {words.code}: {code.split("").join(" ")}
            </span>
            <span aria-hidden="true">{code.padEnd(CODE_DIGITS, "·")}</span>
          </p>
          <p role="status" data-testid="enrol-status">
            {status === "typing" ? words.typed(code.length) : words.enrolSaid[status]}
          </p>
        </div>
        <div class="pad">
          {DIGITS.map(digit)}
          <button
            type="button"
            class="pad-key pad-word"
            data-testid="erase"
            onClick={() => dispatch({ type: "erase" })}
          >
            {words.erase}
          </button>
          {digit("0")}
          <button
            type="button"
            class="pad-key pad-word pad-go"
            data-testid="connect"
            aria-disabled={code.length !== CODE_DIGITS || status !== "typing"}
            onClick={() => dispatch({ type: "enrol" })}
          >
            {words.connect}
          </button>
        </div>
      </div>
    </Calm>
  );
}

export function Revoked({ words, dispatch }: ViewProps): VNode {
  return (
    <Calm name="revoked">
      <Heading>{words.revokedTitle}</Heading>
      <p class="lead">{words.revokedLead}</p>
      <button
        type="button"
        class="secondary"
        data-testid="again"
        onClick={() => dispatch({ type: "back" })}
      >
        {words.again}
      </button>
    </Calm>
  );
}
