// SPDX-License-Identifier: EUPL-1.2
// The suite's own eyes and ears: they find a moving picture and a tone where there are some, and
// nothing where there is a still picture or silence. Two connections inside one page, no server.
import assert from "node:assert/strict";
import http from "node:http";
import { after, before, test } from "node:test";

import { chromiumPerson } from "./lib/chromium.mjs";
import { firefoxPerson } from "./lib/firefox.mjs";

const PAGE = `<!doctype html><title>loopback</title><video autoplay muted playsinline width=320 height=180></video>
<script type=module>
const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
const still = new URLSearchParams(location.search).has("still");
if (still) stream.getTracks().forEach((t) => { t.enabled = false; });
const a = new RTCPeerConnection(), b = new RTCPeerConnection();
a.onicecandidate = (e) => e.candidate && b.addIceCandidate(e.candidate);
b.onicecandidate = (e) => e.candidate && a.addIceCandidate(e.candidate);
b.ontrack = (e) => {
  if (e.track.kind === "video") document.querySelector("video").srcObject = e.streams[0];
};
stream.getTracks().forEach((t) => a.addTrack(t, stream));
await a.setLocalDescription(); await b.setRemoteDescription(a.localDescription);
await b.setLocalDescription(); await a.setRemoteDescription(b.localDescription);
</script>`;

let site;
let url;

before(async () => {
  site = http.createServer((_, answer) => answer.writeHead(200, { "content-type": "text/html" }).end(PAGE));
  await new Promise((done) => site.listen(0, "127.0.0.1", done));
  url = `http://localhost:${site.address().port}/`;
});

after(() => site.close());

for (const [browser, start] of [["Chromium", chromiumPerson], ["Firefox", firefoxPerson]]) {
  test(`${browser}: a moving picture and a tone are found, another tone is not`, async (t) => {
    const someone = await start("loop", { hz: 770 });
    t.after(() => someone.close());
    await someone.open(url);
    const [picture] = await someone.seesMovingPictures(1);
    assert.ok(picture.width > 0);
    await someone.hearsTone(770);
    assert.equal(await someone.hearsNoTone(1130), true);
  });

  test(`${browser}: a black picture and silence are not taken for a call`, async (t) => {
    const someone = await start("still", { hz: 770 });
    t.after(() => someone.close());
    await someone.open(`${url}?still`);
    await assert.rejects(someone.seesMovingPictures(1, { timeout: 4000 }));
    assert.equal(await someone.hearsNoTone(770), true);
  });
}
