// SPDX-License-Identifier: EUPL-1.2
// Nobody is here, or somebody has just come: the time, the place, who is met next, and two buttons.

import type { VNode } from "preact";
import { Heading, LanguageSwitch } from "../../views/calm";
import { Fells, Icon } from "../../views/icon";
import { canBegin } from "../state";
import type { ViewProps } from "./app";

function Next({ state, words }: ViewProps): VNode {
  const visit = state.board?.visit ?? null;
  if (visit === null) {
    return <p class="board-next">{words.nothing}</p>;
  }
  return (
    <>
      <p class="board-label">{words.next}</p>
      <p class="board-next" data-testid="next">
        {words.meet(visit.meet === "" ? words.someone : visit.meet, visit.planned)}
      </p>
    </>
  );
}

export function Idle(props: ViewProps): VNode {
  const { state, words, dispatch } = props;
  const { board } = state;
  const isReady = canBegin(state);
  return (
    <div class="board" data-testid="page-idle">
      <header class="calm-top">
        <span class="wordmark">{board?.unit ?? "Vidd"}</span>
        <LanguageSwitch />
      </header>
      <main class="board-main">
        <Heading>{board?.place ?? "Vidd"}</Heading>
        <p class="board-clock">
          <time>{words.clock(state.now)}</time>
        </p>
        <p class="board-day">{words.day(state.now)}</p>
        <Next {...props} />
        {!state.hasContact && (
          <p class="found" role="status">
            <Icon name="warning" />
            <span>{words.noContact}</span>
          </p>
        )}
        <div class="two">
          {isReady ? (
            <button
              type="button"
              class="primary two-button"
              data-testid="start"
              onClick={() => dispatch({ type: "begin" })}
            >
              <Icon name="camera" />
              {words.start}
            </button>
          ) : (
            board?.visit && <p class="two-note">{words.notYet}</p>
          )}
          <button
            type="button"
            class="secondary two-button"
            data-testid="call-help"
            onClick={() => dispatch({ type: "call-help" })}
          >
            <Icon name="hand" />
            {board?.help === true ? words.helpAsked : words.callHelp}
          </button>
        </div>
      </main>
      <footer class="board-foot">
        <button
          type="button"
          class="quiet"
          data-testid="setup"
          onClick={() => dispatch({ type: "setup" })}
        >
          {words.setup}
        </button>
        <button
          type="button"
          class="quiet"
          data-testid="test"
          onClick={() => dispatch({ type: "test" })}
        >
          {words.test}
        </button>
      </footer>
      <Fells />
    </div>
  );
}

interface HelpProps extends ViewProps {
  readonly status: "asked" | "known" | "answered";
}

export function Help({ state, words, dispatch, status }: HelpProps): VNode {
  const phone = state.board?.phone ?? "";
  const title =
    status === "answered"
      ? words.helpAnswered
      : status === "known" && state.hasContact
        ? words.helpTitle
        : state.hasContact
          ? words.helpAsking
          : words.helpNoContact;
  return (
    <div class="board" data-testid="page-help">
      <main class="board-main">
        <Heading>
          <span role="status">{title}</span>
        </Heading>
        {phone !== "" && <p class="board-next">{words.helpPhone(phone)}</p>}
        <p class="lead">{words.helpDanger}</p>
        <div class="two">
          <button
            type="button"
            class="secondary two-button"
            data-testid="help-came"
            onClick={() => dispatch({ type: "help-came" })}
          >
            {words.helpCame}
          </button>
          <button
            type="button"
            class="secondary two-button"
            data-testid="back"
            onClick={() => dispatch({ type: "back" })}
          >
            {words.stop}
          </button>
        </div>
      </main>
      <Fells />
    </div>
  );
}
