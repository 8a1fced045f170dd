// SPDX-License-Identifier: EUPL-1.2
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { withAudioNack, withPtime, withRedundancy } from "./sdp";

function vector(name: string): string {
  return readFileSync(new URL(`../../tests/vectors/offers/${name}`, import.meta.url), "utf8");
}

describe("withAudioNack", () => {
  it.each(["chromium-publish.sdp", "firefox-publish.sdp"])("asks in %s, once a line", (name) => {
    const offer = vector(name);
    const asked = withAudioNack(offer);
    const lines = offer.match(/^m=audio /gm)?.length ?? 0;
    expect(lines).toBe(4);
    expect(asked.match(/^a=rtcp-fb:(111|109) nack\r$/gm)?.length).toBe(lines);
    expect(withAudioNack(asked)).toBe(asked);
    expect(asked.replace(/^a=rtcp-fb:(111|109) nack\r\n/gm, "")).toBe(offer);
  });

  it("leaves what it does not know", () => {
    expect(withAudioNack("4 lines")).toBe("4 lines");
    const pcm = "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 8\r\na=rtpmap:8 PCMA/8000\r\n";
    expect(withAudioNack(pcm)).toBe(pcm);
  });
});

describe("withPtime", () => {
  it("says it of one line, changes it and takes it back", () => {
    const answer = vector("chromium-publish.answer");
    const long = withPtime(answer, "0", 60);
    expect(long.match(/a=ptime/g)).toEqual(["a=ptime"]);
    expect(long.indexOf("a=ptime:60\r\n")).toBeLessThan(long.indexOf("m=video"));
    expect(withPtime(long, "0", 20)).toBe(long.replace("a=ptime:60", "a=ptime:20"));
    expect(withPtime(long, "0", null)).toBe(answer);
    expect(withPtime(answer, "99", 60)).toBe(answer);
    expect(withPtime(answer, null, 60)).toBe(answer);
  });
});

describe("withRedundancy", () => {
  it("puts RED first in one line and changes nothing else", () => {
    const answer = vector("chromium-publish.answer");
    const red = withRedundancy(answer, "0");
    expect(answer).toContain("SAVPF 111 63");
    expect(red).toContain("SAVPF 63 111");
    expect(red.replace("SAVPF 63 111", "SAVPF 111 63")).toBe(answer);
    expect(withRedundancy(red, "0")).toBe(red);
    expect(withRedundancy(answer, "1")).toBe(answer);
    expect(withRedundancy(answer, null)).toBe(answer);
  });

  it("leaves a line without RED", () => {
    const plain =
      "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=rtpmap:111 opus/48000/2\r\n";
    expect(withRedundancy(plain, "0")).toBe(plain);
  });
});
