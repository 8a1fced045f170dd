// SPDX-License-Identifier: EUPL-1.2
// Why one cannot be let in, and what helps, where typing the code that was sent does not.

import type { VNode } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { IDENTIFY } from "../i18n/identify";
import { LACKING } from "../i18n/lacking";
import type { Waiting } from "../protocol";
import type { State } from "../state/types";
import { useSurroundings } from "./context";
import { Icon } from "./icon";
import { Identify } from "./identify";

/** The unit's number, where it has one. */
function Ring({ queue }: { readonly queue: Waiting | null }): VNode | null {
  const { text } = useSurroundings();
  const words = LACKING[text.code] ?? LACKING.sv;
  return queue?.phone === undefined ? null : (
    <a class="secondary ring" data-testid="ring" href={`tel:${queue.phone.replace(/[^\d+]/g, "")}`}>
      <Icon name="phone" />
      {words.ring(queue.phone.replaceAll(" ", "\u00a0").replaceAll("-", "\u2011"))}
    </a>
  );
}

export function Lacking({ queue }: { readonly queue: Waiting }): VNode {
  const { text } = useSurroundings();
  const words = LACKING[text.code] ?? LACKING.sv;
  return (
    <>
      <p class="lead" data-testid="wait-lacks" data-lacks={queue.lacks}>
        {queue.lacks === "telephone"
          ? words.telephone
          : queue.lacks === "e-id"
            ? (IDENTIFY[text.code] ?? IDENTIFY.sv).lead
            : words.noEId}
      </p>
      {queue.lacks === "e-id" && <Identify />}
      <Ring queue={queue} />
    </>
  );
}

/** When another code can be asked for, in ms since 1970; null: now. */
function useLater(queue: Waiting | null): number | null {
  const at = useMemo(() => Date.now() + (queue?.new_code_s ?? 0) * 1000, [queue]);
  const [passed, setPassed] = useState(0);
  useEffect(() => {
    const timer = setTimeout(() => setPassed(at), at - Date.now());
    return () => clearTimeout(timer);
  }, [at]);
  return passed === at ? null : at;
}

/** Another code where the first did not come, or is good no more. */
export function Again({ state }: { readonly state: State }): VNode {
  const { text, dispatch } = useSurroundings();
  const words = LACKING[text.code] ?? LACKING.sv;
  const later = useLater(state.queue);
  const isOver = state.queue?.lacks === "new-code";
  return (
    <>
      <p role="status">{state.code?.status === "new" && words.renewed}</p>
      {isOver && <p class="lead">{words.over}</p>}
      {later === null && (
        <button
          type="button"
          class={isOver ? "primary" : "secondary"}
          data-testid="code-again"
          onClick={() => dispatch({ type: "new-code-pressed" })}
        >
          {words.again}
        </button>
      )}
      <Identify isOffered />
      {later !== null && isOver && <p data-testid="code-later">{words.later(later)}</p>}
      <Ring queue={state.queue} />
    </>
  );
}
