// SPDX-License-Identifier: EUPL-1.2
// docs/protocol.md is the contract: each of its fenced blocks is a test here, and in C.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CLIENT, SERVER } from "./examples";
import { readSeat, readServerMessage } from "./guard";
import {
  buildCheckJoin,
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
import { readWatchMessage } from "./staff/watch";

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
const written = (list: readonly { readonly type: string }[], from: Block["from"]): Block[] =>
  list.map((message) => ({ from, type: message.type, body: JSON.stringify(message) }));
const server = [...blocks.filter((block) => block.from === "server"), ...written(SERVER, "server")];
const client = blocks.filter((block) => block.from === "client");

/** Messages that have builders. */
type Built = Extract<
  ClientMessage,
  { type: "join" | "resume" | "offer" | "mute" | "set-mode" | "ping" | "leave" }
>;
const BUILT = ["join", "resume", "offer", "mute", "set-mode", "ping", "leave"];

// Rebuilds a message of the page with the page's own builders, from nothing but its values.
function rebuild(m: Built | DeflatedOffer): ClientMessage | DeflatedOffer {
  switch (m.type) {
    case "join":
      return m.check === true ? buildCheckJoin(m.token) : buildJoin(m.token);
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

function keys(value: unknown): string[] {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([key, item]) => [key, ...keys(item).map((k) => `${key}.${k}`)])
    : [];
}

function read(body: string): unknown {
  const isWatched = /"type": ?"(watching|queue)"/.test(body);
  return isWatched ? readWatchMessage(body) : readServerMessage(body);
}

describe("docs/protocol.md", () => {
  it("has an example of every message", () => {
    const fenced = page.match(/^```json/gm) ?? [];
    expect(blocks.length).toBe(fenced.length);
    expect(client.map((b) => b.type)).toEqual(expect.arrayContaining(BUILT));
    expect(server.map((b) => b.type)).toContain("joined");
  });

  it.each(server)("the guard reads server $type whole", ({ type, body }) => {
    const got = read(body) as { type: string } | null;
    expect(got?.type).toBe(type);
    // `v` is for the receiver to know before reading; everything else must survive.
    const { v: _v, ...rest } = JSON.parse(body) as Record<string, unknown>;
    expect(got).toMatchObject(rest);
  });

  it.each(client)("client $type is made as it stands there", ({ type, body }) => {
    const wanted = JSON.parse(body) as Built;
    if (BUILT.includes(type)) {
      expect(JSON.parse(JSON.stringify(rebuild(wanted)))).toEqual(wanted);
      return;
    }
    const ours = CLIENT.find((message) => message.type === type);
    expect(ours, "is known to the pages").toBeDefined();
    expect(keys(ours)).toEqual(expect.arrayContaining(keys(wanted)));
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
      expect(read(JSON.stringify(bad)), JSON.stringify(bad)).toBeNull();
    }
    expect(tried).toBeGreaterThan(0);
  });

  it("takes a welcome of a visit and one without waiting room", () => {
    const plain = server.find((b) => b.type === "joined")?.body ?? "";
    const joined = JSON.parse(plain) as { consultation: object; self: object };
    const visit = {
      ...joined,
      check: true,
      self: { ...joined.self, admission: "waiting" },
      consultation: {
        ...joined.consultation,
        unit: "Vilhelmina",
        waiting_room: true,
        needs_interpreter: false,
        planned: null,
      },
    };
    expect(readServerMessage(JSON.stringify(visit))).toMatchObject({
      check: true,
      self: { admission: "waiting" },
      consultation: { unit: "Vilhelmina", waiting_room: true, planned: null },
    });
    const wrong = { ...visit, self: { ...joined.self, admission: "inside" } };
    expect(readServerMessage(JSON.stringify(wrong))).toBeNull();
  });

  it("takes no pointer outside the picture", () => {
    const pointer = { type: "pointer", from: "p2", participant: "p1", x: 1, y: 0 };
    expect(readServerMessage(JSON.stringify(pointer))).toEqual(pointer);
    expect(readServerMessage(JSON.stringify({ ...pointer, x: 1.01 }))).toBeNull();
    expect(readServerMessage(JSON.stringify({ ...pointer, x: null, y: null }))).not.toBeNull();
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
