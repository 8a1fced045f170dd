// SPDX-License-Identifier: EUPL-1.2
// Chrome to Chrome, nothing in between: the newcomer offers, who is there answers. Signalling goes
// through relay.mjs: POST to the other, EventSource from the other. Nothing is tuned.
"use strict";

const me = new URLSearchParams(location.search).get("me");
const send = (message) => fetch(`/relay/${me}`, { method: "POST", body: JSON.stringify(message) });

async function connect() {
  const pc = new RTCPeerConnection();
  pc.ontrack = ({ track }) => window.show(track);
  pc.onicecandidate = ({ candidate }) => candidate && send({ candidate });
  for (const track of (await window.camera).getTracks()) pc.addTrack(track);
  return pc;
}

window.join = async () => {
  let pc = null;
  const early = [];
  const events = new EventSource(`/relay/${me}`);
  events.onmessage = async ({ data }) => {
    const message = JSON.parse(data);
    if (message.candidate) {
      if (pc?.remoteDescription) await pc.addIceCandidate(message.candidate);
      else early.push(message.candidate);
      return;
    }
    pc ??= await connect();
    await pc.setRemoteDescription(message);
    if (message.type === "offer") {
      await pc.setLocalDescription();
      await send(pc.localDescription);
    }
    for (const candidate of early.splice(0)) await pc.addIceCandidate(candidate);
  };
  await new Promise((done) => {
    events.onopen = done;
  });
  if (me !== "patient") return;
  pc = await connect();
  await pc.setLocalDescription();
  await send(pc.localDescription);
};
