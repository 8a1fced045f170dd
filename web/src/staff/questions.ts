// SPDX-License-Identifier: EUPL-1.2
// What the clinician is asked after a visit, by the same names as the patient is (../state/types), so
// that answers can be held beside each other.

import { ANSWERS, type Answer, type Survey } from "../state/types";

export const QUESTIONS = ["quality", "travel"] as const;
export type Question = (typeof QUESTIONS)[number];

export type Answers = Survey["answers"];

export function answersTo(question: Question): readonly Answer[] {
  return ANSWERS[question];
}
