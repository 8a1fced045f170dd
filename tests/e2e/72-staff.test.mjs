// SPDX-License-Identifier: EUPL-1.2
// The clinician at /staff: logging in, the list and the live queue with each link, letting in and
// putting back, the end of a visit and the next one.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { audit } from "./lib/audit.mjs";
import { chromiumPerson, startChromium } from "./lib/chromium.mjs";
import { actOn, bookVisit, end, enter, logIn, press, staffSession } from "./lib/desk.mjs";
import { startServer } from "./lib/server.mjs";
import { pause, until } from "./lib/until.mjs";

let server;
let clinic;
let rest;

before(async () => {
  server = await startServer();
  clinic = await startChromium({ hz: 770 });
  rest = await staffSession(server);
});

after(async () => {
  await clinic.close();
  const end = await server.stop();
  assert.equal(end.code, 0, "the server ends in order at SIGTERM");
});

async function clinician(t, name = "Anna", user = "anna") {
  const person = await clinic.person(name);
  t.after(() => person.close());
  await logIn(person, server, user);
  return person;
}

async function patient(t, name, visit, options = {}) {
  const person = await chromiumPerson(name, { hz: 440, ...options });
  t.after(() => person.close());
  await person.join(visit.participants[0].link);
  return person;
}

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
  const anna = await clinic.person("Anna");
  t.after(() => anna.close());
  await anna.open(`${server.origin}/staff`);
  await anna.waitFor("[data-testid=page-login]");
  await audit(anna, "staff-login");
  await anna.page.fill("#username", "anna");
  await anna.page.fill("#password", "not it");
  await anna.click("[data-testid=log-in]");
  await anna.sees(/Fel användarnamn eller lösenord/);
  await anna.page.fill("#password", server.demo.password);
  await anna.click("[data-testid=log-in]");
  await anna.waitFor("[data-testid=page-day]");
  await anna.page.reload();
  await anna.waitFor("[data-testid=page-day]");
  await press(anna, "log-out");
  await anna.waitFor("[data-testid=page-login]");
  await anna.page.reload();
  await anna.waitFor("[data-testid=page-login]");
});

test("two visits after each other: the queue, in, back, on hold, in again, the end", async (t) => {
  const first = await bookVisit(rest, "Återbesök", ["Elsa"]);
  const anna = await clinician(t);
  await anna.sees(/Återbesök/);
  await anna.sees(/Ingen väntar/);
  await audit(anna, "staff-day");

  const elsa = await patient(t, "Elsa", first);
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
  const over = await rest("GET", `consultations/${first.id}`);
  assert.deepEqual([over.state, over.outcome], ["ended", "solved"]);
  await anna.waitFor(`${row}:not(:has([data-testid=enter]))`);
  await audit(anna, "staff-day-ended");
  await elsa.close();

  // The next one, in the same page.
  const second = await bookVisit(rest, "Sårkontroll", ["Nils"]);
  const nils = await patient(t, "Nils", second, { hz: 560 });
  await enter(anna, second);
  await press(anna, "admit");
  await both(anna, nils);
  await end(anna, "physical-visit", "examination");
  await anna.sees(/Sårkontroll är avslutat: Behöver fysiskt besök/);
  const after = await rest("GET", `consultations/${second.id}`);
  assert.deepEqual([after.outcome, after.outcome_reason], ["physical-visit", "examination"]);
});
