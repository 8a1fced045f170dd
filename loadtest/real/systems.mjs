// SPDX-License-Identifier: EUPL-1.2
// The systems that the bench compares, each behind the same few words: start it on our address, let a
// page join as patient or clinician, stop it. The pages of the rivals are in loadtest/rivals.
import { startChromium } from "../../tests/e2e/lib/chromium.mjs";
import { startServer } from "../../tests/e2e/lib/server.mjs";
import { TONES_HZ } from "../../tests/e2e/lib/tone.mjs";
import { startJanus } from "../rivals/janus.mjs";
import { startRelay } from "../rivals/relay.mjs";
import { ADDRESS } from "./network.mjs";

/** People who sit beside the server: small painted pictures and a tone each, which two cores bear. */
async function startCrowd(others, join) {
  if (others === 0) return null;
  const browser = await startChromium();
  for (let i = 0; i < others; i++) {
    const someone = await browser.person(`other ${i + 1}`, { seat: { hz: TONES_HZ[i], hue: i * 60, width: 160, fps: 8 } });
    await join(someone, i);
  }
  return browser;
}

async function vidd(out, { others = 0 }) {
  const server = await startServer({ address: ADDRESS, args: ["--log-level", "info"] });
  const { participants } = await server.consultation([{ role: "patient", name: "Patient" }, { role: "clinician", name: "Läkare" },
    ...Array.from({ length: others }, (_, i) => ({ role: "relative", name: `Anhörig ${i + 1}` }))]);
  const links = { patient: participants[0].link, clinician: participants[1].link };
  const crowd = await startCrowd(others, (someone, i) => someone.join(participants[2 + i].link));
  return {
    pid: server.child.pid,
    open: (page, who) => page.goto(links[who], { waitUntil: "commit", timeout: 60000 }),
    async join(page) {
      await page.waitForSelector("[data-testid=join]:not([disabled])", { timeout: 60000 });
      await page.evaluate(() => {
        document.addEventListener("click", () => window.bench.mark("join"), { capture: true, once: true });
      });
      await page.click("[data-testid=join]");
    },
    async stop() {
      await crowd?.close();
      await server.stop();
    },
  };
}

function rival(kind, relay, { stop: stopServer = async () => {}, pid = null } = {}) {
  const open = (page, who) => page.goto(`${relay.origin}/${kind}.html?me=${who}`, { waitUntil: "commit", timeout: 60000 });
  return {
    pid,
    open,
    async join(page) {
      await page.waitForSelector("body[data-ready]", { timeout: 60000 });
      await page.evaluate(() => {
        window.bench.mark("join");
        window.join().catch((error) => console.error(`join: ${error.message}`));
      });
    },
    async stop() {
      await relay.stop();
      await stopServer();
    },
  };
}

async function chrome() {
  return rival("p2p", await startRelay({ host: ADDRESS }));
}

async function janus(out, { others = 0 }) {
  const server = await startJanus({ address: ADDRESS, media: ["10.81.0.1", "10.82.0.1"], log: `${out}/janus.log` });
  const system = rival("janus", await startRelay({ host: ADDRESS, janusPort: server.port }), server);
  const crowd = await startCrowd(others, async ({ page }, i) => {
    await system.open(page, `other-${i + 1}`);
    await page.waitForSelector("body[data-ready]");
    await page.evaluate(() => window.join());
  });
  return {
    ...system,
    async stop() {
      await crowd?.close();
      await system.stop();
    },
  };
}

export const SYSTEMS = { vidd, chrome, janus };
