// SPDX-License-Identifier: EUPL-1.2
// Making visits, bringing people into them, going in and coming out again.

import type { Visit } from "./rest";
import { begin, refused, settle } from "./state-work";
import {
  type Asking,
  announce,
  type Current,
  type Desk,
  type Ended,
  type Event,
  type Opened,
  type Step,
  stay,
} from "./types";

type Of<Kind extends Event["type"]> = Extract<Event, { type: Kind }>;

export const PRACTICE = "practice";

function put(visits: readonly Visit[], visit: Visit): readonly Visit[] {
  return visits.some(({ id }) => id === visit.id)
    ? visits.map((v) => (v.id === visit.id ? visit : v))
    : [...visits, visit];
}

function linksOf(visit: Visit): Record<string, string> {
  return Object.fromEntries(
    visit.persons.flatMap((p) => (p.link === null ? [] : [[p.id, p.link]])),
  );
}

export function createPressed(desk: Desk, { visit, key }: Of<"create-pressed">): Step {
  return begin(desk, "create", { do: "create", visit, key });
}

export function created(desk: Desk, { answer }: Of<"created">): Step {
  if (!answer.ok) {
    return refused(desk, "create", answer.problem);
  }
  const visit = answer.value;
  const opened: Opened = { id: visit.id, links: linksOf(visit), sent: {} };
  const isOfDay = visit.planned === null ? desk.day === desk.today : true;
  return {
    desk: {
      ...settle(desk, "create"),
      visits: isOfDay ? put(desk.visits, visit) : desk.visits,
      isForming: false,
      opened,
    },
    // The answer has what is needed at once; the list has the rest, in its order.
    effects: [
      { do: "get-visits", day: desk.day },
      announce({ key: "created", title: visit.title }),
    ],
  };
}

export function practicePressed(desk: Desk, { visit, key }: Of<"practice-pressed">): Step {
  return begin(desk, "create", { do: "practice", visit, key });
}

/** The simulated patient comes by its link; we go in as into any visit. */
export function practiceMade(desk: Desk, { answer }: Of<"practice-made">): Step {
  if (!answer.ok) {
    return refused(desk, "create", answer.problem);
  }
  const visit = answer.value;
  const link = Object.values(linksOf(visit))[0];
  const simulated = link === undefined ? [] : [{ do: "simulate", link } as const];
  const listed = { ...settle(desk, "create"), visits: put(desk.visits, visit) };
  return begin(listed, "enter", { do: "enter", id: visit.id, reason: null }, simulated);
}

export function visitCame(desk: Desk, { answer }: Of<"visit-came">): Step {
  return answer.ok ? stay({ ...desk, visits: put(desk.visits, answer.value) }) : stay(desk);
}

export function openPressed(desk: Desk, { id }: Of<"open-pressed">): Step {
  if (id === null || desk.opened?.id === id) {
    return stay({ ...desk, opened: null });
  }
  return {
    desk: { ...desk, opened: { id, links: {}, sent: {} }, isForming: false },
    effects: [{ do: "get-visit", id }],
  };
}

export function invitePressed(desk: Desk, { id, person, asker }: Of<"invite-pressed">): Step {
  return begin(desk, "invite", { do: "invite", id, person, asker });
}

export function invited(desk: Desk, { id, answer }: Of<"invited">): Step {
  if (!answer.ok) {
    return refused(desk, "invite", answer.problem);
  }
  const person = answer.value;
  const before = desk.opened?.id === id ? desk.opened : { id, links: {}, sent: {} };
  const links = person.link === null ? before.links : { ...before.links, [person.id]: person.link };
  return stay({
    ...settle(desk, "invite"),
    opened: { ...before, links },
    visits: desk.visits.map((v) =>
      v.id === id ? { ...v, persons: [...v.persons.filter((p) => p.id !== person.id), person] } : v,
    ),
  });
}

export function messagePressed(desk: Desk, { id, person, kind }: Of<"message-pressed">): Step {
  if (desk.opened === null) {
    return stay(desk);
  }
  const sent = { ...desk.opened.sent, [person]: "sending" as const };
  return begin({ ...desk, opened: { ...desk.opened, sent } }, "message", {
    do: "message",
    id,
    person,
    kind,
  });
}

export function messageSent(desk: Desk, { person, answer }: Of<"message-sent">): Step {
  const state = answer.ok ? "sent" : "failed";
  const opened =
    desk.opened === null
      ? null
      : { ...desk.opened, sent: { ...desk.opened.sent, [person]: state } };
  const now: Desk = { ...desk, opened: opened as Opened | null };
  return answer.ok
    ? { desk: settle(now, "message"), effects: [announce({ key: "message", sent: "sent" })] }
    : refused(now, "message", answer.problem);
}

export function enterPressed(desk: Desk, { id, reason }: Of<"enter-pressed">): Step {
  if (desk.phase !== "day") {
    return stay(desk);
  }
  return begin({ ...desk, ended: null, asking: null }, "enter", { do: "enter", id, reason });
}

export function entered(desk: Desk, { id, answer }: Of<"entered">): Step {
  if (!answer.ok) {
    // Somebody else's: the server wants to know why before it lets us in.
    if (answer.problem.code === "reason-required") {
      return stay({ ...settle(desk, "enter"), asksReason: id });
    }
    return refused(desk, "enter", answer.problem);
  }
  const visit = desk.visits.find((v) => v.id === id);
  const title = visit?.title ?? desk.queue.find((q) => q.consultation === id)?.title ?? "";
  const current: Current = {
    id,
    token: answer.value.token,
    title,
    isPractice: visit?.kind === PRACTICE,
  };
  return {
    desk: {
      ...settle(desk, "enter"),
      phase: "call",
      current,
      asksReason: null,
      trouble: null,
      opened: null,
      isForming: false,
      arrivals: desk.arrivals.filter((a) => a.visit !== id),
    },
    effects: [{ do: "call", current }],
  };
}

/** After a reload in the middle of a call: the seat is still ours. */
export function reseated(desk: Desk, { id, token, title }: Of<"reseated">): Step {
  const isPractice = desk.visits.some((v) => v.id === id && v.kind === PRACTICE);
  const current: Current = { id, token, title, isPractice };
  return stay({ ...desk, phase: "call", current });
}

export function endPressed(desk: Desk, { id, outcome, reason }: Of<"end-pressed">): Step {
  return begin(desk, "end", { do: "end", id, outcome, reason });
}

export function endAnswered(desk: Desk, { answer }: Of<"end-answered">): Step {
  return answer.ok
    ? { desk: settle(desk, "end"), effects: [{ do: "get-visits", day: desk.day }] }
    : refused(desk, "end", answer.problem);
}

// Whoever has set the outcome knows how it was; practising is not asked about.
function asksAfter(
  current: Current | null,
  how: Ended["how"],
  outcome: Ended["outcome"],
): Asking | null {
  const isAsked = current !== null && !current.isPractice && how === "ended" && outcome !== null;
  return isAsked && outcome !== "no-show"
    ? { id: current.id, token: current.token, isDone: false }
    : null;
}

export function callOver(desk: Desk, { how, outcome }: Of<"call-over">): Step {
  if (desk.phase !== "call") {
    return stay(desk);
  }
  const { current } = desk;
  const ended = { title: current?.title ?? "", how, outcome };
  return {
    desk: {
      ...settle(desk, "end"),
      phase: desk.session === null ? "login" : "day",
      current: null,
      ended,
      asking: asksAfter(current, how, outcome),
      opened: null,
    },
    effects: [
      announce({ key: "ended", ended }),
      ...(desk.session === null
        ? [{ do: "get-methods" } as const]
        : [{ do: "get-visits", day: desk.day } as const]),
    ],
  };
}

export function answersPressed(desk: Desk, { answers }: Of<"answers-pressed">): Step {
  const { asking } = desk;
  if (asking === null || asking.isDone || Object.keys(answers).length === 0) {
    return stay({ ...desk, asking: asking?.isDone === true ? asking : null });
  }
  const { id, token } = asking;
  return begin(desk, "answer", { do: "answer", id, token, answers });
}

export function answersSent(desk: Desk, { answer }: Of<"answers-sent">): Step {
  // Who came in twice has answered already.
  if (answer.ok || answer.problem.code === "survey-given") {
    const asking = desk.asking === null ? null : { ...desk.asking, isDone: true };
    return stay({ ...settle(desk, "answer"), asking });
  }
  return refused(desk, "answer", answer.problem);
}
