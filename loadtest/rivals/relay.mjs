// SPDX-License-Identifier: EUPL-1.2
// Serves the rivals' pages over TLS as Vidd serves its own, passes messages between two people who
// talk peer to peer, and passes Janus's websocket on to it.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import https from "node:https";
import net from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };
const FILES = new Set(["p2p.html", "p2p.js", "janus.html", "janus.js", "client.js", "style.css"]);

function certificate(folder) {
  execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
    "-subj", "/CN=bench", "-keyout", join(folder, "key"), "-out", join(folder, "cert")], { stdio: "ignore" });
  return { key: readFileSync(join(folder, "key")), cert: readFileSync(join(folder, "cert")) };
}

export async function startRelay({ host, port = 9443, janusPort = null }) {
  const folder = mkdtempSync(join(tmpdir(), "vidd-rivals-"));
  const boxes = { patient: { out: null, waiting: [] }, clinician: { out: null, waiting: [] } };

  function relay(request, answer, me) {
    const mine = boxes[me];
    const other = boxes[me === "patient" ? "clinician" : "patient"];
    if (request.method === "POST") {
      const parts = [];
      request.on("data", (part) => parts.push(part));
      request.on("end", () => {
        const text = `data: ${Buffer.concat(parts)}\n\n`;
        if (other.out) other.out.write(text);
        else other.waiting.push(text);
        answer.writeHead(204).end();
      });
      return;
    }
    answer.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    answer.write(": here\n\n");
    mine.out = answer;
    for (const text of mine.waiting.splice(0)) answer.write(text);
  }

  const server = https.createServer(certificate(folder), (request, answer) => {
    const path = new URL(request.url, "https://here").pathname.slice(1);
    const who = /^relay\/(patient|clinician)$/.exec(path)?.[1];
    if (who) return relay(request, answer, who);
    if (path === "favicon.ico") return answer.writeHead(204).end();
    if (!FILES.has(path)) return answer.writeHead(404).end();
    answer.writeHead(200, { "content-type": TYPES[extname(path)] });
    return answer.end(readFileSync(new URL(path, import.meta.url)));
  });
  // Also those that became websockets, and those whose other end is gone without a word.
  const open = new Set();
  server.on("connection", (socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
  });
  server.on("upgrade", (request, near, head) => {
    if (janusPort === null) return near.destroy();
    const far = net.connect(janusPort, host, () => {
      const lines = [`GET / HTTP/1.1`];
      for (let i = 0; i < request.rawHeaders.length; i += 2) lines.push(`${request.rawHeaders[i]}: ${request.rawHeaders[i + 1]}`);
      far.write(`${lines.join("\r\n")}\r\n\r\n`);
      far.write(head);
      near.pipe(far).pipe(near);
    });
    for (const [a, b] of [[near, far], [far, near]]) a.on("error", () => b.destroy());
    return undefined;
  });
  await new Promise((done) => server.listen(port, host, done));
  return {
    origin: `https://${host}:${port}`,
    stop: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((done) => server.close(done));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
