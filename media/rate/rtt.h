/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Round trips: smoothed, the smallest of 100 s, how much longer than usual the way back takes, and
 * how far feedback is apart. Pure; embed it and call rtt_init.
 */
#ifndef VIDD_MEDIA_RATE_RTT_H
#define VIDD_MEDIA_RATE_RTT_H

#include <stdint.h>

#include "media/rate/minima.h"

/* Visible for embedding. */
struct rtt {
	struct minima min;
	int64_t srtt_us;     /* 0: unknown */
	int64_t reverse_us;  /* what feedback waits on its own path beyond the smallest */
	int64_t interval_us; /* of feedback, smoothed */
	int64_t feedback_us; /* when the last one came; 0: never */
};

/* Also for another path; the interval stays if one is known. */
void rtt_init(struct rtt *r);
/* From the packet that arrived last to its feedback; queue_us of it was the queue ahead. */
void rtt_sample(struct rtt *r, int64_t now_us, int64_t rtt_us, int64_t queue_us);
/* A round trip that somebody else measured (reports): nothing is known of its parts. */
void rtt_reported(struct rtt *r, int64_t now_us, int64_t rtt_us);
/* Feedback has come. */
void rtt_feedback(struct rtt *r, int64_t now_us);
/* 200 ms while unknown. */
int64_t rtt_min_us(const struct rtt *r);
/* From sending into an empty queue to hearing of it, at worst. */
int64_t rtt_reach_us(const struct rtt *r);

#endif
