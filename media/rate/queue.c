/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/rate/queue.h"

#include <string.h>

#define RECENT_US      60000 /* guess: three sound packets */
#define RECENT_PACKETS 8     /* guess: the smallest of 8 of 50+-50 ms is near the base */
#define CLEAR_US       5000
#define FLAT_RANGE_US  8000
#define FALL_US	       1000
#define HOLD_MAX_US    180000000
#define JUMP_US	       10000000 /* no queue is that long: the clock was set */
#define SKEW_MAX_US    1000	/* 100 ppm in one bucket, RFC 7273's poor clocks and more */

/* The base's own clock, which stands still while it is held. */
static int64_t base_time(const struct queue *q)
{
	return q->newest_us - q->held_us;
}

static void follow_time(struct queue *q, int64_t arrival_us)
{
	if (arrival_us <= q->newest_us && q->count > 0)
		return;
	if (q->is_held && q->count > 0 && arrival_us - q->held_since_us < HOLD_MAX_US)
		q->held_us += arrival_us - q->newest_us;
	q->newest_us = arrival_us;
}

void queue_hold_base(struct queue *q, bool is_held)
{
	if (is_held && !q->is_held)
		q->held_since_us = q->newest_us;
	q->is_held = is_held;
}

void queue_packet(struct queue *q, int64_t sent_us, int64_t arrival_us)
{
	int64_t owd = arrival_us - sent_us;
	int64_t base = minima_get(&q->base);

	if (q->count > 0 && (owd - base > JUMP_US || base - owd > JUMP_US))
		memset(q, 0, sizeof(*q));
	follow_time(q, arrival_us);
	minima_add(&q->base, base_time(q), owd);
	q->arrival_us[q->next] = arrival_us;
	q->owd_us[q->next] = owd;
	q->next = (q->next + 1) % QUEUE_RECENT;
	q->count += q->count < QUEUE_RECENT;
}

static int64_t recent_min(const struct queue *q)
{
	int64_t least = INT64_MAX;

	for (unsigned i = 0; i < q->count; i++) {
		unsigned at = (q->next + QUEUE_RECENT - 1 - i) % QUEUE_RECENT;
		if (i >= RECENT_PACKETS && q->arrival_us[at] < q->newest_us - RECENT_US)
			break;
		least = q->owd_us[at] < least ? q->owd_us[at] : least;
	}
	return least;
}

/* Minima that creep upwards bucket by bucket are a drifting clock, up to what clocks drift. */
static void correct_skew(struct queue *q)
{
	if (q->base.bucket == q->skew_bucket)
		return;
	q->skew_bucket = q->base.bucket;
	int64_t growth = minima_growth(&q->base);
	if (growth > SKEW_MAX_US)
		growth = 0; /* a queue, or another path */
	minima_shift(&q->base, growth);
}

static void follow_flat(struct queue *q)
{
	int64_t s = q->standing_us;

	if (s < q->flat_low_us)
		q->flat_low_us = s;
	if (s > q->flat_high_us)
		q->flat_high_us = s;
	if (q->flat_since_us != 0 && q->flat_high_us - q->flat_low_us <= FLAT_RANGE_US)
		return;
	q->flat_since_us = q->newest_us;
	q->flat_low_us = s;
	q->flat_high_us = s;
}

void queue_update(struct queue *q)
{
	if (q->count == 0)
		return;
	correct_skew(q);
	int64_t base = minima_get(&q->base);
	q->base_falls = base <= q->last_base_us - FALL_US ? q->base_falls + 1 : 0;
	q->last_base_us = base;
	q->standing_us = recent_min(q) - minima_get(&q->base);
	if (q->standing_us < 0)
		q->standing_us = 0;
	if (q->standing_us <= QUEUE_BUSY_US)
		q->busy_since_us = 0;
	else if (q->busy_since_us == 0)
		q->busy_since_us = q->newest_us;
	if (q->standing_us <= CLEAR_US || q->clear_us == 0)
		q->clear_us = q->newest_us;
	/* Forgotten by half in about 70 updates, 7 s of 100 ms feedback. */
	q->max_us = q->standing_us > q->max_us ? q->standing_us : q->max_us - q->max_us / 100;
	follow_flat(q);
}

void queue_rebase(struct queue *q)
{
	if (q->count == 0)
		return;
	minima_reset(&q->base, base_time(q), recent_min(q));
	q->max_us = 0;
	q->flat_since_us = 0;
	queue_update(q);
}

int64_t queue_flat_us(const struct queue *q)
{
	return q->flat_since_us == 0 ? 0 : q->newest_us - q->flat_since_us;
}
