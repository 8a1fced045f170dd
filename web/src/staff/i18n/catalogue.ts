// SPDX-License-Identifier: EUPL-1.2
// The staff page's words in the languages of ../../i18n/catalogue. Swedish is in the page; another is
// fetched when it is chosen.

import { svStaff, type Words } from "./sv";

const LOAD: Readonly<Record<string, () => Promise<Words>>> = {
  "sv-latt": async () => (await import("./sv-latt")).svLattStaff,
  en: async () => (await import("./en")).enStaff,
};

/** Swedish when there are no others, or the network does not give them. */
export async function loadWords(code: string): Promise<Words> {
  try {
    return (await LOAD[code]?.()) ?? svStaff;
  } catch {
    return svStaff;
  }
}
