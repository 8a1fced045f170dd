// SPDX-License-Identifier: EUPL-1.2
// Staff log in at a real OpenID Connect provider: the way there and back, what must not get in, and
// how it ends.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { Idp } from "./lib/idp.mjs";
import { Redirected, withArgument } from "./lib/redirected.mjs";
import { ROOT, Server, request } from "./lib/server.mjs";

const ADDRESS = "10.77.0.1";
let idp;
let server;
let unit;

const ONE = { name: "Anna Berg", employeeHsaId: "SE-ANNA", commissionHsaId: "SE-LYCKSELE", commissionName: "Läkare",
  commissionPurpose: "Vård och behandling", healthCareProviderHsaId: "SE-REGION" };

function vidd(...args) {
  return execFileSync(join(ROOT, "build/server/vidd"), ["--data", server.data, ...args], { encoding: "utf8" }).trim();
}

before(async () => {
  const origin = `https://${ADDRESS}:8443`;
  idp = new Idp({ address: ADDRESS, redirect: `${origin}/auth/callback`, back: `${origin}/staff` });
  await idp.start();
  server = new Server({ address: ADDRESS, args: ["--oidc-issuer", idp.issuer, "--oidc-ca", idp.cert,
    "--oidc-secret-file", idp.secretFile, "--oidc-scopes", "openid commission", "--oidc-acr", "loa3 loa4",
    "--oidc-duties", "Vård och behandling=clinician;Administration=administrator"] });
  await server.start();
  unit = vidd("--make-unit", "Lycksele", "--hsa-id", "SE-LYCKSELE", "--provider", "Region", "--provider-hsa-id", "SE-REGION");
  vidd("--make-unit", "Sorsele", "--hsa-id", "SE-SORSELE", "--provider", "Region", "--provider-hsa-id", "SE-REGION");
  idp.people.set("anna", ONE);
  idp.people.set("two", { ...ONE, employeeHsaId: "SE-TWO", commissionHsaId: ["SE-LYCKSELE", "SE-SORSELE", "SE-ELSEWHERE"],
    commissionName: ["Läkare", "Chef", "Läkare"],
    commissionPurpose: ["Vård och behandling", "Administration", "Vård och behandling"],
    healthCareProviderHsaId: ["SE-REGION", "SE-REGION", "SE-REGION"] });
  idp.people.set("elsewhere", { ...ONE, employeeHsaId: "SE-X", commissionHsaId: "SE-ELSEWHERE" });
  idp.people.set("nameless", { name: "X" });
});

after(async () => {
  await server?.stop();
  await idp?.close();
});

/** A browser of somebody of the staff. */
class Browser extends Redirected {
  /** From /auth/oidc to the provider's answer: the address that the browser is sent back to. */
  async toAnswer(who, change = (url) => url) {
    idp.who = who;
    const answer = await this.go(`${server.origin}/auth/oidc`);
    assert.equal(answer.status, 302, answer.body);
    this.began = answer;
    return this.follow(change(answer.location), `${server.origin}/auth/callback`);
  }

  async logIn(who, change) {
    return this.go(await this.toAnswer(who, change));
  }

  async api(method, path, body) {
    const answer = await this.go(`${server.origin}/api/v1/${path}`, {
      method, body: body && JSON.stringify(body),
      headers: { ...(this.csrf && { "x-vidd-csrf": this.csrf }), ...(body && { "content-type": "application/json" }) },
    });
    const data = answer.body ? JSON.parse(answer.body) : null;
    if (data?.csrf) this.csrf = data.csrf;
    return { status: answer.status, headers: answer.headers, body: data };
  }
}

async function fails(problem, who, { change, answer = (url) => url, browser = new Browser() } = {}) {
  const end = await browser.go(answer(await browser.toAnswer(who, change)));
  assert.equal(end.status, 302);
  assert.equal(end.location, `${server.origin}/staff?problem=${problem}`);
  assert.equal((await browser.api("GET", "session")).status, 401);
}

test("the browser is sent with PKCE, state, nonce and the level asked for", async () => {
  const browser = new Browser();
  const { location, headers } = await browser.go(`${server.origin}/auth/oidc?next=https://evil.example/`);
  const sent = new URL(location);
  assert.equal(sent.origin, idp.issuer);
  const get = (name) => sent.searchParams.get(name);
  assert.equal(get("response_type"), "code");
  assert.equal(get("code_challenge_method"), "S256");
  assert.match(get("code_challenge"), /^[\w-]{43}$/);
  assert.match(get("state"), /^[\w-]{43}$/);
  assert.match(get("nonce"), /^[\w-]{43}$/);
  assert.equal(get("redirect_uri"), `${server.origin}/auth/callback`);
  assert.equal(get("scope"), "openid commission");
  assert.equal(get("acr_values"), "loa3 loa4");
  assert.doesNotMatch(location, /evil/);
  const [cookie] = headers["set-cookie"];
  assert.match(cookie, /^__Host-vidd-login=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=600$/);
  assert.equal(headers["cache-control"], "no-store");
});

test("somebody with one commission is in it at once", async () => {
  const browser = new Browser();
  const end = await browser.logIn("anna");
  assert.equal(end.status, 302);
  assert.equal(end.location, `${server.origin}/staff`);
  const cookies = end.headers["set-cookie"];
  assert.match(cookies[0], /^__Host-vidd-login=; .*Max-Age=0$/);
  assert.match(cookies[1], /^__Host-vidd=[\w-]{22}; Path=\/; Secure; HttpOnly; SameSite=Lax$/);
  const { body } = await browser.api("GET", "session");
  assert.equal(body.staff.name, "Anna Berg");
  assert.equal(body.acr, "loa3");
  assert.equal(body.commission.duty, "clinician");
  assert.deepEqual(body.commission.unit, { id: unit, name: "Lycksele" });
  assert.equal(body.commission.provider.name, "Region");
  assert.equal((await browser.api("POST", "tickets")).status, 200);
});

test("somebody with several chooses one, once per session", async () => {
  const browser = new Browser();
  await browser.logIn("two");
  const { body } = await browser.api("GET", "session");
  assert.equal(body.commission, null);
  assert.deepEqual(body.commissions.map((c) => [c.unit.name, c.duty]), [["Lycksele", "clinician"], ["Sorsele", "administrator"]]);
  assert.equal((await browser.api("POST", "tickets")).body.code, "not-allowed");
  assert.equal((await browser.api("GET", "keys")).body.code, "not-allowed");
  const chosen = await browser.api("PUT", "session/commission", { commission: body.commissions[1].id });
  assert.equal(chosen.status, 200);
  assert.equal(chosen.body.commission.duty, "administrator");
  assert.equal((await browser.api("GET", "keys")).status, 200);
  const again = await browser.api("PUT", "session/commission", { commission: body.commissions[0].id });
  assert.equal(again.body.code, "commission-chosen");
  // Another login, another choice.
  const other = new Browser();
  await other.logIn("two");
  assert.equal((await other.api("GET", "session")).body.commission, null);
});

test("claims may stand in userinfo alone", async (t) => {
  idp.useUserinfo(true);
  t.after(() => idp.useUserinfo(false));
  const browser = new Browser();
  assert.equal((await browser.logIn("anna")).location, `${server.origin}/staff`);
  assert.equal((await browser.api("GET", "session")).body.commission.unit.name, "Lycksele");
});

test("an answer with another state, without a cookie or of another browser is refused", async () => {
  await fails("login-state", "anna", { answer: (url) => withArgument(url, "state", "A".repeat(43)) });
  await fails("login-state", "anna", { answer: (url) => withArgument(url, "state", null) });
  await fails("login-state", "anna", { answer: (url) => `${url}&state=x` });
  await fails("login-state", "anna", { answer: (url) => withArgument(url, "error", "x") }); // and a code
  const stranger = new Browser();
  const answer = await new Browser().toAnswer("anna");
  assert.match((await stranger.go(answer)).location, /problem=login-state$/);
  // The victim's browser is in a login of its own; the answer is the attacker's.
  const victim = new Browser();
  await victim.go(`${server.origin}/auth/oidc`);
  const attackers = await new Browser().toAnswer("anna");
  assert.match((await victim.go(attackers)).location, /problem=login-state$/);
  assert.equal((await victim.api("GET", "session")).status, 401);
});

test("an answer is good once", async () => {
  const browser = new Browser();
  const url = await browser.toAnswer("anna");
  const cookies = new Map(browser.jar(server.origin));
  assert.equal((await browser.go(url)).location, `${server.origin}/staff`);
  browser.jars.set(server.origin, cookies);
  assert.match((await browser.go(url)).location, /problem=login-state$/);
});

test("a token for another nonce is refused", async () => {
  await fails("login-bad", "anna", { change: (url) => withArgument(url, "nonce", "another") });
});

test("a code for another challenge is refused", async () => {
  await fails("login-refused", "anna", { change: (url) => withArgument(url, "code_challenge", "A".repeat(43)) });
});

test("a made-up code is refused, and an answer of another provider", async () => {
  await fails("login-refused", "anna", { answer: (url) => withArgument(url, "code", "made-up") });
  await fails("login-bad", "anna", { answer: (url) => withArgument(url, "iss", "https://idp.example/") });
  await fails("login-bad", "anna", { answer: (url) => withArgument(url, "iss", null) });
});

test("who cancels at the provider is not in", async (t) => {
  idp.refuses = true;
  t.after(() => { idp.refuses = false; });
  await fails("login-refused", "anna");
});

test("a login that is not sure enough is refused", async (t) => {
  idp.acr = "loa2";
  t.after(() => { idp.acr = "loa3"; });
  await fails("login-weak", "anna");
});

test("without a commission here, or a name, nobody is in", async () => {
  await fails("login-no-commission", "elsewhere");
  await fails("login-nameless", "nameless");
});

test("keys that the provider rotates in the middle are fetched, but not again and again", async () => {
  const browser = new Browser();
  idp.who = "anna";
  const url = await browser.toAnswer("anna");
  idp.rotate();
  assert.equal((await browser.go(url)).location, `${server.origin}/staff`);
  assert.equal((await new Browser().logIn("anna")).location, `${server.origin}/staff`);
  // Within the minute a token of a key nobody knows costs the provider no further question.
  const known = idp.key;
  idp.rotate();
  await fails("login-bad", "anna");
  idp.key = known;
  idp.provider = idp.makeProvider();
  assert.equal((await new Browser().logIn("anna")).location, `${server.origin}/staff`);
});

test("a session that an administrator ends is over", async () => {
  const browser = new Browser();
  await browser.logIn("anna");
  const { body } = await browser.api("GET", "session");
  execFileSync(join(ROOT, "build/server/vidd"), ["--data", server.data, "--make-account", "chef", "--unit", unit],
    { input: "renar i snön 7\n" });
  const admin = new Browser();
  assert.equal((await admin.api("POST", "session", { username: "chef", password: "renar i snön 7" })).status, 200);
  assert.equal((await admin.api("DELETE", `accounts/${body.staff.id}/sessions`)).status, 204);
  assert.equal((await browser.api("GET", "session")).body.code, "session-missing");
  // Disabled, the provider's word is not enough any more.
  assert.equal((await admin.api("PATCH", `accounts/${body.staff.id}`, { state: "disabled" })).status, 204);
  await fails("login-disabled", "anna");
  assert.equal((await admin.api("PATCH", `accounts/${body.staff.id}`, { state: "active" })).status, 204);
});

test("logging out ends the session here and leads to the provider's logout", async () => {
  const browser = new Browser();
  await browser.logIn("anna");
  await browser.api("GET", "session");
  const gone = await browser.api("DELETE", "session");
  assert.equal(gone.status, 200);
  const logout = new URL(gone.body.logout);
  assert.equal(logout.origin, idp.issuer);
  assert.equal(logout.searchParams.get("post_logout_redirect_uri"), `${server.origin}/staff`);
  assert.equal((await browser.go(logout.href)).status, 200);
  assert.equal((await browser.api("GET", "session")).status, 401);
});

test("a provider that is away holds up nobody else", async (t) => {
  const url = await new Browser().toAnswer("anna");
  const browser = new Browser();
  await browser.toAnswer("anna");
  await idp.stop();
  t.after(() => idp.start());
  assert.match((await browser.go(url)).location, /problem=login-state$/);
  const waiting = new Browser();
  const answer = waiting.go(`${server.origin}/auth/oidc`); // its document is known for an hour
  assert.equal((await request(`${server.origin}/readyz`)).status, 200);
  assert.equal((await answer).status, 302);
  idp.who = "anna";
  const login = new URL((await answer).location).searchParams.get("state");
  assert.match((await waiting.go(`${server.origin}/auth/callback?code=x&state=${login}&iss=${encodeURIComponent(idp.issuer)}`)).location,
    /problem=login-away$/);
});

test("a provider whose certificate or issuer is another is not asked", async () => {
  for (const [args, event] of [[["--oidc-issuer", idp.issuer], "oidc-away"],
    [["--oidc-issuer", `${idp.issuer}/.`, "--oidc-ca", idp.cert], "oidc-"]]) {
    const other = new Server({ address: ADDRESS, port: 8444, mediaPort: 10100, args });
    await other.start();
    const { location } = await new Browser().go(`${other.origin}/auth/oidc`);
    assert.equal(location, `${other.origin}/staff?problem=login-away`);
    const path = other.log.path;
    await other.stop();
    assert.match(readFileSync(path, "utf8"), new RegExp(`event=${event}`));
  }
});

test("other algorithms, and a client without a secret", async () => {
  for (const [alg, secret] of [["ES256", ""], ["PS256", "provhemlighet"]]) {
    const origin = `https://${ADDRESS}:8445`;
    const other = new Idp({ address: ADDRESS, port: 9445, redirect: `${origin}/auth/callback`, back: `${origin}/staff`, alg, secret });
    const vidd2 = new Server({ address: ADDRESS, port: 8445, mediaPort: 10200, args: ["--oidc-issuer", other.issuer,
      "--oidc-ca", other.cert, "--oidc-scopes", "openid commission", ...(secret ? ["--oidc-secret-file", other.secretFile] : [])] });
    await other.start();
    await vidd2.start();
    try {
      // The demo's own unit.
      other.people.set("anna", { ...ONE, commissionHsaId: "SE0000000000-DEMO", healthCareProviderHsaId: "SE0000000000-DEMOP" });
      other.who = "anna";
      const browser = new Browser();
      let url = `${vidd2.origin}/auth/oidc`;
      for (let i = 0; i < 8 && !url.startsWith(`${vidd2.origin}/staff`); i++) url = (await browser.go(url)).location;
      assert.equal(url, `${vidd2.origin}/staff`, alg);
    } finally {
      await vidd2.stop();
      await other.close();
    }
  }
});

test("no code, token, secret or name is logged", async () => {
  const browser = new Browser();
  const url = new URL(await browser.toAnswer("anna"));
  await browser.go(url.href);
  const { body } = await browser.api("GET", "session");
  const log = readFileSync(server.log.path, "utf8");
  for (const secret of [url.searchParams.get("code"), url.searchParams.get("state"), body.csrf, "Anna", "SE-ANNA",
    idp.secret, browser.jar(server.origin).get("__Host-vidd")])
    assert.ok(!log.includes(secret), secret);
});
