// SPDX-License-Identifier: EUPL-1.2
// The health rooms, for those who look after them.

import type { Part } from "../places";

export const roomsSv = {
  title: "Hälsorum",
  lead: "Hur rummens egna prov gick senast.",
  again: "Hämta igen",
  none: "Enheten har inga hälsorum.",
  /** A screen that was given no name says how large it is. */
  device: (name: string): string => (/^\d+ × \d+$/.test(name) ? `Skärmen (${name})` : name),
  noDevice: "Ingen skärm är ansluten.",
  states: { ready: "redo", faults: "fel", untested: "inte provad" },
  part: ({ kind, name }: Part): string =>
    ({
      camera: name === "" ? "Kameran" : `Kameran ${name}`,
      microphone: "Mikrofonen",
      encoder: "Datorn",
      link: "Nätet",
    })[kind],
  partWorks: "fungerar",
  partFails: {
    camera: "ger ingen rörlig bild. Se efter sladd och skydd.",
    microphone: "hör inte högtalaren. Se efter ljudet i rummet.",
    encoder: "hinner inte med bilden.",
    link: "når inte servern med ljud och bild.",
  } as Record<Part["kind"], string>,
  fps: (fps: number): string => `${Math.round(fps)} bilder i sekunden`,
  rates: (up: number, down: number): string => `${up} kbit/s upp, ${down} kbit/s ner`,
  parts: "Alla delar",
  tested: (ago: string): string => `Provad: ${ago} sedan.`.replace("nyss sedan", "nyss"),
  seen: (ago: string): string => `Hördes av: ${ago} sedan.`.replace("nyss sedan", "nyss"),
  neverSeen: "Har inte hört av sig.",
  help: (place: string, ago: string): string =>
    `${place}: någon ber om hjälp sedan ${ago}.`.replace("sedan nyss", "nu"),
  helpAloud: (place: string): string => `Någon i ${place} ber om hjälp.`,
  takeHelp: "Jag tar hand om det",
  takeHelpNamed: (place: string): string => `Jag tar hand om det: ${place}`,
  calls: "Hjälp i hälsorum",
  connect: "Koppla en skärm",
  connectNamed: (place: string): string => `Koppla en skärm: ${place}`,
  code: (digits: string): string => `Skriv koden på skärmen i rummet: ${digits}`,
  codeUntil: (clock: string): string => `Koden gäller en gång, till ${clock}.`,
  revoke: "Koppla bort",
  revokeNamed: (device: string): string => `Koppla bort ${device}`,
  revokeAsk: (device: string): string => `Ska ${device} kopplas bort? Den visar då inga besök mer.`,
  revokeYes: "Ja, koppla bort",
  revokeNo: "Nej, låt den vara",
  add: "Lägg till hälsorum",
  placeName: "Rummets namn",
  municipality: "Kommun",
  addGo: "Lägg till",
};
