// SPDX-License-Identifier: EUPL-1.2
import { describe, expect, it } from "vitest";
import { Incoming } from "./incoming";
import { MAX_PART_BYTES, Outgoing, partBytes, sha256, WINDOW } from "./parts";

async function picture(size: number): Promise<{ bytes: Uint8Array<ArrayBuffer>; sum: string }> {
  const bytes = new Uint8Array(size).map((_, i) => (i * 7 + (i >> 8)) & 255);
  return { bytes, sum: await sha256(bytes) };
}

describe("a still in parts", () => {
  it("is whole again at the other end, two parts under way at a time", async () => {
    const { bytes, sum } = await picture(100_001);
    const out = new Outgoing("r1", bytes, sum, 18_000);
    const into = new Incoming("r1", bytes.length, out.count, sum);
    let most = 0;
    const wire = out.due();
    while (wire.length > 0) {
      most = Math.max(most, wire.length);
      const part = wire.shift();
      if (part !== undefined) {
        expect(await into.whole()).toBeNull();
        expect(part.data.length).toBeLessThanOrEqual(24_000);
        expect(into.put(part)).toBe(true);
        out.ack(part.seq);
        wire.push(...out.due());
      }
    }
    expect(most).toBe(WINDOW);
    expect(out.isDone).toBe(true);
    expect(await into.whole()).toEqual(bytes);
  });

  it("sends again what may have been lost, and twice does no harm", async () => {
    const { bytes, sum } = await picture(7000);
    const out = new Outgoing("r1", bytes, sum, 3000);
    const into = new Incoming("r1", bytes.length, out.count, sum);
    expect(out.due().map((p) => p.seq)).toEqual([0, 1]);
    out.ack(1);
    expect(out.again().map((p) => p.seq)).toEqual([0]);
    // An acknowledgement of what was never sent counts for nothing.
    out.ack(9);
    expect(out.arrived).toBe(1);
    for (const part of [...out.again(), ...out.due()]) {
      into.put(part);
      into.put(part);
    }
    expect(into.arrived).toBe(2);
    expect(await into.whole()).toBeNull();
  });

  it("is no picture when a part was changed on the way", async () => {
    const { bytes, sum } = await picture(5000);
    const [part] = new Outgoing("r1", bytes, sum, 18_000).due();
    const into = new Incoming("r1", bytes.length, 1, sum);
    expect(part && into.put({ ...part, sha256: "0" })).toBe(false);
    expect(part && into.put({ ...part, data: btoa("x".repeat(5000)) })).toBe(true);
    expect(await into.whole()).toBeNull();
    expect(part && into.put({ ...part, data: "no base64 at all" })).toBe(true);
    expect(await into.whole()).toBeNull();
  });

  it.each([
    [30, 3000],
    [128, 3999],
    [300, 9375],
    [5000, MAX_PART_BYTES],
  ])("has parts that fit %i kbit/s", (kbps, size) => {
    expect(partBytes(kbps)).toBe(size);
  });
});
