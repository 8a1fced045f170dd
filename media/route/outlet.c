/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/route/outlet.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	/* Buffers made at once: enough for a small room, so that a first call allocates little. */
	OUTLET_WARM_PKTS = 64,
	/* A full room (64 transports, 8 slots each) changing at once. */
	OUTLET_EVENTS = 512,
};

int outlet_init(struct outlet *outlet, const struct engine_config *config)
{
	size_t warm = config->max_pkts < OUTLET_WARM_PKTS ? config->max_pkts : OUTLET_WARM_PKTS;
	int err;

	memset(outlet, 0, sizeof(*outlet));
	outlet->rng = config->rng;
	outlet->cert = config->cert;
	outlet->unix_offset_us = config->unix_offset_us;
	outlet->video_max_encoding = config->video_max_encoding;
	outlet->pool = pkt_pool_new(config->max_pkts, warm);
	outlet->events = calloc(OUTLET_EVENTS, sizeof(*outlet->events));
	if (!outlet->pool || !outlet->events) {
		outlet_close(outlet);
		return -ENOMEM;
	}
	outlet->event_cap = OUTLET_EVENTS;
	err = heap_init(&outlet->deadlines, config->max_transports);
	if (err)
		outlet_close(outlet);
	return err;
}

void outlet_close(struct outlet *outlet)
{
	struct pkt *pkt;

	while ((pkt = outlet_take(outlet)))
		pkt_unref(pkt);
	pkt_pool_free(outlet->pool);
	free(outlet->events);
	heap_close(&outlet->deadlines);
	memset(outlet, 0, sizeof(*outlet));
}

struct pkt *outlet_packet(struct outlet *outlet, int64_t arrival_us)
{
	struct pkt *pkt = pkt_get(outlet->pool);

	if (pkt)
		pkt->arrival_us = arrival_us;
	else
		outlet->stats.dropped_no_buffer++;
	return pkt;
}

void outlet_send(struct outlet *outlet, struct pkt *pkt, const struct path *path)
{
	pkt->path = *path;
	pkt->next = NULL;
	if (outlet->last)
		outlet->last->next = pkt;
	else
		outlet->first = pkt;
	outlet->last = pkt;
	outlet->stats.packets_out++;
	outlet->stats.bytes_out += pkt->len;
}

struct pkt *outlet_take(struct outlet *outlet)
{
	struct pkt *pkt = outlet->first;

	if (!pkt)
		return NULL;
	outlet->first = pkt->next;
	if (!outlet->first)
		outlet->last = NULL;
	pkt->next = NULL;
	return pkt;
}

static int grow_events(struct outlet *outlet)
{
	size_t cap = outlet->event_cap * 2;
	struct engine_event *ring = calloc(cap, sizeof(*ring));

	if (!ring)
		return -ENOMEM;
	for (size_t i = 0; i < outlet->event_count; i++)
		ring[i] = outlet->events[(outlet->event_head + i) % outlet->event_cap];
	free(outlet->events);
	outlet->events = ring;
	outlet->event_head = 0;
	outlet->event_cap = cap;
	return 0;
}

void outlet_event(struct outlet *outlet, const struct engine_event *event)
{
	/* With memory gone the event is lost; the seat's own timers in signaling/ clean up. */
	if (outlet->event_count == outlet->event_cap && grow_events(outlet))
		return;
	outlet->events[(outlet->event_head + outlet->event_count) % outlet->event_cap] = *event;
	outlet->event_count++;
}

bool outlet_take_event(struct outlet *outlet, struct engine_event *out)
{
	if (outlet->event_count == 0)
		return false;
	*out = outlet->events[outlet->event_head];
	outlet->event_head = (outlet->event_head + 1) % outlet->event_cap;
	outlet->event_count--;
	return true;
}
