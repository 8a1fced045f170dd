// SPDX-License-Identifier: EUPL-1.2
// transition(state, event) -> { state, effects }: the whole behaviour of the page, without a
// browser. This file composes and routes; what it routes to is in state/.

import {
  buildJoin,
  buildLeave,
  buildOffer,
  buildResume,
  buildSetMode,
  type Mode,
  type ServerMessage,
  type Welcome,
} from "./protocol";
import {
  closeDevices,
  deviceChosen,
  deviceFailed,
  deviceLost,
  deviceOpened,
  initialLocal,
  keepSeat,
  mutePressed,
  openDevices,
  tellMutes,
} from "./state/local";
import {
  initialMedia,
  mediaAfterResume,
  networkChanged,
  openPeer,
  peerConnected,
  peerFailed,
  peerInterrupted,
  peerStalled,
  preparePeer,
  repairDue,
} from "./state/repair";
import {
  participantLeft,
  participantPut,
  qualityPut,
  roomOf,
  slotsPut,
  speakingPut,
} from "./state/room";
import { picturesPut, seenPut, sightDue } from "./state/sight";
import {
  announce,
  chain,
  type Effect,
  type Event,
  type Phase,
  type Problem,
  type Room,
  type State,
  type Step,
  stay,
} from "./state/types";

/** A websocket that is back before this was never worth mentioning. */
const SIGNAL_TOLD_MS = 1500;
const RETRY_FULL_MS = 15000;
const TRY_AGAIN_MS = 3000;

export function initial(): State {
  return {
    phase: { name: "loading" },
    token: "",
    resume: null,
    local: initialLocal(),
    signal: "closed",
    signalTold: false,
    media: initialMedia(),
    room: null,
    soundBlocked: false,
    restarting: false,
  };
}

type Handlers = {
  readonly [Kind in Event["type"]]: (state: State, event: Extract<Event, { type: Kind }>) => Step;
};

// Events that make no sense in a phase are late or double: they change nothing.
const HANDLERS: Handlers = {
  start: (state, event) => (state.phase.name === "loading" ? started(state, event) : stay(state)),
  message: (state, { message }) => (isLive(state) ? messageCame(state, message) : stay(state)),
  "join-pressed": (state) => (state.phase.name === "preview" ? joining(state, false) : stay(state)),
  "return-pressed": returnPressed,
  "cancel-pressed": (state) => (state.phase.name === "joining" ? cancelled(state) : stay(state)),
  "leave-pressed": leavePressed,
  "mute-pressed": (state, { source }) =>
    hasDevices(state) ? mutePressed(state, source) : stay(state),
  // The server says so to everybody, us included, when it is set.
  "mode-chosen": (state, { mode }) =>
    state.phase.name === "call"
      ? { state, effects: [{ do: "send", message: buildSetMode(mode) }] }
      : stay(state),
  "retry-devices-pressed": (state) => (hasDevices(state) ? openDevices(state) : stay(state)),
  "device-chosen": (state, { source, id }) =>
    hasDevices(state) ? deviceChosen(state, source, id) : stay(state),
  // Also where nobody wants it any more: it is closed again then.
  "device-opened": (state, { source, id }) => deviceOpened(state, source, id),
  "device-failed": (state, { source, problem }) =>
    hasDevices(state) ? deviceFailed(state, source, problem) : stay(state),
  "device-lost": (state, { source }) =>
    hasDevices(state) ? deviceLost(state, source) : stay(state),
  "device-choices": (state, { choices }) => stay({ ...state, local: { ...state.local, choices } }),
  "signal-open": (state) => (isLive(state) ? signalOpen(state) : stay(state)),
  "signal-lost": (state) => (isLive(state) ? signalLost(state) : stay(state)),
  // Without a welcome nobody would answer it: the peer repeats it at peer-resync.
  "offer-made": (state, { offer }) =>
    state.signal === "open"
      ? { state, effects: [{ do: "send", message: buildOffer(offer) }] }
      : stay(state),
  "peer-connected": peerConnected,
  "peer-interrupted": peerInterrupted,
  "peer-stalled": peerStalled,
  "peer-failed": peerFailed,
  "network-changed": (state) => {
    if (state.phase.name === "preview") {
      return preparePeer(state, false);
    }
    return isLive(state)
      ? chain(state, (s) => ({ state: s, effects: [{ do: "nudge" }] }), networkChanged)
      : stay(state);
  },
  level: (state, { level }) => stay({ ...state, media: { ...state.media, level } }),
  "sound-blocked": (state, { blocked }) => stay({ ...state, soundBlocked: blocked }),
  timer: (state, { name }) => timerRang(state, name),
};

export function transition(state: State, event: Event): Step {
  // The table has the handler of exactly this kind of event, which the compiler cannot follow.
  const handler = HANDLERS[event.type] as (state: State, event: Event) => Step;
  return handler(state, event);
}

/** There is, or is about to be, a connection to the server. */
function isLive(state: State): boolean {
  return state.phase.name === "joining" || state.phase.name === "call";
}

function hasDevices(state: State): boolean {
  return state.phase.name === "preview" || isLive(state);
}

function started(state: State, event: Extract<Event, { type: "start" }>): Step {
  const problem = event.problem ?? (event.token === "" ? "no-token" : null);
  if (problem !== null) {
    return stay({ ...state, phase: { name: "problem", problem } });
  }
  const known = { ...state, token: event.token };
  const { seat } = event;
  if (seat === null || seat.token !== event.token) {
    return previewing(known);
  }
  // A reload in the middle of a call: back to the seat, as muted as before, without a click.
  const { local } = known;
  const muted: State = {
    ...known,
    resume: seat.resume,
    local: {
      ...local,
      microphone: { ...local.microphone, muted: seat.microphoneMuted },
      camera: { ...local.camera, muted: seat.cameraMuted },
    },
  };
  return joining(muted, true);
}

function previewing(state: State): Step {
  return chain({ ...state, phase: { name: "preview" } }, openDevices, (s) => preparePeer(s, false));
}

function joining(state: State, returning: boolean): Step {
  return chain(
    { ...state, phase: { name: "joining", returning }, signal: "opening", signalTold: false },
    (s) => ({ state: s, effects: [{ do: "connect" }] }),
    openDevices,
    // From the preview there is one already.
    (s) => (returning ? preparePeer(s, true) : stay(s)),
  );
}

function returnPressed(state: State): Step {
  const { phase } = state;
  const isOpen =
    (phase.name === "ended" && phase.reason !== "ended") ||
    (phase.name === "problem" && phase.problem === "server-full");
  return isOpen
    ? chain(
        state,
        (s) => ({ state: s, effects: [stopTimer("retry-full")] }),
        (s) => joining(s, true),
      )
    : stay(state);
}

// Drops everything that ties us to the server and moves to a phase that needs none of it.
function parted(state: State, phase: Phase, effects: readonly Effect[] = []): Step {
  const alone: State = {
    ...state,
    phase,
    resume: null,
    signal: "closed",
    signalTold: false,
    media: initialMedia(),
    room: null,
    soundBlocked: false,
    restarting: false,
  };
  return {
    state: alone,
    effects: [
      ...effects,
      { do: "disconnect" },
      { do: "peer-close" },
      { do: "drop-seat" },
      stopTimer("signal-told"),
      stopTimer("repair"),
      stopTimer("sight"),
    ],
  };
}

function over(state: State, phase: Phase, effects: readonly Effect[] = []): Step {
  return chain(state, (s) => parted(s, phase, effects), closeDevices);
}

function stopTimer(name: Extract<Effect, { do: "timer-stop" }>["name"]): Effect {
  return { do: "timer-stop", name };
}

function cancelled(state: State): Step {
  return chain(state, (s) => parted(s, { name: "preview" }), previewing);
}

function leavePressed(state: State): Step {
  if (state.phase.name === "joining") {
    return cancelled(state);
  }
  if (state.phase.name !== "call") {
    return stay(state);
  }
  return over(state, { name: "ended", reason: "left" }, [{ do: "send", message: buildLeave() }]);
}

function signalOpen(state: State): Step {
  const hello = state.resume === null ? buildJoin(state.token) : buildResume(state.resume);
  return {
    state: { ...state, signal: "greeting" },
    effects: [{ do: "send", message: hello }],
  };
}

function signalLost(state: State): Step {
  const next: State = { ...state, signal: "lost" };
  const isFirst = state.signal !== "lost" && !state.signalTold;
  return isFirst
    ? { state: next, effects: [{ do: "timer", name: "signal-told", ms: SIGNAL_TOLD_MS }] }
    : stay(next);
}

function timerRang(state: State, name: Extract<Effect, { do: "timer" }>["name"]): Step {
  switch (name) {
    case "repair":
      return repairDue(state);
    case "signal-told":
      if (!isLive(state) || state.signal === "open") {
        return stay(state);
      }
      return {
        state: { ...state, signalTold: true },
        effects: state.phase.name === "call" ? [announce({ key: "signal-lost" })] : [],
      };
    case "sight":
      return sightDue(state);
    case "retry-full":
      return state.phase.name === "problem" ? returnPressed(state) : stay(state);
  }
}

function messageCame(state: State, message: ServerMessage): Step {
  switch (message.type) {
    case "joined":
      // Whatever transport the server might have held belongs to an earlier life of this seat.
      return chain(
        state,
        (s) => welcomed(s, message),
        (s) => openPeer(s, state.room !== null || isReturning(state)),
      );
    case "resumed":
      return chain(
        state,
        (s) => welcomed(s, message),
        (s) => mediaAfterResume(s, message.media),
      );
    case "answer":
      return { state, effects: [{ do: "peer-answer", seq: message.seq, sdp: message.sdp }] };
    case "slots":
      return slotsPut(state, message.slots);
    case "need-slots":
      return needSlots(state, message);
    case "picture":
      return picturesPut(state, message.pictures);
    case "seen":
      return seenPut(state, message.by);
    case "send":
      return { state, effects: [{ do: "peer-send", wants: message.sources }] };
    case "mode":
      return modePut(state, message.mode);
    case "participant-joined":
    case "participant-updated":
      return participantPut(state, message.participant);
    case "participant-left":
      return participantLeft(state, message.participant, message.reason === "lost");
    case "speaking":
      return speakingPut(state, message.participant, message.speaking);
    case "quality":
      return qualityPut(state, message.participants);
    case "media-lost":
      return peerFailed(state);
    case "notice":
      return noticed(state, message.code, message.retry_ms);
    case "ended":
      return over(state, { name: "ended", reason: message.reason });
    case "error":
      return failed(state, message.code);
    default:
      return stay(state);
  }
}

function isReturning(state: State): boolean {
  return state.phase.name === "joining" && state.phase.returning;
}

function welcomed(state: State, welcome: Welcome): Step {
  const room = roomOf(welcome, state.room);
  const next: State = {
    ...state,
    phase: { name: "call" },
    resume: welcome.resume,
    signal: "open",
    signalTold: false,
    room,
  };
  const told: Effect[] = [];
  if (state.phase.name === "joining") {
    told.push(announce({ key: "you-joined", names: room.participants.map((p) => p.name) }));
  } else if (state.signalTold) {
    told.push(announce({ key: "signal-back" }));
  }
  return {
    state: next,
    effects: [
      stopTimer("signal-told"),
      stopTimer("sight"),
      ...keepSeat(next),
      ...tellMutes(next),
      care(room),
      ...told,
    ],
  };
}

/** What our camera should give up first follows from what the consultation is about. */
function care(room: Room): Effect {
  return { do: "camera-care", mode: room.consultation.mode, role: room.self.role };
}

function modePut(state: State, mode: Mode): Step {
  if (state.room === null || state.room.consultation.mode === mode) {
    return stay(state);
  }
  const room = { ...state.room, consultation: { ...state.room.consultation, mode } };
  return {
    state: { ...state, room },
    effects: [care(room), announce({ key: "mode", mode })],
  };
}

function needSlots(state: State, wanted: { audio: number; video: number }): Step {
  const { room } = state;
  if (room === null) {
    return stay(state);
  }
  const counts = {
    audio: Math.max(room.counts.audio, wanted.audio),
    video: Math.max(room.counts.video, wanted.video),
  };
  return {
    state: { ...state, room: { ...room, counts } },
    effects: [{ do: "peer-slots", slots: counts }],
  };
}

function noticed(state: State, code: string, retryMs: number | null): Step {
  if (code !== "restarting") {
    return stay(state);
  }
  return {
    state: { ...state, restarting: true },
    effects: [{ do: "reconnect-in", ms: retryMs ?? TRY_AGAIN_MS }, announce({ key: "restarting" })],
  };
}

function failed(state: State, code: string): Step {
  const stop = (problem: Problem): Step => over(state, { name: "problem", problem });
  switch (code) {
    case "resume-unknown":
      return {
        state: { ...state, resume: null },
        effects: [{ do: "send", message: buildJoin(state.token) }],
      };
    case "token-unknown":
      return stop("link-unknown");
    case "consultation-ended":
      return over(state, { name: "ended", reason: "ended" });
    case "version":
      return stop("version");
    case "server-full":
      return chain(
        state,
        () => stop("server-full"),
        (s) => ({
          state: s,
          effects: [{ do: "timer", name: "retry-full", ms: RETRY_FULL_MS }],
        }),
      );
    case "bad-sdp":
      return peerFailed(state);
    case "try-again":
    case "timeout":
    case "too-many-messages":
      return { state, effects: [{ do: "reconnect-in", ms: TRY_AGAIN_MS }] };
    default:
      return stay(state);
  }
}
