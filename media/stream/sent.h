/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What a slot sent last, by outgoing sequence number: what a subscriber's NACK is answered from.
 * An entry is a reference on the source's plaintext packet and the numbers it went out with, so a
 * retransmission is written again exactly as it was, also after the slot's source has changed.
 * There is no cache per encoding beside it: packets are shared by reference. One worker thread.
 */
#ifndef VIDD_MEDIA_STREAM_SENT_H
#define VIDD_MEDIA_STREAM_SENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/base/pkt.h"
#include "media/codec/codec.h"
#include "media/stream/rewrite.h"

struct sent;

struct sent_packet {
	struct pkt *pkt;	    /* never written to: the source's, decrypted, or the datagram */
	int64_t sent_us;	    /* first time */
	int64_t resent_us;	    /* last time, when resent_count > 0 */
	struct rewrite_out numbers; /* numbers.seq is the key */
	uint16_t transport_seq;	    /* of the datagram, when that is what is kept */
	enum codec_id codec;
	uint8_t pt; /* outgoing payload type */
	uint8_t resent_count;
	bool is_late; /* newer ones had gone out before it */
	/* Free for the router but for its lowest bit; kept as given. */
	uint16_t tag;
};

/* Of a tag: pkt is the protected datagram that went out, not the source's packet. */
#define SENT_DATAGRAM 1u

/* capacity: a power of two, at most LIMIT_SENT_PACKETS; memory for fewer is taken until more are
 * wanted. 0, -EINVAL or -ENOMEM. */
int sent_new(struct sent **out, size_t capacity);
/* Gives every reference back. NULL is legal. */
void sent_free(struct sent *sent);
/* How long a packet is of use to a viewer at that round-trip time: ten round trips between half a
 * second and one, or three if that is more. rtt_us <= 0: not known, a second. */
int64_t sent_age_us(int64_t rtt_us);
/* Keeps packets for that long from now on; older ones are given back as others are put. At first: a
 * second. */
void sent_keep(struct sent *sent, int64_t rtt_us);
/* Copies *packet (resent_* and is_late are filled in here) and takes a reference of its own on
 * packet->pkt. What its place held before goes; a packet older than the window is not kept. */
void sent_put(struct sent *sent, const struct sent_packet *packet);
/* Borrowed until the next call, or NULL. */
const struct sent_packet *sent_get(const struct sent *sent, uint16_t seq);
/* The one sent `back` places before the newest, or NULL: not kept. Borrowed likewise. */
const struct sent_packet *sent_recent(const struct sent *sent, uint16_t back);
/* The packet to resend for a NACK of seq, counted as resent now; borrowed until the next call.
 * NULL: not here, older than what is kept, or resent less than one RTT ago. A late packet counts
 * as a resend of itself: a NACK that comes within one RTT of it was sent before it arrived there.
 * rtt_us <= 0: not known, 100 ms is taken. */
const struct sent_packet *sent_resend(struct sent *sent, int64_t now_us, uint16_t seq,
				      int64_t rtt_us);
/* Gives back what was first sent before this. Walks the ring: for a timer, not for each packet. */
void sent_expire(struct sent *sent, int64_t before_us);
/* References held. */
size_t sent_count(const struct sent *sent);

#endif
