// SPDX-License-Identifier: EUPL-1.2
// Which language the page speaks. Every catalogue has the shape of the Swedish one; the compiler
// sees to it that none lacks a sentence. Both are in the page: changing language needs no network.

import { en } from "./en";
import { sv } from "./sv";

export type Catalogue = typeof sv;

export const CATALOGUES: readonly Catalogue[] = [sv, en];

const KEY = "vidd.language";

/** The first language of the reader's list that we have; Swedish when there is none. */
export function pick(preferred: readonly string[]): Catalogue {
  for (const tag of preferred) {
    const code = tag.toLowerCase().split("-")[0];
    const found = CATALOGUES.find((catalogue) => catalogue.code === code);
    if (found !== undefined) {
      return found;
    }
  }
  return sv;
}

export function chosenLanguage(): Catalogue {
  let stored: string | null = null;
  try {
    stored = localStorage.getItem(KEY);
  } catch {
    // Storage is off: the browser's list decides.
  }
  return pick(stored === null ? navigator.languages : [stored, ...navigator.languages]);
}

export function rememberLanguage(catalogue: Catalogue): void {
  try {
    localStorage.setItem(KEY, catalogue.code);
  } catch {
    // The choice holds until the page is left.
  }
}
