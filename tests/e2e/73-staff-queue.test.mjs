// SPDX-License-Identifier: EUPL-1.2
// A full waiting room at /staff, and a visit from logging in to its end without a mouse. Who waits is
// a websocket and nothing else.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { audit } from "./lib/audit.mjs";
import { bookVisit, end, enter, logIn, openDesk, openDoor, press, tokenOf } from "./lib/desk.mjs";
import { until } from "./lib/until.mjs";

let desk;

before(async () => {
  desk = await openDesk();
});

after(() => desk.close());

test("five wait: shown in the order they came, and let in in that order", async (t) => {
  const door = await openDoor(desk.clinic.browser, desk.server);
  t.after(() => door.close());
  const names = ["Gun", "Ivar", "Maj", "Sven", "Tyra"];
  // Booked in another order than they come in.
  const visits = new Map();
  for (const name of ["Maj", "Tyra", "Gun", "Sven", "Ivar"]) {
    visits.set(name, await bookVisit(desk.rest, `Samtal med ${name}`, [name]));
  }
  const tokens = new Map(names.map((name) => [name, tokenOf(visits.get(name).participants[0])]));
  const anna = await desk.clinic.person("Anna");
  t.after(() => anna.close());
  await logIn(anna, desk.server);
  for (const [i, name] of names.entries()) {
    await door.arrive(tokens.get(name));
    await door.told(tokens.get(name), "waiting", (m) => m.place === i + 1);
    await anna.waitFor(`[data-visit="${visits.get(name).id}"][data-waiting=true]`);
  }
  const queue = () => anna.evaluate(() =>
    [...document.querySelectorAll("[data-testid=queued] .queue-person")].map((p) => p.dataset.name));
  await until("the queue stands in its order", async () => {
    const shown = await queue();
    return shown.join() === names.join() || Promise.reject(new Error(shown.join()));
  });
  await anna.sees(/5 väntar/);
  await audit(anna, "staff-queue");

  for (const [i, name] of names.entries()) {
    await press(anna, "enter-next");
    await anna.waitFor("[data-testid=page-call]");
    const left = names.slice(i + 1);
    await until(`those behind ${name} are beside the call`, async () => (await queue()).join() === left.join());
    if (i === 0) await audit(anna, "staff-queue-call");
    await press(anna, "admit");
    await door.told(tokens.get(name), "admitted");
    if (left.length > 0) await door.told(tokens.get(left[0]), "waiting", (m) => m.place === 1);
    await end(anna, "solved");
    await door.told(tokens.get(name), "ended", (m) => m.reason === "ended");
  }
  await anna.sees(/Ingen väntar/);
});

/** Tab, as often as it takes. */
async function tabTo(person, selector, most = 80) {
  for (let i = 0; i < most; i++) {
    if (await person.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
    await person.page.keyboard.press("Tab");
  }
  assert.fail(`Tab does not reach ${selector}`);
}

test("without a mouse: log in, enter, let in, mute, end", async (t) => {
  const visit = await bookVisit(desk.rest, "Utan mus", ["Ebba"]);
  const door = await openDoor(desk.clinic.browser, desk.server);
  t.after(() => door.close());
  const ebba = tokenOf(visit.participants[0]);
  await door.arrive(ebba);
  const anna = await desk.clinic.person("Anna");
  t.after(() => anna.close());
  const { keyboard } = anna.page;
  await anna.open(`${desk.server.origin}/staff`);
  await anna.waitFor("[data-testid=log-in]");
  await tabTo(anna, "#username");
  await keyboard.type("anna");
  await keyboard.press("Tab");
  await keyboard.type(desk.server.demo.password);
  await keyboard.press("Enter");
  await anna.waitFor(`[data-visit="${visit.id}"][data-waiting=true]`);
  assert.equal(await anna.evaluate(() => document.activeElement?.tagName), "H1", "reading begins at the heading");
  await tabTo(anna, `[data-visit="${visit.id}"] [data-testid=enter]`);
  await keyboard.press("Enter");
  await anna.waitFor("[data-testid=page-call][data-media=flowing]");
  await keyboard.press("a");
  await door.told(ebba, "admitted");
  const muted = async (is) => door.told(ebba, "participant-updated", (m) => m.participant.muted.includes("microphone") === is);
  await keyboard.press("m");
  await muted(true);
  await tabTo(anna, "[data-testid=microphone]");
  await keyboard.press("Space");
  await muted(false);
  await keyboard.press("e");
  await anna.waitFor("dialog[open]");
  // A letter in the sheet does nothing behind it.
  await keyboard.press("m");
  await keyboard.press("Escape");
  await until("Escape closes it", () => anna.evaluate(() => document.querySelector("dialog[open]") === null));
  await muted(false);
  await keyboard.press("e");
  await tabTo(anna, "[name=outcome]");
  await keyboard.press("ArrowDown");
  await keyboard.press("ArrowDown");
  assert.equal(await anna.evaluate(() => document.querySelector("[name=outcome]:checked").value), "rebooked");
  await keyboard.press("Enter");
  await door.told(ebba, "ended", (m) => m.reason === "ended");
  await anna.sees(/Utan mus är avslutat: Ombokat/);
  assert.equal((await desk.rest("GET", `consultations/${visit.id}`)).outcome, "rebooked");
});
