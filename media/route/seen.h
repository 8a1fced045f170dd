/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Which sequence numbers went by, over a sliding window. Two uses: a packet recovered by RTX is
 * taken only once, and an outgoing number is protected only once (RFC 7714 8.4: the same key and
 * nonce must never meet two plaintexts). Plain data; pure.
 */
#ifndef VIDD_MEDIA_ROUTE_SEEN_H
#define VIDD_MEDIA_ROUTE_SEEN_H

#include <stdbool.h>
#include <stdint.h>

/* Twice the NACK window of 2.5 Mbit/s video; a power of two. */
#define SEEN_WINDOW 1024

/* Zero state is ready. */
struct seen {
	bool started;
	uint16_t highest;
	uint64_t bits[SEEN_WINDOW / 64]; /* by sequence number modulo the window */
};

/* True the first time; false when it went by before or is older than the window. */
bool seen_mark(struct seen *seen, uint16_t seq);

#endif
