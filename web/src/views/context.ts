// SPDX-License-Identifier: EUPL-1.2
// What every view needs: the words, the live tracks and a way to say what was pressed.

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { MediaBoard } from "../client";
import type { Catalogue } from "../i18n/catalogue";
import { sv } from "../i18n/sv";
import type { Event } from "../state/types";
import type { Browser } from "../support";

export interface Surroundings {
  readonly text: Catalogue;
  readonly setLanguage: (code: string) => void;
  readonly board: MediaBoard;
  readonly dispatch: (event: Event) => void;
  readonly browser: Browser;
}

const NOTHING: MediaBoard = {
  own: () => null,
  slot: () => null,
  sounds: () => [],
  still: () => null,
};

export const SurroundingsContext = createContext<Surroundings>({
  text: sv,
  setLanguage: () => undefined,
  board: NOTHING,
  dispatch: () => undefined,
  browser: "other",
});

export function useSurroundings(): Surroundings {
  return useContext(SurroundingsContext);
}
