// SPDX-License-Identifier: EUPL-1.2
// What the page knows (State), what can happen to it (Event) and what it then wants done (Effect).
// All three are plain data: views draw the state, client.ts runs the effects, tests need neither.

import type { Figures } from "../check";
import type { Remembered, Seat } from "../guard";
import type {
  Act,
  Checked,
  ClientMessage,
  Consultation,
  EndedReason,
  Level,
  Mode,
  Offer,
  Participant,
  Picture,
  Quality,
  Role,
  Seen,
  Self,
  ServerMessage,
  Slot,
  SlotCounts,
  Source,
  Waiting,
  Want,
  Wish,
} from "../protocol";
import type { Talk } from "./talk";

/** The two sources every participant has; further ones come with later roles. */
export type OwnSource = Extract<Source, "microphone" | "camera">;

export type DeviceProblem = "denied" | "missing" | "busy" | "failed";

/** off: not asked for, or released on purpose (a camera that is off has its light off). */
export type DeviceStatus = "off" | "asking" | "on" | "problem";

export interface LocalDevice {
  readonly status: DeviceStatus;
  readonly problem: DeviceProblem | null;
  /** What the person wants, whatever the device can. */
  readonly muted: boolean;
  readonly id: string | null;
}

export interface DeviceChoice {
  readonly id: string;
  readonly label: string;
}

export interface Local {
  readonly microphone: LocalDevice;
  readonly camera: LocalDevice;
  readonly choices: Readonly<Record<OwnSource, readonly DeviceChoice[]>>;
  /** The camera's lamp; none: it has none. */
  readonly lamp: "none" | "off" | "on";
}

/** lost: reconnecting by itself. greeting: open, but not yet welcomed. */
export type SignalStatus = "closed" | "opening" | "greeting" | "open" | "lost";

export type MediaStatus = "none" | "connecting" | "flowing" | "interrupted";

export interface Media {
  readonly status: MediaStatus;
  /** Attempts to bring media back since it last flowed. */
  readonly repairs: number;
  /** The page's own measure of its receiving side. */
  readonly level: Level;
}

/** What a thin link leaves of pictures: of the others', by receive line, and of ours. */
export interface Sight {
  readonly pictures: Readonly<Record<string, Picture>>;
  readonly seen: readonly Seen[];
}

export interface Room {
  readonly consultation: Consultation;
  readonly self: Self;
  readonly selfSpeaking: boolean;
  readonly participants: readonly Participant[];
  /** Who left last, for the words shown when nobody else is here; null: nobody has yet. */
  readonly lastGone: { readonly name: string; readonly lost: boolean } | null;
  readonly counts: SlotCounts;
  readonly slots: readonly Slot[];
  readonly quality: Readonly<Record<string, Quality>>;
  /** As it is now, and as it is told: what passes at once is not worth a word. */
  readonly sight: Sight;
  readonly told: Sight;
}

export type Problem =
  | "no-token"
  | "link-unknown"
  | "server-full"
  | "version"
  | "browser-old"
  | "insecure";

export type Phase =
  | { readonly name: "loading" }
  | { readonly name: "preview" }
  | { readonly name: "joining"; readonly returning: boolean }
  /** In the queue or on hold: with the server, with nobody else. */
  | { readonly name: "waiting" }
  | { readonly name: "call" }
  | { readonly name: "ended"; readonly reason: EndedReason }
  | { readonly name: "problem"; readonly problem: Problem };

/** What is known of the visit apart from who is there; it outlives the call. */
export interface Visit {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  /** RFC 3339. */
  readonly planned: string | null;
  readonly role: Role;
}

export type CheckStatus = "none" | "looking" | "running" | "done" | "failed";

/** The link check. looking: only asks what visit this is. */
export interface Check {
  readonly status: CheckStatus;
  /** 0..1 of the time it takes. */
  readonly progress: number;
  readonly result: Checked | null;
  /** When the result was found, in ms since 1970. */
  readonly at: number | null;
  /** The answer to "do you hear the tone?". */
  readonly hears: boolean | null;
}

/** A one-time code was sent to the person's phone. */
export interface Code {
  readonly sentTo: string;
  readonly status: "asked" | "sent" | "wrong" | "renewing" | "new";
}

/** asked: yes or no? aiming: the camera is pointed. taken: it is looked at before it is sent. */
export type StillStep = "asked" | "aiming" | "taking" | "taken" | "sending" | "sent" | "failed";

/** Somebody asks for a picture, or for another yes. */
export interface Asked {
  readonly id: string;
  readonly act: Act;
  readonly from: string;
  readonly name: string;
  readonly step: StillStep;
  /** Parts that have arrived, and of how many. */
  readonly arrived: number;
  readonly count: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A relative asked in: the wish, and the link that came of it. */
export interface Invite {
  readonly name: string;
  readonly link: string | null;
}

export const SURVEY = ["safe", "quality", "travel"] as const;
export type Question = (typeof SURVEY)[number];
export type Answer = "yes" | "partly" | "no" | "unsure";

/** What each question can be answered with. */
export const ANSWERS: Readonly<Record<Question, readonly Answer[]>> = {
  safe: ["yes", "partly", "no"],
  quality: ["yes", "partly", "no"],
  travel: ["yes", "no", "unsure"],
};

/** The three questions afterwards. */
export interface Survey {
  /** Which one is shown; past the last: done. */
  readonly step: number;
  readonly answers: Readonly<Partial<Record<Question, Answer>>>;
}

/** A private talk: with whom, or that one is left out of it. */
export type Apart =
  | { readonly kind: "none" }
  | { readonly kind: "inside"; readonly with: readonly string[] }
  | { readonly kind: "outside" };

export interface State {
  readonly phase: Phase;
  readonly token: string;
  /** The secret of our seat, while we have one. */
  readonly resume: string | null;
  readonly local: Local;
  readonly signal: SignalStatus;
  /** The loss of the websocket has lasted long enough to be told. */
  readonly signalTold: boolean;
  readonly media: Media;
  readonly room: Room | null;
  readonly soundBlocked: boolean;
  readonly restarting: boolean;
  readonly visit: Visit | null;
  readonly check: Check;
  readonly queue: Waiting | null;
  /** Just called in: shown until it is seen. */
  readonly calledIn: boolean;
  readonly code: Code | null;
  readonly apart: Apart;
  readonly talk: Talk;
  readonly signing: readonly string[];
  readonly pointers: Readonly<Record<string, Point>>;
  readonly asked: Asked | null;
  readonly invite: Invite | null;
  readonly wishes: readonly Wish[];
  /** The number an interpreter has given. */
  readonly interpreterNumber: string | null;
  readonly audioOnly: boolean;
  readonly survey: Survey | null;
}

export type TimerName = "signal-told" | "repair" | "retry-full" | "sight" | "text" | "called-in";

export type Event =
  | {
      readonly type: "start";
      readonly token: string;
      readonly seat: Seat | null;
      readonly problem: Problem | null;
    }
  | { readonly type: "join-pressed" }
  | { readonly type: "cancel-pressed" }
  | { readonly type: "leave-pressed" }
  | { readonly type: "return-pressed" }
  | { readonly type: "mute-pressed"; readonly source: OwnSource }
  | { readonly type: "mode-chosen"; readonly mode: Mode }
  | { readonly type: "retry-devices-pressed" }
  | { readonly type: "device-chosen"; readonly source: OwnSource; readonly id: string }
  | { readonly type: "device-opened"; readonly source: OwnSource; readonly id: string | null }
  | {
      readonly type: "device-failed";
      readonly source: OwnSource;
      readonly problem: DeviceProblem;
    }
  | { readonly type: "device-lost"; readonly source: OwnSource }
  | { readonly type: "device-choices"; readonly choices: Local["choices"] }
  | { readonly type: "signal-open" }
  | { readonly type: "signal-lost" }
  | { readonly type: "message"; readonly message: ServerMessage }
  | { readonly type: "offer-made"; readonly offer: Offer }
  | { readonly type: "peer-connected" }
  | { readonly type: "peer-interrupted" }
  | { readonly type: "peer-stalled" }
  | { readonly type: "peer-failed" }
  | { readonly type: "network-changed" }
  | { readonly type: "level"; readonly level: Level }
  | { readonly type: "sound-blocked"; readonly blocked: boolean }
  | { readonly type: "timer"; readonly name: TimerName }
  | { readonly type: "check-remembered"; readonly remembered: Remembered }
  | { readonly type: "check-begun"; readonly measures: boolean }
  | { readonly type: "check-visit"; readonly visit: Visit }
  | { readonly type: "check-progress"; readonly progress: number }
  | { readonly type: "check-done"; readonly figures: Figures; readonly at: number }
  | { readonly type: "check-failed"; readonly code: string | null }
  | { readonly type: "check-pressed" }
  | { readonly type: "tone-answered"; readonly hears: boolean }
  | { readonly type: "called-in-seen" }
  | { readonly type: "code-entered"; readonly code: string }
  | { readonly type: "new-code-pressed" }
  | { readonly type: "number-entered"; readonly number: string; readonly name: string }
  | { readonly type: "wish-pressed"; readonly wish: Wish }
  | { readonly type: "audio-only-pressed"; readonly on: boolean }
  | { readonly type: "text-typed"; readonly draft: string }
  | { readonly type: "text-entered"; readonly id: string }
  | { readonly type: "talk-opened"; readonly open: boolean }
  | { readonly type: "talk-whole"; readonly whole: boolean }
  | { readonly type: "signing-pressed" }
  | { readonly type: "invite-pressed"; readonly name: string }
  | { readonly type: "invite-closed" }
  | { readonly type: "consent-pressed"; readonly given: boolean; readonly wording: string }
  | { readonly type: "still-pressed" }
  | { readonly type: "still-taken" }
  | { readonly type: "still-send-pressed" }
  | { readonly type: "still-progress"; readonly arrived: number; readonly count: number }
  | { readonly type: "still-failed" }
  | { readonly type: "still-closed"; readonly wording: string }
  | { readonly type: "camera-switch-pressed" }
  | { readonly type: "lamp-found"; readonly found: boolean }
  | { readonly type: "lamp-pressed" }
  | { readonly type: "survey-pressed" }
  | { readonly type: "survey-answered"; readonly answer: Answer | null };

/** What a screen reader hears; the catalogue of each language has a sentence for each. */
export type Announcement =
  | { readonly key: "you-joined"; readonly names: readonly string[] }
  | { readonly key: "joined"; readonly name: string; readonly role: Role }
  | { readonly key: "left"; readonly name: string }
  | { readonly key: "lost"; readonly name: string }
  | { readonly key: "away"; readonly name: string }
  | { readonly key: "back"; readonly name: string }
  | { readonly key: "microphone"; readonly on: boolean }
  | { readonly key: "camera"; readonly on: boolean }
  | { readonly key: "device-problem"; readonly source: OwnSource }
  | { readonly key: "signal-lost" }
  | { readonly key: "signal-back" }
  | { readonly key: "media-lost" }
  | { readonly key: "media-back" }
  | { readonly key: "sound-only" }
  | { readonly key: "stills" }
  | { readonly key: "pictures-back" }
  | { readonly key: "seen"; readonly name: string; readonly picture: Picture }
  | { readonly key: "mode"; readonly mode: Mode }
  | { readonly key: "waiting"; readonly queue: Waiting }
  | { readonly key: "called-in" }
  | { readonly key: "held" }
  | { readonly key: "apart"; readonly apart: Apart["kind"] }
  | { readonly key: "code"; readonly wrong: boolean }
  | { readonly key: "writes"; readonly name: string }
  | { readonly key: "wrote"; readonly name: string }
  | { readonly key: "signs"; readonly name: string }
  | { readonly key: "asked"; readonly act: Act; readonly name: string }
  | { readonly key: "still"; readonly step: StillStep }
  | { readonly key: "pointing" }
  | { readonly key: "wished"; readonly wish: Wish }
  | { readonly key: "invite" }
  | { readonly key: "check"; readonly status: CheckStatus }
  | { readonly key: "restarting" };

export type Effect =
  | { readonly do: "connect" }
  | { readonly do: "disconnect" }
  | { readonly do: "nudge" }
  | { readonly do: "reconnect-in"; readonly ms: number }
  | { readonly do: "send"; readonly message: ClientMessage }
  | { readonly do: "peer-prepare"; readonly slots: SlotCounts; readonly fresh: boolean }
  | { readonly do: "peer-open"; readonly slots: SlotCounts; readonly fresh: boolean }
  | { readonly do: "peer-slots"; readonly slots: SlotCounts }
  | { readonly do: "peer-answer"; readonly seq: number; readonly sdp: string }
  | { readonly do: "peer-send"; readonly wants: readonly Want[] }
  | { readonly do: "camera-care"; readonly mode: Mode; readonly role: Role }
  | { readonly do: "peer-restart" }
  | { readonly do: "peer-resync" }
  | { readonly do: "peer-close" }
  | { readonly do: "devices-open"; readonly sources: readonly OwnSource[] }
  | { readonly do: "device-choose"; readonly source: OwnSource; readonly id: string }
  | { readonly do: "device-close"; readonly source: OwnSource }
  | { readonly do: "microphone-enable"; readonly on: boolean }
  | { readonly do: "keep-seat"; readonly seat: Seat }
  | { readonly do: "drop-seat" }
  /** measures: not only what visit it is, but what the link carries. */
  | { readonly do: "check-begin"; readonly token: string; readonly measures: boolean }
  | { readonly do: "check-stop" }
  | { readonly do: "keep-check"; readonly remembered: Remembered }
  /** Sound and vibration: it is one's turn. */
  | { readonly do: "call-in" }
  | { readonly do: "receive-video"; readonly on: boolean }
  | { readonly do: "still-take" }
  | { readonly do: "still-send"; readonly id: string; readonly to: string; readonly upKbps: number }
  | { readonly do: "still-ack"; readonly id: string; readonly seq: number }
  | { readonly do: "still-drop" }
  | { readonly do: "lamp"; readonly on: boolean }
  | {
      readonly do: "survey-send";
      readonly consultation: string;
      readonly token: string;
      readonly answers: Survey["answers"];
    }
  | { readonly do: "timer"; readonly name: TimerName; readonly ms: number }
  | { readonly do: "timer-stop"; readonly name: TimerName }
  | { readonly do: "announce"; readonly what: Announcement; readonly urgent: boolean };

export interface Step {
  readonly state: State;
  readonly effects: readonly Effect[];
}

/** Admitted: hears and sees the others. */
export function isInside(state: State): boolean {
  return state.phase.name === "call";
}

export function stay(state: State): Step {
  return { state, effects: [] };
}

/** Runs one step after another on the state, collecting their effects in order. */
export function chain(state: State, ...steps: readonly ((state: State) => Step)[]): Step {
  let now = state;
  const effects: Effect[] = [];
  for (const step of steps) {
    const next = step(now);
    now = next.state;
    effects.push(...next.effects);
  }
  return { state: now, effects };
}

export function announce(what: Announcement, urgent = false): Effect {
  return { do: "announce", what, urgent };
}
