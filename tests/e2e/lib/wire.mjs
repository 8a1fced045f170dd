// SPDX-License-Identifier: EUPL-1.2
// A page's websocket, seen and used by a test: what was sent and when, what came, and a way to say
// what the page itself has no button for. Put into a page before its own script, after observe().

export function tapWire() {
  const Real = window.WebSocket;
  const sockets = [];
  const sent = [];
  const came = [];
  window.WebSocket = class extends Real {
    constructor(...args) {
      super(...args);
      sockets.push(this);
      this.addEventListener("message", ({ data }) => {
        const message = JSON.parse(data);
        // Stills are answered as they come, as the page of a clinician does.
        if (message.type === "still") {
          came.push(message);
          window.wire.say({ type: "still-ack", id: message.id, seq: message.seq, to: message.from });
        } else if (!["pong", "quality", "speaking"].includes(message.type)) {
          came.push(message);
        }
      });
    }

    send(data) {
      const message = JSON.parse(data);
      if (message.type !== "ping") sent.push({ ...message, at: performance.now() });
      super.send(data);
    }
  };
  window.wire = {
    sent,
    came,
    say: (message) => sockets.findLast((s) => s.readyState === Real.OPEN).send(JSON.stringify(message)),
  };
}

/** Says something on the page's connection. */
export function say(person, message) {
  return person.evaluate((m) => window.wire.say(m), message);
}

/** The messages of a kind that have come so far. */
export function came(person, type) {
  return person.evaluate((wanted) => window.wire.came.filter((m) => m.type === wanted), type);
}

export function sent(person, type) {
  return person.evaluate((wanted) => window.wire.sent.filter((m) => m.type === wanted), type);
}
