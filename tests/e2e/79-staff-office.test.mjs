// SPDX-License-Identifier: EUPL-1.2
// What is done at /staff beside the visits: follow-up in figures, how an ended visit was, the
// health rooms and their screens.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { audit } from "./lib/audit.mjs";
import { chromiumPerson } from "./lib/chromium.mjs";
import { bookVisit, clinician, end, enter, openDesk, patient, press } from "./lib/desk.mjs";
import { atDesk, enrol, PATIENT, toTheBoard } from "./lib/room.mjs";
import { pause, until } from "./lib/until.mjs";

let desk;

before(async () => {
  desk = await openDesk();
});

after(() => desk.close());

/** YYYY-MM, so many months before this one. */
function month(before) {
  const now = new Date();
  const first = new Date(now.getFullYear(), now.getMonth() - before, 1, 12);
  return `${first.getFullYear()}-${String(first.getMonth() + 1).padStart(2, "0")}`;
}

const cells = (person, section) => person.evaluate((name) =>
  [...document.querySelectorAll(`table[data-section=${name}] tbody tr`)].map((tr) =>
    [...tr.children].map((cell) => cell.textContent)), section);

test("follow-up: no visits, then a month of them, chosen by key, and as a file", async (t) => {
  const anna = await clinician(t, desk);
  await press(anna, "tab-figures");
  await anna.waitFor("[data-testid=figures-empty]");
  await audit(anna, "staff-figures-empty");
  const planned = `${month(2)}-12T09:00:00Z`;
  for (let i = 0; i < 6; i++) await bookVisit(desk.rest, `Besök ${i}`, ["Elsa"], { planned });
  // From the tab to the first month, one further back, as somebody without a mouse does.
  await anna.page.focus("[data-testid=tab-figures]");
  await anna.page.keyboard.press("Tab");
  await anna.page.keyboard.press("ArrowDown");
  await anna.waitFor("table[data-section=visits]");
  const [booked, begun] = await cells(anna, "visits");
  assert.deepEqual(booked, ["Bokade", "6", "0"], "two months, oldest first");
  assert.deepEqual(begun, ["Påbörjade", "0", "0"]);
  await audit(anna, "staff-figures");
  const coming = anna.page.waitForEvent("download");
  await anna.page.focus("[data-testid=figures-csv]");
  await anna.page.keyboard.press("Enter");
  const file = await coming;
  assert.equal(file.suggestedFilename(), `vidd-${month(2)}-${month(1)}.csv`);
  const lines = readFileSync(await file.path(), "utf8").split("\r\n");
  assert.equal(lines[0], "month,section,role,name,answer,value");
  assert.ok(lines.includes(`${month(2)},visits,,booked,,6`), lines.slice(0, 3).join(" | "));
});

test("how an ended visit was, from the list", async (t) => {
  const visit = await bookVisit(desk.rest, "Återbesök", ["Elsa"]);
  const [anna, elsa] = await Promise.all([clinician(t, desk), patient(t, visit)]);
  await enter(anna, visit);
  await press(anna, "admit");
  await Promise.all([anna.seesMovingPictures(1), elsa.seesMovingPictures(1), anna.hearsTone(440)]);
  // Each page tells what it sees every ten seconds.
  await pause(13000);
  await end(anna, "solved");
  await press(anna, "quality", `[data-visit="${visit.id}"]`);
  await anna.waitFor("[data-testid=quality-of] table");
  const held = await anna.evaluate(() => [...document.querySelectorAll("[data-clause]")].map((tr) =>
    [tr.dataset.clause, ...[...tr.querySelectorAll("td")].map((td) => td.textContent.trim())]));
  t.diagnostic(JSON.stringify(held));
  const heads = await anna.evaluate(() => [...document.querySelectorAll("[data-testid=quality-of] thead th")].map((th) => th.textContent));
  for (const who of ["Patient", "Vårdpersonal"]) {
    const column = heads.indexOf(who);
    assert.ok(column > 0, `${who} has a column: ${heads}`);
    for (const line of held) assert.match(line[column], /^(Ja|Nej), /, `${line[0]} of ${who}`);
  }
  await audit(anna, "staff-quality");
  const button = "[data-testid=quality]";
  await anna.page.focus(button);
  await anna.page.keyboard.press("Enter");
  await until("it closes by key", () => anna.evaluate(() => document.querySelector("[data-testid=quality-of]") === null));
});

test("rooms: one is made, a screen connected by its code, disconnected, and another connected", async (t) => {
  const admin = await atDesk(t, desk.server, "admin");
  await admin.sees(/Ingen skärm är ansluten/);
  assert.equal(await admin.evaluate(() => document.querySelector("[data-testid=trouble], [data-testid=tab-list]")), null, "nothing is refused, for nothing is asked that is not theirs");
  await audit(admin, "staff-rooms-office");
  await admin.page.click("[data-testid=add-place]");
  await admin.page.fill("[data-testid=place-name]", "Hälsorummet Ammarnäs");
  await admin.page.fill("[data-testid=place-municipality]", "Sorsele");
  await admin.page.keyboard.press("Enter");
  const card = '[data-place="Hälsorummet Ammarnäs"]';
  await admin.waitFor(card);
  const code = async () => {
    await press(admin, "connect-screen", card);
    await admin.waitFor(`${card} [data-testid=screen-code]`);
    const told = await admin.evaluate((c) => document.querySelector(`${c} [data-testid=screen-code]`).textContent, card);
    return told.match(/(\d{4}) (\d{4})$/).slice(1).join("");
  };
  const first = await code();
  await audit(admin, "staff-rooms-code");

  const screen = await chromiumPerson("Skärmen", { hz: 440, cameras: 4 });
  t.after(() => screen.close());
  await screen.open(`${desk.server.origin}/room`);
  await screen.waitFor("[data-testid=page-enrol]", PATIENT);
  await enrol(screen, first);
  await toTheBoard(screen);
  await screen.sees(/Hälsorummet Ammarnäs/);
  await admin.waitFor(`${card} [data-testid=device]`, PATIENT);
  await until("a code that was used is shown no more", () =>
    admin.evaluate((c) => document.querySelector(`${c} [data-testid=screen-code]`) === null, card), PATIENT);
  await audit(admin, "staff-rooms-connected");

  await press(admin, "revoke", card);
  await audit(admin, "staff-rooms-revoke");
  await press(admin, "revoke-yes", card);
  await until("the room has no screen", () => admin.evaluate((c) => document.querySelector(`${c} [data-testid=device]`) === null, card));
  await screen.sees(/Skärmen är bortkopplad/, PATIENT);
  await screen.page.click("[data-testid=again]");
  await screen.waitFor("[data-testid=page-enrol]", PATIENT);
  const second = await code();
  assert.notEqual(second, first);
  await enrol(screen, second);
  await toTheBoard(screen);
  await admin.waitFor(`${card} [data-testid=device]`, PATIENT);

  // Another room, and a phone that is held at arm's length.
  await admin.page.fill("[data-testid=place-name]", "Hälsorummet Adak");
  await admin.page.keyboard.press("Enter");
  await admin.waitFor('[data-place="Hälsorummet Adak"]');
  await admin.page.setViewportSize({ width: 360, height: 740 });
  await audit(admin, "staff-rooms-phone");
  await press(admin, "tab-figures");
  await admin.waitFor("[data-testid=figures-told] h2");
  assert.equal(await admin.evaluate(() => document.querySelector("[data-testid=trouble]")), null);
});
