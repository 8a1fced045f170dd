// SPDX-License-Identifier: EUPL-1.2
// The bench's arithmetic on calls whose figures are known by construction.
import assert from "node:assert/strict";
import { test } from "node:test";

import { bitsOf, readCode } from "../../loadtest/real/code.mjs";
import {
  agesOf, captureRate, gapsOf, growth, machineTrouble, pictureOf, quantile, recoveryOf, rounded, seriesOf, soundOf, stallOf,
} from "../../loadtest/real/measures.mjs";
import { classOf, readLog } from "../../loadtest/real/linklog.mjs";
import { capacityAt, linkMeasures, outcome, restoresOf } from "../../loadtest/real/outcome.mjs";

const CONTENT = { fps: 20, frames: 400 };

/** Polls each 250 ms: a stream whose counters grow by `per` a poll, changed by `at(i)`. */
function sound(polls, at = () => ({})) {
  const sum = { concealedSamples: 0, silentConcealedSamples: 0, totalSamplesReceived: 0, packetsReceived: 0 };
  return Array.from({ length: polls }, (_, i) => {
    const step = { totalSamplesReceived: 12_000, packetsReceived: 12, ...at(i) };
    for (const key of Object.keys(sum)) sum[key] += step[key] ?? 0;
    return [i * 250, [{ type: "inbound-rtp", kind: "audio", pc: 0, ssrc: 1, ...sum }]];
  });
}

/** Frames [wall, track, height, counter] each 50 ms from `from` to `to`, `late` ms after the preview. */
const frames = (from, to, late = 0, height = 360) =>
  Array.from({ length: Math.floor((to - from) / 50) }, (_, i) => [from + i * 50 + late, 0, height, (from / 50 + i) % 400]);

test("the counter survives being written and read, and nonsense is no counter", () => {
  for (const n of [0, 1, 255, 256, 399, 511]) assert.equal(readCode(bitsOf(n).map((b) => (b ? 235 : 16))), n);
  assert.equal(readCode(new Array(18).fill(128)), null);
  assert.equal(readCode(bitsOf(5).map((b, i) => (i === 17 ? 200 : b ? 235 : 16))), null);
});

test("audible concealment is what was made up and not silent", () => {
  const polls = sound(41, (i) => (i === 20 ? { concealedSamples: 6000, silentConcealedSamples: 1200 } : {}));
  const found = soundOf(polls, 0, 10_000);
  assert.equal(found.audible_concealment.toFixed(5), (4800 / (41 * 12_000)).toFixed(5));
  assert.equal(found.longest_concealment_ms, 0);
});

test("the longest concealment counts polls that are mostly made up, one after the other", () => {
  const polls = sound(41, (i) => ([10, 11, 12, 30].includes(i) ? { concealedSamples: 12_000 } : {}));
  assert.equal(soundOf(polls, 0, 10_000).longest_concealment_ms, 750);
});

test("no sound at all is not measured, rather than perfect", () => {
  const found = soundOf([[0, []], [250, []]], 0, 1000);
  assert.equal(found.audible_concealment, null);
  assert.deepEqual(rounded({ a: null, b: NaN, c: 0 }), { c: 0 });
});

test("a stream missing for one poll is not counted twice", () => {
  const polls = sound(10);
  polls[5] = [polls[5][0], []];
  const sum = growth(polls, "inbound-rtp", "audio", ["totalSamplesReceived"]).reduce((n, s) => n + s.totalSamplesReceived, 0);
  assert.equal(sum, 120_000);
});

test("a picture that never comes is a stall, and so is one that stops", () => {
  assert.equal(stallOf(gapsOf([], 0, 10_000), 400), 1);
  const stops = gapsOf(frames(0, 5000).map(([t]) => t), 0, 10_000);
  assert.ok(Math.abs(stallOf(stops, 400) - 0.505) < 0.01);
  assert.equal(stallOf(gapsOf(frames(0, 10_000).map(([t]) => t), 0, 10_000), 400), 0);
});

test("a gap of 600 ms stalls at 400 and not at 1000", () => {
  const shown = frames(0, 10_000).filter(([t]) => t <= 3000 || t >= 3600);
  const found = pictureOf(shown, frames(0, 10_000), CONTENT, 0, 10_000);
  assert.equal(found.stall_400.toFixed(3), "0.060");
  assert.equal(found.stall_1000, 0);
  assert.equal(found.picture_gap_max_s, 0.6);
});

test("the age of a picture is from the sender's preview, also over the seam of the file", () => {
  const ages = agesOf(frames(0, 40_000, 180), frames(0, 40_000), CONTENT).map(({ ms }) => ms);
  assert.equal(quantile(ages, 0.5), 180);
  assert.equal(Math.max(...ages), 180);
  const early = agesOf([[1000, 0, 360, 22]], [[1000, 0, 360, 20]], CONTENT);
  assert.equal(early[0].ms, -100);
});

test("how long which height is shown is by time, not by frames", () => {
  const shown = [...frames(0, 5000, 0, 180), ...frames(5000, 10_000, 0, 360).filter((_, i) => i % 10 === 0)];
  const found = pictureOf(shown, [], CONTENT, 0, 10_000);
  assert.ok(Math.abs(found.share_360_lines - 0.5) < 0.06 && found.share_180_lines === 1);
});

test("recovery is from the restore to whole sound and to a fresh picture", () => {
  const polls = sound(81, (i) => (i > 20 && i <= 34 ? { totalSamplesReceived: 12_000, concealedSamples: 12_000, packetsReceived: 0 } : {}));
  const side = { polls };
  const back = recoveryOf(side, [{ at: 8100, ms: 3100 }, { at: 8600, ms: 150 }], 8000, 20_000);
  assert.equal(back.picture_back_s, 0.6);
  assert.equal(back.audio_back_s, 0.5);
  assert.equal(recoveryOf({ polls: [] }, [], 8000, 20_000).picture_back_s, 12);
});

test("a machine that is not up to it is told", () => {
  const side = (over = {}) => ({ polls: [], late: [[100, 3]], frames: { local: frames(0, 10_000) }, ...over });
  const trouble = (over) => machineTrouble("x", side(over), CONTENT, 0, 10_000);
  const polls = (stats) => Array.from({ length: 40 }, (_, i) => [i * 250, [{ kind: "video", pc: 0, ssrc: 1, ...stats(i) }]]);
  assert.equal(trouble({}), "");
  assert.match(trouble({ polls: polls(() => ({ type: "outbound-rtp", qualityLimitationReason: "cpu" })) }), /cpu/);
  assert.equal(trouble({ polls: polls(() => ({ type: "outbound-rtp", qualityLimitationReason: "bandwidth" })) }), "");
  assert.match(trouble({ polls: polls((i) => ({ type: "outbound-rtp", framesEncoded: i * 5, totalEncodeTime: i * 5 * 0.045 })) }), /45 ms to encode/);
  assert.match(trouble({ polls: polls((i) => ({ type: "inbound-rtp", framesDecoded: i * 5, totalDecodeTime: i * 5 * 0.04 })) }), /40 ms to decode/);
  assert.match(trouble({ frames: { local: frames(0, 5000).map(([t, k, h, n]) => [2 * t, k, h, n]) } }), /only 10.0 frames/);
  assert.match(trouble({ late: Array.from({ length: 100 }, (_, i) => [i * 100, i % 10 === 0 ? 80 : 2]) }), /80 ms late/);
});

test("the pace of the camera is that of its counters, not of the frames the preview shows", () => {
  const seam = Array.from({ length: 200 }, (_, i) => [i * 200, 0, 360, (i * 4) % 400]);
  assert.equal(captureRate(seam, CONTENT, 0, 40_000), 20);
  assert.equal(captureRate([[0, 0, 360, 5], [50, 0, 360, 4], [1000, 0, 360, 25]], CONTENT, 0, 1000), 20);
  assert.equal(captureRate([[0, 0, 360, null]], CONTENT, 0, 1000), null);
});

test("series have one value per bin, and stalls fill the bins they lie in", () => {
  const found = seriesOf({ polls: sound(41), frames: { remote: frames(0, 10_000).filter(([t]) => t <= 3000 || t >= 5000) } }, 0, 10_000, 500);
  assert.equal(found.t.length, 20);
  assert.deepEqual(found.stall.slice(5, 11), [0, 1, 1, 1, 1, 0]);
  assert.equal(found.height[2], 360);
  assert.equal(found.height[7], null);
});

const STEPS = { rate_bps: [[0, 1_000_000], [10, 200_000]], outages: [{ at_s: 4, for_s: 1, every_s: 20, kind: "hold" }] };

test("capacity follows the trace and is nothing in an outage", () => {
  assert.deepEqual([0, 4.5, 5, 10, 24.5, 99].map((t) => capacityAt(STEPS, t)), [1e6, 0, 1e6, 2e5, 0, 2e5]);
  assert.equal(capacityAt({}, 1), Infinity);
  assert.equal(capacityAt({ rate_bps: [[0, 10], [5, 20]], rate_loop_s: 10 }, 12), 10);
  assert.deepEqual(restoresOf(STEPS, 60), [5, 25, 45]);
});

/** A packet of 1000 bytes each 50 ms: 160 kbit/s. */
const packets = (seconds, extra = () => ({})) => Array.from({ length: seconds * 20 }, (_, i) => ({
  in_ms: i * 50, out_ms: i * 50 + 30, queue_ms: 10, bytes: 1000, class: "video", drop: null, ...extra(i),
}));

test("what the link saw: use, queues, loss", () => {
  const found = linkMeasures(packets(10, (i) => (i % 10 === 0 ? { out_ms: null, drop: "queue" } : {})), { rate_bps: 160_000 }, 0, 0, 10);
  assert.equal(found.utilisation.toFixed(2), (0.9 / 0.95).toFixed(2));
  assert.equal(found.queue_ms_p95, 10);
  assert.equal(found.loss.toFixed(2), "0.10");
  assert.equal(found.queue_loss.toFixed(2), "0.10");
  assert.equal(found.audio_queue_ms_p95, null);
  assert.equal(linkMeasures([], { rate_bps: 1000 }, 0, 0, 10).loss, null);
});

function seen(over = {}) {
  const side = () => ({ polls: sound(81), frames: { remote: frames(0, 20_000, 100), local: frames(0, 20_000) }, marks: { join: -500, firstAudio: 0 }, late: [[5000, 4]] });
  const link = { late_p999_ms: 0.3, down: packets(20), up: packets(20) };
  return { zero: 0, sides: { patient: side(), clinician: side() }, link, used: { busy: 0.5, server: 0.02 }, ...over };
}
const PLAN = { duration_s: 20, from_s: 2, link: { down: { rate_bps: 500_000 }, up: { rate_bps: 500_000 } } };

test("a whole run becomes measures of both ways", () => {
  const { measures, series, void: isVoid } = outcome(PLAN, seen(), CONTENT);
  assert.equal(isVoid, false);
  assert.equal(measures.first_audio_s, 0.5);
  assert.equal(measures.up_stall_400, 0);
  assert.equal(measures.picture_age_p50_ms, 100);
  assert.equal(series.capacity_bps.length, series.t.length);
  assert.equal(series.sent_bps[3], 160_000);
});

test("a late emulator or a late page makes a run void, whatever it measured", () => {
  const late = seen();
  late.link.late_p999_ms = 2.5;
  assert.match(outcome(PLAN, late, CONTENT).reason, /emulator was 2.5 ms late/);
  assert.equal(outcome(PLAN, late, CONTENT).void, true);
  const slow = seen();
  slow.sides.clinician.late = [[5000, 200]];
  assert.match(outcome(PLAN, slow, CONTENT).reason, /clinician: the page's timers/);
});

test("in a party only pictures with a counter are judged", () => {
  const party = seen();
  const crowd = frames(0, 20_000, 10).map(([t, , h]) => [t, 1, h, null]);
  const own = party.sides.patient.frames.remote.filter(([t]) => t < 10_000);
  party.sides.patient.frames.remote = [...own, ...crowd].sort((a, b) => a[0] - b[0]);
  assert.ok(outcome({ ...PLAN, others: 4 }, party, CONTENT).measures.stall_400 > 0.5);
});

test("a patient who cannot join is a result of the system, not void", () => {
  const found = outcome(PLAN, { failed: "the patient could not join: timeout" }, CONTENT);
  assert.equal(found.void, undefined);
  assert.deepEqual(found.measures, { joined: 0 });
});

/** A log as loadtest/linkem/record.h lays it out. */
function log(records) {
  const buffer = Buffer.alloc(16 + 72 * records.length);
  buffer.write("VIDDLINK");
  buffer.writeUInt32BE(1, 8);
  buffer.writeUInt32BE(72, 12);
  records.forEach((r, i) => {
    const at = 16 + 72 * i;
    [r.in ?? 0, r.depart ?? 0, r.due ?? 0, r.out ?? 0].forEach((t, k) => buffer.writeBigInt64BE(BigInt(t) * 1000n, at + 8 * k));
    buffer.writeUInt32BE(r.queue ?? 0, at + 32);
    buffer.writeUInt16BE(r.bytes ?? 100, at + 36);
    buffer[at + 38] = r.pair ?? 0;
    buffer[at + 39] = r.way ?? 0;
    buffer[at + 40] = r.outcome ?? 0;
    buffer[at + 42] = r.protocol ?? 17;
    Buffer.from(r.head ?? [0x80, 96]).copy(buffer, at + 56);
  });
  return buffer;
}

const wall = (ns) => Number(ns) / 1e6;

test("the emulator's log is read: ways, times, waits, classes, losses", () => {
  const found = readLog(log([
    { outcome: 9, in: 1000 },
    { in: 2000, depart: 5000, due: 15_000, out: 15_300, queue: 2500, bytes: 1200 },
    { in: 3000, outcome: 2, way: 1, head: [0x80, 111] },
    { in: 4000, due: 5000, out: 5100, protocol: 6 },
    { pair: 1, in: 5000, due: 6000, out: 6200 },
  ]), wall);
  assert.equal(found.down.length, 2);
  assert.equal(found.start_ms, 1);
  assert.deepEqual(found.down[0], { in_ms: 2, out_ms: 15.3, queue_ms: 2.5, bytes: 1200, class: "video", drop: null });
  assert.deepEqual([found.up[0].class, found.up[0].drop, found.up[0].out_ms], ["audio", "queue", null]);
  assert.equal(found.down[1].class, "tcp");
  assert.equal(found.late_p999_ms.toFixed(2), "0.30");
});

test("sound, picture and the rest are told apart by their first bytes", () => {
  assert.equal(classOf(17, [0x90, 0x80 | 111]), "audio");
  assert.equal(classOf(17, [0x80, 63]), "audio");
  assert.equal(classOf(17, [0x80, 0x80 | 97]), "video");
  assert.equal(classOf(17, [0x80, 200]), "control");
  assert.equal(classOf(17, [0x00, 1]), "control");
  assert.equal(classOf(17, [22, 254]), "control");
  assert.equal(classOf(6, [0x80, 111]), "tcp");
});

test("a log of another kind is refused, one cut short is read as far as it goes", () => {
  assert.throws(() => readLog(Buffer.alloc(16), wall), /no log/);
  assert.equal(readLog(log([{ in: 1 }, { in: 2 }]).subarray(0, 16 + 72 + 30), wall).down.length, 1);
});
