// SPDX-License-Identifier: EUPL-1.2
// A Vidd server of the test's own: its data in a temporary folder, reached at the veth's address.
import { spawn } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import https from "node:https";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { until } from "./until.mjs";

export const ROOT = resolve(fileURLToPath(import.meta.url), "../../../..");
export const ARTIFACTS = join(ROOT, "build", "e2e");
mkdirSync(ARTIFACTS, { recursive: true });

let serverCount = 0;

/** One HTTP request over TLS without checking the self-signed certificate. */
export function request(url, { method = "GET", headers = {}, body } = {}) {
  return new Promise((done, fail) => {
    const out = https.request(url, { method, headers, rejectUnauthorized: false, agent: false }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () =>
        done({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts).toString() }),
      );
    });
    out.setTimeout(20000, () => out.destroy(new Error(`no answer: ${method} ${url}`)));
    out.on("error", fail);
    out.end(body);
  });
}

export class Server {
  /** @param options port, mediaPort, address, args: further flags of vidd. */
  constructor({ port = 8443, mediaPort = 10000, address = "10.77.0.1", args = [] } = {}) {
    this.port = port;
    this.data = mkdtempSync(join(tmpdir(), "vidd-e2e-"));
    this.log = createWriteStream(join(ARTIFACTS, `server-${process.pid}-${++serverCount}.log`));
    this.origin = `https://${address.includes(":") ? `[${address}]` : address}:${port}`;
    this.args = ["--demo", "--data", this.data, "--port", port, "--media-port", mediaPort,
      "--address", address, "--public-url", this.origin, "--metrics-open", "true",
      "--log-level", "debug", ...args].map(String);
  }

  /** Starts the program and waits until it answers. */
  async start() {
    this.child = spawn(process.env.VIDD_SERVER ?? join(ROOT, "build/server/vidd"), this.args, { cwd: ROOT });
    this.child.stdout.pipe(this.log, { end: false });
    this.child.stderr.pipe(this.log, { end: false });
    const child = this.child;
    this.exited = new Promise((done) => child.once("exit", (code, signal) => done({ code, signal })));
    await until("the server answers /readyz", async () => {
      if (child.exitCode !== null) throw new Error(`vidd exited with ${child.exitCode}`);
      return (await request(`${this.origin}/readyz`)).status === 200;
    }, { every: 20, timeout: 60000 });
    this.demo ??= JSON.parse(readFileSync(join(this.data, "demo.json"), "utf8"));
    return this;
  }

  async signal(name) {
    this.child.kill(name);
    return this.exited;
  }

  /** Stops it in order and removes its data. */
  async stop() {
    let end = { code: 0, signal: null };
    if (this.child && this.child.exitCode === null && this.child.signalCode === null) {
      const late = setTimeout(() => this.child.kill("SIGKILL"), 6000);
      end = await this.signal("SIGTERM");
      clearTimeout(late);
    }
    this.log.end();
    if (existsSync(this.data)) rmSync(this.data, { recursive: true, force: true });
    return end;
  }

  /** A consultation with these participants: [{role, name}]. Each answered with link and token. */
  async consultation(participants, title = "Provbesök") {
    const answer = await request(`${this.origin}/api/v1/consultations`, {
      method: "POST",
      headers: { authorization: `Bearer ${this.demo.api_key}`, "content-type": "application/json" },
      body: JSON.stringify({ title, participants }),
    });
    if (answer.status !== 201) throw new Error(`POST consultations: ${answer.status} ${answer.body}`);
    return JSON.parse(answer.body);
  }

  async endConsultation(id) {
    const answer = await request(`${this.origin}/api/v1/consultations/${id}`, {
      method: "DELETE",
      headers: { authorization: `Bearer ${this.demo.api_key}` },
    });
    if (answer.status >= 300) throw new Error(`DELETE consultation: ${answer.status} ${answer.body}`);
  }

  /** /metrics as a Map from "name{labels}" to number. */
  async metrics() {
    const { body } = await request(`${this.origin}/metrics`);
    const found = new Map();
    for (const line of body.split("\n")) {
      const match = /^([^#\s]\S*)\s+(\S+)$/.exec(line);
      if (match) found.set(match[1], Number(match[2]));
    }
    return found;
  }
}

export async function startServer(options) {
  return new Server(options).start();
}
