// SPDX-License-Identifier: EUPL-1.2
// Every state a member of staff can meet, written out, for the gallery and its accessibility check.

import type { Participant, Role, Slot } from "../../src/protocol";
import type { Place } from "../../src/staff/places";
import type { Profile } from "../../src/staff/profiles";
import type { Commission, Person, Session, Visit } from "../../src/staff/rest";
import { initial } from "../../src/staff/state";
import { initialTools, type Tools } from "../../src/staff/tools";
import type { Desk, Live } from "../../src/staff/types";
import type { QueuePerson } from "../../src/staff/watch";
import { initial as noCall } from "../../src/state";
import { CLEAR } from "../../src/state/sight";
import type { LocalDevice, Room, State } from "../../src/state/types";
import { LOOKS_AT_VISIT, monthsTold } from "./staff-figures";

export const NOW = Date.parse("2026-11-26T09:20:00Z");
const DAY = "2026-11-26";

export interface Drawn {
  readonly desk: Desk;
  readonly state?: State;
  readonly tools?: Tools;
  readonly profile?: Profile;
}

const UNIT = { id: "u1", name: "Storumans sjukstuga" };
const OTHER = { id: "u2", name: "Vilhelmina sjukstuga" };

const COMMISSION: Commission = {
  id: "m1",
  name: "Läkare, Storuman",
  duty: "clinician",
  unit: UNIT,
  provider: { id: "v1", name: "Region Västerbotten" },
};

const SESSION: Session = {
  staff: { id: "s1", name: "Anna Berg" },
  commission: COMMISSION,
  commissions: [COMMISSION],
  csrf: "x",
};

function at(clock: string): number {
  return new Date(`${DAY}T${clock}`).getTime();
}

function guest(id: string, role: Role, name: string, change: Partial<Person> = {}): Person {
  return {
    id,
    role,
    name,
    admission: "waiting",
    assurance: "none",
    language: "",
    present: false,
    staff: null,
    check: null,
    link: null,
    ...change,
  };
}

function visit(id: string, title: string, clock: string, change: Partial<Visit> = {}): Visit {
  return {
    id,
    title,
    state: "planned",
    unit: UNIT,
    responsible: { id: "s1", name: "Anna Berg" },
    planned: at(clock),
    minutes: 30,
    kind: "",
    mode: "talk",
    needsInterpreter: false,
    needs: "",
    outcome: null,
    outcomeReason: null,
    ended: null,
    persons: [guest(`${id}p`, "patient", "Elsa Lundmark")],
    ...change,
  };
}

const VISITS: readonly Visit[] = [
  visit("c1", "Återbesök", "08:30", { state: "ended", outcome: "solved" }),
  visit("c2", "Uppföljning", "09:00", {
    persons: [guest("p1", "patient", "Elsa Lundmark"), guest("p2", "relative", "Karin Lundmark")],
    needs: "Hör dåligt, vill ha text",
  }),
  visit("c3", "Samtal", "09:30", {
    needsInterpreter: true,
    responsible: { id: "s2", name: "Per-Erik Åhrén" },
    persons: [
      guest("p3", "patient", "Amina Warsame", { language: "so" }),
      guest("p4", "interpreter", "", { language: "so" }),
    ],
  }),
  visit("c4", "Sårkontroll", "10:15", {
    persons: [
      guest("p5", "patient", "Nils-Gustav Fjällström-Lindahl", { check: { talk: "poor" } }),
    ],
  }),
  visit("c5", "Planeringsmöte med kommunen, hemtjänsten och närstående", "13:00", {
    persons: [
      guest("p6", "patient", "Sven Jonsson"),
      guest("p7", "staff", "Hemtjänsten i Slussfors"),
      guest("p8", "relative", "Britta Jonsson"),
    ],
  }),
];

function there(
  id: string,
  role: Role,
  name: string,
  change: Partial<QueuePerson> = {},
): QueuePerson {
  return {
    id,
    role,
    name,
    admission: "waiting",
    link: "here",
    level: "good",
    up_kbps: 2400,
    down_kbps: 8100,
    rtt_ms: 48,
    since_s: 340,
    assurance: "B",
    check: "good",
    ...change,
  };
}

function live(consultation: string, title: string, participants: readonly QueuePerson[]): Live {
  return {
    consultation,
    title,
    unit: "u1",
    state: "open",
    planned: null,
    responsible: "s1",
    mode: "talk",
    participants,
    at: NOW,
  };
}

const QUEUE: readonly Live[] = [
  live("c2", "Uppföljning", [
    there("p1", "patient", "Elsa Lundmark", {
      assurance: "A",
      identified_as: "Elsa Kristina Lundmark",
    }),
    there("p2", "relative", "Karin Lundmark", {
      level: "poor",
      up_kbps: 140,
      down_kbps: 420,
      rtt_ms: 380,
      since_s: 50,
    }),
  ]),
  live("c3", "Samtal", [
    there("p3", "patient", "Amina Warsame", {
      level: null,
      up_kbps: null,
      down_kbps: null,
      assurance: "none",
      lacks: "telephone",
    }),
  ]),
];

const COLLEAGUES: Desk["units"][number]["staff"] = [
  { id: "s1", name: "Anna Berg", duty: "clinician" },
  { id: "s2", name: "Per-Erik Åhrén", duty: "clinician" },
  { id: "s3", name: "Karin Lund", duty: "staff" },
];

const EMPTY: Desk = {
  ...initial(),
  phase: "day",
  session: SESSION,
  units: [{ ...UNIT, municipality: "Storuman", minimum: "B", staff: COLLEAGUES }],
  day: DAY,
  today: DAY,
  isListed: true,
  queueStatus: "live",
  queueAt: NOW,
  isQueueKnown: true,
};

const BUSY: Desk = { ...EMPTY, visits: VISITS, queue: QUEUE };
const LINKS = {
  p1: "https://vidd.example.se/#u8Zk3mO0a9RkYt2bVx7cZ1",
  p2: "https://vidd.example.se/#qA81xq8N3yVb0TtH5cWm2R",
};

// --- in a call ---------------------------------------------------------------------------------

const ON: LocalDevice = { status: "on", problem: null, muted: false, id: "a" };

function someone(
  id: string,
  role: Role,
  name: string,
  change: Partial<Participant> = {},
): Participant {
  return { id, role, name, link: "here", muted: [], speaking: false, ...change };
}

function room(participants: readonly Participant[], change: Partial<Room> = {}): Room {
  const slots: Slot[] = participants
    .filter((p) => (p.admission ?? "admitted") === "admitted")
    .map((p, i): Slot => ({ mid: `v${i}`, participant: p.id, source: "camera" }));
  return {
    consultation: { id: "c2", title: "Uppföljning", mode: "talk" },
    self: { id: "me", role: "clinician", name: "Anna Berg" },
    selfSpeaking: false,
    participants,
    counts: { audio: 3, video: 3 },
    slots,
    lastGone: null,
    quality: {},
    sight: CLEAR,
    told: CLEAR,
    ...change,
  };
}

function inCall(r: Room, change: Partial<State> = {}): State {
  return {
    ...noCall(),
    phase: { name: "call" },
    token: "t",
    signal: "open",
    local: { microphone: ON, camera: ON, choices: { microphone: [], camera: [] }, lamp: "none" },
    media: { status: "flowing", repairs: 0, level: "good" },
    room: r,
    ...change,
  };
}

const TOOLS = initialTools(NOW - 190_000);
const DESK: Desk = {
  ...BUSY,
  phase: "call",
  current: { id: "c2", token: "t", title: "Uppföljning", isPractice: false },
};

const ELSA = someone("p1", "patient", "Elsa Lundmark", { assurance: "C", speaking: true });
const KARIN = someone("p2", "relative", "Karin Lundmark", { assurance: "none" });
const OMAR = someone("p4", "interpreter", "Omar Haddad", { assurance: "B" });
const WAITS = someone("p1", "patient", "Elsa Lundmark", {
  assurance: "none",
  admission: "waiting",
});

const WEAK = room([ELSA, KARIN], {
  quality: {
    p1: { id: "p1", level: "poor", rtt_ms: 180, loss_percent: 6, down_kbps: 700, up_kbps: 190 },
    p2: { id: "p2", level: "good", rtt_ms: 40, loss_percent: 0, down_kbps: 9000, up_kbps: 4000 },
  },
  told: {
    pictures: { v0: "reduced" },
    seen: [{ participant: "p1", source: "camera", picture: "stills" }],
  },
});

const DELAYS = {
  p1: { ms: 230, networkMs: 110, bufferMs: 62 },
  p2: { ms: 120, networkMs: 40, bufferMs: 21 },
};

function stillPicture(): string {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 900"><rect width="1200" height="900" fill="#dba97f"/><ellipse cx="600" cy="450" rx="180" ry="130" fill="#a0483a"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

const STILL = {
  id: "r1",
  name: "Elsa Lundmark",
  url: stillPicture(),
  bytes: 3_412_000,
  width: 4032,
  height: 3024,
  sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  at: NOW,
};

function ask(step: "asked" | "given" | "coming" | "done" | "refused"): Tools["asks"][number] {
  return {
    id: "r1",
    act: "still",
    participant: "p1",
    name: "Elsa Lundmark",
    step,
    arrived: step === "asked" ? 0 : 34,
    count: step === "asked" ? 0 : 80,
  };
}

const PLACES: readonly Place[] = [
  {
    id: "r1",
    name: "Hälsorummet Slussfors",
    municipality: "Storuman",
    devices: [
      {
        id: "d1",
        name: "Skärmen",
        seen: NOW - 40_000,
        help: null,
        test: {
          at: NOW - 3 * 3600_000,
          upKbps: 9200,
          downKbps: 11_300,
          parts: [
            { kind: "camera", name: "Logitech BRIO", works: true, fps: 30 },
            { kind: "camera", name: "Handkamera", works: true, fps: 24.8 },
            { kind: "microphone", name: "", works: true, fps: null },
            { kind: "encoder", name: "", works: true, fps: 118.4 },
            { kind: "link", name: "", works: true, fps: null },
          ],
        },
      },
    ],
  },
  {
    id: "r2",
    name: "Hälsorummet Dikanäs",
    municipality: "Vilhelmina",
    devices: [
      {
        id: "d2",
        name: "Skärmen",
        seen: NOW - 7200_000,
        help: null,
        test: {
          at: NOW - 7200_000,
          upKbps: 310,
          downKbps: 900,
          parts: [
            { kind: "camera", name: "Handkamera", works: false, fps: 0 },
            { kind: "microphone", name: "", works: false, fps: null },
            { kind: "link", name: "", works: true, fps: null },
          ],
        },
      },
    ],
  },
  { id: "r3", name: "Hälsorummet Tärnaby", municipality: "Storuman", devices: [] },
];

function asking(): Place[] {
  return PLACES.map((place) => ({
    ...place,
    devices: place.devices.map((device) => ({ ...device, help: NOW - 95_000 })),
  }));
}

const FIGURES: Desk = { ...BUSY, tab: "figures", queue: [] };

export const STAFF_STATES: Readonly<Record<string, Drawn>> = {
  "staff-login": {
    desk: {
      ...initial(),
      phase: "login",
      methods: [{ kind: "oidc", name: "SITHS eID", url: "/auth/oidc" }, { kind: "password" }],
    },
  },
  "staff-login-wrong": {
    desk: {
      ...initial(),
      phase: "login",
      methods: [{ kind: "password" }],
      trouble: { code: "login-failed", doing: "log-in" },
    },
  },
  "staff-commission": {
    desk: {
      ...initial(),
      phase: "commission",
      session: {
        ...SESSION,
        commission: null,
        commissions: [COMMISSION, { ...COMMISSION, id: "m2", unit: OTHER, duty: "administrator" }],
      },
    },
  },
  "staff-day": { desk: BUSY },
  "staff-day-empty": { desk: EMPTY },
  "staff-day-lost": {
    desk: { ...BUSY, queueStatus: "lost", trouble: { code: "no-network", doing: "list" } },
  },
  "staff-day-ended": {
    desk: {
      ...BUSY,
      ended: { title: "Återbesök", how: "ended", outcome: "solved" },
      asking: { id: "c1", token: "t", isDone: false },
    },
  },
  "staff-day-form": { desk: { ...BUSY, isForming: true } },
  "staff-day-links": {
    desk: { ...BUSY, opened: { id: "c2", links: LINKS, sent: { p1: "sent" } } },
  },
  "staff-day-reason": { desk: { ...BUSY, asksReason: "c3" } },
  "staff-day-keys": { desk: BUSY },
  "staff-rooms": { desk: { ...BUSY, tab: "rooms", places: PLACES } },
  "staff-rooms-parts": { desk: { ...BUSY, tab: "rooms", places: PLACES } },
  "staff-rooms-admin": {
    desk: {
      ...BUSY,
      session: { ...SESSION, commission: { ...COMMISSION, duty: "administrator" } },
      queue: [],
      tab: "rooms",
      places: PLACES,
      enrolment: { place: "r3", code: "01234567", until: NOW + 900_000 },
    },
  },
  "staff-figures": { desk: { ...FIGURES, statistics: monthsTold(["2026-10"]) } },
  "staff-figures-year": {
    desk: {
      ...FIGURES,
      period: { from: "2026-05", to: "2026-10" },
      statistics: monthsTold(["2026-05", "2026-06", "2026-07", "2026-08", "2026-09", "2026-10"]),
    },
  },
  "staff-figures-empty": {
    desk: { ...FIGURES, statistics: { unit: "u1", least: 5, rows: [] } },
  },
  "staff-figures-lost": {
    desk: { ...FIGURES, trouble: { code: "no-network", doing: "figures" } },
  },
  "staff-day-quality": {
    desk: { ...BUSY, quality: { id: "c1", stays: LOOKS_AT_VISIT } },
  },
  "staff-reviewer": {
    desk: {
      ...EMPTY,
      session: { ...SESSION, commission: { ...COMMISSION, duty: "reviewer" } },
    },
  },
  "staff-day-room-help": { desk: { ...BUSY, places: asking() } },
  "staff-call-door-code": {
    desk: DESK,
    state: inCall(room([{ ...WAITS, lacks: "code" }])),
    tools: TOOLS,
  },
  "staff-call-door-telephone": {
    desk: DESK,
    state: inCall(room([OMAR, { ...WAITS, lacks: "telephone" }])),
    tools: TOOLS,
  },
  "staff-call-door-e-id": {
    desk: DESK,
    state: inCall(room([{ ...WAITS, lacks: "e-id" }])),
    tools: TOOLS,
  },
  "staff-call-door": { desk: DESK, state: inCall(room([WAITS])), tools: TOOLS },
  "staff-call-weak": { desk: DESK, state: inCall(WEAK), tools: { ...TOOLS, delays: DELAYS } },
  "staff-call-acts": { desk: DESK, state: inCall(room([ELSA, KARIN])), tools: TOOLS },
  "staff-call-large": {
    desk: DESK,
    state: inCall(room([ELSA, KARIN, OMAR])),
    tools: { ...TOOLS, large: { participant: "p1", source: "camera" } },
  },
  "staff-call-point": {
    desk: DESK,
    state: inCall(room([ELSA])),
    tools: { ...TOOLS, pointing: "p1", pointable: [ask("given")], point: { x: 0.45, y: 0.4 } },
  },
  "staff-call-cards": {
    desk: {
      ...DESK,
      arrivals: [{ key: 1, visit: "c3", name: "Amina Warsame" }],
    },
    state: inCall(room([ELSA])),
    tools: {
      ...TOOLS,
      sharing: "on",
      cards: [
        {
          key: 1,
          participant: "p1",
          name: "Elsa Lundmark",
          what: { kind: "wish", wish: "physical-visit" },
        },
        {
          key: 2,
          participant: "p1",
          name: "Elsa Lundmark",
          what: { kind: "invite", role: "relative", name: "Karin" },
        },
      ],
      asks: [ask("coming")],
    },
  },
  "staff-call-still": {
    desk: DESK,
    state: inCall(room([ELSA])),
    tools: { ...TOOLS, asks: [ask("done")], stills: [STILL], viewing: "r1" },
  },
  "staff-call-interpreter": {
    desk: DESK,
    state: inCall(
      room([ELSA], {
        consultation: { id: "c3", title: "Samtal", mode: "talk", needs_interpreter: true },
      }),
    ),
    tools: TOOLS,
  },
  "staff-call-private": {
    desk: DESK,
    state: inCall(room([ELSA, KARIN]), { apart: { kind: "inside", with: ["p1", "me"] } }),
    tools: TOOLS,
  },
  "staff-call-show": { desk: DESK, state: inCall(room([ELSA])), tools: TOOLS },
  "staff-call-invite": {
    desk: { ...DESK, opened: { id: "c2", links: LINKS, sent: {} } },
    state: inCall(room([ELSA])),
    tools: TOOLS,
  },
  "staff-call-end": { desk: DESK, state: inCall(room([ELSA])), tools: TOOLS },
  "staff-call-keys": { desk: DESK, state: inCall(room([ELSA])), tools: TOOLS },
  "staff-call-practice": {
    desk: { ...DESK, current: { id: "c2", token: "t", title: "Övning", isPractice: true } },
    state: inCall(
      room([someone("p1", "patient", "Övningspatient")], {
        consultation: { id: "c2", title: "Övning", mode: "skin" },
      }),
    ),
    tools: TOOLS,
    profile: "weak",
  },
};

/** What has to be pressed before the picture; after a "?" only where it is not open already. */
export const STAFF_ACTS: Readonly<Record<string, string>> = {
  "staff-day-keys": "key ?",
  "staff-call-keys": "key ?",
  "staff-call-door": "[data-testid=people]?",
  "staff-call-door-code": "[data-testid=people]?",
  "staff-call-door-telephone": "[data-testid=people]?",
  "staff-call-door-e-id": "[data-testid=people]?",
  "staff-call-weak": "[data-testid=people]?",
  "staff-call-private": "[data-testid=people]?",
  "staff-call-acts": "[data-testid=people]? -> [data-testid=person-acts]",
  "staff-call-show": "[data-testid=show]",
  "staff-call-invite": "[data-testid=invite]",
  "staff-call-end":
    "[data-testid=end-button] -> [data-testid=outcome-physical-visit] -> [data-testid=outcome-reason-examination]",
};
