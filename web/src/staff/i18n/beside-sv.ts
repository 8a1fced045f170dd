// SPDX-License-Identifier: EUPL-1.2
// The staff page in Swedish: handing over, writing to who waits, the questions afterwards.

import type { Question } from "../questions";

export const besideSv = {
  handOver: {
    title: "Ansvar",
    is: (name: string) => `${name} ansvarar för besöket.`,
    nobody: "Ingen har ansvar för besöket ännu.",
    label: "Lämna över till",
    choose: "Välj en kollega",
    go: "Lämna över ansvaret",
  },
  doorChat: {
    open: (name: string) => `Skriv till ${name}`,
    label: (name: string) => `Meddelande till ${name}`,
    send: "Skicka",
    /** Before what one has written, where everybody's lines stand together. */
    to: (name: string) => `Till ${name}: `,
    you: "Du",
  },
  questions: {
    title: "Två frågor om besöket",
    lead: "Svaren sparas utan namn och används för att följa upp arbetssättet.",
    legend: {
      quality: "Räckte bild och ljud till det du skulle bedöma?",
      travel: "Ersatte videobesöket en resa för patienten?",
    } as Record<Question, string>,
    answers: { yes: "Ja", partly: "Delvis", no: "Nej", unsure: "Vet inte" },
    send: "Skicka svaren",
    skip: "Hoppa över",
    thanks: "Tack. Svaren är sparade.",
  },
};
