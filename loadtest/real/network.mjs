// SPDX-License-Identifier: EUPL-1.2
// Places of the bench: network namespaces of a browser each, joined to ours (where the server is, and
// which forwards between them) by a link of loadtest/linkem. Ours comes from tests/e2e/in-namespace.
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { until } from "../../tests/e2e/lib/until.mjs";

/** Where servers listen: an address of our namespace that is no link's. */
export const ADDRESS = "10.77.0.1";

/** A namespace with nothing but lo. */
export async function startPlace(name) {
  const holder = spawn("unshare", ["-n", "sleep", "infinity"], { stdio: "ignore" });
  const own = readlinkSync("/proc/self/ns/net");
  await until(`the namespace of ${name} is there`, () => readlinkSync(`/proc/${holder.pid}/ns/net`) !== own);
  const enter = ["-t", String(holder.pid), "-n"];
  const run = (line) => execFileSync("nsenter", [...enter, ...line.split(" ")], { stdio: ["ignore", "pipe", "inherit"] });
  run("ip link set lo up");
  const folder = mkdtempSync(join(tmpdir(), "vidd-place-"));
  const wrapper = join(folder, "chromium");
  writeFileSync(wrapper, `#!/bin/sh\nexec nsenter ${enter.join(" ")} /usr/bin/chromium "$@"\n`);
  chmodSync(wrapper, 0o755);
  return {
    name,
    run,
    namespace: `/proc/${holder.pid}/ns/net`,
    /** Starts Chromium over there. */
    executablePath: wrapper,
    close() {
      holder.kill("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Lets our namespace pass packets between its links: two browsers that talk peer to peer. */
export function forwardBetweenLinks() {
  writeFileSync("/proc/sys/net/ipv4/ip_forward", "1");
}
