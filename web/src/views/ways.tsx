// SPDX-License-Identifier: EUPL-1.2
// The ways out of waiting, so that nobody is ever stuck at the door.

import type { VNode } from "preact";
import type { State } from "../state/types";
import { useSurroundings } from "./context";
import { Icon } from "./icon";
import { QueueTalk } from "./talk";

export function Leave(): VNode {
  const { text, dispatch } = useSurroundings();
  return (
    <button
      type="button"
      class="quiet"
      data-testid="leave"
      onClick={() => dispatch({ type: "leave-pressed" })}
    >
      <Icon name="leave" />
      {text.leave}
    </button>
  );
}

/** What one can do instead: write, be called, or come. */
export function Other({ state }: { readonly state: State }): VNode {
  const { text, dispatch } = useSurroundings();
  const choices = [
    { wish: "call-me", words: text.wait.callMe },
    { wish: "physical-visit", words: text.wait.physical },
  ] as const;
  return (
    <>
      <QueueTalk talk={state.talk} />
      <section class="wait-other" aria-labelledby="other-heading">
        <h2 id="other-heading">{text.wait.other}</h2>
        {choices.map(({ wish, words }) =>
          state.wishes.includes(wish) ? (
            <p key={wish} class="found" data-testid={`wished-${wish}`}>
              <Icon name="yes" />
              <span>{text.wait.wishTold[wish]}</span>
            </p>
          ) : (
            <button
              type="button"
              key={wish}
              class="secondary"
              data-testid={`wish-${wish}`}
              onClick={() => dispatch({ type: "wish-pressed", wish })}
            >
              {words}
            </button>
          ),
        )}
      </section>
    </>
  );
}
