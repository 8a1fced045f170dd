// SPDX-License-Identifier: EUPL-1.2
// The clinician at /staff: logging in, the list and the live queue with each link, letting in and
// putting back, the end of a visit and the next one.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { audit } from "./lib/audit.mjs";
import { actOn, bookVisit, clinician, end, enter, openDesk, patient, press } from "./lib/desk.mjs";
import { pause, until } from "./lib/until.mjs";

let desk;

before(async () => {
  desk = await openDesk();
});

after(() => desk.close());

const both = (anna, elsa) => Promise.all([
  anna.seesMovingPictures(1), elsa.seesMovingPictures(1), anna.hearsTone(elsa.hz), elsa.hearsTone(anna.hz),
]);

/** Not a packet of anybody comes, once what was under way has come. */
async function getsNothing(person) {
  const count = async () => {
    const { audioPackets, videoPackets } = await person.totals();
    return audioPackets + videoPackets;
  };
  await until(`${person.name} gets no packets`, async () => {
    const before = await count();
    await pause(1500);
    return (await count()) === before;
  });
}

test("a wrong password is told, and the day needs a log-in", async (t) => {
  const anna = await desk.clinic.person("Anna");
  t.after(() => anna.close());
  await anna.open(`${desk.server.origin}/staff`);
  await anna.waitFor("[data-testid=page-login]");
  await audit(anna, "staff-login");
  await anna.page.fill("#username", "anna");
  await anna.page.fill("#password", "not it");
  await anna.click("[data-testid=log-in]");
  await anna.sees(/Fel användarnamn eller lösenord/);
  await anna.page.fill("#password", desk.server.demo.password);
  await anna.click("[data-testid=log-in]");
  await anna.waitFor("[data-testid=page-day]");
  await anna.page.reload();
  await anna.waitFor("[data-testid=page-day]");
  await press(anna, "log-out");
  await anna.waitFor("[data-testid=page-login]");
  await anna.page.reload();
  await anna.waitFor("[data-testid=page-login]");
});

test("easy Swedish is chosen once, and the day is in it as well", async (t) => {
  const anna = await desk.clinic.person("Anna");
  t.after(() => anna.close());
  await anna.open(`${desk.server.origin}/staff`);
  await anna.waitFor("[data-testid=page-login]");
  await anna.page.getByRole("button", { name: "Lätt svenska" }).click();
  await anna.sees(/Är du patient\? Använd länken i ditt meddelande/);
  await anna.page.reload();
  await anna.sees(/Är du patient\?/);
  await audit(anna, "staff-login-easy");
  await anna.page.fill("#username", "anna");
  await anna.page.fill("#password", desk.server.demo.password);
  await anna.click("[data-testid=log-in]");
  await anna.waitFor("[data-testid=page-day]");
  await anna.sees(/Siffror/);
  await audit(anna, "staff-day-easy");
  assert.equal(await anna.evaluate(() => document.documentElement.lang), "sv", "it is read aloud as Swedish");
});

test("two visits after each other: the queue, in, back, on hold, in again, the end", async (t) => {
  const first = await bookVisit(desk.rest, "Återbesök", ["Elsa"]);
  const anna = await clinician(t, desk);
  await anna.sees(/Återbesök/);
  await anna.sees(/Ingen väntar/);
  await audit(anna, "staff-day");

  const elsa = await patient(t, first);
  await elsa.waitFor("[data-testid=page-waiting]");
  const row = `[data-visit="${first.id}"]`;
  await anna.waitFor(`${row}[data-waiting=true]`);
  await anna.sees(/En väntar/);
  await anna.waitFor(`${row} [data-here=true] .link-words[data-level]`);
  await until("the link is told in numbers", () => anna.evaluate((r) =>
    /upp [\d,]+ .bit\/s/.test(document.querySelector(`${r} .link-numbers`).textContent), row));
  assert.match(await anna.evaluate(() => document.title), /^\(1\) Dagens besök/);
  await audit(anna, "staff-day-waiting");

  await enter(anna, first);
  await anna.sees(/Väntar vid dörren: Elsa/);
  await audit(anna, "staff-door");
  assert.equal(await elsa.hearsNoTone(770, 800), true, "who waits hears nobody");
  await press(anna, "admit");
  await both(anna, elsa);
  await anna.waitFor("[data-testid=link-story][data-reason=fine]");
  await anna.sees(/Från mun till öra: ungefär \d+ ms/);
  await audit(anna, "staff-call");

  await actOn(anna, "Elsa", "put-back");
  await elsa.waitFor("[data-testid=page-waiting]");
  await elsa.sees(/Du står först i kön/);
  await getsNothing(elsa);
  await press(anna, "admit");
  await both(anna, elsa);
  await actOn(anna, "Elsa", "hold");
  await elsa.sees(/Vänta en liten stund/);
  await anna.sees(/på vänt/);
  await getsNothing(anna);
  await press(anna, "admit");
  await both(anna, elsa);

  await press(anna, "end-button");
  await audit(anna, "staff-end");
  await press(anna, "end-close");
  await end(anna, "solved");
  await anna.sees(/Återbesök är avslutat: Klart med videobesöket/);
  await elsa.sees(/Samtalet är avslutat/);
  const over = await desk.rest("GET", `consultations/${first.id}`);
  assert.deepEqual([over.state, over.outcome], ["ended", "solved"]);
  await anna.waitFor(`${row}:not(:has([data-testid=enter]))`);
  await audit(anna, "staff-day-ended");
  await elsa.close();

  // The next one, in the same page.
  const second = await bookVisit(desk.rest, "Sårkontroll", ["Nils"]);
  const nils = await patient(t, second, "Nils", { hz: 560 });
  await enter(anna, second);
  await press(anna, "admit");
  await both(anna, nils);
  await end(anna, "physical-visit", "examination");
  await anna.sees(/Sårkontroll är avslutat: Behöver fysiskt besök/);
  const after = await desk.rest("GET", `consultations/${second.id}`);
  assert.deepEqual([after.outcome, after.outcome_reason], ["physical-visit", "examination"]);
});
