// SPDX-License-Identifier: EUPL-1.2
// Three questions afterwards, one at a time, each of which may be passed over. What was answered is
// sent once, at the end; it is tied to the visit, not to the person.

import { ANSWERS, type Answer, type Effect, type State, type Step, SURVEY, stay } from "./types";

/** Whom the questions are about. */
export function isAsked(state: State): boolean {
  const { phase, visit } = state;
  return phase.name === "ended" && phase.reason !== "replaced" && visit?.role === "patient";
}

export function surveyPressed(state: State): Step {
  return isAsked(state) && state.survey === null
    ? stay({ ...state, survey: { step: 0, answers: {} } })
    : stay(state);
}

export function isSurveyDone({ survey }: State): boolean {
  return survey !== null && survey.step >= SURVEY.length;
}

/** answer null: passed over. */
export function surveyAnswered(state: State, answer: Answer | null): Step {
  const { survey, visit } = state;
  const question = survey === null ? undefined : SURVEY[survey.step];
  if (survey === null || question === undefined || visit === null) {
    return stay(state);
  }
  if (answer !== null && !ANSWERS[question].includes(answer)) {
    return stay(state);
  }
  const answers = answer === null ? survey.answers : { ...survey.answers, [question]: answer };
  const step = survey.step + 1;
  const isLast = step >= SURVEY.length;
  const send: Effect[] =
    isLast && Object.keys(answers).length > 0
      ? [{ do: "survey-send", consultation: visit.id, token: state.token, answers }]
      : [];
  return { state: { ...state, survey: { step, answers } }, effects: send };
}
