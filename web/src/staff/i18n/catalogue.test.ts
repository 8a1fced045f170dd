// SPDX-License-Identifier: EUPL-1.2
import { expect, it } from "vitest";
import { LANGUAGES } from "../../i18n/catalogue";
import { ACTS, OUTCOMES, WISHES } from "../../protocol";
import { loadWords } from "./catalogue";
import { enStaff } from "./en";
import { svStaff, type Words } from "./sv";
import { svLattStaff } from "./sv-latt";
import { troublesEn } from "./trouble-en";
import { troublesLatt } from "./trouble-latt";
import { troublesSv } from "./trouble-sv";

const CATALOGUES: readonly Words[] = [svStaff, svLattStaff, enStaff];

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

it("every language has the same keys and says something at each", () => {
  const shape = (words: Words): string[] => texts(words, "").map(([path]) => path);
  for (const words of CATALOGUES) {
    expect(shape(words).sort(), words.code).toEqual(shape(svStaff).sort());
    for (const [path, text] of texts(words, "")) {
      expect(text === "", `${words.code}${path}`).toBe(EMPTY.includes(path));
    }
  }
});

it("every code has words in every language", () => {
  for (const { codes, doing } of [troublesEn, troublesLatt]) {
    expect(Object.keys(codes).sort()).toEqual(Object.keys(troublesSv.codes).sort());
    expect(Object.keys(doing).sort()).toEqual(Object.keys(troublesSv.doing).sort());
  }
  for (const words of CATALOGUES) {
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

/** What the functions of a catalogue say that stands alone, as the tests' own cases have it. */
function said(words: Words): string[] {
  const asks = ACTS.flatMap((act) =>
    (["asked", "refused", "given", "coming", "done", "spoiled", "lapsed"] as const).map((step) => {
      const ask = {
        key: 1,
        participant: "p",
        name: "Elsa",
        act,
        step,
        arrived: 1,
        count: 2,
        id: "1",
      };
      return words.asks(ask);
    }),
  );
  const endings = (["ended", "left", "removed", "replaced", "problem"] as const).map((how) =>
    words.ended({ title: "", how, outcome: "physical-visit" }),
  );
  const deeds = Object.values(words.deeds).map((deed) => deed("Elsa"));
  return [
    ...asks,
    ...endings,
    ...deeds,
    words.figures.lead(5),
    words.rooms.help("Ammarnäs", "5 min"),
  ];
}

/** At most so many words in a sentence of easy Swedish; a list or a name may make it one more. */
const EASY_WORDS = 13;

it("easy Swedish has short sentences, and words of its own", () => {
  const all = [
    ...texts(svLattStaff, ""),
    ...Object.entries(troublesLatt.codes),
    ...Object.entries(troublesLatt.doing),
    ...said(svLattStaff).map((text): [string, string] => ["said", text]),
  ];
  for (const [path, text] of all) {
    for (const sentence of text.split(/(?<=[.?!:])\s/)) {
      expect(sentence.split(/\s+/).length, `${path}: ${sentence}`).toBeLessThanOrEqual(EASY_WORDS);
    }
  }
  const swedish = new Map(texts(svStaff, ""));
  const own = texts(svLattStaff, "").filter(([path, text]) => swedish.get(path) !== text);
  expect(own.length).toBeGreaterThan(120);
});

it("every language of the page loads its own words, any other Swedish", async () => {
  for (const { code } of LANGUAGES) {
    expect((await loadWords(code)).code).toBe(code);
  }
  expect((await loadWords("fi")).code).toBe("sv");
});
