// SPDX-License-Identifier: EUPL-1.2
// Before the call: see yourself, hear that you are heard, go in.

import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Catalogue } from "../i18n/catalogue";
import { startMeter } from "../meter";
import { isMuted } from "../state/local";
import type { Local } from "../state/types";
import { Calm, Heading } from "./calm";
import { useSurroundings } from "./context";
import { DeviceLists, DeviceProblems, DeviceSwitch, hasProblem } from "./devices";
import { Icon } from "./icon";
import { Video } from "./video";

/** Louder than this for a moment, and it is said in words that one is heard. */
const HEARD = 0.35;

function Meter({ track }: { readonly track: MediaStreamTrack }): VNode {
  const { text } = useSurroundings();
  const [level, setLevel] = useState<number | null>(0);
  const [heard, setHeard] = useState(false);
  useEffect(() => {
    setHeard(false);
    return startMeter(track, (now) => {
      setLevel(now === null ? null : Math.round(now * 50) / 50);
      if (now !== null && now > HEARD) {
        setHeard(true);
      }
    });
  }, [track]);
  const hint = level === null ? text.meterAsleep : heard ? text.meterHeard : text.meterHint;
  return (
    <div class="meter" data-heard={heard}>
      {/* biome-ignore lint/a11y/useSemanticElements: browsers draw <meter> each in their own way */}
      <div
        class="meter-bar"
        role="meter"
        aria-label={text.meterLabel}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round((level ?? 0) * 100)}
        data-testid="meter"
      >
        <span style={{ transform: `scaleX(${level ?? 0})` }} />
      </div>
      <p class="small">{hint}</p>
    </div>
  );
}

function SelfPicture({ local }: { readonly local: Local }): VNode {
  const { text, board } = useSurroundings();
  const track = board.own("camera");
  const { camera } = local;
  if (track !== null && !isMuted(camera)) {
    return (
      <figure class="self-large">
        <Video track={track} mirrored testId="self-video" />
        <figcaption>{text.selfPicture}</figcaption>
      </figure>
    );
  }
  const isAsking = camera.status === "asking" || local.microphone.status === "asking";
  return (
    <div class={isAsking ? "self-large self-empty self-asking" : "self-large self-empty"}>
      {isAsking ? (
        <div class="asking" data-testid="asking">
          <p class="asking-what">{text.asking}</p>
          <p>{text.askingWhy}</p>
        </div>
      ) : (
        <p>
          <Icon name="camera-off" />
          {camera.status === "problem" ? text.cameraNone : text.cameraOffShort}
        </p>
      )}
    </div>
  );
}

function joinWords(local: Local, text: Catalogue): string {
  const hasCamera = local.camera.status === "asking" || !isMuted(local.camera);
  const hasMicrophone = local.microphone.status === "asking" || local.microphone.status === "on";
  if (hasCamera) {
    return hasMicrophone ? text.join : text.joinNoMicrophone;
  }
  return hasMicrophone ? text.joinNoCamera : text.joinNothing;
}

export function Preview({ local }: { readonly local: Local }): VNode {
  const { text, board, dispatch } = useSurroundings();
  const microphone = board.own("microphone");
  return (
    <Calm name="preview" wide>
      <div class="preview-words">
        <Heading>{text.previewTitle}</Heading>
        {!hasProblem(local) && <p class="lead">{text.previewLead}</p>}
      </div>
      <DeviceProblems local={local} />
      <div class="preview-self">
        <SelfPicture local={local} />
        <div class="switches">
          <DeviceSwitch local={local} source="microphone" />
          <DeviceSwitch local={local} source="camera" />
        </div>
      </div>
      <div class="preview-sound">
        {microphone !== null &&
          (local.microphone.muted ? (
            <p class="small">{text.meterMuted}</p>
          ) : (
            <Meter track={microphone} />
          ))}
        <DeviceLists local={local} />
      </div>
      <div class="preview-join">
        <button
          type="button"
          class="primary"
          data-testid="join"
          onClick={() => dispatch({ type: "join-pressed" })}
        >
          {joinWords(local, text)}
        </button>
      </div>
    </Calm>
  );
}
