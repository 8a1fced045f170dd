// SPDX-License-Identifier: EUPL-1.2
// What comes of a call on links that are wide and thin, as real browsers see it: a large picture soon
// on a wide one; on a thin one sound first, packed, and stills with words; and the picture again when
// the link is wide again. The thin link is vidd-linkem between Elsa's browser and the server.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { startLinks } from "../../loadtest/real/link.mjs";
import { startPlace } from "../../loadtest/real/network.mjs";
import { chromiumPerson } from "./lib/chromium.mjs";
import { firefoxPerson } from "./lib/firefox.mjs";
import { startServer } from "./lib/server.mjs";
import { pause, until } from "./lib/until.mjs";

const CAMERA = { hue: 10, width: 1280, fps: 20 };
const LINES = 540;

let server;

before(async () => {
  server = await startServer({ args: ["--workers", "1"] });
});

after(() => server.stop());

async function seats() {
  const { participants } = await server.consultation([
    { role: "patient", name: "Elsa" }, { role: "clinician", name: "Anna Berg" }]);
  return participants.map((p) => p.link);
}

/** What is received now: lines and frames of the picture, packets and samples of the sound. */
function received(person) {
  return person.evaluate(async () => {
    const all = [...(await window.e2e.pcs.at(-1).getStats()).values()];
    const used = (kind) => all.find((s) => s.type === "inbound-rtp" && s.kind === kind && s.packetsReceived > 0) ?? {};
    const [sound, picture] = [used("audio"), used("video")];
    return {
      at: performance.now(),
      lines: picture.frameHeight ?? 0,
      frames: picture.framesDecoded ?? 0,
      keyframes: picture.keyFramesDecoded ?? 0,
      packets: sound.packetsReceived ?? 0,
      nacks: sound.nackCount ?? 0,
      codec: all.find((s) => s.id === sound.codecId)?.mimeType,
      samples: sound.totalSamplesReceived ?? 0,
      concealed: (sound.concealedSamples ?? 0) - (sound.silentConcealedSamples ?? 0),
    };
  });
}

for (const [browser, start] of [["Chromium", chromiumPerson], ["Firefox", firefoxPerson]]) {
  test(`${browser} that joins sees at once, and large within 5 s`, async (t) => {
    const [first, second] = await seats();
    const anna = await chromiumPerson("Anna", { hz: 770, seat: CAMERA });
    const elsa = await start("Elsa", { hz: 440 });
    t.after(() => Promise.all([elsa.close(), anna.close()]));
    await anna.join(second);
    await until("Anna's camera is sent", async () => (await anna.totals()).framesSent > 40);
    await elsa.open(first);
    await elsa.waitFor("[data-testid=self-video]");
    await elsa.goIn();
    const joined = performance.now();
    await until("the first picture", async () => (await received(elsa)).frames > 0, { timeout: 2000, every: 20 });
    t.diagnostic(`first picture ${Math.round(performance.now() - joined)} ms after going in`);
    await until(`a picture of ${LINES} lines`, async () => {
      const now = await received(elsa);
      return now.lines >= LINES || Promise.reject(new Error(JSON.stringify(now)));
    }, { timeout: 5000 });
    t.diagnostic(`${LINES} lines ${Math.round(performance.now() - joined)} ms after going in`);
  });
}

const THIN_FROM_S = 4;
const THIN_UNTIL_S = 40;

/** Elsa is behind a link of 2 Mbit/s that has only 96 kbit/s from THIN_FROM_S to THIN_UNTIL_S. */
async function callOverThinLink(t) {
  const folder = mkdtempSync(join(tmpdir(), "vidd-thin-"));
  const place = await startPlace("Elsa");
  const down = { rate_bps: [[0, 2000000], [THIN_FROM_S, 96000], [THIN_UNTIL_S, 2000000]], delay_ms: 40, queue_ms: 500 };
  const profile = join(folder, "thin.json");
  writeFileSync(profile, JSON.stringify({
    name: "thin", about: "wide, thin, wide", source: "this test", duration_s: 120, down, up: { ...down } }));
  const links = await startLinks([{ place, profile, ours: "10.99.0.1", theirs: "10.99.0.2" }], { seed: 1, folder });
  const [first, second] = await seats();
  const [elsa, anna] = await Promise.all([
    chromiumPerson("Elsa", { hz: 440, executablePath: place.executablePath }),
    chromiumPerson("Anna", { hz: 770, seat: { ...CAMERA, width: 640 } }),
  ]);
  t.after(async () => {
    await Promise.all([elsa.close(), anna.close()]);
    await links.end();
    place.close();
    rmSync(folder, { recursive: true });
  });
  await anna.join(second);
  await elsa.join(first);
  await Promise.all([elsa.seesMovingPictures(1), anna.seesMovingPictures(1)]);
  links.go();
  return { elsa, anna, zero: performance.now() };
}

test("a link that becomes thin: sound goes on, packed; stills and words; and back", async (t) => {
  const { elsa, zero } = await callOverThinLink(t);
  const at = (s) => pause(Math.max(0, zero + s * 1000 - performance.now()));
  await at(THIN_FROM_S);
  const wide = await received(elsa);
  await elsa.sees(/Nätet är svagt just nu|Stillbild/, { timeout: 25000 });
  t.diagnostic(`the page says so ${((performance.now() - zero) / 1000 - THIN_FROM_S).toFixed(1)} s after`);
  await at(THIN_FROM_S + 10);
  const from = await received(elsa);
  t.diagnostic(`meanwhile ${(from.concealed - wide.concealed) / 48} ms of sound were concealed`);
  await elsa.hearsTone(770);
  await at(THIN_UNTIL_S - 1);
  const to = await received(elsa);
  const seconds = (to.at - from.at) / 1000;
  const packets = (to.packets - from.packets) / seconds;
  const samples = (to.samples - from.samples) / seconds;
  const share = (to.concealed - from.concealed) / (to.samples - from.samples);
  t.diagnostic(`${packets.toFixed(0)} packets/s of ${to.codec}, ${(100 * share).toFixed(2)} % concealed, ` +
    `${to.nacks - from.nacks} NACKs, ${to.frames - from.frames} frames in ${seconds.toFixed(0)} s`);
  assert.ok(packets < 40, `sound is packed: ${packets} packets/s`);
  assert.ok(samples > 47000, `sound without holes: ${samples} samples/s`);
  assert.ok(share < 0.05, `${share} of it concealed`);
  assert.ok(to.frames > from.frames, "pictures come now and then");
  await at(THIN_UNTIL_S);
  await elsa.seesMovingPictures(1, { timeout: 20000 });
  t.diagnostic(`a moving picture ${((performance.now() - zero) / 1000 - THIN_UNTIL_S).toFixed(1)} s after the link is wide`);
  await until("the words go", async () => !/svagt|Stillbild/.test(await elsa.text()));
  await elsa.hearsTone(770);
});
