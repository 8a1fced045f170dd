// SPDX-License-Identifier: EUPL-1.2
import { describe, expect, it } from "vitest";
import { run, TO_CALL } from "./story";
import type { Event } from "./types";

const cameras = (...ids: string[]): Event => ({
  type: "device-choices",
  choices: { microphone: [], camera: ids.map((id) => ({ id, label: id })) },
});
const SWITCH: Event = { type: "camera-switch-pressed" };
const opened = (id: string): Event => ({ type: "device-opened", source: "camera", id });

describe("the camera", () => {
  it("goes round those there are, the one after the last being the first", () => {
    const seen: (string | null)[] = [];
    let { state } = run([cameras("front", "back"), opened("front")], run(TO_CALL).state);
    for (let i = 0; i < 3; i++) {
      const pressed = run([SWITCH], state);
      expect(pressed.effects).toContainEqual({ do: "devices-open", sources: ["camera"] });
      const wanted = pressed.effects.find((e) => e.do === "device-choose");
      seen.push(wanted?.do === "device-choose" ? wanted.id : null);
      ({ state } = run([opened(seen.at(-1) ?? "")], pressed.state));
    }
    expect(seen).toEqual(["back", "front", "back"]);
  });

  it("stays where there is one", () => {
    const { state } = run([cameras("front"), opened("front")], run(TO_CALL).state);
    expect(run([SWITCH], state).effects).toEqual([]);
  });
});

describe("the camera's lamp", () => {
  const FOUND: Event = { type: "lamp-found", found: true };
  const PRESS: Event = { type: "lamp-pressed" };

  it("is switched on and off where there is one", () => {
    const call = run(TO_CALL).state;
    expect(run([PRESS], call).effects).toEqual([]);
    const on = run([FOUND, PRESS], call);
    expect([on.state.local.lamp, on.effects]).toEqual(["on", [{ do: "lamp", on: true }]]);
    const off = run([PRESS], on.state);
    expect([off.state.local.lamp, off.effects]).toEqual(["off", [{ do: "lamp", on: false }]]);
  });

  it("is as it was when it is found once more, and gone when the camera refuses", () => {
    const on = run([FOUND, PRESS, FOUND], run(TO_CALL).state).state;
    expect(on.local.lamp).toBe("on");
    expect(run([{ type: "lamp-found", found: false }], on).state.local.lamp).toBe("none");
  });
});
