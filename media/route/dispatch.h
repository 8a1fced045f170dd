/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Whose turn it is on one transport's link. Sound goes at once (sub_forward); pictures and
 * retransmissions wait here until the pacer is open, and what has waited too long is left out.
 * Order: repair of what is shown, then pictures by rank (budget.h), then probes of useful bytes.
 *
 * It composes sender.h and the transport's subscriptions. Embedded in struct peer. One thread.
 */
#ifndef VIDD_MEDIA_ROUTE_DISPATCH_H
#define VIDD_MEDIA_ROUTE_DISPATCH_H

#include "media/route/sub.h"

struct dispatch_repair {
	struct sub *sub;
	uint16_t seq;
	int64_t asked_us;
};

struct dispatch {
	struct sender *sender;
	struct transport *transport;
	struct sub *subs; /* the transport's, by next_of_transport */
	struct dispatch_repair repair[LIMIT_WAITING_REPAIRS]; /* a ring */
	size_t repair_head;
	size_t repair_count;
	bool is_stale; /* streams came, went or changed: the budget is to be shared out anew */
};

/* Makes the owner share out the budget soon. */
void dispatch_make_stale(struct dispatch *dispatch, int64_t now_us);
/* Zero state plus sender and transport is ready. */
void dispatch_add(struct dispatch *dispatch, struct sub *sub);
/* Nothing of it is waiting any more. */
void dispatch_remove(struct dispatch *dispatch, struct sub *sub);

/* A packet of the track that sub shows: at once, or when its turn comes. */
void dispatch_forward(struct dispatch *dispatch, int64_t now_us, struct sub *sub,
		      const struct waiting_item *item);
/* The viewer misses seq. Sound is repaired at once. */
void dispatch_nack(struct dispatch *dispatch, int64_t now_us, struct sub *sub, uint16_t seq);
/* Lets go what may go. Call after whatever may have opened the way. */
void dispatch_flush(struct dispatch *dispatch, int64_t now_us);
/* When dispatch_flush is due next; DEADLINE_NEVER: nothing waits, or feedback must come first. */
int64_t dispatch_deadline_us(const struct dispatch *dispatch, int64_t now_us);

#endif
