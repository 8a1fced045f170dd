// SPDX-License-Identifier: EUPL-1.2
// What makes a call adapt, as a real browser does it: what is negotiated, what comes of it on a link
// that loses packets, and that the page does as the server asks. Messages are put into the page's
// websocket as if the server had sent them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { chromiumPerson } from "./lib/chromium.mjs";
import { startRelay, through } from "./lib/relay.mjs";
import { startServer } from "./lib/server.mjs";
import { pause, until } from "./lib/until.mjs";

const MEDIA_PORT = 10000;
const RELAY_PORT = 10500;
const LOSS = 0.05;

let server;
let relay;
let elsa;
let anna;
const feedback = { up: 0, down: 0 };

/** Runs in the page: keeps its websocket at hand. */
function keepSocket() {
  const Real = window.WebSocket;
  window.WebSocket = class extends Real {
    constructor(...args) {
      super(...args);
      window.socket = this;
    }
  };
}

/** SRTCP leaves the first header in clear: transport-wide feedback is type 205 of format 15. */
function countFeedback(direction) {
  return (data) => {
    if (data.length > 8 && data[1] === 205 && (data[0] & 0x1f) === 15) feedback[direction] += 1;
  };
}

before(async () => {
  server = await startServer({ args: ["--workers", "1"] });
  relay = await startRelay({
    port: RELAY_PORT, to: MEDIA_PORT,
    up: { sees: countFeedback("up") }, down: { loss: LOSS, sees: countFeedback("down") },
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

/** As if the server had said it. */
function say(message) {
  return elsa.evaluate((data) => {
    window.socket.dispatchEvent(new MessageEvent("message", { data }));
  }, JSON.stringify(message));
}

function stats(type, kind) {
  return elsa.evaluate(async ([wantedType, wantedKind]) => {
    const found = [];
    for (const [, s] of await window.e2e.pcs.at(-1).getStats()) {
      if (s.type === wantedType && s.kind === wantedKind) found.push(s);
    }
    return found;
  }, [type, kind]);
}

function media(sdp) {
  return sdp.split(/^(?=m=)/m).slice(1);
}

function answer() {
  return elsa.evaluate(() => window.e2e.pcs.at(-1).currentRemoteDescription.sdp);
}

test("every line has transport-wide feedback, every source REMB, every sound NACK", async () => {
  for (const line of media(await answer())) {
    assert.match(line, /a=extmap:\d+ http:\/\/www\.ietf\.org\/id\/draft-holmer-rmcat-transport-wide-cc/);
    assert.match(line, /a=rtcp-fb:\d+ transport-cc\r/);
    assert.match(line, /a=rtcp-fb:\d+ nack\r/);
    const isCamera = line.startsWith("m=video") && line.includes("a=recvonly");
    assert.equal(/goog-remb/.test(line), isCamera);
    assert.equal(/x-google-start-bitrate=100\r/.test(line), isCamera);
    assert.equal(/dependency-descriptor/.test(line), line.startsWith("m=video"));
    assert.equal(/video-layers-allocation/.test(line), isCamera);
  }
});

test("sound that is lost is asked for again, and comes", async () => {
  const [sound] = await until("lost sound was asked for", async () => {
    const heard = (await stats("inbound-rtp", "audio")).filter((s) => s.packetsReceived > 300);
    return heard.length > 0 && heard[0].nackCount > 3 && heard;
  });
  const share = sound.packetsLost / (sound.packetsLost + sound.packetsReceived);
  assert.ok(relay.down.count.lost > 10, "the relay loses packets");
  assert.ok(share < LOSS / 3, `${sound.packetsLost} of ${sound.packetsReceived} stayed lost`);
});

test("the camera is sent in three sizes with three rates each", async () => {
  const layers = await until("frames go out in all sizes", async () => {
    const all = await stats("outbound-rtp", "video");
    return all.length === 3 && all.every((s) => s.framesEncoded > 0) && all;
  }, { timeout: 30000 });
  assert.deepEqual(layers.map((s) => s.scalabilityMode), ["L1T3", "L1T3", "L1T3"]);
});

test("the publisher hears how what it sends arrives", async () => {
  await until("the server's feedback came down", () => feedback.down > 10);
});

test("how slots arrive is told", async () => {
  await until("feedback went up", () => feedback.up > 10);
});

test("the page sends as it is asked, and as before when that is over", async () => {
  const [microphone, camera] = media(await answer()).map((line) => /a=mid:(\S+)/.exec(line)[1]);
  const encodings = () => elsa.evaluate(() => {
    const sender = window.e2e.pcs.at(-1).getSenders().find((s) => s.track?.kind === "video");
    return sender.getParameters().encodings.map((e) => [e.rid, e.active, e.maxBitrate, e.scalabilityMode]);
  });
  const everything = { mid: camera, used: true, rids: ["q", "h", "f"], max_bps: null, ptime_ms: null };
  await say({ type: "send", sources: [{ ...everything, rids: ["q", "h"], max_bps: 400000 }] });
  await until("two sizes are left", async () => (await encodings()).filter(([, active]) => active).length === 2);
  assert.deepEqual((await encodings()).slice(0, 2),
    [["q", true, 150000, "L1T3"], ["h", true, 250000, "L1T3"]]);
  const frames = async (rid) =>
    (await stats("outbound-rtp", "video")).find((s) => s.rid === rid)?.framesEncoded ?? 0;
  await pause(500);
  const before = [await frames("h"), await frames("f")];
  await pause(1000);
  assert.ok((await frames("h")) > before[0] + 5, "the second size goes on");
  assert.equal(await frames("f"), before[1], "the third rests");

  await say({ type: "send", sources: [{ ...everything, used: false, rids: [] }] });
  await until("nothing is sent that nobody sees",
    async () => (await encodings()).every(([, active]) => !active));
  await say({ type: "send", sources: [everything] });
  await until("all is sent again", async () => (await encodings()).every(([, active]) => active));
  await anna.seesMovingPictures(1);

  const packetsIn2s = async () => {
    const count = async () => (await stats("outbound-rtp", "audio"))[0].packetsSent;
    const start = await count();
    await pause(2000);
    return (await count()) - start;
  };
  assert.ok((await packetsIn2s()) > 80, "packets of 20 ms");
  await say({ type: "send", sources: [{ ...everything, mid: microphone, rids: [], ptime_ms: 60 }] });
  await until("packets of 60 ms", async () => (await packetsIn2s()) < 45);
  await anna.hearsTone(440);
  assert.match(await answer(), new RegExp(`a=mid:${microphone}\r\n[^]*?a=ptime:60\r\n`));
  await say({ type: "send", sources: [{ ...everything, mid: microphone, rids: [], ptime_ms: null }] });
  await until("packets of 20 ms again", async () => (await packetsIn2s()) > 80);
  const states = await elsa.evaluate(() => window.e2e.pcs.map((pc) => [pc.connectionState, pc.signalingState]));
  assert.deepEqual(states.at(-1), ["connected", "stable"]);
});

test("stills and sound alone are said in words, on both sides, and the picture comes back", async () => {
  const mid = await elsa.evaluate(() => {
    const { id } = document.querySelector("[data-testid=remote-video]").srcObject.getVideoTracks()[0];
    return window.e2e.pcs.at(-1).getTransceivers().find((t) => t.receiver.track.id === id).mid;
  });
  await say({ type: "picture", pictures: [{ mid, picture: "stills" }] });
  await pause(1000);
  assert.doesNotMatch(await elsa.text(), /Stillbild/, "what may pass at once is not told");
  await elsa.sees(/Stillbild/);
  await elsa.sees(/Nätet är svagt just nu. Du ser stillbilder, ljudet går före./);
  await say({ type: "picture", pictures: [{ mid, picture: "none" }] });
  await elsa.sees(/Nätet är svagt just nu: bara ljud. Bilden kommer tillbaka av sig själv./);
  assert.equal((await elsa.evaluate(() => window.e2e.pictures())).length, 0);
  await say({ type: "picture", pictures: [{ mid, picture: "full" }] });
  await elsa.seesMovingPictures(1);
  const annas = await elsa.evaluate(() => document.querySelector("[data-participant]").dataset.participant);
  await say({ type: "seen", by: [{ participant: annas, source: "camera", picture: "stills" }] });
  await elsa.sees(/Anna Berg ser dig i stillbilder just nu/);
  await say({ type: "seen", by: [] });
  await until("the words go", async () => !/stillbilder/.test(await elsa.text()));
});

test("what the clinician does is known to all, and the cameras follow", async () => {
  const own = () => elsa.evaluate(() => {
    const sender = window.e2e.pcs.at(-1).getSenders().find((s) => s.track?.kind === "video");
    return [sender.track.contentHint, sender.getParameters().degradationPreference];
  });
  assert.deepEqual(await own(), ["", "balanced"]);
  assert.equal(await elsa.evaluate(() => document.querySelectorAll("[data-testid=mode]").length), 0);
  await anna.page.selectOption("[data-testid=mode]", "sign");
  await until("Elsa's camera keeps its rate", async () => (await own())[0] === "motion");
  assert.deepEqual(await own(), ["motion", "maintain-framerate"]);
  await anna.page.selectOption("[data-testid=mode]", "skin");
  await until("Elsa's camera keeps its detail", async () => (await own())[0] === "detail");
  await Promise.all([elsa.seesMovingPictures(1), anna.seesMovingPictures(1), anna.hearsTone(440)]);
});
