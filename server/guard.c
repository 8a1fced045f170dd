/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/guard.h"

#include <assert.h>
#include <errno.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#define SWEEP_US 1000000

struct visitor {
	struct addr addr; /* the key: without port, IPv6 cut to its /64 */
	size_t connections;
	int64_t credit_us; /* one request costs 1 s / rate */
	int64_t refilled_us;
};

struct guard {
	struct guard_config config;
	int64_t cost_us;
	size_t connections;
	int64_t sweep_due_us; /* not earlier: a flood must not make us look at all of them each time
			       */
	GHashTable *visitors; /* struct addr inside struct visitor -> struct visitor */
};

static guint hash(gconstpointer key)
{
	return addr_hash(key);
}

static gboolean equal(gconstpointer a, gconstpointer b)
{
	return addr_equal(a, b);
}

int guard_new(struct guard **out, const struct guard_config *config)
{
	struct guard *g = calloc(1, sizeof(*g));

	if (g == NULL)
		return -ENOMEM;
	g->config = *config;
	g->cost_us = 1000000 / config->rate_per_s;
	if (g->cost_us == 0)
		g->cost_us = 1;
	g->visitors = g_hash_table_new_full(hash, equal, NULL, free);
	*out = g;
	return 0;
}

void guard_free(struct guard *g)
{
	if (g == NULL)
		return;
	g_hash_table_destroy(g->visitors);
	free(g);
}

static int64_t full_us(void)
{
	return (int64_t)GUARD_BURST_S * 1000000;
}

static void refill(struct visitor *v, int64_t now_us)
{
	v->credit_us += now_us - v->refilled_us;
	v->refilled_us = now_us;
	if (v->credit_us > full_us())
		v->credit_us = full_us();
}

static gboolean is_idle(gpointer key, gpointer value, gpointer now)
{
	struct visitor *v = value;

	(void)key; /* inside value */
	refill(v, *(const int64_t *)now);
	return v->connections == 0 && v->credit_us == full_us();
}

static struct addr cut(const struct addr *from)
{
	struct addr key = *from;

	key.port = 0;
	if (key.family == ADDR_IPV6)
		memset(key.ip + 8, 0, 8);
	return key;
}

static struct visitor *find(struct guard *g, int64_t now_us, const struct addr *from)
{
	struct addr key = cut(from);
	struct visitor *v = g_hash_table_lookup(g->visitors, &key);

	if (v != NULL)
		return v;
	if (g_hash_table_size(g->visitors) >= GUARD_MAX_ADDRESSES && now_us >= g->sweep_due_us) {
		g_hash_table_foreach_remove(g->visitors, is_idle, &now_us);
		g->sweep_due_us = now_us + SWEEP_US;
	}
	if (g_hash_table_size(g->visitors) >= GUARD_MAX_ADDRESSES)
		return NULL;
	v = calloc(1, sizeof(*v));
	if (v == NULL)
		return NULL;
	v->addr = key;
	v->credit_us = full_us();
	v->refilled_us = now_us;
	g_hash_table_insert(g->visitors, &v->addr, v);
	return v;
}

static int pay(struct guard *g, int64_t now_us, struct visitor *v)
{
	refill(v, now_us);
	if (v->credit_us < g->cost_us)
		return -EAGAIN;
	v->credit_us -= g->cost_us;
	return 0;
}

int guard_connect(struct guard *g, int64_t now_us, const struct addr *from)
{
	struct visitor *v;

	if (g->connections >= g->config.max_connections)
		return -EMFILE;
	v = find(g, now_us, from);
	if (v == NULL)
		return -EMFILE;
	if (v->connections >= g->config.max_per_address)
		return -EUSERS;
	if (pay(g, now_us, v) < 0)
		return -EAGAIN;
	v->connections++;
	g->connections++;
	return 0;
}

int guard_connect_proxy(struct guard *g, int64_t now_us, const struct addr *from)
{
	struct visitor *v =
		g->connections < g->config.max_connections ? find(g, now_us, from) : NULL;

	if (v == NULL)
		return -EMFILE;
	v->connections++;
	g->connections++;
	return 0;
}

void guard_disconnect(struct guard *g, const struct addr *from)
{
	struct addr key = cut(from);
	struct visitor *v = g_hash_table_lookup(g->visitors, &key);

	/* Who is connected is never forgotten. */
	assert(v != NULL && v->connections > 0 && g->connections > 0);
	v->connections--;
	g->connections--;
}

int guard_request(struct guard *g, int64_t now_us, const struct addr *from)
{
	struct visitor *v = find(g, now_us, from);

	return v == NULL ? -EAGAIN : pay(g, now_us, v);
}

size_t guard_connections(const struct guard *g)
{
	return g->connections;
}
