// SPDX-License-Identifier: EUPL-1.2
// The simulated patient of a practice visit: a second client of the real server in this page, whose
// camera is a drawing and whose voice is made of filtered noise. It answers as a patient would.

import { Client, type DeviceDesk } from "../client";
import type { Event, OwnSource } from "../state/types";
import { tokenOf } from "../support";
import { drawFigure } from "./figure";
import { bounded, isGap, LIKENESS, type Likeness, type Profile } from "./profiles";

const WIDTH = 1280;
const HEIGHT = 720;
/** A patient needs a moment for each thing. */
const THINK_MS = 1500;

export class Simulated {
  profile: Profile = "fibre";
  private readonly client: Client;
  private readonly actor = new Actor();
  private readonly clock: ReturnType<typeof setInterval>;
  private done = "";

  constructor(
    origin: Location,
    link: string,
    private readonly onChange: () => void,
  ) {
    this.client = new Client(origin, {
      isSecond: true,
      devices: (dispatch, onTrack) => this.actor.devices(dispatch, onTrack),
      bound: (want) => bounded(want, LIKENESS[this.profile].videoBps),
    });
    this.clock = setInterval(() => this.answer(), THINK_MS);
    this.client.enter(tokenOf(link.slice(link.indexOf("#"))));
  }

  choose(profile: Profile): void {
    this.profile = profile;
    this.actor.likeness = LIKENESS[profile];
    this.onChange();
  }

  close(): void {
    clearInterval(this.clock);
    this.client.dispatch({ type: "leave-pressed" });
    this.client.close();
    this.actor.close();
  }

  // Says yes to what it is asked, takes the picture, looks at it, sends it.
  private answer(): void {
    const { asked } = this.client.state;
    const step = asked === null ? "" : `${asked.id} ${asked.step}`;
    if (asked === null || step === this.done) {
      return;
    }
    this.done = step;
    switch (asked.step) {
      case "asked":
        this.client.dispatch({ type: "consent-pressed", given: true, wording: "(simulated)" });
        break;
      case "aiming":
        this.client.dispatch({ type: "still-pressed" });
        break;
      case "taken":
        this.client.dispatch({ type: "still-send-pressed" });
        break;
      default:
        break;
    }
  }
}

type Heard = (source: OwnSource, track: MediaStreamTrack | null) => void;

/** What is drawn and sounded. */
class Actor {
  likeness: Likeness = LIKENESS.fibre;
  private readonly canvas = document.createElement("canvas");
  private readonly sound = new AudioContext();
  private readonly voice = new Voice(this.sound);
  private readonly live: Record<OwnSource, MediaStreamTrack | null> = {
    microphone: null,
    camera: null,
  };
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly began = performance.now();

  devices(dispatch: (event: Event) => void, onTrack: Heard): DeviceDesk {
    const put = (source: OwnSource, track: MediaStreamTrack | null): void => {
      this.live[source]?.stop();
      this.live[source] = track;
      onTrack(source, track);
    };
    return {
      tracks: this.live,
      open: (sources) => {
        for (const source of sources) {
          put(source, source === "camera" ? this.camera() : this.voice.track());
          // Not in the midst of the transition that asked for it.
          setTimeout(() => dispatch({ type: "device-opened", source, id: "simulated" }));
        }
      },
      choose: () => undefined,
      close: (source) => put(source, null),
      enableMicrophone: (on) => {
        if (this.live.microphone !== null) {
          this.live.microphone.enabled = on;
        }
      },
      lamp: () => undefined,
    };
  }

  close(): void {
    clearTimeout(this.timer);
    void this.sound.close();
  }

  private camera(): MediaStreamTrack | null {
    this.canvas.width = WIDTH;
    this.canvas.height = HEIGHT;
    clearTimeout(this.timer);
    this.frame();
    return this.canvas.captureStream(30).getVideoTracks()[0] ?? null;
  }

  // The picture stops and the sound is silent in a gap: nothing has come over the link.
  private frame(): void {
    const seconds = (performance.now() - this.began) / 1000;
    const isGone = isGap(this.likeness, seconds);
    const isHole = Math.random() < this.likeness.soundLoss * 4;
    const isTalking = this.voice.speak(seconds, isGone || isHole);
    const pen = this.canvas.getContext("2d");
    if (pen !== null && !isGone) {
      drawFigure(pen, WIDTH, HEIGHT, seconds, isTalking);
    }
    this.timer = setTimeout(() => this.frame(), 1000 / this.likeness.fps);
  }
}

/** Something like speech: a buzz through two resonances, in syllables, with pauses to listen in. */
class Voice {
  private readonly out: MediaStreamAudioDestinationNode;
  private readonly gain: GainNode;
  private readonly formant: BiquadFilterNode;
  private readonly buzz: OscillatorNode;

  constructor(private readonly context: AudioContext) {
    this.out = context.createMediaStreamDestination();
    this.gain = context.createGain();
    this.gain.gain.value = 0;
    this.buzz = context.createOscillator();
    this.buzz.type = "sawtooth";
    this.buzz.frequency.value = 170;
    this.formant = context.createBiquadFilter();
    this.formant.type = "bandpass";
    this.formant.Q.value = 4;
    this.formant.frequency.value = 700;
    this.buzz.connect(this.formant).connect(this.gain).connect(this.out);
    this.buzz.start();
  }

  track(): MediaStreamTrack | null {
    void this.context.resume();
    return this.out.stream.getAudioTracks()[0]?.clone() ?? null;
  }

  /** Talks four seconds of each ten. */
  speak(seconds: number, isSilent: boolean): boolean {
    const isTalking = seconds % 10 < 4;
    const syllable = Math.max(0, Math.sin(seconds * Math.PI * 2 * 4));
    const now = this.context.currentTime;
    const loudness = isTalking && !isSilent ? 0.35 * syllable : 0;
    this.gain.gain.setTargetAtTime(loudness, now, 0.02);
    this.formant.frequency.setTargetAtTime(500 + 500 * Math.sin(seconds * 7), now, 0.03);
    this.buzz.frequency.setTargetAtTime(160 + 25 * Math.sin(seconds * 2), now, 0.05);
    return isTalking && syllable > 0.3;
  }
}
