// SPDX-License-Identifier: EUPL-1.2
// The daily look at the room: does each camera give pictures that move, does the microphone hear the
// loudspeaker, is the machine quick enough to send them, and does sound and picture come through the
// server and back.

import { Probe } from "../probe";
import { testEncoder } from "./encoder";
import { devicesOf, UNPROCESSED } from "./sources";
import { Stir } from "./stir";
import type { CameraResult, Report } from "./types";

const LOOK_MS = 2000;
const OPEN_MS = 8000;
/** Fewer is a camera that hangs. */
const LEAST_FPS = 5;
const TONE_HZ = 880;
const TONE_MS = 1200;
/** How much louder the tone must be heard than what the room itself makes at its pitch. */
const HEARD_DB = 10;
const SILENCE_DB = -100;

function wait(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

async function opened(constraints: MediaStreamConstraints): Promise<MediaStreamTrack | null> {
  const asked = navigator.mediaDevices.getUserMedia(constraints).catch(() => null);
  const stream = await Promise.race([asked, wait(OPEN_MS).then(() => null)]);
  // One that opens too late is let go again.
  if (stream === null) {
    void asked.then((late) => {
      for (const track of late?.getTracks() ?? []) {
        track.stop();
      }
    });
  }
  return stream?.getTracks()[0] ?? null;
}

interface Seen {
  readonly frames: number;
  readonly moves: boolean;
}

async function lookAt(track: MediaStreamTrack): Promise<Seen> {
  const video = document.createElement("video");
  video.muted = true;
  video.srcObject = new MediaStream([track]);
  await video.play().catch(() => undefined);
  const stir = new Stir();
  let frames = 0;
  let isOver = false;
  const count = (): void => {
    frames++;
    stir.look(video);
    if (!isOver) {
      video.requestVideoFrameCallback(count);
    }
  };
  video.requestVideoFrameCallback(count);
  await wait(LOOK_MS);
  isOver = true;
  video.srcObject = null;
  return { frames, moves: stir.moves };
}

async function testCamera({ deviceId, label }: MediaDeviceInfo): Promise<CameraResult> {
  const track = await opened({ video: { deviceId: { exact: deviceId } } });
  // The server takes 128 bytes; a label is ASCII or, at worst, twice as long.
  const name = label.slice(0, 60);
  if (track === null) {
    return { name, works: false, fps: 0 };
  }
  const { frames, moves } = await lookAt(track);
  track.stop();
  const fps = Math.round((frames * 10_000) / LOOK_MS) / 10;
  return { name, works: fps >= LEAST_FPS && moves, fps };
}

/** Loudness at one pitch, in dB. */
function levelAt(analyser: AnalyserNode, hz: number): number {
  const bins = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(bins);
  const at = Math.round((hz * analyser.fftSize) / analyser.context.sampleRate);
  const near = [...bins.slice(at - 1, at + 2)].filter(Number.isFinite);
  return Math.max(SILENCE_DB, ...near);
}

/** Works when the tone is heard, not when there is merely noise. */
async function testMicrophone(): Promise<Report["microphone"]> {
  const track = await opened({ audio: UNPROCESSED });
  if (track === null) {
    return { works: false, level_db: SILENCE_DB };
  }
  const context = new AudioContext();
  await Promise.race([context.resume(), wait(500)]);
  const analyser = context.createAnalyser();
  analyser.fftSize = 4096;
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  await wait(600);
  const before = levelAt(analyser, TONE_HZ);
  const tone = context.createOscillator();
  const gain = context.createGain();
  tone.frequency.value = TONE_HZ;
  gain.gain.value = 0.4;
  tone.connect(gain).connect(context.destination);
  tone.start();
  await wait(TONE_MS);
  const during = levelAt(analyser, TONE_HZ);
  tone.stop();
  track.stop();
  void context.close();
  return { works: during - before >= HEARD_DB, level_db: Math.round(during * 10) / 10 };
}

const NO_LINK: Report["link"] = {
  works: false,
  up_kbps: 0,
  down_kbps: 0,
  loss_percent: 100,
  rtt_ms: 0,
};

export class SelfTest {
  private probe: Probe | null = null;
  private isOver = false;

  constructor(private readonly url: string) {}

  /** null: it was stopped. */
  async run(secret: string): Promise<Report | null> {
    const cameras: CameraResult[] = [];
    for (const device of (await devicesOf("videoinput")).slice(0, 8)) {
      if (!this.isOver) {
        cameras.push(await testCamera(device));
      }
    }
    const microphone = this.isOver ? null : await testMicrophone();
    const encoder = this.isOver ? null : await testEncoder();
    const link = this.isOver ? null : await this.testLink(secret);
    return this.isOver || microphone === null || encoder === null || link === null
      ? null
      : { cameras, microphone, encoder, link };
  }

  stop(): void {
    this.isOver = true;
    this.probe?.stop();
  }

  private testLink(secret: string): Promise<Report["link"]> {
    return new Promise((done) => {
      this.probe = new Probe(this.url, secret, true, (event) => {
        if (event.type === "check-failed") {
          done(NO_LINK);
        } else if (event.type === "check-done") {
          const { transport, up_kbps, down_kbps, loss_percent, rtt_ms } = event.figures;
          done({ works: transport !== "none", up_kbps, down_kbps, loss_percent, rtt_ms });
        }
      });
    });
  }
}
