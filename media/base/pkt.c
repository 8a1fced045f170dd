/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/base/pkt.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "media/base/limits.h"

/* One slab of whole buffers is about 100 kB, of the smallest 24 kB: few calls of the allocator,
 * little waste in a small pool.
 */
#define SLAB_PKTS  64
#define CACHE_LINE ((size_t)64)

_Static_assert(PKT_BYTES >= LIMIT_DATAGRAM_BYTES + 16, "a full datagram and its SRTP trailer fit");

/* Heads a slab and takes one cache line; the packets follow. */
struct slab {
	struct slab *next;
	size_t pkts;
};

/* The buffers of one size. */
struct shelf {
	struct pkt *spare;
	uint16_t room;
	size_t made;
};

/* A frame of 1.2 Mbit/s makes five packets of 1 kB with what SRTP adds, one of 300 kbit/s two of
 * 650 bytes. */
static const uint16_t rooms[PKT_SIZES] = {PKT_SMALL_BYTES, 704, 1088, PKT_BYTES};

struct pkt_pool {
	struct shelf shelf[PKT_SIZES]; /* by size, the whole ones last */
	struct slab *slabs;
	size_t max; /* of each size */
	size_t used;
	size_t bytes;
};

/* Each buffer starts on a cache line of its own. */
static size_t stride(const struct shelf *shelf)
{
	return (sizeof(struct pkt) + shelf->room + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
}

static struct shelf *whole_of(struct pkt_pool *pool)
{
	return &pool->shelf[PKT_SIZES - 1];
}

/* Of the smallest buffers that have so much room. */
static struct shelf *shelf_for(struct pkt_pool *pool, size_t bytes)
{
	struct shelf *shelf = pool->shelf;

	while (shelf->room < bytes)
		shelf++;
	return shelf;
}

static int grow(struct pkt_pool *pool, struct shelf *shelf)
{
	size_t pkts = pool->max - shelf->made;

	if (pkts > SLAB_PKTS)
		pkts = SLAB_PKTS;
	if (pkts == 0)
		return -1;
	size_t bytes = CACHE_LINE + pkts * stride(shelf);
	uint8_t *memory = aligned_alloc(CACHE_LINE, bytes);
	if (!memory)
		return -1;
	struct slab *slab = (void *)memory;
	*slab = (struct slab){.next = pool->slabs, .pkts = pkts};
	pool->slabs = slab;
	shelf->made += pkts;
	pool->bytes += bytes;
	for (size_t i = pkts; i > 0; i--) {
		struct pkt *pkt = (void *)(memory + CACHE_LINE + (i - 1) * stride(shelf));
		pkt->pool = pool;
		pkt->refs = 0;
		pkt->room = shelf->room;
		pkt->next = shelf->spare;
		shelf->spare = pkt;
	}
	return 0;
}

struct pkt_pool *pkt_pool_new(size_t max_pkts, size_t warm)
{
	struct pkt_pool *pool = calloc(1, sizeof(*pool));

	if (!pool)
		return NULL;
	pool->max = max_pkts;
	for (size_t i = 0; i < PKT_SIZES; i++)
		pool->shelf[i].room = rooms[i];
	pool->bytes = sizeof(*pool);
	if (warm > max_pkts)
		warm = max_pkts;
	while (whole_of(pool)->made < warm) {
		if (grow(pool, whole_of(pool)) < 0) {
			pkt_pool_free(pool);
			return NULL;
		}
	}
	return pool;
}

/* A packet still out would dangle; one given back twice would be found twice. */
static void assert_whole(const struct pkt_pool *pool, const struct shelf *shelf)
{
	size_t spare = 0;

	for (const struct pkt *pkt = shelf->spare; pkt && spare <= shelf->made; pkt = pkt->next) {
		assert(pkt->refs == 0 && pkt->pool == pool);
		spare++;
	}
	assert(spare == shelf->made);
}

void pkt_pool_free(struct pkt_pool *pool)
{
	if (!pool)
		return;
	assert(pool->used == 0);
	for (size_t i = 0; i < PKT_SIZES; i++)
		assert_whole(pool, &pool->shelf[i]);
	while (pool->slabs) {
		struct slab *slab = pool->slabs;
		pool->slabs = slab->next;
		free(slab);
	}
	free(pool);
}

static struct pkt *take(struct pkt_pool *pool, struct shelf *shelf)
{
	if (!shelf->spare && grow(pool, shelf) < 0)
		return NULL;
	struct pkt *pkt = shelf->spare;
	assert(pkt->refs == 0);
	shelf->spare = pkt->next;
	pool->used++;
	pkt->next = NULL;
	pkt->refs = 1;
	pkt->len = 0;
	pkt->arrival_us = 0;
	pkt->path = (struct path){0};
	return pkt;
}

struct pkt *pkt_get(struct pkt_pool *pool)
{
	return take(pool, whole_of(pool));
}

struct pkt *pkt_fit(struct pkt *pkt)
{
	struct shelf *shelf = shelf_for(pkt->pool, pkt->len);
	struct pkt *small;

	assert(pkt->refs == 1);
	if (shelf->room >= pkt->room)
		return pkt;
	small = take(pkt->pool, shelf);
	if (!small)
		return pkt;
	small->len = pkt->len;
	small->arrival_us = pkt->arrival_us;
	small->path = pkt->path;
	memcpy(small->data, pkt->data, pkt->len);
	pkt_unref(pkt);
	return small;
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
	struct shelf *shelf = shelf_for(pkt->pool, pkt->room);

	pkt->next = shelf->spare;
	shelf->spare = pkt;
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
