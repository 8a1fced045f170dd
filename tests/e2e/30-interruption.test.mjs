// SPDX-License-Identifier: EUPL-1.2
// What may break during a call, and that the call comes back by itself.
import assert from "node:assert/strict";
import { test } from "node:test";

import { chromiumPerson } from "./lib/chromium.mjs";
import { serverOfFile } from "./lib/file.mjs";
import { startProxy } from "./lib/proxy.mjs";
import { pause, until } from "./lib/until.mjs";

const server = serverOfFile();

/** Two people in a call; `port`: where Elsa's browser reaches the server. */
async function couple(t, { port } = {}) {
  const { participants } = await server.consultation([
    { role: "patient", name: "Elsa" },
    { role: "clinician", name: "Anna Berg" },
  ]);
  const people = await Promise.all([chromiumPerson("Elsa", { hz: 440 }), chromiumPerson("Anna", { hz: 770 })]);
  t.after(() => Promise.all(people.map((p) => p.close())));
  const [elsa, anna] = people;
  const link = new URL(participants[0].link);
  if (port) link.port = port;
  await elsa.join(link.href);
  await anna.join(participants[1].link);
  await Promise.all(people.map((p) => p.seesMovingPictures(1)));
  return { elsa, anna };
}

const bothSee = (a, b, options) => Promise.all([a.seesMovingPictures(1, options), b.seesMovingPictures(1, options)]);

test("a page reloaded mid-call is back in the call", async (t) => {
  const { elsa, anna } = await couple(t);
  await elsa.page.reload();
  const back = await Promise.race([
    elsa.waitFor("[data-testid=leave]").then(() => true),
    elsa.waitFor("[data-testid=join]").then(() => false),
  ]);
  if (!back) await elsa.goIn();
  await bothSee(elsa, anna);
  await Promise.all([elsa.hearsTone(770), anna.hearsTone(440)]);
  const people = await anna.evaluate(() => document.querySelectorAll("[data-participant]").length);
  assert.equal(people, 1, "Elsa is there once, not twice");
});

test("a websocket cut for 10 s: picture and sound go on, and the page says so", async (t) => {
  const proxy = await startProxy({ to: server.port, port: 9443 });
  t.after(() => proxy.close());
  const { elsa, anna } = await couple(t, { port: 9443 });
  const connectionsBefore = await elsa.evaluate(() => window.e2e.pcs.length);
  proxy.cut();
  await elsa.sees(/Kontakten med servern är bruten/);
  const end = performance.now() + 10000;
  while (performance.now() < end) {
    const was = await elsa.totals();
    await pause(1000);
    const is = await elsa.totals();
    assert.ok(is.framesDecoded > was.framesDecoded + 5, "frames go on while the websocket is away");
    assert.ok(is.audioPackets > was.audioPackets + 20, "sound goes on while the websocket is away");
  }
  await Promise.all([elsa.hearsTone(770), anna.hearsTone(440)]);
  proxy.mend();
  await until("the page has its websocket again", async () => !/Kontakten med servern är bruten/.test(await elsa.text()));
  await bothSee(elsa, anna);
  assert.equal(await elsa.evaluate(() => window.e2e.pcs.length), connectionsBefore, "the same peer connection all along");
});

test("an ICE restart asked for by the browser keeps the call", async (t) => {
  const { elsa, anna } = await couple(t);
  const ufrag = () => elsa.evaluate(() => window.e2e.pcs.at(-1).localDescription.sdp.match(/ice-ufrag:(\S+)/)[1]);
  const was = await ufrag();
  await elsa.evaluate(() => window.dispatchEvent(new Event("online")));
  await until("new ICE credentials are in use", async () => (await ufrag()) !== was);
  await bothSee(elsa, anna);
  await Promise.all([elsa.hearsTone(770), anna.hearsTone(440)]);
});

test("a server killed with -9 and started again: the call returns within 5 s without a click", async (t) => {
  const { elsa, anna } = await couple(t);
  await server.signal("SIGKILL");
  await Promise.all([elsa, anna].map((p) => p.sees(/Vi försöker igen/)));
  await server.start();
  const started = performance.now();
  await bothSee(elsa, anna, { timeout: 5000 });
  const took = performance.now() - started;
  t.diagnostic(`moving pictures both ways ${Math.round(took)} ms after the server was ready`);
  await Promise.all([elsa.hearsTone(770), anna.hearsTone(440)]);
});

test("a server that restarts in order tells the clients and has them back", async (t) => {
  const { elsa, anna } = await couple(t);
  const end = server.signal("SIGTERM");
  await elsa.sees(/Systemet startar om|Vi försöker igen/);
  assert.equal((await end).code, 0);
  await server.start();
  await bothSee(elsa, anna, { timeout: 8000 });
});
