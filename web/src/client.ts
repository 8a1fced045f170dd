// SPDX-License-Identifier: EUPL-1.2
// Joins the pure state with the world: keeps the state, runs its effects, and feeds back what
// happens. Composes and routes only.

import { playCallIn, wake } from "./chime";
import { Devices } from "./devices";
import { BALANCED, type Care, careOf } from "./layers";
import { type ExtraSource, Peer, type Refine } from "./peer";
import type { Perceiver } from "./perceived";
import { Probe } from "./probe";
import type { ClientMessage, Offer, ServerMessage, SlotCounts, Want } from "./protocol";
import { dropSeat, findCheck, findSeat, keepCheck, keepSeat } from "./seat";
import { Signal } from "./signal";
import { initial, transition } from "./state";
import { REMEMBERED_MS } from "./state/check";
import type { Announcement, Effect, Event, OwnSource, State, TimerName } from "./state/types";
import { type Counters, countersOf, FlowWatch, levelOf } from "./stats";
import { Still } from "./still";
import { supportProblem } from "./support";
import { sendSurvey } from "./survey";
import { Wake } from "./wake";

const LOOK_MS = 1000;
/** Loss is judged over this many looks: one second alone has too few packets. */
const LEVEL_LOOKS = 3;
/** How many looks lie between what is told of the others' sound and picture. */
const TELL_LOOKS = 10;
/** Whoever goes in at once is not kept waiting by a check; who looks around is measured meanwhile. */
const LOOK_FIRST_MS = 1500;
const CHECK_FIRST_MS = 4000;

/** What the views show that is not data: live tracks. */
export interface MediaBoard {
  own(source: OwnSource): MediaStreamTrack | null;
  /** What comes in on a receive line. */
  slot(mid: string): MediaStreamTrack | null;
  /** Lines that have a track, to be heard. */
  sounds(): readonly { readonly mid: string; readonly track: MediaStreamTrack }[];
  /** Where the still that was taken can be seen. */
  still(): string | null;
}

export interface Watcher {
  readonly onChange: () => void;
  readonly onAnnounce: (what: Announcement, urgent: boolean) => void;
}

interface Line {
  readonly peer: Peer;
  readonly incoming: Map<string, MediaStreamTrack>;
  readonly slots: SlotCounts;
  readonly fresh: boolean;
}

/** What opens the microphone and the camera, or stands in for them. */
export type DeviceDesk = Pick<
  Devices,
  "tracks" | "open" | "choose" | "close" | "enableMicrophone" | "lamp"
>;

export interface ClientOptions {
  readonly devices?: (
    dispatch: (event: Event) => void,
    onTrack: (source: OwnSource, track: MediaStreamTrack | null) => void,
  ) => DeviceDesk;
  /** Hears everything the server says, after the state has. */
  readonly onMessage?: (message: ServerMessage) => void;
  readonly refine?: Refine;
  /** Sends less than the server asks for. */
  readonly bound?: (want: Want) => Want;
  /** Not the person's own visit: keeps no seat, sounds no call. */
  readonly isSecond?: boolean;
}

type Runners = {
  readonly [Kind in Effect["do"]]: (effect: Extract<Effect, { do: Kind }>) => void;
};

export class Client implements MediaBoard {
  state: State = initial();
  private readonly watchers = new Set<Watcher>();
  private readonly signal: Signal;
  private readonly devices: DeviceDesk;
  private readonly extras = new Map<ExtraSource, MediaStreamTrack>();
  private readonly closing = new AbortController();
  private readonly picture: Still;
  private readonly url: string;
  private probe: Probe | null = null;
  private readonly wake = new Wake();
  private readonly timers = new Map<TimerName, ReturnType<typeof setTimeout>>();
  private peer: Peer | null = null;
  /** Made before it is needed: its offer then waits for the welcome, not the other way round. */
  private spare: Line | null = null;
  /** The connection whose tracks are on the page: the last that stood. */
  private shown: Peer | null = null;
  private tracks = new Map<string, MediaStreamTrack>();
  private seq = 0;
  private care: Care = BALANCED;
  private wantsVideo = true;
  private looks: Counters[] = [];
  private looked = 0;
  private perceiver: Perceiver | null = null;
  private flow = new FlowWatch();
  private readonly runners: Runners = {
    connect: () => this.signal.connect(),
    disconnect: () => this.signal.disconnect(),
    nudge: () => this.signal.nudge(),
    "reconnect-in": ({ ms }) => this.signal.reconnectIn(ms),
    send: ({ message }) => this.signal.send(message),
    "peer-prepare": ({ slots, fresh }) => this.prepare(slots, fresh),
    "peer-open": ({ slots, fresh }) => this.openPeer(slots, fresh),
    "peer-slots": ({ slots }) => this.peer?.setSlots(slots),
    "peer-answer": ({ seq, sdp }) => void this.peer?.answer(seq, sdp),
    "peer-send": ({ wants }) => {
      const { bound } = this.options;
      void this.peer?.send(bound === undefined ? wants : wants.map(bound));
    },
    "camera-care": ({ mode, role }) => this.setCare(careOf(mode, role)),
    "peer-restart": () => this.peer?.restart(),
    "peer-resync": () => this.peer?.resync(),
    "peer-close": () => this.closePeer(),
    "devices-open": ({ sources }) => this.devices.open(sources),
    "device-choose": ({ source, id }) => this.devices.choose(source, id),
    "device-close": ({ source }) => this.devices.close(source),
    "microphone-enable": ({ on }) => this.devices.enableMicrophone(on),
    "check-begin": ({ token, measures }) => this.beginCheck(token, measures),
    "check-stop": () => this.probe?.stop(),
    "keep-check": ({ remembered }) => keepCheck(remembered),
    "call-in": () => this.options.isSecond !== true && playCallIn(),
    "receive-video": ({ on }) => this.receiveVideo(on),
    "still-take": () => void this.picture.take(this.devices.tracks.camera),
    "still-send": ({ id, to, upKbps }) => void this.picture.begin(id, to, upKbps),
    "still-ack": ({ id, seq }) => this.picture.acked(id, seq),
    "still-drop": () => this.picture.drop(),
    lamp: ({ on }) => this.devices.lamp(on),
    "survey-send": ({ consultation, token, answers }) =>
      void sendSurvey(consultation, token, answers),
    "keep-seat": ({ seat }) => this.options.isSecond !== true && keepSeat(seat),
    "drop-seat": () => this.options.isSecond !== true && dropSeat(),
    timer: ({ name, ms }) => this.startTimer(name, ms),
    "timer-stop": ({ name }) => clearTimeout(this.timers.get(name)),
    announce: ({ what, urgent }) => {
      for (const watcher of this.watchers) {
        watcher.onAnnounce(what, urgent);
      }
    },
  };

  constructor(
    origin: Location,
    private readonly options: ClientOptions = {},
  ) {
    const scheme = origin.protocol === "http:" ? "ws:" : "wss:";
    this.url = `${scheme}//${origin.host}/ws`;
    this.signal = new Signal(this.url, {
      onOpen: () => this.dispatch({ type: "signal-open" }),
      onLost: () => this.dispatch({ type: "signal-lost" }),
      onMessage: (message) => {
        this.dispatch({ type: "message", message });
        options.onMessage?.(message);
      },
    });
    const open: NonNullable<ClientOptions["devices"]> =
      options.devices ?? ((...heard) => new Devices(...heard));
    this.devices = open(
      (event) => this.dispatch(event),
      (source, track) => this.ownTrackChanged(source, track),
    );
    this.picture = new Still(
      (event) => this.dispatch(event),
      (message) => this.signal.send(message),
    );
    this.watchNetwork();
    const looks = setInterval(() => void this.measure(), LOOK_MS);
    this.closing.signal.addEventListener("abort", () => clearInterval(looks));
  }

  /** token: the link's fragment, "" when there is none. */
  start(token: string): void {
    this.dispatch({ type: "start", token, seat: findSeat(), problem: supportProblem() });
    this.expectJoin();
    if (this.state.phase.name === "preview") {
      this.lookAhead();
    }
  }

  /** Straight in, for whom is expected: no preview, no look at the link. */
  enter(token: string): void {
    this.dispatch({ type: "start", token, seat: null, problem: supportProblem() });
    this.dispatch({ type: "join-pressed" });
  }

  /** Into the seat that this tab had before a reload, if it had one. */
  resume(): boolean {
    const seat = findSeat();
    if (seat !== null) {
      this.dispatch({ type: "start", token: seat.token, seat, problem: supportProblem() });
    }
    return seat !== null;
  }

  /** Lets go of everything, for a page that goes on without this call. */
  close(): void {
    this.closing.abort();
    for (const timer of this.timers.values()) {
      clearTimeout(timer);
    }
    this.watchers.clear();
    this.signal.disconnect();
    this.closePeer();
    this.picture.drop();
    this.probe?.stop();
    this.wake.want(false);
    for (const source of ["microphone", "camera"] as const) {
      this.devices.close(source);
    }
  }

  say(message: ClientMessage): void {
    this.signal.send(message);
  }

  stats(): Promise<RTCStatsReport> | null {
    return this.peer === null ? null : this.peer.stats();
  }

  /** Sends a further source to the others, or null: no more. */
  share(source: ExtraSource, track: MediaStreamTrack | null): void {
    if (track === null) {
      this.extras.delete(source);
    } else {
      this.extras.set(source, track);
    }
    for (const peer of [this.peer, this.spare?.peer]) {
      void peer?.share(source, track);
    }
  }

  // What visit is this, and what is the link good for: asked without being asked to, once.
  private lookAhead(): void {
    const remembered = findCheck();
    if (remembered !== null && Date.now() - remembered.at < REMEMBERED_MS) {
      this.dispatch({ type: "check-remembered", remembered });
    }
    setTimeout(() => {
      this.dispatch({ type: "check-begun", measures: false });
      setTimeout(() => {
        const { result, status } = this.state.check;
        if (result === null && status === "none" && !savesData()) {
          this.dispatch({ type: "check-begun", measures: true });
        }
      }, CHECK_FIRST_MS);
    }, LOOK_FIRST_MS);
  }

  private beginCheck(token: string, measures: boolean): void {
    this.probe?.stop();
    this.probe = new Probe(this.url, token, measures, (event) => this.dispatch(event));
  }

  private expectJoin(): void {
    if (this.state.phase.name === "preview") {
      this.signal.warm();
    }
  }

  watch(watcher: Watcher): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  dispatch(event: Event): void {
    const { state, effects } = transition(this.state, event);
    const isChanged = state !== this.state;
    this.state = state;
    for (const effect of effects) {
      this.run(effect);
    }
    this.wake.want(this.state.room !== null);
    if (isChanged) {
      this.changed();
    }
  }

  own(source: OwnSource): MediaStreamTrack | null {
    return this.devices.tracks[source];
  }

  slot(mid: string): MediaStreamTrack | null {
    return this.tracks.get(mid) ?? null;
  }

  sounds(): readonly { readonly mid: string; readonly track: MediaStreamTrack }[] {
    return [...this.tracks]
      .filter(([, track]) => track.kind === "audio")
      .map(([mid, track]) => ({ mid, track }));
  }

  still(): string | null {
    return this.picture.url;
  }

  private receiveVideo(on: boolean): void {
    this.wantsVideo = on;
    for (const peer of [this.peer, this.spare?.peer]) {
      peer?.receiveVideo(on);
    }
  }

  private run(effect: Effect): void {
    // The table has the runner of exactly this kind of effect, which the compiler cannot follow.
    const runner = this.runners[effect.do] as (effect: Effect) => void;
    runner(effect);
  }

  private makeLine(slots: SlotCounts, fresh: boolean): Line {
    const incoming = new Map<string, MediaStreamTrack>();
    const guard = (then: () => void) => () => {
      if (this.peer === peer) {
        then();
      }
    };
    const peer = new Peer(
      {
        slots,
        fresh,
        tracks: this.devices.tracks,
        extras: this.extras,
        care: this.care,
        video: this.wantsVideo,
        refine: this.options.refine,
        nextSeq: () => ++this.seq,
      },
      {
        onOffer: (offer: Offer) => guard(() => this.dispatch({ type: "offer-made", offer }))(),
        onTrack: (mid, track) => {
          incoming.set(mid, track);
          if (this.tracks === incoming) {
            this.changed();
          }
        },
        onConnected: guard(() => {
          this.show(peer, incoming);
          this.dispatch({ type: "peer-connected" });
        }),
        onInterrupted: guard(() => this.dispatch({ type: "peer-interrupted" })),
        onFailed: guard(() => this.dispatch({ type: "peer-failed" })),
      },
    );
    return { peer, incoming, slots, fresh };
  }

  private prepare(slots: SlotCounts, fresh: boolean): void {
    this.spare?.peer.close();
    this.spare = this.makeLine(slots, fresh);
  }

  // The spare one, if it is what is wanted now; it must not wait for later in any case.
  private takeSpare(slots: SlotCounts, fresh: boolean): Line | null {
    const spare = this.spare;
    this.spare = null;
    const fits =
      spare !== null &&
      spare.fresh === fresh &&
      spare.slots.audio <= slots.audio &&
      spare.slots.video <= slots.video;
    if (!fits) {
      spare?.peer.close();
    }
    return fits ? spare : null;
  }

  // The old connection keeps showing its last pictures until the new one stands.
  private openPeer(slots: SlotCounts, fresh: boolean): void {
    const spare = this.takeSpare(slots, fresh);
    const { peer, incoming } = spare ?? this.makeLine(slots, fresh);
    if (this.peer !== this.shown) {
      this.peer?.close();
    }
    this.peer = peer;
    this.looks = [];
    this.flow = new FlowWatch();
    if (spare !== null) {
      peer.setSlots(slots);
      peer.resync();
    }
    if (this.shown === null) {
      this.show(peer, incoming);
    }
  }

  private show(peer: Peer, incoming: Map<string, MediaStreamTrack>): void {
    if (this.shown !== peer) {
      this.shown?.close();
      this.shown = peer;
      this.tracks = incoming;
      this.changed();
    }
  }

  private closePeer(): void {
    this.wantsVideo = true;
    this.spare?.peer.close();
    this.spare = null;
    this.peer?.close();
    this.shown?.close();
    this.peer = null;
    this.shown = null;
    this.tracks = new Map();
  }

  private setCare(care: Care): void {
    this.care = care;
    for (const peer of [this.peer, this.spare?.peer]) {
      void peer?.setCare(care);
    }
  }

  private ownTrackChanged(source: OwnSource, track: MediaStreamTrack | null): void {
    for (const peer of [this.peer, this.spare?.peer]) {
      peer?.setTrack(source, track).catch(() => {
        // The line cannot carry this track: a new connection can.
        this.dispatch({ type: "peer-failed" });
      });
    }
    this.changed();
  }

  private changed(): void {
    for (const watcher of this.watchers) {
      watcher.onChange();
    }
  }

  private startTimer(name: TimerName, ms: number): void {
    clearTimeout(this.timers.get(name));
    this.timers.set(
      name,
      setTimeout(() => this.dispatch({ type: "timer", name }), ms),
    );
  }

  private watchNetwork(): void {
    const { signal } = this.closing;
    // From the first touch on the page may sound: to call somebody in who looks elsewhere.
    for (const kind of ["pointerup", "keydown"] as const) {
      document.addEventListener(kind, () => wake(), { once: true, signal });
    }
    // A finger or a mouse on the page before the call: the join button may be next.
    document.addEventListener("pointerover", () => this.expectJoin(), { signal });
    const online = (): void => this.dispatch({ type: "network-changed" });
    window.addEventListener("online", online, { signal });
    const seen = (): void => {
      if (document.visibilityState === "visible") {
        this.signal.nudge();
      }
    };
    document.addEventListener("visibilitychange", seen, { signal });
  }

  private async measure(): Promise<void> {
    const { peer } = this;
    if (peer === null) {
      return;
    }
    const report = await peer.stats();
    const now = countersOf(report.values());
    if (this.peer !== peer) {
      return;
    }
    const flow = this.flow.look(now.bytes);
    if (flow === "stalled") {
      this.dispatch({ type: "peer-stalled" });
    } else if (flow === "flows" && peer.isConnected && this.state.media.status !== "flowing") {
      // Repaired so smoothly that the browser has not seen it broken.
      this.dispatch({ type: "peer-connected" });
    }
    this.looks = [...this.looks, now].slice(-LEVEL_LOOKS);
    const level = levelOf(this.looks[0] ?? now, now);
    if (level !== this.state.media.level) {
      this.dispatch({ type: "level", level });
    }
    this.looked += 1;
    if (this.looked % TELL_LOOKS === 0 && this.options.isSecond !== true) {
      await this.tellPerceived(report);
    }
  }

  private async tellPerceived(report: RTCStatsReport): Promise<void> {
    try {
      this.perceiver ??= new (await import("./perceived")).Perceiver();
    } catch {
      // The network is away for now; the next look tries again.
      return;
    }
    const { room, phase } = this.state;
    if (room !== null && phase.name === "call") {
      for (const perceived of this.perceiver.look(report.values(), room)) {
        this.say({ type: "perceived", ...perceived });
      }
    }
  }
}

/** The person has asked the browser to be sparing. */
function savesData(): boolean {
  const connection = (navigator as { connection?: { saveData?: boolean } }).connection;
  return connection?.saveData === true;
}
