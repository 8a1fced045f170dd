/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The last packets of one encoding, plaintext, by sequence number: what retransmission reads. Holds
 * one reference on each packet; the oldest goes when LIMIT_CACHE_PACKETS are in or it is older than
 * the age given. One worker thread.
 */
#ifndef VIDD_MEDIA_STREAM_CACHE_H
#define VIDD_MEDIA_STREAM_CACHE_H

#include <stddef.h>
#include <stdint.h>

#include "media/base/pkt.h"

struct cache;

/* capacity: a power of two, at most LIMIT_CACHE_PACKETS. 0 or -ENOMEM. */
int cache_new(struct cache **out, size_t capacity);
void cache_free(struct cache *cache);
/* Keeps a reference. A packet older than the window is not kept. */
void cache_put(struct cache *cache, uint16_t seq, struct pkt *pkt);
/* Borrowed until the next put, or NULL. */
struct pkt *cache_get(const struct cache *cache, uint16_t seq);
/* Gives back what arrived before this. */
void cache_expire(struct cache *cache, int64_t before_us);

#endif
