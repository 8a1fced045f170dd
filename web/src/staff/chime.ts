// SPDX-License-Identifier: EUPL-1.2
// Somebody has come: a quiet sound, and a word of the system's where the reader has allowed it.
// What the system shows may be seen by whoever stands there, so it names nobody.

import { playArrival } from "../chime";

const KEY = "vidd.staff.sound";

export function isSoundOn(): boolean {
  try {
    return localStorage.getItem(KEY) !== "off";
  } catch {
    return true;
  }
}

export function setSound(on: boolean): void {
  try {
    localStorage.setItem(KEY, on ? "on" : "off");
  } catch {
    // The choice holds until the page is left.
  }
}

export function chimeArrival(): void {
  if (isSoundOn()) {
    playArrival();
  }
}

/** Asked for in a press, never by itself. */
export async function allowNotices(): Promise<boolean> {
  try {
    return (await Notification.requestPermission()) === "granted";
  } catch {
    return false;
  }
}

export function canNotice(): boolean {
  return typeof Notification === "function" && Notification.permission === "default";
}

export function notifyArrival(words: string): void {
  if (document.visibilityState === "visible" || typeof Notification !== "function") {
    return;
  }
  if (Notification.permission === "granted") {
    try {
      new Notification("Vidd", { body: words, tag: "vidd-arrival", silent: true });
    } catch {
      // Android lets only service workers show them.
    }
  }
}
