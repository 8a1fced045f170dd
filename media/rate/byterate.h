/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Bytes over time: a rate over any window up to a second, in steps of 20 ms. Order does not matter
 * within a second. Pure; embed it, zero state is empty.
 */
#ifndef VIDD_MEDIA_RATE_BYTERATE_H
#define VIDD_MEDIA_RATE_BYTERATE_H

#include <stdbool.h>
#include <stdint.h>

#define BYTERATE_BUCKETS   64 /* power of two */
#define BYTERATE_BUCKET_US 20000
#define BYTERATE_MAX_US	   ((BYTERATE_BUCKETS - 2) * BYTERATE_BUCKET_US)

struct byterate {
	bool is_started;
	int64_t newest_us;
	int64_t first_us;
	int64_t head; /* index of the newest bucket */
	uint32_t bytes[BYTERATE_BUCKETS];
};

void byterate_add(struct byterate *m, int64_t time_us, uint32_t bytes);
/* Of the window that ends at `end_us` (never before what was added last), at most BYTERATE_MAX_US
 * long and at least one bucket. Shorter when the first byte is younger. */
uint32_t byterate_bps(const struct byterate *m, int64_t end_us, int64_t window_us);

#endif
