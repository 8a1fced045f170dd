/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * How often a publisher is told of its packets' arrival: feedback serves it most when its uplink is
 * troubled, and costs most where the way back is thin. A pure function of numbers.
 */
#ifndef VIDD_MEDIA_RATE_FEEDBACK_INTERVAL_H
#define VIDD_MEDIA_RATE_FEEDBACK_INTERVAL_H

#include <stdbool.h>
#include <stdint.h>

#define FEEDBACK_INTERVAL_MIN_US 50000 /* the range that libwebrtc uses too */
#define FEEDBACK_INTERVAL_US	 100000
#define FEEDBACK_INTERVAL_MAX_US 250000

struct feedback_interval_in {
	bool is_unstable;      /* the uplink queues or loses: uplink_state.is_unstable */
	uint32_t reverse_bps;  /* what our downlink to that peer carries; 0: unknown */
	uint16_t report_bytes; /* one report as IP carries it; 0: unknown, 84 is assumed */
};

/* In microseconds, 50 000 to 250 000: 100 ms, 50 ms when unstable, 200 to 250 ms below 100 kbit/s
 * of reverse rate; and as long as it takes for reports to need no more than 5 % of that rate,
 * within the range. */
int64_t feedback_interval_us(const struct feedback_interval_in *in);

#endif
