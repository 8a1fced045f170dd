// SPDX-License-Identifier: EUPL-1.2
// The staff page in English.

import type { Outcome, Wish } from "../../protocol";
import type { Delay } from "../delay";
import type { Ask, Card, ToolAloud } from "../tools";
import type { Announcement, Ended, QueueStatus, Trouble } from "../types";
import { besideEn } from "./beside-en";
import { figuresEn } from "./figures-en";
import { roomsEn } from "./rooms-en";
import type { Words } from "./sv";
import { troublesEn } from "./trouble-en";

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const date = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long" });
const languages = new Intl.DisplayNames("en", { type: "language" });
const decimal = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

function dayWords(day: string): string {
  return date.format(new Date(`${day}T12:00`));
}

function rate(kbps: number): string {
  return kbps >= 1000 ? `${decimal.format(kbps / 1000)} Mbit/s` : `${Math.round(kbps)} kbit/s`;
}

function since(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) {
    return "just now";
  }
  return minutes < 90 ? `${minutes} min` : `${decimal.format(minutes / 60)} h`;
}

const wishes: Record<Wish, (name: string) => string> = {
  "audio-only": (name) => `${name} wants sound only.`,
  "physical-visit": (name) => `${name} would rather come in person.`,
  help: (name) => `${name} needs help.`,
  "call-me": (name) => `${name} wants to be telephoned instead.`,
};

function cardText({ name, what }: Card): string {
  return what.kind === "wish"
    ? wishes[what.wish](name)
    : `${name} wants ${what.name === "" ? "somebody" : what.name} to join.`;
}

const acts: Record<Ask["act"], string> = {
  still: "a still picture",
  screen: "seeing the screen",
  relative: "a relative being here",
  observer: "somebody listening",
  pointer: "pointing at the picture",
};

function askText({ name, act, step, arrived, count }: Ask): string {
  switch (step) {
    case "asked":
      return `${name} has been asked about ${acts[act]}. Waiting for the answer.`;
    case "refused":
      return `${name} said no to ${acts[act]}.`;
    case "given":
      return act === "still"
        ? `${name} said yes and is taking the picture.`
        : `${name} said yes to ${acts[act]}.`;
    case "coming":
      return `The picture from ${name} is coming: ${Math.round((100 * arrived) / Math.max(1, count))} per cent.`;
    case "done":
      return `The picture from ${name} has come.`;
    case "spoiled":
      return `The picture from ${name} did not come whole. Ask for another.`;
    case "lapsed":
      return `After the interruption what ${name} was asked no longer holds: ${acts[act]}. Ask again.`;
  }
}

const outcomes: Record<Outcome, string> = {
  solved: "Solved by video",
  "physical-visit": "Needs a physical visit",
  rebooked: "Booked for another time",
  "no-show": "The patient did not come",
  "technical-failure": "The technology failed",
};

function ended({ title, how, outcome }: Ended): string {
  const what = title === "" ? "The visit" : title;
  switch (how) {
    case "ended":
      return outcome === null ? `${what} has ended.` : `${what} has ended: ${outcomes[outcome]}.`;
    case "left":
      return `You have left ${title === "" ? "the visit" : title}. It goes on.`;
    case "removed":
      return `You have been taken out of ${title === "" ? "the visit" : title}.`;
    case "replaced":
      return `${what} has been opened on another screen.`;
    case "problem":
      return `${what} could not be opened. Try again.`;
  }
}

const queueStatus: Record<QueueStatus, string> = {
  off: "",
  connecting: "Connecting to the queue …",
  live: "",
  lost: "The queue is not up to date at the moment. Connecting again …",
};

function waits(n: number): string {
  return n === 0 ? "Nobody is waiting." : n === 1 ? "One is waiting." : `${n} are waiting.`;
}

function trouble({ code, doing }: Trouble): string {
  return troublesEn.codes[code] ?? `${troublesEn.doing[doing]} ${troublesEn.again}`;
}

function aloud(what: Announcement): string {
  switch (what.key) {
    case "arrived":
      return what.title === ""
        ? `${what.name} is waiting.`
        : `${what.name} is waiting: ${what.title}.`;
    case "room-help":
      return roomsEn.helpAloud(what.place);
    case "trouble":
      return trouble(what.trouble);
    case "queue-lost":
      return "The queue is not up to date at the moment.";
    case "queue-back":
      return "The queue is up to date again.";
    case "created":
      return `${what.title} is booked. The links are in the list.`;
    case "message":
      return "The message is sent.";
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
      return `${what.name} is waiting to be let in.`;
  }
}

export const enStaff: Words = {
  ...besideEn,
  code: "en",
  logOut: "Log out",
  ok: "OK",
  duties: {
    clinician: "Clinician",
    staff: "Staff",
    administrator: "Administrator",
    reviewer: "Log reviewer",
    support: "Technical support",
  },
  login: {
    title: "Log in",
    lead: "For those who work in care. Patients use the link in their message.",
    looking: "Finding out how you can log in …",
    with: (name: string) => `Log in with ${name}`,
    orLocal: "Or with a local account",
    none: "The server has no way to log in. Whoever runs it needs to set one up.",
    username: "User name",
    password: "Password",
    logIn: "Log in",
    busy: "Logging in …",
  },
  commission: {
    title: "Choose commission",
    lead: "Your choice holds until you log out.",
    none: "You have no commission here. Ask your unit to add you.",
  },
  trouble,
  pageTitle: {
    loading: "",
    login: "Log in",
    commission: "Choose commission",
    day: "Today's visits",
    call: "Visit",
  },
  waitingTitle: (n: number) => `(${n}) `,
  dayTitle: (day: string, today: string) =>
    day === today ? "Today's visits" : `Visits, ${dayWords(day)}`,
  day: { before: "Day before", after: "Day after", today: "Today", label: "Day" },
  listOf: (day: string) => `Visits, ${dayWords(day)}`,
  tabs: { label: "Sections", list: "Visits", rooms: "Health rooms", figures: "Follow-up" },
  filters: {
    label: "Show",
    shown: "Show",
    shownWords: {
      all: "All",
      waiting: "Waiting",
      planned: "Planned",
      live: "Under way",
      ended: "Ended",
    },
    mine: "Only mine",
  },
  listing: "Loading …",
  nothingHere: "There is nothing for your commission on this page.",
  emptyDay: "No visits on this day.",
  emptyFilter: "No visits that fit the choices.",
  newVisit: "New visit",
  enter: "Go in",
  enterNamed: (name: string) => `Go in: ${name}`,
  open: "Links",
  openNamed: (name: string) => `Links: ${name}`,
  rowName: (title: string, planned: number | null) =>
    planned === null ? title : `${title} ${clock.format(planned)}`,
  clock: (ms: number) => clock.format(ms),
  minutes: (n: number) => `${n} min`,
  unplanned: "Now",
  untitled: "Visit",
  nameless: "No name yet",
  mine: "You are responsible",
  needsInterpreter: "Needs an interpreter",
  interpreters: {
    missing: "The interpreter is not here yet",
    late: "The interpreter has not come in a quarter of an hour",
    waiting: "The interpreter is waiting",
    here: "The interpreter is in the visit",
  },
  language: (code: string) => (code === "sgn-SE" ? "sign language" : (languages.of(code) ?? code)),
  states: {
    planned: "Planned",
    open: "Somebody is here",
    "in-progress": "Under way",
    ended: "Ended",
    waiting: "Waiting",
  },
  outcomes,
  outcomeReasons: {
    examination: "Needs to be examined in person",
    worse: "Worse than expected",
    "patient-choice": "The patient's choice",
    link: "The link was not enough",
    other: "Something else",
  },
  admissions: { waiting: "waiting", admitted: "let in", held: "on hold" },
  since,
  links: {
    connecting: "Connecting",
    silent: "Not heard",
    away: "Away at the moment",
    unknown: "Link not measured yet",
  },
  numbers: (up: number | null, down: number | null, rtt: number | null) =>
    [
      up === null ? "" : `up ${rate(up)}`,
      down === null ? "" : `down ${rate(down)}`,
      rtt === null ? "" : `round trip ${Math.round(rtt)} ms`,
    ]
      .filter((part) => part !== "")
      .join(" · "),
  loss: (percent: number) => `loss ${decimal.format(percent)} %`,
  numbersTitle: "Figures",
  checked: {
    good: "Checked: the link is fine for talking",
    poor: "Checked: weak for talking",
    no: "Checked: not enough for talking",
  },
  linksTitle: "Links and guests",
  linkOf: (name: string) => `Link for ${name}`,
  linkGone: "The link is shown only while it is new. Send it again as a message, or invite anew.",
  copy: "Copy",
  copied: "Copied",
  showSquare: "Show as QR code",
  square: (name: string) => `QR code with the link for ${name}`,
  sendInvitation: "Send invitation",
  sendInvitationTo: (name: string) => `Send invitation to ${name}`,
  sendItsTime: "Send “it is time”",
  sendItsTimeTo: (name: string) => `Send “it is time” to ${name}`,
  sent: { sending: "Sending …", sent: "The message is on its way.", failed: "Could not be sent." },
  addPerson: "Invite somebody more",
  add: "Invite",
  form: {
    heading: "New visit",
    title: "Title",
    titleHint: "Neutral. Write nothing about health: everybody in the visit sees it.",
    day: "Day",
    clock: "Time",
    clockHint: "Empty: the visit begins now.",
    minutes: "Minutes",
    needs: "To bear in mind when talking",
    needsHint: "For example hard of hearing, wants text.",
    needsInterpreter: "The visit does not begin without an interpreter",
    personNo: (n: number) => `Person ${n}`,
    role: "Role",
    name: "Name",
    nameLater: "Name (may come later)",
    phone: "Mobile number",
    email: "E-mail",
    language: "Language",
    noLanguage: "Not given",
    remove: "Remove",
    removePerson: (n: number) => `Remove person ${n}`,
    addRelative: "Add a relative",
    addInterpreter: "Add an interpreter",
    create: "Book",
    busy: "Booking …",
  },
  ended,
  queue: {
    title: "Others who wait",
    room: "In the waiting room",
    count: waits,
    status: queueStatus,
    sound: "Sound when somebody comes",
    notices: "Show a notice while the window is out of sight",
    arrived: (name: string, more: number) =>
      more === 0 ? `${name} is waiting.` : `${name} and ${more} more are waiting.`,
    notice: "Somebody is in the waiting room.",
  },
  reason: {
    title: "Somebody else's visit",
    lead: "You are not responsible for this visit. Write why you need to go in. It is kept in the log, and the patient may be told.",
    label: "Reason",
  },
  figures: figuresEn,
  rooms: roomsEn,
  practice: {
    title: "Practice",
    patient: "Practice patient",
    begin: "Practise",
    mark: "Practice",
    link: "The patient's link",
    profiles: {
      fibre: "Fibre",
      mobile: "4G indoors in the country",
      weak: "Weak link",
      edge: "Edge of coverage",
      dropouts: "Drop-outs on the road",
    },
    honest:
      "Practice with a drawn patient in this browser, through the real server. The link is likened by limiting and leaving out picture and sound. Delay is not imitated.",
  },
  visitTitle: "The visit",
  door: {
    title: "At the door",
    admit: (name: string) => `Let ${name} in`,
    turnAway: "Turn away",
    turnAwayNamed: (name: string) => `Turn away ${name}`,
  },
  here: (n: number) => (n === 0 ? "Nobody else is here" : `Here (${n})`),
  nobody: {
    title: "Nobody is here yet",
    lead: "You will be told when somebody comes.",
    waits: (names: string) => `Waiting at the door: ${names}`,
    letIn:
      "Nobody hears or sees anybody before you let them in. Press A, or choose in Who is here.",
  },
  assurances: {
    A: "Identified by e-ID",
    B: "Link and one-time code",
    C: "Identity checked by a clinician",
    none: "Identity not checked",
  },
  vouch: "Vouch for identity …",
  vouchInside: "Let in, then vouch for who it is.",
  lacks: {
    code: {
      short: "Cannot be let in: has not typed the code",
      why: (name: string) =>
        `${name} can be let in once the code in the text message is typed. Write a line if help is needed.`,
    },
    "new-code": {
      short: "Cannot be let in: the code is no longer valid",
      why: (name: string) =>
        `${name} can be let in with a new code. Write a line: press Send a new code.`,
    },
    telephone: {
      short: "Cannot be let in: no telephone number",
      why: (name: string) =>
        `The unit asks for a code by text message, and ${name} has no telephone number in the booking. Press Invite, and invite anew with a number.`,
    },
    "e-id": {
      short: "Cannot be let in: not identified by an e‑ID yet",
      why: (name: string) =>
        `${name} can be let in after showing an e‑ID. There is a button for it on their page. Write a line there if help is needed.`,
    },
    "no-e-id": {
      short: "Cannot be let in: the unit asks for an e‑ID",
      why: (name: string) =>
        `The unit asks for an e‑ID, which patients cannot show here. Phone ${name}, or book a physical visit. Whoever runs the system can change what is asked for.`,
    },
  },
  identifiedAs: (name: string) => `Identified as ${name}`,
  vouchLabel: (name: string) => `Vouch for who ${name} is`,
  vouchHow: {
    "id-document": "Has shown an ID document",
    known: "Is known to me",
    "reserve-number": "Reserve number",
  },
  vouched: {
    "id-document": "You have vouched: ID document shown",
    known: "You have vouched: known to you",
    "reserve-number": "You have vouched: reserve number",
  },
  person: {
    acts: (name: string) => `More about ${name}`,
    hold: "Put on hold",
    putBack: "Back to the waiting room",
    askScreen: "Ask to see the screen",
    remove: "Take out of the visit",
  },
  apart: {
    button: (name: string) => `Talk privately with ${name}`,
    end: "End the private talk",
  },
  reasons: {
    fine: "The link is good.",
    connecting: "Connecting.",
    silent: "No sound comes through.",
    away: "Contact is lost. The seat is kept.",
    loss: "Weak link: parts of sound and picture are lost on the way.",
    slow: "Weak link: it takes long there and back.",
    "thin-up": "Weak link: there is little room from them to us.",
    "thin-down": "Weak link: there is little room from us to them.",
    weak: "The link is a little weak.",
  },
  deeds: {
    "their-reduced": (name: string) => `The picture from ${name} is smaller, so that sound holds.`,
    "their-stills": (name: string) => `Stills come from ${name}, so that sound holds.`,
    "their-none": (name: string) => `Only sound comes from ${name}.`,
    "our-reduced": (name: string) => `${name} gets your picture smaller.`,
    "our-stills": (name: string) => `${name} sees you in stills.`,
    "our-none": (name: string) => `${name} hears you but does not see you.`,
  },
  delay: {
    about: (ms: number) => `From mouth to ear: about ${ms} ms.`,
    words: {
      short: "Nobody notices.",
      noticed: "Wait a little after questions.",
      long: "Pause clearly when you have spoken, or you will talk into each other.",
    },
    details: ({ networkMs, bufferMs }: Delay) =>
      `Network about ${networkMs} ms, smoothing ${bufferMs} ms, microphone and loudspeaker counted as 60 ms.`,
    why: "The delay is an estimate: half the round trip of both legs, the browser's smoothing and a fixed number for the equipment.",
  },
  sources: {
    microphone: "sound",
    camera: "camera",
    screen: "screen",
    "exam-camera": "examination camera",
    "exam-camera-2": "examination camera 2",
    stethoscope: "stethoscope",
  },
  large: { label: (name: string, source: string) => `Large picture: ${name}, ${source}` },
  point: {
    button: "Point",
    pad: (name: string) => `Point at the picture of ${name}. The arrow keys move the pointer.`,
  },
  asks: askText,
  still: {
    button: "Ask for picture",
    view: "Show the picture",
    progress: (name: string) => `The picture from ${name}`,
    title: (name: string) => `Picture from ${name}`,
    picture: (name: string, width: number, height: number) =>
      `Picture from ${name}, ${width} by ${height} pixels`,
    larger: "Larger",
    smaller: "Smaller",
    whole: "Whole picture",
    save: "Save on my computer",
    keys: "Plus and minus change the size, the arrow keys move, zero shows the whole picture.",
    onlyHere:
      "The picture is in this window only and is gone with the visit. It is saved only if you save it.",
    about: "About the picture",
    size: "Size",
  },
  bytes: (n: number) => `${decimal.format(n / 1_000_000)} MB`,
  show: {
    button: "Show",
    title: "Show to the others",
    screen: "Screen or document",
    screenLead: "Choose a window, not the whole screen, and nothing else is seen.",
    start: "Choose what to show",
    stopScreen: "Stop showing the screen",
    cannot: "This browser cannot show the screen.",
    failed: "It could not be shown. Try again.",
    exam: "Second camera",
    examLead: "Shown beside your usual picture.",
    noSecond: "No further camera is connected.",
    stopExam: "Stop showing the second camera",
    showsScreen: "You are showing your screen to the others.",
    showsExam: "You are showing your second camera to the others.",
    stop: "Stop showing",
  },
  invite: { button: "Invite", title: "Invite to the visit" },
  interpreter: {
    missing: "The interpreter is not here",
    waited: (ms: number) => {
      const s = Math.floor(ms / 1000);
      return `You have waited ${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}.`;
    },
    lead: "Do not begin before the interpreter is here.",
    invite: "Invite an interpreter",
    without: "Begin without an interpreter",
  },
  cards: {
    label: "Wishes and answers",
    text: cardText,
    accept: (name: string) => `Invite ${name}`,
    decline: "Not now",
    end: "End with a physical visit",
    write: "Write",
  },
  end: {
    button: "End",
    title: "End the visit",
    outcome: "How did it go?",
    reason: "Why a physical visit?",
    forAll: "End for everybody",
    busy: "Ending …",
    leave: "Leave without ending",
    leaveHint: "If you leave, the visit goes on for the others.",
  },
  keys: {
    button: "Keys",
    title: "Keyboard shortcuts",
    key: "Key",
    does: "Does",
    on: "Use shortcuts of a single key",
    hint: "They do not count while you write. Everything can be reached by Tab, too.",
    what: {
      "?": "Show this list",
      n: "New visit",
      m: "Microphone off or on",
      c: "Camera off or on",
      a: "Let in whoever is first",
      t: "Text",
      p: "Who is here",
      l: "Next picture large",
      s: "Ask for a still picture",
      o: "Point",
      v: "Show screen or document",
      i: "Invite",
      e: "End",
    },
  },
  joining: "Going into the visit …",
  cancel: "Cancel",
  aloud,
  toolAloud,
};
