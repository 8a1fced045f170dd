// SPDX-License-Identifier: EUPL-1.2
// Which browser this is, as far as the page must know: whether it can do calls at all, and which
// words tell its owner where to find a permission.

import type { Problem } from "./state/types";

export type Browser =
  | "chrome-desktop"
  | "chrome-android"
  | "firefox-desktop"
  | "firefox-android"
  | "safari-ios"
  | "safari-mac"
  | "other";

export function browserOf(userAgent: string, touchPoints: number): Browser {
  const has = (word: string): boolean => userAgent.includes(word);
  // An iPad says it is a Macintosh, but a Macintosh has no touch screen.
  const isIos = has("iPhone") || has("iPad") || (has("Macintosh") && touchPoints > 1);
  if (isIos) {
    return "safari-ios";
  }
  const isAndroid = has("Android");
  if (has("Firefox/")) {
    return isAndroid ? "firefox-android" : "firefox-desktop";
  }
  if (has("Chrome/") || has("Chromium/")) {
    return isAndroid ? "chrome-android" : "chrome-desktop";
  }
  return has("Safari/") ? "safari-mac" : "other";
}

export function supportProblem(): Problem | null {
  if (!window.isSecureContext) {
    return "insecure";
  }
  const canCall =
    typeof RTCPeerConnection === "function" &&
    "addTransceiver" in RTCPeerConnection.prototype &&
    typeof navigator.mediaDevices?.getUserMedia === "function" &&
    typeof WebSocket === "function";
  return canCall ? null : "browser-old";
}

/** The invite token of a link's fragment, "" when there is none. Messages wrap links in brackets and
 * end sentences after them; nothing of that belongs to a token. */
export function tokenOf(hash: string): string {
  return /^#([A-Za-z0-9_-]+)/.exec(hash)?.[1] ?? "";
}
