// SPDX-License-Identifier: EUPL-1.2
// What the room asks of the server over HTTP. Every outcome is an event; nothing here throws.

import { type Json, object } from "../guard";
import type { Board, EnrolStatus, Event, NextVisit, Report } from "./types";

/** On the thinnest of links an answer takes a second; a server that is gone never answers. */
const PATIENCE_MS = 15_000;

function text(json: Json, name: string): string {
  const value = json[name];
  if (typeof value !== "string") {
    throw new Error(name);
  }
  return value;
}

function time(json: Json, name: string): string | null {
  return json[name] === null ? null : text(json, name);
}

function readVisit(value: unknown): NextVisit | null {
  if (value === null) {
    return null;
  }
  const json = object(value);
  const minutes = json["minutes"];
  return {
    id: text(json, "id"),
    meet: text(json, "meet"),
    planned: time(json, "planned"),
    minutes: typeof minutes === "number" ? minutes : 0,
  };
}

/** null: not a board. */
export function readBoard(value: unknown): Board | null {
  try {
    const json = object(value);
    return {
      device: text(json, "device"),
      place: text(json, "place"),
      unit: text(json, "unit"),
      phone: text(json, "phone"),
      help: json["help"] === true,
      tested: time(json, "tested"),
      visit: readVisit(json["visit"]),
    };
  } catch {
    return null;
  }
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Status 0: nothing came back. */
async function ask(
  method: string,
  path: string,
  secret: string | null,
  body?: unknown,
): Promise<Answer> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    const reply = await fetch(`/api/v1/${path}`, {
      method,
      signal: stop.signal,
      cache: "no-store",
      credentials: "omit",
      headers: {
        ...(secret === null ? {} : { Authorization: `Bearer ${secret}` }),
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const isJson = reply.headers.get("content-type")?.includes("json") === true;
    return { status: reply.status, body: isJson ? await reply.json() : null };
  } catch {
    return { status: 0, body: null };
  } finally {
    clearTimeout(timer);
  }
}

const ENROL: Readonly<Record<number, EnrolStatus>> = { 403: "wrong", 429: "slow", 409: "full" };

export async function enrol(code: string, name: string): Promise<Event> {
  const { status, body } = await ask("POST", "devices", null, { code, name });
  if (status !== 201) {
    return { type: "enrol-failed", status: ENROL[status] ?? "offline" };
  }
  try {
    return { type: "enrolled", secret: text(object(body), "secret") };
  } catch {
    return { type: "enrol-failed", status: "offline" };
  }
}

export async function look(secret: string): Promise<Event> {
  const { status, body } = await ask("GET", "device/next", secret);
  const board = status === 200 ? readBoard(body) : null;
  if (board !== null) {
    return { type: "board", board };
  }
  return { type: status === 401 ? "revoked" : "no-contact" };
}

export async function enter(secret: string, consultation: string): Promise<Event> {
  const { status, body } = await ask("POST", "device/enter", secret, { consultation });
  if (status === 401) {
    return { type: "revoked" };
  }
  try {
    return { type: "entered", token: text(object(body), "token") };
  } catch {
    return { type: "enter-failed" };
  }
}

export async function help(secret: string, on: boolean): Promise<Event | null> {
  const { status } = await ask(on ? "PUT" : "DELETE", "device/help", secret);
  return status === 0 ? { type: "no-contact" } : null;
}

export async function report(secret: string, found: Report): Promise<Event | null> {
  const { status } = await ask("PUT", "device/self-test", secret, found);
  return status === 0 ? { type: "no-contact" } : null;
}

/** The server gives this page. */
export async function isThere(path: string): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    return (await fetch(path, { method: "HEAD", cache: "no-store", signal })).ok;
  } catch {
    return false;
  }
}
