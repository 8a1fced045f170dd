// SPDX-License-Identifier: EUPL-1.2
// The page's few symbols, drawn for it with one pen: 24 units, round ends. Never without words.

import type { VNode } from "preact";

const PATHS = {
  microphone:
    "M12 3a3 3 0 0 1 3 3v6a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3zM5 11v1a7 7 0 0 0 14 0v-1M12 19v3",
  "microphone-off":
    "M15 9.5V6a3 3 0 0 0-5.7-1.3M9 9v3a3 3 0 0 0 4.6 2.5M5 11v1a7 7 0 0 0 11 5.7M19 11v1c0 .7-.1 1.300-.3 1.900M12 19v3M3 3l18 18",
  camera: "M4 6h9a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2zM15 11l7-4v10l-7-4",
  "camera-off":
    "M8 6h5a2 2 0 0 1 2 2v5M15 17a2 2 0 0 1-2 1H4a2 2 0 0 1-2-2V8a2 2 0 0 1 1.500-1.900M15 11l7-4v10l-4-2.300M3 3l18 18",
  people:
    "M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM2 21v-1a6 6 0 0 1 6-6h2a6 6 0 0 1 6 6v1M16 3.300a4 4 0 0 1 0 7.400M18 14.300a6 6 0 0 1 4 5.700v1",
  leave: "M14 4h4a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2h-4M3 12h11M8 7l-5 5 5 5",
  speaking: "M4 10v4M8 7v10M12 4v16M16 8v8M20 10v4",
  warning: "M12 4 2.500 20h19zM12 10v4M12 17v.1",
  network: "M4 20v-3M9 20v-7M14 20V9M19 20V4",
  again: "M20 12a8 8 0 1 1-2.300-5.700L20 8.500M20 3.500v5h-5",
  sound: "M4 9v6h4l5 4V5L8 9zM16.500 9a4 4 0 0 1 0 6M19 6.500a8 8 0 0 1 0 11",
  text: "M4 5h16v11H9l-5 4zM8 9h8M8 12h5",
  more: "M4 6h16M4 12h16M4 18h16",
  yes: "M4 13l5 5L20 6",
  phone: "M7 3h10v18H7zM11 18h2",
  hand: "M7 12V6a1.500 1.500 0 0 1 3 0v5V4a1.500 1.500 0 0 1 3 0v7V5.500a1.500 1.500 0 0 1 3 0V12l1-1.500a1.500 1.500 0 0 1 2.500 1.600L17 18a5 5 0 0 1-9 1l-4-6a1.500 1.500 0 0 1 2.400-1.800z",
  lamp: "M9 21h6M9 17v-2a6 6 0 1 1 6 0v2z",
  close: "M6 6l12 12M18 6 6 18",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }): VNode {
  return (
    <svg class={`icon icon-${name}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The fells on the horizon: what the product is named after, and the page's only ornament. */
export function Fells(): VNode {
  return (
    <svg class="fells" viewBox="0 0 1200 200" preserveAspectRatio="none" aria-hidden="true">
      <path
        class="fell-far"
        d="M0 120C90 96 150 60 230 62s120 46 200 40 130-66 220-66 140 60 230 62 210-54 320-30v132H0z"
      />
      <path
        class="fell-mid"
        d="M0 150c110-6 170-44 270-42s160 44 260 40 150-40 250-38 170 42 250 40 110-16 170-22v72H0z"
      />
      <path class="fell-near" d="M0 178c160-10 260-30 400-24s240 26 400 20 270-24 400-14v40H0z" />
    </svg>
  );
}
