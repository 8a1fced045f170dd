// SPDX-License-Identifier: EUPL-1.2
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Catalogue } from "../i18n/catalogue";
import type { EndedReason } from "../protocol";
import { isAsked, isSurveyDone } from "../state/survey";
import { ANSWERS, type State, SURVEY } from "../state/types";
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

function Questions({ step }: { readonly step: number }): VNode | null {
  const { text, dispatch } = useSurroundings();
  const heading = useRef<HTMLHeadingElement>(null);
  // Each question is read from its heading.
  useEffect(() => heading.current?.focus(), [step]);
  const question = SURVEY[step];
  if (question === undefined) {
    return null;
  }
  return (
    <Calm name={`survey-${question}`}>
      <p class="small">{text.survey.step(step + 1, SURVEY.length)}</p>
      <h1 tabIndex={-1} ref={heading}>
        {text.survey.questions[question]}
      </h1>
      <div class="answers">
        {ANSWERS[question].map((answer) => (
          <button
            type="button"
            key={answer}
            class="secondary"
            data-testid={`answer-${answer}`}
            onClick={() => dispatch({ type: "survey-answered", answer })}
          >
            {text.survey.answers[answer]}
          </button>
        ))}
      </div>
      <button
        type="button"
        class="quiet"
        data-testid="answer-skip"
        onClick={() => dispatch({ type: "survey-answered", answer: null })}
      >
        {text.survey.skip}
      </button>
      <p class="small">{text.survey.lead}</p>
    </Calm>
  );
}

interface EndedProps {
  readonly state: State;
  readonly reason: EndedReason;
}

export function Ended({ state, reason }: EndedProps): VNode {
  const { text, dispatch } = useSurroundings();
  const { title, lead, back } = wordsOf(reason, text);
  const { survey } = state;
  if (survey !== null && !isSurveyDone(state)) {
    return <Questions step={survey.step} />;
  }
  if (survey !== null) {
    return (
      <Calm name="survey-done">
        <Heading>{text.survey.thanks}</Heading>
        <p class="lead">{text.survey.thanksLead}</p>
      </Calm>
    );
  }
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
      {isAsked(state) && (
        <button
          type="button"
          class={back === null ? "primary" : "secondary"}
          data-testid="survey"
          onClick={() => dispatch({ type: "survey-pressed" })}
        >
          {text.survey.start}
        </button>
      )}
    </Calm>
  );
}
