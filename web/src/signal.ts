// SPDX-License-Identifier: EUPL-1.2
// The websocket: opens it, opens it again whenever it is lost, and notices when it is dead. What
// is said over it is decided elsewhere; each message goes out at once or not at all.

import { canDeflate, deflate, unpackAnswer } from "./deflate";
import { readServerMessage } from "./guard";
import {
  buildDeflatedOffer,
  buildPing,
  type ClientMessage,
  type Offer,
  type ServerMessage,
  SUBPROTOCOL,
  type WireMessage,
} from "./protocol";

/** A restarted server must have everybody back within 5 s, and media needs one or two of them. More
 * failures than these are few enough that Chromium does not delay the next attempt by itself. */
const BACKOFF_MS = [0, 500, 1000, 1000, 1000, 1000, 2000] as const;
const OPEN_TIMEOUT_MS = 8000;
const PING_MS = 5000;
const DEAD_MS = 12000;
const EARLY = 0.25;
/** After a change of network an answer to a ping must come this soon. */
const NUDGE_MS = 3000;
/** A connection that lived this long was good: the next loss starts from the shortest wait. */
const STEADY_MS = 5000;
/** Opened ahead, a connection is kept this long: the server waits 10 s for the first message. */
const WARM_MS = 8000;

export interface SignalHandlers {
  readonly onOpen: () => void;
  readonly onLost: () => void;
  readonly onMessage: (message: ServerMessage) => void;
}

export class Signal {
  private socket: WebSocket | null = null;
  /** Opened ahead of time. */
  private spare: WebSocket | null = null;
  private cooling: ReturnType<typeof setTimeout> | undefined;
  private attempt = 0;
  private nextWaitMs: number | null = null;
  private openedAt = 0;
  private heardAt = 0;
  private isWanted = false;
  /** Whether the server at the other end of this socket takes packed descriptions. */
  private packs = false;
  /** Offers that are being packed, and messages behind an answer that is being unpacked: each waits
   * for the one before. */
  private outgoing: Promise<void> = Promise.resolve();
  private incoming: Promise<void> | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly url: string,
    private readonly handlers: SignalHandlers,
    private readonly now: () => number = () => performance.now(),
    private readonly random: () => number = Math.random,
  ) {}

  /** It is likely that connect() comes soon: opens now, for TCP, TLS and HTTP are three round trips,
   * 0.6 s on a thin link. Of no effect when nobody needs it. */
  warm(): void {
    if (this.isWanted || this.spare !== null) {
      return;
    }
    const socket = new WebSocket(this.url, SUBPROTOCOL);
    this.spare = socket;
    socket.onclose = () => this.cool();
    this.cooling = setTimeout(() => this.cool(), WARM_MS);
  }

  connect(): void {
    this.drop();
    this.isWanted = true;
    this.attempt = 0;
    this.nextWaitMs = null;
    this.dial();
  }

  disconnect(): void {
    this.cool();
    this.isWanted = false;
    this.drop();
  }

  send(message: ClientMessage): void {
    const socket = this.socket;
    if (socket === null) {
      return;
    }
    if (message.type === "offer" && this.packs) {
      this.outgoing = this.outgoing.then(() => sendPacked(socket, message));
    } else {
      sendText(socket, message);
    }
  }

  /** The next reconnection waits this long instead of what the backoff says. */
  reconnectIn(ms: number): void {
    this.nextWaitMs = ms;
  }

  /** The network changed or the page woke up: find out now whether the connection lives. */
  nudge(): void {
    if (!this.isWanted) {
      return;
    }
    if (this.socket === null) {
      this.attempt = 0;
      clearTimeout(this.timer);
      this.dial();
      return;
    }
    if (this.socket.readyState === WebSocket.OPEN) {
      this.send(buildPing());
      this.watch(NUDGE_MS, this.now());
    }
  }

  private take(socket: WebSocket, message: WireMessage): void {
    if (this.incoming === null && !("sdp_deflate" in message)) {
      this.pass(message);
      return;
    }
    const before = this.incoming ?? Promise.resolve();
    const mine = before.then(async () => {
      const whole = "sdp_deflate" in message ? await unpackAnswer(message) : message;
      if (this.incoming === mine) {
        this.incoming = null;
      }
      if (whole !== null && this.socket === socket) {
        this.pass(whole);
      }
    });
    this.incoming = mine;
  }

  private pass(message: ServerMessage): void {
    if ("deflate" in message) {
      this.packs = message.deflate === true && canDeflate();
    }
    this.handlers.onMessage(message);
  }

  private dial(): void {
    const warm = this.takeSpare();
    const socket = warm ?? new WebSocket(this.url, SUBPROTOCOL);
    this.socket = socket;
    this.packs = false;
    this.incoming = null;
    socket.onopen = () => {
      if (this.socket !== socket) {
        return;
      }
      this.openedAt = this.now();
      this.heardAt = this.openedAt;
      clearTimeout(this.timer);
      this.beat();
      this.handlers.onOpen();
    };
    socket.onmessage = (event: MessageEvent<unknown>) => {
      if (this.socket !== socket) {
        return;
      }
      this.heardAt = this.now();
      const message = typeof event.data === "string" ? readServerMessage(event.data) : null;
      if (message !== null) {
        this.take(socket, message);
      }
    };
    socket.onclose = () => {
      if (this.socket === socket) {
        this.lost();
      }
    };
    this.timer = setTimeout(() => this.lost(), OPEN_TIMEOUT_MS);
    if (socket.readyState === WebSocket.OPEN) {
      // As an event of its own, like any other opening.
      queueMicrotask(() => socket.onopen?.(new Event("open")));
    }
  }

  private takeSpare(): WebSocket | null {
    const { spare } = this;
    clearTimeout(this.cooling);
    this.spare = null;
    return spare;
  }

  private cool(): void {
    const spare = this.takeSpare();
    if (spare !== null) {
      spare.onclose = null;
      spare.close();
    }
  }

  // Ping, and see whether anything at all has come since long ago.
  private beat(): void {
    this.timer = setTimeout(() => {
      if (this.now() - this.heardAt >= DEAD_MS - PING_MS / 2) {
        this.lost();
        return;
      }
      this.send(buildPing());
      this.beat();
    }, PING_MS);
  }

  private watch(ms: number, since: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (this.heardAt <= since) {
        this.lost();
      } else {
        this.beat();
      }
    }, ms);
  }

  private lost(): void {
    const wasSteady = this.openedAt > 0 && this.now() - this.openedAt >= STEADY_MS;
    this.drop();
    if (!this.isWanted) {
      return;
    }
    this.attempt = wasSteady ? 0 : this.attempt;
    const last = BACKOFF_MS.length - 1;
    const longest = this.nextWaitMs ?? BACKOFF_MS[Math.min(this.attempt, last)] ?? 0;
    // Some come a little earlier, so that a restarted server does not meet everybody at once.
    const wait = longest * (1 - EARLY * this.random());
    this.nextWaitMs = null;
    this.attempt += 1;
    this.timer = setTimeout(() => this.dial(), wait);
    this.handlers.onLost();
  }

  private drop(): void {
    clearTimeout(this.timer);
    const socket = this.socket;
    this.socket = null;
    this.openedAt = 0;
    if (socket !== null) {
      socket.onopen = null;
      socket.onmessage = null;
      socket.onclose = null;
      // What was sent before, a `leave` above all, still goes out.
      socket.close();
    }
  }
}

function sendText(socket: WebSocket, message: object): void {
  if (socket.readyState === WebSocket.OPEN) {
    socket.send(JSON.stringify(message));
  }
}

async function sendPacked(socket: WebSocket, { type: _, ...offer }: { type: "offer" } & Offer) {
  try {
    sendText(socket, buildDeflatedOffer(offer, await deflate(offer.sdp)));
  } catch {
    // Whole it is as good, only longer.
    sendText(socket, { type: "offer", ...offer });
  }
}
