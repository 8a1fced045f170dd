// SPDX-License-Identifier: EUPL-1.2
// One's own microphone and camera. A muted microphone stays open, so that it comes back at once; a
// camera that is off is closed, so that its light goes out. The server is told what others can
// count on: a source without a device is muted, whatever the person wants.

import { buildMute } from "../protocol";
import {
  announce,
  chain,
  type DeviceProblem,
  type Effect,
  type Local,
  type LocalDevice,
  type OwnSource,
  type State,
  type Step,
  stay,
} from "./types";

const OWN: readonly OwnSource[] = ["microphone", "camera"];

export function isMuted(device: LocalDevice): boolean {
  return device.muted || device.status !== "on";
}

export function initialLocal(): Local {
  const device: LocalDevice = { status: "off", problem: null, muted: false, id: null };
  return {
    microphone: device,
    camera: device,
    choices: { microphone: [], camera: [] },
    lamp: "none",
  };
}

function put(state: State, source: OwnSource, change: Partial<LocalDevice>): State {
  const device = { ...state.local[source], ...change };
  return { ...state, local: { ...state.local, [source]: device } };
}

/** The mute messages a server that has just welcomed us must have. */
export function tellMutes(state: State): Effect[] {
  return OWN.map((source) => ({
    do: "send",
    message: buildMute(source, isMuted(state.local[source])),
  }));
}

/** What is kept for a reload, if there is a seat to come back to. */
export function keepSeat(state: State): Effect[] {
  if (state.resume === null) {
    return [];
  }
  return [
    {
      do: "keep-seat",
      seat: {
        token: state.token,
        resume: state.resume,
        microphoneMuted: state.local.microphone.muted,
        cameraMuted: state.local.camera.muted,
      },
    },
  ];
}

// Tells the server and the seat what changed between before and after.
function settle(before: State, after: State): Effect[] {
  const effects: Effect[] = [];
  if (after.signal === "open") {
    for (const source of OWN) {
      const muted = isMuted(after.local[source]);
      if (muted !== isMuted(before.local[source])) {
        effects.push({ do: "send", message: buildMute(source, muted) });
      }
    }
  }
  if (OWN.some((source) => before.local[source].muted !== after.local[source].muted)) {
    effects.push(...keepSeat(after));
  }
  return effects;
}

/** Asks for every device that is wanted and not there; one question for both. */
export function openDevices(state: State): Step {
  const sources = OWN.filter((source) => {
    const { status, muted } = state.local[source];
    // A muted microphone is still asked for: unmuting must not wait for a question.
    return status !== "on" && status !== "asking" && (source === "microphone" || !muted);
  });
  if (sources.length === 0) {
    return stay(state);
  }
  const asking = sources.reduce(
    (s, source) => put(s, source, { status: "asking", problem: null }),
    state,
  );
  return { state: asking, effects: [{ do: "devices-open", sources }] };
}

/** Lets go of both devices; what the person had muted stays so. */
export function closeDevices(state: State): Step {
  const closed = OWN.reduce((s, source) => put(s, source, { status: "off", problem: null }), state);
  return { state: closed, effects: OWN.map((source) => ({ do: "device-close", source })) };
}

export function mutePressed(state: State, source: OwnSource): Step {
  const device = state.local[source];
  const muted = device.status === "on" || device.status === "asking" ? !device.muted : false;
  const after = put(state, source, { muted });
  const told = announce({ key: source, on: !muted });
  if (source === "microphone" && device.status === "on") {
    return {
      state: after,
      effects: [{ do: "microphone-enable", on: !muted }, ...settle(state, after), told],
    };
  }
  if (source === "camera" && muted && device.status === "on") {
    const off = put(after, source, { status: "off" });
    return {
      state: off,
      effects: [{ do: "device-close", source }, ...settle(state, off), told],
    };
  }
  const opened = muted ? stay(after) : openOne(after, source);
  return { state: opened.state, effects: [...opened.effects, ...settle(state, opened.state)] };
}

function openOne(state: State, source: OwnSource): Step {
  if (state.local[source].status === "asking") {
    return stay(state);
  }
  return {
    state: put(state, source, { status: "asking", problem: null }),
    effects: [{ do: "devices-open", sources: [source] }],
  };
}

export function deviceChosen(state: State, source: OwnSource, id: string): Step {
  return chain(
    state,
    (s) => ({
      state: put(s, source, { status: "asking", problem: null, id, muted: false }),
      effects: [
        { do: "device-choose", source, id },
        { do: "devices-open", sources: [source] },
      ],
    }),
    (s) => ({ state: s, effects: settle(state, s) }),
  );
}

export function deviceOpened(state: State, source: OwnSource, id: string | null): Step {
  const { muted } = state.local[source];
  // The person left, or switched the camera off, while the browser was asking.
  const isUnwanted =
    (source === "camera" && muted) ||
    state.phase.name === "ended" ||
    state.phase.name === "problem";
  if (isUnwanted) {
    return {
      state: put(state, source, { status: "off", problem: null, id }),
      effects: [{ do: "device-close", source }],
    };
  }
  const after = put(state, source, { status: "on", problem: null, id });
  const enable: Effect[] = source === "microphone" ? [{ do: "microphone-enable", on: !muted }] : [];
  return { state: after, effects: [...enable, ...settle(state, after)] };
}

export function deviceFailed(state: State, source: OwnSource, problem: DeviceProblem): Step {
  const after = put(state, source, { status: "problem", problem });
  const told: Effect[] =
    state.room !== null ? [announce({ key: "device-problem", source }, true)] : [];
  return { state: after, effects: [...settle(state, after), ...told] };
}

/** Unplugged, or taken by the system: the browser's own choice may still work, so ask for it. */
export function deviceLost(state: State, source: OwnSource): Step {
  if (state.local[source].status !== "on") {
    return stay(state);
  }
  const without = put(state, source, { status: "off" });
  const asked = openOne(without, source);
  return { state: asked.state, effects: [...settle(state, asked.state), ...asked.effects] };
}

/** The next camera in the list: on a phone the one on the other side. */
export function cameraSwitched(state: State): Step {
  const { choices, camera } = state.local;
  if (choices.camera.length < 2) {
    return stay(state);
  }
  const at = choices.camera.findIndex((choice) => choice.id === camera.id);
  const next = choices.camera[(at + 1) % choices.camera.length];
  return next === undefined ? stay(state) : deviceChosen(state, "camera", next.id);
}

export function lampFound(state: State, found: boolean): Step {
  const { lamp } = state.local;
  const now = found ? (lamp === "none" ? "off" : lamp) : "none";
  return stay({ ...state, local: { ...state.local, lamp: now } });
}

export function lampPressed(state: State): Step {
  const { lamp } = state.local;
  if (lamp === "none") {
    return stay(state);
  }
  const on = lamp === "off";
  return {
    state: { ...state, local: { ...state.local, lamp: on ? "on" : "off" } },
    effects: [{ do: "lamp", on }],
  };
}
