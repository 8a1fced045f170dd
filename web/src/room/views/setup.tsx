// SPDX-License-Identifier: EUPL-1.2
// For staff: which device is what in this room.

import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Calm, Heading } from "../../views/calm";
import { Video } from "../../views/video";
import { choose, chosen, type Part } from "../keep";
import { devicesOf } from "../sources";
import type { ViewProps } from "./app";

const PARTS: readonly {
  readonly part: Part;
  readonly kind: MediaDeviceKind;
  readonly may: boolean;
}[] = [
  { part: "camera", kind: "videoinput", may: false },
  { part: "exam", kind: "videoinput", may: true },
  { part: "exam2", kind: "videoinput", may: true },
  { part: "microphone", kind: "audioinput", may: false },
  { part: "stethoscope", kind: "audioinput", may: true },
];

type Lists = Readonly<Record<"videoinput" | "audioinput", readonly MediaDeviceInfo[]>>;

/** null: the browser does not give them. */
async function findDevices(): Promise<Lists | null> {
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
    for (const track of stream.getTracks()) {
      track.stop();
    }
  } catch {
    return null;
  }
  return { videoinput: await devicesOf("videoinput"), audioinput: await devicesOf("audioinput") };
}

function Seen({ id }: { readonly id: string }): VNode | null {
  const [track, setTrack] = useState<MediaStreamTrack | null>(null);
  useEffect(() => {
    let live: MediaStreamTrack | null = null;
    let isOver = false;
    navigator.mediaDevices
      .getUserMedia({ video: { deviceId: { exact: id }, width: { ideal: 320 } } })
      .then((stream) => {
        live = stream.getVideoTracks()[0] ?? null;
        if (isOver) {
          live?.stop();
        } else {
          setTrack(live);
        }
      })
      .catch(() => setTrack(null));
    return () => {
      isOver = true;
      live?.stop();
    };
  }, [id]);
  return track === null ? null : (
    <div class="setup-seen">
      <Video track={track} />
    </div>
  );
}

interface PartChoiceProps {
  readonly words: ViewProps["words"];
  readonly part: Part;
  readonly devices: readonly MediaDeviceInfo[];
  readonly may: boolean;
}

function firstOf(part: Part, devices: readonly MediaDeviceInfo[]): string {
  switch (part) {
    case "exam":
      return devices[1]?.deviceId ?? "";
    case "exam2":
    case "stethoscope":
      return "";
    default:
      return devices[0]?.deviceId ?? "";
  }
}

function PartChoice({ words, part, devices, may }: PartChoiceProps): VNode {
  const [id, setId] = useState(() => chosen(part) ?? firstOf(part, devices));
  useEffect(() => choose(part, id), [part, id]);
  const isCamera = part !== "microphone" && part !== "stethoscope";
  return (
    <div class="choice">
      <label for={`part-${part}`}>{words.parts[part]}</label>
      <select
        id={`part-${part}`}
        data-testid={`part-${part}`}
        value={id}
        onChange={(event) => setId(event.currentTarget.value)}
      >
        {may && <option value="">{words.none}</option>}
        {devices.map((device, i) => (
          <option key={device.deviceId} value={device.deviceId}>
            {device.label === "" ? words.unnamed(i + 1) : device.label}
          </option>
        ))}
      </select>
      {isCamera && id !== "" && <Seen key={id} id={id} />}
    </div>
  );
}

export function Setup({ words, dispatch }: ViewProps): VNode {
  const [lists, setLists] = useState<Lists | "asking" | null>("asking");
  useEffect(() => void findDevices().then(setLists), []);
  return (
    <Calm name="setup">
      <Heading>{words.setupTitle}</Heading>
      <p class="lead">{words.setupLead}</p>
      {lists === null && <p role="alert">{words.denied}</p>}
      {lists !== null && lists !== "asking" && (
        <div class="setup-parts">
          {PARTS.map(({ part, kind, may }) => (
            <PartChoice
              key={part}
              words={words}
              part={part}
              devices={kind === "videoinput" ? lists.videoinput : lists.audioinput}
              may={may}
            />
          ))}
        </div>
      )}
      <button
        type="button"
        class="primary"
        data-testid="setup-done"
        onClick={() => dispatch({ type: "back" })}
      >
        {words.done}
      </button>
    </Calm>
  );
}
