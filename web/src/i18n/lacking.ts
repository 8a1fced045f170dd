// SPDX-License-Identifier: EUPL-1.2
// What a patient is told whom typing the code that was sent does not help in. Apart from the
// catalogues, for hardly anybody reads it.

import { clock } from "./visit-sv";

interface Words {
  readonly telephone: string;
  readonly noEId: string;
  /** The code is. */
  readonly over: string;
  readonly again: string;
  readonly renewed: string;
  readonly later: (at: number) => string;
  readonly ring: (phone: string) => string;
}

export const LACKING: Readonly<Record<string, Words>> & { readonly sv: Words } = {
  sv: {
    over: "Koden gäller inte längre.",
    again: "Skicka en ny kod",
    renewed: "Vi har skickat en ny kod. Bara den gäller.",
    later: (at) => `Du kan få en ny kod klockan ${clock(new Date(at).toISOString())}.`,
    ring: (phone) => `Ring ${phone}`,
    telephone:
      "Mottagningen vill skicka en kod till din telefon men har inte ditt nummer. Ring eller skriv till dem, så får du en ny länk.",
    noEId:
      "Mottagningen vill ha e‑legitimation, och den kan du inte visa här. Ring eller skriv till dem, så får du hjälp på ett annat sätt.",
  },
  "sv-latt": {
    over: "Koden är för gammal.",
    again: "Skicka en ny kod",
    renewed: "Vi har skickat en ny kod. Bara den gäller.",
    later: (at) => `Du kan få en ny kod klockan ${clock(new Date(at).toISOString())}.`,
    ring: (phone) => `Ring ${phone}`,
    telephone:
      "Du behöver en kod i din telefon. Mottagningen har inte ditt nummer. Ring eller skriv till dem. Då får du en ny länk.",
    noEId:
      "Mottagningen vill ha e‑legitimation. Det går inte här. Ring eller skriv till dem. Då får du hjälp.",
  },
  en: {
    over: "The code is no longer valid.",
    again: "Send a new code",
    renewed: "We have sent a new code. Only that one is valid.",
    later: (at) => `You can have a new code at ${clock(new Date(at).toISOString())}.`,
    ring: (phone) => `Phone ${phone}`,
    telephone:
      "The clinic wants to send a code to your phone but does not have your number. Phone or write to them, and you will get a new link.",
    noEId:
      "The clinic asks for an electronic ID, which cannot be shown here. Phone or write to them, and they will help you another way.",
  },
};
