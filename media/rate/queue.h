/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The queue in the network as one-way delays show it: delay of each packet minus the base, the
 * smallest of the last 100 s. The clocks differ by anything and drift slowly; only differences
 * count. The *standing* queue is the smallest of the last few packets: jitter, reordering and the
 * time a large packet takes on a thin link are not a queue. Pure; embed it, zero state is empty.
 */
#ifndef VIDD_MEDIA_RATE_QUEUE_H
#define VIDD_MEDIA_RATE_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

#include "media/rate/minima.h"

#define QUEUE_RECENT 64 /* power of two */

/* Visible for embedding. */
struct queue {
	struct minima base;
	int64_t skew_bucket;
	unsigned count; /* of packets, as far as QUEUE_RECENT */
	unsigned next;
	int64_t arrival_us[QUEUE_RECENT];
	int64_t owd_us[QUEUE_RECENT];
	int64_t newest_us; /* arrival */
	bool is_held;	   /* the base forgets nothing */
	int64_t held_us;   /* for how long that was so, in all */
	int64_t held_since_us;
	int64_t standing_us;
	int64_t busy_since_us; /* arrival since which q has been above QUEUE_BUSY_US; 0: it is not
				*/
	int64_t clear_us;      /* when (arrival) q was last close to the base */
	int64_t last_base_us;
	unsigned base_falls; /* updates in a row that found a lower base */
	int64_t max_us;	     /* largest standing queue of late, forgotten slowly */
	/* The steady stretch: since when, and between which bounds, q has stayed. */
	int64_t flat_since_us;
	int64_t flat_low_us;
	int64_t flat_high_us;
};

/* Above this much the bottleneck is taken as working without a break. */
#define QUEUE_BUSY_US 10000

/* One packet arrived, by both clocks. */
void queue_packet(struct queue *q, int64_t sent_us, int64_t arrival_us);
/* After the packets of one feedback: brings standing_us and the rest up to date. */
void queue_update(struct queue *q);
/* The delay of now is the base: the path has changed, or what stands is not ours to empty. */
void queue_rebase(struct queue *q);
/* While others fill the queue the base cannot be seen, and is not forgotten (3 minutes at most). */
void queue_hold_base(struct queue *q, bool is_held);
/* How long q has stayed within a few milliseconds, in arrival time. */
int64_t queue_flat_us(const struct queue *q);

#endif
