// SPDX-License-Identifier: EUPL-1.2
// No style knows left from right, so that a language from right to left needs none of its own.
import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const SRC = new URL("../", import.meta.url);

const PHYSICAL =
  /(?:^|[\s;{])((?:margin-|padding-|border-)?(?:left|right)\b[\w-]*\s*:|(?:float|clear|text-align)\s*:\s*(?:left|right))/;

function stylesIn(folder: string): [string, string][] {
  return readdirSync(new URL(folder, SRC))
    .filter((name) => name.endsWith(".css"))
    .map((name) => [folder + name, readFileSync(new URL(folder + name, SRC), "utf8")]);
}

it.each([...stylesIn("styles/"), ...stylesIn("staff/styles/"), ...stylesIn("room/")])(
  "%s has no left and right",
  (_name, text) => {
    const lines = text.split("\n").filter((line) => PHYSICAL.test(line));
    expect(lines).toEqual([]);
  },
);
