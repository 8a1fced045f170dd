// SPDX-License-Identifier: EUPL-1.2
// What a patient may meet on the way that 70-visit has not: the code that comes to the telephone where
// the unit wants to know who it is, and being shown in one's own picture where something is.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { audit } from "./lib/audit.mjs";
import { arrive } from "./lib/file.mjs";
import { ROOT, request, Server } from "./lib/server.mjs";
import { until } from "./lib/until.mjs";
import { came, say, sent } from "./lib/wire.mjs";

const PATIENT = { timeout: 60000 };
const UNIT = "sjukstugan";
const ORGANISATION = {
  providers: [
    {
      id: "region",
      name: "Regionen",
      units: [{ id: UNIT, name: "Sjukstugan", minimum_assurance: "B", phone: "0951-123 45" }],
    },
  ],
  staff: [],
};

let server;
let folder;
const letters = () => {
  const path = join(folder, "sent");
  return existsSync(path) ? readFileSync(path, "utf8").trim().split("\n").map((line) => JSON.parse(line)) : [];
};

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "vidd-letters-"));
  const command = join(folder, "send");
  // In place of the telephone: what would go there.
  writeFileSync(command, `#!/bin/sh\ncat >> ${folder}/sent\necho >> ${folder}/sent\n`);
  chmodSync(command, 0o755);
  server = await new Server({ args: ["--message-command", command] }).start();
  const file = join(folder, "organisation.json");
  writeFileSync(file, JSON.stringify(ORGANISATION));
  execFileSync(join(ROOT, "build/server/vidd"), ["--data", server.data, "--import-organisation", file]);
});

after(async () => {
  const end = await server.stop();
  rmSync(folder, { recursive: true, force: true });
  assert.equal(end.code, 0, "the server ends in order at SIGTERM");
});

async function visit(participants, more = {}) {
  const answer = await request(`${server.origin}/api/v1/consultations`, {
    method: "POST",
    headers: { authorization: `Bearer ${server.demo.api_key}`, "content-type": "application/json" },
    body: JSON.stringify({ title: "Provbesök", waiting_room: true, participants, ...more }),
  });
  assert.equal(answer.status, 201, answer.body);
  return JSON.parse(answer.body);
}

const ANNA = { role: "clinician", name: "Anna Berg" };

test("the code to the telephone: wrong, then right, and the clinician sees how sure it is", async (t) => {
  const elsaIs = { role: "patient", name: "Elsa", phone: "+46705551234", language: "sv" };
  const { participants } = await visit([elsaIs, ANNA], { unit: UNIT });
  const elsa = await arrive(t, "Elsa", { hz: 440 });
  await elsa.join(participants[0].link);
  await elsa.waitFor("[data-testid=code]", PATIENT);
  await elsa.sees(/12\s34/, PATIENT);
  await audit(elsa, "code");
  const filled = await elsa.evaluate(() => {
    const { autocomplete, inputMode } = document.querySelector("[data-testid=code]");
    return [autocomplete, inputMode];
  });
  assert.deepEqual(filled, ["one-time-code", "numeric"], "the telephone can fill it in");
  const code = await until("the code has been sent", () =>
    letters().map(({ text }) => /\b\d{6}\b/.exec(text)?.[0]).find((found) => found), PATIENT);
  await elsa.page.fill("[data-testid=code]", code === "000000" ? "111111" : "000000");
  await elsa.page.keyboard.press("Enter");
  await until("a wrong code is told", async () => (await came(elsa, "error")).some((m) => m.code === "bad-code"), PATIENT);
  await until("and the field says so", () =>
    elsa.evaluate(() => document.querySelector("[data-testid=code]")?.getAttribute("aria-invalid") === "true"), PATIENT);
  await audit(elsa, "code-wrong");
  await elsa.page.fill("[data-testid=code]", code);
  await elsa.page.keyboard.press("Enter");
  await elsa.sees(/Du står först i kön|Du är på rätt plats/, PATIENT);
  await until("the code is not asked for any more", () =>
    elsa.evaluate(() => document.querySelector("[data-testid=code]") === null), PATIENT);

  const anna = await arrive(t, "Anna", { hz: 770 });
  await anna.join(participants[1].link);
  const seat = await until("Anna knows who waits, and how sure that is", async () => {
    const all = [...(await came(anna, "joined")).at(-1).participants,
      ...(await came(anna, "participant-joined")).map((m) => m.participant)];
    return all.find((p) => p.role === "patient" && p.assurance === "B");
  }, PATIENT);
  await say(anna, { type: "admit", participant: seat.id });
  await elsa.hearsTone(770, PATIENT);
});

test("the clinician points, after a yes, and the patient sees where in the own picture", async (t) => {
  const { participants } = await visit([{ role: "patient", name: "Elsa" }, ANNA], { waiting_room: false });
  const elsa = await arrive(t, "Elsa", { hz: 440 });
  const anna = await arrive(t, "Anna", { hz: 770 });
  await elsa.join(participants[0].link);
  await anna.join(participants[1].link);
  await anna.seesMovingPictures(1, PATIENT);
  const { id } = (await came(elsa, "joined")).at(-1).self;
  await say(anna, { type: "ask", id: "r1", act: "pointer", participant: id });
  await elsa.waitFor("[data-testid=asked-asked]", PATIENT);
  await audit(elsa, "asked-pointer");
  await elsa.click("[data-testid=consent-yes]");
  await until("Anna is told", async () => (await came(anna, "consent")).at(-1)?.given === true, PATIENT);
  assert.ok((await sent(elsa, "consent")).at(-1).wording.length > 10, "with the words that were read");

  // The own picture is a mirror: what is at a quarter from the left of the camera's is at three.
  const at = () => elsa.evaluate(() => {
    const dot = document.querySelector(".self [data-testid=pointer]");
    if (dot === null) return null;
    const frame = dot.parentElement.getBoundingClientRect();
    const box = dot.getBoundingClientRect();
    return [(box.left + box.width / 2 - frame.left) / frame.width, (box.top + box.height / 2 - frame.top) / frame.height];
  });
  await say(anna, { type: "pointer", participant: id, x: 0.25, y: 0.5 });
  const [x] = await until("Elsa sees the dot", at, PATIENT);
  assert.ok(x > 0.6 && x < 0.9, `mirrored, at ${x}`);
  await audit(elsa, "pointed");
  await say(anna, { type: "pointer", participant: id, x: 0.75, y: 0.5 });
  await until("it moves", async () => (await at())[0] < 0.4, PATIENT);
  await say(anna, { type: "pointer", participant: id, x: null, y: null });
  await until("and goes", async () => (await at()) === null, PATIENT);
});
