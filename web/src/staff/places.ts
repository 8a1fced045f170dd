// SPDX-License-Identifier: EUPL-1.2
// The health rooms as the REST interface tells of them (docs/protocol.md 16): server/place_http.c
// writes what is read here, server/device_test.c says what a self-test has.

import { flag, type Json, list, number, object, orNull, readJson, text } from "../guard";
import { moment } from "./moment";

export type PartKind = "camera" | "microphone" | "encoder" | "link";

export interface Part {
  readonly kind: PartKind;
  /** Of a camera; else "". */
  readonly name: string;
  readonly works: boolean;
  /** Pictures a second of a camera or an encoder; null: not of the others. */
  readonly fps: number | null;
}

/** What a health room's self-test found; null where it has never been tested. */
export interface SelfTest {
  readonly at: number;
  readonly parts: readonly Part[];
  readonly upKbps: number;
  readonly downKbps: number;
}

export interface Device {
  readonly id: string;
  readonly name: string;
  /** ms since 1970; null: never. */
  readonly seen: number | null;
  /** Since when somebody in the room asks for help; null: nobody does. */
  readonly help: number | null;
  readonly test: SelfTest | null;
}

export interface Place {
  readonly id: string;
  readonly name: string;
  readonly municipality: string;
  readonly devices: readonly Device[];
}

/** Eight digits, good until then, for one screen. */
export interface Enrolment {
  readonly code: string;
  readonly until: number | null;
}

function part(kind: PartKind, value: unknown): Part {
  const o = object(value);
  const fps = kind === "camera" || kind === "encoder" ? number(o["fps"]) : null;
  const name = kind === "camera" ? text(o["name"]) : "";
  return { kind, name, works: flag(o["works"]), fps };
}

function selfTest(value: unknown, at: number): SelfTest {
  const o = object(value);
  const link = object(o["link"]);
  // Tested by a screen that had not been updated yet.
  const encoder = o["encoder"] === undefined ? [] : [part("encoder", o["encoder"])];
  return {
    at,
    parts: [
      ...list(o["cameras"], (camera) => part("camera", camera)),
      part("microphone", o["microphone"]),
      ...encoder,
      part("link", link),
    ],
    upKbps: number(link["up_kbps"]),
    downKbps: number(link["down_kbps"]),
  };
}

function device(value: unknown): Device {
  const o = object(value);
  const at = moment(o["tested"]);
  return {
    id: text(o["id"]),
    name: text(o["name"]),
    seen: moment(o["seen"]),
    help: moment(o["help"]),
    test: at === null ? null : orNull(o["self_test"], (test) => selfTest(test, at)),
  };
}

function place(value: unknown): Place {
  const o: Json = object(value);
  return {
    id: text(o["id"]),
    name: text(o["name"]),
    municipality: text(o["municipality"]),
    devices: list(o["devices"], device),
  };
}

export function readPlaces(raw: string): readonly Place[] | null {
  return readJson(raw, (o) => list(o["places"], place));
}

export function readPlace(raw: string): Place | null {
  return readJson(raw, place);
}

export function readEnrolment(raw: string): Enrolment | null {
  return readJson(raw, (o) => ({ code: text(o["code"]), until: moment(o["expires"]) }));
}
