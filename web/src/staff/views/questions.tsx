// SPDX-License-Identifier: EUPL-1.2
// Two questions to whoever has ended a visit. Each may be passed over; nothing waits for them.

import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "../../views/icon";
import { type Answers, answersTo, QUESTIONS, type Question } from "../questions";
import { useStaff } from "./context";
import { TroubleNote } from "./frame";

interface QuestionProps {
  readonly question: Question;
  readonly answers: Answers;
  readonly onAnswer: (answers: Answers) => void;
}

function OneQuestion({ question, answers, onAnswer }: QuestionProps): VNode {
  const { words } = useStaff();
  return (
    <fieldset>
      <legend>{words.questions.legend[question]}</legend>
      <div class="row-acts">
        {answersTo(question).map((answer) => (
          <label key={answer} class="tick">
            <input
              type="radio"
              name={`after-${question}`}
              data-testid={`after-${question}-${answer}`}
              checked={answers[question] === answer}
              onChange={() => onAnswer({ ...answers, [question]: answer })}
            />
            <span>{words.questions.answers[answer]}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

export function Questions(): VNode | null {
  const { desk, words, tell } = useStaff();
  const [answers, setAnswers] = useState<Answers>({});
  const { asking } = desk;
  if (asking === null) {
    return null;
  }
  if (asking.isDone) {
    return (
      <p class="told" role="status" data-testid="questions-thanks">
        <Icon name="yes" />
        <span>{words.questions.thanks}</span>
      </p>
    );
  }
  return (
    <form
      class="form questions"
      data-testid="questions"
      aria-labelledby="questions-heading"
      onSubmit={(event) => {
        event.preventDefault();
        tell({ type: "answers-pressed", answers });
      }}
    >
      <h2 id="questions-heading">{words.questions.title}</h2>
      <p class="small">{words.questions.lead}</p>
      <TroubleNote of={["answer"]} />
      {QUESTIONS.map((question) => (
        <OneQuestion key={question} question={question} answers={answers} onAnswer={setAnswers} />
      ))}
      <div class="row-acts">
        <button
          type="submit"
          class="secondary"
          data-testid="questions-send"
          aria-disabled={desk.doing.includes("answer")}
        >
          {words.questions.send}
        </button>
        <button
          type="button"
          class="quiet"
          data-testid="questions-skip"
          onClick={() => tell({ type: "questions-closed" })}
        >
          {words.questions.skip}
        </button>
      </div>
    </form>
  );
}
