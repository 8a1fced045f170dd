// SPDX-License-Identifier: EUPL-1.2
// A WebRTC client that is no browser: a Python script of clients/, whose reports are read as JSON.
import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import readline from "node:readline";

import { ARTIFACTS, ROOT } from "./server.mjs";
import { until } from "./until.mjs";

let clientCount = 0;

export class Client {
  /** @param script e.g. "gst_whip.py"; args: URL, token, tone(s). */
  constructor(script, ...args) {
    this.script = script;
    this.reports = [];
    this.child = spawn("/usr/bin/python3", [join(ROOT, "tests/e2e/clients", script), ...args.map(String)]);
    const log = createWriteStream(join(ARTIFACTS, `client-${process.pid}-${++clientCount}-${script}.log`));
    this.child.stderr.pipe(log);
    readline.createInterface({ input: this.child.stdout }).on("line", (line) => {
      log.write(`${line}\n`);
      try {
        this.reports.push(JSON.parse(line));
      } catch {
        // A library's own words; they are in the log.
      }
    });
    this.exited = new Promise((done) => this.child.once("exit", (code, signal) => done({ code, signal })));
  }

  /** The first report for which `test` holds, once there is one. */
  report(what, test, options) {
    return until(`${this.script}: ${what}`, () => {
      const found = this.reports.find(test);
      return found ?? Promise.reject(new Error(JSON.stringify(this.reports.slice(-2))));
    }, options);
  }

  connected() {
    return this.report("connected", (r) => r.event === "connection" && r.state === "connected");
  }

  /** Ends the session with DELETE and waits for the client to go. */
  async stop() {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill("SIGTERM");
      const late = setTimeout(() => this.child.kill("SIGKILL"), 8000);
      await this.exited;
      clearTimeout(late);
    }
  }
}
