// SPDX-License-Identifier: EUPL-1.2
// Swedish for the screen of a health room.

import { clock } from "../i18n/visit-sv";
import type { EnrolStatus, View } from "./types";

const enrolSaid: Record<Exclude<EnrolStatus, "typing">, string> = {
  sending: "Skärmen kopplas …",
  wrong: "Koden gäller inte. Be om en ny kod och försök igen.",
  slow: "För många försök. Vänta en minut.",
  full: "Rummet har redan så många skärmar som får finnas.",
  offline: "Ingen kontakt med servern. Försök igen.",
};

export const roomSv = {
  enrolTitle: "Koppla skärmen till ett rum",
  enrolLead: "Den som sköter enhetens rum visar en kod med åtta siffror. Skriv den här.",
  code: "Kod",
  typed: (n: number): string => `${n} av 8 siffror`,
  erase: "Radera",
  connect: "Koppla",
  enrolSaid,
  screen: "Skärm",

  nothing: "Inget besök väntar just nu.",
  next: "Nästa besök",
  meet: (name: string, planned: string | null): string =>
    planned === null ? name : `${name} ${clock(planned)}`,
  someone: "Vården",
  clock: (now: number): string => clock(new Date(now).toISOString()),
  day: (now: number): string =>
    new Intl.DateTimeFormat("sv", { weekday: "long", day: "numeric", month: "long" }).format(now),
  notYet: "Startknappen kommer en kvart före besöket.",
  start: "Starta besöket",
  callHelp: "Be om hjälp",
  helpAsked: "Hjälp är efterfrågad",
  noContact: "Ingen kontakt med servern. Vi försöker igen.",
  setup: "Kameror och ljud",
  test: "Testa rummet",

  helpAsking: "Vi säger till personalen …",
  helpAnswered: "Någon ur personalen tar hand om det. Vänta här.",
  helpTitle: "Personalen ser att du vill ha hjälp",
  helpNoContact: "Vi når inte personalen härifrån just nu.",
  helpPhone: (phone: string): string => `Du kan också ringa ${phone}.`,
  helpDanger: "Ring 112 om det är bråttom.",
  helpCame: "Jag har fått hjälp",

  privacyTitle: "Är det enskilt i rummet?",
  privacyLead: "Det som sägs ska bara höras av dem som ska vara med.",
  privacyDoor: "Dörren är stängd.",
  privacyAlone: "Här är bara de som ska vara med.",
  privacyHelper: "Någon ur hemtjänsten eller annan personal är med mig",
  helperIsHere: "Hemtjänst eller annan personal är med patienten i rummet.",
  privacyYes: "Ja, starta",
  privacyNo: "Nej, vänta",
  entering: "Startar …",
  enterFailed: "Besöket gick inte att starta. Försök igen, eller be om hjälp.",

  cameras: "Vad de andra ser",
  views: { room: "Rummet", exam: "Undersökningen", exam2: "Undersökning 2", all: "Alla" } as Record<
    View,
    string
  >,
  stethoscope: "Stetoskop",
  stethoscopeOn: "Stetoskopet hörs",
  end: "Avsluta",
  endAsk: "Vill du avsluta besöket?",
  endYes: "Ja, avsluta",
  endNo: "Nej, stanna kvar",

  overTitle: "Tack, besöket är slut",
  overLead: "Kameror och mikrofoner är av, och inget från besöket finns kvar i rummet.",

  setupTitle: "Kameror och ljud i rummet",
  setupLead: "Välj vilken kamera som visar rummet och vilka som visar undersökningen.",
  parts: {
    camera: "Kamera för rummet",
    exam: "Kamera för undersökning",
    exam2: "Andra kameran för undersökning",
    microphone: "Mikrofon",
    stethoscope: "Stetoskop",
  },
  none: "Ingen",
  unnamed: (n: number): string => `Enhet ${n}`,
  denied: "Webbläsaren ger inte kamera och mikrofon. Tillåt dem för den här sidan.",
  done: "Klar",

  testTitle: "Rummet testas",
  testLead: "Kameror, mikrofon och nät. Det tar en halv minut, och en ton hörs.",
  testDone: "Så är rummet",
  testCamera: (name: string): string => (name === "" ? "Kamera" : name),
  works: "Fungerar",
  fails: "Fungerar inte",
  noCamera: "Ingen kamera finns.",
  testMicrophone: "Mikrofonen hör högtalaren",
  testEncoder: "Datorn hinner med bilden",
  testLink: "Nätet genom servern",
  rates: (up: number, down: number): string => `${up} kbit/s upp, ${down} kbit/s ner`,
  stop: "Tillbaka",

  revokedTitle: "Skärmen är bortkopplad",
  revokedLead:
    "Den som sköter enhetens rum har kopplat bort den här skärmen. Den visar inga besök.",
  again: "Koppla på nytt",
};

export type RoomWords = typeof roomSv;
