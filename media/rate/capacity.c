/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/rate/capacity.h"

#include <stdlib.h>

#define MEMORY_US	 60000000
#define SAMPLE_US	 1000000
#define BUDGET_MIN_US	 40000
#define BUDGET_START_US	 80000
#define BUDGET_MAX_US	 80000
#define BACKOFF_MIN_US	 1000000
#define BACKOFF_MAX_US	 30000000
#define STAGNATION_US	 15000000
#define ROOM_WAIT_US	 2000000
#define RETRY_US	 300000 /* nobody had bytes: ask again soon, it costs nothing */
#define CLEAR_SHORT_US	 300000
#define CLUSTER_US	 100000
#define MIN_PROBE_BYTES	 400
#define FAST_RAMP_RTT_US 400000 /* above it a ramp by feedback alone is too slow */

void capacity_saturated(struct capacity *c, int64_t now_us, uint32_t acked_bps)
{
	c->is_found = true;
	if (c->count > 0 && now_us < c->sampled_us + SAMPLE_US)
		return;
	c->sampled_us = now_us;
	c->bps[c->next] = acked_bps;
	c->at_us[c->next] = now_us;
	c->next = (c->next + 1) % CAPACITY_SAMPLES;
	c->count += c->count < CAPACITY_SAMPLES;
}

static int by_rate(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a;
	uint32_t y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

uint32_t capacity_quantile(const struct capacity *c, int64_t now_us, unsigned percent)
{
	uint32_t sorted[CAPACITY_SAMPLES];
	unsigned n = 0;

	for (unsigned i = 0; i < c->count; i++) {
		if (c->at_us[i] >= now_us - MEMORY_US)
			sorted[n++] = c->bps[i];
	}
	if (n == 0)
		return 0;
	qsort(sorted, n, sizeof(sorted[0]), by_rate);
	return sorted[(n - 1) * percent / 100];
}

static void follow(struct capacity *c, const struct capacity_in *in)
{
	uint32_t apart = in->target_bps > c->moved_bps ? in->target_bps - c->moved_bps
						       : c->moved_bps - in->target_bps;

	if (c->moved_us != 0 && apart <= c->moved_bps / 20)
		return;
	c->moved_us = in->now_us;
	c->moved_bps = in->target_bps;
}

static uint64_t most(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* All of it fits, but a step waits for room to spare (media/rate/ladder). At the start, where
 * nothing has failed yet, for half as much again: what content costs varies by a third, and each
 * time it is above the room the wait begins anew. */
static uint64_t room_goal(const struct capacity *c, const struct capacity_in *in)
{
	uint64_t room = in->room_bps;
	uint64_t wide = room + room / 2;

	if (!c->is_found)
		return wide > in->target_bps ? wide : 0;
	/* It may get it by itself. */
	if (in->now_us - c->moved_us < ROOM_WAIT_US)
		return 0;
	return room > in->target_bps ? room + room / 20 : 0;
}

/* The rate worth asking for, or 0. */
static uint64_t goal(const struct capacity *c, const struct capacity_in *in)
{
	uint64_t target = in->target_bps;
	uint64_t median = capacity_quantile(c, in->now_us, 50);
	uint64_t goal = 0;

	if (in->wanted_bps != 0 && target >= in->wanted_bps)
		return room_goal(c, in);
	if (in->next_bps > target)
		goal = in->next_bps + in->next_bps / 10;
	if (median > target + target / 5)
		goal = most(goal, median);
	/* At the start; and where a ramp by feedback alone would be too slow. */
	bool is_used = in->sent_bps > target - target / 5;
	if (!c->is_found || (in->rtt_us > FAST_RAMP_RTT_US && is_used))
		goal = most(goal, 2 * target);
	if (goal == 0 && in->now_us - c->moved_us >= STAGNATION_US)
		goal = target + target / 2;
	return goal;
}

struct capacity_probe capacity_want(struct capacity *c, const struct capacity_in *in)
{
	struct capacity_probe none = {0, 0};
	int64_t clear = 2 * in->rtt_us > 200000 ? 2 * in->rtt_us : 200000;

	follow(c, in);
	if (!c->is_found || c->backoff_us == 0)
		clear = in->loop_us < CLEAR_SHORT_US ? in->loop_us : CLEAR_SHORT_US;
	if (in->now_us < c->not_before_us || in->clear_us < clear)
		return none;
	uint64_t bps = goal(c, in);
	if (bps == 0)
		return none;
	uint64_t budget_us = c->is_found ? c->budget_us : BUDGET_START_US;
	budget_us = budget_us < BUDGET_MIN_US ? BUDGET_MIN_US : budget_us;
	uint64_t limit = in->target_bps + in->target_bps * budget_us / CLUSTER_US;
	bps = bps < limit ? bps : limit;
	uint64_t bytes = bps * CLUSTER_US / 8000000;
	if (bytes < MIN_PROBE_BYTES)
		bytes = MIN_PROBE_BYTES;
	c->moved_us = in->now_us;
	c->is_for_room = in->next_bps <= in->target_bps && in->room_bps > in->target_bps;
	return (struct capacity_probe){(uint32_t)(bps < UINT32_MAX ? bps : UINT32_MAX),
				       (uint32_t)(bytes < UINT16_MAX ? bytes : UINT16_MAX)};
}

void capacity_passed(struct capacity *c, int64_t now_us)
{
	c->backoff_us = 0;
	c->not_before_us = now_us;
	c->budget_us = c->budget_us < BUDGET_MIN_US ? BUDGET_MIN_US : c->budget_us;
	c->budget_us = 2 * c->budget_us < BUDGET_MAX_US ? 2 * c->budget_us : BUDGET_MAX_US;
}

void capacity_failed(struct capacity *c, int64_t now_us)
{
	c->is_found = true;
	c->budget_us = BUDGET_MIN_US;
	c->backoff_us = 2 * c->backoff_us < BACKOFF_MIN_US ? BACKOFF_MIN_US : 2 * c->backoff_us;
	if (c->backoff_us > BACKOFF_MAX_US)
		c->backoff_us = BACKOFF_MAX_US;
	c->not_before_us = now_us + c->backoff_us;
}

void capacity_unknown(struct capacity *c, int64_t now_us)
{
	c->not_before_us = now_us + RETRY_US;
}

uint32_t capacity_trusted_bps(const struct capacity *c, uint32_t next_bps, uint32_t room_bps)
{
	/* A quarter is what shares and the ladder want to spare for most steps. */
	uint64_t bps = c->is_for_room ? (uint64_t)room_bps * 21 / 20 : (uint64_t)next_bps * 5 / 4;

	return bps < UINT32_MAX ? (uint32_t)bps : UINT32_MAX;
}

void capacity_risen(struct capacity *c)
{
	c->backoff_us = 0;
	c->not_before_us = 0;
	c->budget_us = BUDGET_START_US;
}
