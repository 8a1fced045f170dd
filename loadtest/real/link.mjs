// SPDX-License-Identifier: EUPL-1.2
// The links of one run: a vidd-linkem process between the places and our namespace, and what its log
// says afterwards.
import { spawn } from "node:child_process";
import { createWriteStream, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import readline from "node:readline";

import { ROOT } from "../../tests/e2e/lib/server.mjs";
import { readLog } from "./linklog.mjs";

const PROGRAM = process.env.VIDD_LINKEM ?? join(ROOT, "build/loadtest/linkem/vidd-linkem");

/** The page's clock and the emulator's: both are of this machine. */
function wallOfMonotonic() {
  const now = process.hrtime.bigint();
  const wall = performance.timeOrigin + performance.now();
  return (ns) => wall + Number(ns - now) / 1e6;
}

/** pairs: [{place, profile (path), ours, theirs (addresses)}], in the order of the log's pairs. */
export async function startLinks(pairs, { seed, folder }) {
  if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is not built: ninja -C build`);
  const log = join(folder, "link.log");
  const child = spawn(PROGRAM, [...pairs.flatMap(({ place, profile, ours, theirs }) =>
    ["--pair", [place.namespace, "self", profile, theirs, ours].join(",")]), "--gate", "--seed", String(seed), "--log", log],
  { stdio: ["pipe", "pipe", "pipe"] });
  const words = createWriteStream(join(folder, "link.txt"));
  child.stderr.pipe(words, { end: false });
  child.stdin.on("error", () => {});
  const lines = [];
  const exited = new Promise((done) => child.once("exit", (code) => done(code)));
  await new Promise((done, fail) => {
    readline.createInterface({ input: child.stdout }).on("line", (line) => {
      words.write(`${line}\n`);
      lines.push(line);
      if (line === "ready") done();
    });
    exited.then((code) => fail(new Error(`vidd-linkem exited with ${code}; see ${folder}/link.txt`)));
  });
  let ended = null;
  const stop = async () => {
    const wallOf = wallOfMonotonic();
    child.kill("SIGTERM");
    await exited;
    words.end();
    return readLog(readFileSync(log), wallOf);
  };
  return {
    /** t = 0 of the profiles is now; returns the wall clock. */
    go() {
      child.stdin.write("g");
      return performance.timeOrigin + performance.now();
    },
    /** Ends the links and reads what passed: readLog(). May be called again. */
    end: () => (ended ??= stop()),
  };
}
