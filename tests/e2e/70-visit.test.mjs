// SPDX-License-Identifier: EUPL-1.2
// The visit from the patient's side: the check, the waiting room and being put back, a private talk,
// real-time text among three, a still picture at full size. What a clinician presses on the staff page
// is said here on the clinician's own connection.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { audit } from "./lib/audit.mjs";
import { arrive, serverOfFile } from "./lib/file.mjs";
import { request } from "./lib/server.mjs";
import { pause, until } from "./lib/until.mjs";
import { came, say, sent } from "./lib/wire.mjs";

const server = serverOfFile();

/** A visit with a waiting room. Each participant answered with id, link and token. */
async function visit(participants, more = {}) {
  const answer = await request(`${server.origin}/api/v1/consultations`, {
    method: "POST",
    headers: { authorization: `Bearer ${server.demo.api_key}`, "content-type": "application/json" },
    body: JSON.stringify({ title: "Provbesök", waiting_room: true, participants, ...more }),
  });
  assert.equal(answer.status, 201, answer.body);
  return JSON.parse(answer.body);
}

const all = (t, ...people) => Promise.all(people.map((who) => arrive(t, ...who)));

const ELSA = { role: "patient", name: "Elsa" };
const ANNA = { role: "clinician", name: "Anna Berg" };
const OMAR = { role: "interpreter", name: "Omar" };

/** Not a packet of anybody comes, once what was under way has come. */
async function getsNothing(person) {
  const count = async () => {
    const { audioPackets, videoPackets } = await person.totals();
    return audioPackets + videoPackets;
  };
  await pause(300);
  const before = await count();
  await pause(2000);
  assert.equal(await count(), before, `${person.name} gets no packets`);
}

const idOf = async (person) => (await came(person, "joined")).at(-1).self.id;

test("who waits sees and hears nobody until admitted, and again when put back", async (t) => {
  const { participants } = await visit([ELSA, ANNA]);
  const [elsa, anna] = await all(t, ["Elsa", { hz: 440 }], ["Anna", { hz: 770 }]);
  await elsa.join(participants[0].link);
  await elsa.waitFor("[data-testid=page-waiting]");
  await audit(elsa, "waiting");
  await anna.join(participants[1].link);
  await elsa.sees(/Du står först i kön/);
  await elsa.sees(/lägga ifrån dig telefonen/);
  assert.equal(await elsa.hearsNoTone(770), true, "Elsa hears nothing while she waits");
  assert.equal(await anna.hearsNoTone(440), true, "and is not heard");
  assert.equal((await elsa.evaluate(() => window.e2e.pictures())).length, 0);

  const id = await idOf(elsa);
  await say(anna, { type: "admit", participant: id });
  await elsa.waitFor("[data-testid=called-in]");
  assert.match(await elsa.evaluate(() => document.title), /Nu är det din tur/);
  assert.match(await elsa.evaluate(() => document.querySelector("[role=alert]").textContent), /din tur/);
  await audit(elsa, "called-in");
  await Promise.all([elsa.seesMovingPictures(1), anna.seesMovingPictures(1)]);
  await Promise.all([elsa.hearsTone(770), anna.hearsTone(440)]);

  await say(anna, { type: "hold", participant: id });
  await elsa.sees(/Vänta en liten stund/);
  await getsNothing(elsa);
  await until("Anna hears Elsa no more", () => anna.hearsNoTone(440, 1000));
  // What a jitter buffer makes of a tone that stopped rings on for a moment.
  await until("Elsa hears Anna no more", () => elsa.hearsNoTone(770, 1000), { timeout: 6000 });
  await audit(elsa, "held");
  await say(anna, { type: "admit", participant: id });
  // At once: the notice goes by itself after a while.
  await elsa.click("[data-testid=called-in-seen]");
  await until("the notice is gone",
    () => elsa.evaluate(() => document.querySelector("[data-testid=called-in]") === null));
  await Promise.all([elsa.hearsTone(770), anna.hearsTone(440)]);
});

test("the one outside a private talk neither hears nor sees it", async (t) => {
  const { participants } = await visit([ELSA, ANNA, OMAR]);
  const [elsa, anna, omar] = await all(t, ["Elsa", { hz: 440 }], ["Anna", { hz: 770 }], ["Omar", { hz: 1100 }]);
  await Promise.all([elsa.join(participants[0].link), anna.join(participants[1].link), omar.join(participants[2].link)]);
  // An interpreter may be asked for a number first.
  if (await omar.evaluate(() => document.querySelector("[data-testid=interpreter-number]") !== null)) {
    await omar.page.fill("[data-testid=interpreter-number]", "12345");
    await omar.click("[data-testid=number-send]");
  }
  for (const person of [elsa, omar]) await say(anna, { type: "admit", participant: await idOf(person) });
  await elsa.hearsTone(1100);
  await say(anna, { type: "private", participants: [await idOf(omar)] });
  await elsa.waitFor("[data-testid=outside]");
  await getsNothing(elsa);
  await until("Elsa hears nobody", async () => (await elsa.hearsNoTone(770, 800)) && elsa.hearsNoTone(1100, 800));
  assert.equal((await elsa.evaluate(() => window.e2e.pictures())).length, 0, "Elsa sees nobody");
  await audit(elsa, "outside");
  await omar.hearsTone(770);
  assert.equal(await omar.hearsNoTone(440), true, "those inside do not hear who is outside");
  await say(anna, { type: "private", participants: [] });
  await elsa.hearsTone(770);
});

test("real-time text among three, as it is typed", async (t) => {
  const { participants } = await visit([ELSA, ANNA, { role: "relative", name: "Karin" }], { waiting_room: false });
  const [elsa, anna, karin] = await all(t, ["Elsa", {}], ["Anna", {}], ["Karin", {}]);
  await Promise.all([elsa.join(participants[0].link), anna.join(participants[1].link), karin.join(participants[2].link)]);
  await Promise.all([elsa, anna, karin].map((p) => p.sees(/Vilka är här\s*3/)));
  for (const person of [elsa, anna]) await person.click("[data-testid=talk]");

  // Letters arrive before the line is finished, and what is erased is erased for the others.
  await elsa.evaluate(() => {
    window.typed = [];
    document.querySelector("[data-testid=talk-draft]").addEventListener("input", () => window.typed.push(performance.now()));
  });
  await elsa.page.type("[data-testid=talk-draft]", "Ont i axlem", { delay: 60 });
  await until("Anna reads it while it is written", () =>
    anna.evaluate(() => /Ont i axlem$/.test(document.querySelector("[data-testid=talk-live]").textContent)));
  await elsa.page.keyboard.press("Backspace");
  await elsa.page.type("[data-testid=talk-draft]", "n");
  await until("Anna reads it corrected", () =>
    anna.evaluate(() => /Ont i axeln$|Ont i axlen$/.test(document.querySelector("[data-testid=talk-live]").textContent)));
  // EN 301 549 6.2.4: each key is sent within 500 ms.
  const texts = await sent(elsa, "text");
  const keys = await elsa.evaluate(() => window.typed);
  const latest = keys.map((at) => texts.find((m) => m.at >= at).at - at);
  assert.ok(Math.max(...latest) < 500, `the slowest key waited ${Math.round(Math.max(...latest))} ms`);

  // Two write at the same time: two lines, each with its name and role.
  await anna.page.type("[data-testid=talk-draft]", "Vilken axel?", { delay: 20 });
  await karin.waitFor("[data-testid=captions]");
  await karin.sees(/Elsa, patient\s+Ont i axlen/);
  await karin.sees(/Anna Berg, vårdpersonal\s+Vilken axel\?/);
  await elsa.page.keyboard.press("Enter");
  await anna.page.keyboard.press("Enter");
  await karin.click("[data-testid=talk]");
  const log = await until("Karin's log has both lines", async () => {
    const lines = await karin.evaluate(() =>
      [...document.querySelectorAll("[role=log] .line")].map((l) => [...l.children].map((c) => c.textContent)));
    return lines.length === 2 && lines;
  });
  assert.deepEqual(log.sort(), [["Anna Berg, vårdpersonal, skrev", "Vilken axel?"], ["Elsa, patient, skrev", "Ont i axlen"]]);
  const own = await elsa.evaluate(() => document.querySelector("[role=log] .line-own").innerText);
  assert.match(own, /Du skrev\s+Ont i axlen/);
  await audit(karin, "talk");

  // A message that is only seen when it is sent.
  await elsa.click(".tick input");
  await elsa.page.type("[data-testid=talk-draft]", "Den högra");
  await pause(600);
  assert.doesNotMatch(await anna.text(), /Den högra/);
  await elsa.click("[data-testid=talk-send]");
  await anna.sees(/Den högra/);
});

test("a still picture arrives at the camera's full size", async (t) => {
  const { participants } = await visit([ELSA, ANNA], { waiting_room: false });
  const [elsa, anna] = await all(t, ["Elsa", {}], ["Anna", {}]);
  await Promise.all([elsa.join(participants[0].link), anna.join(participants[1].link)]);
  await Promise.all([elsa, anna].map((p) => p.seesMovingPictures(1)));
  await say(anna, { type: "ask", id: "r1", act: "still", participant: await idOf(elsa) });
  await elsa.waitFor("[data-testid=asked-asked]");
  await elsa.sees(/Anna Berg vill ha en bild/);
  await audit(elsa, "asked");
  await elsa.click("[data-testid=consent-yes]");
  await elsa.click("[data-testid=still-take]");
  await elsa.waitFor("[data-testid=still-image]");
  await audit(elsa, "still-taken");
  await elsa.click("[data-testid=still-send]");
  await elsa.waitFor("[data-testid=asked-sent]", { timeout: 30000 });

  const consent = (await came(anna, "consent")).at(-1);
  assert.deepEqual([consent.act, consent.id, consent.given], ["still", "r1", true]);
  assert.match((await sent(elsa, "consent")).at(-1).wording, /skickas bara till Anna Berg/);
  const parts = new Map((await came(anna, "still")).map((part) => [part.seq, part]));
  const { count, bytes, sha256 } = parts.get(0);
  assert.equal(parts.size, count);
  const whole = Buffer.concat(Array.from({ length: count }, (_, i) => Buffer.from(parts.get(i).data, "base64")));
  assert.equal(whole.length, bytes);
  assert.equal(createHash("sha256").update(whole).digest("hex"), sha256);
  const size = await anna.evaluate(async (data) => {
    const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes]));
    return [image.width, image.height];
  }, whole.toString("base64"));
  const most = await elsa.evaluate(async () => {
    const stream = await navigator.mediaDevices.getUserMedia({ video: true });
    const { width, height } = stream.getVideoTracks()[0].getCapabilities();
    return [width.max, height.max];
  });
  t.diagnostic(`${whole.length} bytes in ${count} parts, ${size}, the camera gives ${most}`);
  assert.deepEqual(size, most);
  await Promise.all([elsa, anna].map((p) => p.seesMovingPictures(1)));
});

test("a link check tells what the link is good for, and tells nobody that somebody was here", async (t) => {
  const { participants } = await visit([ELSA, ANNA], { waiting_room: false });
  const [elsa, anna] = await all(t, ["Elsa", {}], ["Anna", {}]);
  await anna.join(participants[1].link);
  await elsa.open(participants[0].link);
  await elsa.waitFor("[data-testid=check-start]");
  await elsa.click("[data-testid=check-start]");
  await elsa.waitFor("[data-testid=check] progress");
  await elsa.waitFor("[data-testid=check-verdict]", { timeout: 30000 });
  const checked = (await sent(elsa, "checked")).at(-1);
  t.diagnostic(JSON.stringify({ ...checked, at: undefined }));
  assert.equal(checked.transport, "udp");
  assert.equal(checked.verdicts.talk, "good");
  assert.ok(checked.up_kbps > 300 && checked.rtt_ms < 100);
  assert.deepEqual(await came(anna, "participant-joined"), [], "nobody was told");
  await audit(elsa, "checked");
  // Remembered by this browser.
  await elsa.page.reload();
  await elsa.waitFor("[data-testid=check-verdict]");
  await elsa.goIn();
  await anna.sees(/Elsa/);
});

test("sound alone: no picture is sent or comes, until it is wanted again", async (t) => {
  const { participants } = await visit([ELSA, ANNA], { waiting_room: false });
  const [elsa, anna] = await all(t, ["Elsa", { hz: 440 }], ["Anna", { hz: 770 }]);
  await Promise.all([elsa.join(participants[0].link), anna.join(participants[1].link)]);
  await Promise.all([elsa, anna].map((p) => p.seesMovingPictures(1)));
  await elsa.click("[data-testid=more]");
  await elsa.click("[data-testid=audio-only]");
  await until("Anna has no picture of Elsa",
    async () => (await anna.evaluate(() => window.e2e.pictures())).length === 0);
  await until("no more pictures come to Elsa", async () => {
    const before = (await elsa.totals()).videoPackets;
    await pause(1500);
    return (await elsa.totals()).videoPackets === before;
  });
  await Promise.all([elsa.hearsTone(770), anna.hearsTone(440)]);
  assert.deepEqual((await came(anna, "wish")).map((m) => m.wish), ["audio-only"]);
  await audit(elsa, "audio-only");
  await elsa.click("[data-testid=audio-only]");
  await Promise.all([elsa, anna].map((p) => p.seesMovingPictures(1)));
});

test("\"I cannot hear you\" finds who is mute", async (t) => {
  const { participants } = await visit([ELSA, ANNA], { waiting_room: false });
  const [elsa, anna] = await all(t, ["Elsa", {}], ["Anna", {}]);
  await Promise.all([elsa.join(participants[0].link), anna.join(participants[1].link)]);
  await Promise.all([elsa, anna].map((p) => p.seesMovingPictures(1)));
  await anna.press(/^Mikrofon/);
  await elsa.sees(/Mikrofon av/);
  await elsa.click("[data-testid=more]");
  await elsa.click("[data-testid=help]");
  await elsa.click("[data-testid=help-hear]");
  await elsa.sees(/Anna Berg har sin mikrofon av/);
  await audit(elsa, "help");
  await elsa.press(/Säg till vårdpersonalen/);
  await until("Anna is told", async () => (await came(anna, "wish")).some((m) => m.wish === "help"));
});

test("after the visit three questions, one at a time, each of which may be passed over", async (t) => {
  const { participants, id } = await visit([ELSA, ANNA], { waiting_room: false });
  const [elsa, anna] = await all(t, ["Elsa", {}], ["Anna", {}]);
  await Promise.all([elsa.join(participants[0].link), anna.join(participants[1].link)]);
  await Promise.all([elsa, anna].map((p) => p.seesMovingPictures(1)));
  const asked = elsa.page.waitForRequest((r) => r.url().endsWith(`/api/v1/consultations/${id}/survey`));
  await say(anna, { type: "end", outcome: "solved", reason: null });
  await elsa.sees(/Samtalet är avslutat/);
  await elsa.click("[data-testid=survey]");
  await elsa.sees(/Fråga 1 av 3/);
  await audit(elsa, "survey");
  await elsa.click("[data-testid=answer-yes]");
  await elsa.sees(/Fråga 2 av 3/);
  await elsa.click("[data-testid=answer-skip]");
  await elsa.click("[data-testid=answer-unsure]");
  const sentRequest = await asked;
  assert.equal(sentRequest.method(), "PUT");
  assert.deepEqual(sentRequest.postDataJSON(), { answers: { safe: "yes", travel: "unsure" } });
  await elsa.sees(/Tack för dina svar/);
});
