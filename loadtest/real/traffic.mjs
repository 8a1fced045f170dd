// SPDX-License-Identifier: EUPL-1.2
// Somebody else on the patient's line: one TCP connection (the kernel's congestion control, CUBIC) that
// downloads for a time or uploads a number of bytes.
import { spawn } from "node:child_process";
import net from "node:net";
import { fileURLToPath } from "node:url";

import { ADDRESS } from "./network.mjs";

const PORT = 9500;
const PIECE = Buffer.alloc(16384);

/** plan: {direction: "down" | "up", at_s, for_s or bytes}; `zero`: wall clock of t = 0 in ms. */
export function traffic(place, plan, zero) {
  const pid = place.namespace.split("/")[2];
  let child;
  const open = new Set();
  const server = net.createServer((socket) => {
    open.add(socket);
    socket.on("error", () => {});
    if (plan.direction === "up") return socket.resume();
    const fill = () => {
      while (socket.write(PIECE));
    };
    socket.on("drain", fill);
    return fill();
  }).listen(PORT, ADDRESS);
  const begin = setTimeout(() => {
    child = spawn("nsenter", ["-t", pid, "-n", process.execPath, fileURLToPath(import.meta.url), JSON.stringify(plan)], { stdio: "ignore" });
  }, Math.max(0, zero + plan.at_s * 1000 - Date.now()));
  return {
    async end() {
      clearTimeout(begin);
      child?.kill("SIGKILL");
      for (const socket of open) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const plan = JSON.parse(process.argv[2]);
  const socket = net.connect(PORT, ADDRESS, () => {
    if (plan.direction === "up") socket.end(Buffer.alloc(plan.bytes));
    else setTimeout(() => socket.destroy(), plan.for_s * 1000);
  });
  socket.on("error", () => {});
  socket.resume();
}
