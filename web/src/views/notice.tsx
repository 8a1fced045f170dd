// SPDX-License-Identifier: EUPL-1.2
// The one thing that is wrong now, in plain words. Of several, the one that explains the others.

import type { VNode } from "preact";
import type { Catalogue } from "../i18n/catalogue";
import { isMuted } from "../state/local";
import { BLOCKED_AFTER } from "../state/repair";
import { bestPicture, namesSeeing } from "../state/sight";
import type { Room, State } from "../state/types";
import { useSurroundings } from "./context";
import { Icon, type IconName } from "./icon";

export interface Words {
  readonly key: string;
  readonly icon: IconName;
  readonly sentence: string;
}

function weak(state: State, room: Room, text: Catalogue): Words | null {
  const level = room.quality[room.self.id]?.level ?? state.media.level;
  if (level === "good" || level === "fair") {
    return null;
  }
  const sentence = isMuted(state.local.camera) ? text.weak : text.weakHelp;
  return { key: "weak", icon: "network", sentence };
}

// What a thin link leaves of pictures, told to both sides; not seeing comes before not being seen.
function sight(state: State, room: Room, text: Catalogue): Words | null {
  const best = bestPicture(room);
  if (best === "none") {
    return { key: "sound-only", icon: "network", sentence: text.soundOnly };
  }
  if (!isMuted(state.local.camera)) {
    const unseen = namesSeeing(room, "none");
    if (unseen.length > 0) {
      return { key: "unseen", icon: "network", sentence: text.seenNone(unseen) };
    }
  }
  if (best === "stills") {
    return { key: "stills", icon: "network", sentence: text.stills };
  }
  const stills = isMuted(state.local.camera) ? [] : namesSeeing(room, "stills");
  return stills.length > 0
    ? { key: "seen-stills", icon: "network", sentence: text.seenStills(stills) }
    : null;
}

export function noticeOf(state: State, room: Room, text: Catalogue): Words | null {
  const { media, local } = state;
  const isFlowing = media.status === "flowing";
  const isSignalTold = state.signalTold && state.signal !== "open";
  if (state.restarting) {
    return { key: "restarting", icon: "again", sentence: text.restarting };
  }
  const isWaiting = state.phase.name === "waiting";
  if (isSignalTold && (isWaiting || !isFlowing)) {
    return { key: "signal-lost", icon: "warning", sentence: text.signalLost };
  }
  if (!isFlowing && media.repairs >= BLOCKED_AFTER) {
    return { key: "media-blocked", icon: "warning", sentence: text.mediaBlocked };
  }
  if (isWaiting) {
    // Nothing is to be heard or seen yet: that it could not be is not worth a word.
    return null;
  }
  if (media.status === "interrupted") {
    return { key: "media-interrupted", icon: "warning", sentence: text.mediaInterrupted };
  }
  if (isSignalTold) {
    return { key: "signal-lost-media-on", icon: "again", sentence: text.signalLostMediaOn };
  }
  if (media.status === "connecting") {
    return { key: "media-connecting", icon: "again", sentence: text.mediaConnecting };
  }
  for (const source of ["microphone", "camera"] as const) {
    if (local[source].status === "problem" && local[source].problem !== "missing") {
      return { key: "device", icon: "warning", sentence: text.deviceProblem[source] };
    }
  }
  return sight(state, room, text) ?? weak(state, room, text);
}

export function Notice({ state, room }: { readonly state: State; readonly room: Room }): VNode {
  const { text } = useSurroundings();
  const words = noticeOf(state, room, text);
  return (
    <div class="notice-place">
      {words !== null && (
        <p
          class={words.key === "media-connecting" ? "notice notice-late" : "notice"}
          data-testid={`notice-${words.key}`}
        >
          <Icon name={words.icon} />
          <span>{words.sentence}</span>
        </p>
      )}
    </div>
  );
}
