// SPDX-License-Identifier: EUPL-1.2
// What the clinician writes to those who wait at the door, each by themselves, and what they write
// back. Pure.

import type { ClientMessage } from "../protocol";
import type { Line } from "../state/talk";
import type { Room } from "../state/types";

export interface Letter {
  /** What it is sent with. */
  readonly id: string;
  readonly participant: string;
  readonly name: string;
  readonly text: string;
  /** false: the server has not said it again yet. */
  readonly isSent: boolean;
}

export function messageOf({ id, participant, text }: Letter): ClientMessage {
  return { type: "chat", to: participant, id, text };
}

export function arrived(letters: readonly Letter[], id: string): readonly Letter[] {
  return letters.some((l) => l.id === id && !l.isSent)
    ? letters.map((l) => (l.id === id ? { ...l, isSent: true } : l))
    : letters;
}

/** What is to be said again after the connection was away, to those who still wait. */
export function unsent(letters: readonly Letter[], room: Room): readonly Letter[] {
  const waits = (id: string): boolean =>
    room.participants.some((p) => p.id === id && (p.admission ?? "admitted") !== "admitted");
  return letters.filter((l) => !l.isSent && waits(l.participant));
}

/** The talk with one at the door: what it wrote, what it was written. */
export function withOne(
  lines: readonly Line[],
  letters: readonly Letter[],
  participant: string,
): readonly { readonly key: string; readonly own: boolean; readonly text: string }[] {
  const mine = letters.filter((l) => l.participant === participant);
  const said = lines
    .filter((l) => l.chat !== null)
    .filter((l) => (l.own ? mine.some(({ id }) => id === l.chat) : l.from === participant))
    .map((l) => ({ key: String(l.key), own: l.own, text: l.text }));
  const coming = mine
    .filter((l) => !l.isSent)
    .map((l) => ({ key: l.id, own: true, text: `${l.text} …` }));
  return [...said, ...coming];
}

/** Everybody's lines, where those to one alone say to whom. */
export function addressed(
  lines: readonly Line[],
  letters: readonly Letter[],
  to: (name: string) => string,
): readonly Line[] {
  if (letters.length === 0) {
    return lines;
  }
  return lines.map((line) => {
    const letter = line.own ? letters.find(({ id }) => id === line.chat) : undefined;
    return letter === undefined ? line : { ...line, text: to(letter.name) + line.text };
  });
}
