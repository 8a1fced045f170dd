// SPDX-License-Identifier: EUPL-1.2
// What the REST interface says to the staff page, as types; guard.ts makes them of its text.

import type {
  Admission,
  Assurance,
  CheckMode,
  Mode,
  Outcome,
  OutcomeReason,
  Role,
  Verdict,
} from "../protocol";
import type { ConsultationState } from "./watch";

export interface Named {
  readonly id: string;
  readonly name: string;
}

export const DUTIES = ["clinician", "staff", "administrator", "reviewer", "support"] as const;
export type Duty = (typeof DUTIES)[number];

export interface Commission extends Named {
  readonly duty: Duty;
  readonly unit: Named;
  readonly provider: Named;
}

export interface Session {
  readonly staff: Named;
  readonly commission: Commission | null;
  readonly commissions: readonly Commission[];
  readonly csrf: string;
}

export type LoginMethod =
  | { readonly kind: "oidc"; readonly name: string; readonly url: string }
  | { readonly kind: "password" };

/** Somebody who may see patients at the unit. */
export interface Colleague extends Named {
  readonly duty: Duty;
}

export interface Unit extends Named {
  readonly municipality: string;
  readonly minimum: Assurance;
  /** Clinicians and staff, by name. */
  readonly staff: readonly Colleague[];
}

export interface Person {
  readonly id: string;
  readonly role: Role;
  readonly name: string;
  readonly admission: Admission;
  readonly assurance: Assurance;
  readonly language: string;
  readonly present: boolean;
  /** Id of the staff member, of who is one. */
  readonly staff: string | null;
  readonly check: Readonly<Partial<Record<CheckMode, Verdict>>> | null;
  /** Told once, when the person is added. */
  readonly link: string | null;
}

export interface Visit {
  readonly id: string;
  readonly title: string;
  readonly state: ConsultationState;
  readonly unit: Named | null;
  readonly responsible: Named | null;
  /** ms since 1970. */
  readonly planned: number | null;
  readonly minutes: number | null;
  readonly kind: string;
  readonly mode: Mode;
  readonly needsInterpreter: boolean;
  readonly needs: string;
  readonly outcome: Outcome | null;
  readonly outcomeReason: OutcomeReason | null;
  readonly ended: number | null;
  readonly persons: readonly Person[];
}

export interface Entry {
  readonly token: string;
  readonly participant: string;
}

/** An answer that is no success: its stable code, or what the network made of it. */
export interface Problem {
  readonly status: number;
  readonly code: string;
}

export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Problem };

export interface NewPerson {
  readonly role: Role;
  readonly name: string;
  readonly phone: string;
  readonly email: string;
  readonly language: string;
}

export interface NewVisit {
  readonly title: string;
  /** RFC 3339; null: now. */
  readonly planned: string | null;
  readonly minutes: number;
  readonly kind: string;
  readonly needsInterpreter: boolean;
  readonly needs: string;
  readonly persons: readonly NewPerson[];
}

export type MessageKind = "invitation" | "reminder" | "its-time";
