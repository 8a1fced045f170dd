/* SPDX-License-Identifier: EUPL-1.2 */
#include "tests/sim/net.h"

#include <glib.h>
#include <string.h>

void net_init(struct net *net, uint64_t seed)
{
	*net = (struct net){.rng = rng_seeded(seed)};
}

void net_close(struct net *net)
{
	for (size_t i = 0; i < net->count; i++)
		g_free(net->queue[i]);
	g_free(net->queue);
	*net = (struct net){0};
}

static bool is_before(const struct net_datagram *a, const struct net_datagram *b)
{
	return a->due_us != b->due_us ? a->due_us < b->due_us : a->order < b->order;
}

static void swap(struct net *net, size_t a, size_t b)
{
	struct net_datagram *held = net->queue[a];

	net->queue[a] = net->queue[b];
	net->queue[b] = held;
}

static void push(struct net *net, struct net_datagram *datagram)
{
	size_t at = net->count++;

	if (net->count > net->cap) {
		net->cap = net->cap ? net->cap * 2 : 256;
		net->queue = g_realloc_n(net->queue, net->cap, sizeof(*net->queue));
	}
	net->queue[at] = datagram;
	for (; at > 0 && is_before(net->queue[at], net->queue[(at - 1) / 2]); at = (at - 1) / 2)
		swap(net, at, (at - 1) / 2);
}

static struct net_datagram *pop(struct net *net)
{
	struct net_datagram *first = net->queue[0];
	size_t at = 0;

	net->queue[0] = net->queue[--net->count];
	for (;;) {
		size_t best = at;

		for (size_t child = at * 2 + 1; child <= at * 2 + 2; child++)
			if (child < net->count && is_before(net->queue[child], net->queue[best]))
				best = child;
		if (best == at)
			return first;
		swap(net, at, best);
		at = best;
	}
}

/* When a datagram of len arrives, or -1: never. */
static int64_t due_us(struct net *net, int64_t now_us, const struct net_link *link, size_t len)
{
	if (link->is_cut)
		return -1;
	if (link->model) {
		struct link_fate fate;

		link_send(link->model, now_us * 1000, (int64_t)len + NET_HEADER_BYTES, &fate);
		return fate.verdict == LINK_DELIVERED ? (fate.arrive_ns + 999) / 1000 : -1;
	}
	if (link->loss > 0 && rng_unit(&net->rng) < link->loss)
		return -1;
	if (link->jitter_us > 0)
		return now_us + link->delay_us + rng_below(&net->rng, (uint32_t)link->jitter_us);
	return now_us + link->delay_us;
}

void net_send(struct net *net, int64_t now_us, const struct net_way *way, const uint8_t *data,
	      size_t len)
{
	struct net_datagram *datagram;
	int64_t due = due_us(net, now_us, way->link, len);

	net->sent++;
	if (due < 0) {
		net->lost++;
		return;
	}
	g_assert_cmpuint(len, <=, sizeof(datagram->data));
	datagram = g_new(struct net_datagram, 1);
	datagram->due_us = due;
	datagram->order = net->sent;
	datagram->to_engine = way->to_engine;
	datagram->path = way->path;
	datagram->len = len;
	memcpy(datagram->data, data, len);
	push(net, datagram);
}

int64_t net_deadline_us(const struct net *net)
{
	return net->count ? net->queue[0]->due_us : INT64_MAX;
}

struct net_datagram *net_take(struct net *net, int64_t now_us)
{
	return net->count && net->queue[0]->due_us <= now_us ? pop(net) : NULL;
}
