// SPDX-License-Identifier: EUPL-1.2
// The log of vidd-linkem (loadtest/linkem/record.h) as packets of both ways with wall-clock times.
// Pure. Read as what this machine wrote itself, but a log cut short in the middle of a record is borne.
import { quantile } from "./measures.mjs";

const HEADER = 16;
const RECORD = 72;
const VERSION = 1;
// enum link_verdict, then enum record_outcome.
const OUTCOMES = ["delivered", "loss", "queue", "codel", "outage", "blocked", "overrun", "unwritten", "unsent", "start"];
const START = OUTCOMES.indexOf("start");
const UDP = 17;
const TCP = 6;
/** Chromium's payload types of Opus and of RED with Opus in it; whatever else is RTP is video. */
const SOUND = new Set([111, 63]);

/** What a packet is for. Under SRTP the first bytes stay readable (RFC 3711 3.1); RFC 7983 tells them apart. */
export function classOf(protocol, head) {
  if (protocol === TCP) return "tcp";
  if (protocol !== UDP || (head[0] & 0xc0) !== 0x80) return "control";
  if (head[1] >= 192 && head[1] <= 223) return "control"; // RTCP, RFC 5761 4
  return SOUND.has(head[1] & 0x7f) ? "audio" : "video";
}

/** `wallOf`: CLOCK_MONOTONIC in ns (BigInt) to wall-clock ms. Packets are those of the first pair, the
 * thin link; lateness is of all, because a late clean link spoils a run as well. */
export function readLog(buffer, wallOf) {
  const magic = buffer.toString("latin1", 0, 8);
  if (magic !== "VIDDLINK" || buffer.readUInt32BE(8) !== VERSION || buffer.readUInt32BE(12) !== RECORD) {
    throw new Error("no log of vidd-linkem of this version");
  }
  const found = { start_ms: null, down: [], up: [], late_p999_ms: 0, outcomes: {} };
  const late = [];
  for (let at = HEADER; at + RECORD <= buffer.length; at += RECORD) {
    const outcome = buffer[at + 40];
    const inNs = buffer.readBigInt64BE(at);
    if (outcome === START) {
      found.start_ms = wallOf(inNs);
      continue;
    }
    const outNs = buffer.readBigInt64BE(at + 24);
    const isThere = outcome === 0;
    const isThin = buffer[at + 38] === 0;
    if (isThere) late.push(Number(outNs - buffer.readBigInt64BE(at + 16)) / 1e6);
    if (!isThin) continue;
    const name = OUTCOMES[outcome] ?? `outcome ${outcome}`;
    found.outcomes[name] = (found.outcomes[name] ?? 0) + 1;
    found[buffer[at + 39] === 0 ? "down" : "up"].push({
      in_ms: wallOf(inNs),
      out_ms: isThere ? wallOf(outNs) : null,
      queue_ms: buffer.readUInt32BE(at + 32) / 1000,
      bytes: buffer.readUInt16BE(at + 36),
      class: classOf(buffer[at + 42], buffer.subarray(at + 56, at + 68)),
      drop: isThere ? null : name,
    });
  }
  found.late_p999_ms = quantile(late, 0.999) ?? 0;
  return found;
}
