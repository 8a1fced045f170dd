// SPDX-License-Identifier: EUPL-1.2
// A recognisable voice for each participant: a WAV file that a browser's fake microphone plays.
import { writeFileSync } from "node:fs";

const RATE_HZ = 48000;
const SECONDS = 6;

/** One frequency per seat; none is a harmonic of another. */
export const TONES_HZ = [440, 610, 770, 950, 1130, 1370, 1610, 1910];

/**
 * Bursts of a pure tone, uneven in length and loudness: a steady tone would be taken for noise and
 * removed by the browser's noise suppression.
 */
export function writeTone(path, hz) {
  const samples = RATE_HZ * SECONDS;
  const wav = Buffer.alloc(44 + samples * 2);
  wav.write("RIFF", 0);
  wav.writeUInt32LE(36 + samples * 2, 4);
  wav.write("WAVEfmt ", 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20); // PCM
  wav.writeUInt16LE(1, 22); // mono
  wav.writeUInt32LE(RATE_HZ, 24);
  wav.writeUInt32LE(RATE_HZ * 2, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write("data", 36);
  wav.writeUInt32LE(samples * 2, 40);
  for (let i = 0; i < samples; i++) {
    const t = i / RATE_HZ;
    const burst = Math.floor(t / 0.4);
    const within = (t % 0.4) / 0.4;
    const isOn = within < 0.55 + 0.1 * (burst % 3);
    const ramp = Math.min(1, within * 20, Math.max(0, (0.55 + 0.1 * (burst % 3) - within) * 20));
    const loud = isOn ? (0.35 + 0.15 * (burst % 4)) * ramp : 0;
    wav.writeInt16LE(Math.round(Math.sin(2 * Math.PI * hz * t) * loud * 30000), 44 + i * 2);
  }
  writeFileSync(path, wav);
  return path;
}
