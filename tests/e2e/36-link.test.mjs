// SPDX-License-Identifier: EUPL-1.2
// What comes of a call on links that are wide and thin, as real browsers see it: a large picture soon
// on a wide one; on a thin one sound first, packed, and stills with words; and the picture again when
// the link is wide again. The thin link is vidd-linkem between Elsa's browser and the server.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { startLinks } from "../../loadtest/real/link.mjs";
import { startPlace } from "../../loadtest/real/network.mjs";
import { chromiumPerson } from "./lib/chromium.mjs";
import { serverOfFile } from "./lib/file.mjs";
import { firefoxPerson } from "./lib/firefox.mjs";
import { pause, until } from "./lib/until.mjs";

const CAMERA = { hue: 10, width: 1280, fps: 20 };
const LINES = 540;

const server = serverOfFile({ args: ["--workers", "1"] });

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
      bytes: sound.bytesReceived ?? 0,
      lost: sound.packetsLost ?? 0,
      samples: sound.totalSamplesReceived ?? 0,
      concealed: (sound.concealedSamples ?? 0) - (sound.silentConcealedSamples ?? 0),
    };
  });
}

// Firefox decodes and tells of its feedback late where encoders and decoders share two cores.
for (const [browser, start, withinS] of [["Chromium", chromiumPerson, 5], ["Firefox", firefoxPerson, 10]]) {
  test(`${browser} that joins sees at once, and large within ${withinS} s`, async (t) => {
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
    }, { timeout: withinS * 1000 });
    t.diagnostic(`${LINES} lines ${Math.round(performance.now() - joined)} ms after going in`);
  });
}

const THIN_FROM_S = 4;
const THIN_UNTIL_S = 40;

/** Wide, then thin, then wide again. */
const THIN = { rate_bps: [[0, 2000000], [THIN_FROM_S, 96000], [THIN_UNTIL_S, 2000000]], delay_ms: 40, queue_ms: 500 };
/** A tenth is lost, and a repair takes too long for sound. */
const LOSSY = { rate_bps: 1500000, delay_ms: 150, queue_ms: 500, loss: 0.1 };

/** 20 ms of Chromium's Opus: 32 kbit/s. */
const OPUS_BYTES = 80;

/** Elsa is behind such a link in both directions. */
async function callOverLink(t, name, direction) {
  const folder = mkdtempSync(join(tmpdir(), "vidd-link-"));
  const place = await startPlace("Elsa");
  const profile = join(folder, `${name}.json`);
  writeFileSync(profile, JSON.stringify({
    name, about: "a link of this test", source: "this test", duration_s: 120, down: direction, up: direction }));
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
  const { elsa, zero } = await callOverLink(t, "thin", THIN);
  const at = (s) => pause(Math.max(0, zero + s * 1000 - performance.now()));
  await at(THIN_FROM_S);
  const wide = await received(elsa);
  await elsa.sees(/nät(et)? är svagt just nu|Stillbild/i, { timeout: 25000 });
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
  t.diagnostic(`${packets.toFixed(0)} packets/s, ${(100 * share).toFixed(2)} % concealed, ` +
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

test("a tenth of the packets lost, 300 ms away: sound doubled in RED, and heard", async (t) => {
  const { elsa } = await callOverLink(t, "lossy", LOSSY);
  /** Bytes of 20 ms of sound since then: the browser tells of RED only by them. */
  const weight = (was, is) => ((is.bytes - was.bytes) * 960) / (is.samples - was.samples);
  const plain = await received(elsa);
  await pause(10000);
  const from = await received(elsa);
  await elsa.hearsTone(770);
  await pause(10000);
  const to = await received(elsa);
  const share = (to.concealed - from.concealed) / (to.samples - from.samples);
  t.diagnostic(`${(100 * share).toFixed(2)} % concealed, ${to.nacks - from.nacks} NACKs, ${to.lost - from.lost} of ` +
    `${to.packets - from.packets} lost, ${weight(plain, from).toFixed(0)} then ${weight(from, to).toFixed(0)} bytes`);
  assert.ok(weight(from, to) > 1.4 * OPUS_BYTES, "each frame comes twice");
  assert.ok(to.samples - from.samples > 9.5 * 48000, "sound without holes");
  assert.ok(share < 0.04, `${share} of it concealed where a tenth is lost`);
  assert.ok(to.frames > from.frames, "and there is a picture");
});
