// SPDX-License-Identifier: EUPL-1.2
// Does a picture move? A camera that hangs goes on giving frames, all of them the same; one that
// works has noise even in front of a wall. One that is covered is told as well.

const WIDTH = 64;
const HEIGHT = 36;
/** So many of the small picture's samples must have changed, by so much of 255. Guess. */
const LEAST_SAMPLES = 5;
const LEAST_CHANGE = 3;
/** The first pictures of a stream may be black, or of the time before: one that hangs has those. */
const WARM_UP = 5;

/** Pure, of two pictures of the same size as bytes. */
export function differs(before: Uint8ClampedArray, now: Uint8ClampedArray): boolean {
  let changed = 0;
  for (let i = 0; i < now.length && changed < LEAST_SAMPLES; i++) {
    if (Math.abs((now[i] ?? 0) - (before[i] ?? 0)) >= LEAST_CHANGE) {
      changed++;
    }
  }
  return changed >= LEAST_SAMPLES;
}

export class Stir {
  moves = false;
  private readonly pen: CanvasRenderingContext2D | null;
  private first: Uint8ClampedArray | null = null;
  private looks = 0;

  constructor() {
    const canvas = document.createElement("canvas");
    canvas.width = WIDTH;
    canvas.height = HEIGHT;
    this.pen = canvas.getContext("2d", { willReadFrequently: true });
  }

  look(video: HTMLVideoElement): void {
    if (this.moves || this.pen === null || this.looks++ < WARM_UP) {
      return;
    }
    this.pen.drawImage(video, 0, 0, WIDTH, HEIGHT);
    const { data } = this.pen.getImageData(0, 0, WIDTH, HEIGHT);
    this.moves = this.first !== null && differs(this.first, data);
    this.first ??= data;
  }
}
