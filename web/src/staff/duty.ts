// SPDX-License-Identifier: EUPL-1.2
// What of the page is for which duty (docs/permissions.md): what is refused anyway is not offered.

import type { Duty } from "./rest";
import { type Desk, TABS, type Tab } from "./types";

const TABS_OF: Readonly<Record<Duty, readonly Tab[]>> = {
  clinician: TABS,
  staff: TABS,
  administrator: ["rooms", "figures"],
  support: ["rooms"],
  reviewer: [],
};

export function dutyOf({ session }: Desk): Duty | null {
  return session?.commission?.duty ?? null;
}

export function tabsOf(desk: Desk): readonly Tab[] {
  const duty = dutyOf(desk);
  return duty === null ? [] : TABS_OF[duty];
}

/** May see patients, so there is a day for them and a queue. */
export function seesVisits(desk: Desk): boolean {
  return tabsOf(desk).includes("list");
}

/** Makes rooms, and connects and disconnects their screens. */
export function looksAfterRooms(desk: Desk): boolean {
  const duty = dutyOf(desk);
  return duty === "administrator" || duty === "support";
}
