/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Packet indices of one SRTP stream (RFC 3711 3.3.1): the 48-bit index out of the 16-bit sequence
 * number, the receiver's replay window (3.3.2) and the sender's memory of what it protected. Plain
 * state in, numbers out; no bytes, no keys. Private to media/wire/srtp*.c.
 */
#ifndef VIDD_MEDIA_WIRE_SRTP_INDEX_H
#define VIDD_MEDIA_WIRE_SRTP_INDEX_H

#include <stdbool.h>
#include <stdint.h>

#include "media/base/limits.h"

#define SRTP_INDEX_WINDOW                                                                          \
	128 /* RFC 3711 3.3.2 wants 64 at least; a burst on a thin link is more                    \
	     */
#define SRTP_INDEX_MAX (((uint64_t)1 << 48) - 1)
/* Answers to NACK reach back as far as the cache of sent packets. */
#define SRTP_INDEX_SENT LIMIT_SENT_PACKETS

/* Zero state: nothing seen; the rollover counter starts at 0. */
struct srtp_replay {
	uint64_t highest;
	uint64_t seen[SRTP_INDEX_WINDOW / 64]; /* bit i: highest - i */
	bool has_started;
};

/* Zero state as above. */
struct srtp_sent {
	uint64_t highest;
	bool has_started;
	uint32_t mark[SRTP_INDEX_SENT]; /* at index % size; 0: not sent */
};

/* RFC 3711 appendix A: the index nearest to the highest one for this sequence number. Before the
 * first packet, or where the nearest would be below zero, the rollover counter is 0 (as libsrtp
 * does, so that a first packet lost near the wrap is survived). May exceed SRTP_INDEX_MAX: the key
 * is used up then. */
uint64_t srtp_index_estimate(bool has_started, uint64_t highest, uint16_t seq);

/* False for an index seen before or too old to tell. */
bool srtp_replay_is_fresh(const struct srtp_replay *replay, uint64_t index);
/* Only after authentication. */
void srtp_replay_mark(struct srtp_replay *replay, uint64_t index);

/* Notes that a packet with this mark (of its tag; never 0) goes out under index. False, and nothing
 * noted, when another packet went out under it or the index is too old to tell. */
bool srtp_sent_note(struct srtp_sent *sent, uint64_t index, uint32_t mark);

#endif
