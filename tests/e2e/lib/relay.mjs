// SPDX-License-Identifier: EUPL-1.2
// A thin link for UDP: everything between one browser and the server's media port passes here, is
// lost, waits and is counted. The page is led through it by `through`, which changes the port of
// the candidates it is told.
import dgram from "node:dgram";

/** One direction: `bps` 0 is no limit; what would wait longer than `queueMs` is dropped. */
function pipe(send, options) {
  let free = 0;
  const count = { packets: 0, bytes: 0, lost: 0, dropped: 0 };
  return {
    options,
    count,
    push(data) {
      const { bps = 0, delayMs = 0, loss = 0, queueMs = 300, sees } = options;
      const now = performance.now();
      count.packets += 1;
      count.bytes += data.length + 28;
      sees?.(data, now, bps > 0 ? Math.max(0, free - now) : 0);
      if (Math.random() < loss) {
        count.lost += 1;
        return;
      }
      const start = Math.max(now, free);
      if (bps > 0) {
        if (start - now > queueMs) {
          count.dropped += 1;
          return;
        }
        free = start + ((data.length + 28) * 8000) / bps;
      }
      const wait = (bps > 0 ? free - now : 0) + delayMs;
      if (wait < 1) send(data);
      else setTimeout(send, wait, data);
    },
  };
}

/** `up`: browser to server, `down`: server to browser; both may be changed while it runs. */
export async function startRelay({ port, to = 10000, host = "10.77.0.1", up = {}, down = {} }) {
  const near = dgram.createSocket("udp4");
  const far = dgram.createSocket("udp4");
  let client = null;
  let isClosed = false;
  // What is on its way when it is closed stays there.
  const upward = pipe((data) => isClosed || far.send(data, to, host), up);
  const downward = pipe((data) => isClosed || (client && near.send(data, client.port, client.address)), down);
  near.on("message", (data, from) => {
    client = from;
    upward.push(data);
  });
  far.on("message", (data) => downward.push(data));
  await new Promise((done) => near.bind(port, host, done));
  await new Promise((done) => far.bind(0, host, done));
  return {
    port,
    up: upward,
    down: downward,
    close() {
      isClosed = true;
      near.close();
      far.close();
    },
  };
}

/** Runs in the page before its own script: candidates of port `from` become ones of port `to`. */
export function through({ from, to }) {
  const real = RTCPeerConnection.prototype.setRemoteDescription;
  RTCPeerConnection.prototype.setRemoteDescription = function (description) {
    const lines = description.sdp.split("\r\n").filter((line) => !/^a=candidate:.* [0-9a-f]*:[0-9a-f:]+ /.test(line));
    const sdp = lines
      .map((line) => (line.startsWith("a=candidate:") ? line.replace(` ${from} typ`, ` ${to} typ`) : line))
      .join("\r\n");
    return real.call(this, { type: description.type, sdp });
  };
}
