// SPDX-License-Identifier: EUPL-1.2
// One visit from booking to extract, as it is meant: a booking system books it, a patient, a clinician,
// an interpreter and a relative meet in four browsers, the clinician ends it with an outcome, and the
// audit trail tells afterwards who did what. Everything is pressed on the pages as they are.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { test } from "node:test";

import { audit } from "./lib/audit.mjs";
import { logIn } from "./lib/desk.mjs";
import { arrive, serverOfFile } from "./lib/file.mjs";
import { ROOT, request } from "./lib/server.mjs";
import { came } from "./lib/wire.mjs";

const PATIENT_REF = "booking-4711";
const PHONE = "+46705551234";
const ELSA = { hz: 440 };
const ANNA = { hz: 770 };
const OMAR = { hz: 1100 };
const KARIN = { hz: 1540 };

const server = serverOfFile();

async function api(method, path, body, more = {}) {
  const answer = await request(`${server.origin}/api/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${server.demo.api_key}`, "content-type": "application/json", ...more },
    body: body && JSON.stringify(body),
  });
  assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.body}`);
  return answer.body === "" ? null : JSON.parse(answer.body);
}

function vidd(...args) {
  return execFileSync(join(ROOT, "build/server/vidd"), args, { encoding: "utf8" });
}

/** Everybody hears each of the others and sees all of them. */
async function allMeet(people) {
  await Promise.all(people.map(async (person) => {
    for (const other of people) if (other !== person) await person.hearsTone(other.hz, { timeout: 60000 });
    await person.seesMovingPictures(people.length - 1, { timeout: 60000 });
  }));
}

test("a visit from booking to outcome and audit extract, in four browsers", async (t) => {
  // Booked as a booking system would, with the key of an idempotent request sent twice.
  const { units } = await api("GET", "units");
  const booking = {
    unit: units[0].id, title: "Uppföljning", planned: new Date().toISOString(), minutes: 30, patient_ref: PATIENT_REF,
    needs_interpreter: true,
    participants: [
      { role: "patient", name: "Elsa", phone: PHONE, language: "sv" },
      { role: "interpreter", name: "Omar", language: "ar" },
    ],
  };
  const key = { "idempotency-key": randomUUID() };
  const made = await api("POST", "consultations", booking, key);
  assert.equal((await api("POST", "consultations", booking, key)).id, made.id, "booked once");
  const [toElsa, toOmar] = made.participants.map((p) => p.link);
  await api("POST", `consultations/${made.id}/messages`, { participant: made.participants[0].id, kind: "invitation" });

  const anna = await arrive(t, "Anna", ANNA);
  await logIn(anna, server);
  const row = `[data-testid=row][data-visit="${made.id}"]`;
  await anna.waitFor(row);
  await audit(anna, "staff-day");

  // The patient waits; the clinician goes in and is told that the interpreter is missing.
  const elsa = await arrive(t, "Elsa", ELSA);
  await elsa.join(toElsa);
  await elsa.waitFor("[data-testid=page-waiting]");
  await anna.waitFor(`${row}[data-waiting=true]`);
  await anna.click(`${row} [data-testid=enter]`);
  await anna.waitFor("[data-testid=page-call]");
  await anna.waitFor("[data-testid=interpreter-missing]");

  const omar = await arrive(t, "Omar", OMAR);
  await omar.join(toOmar);
  await omar.waitFor("[data-testid=interpreter-number]");
  await omar.page.fill("[data-testid=interpreter-number]", "12345");
  await omar.click("[data-testid=number-send]");
  // The first who is in changes the whole stage, with what was to press on it.
  await anna.press(/Släpp in Omar/);
  await anna.waitFor(`[data-testid=here][data-participant="${made.participants[1].id}"]`);
  await anna.press(/Släpp in Elsa/);
  await elsa.waitFor("[data-testid=called-in]");
  await elsa.click("[data-testid=called-in-seen]");
  await allMeet([elsa, anna, omar]);

  // The patient asks for a relative, the clinician agrees, the patient has the link to pass on.
  await elsa.click("[data-testid=more]");
  await elsa.click("[data-testid=invite]");
  await elsa.page.fill("[data-testid=invite-name]", "Karin");
  await elsa.click("[data-testid=invite-send]");
  await anna.waitFor("[data-testid=card-accept]");
  await audit(anna, "staff-call");
  await anna.click("[data-testid=card-accept]");
  await elsa.waitFor("[data-testid=qr]");
  const toKarin = (await came(elsa, "invite")).at(-1).link;
  await elsa.page.keyboard.press("Escape");

  const karin = await arrive(t, "Karin", KARIN);
  await karin.join(toKarin);
  await karin.waitFor("[data-testid=page-waiting]");
  await anna.press(/Släpp in Karin/);
  await allMeet([elsa, anna, omar, karin]);
  await anna.screenshot("whole-visit-clinician");
  await elsa.screenshot("whole-visit-patient");

  await anna.click("[data-testid=end-button]");
  await anna.click("[data-testid=outcome-physical-visit]");
  await anna.click("[data-testid=outcome-reason-examination]");
  await audit(anna, "staff-end");
  await anna.click("[data-testid=end-go]");
  for (const person of [elsa, omar, karin]) await person.sees(/Samtalet är avslutat/);
  await anna.waitFor("[data-testid=told-ended]");
  await anna.waitFor(row);
  await elsa.screenshot("whole-visit-ended");

  const over = await api("GET", `consultations/${made.id}`);
  assert.deepEqual([over.state, over.outcome, over.outcome_reason],
    ["ended", "physical-visit", "examination"]);

  // What is on record: whole, in order, without a name or number of the patient.
  const data = ["--data", server.data];
  assert.match(vidd("audit", "verify", ...data), /The audit trail is whole/);
  const extract = JSON.parse(vidd("audit", "extract", ...data, "--patient", PATIENT_REF, "--format", "json", "--language", "en"));
  t.diagnostic(extract.rows.map((r) => `${r.unit || "-"}: ${r.what}`).join("; "));
  const told = new Set(extract.rows.map((r) => r.action));
  for (const action of ["consultation-create", "message-send", "consultation-enter", "visit-present", "visit-admitted",
    "visit-interpreter", "participant-add", "visit-ended"]) assert.ok(told.has(action), action);
  for (const { action, what } of extract.rows) assert.notEqual(action, what, "told in words");
  assert.doesNotMatch(JSON.stringify(extract), /Elsa|Karin|Omar|5551234/);
});
