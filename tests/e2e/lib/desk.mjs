// SPDX-License-Identifier: EUPL-1.2
// The staff page as somebody at the clinic uses it; visits made beside it over REST; and people who
// come to them as nothing but a websocket each, so that a full waiting room costs no browser.
import assert from "node:assert/strict";

import { startChromium } from "./chromium.mjs";
import { arrive } from "./file.mjs";
import { request, startServer } from "./server.mjs";
import { until } from "./until.mjs";
import { came } from "./wire.mjs";

/** A server, a browser of those at the clinic, and Anna's session over REST, for the tests of a file;
 * `close` says how the server ended. */
export async function openDesk({ args, cameras } = {}) {
  const server = await startServer(args ? { args } : {});
  const clinic = await startChromium({ hz: 770, ...(cameras ? { cameras } : {}) });
  return {
    server,
    clinic,
    rest: await staffSession(server),
    async close() {
      await clinic.close();
      const { code } = await server.stop();
      assert.equal(code, 0, "the server ends in order at SIGTERM");
    },
  };
}

/** Somebody at the clinic who has logged in and is at the day. */
export async function clinician(t, { clinic, server }, name = "Anna", user = "anna") {
  const person = await clinic.person(name);
  t.after(() => person.close());
  await logIn(person, server, user);
  return person;
}

/** The visit's patient by the link, in a browser of its own whose wire is tapped. */
export async function patient(t, visit, name = "Elsa", options = {}) {
  const person = await arrive(t, name, { hz: 440, ...options });
  await person.join(visit.participants[0].link);
  return person;
}

/** Anna in a visit with Elsa, who is let in and has seen it; both see each other. */
export async function together(t, desk, title) {
  const visit = await bookVisit(desk.rest, title, ["Elsa"]);
  const [anna, elsa] = await Promise.all([clinician(t, desk), patient(t, visit)]);
  await enter(anna, visit);
  await press(anna, "admit");
  await press(elsa, "called-in-seen");
  await Promise.all([anna, elsa].map((p) => p.seesMovingPictures(1)));
  return { anna, elsa, visit, id: (await came(elsa, "joined")).at(-1).self.id };
}

/** Somebody of the staff over REST, by a session of its own: ask(method, path, body). */
export async function staffSession(server, user = "anna") {
  let headers = { "content-type": "application/json" };
  const ask = async (method, path, body) => {
    const answer = await request(`${server.origin}/api/v1/${path}`, {
      method, headers, ...(body ? { body: JSON.stringify(body) } : {}),
    });
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.body}`);
    return { json: answer.body ? JSON.parse(answer.body) : null, headers: answer.headers };
  };
  const { json, headers: got } = await ask("POST", "session", { username: user, password: server.demo.password });
  headers = { ...headers, cookie: got["set-cookie"][0].split(";")[0], "x-vidd-csrf": json.csrf };
  const rest = async (...what) => (await ask(...what)).json;
  rest.staff = json.staff;
  return rest;
}

/** A visit of the unit with a waiting room; the first guest is the patient unless it says otherwise. */
export async function bookVisit(rest, title, guests, more = {}) {
  return rest("POST", "consultations", {
    title, waiting_room: true, minutes: 15,
    participants: guests.map((guest) => (typeof guest === "string" ? { role: "patient", name: guest } : guest)),
    ...more,
  });
}

export const tokenOf = ({ link }) => link.slice(link.indexOf("#") + 1);

/** Opens /staff and logs in with a local account, as one does in the morning. */
export async function logIn(person, server, user = "anna") {
  await person.open(`${server.origin}/staff`);
  await person.waitFor("[data-testid=log-in]");
  await person.page.fill("#username", user);
  await person.page.fill("#password", server.demo.password);
  await person.click("[data-testid=log-in]");
  await person.waitFor("[data-testid=page-day]");
  await person.waitFor("[data-testid=queue-told][data-status=live]");
}

/** Presses what has this test id, once it is there; within: a selector around it. */
export async function press(person, id, within = "") {
  const selector = `${within} [data-testid=${id}]:not([aria-disabled=true])`;
  await person.waitFor(selector);
  await person.page.click(selector);
}

/** From the day into a visit. */
export async function enter(person, visit) {
  await press(person, "enter", `[data-visit="${visit.id}"]`);
  await person.waitFor("[data-testid=page-call]");
}

/** Ends the visit for all, with an outcome and the reason some have. */
export async function end(person, outcome, reason) {
  await press(person, "end-button");
  await press(person, `outcome-${outcome}`);
  if (reason) await press(person, `outcome-reason-${reason}`);
  await press(person, "end-go");
  await person.waitFor("[data-testid=page-day]");
}

/** What is done with one person in a call lies behind a summary. */
export async function openActs(person, name) {
  const handle = await until(`${person.name} finds ${name} in the list`, async () => {
    const found = await person.page.evaluateHandle((wanted) =>
      [...document.querySelectorAll("[data-testid=here]")].find((li) => li.querySelector(".person-name").textContent === wanted),
    name);
    return found.asElement();
  });
  const isOpen = await handle.evaluate((li) => li.querySelector("details").open);
  if (!isOpen) await (await handle.$("summary")).click();
  return handle;
}

export async function actOn(person, name, id) {
  const li = await openActs(person, name);
  await (await li.$(`[data-testid=${id}]`)).click();
}

// Runs in an empty page: one websocket per person, and what each was told.
function waitingRoom(url) {
  window.people = {};
  window.arrive = (token) => {
    const socket = new WebSocket(url, "vidd.1");
    const person = { socket, came: [] };
    window.people[token] = person;
    socket.onopen = () => socket.send(JSON.stringify({ type: "join", v: 1, token }));
    socket.onmessage = ({ data }) => person.came.push(JSON.parse(data));
    setInterval(() => socket.readyState === 1 && socket.send('{"type":"ping"}'), 5000);
  };
}

/** One browser page in which any number of people come to their visits. */
export async function openDoor(browser, server) {
  const page = await browser.newPage({ ignoreHTTPSErrors: true });
  await page.goto(`${server.origin}/accessibility.html`);
  await page.evaluate(waitingRoom, `${server.origin.replace("https", "wss")}/ws`);
  const came = (token, type) =>
    page.evaluate(([who, wanted]) => window.people[who].came.filter((m) => m.type === wanted), [token, type]);
  /** What is true of the last message of a kind, once it is. */
  const told = (token, type, is = () => true) => until(`one at the door is told ${type}`, async () => {
    const last = (await came(token, type)).at(-1);
    return (last !== undefined && is(last) && last) || Promise.reject(new Error(JSON.stringify(last)));
  });
  return {
    came,
    told,
    async arrive(token) {
      await page.evaluate((who) => window.arrive(who), token);
      return told(token, "joined");
    },
    say: (token, message) =>
      page.evaluate(([who, what]) => window.people[who].socket.send(JSON.stringify(what)), [token, message]),
    close: () => page.close(),
  };
}
