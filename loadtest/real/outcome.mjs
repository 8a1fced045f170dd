// SPDX-License-Identifier: EUPL-1.2
// One run as a row of the report: measures, series and whether it counts. Pure. Without a prefix a
// measure is of the way down, to the patient; `up_` is what the clinician saw and heard.
import { agesOf, machineTrouble, pictureOf, prefixed, quantile, recoveryOf, rounded, rtpOf, seriesOf, soundOf } from "./measures.mjs";

const BIN_MS = 500;
const LATE_MS = 2; // a tenth of the shortest packet interval of sound; docs/bench.md
/** What the bench's content can make use of: 700 kbit/s of 360 lines, sound, headers. */
const CEILING_BPS = 780_000;
const USABLE = 0.95;

/** Bit/s at t seconds of a direction of a profile, outages being none. */
export function capacityAt(direction, t) {
  const { rate_bps: rate, rate_loop_s: loop, outages = [] } = direction;
  for (const o of outages) {
    const since = o.every_s ? (t - o.at_s) % o.every_s : t - o.at_s;
    if (t >= o.at_s && since < o.for_s) return 0;
  }
  if (rate === undefined) return Infinity;
  if (typeof rate === "number") return rate;
  const at = loop ? t % loop : t;
  return rate.reduce((now, [from, bps]) => (from <= at ? bps : now), rate[0][1]);
}

/** The sum of rate(t) over `from` to `to` seconds, in steps of 0.1 s. */
function integral(rate, from, to) {
  const steps = Math.round((to - from) * 10);
  let bits = 0;
  for (let i = 0; i < steps; i++) bits += rate(from + (i + 0.5) / 10) / 10;
  return bits;
}

/** Ends of the outages within the run, in seconds. */
export function restoresOf(direction, until) {
  return (direction.outages ?? []).flatMap((o) => {
    const ends = [];
    for (let at = o.at_s; at + o.for_s < until; at += o.every_s ?? Infinity) ends.push(at + o.for_s);
    return ends;
  });
}

const isMedia = (p) => p.class === "audio" || p.class === "video";

/** What the link itself saw of one direction; `packets` have wall-clock in_ms and out_ms (null: lost). */
export function linkMeasures(packets, direction, zero, from, to) {
  const inside = packets.filter((p) => p.in_ms >= zero + from * 1000 && p.in_ms < zero + to * 1000);
  const done = inside.filter((p) => p.out_ms !== null);
  const waits = (list) => list.map((p) => p.queue_ms);
  const media = done.filter(isMedia);
  const sent = inside.filter(isMedia);
  const bits = (list) => 8 * list.reduce((sum, p) => sum + p.bytes, 0);
  const tcp = done.filter((p) => p.class === "tcp");
  const possible = integral((t) => Math.min(USABLE * capacityAt(direction, t), CEILING_BPS), from, to);
  const whole = integral((t) => Math.min(capacityAt(direction, t), 1e9), from, to);
  return {
    utilisation: possible > 0 ? bits(done) / possible : null,
    queue_ms_p50: quantile(waits(media), 0.5),
    queue_ms_p95: quantile(waits(media), 0.95),
    peak_queue_ms: media.length ? Math.max(...waits(media)) : null,
    audio_queue_ms_p95: quantile(waits(done.filter((p) => p.class === "audio")), 0.95),
    loss: sent.length ? 1 - media.length / sent.length : null,
    queue_loss: sent.length ? sent.filter((p) => p.drop === "queue").length / sent.length : null,
    media_share: bits(media) / whole,
    tcp_share: bits(tcp) / whole,
    media_kbps: bits(media) / (to - from) / 1000,
    audio_kbps: bits(done.filter((p) => p.class === "audio")) / (to - from) / 1000,
    control_kbps: bits(done.filter((p) => !isMedia(p))) / (to - from) / 1000,
  };
}

function linkSeries(packets, direction, zero, bins) {
  const sent = new Array(bins).fill(0);
  const queue = new Array(bins).fill(null);
  for (const p of packets) {
    if (p.out_ms === null) continue;
    const i = Math.floor((p.out_ms - zero) / BIN_MS);
    if (i >= 0 && i < bins) sent[i] += (8 * p.bytes * 1000) / BIN_MS;
    const j = Math.floor((p.in_ms - zero) / BIN_MS);
    if (j >= 0 && j < bins && isMedia(p)) queue[j] = Math.max(queue[j] ?? 0, Math.round(p.queue_ms));
  }
  const capacity = Array.from({ length: bins }, (_, i) => capacityAt(direction, ((i + 0.5) * BIN_MS) / 1000));
  return { capacity_bps: capacity.map((c) => (Number.isFinite(c) ? c : null)), sent_bps: sent.map(Math.round), queue_ms: queue };
}

function joinMeasures(side) {
  const clicked = side.marks.join;
  const picture = side.frames.remote.at(0)?.[0];
  return {
    first_audio_s: side.marks.firstAudio !== undefined ? (side.marks.firstAudio - clicked) / 1000 : null,
    first_picture_s: picture !== undefined ? (picture - clicked) / 1000 : null,
  };
}

/** In a party only the patient's and the clinician's pictures carry counters: what they show of others is
 * left out. A counter is read each 90 ms, which is fine enough for stalls of 400 ms, not for fps. */
function withoutCrowd(sides) {
  const only = ({ frames, ...side }) => ({ ...side, frames: { ...frames, remote: frames.remote.filter(([, , , n]) => n !== null) } });
  return { patient: only(sides.patient), clinician: only(sides.clinician) };
}

function recovery(plan, seen, content, to) {
  const ends = restoresOf(plan.link.down, plan.duration_s - 5);
  if (ends.length === 0) return {};
  const { patient, clinician } = seen.sides;
  const ages = agesOf(patient.frames.remote, clinician.frames.local, content);
  const all = ends.map((s) => recoveryOf(patient, ages, seen.zero + s * 1000, to));
  return { audio_back_s: Math.max(...all.map((r) => r.audio_back_s)), picture_back_s: Math.max(...all.map((r) => r.picture_back_s)) };
}

function troubles(seen, content, from, to) {
  const found = [];
  if (seen.link.late_p999_ms > LATE_MS) found.push(`the emulator was ${seen.link.late_p999_ms.toFixed(1)} ms late (p99.9)`);
  for (const [name, side] of Object.entries(seen.sides)) {
    const why = machineTrouble(name, side, content, from, to);
    if (why) found.push(why);
  }
  return found;
}

/** seen: what run.mjs's call() returned, with the links' log. */
export function outcome(plan, seen, content) {
  if (seen.failed) return { measures: { joined: 0 }, series: {}, reason: seen.failed };
  const from = seen.zero + plan.from_s * 1000;
  const to = seen.zero + plan.duration_s * 1000;
  const { patient, clinician } = plan.others ? withoutCrowd(seen.sides) : seen.sides;
  const bins = Math.floor((plan.duration_s * 1000) / BIN_MS);
  const down = linkMeasures(seen.link.down, plan.link.down, seen.zero, plan.from_s, plan.duration_s);
  const up = linkMeasures(seen.link.up, plan.link.up, seen.zero, plan.from_s, plan.duration_s);
  const measures = {
    joined: 1,
    ...joinMeasures(patient),
    ...soundOf(patient.polls, from, to),
    ...pictureOf(patient.frames.remote, clinician.frames.local, content, from, to),
    ...rtpOf(patient.polls, from, to),
    ...recovery(plan, seen, content, to),
    ...down,
    ...prefixed("up_", { ...soundOf(clinician.polls, from, to),
      ...pictureOf(clinician.frames.remote, patient.frames.local, content, from, to), ...up }),
    page_late_p95_ms: Math.max(...Object.values(seen.sides).map((s) => quantile(s.late.map(([, ms]) => ms), 0.95) ?? 0)),
    server_cpu: seen.used.server,
    machine_busy: seen.used.busy,
    emulator_late_p999_ms: seen.link.late_p999_ms,
  };
  const series = { ...seriesOf(patient, seen.zero, to, BIN_MS), ...linkSeries(seen.link.down, plan.link.down, seen.zero, bins) };
  const found = troubles(seen, content, from, to);
  return { measures: rounded(measures), series, void: found.length > 0, reason: found.join("; ") };
}
