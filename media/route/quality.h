/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Loss of one transport both ways over an interval, from totals that only grow: numbers in, numbers
 * out. Pure.
 */
#ifndef VIDD_MEDIA_ROUTE_QUALITY_H
#define VIDD_MEDIA_ROUTE_QUALITY_H

#include <stdint.h>

#define QUALITY_UNKNOWN (-1)

/* Zero state is ready. */
struct quality {
	int64_t up_expected; /* totals at the last look */
	int64_t up_received;
	int64_t down_expected; /* since the last look */
	int64_t down_lost;
};

/* The peer's report on one slot: its interval of expected packets and how many of them it lost
 * (negative when duplicates came: none). */
void quality_down(struct quality *quality, int64_t expected, int64_t lost);
/* Ends the interval. Totals are of all streams received; permille or QUALITY_UNKNOWN. */
void quality_take(struct quality *quality, int64_t total_expected, int64_t total_received,
		  int32_t *up_permille, int32_t *down_permille);

#endif
