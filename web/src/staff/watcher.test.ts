// SPDX-License-Identifier: EUPL-1.2
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Answer } from "./rest";
import { Watcher } from "./watcher";

class FakeSocket {
  static readonly OPEN = 1;
  static made: FakeSocket[] = [];
  readyState = 1;
  sent: unknown[] = [];
  isClosed = false;
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;

  constructor() {
    FakeSocket.made.push(this);
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.isClosed = true;
  }
}

let clock = 0;
let tickets: Answer<string>[] = [];
const said: string[] = [];

function watcher(): Watcher {
  return new Watcher(
    "wss://x/ws",
    {
      ticket: async () => tickets.shift() ?? { ok: false, problem: { status: 0, code: "x" } },
      onStatus: (status) => said.push(status),
      onMessage: (message) => said.push(message.type),
    },
    () => clock,
    () => 0,
  );
}

async function settle(ms = 0): Promise<void> {
  clock += ms;
  await vi.advanceTimersByTimeAsync(ms);
}

function last(): FakeSocket {
  const socket = FakeSocket.made[FakeSocket.made.length - 1];
  if (socket === undefined) {
    throw new Error("no socket");
  }
  return socket;
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", FakeSocket);
  FakeSocket.made = [];
  said.length = 0;
  clock = 0;
  tickets = ["t1", "t2", "t3"].map((value) => ({ ok: true, value }));
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const WATCHING = '{"type":"watching","units":["u1"],"count":0}';

it("shows the ticket first, and is live when the server says so", async () => {
  watcher().start();
  await settle();
  last().onopen?.();
  expect(last().sent).toEqual([{ type: "watch", v: 1, ticket: "t1" }]);
  expect(said).toEqual(["connecting"]);
  last().onmessage?.({ data: WATCHING });
  expect(said).toEqual(["connecting", "live", "watching"]);
});

it("takes a new ticket for each connection", async () => {
  watcher().start();
  await settle();
  last().onclose?.();
  expect(said).toEqual(["connecting", "lost"]);
  await settle(500);
  expect(FakeSocket.made).toHaveLength(2);
  last().onopen?.();
  expect(last().sent).toEqual([{ type: "watch", v: 1, ticket: "t2" }]);
});

it("waits longer after each failure, and from the beginning after a success", async () => {
  tickets = [];
  const w = watcher();
  w.start();
  await settle();
  await settle(500);
  await settle(999);
  tickets = [
    { ok: true, value: "t" },
    { ok: true, value: "t" },
  ];
  expect(FakeSocket.made).toHaveLength(0);
  await settle(1);
  expect(FakeSocket.made).toHaveLength(1);
  last().onmessage?.({ data: WATCHING });
  last().onclose?.();
  await settle(500);
  expect(FakeSocket.made).toHaveLength(2);
});

it("notices a connection that has died without a word", async () => {
  watcher().start();
  await settle();
  await settle(20000);
  expect(said).toEqual(["connecting"]);
  await settle(10000);
  expect(said).toContain("lost");
});

it("stopped, it asks for nothing more, not even with a ticket that comes late", async () => {
  const w = watcher();
  w.start();
  w.stop();
  await settle(60000);
  expect(FakeSocket.made).toHaveLength(0);
});
