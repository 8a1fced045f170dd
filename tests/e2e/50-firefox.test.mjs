// SPDX-License-Identifier: EUPL-1.2
// Firefox ESR and Chromium in one call, both ways.
import { test } from "node:test";

import { chromiumPerson } from "./lib/chromium.mjs";
import { serverOfFile } from "./lib/file.mjs";
import { firefoxPerson } from "./lib/firefox.mjs";

const server = serverOfFile();

test("Firefox and Chromium see each other move and hear each other's tone", async (t) => {
  const { participants } = await server.consultation([
    { role: "patient", name: "Elsa" },
    { role: "clinician", name: "Anna Berg" },
  ]);
  const [elsa, anna] = await Promise.all([firefoxPerson("Elsa", { hz: 610 }), chromiumPerson("Anna", { hz: 950 })]);
  t.after(() => Promise.all([elsa.close(), anna.close()]));
  await elsa.join(participants[0].link);
  await anna.join(participants[1].link);
  await Promise.all([elsa.seesMovingPictures(1, { timeout: 30000 }), anna.seesMovingPictures(1, { timeout: 30000 })]);
  await Promise.all([elsa.hearsTone(950), anna.hearsTone(610)]);
  await elsa.screenshot("call-firefox");
});

test("two Firefoxes see and hear each other", async (t) => {
  const { participants } = await server.consultation([
    { role: "patient", name: "Elsa" },
    { role: "clinician", name: "Anna Berg" },
  ]);
  const [elsa, anna] = await Promise.all([firefoxPerson("Elsa", { hz: 610 }), firefoxPerson("Anna", { hz: 950 })]);
  t.after(() => Promise.all([elsa.close(), anna.close()]));
  await elsa.join(participants[0].link);
  await anna.join(participants[1].link);
  await Promise.all([elsa.seesMovingPictures(1, { timeout: 30000 }), anna.seesMovingPictures(1, { timeout: 30000 })]);
  await Promise.all([elsa.hearsTone(950), anna.hearsTone(610)]);
});
