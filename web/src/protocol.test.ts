// SPDX-License-Identifier: EUPL-1.2
// docs/protocol.md is the contract: each of its fenced blocks is a test here, and in C.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readSeat, readServerMessage } from "./guard";
import {
  buildDeflatedOffer,
  buildJoin,
  buildLeave,
  buildMute,
  buildOffer,
  buildPing,
  buildResume,
  buildSetMode,
  type ClientMessage,
  type DeflatedOffer,
} from "./protocol";

const page = readFileSync(new URL("../../docs/protocol.md", import.meta.url), "utf8");

interface Block {
  readonly from: "client" | "server";
  readonly type: string;
  readonly body: string;
}

const blocks: Block[] = [...page.matchAll(/^```json (client|server) (\S+)\n([\s\S]*?)^```$/gm)].map(
  ([, from, type, body]) => ({
    from: from === "client" ? "client" : "server",
    type: type ?? "",
    body: body ?? "",
  }),
);
const server = blocks.filter((block) => block.from === "server");
const client = blocks.filter((block) => block.from === "client");

// Rebuilds a message of the page with the page's own builders, from nothing but its values.
function rebuild(m: ClientMessage | DeflatedOffer): ClientMessage | DeflatedOffer {
  switch (m.type) {
    case "join":
      return buildJoin(m.token);
    case "resume":
      return buildResume(m.resume);
    case "offer":
      return "sdp_deflate" in m ? buildDeflatedOffer(m, m.sdp_deflate) : buildOffer(m);
    case "mute":
      return buildMute(m.source, m.muted);
    case "set-mode":
      return buildSetMode(m.mode);
    case "ping":
      return buildPing();
    case "leave":
      return buildLeave();
  }
}

const CLIENT_TYPES: Record<ClientMessage["type"], true> = {
  join: true,
  resume: true,
  offer: true,
  mute: true,
  "set-mode": true,
  ping: true,
  leave: true,
};

describe("docs/protocol.md", () => {
  it("has an example of every message", () => {
    const fenced = page.match(/^```json/gm) ?? [];
    expect(blocks.length).toBe(fenced.length);
    expect(new Set(client.map((b) => b.type))).toEqual(new Set(Object.keys(CLIENT_TYPES)));
    expect(server.map((b) => b.type)).toContain("joined");
  });

  it.each(server)("the guard reads server $type whole", ({ type, body }) => {
    const written: unknown = JSON.parse(body);
    const read = readServerMessage(body);
    expect(read?.type).toBe(type);
    // `v` is for the receiver to know before reading; everything else must survive.
    const { v: _v, ...rest } = written as Record<string, unknown>;
    expect(read).toEqual(rest);
  });

  it.each(client)("the builder makes client $type", ({ body }) => {
    const written = JSON.parse(body) as ClientMessage;
    expect(JSON.parse(JSON.stringify(rebuild(written)))).toEqual(written);
  });
});

// Every way to lose or mistype one member, at any depth.
function* broken(value: unknown): Generator<unknown> {
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) {
      for (const bad of broken(item)) {
        yield value.map((old: unknown, j) => (i === j ? bad : old));
      }
    }
  } else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      yield { ...value, [key]: { wrong: true } };
      for (const bad of broken(item)) {
        yield { ...value, [key]: bad };
      }
    }
  }
}

describe("readServerMessage", () => {
  it.each(["", "[]", "null", "3", "{", '"joined"', "{}", '{"type":3}', '{"type":"unheard-of"}'])(
    "refuses %s",
    (raw) => {
      expect(readServerMessage(raw)).toBeNull();
    },
  );

  it("refuses inherited names as types", () => {
    expect(readServerMessage('{"type":"constructor"}')).toBeNull();
    expect(readServerMessage('{"type":"__proto__"}')).toBeNull();
  });

  it.each(server)("refuses server $type with any member of a wrong kind", ({ body }) => {
    let tried = 0;
    for (const bad of broken(JSON.parse(body))) {
      if ("v" in (bad as object) && typeof (bad as { v: unknown }).v === "object") {
        continue;
      }
      tried++;
      expect(readServerMessage(JSON.stringify(bad)), JSON.stringify(bad)).toBeNull();
    }
    expect(tried).toBeGreaterThan(0);
  });

  it("ignores members it does not know", () => {
    expect(readServerMessage('{"type":"pong","later":[1]}')).toEqual({ type: "pong" });
  });

  it("refuses slot counts that cannot be meant", () => {
    expect(readServerMessage('{"type":"need-slots","audio":1e9,"video":1}')).toBeNull();
    expect(readServerMessage('{"type":"need-slots","audio":1.5,"video":1}')).toBeNull();
    expect(readServerMessage('{"type":"need-slots","audio":-1,"video":1}')).toBeNull();
  });
});

describe("readSeat", () => {
  it("gives back what was kept and refuses the rest", () => {
    const seat = { token: "t", resume: "r", microphoneMuted: true, cameraMuted: false };
    expect(readSeat(JSON.stringify(seat))).toEqual(seat);
    for (const bad of [null, "", "{}", '{"token":"t"}', "not json"]) {
      expect(readSeat(bad)).toBeNull();
    }
  });
});
