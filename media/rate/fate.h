/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What became of each packet, decided once and in the order of sending, when it can not arrive any
 * more. What a link that was gone took is not counted as loss: it says nothing of what the link
 * loses when it is there. Pure; embed it, zero state has decided nothing.
 */
#ifndef VIDD_MEDIA_RATE_FATE_H
#define VIDD_MEDIA_RATE_FATE_H

#include "media/rate/history.h"
#include "media/rate/loss.h"

#define FATE_REORDER_US 120000 /* later than that it is lost: jitter of 50+-50 ms */
/* Nothing of what was sent for so long arrived: the link was gone. */
#define FATE_GAP_US 300000

/* Visible for embedding. */
struct fate {
	int64_t next;	       /* first number whose fate is not decided */
	int64_t back;	       /* what was sent before this number met no link */
	uint32_t told, untold; /* of late: feedback spoke of it, never did */
	struct loss loss;
};

/* Another path, or the first packet: begins with this number. */
void fate_begin(struct fate *f, int64_t seq);
/* Decides on what was sent long enough before the newest packet that arrived. */
void fate_settle(struct fate *f, struct history *h, int64_t newest_sent_us);
/* Most of what was sent is not told of. */
bool fate_is_blind(const struct fate *f);

#endif
