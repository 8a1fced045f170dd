/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A bulk TCP flow beside the call: CUBIC (RFC 9438) with loss found by three later
 * acknowledgements, retransmission and a timeout; segments of 1500 bytes over one leg,
 * acknowledgements over the other. A model: no SACK scoreboard, no delayed acknowledgements.
 */
#ifndef VIDD_LOADTEST_SCENARIO_CUBIC_H
#define VIDD_LOADTEST_SCENARIO_CUBIC_H

#include "loadtest/scenario/leg.h"

#define CUBIC_WINDOW 4096 /* segments under way at most; a power of two */

struct cubic_config {
	struct leg *data;
	struct leg *acks;
	int64_t from_us; /* the call's clock */
	int64_t to_us;	 /* INT64_MAX: until all is sent */
	int64_t bytes;	 /* INT64_MAX: until to_us */
};

struct cubic {
	struct cubic_config config;
	double window; /* segments */
	double threshold;
	double top;	  /* window at the last loss */
	int64_t epoch_us; /* when growth began anew; 0: not since a loss */
	int64_t srtt_us;
	struct cubic_segment {
		int64_t sent_us;
		int64_t acked_us; /* when its acknowledgement comes; INT64_MAX: lost */
	} segment[CUBIC_WINDOW];
	int64_t next;	 /* number of the next segment */
	int64_t oldest;	 /* first that is still under way */
	int64_t recover; /* losses before this number belong to one event */
	int64_t left;	 /* segments still to be sent */
	int64_t heard_us;
	int64_t last_ack_us; /* they come in order */
	int64_t done_us;     /* when everything was acknowledged; 0: not yet */
};

void cubic_init(struct cubic *cubic, const struct cubic_config *config);
/* arg: the struct cubic, as struct call wants it. */
int64_t cubic_deadline_us(void *arg);
void cubic_timeout(void *arg, int64_t now_us);

#endif
