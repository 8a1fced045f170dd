/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/stream/voiceout.h"

#include "media/base/heap.h"
#include "media/codec/opus.h"
#include "media/wire/red.h"

/* One packet of most browsers: 20 ms. */
#define STEP_SAMPLES 960
/* Added to the duration gathered: how late the next packet may be. A guess: ten times what an idle
 * worker's timers and a clean link's jitter come to. */
#define WAIT_US 5000

static unsigned at_most(unsigned value, unsigned low, unsigned high)
{
	if (value < low)
		return low;
	return value < high ? value : high;
}

void voiceout_set_policy(struct voiceout *out, struct voice_policy policy)
{
	out->policy.merge = (uint8_t)at_most(policy.merge, 1, VOICEOUT_MAX_MERGE);
	out->policy.red_distance = (uint8_t)at_most(policy.red_distance, 0, VOICEOUT_MAX_DISTANCE);
}

void voiceout_init(struct voiceout *out, struct voice_policy policy)
{
	*out = (struct voiceout){.started = false};
	voiceout_set_policy(out, policy);
}

void voiceout_restart(struct voiceout *out)
{
	voiceout_init(out, out->policy);
}

/* --- gathering ------------------------------------------------------------------------------- */

static unsigned target_samples(const struct voiceout *out)
{
	return out->policy.merge * (unsigned)STEP_SAMPLES;
}

static struct voiceout_unit pop_ready(struct voiceout *out)
{
	struct voiceout_unit unit = out->ready[0];

	out->ready_count--;
	for (size_t i = 0; i < out->ready_count; i++)
		out->ready[i] = out->ready[i + 1];
	return unit;
}

static void push_ready(struct voiceout *out, struct voiceout_unit unit)
{
	/* Nobody drained for a while (a transport that cannot send yet): old sound is of no use. */
	if (out->ready_count == sizeof(out->ready) / sizeof(out->ready[0]))
		pop_ready(out);
	out->ready[out->ready_count++] = unit;
}

void voiceout_flush(struct voiceout *out)
{
	if (out->gathered.count == 0)
		return;
	push_ready(out, out->gathered);
	out->gathered.count = 0;
	out->samples = 0;
}

static bool can_add(const struct voiceout *out, const struct voice_frame *frame)
{
	return out->gathered.count > 0 && frame->can_merge && frame->kind == out->kind &&
	       frame->seq == out->next_seq && frame->timestamp == out->next_ts && !frame->marker &&
	       out->samples + frame->samples <= target_samples(out);
}

/* Whether one more like it would have a place. */
static bool is_full(const struct voiceout *out, const struct voice_frame *frame)
{
	return !frame->can_merge || out->gathered.count >= VOICEOUT_MAX_FRAMES ||
	       out->samples + frame->samples > target_samples(out);
}

void voiceout_input(struct voiceout *out, int64_t now_us, const struct voice_frame *frame)
{
	/* A source begins with a packet of its own; what RED tells of before was never missed. */
	if (!out->started && frame->is_recovered)
		return;
	if (out->started && frame->seq < out->next_seq) {
		push_ready(out, (struct voiceout_unit){.first_seq = frame->seq, .count = 1});
		return;
	}
	if (!can_add(out, frame))
		voiceout_flush(out);
	if (out->gathered.count == 0) {
		out->gathered.first_seq = frame->seq;
		out->first_us = now_us;
		out->kind = frame->kind;
	}
	out->started = true;
	out->gathered.count++;
	out->samples += frame->samples;
	out->next_seq = frame->seq + 1;
	out->next_ts = frame->timestamp + frame->samples;
	if (is_full(out, frame))
		voiceout_flush(out);
}

int64_t voiceout_deadline_us(const struct voiceout *out)
{
	if (out->gathered.count == 0)
		return DEADLINE_NEVER;
	return out->first_us + out->samples * 1000000LL / OPUS_CLOCK_HZ + WAIT_US;
}

void voiceout_timeout(struct voiceout *out, int64_t now_us)
{
	if (now_us >= voiceout_deadline_us(out))
		voiceout_flush(out);
}

/* --- building -------------------------------------------------------------------------------- */

/* A unit's payload as a block: the frame's own bytes, or merged ones in scratch. False: gone, or no
 * room. */
static bool make_block(struct red_block *block, const struct voice *voice,
		       const struct voiceout_unit *unit, struct wr *scratch)
{
	struct opus_packet packets[VOICEOUT_MAX_FRAMES];
	uint8_t *start = scratch->p;

	for (size_t i = 0; i < unit->count; i++) {
		const struct voice_frame *frame = voice_get(voice, unit->first_seq + (int64_t)i);

		if (!frame)
			return false;
		if (unit->count == 1) {
			block->data = frame->data;
			block->len = frame->len;
			return true;
		}
		if (opus_parse(&packets[i], frame->data, frame->len))
			return false;
	}
	if (opus_merge(scratch, packets, unit->count))
		return false;
	block->data = start;
	block->len = (size_t)(scratch->p - start);
	return true;
}

/* Older payloads before blocks[LIMIT_RED_BLOCKS - 1], which is the primary's: how many. */
static size_t make_older(struct red_block *blocks, const struct voiceout *out,
			 const struct voice *voice, uint32_t timestamp, struct wr *scratch)
{
	size_t depth = out->policy.red_distance < out->sent_count ? out->policy.red_distance
								  : out->sent_count;
	size_t older = 0;

	for (size_t i = 1; i <= depth; i++) {
		const struct voiceout_unit *unit = &out->sent[out->sent_count - i];
		const struct voice_frame *frame = voice_get(voice, unit->first_seq);
		struct red_block *block = &blocks[LIMIT_RED_BLOCKS - 2 - older];

		/* Newer than a late packet is too far back, counted unsigned: that goes alone. */
		if (!frame || timestamp - frame->timestamp > RED_MAX_TS_OFFSET)
			break;
		block->ts_offset = (uint16_t)(timestamp - frame->timestamp);
		if (!make_block(block, voice, unit, scratch))
			break;
		older++;
	}
	return older;
}

/* Writes the payload and fills what does not come from rewrite. */
static bool write_unit(const struct voiceout *out, const struct voice *voice,
		       const struct voiceout_unit *unit, const struct voiceout_types *types,
		       struct wr *w, struct voiceout_payload *payload)
{
	/* What does not fit here would not fit a datagram. */
	uint8_t bytes[LIMIT_DATAGRAM_BYTES];
	struct wr scratch = wr_init(bytes, sizeof(bytes));
	struct red_block blocks[LIMIT_RED_BLOCKS];
	struct red_block *primary = &blocks[LIMIT_RED_BLOCKS - 1];
	const struct voice_frame *first = voice_get(voice, unit->first_seq);
	size_t older = 0;

	*primary = (struct red_block){.ts_offset = 0};
	if (!first || !make_block(primary, voice, unit, &scratch))
		return false;
	if (types->red_pt)
		older = make_older(blocks, out, voice, first->timestamp, &scratch);
	for (size_t i = 0; i <= older; i++)
		(primary - i)->pt = types->pt;
	if (older > 0) {
		int written = red_write(w, primary - older, older + 1);

		older = written > 0 ? (size_t)written : 0;
		if (written < 0)
			return false;
		/* RED without an older block is a byte for nothing. */
		if (older == 0)
			w->p -= RED_PRIMARY_HEADER_BYTES + primary->len;
	}
	if (older == 0)
		wr_bytes(w, primary->data, primary->len);
	payload->older = older;
	payload->is_red = older > 0;
	payload->pt = older > 0 ? types->red_pt : types->pt;
	payload->frames = unit->count;
	payload->marker = first->marker;
	return wr_ok(w);
}

static struct rewrite_in numbers_of(const struct voice_frame *frame)
{
	return (struct rewrite_in){
		.seq = (uint16_t)frame->seq,
		.timestamp = frame->timestamp,
		.arrival_us = frame->capture_us,
		.clock_hz = OPUS_CLOCK_HZ,
	};
}

/* One number for the unit: its last frame's. */
static bool take_number(const struct voice *voice, const struct voiceout_unit *unit,
			struct rewrite *rewrite, struct voiceout_payload *payload)
{
	int64_t last = unit->first_seq + unit->count - 1;
	struct rewrite_out numbers;
	struct rewrite_in in;

	for (int64_t seq = unit->first_seq; seq < last; seq++) {
		in = numbers_of(voice_get(voice, seq));
		rewrite_drop(rewrite, &in);
	}
	in = numbers_of(voice_get(voice, last));
	if (rewrite_packet(rewrite, &in, &numbers))
		return false;
	payload->seq = numbers.seq;
	payload->timestamp =
		rewrite_timestamp(rewrite, voice_get(voice, unit->first_seq)->timestamp);
	payload->arrival_us = voice_get(voice, last)->arrival_us;
	return true;
}

/* In the order of the sound, so that older blocks are in it too. */
static void remember(struct voiceout *out, const struct voiceout_unit *unit)
{
	size_t at = out->sent_count;

	while (at > 0 && out->sent[at - 1].first_seq > unit->first_seq)
		at--;
	if (out->sent_count == VOICEOUT_MAX_DISTANCE) {
		if (at == 0)
			return;
		for (size_t i = 1; i < at; i++)
			out->sent[i - 1] = out->sent[i];
		out->sent[at - 1] = *unit;
		return;
	}
	for (size_t i = out->sent_count; i > at; i--)
		out->sent[i] = out->sent[i - 1];
	out->sent[at] = *unit;
	out->sent_count++;
}

bool voiceout_output(struct voiceout *out, const struct voice *voice, struct rewrite *rewrite,
		     const struct voiceout_types *types, struct wr *w,
		     struct voiceout_payload *payload)
{
	const struct wr start = *w;

	while (out->ready_count > 0) {
		struct voiceout_unit unit = pop_ready(out);

		if (write_unit(out, voice, &unit, types, w, payload) &&
		    take_number(voice, &unit, rewrite, payload)) {
			remember(out, &unit);
			return true;
		}
		*w = start;
	}
	return false;
}
