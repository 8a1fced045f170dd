// SPDX-License-Identifier: EUPL-1.2
// The seat of this tab: what a reload needs to come back into the call without a click. It lives
// in sessionStorage, which ends with the tab, and is dropped when the call is over. What the link
// check found is kept in this browser, for the next visit; it says nothing of the person.

import { type Remembered, readRemembered, readSeat, type Seat } from "./guard";

const KEY = "vidd.seat";
const CHECK_KEY = "vidd.check";

export function keepSeat(seat: Seat): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(seat));
  } catch {
    // Storage is off: a reload shows the preview again.
  }
}

export function findSeat(): Seat | null {
  try {
    return readSeat(sessionStorage.getItem(KEY));
  } catch {
    return null;
  }
}

export function dropSeat(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Nothing was kept.
  }
}

export function keepCheck(remembered: Remembered): void {
  try {
    localStorage.setItem(CHECK_KEY, JSON.stringify(remembered));
  } catch {
    // Storage is off: it is measured again the next time.
  }
}

export function findCheck(): Remembered | null {
  try {
    return readRemembered(localStorage.getItem(CHECK_KEY) ?? "");
  } catch {
    return null;
  }
}
