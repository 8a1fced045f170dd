// SPDX-License-Identifier: EUPL-1.2
import { describe, expect, it } from "vitest";
import { INTERPRETER } from "../i18n/interpreter";
import { LACKING } from "../i18n/lacking";
import { nextChange, phaseOf } from "./booked";

const TIMES = { planned: "2026-11-26T10:00:00Z", ends: "2026-11-26T10:30:00Z" };
const at = (clock: string): number => Date.parse(`2026-11-26T${clock}Z`);

describe("the booked time", () => {
  it("begins and ends by the page's clock, and changes at no other moment", () => {
    const phases = [];
    let changes = 0;
    // Every second of two hours.
    for (let now = at("09:00:00"); now < at("11:00:00"); now += 1000) {
      const phase = phaseOf(TIMES, now);
      changes += phases.at(-1) === phase ? 0 : 1;
      phases.push(phase);
    }
    expect(changes).toBe(3);
    expect(phaseOf(TIMES, at("09:59:59"))).toBe("before");
    expect(phaseOf(TIMES, at("10:00:00"))).toBe("during");
    expect(phaseOf(TIMES, at("10:30:00"))).toBe("over");
  });

  it("is looked at again when it changes, and at least each hour", () => {
    expect(nextChange(TIMES, at("09:59:00"))).toBe(at("10:00:00"));
    expect(nextChange(TIMES, at("10:00:00"))).toBe(at("10:30:00"));
    expect(nextChange(TIMES, at("10:30:00"))).toBeNull();
    // A timer of a browser holds no more than 24 days.
    expect(nextChange({ planned: "2126-11-26T10:00:00Z" }, at("09:00:00"))).toBe(at("10:00:00"));
  });

  it("has no end where none was booked, and is nothing without a time", () => {
    expect(phaseOf({ planned: TIMES.planned }, at("23:00:00"))).toBe("during");
    expect(phaseOf({ planned: null }, at("10:00:00"))).toBeNull();
    expect(nextChange({ planned: null }, at("10:00:00"))).toBeNull();
  });
});

describe("what few are told", () => {
  it("is said in each language, in sentences of its own", () => {
    for (const code of ["sv", "sv-latt", "en"]) {
      const { booked, number } = INTERPRETER[code] ?? INTERPRETER.sv;
      const [from, to] = [TIMES.planned, TIMES.ends];
      const said = [
        booked.before(from, to),
        booked.during(from, to),
        booked.over(from, to),
        booked.before(from),
        booked.arrived(from),
        booked.late(from),
        booked.kept(15),
        booked.kept(null),
      ];
      expect(new Set(said).size, code).toBe(said.length);
      for (const sentence of said) {
        expect(sentence).toMatch(/\.$/);
        expect(sentence).not.toMatch(/undefined|NaN|null/);
      }
      expect(booked.kept(15)).toContain("15");
      expect(Object.values(number).every((words) => words.trim() !== "")).toBe(true);
      const lacking = LACKING[code] ?? LACKING.sv;
      expect(lacking.telephone).not.toBe(lacking.noEId);
      expect(lacking.later(at("10:00:00"))).toMatch(/\d\d[:.]\d\d/);
    }
    expect(INTERPRETER["en"]).not.toBe(INTERPRETER.sv);
    expect(LACKING["en"]).not.toBe(LACKING.sv);
  });
});
