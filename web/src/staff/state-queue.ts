// SPDX-License-Identifier: EUPL-1.2
// The live queue: each message replaces what was known of its consultation, and who is new in it is
// worth a quiet sound.

import {
  type Arrival,
  announce,
  type Desk,
  type Effect,
  type Event,
  type Live,
  type QueueStatus,
  type Step,
  stay,
} from "./types";
import type { QueueConsultation, QueuePerson } from "./watch";

/** Arrivals that nobody has looked at yet. */
const MAX_ARRIVALS = 5;

function waitingIn(visit: QueueConsultation): { readonly id: string; readonly name: string }[] {
  return visit.participants.filter((p) => p.admission === "waiting" && p.link !== "away");
}

export function watched(desk: Desk, { message, at }: Extract<Event, { type: "watched" }>): Step {
  switch (message.type) {
    case "watching":
      return settled({
        ...desk,
        queueStatus: "live",
        queueAt: at,
        queueDue: message.count,
      });
    case "queue":
      return queueCame(desk, message, at);
    default:
      return stay(desk);
  }
}

/** What rounding and the network's moods take from two estimates of one moment. */
const SAME_S = 2.5;

// How long somebody has been there is told in whole seconds, anew with each message: of all of them
// the one that says longest is nearest, and who came first stays first.
function steady(before: Live | undefined, visit: QueueConsultation, at: number): QueuePerson[] {
  return visit.participants.map((person) => {
    const old = before?.participants.find((p) => p.id === person.id);
    if (before === undefined || old === undefined || old.admission !== person.admission) {
      return person;
    }
    const since_s = old.since_s + (at - before.at) / 1000;
    const isLonger = since_s > person.since_s && since_s < person.since_s + SAME_S;
    return isLonger ? { ...person, since_s } : person;
  });
}

// All of the first answer is here: what was not in it is no more.
function settled(desk: Desk): Step {
  return desk.queueDue > 0
    ? stay(desk)
    : stay({
        ...desk,
        isQueueKnown: true,
        queue: desk.queue.filter(({ at }) => at >= desk.queueAt),
      });
}

function queueCame(desk: Desk, visit: QueueConsultation, at: number): Step {
  const { consultation } = visit;
  const before = desk.queue.find((q) => q.consultation === consultation);
  const known = new Set(before === undefined ? [] : waitingIn(before).map(({ id }) => id));
  const came = waitingIn(visit).filter(({ id }) => !known.has(id));
  // Who waited already when the page was opened is in the list; whoever waits at one's own door is
  // seen there.
  const isNews = desk.isQueueKnown && consultation !== desk.current?.id;
  const news = isNews ? came : [];
  const arrivals = news.map(
    ({ name }, i): Arrival => ({ key: desk.nextKey + i, visit: consultation, name }),
  );
  const live: Live = { ...visit, participants: steady(before, visit, at), at };
  const others = desk.queue.filter((q) => q.consultation !== consultation);
  const queue = visit.participants.length === 0 ? others : [...others, live];
  const isEmpty = waitingIn(visit).length === 0;
  const kept = isEmpty ? desk.arrivals.filter((a) => a.visit !== consultation) : desk.arrivals;
  const step = settled({
    ...desk,
    queue,
    queueDue: Math.max(0, desk.queueDue - 1),
    arrivals: [...kept, ...arrivals].slice(-MAX_ARRIVALS),
    nextKey: desk.nextKey + arrivals.length,
  });
  const told = news.map(({ name }) => announce({ key: "arrived", name, title: visit.title }));
  // One sound for however many come in one breath.
  const effects: Effect[] = news.length === 0 ? [] : [{ do: "chime" }, ...told];
  return {
    desk: step.desk,
    effects: [
      ...effects,
      ...outdated(desk, visit, before !== undefined),
      ...(before?.participants.length === visit.participants.length ? [] : strangers(desk, visit)),
    ],
  };
}

// In one's own visit somebody is who was not invited when it was read: a colleague has come in.
function strangers(desk: Desk, visit: QueueConsultation): Effect[] {
  const listed = desk.visits.find(({ id }) => id === visit.consultation);
  const isOwn = visit.consultation === desk.current?.id;
  const known = new Set(listed?.persons.map(({ id }) => id));
  return isOwn && visit.participants.some(({ id }) => !known.has(id))
    ? [{ do: "get-visit", id: visit.consultation }]
    : [];
}

// A visit that is live today and not in the list was made elsewhere meanwhile; one that nobody is in
// any more may have its outcome by now.
function outdated(desk: Desk, visit: QueueConsultation, wasLive: boolean): Effect[] {
  if (!desk.isListed || desk.day !== desk.today) {
    return [];
  }
  const listed = desk.visits.find(({ id }) => id === visit.consultation);
  const isNew = listed === undefined && !wasLive && visit.participants.length > 0;
  const isChanged =
    listed !== undefined &&
    (visit.participants.length === 0 ||
      listed.state !== visit.state ||
      (listed.responsible?.id ?? null) !== visit.responsible);
  return isNew || isChanged ? [{ do: "get-visits", day: desk.day }] : [];
}

export function watchStatus(desk: Desk, status: QueueStatus): Step {
  if (status === desk.queueStatus) {
    return stay(desk);
  }
  const isLost = status === "lost" && desk.queueStatus === "live";
  const isBack = status === "live" && desk.queueStatus === "lost";
  const told = isLost
    ? [announce({ key: "queue-lost" })]
    : isBack
      ? [announce({ key: "queue-back" })]
      : [];
  return { desk: { ...desk, queueStatus: status }, effects: told };
}

export function arrivalsSeen(desk: Desk): Step {
  return stay(desk.arrivals.length === 0 ? desk : { ...desk, arrivals: [] });
}
