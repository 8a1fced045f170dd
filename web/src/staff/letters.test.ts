// SPDX-License-Identifier: EUPL-1.2
import { describe, expect, it } from "vitest";
import type { Participant } from "../protocol";
import { CLEAR } from "../state/sight";
import { initialTalk, type Line } from "../state/talk";
import type { Room } from "../state/types";
import { addressed, withOne } from "./letters";
import { initialTools, type ToolEvent, type Tools, toolStep } from "./tools";

const ELSA: Participant = {
  ...{ id: "p1", role: "patient", name: "Elsa", link: "here" },
  ...{ muted: [], speaking: false, admission: "waiting" },
} as Participant;

const ROOM: Room = {
  consultation: { id: "c1", title: "", mode: "talk" },
  self: { id: "me", role: "clinician", name: "Anna" },
  ...{ selfSpeaking: false, participants: [ELSA], lastGone: null },
  ...{ counts: { audio: 3, video: 3 }, slots: [], quality: {}, sight: CLEAR, told: CLEAR },
};

const WRITE: ToolEvent = {
  type: "write-to",
  id: "m1",
  participant: "p1",
  name: "Elsa",
  text: "Jag kommer strax.",
};

function echo(id: string, participant = "me"): ToolEvent {
  const message = { type: "chat", participant, id, text: "Jag kommer strax." } as const;
  return { type: "heard", message, room: ROOM };
}

function again(room: Room): ToolEvent {
  const { consultation, self, participants, counts: slots } = room;
  const message = {
    ...{ type: "resumed", v: 1, resume: "r", seat_s: 120, media: true, deflate: true },
    ...{ consultation, self, participants, slots },
  } as const;
  return { type: "heard", message: message as never, room };
}

function run(events: readonly ToolEvent[], from: Tools = initialTools(0)) {
  let step = toolStep(from, { type: "view", id: null });
  for (const event of events) {
    step = toolStep(step.tools, event);
  }
  return step;
}

function line(key: number, change: Partial<Line>): Line {
  return {
    ...({ key, from: "p1", name: "Elsa", role: "patient", own: false } as const),
    ...({ text: `line ${key}`, state: "done", chat: `x${key}` } as const),
    ...change,
  };
}

describe("writing to one at the door", () => {
  it("goes to that one, and counts as sent when the server has said it again", () => {
    const { tools, effects } = run([WRITE]);
    const message = { type: "chat", to: "p1", id: "m1", text: "Jag kommer strax." };
    expect(effects).toEqual([{ do: "say", message }]);
    expect(tools.letters.map((l) => l.isSent)).toEqual([false]);
    expect(run([echo("m1", "p1")], tools).tools.letters[0]?.isSent).toBe(false);
    expect(run([echo("m1")], tools).tools.letters[0]?.isSent).toBe(true);
  });

  it("is said again after the connection was away, unless the person has been let in", () => {
    const { tools } = run([WRITE]);
    expect(run([again(ROOM)], tools).effects).toHaveLength(1);
    const inside = { ...ROOM, participants: [{ ...ELSA, admission: "admitted" as const }] };
    expect(run([again(inside)], tools).effects).toEqual([]);
    expect(run([echo("m1"), again(ROOM)], tools).effects).toEqual([]);
  });

  it("stands with what that person wrote, and says to whom among everybody's lines", () => {
    const { letters } = run([WRITE, echo("m1")]).tools;
    const lines = [
      line(1, { text: "Hör ni?" }),
      line(2, { own: true, from: "me", chat: "m1", text: "Jag kommer strax." }),
      line(3, { own: true, from: "me", chat: "to-all" }),
      line(4, { chat: null, text: "typed inside" }),
    ];
    const talk = { ...initialTalk(), lines };
    expect(withOne(talk.lines, letters, "p1").map(({ text }) => text)).toEqual([
      "Hör ni?",
      "Jag kommer strax.",
    ]);
    const shown = addressed(talk.lines, letters, (name) => `To ${name}: `);
    expect(shown.map(({ text }) => text)[1]).toBe("To Elsa: Jag kommer strax.");
    expect(shown[2]).toBe(lines[2]);
  });
});
