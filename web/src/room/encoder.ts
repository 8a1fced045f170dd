// SPDX-License-Identifier: EUPL-1.2
// Is this machine quick enough? An old box behind the screen gives a slow picture on the best of
// links: it encodes a second of pictures as the call does, as fast as it can.

import type { Report } from "./types";

const WIDTH = 1280;
const HEIGHT = 720;
const FRAMES = 30;
/** EN 301 549 6.5.3 wants 20 pictures a second of one camera; while it also decodes and draws. */
const LEAST_FPS = 40;
/** A slow machine need not show all of it to be told how slow it is. */
const MOST_MS = 4000;
const PATIENCE_MS = 20_000;
const NOTHING: Report["encoder"] = { works: false, fps: 0 };

/** Something of which each picture is another. */
function paint(pen: OffscreenCanvasRenderingContext2D, step: number): void {
  for (let y = 0; y < HEIGHT; y += 40) {
    for (let x = 0; x < WIDTH; x += 40) {
      pen.fillStyle = `hsl(${(x * 7 + y * 3 + step * 11) % 360} 60% 50%)`;
      pen.fillRect(x, y, 40, 40);
    }
  }
}

async function encodeAll(): Promise<number> {
  const pen = new OffscreenCanvas(WIDTH, HEIGHT).getContext("2d");
  if (pen === null) {
    return 0;
  }
  let made = 0;
  const encoder = new VideoEncoder({ output: () => made++, error: () => undefined });
  encoder.configure({
    codec: "vp8",
    width: WIDTH,
    height: HEIGHT,
    bitrate: 1_500_000,
    framerate: 30,
    latencyMode: "realtime",
  });
  let spent = 0;
  for (let i = 0; i < FRAMES && spent < MOST_MS; i++) {
    paint(pen, i);
    const frame = new VideoFrame(pen.canvas, { timestamp: (i * 1_000_000) / 30 });
    const begun = performance.now();
    encoder.encode(frame);
    frame.close();
    // Pictures that are thrown away cost nothing, so each is waited for.
    await encoder.flush();
    spent += performance.now() - begun;
  }
  encoder.close();
  return spent === 0 ? 0 : (made * 1000) / spent;
}

export async function testEncoder(): Promise<Report["encoder"]> {
  if (typeof VideoEncoder === "undefined" || typeof OffscreenCanvas === "undefined") {
    return NOTHING;
  }
  const late = new Promise<number>((done) => setTimeout(() => done(0), PATIENCE_MS));
  const rate = await Promise.race([encodeAll().catch(() => 0), late]);
  const fps = Math.round(rate * 10) / 10;
  return { works: fps >= LEAST_FPS, fps };
}
