// SPDX-License-Identifier: EUPL-1.2
// Follow-up: a unit's months in figures, and how one visit was.

import { monthsBefore, moved, type Period } from "./figures";
import { begin, refused, settle } from "./state-work";
import { type Desk, type Event, type Step, stay } from "./types";

type Of<Kind extends Event["type"]> = Extract<Event, { type: Kind }>;

export function periodOf(desk: Desk): Period {
  const last = monthsBefore(desk.today)[0] ?? "";
  return desk.period ?? { from: last, to: last };
}

/** The unit that is shown: the one chosen, else the asker's own. */
export function unitOf(desk: Desk): string {
  return desk.figuresUnit ?? desk.session?.commission?.unit.id ?? desk.units[0]?.id ?? "";
}

export function figuresShown(desk: Desk): Step {
  const { from, to } = periodOf(desk);
  return begin({ ...desk, statistics: null }, "figures", {
    do: "get-statistics",
    period: { from, to },
    unit: unitOf(desk),
  });
}

export function periodChosen(desk: Desk, { change }: Of<"period-chosen">): Step {
  return figuresShown({ ...desk, period: moved(periodOf(desk), change) });
}

export function figuresUnitChosen(desk: Desk, { unit }: Of<"figures-unit-chosen">): Step {
  return figuresShown({ ...desk, figuresUnit: unit });
}

export function statisticsCame(desk: Desk, event: Of<"statistics-came">): Step {
  const { from, to } = periodOf(desk);
  // An answer to what is no longer asked.
  if (event.period.from !== from || event.period.to !== to || event.unit !== unitOf(desk)) {
    return stay(desk);
  }
  return event.answer.ok
    ? stay({ ...settle(desk, "figures"), statistics: event.answer.value })
    : refused(desk, "figures", event.answer.problem);
}

/** Pressed again it closes. */
export function qualityPressed(desk: Desk, { id }: Of<"quality-pressed">): Step {
  if (desk.quality?.id === id) {
    return stay({ ...settle(desk, "quality"), quality: null });
  }
  const asked: Desk = { ...settle(desk, "quality"), quality: { id, stays: null } };
  return begin(asked, "quality", { do: "get-quality", id });
}

export function qualityCame(desk: Desk, { id, answer }: Of<"quality-came">): Step {
  if (desk.quality?.id !== id) {
    return stay(desk);
  }
  return answer.ok
    ? stay({ ...settle(desk, "quality"), quality: { id, stays: answer.value } })
    : refused({ ...desk, quality: null }, "quality", answer.problem);
}
