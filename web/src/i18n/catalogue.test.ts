// SPDX-License-Identifier: EUPL-1.2
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ACTS, type Waiting, WISHES } from "../protocol";
import type { Announcement } from "../state/types";
import { type Catalogue, LANGUAGES, load, pick } from "./catalogue";
import { en } from "./en";
import { sv } from "./sv";
import { svLatt } from "./sv-latt";

const CATALOGUES: readonly Catalogue[] = [sv, svLatt, en];

const QUEUE: Waiting = {
  place: 1,
  ahead: 0,
  meet: "Anna Berg",
  clinician: "here",
  planned: null,
  reason: "queue",
};

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
  { key: "waiting", queue: QUEUE },
  { key: "waiting", queue: { ...QUEUE, ahead: 1 } },
  { key: "waiting", queue: { ...QUEUE, ahead: 4 } },
  { key: "waiting", queue: { ...QUEUE, reason: "interpreter" } },
  { key: "called-in" },
  { key: "held" },
  { key: "apart", apart: "none" },
  { key: "apart", apart: "inside" },
  { key: "apart", apart: "outside" },
  { key: "code", wrong: false },
  { key: "code", wrong: true },
  { key: "writes", name: "Anna" },
  { key: "wrote", name: "Anna" },
  { key: "signs", name: "Anna" },
  ...ACTS.map((act): Announcement => ({ key: "asked", act, name: "Anna" })),
  { key: "still", step: "sent" },
  { key: "still", step: "failed" },
  { key: "pointing" },
  ...WISHES.map((wish): Announcement => ({ key: "wished", wish })),
  { key: "invite" },
  { key: "check", status: "running" },
  { key: "check", status: "done" },
  { key: "check", status: "failed" },
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

describe("the languages", () => {
  it("have the same keys and as many steps in every list", () => {
    const shape = (c: Catalogue): string[] => texts(c, "").map(([path]) => path);
    for (const catalogue of CATALOGUES) {
      expect(shape(catalogue).sort(), catalogue.code).toEqual(shape(sv).sort());
    }
  });

  it("load what they are called", async () => {
    for (const language of LANGUAGES) {
      const catalogue = await load(language);
      expect([catalogue.code, catalogue.own]).toEqual([language.code, language.own]);
    }
    const lost = { code: "xx", own: "", load: () => Promise.reject(new Error("no network")) };
    expect(await load(lost)).toBe(sv);
  });

  it("say what is easy with short sentences", () => {
    const longest = (c: Catalogue): number => {
      const sentences = texts(c, "").flatMap(([, text]) => text.split(/(?<=[.?!])\s/));
      const words = sentences.map((sentence) => sentence.split(/\s+/).length);
      return words
        .sort((a, b) => b - a)
        .slice(0, 10)
        .reduce((sum, n) => sum + n, 0);
    };
    expect(longest(svLatt)).toBeLessThan(longest(sv));
    const differing = texts(svLatt, "").filter(
      ([path, text]) => new Map(texts(sv, "")).get(path) !== text,
    );
    expect(differing.length).toBeGreaterThan(60);
  });

  it("differ in every sentence", () => {
    const english = new Map(texts(en, ""));
    // Words that both languages spell alike.
    const alike = new Set([".roles.patient", ".more.invite"]);
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
    [["sv-latt"], "sv-latt"],
    [["sv-FI", "en"], "sv"],
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
    // code and own: what the list of languages goes by.
    expect(unused.filter((key) => key !== "own")).toEqual(["microphone", "camera"]);
    const groups = ["check", "wait", "oneTime", "talk", "more", "ask", "invite", "survey"];
    const inside = groups.flatMap((group) =>
      Object.keys(sv[group as keyof Catalogue] as object)
        .filter((key) => !new RegExp(`text\\.${group}\\.${key}\\b`).test(source))
        .map((key) => `${group}.${key}`),
    );
    expect(inside).toEqual([]);
  });
});
