// SPDX-License-Identifier: EUPL-1.2
// Joins the staff page's state with the world: the REST interface, the queue's websocket, and the
// call of the visit one is in. Composes and routes only.

import type { Announcement as CallAnnouncement } from "../state/types";
import { Api } from "./api";
import { Call } from "./call";
import { chimeArrival } from "./chime";
import { dayOf } from "./list";
import { Simulated } from "./simulated";
import { initial, transition } from "./state";
import type { ToolAloud } from "./tools";
import type { Announcement, Desk as DeskState, Effect, Event } from "./types";
import { Watcher } from "./watcher";

const DAY_MS = 60_000;
/** Lists change by others' hands, too; the queue tells of most of it at once. */
const REFRESH_MS = 120_000;
/** Whoever asks for help in a health room is not kept waiting for longer. */
const ROOMS_MS = 15_000;

export interface DeskWatcher {
  readonly onChange: () => void;
  readonly onAnnounce: (what: Announcement, urgent: boolean) => void;
  readonly onCall: (what: CallAnnouncement, urgent: boolean) => void;
  readonly onTool: (what: ToolAloud, urgent: boolean) => void;
  readonly onArrival: () => void;
}

type Runners = {
  readonly [Kind in Effect["do"]]: (effect: Extract<Effect, { do: Kind }>) => void;
};

export class Desk {
  state: DeskState = initial();
  call: Call | null = null;
  simulated: Simulated | null = null;
  private readonly api = new Api();
  private readonly watchers = new Set<DeskWatcher>();
  private readonly watcher: Watcher;
  private readonly runners: Runners = {
    "get-methods": () =>
      void this.api.methods().then((answer) => this.dispatch({ type: "methods-came", answer })),
    "get-session": () =>
      void this.api
        .session()
        .then((answer) => this.dispatch({ type: "session-came", answer, by: "first" })),
    "log-in": ({ username, password }) =>
      void this.api
        .logIn(username, password)
        .then((answer) => this.dispatch({ type: "session-came", answer, by: "log-in" })),
    choose: ({ id }) =>
      void this.api
        .choose(id)
        .then((answer) => this.dispatch({ type: "session-came", answer, by: "choose" })),
    "log-out": () => void this.logOut(),
    "get-units": () =>
      void this.api.units().then((answer) => this.dispatch({ type: "units-came", answer })),
    "get-visits": ({ day }) =>
      void this.api
        .visits(day)
        .then((answer) => this.dispatch({ type: "visits-came", day, answer })),
    "get-visit": ({ id }) =>
      void this.api.visit(id).then((answer) => this.dispatch({ type: "visit-came", answer })),
    "get-places": () =>
      void this.api.places().then((answer) => this.dispatch({ type: "places-came", answer })),
    "take-help": ({ device }) =>
      void this.api
        .takeHelp(device)
        .then((answer) => this.dispatch({ type: "help-answered", device, answer })),
    "make-place": ({ name, municipality }) =>
      void this.api
        .makePlace(name, municipality)
        .then((answer) => this.dispatch({ type: "place-made", answer })),
    "get-code": ({ place }) =>
      void this.api
        .enrolment(place)
        .then((answer) => this.dispatch({ type: "code-came", place, answer })),
    revoke: ({ device }) =>
      void this.api
        .revoke(device)
        .then((answer) => this.dispatch({ type: "revoke-answered", answer })),
    "get-statistics": ({ period }) =>
      void this.api
        .statistics(period)
        .then((answer) => this.dispatch({ type: "statistics-came", period, answer })),
    "get-quality": ({ id }) =>
      void this.api
        .quality(id)
        .then((answer) => this.dispatch({ type: "quality-came", id, answer })),
    create: ({ visit, key }) =>
      void this.api.create(visit, key).then((answer) => this.dispatch({ type: "created", answer })),
    practice: ({ visit, key }) =>
      void this.api
        .create(visit, key)
        .then((answer) => this.dispatch({ type: "practice-made", answer })),
    invite: ({ id, person, asker }) =>
      void this.api.add(id, person).then((answer) => {
        this.dispatch({ type: "invited", id, answer });
        if (asker !== null && answer.ok && answer.value.link !== null) {
          const { link, name } = answer.value;
          this.call?.act({ type: "invite-made", participant: asker, link, name });
        }
      }),
    message: ({ id, person, kind }) =>
      void this.api
        .message(id, person, kind)
        .then((answer) => this.dispatch({ type: "message-sent", person, answer })),
    enter: ({ id, reason }) =>
      void this.api
        .enter(id, reason)
        .then((answer) => this.dispatch({ type: "entered", id, answer })),
    // By the websocket where it stands: then everybody hears of it at once.
    end: ({ id, outcome, reason }) => {
      if (this.call?.end(outcome, reason) === true) {
        return;
      }
      void this.api
        .end(id, outcome, reason)
        .then((answer) => this.dispatch({ type: "end-answered", id, answer }));
    },
    answer: ({ id, token, answers }) =>
      void this.api
        .survey(id, token, answers)
        .then((answer) => this.dispatch({ type: "answers-sent", answer })),
    call: ({ current }) => this.makeCall().enter(current.token),
    simulate: ({ link }) => this.simulate(link),
    watch: ({ on }) => (on ? this.watcher.start() : this.watcher.stop()),
    chime: () => {
      chimeArrival();
      for (const watcher of this.watchers) {
        watcher.onArrival();
      }
    },
    announce: ({ what, urgent }) => {
      for (const watcher of this.watchers) {
        watcher.onAnnounce(what, urgent);
      }
    },
  };

  constructor(private readonly origin: Location) {
    const scheme = origin.protocol === "http:" ? "ws:" : "wss:";
    this.watcher = new Watcher(`${scheme}//${origin.host}/ws`, {
      ticket: () => this.api.ticket(),
      onStatus: (status) => this.dispatch({ type: "watch-status", status }),
      onMessage: (message) => this.dispatch({ type: "watched", message, at: Date.now() }),
    });
    setInterval(() => this.dispatch({ type: "today-is", today: dayOf(new Date()) }), DAY_MS);
    setInterval(() => this.refresh(), REFRESH_MS);
    setInterval(() => this.lookAtRooms(), ROOMS_MS);
  }

  start(): void {
    const problem = new URLSearchParams(this.origin.search).get("problem");
    if (problem !== null) {
      history.replaceState(null, "", this.origin.pathname);
    }
    this.dispatch({ type: "started", today: dayOf(new Date()), problem });
    this.resume();
  }

  watch(watcher: DeskWatcher): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  dispatch(event: Event): void {
    const { desk, effects } = transition(this.state, event);
    const isChanged = desk !== this.state;
    this.state = desk;
    for (const effect of effects) {
      // The table has the runner of exactly this kind, which the compiler cannot follow.
      const runner = this.runners[effect.do] as (effect: Effect) => void;
      runner(effect);
    }
    if (isChanged) {
      this.changed();
    }
  }

  private changed(): void {
    for (const watcher of this.watchers) {
      watcher.onChange();
    }
  }

  private refresh(): void {
    const { phase, day, isListed } = this.state;
    if (phase === "day" && isListed && document.visibilityState === "visible") {
      this.runners["get-visits"]({ do: "get-visits", day });
    }
  }

  // In a call and behind other windows, too: it may be the only page that is open.
  private lookAtRooms(): void {
    const { phase, session } = this.state;
    const duty = session?.commission?.duty;
    if ((phase === "day" || phase === "call") && duty !== undefined && duty !== "reviewer") {
      this.runners["get-places"]({ do: "get-places" });
    }
  }

  private async logOut(): Promise<void> {
    const answer = await this.api.logOut();
    if (answer.ok && answer.value !== null) {
      this.origin.assign(answer.value);
    }
  }

  // A reload in the middle of a call comes back to its seat.
  private resume(): void {
    const call = this.makeCall();
    if (!call.resume()) {
      this.closeCall();
    }
  }

  private makeCall(): Call {
    this.call?.close();
    const call: Call = new Call(this.origin, {
      onChange: () => this.changed(),
      onAnnounce: (what, urgent) => {
        for (const watcher of this.watchers) {
          watcher.onCall(what, urgent);
        }
      },
      onAloud: (what, urgent) => {
        for (const watcher of this.watchers) {
          watcher.onTool(what, urgent);
        }
      },
      onOver: (how, outcome) => {
        // Another call may stand in its place already.
        if (this.call === call) {
          this.closeCall();
          this.dispatch({ type: "call-over", how, outcome });
        }
      },
      onSeated: (id, token, title) => {
        if (this.state.current === null) {
          this.dispatch({ type: "reseated", id, token, title });
        }
      },
    });
    this.call = call;
    return call;
  }

  private closeCall(): void {
    this.call?.close();
    this.call = null;
    this.simulated?.close();
    this.simulated = null;
  }

  private simulate(link: string): void {
    this.simulated?.close();
    this.simulated = new Simulated(this.origin, link, () => this.changed());
  }
}
