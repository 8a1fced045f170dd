// SPDX-License-Identifier: EUPL-1.2
import { describe, expect, it } from "vitest";
import type { Picture, Seen } from "../protocol";
import { bestPicture, namesSeeing, pictureOf, seenBy } from "./sight";
import { ANNA, JOINED, kinds, resumed, run, said, sent, TO_FLOW } from "./story";
import type { Event, State } from "./types";

const SLOTS = said({
  type: "slots",
  slots: [
    { mid: "2", participant: "p2", source: "microphone" },
    { mid: "3", participant: "p2", source: "camera" },
    { mid: "5", participant: null, source: null },
  ],
});

function pictured(picture: Picture): Event {
  return said({
    type: "picture",
    pictures: [
      { mid: "3", picture },
      { mid: "5", picture: "full" },
    ],
  });
}

function seen(...by: Seen[]): Event {
  return said({ type: "seen", by });
}

const STILLS: Seen = { participant: "p2", source: "camera", picture: "stills" };
const DUE: Event = { type: "timer", name: "sight" };
const START: readonly Event[] = [...TO_FLOW, SLOTS];

function told(state: State): Picture {
  return state.room === null ? "full" : pictureOf(state.room, "3");
}

describe("what a thin link leaves of pictures", () => {
  it("is told when it has lasted two seconds", () => {
    const now = run([...START, pictured("stills")]);
    expect(now.effects).toEqual([{ do: "timer", name: "sight", ms: 2000 }]);
    expect(told(now.state)).toBe("full");
    const later = run([DUE], now.state);
    expect(told(later.state)).toBe("stills");
    expect(later.effects).toEqual([{ do: "announce", what: { key: "stills" }, urgent: false }]);
  });

  it("is not told when it passes at once", () => {
    const back = run([...START, pictured("none"), pictured("full")]);
    expect(back.effects).toEqual([{ do: "timer-stop", name: "sight" }]);
    // The same again is no news.
    expect(run([pictured("full")], back.state).effects).toEqual([]);
    expect(told(back.state)).toBe("full");
  });

  it("waits anew for what changes meanwhile", () => {
    const { effects } = run([...START, pictured("none"), pictured("stills")]);
    expect(effects).toEqual([{ do: "timer", name: "sight", ms: 2000 }]);
  });

  it("is told when it ends, too", () => {
    const none = run([...START, pictured("none"), DUE]);
    expect(none.effects).toEqual([{ do: "announce", what: { key: "sound-only" }, urgent: false }]);
    const back = run([pictured("reduced"), DUE], none.state);
    expect(back.effects).toEqual([
      { do: "announce", what: { key: "pictures-back" }, urgent: false },
    ]);
  });

  it("says nothing aloud of smaller pictures", () => {
    const { state, effects } = run([...START, pictured("reduced"), DUE]);
    expect(told(state)).toBe("reduced");
    expect(effects).toEqual([]);
  });

  it("tells how oneself is seen, and when that is over", () => {
    const less = run([...START, seen(STILLS)]);
    expect(less.state.room && seenBy(less.state.room, "p2")).toBe("full");
    const due = run([DUE], less.state);
    expect(due.state.room && namesSeeing(due.state.room, "stills")).toEqual(["Anna Berg"]);
    expect(due.effects).toEqual([
      {
        do: "announce",
        what: { key: "seen", name: "Anna Berg", picture: "stills" },
        urgent: false,
      },
    ]);
    const again = run([seen(), DUE], due.state);
    expect(again.effects).toEqual([
      { do: "announce", what: { key: "seen", name: "Anna Berg", picture: "full" }, urgent: false },
    ]);
  });

  it("holds for the person, not for the line", () => {
    const { state } = run([
      ...START,
      pictured("stills"),
      DUE,
      said({ type: "slots", slots: [{ mid: "3", participant: "p3", source: "camera" }] }),
    ]);
    expect(told(state)).toBe("full");
    const gone = run([
      ...START,
      seen(STILLS),
      DUE,
      said({ type: "participant-left", participant: "p2", reason: "left" }),
    ]);
    expect(gone.state.room?.told.seen).toEqual([]);
  });

  it("is whole again on a new connection, and after a welcome, until the server says else", () => {
    for (const event of [
      said({ type: "media-lost", reason: "expired" }),
      resumed(true),
      JOINED,
    ] as const) {
      const { state } = run([...START, pictured("stills"), seen(STILLS), DUE, event]);
      expect(told(state)).toBe("full");
    }
  });

  it("counts sound alone only when no picture comes that should", () => {
    const { state } = run([...START, pictured("none"), DUE]);
    const { room } = state;
    expect(room && bestPicture(room)).toBe("none");
    const muted = { ...ANNA, muted: ["camera"] as const };
    expect(room && bestPicture({ ...room, participants: [muted] })).toBe("full");
    expect(room && bestPicture({ ...room, slots: [] })).toBe("full");
  });
});

describe("what to send", () => {
  it("goes to the connection", () => {
    const sources = [
      { mid: "1", used: true, rids: ["q"], max_bps: 90000, ptime_ms: null, redundancy: false },
    ];
    expect(run([...TO_FLOW, said({ type: "send", sources })]).effects).toEqual([
      { do: "peer-send", wants: sources },
    ]);
  });
});

describe("the mode", () => {
  it("is known from the welcome and follows what is set", () => {
    const joined = run([...TO_FLOW.slice(0, -2), JOINED]);
    expect(joined.effects).toContainEqual({ do: "camera-care", mode: "talk", role: "patient" });
    const set = run([said({ type: "mode", mode: "sign", participant: "p2" })], joined.state);
    expect(set.state.room?.consultation.mode).toBe("sign");
    expect(set.effects).toEqual([
      { do: "camera-care", mode: "sign", role: "patient" },
      { do: "announce", what: { key: "mode", mode: "sign" }, urgent: false },
    ]);
    const same = run([said({ type: "mode", mode: "sign", participant: "p2" })], set.state);
    expect(same.effects).toEqual([]);
  });

  it("is asked of the server, which tells everybody", () => {
    const { state, effects } = run([...TO_FLOW, { type: "mode-chosen", mode: "skin" }]);
    expect(sent(effects)).toEqual([{ type: "set-mode", mode: "skin" }]);
    expect(state.room?.consultation.mode).toBe("talk");
    expect(kinds(run([{ type: "mode-chosen", mode: "skin" }]).effects)).toEqual([]);
  });
});
