/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The smallest value of about the last 100 s: ten buckets of 10 s, the oldest forgotten. The base
 * of one-way delays and of round trips. Pure; embed it, zero state is empty.
 */
#ifndef VIDD_MEDIA_RATE_MINIMA_H
#define VIDD_MEDIA_RATE_MINIMA_H

#include <stdbool.h>
#include <stdint.h>

#define MINIMA_BUCKETS	 10
#define MINIMA_BUCKET_US 10000000

struct minima {
	bool is_started;
	int64_t bucket; /* index of the newest, time / MINIMA_BUCKET_US */
	int64_t min[MINIMA_BUCKETS];
	int64_t smallest;
};

/* Time may stand still or go back a little: then the newest bucket takes the value. */
void minima_add(struct minima *m, int64_t now_us, int64_t value);
/* Smallest of all buckets; INT64_MAX while there is none. */
int64_t minima_get(const struct minima *m);
/* Forgets everything but this value. */
void minima_reset(struct minima *m, int64_t now_us, int64_t value);
/* Adds to every bucket: the clock of the values has moved by that much. */
void minima_shift(struct minima *m, int64_t by);
/* How much the minimum grows per bucket between the older and the newer half; 0 while less than
 * six buckets are filled, never negative. A drifting clock shows here (50 ppm: 0.5 ms a bucket). */
int64_t minima_growth(const struct minima *m);

#endif
