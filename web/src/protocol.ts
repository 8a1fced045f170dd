// SPDX-License-Identifier: EUPL-1.2
// The signalling protocol, version 1, as docs/protocol.md has it: every message as a type, and
// builders for those the page sends. guard.ts turns the server's text into these types.

export const PROTOCOL_VERSION = 1;
export const SUBPROTOCOL = "vidd.1";

export const ROLES = [
  "patient",
  "clinician",
  "interpreter",
  "relative",
  "staff",
  "room",
  "observer",
] as const;
export type Role = (typeof ROLES)[number];

export const SOURCES = [
  "microphone",
  "camera",
  "screen",
  "exam-camera",
  "exam-camera-2",
  "stethoscope",
] as const;
export type Source = (typeof SOURCES)[number];

export const LINKS = ["connecting", "here", "silent", "away"] as const;
export type Link = (typeof LINKS)[number];

export const LEVELS = ["good", "fair", "poor", "lost"] as const;
export type Level = (typeof LEVELS)[number];

/** What the consultation is about at the moment. */
export const MODES = ["talk", "sign", "skin", "movement", "auscultation", "audio-first"] as const;
export type Mode = (typeof MODES)[number];

/** How a picture reaches somebody, best first. */
export const PICTURES = ["full", "reduced", "stills", "none"] as const;
export type Picture = (typeof PICTURES)[number];

/** Where somebody stands at the door: `held` was put back or is on hold. */
export const ADMISSIONS = ["waiting", "admitted", "held"] as const;
export type Admission = (typeof ADMISSIONS)[number];

/** How sure one is of who it is: e-ID, link and one-time code, link and the clinician's word. */
export const ASSURANCES = ["A", "B", "C", "none"] as const;
export type Assurance = (typeof ASSURANCES)[number];

/** What is missing of what the unit asks of one who waits; all but a clinician's word keep out. */
export const LACKS = ["vouch", "code", "new-code", "telephone", "e-id", "no-e-id"] as const;
export type Lack = (typeof LACKS)[number];

export const CLINICIAN_STATES = ["away", "here", "busy"] as const;
export type ClinicianState = (typeof CLINICIAN_STATES)[number];

export const WAIT_REASONS = ["queue", "held", "interpreter"] as const;
export type WaitReason = (typeof WAIT_REASONS)[number];

/** What the patient is asked for, one yes at a time. */
export const ACTS = ["still", "screen", "relative", "observer", "pointer"] as const;
export type Act = (typeof ACTS)[number];

export const WISHES = ["audio-only", "physical-visit", "help", "call-me"] as const;
export type Wish = (typeof WISHES)[number];

/** How media came through in a link check; none: it did not. */
export const TRANSPORTS = ["udp", "tcp", "none"] as const;
export type Transport = (typeof TRANSPORTS)[number];

/** What a link check judges a link for: the modes that pictures and sound make demands in. */
export const CHECK_MODES = ["talk", "sign", "skin", "movement", "auscultation"] as const;
export type CheckMode = (typeof CHECK_MODES)[number];

export const VERDICTS = ["good", "poor", "no"] as const;
export type Verdict = (typeof VERDICTS)[number];

export const LEFT_REASONS = ["left", "lost", "removed"] as const;
export type LeftReason = (typeof LEFT_REASONS)[number];

export const ENDED_REASONS = ["left", "ended", "replaced", "removed"] as const;
export type EndedReason = (typeof ENDED_REASONS)[number];

/** A member that is left out has the value that a visit without a waiting room has. */
export interface Self {
  readonly id: string;
  readonly role: Role;
  readonly name: string;
  readonly admission?: Admission;
}

export interface Participant extends Self {
  readonly assurance?: Assurance;
  readonly lacks?: Lack;
  /** The name an e-ID gave; for clinicians and staff. */
  readonly identified_as?: string;
  readonly link: Link;
  readonly muted: readonly Source[];
  readonly speaking: boolean;
}

export interface Consultation {
  readonly id: string;
  readonly title: string;
  readonly mode: Mode;
  /** The name under which the unit appears before people. */
  readonly unit?: string;
  readonly waiting_room?: boolean;
  readonly needs_interpreter?: boolean;
  /** RFC 3339. */
  readonly planned?: string | null;
}

export interface SlotCounts {
  readonly audio: number;
  readonly video: number;
}

export interface Slot {
  readonly mid: string;
  readonly participant: string | null;
  readonly source: Source | null;
}

export interface Quality {
  readonly id: string;
  readonly level: Level;
  readonly rtt_ms: number | null;
  readonly loss_percent: number | null;
  readonly down_kbps: number | null;
  readonly up_kbps: number | null;
}

/** How the picture of a receive line is sent. */
export interface SlotPicture {
  readonly mid: string;
  readonly picture: Picture;
}

/** How somebody gets one of our pictures. */
export interface Seen {
  readonly participant: string;
  readonly source: Source;
  readonly picture: Picture;
}

/** What one of our lines should send. */
export interface Want {
  readonly mid: string;
  readonly used: boolean;
  readonly rids: readonly string[];
  readonly max_bps: number | null;
  readonly ptime_ms: number | null;
  readonly redundancy: boolean;
}

/** What `joined` and `resumed` have in common: the whole present state. */
export interface Welcome {
  readonly resume: string;
  readonly seat_s: number;
  readonly consultation: Consultation;
  readonly self: Self;
  readonly participants: readonly Participant[];
  readonly slots: SlotCounts;
  /** The server takes packed descriptions. */
  readonly deflate?: boolean;
  /** No seat: what is sent comes back, and nobody is told. */
  readonly check?: boolean;
}

/** What one who waits is told. */
export interface Waiting {
  readonly place: number;
  readonly ahead: number;
  readonly meet: string;
  readonly clinician: ClinicianState;
  readonly planned: string | null;
  readonly reason: WaitReason;
  /** Of the unit. */
  readonly phone?: string;
  readonly lacks?: Lack;
  /** Until another code may be asked for; left out: at once. */
  readonly new_code_s?: number;
  /** To an interpreter: when the booked time ends, since when one is there, after how long a missing
   * one is put on record, and when that was done before. */
  readonly ends?: string;
  readonly arrived?: string;
  readonly late_s?: number;
  readonly late?: string;
}

/** A part of a still picture, in base64. */
export interface StillPart {
  readonly id: string;
  /** Of the whole picture. */
  readonly bytes: number;
  readonly seq: number;
  readonly count: number;
  readonly data: string;
  /** Of the whole picture, in hex. */
  readonly sha256: string;
}

/** What a link check found. */
export interface Checked {
  readonly up_kbps: number;
  readonly down_kbps: number;
  readonly loss_percent: number;
  readonly jitter_ms: number;
  readonly rtt_ms: number;
  readonly rtt_loaded_ms: number;
  readonly transport: Transport;
  readonly verdicts: Readonly<Record<CheckMode, Verdict>>;
}

/** An answer as it travels when the offer was packed; deflate.ts makes it whole. */
export interface DeflatedAnswer {
  readonly type: "answer";
  readonly seq: number;
  readonly sdp_deflate: string;
}

/** What the server's text can be. */
export type WireMessage = ServerMessage | DeflatedAnswer;

export type ServerMessage =
  | ({ readonly type: "joined" } & Welcome)
  | ({ readonly type: "resumed"; readonly media: boolean } & Welcome)
  | { readonly type: "answer"; readonly seq: number; readonly sdp: string }
  | { readonly type: "slots"; readonly slots: readonly Slot[] }
  | { readonly type: "need-slots"; readonly audio: number; readonly video: number }
  | { readonly type: "picture"; readonly pictures: readonly SlotPicture[] }
  | { readonly type: "seen"; readonly by: readonly Seen[] }
  | { readonly type: "send"; readonly sources: readonly Want[] }
  | { readonly type: "mode"; readonly mode: Mode; readonly participant: string }
  | { readonly type: "participant-joined"; readonly participant: Participant }
  | { readonly type: "participant-updated"; readonly participant: Participant }
  | {
      readonly type: "participant-left";
      readonly participant: string;
      readonly reason: LeftReason;
    }
  | { readonly type: "speaking"; readonly participant: string; readonly speaking: boolean }
  | { readonly type: "quality"; readonly participants: readonly Quality[] }
  | ({ readonly type: "waiting" } & Waiting)
  | { readonly type: "admitted"; readonly by: string; readonly title?: string }
  | { readonly type: "held"; readonly by: string }
  | {
      readonly type: "private";
      readonly participants: readonly string[];
      /** The others talk apart, without us. */
      readonly outside?: boolean;
    }
  | { readonly type: "code-needed"; readonly sent_to: string }
  | {
      readonly type: "invite-request";
      readonly participant: string;
      readonly role: Role;
      readonly name: string;
    }
  | { readonly type: "invite"; readonly link: string; readonly name: string }
  | {
      readonly type: "consent";
      readonly participant: string;
      readonly act: Act;
      readonly id: string;
      readonly given: boolean;
    }
  | { readonly type: "ask"; readonly id: string; readonly act: Act; readonly from: string }
  | ({ readonly type: "still"; readonly from: string } & StillPart)
  | {
      readonly type: "still-ack";
      readonly from: string;
      readonly id: string;
      readonly seq: number;
    }
  | {
      readonly type: "pointer";
      readonly from: string;
      /** Whose picture is pointed at; x and y are 0..1 of it, null: no more. */
      readonly participant: string;
      readonly x: number | null;
      readonly y: number | null;
    }
  | { readonly type: "wish"; readonly participant: string; readonly wish: Wish }
  | { readonly type: "signing"; readonly participant: string; readonly signing: boolean }
  | {
      readonly type: "text";
      readonly participant: string;
      readonly seq: number;
      readonly t140: string;
    }
  | {
      readonly type: "chat";
      readonly participant: string;
      readonly id: string;
      readonly text: string;
    }
  | { readonly type: "pong" }
  | { readonly type: "notice"; readonly code: string; readonly retry_ms: number | null }
  | { readonly type: "media-lost"; readonly reason: string }
  | { readonly type: "ended"; readonly reason: EndedReason }
  | {
      readonly type: "error";
      readonly code: string;
      readonly message: string;
      readonly fatal: boolean;
      readonly of: string | null;
    };

export interface SourceLine {
  readonly mid: string;
  readonly source: Source;
}

export interface Offer {
  readonly seq: number;
  readonly sdp: string;
  readonly sources: readonly SourceLine[];
  readonly fresh?: boolean;
}

export type ClientMessage =
  | {
      readonly type: "join";
      readonly v: number;
      readonly token: string;
      readonly check?: boolean;
    }
  | { readonly type: "resume"; readonly v: number; readonly resume: string }
  | ({ readonly type: "offer" } & Offer)
  | { readonly type: "mute"; readonly source: Source; readonly muted: boolean }
  | { readonly type: "set-mode"; readonly mode: Mode }
  | { readonly type: "code"; readonly code: string }
  | { readonly type: "new-code" }
  | { readonly type: "invite-request"; readonly role: Role; readonly name: string }
  | {
      readonly type: "consent";
      readonly act: Act;
      readonly id: string;
      readonly given: boolean;
      /** What the person read, as it stood there. */
      readonly wording: string;
    }
  | ({ readonly type: "still"; readonly to: string } & StillPart)
  | { readonly type: "still-ack"; readonly id: string; readonly seq: number; readonly to: string }
  | { readonly type: "wish"; readonly wish: Wish }
  | { readonly type: "signing"; readonly signing: boolean }
  | { readonly type: "text"; readonly seq: number; readonly t140: string }
  | {
      readonly type: "chat";
      /** One who waits; else those one is together with. */
      readonly to?: string;
      readonly id: string;
      readonly text: string;
    }
  | { readonly type: "interpreter-number"; readonly number: string; readonly name?: string }
  | ({ readonly type: "checked" } & Checked)
  | StaffMessage
  | { readonly type: "ping" }
  | { readonly type: "leave" };

export const VOUCHES = ["id-document", "known", "reserve-number"] as const;
export type Vouch = (typeof VOUCHES)[number];

export const OUTCOMES = [
  "solved",
  "physical-visit",
  "rebooked",
  "no-show",
  "technical-failure",
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Why a physical visit is needed. */
export const OUTCOME_REASONS = ["examination", "worse", "patient-choice", "link", "other"] as const;
export type OutcomeReason = (typeof OUTCOME_REASONS)[number];

/** What came of somebody in the last seconds; null: not known, or nothing came. */
export interface Perceived {
  readonly participant: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly fps: number | null;
  readonly freeze_ms: number | null;
  /** Sound from picture. */
  readonly apart_ms: number | null;
  readonly made_up_permille: number | null;
}

/** What clinicians, and staff where it may, say besides. */
export type StaffMessage =
  | {
      readonly type: "admit" | "put-back" | "hold" | "remove";
      readonly participant: string;
    }
  /** A talk apart with these; of nobody: it is over. */
  | { readonly type: "private"; readonly participants: readonly string[] }
  | { readonly type: "vouch"; readonly participant: string; readonly how: Vouch }
  | {
      readonly type: "invite-made";
      readonly participant: string;
      readonly link: string;
      readonly name: string;
    }
  | {
      readonly type: "ask";
      readonly id: string;
      readonly act: Act;
      readonly participant: string;
    }
  | {
      readonly type: "pointer";
      readonly participant: string;
      readonly x: number | null;
      readonly y: number | null;
    }
  | { readonly type: "end"; readonly outcome: Outcome; readonly reason: OutcomeReason | null }
  | { readonly type: "hand-over"; readonly staff: string }
  | ({ readonly type: "perceived" } & Perceived);

export function buildJoin(token: string): ClientMessage {
  return { type: "join", v: PROTOCOL_VERSION, token };
}

/** A look at the link alone: nobody is told of it. */
export function buildCheckJoin(token: string): ClientMessage {
  return { type: "join", v: PROTOCOL_VERSION, token, check: true };
}

export function buildResume(resume: string): ClientMessage {
  return { type: "resume", v: PROTOCOL_VERSION, resume };
}

export function buildOffer(offer: Offer): ClientMessage {
  const { seq, sdp, sources, fresh } = offer;
  return fresh
    ? { type: "offer", seq, fresh: true, sdp, sources }
    : { type: "offer", seq, sdp, sources };
}

/** An offer as it travels to a server that takes it so. */
export type DeflatedOffer = { readonly type: "offer"; readonly sdp_deflate: string } & Omit<
  Offer,
  "sdp"
>;

export function buildDeflatedOffer(offer: Omit<Offer, "sdp">, sdp_deflate: string): DeflatedOffer {
  const { seq, sources, fresh } = offer;
  return fresh
    ? { type: "offer", seq, fresh: true, sdp_deflate, sources }
    : { type: "offer", seq, sdp_deflate, sources };
}

export function buildMute(source: Source, muted: boolean): ClientMessage {
  return { type: "mute", source, muted };
}

export function buildSetMode(mode: Mode): ClientMessage {
  return { type: "set-mode", mode };
}

export function buildPing(): ClientMessage {
  return { type: "ping" };
}

export function buildLeave(): ClientMessage {
  return { type: "leave" };
}
