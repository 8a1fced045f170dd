// SPDX-License-Identifier: EUPL-1.2
// The frame counter burnt into the top of the picture: nine bits, then the same nine inverted, black
// and white blocks large enough to be read from a picture of 80 lines after heavy compression.
// `readCode` also runs inside a page (observe.mjs), so it uses nothing outside itself.

export const CODE = { bits: 9, width: 34, height: 34 }; // 18 blocks: 612 of 640 pixels

export function bitsOf(n) {
  const bits = Array.from({ length: CODE.bits }, (_, i) => (n >> (CODE.bits - 1 - i)) & 1);
  return [...bits, ...bits.map((b) => 1 - b)];
}

/** The counter from the brightness (0-255) of the 18 blocks, or null when they do not agree. */
export function readCode(blocks) {
  const half = blocks.length / 2;
  let n = 0;
  for (let i = 0; i < half; i++) {
    const difference = blocks[i] - blocks[half + i];
    if (Math.abs(difference) < 60) return null;
    n = n * 2 + (difference > 0 ? 1 : 0);
  }
  return n;
}
