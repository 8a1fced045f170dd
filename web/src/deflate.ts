// SPDX-License-Identifier: EUPL-1.2
// Descriptions made small for a thin link: the zlib format in base64 (docs/protocol.md 2). The state and
// the peer know whole descriptions only; this is how they travel.

import type { DeflatedAnswer, ServerMessage } from "./protocol";

/** Larger than any answer: a server that sends more is not ours. */
const MAX_BYTES = 131_072;

/** Safari before 16.4 has none, and sends descriptions as they are. */
export function canDeflate(): boolean {
  try {
    return new CompressionStream("deflate") instanceof CompressionStream;
  } catch {
    return false;
  }
}

export async function deflate(text: string): Promise<string> {
  const bytes = await through(new CompressionStream("deflate"), new TextEncoder().encode(text));
  return btoa(String.fromCharCode(...bytes));
}

export async function inflate(packed: string): Promise<string> {
  const bytes = Uint8Array.from(atob(packed), (c) => c.charCodeAt(0));
  return new TextDecoder().decode(await through(new DecompressionStream("deflate"), bytes));
}

/** An answer made whole, or null when nothing can be made of it. */
export async function unpackAnswer({
  seq,
  sdp_deflate,
}: DeflatedAnswer): Promise<ServerMessage | null> {
  try {
    return { type: "answer", seq, sdp: await inflate(sdp_deflate) };
  } catch {
    return null;
  }
}

async function through(
  stream: CompressionStream | DecompressionStream,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array> {
  const writer = stream.writable.getWriter();
  // What is wrong with the bytes is told by the reader.
  writer.write(bytes).catch(() => undefined);
  writer.close().catch(() => undefined);
  const reader = stream.readable.getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    size += next.value.length;
    if (size > MAX_BYTES) {
      await reader.cancel();
      throw new RangeError("too large");
    }
    parts.push(next.value);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
