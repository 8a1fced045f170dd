// SPDX-License-Identifier: EUPL-1.2
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Announcement } from "../state/types";
import { CATALOGUES, pick } from "./catalogue";
import { en } from "./en";
import { sv } from "./sv";

const ALOUD: readonly Announcement[] = [
  { key: "you-joined", names: [] },
  { key: "you-joined", names: ["Anna", "Omar", "Karin"] },
  { key: "joined", name: "Anna", role: "clinician" },
  { key: "left", name: "Anna" },
  { key: "lost", name: "Anna" },
  { key: "away", name: "Anna" },
  { key: "back", name: "Anna" },
  { key: "microphone", on: true },
  { key: "microphone", on: false },
  { key: "camera", on: true },
  { key: "camera", on: false },
  { key: "device-problem", source: "camera" },
  { key: "device-problem", source: "microphone" },
  { key: "signal-lost" },
  { key: "signal-back" },
  { key: "media-lost" },
  { key: "media-back" },
  { key: "sound-only" },
  { key: "stills" },
  { key: "pictures-back" },
  { key: "seen", name: "Anna", picture: "full" },
  { key: "seen", name: "Anna", picture: "stills" },
  { key: "seen", name: "Anna", picture: "none" },
  { key: "mode", mode: "talk" },
  { key: "mode", mode: "sign" },
  { key: "restarting" },
];

// Every text of a catalogue, with the path it stands at.
function texts(value: unknown, path: string): [string, string][] {
  if (typeof value === "string") {
    return [[path, value]];
  }
  if (typeof value === "function") {
    return [];
  }
  return Object.entries(value as object).flatMap(([key, item]) => texts(item, `${path}.${key}`));
}

describe.each(CATALOGUES.map((c) => [c.code, c] as const))("%s", (_code, catalogue) => {
  it("has no empty text", () => {
    for (const [path, text] of texts(catalogue, "")) {
      expect(text.trim(), path).toBe(text);
      expect(text, path).not.toBe("");
    }
  });

  it("says something of its own about everything", () => {
    const sentences = ALOUD.map((what) => catalogue.aloud(what));
    expect(new Set(sentences).size).toBe(sentences.length);
    for (const sentence of sentences) {
      expect(sentence).toMatch(/\.$/);
      expect(sentence).not.toMatch(/undefined|\[object/);
    }
  });
});

describe("the two languages", () => {
  it("have as many steps in every list", () => {
    const lengths = (c: typeof sv): number[] => [
      c.noTokenSteps.length,
      c.oldSteps.length,
      ...Object.values(c.allow).map((steps) => steps.length),
    ];
    expect(lengths(en)).toEqual(lengths(sv));
  });

  it("differ in every sentence", () => {
    const english = new Map(texts(en, ""));
    // Words that both languages spell alike.
    const alike = new Set([".roles.patient"]);
    for (const [path, text] of texts(sv, "")) {
      if (text.length > 6 && !alike.has(path)) {
        expect(english.get(path), path).not.toBe(text);
      }
    }
  });
});

describe("pick", () => {
  it.each([
    [["sv-SE"], "sv"],
    [["en-GB", "sv"], "en"],
    [["fi", "en-US"], "en"],
    [["se", "fi"], "sv"],
    [[], "sv"],
  ])("%o", (preferred, code) => expect(pick(preferred).code).toBe(code));
});

describe("the catalogue", () => {
  it("has no text that no view shows", () => {
    const source = ["views", "i18n"]
      .flatMap((folder) => {
        const url = new URL(`../${folder}/`, import.meta.url);
        return readdirSync(url)
          .filter((name) => name.endsWith(".tsx") || name === "catalogue.ts")
          .map((name) => readFileSync(new URL(name, url), "utf8"));
      })
      .join("\n");
    const unused = Object.keys(sv).filter(
      (key) => !new RegExp(`(text|catalogue|current)\\.${key}\\b`).test(source),
    );
    expect(source).toContain("text[source]");
    expect(unused).toEqual(["microphone", "camera"]);
  });
});
