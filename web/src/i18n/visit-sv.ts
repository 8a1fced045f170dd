// SPDX-License-Identifier: EUPL-1.2
// Swedish for the visit around the call: the check, the queue, what is written, what is asked for.

import type { Act, Checked, CheckMode, Verdict, Waiting, Wish } from "../protocol";
import { isKeptOut } from "../state/lack";
import type { Announcement, Answer, Apart, CheckStatus, Question, StillStep } from "../state/types";

export function clock(iso: string): string {
  return new Intl.DateTimeFormat("sv", { hour: "2-digit", minute: "2-digit" }).format(
    new Date(iso),
  );
}

function day(iso: string): string {
  return new Intl.DateTimeFormat("sv", { weekday: "long", day: "numeric", month: "long" }).format(
    new Date(iso),
  );
}

const wishTold: Record<Wish, string> = {
  "audio-only": "Vi har sagt till att du vill ha bara ljud.",
  "physical-visit": "Vi har sagt till att du vill komma på ett fysiskt besök.",
  help: "Vi har sagt till att du behöver hjälp.",
  "call-me": "Vi har sagt till att du vill bli uppringd i stället.",
};

const askTitle: Record<Act, (name: string) => string> = {
  still: (name) => `${name} vill ha en bild`,
  screen: (name) => `${name} vill se din skärm`,
  relative: (name) => `${name} frågar om en närstående får vara med`,
  observer: (name) => `${name} frågar om någon får lyssna på`,
  pointer: (name) => `${name} vill peka i din bild`,
};

function queue({ ahead, reason, meet }: Waiting): string {
  switch (reason) {
    case "held":
      return "Du väntar en stund utanför samtalet.";
    case "interpreter":
      return "Vi väntar på tolken.";
    case "queue":
      return ahead === 0
        ? `Du står först i kön${meet === "" ? "" : ` till ${meet}`}.`
        : `${ahead === 1 ? "En person" : `${ahead} personer`} är före dig i kön.`;
  }
}

const outTitle = "Du kan inte släppas in än";

const apartSaid: Record<Apart["kind"], string> = {
  none: "Alla är tillbaka i samtalet.",
  inside: "Ni talar enskilt nu. De andra hör er inte.",
  outside: "De andra talar enskilt en stund. Ingen ser eller hör dig.",
};

const checkSaid: Record<CheckStatus, string> = {
  none: "",
  looking: "",
  running: "Vi provar nätet.",
  done: "Nätet är provat.",
  failed: "Vi kunde inte prova nätet.",
};

const stillSaid: Partial<Record<StillStep, string>> = {
  sent: "Bilden har kommit fram.",
  failed: "Bilden kom inte fram.",
};

export function visitAloud(what: Announcement): string {
  switch (what.key) {
    case "waiting":
      return isKeptOut(what.queue) ? `${outTitle}.` : queue(what.queue);
    case "called-in":
      return "Nu är det din tur. Du är insläppt.";
    case "held":
      return "Du väntar utanför samtalet en stund. Ingen ser eller hör dig.";
    case "apart":
      return apartSaid[what.apart];
    case "code":
      return what.wrong ? "Koden stämmer inte." : "Skriv koden från ditt sms.";
    case "writes":
      return `${what.name} skriver.`;
    case "wrote":
      return `Nytt meddelande från ${what.name}.`;
    case "signs":
      return `${what.name} tecknar.`;
    case "asked":
      return `${askTitle[what.act](what.name)}.`;
    case "still":
      return stillSaid[what.step] ?? "";
    case "pointing":
      return "Någon pekar i din bild.";
    case "wished":
      return wishTold[what.wish];
    case "invite":
      return "Länken till din närstående är klar.";
    case "check":
      return checkSaid[what.status];
    default:
      return "";
  }
}

const check = {
  earlyTitle: (iso: string) => `Ditt besök är ${day(iso)} klockan ${clock(iso)}`,
  earlyLead: "Öppna samma länk då. Prova gärna kamera, ljud och nät redan nu.",
  earlyGoIn: "Gå in ändå",
  toneTry: "Prova ljudet",
  toneAsk: "Hörde du två toner?",
  toneSteps: [
    "Höj ljudet på telefonen eller datorn.",
    "Har du hörlurar eller hörapparat? Se efter att de är på och anslutna.",
    "Prova ljudet en gång till.",
  ] as readonly string[],
  toneHeard: "Bra, du hör.",
  yes: "Ja",
  no: "Nej",
  title: "Ditt nät",
  start: "Prova nätet",
  again: "Prova nätet igen",
  running: "Vi provar nätet. Det tar tio sekunder.",
  failed: "Vi fick ingen kontakt och kunde inte prova. Se efter att du har internet.",
  talk: {
    good: "Nätet räcker bra för samtalet.",
    poor: "Nätet räcker för att prata. Bilden kan hacka.",
    no: "Nätet är för svagt för video. Prova ett annat nät, eller ring mottagningen.",
  } as Record<Verdict, string>,
  blocked:
    "Ljud och bild kommer inte fram på det här nätet. Prova ett annat, till exempel mobilens.",
  details: "Vad räcker nätet till?",
  modes: {
    talk: "Prata",
    sign: "Teckna",
    skin: "Visa hud eller sår",
    movement: "Visa rörelser",
    auscultation: "Lyssna på hjärta och lungor",
  } as Record<CheckMode, string>,
  verdicts: { good: "Bra", poor: "Svagt", no: "Räcker inte" } as Record<Verdict, string>,
  numbers: (c: Checked) =>
    `Upp ${c.up_kbps} kbit/s, ned ${c.down_kbps} kbit/s. Förlust ${c.loss_percent} %. Fördröjning ${c.rtt_ms} ms, med fullt nät ${c.rtt_loaded_ms} ms.`,
  at: (ms: number) => `Provat ${day(new Date(ms).toISOString())}.`,
};

const wait = {
  title: "Du är på rätt plats",
  heldTitle: "Vänta en liten stund",
  heldLead: "Ingen ser eller hör dig nu. Du blir insläppt igen.",
  interpreterLead: "Samtalet börjar när tolken är här.",
  queue,
  place: (place: number) => `Din plats i kön: ${place}`,
  meet: (name: string) => `Du ska träffa ${name}.`,
  clinician: {
    away: "Vårdpersonalen är inte inloggad än.",
    here: "Vårdpersonalen är på plats.",
    busy: "Vårdpersonalen är i ett annat samtal.",
  } as Record<Waiting["clinician"], string>,
  planned: (iso: string) => `Planerad tid: ${clock(iso)}.`,
  unseen: "Ingen ser eller hör dig förrän du är insläppt.",
  putDown:
    "Du kan lägga ifrån dig telefonen. Låt sidan vara öppen, så ringer det när det är din tur.",
  outTitle,
  vouch: "Vårdpersonalen frågar sedan vem du är. Ha gärna legitimation till hands.",
  other: "Vill du hellre göra på ett annat sätt?",
  callMe: "Ring mig i stället",
  physical: "Jag vill komma på ett fysiskt besök",
  write: "Skriv till mottagningen",
  wishTold,
  calledIn: "Nu är det din tur",
  calledInLead: "Du är insläppt. De andra ser och hör dig.",
  seen: "Jag är med",
};

const oneTime = {
  title: "Skriv koden från ditt sms",
  lead: (sentTo: string) => `Vi har skickat en kod till ${sentTo.replace(/ /g, "\u00a0")}.`,
  label: "Kod",
  wrong: "Koden stämmer inte. Titta i ditt sms och skriv den igen.",
  sending: "Vi provar koden …",
  send: "Fortsätt",
};

const talk = {
  title: "Text",
  button: "Text",
  unread: (n: number) => `${n} ${n === 1 ? "ny" : "nya"}`,
  log: "Det som är skrivet",
  now: "Skrivs just nu",
  empty: "Inget är skrivet än. Texten försvinner när besöket är slut.",
  mine: "Du skrev",
  from: (name: string, role: string) => `${name}, ${role.toLowerCase()}, skrev`,
  writing: (name: string, role: string) => `${name}, ${role.toLowerCase()}, skriver`,
  sending: "Skickas …",
  label: "Skriv här",
  labelClinic: "Skriv till mottagningen",
  live: "De andra ser varje bokstav medan du skriver.",
  whole: "De andra ser meddelandet när du har skickat det.",
  wholeLabel: "Visa först när jag skickar",
  send: "Skicka",
  nextLine: "Klar med raden",
};

const more = {
  button: "Mer",
  title: "Fler val",
  audioOnly: "Bara ljud",
  audioOnlyWhy: "Stänger bilden åt båda hållen. Bra när nätet är svagt.",
  videoAgain: "Ljud och bild igen",
  help: "Hör ni inte varandra?",
  helpWhy: "Vi letar efter felet tillsammans.",
  switchCamera: "Byt kamera",
  lampOn: "Tänd lampan",
  lampOff: "Släck lampan",
  sign: "Jag tecknar",
  signWhy: "Din bild visas stort, som när någon talar.",
  signStop: "Jag tecknar inte längre",
  signing: "Tecknar",
  invite: "Bjud in en närstående",
  physical: "Jag vill ha ett fysiskt besök",
};

const help = {
  title: "Hör ni inte varandra?",
  which: "Vad är det som inte går?",
  cannotHear: "Jag hör inte de andra",
  notHeard: "De andra hör inte mig",
  back: "Tillbaka",
  call: "Säg till vårdpersonalen",
  found: "Det här ser vi:",
  blocked: "Webbläsaren har stoppat ljudet. Tryck på knappen.",
  interrupted: "Ljud och bild är avbrutna. Vi försöker igen, du behöver inte göra något.",
  alone: "Ingen annan är inne i samtalet.",
  theirMute: (names: string) => `${names} har sin mikrofon av. Vinka, eller skriv en text.`,
  theirLink: (names: string) => `${names} har svag anslutning. Felet är inte hos dig.`,
  myLink: "Ditt nät är svagt. Prova bara ljud.",
  speaker: "Allt ser rätt ut hos oss. Då är det troligen din högtalare.",
  speakerSteps: [
    "Höj ljudet på telefonen eller datorn.",
    "Har du hörlurar eller hörapparat? Ta bort dem, eller anslut dem igen.",
    "Tryck på Prova ljudet. Hör du två toner?",
  ] as readonly string[],
  denied: "Mikrofonen är inte tillåten i webbläsaren:",
  missing: "Vi hittar ingen mikrofon. Anslut en, eller skriv en text.",
  busy: "Mikrofonen används av ett annat program. Stäng det.",
  muted: "Din mikrofon är av.",
  unmute: "Slå på mikrofonen",
  silent: "Mikrofonen är på, men det är tyst. Säg något. Rör sig stapeln?",
  silentSteps: [
    "Rör den sig inte: välj en annan mikrofon här nedanför.",
    "Har du hörlurar med mikrofon? Se efter att den inte är avstängd på sladden.",
  ] as readonly string[],
  theirs: "Mikrofonen fungerar. Då är felet troligen hos den andra.",
};

const ask = {
  title: askTitle,
  /** What the yes is given to: sent along and kept with it, word for word. */
  wording: {
    still: (name: string) =>
      `Bilden skickas bara till ${name}. Den sparas inte i systemet. Du ser den innan den skickas.`,
    screen: (name: string) => `${name} får se det du visar på din skärm tills du slutar visa.`,
    relative: (name: string) => `${name} släpper in en närstående, som hör och ser allt i besöket.`,
    observer: (name: string) => `${name} släpper in någon som hör och ser men inte deltar.`,
    pointer: (name: string) => `${name} visar med en prick i din bild. Inget sparas.`,
  } as Record<Act, (name: string) => string>,
  yes: "Ja, det går bra",
  no: "Nej tack",
  aim: "Rikta kameran",
  aimLead: "Håll stilla, gärna i bra ljus. Tryck sedan på knappen.",
  needsCamera: "Kameran är av. Slå på den för att ta bilden.",
  cameraOn: "Slå på kameran",
  take: "Ta bilden",
  taking: "Bilden tas …",
  look: "Blev den bra?",
  taken: "Bilden du tog",
  send: (name: string) => `Skicka till ${name}`,
  again: "Ta en ny",
  sending: (name: string) => `Bilden skickas till ${name}`,
  meanwhile: "Ni kan prata under tiden.",
  progress: "Så mycket har kommit fram",
  sent: (name: string) => `${name} har fått bilden`,
  failed: "Bilden kom inte fram",
  retry: "Skicka igen",
  cancel: "Avbryt",
  done: "Klart",
};

const invite = {
  title: "Bjud in en närstående",
  lead: "Vårdpersonalen säger ja först. Sedan får du en länk att visa eller skicka.",
  label: "Vad heter personen?",
  send: "Fråga vårdpersonalen",
  waiting: (name: string) => `Vi har frågat om ${name} får vara med. Vänta på svar.`,
  ready: (name: string) => `Länken till ${name}`,
  scan: "Låt din närstående rikta sin mobilkamera mot rutan.",
  qr: (name: string) => `QR-kod med länken till ${name}`,
  copy: "Kopiera länken",
  copied: "Länken är kopierad.",
  share: "Skicka länken",
};

const apart = {
  inside: (names: string) => `Du talar enskilt med ${names}. De andra hör er inte.`,
  outsideTitle: "De andra talar enskilt en stund",
  outsideLead: "Ingen ser eller hör dig nu. Du kommer tillbaka av dig själv.",
};

const survey = {
  start: "Svara på tre korta frågor",
  step: (n: number, of: number) => `Fråga ${n} av ${of}`,
  questions: {
    safe: "Kände du dig trygg under besöket?",
    quality: "Var ljudet och bilden tillräckligt bra?",
    travel: "Hade du annars behövt resa för det här besöket?",
  } as Record<Question, string>,
  answers: { yes: "Ja", partly: "Delvis", no: "Nej", unsure: "Vet inte" } as Record<Answer, string>,
  skip: "Hoppa över",
  lead: "Svaren visar inte vem du är.",
  thanks: "Tack för dina svar",
  thanksLead: "Du kan stänga sidan.",
};

export const visitSv = {
  check,
  wait,
  oneTime,
  talk,
  more,
  help,
  ask,
  invite,
  apart,
  survey,
  accessibility: "Tillgänglighet",
};
