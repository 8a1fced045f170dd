// SPDX-License-Identifier: EUPL-1.2
// Who waits and cannot be let in yet is told why and what helps, and so is the clinician, in the queue
// and at the door; an interpreter who waits is told the clock.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { audit } from "./lib/audit.mjs";
import { chromiumPerson } from "./lib/chromium.mjs";
import { bookVisit, clinician, enter, openDesk, patient, press } from "./lib/desk.mjs";
import { until } from "./lib/until.mjs";

const PATIENT = { timeout: 90000 };
const PHONE = "0951-123 45";
const ELSA = { role: "patient", name: "Elsa", phone: "+46705551234", language: "sv" };

let desk;
let folder;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "vidd-letters-"));
  const command = join(folder, "send");
  // In place of the telephone: what would go there.
  writeFileSync(command, `#!/bin/sh\ncat >> ${folder}/sent\necho >> ${folder}/sent\n`);
  chmodSync(command, 0o755);
  desk = await openDesk({ args: ["--message-command", command] });
});

after(async () => {
  await desk.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The unit asks for that much, as its operator may have it. */
function want(minimum) {
  const change = `import sqlite3, sys
db = sqlite3.connect(sys.argv[1], timeout=10)
db.execute("UPDATE unit SET minimum_assurance = ?, phone = ?", sys.argv[2:])
db.commit()`;
  execFileSync("python3", ["-c", change, join(desk.server.data, "vidd.db"), minimum, PHONE]);
}

function codes() {
  const path = join(folder, "sent");
  const lines = existsSync(path) ? readFileSync(path, "utf8").trim().split("\n") : [];
  return lines.map((line) => /\b\d{6}\b/.exec(JSON.parse(line).text)?.[0]).filter((code) => code);
}

const lacksOf = (person, selector) =>
  person.evaluate((s) => document.querySelector(s)?.dataset.lacks ?? null, selector);

test("a code that is not typed yet keeps out, both sides know, and another one lets in", async (t) => {
  want("B");
  const visit = await bookVisit(desk.rest, "Kod", [ELSA]);
  const [anna, elsa] = await Promise.all([clinician(t, desk), patient(t, visit)]);
  await elsa.waitFor("[data-testid=page-code]", PATIENT);
  await elsa.waitFor("[data-testid=ring]", PATIENT);
  const row = `[data-visit="${visit.id}"]`;
  await until("the queue says so", async () => (await lacksOf(anna, `[data-testid=row]${row} [data-testid=row-lacks]`)) === "code", PATIENT);
  await audit(anna, "waiting-staff-row");
  await enter(anna, visit);
  await anna.waitFor("[data-testid=lacks][data-lacks=code]", PATIENT);
  for (const id of ["admit", "admit-here"])
    assert.equal(await anna.page.locator(`[data-testid=${id}]`).count(), 0, "no button that the server would refuse");
  await anna.page.keyboard.press("a");
  await audit(anna, "waiting-staff-door");

  // The text message does not come: after half a minute another one can be asked for.
  await until("the first code has been sent", () => codes().length === 1, PATIENT);
  await elsa.waitFor("[data-testid=code-again]", PATIENT);
  await audit(elsa, "waiting-code-again");
  await elsa.click("[data-testid=code-again]");
  const [, code] = await until("another one comes", () => codes().length === 2 && codes(), PATIENT);
  await elsa.sees(/ny kod/, PATIENT);
  await until("and the field has the focus", () =>
    elsa.evaluate(() => document.activeElement?.id === "one-time-code"), PATIENT);
  await elsa.page.fill("[data-testid=code]", code);
  await elsa.page.keyboard.press("Enter");
  await elsa.waitFor("[data-testid=page-waiting]", PATIENT);
  await press(anna, "admit");
  await elsa.waitFor("[data-testid=called-in]", PATIENT);
});

test("who cannot be let in as things are is told whom to ring, and can ask to be called", async (t) => {
  want("A");
  const visit = await bookVisit(desk.rest, "E-legitimation", [ELSA]);
  const [anna, elsa] = await Promise.all([clinician(t, desk), patient(t, visit)]);
  await elsa.waitFor("[data-testid=wait-lacks][data-lacks=no-e-id]", PATIENT);
  assert.equal(await elsa.page.getAttribute("[data-testid=ring]", "href"), "tel:095112345");
  await audit(elsa, "waiting-e-id");
  await elsa.screenshot("waiting-e-id");
  await enter(anna, visit);
  await anna.waitFor("[data-testid=lacks][data-lacks=no-e-id]", PATIENT);
  await elsa.click("[data-testid=wish-call-me]");
  await anna.waitFor("[data-testid=card]", PATIENT);
  await anna.screenshot("waiting-e-id-staff");
});

test("an interpreter who waits is told when the booked time begins, and nothing each second", async (t) => {
  want("C");
  const planned = new Date(Date.now() + 10 * 60000);
  const visit = await bookVisit(desk.rest, "Tolk", [ELSA, { role: "interpreter", name: "Omar" }], {
    planned: planned.toISOString(), minutes: 30, needs_interpreter: true,
  });
  const omar = await chromiumPerson("Omar", { hz: 550 });
  t.after(() => omar.close());
  await omar.context.clock.install();
  await omar.join(visit.participants[1].link);
  await omar.waitFor("[data-testid=interpreter-number]", PATIENT);
  await omar.page.fill("[data-testid=interpreter-number]", "T-48211");
  await omar.click("[data-testid=number-send]");
  await omar.waitFor("[data-testid=booked][data-phase=before]", PATIENT);
  await omar.sees(/Tiden har inte börjat än/, PATIENT);
  await omar.sees(/tidigast efter 15 minuter/, PATIENT);
  await audit(omar, "waiting-booked");
  await omar.screenshot("waiting-booked");
  const changes = () => omar.evaluate(() => window.bookedChanges);
  await omar.evaluate(() => {
    window.bookedChanges = 0;
    const options = { childList: true, characterData: true, subtree: true };
    new MutationObserver(() => { window.bookedChanges += 1; }).observe(document.querySelector("[data-testid=booked]"), options);
  });
  await omar.page.clock.runFor(8000);
  assert.equal(await changes(), 0, "the seconds are not told");
  await omar.page.clock.fastForward(11 * 60000);
  await omar.waitFor("[data-testid=booked][data-phase=during]", PATIENT);
  await omar.sees(/Tiden har börjat/, PATIENT);
  await omar.page.clock.fastForward(30 * 60000);
  await omar.waitFor("[data-testid=booked][data-phase=over]", PATIENT);
  await audit(omar, "waiting-booked-over");
});
