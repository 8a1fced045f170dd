/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Counts of durations in buckets of an eighth of an octave: percentiles within 12.5 %, no
 * allocation. A plain value that may be copied. Zero state is empty.
 */
#ifndef VIDD_SERVER_HISTOGRAM_H
#define VIDD_SERVER_HISTOGRAM_H

#include <stddef.h>
#include <stdint.h>

#define HISTOGRAM_EXACT	  16 /* 0..15 us have a bucket each */
#define HISTOGRAM_OCTAVES 20 /* 2^4..2^24 us, 17 s; longer counts as that */
#define HISTOGRAM_BUCKETS (HISTOGRAM_EXACT + HISTOGRAM_OCTAVES * 8)

struct histogram {
	uint64_t bucket[HISTOGRAM_BUCKETS];
	uint64_t count;
	uint64_t sum_us;
};

/* Negative durations count as 0. */
void histogram_add(struct histogram *h, int64_t us);
void histogram_merge(struct histogram *into, const struct histogram *from);
/* The duration that permille of all did not exceed, 0..1000; 0 when empty. */
int64_t histogram_quantile_us(const struct histogram *h, unsigned permille);
/* How many lasted less than 2^exponent us, 4 <= exponent <= 24. */
uint64_t histogram_below(const struct histogram *h, unsigned exponent);

#endif
