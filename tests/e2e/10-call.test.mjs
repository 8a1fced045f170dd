// SPDX-License-Identifier: EUPL-1.2
// A call between people at browsers of their own: they see and hear each other.
import assert from "node:assert/strict";
import { test } from "node:test";

import { chromiumPerson } from "./lib/chromium.mjs";
import { serverOfFile } from "./lib/file.mjs";
import { startServer } from "./lib/server.mjs";
import { until } from "./lib/until.mjs";

const server = serverOfFile();

const COUPLE = [
  { role: "patient", name: "Elsa" },
  { role: "clinician", name: "Anna Berg" },
];

async function couple(t, { wait = true } = {}) {
  const { id, participants } = await server.consultation(COUPLE);
  const people = await Promise.all([chromiumPerson("Elsa", { hz: 440 }), chromiumPerson("Anna", { hz: 770 })]);
  t.after(() => Promise.all(people.map((p) => p.close())));
  const [elsa, anna] = people;
  await elsa.join(participants[0].link);
  await anna.join(participants[1].link);
  if (wait) await Promise.all(people.map((p) => p.seesMovingPictures(1)));
  return { id, elsa, anna, participants };
}

test("two people see each other move and hear each other's tone", async (t) => {
  const { elsa, anna } = await couple(t);
  await Promise.all([elsa.hearsTone(770), anna.hearsTone(440)]);
  assert.equal(await elsa.hearsNoTone(440), true, "nobody hears himself");
  await elsa.sees(/Anna Berg/);
  await anna.sees(/Elsa/);
  await elsa.screenshot("call-two");
  const lines = [...elsa.consoleLines, ...anna.consoleLines].filter((l) => /error|CSP|refused/i.test(l));
  assert.deepEqual(lines, [], "the pages report no error");
});

test("the links of the demo's own start open the same consultation", async (t) => {
  const { links } = server.demo;
  const people = await Promise.all([chromiumPerson("Patient"), chromiumPerson("Clinician", { hz: 770 })]);
  t.after(() => Promise.all(people.map((p) => p.close())));
  await people[0].join(links.patient);
  await people[1].join(links.clinician);
  await Promise.all(people.map((p) => p.seesMovingPictures(1)));
});

test("a muted microphone is silent and shown, and heard again when it is on", async (t) => {
  const { elsa, anna } = await couple(t);
  await anna.hearsTone(440);
  await elsa.press(/^Mikrofon/);
  await anna.sees(/Mikrofon av/);
  await until("Anna hears Elsa no more", () => anna.hearsNoTone(440, 1000));
  await elsa.press(/^Mikrofon/);
  await anna.hearsTone(440);
});

test("a camera that is off shows initials, and the picture comes back", async (t) => {
  const { elsa, anna } = await couple(t);
  await elsa.press(/^Kamera/);
  await until("Anna has no picture of Elsa",
    async () => (await anna.evaluate(() => window.e2e.pictures())).length === 0);
  await anna.hearsTone(440);
  await elsa.press(/^Kamera/);
  await anna.seesMovingPictures(1);
});

test("who leaves is gone for the other, and may come back by the button", async (t) => {
  const { elsa, anna } = await couple(t);
  await elsa.press(/^Lämna/);
  await elsa.sees(/Du har lämnat samtalet/);
  await anna.sees(/Elsa har lämnat samtalet/);
  await elsa.press(/Gå in igen/);
  await anna.seesMovingPictures(1);
  await elsa.seesMovingPictures(1);
});

test("two people over IPv6 alone", async (t) => {
  const six = await startServer({ address: "fd77::1", port: 8446, mediaPort: 10060 });
  t.after(() => six.stop());
  const { participants } = await six.consultation(COUPLE);
  const people = await Promise.all([chromiumPerson("Elsa", { hz: 440 }), chromiumPerson("Anna", { hz: 770 })]);
  t.after(() => Promise.all(people.map((p) => p.close())));
  await people[0].join(participants[0].link);
  await people[1].join(participants[1].link);
  await Promise.all(people.map((p) => p.seesMovingPictures(1)));
  const [elsa] = people;
  assert.match(await elsa.evaluate(() => window.e2e.pcs.at(-1).remoteDescription.sdp), /a=candidate:.* fd77::1 /);
});
