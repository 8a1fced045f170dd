// SPDX-License-Identifier: EUPL-1.2
// Real-time text as T.140 has it: what is typed travels as it is typed, U+0008 erases the last
// character, U+2028 begins a new line, U+FFFD stands for what was lost. A character is a code
// point here, at both ends alike.

export const ERASE = "\b";
export const NEW_LINE = "\u2028";
export const LOST = "\uFFFD";

/** What the server takes in one message. */
export const MAX_T140 = 500;

/** What a line may grow to before it is cut into two. */
export const MAX_LINE = 1000;

// A field can hold what T.140 has no use for, a pasted tabulator say; the server refuses it.
const seen = (text: string): string[] => [...text.replace(/[\p{Cc}\u2029]/gu, " ")];

/** The keystrokes that make `after` of `before`. */
export function keystrokes(before: string, after: string): string {
  const old = seen(before);
  const now = seen(after);
  let same = 0;
  while (same < old.length && same < now.length && old[same] === now[same]) {
    same++;
  }
  return ERASE.repeat(old.length - same) + now.slice(same).join("");
}

/** Keystrokes yet to be sent, without those that undo each other. */
export function condense(strokes: string): string {
  const kept: string[] = [];
  for (const c of strokes) {
    const last = kept[kept.length - 1];
    if (c === ERASE && last !== undefined && last !== ERASE && last !== NEW_LINE) {
      kept.pop();
    } else {
      kept.push(c);
    }
  }
  return kept.join("");
}

/** The first that fit into one message, and the rest. */
export function split(strokes: string): readonly [string, string] {
  const all = [...strokes];
  let size = 0;
  let count = 0;
  for (const c of all) {
    if (size + c.length > MAX_T140) {
      break;
    }
    size += c.length;
    count++;
  }
  return [all.slice(0, count).join(""), all.slice(count).join("")];
}

export interface Typed {
  /** Lines that are finished. */
  readonly done: readonly string[];
  /** The line that is being written. */
  readonly line: string;
}

/** What the keystrokes make of a line. A finished line stays: erasing ends at its beginning. */
export function type(line: string, strokes: string): Typed {
  const done: string[] = [];
  let now = [...line];
  for (const c of strokes.replace(/\r\n?|\n/g, NEW_LINE)) {
    if (c === ERASE) {
      now.pop();
    } else if (c === NEW_LINE || now.length >= MAX_LINE) {
      done.push(now.join(""));
      now = c === NEW_LINE ? [] : [c];
    } else if (c >= " ") {
      now.push(c);
    }
  }
  return { done, line: now.join("") };
}
