// SPDX-License-Identifier: EUPL-1.2
import { expect, it } from "vitest";
import { OUTCOMES, WISHES } from "../../protocol";
import { loadWords } from "./catalogue";
import { enStaff } from "./en";
import { svStaff } from "./sv";
import { troublesEn } from "./trouble-en";
import { troublesSv } from "./trouble-sv";

// Every plain text of a catalogue, with the path it stands at.
function texts(value: unknown, path: string): [string, string][] {
  if (typeof value === "string") {
    return [[path, value]];
  }
  if (typeof value !== "object" || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([key, item]) => texts(item, `${path}.${key}`));
}

/** Said with nothing on purpose, and names that are the same. */
const EMPTY = [".pageTitle.loading", ".queue.status.off", ".queue.status.live"];
const SAME = [".waitingTitle", ".filters.shownWords.all", ".practice.mark", ".figures.period"];

it("no text is empty, and none has been left in Swedish", () => {
  const english = new Map(texts(enStaff, ""));
  for (const [path, text] of texts(svStaff, "")) {
    if (!EMPTY.includes(path)) {
      expect(text, path).not.toBe("");
      expect(english.get(path), path).toBeTruthy();
    }
    if (text.length > 4 && !SAME.includes(path)) {
      expect(english.get(path), path).not.toBe(text);
    }
  }
});

it("every code has words in both languages", () => {
  expect(Object.keys(troublesEn.codes)).toEqual(Object.keys(troublesSv.codes));
  for (const words of [svStaff, enStaff]) {
    expect(words.trouble({ code: "never-heard-of", doing: "enter" })).not.toContain("undefined");
    for (const outcome of OUTCOMES) {
      expect(words.ended({ title: "", how: "ended", outcome })).toContain(words.outcomes[outcome]);
    }
    for (const wish of WISHES) {
      const card = {
        key: 1,
        participant: "p",
        name: "Elsa",
        what: { kind: "wish", wish },
      } as const;
      expect(words.cards.text(card)).toContain("Elsa");
    }
  }
});

it("a language that the staff page has not is Swedish", async () => {
  expect((await loadWords("sv-latt")).code).toBe("sv");
  expect((await loadWords("en")).code).toBe("en");
});
