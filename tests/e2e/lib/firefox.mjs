// SPDX-License-Identifier: EUPL-1.2
// Debian's Firefox ESR over WebDriver BiDi, with its own fake camera and a tone as microphone.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import puppeteer from "puppeteer-core";

import { observe } from "./inpage.mjs";
import { Person } from "./person.mjs";
import { startSpeaker } from "./speaker.mjs";

export async function firefoxPerson(name, { hz = 610, seat = {} } = {}) {
  const profile = mkdtempSync(join(tmpdir(), "vidd-firefox-"));
  const speaker = await startSpeaker();
  const browser = await puppeteer.launch({
    browser: "firefox",
    env: { ...process.env, ...speaker.env },
    executablePath: "/usr/bin/firefox-esr",
    headless: true,
    userDataDir: profile,
    acceptInsecureCerts: true,
    extraPrefsFirefox: {
      "media.navigator.streams.fake": true,
      "media.navigator.permission.disabled": true,
      "media.navigator.audio.fake_frequency": hz,
      "media.autoplay.default": 0,
      "media.peerconnection.ice.obfuscate_host_addresses": false,
      "app.update.enabled": false,
      "browser.safebrowsing.malware.enabled": false,
      "browser.safebrowsing.phishing.enabled": false,
      "network.captive-portal-service.enabled": false,
      "network.connectivity-service.enabled": false,
      "intl.accept_languages": "sv-SE, sv",
      "toolkit.telemetry.enabled": false,
    },
  });
  const page = await browser.newPage();
  await page.evaluateOnNewDocument(observe, seat);
  const someone = new Person(name, page, {
    hz,
    close: async () => {
      await browser.close();
      speaker.close();
      rmSync(profile, { recursive: true, force: true });
    },
  });
  page.on("console", (line) => someone.consoleLines.push(`${line.type()}: ${line.text()}`));
  page.on("pageerror", (error) => someone.consoleLines.push(`pageerror: ${error.message}`));
  return someone;
}
