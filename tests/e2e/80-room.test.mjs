// SPDX-License-Identifier: EUPL-1.2
// The health room: a screen is enrolled by a code, tests itself, takes its seat in a visit with two
// cameras, wipes itself afterwards, and is nobody when it is revoked.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { audit } from "./lib/audit.mjs";
import { chromiumPerson } from "./lib/chromium.mjs";
import { request, startServer } from "./lib/server.mjs";
import { until } from "./lib/until.mjs";
import { came, say, tapWire } from "./lib/wire.mjs";

let server;

before(async () => {
  server = await startServer();
});

after(async () => {
  const end = await server.stop();
  assert.equal(end.code, 0, "the server ends in order at SIGTERM");
});

/** A member of staff who has logged in: a function that asks and gives back what is answered. */
async function staff(user) {
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
  return async (...what) => (await ask(...what)).json;
}

/** A screen that stands in a room of its own, with two cameras. */
async function room(t, name, options = {}) {
  const admin = await staff("admin");
  const place = await admin("POST", "places", { name, municipality: "Storuman" });
  const { code } = await admin("POST", `places/${place.id}/enrolments`);
  const screen = await chromiumPerson(name, { hz: 440, cameras: 2, ...options });
  t.after(() => screen.close());
  await screen.context.addInitScript(tapWire);
  await screen.open(`${server.origin}/room`);
  await screen.waitFor("[data-testid=page-enrol]");
  return { admin, place, code, screen };
}

const press = async (screen, id) => {
  await screen.waitFor(`[data-testid=${id}]`);
  await screen.click(`[data-testid=${id}]`);
};

/** Typed on the keyboard, then the cameras as they are. */
async function enrol(screen, code) {
  await screen.page.keyboard.type(code);
  await screen.page.keyboard.press("Enter");
  await screen.waitFor("[data-testid=part-exam]");
}

const deviceOf = async (admin, place) =>
  (await admin("GET", "places")).places.find((p) => p.id === place.id).devices[0];

test("a wrong code is said to be wrong, a right one by the pad connects the screen", async (t) => {
  const { admin, place, code, screen } = await room(t, "Slussfors");
  await audit(screen, "room-enrol");
  await screen.page.keyboard.type(code === "11111111" ? "22222222" : "11111111");
  await screen.page.keyboard.press("Enter");
  await screen.sees(/Koden gäller inte/);
  for (const digit of code) await press(screen, `digit-${digit}`);
  await press(screen, "connect");
  await screen.waitFor("[data-testid=part-exam]");
  const choice = await screen.evaluate(() =>
    ["camera", "exam"].map((part) => document.querySelector(`[data-testid=part-${part}]`).value));
  assert.notEqual(choice[0], choice[1], "two cameras, one for each purpose");
  await audit(screen, "room-setup");
  await press(screen, "setup-done");
  await screen.waitFor("[data-testid=page-idle]");
  await screen.sees(/Slussfors/);
  await screen.sees(/Inget besök väntar/);
  await audit(screen, "room-idle");

  await press(screen, "call-help");
  await screen.sees(/Personalen ser att du vill ha hjälp/);
  await until("staff see it", async () => (await deviceOf(admin, place)).help !== null);
  await audit(screen, "room-help");
  await press(screen, "help-came");
  await until("and that it came", async () => (await deviceOf(admin, place)).help === null);
});

test("the room tests its cameras, its microphone and its link, and staff see what it found", async (t) => {
  const { admin, place, code, screen } = await room(t, "Dikanäs");
  await enrol(screen, code);
  await press(screen, "setup-done");
  // It may have begun by itself: nobody has tested it today.
  if ((await screen.text()).includes("Testa rummet")) await press(screen, "test").catch(() => undefined);
  await screen.waitFor("[data-testid=report]", { timeout: 60000 });
  await audit(screen, "room-tested");
  const { self_test: found } = await until("the board has it", async () => {
    const device = await deviceOf(admin, place);
    return device.self_test !== null && device;
  });
  assert.equal(found.cameras.length, 2);
  for (const { works, fps } of found.cameras) assert.ok(works && fps >= 5, `${fps} pictures a second`);
  assert.equal(found.microphone.works, false, "no loudspeaker is near this microphone, and it says so");
  assert.ok(found.microphone.level_db < 0);
  assert.equal(found.link.works, true, JSON.stringify(found.link));
  assert.ok(found.link.up_kbps > 100 && found.link.down_kbps > 100, JSON.stringify(found.link));
});

test("a visit with two cameras: private, admitted, chosen, and wiped afterwards", async (t) => {
  // The second of Chromium's fake cameras measures depth, which no encoder takes.
  const { place, code, screen } = await room(t, "Ammarnäs", { cameras: 3 });
  const doctor = await staff("anna");
  const visit = await doctor("POST", "consultations", {
    title: "Sårvård Elsa Sjögren", place: place.id, planned: new Date(Date.now() + 300_000).toISOString(),
    minutes: 30, waiting_room: true, participants: [{ role: "clinician", name: "Anna Berg" }],
  });
  await enrol(screen, code);
  await screen.page.selectOption("[data-testid=part-exam]", { index: 3 });
  await press(screen, "setup-done");
  await screen.sees(/Starta besöket/, { timeout: 30000 });
  assert.doesNotMatch(await screen.text(), /Elsa|Sårvård/, "nothing of the patient on the board");
  await audit(screen, "room-ready");
  await press(screen, "start");
  await screen.sees(/Är det enskilt i rummet/);
  assert.equal((await came(screen, "joined")).length, 0, "not before it is said to be private");
  await audit(screen, "room-privacy");
  await press(screen, "privacy-yes");
  await screen.waitFor("[data-testid=page-waiting]", { timeout: 20000 });
  await audit(screen, "room-waiting");

  const anna = await chromiumPerson("Anna", { hz: 770 });
  t.after(() => anna.close());
  await anna.context.addInitScript(tapWire);
  await anna.join(visit.participants[0].link);
  const seat = await until("the room is at the door", async () =>
    (await came(anna, "participant-joined")).map((m) => m.participant).find((p) => p.role === "room") ??
    (await came(anna, "joined")).at(-1)?.participants.find((p) => p.role === "room"));
  await say(anna, { type: "admit", participant: seat.id });
  await screen.waitFor("[data-testid=page-call]");
  await screen.seesMovingPictures(1);
  await screen.hearsTone(770);
  await anna.hearsTone(440);

  const sources = async () => (await came(anna, "slots")).at(-1).slots
    .filter((s) => s.participant === seat.id).map((s) => s.source).sort();
  await until("both cameras are in Anna's slots", async () =>
    (await sources()).join() === "camera,exam-camera,microphone");
  const frames = async () => {
    const { slots } = (await came(anna, "slots")).at(-1);
    const { inbound } = await anna.evaluate(() => window.e2e.totals());
    return Object.fromEntries(["camera", "exam-camera"].map((source) => {
      const mid = slots.find((s) => s.participant === seat.id && s.source === source)?.mid;
      return [source, inbound.find((i) => i.mid === mid)?.frames ?? 0];
    }));
  };
  const first = await frames();
  await until("both give pictures", async () => {
    const now = await frames();
    return (now.camera > first.camera + 20 && now["exam-camera"] > first["exam-camera"] + 20) ||
      Promise.reject(new Error(JSON.stringify({ first, now })));
  }, { timeout: 20000 });
  await audit(screen, "room-call");

  // Whoever helps shows the examination alone: the room's own camera is off, and its light.
  await press(screen, "lens-exam");
  await until("Anna is told", async () =>
    (await came(anna, "participant-updated")).at(-1)?.participant.muted.includes("camera"));
  await press(screen, "lens-room");
  await until("the exam camera is muted instead", async () => {
    const { muted } = (await came(anna, "participant-updated")).at(-1).participant;
    return muted.includes("exam-camera") && !muted.includes("camera");
  });

  await press(screen, "end");
  await press(screen, "end-yes");
  await screen.waitFor("[data-testid=page-over]");
  await audit(screen, "room-over");
  const left = await screen.evaluate(() => ({
    session: sessionStorage.length,
    local: Object.keys(localStorage).sort(),
    open: window.e2e.connectionStates().filter((s) => s !== "closed"),
  }));
  assert.equal(left.session, 0);
  assert.deepEqual(left.open, []);
  for (const key of left.local) assert.match(key, /^vidd\.(room|language|camera|exam-camera|microphone|stethoscope)$/);
  await screen.waitFor("[data-testid=page-idle]", { timeout: 20000 });
});

test("a revoked screen says so, and has forgotten its secret", async (t) => {
  const { admin, place, code, screen } = await room(t, "Gargnäs");
  await enrol(screen, code);
  await press(screen, "setup-done");
  await screen.waitFor("[data-testid=page-idle]");
  const device = await deviceOf(admin, place);
  await admin("DELETE", `devices/${device.id}`);
  await screen.sees(/Skärmen är bortkopplad/, { timeout: 30000 });
  await audit(screen, "room-revoked");
  assert.equal(await screen.evaluate(() => localStorage.getItem("vidd.room")), null);
  await press(screen, "again");
  await screen.waitFor("[data-testid=page-enrol]");
});
