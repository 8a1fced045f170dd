// SPDX-License-Identifier: EUPL-1.2
import { describe, expect, it } from "vitest";
import { looksAfterRooms, seesVisits, tabsOf } from "./duty";
import { DUTIES, type Duty } from "./rest";
import { initial, transition } from "./state";
import type { Step } from "./types";

const UNIT = { id: "u1", name: "Storuman" };

function loggedIn(duty: Duty): Step {
  const commission = { id: "m1", name: "", duty, unit: UNIT, provider: UNIT };
  const { desk } = transition(initial(), { type: "started", today: "2026-11-26", problem: null });
  const staff = { id: "s1", name: "Anna" };
  const value = { staff, commission, commissions: [commission], csrf: "x" };
  return transition(desk, { type: "session-came", answer: { ok: true, value }, by: "log-in" });
}

// As docs/permissions.md has it.
const ASKED: Readonly<Record<Duty, readonly string[]>> = {
  clinician: ["get-visits", "get-units", "watch"],
  staff: ["get-visits", "get-units", "watch"],
  administrator: ["get-places", "get-units"],
  support: ["get-places", "get-units"],
  reviewer: ["get-units"],
};

describe("what a duty has on the page", () => {
  for (const duty of DUTIES) {
    it(`${duty}: nothing is asked for that would be refused`, () => {
      const { desk, effects } = loggedIn(duty);
      expect(desk.phase).toBe("day");
      expect(effects.map((effect) => effect.do)).toEqual(ASKED[duty]);
      const next = transition(desk, { type: "today-is", today: "2026-11-27" });
      expect(next.effects.length).toBe(seesVisits(desk) ? 1 : 0);
    });
  }

  it("rooms are looked after by administrators and support, and visits seen by neither", () => {
    const of = (duty: Duty) => loggedIn(duty).desk;
    expect(DUTIES.filter((duty) => looksAfterRooms(of(duty)))).toEqual([
      "administrator",
      "support",
    ]);
    expect(DUTIES.filter((duty) => seesVisits(of(duty)))).toEqual(["clinician", "staff"]);
    expect(of("administrator").tab).toBe("rooms");
    expect(tabsOf(initial())).toEqual([]);
  });
});
