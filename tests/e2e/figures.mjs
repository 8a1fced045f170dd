// SPDX-License-Identifier: EUPL-1.2
// The figures of docs/performance.md that need browsers; script/figures runs it in a namespace.
// Prints one Markdown table. Everything on one machine: browsers, server, both ends of each wire.
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";

import { startChromium } from "./lib/chromium.mjs";
import { startServer } from "./lib/server.mjs";
import { TONES_HZ } from "./lib/tone.mjs";
import { pause, until } from "./lib/until.mjs";

const JOINS = Number(process.env.VIDD_JOINS ?? 10);
const CALL_SECONDS = 15;
const TICKS_PER_S = 100; // USER_HZ of Linux

const rows = [];
const row = (what, value, how) => rows.push(`| ${what} | ${value} | ${how} |`);
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /, "").split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S;
}

function memoryKb(pid) {
  return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))[1]);
}

function sum(metrics, name) {
  let total = 0;
  for (const [key, value] of metrics) if (key === name || key.startsWith(`${name}{`)) total += value;
  return total;
}

async function consultation(server, n) {
  return (await server.consultation(
    Array.from({ length: n }, (_, i) => ({ role: i ? "relative" : "patient", name: `Person ${i + 1}` })))).participants;
}

/** From the click on "join" to the first frame of the other's picture presented, in ms. */
async function clickToFrame(server, chromium) {
  const [near, far] = await consultation(server, 2);
  const other = await chromium.person("other");
  const me = await chromium.person("me");
  try {
    await other.join(far.link);
    await until("the other's media is up",
      async () => (await other.totals()).pairs.length > 0 && (await other.totals()).framesSent > 10);
    await me.open(near.link);
    await me.waitFor("[data-testid=self-video]");
    await me.evaluate(() => {
      document.addEventListener("click", () => { window.clickedAt = performance.now(); }, { capture: true, once: true });
      const look = setInterval(() => {
        const video = document.querySelector("[data-testid=remote-video]");
        if (!video) return;
        clearInterval(look);
        video.requestVideoFrameCallback(() => { window.frameAt = performance.now(); });
      }, 5);
    });
    await me.goIn();
    return await until("the first remote frame",
      () => me.evaluate(() => window.frameAt && window.frameAt - window.clickedAt), { every: 50 });
  } finally {
    await Promise.all([me.close(), other.close()]);
  }
}

async function joinTimes(server, chromium) {
  const times = [];
  for (let i = 0; i < JOINS; i++) times.push(Math.round(await clickToFrame(server, chromium)));
  row("click to first remote frame, Chromium", `median ${median(times)} ms (${Math.min(...times)}–${Math.max(...times)})`,
    `${JOINS} joins to a call where the other already sends`);
}

async function calls(server, chromium) {
  const pid = server.child.pid;
  const idleKb = memoryKb(pid);
  const people = [];
  for (const [i, { link }] of (await consultation(server, 4)).entries()) {
    const someone = await chromium.person(`Person ${i + 1}`, { seat: { hz: TONES_HZ[i], hue: i * 90, width: 640, fps: 15 } });
    people.push(someone);
    await someone.join(link);
  }
  await Promise.all(people.map((p) => p.seesMovingPictures(3, { timeout: 40000 })));
  const before = await server.metrics();
  const cpuBefore = cpuSeconds(pid);
  await pause(CALL_SECONDS * 1000);
  const after = await server.metrics();
  const used = cpuSeconds(pid) - cpuBefore;
  const forwarded = sum(after, "vidd_rtp_forwarded_total") - sum(before, "vidd_rtp_forwarded_total");
  const us = (seconds) => `${(seconds * 1e6).toFixed(0)} µs`;
  const transit = (q) => us(after.get(`vidd_transit_seconds_quantile{quantile="${q}"}`));
  row("server transit per packet", `p50 ${transit("0.50")}, p99 ${transit("0.99")}`,
    "the kernel's receiving it to after the sending call, 4 people, /metrics");
  row("server CPU per forwarded packet", us(used / forwarded),
    `whole process, ${Math.round(forwarded / CALL_SECONDS)} packets/s forwarded, ${((100 * used) / CALL_SECONDS).toFixed(1)} % of a core`);
  row("memory per participant", `${Math.round((memoryKb(pid) - idleKb) / 4)} kB`,
    `PSS of the server with 4 people in a call, less ${Math.round(idleKb / 1024)} MB idle`);
  await Promise.all(people.map((p) => p.close()));
}

async function pageWeight(server, chromium) {
  const me = await chromium.person("me");
  const [patient] = await consultation(server, 1);
  await me.open(patient.link);
  await me.waitFor("[data-testid=self-video]");
  const [bytes, files] = await me.evaluate(() => {
    const all = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
    return [all.reduce((n, e) => n + e.encodedBodySize, 0), all.length];
  });
  row("page weight, patient path", `${(bytes / 1000).toFixed(1)} kB in ${files} files`, "compressed bodies as Chromium got them");
  await me.close();
}

/** Browsers encode and decode on the server's own cores here: they give way, as on other machines. */
function politeChromium() {
  const folder = mkdtempSync(join(tmpdir(), "vidd-figures-"));
  const path = join(folder, "chromium");
  writeFileSync(path, '#!/bin/sh\nexec nice -n 19 /usr/bin/chromium "$@"\n');
  chmodSync(path, 0o755);
  return { path, remove: () => rmSync(folder, { recursive: true }) };
}

const quiet = { args: ["--log-level", "info"] };
const polite = politeChromium();
const chromium = await startChromium({ executablePath: polite.path });
try {
  for (const measure of [joinTimes, calls, pageWeight]) {
    const server = await startServer(quiet);
    try {
      await measure(server, chromium);
    } finally {
      await server.stop();
    }
  }
} finally {
  await chromium.close();
  polite.remove();
}
console.log(`${cpus().length} cores, ${cpus()[0].model}\n\n| figure | value | how |\n| --- | --- | --- |\n${rows.join("\n")}`);
