// SPDX-License-Identifier: EUPL-1.2
// What the clinician looks closely at from /staff: a still that is asked for, comes, is zoomed and
// saved; a place in the patient's picture that is pointed at.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { audit } from "./lib/audit.mjs";
import { end, openDesk, press, together } from "./lib/desk.mjs";
import { until } from "./lib/until.mjs";
import { came, sent } from "./lib/wire.mjs";

let desk;

before(async () => {
  desk = await openDesk();
});

after(() => desk.close());

test("a still: asked for, refused; asked for, taken, looked at closely, saved by hand alone", async (t) => {
  const { anna, elsa } = await together(t, desk, "Stillbild");
  const downloads = [];
  anna.page.on("download", (download) => downloads.push(download));
  await press(anna, "ask-still");
  await anna.sees(/Elsa har fått frågan om en stillbild/);
  await press(elsa, "consent-no");
  await anna.sees(/Elsa sade nej till en stillbild/);
  await audit(anna, "staff-still-refused");

  await press(anna, "ask-still");
  await press(elsa, "consent-yes");
  await anna.sees(/Elsa sade ja och tar bilden nu/);
  await press(elsa, "still-take");
  await elsa.waitFor("[data-testid=still-image]");
  // The first part sets the way it has come on the page, before the last one does.
  await anna.evaluate(() => {
    window.steps = [];
    new MutationObserver(() => {
      const bar = document.querySelector("[data-testid=ask] progress");
      if (bar) window.steps.push(bar.value / bar.max);
    }).observe(document.body, { subtree: true, childList: true, attributes: true });
  });
  await press(elsa, "still-send");
  await anna.waitFor("dialog#still [data-testid=still-frame] img", { timeout: 30000 });
  const steps = await anna.evaluate(() => window.steps);
  assert.ok(steps.some((s) => s > 0), `progress was shown: ${steps.slice(0, 5)}`);

  const { bytes, sha256, count } = (await sent(elsa, "still"))[0];
  t.diagnostic(`${bytes} bytes in ${count} parts`);
  await anna.page.click("dialog#still summary");
  assert.equal(await anna.evaluate(() => document.querySelector("[data-testid=still-hash]").textContent), sha256);
  const size = await anna.evaluate(async () => {
    const image = document.querySelector("[data-testid=still-frame] img");
    await image.decode();
    return [image.naturalWidth, image.naturalHeight];
  });
  const most = await elsa.evaluate(async () => {
    const stream = await navigator.mediaDevices.getUserMedia({ video: true });
    const { width, height } = stream.getVideoTracks()[0].getCapabilities();
    return [width.max, height.max];
  });
  assert.deepEqual(size, most, "as large as the camera gives it");
  await audit(anna, "staff-still");

  const scale = () => anna.evaluate(() => Number(document.querySelector("[data-testid=still-frame]").dataset.scale));
  await anna.page.focus("[data-testid=still-frame]");
  await anna.page.keyboard.press("+");
  await anna.page.keyboard.press("+");
  const near = await scale();
  assert.ok(near > 1, `+ makes it larger: ${near}`);
  const where = () => anna.evaluate(() => document.querySelector("[data-testid=still-frame] img").style.transform);
  const before = await where();
  await anna.page.keyboard.press("ArrowRight");
  assert.notEqual(await where(), before, "the arrow keys move it");
  await anna.page.hover("[data-testid=still-frame]");
  await anna.page.mouse.wheel(0, -200);
  await until("the wheel makes it larger", async () => (await scale()) > near);
  await anna.page.focus("[data-testid=still-frame]");
  await anna.page.keyboard.press("0");
  assert.equal(await scale(), 1, "0 shows all of it");

  assert.equal(downloads.length, 0, "nothing is saved by itself");
  const coming = anna.page.waitForEvent("download");
  await press(anna, "still-save");
  const download = await coming;
  assert.match(download.suggestedFilename(), /^vidd-[\d-]+\.jpg$/, "the name says nothing of the person");
  const saved = readFileSync(await download.path());
  assert.equal(createHash("sha256").update(saved).digest("hex"), sha256);
  await press(anna, "still-close");
  await press(anna, "still-view");
  await anna.waitFor("dialog#still[open]");
  await anna.page.keyboard.press("Escape");
  await anna.page.waitForSelector("dialog#still[open]", { state: "detached" });
  await anna.seesMovingPictures(1);
  await end(anna, "solved");
});

test("pointing in the patient's picture, after a yes, by mouse and by keys", async (t) => {
  const { anna, elsa, id } = await together(t, desk, "Peka");
  await press(anna, "point");
  await press(elsa, "consent-yes");
  await anna.waitFor("[data-testid=point-pad]");
  const box = await anna.evaluate(() => {
    const { left, top, width, height } = document.querySelector(".tile .picture-frame").getBoundingClientRect();
    return { left, top, width, height };
  });
  await anna.page.mouse.move(box.left + box.width * 0.25, box.top + box.height * 0.6);
  const at = (want) => until(`Elsa is shown ${JSON.stringify(want)}`, async () => {
    const { x, y, participant } = (await came(elsa, "pointer")).at(-1) ?? {};
    const good = participant === id && (want === null ? x === null : Math.abs(x - want[0]) < 0.03 && Math.abs(y - want[1]) < 0.03);
    return good || Promise.reject(new Error(JSON.stringify({ x, y, participant, id })));
  });
  await at([0.25, 0.6]);
  await elsa.waitFor("[data-testid=pointer]");
  await anna.waitFor(".tile [data-testid=pointer]");
  await audit(anna, "staff-point");
  await anna.page.focus("[data-testid=point-pad]");
  const before = (await came(elsa, "pointer")).at(-1);
  await anna.page.keyboard.press("ArrowRight");
  await until("an arrow moves it", async () => (await came(elsa, "pointer")).at(-1).x > before.x);
  await anna.page.mouse.move(5, 5);
  await anna.page.keyboard.press("o");
  await at(null);
  await until("the dot is gone", () => elsa.evaluate(() => document.querySelector("[data-testid=pointer]") === null));
  // Asked once: the next time it is at once.
  await anna.page.keyboard.press("o");
  await anna.waitFor("[data-testid=point-pad]");
  await end(anna, "solved");
});

test("a server that began anew has forgotten the yes: it is said, and asked again in one step", async (t) => {
  const { anna, elsa } = await together(t, desk, "Peka igen");
  await press(anna, "point");
  await press(elsa, "consent-yes");
  await anna.waitFor("[data-testid=point-pad]");
  const stopped = desk.server.signal("SIGTERM");
  assert.equal((await stopped).code, 0);
  await desk.server.start();
  await anna.waitFor("[data-testid=ask][data-step=lapsed]", { timeout: 60000 });
  assert.equal(await anna.page.locator("[data-testid=point-pad]").count(), 0, "nothing looks as if one pointed");
  await anna.sees(/gäller inte frågan till Elsa/);
  await Promise.all([anna, elsa].map((p) => p.seesMovingPictures(1, { timeout: 60000 })));
  await audit(anna, "staff-point-lapsed");
  await press(anna, "point");
  await press(elsa, "consent-yes");
  await anna.waitFor("[data-testid=point-pad]");
  assert.equal(await anna.page.locator("[data-testid=ask]").count(), 0, "what had lapsed is not told any more");
  await end(anna, "solved");
});
