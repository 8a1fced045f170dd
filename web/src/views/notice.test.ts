// SPDX-License-Identifier: EUPL-1.2
import { describe, expect, it } from "vitest";
import { sv } from "../i18n/sv";
import type { Picture } from "../protocol";
import { initial } from "../state";
import { roomOf } from "../state/room";
import type { LocalDevice, Media, Room, Sight, State } from "../state/types";
import { noticeOf } from "./notice";

const room = roomOf(
  {
    resume: "r",
    seat_s: 120,
    consultation: { id: "c", title: "", mode: "talk" },
    self: { id: "me", role: "patient", name: "Elsa" },
    participants: [],
    slots: { audio: 1, video: 1 },
  },
  null,
);
const on: LocalDevice = { status: "on", problem: null, muted: false, id: null };
const flowing: Media = { status: "flowing", repairs: 0, level: "good" };
const well: State = {
  ...initial(),
  phase: { name: "call" },
  signal: "open",
  media: flowing,
  room,
  local: { microphone: on, camera: on, choices: { microphone: [], camera: [] }, lamp: "none" },
};

function key(change: Partial<State>): string | null {
  return noticeOf({ ...well, ...change }, room, sv)?.key ?? null;
}

describe("noticeOf", () => {
  it("is silent when all is well", () => expect(key({})).toBeNull());

  it("says that sound and picture go on when only the websocket is gone", () => {
    expect(key({ signal: "lost", signalTold: true })).toBe("signal-lost-media-on");
    expect(key({ signal: "lost", signalTold: false })).toBeNull();
  });

  it("does not promise sound that is not there", () => {
    const media: Media = { ...flowing, status: "interrupted" };
    expect(key({ signal: "lost", signalTold: true, media })).toBe("signal-lost");
    expect(key({ media })).toBe("media-interrupted");
    expect(key({ media: { ...media, repairs: 4 } })).toBe("media-blocked");
  });

  it("names a restart before its consequences", () => {
    expect(key({ restarting: true, signal: "lost", signalTold: true })).toBe("restarting");
  });

  it("tells of broken devices, but not of a camera that never was", () => {
    const broken = (problem: LocalDevice["problem"]): Partial<State> => ({
      local: { ...well.local, camera: { ...on, status: "problem", problem } },
    });
    expect(key(broken("busy"))).toBe("device");
    expect(key(broken("missing"))).toBeNull();
  });

  it("tells of a weak network, the server's word first", () => {
    expect(key({ media: { ...flowing, level: "poor" } })).toBe("weak");
    const quality = {
      me: { id: "me", level: "good", rtt_ms: 1, loss_percent: 0, down_kbps: 900, up_kbps: null },
    } as const;
    const seen = noticeOf(
      { ...well, media: { ...flowing, level: "poor" } },
      { ...room, quality },
      sv,
    );
    expect(seen).toBeNull();
  });

  it("says what a thin link leaves of pictures, on both sides, the worst first", () => {
    const anna = { id: "p", role: "clinician", name: "Anna" } as const;
    const omar = { id: "q", role: "interpreter", name: "Omar" } as const;
    const full: Room = {
      ...room,
      participants: [anna, omar].map((p) => ({ ...p, link: "here", muted: [], speaking: false })),
      slots: [
        { mid: "1", participant: "p", source: "microphone" },
        { mid: "2", participant: "p", source: "camera" },
        { mid: "3", participant: "q", source: "camera" },
        { mid: "4", participant: null, source: null },
      ],
    };
    const words = (pictures: Sight["pictures"], seen: Sight["seen"] = [], state = well) =>
      noticeOf(state, { ...full, told: { pictures, seen } }, sv);
    const by = (participant: string, picture: Picture) =>
      ({ participant, source: "camera", picture }) as const;
    expect(words({ "2": "reduced", "3": "reduced" })).toBeNull();
    expect(words({ "2": "none", "3": "stills" })?.key).toBe("stills");
    expect(words({ "2": "none" })).toBeNull();
    expect(words({ "2": "none", "3": "none" }, [by("p", "none")])?.sentence).toBe(
      "Nätet är svagt just nu: bara ljud. Bilden kommer tillbaka av sig själv.",
    );
    expect(words({}, [by("p", "reduced")])).toBeNull();
    expect(words({}, [by("p", "stills")])?.sentence).toBe("Anna ser dig i stillbilder just nu.");
    expect(words({}, [by("p", "none"), by("q", "none")])?.sentence).toBe(
      "Anna och Omar hör dig men ser dig inte just nu. Bilden kommer tillbaka av sig själv.",
    );
    // Whose camera is off knows that nobody sees him.
    const off: State = { ...well, local: { ...well.local, camera: { ...on, muted: true } } };
    expect(words({}, [by("p", "none")], off)).toBeNull();
  });
});
