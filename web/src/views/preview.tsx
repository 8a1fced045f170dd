// SPDX-License-Identifier: EUPL-1.2
// Before the call: see yourself, hear that you are heard, go in.

import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Catalogue } from "../i18n/catalogue";
import { isMuted } from "../state/local";
import type { Local, State } from "../state/types";
import { Calm, Heading } from "./calm";
import { LinkCheck, Tone } from "./check";
import { useSurroundings } from "./context";
import { DeviceLists, DeviceProblems, DeviceSwitch, hasProblem } from "./devices";
import { Icon } from "./icon";
import { Meter } from "./meter";
import { Video } from "./video";

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

/** So long before its time a visit is still to come: the page is then for testing. */
const EARLY_MS = 30 * 60 * 1000;
const LOOK_MS = 20_000;

/** The time of a visit that is still to come; null: it is time, or has no time. */
function useEarly(planned: string | null): string | null {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), LOOK_MS);
    return () => clearInterval(timer);
  }, []);
  const at = planned === null ? Number.NaN : Date.parse(planned);
  return at - now > EARLY_MS ? planned : null;
}

export function Preview({ state }: { readonly state: State }): VNode {
  const { text, board, dispatch } = useSurroundings();
  const { local, check } = state;
  const microphone = board.own("microphone");
  const early = useEarly(state.visit?.planned ?? null);
  return (
    <Calm name="preview" wide>
      <div class="preview-words">
        <Heading>{early === null ? text.previewTitle : text.check.earlyTitle(early)}</Heading>
        {early !== null && <p class="lead">{text.check.earlyLead}</p>}
        {early === null && !hasProblem(local) && <p class="lead">{text.previewLead}</p>}
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
        <Tone hears={check.hears} />
        <LinkCheck check={check} isMain={early !== null} />
        <DeviceLists local={local} />
      </div>
      <div class={early === null ? "preview-join" : "preview-join preview-later"}>
        <button
          type="button"
          class={early === null ? "primary" : "secondary"}
          data-testid="join"
          onClick={() => dispatch({ type: "join-pressed" })}
        >
          {early === null ? joinWords(local, text) : text.check.earlyGoIn}
        </button>
      </div>
    </Calm>
  );
}
