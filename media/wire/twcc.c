/* SPDX-License-Identifier: EUPL-1.2 */
/* The building half; twcc_parse.c reads. */
#include "media/wire/twcc.h"

#include <assert.h>
#include <stdbool.h>

#include "media/wire/rtcp.h"

#define TICKS_PER_REF (TWCC_REFERENCE_US / TWCC_TICK_US)
#define HEAD_BYTES    20
#define RUN_MAX	      8191 /* 13 bits */
#define SYMBOLS_WIDE  7	   /* of two bits in a vector */
#define SYMBOLS_MAX   14   /* of one bit */

_Static_assert(TWCC_MAX_PACKETS <= RUN_MAX, "one run can hold a whole feedback");

/* Draft 3.1.1: a packet's status. */
enum symbol {
	NOT_RECEIVED,
	SMALL_DELTA,
	LARGE_DELTA,
	OUT_OF_RANGE, /* not on the wire: ends the feedback */
};

/* The statuses not yet put into a chunk: one equal run of any length, else at most 14. */
struct pending {
	uint8_t symbol[SYMBOLS_MAX];
	size_t size;
	bool all_same;
	bool has_large;
};

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* The status of packet i after a packet at *tick, which moves on to this one's. */
static enum symbol status(const struct twcc_feedback *f, size_t i, int64_t *tick)
{
	if (f->arrival_us[i] == TWCC_NOT_RECEIVED)
		return NOT_RECEIVED;
	int64_t now = floor_div(f->arrival_us[i], TWCC_TICK_US);
	int64_t delta = now - *tick;
	*tick = now;
	if (delta >= 0 && delta <= UINT8_MAX)
		return SMALL_DELTA;
	return delta >= INT16_MIN && delta <= INT16_MAX ? LARGE_DELTA : OUT_OF_RANGE;
}

static bool can_add(const struct pending *p, enum symbol s)
{
	if (p->size < SYMBOLS_WIDE)
		return true;
	if (p->size < SYMBOLS_MAX && !p->has_large && s != LARGE_DELTA)
		return true;
	return p->all_same && p->symbol[0] == s;
}

static void add(struct pending *p, enum symbol s)
{
	if (p->size < SYMBOLS_MAX)
		p->symbol[p->size] = (uint8_t)s;
	p->size++;
	p->all_same = p->size == 1 || (p->all_same && p->symbol[0] == s);
	p->has_large = p->has_large || s == LARGE_DELTA;
}

/* Takes one chunk off the front: a run, or a vector of two-bit or one-bit symbols. Only the last
 * chunk may be filled up. */
static uint16_t emit(struct pending *p, bool is_last)
{
	struct pending rest = {.size = 0};
	uint32_t chunk;

	if (p->all_same) {
		/* Draft 3.1.3: 0, symbol, run length. */
		chunk = (uint32_t)p->symbol[0] << 13 | (uint32_t)p->size;
	} else if (p->size <= SYMBOLS_WIDE || (!is_last && p->size < SYMBOLS_MAX)) {
		/* Draft 3.1.4: 1, 1, seven symbols. */
		chunk = 0xc000;
		for (size_t i = 0; i < p->size; i++) {
			if (i < SYMBOLS_WIDE)
				chunk |= (uint32_t)p->symbol[i] << (12 - 2 * i);
			else
				add(&rest, (enum symbol)p->symbol[i]);
		}
	} else {
		/* Draft 3.1.4: 1, 0, fourteen symbols. */
		assert(!p->has_large && p->size <= SYMBOLS_MAX);
		chunk = 0x8000;
		for (size_t i = 0; i < p->size; i++)
			chunk |= (uint32_t)p->symbol[i] << (13 - i);
	}
	*p = rest;
	return (uint16_t)chunk;
}

/* The reference time of the first packet that came: its delta is then a small one. Without any the
 * time says nothing. */
static int64_t reference_time(const struct twcc_feedback *f)
{
	size_t i = 0;

	while (i < f->count && f->arrival_us[i] == TWCC_NOT_RECEIVED)
		i++;
	return i < f->count ? floor_div(f->arrival_us[i], TWCC_REFERENCE_US) : 0;
}

static size_t padded(size_t bytes)
{
	return (bytes + 3) / 4 * 4;
}

/* How many leading packets fit into `room` bytes and the range of deltas; *bytes is their size. */
static size_t measure(const struct twcc_feedback *f, int64_t tick, size_t room, size_t *bytes)
{
	struct pending pending = {.size = 0};
	size_t chunks = 1;
	size_t deltas = 0;

	*bytes = 0;
	for (size_t i = 0; i < f->count; i++) {
		enum symbol s = status(f, i, &tick);

		if (s == OUT_OF_RANGE)
			return i;
		if (!can_add(&pending, s)) {
			emit(&pending, false);
			chunks++;
		}
		add(&pending, s);
		deltas += s; /* one byte, or two */
		if (padded(HEAD_BYTES + 2 * chunks + deltas) > room)
			return i;
		*bytes = padded(HEAD_BYTES + 2 * chunks + deltas);
	}
	return f->count;
}

static void write_chunks(struct wr *w, const struct twcc_feedback *f, int64_t tick, size_t count)
{
	struct pending pending = {.size = 0};

	for (size_t i = 0; i < count; i++) {
		enum symbol s = status(f, i, &tick);

		if (!can_add(&pending, s))
			wr_u16(w, emit(&pending, false));
		add(&pending, s);
	}
	wr_u16(w, emit(&pending, true));
}

static void write_deltas(struct wr *w, const struct twcc_feedback *f, int64_t tick, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		int64_t before = tick;
		enum symbol s = status(f, i, &tick);

		if (s == SMALL_DELTA)
			wr_u8(w, (uint8_t)(tick - before));
		else if (s == LARGE_DELTA)
			wr_u16(w, (uint16_t)(tick - before));
	}
}

size_t twcc_write(struct wr *w, uint32_t sender_ssrc, uint32_t media_ssrc,
		  const struct twcc_feedback *feedback)
{
	assert(feedback->count <= TWCC_MAX_PACKETS);
	int64_t reference = reference_time(feedback);
	int64_t tick = reference * TICKS_PER_REF;
	size_t bytes;
	size_t count = measure(feedback, tick, wr_left(w), &bytes);

	if (count == 0)
		return 0;
	size_t end = wr_len(w) + bytes;
	wr_u8(w, 0x80 | RTCP_FMT_TWCC);
	wr_u8(w, RTCP_PT_RTPFB);
	wr_u16(w, (uint16_t)(bytes / 4 - 1));
	wr_u32(w, sender_ssrc);
	wr_u32(w, media_ssrc);
	wr_u16(w, feedback->base_seq);
	wr_u16(w, (uint16_t)count);
	wr_u24(w, (uint32_t)((uint64_t)reference & 0xffffff));
	wr_u8(w, feedback->feedback_count);
	write_chunks(w, feedback, tick, count);
	write_deltas(w, feedback, tick, count);
	/* Draft 3.1: zeros up to a word, without the padding bit, which only the last packet of a
	 * compound may have. */
	wr_zero(w, end - wr_len(w));
	return count;
}
