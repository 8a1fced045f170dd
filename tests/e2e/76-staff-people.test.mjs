// SPDX-License-Identifier: EUPL-1.2
// Whom the clinician at /staff brings into the visit and how: writing to one at the door, inviting by
// link, square and message, a wish for a relative, a private talk, handing over to a colleague.
import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { audit } from "./lib/audit.mjs";
import { actOn, bookVisit, clinician, end, enter, openDesk, openDoor, patient, press, staffSession, tokenOf } from "./lib/desk.mjs";
import { until } from "./lib/until.mjs";
import { came } from "./lib/wire.mjs";

let folder;
let desk;

before(async () => {
  // What sends text messages: here it writes them down.
  folder = mkdtempSync(join(tmpdir(), "vidd-e2e-sms-"));
  const script = join(folder, "send");
  writeFileSync(script, `#!/bin/sh\ncat >> ${folder}/sent\necho >> ${folder}/sent\necho receipt\n`);
  chmodSync(script, 0o755);
  desk = await openDesk({ args: ["--message-command", script] });
});

after(async () => {
  await desk.close();
  rmSync(folder, { recursive: true, force: true });
});

const messages = () => (existsSync(`${folder}/sent`)
  ? readFileSync(`${folder}/sent`, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line)) : []);

test("one at the door is written to, and answers; who waits beside does not read it", async (t) => {
  const visit = await bookVisit(desk.rest, "Vid dörren", ["Elsa", { role: "relative", name: "Karin" }]);
  const door = await openDoor(desk.clinic.browser, desk.server);
  t.after(() => door.close());
  const karin = tokenOf(visit.participants[1]);
  const [anna, elsa] = await Promise.all([clinician(t, desk), patient(t, visit)]);
  await door.arrive(karin);
  await enter(anna, visit);
  const atElsa = `[data-testid=at-door][data-participant="${visit.participants[0].id}"]`;
  await anna.waitFor(`${atElsa} [data-testid=door-write]`);
  await anna.page.click(`${atElsa} [data-testid=door-write]`);
  await anna.page.fill(`${atElsa} [data-testid=door-draft]`, "Jag kommer om fem minuter.");
  await anna.page.keyboard.press("Enter");
  await elsa.sees(/Jag kommer om fem minuter/);
  await elsa.page.fill("[data-testid=talk-draft]", "Det går bra.");
  await elsa.page.keyboard.press("Enter");
  await until("Anna reads it at the door", () => anna.evaluate((within) =>
    /Du Jag kommer om fem minuter\.\s*Elsa Det går bra\./.test(
      [...document.querySelectorAll(`${within} [data-testid=door-log] p`)].map((p) => p.textContent).join(" ")), atElsa));
  await audit(anna, "staff-door-written");
  await press(anna, "talk");
  await anna.sees(/Till Elsa: Jag kommer om fem minuter/);
  assert.deepEqual(await door.came(karin, "chat"), [], "Karin, who waits too, reads nothing of it");
  await end(anna, "no-show");
});

test("an interpreter is invited by message, a relative by link and square; a wish for one is granted", async (t) => {
  const visit = await bookVisit(desk.rest, "Med tolk", ["Elsa"]);
  const door = await openDoor(desk.clinic.browser, desk.server);
  t.after(() => door.close());
  const [anna, elsa] = await Promise.all([clinician(t, desk), patient(t, visit)]);
  await enter(anna, visit);
  await press(anna, "admit");
  await press(elsa, "called-in-seen");

  await press(anna, "invite");
  await anna.page.selectOption("[data-testid=add-role]", "interpreter");
  await anna.page.fill("[data-testid=add-phone]", "+46701234567");
  await press(anna, "add-person");
  await until("both are in the list", () => anna.evaluate(() => document.querySelectorAll(".opened-list > li").length === 2));
  await anna.page.click(".opened-list > li:last-child [data-testid=send-invitation]");
  await anna.sees(/Meddelandet är på väg/);
  const sms = await until("the message goes out", () => messages().find((m) => m.to === "+46701234567"));
  assert.equal(sms.channel, "sms");
  const link = await anna.evaluate(() => document.querySelector(".opened-list > li:last-child [data-testid=link]").value);
  assert.ok(sms.text.includes(link), "with the link that the page shows");
  assert.doesNotMatch(sms.text, /Elsa|Med tolk/, "and nothing of the patient");
  await door.arrive(link.slice(link.indexOf("#") + 1));
  await press(anna, "people");
  await anna.waitFor("[data-testid=at-door]");

  await press(anna, "invite");
  await anna.page.selectOption("[data-testid=add-role]", "relative");
  await anna.page.fill("[data-testid=add-name]", "Karin");
  await press(anna, "add-person");
  await until("Karin is in the list", () => anna.evaluate(() => document.querySelectorAll(".opened-list > li").length === 3));
  await anna.page.click(".opened-list > li:last-child [data-testid=qr]");
  await anna.waitFor(".opened-list > li:last-child svg.square[aria-label*=Karin]");
  await anna.page.click(".opened-list > li:last-child [data-testid=copy]");
  await anna.sees(/Kopierad/);
  await audit(anna, "staff-invite");
  // Without a number there is nowhere to send.
  await anna.page.click(".opened-list > li:last-child [data-testid=send-invitation]");
  await anna.sees(/varken mobilnummer eller e-post/);

  await press(elsa, "more");
  await press(elsa, "invite");
  await elsa.page.fill("[data-testid=invite-name]", "Bo");
  await press(elsa, "invite-send");
  await anna.sees(/Elsa vill ha med sig Bo/);
  await audit(anna, "staff-card");
  await press(anna, "card-accept");
  const { link: given, name } = await until("Elsa has the link", async () => (await came(elsa, "invite")).at(-1));
  assert.equal(name, "Bo");
  await elsa.sees(/Bo/);
  await door.arrive(given.slice(given.indexOf("#") + 1));
  await press(anna, "people");
  await until("Bo is at the door", () => anna.evaluate(() => document.querySelector("[data-testid=door]").textContent.includes("Bo")));
  await end(anna, "solved");
});

test("a private talk leaves the relative outside; one who is taken out is out", async (t) => {
  const visit = await bookVisit(desk.rest, "Enskilt", ["Elsa", { role: "relative", name: "Karin" }]);
  const door = await openDoor(desk.clinic.browser, desk.server);
  t.after(() => door.close());
  const karin = tokenOf(visit.participants[1]);
  const [anna, elsa] = await Promise.all([clinician(t, desk), patient(t, visit)]);
  await door.arrive(karin);
  await enter(anna, visit);
  for (const left of [1, 0]) {
    await press(anna, "admit");
    await until("one less at the door", () => anna.evaluate((n) => document.querySelectorAll("[data-testid=admit]").length === n, left));
  }
  await press(elsa, "called-in-seen");
  await actOn(anna, "Elsa", "private");
  await door.told(karin, "private", (m) => m.outside === true);
  await anna.waitFor("[data-testid=private-end]");
  await elsa.seesMovingPictures(1);
  await elsa.hearsTone(770);
  await audit(anna, "staff-private");
  await press(anna, "private-end");
  await door.told(karin, "private", (m) => m.outside !== true && m.participants.length === 0);
  await until("it is over on the page", () => anna.evaluate(() => document.querySelector("[data-testid=private-end]") === null));
  await actOn(anna, "Karin", "remove");
  await door.told(karin, "ended", (m) => m.reason === "removed");
  await end(anna, "solved");
});

test("the visit is handed over to a colleague who is not in it, and who then goes in", async (t) => {
  const visit = await bookVisit(desk.rest, "Överlämning", ["Elsa"], { responsible: desk.rest.staff.id });
  const door = await openDoor(desk.clinic.browser, desk.server);
  t.after(() => door.close());
  const token = tokenOf(visit.participants[0]);
  await door.arrive(token);
  const [anna, erik] = await Promise.all([clinician(t, desk), clinician(t, desk, "Erik", "erik")]);
  await erik.waitFor(`[data-visit="${visit.id}"]`);
  await enter(anna, visit);
  await press(anna, "admit");
  await anna.sees(/Anna Berg ansvarar för besöket/);
  const options = await anna.evaluate(() => [...document.querySelectorAll("[data-testid=hand-over-to] option")].map((o) => o.textContent));
  assert.deepEqual(options, ["Välj en kollega", "Erik Sandberg"], "clinicians of the unit, not oneself, not others of the staff");
  await anna.page.selectOption("[data-testid=hand-over-to]", { label: "Erik Sandberg" });
  await press(anna, "hand-over-go");
  await anna.sees(/Erik Sandberg ansvarar för besöket/);
  await audit(anna, "staff-handed-over");
  await until("Erik's list says that it is his", () => erik.evaluate((id) =>
    document.querySelector(`[data-visit="${id}"]`).textContent.includes("Du ansvarar"), visit.id));
  const answer = await desk.rest("GET", `consultations/${visit.id}`);
  assert.equal(answer.responsible.name, "Erik Sandberg");
  // Without a reason: it is his own.
  await enter(erik, visit);
  await anna.sees(/Erik Sandberg/);
  await press(anna, "end-button");
  await press(anna, "leave");
  await anna.waitFor("[data-testid=page-day]");
  await anna.sees(/Du har lämnat Överlämning. Det pågår fortfarande/);
  assert.deepEqual(await door.came(token, "ended"), [], "Elsa is still there");
  await end(erik, "solved");
  await door.told(token, "ended", (m) => m.reason === "ended");
});

test("going into a colleague's visit needs a reason, which is put on record", async (t) => {
  const { units } = await desk.rest("GET", "units");
  const erik = units[0].staff.find(({ name }) => name === "Erik Sandberg");
  const visit = await bookVisit(desk.rest, "Eriks besök", ["Elsa"], { responsible: erik.id });
  const anna = await clinician(t, desk);
  await press(anna, "enter", `[data-visit="${visit.id}"]`);
  await anna.waitFor("dialog[open] [data-testid=reason-text]");
  await audit(anna, "staff-reason");
  await anna.page.keyboard.press("Escape");
  await until("Escape closes it", () => anna.evaluate(() => document.querySelector("dialog[open]") === null));
  await press(anna, "enter", `[data-visit="${visit.id}"]`);
  await anna.page.fill("[data-testid=reason-text]", "Erik är sjuk");
  await anna.page.keyboard.press("Enter");
  await anna.waitFor("[data-testid=page-call]");
  await anna.sees(/Erik Sandberg ansvarar för besöket/);
  const review = await staffSession(desk.server, "granskare");
  const { records } = await review("GET", `audit?consultation=${visit.id}`);
  assert.ok(JSON.stringify(records).includes("Erik är sjuk"), JSON.stringify(records).slice(0, 600));
});
