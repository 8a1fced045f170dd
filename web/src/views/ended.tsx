// SPDX-License-Identifier: EUPL-1.2
import type { VNode } from "preact";
import type { Catalogue } from "../i18n/catalogue";
import type { EndedReason } from "../protocol";
import { Calm, Heading } from "./calm";
import { useSurroundings } from "./context";

interface Words {
  readonly title: string;
  readonly lead: string;
  /** What the way back is called, where there is one. */
  readonly back: string | null;
}

function wordsOf(reason: EndedReason, text: Catalogue): Words {
  switch (reason) {
    case "left":
      return { title: text.endedLeft, lead: text.endedLeftLead, back: text.endedLeftReturn };
    case "ended":
      return { title: text.endedEnded, lead: text.endedEndedLead, back: null };
    case "replaced":
      return {
        title: text.endedReplaced,
        lead: text.endedReplacedLead,
        back: text.endedReplacedReturn,
      };
    case "removed":
      return { title: text.endedRemoved, lead: text.endedRemovedLead, back: null };
  }
}

export function Ended({ reason }: { readonly reason: EndedReason }): VNode {
  const { text, dispatch } = useSurroundings();
  const { title, lead, back } = wordsOf(reason, text);
  return (
    <Calm name={`ended-${reason}`}>
      <Heading>{title}</Heading>
      <p class="lead">{lead}</p>
      <p>{text.endedOff}</p>
      {back !== null && (
        <button
          type="button"
          class="primary"
          data-testid="return"
          onClick={() => dispatch({ type: "return-pressed" })}
        >
          {back}
        </button>
      )}
    </Calm>
  );
}
