// SPDX-License-Identifier: EUPL-1.2
// The patient's sound on an uplink that loses a tenth and is so far away that a repair comes too late:
// by itself the server asks for it doubled (RED), the page does so without another offer, and the
// other side makes up much less. Compared within one call, by telling the page otherwise as if the
// server had.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { chromiumPerson } from "./lib/chromium.mjs";
import { startRelay, through } from "./lib/relay.mjs";
import { startServer } from "./lib/server.mjs";
import { pause, until } from "./lib/until.mjs";

const MEDIA_PORT = 10000;
const RELAY_PORT = 10500;
const WATCH_MS = 12000;

let server;
let relay;
let elsa;
let anna;

/** Runs in the page: keeps its websocket and what the server says of the microphone. The page itself
 * hears nothing more of that once `deaf` is set. */
function keepSocket() {
  window.asked = [];
  window.offers = 0;
  const Real = window.WebSocket;
  window.WebSocket = class extends Real {
    constructor(...args) {
      super(...args);
      window.socket = this;
      this.addEventListener("message", (event) => {
        const message = JSON.parse(event.data);
        if (message.type !== "send" || message.ours) return;
        for (const source of message.sources) {
          if (source.rids.length === 0 && "redundancy" in source) window.asked.push(source);
        }
        if (window.deaf) event.stopImmediatePropagation();
      });
    }
    send(text) {
      if (JSON.parse(text).type === "offer") window.offers += 1;
      super.send(text);
    }
  };
}

before(async () => {
  server = await startServer({ args: ["--workers", "1"] });
  relay = await startRelay({
    port: RELAY_PORT, to: MEDIA_PORT,
    up: { loss: 0.1, delayMs: 230 }, down: { delayMs: 230 },
  });
  const { participants } = await server.consultation([
    { role: "patient", name: "Elsa" }, { role: "clinician", name: "Anna Berg" }]);
  [elsa, anna] = await Promise.all([chromiumPerson("Elsa"), chromiumPerson("Anna", { hz: 770 })]);
  await elsa.context.addInitScript(through, { from: MEDIA_PORT, to: RELAY_PORT });
  await elsa.context.addInitScript(keepSocket);
  await elsa.join(participants[0].link);
  await anna.join(participants[1].link);
  await Promise.all([elsa.seesMovingPictures(1), anna.seesMovingPictures(1)]);
});

after(async () => {
  await Promise.all([elsa?.close(), anna?.close()]);
  relay?.close();
  await server?.stop();
});

/** What Elsa sent of sound, and what Anna made up of it. */
async function figures() {
  const sent = await elsa.evaluate(async () => {
    const all = [...(await window.e2e.pcs.at(-1).getStats()).values()];
    const { bytesSent, packetsSent, retransmittedPacketsSent } =
      all.find((s) => s.type === "outbound-rtp" && s.kind === "audio");
    return { bytes: bytesSent, packets: packetsSent, again: retransmittedPacketsSent };
  });
  const heard = await anna.evaluate(async () => {
    const all = [...(await window.e2e.pcs.at(-1).getStats()).values()];
    const s = all.find((r) => r.type === "inbound-rtp" && r.kind === "audio" && r.packetsReceived > 0);
    return { madeUp: s.concealedSamples, lost: s.packetsLost, samples: s.totalSamplesReceived };
  });
  return { ...sent, ...heard };
}

async function watch(t, name) {
  const from = await figures();
  await pause(WATCH_MS);
  const to = await figures();
  const seen = {
    weight: (to.bytes - from.bytes) / (to.packets - from.packets),
    again: to.again - from.again,
    lost: to.lost - from.lost,
    share: (to.madeUp - from.madeUp) / (to.samples - from.samples),
  };
  t.diagnostic(`${name}: ${seen.weight.toFixed(0)} bytes a packet, ${seen.again} sent again, ` +
    `${seen.lost} stayed lost, ${(100 * seen.share).toFixed(2)} % made up`);
  return seen;
}

/** As if the server had said it; what it says itself no longer counts. */
function say(redundancy) {
  return elsa.evaluate((wanted) => {
    window.deaf = true;
    const source = { ...window.asked.at(-1), redundancy: wanted, ptime_ms: null, max_bps: null };
    const data = JSON.stringify({ type: "send", sources: [source], ours: true });
    window.socket.dispatchEvent(new MessageEvent("message", { data }));
  }, redundancy);
}

test("a tenth of the uplink lost: sound comes doubled, and far less of it is made up", async (t) => {
  await until("the server asks for doubled sound",
    () => elsa.evaluate(() => window.asked.at(-1)?.redundancy === true), { timeout: 20000 });
  const offers = await elsa.evaluate(() => window.offers);
  await pause(1500);
  const doubled = await watch(t, "asked for by the server");
  await say(false);
  await pause(4000);
  const plain = await watch(t, "plain");
  await say(true);
  await pause(4000);
  const again = await watch(t, "doubled again");
  assert.equal(await elsa.evaluate(() => window.offers), offers, "no offer was needed");
  assert.ok(doubled.weight > 1.5 * plain.weight && again.weight > 1.5 * plain.weight, "RED is on the wire");
  assert.ok(plain.lost > 20, `without it ${plain.lost} packets stay lost`);
  assert.ok(doubled.lost + again.lost < 0.8 * plain.lost, "with it less than two fifths stay lost");
  assert.ok((doubled.share + again.share) / 2 < plain.share, "and less is made up");
  await anna.hearsTone(440);
});
