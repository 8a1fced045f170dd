/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What the losses of our own leg mean. A thin radio link loses packets whatever is sent: such loss
 * must not lower the rate. Loss is ours only when it comes with a queue near the longest seen (the
 * tail was dropped), or when it grows with the rate while what arrives does not (a policer, or a
 * queue too short to see). Pure; embed it, zero state is empty.
 */
#ifndef VIDD_MEDIA_RATE_LOSS_H
#define VIDD_MEDIA_RATE_LOSS_H

#include <stdbool.h>
#include <stdint.h>

#define LOSS_WINDOWS   16
#define LOSS_WINDOW_US 500000
#define LOSS_TOLD      8

enum loss_verdict {
	LOSS_NONE,
	LOSS_INHERENT,	 /* the link's own */
	LOSS_CONGESTION, /* the tail of a full queue */
	LOSS_POLICED,	 /* more sent is more lost */
};

struct loss_window {
	uint32_t sent_bytes;
	uint32_t arrived_bytes;
	uint16_t packets;
	uint16_t lost;
	uint16_t bursts;
};

/* Visible for embedding. */
struct loss {
	int64_t window_start_us; /* 0: none yet */
	int64_t crowded_us;	 /* when the queue last was full; 0: never */
	unsigned next;		 /* slot under way */
	unsigned filled;
	struct loss_window windows[LOSS_WINDOWS];
	bool was_lost; /* the packet before */
	bool is_any;
};

/* The fate of one packet, in the order of sending. */
void loss_outcome(struct loss *l, int64_t sent_us, uint32_t bytes, bool is_lost);
/* Anything lost since the last verdict, with a queue near the longest. Before loss_judge. */
bool loss_is_tail(const struct loss *l, int64_t queue_us, int64_t queue_max_us);
/* Says how the queue stood when the outcomes since the last verdict became known; gives what they
 * mean, and starts anew. */
enum loss_verdict loss_judge(struct loss *l, int64_t queue_us, int64_t queue_max_us);
/* The queue is long enough to lose packets by itself. */
void loss_crowded(struct loss *l, int64_t now_us);
/* How many whole windows, LOSS_TOLD at most, hold nothing that a full queue lost. */
unsigned loss_uncrowded(const struct loss *l, int64_t now_us);
/* Of the last `windows` windows of 500 ms and the one under way. */
uint16_t loss_permille(const struct loss *l, unsigned windows);
/* How much more than twice the usual (8 s) was lost in the last second. */
int loss_excess_permille(const struct loss *l);
/* Mean length of a run of lost packets in tenths, 10 or more; 0 when nothing was lost. windows as
 * above. */
uint16_t loss_burst_tenths(const struct loss *l, unsigned windows);

#endif
