// SPDX-License-Identifier: EUPL-1.2
// What every state of the page must fulfil: axe-core finds nothing, and nothing lies outside a phone.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const PHONE = { viewport: { width: 360, height: 640 }, isMobile: true, hasTouch: true };
export const DARK = { colorScheme: "dark" };

export async function audit(person, name) {
  await person.screenshot(`page-${name}`);
  await person.evaluate(AXE);
  const found = await person.evaluate(async () => {
    const result = await window.axe.run(document, { resultTypes: ["violations"] });
    return result.violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`);
  });
  assert.deepEqual(found, [], `axe on "${name}"`);
  const wide = await person.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(wide <= 0, `"${name}" scrolls sideways by ${wide} px`);
}
