// SPDX-License-Identifier: EUPL-1.2
// The health rooms: how they are, who in them asks for help, and their screens. They are asked for
// again and again, so what comes unasked must not disturb.

import type { Place } from "./places";
import { begin, refused, settle } from "./state-work";
import { announce, type Desk, type Effect, type Event, type Step, stay } from "./types";

type Of<Kind extends Event["type"]> = Extract<Event, { type: Kind }>;

/** A room that asks for help, longest first. */
export interface Call {
  readonly device: string;
  readonly place: string;
  readonly since: number;
}

export function callsOf(places: readonly Place[] | null): Call[] {
  return (places ?? [])
    .flatMap((place) =>
      place.devices.flatMap(({ id, help }) =>
        help === null ? [] : [{ device: id, place: place.name, since: help }],
      ),
    )
    .sort((a, b) => a.since - b.since);
}

/** The code has brought a screen: it is good no more. */
function isUsed({ places, enrolment }: Desk, now: readonly Place[]): boolean {
  const screens = (of: readonly Place[] | null): readonly string[] =>
    of?.find(({ id }) => id === enrolment?.place)?.devices.map(({ id }) => id) ?? [];
  const before = screens(places);
  return screens(now).some((id) => !before.includes(id));
}

export function placesCame(desk: Desk, { answer }: Of<"places-came">): Step {
  if (!answer.ok) {
    return desk.doing.includes("rooms") ? refused(desk, "rooms", answer.problem) : stay(desk);
  }
  // Whoever asks the same device again after it was answered is news, too.
  const known = new Set(callsOf(desk.places).map(({ device, since }) => `${device} ${since}`));
  const fresh = callsOf(answer.value).filter(
    ({ device, since }) => !known.has(`${device} ${since}`),
  );
  const told: Effect[] = fresh.map(({ place }) => announce({ key: "room-help", place }, true));
  const enrolment = isUsed(desk, answer.value) ? null : desk.enrolment;
  return {
    desk: { ...settle(desk, "rooms"), places: answer.value, enrolment },
    effects: fresh.length === 0 ? [] : [...told, { do: "chime" }],
  };
}

export function helpTaken(desk: Desk, { device }: Of<"help-taken">): Step {
  return begin(desk, "help", { do: "take-help", device });
}

export function helpAnswered(desk: Desk, { device, answer }: Of<"help-answered">): Step {
  if (!answer.ok) {
    return refused(desk, "help", answer.problem);
  }
  const places = (desk.places ?? []).map((place) => ({
    ...place,
    devices: place.devices.map((d) => (d.id === device ? { ...d, help: null } : d)),
  }));
  return stay({ ...settle(desk, "help"), places });
}

export function codePressed(desk: Desk, { place }: Of<"code-pressed">): Step {
  return begin({ ...desk, enrolment: null }, "code", { do: "get-code", place });
}

export function codeCame(desk: Desk, { place, answer }: Of<"code-came">): Step {
  return answer.ok
    ? stay({ ...settle(desk, "code"), enrolment: { place, ...answer.value } })
    : refused(desk, "code", answer.problem);
}

export function revokePressed(desk: Desk, { device }: Of<"revoke-pressed">): Step {
  return begin(desk, "revoke", { do: "revoke", device });
}

export function revoked(desk: Desk, { answer }: Of<"revoke-answered">): Step {
  return answer.ok
    ? begin(settle(desk, "revoke"), "rooms", { do: "get-places" })
    : refused(desk, "revoke", answer.problem);
}

export function placePressed(desk: Desk, { name, municipality }: Of<"place-pressed">): Step {
  return begin(desk, "place", { do: "make-place", name, municipality });
}

export function placeMade(desk: Desk, { answer }: Of<"place-made">): Step {
  return answer.ok
    ? stay({ ...settle(desk, "place"), places: [...(desk.places ?? []), answer.value] })
    : refused(desk, "place", answer.problem);
}
