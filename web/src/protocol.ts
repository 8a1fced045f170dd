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

export const SOURCES = ["microphone", "camera", "screen", "exam-camera", "stethoscope"] as const;
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

export const LEFT_REASONS = ["left", "lost", "removed"] as const;
export type LeftReason = (typeof LEFT_REASONS)[number];

export const ENDED_REASONS = ["left", "ended", "replaced", "removed"] as const;
export type EndedReason = (typeof ENDED_REASONS)[number];

export interface Self {
  readonly id: string;
  readonly role: Role;
  readonly name: string;
}

export interface Participant extends Self {
  readonly link: Link;
  readonly muted: readonly Source[];
  readonly speaking: boolean;
}

export interface Consultation {
  readonly id: string;
  readonly title: string;
  readonly mode: Mode;
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
  | { readonly type: "join"; readonly v: number; readonly token: string }
  | { readonly type: "resume"; readonly v: number; readonly resume: string }
  | ({ readonly type: "offer" } & Offer)
  | { readonly type: "mute"; readonly source: Source; readonly muted: boolean }
  | { readonly type: "set-mode"; readonly mode: Mode }
  | { readonly type: "ping" }
  | { readonly type: "leave" };

export function buildJoin(token: string): ClientMessage {
  return { type: "join", v: PROTOCOL_VERSION, token };
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
