// SPDX-License-Identifier: EUPL-1.2
// A health room and those at the clinic: a screen that stands in a room of its own, and staff, over
// REST and at their page.
import { staffSession } from "./desk.mjs";
import { arrive } from "./file.mjs";
import { pause, until } from "./until.mjs";

/** Several browsers at once on a small machine. */
export const PATIENT = { timeout: 60000 };

/** Somebody at the staff page, logged in. */
export async function atDesk(t, server, user, options = {}) {
  const person = await arrive(t, user, { hz: 770, ...options });
  await person.open(`${server.origin}/staff`);
  await person.waitFor("[data-testid=log-in]", PATIENT);
  await person.page.fill("#username", user);
  await person.page.fill("#password", server.demo.password);
  await person.click("[data-testid=log-in]");
  await person.waitFor("[data-testid=page-day]", PATIENT);
  return person;
}

/** A screen that stands in a room of its own. Chromium's second fake camera measures depth, which no
 * encoder takes: `cameras: 4` are three that can be used. `port`: where it reaches the server. */
export async function room(t, server, name, options = {}) {
  const admin = await staffSession(server, "admin");
  const place = await admin("POST", "places", { name, municipality: "Storuman" });
  const { code } = await admin("POST", `places/${place.id}/enrolments`);
  const screen = await arrive(t, name, { hz: 440, cameras: 4, ...options });
  const at = new URL("/room", server.origin);
  at.port = options.port ?? at.port;
  await screen.open(at.href);
  await screen.waitFor("[data-testid=page-enrol]", PATIENT);
  return { admin, place, code, screen };
}

export async function press(screen, id, within = "") {
  const selector = `${within} [data-testid=${id}]`;
  await screen.waitFor(selector, PATIENT);
  await screen.page.click(selector);
}

/** Typed on the keyboard, then the devices are chosen: by their place in the list, from 0; the part
 * that is not named stays as it is. */
export async function enrol(screen, code, parts = {}) {
  await screen.page.keyboard.type(code);
  await screen.page.keyboard.press("Enter");
  await screen.waitFor("[data-testid=part-exam]", PATIENT);
  for (const [part, at] of Object.entries(parts)) {
    const none = part === "camera" || part === "microphone" ? 0 : 1;
    await screen.page.selectOption(`[data-testid=part-${part}]`, { index: at + none });
  }
}

/** Room and two for examination, each a camera that gives pictures. */
export const CAMERAS = { camera: 0, exam: 2, exam2: 3 };

/** To the board; a screen that was never tested begins to test itself, and is stopped. */
export async function toTheBoard(screen) {
  await press(screen, "setup-done");
  await until("the screen is at its board", async () => {
    await screen.evaluate(() => document.querySelector("[data-testid=test-back]")?.click());
    const isBusy = await screen.evaluate(() => document.querySelector("[data-testid=page-idle]") === null);
    return !isBusy && (await pause(2500), screen.evaluate(() => document.querySelector("[data-testid=page-idle]") !== null));
  }, PATIENT);
}

export const deviceOf = async (admin, place) =>
  (await admin("GET", "places")).places.find((p) => p.id === place.id).devices[0];

/** A visit that is held in the room now. */
export const bookAt = (doctor, place, more = {}) =>
  doctor("POST", "consultations", {
    title: "Sårvård Elsa Sjögren",
    place: place.id,
    planned: new Date(Date.now() + 300_000).toISOString(),
    minutes: 30,
    waiting_room: true,
    participants: [{ role: "patient", name: "Elsa Sjögren" }],
    ...more,
  });

/** The screen goes from its board to the door. */
export async function toTheDoor(screen) {
  await press(screen, "setup-done");
  await screen.waitFor("[data-testid=start]", PATIENT);
  await press(screen, "start");
  await press(screen, "privacy-yes");
  await screen.waitFor("[data-testid=page-waiting]", PATIENT);
}

/** From the day into the visit, and the room is let in. */
export async function admitRoom(anna, screen, visit) {
  await press(anna, "enter", `[data-visit="${visit.id}"]`);
  await anna.waitFor("[data-testid=page-call]", PATIENT);
  await press(anna, "admit");
  await screen.waitFor("[data-testid=page-call]", PATIENT);
}
