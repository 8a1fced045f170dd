// SPDX-License-Identifier: EUPL-1.2
// transition(desk, event) -> { desk, effects }: the staff page around the calls. Composes and
// routes; the queue is in state-queue.ts, making visits and people in state-visit.ts.

import { seesVisits, tabsOf } from "./duty";
import type { Answer, Session } from "./rest";
import {
  figuresShown,
  periodChosen,
  qualityCame,
  qualityPressed,
  statisticsCame,
} from "./state-figures";
import { arrivalsSeen, watched, watchStatus } from "./state-queue";
import {
  codeCame,
  codePressed,
  helpAnswered,
  helpTaken,
  placeMade,
  placePressed,
  placesCame,
  revoked,
  revokePressed,
} from "./state-rooms";
import {
  answersPressed,
  answersSent,
  callOver,
  created,
  createPressed,
  endAnswered,
  endPressed,
  entered,
  enterPressed,
  invited,
  invitePressed,
  messagePressed,
  messageSent,
  openPressed,
  practiceMade,
  practicePressed,
  reseated,
  visitCame,
} from "./state-visit";
import { begin, refused, settle } from "./state-work";
import { type Desk, type Effect, type Event, type Step, stay } from "./types";

export function initial(): Desk {
  return {
    phase: "loading",
    methods: null,
    session: null,
    trouble: null,
    doing: [],
    units: [],
    day: "",
    today: "",
    visits: [],
    isListed: false,
    queue: [],
    queueStatus: "off",
    queueAt: 0,
    queueDue: 0,
    isQueueKnown: false,
    filters: { shown: "all", mine: false },
    tab: "list",
    places: null,
    enrolment: null,
    period: null,
    statistics: null,
    quality: null,
    isForming: false,
    opened: null,
    asksReason: null,
    current: null,
    ended: null,
    asking: null,
    arrivals: [],
    nextKey: 0,
  };
}

type Handlers = {
  readonly [Kind in Event["type"]]: (desk: Desk, event: Extract<Event, { type: Kind }>) => Step;
};

const HANDLERS: Handlers = {
  started: (desk, { today, problem }) => ({
    desk: {
      ...desk,
      today,
      day: today,
      trouble: problem === null ? null : { code: problem, doing: "log-in" },
    },
    effects: [{ do: "get-session" }],
  }),
  "methods-came": (desk, { answer }) =>
    answer.ok ? stay({ ...desk, methods: answer.value }) : refused(desk, "log-in", answer.problem),
  "session-came": (desk, { answer, by }) => sessionCame(desk, answer, by),
  "log-in-pressed": (desk, { username, password }) =>
    desk.phase === "login"
      ? begin(desk, "log-in", { do: "log-in", username, password })
      : stay(desk),
  "commission-pressed": (desk, { id }) =>
    desk.session !== null ? begin(desk, "choose", { do: "choose", id }) : stay(desk),
  "log-out-pressed": (desk) => ({
    desk: { ...loggedOut(desk), phase: "login" },
    effects: [{ do: "watch", on: false }, { do: "log-out" }, { do: "get-methods" }],
  }),
  "units-came": (desk, { answer }) =>
    answer.ok ? stay({ ...desk, units: answer.value }) : stay(desk),
  "visits-came": visitsCame,
  "visit-came": visitCame,
  "day-chosen": (desk, { day }) =>
    desk.phase === "day" && day !== ""
      ? begin({ ...desk, day, isListed: day === desk.day && desk.isListed }, "list", {
          do: "get-visits",
          day,
        })
      : stay(desk),
  "today-is": todayIs,
  filtered: (desk, { filters }) => stay({ ...desk, filters: { ...desk.filters, ...filters } }),
  "tab-chosen": tabChosen,
  "places-came": placesCame,
  "help-taken": helpTaken,
  "help-answered": helpAnswered,
  "place-pressed": placePressed,
  "place-made": placeMade,
  "code-pressed": codePressed,
  "code-came": codeCame,
  "revoke-pressed": revokePressed,
  "revoke-answered": revoked,
  "period-chosen": periodChosen,
  "statistics-came": statisticsCame,
  "quality-pressed": qualityPressed,
  "quality-came": qualityCame,
  "watch-status": (desk, { status }) => watchStatus(desk, status),
  watched,
  "form-pressed": (desk, { open }) =>
    stay({ ...desk, isForming: open, opened: open ? null : desk.opened }),
  "create-pressed": createPressed,
  created,
  "practice-pressed": practicePressed,
  "practice-made": practiceMade,
  "open-pressed": openPressed,
  "invite-pressed": invitePressed,
  invited,
  "message-pressed": messagePressed,
  "message-sent": messageSent,
  "enter-pressed": enterPressed,
  "reason-closed": (desk) => stay({ ...desk, asksReason: null }),
  entered,
  "end-pressed": endPressed,
  "end-answered": endAnswered,
  "call-over": callOver,
  reseated,
  "told-closed": (desk) => stay({ ...desk, ended: null, trouble: null }),
  "answers-pressed": answersPressed,
  "answers-sent": answersSent,
  "questions-closed": (desk) => stay({ ...desk, asking: null }),
  "arrivals-seen": arrivalsSeen,
};

export function transition(desk: Desk, event: Event): Step {
  // The table has the handler of exactly this kind of event, which the compiler cannot follow.
  const handler = HANDLERS[event.type] as (desk: Desk, event: Event) => Step;
  return handler(desk, event);
}

function tabChosen(desk: Desk, { tab }: Extract<Event, { type: "tab-chosen" }>): Step {
  const now: Desk = { ...desk, tab, enrolment: null };
  switch (tab) {
    case "list":
      return stay(now);
    case "rooms":
      return begin(now, "rooms", { do: "get-places" });
    case "figures":
      return figuresShown(now);
  }
}

function loggedOut(desk: Desk): Desk {
  return { ...initial(), day: desk.today, today: desk.today, methods: desk.methods };
}

function sessionCame(desk: Desk, answer: Answer<Session>, by: "first" | "log-in" | "choose"): Step {
  if (answer.ok) {
    return welcomed(desk, answer.value);
  }
  const { problem } = answer;
  // A reload in a call whose session has lapsed meanwhile: the call goes on.
  if (desk.phase === "call") {
    return stay(desk);
  }
  if (by === "first" && (problem.status === 401 || problem.status === 404)) {
    return { desk: { ...desk, phase: "login" }, effects: [{ do: "get-methods" }] };
  }
  if (by === "first") {
    return refused({ ...desk, phase: "login" }, "log-in", problem, [{ do: "get-methods" }]);
  }
  return refused(desk, by === "choose" ? "choose" : "log-in", problem);
}

function welcomed(desk: Desk, session: Session): Step {
  const now = settle(settle({ ...desk, session, trouble: null }, "log-in"), "choose");
  if (session.commission === null) {
    const only = session.commissions.length === 1 ? session.commissions[0] : undefined;
    const asked: Desk = { ...now, phase: now.current === null ? "commission" : "call" };
    // With one duty there is nothing to choose.
    return only === undefined ? stay(asked) : begin(asked, "choose", { do: "choose", id: only.id });
  }
  const phase = now.current === null ? "day" : "call";
  if (!seesVisits(now)) {
    return office({ ...now, phase, day: now.today });
  }
  return begin({ ...now, phase, day: now.today }, "list", { do: "get-visits", day: now.today }, [
    { do: "get-units" },
    { do: "watch", on: true },
  ]);
}

/** For whom there is no day of visits, who sees no patients: the first of what there is. */
function office(desk: Desk): Step {
  const tab = tabsOf(desk)[0];
  const units: Effect = { do: "get-units" };
  if (tab === undefined) {
    return { desk, effects: [units] };
  }
  const step = tabChosen(desk, { type: "tab-chosen", tab });
  return { ...step, effects: [...step.effects, units] };
}

function visitsCame(desk: Desk, { day, answer }: Extract<Event, { type: "visits-came" }>): Step {
  // A list of a day that is no longer shown.
  if (day !== desk.day) {
    return stay(desk);
  }
  return answer.ok
    ? stay({ ...settle(desk, "list"), visits: answer.value, isListed: true })
    : refused(desk, "list", answer.problem);
}

// Past midnight the list follows, unless another day is being looked at.
function todayIs(desk: Desk, { today }: { readonly today: string }): Step {
  if (today === desk.today) {
    return stay(desk);
  }
  const moved: Desk = { ...desk, today };
  return desk.day === desk.today && seesVisits(desk)
    ? begin({ ...moved, day: today }, "list", { do: "get-visits", day: today })
    : stay(moved);
}
