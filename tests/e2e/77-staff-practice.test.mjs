// SPDX-License-Identifier: EUPL-1.2
// Around the visit at /staff: a reload in the middle of it, practising with a simulated patient on a
// bad link, booking, the questions afterwards, how the health rooms are.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { audit } from "./lib/audit.mjs";
import { bookVisit, clinician, end, enter, openDesk, openDoor, patient, press, staffSession } from "./lib/desk.mjs";
import { request } from "./lib/server.mjs";
import { pause, until } from "./lib/until.mjs";
import { came } from "./lib/wire.mjs";

let desk;

before(async () => {
  desk = await openDesk();
});

after(() => desk.close());

test("a reload in the middle of a call comes back into it, and to the day when it is over", async (t) => {
  const visit = await bookVisit(desk.rest, "Omladdning", ["Elsa"]);
  const [anna, elsa] = await Promise.all([clinician(t, desk), patient(t, visit)]);
  await enter(anna, visit);
  await press(anna, "admit");
  await Promise.all([anna.seesMovingPictures(1), elsa.seesMovingPictures(1), elsa.hearsTone(770)]);
  await anna.page.reload();
  await anna.waitFor("[data-testid=page-call]");
  await Promise.all([anna.seesMovingPictures(1), anna.hearsTone(440), elsa.seesMovingPictures(1), elsa.hearsTone(770)]);
  assert.deepEqual(await came(elsa, "participant-left"), [], "for Elsa she was never gone");
  // The list and the queue are there as well: a reload is a whole page.
  await anna.waitFor("[data-testid=queue-bar]");
  await anna.waitFor("[data-testid=responsible]");
  await end(anna, "solved");
  await anna.sees(/Omladdning är avslutat/);
  await anna.page.reload();
  await anna.waitFor("[data-testid=page-day]");
});

test("practising: a simulated patient comes, is let in, answers, and its link is chosen", async (t) => {
  const anna = await clinician(t, desk);
  await press(anna, "practice");
  await anna.waitFor("[data-testid=page-call]");
  await anna.waitFor("[data-testid=practice-bar]");
  await press(anna, "admit");
  await anna.seesMovingPictures(1, { timeout: 30000 });
  await audit(anna, "staff-practice");
  await press(anna, "ask-still");
  await anna.waitFor("dialog#still [data-testid=still-frame] img", { timeout: 30000 });
  await press(anna, "still-close");
  // Of the picture that is shown: the simulated patient receives in this page, too.
  const rate = async () => {
    const shown = async () => (await anna.evaluate(() => window.e2e.pictures()))[0].frames;
    const before = await shown();
    const at = performance.now();
    await pause(3000);
    return ((await shown()) - before) / ((performance.now() - at) / 1000);
  };
  const fast = await rate();
  await anna.page.selectOption("[data-testid=profile]", "edge");
  const slow = await until("the edge of coverage gives fewer pictures", async () => {
    const now = await rate();
    return now < 6 && now < fast ? { now } : Promise.reject(new Error(`${now} of ${fast}`));
  }, { timeout: 40000 });
  t.diagnostic(`${fast.toFixed(1)} pictures a second on fibre, ${slow.now.toFixed(1)} at the edge`);
  await end(anna, "solved");
  await until("nothing is asked after practice", () => anna.evaluate(() => document.querySelector("[data-testid=questions]") === null));
});

test("a visit is booked on the page; its link is a patient's; afterwards two questions", async (t) => {
  const anna = await clinician(t, desk);
  await press(anna, "new");
  await audit(anna, "staff-new");
  await anna.page.fill("[data-testid=new-title]", "Uppföljning");
  await anna.page.fill("[data-testid=person-0-name]", "Elsa");
  await press(anna, "create");
  const link = await until("the link is shown", () => anna.evaluate(() => document.querySelector("[data-testid=link]")?.value));
  await audit(anna, "staff-links");
  const door = await openDoor(desk.clinic.browser, desk.server);
  t.after(() => door.close());
  const token = link.slice(link.indexOf("#") + 1);
  const joined = await door.arrive(token);
  const visit = joined.consultation;
  assert.equal(visit.title, "", "what the visit is about is not told at the door");
  assert.equal(visit.waiting_room, true, "a visit of the staff's has a waiting room");
  await enter(anna, visit);
  await press(anna, "admit");
  await door.told(token, "admitted");
  await end(anna, "solved");
  await anna.waitFor("[data-testid=questions]");
  await audit(anna, "staff-questions");
  const answered = anna.page.waitForRequest((r) => r.url().endsWith(`/api/v1/consultations/${visit.id}/survey`));
  await press(anna, "after-quality-partly");
  await press(anna, "after-travel-yes");
  await press(anna, "questions-send");
  const put = await answered;
  assert.deepEqual(put.postDataJSON(), { answers: { quality: "partly", travel: "yes" } });
  assert.equal((await put.response()).status(), 204);
  await anna.waitFor("[data-testid=questions-thanks]");
});

test("the rooms: which have tested themselves and how, and where help is asked for", async (t) => {
  const admin = await staffSession(desk.server, "admin");
  const place = await admin("POST", "places", { name: "Slussfors", municipality: "Storuman" });
  const { code } = await admin("POST", `places/${place.id}/enrolments`);
  const ask = async (method, path, body, secret) => {
    const answer = await request(`${desk.server.origin}/api/v1/${path}`, {
      method, body: body && JSON.stringify(body),
      headers: { "content-type": "application/json", ...(secret ? { authorization: `Bearer ${secret}` } : {}) },
    });
    assert.ok(answer.status < 300, `${path}: ${answer.status} ${answer.body}`);
    return answer.body ? JSON.parse(answer.body) : null;
  };
  const { secret } = await ask("POST", "devices", { code, name: "Skärmen" });
  await ask("PUT", "device/self-test", {
    cameras: [{ name: "Rummet", works: true, fps: 25 }, { name: "Dermatoskop", works: false, fps: 0 }],
    microphone: { works: true, level_db: -30 },
    encoder: { works: true, fps: 45 },
    link: { works: true, up_kbps: 4000, down_kbps: 9000, loss_percent: 0, rtt_ms: 20 },
  }, secret);
  await ask("PUT", "device/help", null, secret);
  const anna = await clinician(t, desk);
  await press(anna, "tab-rooms");
  await anna.waitFor("[data-testid=device][data-state=faults]");
  await anna.sees(/Kameran:? Dermatoskop/);
  await anna.sees(/Slussfors: någon ber om hjälp nu/);
  await audit(anna, "staff-rooms");
});
