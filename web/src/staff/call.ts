// SPDX-License-Identifier: EUPL-1.2
// One visit's call on the staff page: the shared client, and the clinician's tools beside it. Runs
// what the tools want: says it, keeps the pictures that come, opens what is shown.

import { Client } from "../client";
import { Incoming } from "../incoming";
import type { Outcome, OutcomeReason, ServerMessage, StillPart } from "../protocol";
import type { Announcement, Point } from "../state/types";
import { delays, type Look, lookAt } from "./delay";
import {
  initialTools,
  type Sharing,
  type ToolAloud,
  type ToolEffect,
  type ToolEvent,
  type Tools,
  toolStep,
} from "./tools";

const LOOK_MS = 2000;
/** Often enough to follow a finger, seldom enough for a thin link. */
const POINT_MS = 100;

export type How = "ended" | "left" | "removed" | "replaced" | "problem";

export interface CallHandlers {
  readonly onChange: () => void;
  readonly onSeated: (id: string, token: string, title: string) => void;
  readonly onAnnounce: (what: Announcement, urgent: boolean) => void;
  readonly onAloud: (what: ToolAloud, urgent: boolean) => void;
  readonly onOver: (how: How, outcome: Outcome | null) => void;
}

type Shown = "screen" | "exam-camera";

export class Call {
  tools: Tools = initialTools(Date.now());
  readonly client: Client;
  private readonly pictures = new Map<string, Incoming>();
  private readonly shown = new Map<Shown, MediaStreamTrack>();
  private readonly clock: ReturnType<typeof setInterval>;
  private look: Look | null = null;
  private outcome: Outcome | null = null;
  private isOver = false;
  private isSaid = false;
  /** Past the door: a preview is now a way out, as pressing cancel is. */
  private isIn = false;
  private pointTimer: ReturnType<typeof setTimeout> | undefined;
  private pointNext: { readonly participant: string; readonly point: Point | null } | null = null;

  constructor(
    origin: Location,
    private readonly handlers: CallHandlers,
  ) {
    this.client = new Client(origin, { onMessage: (message) => this.heard(message) });
    this.client.watch({ onChange: () => this.settle(), onAnnounce: handlers.onAnnounce });
    this.clock = setInterval(() => void this.measure(), LOOK_MS);
  }

  enter(token: string): void {
    this.client.enter(token);
    this.isIn = true;
    this.settle();
  }

  /** false: this tab had no seat. */
  resume(): boolean {
    this.isIn = this.client.resume();
    return this.isIn;
  }

  act(event: ToolEvent): void {
    const { tools, effects } = toolStep(this.tools, event);
    const isChanged = tools !== this.tools;
    this.tools = tools;
    for (const effect of effects) {
      this.run(effect);
    }
    if (isChanged) {
      this.handlers.onChange();
    }
  }

  /** false: the websocket is away, and the end must be told by another way. */
  end(outcome: Outcome, reason: OutcomeReason | null): boolean {
    this.outcome = outcome;
    if (this.client.state.signal !== "open") {
      return false;
    }
    this.act({ type: "end", outcome, reason });
    return true;
  }

  leave(): void {
    this.client.dispatch({ type: "leave-pressed" });
  }

  /** Where one points follows the hand, ten times a second. */
  point(participant: string, point: Point | null): void {
    this.pointNext = { participant, point };
    this.pointTimer ??= setTimeout(() => {
      this.pointTimer = undefined;
      const next = this.pointNext;
      this.pointNext = null;
      if (next !== null) {
        this.act({ type: "point", ...next });
      }
    }, POINT_MS);
  }

  async shareScreen(): Promise<void> {
    await this.open("screen", async () => {
      const stream = await navigator.mediaDevices.getDisplayMedia({
        video: { frameRate: { ideal: 5, max: 15 } },
        audio: false,
      });
      return stream.getVideoTracks()[0] ?? null;
    });
  }

  async openExam(deviceId: string): Promise<void> {
    await this.open("exam-camera", async () => {
      const stream = await navigator.mediaDevices.getUserMedia({
        video: {
          deviceId: { exact: deviceId },
          width: { ideal: 1920 },
          height: { ideal: 1080 },
        },
      });
      return stream.getVideoTracks()[0] ?? null;
    });
  }

  stopShowing(what: Shown): void {
    this.shown.get(what)?.stop();
    this.shown.delete(what);
    this.client.share(what, null);
    this.client.say({ type: "mute", source: what, muted: true });
    this.act({ type: "sharing", what, sharing: "none" });
  }

  shownTrack(what: Shown): MediaStreamTrack | null {
    return this.shown.get(what) ?? null;
  }

  close(): void {
    this.isOver = true;
    clearInterval(this.clock);
    clearTimeout(this.pointTimer);
    for (const track of this.shown.values()) {
      track.stop();
    }
    for (const { url } of this.tools.stills) {
      URL.revokeObjectURL(url);
    }
    this.client.close();
  }

  private async open(what: Shown, get: () => Promise<MediaStreamTrack | null>): Promise<void> {
    const told = (sharing: Sharing): void => this.act({ type: "sharing", what, sharing });
    told("asking");
    try {
      const track = await get();
      if (track === null || this.isOver) {
        track?.stop();
        told("none");
        return;
      }
      // Letters and skin want every line of the picture, not every picture.
      track.contentHint = what === "screen" ? "text" : "detail";
      track.addEventListener("ended", () => this.stopShowing(what));
      this.shown.set(what, track);
      this.client.share(what, track);
      this.client.say({ type: "mute", source: what, muted: false });
      told("on");
    } catch (error) {
      // Closing the browser's question is a no, and no fault.
      const isNo = error instanceof DOMException && error.name === "NotAllowedError";
      told(isNo ? "none" : "refused");
    }
  }

  private run(effect: ToolEffect): void {
    switch (effect.do) {
      case "say":
        this.client.say(effect.message);
        break;
      case "part":
        void this.keep(effect.part);
        break;
      case "aloud":
        this.handlers.onAloud(effect.what, effect.urgent);
        break;
    }
  }

  private heard(message: ServerMessage): void {
    const { room } = this.client.state;
    if (room === null) {
      return;
    }
    if (message.type === "joined" || message.type === "resumed") {
      for (const what of this.shown.keys()) {
        this.client.say({ type: "mute", source: what, muted: false });
      }
    }
    this.act({ type: "heard", message, room });
  }

  private settle(): void {
    const { phase, room, token } = this.client.state;
    if (this.isOver) {
      return;
    }
    if (room !== null && !this.isSaid) {
      this.isSaid = true;
      this.handlers.onSeated(room.consultation.id, token, room.consultation.title);
    }
    const isCancelled = this.isIn && phase.name === "preview";
    if (isCancelled || phase.name === "ended" || phase.name === "problem") {
      this.isOver = true;
      const how: How = phase.name === "ended" ? phase.reason : isCancelled ? "left" : "problem";
      this.handlers.onOver(how, how === "ended" ? this.outcome : null);
      return;
    }
    this.handlers.onChange();
  }

  private async keep(part: StillPart): Promise<void> {
    const { id } = part;
    const before = this.pictures.get(id);
    const picture = before ?? new Incoming(id, part.bytes, part.count, part.sha256);
    this.pictures.set(id, picture);
    if (!picture.put(part) || picture.arrived < picture.count) {
      return;
    }
    const bytes = await picture.whole();
    this.pictures.delete(id);
    const name = this.tools.asks.find((ask) => ask.id === id)?.name ?? "";
    const size = bytes === null ? null : await sizeOf(bytes);
    if (bytes === null || size === null || this.isOver) {
      this.act({ type: "still-spoiled", id });
      return;
    }
    const url = URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" }));
    this.act({
      type: "still-whole",
      still: {
        id,
        name,
        url,
        bytes: bytes.length,
        ...size,
        sha256: part.sha256,
        at: Date.now(),
      },
    });
  }

  private async measure(): Promise<void> {
    const report = await this.client.stats();
    const { room } = this.client.state;
    if (report === null || room === null || this.isOver) {
      return;
    }
    const now = lookAt(report.values());
    const before = this.look;
    this.look = now;
    if (before !== null) {
      const found = delays(before, now, room);
      if (JSON.stringify(found) !== JSON.stringify(this.tools.delays)) {
        this.act({ type: "delays", delays: found });
      }
    }
  }
}

async function sizeOf(
  bytes: Uint8Array<ArrayBuffer>,
): Promise<{ readonly width: number; readonly height: number } | null> {
  try {
    const image = await createImageBitmap(new Blob([bytes], { type: "image/jpeg" }));
    const { width, height } = image;
    image.close();
    return { width, height };
  } catch {
    return null;
  }
}
