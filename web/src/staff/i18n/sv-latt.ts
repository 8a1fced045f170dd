// SPDX-License-Identifier: EUPL-1.2
// The staff page in easy Swedish: short sentences, everyday words. What is as easy in the ordinary
// Swedish is taken from there.

import type { Assurance, Outcome, OutcomeReason, Verdict, Vouch, Wish } from "../../protocol";
import type { Delay } from "../delay";
import type { Profile } from "../profiles";
import type { Deed, Reason } from "../story";
import type { Ask, Card, ToolAloud } from "../tools";
import type { Announcement, Ended, QueueStatus, Trouble } from "../types";
import type { ConsultationState } from "../watch";
import { besideLatt } from "./beside-latt";
import { figuresLatt } from "./figures-latt";
import { roomsLatt } from "./rooms-latt";
import { svStaff, type Words } from "./sv";
import { troublesLatt } from "./trouble-latt";

const wishes: Record<Wish, (name: string) => string> = {
  "audio-only": (name) => `${name} vill bara ha ljud.`,
  "physical-visit": (name) => `${name} vill hellre träffas på riktigt.`,
  help: (name) => `${name} vill ha hjälp.`,
  "call-me": (name) => `${name} vill att du ringer i stället.`,
};

function cardText({ name, what }: Card): string {
  return what.kind === "wish"
    ? wishes[what.wish](name)
    : `${name} vill ha med sig ${what.name === "" ? "någon" : what.name}.`;
}

const acts: Record<Ask["act"], string> = {
  still: "du får ta en bild",
  screen: "du får se skärmen",
  relative: "en närstående får vara med",
  observer: "någon får lyssna",
  pointer: "du får peka i bilden",
};

function askText({ name, act, step, arrived, count }: Ask): string {
  switch (step) {
    case "asked":
      return `Vi har frågat ${name} om ${acts[act]}. Vänta på svar.`;
    case "refused":
      return `${name} sa nej.`;
    case "given":
      return act === "still" ? `${name} sa ja. Bilden tas nu.` : `${name} sa ja.`;
    case "coming":
      return `Bilden från ${name} är på väg: ${Math.round((100 * arrived) / Math.max(1, count))} procent.`;
    case "done":
      return `Bilden från ${name} är här.`;
    case "spoiled":
      return `Bilden från ${name} blev trasig. Be om en ny.`;
    case "lapsed":
      return `Frågan till ${name} gäller inte längre: ${acts[act]}. Fråga igen.`;
  }
}

const outcomes: Record<Outcome, string> = {
  solved: "Allt är klart",
  "physical-visit": "Ni måste träffas på riktigt",
  rebooked: "Ny tid är bokad",
  "no-show": "Patienten kom inte",
  "technical-failure": "Tekniken fungerade inte",
};

function ended({ title, how, outcome }: Ended): string {
  const what = title === "" ? "Besöket" : title;
  switch (how) {
    case "ended":
      return outcome === null ? `${what} är slut.` : `${what} är slut. ${outcomes[outcome]}.`;
    case "left":
      return `Du har gått ut ur ${title === "" ? "besöket" : title}. De andra är kvar.`;
    case "removed":
      return `Någon har tagit bort dig från ${title === "" ? "besöket" : title}.`;
    case "replaced":
      return `${what} är öppet på en annan skärm.`;
    case "problem":
      return `${what} gick inte att öppna. Försök igen.`;
  }
}

const queueStatus: Record<QueueStatus, string> = {
  off: "",
  connecting: "Hämtar kön …",
  live: "",
  lost: "Kön kan vara gammal. Vi försöker igen …",
};

function trouble({ code, doing }: Trouble): string {
  return troublesLatt.codes[code] ?? `${troublesLatt.doing[doing]} ${troublesLatt.again}`;
}

function aloud(what: Announcement): string {
  switch (what.key) {
    case "room-help":
      return roomsLatt.helpAloud(what.place);
    case "trouble":
      return trouble(what.trouble);
    case "queue-lost":
      return "Kön kan vara gammal just nu.";
    case "queue-back":
      return "Kön stämmer igen.";
    case "created":
      return `${what.title} är bokat. Länkarna finns i listan.`;
    case "ended":
      return ended(what.ended);
    default:
      return svStaff.aloud(what);
  }
}

function toolAloud(what: ToolAloud): string {
  switch (what.key) {
    case "card":
      return cardText(what.card);
    case "ask":
      return askText(what.ask);
    case "waits":
      return `${what.name} vill komma in.`;
  }
}

export const svLattStaff: Words = {
  ...svStaff,
  ...besideLatt,
  code: "sv-latt",
  login: {
    ...svStaff.login,
    lead: "Här loggar du in om du arbetar i vården. Är du patient? Använd länken i ditt meddelande.",
    looking: "Vänta lite …",
    orLocal: "Eller skriv namn och lösenord",
    none: "Det går inte att logga in än. Säg till den som sköter systemet.",
  },
  commission: {
    ...svStaff.commission,
    lead: "Du har kvar det tills du loggar ut.",
    none: "Du har inget uppdrag här. Be din chef om ett.",
  },
  trouble,
  tabs: { ...svStaff.tabs, figures: "Siffror" },
  filters: {
    ...svStaff.filters,
    shownWords: { ...svStaff.filters.shownWords, planned: "Bokade", ended: "Slut" },
  },
  nothingHere: "Här finns inget för ditt uppdrag.",
  emptyFilter: "Inga besök passar dina val.",
  nameless: "Inget namn än",
  mine: "Du har ansvar",
  interpreters: {
    ...svStaff.interpreters,
    late: "Tolken är en kvart sen",
  },
  states: {
    planned: "Bokat",
    open: "Någon är här",
    "in-progress": "Pågår",
    ended: "Slut",
    waiting: "Väntar",
  } as Record<ConsultationState | "waiting", string>,
  outcomes,
  outcomeReasons: {
    examination: "Kroppen måste undersökas",
    worse: "Det var värre än vi trodde",
    "patient-choice": "Patienten ville det",
    link: "Internet var för svagt",
    other: "Något annat",
  } as Record<OutcomeReason, string>,
  admissions: {
    waiting: "väntar",
    admitted: "är inne",
    held: "väntar utanför",
  },
  links: {
    connecting: "Ansluter",
    silent: "Hörs inte",
    away: "Borta just nu",
    unknown: "Internet är inte mätt än",
  },
  numbersTitle: "Siffror",
  checked: {
    good: "Provat: bra internet",
    poor: "Provat: lite svagt internet",
    no: "Provat: för svagt internet",
  } as Record<Verdict, string>,
  linksTitle: "Länkar och vilka du har bjudit in",
  linkGone: "Du ser länken bara en gång. Skicka den igen, eller bjud in på nytt.",
  sent: { ...svStaff.sent, failed: "Det gick inte att skicka." },
  form: {
    ...svStaff.form,
    titleHint: "Skriv inget om hälsa. Alla som är med ser rubriken.",
    clock: "Tid",
    clockHint: "Tomt betyder nu.",
    needs: "Tänk på det här",
    needsHint: "Till exempel: hör dåligt, vill ha text.",
    needsInterpreter: "Vänta alltid på tolken",
    nameLater: "Namn (du kan vänta med det)",
    noLanguage: "Vet inte",
  },
  ended,
  queue: {
    ...svStaff.queue,
    status: queueStatus,
    notices: "Säg till när jag tittar på något annat",
  },
  reason: {
    ...svStaff.reason,
    title: "En annans besök",
    lead: "Du har inte ansvar för det här besöket. Skriv varför du måste gå in. Vi sparar det. Patienten kan få veta det.",
    label: "Varför?",
  },
  figures: figuresLatt,
  rooms: roomsLatt,
  practice: {
    ...svStaff.practice,
    link: "Patientens internet",
    profiles: {
      fibre: "Fiber",
      mobile: "4G inne i ett hus",
      weak: "Svagt internet",
      edge: "Nästan inget internet",
      dropouts: "Avbrott i en bil",
    } as Record<Profile, string>,
    honest:
      "Det här är en övning. Patienten är tecknad. Vi gör bild och ljud sämre, som på ett svagt nät. Ljudet kommer inte senare, som det gör på riktigt.",
  },
  nobody: {
    ...svStaff.nobody,
    title: "Ingen är här än",
    lead: "Vi säger till när någon kommer.",
    letIn: "Ingen hör dig. Ingen ser dig. Släpp in personen först: tryck A, eller välj i listan.",
  },
  assurances: {
    A: "Har visat vem det är, med e-legitimation",
    B: "Kom med länk och kod",
    C: "Personal vet vem det är",
    none: "Vi vet inte säkert vem det är",
  } as Record<Assurance, string>,
  vouch: "Jag vet vem det är …",
  vouchInside: "Släpp in. Säg sedan hur du vet vem det är.",
  lacks: {
    code: {
      short: "Kan inte komma in: har inte skrivit koden",
      why: (name) => `${name} har inte skrivit koden i sms:et. Skriv en rad om det behövs hjälp.`,
    },
    "new-code": {
      short: "Kan inte komma in: koden är för gammal",
      why: (name) => `${name} behöver en ny kod. Skriv en rad: tryck på Skicka en ny kod.`,
    },
    telephone: {
      short: "Kan inte komma in: telefonnummer saknas",
      why: (name) =>
        `${name} behöver en kod i mobilen. Numret saknas. Tryck på Bjud in. Skriv numret där.`,
    },
    "e-id": {
      short: "Kan inte komma in: har inte legitimerat sig",
      why: (name) => `${name} måste legitimera sig. Det finns en knapp för det. Skriv en rad dit.`,
    },
    "no-e-id": {
      short: "Kan inte komma in: enheten vill ha e‑legitimation",
      why: (name) =>
        `Enheten vill ha e‑legitimation. Det går inte här. Ring ${name}. Den som sköter systemet kan ändra det.`,
    },
  },
  identifiedAs: (name) => `Legitimerad som ${name}`,
  vouchLabel: (name) => `Säg hur du vet vem ${name} är`,
  vouchHow: {
    "id-document": "Har visat legitimation",
    known: "Jag känner personen",
    "reserve-number": "Har ett reservnummer",
  } as Record<Vouch, string>,
  vouched: {
    "id-document": "Du har sett legitimation",
    known: "Du känner personen",
    "reserve-number": "Du har sett ett reservnummer",
  } as Record<Vouch, string>,
  person: {
    ...svStaff.person,
    hold: "Låt vänta utanför",
    askScreen: "Fråga om du får se skärmen",
    remove: "Ta bort från besöket",
  },
  apart: {
    button: (name) => `Prata bara med ${name}`,
    end: "Prata med alla igen",
  },
  reasons: {
    fine: "Internet är bra.",
    connecting: "Ansluter.",
    silent: "Inget ljud kommer fram.",
    away: "Vi har tappat kontakten. Personen kan komma tillbaka.",
    loss: "Svagt internet. Lite av ljud och bild försvinner.",
    slow: "Svagt internet. Det tar lång tid fram och tillbaka.",
    "thin-up": "Svagt internet. Bara lite kommer från dem till oss.",
    "thin-down": "Svagt internet. Bara lite kommer från oss till dem.",
    weak: "Internet är lite svagt.",
  } as Record<Reason, string>,
  deeds: {
    "their-reduced": (name) => `Bilden från ${name} är mindre. Då håller ljudet.`,
    "their-stills": (name) => `Från ${name} kommer en bild i taget. Då håller ljudet.`,
    "their-none": (name) => `Från ${name} kommer bara ljud.`,
    "our-reduced": (name) => `${name} ser dig i en mindre bild.`,
    "our-stills": (name) => `${name} ser en bild av dig i taget.`,
    "our-none": (name) => `${name} hör dig men ser dig inte.`,
  } as Record<Exclude<Deed, "none">, (name: string) => string>,
  delay: {
    about: (ms) => `Så sent kommer ljudet fram: ungefär ${ms} ms.`,
    words: {
      short: "Det märks inte.",
      noticed: "Vänta lite när du har frågat.",
      long: "Vänta när du har pratat klart. Annars pratar ni samtidigt.",
    },
    details: ({ networkMs, bufferMs }: Delay) =>
      `Internet ungefär ${networkMs} ms. Webbläsaren ${bufferMs} ms. Mikrofon och högtalare 60 ms.`,
    why: "Det är inte exakt. Vi räknar med tiden på internet, i webbläsaren och i apparaterna.",
  },
  asks: askText,
  still: {
    ...svStaff.still,
    keys: "Plus och minus ändrar storlek. Pilarna flyttar. Noll visar hela bilden.",
    onlyHere:
      "Bilden finns bara här. Den försvinner när besöket är slut. Vill du ha den kvar? Spara den.",
  },
  show: {
    ...svStaff.show,
    screenLead: "Välj ett fönster, inte hela skärmen. Då syns inget annat.",
    start: "Välj vad du vill visa",
    cannot: "Det går inte i den här webbläsaren.",
    exam: "En kamera till",
    examLead: "De andra ser den bredvid din vanliga bild.",
    noSecond: "Du har ingen kamera till.",
    stopExam: "Sluta visa kameran",
    showsScreen: "De andra ser din skärm.",
    showsExam: "De andra ser din andra kamera.",
  },
  interpreter: {
    ...svStaff.interpreter,
    lead: "Vänta på tolken innan ni börjar.",
  },
  cards: {
    ...svStaff.cards,
    label: "Det här vill de",
    text: cardText,
    end: "Avsluta. Ni träffas på riktigt",
  },
  end: {
    ...svStaff.end,
    reason: "Varför måste ni träffas?",
    leave: "Gå ut utan att avsluta",
    leaveHint: "Om du går ut är de andra kvar.",
  },
  keys: {
    ...svStaff.keys,
    title: "Tangenter som gör något",
    on: "Använd de här tangenterna",
    hint: "De gör inget medan du skriver. Du kan också använda tabb.",
  },
  aloud,
  toolAloud,
};
