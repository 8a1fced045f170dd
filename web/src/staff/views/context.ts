// SPDX-License-Identifier: EUPL-1.2
// What every view of the staff page needs besides what the call's views need.

import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import type { Point } from "../../state/types";
import type { Words } from "../i18n/sv";
import type { Profile } from "../profiles";
import type { ToolEvent } from "../tools";
import type { Desk, Event } from "../types";

/** What is done in a call beyond events of the tools. */
export interface CallActs {
  readonly act: (event: ToolEvent) => void;
  readonly point: (participant: string, point: Point | null) => void;
  readonly shareScreen: () => void;
  readonly openExam: (deviceId: string) => void;
  readonly stopShowing: (what: "screen" | "exam-camera") => void;
  readonly leave: () => void;
  /** null: this is no practice visit. */
  readonly profile: Profile | null;
  readonly chooseProfile: (profile: Profile) => void;
}

export interface StaffSurroundings {
  readonly words: Words;
  readonly desk: Desk;
  readonly tell: (event: Event) => void;
  readonly call: CallActs;
  readonly now: () => number;
}

export const NO_CALL: CallActs = {
  act: () => undefined,
  point: () => undefined,
  shareScreen: () => undefined,
  openExam: () => undefined,
  stopShowing: () => undefined,
  leave: () => undefined,
  profile: null,
  chooseProfile: () => undefined,
};

export const StaffContext = createContext<StaffSurroundings | null>(null);

export function useStaff(): StaffSurroundings {
  const around = useContext(StaffContext);
  if (around === null) {
    throw new Error("outside the staff page");
  }
  return around;
}

/** The present, told anew every so often: waiting times grow while nothing happens. */
export function useNow(everyMs: number): number {
  const { now } = useStaff();
  const [at, setAt] = useState(now);
  useEffect(() => {
    const clock = setInterval(() => setAt(now()), everyMs);
    return () => clearInterval(clock);
  }, [now, everyMs]);
  return at;
}
