// SPDX-License-Identifier: EUPL-1.2
import { describe, expect, it } from "vitest";
import {
  csvOf,
  heldAgainst,
  isEmpty,
  monthsBefore,
  monthsOf,
  moved,
  readStatistics,
  readStays,
  tablesOf,
} from "./figures";
import { figuresEn } from "./i18n/figures-en";
import { figuresSv } from "./i18n/figures-sv";
import { initial, transition } from "./state";
import type { Desk, Event } from "./types";

function row(month: string, section: string, name: string, value: number | null, more = {}) {
  return { month, section, role: "", name, answer: "", value, ...more };
}

const TOLD = {
  unit: "u1",
  least: 5,
  rows: [
    row("2026-09", "visits", "booked", 0),
    row("2026-09", "visits", "begun", 0),
    row("2026-10", "visits", "booked", 31),
    row("2026-10", "visits", "begun", null),
    row("2026-10", "survey", "quality", 9, { role: "patient", answer: "yes" }),
    row("2026-10", "survey", "quality", null, { role: "patient", answer: "no" }),
    row("2026-10", "quality", "stays", 40, { role: "patient" }),
  ],
};

describe("a unit's months", () => {
  it("are those that are over, latest first, across the turn of a year", () => {
    const months = monthsBefore("2026-02-03");
    expect(months.slice(0, 3)).toEqual(["2026-01", "2025-12", "2025-11"]);
    expect(months).toHaveLength(24);
    expect(monthsOf({ from: "2025-11", to: "2026-01" }, "2026-02-03")).toEqual([
      "2025-11",
      "2025-12",
      "2026-01",
    ]);
  });

  it("one end of the period gives way to the other", () => {
    const period = { from: "2026-08", to: "2026-09" };
    expect(moved(period, { from: "2026-10" })).toEqual({ from: "2026-10", to: "2026-10" });
    expect(moved(period, { to: "2026-07" })).toEqual({ from: "2026-07", to: "2026-07" });
    expect(moved(period, { to: "2026-10" })).toEqual({ from: "2026-08", to: "2026-10" });
  });

  it("stand in a table for each section, a column for each month", () => {
    const told = readStatistics(JSON.stringify(TOLD));
    const tables = tablesOf(told?.rows ?? [], ["2026-09", "2026-10"]);
    expect(tables).toEqual([
      {
        section: "visits",
        groups: [
          {
            role: "",
            question: "",
            lines: [
              { name: "booked", values: [0, 31] },
              { name: "begun", values: [0, null] },
            ],
          },
        ],
      },
      {
        section: "survey",
        groups: [
          {
            role: "patient",
            question: "quality",
            lines: [
              { name: "yes", values: [undefined, 9] },
              { name: "no", values: [undefined, null] },
            ],
          },
        ],
      },
      {
        section: "quality",
        groups: [
          { role: "patient", question: "", lines: [{ name: "stays", values: [undefined, 40] }] },
        ],
      },
    ]);
  });

  it("are empty where nothing was booked, not where it is too few to tell", () => {
    const of = (value: number | null) => ({
      unit: "u1",
      least: 5,
      rows: [row("2026-10", "visits", "booked", value)],
    });
    expect([of(0), of(null), of(7)].map(isEmpty)).toEqual([true, false, false]);
  });

  it("are a file at an address", () => {
    expect(csvOf({ from: "2026-09", to: "2026-10" })).toBe(
      "/api/v1/statistics?from=2026-09&to=2026-10&format=csv",
    );
  });

  it("figures have their units in both languages", () => {
    expect(figuresSv.value("loss-median-permille", 4)).toBe("0,4 %");
    expect(figuresEn.value("loss-median-permille", 4)).toBe("0.4%");
    for (const { value } of [figuresSv, figuresEn]) {
      expect(value("late-p90-min", 11)).toBe("11 min");
      expect(value("gap-max-median-ms", 740)).toBe("740 ms");
      expect(value("gap_ms_max", 7000)).toBe("7 s");
      expect(value("down_kbps_min", 180)).toBe("180 kbit/s");
      expect(value("picture_none_s", 126)).toBe("2 min 6 s");
      expect(value("fps_min", 6)).toBe("6");
      expect(value("booked", 31)).toBe("31");
    }
  });
});

const STAY = { role: "patient", until: "2026-11-26T08:01:00Z", seconds: 60, gaps: 0, looks: 0 };

describe("how a visit was", () => {
  it("is held against the clauses; what nobody measured is neither met nor missed", () => {
    const [stay] =
      readStays(
        JSON.stringify({
          stays: [{ ...STAY, audio_hz: 8000, qvga_percent: 95, fps20_percent: 94, rtt_ms: null }],
        }),
      ) ?? [];
    expect(stay).toBeDefined();
    if (stay !== undefined) {
      expect(heldAgainst(stay, "6.1")).toEqual({ isMet: false, value: 8000 });
      expect(heldAgainst(stay, "6.5.2")).toEqual({ isMet: true, value: 95 });
      expect(heldAgainst(stay, "6.5.3")).toEqual({ isMet: false, value: 94 });
      expect(heldAgainst(stay, "6.5.4")).toEqual({ isMet: null, value: null });
      expect([stay.figures.seconds, stay.figures.rtt_ms]).toEqual([60, null]);
    }
  });
});

describe("the desk", () => {
  const unit = { id: "u1", name: "Storuman" };
  const day: Desk = {
    ...initial(),
    phase: "day",
    today: "2026-11-26",
    day: "2026-11-26",
    session: {
      staff: { id: "s1", name: "Anna" },
      commission: { id: "m1", name: "", duty: "clinician", unit, provider: unit },
      commissions: [],
      csrf: "x",
    },
  };

  function then(desk: Desk, ...events: readonly Event[]): Desk {
    return events.reduce((now, event) => transition(now, event).desk, desk);
  }

  it("asks for the last month that is over, of one's own unit", () => {
    const { desk, effects } = transition(day, { type: "tab-chosen", tab: "figures" });
    const period = { from: "2026-10", to: "2026-10" };
    expect(effects).toEqual([{ do: "get-statistics", period }]);
    const value = { unit: "u1", least: 5, rows: [] };
    const came = { type: "statistics-came", answer: { ok: true, value } } as const;
    expect(then(desk, { ...came, period }).statistics).toEqual(value);
  });

  it("an answer to what is no longer asked is left aside", () => {
    const value = { unit: "u1", least: 5, rows: [] };
    const desk = then(
      day,
      { type: "tab-chosen", tab: "figures" },
      { type: "period-chosen", change: { from: "2026-08" } },
      {
        type: "statistics-came",
        period: { from: "2026-10", to: "2026-10" },
        answer: { ok: true, value },
      },
    );
    expect([desk.statistics, desk.doing]).toEqual([null, ["figures"]]);
    expect(desk.period).toEqual({ from: "2026-08", to: "2026-10" });
  });

  it("the figures of a visit open, come, and close; another's may be under way", () => {
    const open = then(
      day,
      { type: "quality-pressed", id: "c1" },
      { type: "quality-pressed", id: "c2" },
      { type: "quality-came", id: "c1", answer: { ok: true, value: [] } },
    );
    expect(open.quality).toEqual({ id: "c2", stays: null });
    const come = then(open, { type: "quality-came", id: "c2", answer: { ok: true, value: [] } });
    expect([come.quality, come.doing]).toEqual([{ id: "c2", stays: [] }, []]);
    expect(then(come, { type: "quality-pressed", id: "c2" }).quality).toBeNull();
  });

  it("figures that do not come are told, and the panel closes", () => {
    const problem = { status: 0, code: "no-network" };
    const desk = then(
      day,
      { type: "quality-pressed", id: "c1" },
      { type: "quality-came", id: "c1", answer: { ok: false, problem } },
    );
    expect([desk.quality, desk.trouble?.doing]).toEqual([null, "quality"]);
  });
});
