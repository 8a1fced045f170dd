// SPDX-License-Identifier: EUPL-1.2
// The link check: a join that takes no seat, and ten seconds of made-up sound and picture through
// the server and back. Nothing of the person is sent: the picture is noise, the sound a hum.

import { figuresOf, judged, NOTHING, type Sample } from "./check";
import { Peer } from "./peer";
import { buildCheckJoin, buildLeave, buildOffer, type ServerMessage } from "./protocol";
import { Signal } from "./signal";
import type { Event } from "./state/types";
import { visitOf } from "./state/visit";

/** How long media flows. */
const MEASURE_MS = 10_000;
/** How long it may take to begin: ICE and DTLS on a slow link. */
const CONNECT_MS = 12_000;
/** Without a word from the server. */
const ANSWER_MS = 8_000;
const SAMPLE_MS = 500;

const WIDTH = 640;
const HEIGHT = 360;
const FPS = 15;
const BLOCK = 16;

interface Report {
  readonly type: string;
  readonly kind?: string;
  readonly bytesSent?: number;
  readonly bytesReceived?: number;
  readonly packetsReceived?: number;
  readonly packetsLost?: number;
  readonly jitter?: number;
  readonly roundTripTime?: number;
  readonly currentRoundTripTime?: number;
  readonly availableOutgoingBitrate?: number;
  readonly nominated?: boolean;
  readonly localCandidateId?: string;
  readonly protocol?: string;
  readonly id?: string;
}

/** One look at the statistics. Only what is needed is read of them. */
export function sampleOf(reports: Iterable<unknown>, at: number): Sample {
  const all = [...reports] as Report[];
  const sum = (type: string, of: (r: Report) => number | undefined): number =>
    all.filter((r) => r.type === type).reduce((total, r) => total + (of(r) ?? 0), 0);
  const pair = all.find((r) => r.type === "candidate-pair" && r.nominated === true);
  const local = all.find((r) => r.type === "local-candidate" && r.id === pair?.localCandidateId);
  const audio = all.find((r) => r.type === "inbound-rtp" && r.kind === "audio");
  const times = all
    .filter((r) => r.type === "remote-inbound-rtp" && r.roundTripTime !== undefined)
    .map((r) => (r.roundTripTime ?? 0) * 1000);
  const rttS = pair?.currentRoundTripTime;
  return {
    at,
    sentBytes: pair?.bytesSent ?? 0,
    receivedBytes: pair?.bytesReceived ?? 0,
    packets: sum("inbound-rtp", (r) => r.packetsReceived),
    // Both ways: what did not reach the server does not come back either.
    lost:
      sum("inbound-rtp", (r) => r.packetsLost) + sum("remote-inbound-rtp", (r) => r.packetsLost),
    jitterMs: (audio?.jitter ?? 0) * 1000,
    rttMs: times.length > 0 ? Math.max(...times) : rttS === undefined ? null : rttS * 1000,
    upKbps:
      pair?.availableOutgoingBitrate === undefined ? null : pair.availableOutgoingBitrate / 1000,
    transport: pair === undefined ? "none" : local?.protocol === "tcp" ? "tcp" : "udp",
  };
}

interface Noise {
  readonly video: MediaStreamTrack | null;
  readonly audio: MediaStreamTrack | null;
  readonly stop: () => void;
}

/** A picture that no encoder can make small, and a hum. */
function makeNoise(): Noise {
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const pen = canvas.getContext("2d");
  const draw = (): void => {
    for (let y = 0; y < HEIGHT; y += BLOCK) {
      for (let x = 0; x < WIDTH; x += BLOCK) {
        const level = Math.floor(Math.random() * 256);
        if (pen !== null) {
          pen.fillStyle = `rgb(${level} ${255 - level} ${(level * 7) % 256})`;
          pen.fillRect(x, y, BLOCK, BLOCK);
        }
      }
    }
  };
  draw();
  const clock = setInterval(draw, 1000 / FPS);
  const video = canvas.captureStream?.(FPS).getVideoTracks()[0] ?? null;
  let context: AudioContext | null = null;
  let audio: MediaStreamTrack | null = null;
  try {
    context = new AudioContext();
    const hum = context.createOscillator();
    const out = context.createMediaStreamDestination();
    hum.frequency.value = 200;
    hum.connect(out);
    hum.start();
    audio = out.stream.getAudioTracks()[0] ?? null;
  } catch {
    // Then the picture alone is sent.
  }
  return {
    video,
    audio,
    stop: () => {
      clearInterval(clock);
      video?.stop();
      audio?.stop();
      void context?.close();
    },
  };
}

export class Probe {
  private readonly signal: Signal;
  private peer: Peer | null = null;
  private noise: Noise | null = null;
  private samples: Sample[] = [];
  private told: { down_kbps: number | null; up_kbps: number | null } = {
    down_kbps: null,
    up_kbps: null,
  };
  private clock: ReturnType<typeof setInterval> | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private seq = 0;
  private selfId = "";
  private isOver = false;

  constructor(
    url: string,
    private readonly token: string,
    private readonly measures: boolean,
    private readonly dispatch: (event: Event) => void,
  ) {
    this.signal = new Signal(url, {
      onOpen: () => this.signal.send(buildCheckJoin(this.token)),
      onLost: () => this.fail(null),
      onMessage: (message) => this.said(message),
    });
    this.timer = setTimeout(() => this.fail(null), ANSWER_MS);
    this.signal.connect();
  }

  /** Nothing is told any more. */
  stop(): void {
    if (this.isOver) {
      return;
    }
    this.isOver = true;
    clearTimeout(this.timer);
    clearInterval(this.clock);
    this.signal.send(buildLeave());
    this.signal.disconnect();
    this.peer?.close();
    this.noise?.stop();
  }

  private end(event: Event): void {
    if (!this.isOver) {
      this.stop();
      this.dispatch(event);
    }
  }

  private fail(code: string | null): void {
    this.end({ type: "check-failed", code });
  }

  private said(message: ServerMessage): void {
    switch (message.type) {
      case "joined":
        // A server that knows no checks has given us a seat, which we give back.
        if (message.check !== true) {
          this.fail("no-check");
          return;
        }
        this.selfId = message.self.id;
        this.dispatch({ type: "check-visit", visit: visitOf(message) });
        if (this.measures) {
          this.open();
        } else {
          this.stop();
        }
        break;
      case "answer":
        void this.peer?.answer(message.seq, message.sdp);
        break;
      case "send":
        void this.peer?.send(message.sources);
        break;
      case "quality": {
        const own = message.participants.find((p) => p.id === this.selfId);
        this.told = own ?? this.told;
        break;
      }
      case "error":
        if (message.code !== "not-allowed" && message.code !== "not-admitted") {
          this.fail(message.code);
        }
        break;
      case "ended":
        this.fail("consultation-ended");
        break;
      default:
        break;
    }
  }

  private open(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.finish(), CONNECT_MS);
    this.noise = makeNoise();
    this.peer = new Peer(
      {
        slots: { audio: 1, video: 1 },
        fresh: false,
        tracks: { microphone: this.noise.audio, camera: this.noise.video },
        nextSeq: () => ++this.seq,
      },
      {
        onOffer: (offer) => this.signal.send(buildOffer(offer)),
        onTrack: () => undefined,
        onConnected: () => this.measure(),
        onInterrupted: () => undefined,
        onFailed: () => this.finish(),
      },
    );
  }

  private measure(): void {
    if (this.clock !== undefined) {
      return;
    }
    clearTimeout(this.timer);
    const begun = performance.now();
    this.clock = setInterval(() => {
      const progress = Math.min(1, (performance.now() - begun) / MEASURE_MS);
      this.dispatch({ type: "check-progress", progress });
      void this.sample().then(() => {
        if (progress >= 1) {
          this.finish();
        }
      });
    }, SAMPLE_MS);
  }

  private async sample(): Promise<void> {
    const report = await this.peer?.stats();
    if (report !== undefined && !this.isOver) {
      this.samples.push(sampleOf(report.values(), performance.now()));
    }
  }

  private finish(): void {
    if (this.isOver) {
      return;
    }
    const figures = this.samples.length < 2 ? NOTHING : figuresOf(this.samples, this.told);
    this.signal.send({ type: "checked", ...judged(figures) });
    this.end({ type: "check-done", figures, at: Date.now() });
  }
}
