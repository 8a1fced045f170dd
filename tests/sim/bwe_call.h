/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A call in virtual time around media/rate/bwe: sound at 50 packets a second, video that follows
 * target_bps through a pacer, a bottleneck, a receiver that answers with real feedback packets, and
 * the figures of it. A tick is a millisecond.
 */
#ifndef VIDD_TESTS_SIM_BWE_CALL_H
#define VIDD_TESTS_SIM_BWE_CALL_H

#include "media/rate/arrival.h"
#include "media/rate/bwe.h"
#include "tests/support/bottleneck.h"

#define CALL_MAX_S   320
#define CALL_SLOT_MS 100

/* Figures of each 100 ms. */
struct call_slot {
	uint32_t arrived_bytes; /* ours */
	uint32_t target_bps;
	int64_t queue_us; /* longest time one of ours spent in the queue */
	int64_t sound_queue_us;
	uint32_t tcp_bytes;
	int64_t told_queue_us; /* as the controller sees it */
	bool is_draining, is_congested, is_probing;
};

struct call {
	struct bwe *bwe;
	struct bottleneck link;
	struct bottleneck back;
	struct arrival arrival;
	struct rng rng;
	int64_t now_us;
	/* Settings, with defaults by call_init. */
	uint32_t wanted_bps; /* the most that video and sound ever send */
	uint32_t packet_bytes;
	int64_t keyframe_us; /* apart; 0: none */
	bool is_paused;	     /* no video */
	bool serves_probes;
	double feedback_loss;
	int64_t feedback_dead_until_us;
	double vbr; /* how much a frame's size varies: 0.1 */
	bool has_tcp;
	bool forgets_seq; /* feedback speaks of numbers 20 000 earlier */
	int64_t tcp_end_us;
	/* State. */
	uint16_t seq;
	int64_t next_sound_us, next_frame_us, next_keyframe_us;
	double tokens;
	uint32_t video[4096];
	int64_t video_us[4096];
	unsigned video_head, video_count;
	uint32_t probe_left;
	uint8_t probe_id;
	uint64_t probe_bytes, probes;
	uint64_t stale_dropped;
	uint64_t stale_bytes; /* of video, delivered after more than 400 ms in the queue */
	uint8_t feedback[512][1300];
	size_t feedback_len[512];
	unsigned feedback_next;
	double tcp_cwnd, tcp_wmax, tcp_ssthresh, tcp_in_flight;
	int64_t tcp_epoch_us, tcp_cut_us;
	int64_t tcp_loss_at_us;
	struct call_slot slots[CALL_MAX_S * 1000 / CALL_SLOT_MS];
};

/* One at a time: it is large. bps, one-way delay both ways, queue. */
struct call *call_new(uint32_t bps, int64_t delay_us, int64_t queue_ms, uint32_t start_bps);
void call_free(struct call *c);
void call_run(struct call *c, int64_t until_us);

/* Mean of what arrived, in bit/s at IP level. */
uint32_t call_bps(const struct call *c, double from_s, double to_s);
uint32_t call_tcp_bps(const struct call *c, double from_s, double to_s);
/* 95th percentile over slots of the time in the queue. */
double call_queue95_ms(const struct call *c, double from_s, double to_s);
double call_sound_queue95_ms(const struct call *c, double from_s, double to_s);
double call_queue_max_ms(const struct call *c, double from_s, double to_s);
uint32_t call_target_min(const struct call *c, double from_s, double to_s);
/* Seconds after from_s until the mean of 2 s is at least bps and the queue below 100 ms, both for
 * 3 s; -1: never. */
double call_recovery_s(const struct call *c, double from_s, uint32_t bps);
/* Seconds after from_s until the queue has been below `ms` for 0.5 s. */
double call_queue_below_s(const struct call *c, double from_s, double ms);
/* Prints a line per second when VIDD_BWE_TRACE is set. */
void call_trace(const struct call *c, const char *name);

#endif
