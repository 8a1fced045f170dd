// SPDX-License-Identifier: EUPL-1.2
// The health rooms in easy Swedish, for those who look after them.

import type { Part } from "../places";
import { roomsSv } from "./rooms-sv";

export const roomsLatt: typeof roomsSv = {
  ...roomsSv,
  lead: "Rummen provar sig själva. Här ser du hur det gick senast.",
  again: "Titta igen",
  none: "Ni har inga hälsorum.",
  noDevice: "Rummet har ingen skärm.",
  states: { ready: "fungerar", faults: "något är fel", untested: "inte provad" },
  partFails: {
    camera: "visar ingen bild som rör sig. Titta på sladden. Sitter skyddet på?",
    microphone: "hör inte högtalaren. Är ljudet på i rummet?",
    encoder: "är för långsam för bilden.",
    link: "når inte fram med ljud och bild.",
  } as Record<Part["kind"], string>,
  seen: (ago) => `Hörde av sig: ${ago} sedan.`.replace("nyss sedan", "nyss"),
  neverSeen: "Har aldrig hört av sig.",
  help: (place, ago) => `${place}: någon vill ha hjälp sedan ${ago}.`.replace("sedan nyss", "nu"),
  helpAloud: (place) => `Någon i ${place} vill ha hjälp.`,
  takeHelp: "Jag hjälper till",
  takeHelpNamed: (place) => `Jag hjälper till: ${place}`,
  code: (digits) => `Skriv den här koden på skärmen i rummet: ${digits}`,
  codeUntil: (clock) => `Du kan använda koden en gång, till ${clock}.`,
  revoke: "Ta bort skärmen",
  revokeNamed: (device) => `Ta bort skärmen: ${device}`,
  revokeAsk: (device) => `Vill du ta bort ${device}? Då visar den inga besök.`,
  revokeYes: "Ja, ta bort",
  revokeNo: "Nej, ha den kvar",
};
