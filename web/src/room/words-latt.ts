// SPDX-License-Identifier: EUPL-1.2
// Easy Swedish for the screen of a health room: short sentences, no word that is only used in offices.
// What only staff read is as in Swedish.

import { type RoomWords, roomSv } from "./words-sv";

export const roomLatt: RoomWords = {
  ...roomSv,
  nothing: "Du har inget besök just nu.",
  next: "Ditt nästa besök",
  notYet: "Du kan starta 15 minuter före besöket.",
  start: "Starta",
  callHelp: "Jag vill ha hjälp",
  helpAsked: "Vi vet att du vill ha hjälp",
  noContact: "Skärmen fungerar inte just nu. Vi försöker igen.",

  helpAsking: "Vi säger till personalen.",
  helpAnswered: "Personalen hjälper dig. Vänta här.",
  helpTitle: "Personalen vet att du vill ha hjälp",
  helpNoContact: "Vi kan inte nå personalen härifrån.",
  helpDanger: "Är det bråttom? Ring 112.",
  helpCame: "Jag har fått hjälp",

  privacyTitle: "Är du i fred i rummet?",
  privacyLead: "Bara de som ska vara med får höra.",
  privacyDoor: "Stäng dörren.",
  privacyAlone: "Ingen annan ska vara i rummet.",
  privacyHelper: "Hemtjänsten eller annan personal är med mig",
  privacyYes: "Ja, starta",
  privacyNo: "Nej, vänta",
  entering: "Vi startar.",
  enterFailed: "Det gick inte att starta. Försök igen. Eller tryck på knappen för hjälp.",

  cameras: "Det här ser de andra",
  views: { room: "Rummet", exam: "Undersökning", exam2: "Undersökning 2", all: "Allt" },
  stethoscope: "Lyssna på kroppen",
  stethoscopeOn: "De hör din kropp",
  end: "Sluta",
  endAsk: "Vill du sluta nu?",
  endYes: "Ja, sluta",
  endNo: "Nej, fortsätt",

  overTitle: "Tack! Besöket är slut",
  overLead: "Kameran är av. Ingen kan höra dig. Inget finns sparat här.",

  testTitle: "Vi provar rummet",
  testLead: "Det tar en halv minut. Du hör en ton.",
  stop: "Tillbaka",
};
