/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The sending side of one transport, as numbers: it gives out transport-wide sequence numbers,
 * counts what leaves, keeps the estimate of what the link carries and says when the next picture
 * packet may go. What is sent is dispatch.h's business, how much of each stream budget.h's.
 *
 * A peer that negotiated no transport-wide feedback is sent at a fixed rate, lowered by its REMB
 * and by what its reports lose. Embedded in struct peer. One thread.
 */
#ifndef VIDD_MEDIA_ROUTE_SENDER_H
#define VIDD_MEDIA_ROUTE_SENDER_H

#include "media/rate/aimd.h"
#include "media/rate/bwe.h"
#include "media/rate/pacer.h"

struct sender {
	struct bwe *bwe; /* NULL: no feedback */
	struct pacer pacer;
	uint16_t next_seq;
	uint8_t packet_overhead; /* IP and UDP bytes */
	uint32_t start_bps;	 /* where the estimate began */
	struct aimd aimd;	 /* without feedback */
	uint32_t blind_bps;	 /* what comes of it */
	uint8_t probe_id;	 /* of the last probe begun */
	uint32_t probe_bps;
	uint32_t probe_left; /* bytes of it still to be sent */
	bool is_stale;	     /* the target changed: the budget must be shared out again */
	uint32_t told_bps;   /* the target when it was shared out last */
};

/* What a link is taken to carry when nobody tells: a picture of 720p and sound. */
#define SENDER_BLIND_BPS 2500000

struct sender_link {
	uint32_t start_bps; /* what it carried not long ago; 0: not known */
	bool has_feedback;  /* transport-wide, as negotiated */
	bool is_ipv6;
};

/* Path and negotiation are known: starts the estimate. 0 or -ENOMEM. */
int sender_start(struct sender *sender, int64_t now_us, const struct sender_link *link);
void sender_close(struct sender *sender);

/* A datagram of len bytes left under the number sender_number gave. */
void sender_sent(struct sender *sender, int64_t now_us, enum bwe_class class, size_t len);
/* The very datagram that went under that number went again. */
void sender_resent(struct sender *sender, int64_t now_us, uint16_t number, size_t len);
/* The transport-wide number of the next packet. */
static inline uint16_t sender_number(const struct sender *sender)
{
	return sender->next_seq;
}

void sender_feedback(struct sender *sender, int64_t now_us, const struct twcc_feedback *feedback);
void sender_remb(struct sender *sender, int64_t now_us, uint64_t bps);
void sender_report(struct sender *sender, int64_t now_us, int64_t rtt_us, uint8_t fraction_lost);
void sender_demand(struct sender *sender, int64_t now_us, const struct bwe_demand *demand);
void sender_route_changed(struct sender *sender, int64_t now_us, bool is_ipv6);

/* Whether a picture packet of len bytes (the datagram) may leave now. */
bool sender_is_open(const struct sender *sender, int64_t now_us, size_t len);
/* When it may; DEADLINE_NEVER: not before feedback or sender_timeout changes something. */
int64_t sender_opens_us(const struct sender *sender, int64_t now_us, size_t len);
/* Anything came from the peer. */
void sender_heard(struct sender *sender, int64_t now_us);
/* Whether sound may leave now as it comes: it never waits, but is of no use to a link that is gone.
 * When not: whether a small packet may go that asks for feedback. */
bool sender_takes_sound(const struct sender *sender, int64_t now_us);
bool sender_may_ask(const struct sender *sender, int64_t now_us);
/* Bytes of a probe still wanted; while there are any the pacer runs at the probe's rate. */
uint32_t sender_probe_left(const struct sender *sender);
/* Nothing useful is left to probe with. */
void sender_end_probe(struct sender *sender, int64_t now_us);

/* What all streams together may be set to, headers included. */
uint32_t sender_target_bps(const struct sender *sender);
/* The same once something was learnt of the link; 0: it is where it began, because nothing that
 * tells has been sent, or nobody tells. */
uint32_t sender_known_bps(const struct sender *sender);
/* NULL: no feedback, nothing known. */
const struct bwe_state *sender_state(const struct sender *sender);
/* True once after the target moved enough to share it out again. */
bool sender_take_stale(struct sender *sender);

void sender_timeout(struct sender *sender, int64_t now_us);
int64_t sender_deadline_us(const struct sender *sender);

#endif
