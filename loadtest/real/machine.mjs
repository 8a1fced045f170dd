// SPDX-License-Identifier: EUPL-1.2
// How busy the machine and one process were during a run.
import { readFileSync } from "node:fs";

const TICKS_PER_S = 100; // USER_HZ of Linux

function ticks() {
  const [user, nice, system, idle, iowait, irq, softirq, steal] = readFileSync("/proc/stat", "utf8").split("\n")[0].trim().split(/\s+/).slice(1).map(Number);
  return { idle: idle + iowait, all: user + nice + system + idle + iowait + irq + softirq + (steal ?? 0) };
}

function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /, "").split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S;
}

/** Starts to look; end() gives `busy`, 0..1 of all cores, and `server`, of one core (null: no server). */
export function machine(pid) {
  const before = ticks();
  const began = performance.now();
  const used = pid ? cpuSeconds(pid) : null;
  return {
    end() {
      const after = ticks();
      return {
        busy: 1 - (after.idle - before.idle) / (after.all - before.all),
        server: pid ? (cpuSeconds(pid) - used) / ((performance.now() - began) / 1000) : null,
      };
    },
  };
}
