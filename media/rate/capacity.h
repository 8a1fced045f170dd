/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What the path gave of late, and when to ask it for more. Remembers the rates that arrived while
 * the link was full (p10, p50, p90 of a minute) and plans probes: the first ones, back to what was
 * there before a drop, for the next layer, or because nothing has moved for long. A probe costs at
 * most `budget` of queue, which grows with success and falls with failure. Pure; embed it, zero
 * state is a path nothing is known of.
 */
#ifndef VIDD_MEDIA_RATE_CAPACITY_H
#define VIDD_MEDIA_RATE_CAPACITY_H

#include <stdbool.h>
#include <stdint.h>

#define CAPACITY_SAMPLES 60 /* one a second */

/* Visible for embedding. */
struct capacity {
	unsigned count;
	unsigned next;
	int64_t sampled_us;
	uint32_t bps[CAPACITY_SAMPLES];
	int64_t at_us[CAPACITY_SAMPLES];
	/* Probing. */
	bool is_found; /* a probe has failed or the link was full: the start is over */
	int64_t not_before_us;
	int64_t backoff_us; /* 0: none */
	uint32_t budget_us;
	bool is_for_room; /* the probe asked for last: for more than the next upgrade sends */
	int64_t moved_us; /* when the target last changed by 5 % */
	uint32_t moved_bps;
};

struct capacity_in {
	int64_t now_us;
	uint32_t target_bps;
	uint32_t next_bps;   /* as bwe_demand: 0 when nothing more is wanted */
	uint32_t room_bps;   /* as bwe_demand */
	uint32_t wanted_bps; /* 0: unknown, as much as there is */
	uint32_t sent_bps;
	int64_t clear_us; /* how long q has been below 20 ms */
	int64_t rtt_us;
	int64_t loop_us; /* from sending to knowing */
};

struct capacity_probe {
	uint32_t bps; /* 0: none */
	uint32_t bytes;
};

/* What arrives while the link is full. */
void capacity_saturated(struct capacity *c, int64_t now_us, uint32_t acked_bps);
/* That quantile, in percent, of the last minute; 0 when nothing is remembered. */
uint32_t capacity_quantile(const struct capacity *c, int64_t now_us, unsigned percent);
/* The probe to ask for now. The caller asks only while the queue is short and nothing is probed,
 * drained or silent. */
struct capacity_probe capacity_want(struct capacity *c, const struct capacity_in *in);
/* How it went. */
void capacity_passed(struct capacity *c, int64_t now_us);
void capacity_failed(struct capacity *c, int64_t now_us);
/* Nobody had bytes for it, or too little came back. */
void capacity_unknown(struct capacity *c, int64_t now_us);
/* Up to where the target is trusted when nobody had bytes for what was asked for last. */
uint32_t capacity_trusted_bps(const struct capacity *c, uint32_t next_bps, uint32_t room_bps);
/* The link gives more than before: failures of before say nothing. */
void capacity_risen(struct capacity *c);

#endif
