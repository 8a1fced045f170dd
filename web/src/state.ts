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
  consentPressed,
  stillClosed,
  stillFailed,
  stillPressed,
  stillProgress,
  stillSendPressed,
  stillTaken,
} from "./state/asked";
import {
  checkBegin,
  checkDone,
  checkFailed,
  checkProgress,
  checkRemembered,
  checkStop,
  checkVisit,
  toneAnswered,
} from "./state/check";
import { visitMessage } from "./state/heard";
import { outsideAll } from "./state/initial";

export { initial } from "./state/initial";

import {
  cameraSwitched,
  closeDevices,
  deviceChosen,
  deviceFailed,
  deviceLost,
  deviceOpened,
  keepSeat,
  lampFound,
  lampPressed,
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
import { surveyAnswered, surveyPressed } from "./state/survey";
import {
  talkAgain,
  talkLeft,
  talkOpened,
  talkWhole,
  textDue,
  textEntered,
  textTyped,
} from "./state/talk";
import {
  announce,
  chain,
  type Effect,
  type Event,
  isInside,
  type Phase,
  type Problem,
  type Room,
  type State,
  type Step,
  stay,
} from "./state/types";
import {
  admitted,
  calledInSeen,
  codeEntered,
  codeWrong,
  invitePressed,
  newCodePressed,
  numberEntered,
  outside,
  signingPressed,
  visitOf,
  wished,
} from "./state/visit";

/** A websocket that is back before this was never worth mentioning. */
const SIGNAL_TOLD_MS = 1500;
const RETRY_FULL_MS = 15000;
const TRY_AGAIN_MS = 3000;

type Handlers = {
  readonly [Kind in Event["type"]]: (state: State, event: Extract<Event, { type: Kind }>) => Step;
};

// Events that make no sense in a phase are late or double: they change nothing.
const HANDLERS: Handlers = {
  start: (state, event) => (state.phase.name === "loading" ? started(state, event) : stay(state)),
  message: (state, { message }) => (isLive(state) ? messageCame(state, message) : stay(state)),
  "join-pressed": (state) =>
    state.phase.name === "preview"
      ? chain(state, checkStop, (s) => joining(s, false))
      : stay(state),
  "return-pressed": returnPressed,
  "cancel-pressed": (state) => (state.phase.name === "joining" ? cancelled(state) : stay(state)),
  "leave-pressed": leavePressed,
  "mute-pressed": (state, { source }) =>
    hasDevices(state) ? mutePressed(state, source) : stay(state),
  // The server says so to everybody, us included, when it is set.
  "mode-chosen": (state, { mode }) =>
    isInside(state)
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
  "check-remembered": (state, { remembered }) => checkRemembered(state, remembered),
  "check-begun": (state, { measures }) => checkBegin(state, measures),
  "check-pressed": (state) => checkBegin(state, true),
  "check-visit": (state, { visit }) => checkVisit(state, visit),
  "check-progress": (state, { progress }) => checkProgress(state, progress),
  "check-done": (state, { figures, at }) => checkDone(state, figures, at),
  "check-failed": checkCameToNothing,
  "tone-answered": (state, { hears }) => toneAnswered(state, hears),
  "called-in-seen": calledInSeen,
  "new-code-pressed": newCodePressed,
  "code-entered": (state, { code }) => codeEntered(state, code),
  "number-entered": (state, { number, name }) => numberEntered(state, number, name),
  "wish-pressed": (state, { wish }) => wished(state, wish),
  "audio-only-pressed": audioOnlyPressed,
  "text-typed": (state, { draft }) => textTyped(state, draft),
  "text-entered": (state, { id }) => textEntered(state, id),
  "talk-opened": (state, { open }) => talkOpened(state, open),
  "talk-whole": (state, { whole }) => talkWhole(state, whole),
  "signing-pressed": signingPressed,
  "invite-pressed": (state, { name }) => invitePressed(state, name),
  "invite-closed": (state) => stay({ ...state, invite: null }),
  "consent-pressed": (state, { given, wording }) => consentPressed(state, given, wording),
  "still-pressed": stillPressed,
  "still-taken": stillTaken,
  "still-send-pressed": stillSendPressed,
  "still-progress": (state, { arrived, count }) => stillProgress(state, arrived, count),
  "still-failed": stillFailed,
  "still-closed": (state, { wording }) => stillClosed(state, wording),
  "camera-switch-pressed": (state) => (hasDevices(state) ? cameraSwitched(state) : stay(state)),
  "lamp-found": (state, { found }) => lampFound(state, found),
  "lamp-pressed": lampPressed,
  "survey-pressed": surveyPressed,
  "survey-answered": (state, { answer }) => surveyAnswered(state, answer),
};

export function transition(state: State, event: Event): Step {
  // The table has the handler of exactly this kind of event, which the compiler cannot follow.
  const handler = HANDLERS[event.type] as (state: State, event: Event) => Step;
  return handler(state, event);
}

/** There is, or is about to be, a connection to the server. */
function isLive(state: State): boolean {
  return state.phase.name === "joining" || state.room !== null;
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
    survey: null,
    ...outsideAll(),
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
      stopTimer("text"),
      stopTimer("called-in"),
      { do: "still-drop" },
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
  if (state.room === null) {
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
        effects: state.room !== null ? [announce({ key: "signal-lost" })] : [],
      };
    case "sight":
      return sightDue(state);
    case "text":
      return textDue(state);
    case "called-in":
      return calledInSeen(state);
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
        talkAgain,
      );
    case "resumed":
      return chain(
        state,
        (s) => welcomed(s, message),
        (s) => mediaAfterResume(s, message.media),
        talkAgain,
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
      return chain(
        state,
        (s) => talkLeft(s, message.participant),
        (s) => participantLeft(s, message.participant, message.reason === "lost"),
      );
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
      return visitMessage(state, message);
  }
}

function isReturning(state: State): boolean {
  return state.phase.name === "joining" && state.phase.returning;
}

function welcomed(state: State, welcome: Welcome): Step {
  const room = roomOf(welcome, state.room);
  const isAdmitted = (welcome.self.admission ?? "admitted") === "admitted";
  const isCalledIn = isAdmitted && state.phase.name === "waiting";
  // What others do is told anew after a welcome; that we sign we say again.
  const signs = isAdmitted && state.signing.includes(room.self.id);
  const next: State = {
    ...state,
    ...outside(state),
    asked: isAdmitted ? state.asked : null,
    signing: signs ? [room.self.id] : [],
    phase: { name: isAdmitted ? "call" : "waiting" },
    visit: visitOf(welcome),
    resume: welcome.resume,
    signal: "open",
    signalTold: false,
    room,
  };
  const told: Effect[] = [];
  if (isCalledIn) {
    // While the websocket was gone.
    return chain({ ...next, phase: { name: "waiting" } }, admitted, (s) => ({
      state: s,
      effects: [stopTimer("signal-told"), ...keepSeat(s), ...tellMutes(s), care(room)],
    }));
  }
  if (state.phase.name === "joining" && isAdmitted) {
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
      ...(signs ? [{ do: "send", message: { type: "signing", signing: true } } as const] : []),
      ...(state.asked !== null && !isAdmitted ? [{ do: "still-drop" } as const] : []),
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

/** Sound alone, in both directions, because the person wants it so; the clinician is told. */
function audioOnlyPressed(state: State, { on }: { readonly on: boolean }): Step {
  if (state.room === null || on === state.audioOnly) {
    return stay(state);
  }
  const hasCamera = !state.local.camera.muted;
  return chain(
    { ...state, audioOnly: on },
    (s) => ({ state: s, effects: [{ do: "receive-video", on: !on }] }),
    (s) => (hasCamera === on ? mutePressed(s, "camera") : stay(s)),
    (s) => (on ? wished(s, "audio-only") : stay(s)),
  );
}

function checkCameToNothing(state: State, { code }: { readonly code: string | null }): Step {
  if (state.phase.name !== "preview") {
    return stay(state);
  }
  switch (code) {
    case "token-unknown":
      return over(state, { name: "problem", problem: "link-unknown" });
    case "consultation-ended":
      return over(state, { name: "ended", reason: "ended" });
    default:
      return checkFailed(state);
  }
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
    case "bad-code":
      return codeWrong(state);
    case "try-again":
    case "timeout":
    case "too-many-messages":
      return { state, effects: [{ do: "reconnect-in", ms: TRY_AGAIN_MS }] };
    default:
      return stay(state);
  }
}
