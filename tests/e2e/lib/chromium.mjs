// SPDX-License-Identifier: EUPL-1.2
// Debian's Chromium with a fake camera and a fake microphone that plays a given tone.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { chromium } from "playwright-core";

import { observe } from "./inpage.mjs";
import { Person } from "./person.mjs";
import { writeTone } from "./tone.mjs";

const ARGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required",
];

/**
 * Starts one browser process. `hz`: its microphone; `camera`: "ok", or "denied" (nobody answers the
 * question yes); `fps` of the fake camera, `cameras`: how many; `executablePath`: a wrapper around the browser.
 */
export async function startChromium({ hz = 440, fps = 20, cameras = 1, camera = "ok", executablePath = "/usr/bin/chromium" } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "vidd-chromium-"));
  const tone = writeTone(join(folder, "tone.wav"), hz);
  const media = camera === "ok" ? ["--use-fake-ui-for-media-stream"] : ["--deny-permission-prompts"];
  const browser = await chromium.launch({
    executablePath,
    headless: true,
    ignoreDefaultArgs: ["--mute-audio", "--hide-scrollbars"],
    args: [...ARGS, ...media, `--use-fake-device-for-media-stream=fps=${fps},device-count=${cameras}`,
      `--use-file-for-fake-audio-capture=${tone}`],
  });
  const close = async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  };
  /** A new page in a fresh profile. `seat`: see observe(); `context`: Playwright's context options. */
  const person = async (name, { seat = {}, context = {} } = {}) => {
    const profile = await browser.newContext({ ignoreHTTPSErrors: true, locale: "sv-SE", ...context });
    await profile.addInitScript(observe, seat);
    const page = await profile.newPage();
    const someone = new Person(name, page, { hz: seat.hz ?? hz, close: () => profile.close() });
    someone.context = profile;
    page.on("console", (line) => someone.consoleLines.push(`${line.type()}: ${line.text()}`));
    page.on("pageerror", (error) => someone.consoleLines.push(`pageerror: ${error.message}`));
    return someone;
  };
  return { browser, person, close };
}

/** A browser with one page, for tests in which everybody has a machine of his own. */
export async function chromiumPerson(name, options = {}) {
  const { person, close } = await startChromium(options);
  const someone = await person(name, options);
  someone.close = close;
  return someone;
}
