// SPDX-License-Identifier: EUPL-1.2
// A network of a browser's own beside ours, as a home beside the internet: its address can change
// while it runs. Made of a nested network namespace and a veth pair.
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { until } from "./until.mjs";

/** Our end is `ours`, the other end `theirs`; both in one /24. */
export async function startNetwork({ ours = "10.78.0.1", theirs = "10.78.0.2" } = {}) {
  const holder = spawn("unshare", ["-n", "sleep", "infinity"], { stdio: "ignore" });
  const own = readlinkSync("/proc/self/ns/net");
  await until("the other namespace is there", () => readlinkSync(`/proc/${holder.pid}/ns/net`) !== own);
  const ip = (...args) => execFileSync("ip", args.flatMap((a) => a.split(" ")));
  const there = ["-t", String(holder.pid), "-n"];
  const ipThere = (line) => execFileSync("nsenter", [...there, "ip", ...line.split(" ")]);
  ip(`link add w0 type veth peer name w1 netns ${holder.pid}`);
  ip(`addr add ${ours}/24 dev w0`);
  ip("link set w0 up");
  ipThere("link set lo up");
  ipThere(`addr add ${theirs}/24 dev w1`);
  ipThere("link set w1 up");
  ipThere(`route add default via ${ours}`);

  const folder = mkdtempSync(join(tmpdir(), "vidd-network-"));
  const wrapper = join(folder, "chromium");
  writeFileSync(wrapper, `#!/bin/sh\nexec nsenter -t ${holder.pid} -n /usr/bin/chromium "$@"\n`);
  chmodSync(wrapper, 0o755);
  let address = theirs;
  return {
    /** Starts Chromium over there. */
    executablePath: wrapper,
    /** The old address is gone, a new one is there: a phone that moves to another network. */
    moveTo(next) {
      ipThere(`addr del ${address}/24 dev w1`);
      ipThere(`addr add ${next}/24 dev w1`);
      ipThere(`route replace default via ${ours}`);
      address = next;
    },
    close() {
      holder.kill("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
