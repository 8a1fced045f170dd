// SPDX-License-Identifier: EUPL-1.2
// The staff page's second connection: asks for a ticket, opens the websocket with it, and opens it
// again whenever it is lost. A ticket is good for one connection.

import { buildPing, SUBPROTOCOL } from "../protocol";
import type { Answer } from "./rest";
import { buildWatch, readWatchMessage, type WatchMessage } from "./watch";

const BACKOFF_MS = [500, 1000, 2000, 4000, 8000, 15000] as const;
const PING_MS = 10000;
const DEAD_MS = 25000;
/** Doors of many pages do not fall shut and open all at once. */
const SPREAD = 0.3;

export interface WatcherHandlers {
  readonly ticket: () => Promise<Answer<string>>;
  readonly onStatus: (status: "connecting" | "live" | "lost") => void;
  readonly onMessage: (message: WatchMessage) => void;
}

export class Watcher {
  private socket: WebSocket | null = null;
  private isWanted = false;
  private attempt = 0;
  private heardAt = 0;
  /** Of the attempt under way: a ticket that comes for an earlier one is thrown away. */
  private round = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private beat: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly url: string,
    private readonly handlers: WatcherHandlers,
    private readonly now: () => number = () => performance.now(),
    private readonly random: () => number = Math.random,
  ) {}

  start(): void {
    if (this.isWanted) {
      return;
    }
    this.isWanted = true;
    this.attempt = 0;
    this.handlers.onStatus("connecting");
    void this.dial();
  }

  stop(): void {
    this.isWanted = false;
    this.drop();
  }

  private async dial(): Promise<void> {
    this.drop();
    const round = ++this.round;
    const answer = await this.handlers.ticket();
    if (!this.isWanted || round !== this.round) {
      return;
    }
    if (!answer.ok) {
      this.lost();
      return;
    }
    this.open(answer.value);
  }

  private open(ticket: string): void {
    const socket = new WebSocket(this.url, SUBPROTOCOL);
    this.socket = socket;
    this.heardAt = this.now();
    socket.onopen = () => socket.send(JSON.stringify(buildWatch(ticket)));
    socket.onmessage = ({ data }) => this.heard(socket, String(data));
    socket.onclose = () => {
      if (this.socket === socket) {
        this.lost();
      }
    };
    this.beat = setInterval(() => this.check(socket), PING_MS);
  }

  private heard(socket: WebSocket, raw: string): void {
    if (this.socket !== socket) {
      return;
    }
    this.heardAt = this.now();
    const message = readWatchMessage(raw);
    if (message === null) {
      return;
    }
    if (message.type === "watching") {
      this.attempt = 0;
      this.handlers.onStatus("live");
    }
    this.handlers.onMessage(message);
  }

  private check(socket: WebSocket): void {
    if (this.now() - this.heardAt > DEAD_MS) {
      this.lost();
    } else if (socket.readyState === WebSocket.OPEN) {
      socket.send(JSON.stringify(buildPing()));
    }
  }

  private lost(): void {
    this.drop();
    if (!this.isWanted) {
      return;
    }
    this.handlers.onStatus("lost");
    const wait = BACKOFF_MS[Math.min(this.attempt, BACKOFF_MS.length - 1)] ?? 15000;
    this.attempt += 1;
    this.timer = setTimeout(() => void this.dial(), wait * (1 + this.random() * SPREAD));
  }

  private drop(): void {
    clearTimeout(this.timer);
    clearInterval(this.beat);
    const { socket } = this;
    this.socket = null;
    this.round += 1;
    socket?.close();
  }
}
