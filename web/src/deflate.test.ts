// SPDX-License-Identifier: EUPL-1.2
import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it, vi } from "vitest";
import { canDeflate, deflate, inflate, unpackAnswer } from "./deflate";

const offer = readFileSync(
  new URL("../../tests/vectors/offers/chromium-publish.sdp", import.meta.url),
  "utf8",
);

afterEach(() => vi.unstubAllGlobals());

describe("packed descriptions", () => {
  it("are an eighth of it and come back whole", async () => {
    const packed = await deflate(offer);
    expect(packed.length).toBeLessThan(offer.length / 8);
    expect(await inflate(packed)).toBe(offer);
  });

  it("are read as the server writes them", async () => {
    const sdp_deflate = "eNorszXg5cq31VUwBEJPPwXPABMFQyNzPQMgNOTlKrbV5eUqsTVQAKoCAMGyCEI=";
    const sdp = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n";
    expect(await unpackAnswer({ type: "answer", seq: 2, sdp_deflate })).toEqual({
      type: "answer",
      seq: 2,
      sdp,
    });
  });

  it.each(["", "%", "AAAA", "K7M14OXKt9VV"])("of nonsense are none: %j", async (sdp_deflate) => {
    expect(await unpackAnswer({ type: "answer", seq: 1, sdp_deflate })).toBeNull();
  });

  it("end where they grow beyond any answer", async () => {
    const sdp_deflate = await deflate("v".repeat(131_073));
    expect(await unpackAnswer({ type: "answer", seq: 1, sdp_deflate })).toBeNull();
    expect(await inflate(await deflate("v".repeat(131_072)))).toHaveLength(131_072);
  });

  it("are not made where the browser cannot", () => {
    expect(canDeflate()).toBe(true);
    vi.stubGlobal("CompressionStream", undefined);
    expect(canDeflate()).toBe(false);
  });
});
