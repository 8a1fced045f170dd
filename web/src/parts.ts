// SPDX-License-Identifier: EUPL-1.2
// A still picture in parts, and the order in which they travel: two under way at a time, so that
// speech is never behind more than two of them.

import type { StillPart } from "./protocol";

/** base64 of this is 24000 characters, what the server takes. */
export const MAX_PART_BYTES = 18_000;
const MIN_PART_BYTES = 3_000;
export const WINDOW = 2;

/** A part should be a quarter of a second of the uplink at most. */
export function partBytes(upKbps: number): number {
  const quarter = Math.round((upKbps * 1000) / 8 / 4);
  const fitting = Math.min(Math.max(quarter, MIN_PART_BYTES), MAX_PART_BYTES);
  // base64 in whole groups needs no padding inside a picture.
  return fitting - (fitting % 3);
}

export function base64(bytes: Uint8Array): string {
  let text = "";
  // In pieces: a call takes only so many arguments.
  for (let i = 0; i < bytes.length; i += 4096) {
    text += String.fromCharCode(...bytes.subarray(i, i + 4096));
  }
  return btoa(text);
}

export function hex(bytes: Uint8Array): string {
  return [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
}

export class Outgoing {
  private next = 0;
  private readonly acked = new Set<number>();
  readonly count: number;

  constructor(
    readonly id: string,
    private readonly bytes: Uint8Array,
    private readonly sha256: string,
    private readonly size: number,
  ) {
    this.count = Math.max(1, Math.ceil(bytes.length / size));
  }

  get arrived(): number {
    return this.acked.size;
  }

  get isDone(): boolean {
    return this.acked.size === this.count;
  }

  ack(seq: number): void {
    if (seq < this.next) {
      this.acked.add(seq);
    }
  }

  /** What may be sent now. */
  due(): StillPart[] {
    const parts: StillPart[] = [];
    while (this.next < this.count && this.next - this.acked.size < WINDOW) {
      parts.push(this.part(this.next));
      this.next++;
    }
    return parts;
  }

  /** The connection was lost: what was under way may be, too. */
  again(): StillPart[] {
    const parts: StillPart[] = [];
    for (let seq = 0; seq < this.next; seq++) {
      if (!this.acked.has(seq)) {
        parts.push(this.part(seq));
      }
    }
    return parts;
  }

  private part(seq: number): StillPart {
    const from = seq * this.size;
    return {
      id: this.id,
      bytes: this.bytes.length,
      seq,
      count: this.count,
      data: base64(this.bytes.subarray(from, from + this.size)),
      sha256: this.sha256,
    };
  }
}

export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}
