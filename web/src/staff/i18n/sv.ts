// SPDX-License-Identifier: EUPL-1.2
// The staff page in Swedish. The call's own words are in ../../i18n; these are only the tools'.

import type {
  Admission,
  Assurance,
  Outcome,
  OutcomeReason,
  Source,
  Verdict,
  Vouch,
  Wish,
} from "../../protocol";
import type { KeptOut } from "../../state/lack";
import type { Delay } from "../delay";
import type { Profile } from "../profiles";
import type { Duty } from "../rest";
import type { Deed, Reason } from "../story";
import type { Ask, Card, ToolAloud } from "../tools";
import type { Announcement, Ended, QueueStatus, Sent, Shown, Trouble } from "../types";
import type { ConsultationState } from "../watch";
import { besideSv } from "./beside-sv";
import { figuresSv } from "./figures-sv";
import { roomsSv } from "./rooms-sv";
import { troublesSv } from "./trouble-sv";

const clock = new Intl.DateTimeFormat("sv", { hour: "2-digit", minute: "2-digit" });
const date = new Intl.DateTimeFormat("sv", { weekday: "long", day: "numeric", month: "long" });
const languages = new Intl.DisplayNames("sv", { type: "language" });
const decimal = new Intl.NumberFormat("sv", { maximumFractionDigits: 1 });

function dayWords(day: string): string {
  return date.format(new Date(`${day}T12:00`));
}

function rate(kbps: number): string {
  return kbps >= 1000 ? `${decimal.format(kbps / 1000)} Mbit/s` : `${Math.round(kbps)} kbit/s`;
}

function since(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) {
    return "nyss";
  }
  return minutes < 90 ? `${minutes} min` : `${decimal.format(minutes / 60)} tim`;
}

const wishes: Record<Wish, (name: string) => string> = {
  "audio-only": (name) => `${name} vill ha bara ljud.`,
  "physical-visit": (name) => `${name} vill hellre komma på ett fysiskt besök.`,
  help: (name) => `${name} behöver hjälp.`,
  "call-me": (name) => `${name} vill bli uppringd i stället.`,
};

function cardText({ name, what }: Card): string {
  return what.kind === "wish"
    ? wishes[what.wish](name)
    : `${name} vill ha med sig ${what.name === "" ? "någon" : what.name}.`;
}

const acts: Record<Ask["act"], string> = {
  still: "en stillbild",
  screen: "att se skärmen",
  relative: "att en närstående är med",
  observer: "att någon lyssnar på",
  pointer: "att få peka i bilden",
};

function askText({ name, act, step, arrived, count }: Ask): string {
  switch (step) {
    case "asked":
      return `${name} har fått frågan om ${acts[act]}. Väntar på svar.`;
    case "refused":
      return `${name} sade nej till ${acts[act]}.`;
    case "given":
      return act === "still"
        ? `${name} sade ja och tar bilden nu.`
        : `${name} sade ja till ${acts[act]}.`;
    case "coming":
      return `Bilden från ${name} kommer: ${Math.round((100 * arrived) / Math.max(1, count))} procent.`;
    case "done":
      return `Bilden från ${name} har kommit.`;
    case "spoiled":
      return `Bilden från ${name} kom inte fram hel. Be om en ny.`;
    case "lapsed":
      return `Efter avbrottet gäller inte frågan till ${name} om ${acts[act]}. Fråga igen.`;
  }
}

const outcomes: Record<Outcome, string> = {
  solved: "Klart med videobesöket",
  "physical-visit": "Behöver fysiskt besök",
  rebooked: "Ombokat",
  "no-show": "Patienten kom inte",
  "technical-failure": "Tekniken fungerade inte",
};

function ended({ title, how, outcome }: Ended): string {
  const what = title === "" ? "Besöket" : title;
  switch (how) {
    case "ended":
      return outcome === null
        ? `${what} är avslutat.`
        : `${what} är avslutat: ${outcomes[outcome]}.`;
    case "left":
      return `Du har lämnat ${title === "" ? "besöket" : title}. Det pågår fortfarande.`;
    case "removed":
      return `Du har tagits ut ur ${title === "" ? "besöket" : title}.`;
    case "replaced":
      return `${what} har öppnats på en annan skärm.`;
    case "problem":
      return `${what} gick inte att öppna. Försök igen.`;
  }
}

const queueStatus: Record<QueueStatus, string> = {
  off: "",
  connecting: "Kopplar upp kön …",
  live: "",
  lost: "Kön är inte uppdaterad just nu. Kopplar upp igen …",
};

function waits(n: number): string {
  return n === 0 ? "Ingen väntar." : n === 1 ? "En väntar." : `${n} väntar.`;
}

function trouble({ code, doing }: Trouble): string {
  return troublesSv.codes[code] ?? `${troublesSv.doing[doing]} ${troublesSv.again}`;
}

function aloud(what: Announcement): string {
  switch (what.key) {
    case "arrived":
      return what.title === "" ? `${what.name} väntar.` : `${what.name} väntar: ${what.title}.`;
    case "room-help":
      return roomsSv.helpAloud(what.place);
    case "trouble":
      return trouble(what.trouble);
    case "queue-lost":
      return "Kön är inte uppdaterad just nu.";
    case "queue-back":
      return "Kön är uppdaterad igen.";
    case "created":
      return `${what.title} är bokat. Länkarna visas i listan.`;
    case "message":
      return "Meddelandet är skickat.";
    case "ended":
      return ended(what.ended);
  }
}

function toolAloud(what: ToolAloud): string {
  switch (what.key) {
    case "card":
      return cardText(what.card);
    case "ask":
      return askText(what.ask);
    case "waits":
      return `${what.name} väntar på att bli insläppt.`;
  }
}

export const svStaff = {
  ...besideSv,
  code: "sv",
  logOut: "Logga ut",
  ok: "Ok",
  duties: {
    clinician: "Vårdpersonal",
    staff: "Medarbetare",
    administrator: "Administratör",
    reviewer: "Loggranskare",
    support: "Teknikstöd",
  } as Record<Duty, string>,
  login: {
    title: "Logga in",
    lead: "För dig som arbetar i vården. Patienter använder länken i sitt meddelande.",
    looking: "Ser efter hur du kan logga in …",
    with: (name: string) => `Logga in med ${name}`,
    orLocal: "Eller med lokalt konto",
    none: "Servern har inget sätt att logga in. Den som sköter servern behöver ställa in det.",
    username: "Användarnamn",
    password: "Lösenord",
    logIn: "Logga in",
    busy: "Loggar in …",
  },
  commission: {
    title: "Välj uppdrag",
    lead: "Ditt val gäller tills du loggar ut.",
    none: "Du har inget uppdrag här. Be din enhet lägga till dig.",
  },
  trouble,
  pageTitle: {
    loading: "",
    login: "Logga in",
    commission: "Välj uppdrag",
    day: "Dagens besök",
    call: "Besök",
  },
  waitingTitle: (n: number) => `(${n}) `,
  dayTitle: (day: string, today: string) =>
    day === today ? "Dagens besök" : `Besök ${dayWords(day)}`,
  day: { before: "Dagen före", after: "Dagen efter", today: "I dag", label: "Dag" },
  listOf: (day: string) => `Besök ${dayWords(day)}`,
  tabs: { label: "Avdelningar", list: "Besök", rooms: "Hälsorum", figures: "Uppföljning" },
  filters: {
    label: "Visa",
    shown: "Visa",
    shownWords: {
      all: "Alla",
      waiting: "Väntar",
      planned: "Planerade",
      live: "Pågår",
      ended: "Avslutade",
    } as Record<Shown, string>,
    mine: "Bara mina",
  },
  listing: "Hämtar …",
  nothingHere: "Det finns inget för ditt uppdrag på den här sidan.",
  emptyDay: "Inga besök den här dagen.",
  emptyFilter: "Inga besök som stämmer med valen.",
  newVisit: "Nytt besök",
  enter: "Gå in",
  enterNamed: (name: string) => `Gå in: ${name}`,
  open: "Länkar",
  openNamed: (name: string) => `Länkar: ${name}`,
  rowName: (title: string, planned: number | null) =>
    planned === null ? title : `${title} ${clock.format(planned)}`,
  clock: (ms: number) => clock.format(ms),
  minutes: (n: number) => `${n} min`,
  unplanned: "Nu",
  untitled: "Besök",
  nameless: "Ännu inget namn",
  mine: "Du ansvarar",
  needsInterpreter: "Behöver tolk",
  interpreters: {
    missing: "Tolken är inte här än",
    late: "Tolken har inte kommit på en kvart",
    waiting: "Tolken väntar",
    here: "Tolken är med",
  },
  language: (code: string) => (code === "sgn-SE" ? "teckenspråk" : (languages.of(code) ?? code)),
  states: {
    planned: "Planerat",
    open: "Någon är här",
    "in-progress": "Pågår",
    ended: "Avslutat",
    waiting: "Väntar",
  } as Record<ConsultationState | "waiting", string>,
  outcomes,
  outcomeReasons: {
    examination: "Behöver undersökas på plats",
    worse: "Sämre än väntat",
    "patient-choice": "Patientens val",
    link: "Nätet räckte inte",
    other: "Annat",
  } as Record<OutcomeReason, string>,
  admissions: {
    waiting: "väntar",
    admitted: "insläppt",
    held: "på vänt",
  } as Record<Admission, string>,
  since,
  links: {
    connecting: "Kopplar upp",
    silent: "Hörs inte",
    away: "Borta just nu",
    unknown: "Nätet ännu inte mätt",
  },
  numbers: (up: number | null, down: number | null, rtt: number | null) =>
    [
      up === null ? "" : `upp ${rate(up)}`,
      down === null ? "" : `ner ${rate(down)}`,
      rtt === null ? "" : `svarstid ${Math.round(rtt)} ms`,
    ]
      .filter((part) => part !== "")
      .join(" · "),
  loss: (percent: number) => `förlust ${decimal.format(percent)} %`,
  numbersTitle: "Mätvärden",
  checked: {
    good: "Provat: nätet räcker för samtal",
    poor: "Provat: svagt för samtal",
    no: "Provat: räcker inte för samtal",
  } as Record<Verdict, string>,
  linksTitle: "Länkar och inbjudna",
  linkOf: (name: string) => `Länk för ${name}`,
  linkGone:
    "Länken visas bara när den är ny. Skicka den igen som meddelande, eller bjud in på nytt.",
  copy: "Kopiera",
  copied: "Kopierad",
  showSquare: "Visa som QR-kod",
  square: (name: string) => `QR-kod med länken för ${name}`,
  sendInvitation: "Skicka inbjudan",
  sendInvitationTo: (name: string) => `Skicka inbjudan till ${name}`,
  sendItsTime: "Skicka ”det är dags”",
  sendItsTimeTo: (name: string) => `Skicka ”det är dags” till ${name}`,
  sent: {
    sending: "Skickar …",
    sent: "Meddelandet är på väg.",
    failed: "Kunde inte skickas.",
  } as Record<Sent, string>,
  addPerson: "Bjud in någon mer",
  add: "Bjud in",
  form: {
    heading: "Nytt besök",
    title: "Rubrik",
    titleHint: "Neutral. Skriv inget om hälsa: rubriken syns för alla som är med.",
    day: "Dag",
    clock: "Klockslag",
    clockHint: "Tomt: besöket börjar nu.",
    minutes: "Minuter",
    needs: "Att tänka på i kontakten",
    needsHint: "Till exempel hör dåligt, vill ha text.",
    needsInterpreter: "Besöket börjar inte utan tolk",
    personNo: (n: number) => `Person ${n}`,
    role: "Roll",
    name: "Namn",
    nameLater: "Namn (kan komma senare)",
    phone: "Mobilnummer",
    email: "E-post",
    language: "Språk",
    noLanguage: "Inte angivet",
    remove: "Ta bort",
    removePerson: (n: number) => `Ta bort person ${n}`,
    addRelative: "Lägg till närstående",
    addInterpreter: "Lägg till tolk",
    create: "Boka",
    busy: "Bokar …",
  },
  ended,
  queue: {
    title: "Andra som väntar",
    room: "I väntrummet",
    count: waits,
    status: queueStatus,
    sound: "Ljud när någon kommer",
    notices: "Visa avisering när fönstret inte syns",
    arrived: (name: string, more: number) =>
      more === 0 ? `${name} väntar.` : `${name} och ${more} till väntar.`,
    notice: "Någon väntar i väntrummet.",
  },
  reason: {
    title: "Någon annans besök",
    lead: "Du ansvarar inte för det här besöket. Skriv varför du behöver gå in. Det sparas i loggen, och patienten kan få veta det.",
    label: "Skäl",
  },
  figures: figuresSv,
  rooms: roomsSv,
  practice: {
    title: "Övning",
    patient: "Övningspatient",
    begin: "Öva",
    mark: "Övning",
    link: "Patientens nät",
    profiles: {
      fibre: "Fiber",
      mobile: "4G inomhus på landet",
      weak: "Svagt nät",
      edge: "Kanten av täckningen",
      dropouts: "Avbrott under färd",
    } as Record<Profile, string>,
    honest:
      "Övning med en tecknad patient i den här webbläsaren, genom den riktiga servern. Nätet efterliknas genom att bild och ljud begränsas och hoppas över. Fördröjning efterliknas inte.",
  },
  visitTitle: "Besöket",
  door: {
    title: "Vid dörren",
    admit: (name: string) => `Släpp in ${name}`,
    turnAway: "Avvisa",
    turnAwayNamed: (name: string) => `Avvisa ${name}`,
  },
  here: (n: number) => (n === 0 ? "Ingen annan är här" : `Här (${n})`),
  nobody: {
    title: "Ingen är här ännu",
    lead: "Du får veta när någon kommer.",
    waits: (names: string) => `Väntar vid dörren: ${names}`,
    letIn:
      "Ingen hör eller ser någon förrän du släpper in. Tryck A, eller välj i listan Vilka är här.",
  },
  assurances: {
    A: "Legitimerad med e-legitimation",
    B: "Länk och engångskod",
    C: "Identitet kontrollerad av vårdpersonal",
    none: "Identiteten är inte kontrollerad",
  } as Record<Assurance, string>,
  vouch: "Intyga identitet …",
  vouchInside: "Släpp in, och intyga sedan vem det är.",
  lacks: {
    code: {
      short: "Kan inte släppas in: har inte skrivit koden",
      why: (name: string) =>
        `${name} kan släppas in när koden i sms:et är skriven. Skriv en rad dit om det behövs hjälp.`,
    },
    "new-code": {
      short: "Kan inte släppas in: koden gäller inte längre",
      why: (name: string) =>
        `${name} kan släppas in med en ny kod. Skriv en rad dit: tryck på Skicka en ny kod.`,
    },
    telephone: {
      short: "Kan inte släppas in: telefonnummer saknas",
      why: (name: string) =>
        `Enheten kräver en kod i sms, och ${name} har inget telefonnummer i bokningen. Tryck på Bjud in, och bjud in på nytt med nummer.`,
    },
    "e-id": {
      short: "Kan inte släppas in: har inte legitimerat sig",
      why: (name: string) =>
        `${name} kan släppas in efter legitimering. Knappen för det finns på ${name}s sida. Skriv en rad dit om det behövs hjälp.`,
    },
    "no-e-id": {
      short: "Kan inte släppas in: enheten kräver e‑legitimation",
      why: (name: string) =>
        `Enheten kräver e‑legitimation, som patienter inte kan visa här. Ring ${name}, eller boka ett fysiskt besök. Den som sköter systemet kan ändra kravet.`,
    },
  } as Record<KeptOut, { readonly short: string; readonly why: (name: string) => string }>,
  identifiedAs: (name: string) => `Legitimerad som ${name}`,
  vouchLabel: (name: string) => `Intyga vem ${name} är`,
  vouchHow: {
    "id-document": "Har visat legitimation",
    known: "Är känd av mig",
    "reserve-number": "Reservnummer",
  } as Record<Vouch, string>,
  vouched: {
    "id-document": "Du har intygat: legitimation visad",
    known: "Du har intygat: känd av dig",
    "reserve-number": "Du har intygat: reservnummer",
  } as Record<Vouch, string>,
  person: {
    acts: (name: string) => `Mer om ${name}`,
    hold: "Sätt på vänt",
    putBack: "Tillbaka till väntrummet",
    askScreen: "Be att få se skärmen",
    remove: "Ta ut ur besöket",
  },
  apart: {
    button: (name: string) => `Tala enskilt med ${name}`,
    end: "Avsluta det enskilda samtalet",
  },
  reasons: {
    fine: "Anslutningen är bra.",
    connecting: "Kopplar upp.",
    silent: "Inget ljud kommer fram.",
    away: "Kontakten är bruten. Platsen är kvar.",
    loss: "Svag anslutning: delar av ljud och bild försvinner på vägen.",
    slow: "Svag anslutning: det tar lång tid fram och tillbaka.",
    "thin-up": "Svag anslutning: det ryms lite från dem till oss.",
    "thin-down": "Svag anslutning: det ryms lite från oss till dem.",
    weak: "Anslutningen är något svag.",
  } as Record<Reason, string>,
  deeds: {
    "their-reduced": (name: string) => `Bilden från ${name} är mindre, så att ljudet håller.`,
    "their-stills": (name: string) => `Från ${name} kommer stillbilder, så att ljudet håller.`,
    "their-none": (name: string) => `Från ${name} kommer bara ljud.`,
    "our-reduced": (name: string) => `${name} får din bild mindre.`,
    "our-stills": (name: string) => `${name} ser dig i stillbilder.`,
    "our-none": (name: string) => `${name} hör dig men ser dig inte.`,
  } as Record<Exclude<Deed, "none">, (name: string) => string>,
  delay: {
    about: (ms: number) => `Från mun till öra: ungefär ${ms} ms.`,
    words: {
      short: "Det märks inte.",
      noticed: "Vänta lite efter frågor.",
      long: "Gör en tydlig paus när du har talat, annars pratar ni i mun på varandra.",
    },
    details: ({ networkMs, bufferMs }: Delay) =>
      `Nätet ungefär ${networkMs} ms, utjämning ${bufferMs} ms, mikrofon och högtalare räknas som 60 ms.`,
    why: "Fördröjningen är en uppskattning: halva svarstiden på båda vägarna, webbläsarens utjämning och ett fast tal för utrustningen.",
  },
  sources: {
    microphone: "ljud",
    camera: "kamera",
    screen: "skärm",
    "exam-camera": "undersökningskamera",
    "exam-camera-2": "undersökningskamera 2",
    stethoscope: "stetoskop",
  } as Record<Source, string>,
  large: { label: (name: string, source: string) => `Stor bild: ${name}, ${source}` },
  point: {
    button: "Peka",
    pad: (name: string) => `Peka i bilden av ${name}. Piltangenterna flyttar pekaren.`,
  },
  asks: askText,
  still: {
    button: "Be om bild",
    view: "Visa bilden",
    progress: (name: string) => `Bilden från ${name}`,
    title: (name: string) => `Bild från ${name}`,
    picture: (name: string, width: number, height: number) =>
      `Bild från ${name}, ${width} gånger ${height} bildpunkter`,
    larger: "Större",
    smaller: "Mindre",
    whole: "Hela bilden",
    save: "Spara på min dator",
    keys: "Plus och minus ändrar storlek, piltangenterna flyttar, noll visar hela bilden.",
    onlyHere:
      "Bilden finns bara i det här fönstret och försvinner med besöket. Den sparas bara om du själv sparar den.",
    about: "Om bilden",
    size: "Storlek",
  },
  bytes: (n: number) => `${decimal.format(n / 1_000_000)} MB`,
  show: {
    button: "Visa",
    title: "Visa för de andra",
    screen: "Skärm eller dokument",
    screenLead: "Välj ett fönster, inte hela skärmen, så syns inget annat.",
    start: "Välj vad som visas",
    stopScreen: "Sluta visa skärmen",
    cannot: "Den här webbläsaren kan inte visa skärmen.",
    failed: "Det gick inte att visa. Försök igen.",
    exam: "Andra kameran",
    examLead: "Visas bredvid din vanliga bild.",
    noSecond: "Ingen fler kamera är ansluten.",
    stopExam: "Sluta visa andra kameran",
    showsScreen: "Du visar din skärm för de andra.",
    showsExam: "Du visar din andra kamera för de andra.",
    stop: "Sluta visa",
  },
  invite: { button: "Bjud in", title: "Bjud in till besöket" },
  interpreter: {
    missing: "Tolken är inte här",
    waited: (ms: number) => {
      const s = Math.floor(ms / 1000);
      return `Ni har väntat ${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}.`;
    },
    lead: "Börja inte förrän tolken är med.",
    invite: "Bjud in tolk",
    without: "Börja utan tolk",
  },
  cards: {
    label: "Önskemål och svar",
    text: cardText,
    accept: (name: string) => `Bjud in ${name}`,
    decline: "Inte nu",
    end: "Avsluta med fysiskt besök",
    write: "Skriv",
  },
  end: {
    button: "Avsluta",
    title: "Avsluta besöket",
    outcome: "Hur gick det?",
    reason: "Varför fysiskt besök?",
    forAll: "Avsluta för alla",
    busy: "Avslutar …",
    leave: "Lämna utan att avsluta",
    leaveHint: "Om du lämnar fortsätter besöket för de andra.",
  },
  keys: {
    button: "Tangenter",
    title: "Kortkommandon",
    key: "Tangent",
    does: "Gör",
    on: "Använd kortkommandon med en tangent",
    hint: "De gäller inte medan du skriver. Allt går också att nå med tabb.",
    what: {
      "?": "Visa den här listan",
      n: "Nytt besök",
      m: "Mikrofon av eller på",
      c: "Kamera av eller på",
      a: "Släpp in den som står först",
      t: "Text",
      p: "Vilka som är med",
      l: "Nästa bild stor",
      s: "Be om stillbild",
      o: "Peka",
      v: "Visa skärm eller dokument",
      i: "Bjud in",
      e: "Avsluta",
    },
  },
  joining: "Går in i besöket …",
  cancel: "Avbryt",
  aloud,
  toolAloud,
};

export type Words = typeof svStaff;
