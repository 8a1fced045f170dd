// SPDX-License-Identifier: EUPL-1.2
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { condense, ERASE, keystrokes, MAX_LINE, MAX_T140, NEW_LINE, split, type } from "./t140";

describe("keystrokes", () => {
  it.each([
    ["", "hej", "hej"],
    ["hej", "hejsan", "san"],
    ["hejsan", "hej", ERASE.repeat(3)],
    ["ont i armen", "ont i benet", `${ERASE.repeat(5)}benet`],
    ["", "", ""],
    ["👍🏽", "", ERASE.repeat(2)],
    ["a😀", "a😁", `${ERASE}😁`],
  ])("from %j to %j", (before, after, strokes) => {
    expect(keystrokes(before, after)).toBe(strokes);
    expect(type(before, strokes)).toEqual({ done: [], line: after });
  });
});

describe("type", () => {
  it("begins a new line and leaves the finished one alone", () => {
    expect(type("he", `j${NEW_LINE}${ERASE}${ERASE}då`)).toEqual({ done: ["hej"], line: "då" });
  });

  it("takes line feeds for new lines and drops what cannot be seen", () => {
    expect(type("", "a\r\nb\nc\u0007d")).toEqual({ done: ["a", "b"], line: "cd" });
  });

  it("cuts a line that grows too long, losing nothing", () => {
    const { done, line } = type("x".repeat(MAX_LINE), "yz");
    expect(done).toEqual(["x".repeat(MAX_LINE)]);
    expect(line).toBe("yz");
  });
});

describe("condense", () => {
  it.each([
    ["hej", "hej"],
    [`heh${ERASE}j`, "hej"],
    [`${ERASE}${ERASE}ab`, `${ERASE}${ERASE}ab`],
    [`a${NEW_LINE}${ERASE}b`, `a${NEW_LINE}${ERASE}b`],
    [`ab${ERASE}${ERASE}${ERASE}`, ERASE],
  ])("of %j is %j", (strokes, short) => {
    expect(condense(strokes)).toBe(short);
    expect(type("qq", short)).toEqual(type("qq", strokes));
  });
});

describe("split", () => {
  it("cuts between characters and loses none", () => {
    const long = "😀".repeat(MAX_T140);
    const [first, rest] = split(long);
    expect(first.length).toBe(MAX_T140);
    expect(first + rest).toBe(long);
    expect(split("kort")).toEqual(["kort", ""]);
  });
});

interface Vectors {
  readonly messages: readonly {
    readonly name: string;
    readonly text?: string;
    readonly verdict: string;
    readonly lines?: readonly string[];
  }[];
  readonly typed: readonly {
    readonly name: string;
    readonly from: string;
    readonly to: string;
    readonly strokes: string;
  }[];
}

describe("tests/vectors/t140.json", () => {
  const file = new URL("../../tests/vectors/t140.json", import.meta.url);
  const { messages, typed } = JSON.parse(readFileSync(file, "utf8")) as Vectors;
  const shown = messages.filter(({ lines }) => lines !== undefined);

  it.each(shown)("$name is shown as it says", ({ text, lines }) => {
    const { done, line } = type("", text ?? "");
    expect([...done, line]).toEqual(lines);
  });

  it.each(typed)("$name is typed as it says", ({ from, to, strokes }) => {
    expect(keystrokes(from, to)).toBe(strokes);
  });

  // What the server refuses never leaves a field, whatever is pasted into it.
  it.each(messages.filter(({ verdict }) => verdict === "bad-control"))(
    "$name is not sent",
    ({ text }) => {
      expect(keystrokes("", text ?? "")).not.toMatch(/[^\P{Cc}\b]|\u2029/u);
    },
  );
});
