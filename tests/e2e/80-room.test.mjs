// SPDX-License-Identifier: EUPL-1.2
// The health room between visits: a screen is enrolled by a code, tests itself, calls for help, and is
// nobody when it is revoked. Its visits are in 81-room-visit.
import assert from "node:assert/strict";
import { test } from "node:test";

import { audit } from "./lib/audit.mjs";
import { serverOfFile } from "./lib/file.mjs";
import { atDesk, deviceOf, enrol, PATIENT, press, room, toTheBoard } from "./lib/room.mjs";
import { until } from "./lib/until.mjs";

const server = serverOfFile();

test("a wrong code is said to be wrong, a right one by the pad connects the screen", async (t) => {
  const { admin, place, code, screen } = await room(t, server, "Slussfors");
  await audit(screen, "room-enrol");
  await screen.page.keyboard.type(code === "11111111" ? "22222222" : "11111111");
  await screen.page.keyboard.press("Enter");
  await screen.sees(/Koden gäller inte/, PATIENT);
  for (const digit of code) await press(screen, `digit-${digit}`);
  await press(screen, "connect");
  await screen.waitFor("[data-testid=part-exam]", PATIENT);
  const choice = await screen.evaluate(() =>
    ["camera", "exam"].map((part) => document.querySelector(`[data-testid=part-${part}]`).value),
  );
  assert.notEqual(choice[0], choice[1], "two cameras, one for each purpose");
  await audit(screen, "room-setup");
  await toTheBoard(screen);
  await screen.sees(/Slussfors/, PATIENT);
  await screen.sees(/Inget besök väntar/, PATIENT);
  await audit(screen, "room-idle");

  await press(screen, "call-help");
  await screen.sees(/Personalen ser att du vill ha hjälp/, PATIENT);
  await audit(screen, "room-help");
  await press(screen, "help-came");
  await until(
    "nobody is called any more",
    async () => (await deviceOf(admin, place)).help === null,
  );
});

test("whoever calls for help reaches a person, who answers", async (t) => {
  const { code, screen } = await room(t, server, "Umnäs");
  await enrol(screen, code);
  await toTheBoard(screen);
  const karin = await atDesk(t, server, "karin");
  await press(screen, "call-help");
  await karin.waitFor("[data-testid=room-call]", PATIENT);
  await karin.sees(/Umnäs: någon ber om hjälp/, PATIENT);
  assert.match(
    await karin.evaluate(() => document.querySelector("[role=alert]").textContent),
    /Umnäs ber om hjälp/,
  );
  await audit(karin, "staff-room-call");
  await karin.page.focus("[data-testid=take-help]");
  await karin.page.keyboard.press("Enter");
  await until("the call is gone", () =>
    karin.evaluate(() => document.querySelector("[data-testid=room-call]") === null),
  );
  await screen.sees(/Någon ur personalen tar hand om det/, PATIENT);
  await audit(screen, "room-help-answered");
  await press(screen, "help-came");
  await screen.waitFor("[data-testid=page-idle]", PATIENT);
});

// Runs in the page: the second camera gives the same picture again and again.
function hangSecondCamera() {
  const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    const cameras = (await navigator.mediaDevices.enumerateDevices()).filter((d) => d.kind === "videoinput");
    if (wanted.video?.deviceId?.exact === undefined || wanted.video.deviceId.exact !== cameras[1]?.deviceId) {
      return real(wanted);
    }
    const canvas = document.createElement("canvas");
    const pen = canvas.getContext("2d", { alpha: false });
    setInterval(() => pen.fillRect(0, 0, 100, 100), 40);
    return canvas.captureStream(20);
  };
}

test("the room tests its cameras, its microphone and its link, and staff see what it found", async (t) => {
  const { admin, place, code, screen } = await room(t, server, "Dikanäs");
  await screen.context.addInitScript(hangSecondCamera);
  await screen.page.reload();
  await screen.waitFor("[data-testid=page-enrol]", PATIENT);
  await enrol(screen, code);
  await press(screen, "setup-done");
  // It may have begun by itself: nobody has tested it today.
  if ((await screen.text()).includes("Testa rummet"))
    await press(screen, "test").catch(() => undefined);
  await screen.waitFor("[data-testid=report]", PATIENT);
  await audit(screen, "room-tested");
  const { self_test: found } = await until("the board has it", async () => {
    const device = await deviceOf(admin, place);
    return device.self_test !== null && device;
  });
  assert.equal(found.cameras.length, 4);
  const [first, hung, ...others] = found.cameras;
  for (const { works, fps } of [first, ...others])
    assert.ok(works && fps >= 5, JSON.stringify(found.cameras));
  assert.equal(hung.works, false, "a camera that hangs gives pictures, and is told all the same");
  assert.ok(hung.fps >= 5, JSON.stringify(hung));
  assert.ok(found.encoder.fps > 0, "the encoder has run");
  t.diagnostic(JSON.stringify(found));
  assert.equal(
    found.microphone.works,
    false,
    "no loudspeaker is near this microphone, and it says so",
  );
  assert.ok(found.microphone.level_db < 0);
  assert.equal(found.link.works, true, JSON.stringify(found.link));
  assert.ok(found.link.up_kbps > 100 && found.link.down_kbps > 100, JSON.stringify(found.link));

  // The same at the clinic, as the page reads it of the server.
  const karin = await atDesk(t, server, "karin");
  await press(karin, "tab-rooms");
  const card = `[data-place="${place.name}"]`;
  await karin.waitFor(`${card} [data-testid=device][data-state=faults]`, PATIENT);
  await karin.page.click(`${card} summary`);
  const parts = await karin.evaluate(
    (within) =>
      [...document.querySelectorAll(`${within} [data-testid=parts] li`)].map((li) => [
        li.dataset.part,
        li.dataset.works === "true",
      ]),
    card,
  );
  assert.deepEqual(parts, [
    ...found.cameras.map(({ works }) => ["camera", works]),
    ["microphone", false],
    ["encoder", found.encoder.works],
    ["link", true],
  ]);
  await audit(karin, "staff-rooms");
});

test("a revoked screen says so, and has forgotten its secret", async (t) => {
  const { admin, place, code, screen } = await room(t, server, "Gargnäs");
  await enrol(screen, code);
  await press(screen, "setup-done");
  const device = await deviceOf(admin, place);
  await admin("DELETE", `devices/${device.id}`);
  await screen.sees(/Skärmen är bortkopplad/, PATIENT);
  await audit(screen, "room-revoked");
  assert.equal(await screen.evaluate(() => localStorage.getItem("vidd.room")), null);
  await press(screen, "again");
  await screen.waitFor("[data-testid=page-enrol]", PATIENT);
});
