/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The measuring half of uplink.h: what packets tell of the queue, the rate and the loss, apart from
 * what is decided from that. For uplink.c alone.
 */
#ifndef VIDD_MEDIA_RATE_UPLINK_MEASURE_H
#define VIDD_MEDIA_RATE_UPLINK_MEASURE_H

#include "media/rate/uplink.h"

#define UPLINK_SECOND_US 1000000
#define UPLINK_TICK_US	 100000

/* The state's queue, rates and loss, each tick. */
void uplink_measure(struct uplink *uplink, int64_t now_us);
/* No delay is known. */
void uplink_forget_delays(struct uplink *uplink, int64_t now_us);
/* The delay of now is the path's: no queue stands. */
void uplink_rebase(struct uplink *uplink);

#endif
