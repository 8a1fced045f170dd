// SPDX-License-Identifier: EUPL-1.2
// Easy Swedish: short sentences, one thing in each, everyday words. What is as easy in the
// ordinary Swedish is taken from there.

import { isKeptOut } from "../state/lack";
import type { Announcement } from "../state/types";
import type { Catalogue } from "./catalogue";
import { sv } from "./sv";

function list(names: readonly string[]): string {
  return new Intl.ListFormat("sv", { type: "conjunction" }).format(names);
}

const OUT = "Du kan inte komma in än";

function aloud(what: Announcement): string {
  switch (what.key) {
    case "waiting":
      return isKeptOut(what.queue) ? `${OUT}.` : sv.aloud(what);
    case "signal-lost":
      return "Vi har tappat kontakten. Vi försöker igen. Du behöver inte göra något.";
    case "signal-back":
      return "Nu fungerar det igen.";
    case "media-lost":
      return "Ljud och bild har stannat. Vi försöker igen. Du behöver inte göra något.";
    case "stills":
      return "Internet är svagt nu. Du ser en bild i taget. Du hör som vanligt.";
    case "sound-only":
      return "Internet är svagt nu. Du hör men ser inte. Bilden kommer tillbaka.";
    case "restarting":
      return "Systemet startar om. Vänta. Du kommer tillbaka.";
    case "held":
      return "Du får vänta utanför en stund. Ingen ser dig. Ingen hör dig.";
    default:
      return sv.aloud(what);
  }
}

export const svLatt: Catalogue = {
  ...sv,
  code: "sv-latt",
  own: "Lätt svenska",
  aloud,

  previewTitle: "Snart är du med",
  previewLead: "Titta på bilden. Säg något. Tryck sedan på knappen.",
  asking: "Telefonen eller datorn frågar om kamera och mikrofon. Tryck på Tillåt.",
  askingWhy: "Annars kan ingen se dig. Och ingen kan höra dig.",
  meterHint: "Säg något. Stapeln rör sig när vi hör dig.",
  meterAsleep: "Tryck på skärmen. Då börjar vi lyssna.",
  deniedOrElse: "Du kan gå in ändå. Men de andra kanske inte ser och hör dig.",
  missingCamera: "Vi hittar ingen kamera. Du kan prata ändå.",
  missingMicrophone: "Vi hittar ingen mikrofon. De andra kan inte höra dig.",
  busyCamera: "Ett annat program använder kameran. Stäng det. Försök igen.",
  busyMicrophone: "Ett annat program använder mikrofonen. Stäng det. Försök igen.",
  failedCamera: "Kameran startar inte. Du kan prata ändå.",

  joiningLead: "Det tar en liten stund.",
  joiningSlow: "Vi får ingen kontakt. Vi försöker igen. Har du internet?",
  aloneLead: "Ingen annan är här än. Vänta här. Samtalet börjar av sig självt.",
  aloneLeft: (name) => `${name} har gått. Är ni klara? Då kan du också gå.`,
  aloneLost: (name) => `${name} har tappat kontakten. Vänta gärna en stund.`,
  linkSilent: "Svagt internet",
  linkAway: "Har tappat kontakten. Vi väntar.",
  soundOnly: "Internet är svagt nu. Du hör men ser inte. Bilden kommer tillbaka.",
  stills: "Internet är svagt nu. Du ser en bild i taget. Du hör som vanligt.",
  seenNone: (names) => `${list(names)} hör dig men ser dig inte just nu. Det ordnar sig självt.`,
  seenStills: (names) => `${list(names)} ser en bild av dig i taget just nu.`,
  tapToHearWhy: "Du måste trycka först. Sedan hör du.",
  mediaInterrupted: "Ljud och bild har stannat. Vi försöker igen. Du behöver inte göra något.",
  mediaBlocked:
    "Ljud och bild kommer inte fram. Ditt internet kan stoppa videosamtal. Prova med mobilens internet.",
  signalLostMediaOn: "Vi har tappat kontakten. Ni kan prata ändå. Vi försöker igen.",
  signalLost: "Vi har tappat kontakten. Vi försöker igen. Du behöver inte göra något.",
  restarting: "Systemet startar om. Vänta. Du kommer snart tillbaka.",
  weak: "Ditt internet är svagt nu. Ljud och bild kan hacka.",
  weakHelp: "Ditt internet är svagt nu. Hackar ljudet? Stäng av kameran.",

  endedLeft: "Du har gått ut ur samtalet",
  endedLeftLead: "Du kan stänga sidan. Blev det fel? Gå in igen.",
  endedEnded: "Samtalet är slut",
  endedReplacedLead: "Din länk är öppen någon annanstans. På en annan telefon eller dator.",
  endedRemoved: "Du är inte med längre",
  endedRemovedLead: "Någon har tagit bort dig. Blev det fel? Ring mottagningen.",
  endedOff: "Kameran är av. Mikrofonen är av.",

  noTokenTitle: "En bit av länken saknas",
  noTokenLead: "Du behöver hela länken för att komma in.",
  linkUnknownTitle: "Länken fungerar inte",
  linkUnknownLead: "Länken kan vara för gammal. Eller så saknas en bit.",
  fullLead: "Många pratar just nu. Vi försöker igen. Du behöver inte göra något.",
  versionTitle: "Du behöver ladda om sidan",
  oldTitle: "Det går inte i den här webbläsaren",
  oldLead: "Öppna länken i en annan webbläsare.",
  insecureTitle: "Sidan är inte säker",
  insecureLead: "Öppna länken i ditt meddelande igen.",

  check: {
    ...sv.check,
    earlyLead: "Öppna samma länk den dagen. Du kan prova kamera, ljud och internet nu.",
    title: "Ditt internet",
    start: "Prova internet",
    again: "Prova igen",
    running: "Vi provar ditt internet. Vänta tio sekunder.",
    failed: "Det gick inte att prova. Har du internet?",
    talk: {
      good: "Ditt internet är bra.",
      poor: "Ditt internet är lite svagt. Ni kan prata. Bilden kan hacka.",
      no: "Ditt internet är för svagt. Prova en annan plats. Eller ring mottagningen.",
    },
    blocked: "Ditt internet släpper inte fram ljud och bild. Prova med mobilens internet.",
    details: "Vad kan ni göra?",
  },
  wait: {
    ...sv.wait,
    heldLead: "Ingen ser dig. Ingen hör dig. Du får komma in snart igen.",
    unseen: "Ingen ser dig nu. Ingen hör dig.",
    putDown: "Du kan lägga ner telefonen. Stäng inte sidan. Det ringer när det är din tur.",
    other: "Vill du göra på ett annat sätt?",
    physical: "Jag vill träffas på riktigt",
    outTitle: OUT,
    vouch: "Sedan frågar de vem du är. Ta fram ditt id-kort.",
    calledInLead: "Du är inne. De andra ser dig och hör dig.",
    clinician: {
      away: "Den du ska träffa är inte här än.",
      here: "Den du ska träffa är här.",
      busy: "Den du ska träffa pratar med någon annan.",
    },
  },
  oneTime: {
    ...sv.oneTime,
    wrong: "Koden är fel. Titta i ditt sms. Skriv koden igen.",
  },
  talk: {
    ...sv.talk,
    empty: "Ingen har skrivit än. Texten försvinner när ni är klara.",
    live: "De andra ser vad du skriver, bokstav för bokstav.",
    whole: "De andra ser texten när du trycker på Skicka.",
  },
  more: {
    ...sv.more,
    audioOnlyWhy: "Ni hör varandra men ser inte varandra. Bra när internet är svagt.",
    helpWhy: "Vi hjälper dig att hitta felet.",
    physical: "Jag vill träffas på riktigt",
  },
  help: {
    ...sv.help,
    interrupted: "Ljud och bild har stannat. Vi försöker igen. Vänta.",
    theirLink: (names) => `${names} har svagt internet. Det är inte ditt fel.`,
    myLink: "Ditt internet är svagt. Prova med bara ljud.",
    speaker: "Allt fungerar hos oss. Då är det nog din högtalare.",
  },
  apart: {
    ...sv.apart,
    outsideTitle: "De andra pratar utan dig en stund",
    outsideLead: "Ingen ser dig. Ingen hör dig. Du kommer snart tillbaka.",
  },
  survey: {
    ...sv.survey,
    questions: {
      safe: "Kände du dig trygg?",
      quality: "Var ljudet och bilden bra?",
      travel: "Hade du annars behövt resa?",
    },
    answers: { yes: "Ja", partly: "Lite", no: "Nej", unsure: "Vet inte" },
    lead: "Ingen ser vem som har svarat.",
  },
};
