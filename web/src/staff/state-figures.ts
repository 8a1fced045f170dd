// SPDX-License-Identifier: EUPL-1.2
// Follow-up: the months of one's unit in figures, and how one visit was. A session has one
// commission, so one unit; whoever has several logs in for another.

import { monthsBefore, moved, type Period } from "./figures";
import { begin, refused, settle } from "./state-work";
import { type Desk, type Event, type Step, stay } from "./types";

type Of<Kind extends Event["type"]> = Extract<Event, { type: Kind }>;

export function periodOf(desk: Desk): Period {
  const last = monthsBefore(desk.today)[0] ?? "";
  return desk.period ?? { from: last, to: last };
}

export function figuresShown(desk: Desk): Step {
  const { from, to } = periodOf(desk);
  return begin({ ...desk, statistics: null }, "figures", {
    do: "get-statistics",
    period: { from, to },
  });
}

export function periodChosen(desk: Desk, { change }: Of<"period-chosen">): Step {
  return figuresShown({ ...desk, period: moved(periodOf(desk), change) });
}

export function statisticsCame(desk: Desk, event: Of<"statistics-came">): Step {
  const { from, to } = periodOf(desk);
  // An answer to what is no longer asked.
  if (event.period.from !== from || event.period.to !== to) {
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
