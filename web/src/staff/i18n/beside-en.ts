// SPDX-License-Identifier: EUPL-1.2
// The staff page in English: handing over, writing to who waits, the questions afterwards.

import type { besideSv } from "./beside-sv";

export const besideEn: typeof besideSv = {
  handOver: {
    title: "Responsibility",
    is: (name: string) => `${name} is responsible for the visit.`,
    nobody: "Nobody is responsible for the visit yet.",
    label: "Hand over to",
    choose: "Choose a colleague",
    go: "Hand over responsibility",
  },
  doorChat: {
    open: (name: string) => `Write to ${name}`,
    label: (name: string) => `Message to ${name}`,
    send: "Send",
    to: (name: string) => `To ${name}: `,
    you: "You",
  },
  questions: {
    title: "Two questions about the visit",
    lead: "Answers are kept without a name and are used to follow up how we work.",
    legend: {
      quality: "Were picture and sound good enough for what you had to judge?",
      travel: "Did the video visit replace a journey for the patient?",
    },
    answers: { yes: "Yes", partly: "Partly", no: "No", unsure: "Do not know" },
    send: "Send the answers",
    skip: "Skip",
    thanks: "Thank you. The answers are kept.",
  },
};
