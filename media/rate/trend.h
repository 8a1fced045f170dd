/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * How fast the queue grows or falls: the least-squares slope of one-way delay over arrival time, of
 * the last 20 steps of 20 ms, each by its smallest delay. 1000 permille: the queue grows as fast as
 * time, so twice of what passes is sent. Pure; embed it, zero state is empty.
 */
#ifndef VIDD_MEDIA_RATE_TREND_H
#define VIDD_MEDIA_RATE_TREND_H

#include <stdint.h>

#define TREND_POINTS  20
#define TREND_STEP_US 20000

/* Visible for embedding. */
struct trend {
	unsigned count;
	unsigned next; /* where the newest point will go once it is whole */
	int64_t step;  /* arrival / TREND_STEP_US of the newest */
	int64_t step_of[TREND_POINTS];
	int64_t owd_us[TREND_POINTS];
};

void trend_packet(struct trend *t, int64_t sent_us, int64_t arrival_us);
/* 0 while there are less than 5 points of the last second; -10000..10000. */
int trend_permille(const struct trend *t);

#endif
