// SPDX-License-Identifier: EUPL-1.2
// What the page knows (State), what can happen to it (Event) and what it then wants done (Effect).
// All three are plain data: views draw the state, client.ts runs the effects, tests need neither.

import type { Seat } from "../guard";
import type {
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
  Want,
} from "../protocol";

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
  | { readonly name: "call" }
  | { readonly name: "ended"; readonly reason: EndedReason }
  | { readonly name: "problem"; readonly problem: Problem };

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
}

export type TimerName = "signal-told" | "repair" | "retry-full" | "sight";

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
  | { readonly type: "timer"; readonly name: TimerName };

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
  | { readonly do: "timer"; readonly name: TimerName; readonly ms: number }
  | { readonly do: "timer-stop"; readonly name: TimerName }
  | { readonly do: "announce"; readonly what: Announcement; readonly urgent: boolean };

export interface Step {
  readonly state: State;
  readonly effects: readonly Effect[];
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
