// SPDX-License-Identifier: EUPL-1.2
// The staff page's languages, a part of the page's own.

import { svStaff, type Words } from "./sv";

export const STAFF_LANGUAGES: readonly string[] = ["sv", "en"];

/** Swedish for any language that the staff page has not. */
export async function loadWords(code: string): Promise<Words> {
  if (code !== "en") {
    return svStaff;
  }
  try {
    return (await import("./en")).enStaff;
  } catch {
    return svStaff;
  }
}
