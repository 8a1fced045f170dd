// SPDX-License-Identifier: EUPL-1.2
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { deflate, inflate } from "./deflate";
import { Signal } from "./signal";

const SDP = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n";
const WELCOME = {
  resume: "r",
  seat_s: 120,
  consultation: { id: "c", title: "", mode: "talk" },
  self: { id: "p", role: "patient", name: "Elsa" },
  participants: [],
  slots: { audio: 1, video: 1 },
};

class FakeSocket {
  static readonly OPEN = 1;
  static all: FakeSocket[] = [];
  static get last(): FakeSocket {
    const socket = FakeSocket.all.at(-1);
    if (socket === undefined) {
      throw new Error("no socket was opened");
    }
    return socket;
  }
  readyState = 0;
  readonly sent: string[] = [];
  isClosed = false;
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;

  constructor(
    readonly url: string,
    readonly protocol: string,
  ) {
    FakeSocket.all.push(this);
  }

  send(text: string): void {
    this.sent.push(text);
  }

  close(): void {
    this.isClosed = true;
    this.readyState = 3;
  }

  opens(): void {
    this.readyState = 1;
    this.onopen?.();
  }

  closes(): void {
    this.readyState = 3;
    this.onclose?.();
  }

  says(data: unknown): void {
    this.onmessage?.({ data });
  }
}

const handlers = { onOpen: vi.fn(), onLost: vi.fn(), onMessage: vi.fn() };

function make(random = 0): Signal {
  return new Signal(
    "wss://vidd.example/ws",
    handlers,
    () => Date.now(),
    () => random,
  );
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", FakeSocket);
  FakeSocket.all = [];
  for (const handler of Object.values(handlers)) {
    handler.mockReset();
  }
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("Signal", () => {
  it("opens with the subprotocol and passes on what it understands", () => {
    make().connect();
    expect(FakeSocket.last).toMatchObject({ url: "wss://vidd.example/ws", protocol: "vidd.1" });
    FakeSocket.last.opens();
    expect(handlers.onOpen).toHaveBeenCalledOnce();
    FakeSocket.last.says('{"type":"pong"}');
    FakeSocket.last.says("no json");
    FakeSocket.last.says(new ArrayBuffer(2));
    expect(handlers.onMessage.mock.calls).toEqual([[{ type: "pong" }]]);
  });

  it("uses the connection that was opened ahead", async () => {
    const signal = make();
    signal.warm();
    signal.warm();
    expect(FakeSocket.all.length).toBe(1);
    FakeSocket.last.readyState = 1;
    signal.connect();
    expect(FakeSocket.all.length).toBe(1);
    expect(handlers.onOpen).not.toHaveBeenCalled();
    await Promise.resolve();
    expect(handlers.onOpen).toHaveBeenCalledOnce();
    FakeSocket.last.says('{"type":"pong"}');
    expect(handlers.onMessage).toHaveBeenCalledOnce();
    FakeSocket.last.closes();
    expect(handlers.onLost).toHaveBeenCalledOnce();
    // There is a connection, or one on its way: none ahead of it.
    signal.warm();
    vi.advanceTimersByTime(0);
    expect(FakeSocket.all.length).toBe(2);
  });

  it("waits for one that is still opening, and lets one go that nobody needs", () => {
    const signal = make();
    signal.warm();
    signal.connect();
    FakeSocket.last.opens();
    expect([FakeSocket.all.length, handlers.onOpen.mock.calls.length]).toEqual([1, 1]);
    const other = make();
    other.warm();
    vi.advanceTimersByTime(8000);
    expect(FakeSocket.last.isClosed).toBe(true);
    other.warm();
    FakeSocket.last.closes();
    other.connect();
    expect(FakeSocket.all.length).toBe(4);
    expect(handlers.onLost).not.toHaveBeenCalled();
  });

  it("packs offers for a server that takes them so, in order", async () => {
    const signal = make();
    signal.connect();
    FakeSocket.last.opens();
    const offer = { type: "offer", seq: 1, sdp: SDP, sources: [] } as const;
    signal.send(offer);
    FakeSocket.last.says(JSON.stringify({ type: "joined", v: 1, deflate: true, ...WELCOME }));
    signal.send({ ...offer, seq: 2, fresh: true });
    signal.send({ ...offer, seq: 3 });
    await vi.waitFor(() => expect(FakeSocket.last.sent.length).toBe(3));
    const [whole, ...packed] = FakeSocket.last.sent.map((text) => JSON.parse(text));
    expect(whole).toEqual(offer);
    expect(packed.map(({ seq, fresh, sdp }) => [seq, fresh, sdp])).toEqual([
      [2, true, undefined],
      [3, undefined, undefined],
    ]);
    expect(await inflate(packed[0].sdp_deflate)).toBe(SDP);
    // Another server, as far as is known.
    signal.connect();
    FakeSocket.last.opens();
    signal.send(offer);
    expect(FakeSocket.last.sent.map((text) => JSON.parse(text))).toEqual([offer]);
  });

  it("passes on nothing before the packed answer that came first", async () => {
    make().connect();
    FakeSocket.last.opens();
    const sdp_deflate = await deflate(SDP);
    FakeSocket.last.says(JSON.stringify({ type: "answer", seq: 1, sdp_deflate }));
    FakeSocket.last.says('{"type":"pong"}');
    expect(handlers.onMessage).not.toHaveBeenCalled();
    await vi.waitFor(() => expect(handlers.onMessage).toHaveBeenCalledTimes(2));
    expect(handlers.onMessage.mock.calls).toEqual([
      [{ type: "answer", seq: 1, sdp: SDP }],
      [{ type: "pong" }],
    ]);
    FakeSocket.last.says('{"type":"pong"}');
    expect(handlers.onMessage).toHaveBeenCalledTimes(3);
  });

  it("comes back at once, after 0.5 s, four times after 1 s and then every 2 s", () => {
    make().connect();
    const waits: number[] = [];
    for (let i = 0; i < 8; i++) {
      const before = FakeSocket.all.length;
      FakeSocket.last.closes();
      const start = Date.now();
      while (FakeSocket.all.length === before) {
        vi.advanceTimersByTime(100);
      }
      waits.push(Date.now() - start);
    }
    expect(waits.map((ms) => Math.round(ms / 500) * 500)).toEqual([
      0, 500, 1000, 1000, 1000, 1000, 2000, 2000,
    ]);
    expect(handlers.onLost).toHaveBeenCalledTimes(8);
  });

  it("comes up to a quarter earlier, never later", () => {
    make(0.999).connect();
    FakeSocket.last.closes();
    vi.advanceTimersByTime(1);
    FakeSocket.last.closes();
    vi.advanceTimersByTime(370);
    expect(FakeSocket.all.length).toBe(2);
    vi.advanceTimersByTime(10);
    expect(FakeSocket.all.length).toBe(3);
  });

  it("starts from the shortest wait again only after a connection that held", () => {
    make().connect();
    FakeSocket.last.opens();
    FakeSocket.last.closes();
    vi.advanceTimersByTime(0);
    FakeSocket.last.opens();
    FakeSocket.last.closes();
    vi.advanceTimersByTime(400);
    expect(FakeSocket.all.length).toBe(2);
    vi.advanceTimersByTime(100);
    expect(FakeSocket.all.length).toBe(3);
    FakeSocket.last.opens();
    for (let i = 0; i < 6; i++) {
      vi.advanceTimersByTime(1000);
      FakeSocket.last.says('{"type":"pong"}');
    }
    FakeSocket.last.closes();
    vi.advanceTimersByTime(0);
    expect(FakeSocket.all.length).toBe(4);
  });

  it("pings every 5 s and takes 12 s of silence for death", () => {
    make().connect();
    const socket = FakeSocket.last;
    socket.opens();
    vi.advanceTimersByTime(5000);
    expect(socket.sent).toEqual(['{"type":"ping"}']);
    socket.says('{"type":"pong"}');
    vi.advanceTimersByTime(9900);
    expect(handlers.onLost).not.toHaveBeenCalled();
    vi.advanceTimersByTime(3000);
    expect(handlers.onLost).toHaveBeenCalledOnce();
    expect(socket.isClosed).toBe(true);
  });

  it("takes a connection that never opens for lost", () => {
    make().connect();
    vi.advanceTimersByTime(8000);
    expect(handlers.onLost).toHaveBeenCalledOnce();
    vi.advanceTimersByTime(1);
    expect(FakeSocket.all.length).toBe(2);
  });

  it("waits as long as it was told, once", () => {
    const signal = make();
    signal.connect();
    signal.reconnectIn(2000);
    FakeSocket.last.closes();
    vi.advanceTimersByTime(1900);
    expect(FakeSocket.all.length).toBe(1);
    vi.advanceTimersByTime(100);
    expect(FakeSocket.all.length).toBe(2);
    FakeSocket.last.closes();
    vi.advanceTimersByTime(500);
    expect(FakeSocket.all.length).toBe(3);
  });

  it("finds out soon after a change of network", () => {
    const signal = make();
    signal.connect();
    FakeSocket.last.opens();
    vi.advanceTimersByTime(1000);
    signal.nudge();
    expect(FakeSocket.last.sent).toEqual(['{"type":"ping"}']);
    vi.advanceTimersByTime(3000);
    expect(handlers.onLost).toHaveBeenCalledOnce();
  });

  it("does not wait out a backoff when the network is back", () => {
    const signal = make();
    signal.connect();
    for (let i = 0; i < 5; i++) {
      FakeSocket.last.closes();
      vi.advanceTimersByTime(i === 4 ? 10 : 4000);
    }
    const before = FakeSocket.all.length;
    signal.nudge();
    expect(FakeSocket.all.length).toBe(before + 1);
    vi.advanceTimersByTime(5000);
    expect(FakeSocket.all.length).toBe(before + 1);
  });

  it("stays away after disconnect, and hears nothing of the old socket", () => {
    const signal = make();
    signal.connect();
    const socket = FakeSocket.last;
    socket.opens();
    signal.disconnect();
    expect(socket.isClosed).toBe(true);
    socket.closes();
    vi.advanceTimersByTime(20000);
    expect(FakeSocket.all.length).toBe(1);
    expect(handlers.onLost).not.toHaveBeenCalled();
  });

  it("drops what it cannot send", () => {
    const signal = make();
    signal.connect();
    signal.send({ type: "leave" });
    expect(FakeSocket.last.sent).toEqual([]);
    FakeSocket.last.opens();
    signal.send({ type: "leave" });
    expect(FakeSocket.last.sent).toEqual(['{"type":"leave"}']);
  });
});
