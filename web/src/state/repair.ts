// SPDX-License-Identifier: EUPL-1.2
// Bringing media back. Media lives apart from the websocket, but every repair is an offer and
// needs it: while it is gone nothing is tried, and whatever is due is done at the welcome.

import { afterReopening } from "./sight";
import { announce, type Effect, type Media, type State, type Step, stay } from "./types";

/** A gap this short mends itself: one lost consent check, a handover between base stations. */
const GRACE_MS = 1000;
/** What an ICE restart gets to come through before the next attempt. */
const PATIENCE_MS = 4000;
/** What a whole new connection (ICE, DTLS) gets, at first and at most. */
const REBUILD_MS = 6000;
const REBUILD_MAX_MS = 20000;
/** Restarts before the connection itself is given up for a new one. */
const RESTARTS = 2;
/** After this many attempts it is said that the network may be blocking us. */
export const BLOCKED_AFTER = 4;

export function initialMedia(): Media {
  return { status: "none", repairs: 0, level: "good" };
}

function timer(ms: number): Effect {
  return { do: "timer", name: "repair", ms };
}

/** What a welcome usually asks for. Asked for more, the first offer grows; for less, it is remade. */
const USUAL_SLOTS = { audio: 3, video: 3 };

/** Makes a connection and its offer before there is anybody to send it to: on an old phone that
 * takes longer than everything else between the press of the button and the first picture. */
export function preparePeer(state: State, fresh: boolean): Step {
  return { state, effects: [{ do: "peer-prepare", slots: USUAL_SLOTS, fresh }] };
}

/** A new connection. fresh: the server may hold an older transport of ours, which this replaces. */
export function openPeer(state: State, fresh: boolean): Step {
  const { room, media } = state;
  if (room === null) {
    return stay(state);
  }
  const doublings = Math.min(Math.max(media.repairs - RESTARTS, 0), 4);
  const patience = Math.min(REBUILD_MS * 2 ** doublings, REBUILD_MAX_MS);
  // A connection that never came up has not been interrupted.
  const status = media.status === "none" ? "connecting" : media.status;
  return {
    state: {
      ...state,
      media: { ...media, status: status === "flowing" ? "interrupted" : status },
      room: afterReopening(room),
    },
    effects: [{ do: "peer-open", slots: room.counts, fresh }, timer(patience)],
  };
}

function restart(state: State): Step {
  return { state, effects: [{ do: "peer-restart" }, timer(PATIENCE_MS)] };
}

export function peerConnected(state: State): Step {
  const { media } = state;
  if (media.status === "none") {
    return stay(state);
  }
  const told: Effect[] = media.status === "interrupted" ? [announce({ key: "media-back" })] : [];
  return {
    state: { ...state, restarting: false, media: { ...media, status: "flowing", repairs: 0 } },
    effects: [{ do: "timer-stop", name: "repair" }, ...told],
  };
}

export function peerInterrupted(state: State): Step {
  if (state.media.status !== "flowing") {
    return stay(state);
  }
  return {
    state: { ...state, media: { ...state.media, status: "interrupted" } },
    effects: [timer(GRACE_MS), announce({ key: "media-lost" }, true)],
  };
}

/** Nothing comes any more, although nobody says that anything is wrong. Likely our own network went
 * away or became another, and then the websocket is as dead as the path, only more quietly: a new
 * one is opened at once, and its welcome brings the ICE restart. If it was not dead, little is lost. */
export function peerStalled(state: State): Step {
  // Who sends gets reports all the time; who only listens may hear nothing for good reasons.
  const isSending = state.local.microphone.status === "on" || state.local.camera.status === "on";
  if (state.media.status !== "flowing" || !isSending) {
    return stay(state);
  }
  const media: Media = { ...state.media, status: "interrupted" };
  const effects: Effect[] = [timer(PATIENCE_MS), announce({ key: "media-lost" }, true)];
  return state.signal === "open"
    ? { state: { ...state, media, signal: "opening" }, effects: [{ do: "connect" }, ...effects] }
    : { state: { ...state, media }, effects: [{ do: "nudge" }, ...effects] };
}

/** The browser or the server has given the connection up. */
export function peerFailed(state: State): Step {
  if (state.media.status === "none") {
    return stay(state);
  }
  const told: Effect[] =
    state.media.status === "flowing" ? [announce({ key: "media-lost" }, true)] : [];
  const status = state.media.status === "flowing" ? "interrupted" : state.media.status;
  const next = { ...state, media: { ...state.media, status, repairs: state.media.repairs + 1 } };
  // Only the first failure is answered at once; whatever fails again waits for its timer.
  if (state.signal !== "open" || state.media.repairs > 0) {
    return { state: next, effects: told };
  }
  const opened = openPeer(next, true);
  return { state: opened.state, effects: [...told, ...opened.effects] };
}

export function repairDue(state: State): Step {
  const { media } = state;
  if (media.status === "none" || media.status === "flowing" || state.signal !== "open") {
    return stay(state);
  }
  const next = { ...state, media: { ...media, repairs: media.repairs + 1 } };
  return media.status === "interrupted" && media.repairs < RESTARTS
    ? restart(next)
    : openPeer(next, true);
}

/** Another network, or the same one again: the path is likely gone although nobody says so yet. */
export function networkChanged(state: State): Step {
  if (state.media.status === "none" || state.signal !== "open") {
    return stay(state);
  }
  return { state, effects: [{ do: "peer-restart" }] };
}

/** The server knows us again and says whether it still has our transport. */
export function mediaAfterResume(state: State, serverHasIt: boolean): Step {
  if (!serverHasIt || state.media.status === "none") {
    return openPeer(state, true);
  }
  return state.media.status === "flowing"
    ? { state, effects: [{ do: "peer-resync" }] }
    : restart(state);
}
