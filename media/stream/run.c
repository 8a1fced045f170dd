/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/stream/run.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "media/base/seq.h"

/* How far back it is known what came: 128 base packets are a quarter of L1T3's, a tenth of L3T3's
 * packets at most. Power of two. */
#define WINDOW 1024
/* Kept without a keyframe: the packets of one, overtaken by its first. */
#define TAIL 32
/* ... and so many more, or each packet would move all of them. */
#define TAIL_MORE 8

struct run_item {
	int64_t seq; /* unwrapped */
	struct run_packet packet;
};

struct run {
	bool is_started;
	int64_t highest;
	uint32_t newest_timestamp;
	int64_t kept_from; /* every base packet that came since is in items */
	bool has_start;
	int64_t start; /* the keyframe's first packet */
	int64_t start_us;
	uint32_t start_timestamp;
	size_t count;
	size_t bytes;
	uint64_t seen[WINDOW / 64];
	struct run_item items[LIMIT_RUN_PACKETS]; /* in order */
};

int run_new(struct run **out)
{
	struct run *run = calloc(1, sizeof(*run));

	if (!run)
		return -ENOMEM;
	*out = run;
	return 0;
}

static void drop_first(struct run *run, size_t drop)
{
	for (size_t i = 0; i < drop; i++) {
		run->bytes -= run->items[i].packet.pkt->len;
		pkt_unref(run->items[i].packet.pkt);
	}
	run->count -= drop;
	memmove(run->items, run->items + drop, run->count * sizeof(run->items[0]));
}

void run_clear(struct run *run)
{
	drop_first(run, run->count);
	memset(run->seen, 0, sizeof(run->seen));
	run->is_started = false;
	run->has_start = false;
}

void run_free(struct run *run)
{
	if (!run)
		return;
	run_clear(run);
	free(run);
}

static bool is_seen(const struct run *run, int64_t seq)
{
	uint64_t place = (uint64_t)seq % WINDOW;

	return run->seen[place / 64] >> (place % 64) & 1;
}

static void set_seen(struct run *run, int64_t seq, bool is_it)
{
	uint64_t place = (uint64_t)seq % WINDOW;
	uint64_t bit = (uint64_t)1 << (place % 64);

	if (is_it)
		run->seen[place / 64] |= bit;
	else
		run->seen[place / 64] &= ~bit;
}

static void keep_tail(struct run *run)
{
	if (run->count <= TAIL + TAIL_MORE)
		return;
	run->kept_from = run->items[run->count - TAIL - 1].seq + 1;
	drop_first(run, run->count - TAIL);
}

static void lose(struct run *run)
{
	run->has_start = false;
	keep_tail(run);
}

/* Numbers up to `to` enter the window; what leaves it unseen is never coming. */
static void advance(struct run *run, int64_t to)
{
	if (to - run->highest >= WINDOW) {
		memset(run->seen, 0, sizeof(run->seen));
		lose(run);
		run->kept_from = to;
		drop_first(run, run->count);
		run->highest = to;
		return;
	}
	while (run->highest < to) {
		int64_t leaving = ++run->highest - WINDOW;
		if (run->has_start && leaving >= run->start && !is_seen(run, leaving))
			lose(run);
		set_seen(run, run->highest, false);
	}
}

/* The unwrapped number of a packet that came for the first time; false: it did before, or is too
 * old. */
static bool enter(struct run *run, uint16_t seq, int64_t *at)
{
	if (!run->is_started) {
		run->is_started = true;
		run->highest = seq;
		run->kept_from = seq;
		set_seen(run, seq, true);
		*at = seq;
		return true;
	}
	*at = run->highest + seq_diff(seq, (uint16_t)run->highest);
	if (*at > run->highest)
		advance(run, *at);
	else if (*at <= run->highest - WINDOW || is_seen(run, *at))
		return false;
	set_seen(run, *at, true);
	return true;
}

void run_skip(struct run *run, uint16_t seq)
{
	int64_t at;

	(void)enter(run, seq, &at); /* nothing to keep */
}

uint16_t run_highest_seq(const struct run *run)
{
	return (uint16_t)run->highest;
}

/* H264 tells more than one packet of a keyframe as its start. */
static bool is_start(const struct run *run, int64_t at, const struct run_packet *packet)
{
	if (!packet->frame.is_keyframe || !packet->frame.starts_frame || packet->frame.spatial > 0)
		return false;
	return !run->has_start || (at > run->start && packet->timestamp != run->start_timestamp);
}

static void begin(struct run *run, int64_t at, int64_t now_us, uint32_t timestamp)
{
	size_t drop = 0;

	/* Some of what followed is gone already. */
	if (at < run->kept_from)
		return;
	while (drop < run->count && run->items[drop].seq < at)
		drop++;
	drop_first(run, drop);
	run->has_start = true;
	run->start = at;
	run->start_us = now_us;
	run->start_timestamp = timestamp;
}

static void insert(struct run *run, int64_t at, const struct run_packet *packet)
{
	size_t place = run->count;

	while (place > 0 && run->items[place - 1].seq > at)
		place--;
	memmove(&run->items[place + 1], &run->items[place],
		(run->count - place) * sizeof(run->items[0]));
	run->items[place] = (struct run_item){.seq = at, .packet = *packet};
	pkt_ref(packet->pkt);
	run->bytes += packet->pkt->len;
	run->count++;
}

void run_put(struct run *run, int64_t now_us, const struct run_packet *packet)
{
	int64_t at;

	if (!enter(run, packet->seq, &at))
		return;
	if (at == run->highest)
		run->newest_timestamp = packet->timestamp;
	if (packet->frame.spatial > 0 || packet->frame.temporal > 0)
		return;
	if (is_start(run, at, packet))
		begin(run, at, now_us, packet->timestamp);
	if ((run->has_start && at < run->start) || at < run->kept_from)
		return;
	if (run->count == LIMIT_RUN_PACKETS || run->bytes + packet->pkt->len > LIMIT_RUN_BYTES)
		lose(run);
	insert(run, at, packet);
	if (!run->has_start)
		keep_tail(run);
}

/* --- what is here ---------------------------------------------------------------------------- */

static bool is_whole(const struct run *run)
{
	const struct run_packet *last;

	if (run->newest_timestamp != run->start_timestamp)
		return true;
	last = &run->items[run->count - 1].packet;
	return last->marker || last->frame.ends_frame;
}

bool run_is_usable(const struct run *run)
{
	if (!run->has_start || run->count == 0)
		return false;
	for (int64_t seq = run->start > run->highest - WINDOW ? run->start
							      : run->highest - WINDOW + 1;
	     seq <= run->highest; seq++)
		if (!is_seen(run, seq))
			return false;
	return is_whole(run);
}

size_t run_count(const struct run *run)
{
	return run_is_usable(run) ? run->count : 0;
}

const struct run_packet *run_at(const struct run *run, size_t at)
{
	return &run->items[at].packet;
}

size_t run_bytes(const struct run *run)
{
	return run_is_usable(run) ? run->bytes : 0;
}

size_t run_pictures(const struct run *run)
{
	size_t pictures = 0;

	for (size_t i = 0; i < run_count(run); i++)
		if (i == 0 || run->items[i].packet.timestamp != run->items[i - 1].packet.timestamp)
			pictures++;
	return pictures;
}

int64_t run_age_us(const struct run *run, int64_t now_us)
{
	return run->has_start ? now_us - run->start_us : INT64_MAX;
}

size_t run_keyframe_count(const struct run *run)
{
	size_t count = run_count(run);

	for (size_t i = 0; i < count; i++)
		if (run->items[i].packet.timestamp != run->start_timestamp)
			return i;
	return count;
}
