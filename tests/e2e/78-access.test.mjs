// SPDX-License-Identifier: EUPL-1.2
// The patient's way without a mouse on the narrowest screen (WCAG 2.2 1.4.10, 2.1.1, 2.4.7, 2.5.8), and
// the accessibility statement. The staff's way by keyboard is 73-staff-queue.
import assert from "node:assert/strict";
import { test } from "node:test";

import { audit, DARK } from "./lib/audit.mjs";
import { chromiumPerson, startChromium } from "./lib/chromium.mjs";
import { serverOfFile } from "./lib/file.mjs";
import { request } from "./lib/server.mjs";
import { came, say, tapWire } from "./lib/wire.mjs";

const NARROW = { viewport: { width: 320, height: 568 } };
const TARGET_PX = 24;

const server = serverOfFile();

async function visit() {
  const answer = await request(`${server.origin}/api/v1/consultations`, {
    method: "POST",
    headers: { authorization: `Bearer ${server.demo.api_key}`, "content-type": "application/json" },
    body: JSON.stringify({
      title: "Provbesök", waiting_room: true,
      participants: [{ role: "patient", name: "Elsa" }, { role: "clinician", name: "Anna Berg" }],
    }),
  });
  assert.equal(answer.status, 201, answer.body);
  return JSON.parse(answer.body).participants.map(({ link }) => link);
}

/** Tab until the focus is there; every stop on the way shows that it has the focus. */
async function tabTo(person, selector) {
  for (let i = 0; i < 60; i++) {
    await person.page.keyboard.press("Tab");
    const stop = await person.evaluate((wanted) => {
      const at = document.activeElement;
      const style = getComputedStyle(at);
      const isShown = style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 2;
      return { isThere: at.matches(wanted), isShown: isShown || at === document.body, name: at.outerHTML.slice(0, 80) };
    }, selector);
    assert.ok(stop.isShown, `the focus is seen on ${stop.name}`);
    if (stop.isThere) return;
  }
  assert.fail(`${person.name} never gets to ${selector} by Tab`);
}

/** What a finger has to hit, links in running text aside. */
async function targetsAreLarge(person, view) {
  const small = await person.evaluate((least) =>
    [...document.querySelectorAll("button, input, select, summary, [role=button]")]
      .map((e) => ({ box: (e.closest("label") ?? e).getBoundingClientRect(), html: e.outerHTML.slice(0, 80) }))
      .filter(({ box }) => box.width > 0 && (box.width < least || box.height < least))
      .map(({ html }) => html), TARGET_PX);
  assert.deepEqual(small, [], `targets under ${TARGET_PX} px on "${view}"`);
}

async function look(person, view) {
  await audit(person, `narrow-${view}`);
  await targetsAreLarge(person, view);
}

test("the patient's way by keyboard alone, 320 px wide", async (t) => {
  const [toElsa, toAnna] = await visit();
  const elsa = await chromiumPerson("Elsa", { hz: 440, context: NARROW });
  const anna = await chromiumPerson("Anna", { hz: 770 });
  t.after(() => Promise.all([elsa.close(), anna.close()]));
  await Promise.all([elsa, anna].map((p) => p.context.addInitScript(tapWire)));
  await anna.join(toAnna);

  await elsa.open(toElsa);
  await elsa.waitFor("[data-testid=join]:not([disabled])");
  await look(elsa, "preview");
  await tabTo(elsa, "[data-testid=join]");
  await elsa.page.keyboard.press("Enter");
  await elsa.waitFor("[data-testid=page-waiting]");
  await look(elsa, "waiting");
  const heading = await elsa.evaluate(() => document.querySelector("h1")?.textContent ?? "");
  assert.notEqual(heading, "", "the view has a heading");

  const { id } = (await came(elsa, "joined")).at(-1).self;
  await say(anna, { type: "admit", participant: id });
  await elsa.waitFor("[data-testid=called-in]");
  assert.equal(await elsa.evaluate(() => document.querySelectorAll("[role=alert]").length > 0), true, "it is said aloud");
  await look(elsa, "called-in");
  await tabTo(elsa, "[data-testid=called-in-seen]");
  await elsa.page.keyboard.press("Enter");
  await elsa.seesMovingPictures(1, { timeout: 60000 });
  await look(elsa, "call");

  await tabTo(elsa, "[data-testid=more]");
  await elsa.page.keyboard.press("Enter");
  await elsa.waitFor("[data-testid=audio-only]");
  await look(elsa, "more");
  await elsa.page.keyboard.press("Escape");
  await tabTo(elsa, "[data-testid=leave]");
  await elsa.page.keyboard.press("Enter");
  await elsa.sees(/Du har lämnat|lämnat samtalet|Vill du lämna/);
  await look(elsa, "left");
});

test("the accessibility statement is accessible", async (t) => {
  const { person, close } = await startChromium();
  t.after(close);
  for (const [name, context] of [["desktop", {}], ["narrow", NARROW], ["dark", DARK]]) {
    const reader = await person(name, { context });
    await reader.open(`${server.origin}/accessibility`);
    await reader.waitFor("h1");
    await audit(reader, `accessibility-${name}`);
    await reader.close();
  }
});
