/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Picture packets of one slot that wait for their turn on the link, oldest first, not numbered
 * yet: which of them go is decided when their turn comes, so what is left out leaves no gap.
 * Bounded; when it is full the oldest go. Holds a reference on each packet. One thread.
 */
#ifndef VIDD_MEDIA_ROUTE_WAITING_H
#define VIDD_MEDIA_ROUTE_WAITING_H

#include "media/route/packet.h"

struct waiting_item {
	struct packet packet; /* holds the reference of packet.pkt */
	int64_t queued_us;
	int64_t capture_us; /* when it was captured, in our time */
	bool is_newest;	    /* nothing newer of its encoding came before */
	bool is_replayed;   /* from the cached run: behind the times on purpose */
	bool ends_replay;   /* its last */
};

/* Zero state: empty and without a place for anything. */
struct waiting {
	struct waiting_item *ring;
	size_t head;
	size_t count;
	size_t bytes; /* of the datagrams as they came */
};

/* Makes room for LIMIT_WAITING_PACKETS, once. 0 or -ENOMEM. */
int waiting_open(struct waiting *waiting);
void waiting_close(struct waiting *waiting);
/* Copies the item and takes a reference. False: it was full and the oldest went for it, or there is
 * no room at all. */
bool waiting_push(struct waiting *waiting, const struct waiting_item *item);
/* The oldest, or NULL. */
const struct waiting_item *waiting_first(const struct waiting *waiting);
/* Gives the oldest back. There must be one. */
void waiting_pop(struct waiting *waiting);
void waiting_clear(struct waiting *waiting);

#endif
