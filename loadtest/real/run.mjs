#!/usr/bin/env node
// SPDX-License-Identifier: EUPL-1.2
// One real run: two browsers and one system, the patient behind a thin link, the clinician behind a
// clean one. Prints one line of JSON as loadtest/report/judge.py reads it. script/scenarios calls it
// inside tests/e2e/in-namespace:
//   run.mjs --scenario NAME --system vidd|chrome|janus --seed N --out FOLDER
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";

import { ROOT } from "../../tests/e2e/lib/server.mjs";
import { pause, until } from "../../tests/e2e/lib/until.mjs";
import { startBrowser } from "./browser.mjs";
import { content, FPS, FRAMES } from "./content.mjs";
import { startLinks } from "./link.mjs";
import { machine } from "./machine.mjs";
import { forwardBetweenLinks, startPlace } from "./network.mjs";
import { outcome } from "./outcome.mjs";
import { SYSTEMS } from "./systems.mjs";
import { traffic } from "./traffic.mjs";

const MEDIA_WITHIN_MS = 40_000;
/** Loading and joining take at most two minutes, media 40 s; whatever takes longer than this hangs. */
const SPARE_MS = 240_000;

const { values: args } = parseArgs({
  options: { scenario: { type: "string" }, system: { type: "string" }, seed: { type: "string" }, out: { type: "string" } },
});

function scenario(name) {
  const all = JSON.parse(readFileSync(new URL("scenarios.json", import.meta.url), "utf8")).scenarios;
  if (!all[name]) throw new Error(`no scenario ${name}; there are: ${Object.keys(all).join(", ")}`);
  const found = { name, from_s: 5, start: "call", ...all[name] };
  found.path = join(ROOT, "loadtest/profiles", `${found.profile}.json`);
  found.link = JSON.parse(readFileSync(found.path, "utf8"));
  return found;
}

/** Both see and hear each other, or time is up: a call that does not come about is a result, too. */
async function mediaFlows(browsers) {
  await until("sound and pictures both ways", async () => {
    const counts = await Promise.all(Object.values(browsers).map(({ page }) =>
      page.evaluate(() => [window.bench.decoded(), window.bench.samples()])));
    return counts.every(([decoded, samples]) => decoded > 10 && samples > 24_000);
  }, { timeout: MEDIA_WITHIN_MS, every: 250 }).catch(() => {});
}

/** The call; returns when t = 0 was and everything that was collected. */
async function call(plan, places, links, system, files) {
  const browsers = {};
  try {
    browsers.clinician = await startBrowser(places.clinician, { video: files.video, voice: files.voices[0] });
    browsers.patient = await startBrowser(places.patient, { video: files.video, voice: files.voices[1] });
    await system.open(browsers.clinician.page, "clinician");
    await system.join(browsers.clinician.page);
    let zero = plan.start === "join" ? links.go() : null;
    try {
      await system.open(browsers.patient.page, "patient");
      await system.join(browsers.patient.page);
    } catch (error) {
      return { failed: `the patient could not join: ${error.message.split("\n")[0]}` };
    }
    if (zero === null) {
      await mediaFlows(browsers);
      zero = links.go();
    } else {
      zero = await browsers.patient.page.evaluate(() => window.bench.marks.join);
    }
    const watch = machine(system.pid);
    const busy = plan.traffic ? traffic(places.patient, plan.traffic, zero) : null;
    await pause(zero + plan.duration_s * 1000 - Date.now());
    const used = watch.end();
    const sides = { patient: await browsers.patient.take(), clinician: await browsers.clinician.take() };
    return { zero, used, sides, busy: await busy?.end(),
      lines: { patient: browsers.patient.lines, clinician: browsers.clinician.lines } };
  } finally {
    await Promise.allSettled(Object.values(browsers).map((b) => b.close()));
  }
}

async function run(plan, folder) {
  const files = content(join(ROOT, "build/scenarios-content"));
  const places = {};
  let links;
  let system;
  try {
    forwardBetweenLinks();
    for (const name of ["patient", "clinician"]) places[name] = await startPlace(name);
    links = await startLinks([
      { place: places.patient, profile: plan.path, ours: "10.81.0.1", theirs: "10.81.0.2" },
      { place: places.clinician, profile: join(ROOT, "loadtest/profiles/clean.json"), ours: "10.82.0.1", theirs: "10.82.0.2" },
    ], { seed: Number(args.seed), folder });
    system = await SYSTEMS[args.system](folder, plan);
    const seen = await call(plan, places, links, system, files);
    return { ...seen, link: await links.end() };
  } finally {
    await system?.stop();
    await links?.end().catch(() => {});
    for (const place of Object.values(places)) place.close();
  }
}

const plan = scenario(args.scenario);
const folder = join(args.out, "raw", `${args.scenario}-${args.system}-${args.seed}`);
mkdirSync(folder, { recursive: true });
const result = { name: args.scenario, mode: "real", system: args.system, seed: Number(args.seed), void: false, reason: "", measures: {}, series: {} };
function print() {
  console.log(JSON.stringify(result));
  process.exit(0); // what is left of browsers and servers ends with the process namespace
}
setTimeout(() => {
  Object.assign(result, { void: true, reason: "the bench failed: it hung" });
  print();
}, plan.duration_s * 1000 + SPARE_MS).unref();
try {
  const seen = await run(plan, folder);
  writeFileSync(join(folder, "seen.json.gz"), gzipSync(JSON.stringify({ ...seen, link: undefined })));
  Object.assign(result, outcome(plan, seen, { fps: FPS, frames: FRAMES }));
} catch (error) {
  // The bench could not make the run: nothing is known of the system.
  Object.assign(result, { void: true, reason: `the bench failed: ${error.message.split("\n")[0]}` });
  console.error(error);
}
print();
