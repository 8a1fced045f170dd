// SPDX-License-Identifier: EUPL-1.2
// Debian's Chromium at a place of the bench, with the bench's content as camera and microphone.
import { createRequire } from "node:module";
import { join } from "node:path";

import { ROOT } from "../../tests/e2e/lib/server.mjs";
import { OBSERVER } from "./observe.mjs";

const { chromium } = createRequire(join(ROOT, "tests/e2e/package.json"))("playwright-core");

const ARGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required",
  // The certificates here are self-signed. Ignored by the page's context alone they cost a second TLS
  // connection each time, which nobody with a real certificate has.
  "--ignore-certificate-errors",
  "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
];

/** A browser with one observed page. `voice` and `video`: paths of content(). */
export async function startBrowser(place, { video, voice }) {
  const browser = await chromium.launch({
    executablePath: place.executablePath,
    headless: true,
    ignoreDefaultArgs: ["--mute-audio", "--hide-scrollbars"],
    args: [...ARGS, `--use-file-for-fake-video-capture=${video}`, `--use-file-for-fake-audio-capture=${voice}`],
  });
  const context = await browser.newContext({ ignoreHTTPSErrors: true, locale: "sv-SE" });
  await context.addInitScript(OBSERVER);
  const page = await context.newPage();
  const lines = [];
  page.on("console", (line) => lines.push(`${line.type()}: ${line.text()}`));
  page.on("pageerror", (error) => lines.push(`pageerror: ${error.message}`));
  return { page, lines, take: () => page.evaluate(() => window.bench.take()), close: () => browser.close() };
}
