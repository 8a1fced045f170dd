/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/stream/rewrite.h"

#include <errno.h>
#include <string.h>

#include "media/base/seq.h"

#define SEQ_BITS       16
#define PICTURE_BITS   15
#define SHORT_PIC_BITS 7
#define TL0_BITS       8
#define KEYIDX_BITS    5
#define FRAME_BITS     16

#define REPLAY_HZ     1000	   /* pictures of a replayed run stand a millisecond apart */
#define MINUTES_60_US 3600000000LL /* longer pauses go on as this: serial order stays defined */

/* The unwrapped number nearest to `near` whose low bits are value; half way counts as older. */
static int64_t unwrap(int64_t near, uint32_t value, unsigned bits)
{
	uint32_t mask = (1u << bits) - 1;
	uint32_t ahead = (value - (uint32_t)near) & mask;

	return near + ahead - (ahead > mask / 2 ? (int64_t)mask + 1 : 0);
}

static bool bit_get(const uint64_t *bits, int64_t at)
{
	uint64_t place = (uint64_t)at % REWRITE_WINDOW;

	return bits[place / 64] >> (place % 64) & 1;
}

static void bit_set(uint64_t *bits, int64_t at)
{
	uint64_t place = (uint64_t)at % REWRITE_WINDOW;

	bits[place / 64] |= (uint64_t)1 << (place % 64);
}

/* Forgets (from, to]: those numbers enter the window now. */
static void bits_clear(uint64_t *bits, int64_t from, int64_t to)
{
	if (to - from >= REWRITE_WINDOW) {
		memset(bits, 0, REWRITE_WINDOW / 8);
		return;
	}
	for (int64_t i = from + 1; i <= to; i++) {
		uint64_t place = (uint64_t)i % REWRITE_WINDOW;
		bits[place / 64] &= ~((uint64_t)1 << (place % 64));
	}
}

/* How many of (from, to] are set; from is inside the window that ends at to. */
static int64_t bits_count(const uint64_t *bits, int64_t from, int64_t to)
{
	int64_t count = 0;

	for (int64_t i = from + 1; i <= to; i++)
		count += bit_get(bits, i);
	return count;
}

/* The unwrapped incoming number; the first of a source is placed so that its outgoing number
 * follows the last one given out. */
static int64_t run_enter(struct rewrite_run *run, uint32_t value, unsigned bits)
{
	if (run->started)
		return unwrap(run->highest, value, bits);
	int64_t last_out = run->highest + run->offset;
	run->started = true;
	run->offset = last_out + 1 - value;
	run->highest = (int64_t)value - 1;
	return value;
}

/* For numbers without gaps to close. */
static int64_t run_map(struct rewrite_run *run, uint32_t value, unsigned bits)
{
	int64_t in = run_enter(run, value, bits);

	if (in > run->highest)
		run->highest = in;
	return in + run->offset;
}

void rewrite_init(struct rewrite *rw, uint16_t first_seq, uint32_t first_ts)
{
	*rw = (struct rewrite){.highest_ts = first_ts};
	rw->seq.offset = (int64_t)first_seq - 1;
}

/* Arrival time that passed since the newest timestamp, in units of the clock. */
static uint32_t ts_advance(const struct rewrite *rw, const struct rewrite_in *in)
{
	int64_t us = in->arrival_us - rw->highest_us;
	/* Two audio packets never overlap; two video frames are at least a tick apart. */
	uint32_t least = !in->frame && rw->step_ts > 0 ? rw->step_ts : 1;

	if (us < 0)
		us = 0;
	if (us > MINUTES_60_US)
		us = MINUTES_60_US;
	uint32_t ticks = (uint32_t)(us * in->clock_hz / 1000000);
	return ticks > least ? ticks : least;
}

/* Everything after the newest, up to here, is not coming: as if dropped one by one. */
static void close_run(struct rewrite_run *run, uint64_t *closed, uint64_t *taken, int64_t to)
{
	int64_t from = run->highest;

	if (to <= from)
		return;
	bits_clear(closed, from, to);
	if (taken)
		bits_clear(taken, from, to);
	for (int64_t i = to - from > REWRITE_WINDOW ? to - REWRITE_WINDOW + 1 : from + 1; i <= to;
	     i++) {
		bit_set(closed, i);
		if (taken)
			bit_set(taken, i);
	}
	run->offset -= to - from;
	run->highest = to;
}

void rewrite_switch(struct rewrite *rw, const struct rewrite_in *first)
{
	uint32_t ts = rw->started ? rw->highest_ts + ts_advance(rw, first) : rw->highest_ts;

	rw->ts_offset = ts - first->timestamp;
	rw->highest_ts = ts;
	rw->highest_us = first->arrival_us;
	rw->step_ts = 0;
	rw->seq.started = false;
	rw->picture_id.started = false;
	rw->tl0picidx.started = false;
	rw->keyidx.started = false;
	rw->frame_number.started = false;
	rw->first_seq = run_enter(&rw->seq, first->seq, SEQ_BITS);
	memset(rw->taken, 0, sizeof(rw->taken));
	memset(rw->closed, 0, sizeof(rw->closed));
	memset(rw->closed_picture_id, 0, sizeof(rw->closed_picture_id));
	rw->replay_left = 0;
	rw->closes_picture_id = false;
	rw->started = true;
}

void rewrite_replay(struct rewrite *rw, const struct rewrite_in *first,
		    const struct rewrite_in *last, uint16_t pictures)
{
	uint32_t least = pictures * (last->clock_hz / REPLAY_HZ);
	uint32_t advance = rw->started ? ts_advance(rw, last) : 0;
	uint32_t ts = rw->highest_ts + (advance > least ? advance : least);

	rewrite_switch(rw, first);
	rw->ts_offset = ts - last->timestamp;
	rw->highest_us = last->arrival_us;
	rw->replay_left = pictures;
	rw->replay_in = first->timestamp;
	rw->replay_last_ts = ts;
	rw->highest_ts = ts - (pictures - 1u) * (last->clock_hz / REPLAY_HZ);
}

/* Unwrapped, or -EAGAIN when this number is refused. */
static int enter_seq(struct rewrite *rw, uint16_t seq, int64_t *in)
{
	int64_t highest = rw->seq.highest;

	*in = run_enter(&rw->seq, seq, SEQ_BITS);
	if (*in < rw->first_seq || *in <= highest - REWRITE_WINDOW)
		return -EAGAIN;
	if (*in > highest) {
		bits_clear(rw->taken, highest, *in);
		bits_clear(rw->closed, highest, *in);
		rw->seq.highest = *in;
	} else if (bit_get(rw->taken, *in)) {
		return -EAGAIN;
	}
	bit_set(rw->taken, *in);
	return 0;
}

static unsigned picture_bits(const struct codec_frame *frame)
{
	return frame->is_picture_id_15bit ? PICTURE_BITS : SHORT_PIC_BITS;
}

static void enter_picture_id(struct rewrite *rw, int64_t in)
{
	if (in > rw->picture_id.highest) {
		bits_clear(rw->closed_picture_id, rw->picture_id.highest, in);
		rw->picture_id.highest = in;
	}
}

static uint16_t map_picture_id(struct rewrite *rw, const struct codec_frame *frame)
{
	int64_t in = run_enter(&rw->picture_id, frame->picture_id, picture_bits(frame));

	enter_picture_id(rw, in);
	int64_t out = in + rw->picture_id.offset;
	if (rw->picture_id.highest - in < REWRITE_WINDOW)
		out += bits_count(rw->closed_picture_id, in, rw->picture_id.highest);
	return (uint16_t)(out & 0x7fff);
}

static void map_frame(struct rewrite *rw, const struct codec_frame *frame,
		      struct codec_numbers *numbers)
{
	if (frame->has_picture_id)
		numbers->picture_id = map_picture_id(rw, frame);
	if (frame->has_tl0picidx)
		numbers->tl0picidx = (uint8_t)run_map(&rw->tl0picidx, frame->tl0picidx, TL0_BITS);
	if (frame->has_keyidx)
		numbers->keyidx = run_map(&rw->keyidx, frame->keyidx, KEYIDX_BITS) & 0x1f;
}

static void note_timestamp(struct rewrite *rw, const struct rewrite_in *in, uint32_t ts)
{
	if (!ts_newer(ts, rw->highest_ts))
		return;
	uint32_t step = ts - rw->highest_ts;
	/* Longer is a pause (RFC 7587 4.2: an Opus packet has at most 120 ms). */
	if (!in->frame && step <= in->clock_hz / 8)
		rw->step_ts = step;
	rw->highest_ts = ts;
	if (rw->replay_left == 0)
		rw->highest_us = in->arrival_us;
}

/* Its picture's number was given to the next picture when the rest of it was dropped. */
static bool is_picture_closed(const struct rewrite *rw, const struct codec_frame *frame)
{
	const struct rewrite_run *run = &rw->picture_id;

	if (!frame || !frame->has_picture_id || !frame->is_picture_id_dense || !run->started)
		return false;
	int64_t in = unwrap(run->highest, frame->picture_id, picture_bits(frame));
	return in <= run->highest && run->highest - in < REWRITE_WINDOW &&
	       bit_get(rw->closed_picture_id, in);
}

/* The ids between the newest picture and this one, where the codec wants them dense. */
static void close_pictures(struct rewrite *rw, const struct codec_frame *frame)
{
	struct rewrite_run *run = &rw->picture_id;

	if (!frame || !frame->has_picture_id || !frame->is_picture_id_dense || !run->started)
		return;
	int64_t in = unwrap(run->highest, frame->picture_id, picture_bits(frame));
	if (in <= run->highest)
		return;
	close_run(run, rw->closed_picture_id, NULL, in - 1);
	rw->closes_picture_id = false;
}

static uint32_t map_timestamp(struct rewrite *rw, const struct rewrite_in *in)
{
	if (rw->replay_left == 0)
		return in->timestamp + rw->ts_offset;
	if (in->timestamp != rw->replay_in && rw->replay_left > 1)
		rw->replay_left--;
	rw->replay_in = in->timestamp;
	return rw->replay_last_ts - (rw->replay_left - 1u) * (in->clock_hz / REPLAY_HZ);
}

void rewrite_jump(struct rewrite *rw, const struct rewrite_in *in)
{
	if (!rw->started || !rw->seq.started)
		return;
	close_run(&rw->seq, rw->closed, rw->taken, unwrap(rw->seq.highest, in->seq, SEQ_BITS) - 1);
	close_pictures(rw, in->frame);
}

void rewrite_resume(struct rewrite *rw, uint16_t highest_seq)
{
	if (!rw->started || !rw->seq.started)
		return;
	close_run(&rw->seq, rw->closed, rw->taken, unwrap(rw->seq.highest, highest_seq, SEQ_BITS));
	rw->replay_left = 0;
	rw->closes_picture_id = true;
}

int rewrite_packet(struct rewrite *rw, const struct rewrite_in *in, struct rewrite_out *out)
{
	int64_t seq;

	if (!rw->started)
		rewrite_switch(rw, in);
	if (rw->closes_picture_id)
		close_pictures(rw, in->frame);
	if (is_picture_closed(rw, in->frame)) {
		rewrite_drop(rw, in);
		return -EAGAIN;
	}
	int err = enter_seq(rw, in->seq, &seq);
	if (err)
		return err;
	*out = (struct rewrite_out){.timestamp = map_timestamp(rw, in)};
	out->seq = (uint16_t)(seq + rw->seq.offset + bits_count(rw->closed, seq, rw->seq.highest));
	note_timestamp(rw, in, out->timestamp);
	if (in->frame)
		map_frame(rw, in->frame, &out->numbers);
	if (in->has_frame_number)
		out->frame_number =
			(uint16_t)run_map(&rw->frame_number, in->frame_number, FRAME_BITS);
	return 0;
}

/* All packets of a dropped picture come here, the first one counts. */
static void drop_picture(struct rewrite *rw, const struct codec_frame *frame)
{
	if (!frame->has_picture_id || !frame->is_picture_id_dense || !rw->picture_id.started)
		return;
	int64_t in = unwrap(rw->picture_id.highest, frame->picture_id, picture_bits(frame));
	if (in <= rw->picture_id.highest)
		return;
	enter_picture_id(rw, in);
	bit_set(rw->closed_picture_id, in);
	rw->picture_id.offset--;
}

void rewrite_drop(struct rewrite *rw, const struct rewrite_in *in)
{
	if (!rw->started)
		return;
	int64_t highest = rw->seq.highest;
	int64_t seq;
	if (enter_seq(rw, in->seq, &seq) < 0 || seq <= highest)
		return;
	bit_set(rw->closed, seq);
	rw->seq.offset--;
	if (!in->frame)
		return;
	if (rw->closes_picture_id)
		close_pictures(rw, in->frame);
	drop_picture(rw, in->frame);
}

uint32_t rewrite_timestamp(const struct rewrite *rw, uint32_t timestamp)
{
	return timestamp + rw->ts_offset;
}
