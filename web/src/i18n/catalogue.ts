// SPDX-License-Identifier: EUPL-1.2
// Which language the page speaks. Every catalogue has the shape of the Swedish one; the compiler
// sees to it that none lacks a sentence. Swedish is in the page; another is fetched when it is
// chosen, so that nobody on a thin link loads languages of others.

import { sv } from "./sv";

export type Catalogue = typeof sv;

export interface Language {
  readonly code: string;
  /** What its readers call it. */
  readonly own: string;
  readonly load: () => Promise<Catalogue>;
}

export const LANGUAGES: readonly Language[] = [
  { code: "sv", own: sv.own, load: async () => sv },
  { code: "sv-latt", own: "Lätt svenska", load: async () => (await import("./sv-latt")).svLatt },
  { code: "en", own: "English", load: async () => (await import("./en")).en },
];

const SWEDISH: Language = { code: "sv", own: sv.own, load: async () => sv };
const KEY = "vidd.language";

/** The first language of the reader's list that we have; Swedish when there is none. */
export function pick(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const lower = tag.toLowerCase();
    const found =
      LANGUAGES.find(({ code }) => code === lower) ??
      LANGUAGES.find(({ code }) => code === lower.split("-")[0]);
    if (found !== undefined) {
      return found;
    }
  }
  return SWEDISH;
}

/** A catalogue, or Swedish when the network does not give it. */
export async function load(language: Language): Promise<Catalogue> {
  try {
    return await language.load();
  } catch {
    return sv;
  }
}

export function chosenLanguage(): Language {
  let stored: string | null = null;
  try {
    stored = localStorage.getItem(KEY);
  } catch {
    // Storage is off: the browser's list decides.
  }
  return pick(stored === null ? navigator.languages : [stored, ...navigator.languages]);
}

export function rememberLanguage(code: string): void {
  try {
    localStorage.setItem(KEY, code);
  } catch {
    // The choice holds until the page is left.
  }
}
