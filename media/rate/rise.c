/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/rate/rise.h"

/* All measured with tests/sim/sim_bwe.c: rarer is too late over a satellite (RTT 600 ms), more
 * often is a queue on a link of 96 kbit/s. */
#define ARM_US	     1000000
#define IDLE_US	     300000
#define APART_US     3000000
#define APART_MAX_US 6000000
#define SURE_US	     2000000

static int64_t needed_us(const struct rise_in *in)
{
	int64_t third = in->loop_us / 3 > IDLE_US ? in->loop_us / 3 : IDLE_US;

	return third < in->loop_us ? third : in->loop_us;
}

bool rise_watch(struct rise *r, const struct rise_in *in)
{
	if (in->busy_us > 0)
		r->idle_us = in->now_us;
	if (in->busy_us > ARM_US)
		r->is_armed = true;
	int64_t idle_us = in->now_us - r->idle_us;
	/* Idle for longer than a loop is no dip between two frames. */
	int64_t apart_us = idle_us > in->loop_us + IDLE_US ? SURE_US : r->apart_us;
	if (!r->is_armed || !in->is_used || idle_us <= needed_us(in) ||
	    in->now_us - r->last_us <= apart_us)
		return false;
	r->is_armed = false;
	r->last_us = in->now_us;
	r->apart_us = 2 * r->apart_us < APART_MAX_US ? 2 * r->apart_us : APART_MAX_US;
	r->apart_us = r->apart_us > APART_US ? r->apart_us : APART_US;
	return true;
}

void rise_confirmed(struct rise *r)
{
	r->apart_us = 0;
}
