// SPDX-License-Identifier: EUPL-1.2
// What a patient reads who shows an e-ID. Apart from the catalogues, for few read it.

export interface IdentifyWords {
  readonly lead: string;
  readonly go: (name: string) => string;
  readonly again: (name: string) => string;
  readonly going: string;
  readonly refused: string;
  readonly away: string;
  readonly weak: string;
  readonly old: string;
  readonly other: string;
  readonly over: string;
}

/** The sentence for a problem that the server names (docs/operations.md, "e-ID of patients"). */
export function reasonOf(words: IdentifyWords, problem: string): string {
  switch (problem) {
    case "login-refused":
      return words.refused;
    case "login-weak":
    case "login-nameless":
      return words.weak;
    case "login-state":
      return words.old;
    case "login-other":
      return words.other;
    case "login-over":
      return words.over;
    default:
      return words.away;
  }
}

export const IDENTIFY: Readonly<Record<string, IdentifyWords>> & { readonly sv: IdentifyWords } = {
  sv: {
    lead: "Mottagningen vill veta säkert att det är du. Tryck på knappen. När du är klar kommer du tillbaka hit, på samma plats i kön.",
    go: (name) => `Legitimera dig med ${name}`,
    again: (name) => `Försök igen med ${name}`,
    going: "Öppnar …",
    refused: "Legitimeringen avbröts. Du är kvar i kön.",
    away: "Legitimeringen svarar inte just nu. Vänta en liten stund och försök igen, eller ring mottagningen.",
    weak: "Den legitimationen räcker inte här. Försök med en annan, till exempel BankID eller Freja, eller ring mottagningen.",
    old: "Legitimeringen tog för lång tid eller gjordes i ett annat fönster. Försök igen här.",
    other:
      "Besöket är bokat för någon annan än den som legitimerade sig. Den som besöket gäller ska legitimera sig. Ring mottagningen om något är fel.",
    over: "Besöket är avslutat. Ring mottagningen om du behöver hjälp.",
  },
  "sv-latt": {
    lead: "Mottagningen vill veta att det är du. Tryck på knappen. Sedan kommer du tillbaka hit. Du har kvar din plats.",
    go: (name) => `Legitimera dig med ${name}`,
    again: (name) => `Försök igen med ${name}`,
    going: "Öppnar …",
    refused: "Du avbröt. Du är kvar i kön.",
    away: "Det går inte just nu. Vänta lite. Försök igen. Eller ring mottagningen.",
    weak: "Den legitimationen räcker inte. Försök med en annan. Eller ring mottagningen.",
    old: "Det tog för lång tid. Försök igen här.",
    other:
      "Besöket är för en annan person. Den personen ska legitimera sig. Ring mottagningen om det är fel.",
    over: "Besöket är slut. Ring mottagningen om du behöver hjälp.",
  },
  en: {
    lead: "The clinic wants to be sure that it is you. Press the button. When you are done you come back here, to the same place in the queue.",
    go: (name) => `Identify yourself with ${name}`,
    again: (name) => `Try again with ${name}`,
    going: "Opening …",
    refused: "The identification was cancelled. You are still in the queue.",
    away: "The identification does not answer right now. Wait a moment and try again, or phone the clinic.",
    weak: "That electronic ID is not enough here. Try another one, such as BankID or Freja, or phone the clinic.",
    old: "The identification took too long or was done in another window. Try again here.",
    other:
      "The visit is booked for somebody else than the person who identified themselves. The person whose visit it is must do so. Phone the clinic if something is wrong.",
    over: "The visit is over. Phone the clinic if you need help.",
  },
};
