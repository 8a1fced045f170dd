// SPDX-License-Identifier: EUPL-1.2
// Joins the state of the room's screen with the world: the server, the room's devices, and one
// client (../client) for each visit. Composes and routes only.

import { Client } from "../client";
import type { ExtraSource } from "../peer";
import { buildMute, type ServerMessage } from "../protocol";
import { findSeat } from "../seat";
import { Wake } from "../wake";
import { enrol, enter, help, isThere, look, report } from "./api";
import { findSecret, forget, keepSecret, wipe } from "./keep";
import { refineSound } from "./music";
import { SelfTest } from "./self-test";
import { EXAMS, openExtras } from "./sources";
import { initial, transition } from "./state";
import type { Effect, Event, State, View } from "./types";

type Runners = {
  readonly [Kind in Effect["do"]]: (effect: Extract<Effect, { do: Kind }>) => void;
};

export class Kiosk {
  state: State = initial();
  /** The visit, from its beginning until it is cleaned away. */
  client: Client | null = null;
  view: View = "all";
  /** The stethoscope is heard by the others. */
  listens = false;
  /** What those at the other end are told of who else is in the room; "": nobody is. */
  note = "";
  private extras: ReadonlyMap<ExtraSource, MediaStreamTrack> = new Map();
  private test: SelfTest | null = null;
  private onChange: () => void = () => undefined;
  private readonly wake = new Wake();
  private readonly runners: Runners = {
    enrol: ({ code }) => this.tell(enrol(code, screenName())),
    keep: ({ secret }) => keepSecret(secret),
    forget: () => forget(),
    look: ({ secret }) => this.tell(look(secret)),
    enter: ({ secret, consultation }) => this.tell(enter(secret, consultation)),
    join: ({ token }) => void this.begin((client) => client.enter(token)),
    "return-to-seat": () => void this.begin((client) => void client.resume()),
    help: ({ secret, on }) => this.tell(help(secret, on)),
    test: ({ secret }) => void this.runTest(secret),
    "stop-test": () => this.test?.stop(),
    report: ({ secret, report: found }) => this.tell(report(secret, found)),
    clean: () => this.clean(),
    reload: () => void this.reload(),
  };

  constructor(private readonly origin: Location) {
    this.wake.want(true);
  }

  start(onChange: () => void): void {
    this.onChange = onChange;
    this.dispatch({ type: "tick", now: Date.now() });
    this.dispatch({ type: "start", secret: findSecret(), hasSeat: findSeat() !== null });
    setInterval(() => this.dispatch({ type: "tick", now: Date.now() }), 1000);
  }

  dispatch(event: Event): void {
    const { state, effects } = transition(this.state, event);
    this.state = state;
    for (const effect of effects) {
      // The table has the runner of exactly this kind of effect.
      const runner = this.runners[effect.do] as (effect: Effect) => void;
      runner(effect);
    }
    this.onChange();
  }

  extra(source: ExtraSource): MediaStreamTrack | null {
    return this.extras.get(source) ?? null;
  }

  /** Which cameras the others get: what is not shown is not sent. */
  show(view: View): void {
    this.view = view;
    this.settleView();
    this.onChange();
  }

  /** A stethoscope on the table only rustles: it is sent while somebody listens with it. */
  listen(on: boolean): void {
    this.listens = on;
    this.settleSound();
    this.onChange();
  }

  // The browser's own page of errors would stay until somebody came: without a server the board goes
  // on as it is, and says so.
  private async reload(): Promise<void> {
    if (await isThere(this.origin.pathname)) {
      this.origin.reload();
    } else {
      this.dispatch({ type: "start", secret: findSecret(), hasSeat: false });
    }
  }

  private tell(outcome: Promise<Event | null>): void {
    void outcome.then((event) => {
      if (event !== null) {
        this.dispatch(event);
      }
    });
  }

  private async begin(go: (client: Client) => void): Promise<void> {
    this.view = "all";
    this.listens = false;
    const client = new Client(this.origin, {
      onMessage: (message) => this.heard(message),
      refine: refineSound,
    });
    this.client = client;
    client.watch({ onChange: () => this.visitChanged(client), onAnnounce: () => undefined });
    this.extras = await openExtras();
    if (this.client !== client) {
      this.dropExtras();
      return;
    }
    for (const { source } of EXAMS) {
      client.share(source, this.extra(source));
    }
    go(client);
    this.onChange();
  }

  // The server forgets what was muted when it gives the seat anew. Whoever begins to listen to heart
  // or lungs turns the stethoscope on; who helps in the room can do so, too.
  private heard(message: ServerMessage): void {
    switch (message.type) {
      case "joined":
      case "resumed":
        this.settleView();
        this.listens ||= message.consultation.mode === "auscultation";
        this.settleSound();
        break;
      case "admitted":
        this.tellNote();
        break;
      case "mode":
        this.listen(message.mode === "auscultation");
        break;
      default:
        break;
    }
  }

  // A helper sits beside the patient without a device, and must not be there unseen.
  private tellNote(): void {
    if (this.note !== "") {
      this.client?.say({ type: "chat", id: "room-note", text: this.note });
      this.note = "";
    }
  }

  private settleSound(): void {
    const { client } = this;
    const track = this.extra("stethoscope");
    if (client !== null && track !== null) {
      client.share("stethoscope", this.listens ? track : null);
      client.say(buildMute("stethoscope", !this.listens));
    }
  }

  private settleView(): void {
    const { client } = this;
    const exams = EXAMS.flatMap(({ source, view }) => {
      const track = this.extra(source);
      return track === null ? [] : [{ source, view, track }];
    });
    if (client === null || exams.length === 0) {
      return;
    }
    const isShown = (view: View): boolean => this.view === "all" || this.view === view;
    for (const { source, view, track } of exams) {
      track.enabled = isShown(view);
      client.say(buildMute(source, !isShown(view)));
    }
    if (client.state.local.camera.muted === isShown("room")) {
      client.dispatch({ type: "mute-pressed", source: "camera" });
    }
  }

  private visitChanged(client: Client): void {
    const { name } = client.state.phase;
    if (this.client === client && (name === "ended" || name === "problem")) {
      this.dispatch({ type: "visit-over" });
    }
    this.onChange();
  }

  private async runTest(secret: string): Promise<void> {
    this.test?.stop();
    const scheme = this.origin.protocol === "http:" ? "ws:" : "wss:";
    const test = new SelfTest(`${scheme}//${this.origin.host}/ws`);
    this.test = test;
    const found = await test.run(secret);
    if (found !== null && this.test === test) {
      this.dispatch({ type: "tested", report: found });
    }
  }

  private dropExtras(): void {
    for (const track of this.extras.values()) {
      track.stop();
    }
    this.extras = new Map();
  }

  private clean(): void {
    const { client } = this;
    this.client = null;
    client?.close();
    this.dropExtras();
    wipe();
  }
}

/** What staff tell screens apart by: nothing of a person is known here. */
function screenName(): string {
  return `${window.screen.width} × ${window.screen.height}`;
}
