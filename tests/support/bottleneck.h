/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A small one-way bottleneck in virtual time, served each millisecond: FIFO with drop-tail, a rate
 * and a delay that change by steps, loss (Gilbert-Elliott), jitter with or without reordering.
 * For tests of rate control; seeded, so a run repeats.
 */
#ifndef VIDD_TESTS_SUPPORT_BOTTLENECK_H
#define VIDD_TESTS_SUPPORT_BOTTLENECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/base/rng.h"

#define BOTTLENECK_QUEUE  8192
#define BOTTLENECK_FLIGHT 8192

struct bottleneck_packet {
	uint32_t bytes; /* at IP level */
	uint32_t flow;
	uint32_t number;
	int64_t sent_us;
	int64_t left_us;   /* the queue */
	int64_t arrive_us; /* at the far end */
};

struct bottleneck_step {
	int64_t at_us;
	uint32_t bps;	  /* 0: nothing passes, the queue holds */
	int64_t delay_us; /* 0: as before */
};

struct bottleneck {
	struct rng rng;
	const struct bottleneck_step *steps; /* ends with at_us < 0 */
	uint32_t bps;
	uint32_t limit_bps; /* the last rate above zero */
	int64_t delay_us;
	int64_t queue_ms;	    /* limit, at the present rate (or the last one above zero) */
	uint32_t queue_limit_bytes; /* instead, when not 0 */
	double loss_good, loss_bad, good_to_bad, bad_to_good;
	bool is_bad;
	bool drops_in_outage;
	int64_t jitter_us; /* uniform 0..this */
	bool may_reorder;
	uint32_t police_bps; /* 0: none; else packets above it are dropped unqueued */
	double police_tokens;
	double credit; /* bytes */
	int64_t last_arrive_us;
	uint32_t queued_bytes;
	size_t queued, head;
	size_t flying;
	uint64_t dropped; /* by a full queue or an outage */
	struct bottleneck_packet queue[BOTTLENECK_QUEUE];
	struct bottleneck_packet flight[BOTTLENECK_FLIGHT];
};

/* False when it is dropped at the queue. */
bool bottleneck_send(struct bottleneck *b, int64_t now_us, const struct bottleneck_packet *packet);
/* Serves the millisecond up to now_us. */
void bottleneck_tick(struct bottleneck *b, int64_t now_us);
/* Next packet that has arrived by now_us; false when there is none. */
bool bottleneck_receive(struct bottleneck *b, int64_t now_us, struct bottleneck_packet *out);

#endif
