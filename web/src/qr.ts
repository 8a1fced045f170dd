// SPDX-License-Identifier: EUPL-1.2
// A link as a square of dark and light, with the quiet border that cameras need around it.

import { encode } from "uqr";

const BORDER = 4;

export function squareOf(link: string): boolean[][] {
  return encode(link, { ecc: "M", border: BORDER }).data;
}
