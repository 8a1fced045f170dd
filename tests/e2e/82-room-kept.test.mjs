// SPDX-License-Identifier: EUPL-1.2
// A screen that nobody looks after for weeks: the server begins anew and the network goes, between
// visits and in one, and everything comes back by itself.
import assert from "node:assert/strict";
import { test } from "node:test";

import { staffSession } from "./lib/desk.mjs";
import { serverOfFile } from "./lib/file.mjs";
import { startProxy } from "./lib/proxy.mjs";
import { admitRoom, atDesk, bookAt, CAMERAS, enrol, PATIENT, press, room, toTheBoard, toTheDoor } from "./lib/room.mjs";
import { until } from "./lib/until.mjs";

const server = serverOfFile();

test("between visits: the network goes and comes, the server begins anew", async (t) => {
  const proxy = await startProxy({ to: server.port, port: 9443 });
  t.after(() => proxy.close());
  const { place, code, screen } = await room(t, server, "Tärnaby", { port: 9443 });
  await enrol(screen, code);
  await toTheBoard(screen);
  proxy.cut();
  await until("the screen says so", async () => /Ingen kontakt med servern/.test(await screen.text()), PATIENT);
  proxy.mend();
  await until("and that it is over", async () => !/Ingen kontakt med servern/.test(await screen.text()), PATIENT);
  await server.signal("SIGTERM");
  await server.start();
  const doctor = await staffSession(server, "anna");
  await bookAt(doctor, place);
  await screen.waitFor("[data-testid=start]", { timeout: 120000 });
});

test("in a visit: the server begins anew, and cameras and sound are back without a press", async (t) => {
  const { place, code, screen } = await room(t, server, "Hemavan");
  const doctor = await staffSession(server, "anna");
  const visit = await bookAt(doctor, place);
  await enrol(screen, code, CAMERAS);
  await toTheDoor(screen);
  const anna = await atDesk(t, server, "anna");
  await admitRoom(anna, screen, visit);
  await anna.hearsTone(440, PATIENT);
  await press(screen, "lens-exam");
  await server.signal("SIGTERM");
  await server.start();
  await screen.waitFor("[data-testid=page-call][data-media=flowing]", PATIENT);
  await Promise.all([screen.hearsTone(770, PATIENT), anna.hearsTone(440, PATIENT)]);
  await until("what is shown is what was chosen", () => anna.evaluate(() => {
    const tiles = [...document.querySelectorAll(".tile[data-source]")];
    return tiles.length === 1 && tiles[0].dataset.source === "exam-camera" && tiles[0].querySelector("video") !== null;
  }), PATIENT);
  // The page itself goes, too: a power cut.
  await screen.page.reload();
  await screen.waitFor("[data-testid=page-call]", PATIENT);
  await anna.hearsTone(440, PATIENT);
  assert.equal(await screen.evaluate(() => document.querySelector("[data-testid=page-enrol]")), null);
});
