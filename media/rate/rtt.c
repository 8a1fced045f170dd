/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/rate/rtt.h"

#define FIRST_US	  200000 /* while unknown (guess) */
#define MAX_US		  10000000
#define INTERVAL_FIRST_US 100000 /* as libwebrtc and rate/arrival send it */
#define INTERVAL_MIN_US	  20000
#define INTERVAL_MAX_US	  500000
#define REVERSE_MAX_US	  1000000

void rtt_init(struct rtt *r)
{
	int64_t interval_us = r->interval_us > 0 ? r->interval_us : INTERVAL_FIRST_US;

	*r = (struct rtt){.interval_us = interval_us, .feedback_us = r->feedback_us};
}

void rtt_reported(struct rtt *r, int64_t now_us, int64_t rtt_us)
{
	rtt_us = rtt_us < 1 ? 1 : rtt_us > MAX_US ? MAX_US : rtt_us;
	minima_add(&r->min, now_us, rtt_us);
	r->srtt_us = r->srtt_us == 0 ? rtt_us : r->srtt_us + (rtt_us - r->srtt_us) / 8;
}

void rtt_sample(struct rtt *r, int64_t now_us, int64_t rtt_us, int64_t queue_us)
{
	rtt_reported(r, now_us, rtt_us);
	int64_t reverse = rtt_us - rtt_min_us(r) - queue_us;
	reverse = reverse < 0 ? 0 : reverse > REVERSE_MAX_US ? REVERSE_MAX_US : reverse;
	/* Up at once, down slowly: what comes late once comes late again. */
	if (reverse > r->reverse_us)
		r->reverse_us = reverse;
	else
		r->reverse_us -= (r->reverse_us - reverse) / 8;
}

void rtt_feedback(struct rtt *r, int64_t now_us)
{
	int64_t apart = now_us - r->feedback_us;

	apart = apart > INTERVAL_MAX_US ? INTERVAL_MAX_US : apart;
	/* Several packets of one round come together. */
	if (r->feedback_us != 0 && apart >= INTERVAL_MIN_US)
		r->interval_us += (apart - r->interval_us) / 8;
	r->feedback_us = now_us;
}

int64_t rtt_min_us(const struct rtt *r)
{
	int64_t min = minima_get(&r->min);

	return min == INT64_MAX ? FIRST_US : min;
}

int64_t rtt_reach_us(const struct rtt *r)
{
	return rtt_min_us(r) + r->reverse_us + r->interval_us;
}
