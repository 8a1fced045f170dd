/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What every part of an engine shares: the packet pool, the queues of datagrams and events that
 * the caller drains, the deadlines, the counters and the few settings. It decides nothing. One per
 * engine, one thread; fields are open to media/route alone.
 */
#ifndef VIDD_MEDIA_ROUTE_OUTLET_H
#define VIDD_MEDIA_ROUTE_OUTLET_H

#include "media/base/heap.h"
#include "media/route/engine.h"

struct outlet {
	struct pkt_pool *pool;
	struct pkt *first;
	struct pkt *last;
	struct engine_event *events; /* a ring */
	size_t event_head;
	size_t event_count;
	size_t event_cap;
	struct heap deadlines; /* of transports */
	struct engine_stats stats;
	struct rng rng;
	const struct cert *cert;
	int64_t unix_offset_us;
	int video_max_encoding;
	unsigned spared; /* see engine_spare */
};

/* 0 or -ENOMEM. Zero state is safe to close. */
int outlet_init(struct outlet *outlet, const struct engine_config *config);
void outlet_close(struct outlet *outlet);

/* An empty buffer, or NULL (counted) when the pool is spent. arrival_us: when its cause came. */
struct pkt *outlet_packet(struct outlet *outlet, int64_t arrival_us);
/* Queues it to path. Takes the reference. */
void outlet_send(struct outlet *outlet, struct pkt *pkt, const struct path *path);
/* The oldest one queued, or NULL; the reference goes to the caller. */
struct pkt *outlet_take(struct outlet *outlet);

/* Copies *event. Grows the ring when it must: events come with joins and changes, not packets. */
void outlet_event(struct outlet *outlet, const struct engine_event *event);
bool outlet_take_event(struct outlet *outlet, struct engine_event *out);

#endif
