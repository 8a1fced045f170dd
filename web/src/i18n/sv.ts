// SPDX-License-Identifier: EUPL-1.2
// Swedish, the language the page is written in first: plain words, short sentences, no blame.

import type { Level, Mode, Picture, Role } from "../protocol";
import type { Announcement, OwnSource } from "../state/types";
import type { Browser } from "../support";

import { visitAloud, visitSv } from "./visit-sv";

function list(names: readonly string[]): string {
  return new Intl.ListFormat("sv", { type: "conjunction" }).format(names);
}

const roles: Record<Role, string> = {
  patient: "Patient",
  clinician: "Vårdpersonal",
  interpreter: "Tolk",
  relative: "Närstående",
  staff: "Hemtjänst eller kommun",
  room: "Hälsorum",
  observer: "Åhörare",
};

const levels: Record<Level, string> = {
  good: "Bra anslutning",
  fair: "Något svag anslutning",
  poor: "Svag anslutning",
  lost: "Ingen anslutning",
};

const modes: Record<Mode, string> = {
  talk: "Samtal",
  sign: "Teckenspråk",
  skin: "Hud eller sår",
  movement: "Rörelse",
  auscultation: "Lyssna på hjärta och lungor",
  "audio-first": "Ljudet först",
};

function seen(name: string, picture: Picture): string {
  switch (picture) {
    case "full":
    case "reduced":
      return `${name} ser dig i rörlig bild igen.`;
    case "stills":
      return `${name} ser dig i stillbilder just nu.`;
    case "none":
      return `${name} hör dig men ser dig inte just nu.`;
  }
}

const device: Record<OwnSource, string> = { microphone: "Mikrofonen", camera: "Kameran" };

const allow: Record<Browser, readonly string[]> = {
  "chrome-desktop": [
    "Tryck på symbolen till vänster om adressen, högst upp i fönstret.",
    "Slå på Kamera och Mikrofon.",
    "Tryck på Försök igen här nedanför.",
  ],
  "chrome-android": [
    "Tryck på symbolen till vänster om adressen, högst upp.",
    "Tryck på Behörigheter och tillåt Kamera och Mikrofon.",
    "Tryck på Försök igen här nedanför.",
  ],
  "firefox-desktop": [
    "Tryck på den överstrukna kameran eller mikrofonen till vänster om adressen.",
    "Ta bort krysset vid Blockerad.",
    "Tryck på Försök igen här nedanför och välj Tillåt.",
  ],
  "firefox-android": [
    "Tryck på hänglåset till vänster om adressen.",
    "Tillåt Kamera och Mikrofon.",
    "Tryck på Försök igen här nedanför.",
  ],
  "safari-ios": [
    "Tryck på symbolen vid adressen och sedan på Webbplatsinställningar.",
    "Välj Tillåt för Kamera och Mikrofon.",
    "Tryck på Försök igen här nedanför.",
  ],
  "safari-mac": [
    "Öppna menyn Safari högst upp på skärmen och välj Inställningar för den här webbplatsen.",
    "Välj Tillåt för Kamera och Mikrofon.",
    "Tryck på Försök igen här nedanför.",
  ],
  other: [
    "Öppna webbläsarens inställningar för den här sidan.",
    "Tillåt kamera och mikrofon.",
    "Tryck på Försök igen här nedanför.",
  ],
};

function aloud(what: Announcement): string {
  switch (what.key) {
    case "you-joined":
      return what.names.length === 0
        ? "Du är med i samtalet. Ingen annan har kommit än."
        : `Du är med i samtalet. Här är också ${list(what.names)}.`;
    case "joined":
      return `${what.name}, ${roles[what.role].toLowerCase()}, har kommit in i samtalet.`;
    case "left":
      return `${what.name} har lämnat samtalet.`;
    case "lost":
      return `${what.name} har tappat anslutningen och är inte längre med.`;
    case "away":
      return `${what.name} har tappat anslutningen. Vi väntar.`;
    case "back":
      return `${what.name} är tillbaka.`;
    case "microphone":
      return what.on ? "Mikrofonen är på." : "Mikrofonen är av. De andra hör dig inte.";
    case "camera":
      return what.on ? "Kameran är på." : "Kameran är av. De andra ser dig inte.";
    case "device-problem":
      return `${device[what.source]} fungerar inte.`;
    case "signal-lost":
      return "Kontakten med servern är bruten. Ljud och bild kan fortsätta. Vi försöker igen.";
    case "signal-back":
      return "Kontakten är tillbaka.";
    case "media-lost":
      return "Ljud och bild är avbrutna. Vi försöker igen, du behöver inte göra något.";
    case "media-back":
      return "Ljud och bild är tillbaka.";
    case "sound-only":
      return "Nätet är svagt just nu: bara ljud. Bilden kommer tillbaka av sig själv.";
    case "stills":
      return "Nätet är svagt just nu. Du ser stillbilder, ljudet går före.";
    case "pictures-back":
      return "Den rörliga bilden är tillbaka.";
    case "seen":
      return seen(what.name, what.picture);
    case "mode":
      return `Samtalet är inställt på: ${modes[what.mode].toLowerCase()}.`;
    case "restarting":
      return "Systemet startar om. Du kommer tillbaka av dig själv.";
    default:
      return visitAloud(what);
  }
}

export const sv = {
  code: "sv",
  /** For the html element. */
  lang: "sv",
  dir: "ltr" as "ltr" | "rtl",
  own: "Svenska",
  pageTitle: {
    preview: "Före samtalet",
    call: "Samtal",
    waiting: "Väntrum",
    calledIn: "Nu är det din tur",
    ended: "Samtalet är slut",
    problem: "Länken",
  },
  languageLabel: "Språk",
  roles,
  levels,
  modes,
  allow,
  aloud,
  list,

  previewTitle: "Strax är du i samtalet",
  previewLead: "Se att du syns och hörs. Gå sedan in.",
  selfPicture: "Så här ser de andra dig",
  asking: "Webbläsaren frågar om kamera och mikrofon. Välj Tillåt.",
  askingWhy: "Utan ditt ja kan ingen se eller höra dig.",
  cameraOffShort: "Kameran är av",
  cameraNone: "Ingen bild",
  meterLabel: "Din röst",
  meterHint: "Säg något. Stapeln rör sig när vi hör dig.",
  meterHeard: "Vi hör dig.",
  meterMuted: "Mikrofonen är av.",
  meterAsleep: "Tryck var som helst så börjar mätningen.",
  chooseCamera: "Kamera",
  chooseMicrophone: "Mikrofon",
  unnamedCamera: (n: number) => `Kamera ${n}`,
  unnamedMicrophone: (n: number) => `Mikrofon ${n}`,
  join: "Gå in i samtalet",
  joinNoCamera: "Gå in utan kamera",
  joinNoMicrophone: "Gå in utan mikrofon",
  joinNothing: "Gå in och lyssna",
  tryAgain: "Försök igen",

  deniedTitle: "Kamera och mikrofon är inte tillåtna",
  deniedCameraTitle: "Kameran är inte tillåten",
  deniedMicrophoneTitle: "Mikrofonen är inte tillåten",
  deniedLead: "Så här ändrar du det:",
  deniedOrElse: "Du kan gå in ändå, men de andra ser och hör dig kanske inte.",
  missingCamera: "Vi hittar ingen kamera. Du kan vara med med bara ljud.",
  missingMicrophone: "Vi hittar ingen mikrofon. De andra kan inte höra dig.",
  busyCamera: "Kameran används av ett annat program. Stäng det och försök igen.",
  busyMicrophone: "Mikrofonen används av ett annat program. Stäng det och försök igen.",
  failedCamera: "Kameran startar inte. Du kan vara med med bara ljud.",
  failedMicrophone: "Mikrofonen startar inte. Försök igen.",

  joiningTitle: "Du är på väg in",
  joiningLead: "Det tar några sekunder.",
  returningTitle: "Du är på väg tillbaka",
  joiningSlow: "Vi får ingen kontakt än. Vi fortsätter att försöka. Se efter att du har internet.",
  cancel: "Avbryt",

  callTitle: "Samtalet",
  controls: "Ditt samtal",
  microphone: "Mikrofon",
  camera: "Kamera",
  on: "på",
  off: "av",
  changeDevices: "Byt kamera eller mikrofon",
  people: "Vilka är här",
  close: "Stäng",
  leave: "Lämna",
  you: "Du",
  youNamed: (name: string) => `${name} (du)`,
  stage: "De andra i samtalet",
  speaking: "Talar",
  muted: "Mikrofon av",
  noCamera: "Kamera av",
  alone: "Du är på rätt plats",
  aloneLead: "Ingen annan har kommit in än. Vänta här, samtalet börjar av sig självt.",
  aloneAgain: "Bara du är här nu",
  aloneLeft: (name: string) => `${name} har lämnat samtalet. Är ni klara kan du också lämna.`,
  aloneLost: (name: string) => `${name} har tappat anslutningen. Vänta gärna kvar en stund.`,
  linkConnecting: "Ansluter …",
  linkSilent: "Svag anslutning",
  linkAway: "Har tappat anslutningen. Vi väntar.",
  modeLabel: "Det här gör ni nu",
  still: "Stillbild",
  stillAge: (seconds: number) =>
    seconds < 60 ? `Stillbild, ${seconds} s sedan` : "Stillbild, över en minut sedan",
  soundOnlyShort: "Bara ljud",
  seenFacts: {
    reduced: "ser dig i mindre bild",
    stills: "ser dig i stillbilder",
    none: "hör dig men ser dig inte",
  } as Record<Exclude<Picture, "full">, string>,
  soundOnly: "Nätet är svagt just nu: bara ljud. Bilden kommer tillbaka av sig själv.",
  stills: "Nätet är svagt just nu. Du ser stillbilder, ljudet går före.",
  seenNone: (names: readonly string[]) =>
    `${list(names)} hör dig men ser dig inte just nu. Bilden kommer tillbaka av sig själv.`,
  seenStills: (names: readonly string[]) => `${list(names)} ser dig i stillbilder just nu.`,
  tapToHear: "Tryck för att höra",
  tapToHearWhy: "Webbläsaren vill att du trycker innan ljudet startar.",

  mediaConnecting: "Ljud och bild ansluts …",
  mediaInterrupted: "Ljud och bild är avbrutna. Vi försöker igen. Du behöver inte göra något.",
  mediaBlocked:
    "Ljud och bild kommer inte fram. Nätet du är på kan stoppa videosamtal. Prova ett annat nät, till exempel mobilens.",
  signalLostMediaOn:
    "Kontakten med servern är bruten. Ljudet och bilden går vidare. Vi försöker igen.",
  signalLost: "Anslutningen är bruten. Vi försöker igen. Du behöver inte göra något.",
  restarting: "Systemet startar om. Du kommer tillbaka av dig själv om några sekunder.",
  weak: "Ditt nät är svagt just nu. Ljud och bild kan hacka.",
  weakHelp: "Ditt nät är svagt just nu. Stäng av kameran om ljudet hackar.",
  deviceProblem: {
    microphone: "De andra hör dig inte: mikrofonen fungerar inte.",
    camera: "De andra ser dig inte: kameran fungerar inte.",
  },

  endedLeft: "Du har lämnat samtalet",
  endedLeftLead: "Du kan stänga sidan. Gick det av misstag? Gå in igen.",
  endedLeftReturn: "Gå in igen",
  endedEnded: "Samtalet är avslutat",
  endedEndedLead: "Tack för samtalet. Du kan stänga sidan.",
  endedReplaced: "Samtalet fortsätter på ett annat ställe",
  endedReplacedLead: "Din länk öppnades i ett annat fönster eller på en annan enhet.",
  endedReplacedReturn: "Ta tillbaka samtalet hit",
  endedRemoved: "Du är inte längre med i samtalet",
  endedRemovedLead: "Någon i samtalet tog bort din plats. Ring mottagningen om det blev fel.",
  endedOff: "Din kamera och mikrofon är avstängda.",

  noTokenTitle: "Länken är inte hel",
  noTokenLead: "För att komma till ditt samtal behöver du hela länken.",
  noTokenSteps: [
    "Öppna meddelandet där du fick länken.",
    "Tryck på länken i meddelandet i stället för att skriva av den.",
    "Går det inte? Kontakta mottagningen som bjöd in dig.",
  ] as readonly string[],
  linkUnknownTitle: "Länken leder inte till något samtal",
  linkUnknownLead: "Länken kan vara för gammal, eller så saknas en bit av den.",
  fullTitle: "Det är fullt just nu",
  fullLead: "Många samtal pågår. Vi försöker igen av oss själva. Du behöver inte göra något.",
  versionTitle: "Sidan behöver laddas om",
  versionLead: "En nyare version finns.",
  reload: "Ladda om sidan",
  oldTitle: "Den här webbläsaren klarar inte videosamtal",
  oldLead: "Öppna länken i en annan webbläsare, eller uppdatera den du har.",
  oldSteps: [
    "På iPhone och iPad: öppna länken i Safari.",
    "På Android: öppna länken i Chrome eller Firefox.",
    "På datorn: Chrome, Edge, Firefox eller Safari från de senaste åren.",
  ] as readonly string[],
  insecureTitle: "Sidan är inte säkert ansluten",
  insecureLead: "Adressen måste börja med https. Öppna länken från ditt meddelande igen.",

  ...visitSv,
};
