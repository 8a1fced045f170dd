// SPDX-License-Identifier: EUPL-1.2
// The clinician's further symbols, drawn with the same pen as the page's own. Never without words.

import type { VNode } from "preact";

const PATHS = {
  screen: "M3 5h18v11H3zM9 20h6M12 16v4",
  picture: "M4 7h4l2-2h4l2 2h4v12H4zM12 16a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7z",
  point: "M5 3l14 8-6 1.500 3.500 6.500-2.500 1.300L10.500 14 6 18z",
  add: "M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM2 21v-1a6 6 0 0 1 6-6h2a6 6 0 0 1 4 1.500M18 14v8M14 18h8",
  larger: "M9 4H4v5M15 4h5v5M9 20H4v-5M15 20h5v-5",
  smaller: "M4 9h5V4M20 9h-5V4M4 15h5v5M20 15h-5v5",
} as const;

export type StaffIconName = keyof typeof PATHS;

export function StaffIcon({ name }: { readonly name: StaffIconName }): VNode {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
