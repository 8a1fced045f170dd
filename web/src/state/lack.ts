// SPDX-License-Identifier: EUPL-1.2
// What is missing of who waits, as far as pages act by it. The server decides what is
// (tests/vectors/admission.json, "lacks").

import type { Lack } from "../protocol";

/** What keeps out: a clinician's word is given inside. */
export type KeptOut = Exclude<Lack, "vouch">;

interface Lacking {
  readonly lacks?: Lack | undefined;
}

/** Nobody can let this person in before it is mended. */
export function isKeptOut<T extends Lacking>(person: T): person is T & { readonly lacks: KeptOut } {
  return person.lacks !== undefined && person.lacks !== "vouch";
}

/** A code is asked for, or another one must be before that. */
export function lacksCode(person: Lacking | null): boolean {
  return person?.lacks === "code" || person?.lacks === "new-code";
}
