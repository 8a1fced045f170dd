// SPDX-License-Identifier: EUPL-1.2
// The rules of the door and who may say what, as far as the staff's pages show or hide something by
// them. The server decides; tests/vectors/admission.json and permission.json hold both ends to it.

import type { Admission, ClientMessage, Role } from "../protocol";

/** Where somebody stands; left out where nobody waits. */
export interface Standing {
  readonly role: Role;
  readonly admission?: Admission;
}

export type Order = "admit" | "put-back" | "hold";

export function isAdmitted(person: Standing): boolean {
  return (person.admission ?? "admitted") === "admitted";
}

const AFTER: Readonly<Record<Order, Admission>> = {
  admit: "admitted",
  "put-back": "waiting",
  hold: "held",
};

/** Where that leaves somebody; null: it makes no sense, clinicians are not kept out. */
export function after(person: Standing, order: Order): Admission | null {
  if (person.role === "clinician") {
    return order === "admit" ? (person.admission ?? "admitted") : null;
  }
  return AFTER[order];
}

type Said = ClientMessage["type"];

const CLINICIAN: readonly Role[] = ["clinician"];
const CARED_FOR: readonly Role[] = ["patient", "relative", "staff", "room"];

// What only some may say, once admitted.
const ONCE_IN: Partial<Record<Said, readonly Role[]>> = {
  "set-mode": CLINICIAN,
  admit: ["clinician", "staff"],
  "put-back": CLINICIAN,
  hold: CLINICIAN,
  remove: CLINICIAN,
  private: CLINICIAN,
  vouch: CLINICIAN,
  "invite-request": CARED_FOR,
  "invite-made": CLINICIAN,
  ask: CLINICIAN,
  still: CARED_FOR,
  "still-ack": CLINICIAN,
  pointer: CLINICIAN,
  end: CLINICIAN,
  "hand-over": CLINICIAN,
};

// What everybody may say once admitted; and everybody but observers, once admitted or at any time.
const TOLD: readonly Said[] = ["perceived"];
const SPOKEN: readonly Said[] = ["consent", "signing", "text"];
const SPOKEN_EARLY: readonly Said[] = ["code", "new-code", "chat"];

/** Whether the server would hear it from such a person. */
export function may(person: Standing, said: Said): boolean {
  const roles = ONCE_IN[said];
  if (roles !== undefined) {
    return isAdmitted(person) && roles.includes(person.role);
  }
  if (said === "interpreter-number") {
    return person.role === "interpreter";
  }
  if (said === "wish") {
    return person.role !== "observer" && person.role !== "clinician";
  }
  if (TOLD.includes(said)) {
    return isAdmitted(person);
  }
  if (SPOKEN.includes(said)) {
    return isAdmitted(person) && person.role !== "observer";
  }
  return !SPOKEN_EARLY.includes(said) || person.role !== "observer";
}
