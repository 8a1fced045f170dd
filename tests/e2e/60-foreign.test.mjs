// SPDX-License-Identifier: EUPL-1.2
// Clients that have never seen our JavaScript: GStreamer's webrtcbin and aiortc publish over WHIP
// and watch over WHEP, in a call with somebody at Chromium.
import assert from "node:assert/strict";
import { test } from "node:test";

import { chromiumPerson } from "./lib/chromium.mjs";
import { Client } from "./lib/client.mjs";
import { serverOfFile } from "./lib/file.mjs";
import { pause, until } from "./lib/until.mjs";

const MICROPHONE_HZ = 440;
const CLIENT_HZ = 1130;

const server = serverOfFile();
let people = 0;


/** Somebody at Chromium, and the token of a seat for a machine. */
async function callWithMachine(t) {
  const { participants } = await server.consultation([
    { role: "clinician", name: `Anna ${++people}` },
    { role: "room", name: "Undersökningskamera" },
  ]);
  const anna = await chromiumPerson("Anna", { hz: MICROPHONE_HZ });
  t.after(() => anna.close());
  await anna.join(participants[0].link);
  return { anna, token: participants[1].token, annaId: participants[0].id };
}

for (const [name, publish, watch] of [
  ["GStreamer", "gst_whip.py", "gst_whep.py"],
  ["aiortc", "aiortc_whip.py", "aiortc_whep.py"],
]) {
  test(`${name} publishes over WHIP: Chromium sees it move and hears its tone, until DELETE`, async (t) => {
    const { anna, token } = await callWithMachine(t);
    const client = new Client(publish, `${server.origin}/whip`, token, CLIENT_HZ);
    t.after(() => client.stop());
    await client.connected();
    await anna.seesMovingPictures(1);
    await anna.hearsTone(CLIENT_HZ);
    await anna.sees(/Undersökningskamera/);
    await client.stop();
    assert.ok(client.reports.some((r) => r.event === "deleted" && r.status === 200), "DELETE answered 200");
    await until("Anna has no picture of it any more",
      async () => (await anna.evaluate(() => window.e2e.pictures())).length === 0);
  });

  test(`${name} watches over WHEP: it sees Chromium move and hears its tone`, async (t) => {
    const { token } = await callWithMachine(t);
    const client = new Client(watch, `${server.origin}/whep`, token, `${MICROPHONE_HZ},1370`);
    t.after(() => client.stop());
    await client.connected();
    const seen = await client.report("a moving picture and the tone",
      (r) => r.event === "seen" && r.frames > 20 && r.changes > 10 && r.tones[MICROPHONE_HZ] > -50, { timeout: 30000 });
    assert.ok(seen.tones[1370] < seen.tones[MICROPHONE_HZ] - 15, `another tone is not heard: ${JSON.stringify(seen)}`);
    await client.stop();
  });
}

test("WHEP with ?from= watches one participant", async (t) => {
  const { token, annaId } = await callWithMachine(t);
  const client = new Client("gst_whep.py", `${server.origin}/whep?from=${encodeURIComponent(annaId)}`, token, MICROPHONE_HZ);
  t.after(() => client.stop());
  await client.report("the picture", (r) => r.event === "seen" && r.changes > 5, { timeout: 30000 });
  await client.stop();
});

test("GStreamer stays though its libnice checks the path no more: still seen and seeing after 20 s", async (t) => {
  const { participants } = await server.consultation([
    { role: "room", name: "Undersökningskamera" },
    { role: "staff", name: "Skärmen i hälsorummet" },
  ]);
  const camera = new Client("gst_whip.py", `${server.origin}/whip`, participants[0].token, CLIENT_HZ);
  t.after(() => camera.stop());
  await camera.connected();
  const screen = new Client("gst_whep.py", `${server.origin}/whep`, participants[1].token, CLIENT_HZ);
  t.after(() => screen.stop());
  await screen.connected();
  // Longer than the 15 s after which a path without any consent ends.
  await pause(20000);
  const from = screen.reports.length;
  const [first, last] = await until("two reports of a moving picture and the tone, 20 s later", () => {
    const late = screen.reports.slice(from).filter((r) => r.event === "seen");
    return late.length >= 2 ? late : Promise.reject(new Error(JSON.stringify(late)));
  });
  assert.ok(last.frames > first.frames, `the picture goes on: ${JSON.stringify([first, last])}`);
  assert.ok(last.tones[CLIENT_HZ] > -50, `and the tone: ${JSON.stringify(last)}`);
});
