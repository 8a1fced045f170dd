// SPDX-License-Identifier: EUPL-1.2
// Three and eight people in one call, in one browser to save the machine: everybody has a colour
// and a tone, so that each tile can be checked to show the one it names.
import assert from "node:assert/strict";
import { test } from "node:test";

import { startChromium } from "./lib/chromium.mjs";
import { serverOfFile } from "./lib/file.mjs";
import { TONES_HZ } from "./lib/tone.mjs";
import { until } from "./lib/until.mjs";

const ROLES = ["patient", "clinician", "interpreter", "relative", "staff", "room", "observer", "clinician"];

const server = serverOfFile();

function hueDistance(a, b) {
  const d = Math.abs(a - b) % 360;
  return Math.min(d, 360 - d);
}

/** n people in a call, joined one after the other. */
async function gather(t, n, seat) {
  const { participants } = await server.consultation(
    Array.from({ length: n }, (_, i) => ({ role: ROLES[i], name: `Person ${i + 1}` })));
  const { person, close } = await startChromium();
  t.after(close);
  const people = [];
  for (const [i, { id, link }] of participants.entries()) {
    const someone = await person(`Person ${i + 1}`, { seat: { ...seat, hz: TONES_HZ[i], hue: i * (360 / n) } });
    Object.assign(someone, { id, link, hue: i * (360 / n) });
    people.push(someone);
    await someone.join(link);
  }
  return people;
}

/**
 * Everybody sees everybody else, in the right tile, and hears everybody else. Fifty-six pictures are
 * decoded and read back by one machine: one with ten times its work took 40 s for three of each.
 */
async function allSeeAndHear(people) {
  await Promise.all(people.map(async (me) => {
    const others = people.filter((p) => p !== me);
    await me.seesMovingPictures(others.length, { timeout: 120000 });
    await until(`${me.name} has each other in the right tile`, async () => {
      const shown = await me.evaluate(() => window.e2e.pictures().map(({ participant, hue }) => ({ participant, hue })));
      const wrong = others.filter((o) => {
        const tile = shown.find((s) => s.participant === o.id);
        return !tile || hueDistance(tile.hue, o.hue) > 15;
      });
      return wrong.length === 0 || Promise.reject(new Error(JSON.stringify({ shown, wrong: wrong.map((w) => [w.id, w.hue]) })));
    });
    for (const other of others) await me.hearsTone(other.hz, { timeout: 20000 });
  }));
}

test("three people: everybody sees and hears the two others in the right place", async (t) => {
  const people = await gather(t, 3, { width: 480, fps: 15 });
  await allSeeAndHear(people);
  assert.equal(await people[0].hearsNoTone(people[0].hz), true);

  await people[2].press(/^Lämna/);
  await until("the third is gone for the first",
    async () => (await people[0].evaluate(() => window.e2e.pictures())).length === 1);
  await people[0].seesMovingPictures(1);
  await people[0].screenshot("call-three-after-one-left");
});

test("eight people: everybody sees and hears the seven others in the right place", async (t) => {
  const people = await gather(t, 8, { width: 160, fps: 8 });
  await allSeeAndHear(people);
  await people[0].screenshot("call-eight");
});
