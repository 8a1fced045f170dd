// SPDX-License-Identifier: EUPL-1.2
// What the clinician shows from /staff, the screen and a second camera; which picture is large; what
// the visit is about at the moment.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { audit } from "./lib/audit.mjs";
import { bookVisit, clinician, end, enter, openDesk, patient, press, together } from "./lib/desk.mjs";
import { until } from "./lib/until.mjs";
import { came } from "./lib/wire.mjs";

let desk;

before(async () => {
  // The second of Chromium's fake cameras measures depth, which no encoder takes.
  desk = await openDesk({ cameras: 3 });
});

after(() => desk.close());

/** Pictures of this source of the other one are decoded. */
async function grows(person, source) {
  const frames = async () => {
    const mid = (await came(person, "slots")).at(-1).slots.find((s) => s.source === source)?.mid;
    return (await person.totals()).inbound.find((i) => i.mid === mid)?.frames ?? 0;
  };
  const before = await frames();
  await until(`${person.name} sees more of the ${source}`, async () => (await frames()) > before + 2, { timeout: 30000 });
}

test("the screen and a second camera are shown, and not longer than one wants", async (t) => {
  const { anna, elsa } = await together(t, desk, "Visa");
  await press(anna, "show");
  await audit(anna, "staff-show");
  const sources = async () => (await came(elsa, "slots")).at(-1).slots.filter((s) => s.participant).map((s) => s.source).sort().join();
  await press(anna, "share");
  await anna.sees(/Du visar din skärm för de andra/);
  await until("Elsa has the screen in a slot", async () => /screen/.test(await sources()));
  await grows(elsa, "screen");
  await audit(anna, "staff-showing");
  await press(anna, "share-stop");
  await until("the screen is gone", async () => (await came(elsa, "participant-updated")).at(-1).participant.muted.includes("screen"));
  await elsa.seesMovingPictures(1);

  const cameras = await anna.evaluate(() => document.querySelectorAll("[data-testid=exam]").length);
  assert.ok(cameras >= 1, "a further camera may be chosen");
  await anna.page.click("li:last-child > [data-testid=exam]");
  await anna.sees(/Du visar din andra kamera/);
  await until("Elsa has the second camera in a slot", async () => /exam-camera/.test(await sources()));
  await grows(elsa, "exam-camera");
  await anna.press(/^Sluta visa$/);
  await until("the camera is off", async () =>
    (await came(elsa, "participant-updated")).at(-1).participant.muted.includes("exam-camera"));
  await end(anna, "solved");
});

test("the mode is everybody's, one of two pictures is made large by hand and by key", async (t) => {
  const visit = await bookVisit(desk.rest, "Planering", ["Elsa", { role: "relative", name: "Karin" }]);
  const karin = await desk.clinic.person("Karin");
  t.after(() => karin.close());
  const elsa = await patient(t, visit);
  await karin.join(visit.participants[1].link);
  const anna = await clinician(t, desk);
  await enter(anna, visit);
  for (const left of [1, 0]) {
    await press(anna, "admit");
    await until("one less at the door", () => anna.evaluate((n) => document.querySelectorAll("[data-testid=admit]").length === n, left));
  }
  await anna.seesMovingPictures(2, { timeout: 30000 });
  await anna.page.selectOption("[data-testid=mode]", "skin");
  await until("Elsa is told", async () => (await came(elsa, "mode")).at(-1)?.mode === "skin");
  await until("it is kept", async () => (await desk.rest("GET", `consultations/${visit.id}`)).mode === "skin");

  const large = () => anna.evaluate(() => document.querySelector(".tile[data-large=true] .plate-name")?.textContent ?? null);
  assert.equal(await large(), null);
  await anna.page.click(".tile:nth-child(2) [data-testid=large]");
  const second = await until("the second is large", large);
  await audit(anna, "staff-large");
  await anna.page.keyboard.press("l");
  await until("L after the last: all alike", async () => (await large()) === null);
  await anna.page.keyboard.press("l");
  assert.notEqual(await until("L: the first", large), second);
  await anna.seesMovingPictures(2);
  await end(anna, "rebooked");
});
