// SPDX-License-Identifier: EUPL-1.2
// What the screen of a health room knows, what can happen to it, and what it then wants done.

/** The next visit held here: whom one meets and when, nothing of the patient. */
export interface NextVisit {
  readonly id: string;
  readonly meet: string;
  /** RFC 3339, or null: at no set time. */
  readonly planned: string | null;
  readonly minutes: number;
}

export interface Board {
  readonly device: string;
  readonly place: string;
  readonly unit: string;
  readonly phone: string;
  /** Help has been asked for, and nobody has said that it came. */
  readonly help: boolean;
  readonly tested: string | null;
  readonly visit: NextVisit | null;
}

export interface CameraResult {
  readonly name: string;
  readonly works: boolean;
  readonly fps: number;
}

export interface Report {
  readonly cameras: readonly CameraResult[];
  readonly microphone: { readonly works: boolean; readonly level_db: number };
  /** How fast this machine makes what is sent of a camera's pictures. */
  readonly encoder: { readonly works: boolean; readonly fps: number };
  readonly link: {
    readonly works: boolean;
    readonly up_kbps: number;
    readonly down_kbps: number;
    readonly loss_percent: number;
    readonly rtt_ms: number;
  };
}

export type EnrolStatus = "typing" | "sending" | "wrong" | "slow" | "full" | "offline";

/** One camera alone, or all of them: what those at the other end get of the room. */
export type View = "room" | "exam" | "exam2" | "all";

export type Phase =
  | { readonly name: "loading" }
  | { readonly name: "enrol"; readonly code: string; readonly status: EnrolStatus }
  | { readonly name: "idle" }
  /** known: the server has heard of it; answered: somebody takes care of it. */
  | { readonly name: "help"; readonly status: "asked" | "known" | "answered" }
  | { readonly name: "setup" }
  | { readonly name: "testing"; readonly report: Report | null; readonly since: number }
  | { readonly name: "privacy"; readonly status: "asked" | "entering" | "failed" }
  | { readonly name: "visit" }
  | { readonly name: "over"; readonly since: number }
  | { readonly name: "revoked" };

export interface State {
  readonly phase: Phase;
  readonly secret: string | null;
  readonly board: Board | null;
  /** The server answers. */
  readonly hasContact: boolean;
  /** ms since 1970, each second. */
  readonly now: number;
  /** Until then the room does not test itself unasked: somebody who is here has stopped it. */
  readonly restUntil: number;
}

export type Event =
  | { readonly type: "start"; readonly secret: string | null; readonly hasSeat: boolean }
  | { readonly type: "tick"; readonly now: number }
  | { readonly type: "digit"; readonly digit: string }
  | { readonly type: "erase" }
  | { readonly type: "enrol" }
  | { readonly type: "enrolled"; readonly secret: string }
  | { readonly type: "enrol-failed"; readonly status: EnrolStatus }
  | { readonly type: "board"; readonly board: Board }
  | { readonly type: "no-contact" }
  | { readonly type: "revoked" }
  | { readonly type: "begin" }
  | { readonly type: "confirm" }
  | { readonly type: "entered"; readonly token: string }
  | { readonly type: "enter-failed" }
  | { readonly type: "back" }
  | { readonly type: "call-help" }
  | { readonly type: "help-came" }
  | { readonly type: "setup" }
  | { readonly type: "test" }
  | { readonly type: "tested"; readonly report: Report }
  | { readonly type: "visit-over" }
  | { readonly type: "cleaned" };

export type Effect =
  | { readonly do: "enrol"; readonly code: string }
  | { readonly do: "keep"; readonly secret: string }
  | { readonly do: "forget" }
  | { readonly do: "look"; readonly secret: string }
  | { readonly do: "enter"; readonly secret: string; readonly consultation: string }
  | { readonly do: "join"; readonly token: string }
  | { readonly do: "return-to-seat" }
  | { readonly do: "help"; readonly secret: string; readonly on: boolean }
  | { readonly do: "test"; readonly secret: string }
  | { readonly do: "stop-test" }
  | { readonly do: "report"; readonly secret: string; readonly report: Report }
  | { readonly do: "clean" }
  | { readonly do: "reload" };

export interface Step {
  readonly state: State;
  readonly effects: readonly Effect[];
}
