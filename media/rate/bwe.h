/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * How much one transport may send: the controller of our sending side, from transport-wide feedback
 * (draft-holmer-rmcat-transport-wide-cc-extensions-01). It composes the leaves of media/rate
 * (history, ...) and decides nothing about streams: numbers in, numbers out. Rates count what a
 * link carries: IP and UDP headers included, ATM cells where told.
 *
 * One per transport (one controller per 5-tuple, RFC 8836 requirement 6). One thread. Plain data.
 */
#ifndef VIDD_MEDIA_RATE_BWE_H
#define VIDD_MEDIA_RATE_BWE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/wire/twcc.h"

struct bwe;

struct bwe_config {
	uint32_t start_bps; /* 0: the default, 200 kbit/s. From an earlier visit: already x 0.7 */
	uint32_t min_bps;   /* never below: audio alone needs it */
	uint32_t max_bps;
	uint8_t packet_overhead; /* IP and UDP bytes of each packet: 28 for IPv4, 48 for IPv6 */
	bool is_atm;		 /* charge 48-byte cells of 53 */
};

/* 0 or -ENOMEM. */
int bwe_new(struct bwe **out, int64_t now_us, const struct bwe_config *config);
void bwe_free(struct bwe *bwe);

enum bwe_class {
	BWE_AUDIO,
	BWE_VIDEO,
	BWE_REPAIR,
};

struct bwe_packet {
	uint16_t transport_seq; /* consecutive over everything sent on the transport */
	uint16_t bytes;		/* the UDP payload */
	enum bwe_class class;
	uint8_t probe; /* of which probe; 0: none */
};

/* A packet left (or was handed to the socket). */
void bwe_sent(struct bwe *bwe, int64_t now_us, const struct bwe_packet *packet);
/* The very datagram went again (RFC 3711 forbids another under its RTP number), so under the same
 * number: when it arrives then, that says nothing of the delay, and that it was lost before. */
void bwe_resent(struct bwe *bwe, int64_t now_us, uint16_t transport_seq);
/* Feedback arrived. What it says of packets that are not in the history counts as missing. */
void bwe_feedback(struct bwe *bwe, int64_t now_us, const struct twcc_feedback *feedback);
/* A report (RFC 3550 6.4.1), which counts while there is no feedback: the round-trip time and the
 * fraction_lost of 256, of our own leg. */
void bwe_report(struct bwe *bwe, int64_t now_us, int64_t rtt_us, uint8_t fraction_lost);

/* What the streams could make use of, at the same level as target_bps. */
struct bwe_demand {
	uint32_t sending_bps; /* what they are set to send now, sound included */
	uint32_t next_bps;    /* what they would send after the next upgrade; 0: nothing more */
	uint32_t room_bps;    /* what must be there before it is made; 0: no more than that */
	uint32_t wanted_bps;  /* everything at its best */
};
void bwe_demand(struct bwe *bwe, int64_t now_us, const struct bwe_demand *demand);

/* The selected path is another one: what was learnt of the old path is history. */
void bwe_route_changed(struct bwe *bwe, int64_t now_us);

/* Anything came from the peer, whatever it is. */
void bwe_heard(struct bwe *bwe, int64_t now_us);
/* Whether sound may leave now as it comes; and when not, whether one small packet may ask if the
 * link is back. */
bool bwe_takes_sound(struct bwe *bwe, int64_t now_us);
bool bwe_may_ask(const struct bwe *bwe, int64_t now_us);

void bwe_timeout(struct bwe *bwe, int64_t now_us);
int64_t bwe_deadline_us(const struct bwe *bwe);

/* A probe wanted now: a cluster of so many bytes, all useful media, that leaves at that rate, all
 * taken together. What waits in the pacer goes first, then repair or the next layer; each of these
 * packets but sound carries the id. Over once the bytes have left: id is 0 again. */
struct bwe_probe {
	uint8_t id; /* 0: none wanted */
	uint32_t bps;
	uint32_t bytes;
};

struct bwe_state {
	uint32_t target_bps;   /* what all streams together may be set to */
	uint32_t steady_bps;   /* the same without the short dips that let the base delay be seen:
				  for who sets rates */
	uint32_t pacing_bps;   /* how fast queued packets leave; 0: video stops */
	uint32_t window_bytes; /* in-flight cap: above it video waits; sound is exempt */
	uint32_t in_flight_bytes;
	bool is_silent;	   /* feedback has stopped: video stops, little sound goes on without RED */
	bool is_draining;  /* the queue in the network is being emptied */
	bool is_congested; /* the last decision was a decrease for delay or loss */
	uint32_t acked_bps; /* arriving at the peer */
	int64_t queue_us;   /* standing in the network beyond the base delay */
	int64_t rtt_us;	    /* smoothed, feedback delay taken off as far as known; 0: unknown */
	int64_t min_rtt_us;
	uint16_t loss_permille;	    /* of the last seconds, own leg */
	uint16_t loss_burst_tenths; /* mean length of a loss burst, in tenths of packets; 10 or more
				     */
	struct bwe_probe probe;
};

/* Valid until the next call. */
const struct bwe_state *bwe_state(const struct bwe *bwe);

#endif
