// SPDX-License-Identifier: EUPL-1.2
import { expect, it } from "vitest";
import { differs } from "./stir";

it("noise is a picture that moves; one that hangs, and a flicker of a sample or two, are not", () => {
  const still = new Uint8ClampedArray(64).fill(40);
  expect(differs(still, new Uint8ClampedArray(still))).toBe(false);
  expect(
    differs(
      still,
      still.map((v, i) => (i < 4 ? v + 50 : v)),
    ),
  ).toBe(false);
  expect(
    differs(
      still,
      still.map((v) => v + 2),
    ),
  ).toBe(false);
  expect(
    differs(
      still,
      still.map((v, i) => (i < 5 ? v + 3 : v)),
    ),
  ).toBe(true);
});
