// SPDX-License-Identifier: EUPL-1.2
// A patient shows an e-ID at a real OpenID Connect provider: the whole way with a browser, and what
// must not get in, request by request.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { audit, DARK, PHONE } from "./lib/audit.mjs";
import { bookVisit, clinician, end, enter, openDesk, patient, press } from "./lib/desk.mjs";
import { Idp } from "./lib/idp.mjs";
import { Redirected, withArgument } from "./lib/redirected.mjs";
import { ARTIFACTS } from "./lib/server.mjs";
import { until } from "./lib/until.mjs";

const ADDRESS = "10.77.0.1";
const PATIENT = { timeout: 90000 };
const ELSA = { role: "patient", name: "Elsa", phone: "+46705551234", language: "sv" };
const NUMBER = "191212121212";
const CLAIM = "https://id.oidc.se/claim/personalIdentityNumber";
const NAME = "Elsa Maria Ek";

let desk;
let idp;

before(async () => {
  const origin = `https://${ADDRESS}:8443`;
  idp = new Idp({ address: ADDRESS, redirect: `${origin}/auth/eid/callback`, back: origin });
  await idp.start();
  idp.people.set("elsa", { name: NAME, [CLAIM]: NUMBER });
  idp.people.set("bertil", { name: "Bertil Berg", [CLAIM]: "201212121212" });
  idp.people.set("nameless", { [CLAIM]: NUMBER });
  desk = await openDesk({ args: ["--eid-issuer", idp.issuer, "--eid-ca", idp.cert, "--eid-secret-file", idp.secretFile,
    "--eid-scopes", "openid person", "--eid-acr", "loa3"] });
  want("A");
});

after(async () => {
  await desk?.close();
  await idp?.close();
});

function ask(sql, ...values) {
  const code = `import json, sqlite3, sys
db = sqlite3.connect(sys.argv[1], timeout=10)
rows = db.execute(sys.argv[2], sys.argv[3:]).fetchall()
db.commit()
print(json.dumps(rows))`;
  return JSON.parse(execFileSync("python3", ["-c", code, join(desk.server.data, "vidd.db"), sql, ...values], { encoding: "utf8" }));
}

function want(minimum) {
  ask("UPDATE unit SET minimum_assurance = ?, phone = ?", minimum, "0951-123 45");
}

/** What is on record of that kind, of this visit, oldest first. */
function recorded(visit, action) {
  return ask("SELECT record FROM audit ORDER BY seq").map(([record]) => JSON.parse(record))
    .filter((record) => record.consultation === visit.id && record.action === action);
}

const book = (more = {}) => bookVisit(desk.rest, "E-legitimation", [ELSA], more);
const assuranceOf = (visit) => ask("SELECT assurance FROM participant WHERE id = ?", visit.participants[0].id)[0][0];

/** The way of a patient's browser, without its page. */
class Browser extends Redirected {
  async begin(visit) {
    return this.go(`${desk.server.origin}/auth/eid`, {
      method: "POST", headers: { authorization: `Bearer ${visit.participants[0].token}` },
    });
  }

  async toAnswer(visit, who, change = (url) => url) {
    idp.who = who;
    const answer = await this.begin(visit);
    assert.equal(answer.status, 200, answer.body);
    return this.follow(change(JSON.parse(answer.body).url), `${desk.server.origin}/auth/eid/callback`);
  }
}

async function fails(problem, who, { visit, change, answer = (url) => url, by } = {}) {
  const of = visit ?? await book();
  const browser = new Browser();
  const url = answer(await browser.toAnswer(of, who, change));
  const end = await (by ?? browser).go(url);
  assert.equal(end.location, `${desk.server.origin}/eid?problem=${problem}`);
  assert.equal(assuranceOf(of), "none");
  return of;
}

test("the way begins with the link's token in a header alone, and a cookie", async () => {
  const visit = await book();
  const answer = await new Browser().begin(visit);
  const sent = new URL(JSON.parse(answer.body).url);
  assert.equal(sent.origin, idp.issuer);
  assert.equal(sent.searchParams.get("code_challenge_method"), "S256");
  assert.equal(sent.searchParams.get("acr_values"), "loa3");
  assert.match(sent.searchParams.get("nonce"), /^[\w-]{43}$/);
  assert.ok(!sent.href.includes(visit.participants[0].token));
  assert.match(answer.headers["set-cookie"][0],
    /^__Host-vidd-eid=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=600$/);
  const other = await bookVisit(desk.rest, "Närstående", [ELSA, { role: "relative", name: "Karin" }]);
  assert.equal((await new Browser().begin({ participants: [other.participants[1]] })).status, 409, "patients alone");
  for (const authorization of ["", "Bearer nobodys-token-000000000"])
    assert.equal((await new Browser().go(`${desk.server.origin}/auth/eid`, { method: "POST", headers: { authorization } })).status, 401);
});

test("who shows an e-ID is A, once, and what is kept says so", async () => {
  const visit = await book({ patient_ref: `urn:oid:1.2.752.129.2.1.3.1|${NUMBER}` });
  const browser = new Browser();
  const url = await browser.toAnswer(visit, "elsa");
  const cookies = new Map(browser.jar(desk.server.origin));
  const end = await browser.go(url);
  assert.equal(end.location, `${desk.server.origin}/eid`);
  assert.match(end.headers["set-cookie"][0], /^__Host-vidd-eid=; .*Max-Age=0$/);
  await until("it is kept", () => assuranceOf(visit) === "A");
  const [begun] = recorded(visit, "eid-begin");
  assert.equal(begun.result, "ok");
  const [record] = recorded(visit, "visit-identified");
  assert.equal(record.result, "ok");
  assert.equal(record.assurance, "A");
  assert.equal(record.acr, "loa3");
  assert.equal(record.subject, visit.participants[0].id);
  // The booking's own patient_ref is there as of everything; the name is not.
  assert.doesNotMatch(JSON.stringify(record), /Elsa|Maria/);
  browser.jars.set(desk.server.origin, cookies);
  assert.match((await browser.go(url)).location, /problem=login-state$/, "an answer is good once");
});

test("an answer with another state, without a cookie or of another browser is refused", async () => {
  await fails("login-state", "elsa", { answer: (url) => withArgument(url, "state", "A".repeat(43)) });
  await fails("login-state", "elsa", { answer: (url) => withArgument(url, "state", null) });
  await fails("login-state", "elsa", { by: new Browser() });
  // Another patient's browser, in a way of its own: neither is who the other is.
  const other = new Browser();
  const others = await book();
  await other.begin(others);
  await fails("login-state", "elsa", { by: other });
  assert.equal(assuranceOf(others), "none");
});

test("what is not to be trusted, too weak, cancelled or of another person is refused and on record", async () => {
  await fails("login-bad", "elsa", { change: (url) => withArgument(url, "nonce", "another") });
  await fails("login-nameless", "nameless");
  idp.acr = "loa2";
  const weak = await fails("login-weak", "elsa").finally(() => { idp.acr = "loa3"; });
  idp.refuses = true;
  const refused = await fails("login-refused", "elsa").finally(() => { idp.refuses = false; });
  const visit = await book({ patient_ref: "19121212-1212" });
  await fails("login-other", "bertil", { visit });
  for (const [of, reason] of [[weak, "login-weak"], [refused, "login-refused"], [visit, "login-other"]]) {
    const [record] = await until("it is on record", () => {
      const found = recorded(of, "visit-identified");
      return found.length > 0 && found;
    });
    assert.equal(record.result, "denied");
    assert.equal(record.reason, reason);
  }
});

test("a visit that is over is nobody's to identify for", async () => {
  const visit = await book();
  const browser = new Browser();
  const url = await browser.toAnswer(visit, "elsa");
  await desk.rest("POST", `consultations/${visit.id}/end`, { outcome: "solved" });
  assert.match((await browser.go(url)).location, /problem=login-over$/);
});

test("a patient waits, cancels once, identifies, keeps the place, and is let in", async (t) => {
  const visit = await book();
  idp.who = "elsa";
  const [anna, elsa, colleague] = await Promise.all([clinician(t, desk), patient(t, visit, "Elsa", { context: PHONE }),
    clinician(t, desk, "Erik", "erik")]);
  await elsa.waitFor("[data-testid=wait-lacks][data-lacks=e-id]", PATIENT);
  await elsa.waitFor("[data-testid=identify]", PATIENT);
  await audit(elsa, "eid-waiting");
  await elsa.page.emulateMedia(DARK);
  await audit(elsa, "eid-waiting-dark");
  const row = `[data-testid=row][data-visit="${visit.id}"]`;
  await colleague.waitFor(`${row} [data-testid=row-lacks][data-lacks=e-id]`, PATIENT);
  await enter(anna, visit);
  await anna.waitFor("[data-testid=lacks][data-lacks=e-id]", PATIENT);

  idp.refuses = true;
  await elsa.click("[data-testid=identify]");
  await elsa.waitFor("[data-testid=identify-problem][data-problem=login-refused]", PATIENT);
  await audit(elsa, "eid-cancelled-dark");
  await elsa.page.emulateMedia({ colorScheme: "light" });
  await audit(elsa, "eid-cancelled");

  idp.refuses = false;
  await elsa.click("[data-testid=identify]");
  await anna.sees(new RegExp(`Legitimerad som ${NAME}`), PATIENT);
  await elsa.waitFor("[data-testid=wait-queue]", PATIENT);
  assert.ok(elsa.page.url().endsWith(`/#${visit.participants[0].token}`), "it is the page of the link again");
  await audit(elsa, "eid-done");
  await audit(anna, "eid-staff-door");
  // A colleague at the day reads it too, in the row and in the queue above it.
  for (const where of [row, "[data-testid=queued]"]) {
    await colleague.waitFor(`${where} [data-testid=row-identified]`, PATIENT);
  }
  await colleague.sees(new RegExp(`Legitimerad som ${NAME}`), PATIENT);
  await audit(colleague, "eid-staff-day");
  await press(anna, "admit");
  await elsa.waitFor("[data-testid=called-in]", PATIENT);
  await end(anna, "solved");
  await colleague.waitFor(`${row} [data-state=ended]`, PATIENT);
  assert.equal(await colleague.page.getByText(NAME).count(), 0, "the name is gone when the visit is over");

  const log = readFileSync(desk.server.log.path, "utf8");
  for (const secret of [NUMBER, "Maria", visit.participants[0].token]) assert.ok(!log.includes(secret), "no secret is logged");
});

test("in a tab that nobody waits in it is said where to go", async (t) => {
  const visit = await book();
  const elsa = await patient(t, visit, "Elsa", { context: PHONE });
  for (const [path, sees] of [["/eid", /Du har legitimerat dig/], ["/eid?problem=login-state", /blev inte klar/]]) {
    const page = await elsa.page.context().newPage();
    await page.goto(`${desk.server.origin}${path}`);
    await page.waitForFunction((source) => new RegExp(source).test(document.body.innerText), sees.source);
    assert.equal(await page.locator("h1:visible").count(), 1);
    await page.screenshot({ path: join(ARTIFACTS, `eid-tab-${path.includes("?") ? "failed" : "done"}.png`) });
    await page.close();
  }
});

test("an e-ID is offered beside a code", async (t) => {
  want("B");
  t.after(() => want("A"));
  idp.who = "elsa";
  const visit = await book();
  const elsa = await patient(t, visit, "Elsa", { context: PHONE });
  await elsa.waitFor("[data-testid=page-code]", PATIENT);
  await elsa.waitFor("[data-testid=identify]", PATIENT);
  await audit(elsa, "eid-beside-code");
  await elsa.click("[data-testid=identify]");
  await elsa.waitFor("[data-testid=page-waiting]", PATIENT);
});
