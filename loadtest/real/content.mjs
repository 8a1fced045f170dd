// SPDX-License-Identifier: EUPL-1.2
// What the bench's people look and sound like: a head and shoulders in front of shelves, sensor noise
// over everything and a frame counter burnt in, and a voice that speaks in phrases. Made here from a
// seed, so that nothing has to be downloaded and every run of every system has the same content.
import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";

import { bitsOf, CODE } from "./code.mjs";

export const WIDTH = 640;
export const HEIGHT = 360;
export const FPS = 20;
export const FRAMES = 400; // then the file begins again
const RATE_HZ = 48000;
const SPEECH_S = 20;
const VERSION = 1; // part of the names: older files are made again

/** A small generator with a seed (xorshift32); content needs no better. */
function lucky(seed) {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}

/** The person at twice the size, so that half a pixel of movement is seen: luma, chroma, coverage. */
function makeSprite() {
  const w = 2 * 300;
  const h = 2 * 340;
  const sprite = { w, h, y: new Uint8Array(w * h), u: new Uint8Array(w * h), v: new Uint8Array(w * h), alpha: new Uint8Array(w * h) };
  const random = lucky(7);
  const inside = (x, y, cx, cy, rx, ry) => ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2;
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const i = y * w + x;
      const head = inside(x, y, 300, 230, 150, 200);
      const hair = inside(x, y, 300, 180, 175, 190);
      const body = inside(x, y, 300, 700, 290, 280);
      let pixel;
      if (head < 1 && y > 110 + 30 * Math.sin(x / 40)) {
        const light = 150 + 40 * (1 - head) - 25 * ((x - 300) / 150);
        const eye = Math.min(inside(x, y, 240, 210, 24, 12), inside(x, y, 360, 210, 24, 12));
        const brow = Math.min(inside(x, y, 240, 175, 34, 7), inside(x, y, 360, 175, 34, 7));
        const nose = inside(x, y, 305, 265, 14, 40);
        pixel = [eye < 1 ? (eye < 0.3 ? 30 : 210) : brow < 1 ? 60 : nose < 1 ? light + 12 : light, 110, 152];
      } else if (hair < 1 || head < 1) {
        pixel = [48 + 22 * Math.sin(x / 3 + 5 * Math.sin(y / 30)), 122, 134];
      } else if (body < 1) {
        pixel = [95 + 18 * Math.sin((x + y) / 9) + 10 * Math.sin(x / 37), 145, 118];
      } else {
        continue;
      }
      sprite.y[i] = Math.max(16, Math.min(235, pixel[0] + 6 * (random() - 0.5)));
      sprite.u[i] = pixel[1];
      sprite.v[i] = pixel[2];
      sprite.alpha[i] = 1;
    }
  }
  return sprite;
}

/** Shelves with books: hard edges of many colours that do not move. */
function makeBackground() {
  const random = lucky(11);
  const y = new Uint8Array(WIDTH * HEIGHT);
  const u = new Uint8Array((WIDTH * HEIGHT) / 4).fill(128);
  const v = new Uint8Array((WIDTH * HEIGHT) / 4).fill(128);
  for (let shelf = 0; shelf < 4; shelf++) {
    for (let x = 0; x < WIDTH;) {
      const wide = 8 + Math.floor(random() * 20);
      const top = shelf * 90 + 12 + Math.floor(random() * 24);
      const colour = [60 + random() * 130, 100 + random() * 56, 100 + random() * 56];
      for (let row = shelf * 90; row < shelf * 90 + 90; row++) {
        for (let col = x; col < Math.min(x + wide, WIDTH); col++) {
          const isBook = row >= top && row < shelf * 90 + 82;
          y[row * WIDTH + col] = isBook ? colour[0] + (col === x ? -30 : 0) : row < top ? 40 : 120;
          const c = (row >> 1) * (WIDTH / 2) + (col >> 1);
          u[c] = isBook ? colour[1] : 120;
          v[c] = isBook ? colour[2] : 136;
        }
      }
      x += wide;
    }
  }
  return { y, u, v };
}

function drawPerson(frame, sprite, n) {
  const t = (2 * Math.PI * n) / FRAMES; // whole turns per file: the seam does not show
  const left = Math.round(2 * (170 + 14 * Math.sin(3 * t) + 5 * Math.sin(11 * t)));
  const top = Math.round(2 * (24 + 6 * Math.sin(7 * t) + 2 * Math.sin(29 * t)));
  const mouth = 6 + 16 * Math.abs(Math.sin(41 * t) * Math.sin(17 * t));
  for (let row = Math.ceil(top / 2); row < HEIGHT; row++) {
    const sy = 2 * row - top;
    for (let col = Math.ceil(left / 2); col < left / 2 + 299; col++) {
      const sx = 2 * col - left;
      const i = sy * sprite.w + sx;
      if (sy >= sprite.h || !sprite.alpha[i]) continue;
      const isMouth = ((sx - 300) / 48) ** 2 + ((sy - 345) / mouth) ** 2 < 1;
      frame.y[row * WIDTH + col] = isMouth ? 45 : sprite.y[i];
      const c = (row >> 1) * (WIDTH / 2) + (col >> 1);
      frame.u[c] = isMouth ? 118 : sprite.u[i];
      frame.v[c] = isMouth ? 160 : sprite.v[i];
    }
  }
}

function drawCode(frame, n) {
  bitsOf(n).forEach((bit, place) => {
    for (let row = 0; row < CODE.height; row++) {
      frame.y.fill(bit ? 235 : 16, row * WIDTH + place * CODE.width, row * WIDTH + (place + 1) * CODE.width);
    }
  });
  for (let row = 0; row < CODE.height / 2; row++) {
    frame.u.fill(128, (row * WIDTH) / 2, (row + 1) * (WIDTH / 2));
    frame.v.fill(128, (row * WIDTH) / 2, (row + 1) * (WIDTH / 2));
  }
}

function writeVideo(path) {
  const back = makeBackground();
  const sprite = makeSprite();
  const random = lucky(3);
  const noise = Int8Array.from({ length: 1 << 18 }, () => Math.round((random() + random() + random() - 1.5) * 8));
  const whole = Buffer.alloc((WIDTH * HEIGHT * 3) / 2);
  const frame = {
    y: whole.subarray(0, WIDTH * HEIGHT),
    u: whole.subarray(WIDTH * HEIGHT, (WIDTH * HEIGHT * 5) / 4),
    v: whole.subarray((WIDTH * HEIGHT * 5) / 4),
  };
  const file = openSync(path, "w");
  writeSync(file, `YUV4MPEG2 W${WIDTH} H${HEIGHT} F${FPS}:1 Ip A1:1 C420jpeg\n`);
  for (let n = 0; n < FRAMES; n++) {
    frame.y.set(back.y);
    frame.u.set(back.u);
    frame.v.set(back.v);
    drawPerson(frame, sprite, n);
    let at = Math.floor(random() * noise.length);
    for (let i = 0; i < frame.y.length; i++) {
      const value = frame.y[i] + noise[at++ & (noise.length - 1)];
      frame.y[i] = value < 16 ? 16 : value > 235 ? 235 : value;
    }
    drawCode(frame, n);
    writeSync(file, "FRAME\n");
    writeSync(file, whole);
  }
  closeSync(file);
}

/** Two poles at each formant, run over pulses of the voice: vowels of 150-250 ms, phrases with pauses. */
function speech(seed) {
  const random = lucky(seed);
  const vowels = [[730, 1090, 2440], [270, 2290, 3010], [300, 870, 2240], [530, 1840, 2480], [570, 840, 2410], [440, 1020, 2240]];
  const out = new Float64Array(RATE_HZ * SPEECH_S);
  let phase = 0;
  for (let start = 0; start < out.length;) {
    const syllables = 7 + Math.floor(random() * 8);
    for (let s = 0; s < syllables && start < out.length; s++) {
      const length = Math.floor(RATE_HZ * (0.14 + 0.12 * random()));
      const consonant = Math.floor(RATE_HZ * (0.03 + 0.03 * random()));
      const formants = vowels[Math.floor(random() * vowels.length)].map((hz) => resonator(hz, 60 + hz * 0.04));
      const base = 105 + 30 * random() - s * 1.5;
      for (let i = 0; i < length && start + i < out.length; i++) {
        const isHiss = i < consonant;
        phase += (base + 12 * Math.sin((3 * i) / length)) / RATE_HZ;
        const pulse = phase >= 1 ? 1 : 0;
        phase -= pulse;
        const source = isHiss ? (random() - 0.5) * 0.25 : pulse + (random() - 0.5) * 0.01;
        const shape = Math.sin((Math.PI * (i + 1)) / (length + 1)) ** 0.5;
        out[start + i] = shape * (isHiss ? source : formants.reduce((sum, f) => sum + f(source), 0));
      }
      start += length;
    }
    start += Math.floor(RATE_HZ * (0.25 + 0.35 * random()));
  }
  return out;
}

function resonator(hz, width) {
  const r = Math.exp((-Math.PI * width) / RATE_HZ);
  const a = 2 * r * Math.cos((2 * Math.PI * hz) / RATE_HZ);
  let one = 0;
  let two = 0;
  return (x) => {
    const y = x + a * one - r * r * two;
    two = one;
    one = y;
    return y;
  };
}

function writeSpeech(path, seed) {
  const samples = speech(seed);
  const peak = samples.reduce((most, x) => Math.max(most, Math.abs(x)), 1e-9);
  const wav = Buffer.alloc(44 + samples.length * 2);
  wav.write("RIFF", 0);
  wav.writeUInt32LE(36 + samples.length * 2, 4);
  wav.write("WAVEfmt ", 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20); // PCM
  wav.writeUInt16LE(1, 22); // mono
  wav.writeUInt32LE(RATE_HZ, 24);
  wav.writeUInt32LE(RATE_HZ * 2, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write("data", 36);
  wav.writeUInt32LE(samples.length * 2, 40);
  samples.forEach((x, i) => wav.writeInt16LE(Math.round((x / peak) * 20000), 44 + i * 2));
  writeFileSync(path, wav);
}

/** Makes the files in `folder` unless they are there; returns their paths. */
export function content(folder) {
  mkdirSync(folder, { recursive: true });
  const make = (name, write) => {
    const path = join(folder, name);
    if (!existsSync(path)) {
      write(`${path}.part`);
      renameSync(`${path}.part`, path);
    }
    return path;
  };
  return {
    video: make(`person-${VERSION}.y4m`, writeVideo),
    voices: [5, 23].map((seed, i) => make(`voice-${i + 1}-${VERSION}.wav`, (path) => writeSpeech(path, seed))),
  };
}
