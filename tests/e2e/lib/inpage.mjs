// SPDX-License-Identifier: EUPL-1.2
// What the suite sees inside a page. `observe` is put into every page before its own script; it
// only watches: peer connections as they are made, what is decoded, what is heard, what is shown.

/**
 * Runs in the page. `seat.hz`: this page's microphone becomes this tone; `seat.hue`: its camera
 * becomes a picture of this colour with a bar that walks, `seat.width` pixels wide at `seat.fps`.
 */
export function observe(seat) {
  if (window.e2e) return;
  const RealPeerConnection = window.RTCPeerConnection;
  const pcs = [];
  window.RTCPeerConnection = class extends RealPeerConnection {
    constructor(...args) {
      super(...args);
      pcs.push(this);
    }
  };

  function paintedTrack() {
    const canvas = document.createElement("canvas");
    canvas.width = seat.width ?? 320;
    canvas.height = (canvas.width * 9) / 16;
    const pen = canvas.getContext("2d");
    let step = 0;
    const paint = () => {
      pen.fillStyle = `hsl(${seat.hue} 90% 45%)`;
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.fillStyle = "#fff";
      pen.fillRect((step++ * 5) % canvas.width, canvas.height * 0.7, canvas.width / 8, canvas.height * 0.3);
    };
    paint();
    setInterval(paint, 1000 / (seat.fps ?? 15));
    return canvas.captureStream(seat.fps ?? 15).getVideoTracks()[0];
  }

  async function toneTrack() {
    const context = new AudioContext();
    const tone = context.createOscillator();
    const out = context.createMediaStreamDestination();
    tone.frequency.value = seat.hz;
    tone.connect(out);
    tone.start();
    await context.resume();
    return out.stream.getAudioTracks()[0];
  }

  const replace = (stream, kind, track) => {
    for (const old of stream.getTracks().filter((t) => t.kind === kind)) {
      stream.removeTrack(old);
      old.stop();
    }
    stream.addTrack(track);
  };

  if ((seat.hz || seat.hue !== undefined) && navigator.mediaDevices?.getUserMedia) {
    const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (wanted) => {
      const stream = await real(wanted);
      if (wanted.video && seat.hue !== undefined) replace(stream, "video", paintedTrack());
      if (wanted.audio && seat.hz) replace(stream, "audio", await toneTrack());
      return stream;
    };
  }

  const open = () => pcs.filter((pc) => pc.connectionState !== "closed" && pc.signalingState !== "closed");
  const receiversOf = (kind) =>
    open().flatMap((pc) => pc.getReceivers().filter((r) => r.track?.kind === kind && r.track.readyState === "live"));

  const canvas = document.createElement("canvas");
  canvas.width = 32;
  canvas.height = 18;
  const pen = canvas.getContext("2d", { willReadFrequently: true });

  /** The hue in degrees of the upper half of a picture. */
  function hueOf(rgba) {
    const mean = [0, 0, 0];
    for (let i = 0; i < rgba.length / 2; i += 4) {
      for (let c = 0; c < 3; c++) mean[c] += rgba[i + c] / 255;
    }
    const [r, g, b] = mean;
    const high = Math.max(r, g, b);
    const span = high - Math.min(r, g, b) || 1;
    const sixth = high === r ? (g - b) / span : high === g ? 2 + (b - r) / span : 4 + (r - g) / span;
    return Math.round((sixth * 60 + 360) % 360);
  }

  const presented = new WeakMap();

  /** How many frames this element has presented since it was first asked about. */
  function framesOf(video) {
    if (!presented.has(video)) {
      presented.set(video, 0);
      const count = () => {
        presented.set(video, presented.get(video) + 1);
        video.requestVideoFrameCallback(count);
      };
      video.requestVideoFrameCallback(count);
    }
    return presented.get(video);
  }

  /** The remote pictures the page shows now: frames presented and a small copy of each. */
  function pictures() {
    const remote = new Set(receiversOf("video").map((r) => r.track.id));
    const found = [];
    for (const video of document.querySelectorAll("video")) {
      const track = video.srcObject?.getVideoTracks?.()[0];
      const box = video.getBoundingClientRect();
      if (!track || !remote.has(track.id) || video.videoWidth === 0 || video.readyState < 2 || box.width < 2) continue;
      pen.drawImage(video, 0, 0, canvas.width, canvas.height);
      const rgba = pen.getImageData(0, 0, canvas.width, canvas.height).data;
      found.push({
        track: track.id,
        frames: framesOf(video),
        width: video.videoWidth,
        height: video.videoHeight,
        shown: [Math.round(box.width), Math.round(box.height)],
        participant: video.closest("[data-participant]")?.dataset.participant ?? null,
        hue: hueOf(rgba),
        picture: Array.from(rgba),
      });
    }
    return found;
  }

  const ears = new Map();
  let listening;

  /** Loudness in dB of each received audio track around `hz`, and of the rest of its spectrum. */
  function hear(hz) {
    listening ??= new AudioContext();
    void listening.resume();
    const heard = [];
    for (const { track } of receiversOf("audio")) {
      if (!ears.has(track.id)) {
        const analyser = listening.createAnalyser();
        analyser.fftSize = 4096;
        analyser.smoothingTimeConstant = 0.3;
        listening.createMediaStreamSource(new MediaStream([track])).connect(analyser);
        ears.set(track.id, analyser);
      }
      const analyser = ears.get(track.id);
      const bins = new Float32Array(analyser.frequencyBinCount);
      analyser.getFloatFrequencyData(bins);
      const at = Math.round((hz * analyser.fftSize) / listening.sampleRate);
      let peak = -Infinity;
      let rest = -Infinity;
      for (let i = 4; i < 250; i++) {
        if (Math.abs(i - at) <= 2) peak = Math.max(peak, bins[i]);
        else if (Math.abs(i - at) > 12) rest = Math.max(rest, bins[i]);
      }
      heard.push({ track: track.id, peak, rest });
    }
    return heard;
  }

  /** Sums over all open connections' inbound and outbound RTP, and the pairs in use. */
  async function totals() {
    const sum = { framesDecoded: 0, audioPackets: 0, videoPackets: 0, framesSent: 0, inbound: [], pairs: [] };
    for (const pc of open()) {
      for (const [, s] of await pc.getStats()) {
        if (s.type === "inbound-rtp") {
          if (s.kind === "video") {
            sum.framesDecoded += s.framesDecoded ?? 0;
            sum.videoPackets += s.packetsReceived ?? 0;
          } else {
            sum.audioPackets += s.packetsReceived ?? 0;
          }
          sum.inbound.push({ kind: s.kind, mid: s.mid, packets: s.packetsReceived, lost: s.packetsLost,
            frames: s.framesDecoded, width: s.frameWidth, freezes: s.freezeCount, nacks: s.nackCount,
            plis: s.pliCount, jitterMs: (s.jitter ?? 0) * 1000, level: s.audioLevel });
        } else if (s.type === "outbound-rtp" && s.kind === "video") {
          sum.framesSent += s.framesEncoded ?? 0;
        } else if (s.type === "candidate-pair" && s.nominated && s.state === "succeeded") {
          sum.pairs.push({ rtt: s.currentRoundTripTime, sent: s.bytesSent, received: s.bytesReceived });
        }
      }
    }
    return sum;
  }

  window.e2e = {
    pcs,
    pictures,
    hear,
    totals,
    connectionStates: () => pcs.map((pc) => pc.connectionState),
    restartIce: () => open().forEach((pc) => pc.restartIce()),
    text: () => document.body.innerText,
  };
}
