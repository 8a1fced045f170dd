// SPDX-License-Identifier: EUPL-1.2
// A still picture as it comes in, for whoever asked for it. Apart from parts.ts, which sends: nobody
// loads both.

import { sha256 } from "./parts";
import type { StillPart } from "./protocol";

/** The parts of one picture as they come in; out of order and twice is fine. */
export class Incoming {
  private readonly parts = new Map<number, string>();

  constructor(
    readonly id: string,
    readonly bytes: number,
    readonly count: number,
    readonly sha256: string,
  ) {}

  get arrived(): number {
    return this.parts.size;
  }

  /** false: this part is none of this picture's. */
  put(part: StillPart): boolean {
    const fits =
      part.id === this.id &&
      part.count === this.count &&
      part.bytes === this.bytes &&
      part.sha256 === this.sha256 &&
      part.seq < this.count;
    if (fits) {
      this.parts.set(part.seq, part.data);
    }
    return fits;
  }

  /** The picture, when all of it has come and is what was sent; null: not yet, or spoiled. */
  async whole(): Promise<Uint8Array<ArrayBuffer> | null> {
    if (this.parts.size < this.count) {
      return null;
    }
    const texts = Array.from({ length: this.count }, (_, seq) => this.parts.get(seq) ?? "");
    try {
      const pieces = texts.map((text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0)));
      const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
      let at = 0;
      for (const piece of pieces) {
        whole.set(piece, at);
        at += piece.length;
      }
      return whole.length === this.bytes && (await sha256(whole)) === this.sha256 ? whole : null;
    } catch {
      return null;
    }
  }
}
