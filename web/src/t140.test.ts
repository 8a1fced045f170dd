// SPDX-License-Identifier: EUPL-1.2
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
