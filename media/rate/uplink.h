/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A publisher's uplink as its arriving packets show it: the queue that stands on it, what comes
 * through, what is lost; and from that a cap for REMB (draft-alvestrand-rmcat-remb-03), which
 * senders obey besides their own estimate: min(own, REMB) in libwebrtc, transport-wide feedback or
 * not. The sender's estimate stays the controller; the cap helps where it is slow, on thin links
 * with deep queues.
 *
 * The queue is the least one-way delay of the last 300 ms above the least of the last 100 s, so
 * jitter does not count and a clock wrong by 100 ppm shows as 10 ms at most. Above 100 ms the cap
 * is 0.85 of what arrives, above 300 ms 0.6, until the queue is below 40 ms. Rising is 8 % a
 * second; the cap is lifted when the queue has stayed low. While the queue is the sender's own,
 * what arrives is what the link carries, and the cap settles; when others fill the link, what
 * arrives is a share that shrinks, and the cap yields down to the floor. A queue that does not
 * answer to that for 15 s is taken for the path's delay.
 *
 * Rates count IP and UDP headers. One per transport. Pure, plain data, no allocation.
 */
#ifndef VIDD_MEDIA_RATE_UPLINK_H
#define VIDD_MEDIA_RATE_UPLINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/base/seq.h"

#define UPLINK_QUEUE_UNKNOWN (-1)
/* The cap never falls below this and the sound that arrives: libwebrtc's smallest video. On a link
 * that was seen to carry less, not below 0.85 of that; sound and the second figure always. */
#define UPLINK_FLOOR_BPS 30000
#define UPLINK_LEAST_BPS 10000

struct uplink_packet {
	int64_t arrival_us;
	uint16_t bytes; /* the UDP payload */
	bool is_audio;
	bool has_transport_seq;
	uint16_t transport_seq;
	bool has_send_time;
	uint32_t send_time; /* abs-send-time as it stands in the packet, 24 bits of 6.18 s */
	/* For senders without abs-send-time: delays are then taken from one stream, a sound if
	 * there is any. */
	uint32_t ssrc;
	uint32_t timestamp;
	uint32_t clock_hz; /* 0: of no use for times (RTX, padding) */
};

struct uplink_state {
	int64_t queue_us;	/* standing; UPLINK_QUEUE_UNKNOWN without packets to tell */
	uint32_t arrival_bps;	/* of the last 500 ms; 0: nothing came */
	uint32_t audio_bps;	/* of that, sound; smoothed over seconds */
	uint16_t loss_permille; /* of the last second, by transport-wide sequence numbers */
	uint32_t cap_bps;	/* what REMB should say; 0: no cap */
	/* What the link seems to carry, for the choice of encodings: known once a queue showed it,
	 * and at least what arrives. It grows slowly while nothing queues. 0: no limit seen. */
	uint32_t capacity_bps;
	uint8_t ptime_ms; /* 60 on uplinks below 64 kbit/s; 0: any */
	bool is_unstable; /* queueing, losing or capped: the publisher needs feedback often */
	bool is_foreign;  /* the queue does not answer to the cap: others fill it */
};

enum uplink_sizes {
	UPLINK_BASE_MINIMA = 10, /* of 10 s each; the first is under way, as in all of these */
	UPLINK_QUEUE_MINIMA = 4, /* of 100 ms each */
	UPLINK_RATE_SLOTS = 11,	 /* of 50 ms each */
	UPLINK_LOSS_SLOTS = 10,	 /* of 100 ms each */
};

/* Where send times come from: abs-send-time, or the RTP timestamps of one stream. */
struct uplink_clock {
	bool is_set;
	bool is_send_time;
	bool is_audio;
	uint8_t bits; /* they wrap after */
	uint32_t ssrc;
	uint32_t hz;
	uint32_t last; /* the newest, as in the packet */
	int64_t ticks; /* the same, unwrapped */
	int64_t arrival_us;
};

struct uplink_slot {
	uint32_t bytes;
	uint32_t first_bytes; /* of its first packet */
	int64_t first_us, last_us;
};

/* Visible for embedding; the fields are uplink.c's and uplink_measure.c's. Times are 0 before they
 * have happened. */
struct uplink {
	uint8_t packet_overhead;
	bool started; /* a packet came */
	bool has_seq;
	bool is_draining;
	bool has_grown; /* the capacity, by itself */
	int64_t deadline_us;
	int64_t last_arrival_us;
	struct uplink_clock clock;
	/* One-way delays, but for an unknown constant. INT64_MAX: none. */
	int64_t base_us[UPLINK_BASE_MINIMA];
	int64_t base_began_us;
	int64_t least_us[UPLINK_QUEUE_MINIMA];
	uint16_t least_count[UPLINK_QUEUE_MINIMA];
	int64_t slot_began_us;
	struct uplink_slot slot[UPLINK_RATE_SLOTS];
	uint32_t audio_bytes; /* since the last tick */
	int64_t ticked_us;
	/* Transport-wide sequence numbers. */
	struct seq_unwrap unwrap;
	int64_t highest_seq;
	int64_t ticked_seq; /* the highest at the last tick */
	uint16_t seq_received;
	uint16_t loss_expected[UPLINK_LOSS_SLOTS];
	uint16_t loss_received[UPLINK_LOSS_SLOTS];
	/* The cap. */
	int64_t drain_began_us;
	int64_t drain_most_us; /* the longest queue since */
	int64_t flat_us;       /* the queue has kept within flat_low..flat_high since */
	int64_t flat_low_us, flat_high_us;
	int64_t low_since_us; /* 0: the queue is not low */
	int64_t pardon_us;    /* until then a queue is what a gap held up */
	/* The capacity. */
	int64_t doubt_us;    /* until then a queue tells nothing of it: others fill the link */
	uint32_t before_bps; /* when the draining began; 0: not known then */
	uint32_t seen_bps;   /* when a draining last ended */
	uint32_t full_bps;   /* when the link was last seen full */
	int64_t seen_us;
	int64_t hold_us;  /* how long it does not grow after that */
	int64_t ptime_us; /* since when ptime should be the other; 0: it should not */
	struct uplink_state state;
};

/* packet_overhead: IP and UDP bytes of each packet, 28 for IPv4, 48 for IPv6. */
void uplink_init(struct uplink *uplink, int64_t now_us, uint8_t packet_overhead);
/* A packet that passed authentication, RTX and padding too. */
void uplink_packet(struct uplink *uplink, const struct uplink_packet *packet);
/* The path is another one: delays and rates of the old one are forgotten, and the cap with them. */
void uplink_route_changed(struct uplink *uplink, int64_t now_us, uint8_t packet_overhead);
/* Decides. Call at the deadline: every 100 ms while packets come, DEADLINE_NEVER before the first
 * and once a second while none come. */
void uplink_timeout(struct uplink *uplink, int64_t now_us);
int64_t uplink_deadline_us(const struct uplink *uplink);

/* Valid until the next call. */
static inline const struct uplink_state *uplink_state(const struct uplink *uplink)
{
	return &uplink->state;
}

#endif
