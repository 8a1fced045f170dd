// SPDX-License-Identifier: EUPL-1.2
// A wire that can be cut: TCP between a page and the server. Media over UDP does not pass here.
import net from "node:net";

export async function startProxy({ to, host = "10.77.0.1", port }) {
  const open = new Set();
  let isCut = false;
  const server = net.createServer((near) => {
    if (isCut) return near.destroy();
    const far = net.connect(to, host);
    for (const [a, b] of [[near, far], [far, near]]) {
      open.add(a);
      a.pipe(b);
      a.on("error", () => b.destroy());
      a.on("close", () => {
        open.delete(a);
        b.destroy();
      });
    }
  });
  await new Promise((done) => server.listen(port, host, done));
  return {
    port,
    /** Breaks what is open and refuses what is new, until mend(). */
    cut() {
      isCut = true;
      for (const socket of open) socket.destroy();
    },
    mend() {
      isCut = false;
    },
    connections: () => open.size / 2,
    close() {
      this.cut();
      server.close();
    },
  };
}
