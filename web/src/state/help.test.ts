// SPDX-License-Identifier: EUPL-1.2
import { describe, expect, it } from "vitest";
import type { Participant } from "../protocol";
import { whyNotHeard, whyNotHearing } from "./help";
import { ANNA, run, TO_CALL, TO_FLOW } from "./story";
import type { Room, State } from "./types";

const STATE = run(TO_FLOW).state;
const ROOM = STATE.room as Room;

function hearing(state: Partial<State>, room: Partial<Room> = {}): string[] {
  return whyNotHearing({ ...STATE, ...state }, { ...ROOM, ...room }).map((f) => f.key);
}

function others(...changes: Partial<Participant>[]): Partial<Room> {
  return { participants: changes.map((change, i) => ({ ...ANNA, id: `q${i}`, ...change })) };
}

const POOR = { level: "poor", rtt_ms: 900, loss_percent: 20, down_kbps: 50, up_kbps: 40 } as const;

describe("I do not hear the others", () => {
  it("is the browser's doing when it blocks sound, whatever else", () => {
    expect(hearing({ soundBlocked: true }, others())).toEqual(["blocked"]);
  });

  it("is the connection, when nothing flows", () => {
    const state = run(TO_CALL).state;
    expect(whyNotHearing(state, ROOM)).toEqual([{ key: "interrupted" }]);
  });

  it("is nobody's fault when nobody is here", () => {
    expect(hearing({}, others())).toEqual(["alone"]);
  });

  it("is theirs when all of them are mute or badly connected", () => {
    expect(hearing({}, others({ muted: ["microphone"] }))).toEqual(["theirMute"]);
    expect(hearing({}, others({ link: "away" }))).toEqual(["theirLink"]);
    expect(hearing({}, { quality: { p2: { id: "p2", ...POOR } } })).toEqual(["theirLink"]);
    expect(hearing({}, others({ muted: ["microphone"] }, { link: "silent" }))).toEqual([
      "theirMute",
      "theirLink",
    ]);
  });

  it("may still be one's own loudspeaker when one of them should be heard", () => {
    expect(hearing({}, others({ muted: ["microphone"] }, {}))).toEqual(["theirMute", "speaker"]);
    expect(hearing({})).toEqual(["speaker"]);
  });

  it("is one's own link when that is poor", () => {
    expect(hearing({}, { quality: { p1: { id: "p1", ...POOR } } })).toEqual(["myLink", "speaker"]);
  });
});

describe("the others do not hear me", () => {
  const mic = STATE.local.microphone;
  const heard = (
    microphone: Partial<typeof mic>,
    moved = false,
    room: Partial<Room> = {},
  ): unknown =>
    whyNotHeard(
      { ...STATE, local: { ...STATE.local, microphone: { ...mic, ...microphone } } },
      { ...ROOM, ...room },
      moved,
    ).map((f) => f.key);

  it.each([
    [{ status: "problem", problem: "denied" }, "denied"],
    [{ status: "problem", problem: "missing" }, "missing"],
    [{ status: "problem", problem: "busy" }, "busy"],
    [{ muted: true }, "muted"],
    [{}, "silent"],
  ] as const)("%o", (microphone, key) => expect(heard(microphone)).toEqual([key]));

  it("is theirs when the meter has moved", () => {
    expect(heard({}, true)).toEqual(["theirs"]);
    expect(heard({}, true, { quality: { p1: { id: "p1", ...POOR } } })).toEqual(["myLink"]);
  });
});
