// SPDX-License-Identifier: EUPL-1.2
// The staff page in easy Swedish: handing over, writing to who waits, the questions afterwards.

import type { Question } from "../questions";
import { besideSv } from "./beside-sv";

export const besideLatt: typeof besideSv = {
  handOver: {
    ...besideSv.handOver,
    title: "Vem har ansvar?",
    is: (name) => `${name} har ansvar för besöket.`,
    nobody: "Ingen har ansvar för besöket än.",
    label: "Ge ansvaret till",
    go: "Ge ansvaret",
  },
  doorChat: besideSv.doorChat,
  questions: {
    ...besideSv.questions,
    lead: "Ditt namn sparas inte. Svaren hjälper oss att bli bättre.",
    legend: {
      quality: "Var bild och ljud så bra att du kunde göra ditt arbete?",
      travel: "Slapp patienten en resa?",
    } as Record<Question, string>,
    answers: { yes: "Ja", partly: "Lite", no: "Nej", unsure: "Vet inte" },
    thanks: "Tack. Vi har sparat dina svar.",
  },
};
