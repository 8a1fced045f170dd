/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What a server could have sent by a time: the exact integral of a piecewise constant rate, less
 * what outages took, and its inverse. Unit: the nanobit, 1 bit/s for 1 ns; whole numbers, so the
 * parts of a bit left over at a step are never lost. Times are relative to the trace's zero; before
 * it the first rate holds. Pure.
 */
#ifndef VIDD_LOADTEST_LINK_CURVE_H
#define VIDD_LOADTEST_LINK_CURVE_H

#include "loadtest/link/link.h"

/* 128 bits: 10 Gbit/s for ten seconds is 1e20 already. */
__extension__ typedef __int128 nanobits;

#define NANOBITS_PER_BIT 1000000000LL
#define CURVE_NEVER	 INT64_MAX

struct curve {
	struct link_trace rate;		   /* borrowed */
	nanobits *sum;			   /* [i]: sent before step i */
	nanobits loop_sum;		   /* sent in one round */
	const struct link_outage *outages; /* borrowed */
	size_t outage_count;
	nanobits *lost; /* [i]: taken by outages before outage i; one more than there are outages */
};

/* The traces must be in order (link_new() checks). 0 or -ENOMEM. */
int curve_init(struct curve *curve, const struct link_config *config);
void curve_close(struct curve *curve);

/* Value of a trace (not empty) at a time. */
int64_t trace_value(const struct link_trace *trace, int64_t t_ns);

/* Sent by t_ns as if there were no outages. */
nanobits curve_raw(const struct curve *curve, int64_t t_ns);
/* The first time at which curve_raw() reaches sum, or CURVE_NEVER. */
int64_t curve_raw_time(const struct curve *curve, nanobits sum);
/* The same with outages; the inverse for a sum above curve_sum(from_ns). */
nanobits curve_sum(const struct curve *curve, int64_t t_ns);
int64_t curve_time(const struct curve *curve, int64_t from_ns, nanobits sum);
/* The first outage that ends after t_ns, and the one after an outage; or NULL. */
const struct link_outage *curve_outage(const struct curve *curve, int64_t t_ns);
const struct link_outage *curve_outage_next(const struct curve *curve,
					    const struct link_outage *outage);

#endif
