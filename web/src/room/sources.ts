// SPDX-License-Identifier: EUPL-1.2
// The room's further eyes and ears: the exam camera and the stethoscope, each a device of its own.

import type { ExtraSource } from "../peer";
import { chosen, type Part } from "./keep";
import type { View } from "./types";

/** The cameras for examination: under which name each is sent, and what its picture is called here. */
export const EXAMS = [
  { part: "exam", source: "exam-camera", view: "exam" },
  { part: "exam2", source: "exam-camera-2", view: "exam2" },
] as const satisfies readonly { part: Part; source: ExtraSource; view: View }[];

const EXAM: MediaTrackConstraints = {
  width: { ideal: 1280 },
  height: { ideal: 720 },
  frameRate: { ideal: 30, max: 30 },
};

/** Heart and lungs lie where speech is filtered away: nothing may be done to this sound. */
export const UNPROCESSED: MediaTrackConstraints = {
  echoCancellation: false,
  noiseSuppression: false,
  autoGainControl: false,
  channelCount: 1,
};

export async function devicesOf(kind: MediaDeviceKind): Promise<readonly MediaDeviceInfo[]> {
  try {
    const all = await navigator.mediaDevices.enumerateDevices();
    // Chromium lists its aliases beside the devices they name.
    return all.filter(
      (d) => d.kind === kind && !["", "default", "communications"].includes(d.deviceId),
    );
  } catch {
    return [];
  }
}

/** The one chosen; or, where nobody has chosen yet, the first camera that is not the room's. */
async function idOf(part: Part): Promise<string | null> {
  const id = chosen(part);
  if (id !== null || part !== "exam") {
    return id === "" ? null : id;
  }
  const cameras = await devicesOf("videoinput");
  const room = chosen("camera") ?? cameras[0]?.deviceId;
  return cameras.find((camera) => camera.deviceId !== room)?.deviceId ?? null;
}

async function open(constraints: MediaStreamConstraints): Promise<MediaStreamTrack | null> {
  try {
    const stream = await navigator.mediaDevices.getUserMedia(constraints);
    return stream.getTracks()[0] ?? null;
  } catch {
    // Unplugged or taken: the visit goes on with the rest, and the self-test tells staff.
    return null;
  }
}

export async function openExtras(): Promise<ReadonlyMap<ExtraSource, MediaStreamTrack>> {
  const tracks = new Map<ExtraSource, MediaStreamTrack>();
  for (const { part, source } of EXAMS) {
    const id = await idOf(part);
    const track = id === null ? null : await open({ video: { ...EXAM, deviceId: { exact: id } } });
    if (track !== null) {
      track.contentHint = "detail";
      tracks.set(source, track);
    }
  }
  const stethoscope = await idOf("stethoscope");
  if (stethoscope !== null) {
    const track = await open({ audio: { ...UNPROCESSED, deviceId: { exact: stethoscope } } });
    if (track !== null) {
      track.contentHint = "music";
      tracks.set("stethoscope", track);
    }
  }
  return tracks;
}
