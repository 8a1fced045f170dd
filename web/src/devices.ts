// SPDX-License-Identifier: EUPL-1.2
// Camera and microphone: asked for together, told apart when something is wrong, remembered from
// one call to the next. Every outcome is an event; nothing here throws.

import type { DeviceChoice, DeviceProblem, Event, Local, OwnSource } from "./state/types";

const KIND: Readonly<Record<OwnSource, MediaDeviceKind>> = {
  microphone: "audioinput",
  camera: "videoinput",
};

/** 720p is what the three camera layers are made for; more costs an old phone its battery. */
const CAMERA: MediaTrackConstraints = {
  width: { ideal: 1280 },
  height: { ideal: 720 },
  frameRate: { ideal: 30, max: 30 },
};
const MICROPHONE: MediaTrackConstraints = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
  channelCount: 1,
};

export function problemOf(error: unknown): DeviceProblem {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  switch (name) {
    case "NotAllowedError":
    case "SecurityError":
      return "denied";
    case "NotFoundError":
    case "OverconstrainedError":
      return "missing";
    case "NotReadableError":
    case "AbortError":
      return "busy";
    default:
      return "failed";
  }
}

export class Devices {
  private readonly live: Record<OwnSource, MediaStreamTrack | null> = {
    microphone: null,
    camera: null,
  };
  private queue: Promise<void> = Promise.resolve();

  constructor(
    private readonly dispatch: (event: Event) => void,
    private readonly onTrack: (source: OwnSource, track: MediaStreamTrack | null) => void,
  ) {
    // Absent where the page is not secure; start then says so and never opens anything.
    navigator.mediaDevices?.addEventListener?.("devicechange", () => void this.list());
  }

  get tracks(): Readonly<Record<OwnSource, MediaStreamTrack | null>> {
    return this.live;
  }

  /** One at a time: two questions at once confuse people and some browsers. */
  open(sources: readonly OwnSource[]): void {
    this.queue = this.queue.then(() => this.openNow(sources));
  }

  choose(source: OwnSource, id: string): void {
    remember(source, id);
  }

  close(source: OwnSource): void {
    this.put(source, null);
  }

  enableMicrophone(on: boolean): void {
    if (this.live.microphone !== null) {
      this.live.microphone.enabled = on;
    }
  }

  /** The camera's lamp, where it has one. */
  lamp(on: boolean): void {
    const torch = { advanced: [{ torch: on }] } as unknown as MediaTrackConstraints;
    this.live.camera?.applyConstraints(torch).catch(() => {
      this.dispatch({ type: "lamp-found", found: false });
    });
  }

  private async openNow(sources: readonly OwnSource[]): Promise<void> {
    // A device is let go before it is asked for again: iOS and Firefox open no second one.
    for (const source of sources) {
      this.put(source, null);
    }
    try {
      await this.request(sources);
    } catch (error) {
      await this.openApart(sources, problemOf(error));
    }
    await this.list();
  }

  // The pair was refused. Find out which of the two, without asking twice for what was denied.
  private async openApart(sources: readonly OwnSource[], problem: DeviceProblem): Promise<void> {
    for (const source of sources) {
      const isWorthTrying =
        sources.length > 1 && (problem !== "denied" || (await isGranted(source)));
      if (!isWorthTrying) {
        this.dispatch({ type: "device-failed", source, problem });
        continue;
      }
      try {
        await this.request([source]);
      } catch (error) {
        this.dispatch({ type: "device-failed", source, problem: problemOf(error) });
      }
    }
  }

  private async request(sources: readonly OwnSource[]): Promise<void> {
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: sources.includes("microphone") && constraints("microphone"),
      video: sources.includes("camera") && constraints("camera"),
    });
    for (const track of stream.getTracks()) {
      const source: OwnSource = track.kind === "audio" ? "microphone" : "camera";
      const id = track.getSettings().deviceId ?? null;
      track.addEventListener("ended", () => {
        if (this.live[source] === track) {
          this.put(source, null);
          this.dispatch({ type: "device-lost", source });
        }
      });
      this.put(source, track);
      this.dispatch({ type: "device-opened", source, id });
      if (source === "camera") {
        this.dispatch({ type: "lamp-found", found: hasLamp(track) });
      }
    }
  }

  private put(source: OwnSource, track: MediaStreamTrack | null): void {
    const old = this.live[source];
    if (old === track) {
      return;
    }
    old?.stop();
    this.live[source] = track;
    this.onTrack(source, track);
  }

  private async list(): Promise<void> {
    try {
      const all = await navigator.mediaDevices.enumerateDevices();
      this.dispatch({ type: "device-choices", choices: choicesOf(all) });
    } catch {
      // Without a list the browser's own choice stands; there is nothing to tell.
    }
  }
}

/** Devices worth choosing between. Without permission they have no ids, and are none. */
export function choicesOf(all: readonly MediaDeviceInfo[]): Local["choices"] {
  const of = (source: OwnSource): DeviceChoice[] =>
    all
      .filter((device) => device.kind === KIND[source] && device.deviceId !== "")
      // Chromium lists its aliases "default" and "communications" beside the devices they name.
      .filter((device) => device.deviceId !== "communications")
      .map(({ deviceId, label }) => ({ id: deviceId, label }));
  return { microphone: of("microphone"), camera: of("camera") };
}

function constraints(source: OwnSource): MediaTrackConstraints {
  const id = recall(source);
  const base = source === "camera" ? CAMERA : MICROPHONE;
  if (id !== null) {
    // ideal, not exact: yesterday's headset may lie at home.
    return { ...base, deviceId: { ideal: id } };
  }
  return source === "camera" ? { ...base, facingMode: "user" } : base;
}

function hasLamp(track: MediaStreamTrack): boolean {
  const able = track.getCapabilities?.() as { torch?: boolean | boolean[] } | undefined;
  return able?.torch === true || (Array.isArray(able?.torch) && able.torch.includes(true));
}

async function isGranted(source: OwnSource): Promise<boolean> {
  try {
    const answer = await navigator.permissions.query({ name: source as PermissionName });
    return answer.state === "granted";
  } catch {
    return false;
  }
}

function remember(source: OwnSource, id: string): void {
  try {
    localStorage.setItem(`vidd.${source}`, id);
  } catch {
    // Private browsing: the choice holds for this call.
  }
}

function recall(source: OwnSource): string | null {
  try {
    return localStorage.getItem(`vidd.${source}`);
  } catch {
    return null;
  }
}
