// SPDX-License-Identifier: EUPL-1.2
// The least client of Janus's VideoRoom: one handle publishes (VP8 simulcast, the sizes and rates that
// Vidd's page uses, so that only the server differs), one handle per feed subscribes. janus.mjs
// starts the server.
"use strict";

const ROOM = 1234;
const pending = new Map();
const handlers = new Map(); // handle id: (plugin data, jsep)
let socket;
let session;
let count = 0;

function request(message) {
  const transaction = `t${++count}`;
  return new Promise((done, fail) => {
    pending.set(transaction, { done, fail });
    socket.send(JSON.stringify({ transaction, ...(session ? { session_id: session } : {}), ...message }));
  });
}

function receive({ data }) {
  const message = JSON.parse(data);
  const waits = pending.get(message.transaction);
  if (message.janus === "ack" || message.janus === "keepalive") return;
  if (waits) {
    pending.delete(message.transaction);
    const isError = message.janus === "error" || message.plugindata?.data.error;
    if (isError) waits.fail(new Error(JSON.stringify(message)));
    else waits.done(message);
  } else if (message.janus === "event") {
    handlers.get(message.sender)?.(message.plugindata.data, message.jsep);
  }
}

async function attach() {
  return (await request({ janus: "attach", plugin: "janus.plugin.videoroom" })).data.id;
}

const tell = (handle_id, body, jsep) => request({ janus: "message", handle_id, body, ...(jsep ? { jsep } : {}) });

function trickle(pc, handle_id) {
  pc.onicecandidate = ({ candidate }) =>
    request({ janus: "trickle", handle_id, candidate: candidate ?? { completed: true } }).catch(() => {});
}

async function subscribe(feed) {
  const handle = await attach();
  const pc = new RTCPeerConnection();
  trickle(pc, handle);
  pc.ontrack = ({ track }) => window.show(track);
  const { jsep } = await tell(handle, { request: "join", room: ROOM, ptype: "subscriber", streams: [{ feed }] });
  await pc.setRemoteDescription(jsep);
  await pc.setLocalDescription();
  await tell(handle, { request: "start" }, pc.localDescription);
}

async function publish(stream, name) {
  const handle = await attach();
  const known = new Set();
  const greet = ({ publishers = [] }) => {
    for (const { id } of publishers) {
      if (!known.has(id)) subscribe(id);
      known.add(id);
    }
  };
  handlers.set(handle, greet);
  const pc = new RTCPeerConnection();
  trickle(pc, handle);
  const { plugindata } = await tell(handle, { request: "join", room: ROOM, ptype: "publisher", display: name });
  const [audio] = stream.getAudioTracks();
  const [video] = stream.getVideoTracks();
  pc.addTransceiver(audio, { direction: "sendonly" });
  pc.addTransceiver(video, {
    direction: "sendonly",
    // Largest first, as Janus's own demos do. 640x360 is sent in two sizes by Chromium at most.
    sendEncodings: [
      { rid: "h", maxBitrate: 700_000 },
      { rid: "l", scaleResolutionDownBy: 2, maxBitrate: 200_000 },
    ],
  });
  await pc.setLocalDescription();
  const { jsep } = await tell(handle, { request: "publish", videocodec: "vp8" }, pc.localDescription);
  await pc.setRemoteDescription(jsep);
  greet(plugindata.data);
}

window.join = async () => {
  socket = new WebSocket(`wss://${location.host}/janus`, "janus-protocol");
  socket.onmessage = receive;
  await new Promise((done, fail) => {
    socket.onopen = done;
    socket.onerror = () => fail(new Error("no websocket"));
  });
  session = (await request({ janus: "create" })).data.id;
  setInterval(() => request({ janus: "keepalive" }).catch(() => {}), 25_000);
  await publish(await window.camera, new URLSearchParams(location.search).get("me"));
};
