// SPDX-License-Identifier: EUPL-1.2
// One's own devices as the person meets them: two switches, two lists, and what is wrong with them.

import type { VNode } from "preact";
import type { Catalogue } from "../i18n/catalogue";
import { isMuted } from "../state/local";
import type { DeviceProblem, Local, OwnSource } from "../state/types";
import { useSurroundings } from "./context";
import { Icon } from "./icon";
import { Steps } from "./problem";

interface SwitchProps {
  readonly local: Local;
  readonly source: OwnSource;
}

export function DeviceSwitch({ local, source }: SwitchProps): VNode {
  const { text, dispatch } = useSurroundings();
  const device = local[source];
  // While the browser asks, the switch shows what will be.
  const isOn = device.status === "asking" ? !device.muted : !isMuted(device);
  return (
    <button
      type="button"
      class="control"
      role="switch"
      aria-checked={isOn}
      data-testid={source}
      onClick={() => dispatch({ type: "mute-pressed", source })}
    >
      <Icon name={isOn ? source : `${source}-off`} />
      <span class="control-text">
        {text[source]} <span aria-hidden="true">{isOn ? text.on : text.off}</span>
      </span>
    </button>
  );
}

function DeviceList({ local, source }: SwitchProps): VNode | null {
  const { text, dispatch } = useSurroundings();
  const choices = local.choices[source];
  if (choices.length < 2) {
    return null;
  }
  const unnamed = source === "camera" ? text.unnamedCamera : text.unnamedMicrophone;
  const id = `choose-${source}`;
  return (
    <div class="choice">
      <label for={id}>{source === "camera" ? text.chooseCamera : text.chooseMicrophone}</label>
      <select
        id={id}
        value={local[source].id ?? choices[0]?.id}
        onChange={(event) =>
          dispatch({ type: "device-chosen", source, id: event.currentTarget.value })
        }
      >
        {choices.map((choice, i) => (
          <option key={choice.id} value={choice.id}>
            {choice.label === "" ? unnamed(i + 1) : choice.label}
          </option>
        ))}
      </select>
    </div>
  );
}

export function DeviceLists({ local }: { readonly local: Local }): VNode | null {
  const { text } = useSurroundings();
  if (local.choices.camera.length < 2 && local.choices.microphone.length < 2) {
    return null;
  }
  return (
    <details class="choices">
      <summary>{text.changeDevices}</summary>
      <DeviceList local={local} source="camera" />
      <DeviceList local={local} source="microphone" />
    </details>
  );
}

function sentence(source: OwnSource, problem: DeviceProblem, text: Catalogue): string {
  const isCamera = source === "camera";
  switch (problem) {
    case "denied":
      return isCamera ? text.deniedCameraTitle : text.deniedMicrophoneTitle;
    case "missing":
      return isCamera ? text.missingCamera : text.missingMicrophone;
    case "busy":
      return isCamera ? text.busyCamera : text.busyMicrophone;
    case "failed":
      return isCamera ? text.failedCamera : text.failedMicrophone;
  }
}

export function hasProblem(local: Local): boolean {
  return local.camera.status === "problem" || local.microphone.status === "problem";
}

/** What is wrong and what to do about it, or nothing. */
export function DeviceProblems({ local }: { readonly local: Local }): VNode | null {
  const { text, dispatch, browser } = useSurroundings();
  const found = (["camera", "microphone"] as const).flatMap((source) => {
    const { problem, status } = local[source];
    return status === "problem" && problem !== null ? [{ source, problem }] : [];
  });
  if (found.length === 0) {
    return null;
  }
  const denied = found.filter(({ problem }) => problem === "denied");
  const others = found.filter(({ problem }) => problem !== "denied");
  return (
    <section class="trouble" data-testid="device-problem">
      {denied.length > 0 && (
        <>
          <h2>
            {denied.length === 2
              ? text.deniedTitle
              : denied.map(({ source }) => sentence(source, "denied", text))}
          </h2>
          <p>{text.deniedLead}</p>
          <Steps steps={text.allow[browser]} />
        </>
      )}
      {others.map(({ source, problem }) => (
        <p key={source}>{sentence(source, problem, text)}</p>
      ))}
      <button
        type="button"
        class="secondary"
        onClick={() => dispatch({ type: "retry-devices-pressed" })}
      >
        <Icon name="again" />
        {text.tryAgain}
      </button>
      {denied.length > 0 && <p class="small">{text.deniedOrElse}</p>}
    </section>
  );
}
