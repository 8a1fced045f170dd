// SPDX-License-Identifier: EUPL-1.2
// What the bench sees inside a page, whoever made the page: put in before its own script, it only
// watches. Connections as they are made, their statistics four times a second, and each presented
// frame of each picture with the counter burnt into it.
import { CODE, readCode } from "./code.mjs";

// Reading a counter costs about a millisecond; it is read of each picture no more often than this.
const TIMES = { pollMs: 250, readEveryMs: 90, lookMs: 50 };

/** Runs in the page; `code` and `readCode` come from code.mjs. */
function observe(code, readCode, { pollMs, readEveryMs, lookMs }) {
  if (window.bench) return;
  const wall = (ms = performance.now()) => performance.timeOrigin + ms;
  const Real = window.RTCPeerConnection;
  const pcs = [];
  window.RTCPeerConnection = class extends Real {
    constructor(...args) {
      super(...args);
      pcs.push(this);
    }
  };
  const open = () => pcs.filter((pc) => pc.connectionState !== "closed" && pc.signalingState !== "closed");
  const received = () => new Set(open().flatMap((pc) => pc.getReceivers().map((r) => r.track?.id)));

  const canvas = new OffscreenCanvas(2 * code.bits * 2, 4);
  const pen = canvas.getContext("2d", { willReadFrequently: true });

  /** The counter in the strip at the top of the picture. */
  function counterOf(video) {
    const scale = video.videoWidth / 640;
    const strip = 2 * code.bits * code.width * scale;
    pen.drawImage(video, 0, 0, strip, code.height * scale, 0, 0, canvas.width, canvas.height);
    const rgba = pen.getImageData(0, 1, canvas.width, 2).data;
    const bright = Array.from({ length: 2 * code.bits }, (_, i) => {
      let sum = 0;
      for (const row of [0, 1]) for (const col of [0, 1]) sum += rgba[4 * (row * canvas.width + 2 * i + col) + 1];
      return sum / 4;
    });
    return readCode(bright);
  }

  const frames = { remote: [], local: [] }; // [wall ms, track number, height, counter or null]
  const numbers = new Map();
  const watched = new WeakSet();
  function numberOf(id) {
    if (!numbers.has(id)) numbers.set(id, numbers.size);
    return numbers.get(id);
  }

  function watch(video) {
    if (watched.has(video)) return;
    watched.add(video);
    let readAt = 0;
    const seen = (now) => {
      video.requestVideoFrameCallback(seen);
      const track = video.srcObject?.getVideoTracks?.()[0];
      if (!track || video.videoWidth === 0) return;
      let counter = null;
      if (now - readAt >= readEveryMs) {
        readAt = now;
        counter = counterOf(video);
      }
      frames[received().has(track.id) ? "remote" : "local"].push([wall(now), numberOf(track.id), video.videoHeight, counter]);
    };
    video.requestVideoFrameCallback(seen);
  }

  const KEEP = {
    "inbound-rtp": ["kind", "ssrc", "packetsReceived", "packetsLost", "bytesReceived", "jitter", "concealedSamples",
      "silentConcealedSamples", "concealmentEvents", "totalSamplesReceived", "insertedSamplesForDeceleration",
      "removedSamplesForAcceleration", "jitterBufferDelay", "jitterBufferEmittedCount", "interruptionCount",
      "framesReceived", "framesDecoded", "framesDropped", "keyFramesDecoded", "frameWidth", "frameHeight", "freezeCount",
      "totalFreezesDuration", "totalDecodeTime", "nackCount", "pliCount", "qpSum", "retransmittedBytesReceived"],
    "outbound-rtp": ["kind", "ssrc", "rid", "active", "packetsSent", "bytesSent", "retransmittedBytesSent", "framesEncoded",
      "keyFramesEncoded", "totalEncodeTime", "frameHeight", "framesPerSecond", "targetBitrate", "qualityLimitationReason",
      "nackCount", "pliCount", "scalabilityMode"],
    "candidate-pair": ["nominated", "state", "currentRoundTripTime", "availableOutgoingBitrate", "bytesSent", "bytesReceived"],
    "media-source": ["kind", "framesPerSecond", "width", "height", "frames"],
  };
  const polls = []; // [wall ms, [stats]]
  async function poll() {
    for (const video of document.querySelectorAll("video")) watch(video);
    const found = [];
    for (const [index, pc] of open().entries()) {
      for (const [, s] of await pc.getStats()) {
        if (!KEEP[s.type]) continue;
        if (s.type === "candidate-pair" && !s.nominated) continue;
        const kept = { type: s.type, pc: index, at: s.timestamp };
        for (const key of KEEP[s.type]) if (s[key] !== undefined) kept[key] = s[key];
        found.push(kept);
      }
    }
    polls.push([wall(), found]);
  }
  let isPolling = false;
  setInterval(() => {
    if (isPolling) return;
    isPolling = true;
    poll().catch(() => {}).finally(() => {
      isPolling = false;
    });
  }, pollMs);

  // How late this page's own timers are: a browser that waits for a core shows pictures late.
  const late = [];
  let lookAt = performance.now() + lookMs;
  setInterval(() => {
    const now = performance.now();
    late.push([wall(now), Math.max(0, Math.round(now - lookAt))]);
    lookAt = now + lookMs;
  }, lookMs);

  const marks = {};
  const listen = setInterval(() => {
    const heard = open().some((pc) => pc.getReceivers().some(
      (r) => r.track?.kind === "audio" && r.getSynchronizationSources().length > 0));
    if (!heard) return;
    marks.firstAudio = wall();
    clearInterval(listen);
  }, 20);
  window.bench = {
    marks,
    pcs,
    mark: (name) => {
      marks[name] ??= wall();
    },
    decoded: () => polls.at(-1)?.[1].reduce((n, s) => n + (s.type === "inbound-rtp" && s.kind === "video" ? (s.framesDecoded ?? 0) : 0), 0) ?? 0,
    samples: () => polls.at(-1)?.[1].reduce((n, s) => n + (s.type === "inbound-rtp" && s.kind === "audio" && s.packetsReceived > 0 ? (s.totalSamplesReceived ?? 0) : 0), 0) ?? 0,
    take: () => ({ polls, frames, marks, late }),
  };
}

/** The text to put into every page. */
export const OBSERVER = `(${observe})(${JSON.stringify(CODE)}, ${readCode}, ${JSON.stringify(TIMES)});`;
