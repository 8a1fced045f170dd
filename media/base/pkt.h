/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Packet buffers: pooled, bounded, reference-counted (the only reference counts in Vidd, because
 * one received packet is kept for many subscribers). A pool belongs to one worker thread; counts
 * are not atomic. Memory comes in slabs up to the pool's cap and stays with the pool, so that
 * taking and giving back a buffer never allocates once the pool is warm.
 *
 * There are buffers of four sizes: whole ones take any datagram, the smallest what sound and
 * feedback need, two what pictures are cut into at the rates of thin links and of 1 Mbit/s. What is
 * kept for long is kept in one that fits.
 */
#ifndef VIDD_MEDIA_BASE_PKT_H
#define VIDD_MEDIA_BASE_PKT_H

#include <stddef.h>
#include <stdint.h>

#include "media/base/addr.h"

struct pkt_pool;

/* Visible for per-packet speed. */
struct pkt {
	struct pkt *next; /* the pool's free list, or a queue of whoever holds the packet */
	struct pkt_pool *pool;
	uint32_t refs;
	uint16_t len;
	uint16_t room;	    /* bytes of data, all of which may be written */
	int64_t arrival_us; /* received: when; to send: when its input came, for the transit figure
			     */
	struct path path;   /* received: from where; to send: to where */
	uint8_t data[];
};

#define PKT_BYTES	1536 /* LIMIT_DATAGRAM_BYTES and room for an SRTP trailer */
#define PKT_SMALL_BYTES 320
#define PKT_SIZES	4

/* A pool of at most max_pkts buffers of each size; `warm` whole ones are made at once. NULL when
 * memory is gone.
 */
struct pkt_pool *pkt_pool_new(size_t max_pkts, size_t warm);
/* Every packet must have come back: asserted. NULL is legal. */
void pkt_pool_free(struct pkt_pool *pool);
/* A whole buffer with one reference, len 0; NULL when the cap is reached (the caller drops and
 * counts).
 */
struct pkt *pkt_get(struct pkt_pool *pool);
/* The packet in a buffer that fits: itself, or a smaller one with what it held, and its own
 * reference given back. Only for who holds the one reference there is.
 */
struct pkt *pkt_fit(struct pkt *pkt);
struct pkt *pkt_ref(struct pkt *pkt);
/* Gives one reference back. NULL is legal. */
void pkt_unref(struct pkt *pkt);
size_t pkt_pool_used(const struct pkt_pool *pool);
size_t pkt_pool_bytes(const struct pkt_pool *pool);

#endif
