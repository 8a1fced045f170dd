/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A publisher, its uplink and what we see of it, in virtual time: one bottleneck with a drop-tail
 * queue that a TCP upload may share, and a sender of sound and video that obeys REMB beside an
 * estimate of its own. For test_uplink.c.
 */
#ifndef VIDD_TESTS_UNIT_UPLINK_WORLD_H
#define VIDD_TESTS_UNIT_UPLINK_WORLD_H

#include "media/base/rng.h"
#include "media/rate/uplink.h"

#define MS     1000
#define SECOND (1000 * MS)

enum {
	WORLD_RING = 16384,
	WORLD_QUEUES = 400000
};

struct on_link {
	int64_t out_us; /* leaves the queue */
	int64_t arrival_us;
	uint32_t bytes; /* at IP level */
	bool is_foreign;
	struct uplink_packet packet;
	int64_t sent_us;
};

struct world {
	struct rng rng;
	int64_t now_us;
	struct uplink uplink;
	/* the link */
	uint32_t link_bps;
	int64_t queue_limit_us;
	int64_t delay_us; /* one way */
	int64_t jitter_us;
	int64_t stalled_until_us; /* the radio holds everything */
	unsigned loss_permille;
	int64_t free_us;
	int64_t last_arrival_us;
	struct on_link ring[WORLD_RING];
	size_t head, tail;
	/* the sender */
	bool is_deaf;	    /* its own estimate only rises: nothing but REMB holds it */
	bool has_send_time; /* abs-send-time, else RTP timestamps only */
	bool is_quiet;	    /* sends nothing */
	bool has_no_video;
	double clock_rate; /* 1.0001: its clock is 100 ppm fast */
	double own_bps;	   /* its own estimate, IP level */
	double max_bps;
	double ptime_ms;
	int64_t next_audio_us, next_frame_us;
	double pacer_bytes; /* video waiting */
	uint32_t frame_timestamp;
	double pacer_credit;
	uint16_t seq;
	int64_t decreased_us;
	double queue_before_us;
	uint32_t heard_cap_bps, cap_on_way_bps;
	int64_t cap_at_us;
	/* a TCP upload */
	double tcp_left, tcp_window, tcp_flying;
	int64_t tcp_cut_us, tcp_end_us;
	/* what was seen, from watch_from_us on */
	int64_t watch_from_us;
	int64_t queue_us[WORLD_QUEUES]; /* of our packets, in order of arrival */
	size_t queue_count;
	uint64_t got_bytes;
	uint32_t least_cap_bps;	 /* 0: never capped */
	int64_t highest_seen_us; /* the longest queue that uplink told */
};

/* A steady link of that rate with 25 ms of delay and a queue of 1 s; a sender that hears. */
struct world *world_new(uint32_t link_bps);
void world_free(struct world *w);
void world_run(struct world *w, int64_t until_us);
/* Forgets what was seen. */
void world_watch(struct world *w);
/* The queue that so many percent of the packets stayed below. */
int64_t world_queue_percentile(struct world *w, unsigned percent);
/* What came since world_watch, at IP level. */
uint32_t world_got_bps(const struct world *w);
/* What the sender sends at now, own estimate and REMB taken together. */
double world_target_bps(const struct world *w);

#endif
