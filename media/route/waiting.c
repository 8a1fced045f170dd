/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/route/waiting.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

int waiting_open(struct waiting *waiting)
{
	if (waiting->ring)
		return 0;
	waiting->ring = calloc(LIMIT_WAITING_PACKETS, sizeof(*waiting->ring));
	return waiting->ring ? 0 : -ENOMEM;
}

void waiting_close(struct waiting *waiting)
{
	waiting_clear(waiting);
	free(waiting->ring);
	waiting->ring = NULL;
}

bool waiting_push(struct waiting *waiting, const struct waiting_item *item)
{
	bool is_full = waiting->count == LIMIT_WAITING_PACKETS;

	if (!waiting->ring)
		return false;
	if (is_full)
		waiting_pop(waiting);
	waiting->ring[(waiting->head + waiting->count) % LIMIT_WAITING_PACKETS] = *item;
	pkt_ref(item->packet.pkt);
	waiting->count++;
	waiting->bytes += item->packet.pkt->len;
	return !is_full;
}

const struct waiting_item *waiting_first(const struct waiting *waiting)
{
	return waiting->count ? &waiting->ring[waiting->head] : NULL;
}

void waiting_pop(struct waiting *waiting)
{
	struct waiting_item *item = &waiting->ring[waiting->head];

	assert(waiting->count > 0);
	waiting->bytes -= item->packet.pkt->len;
	pkt_unref(item->packet.pkt);
	item->packet.pkt = NULL;
	waiting->head = (waiting->head + 1) % LIMIT_WAITING_PACKETS;
	waiting->count--;
}

void waiting_clear(struct waiting *waiting)
{
	while (waiting->count)
		waiting_pop(waiting);
}
