// SPDX-License-Identifier: EUPL-1.2
// What an interpreter is asked and told before the door. Apart from the catalogues, for nobody else
// reads it.

import { clock } from "./visit-sv";

interface Booked {
  readonly before: (from: string, to?: string) => string;
  readonly during: (from: string, to?: string) => string;
  readonly over: (from: string, to?: string) => string;
  readonly arrived: (at: string) => string;
  readonly late: (at: string) => string;
  /** After how many minutes an interpreter who went is put on record as missing; null: never. */
  readonly kept: (minutes: number | null) => string;
}

function span(from: string, to: string | undefined, word: string): string {
  return to === undefined ? clock(from) : `${clock(from)} ${word} ${clock(to)}`;
}

interface Words {
  readonly number: Readonly<Record<"title" | "lead" | "number" | "name" | "send", string>>;
  readonly booked: Booked;
}

const NUMBER = {
  title: "Vem är du som tolkar?",
  lead: "Skriv ditt tolknummer och ditt namn, så vet de andra vem du är.",
  number: "Tolknummer",
  name: "Namn",
  send: "Fortsätt",
};

export const INTERPRETER: Readonly<Record<string, Words>> & { readonly sv: Words } = {
  sv: {
    number: NUMBER,
    booked: {
      before: (from, to) => `Du är bokad ${span(from, to, "till")}. Tiden har inte börjat än.`,
      during: (from, to) => `Du är bokad ${span(from, to, "till")}. Tiden har börjat.`,
      over: (from, to) =>
        `Du var bokad ${span(from, to, "till")}. Tiden är slut. Skriv till mottagningen om ingen hör av sig.`,
      arrived: (at) => `Mottagningen ser att du är här sedan ${clock(at)}.`,
      late: (at) =>
        `Klockan ${clock(at)} noterades att tolken saknades. Nu syns det att du är här.`,
      kept: (minutes) =>
        `Din plats är kvar tills du blir insläppt.${
          minutes === null
            ? ""
            : ` Går du härifrån noteras tolken som saknad, tidigast efter ${minutes} minuter.`
        }`,
    },
  },
  "sv-latt": {
    number: NUMBER,
    booked: {
      before: (from, to) => `Din tid är ${span(from, to, "till")}. Den har inte börjat.`,
      during: (from, to) => `Din tid är ${span(from, to, "till")}. Den har börjat.`,
      over: (from, to) =>
        `Din tid var ${span(from, to, "till")}. Den är slut. Skriv till mottagningen.`,
      arrived: (at) => `Mottagningen ser att du kom ${clock(at)}.`,
      late: (at) => `Klockan ${clock(at)} såg de att ingen tolk var här. Nu ser de dig.`,
      kept: (minutes) =>
        `Du har din plats kvar. Vänta här.${
          minutes === null ? "" : ` Går du ser de efter ${minutes} minuter att tolken saknas.`
        }`,
    },
  },
  en: {
    number: {
      title: "Who are you, as the interpreter?",
      lead: "Type your interpreter number and your name, so that the others know who you are.",
      number: "Interpreter number",
      name: "Name",
      send: "Continue",
    },
    booked: {
      before: (from, to) => `You are booked ${span(from, to, "to")}. The time has not begun yet.`,
      during: (from, to) => `You are booked ${span(from, to, "to")}. The time has begun.`,
      over: (from, to) =>
        `You were booked ${span(from, to, "to")}. The time is over. Write to the clinic if nobody gets in touch.`,
      arrived: (at) => `The clinic sees that you have been here since ${clock(at)}.`,
      late: (at) =>
        `At ${clock(at)} it was noted that the interpreter was missing. Now they see that you are here.`,
      kept: (minutes) =>
        `Your place is kept until you are let in.${
          minutes === null
            ? ""
            : ` If you go, the interpreter is noted as missing, at the earliest after ${minutes} minutes.`
        }`,
    },
  },
};
