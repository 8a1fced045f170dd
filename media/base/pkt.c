/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/base/pkt.h"

#include <assert.h>
#include <stdlib.h>

#include "media/base/limits.h"

/* One slab is about 100 kB: few calls of the allocator, little waste in a small pool. */
#define SLAB_PKTS  64
#define CACHE_LINE ((size_t)64)
/* Each buffer starts on a cache line of its own. */
#define STRIDE ((sizeof(struct pkt) + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE)

_Static_assert(sizeof(((struct pkt *)0)->data) >= LIMIT_DATAGRAM_BYTES + 16,
	       "a full datagram and its SRTP trailer fit");

/* Heads a slab and takes one cache line; the packets follow. */
struct slab {
	struct slab *next;
	size_t pkts;
};

struct pkt_pool {
	struct pkt *spare;
	struct slab *slabs;
	size_t max;
	size_t made;
	size_t used;
	size_t bytes;
};

static int grow(struct pkt_pool *pool)
{
	size_t pkts = pool->max - pool->made;

	if (pkts > SLAB_PKTS)
		pkts = SLAB_PKTS;
	if (pkts == 0)
		return -1;
	size_t bytes = CACHE_LINE + pkts * STRIDE;
	uint8_t *memory = aligned_alloc(CACHE_LINE, bytes);
	if (!memory)
		return -1;
	struct slab *slab = (void *)memory;
	*slab = (struct slab){.next = pool->slabs, .pkts = pkts};
	pool->slabs = slab;
	pool->made += pkts;
	pool->bytes += bytes;
	for (size_t i = pkts; i > 0; i--) {
		struct pkt *pkt = (void *)(memory + CACHE_LINE + (i - 1) * STRIDE);
		pkt->pool = pool;
		pkt->refs = 0;
		pkt->next = pool->spare;
		pool->spare = pkt;
	}
	return 0;
}

struct pkt_pool *pkt_pool_new(size_t max_pkts, size_t warm)
{
	struct pkt_pool *pool = calloc(1, sizeof(*pool));

	if (!pool)
		return NULL;
	pool->max = max_pkts;
	pool->bytes = sizeof(*pool);
	if (warm > max_pkts)
		warm = max_pkts;
	while (pool->made < warm) {
		if (grow(pool) < 0) {
			pkt_pool_free(pool);
			return NULL;
		}
	}
	return pool;
}

void pkt_pool_free(struct pkt_pool *pool)
{
	size_t spare = 0;

	if (!pool)
		return;
	/* A packet still out would dangle; one given back twice would be found twice. */
	assert(pool->used == 0);
	for (const struct pkt *pkt = pool->spare; pkt && spare <= pool->made; pkt = pkt->next) {
		assert(pkt->refs == 0 && pkt->pool == pool);
		spare++;
	}
	assert(spare == pool->made);
	while (pool->slabs) {
		struct slab *slab = pool->slabs;
		pool->slabs = slab->next;
		free(slab);
	}
	free(pool);
}

struct pkt *pkt_get(struct pkt_pool *pool)
{
	if (!pool->spare && grow(pool) < 0)
		return NULL;
	struct pkt *pkt = pool->spare;
	assert(pkt->refs == 0);
	pool->spare = pkt->next;
	pool->used++;
	pkt->next = NULL;
	pkt->refs = 1;
	pkt->len = 0;
	pkt->arrival_us = 0;
	pkt->path = (struct path){0};
	return pkt;
}

struct pkt *pkt_ref(struct pkt *pkt)
{
	assert(pkt->refs > 0);
	pkt->refs++;
	return pkt;
}

void pkt_unref(struct pkt *pkt)
{
	if (!pkt)
		return;
	assert(pkt->refs > 0);
	if (--pkt->refs > 0)
		return;
	pkt->next = pkt->pool->spare;
	pkt->pool->spare = pkt;
	pkt->pool->used--;
}

size_t pkt_pool_used(const struct pkt_pool *pool)
{
	return pool->used;
}

size_t pkt_pool_bytes(const struct pkt_pool *pool)
{
	return pool->bytes;
}
