// SPDX-License-Identifier: EUPL-1.2
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { refineSound } from "./music";

const ANSWER = readFileSync(
  new URL("../../../tests/vectors/offers/chromium-publish.answer", import.meta.url),
  "utf8",
);
const MUSIC = "a=fmtp:111 minptime=10;useinbandfec=1;stereo=1;maxaveragebitrate=96000;usedtx=0\r\n";

describe("refineSound", () => {
  it("makes the stethoscope's line one of music, and no other", () => {
    const refined = refineSound(ANSWER, [
      { mid: "0", source: "stethoscope" },
      { mid: "1", source: "camera" },
    ]);
    expect(refined.split(MUSIC).length).toBe(2);
    expect(refined.indexOf(MUSIC)).toBeLessThan(refined.indexOf("m=video"));
    expect(refined.replace(MUSIC, "a=fmtp:111 minptime=10;useinbandfec=1\r\n")).toBe(ANSWER);
    expect(refineSound(refined, [{ mid: "0", source: "stethoscope" }])).toBe(refined);
  });

  it("leaves a microphone, and a line without Opus", () => {
    expect(refineSound(ANSWER, [{ mid: "0", source: "microphone" }])).toBe(ANSWER);
    const pcm = "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 8\r\na=mid:0\r\na=rtpmap:8 PCMA/8000\r\n";
    expect(refineSound(pcm, [{ mid: "0", source: "stethoscope" }])).toBe(pcm);
  });

  it("says it where the answer said nothing", () => {
    const bare =
      "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=rtpmap:111 opus/48000/2\r\n";
    expect(refineSound(bare, [{ mid: "0", source: "stethoscope" }])).toBe(
      `${bare}a=fmtp:111 stereo=1;maxaveragebitrate=96000;usedtx=0\r\n`,
    );
  });
});
