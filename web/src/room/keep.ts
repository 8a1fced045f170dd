// SPDX-License-Identifier: EUPL-1.2
// What the screen keeps between visits: its secret, the language, and which camera is which. All
// else that a visit may have left in the browser is wiped.

const SECRET = "vidd.room";
const EXTRA = {
  exam: "vidd.exam-camera",
  exam2: "vidd.exam-camera-2",
  stethoscope: "vidd.stethoscope",
} as const;
const OWN = { camera: "vidd.camera", microphone: "vidd.microphone" } as const;
const KEPT: readonly string[] = [
  SECRET,
  "vidd.language",
  ...Object.values(EXTRA),
  ...Object.values(OWN),
];

export type Part = keyof typeof EXTRA | keyof typeof OWN;
const KEYS: Readonly<Record<Part, string>> = { ...EXTRA, ...OWN };

export function keepSecret(secret: string): void {
  localStorage.setItem(SECRET, secret);
}

export function findSecret(): string | null {
  return localStorage.getItem(SECRET);
}

/** "": none. null: never chosen. */
export function chosen(part: Part): string | null {
  return localStorage.getItem(KEYS[part]);
}

export function choose(part: Part, id: string): void {
  localStorage.setItem(KEYS[part], id);
}

/** After a visit. */
export function wipe(): void {
  sessionStorage.clear();
  for (const key of Object.keys(localStorage)) {
    if (!KEPT.includes(key)) {
      localStorage.removeItem(key);
    }
  }
}

/** The device is one of ours no more. */
export function forget(): void {
  sessionStorage.clear();
  localStorage.clear();
}
