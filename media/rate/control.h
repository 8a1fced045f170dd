/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The law of the rate: from what a feedback showed to what may be sent. Pure; embed it.
 *
 *   START    nothing known: growth by a third per loop until the first cut
 *   STEADY   no queue: growth, slow first, faster the longer it stays clear; a short queue: what
 *            arrives is what the link gives, and the target holds the queue near 12 ms, cutting to
 *            0.9 x what arrives or less above 60 ms
 *   DRAIN    queue above 150 ms: 0.6 x what arrives, until below 30 ms
 *   COMPETE  the queue does not fall when we cut: others fill it. Growth and loss-driven cuts
 *            above a floor until the queue empties
 *
 * START -> STEADY with the first cut; STEADY <-> DRAIN; DRAIN -> COMPETE after two cuts in vain;
 * COMPETE -> STEADY when the queue is gone or was rebased. control_restart -> START.
 *
 * Growth is bounded by evidence: what has arrived without a queue, or what a probe has shown. A
 * sender that uses little of its target neither loses nor gains anything. The bound of one loop's
 * growth follows RFC 8698 4.3: what it could add to the queue before we know.
 */
#ifndef VIDD_MEDIA_RATE_CONTROL_H
#define VIDD_MEDIA_RATE_CONTROL_H

#include <stdbool.h>
#include <stdint.h>

#include "media/rate/loss.h"

enum control_phase {
	CONTROL_START,
	CONTROL_STEADY,
	CONTROL_DRAIN,
	CONTROL_COMPETE,
};

/* What one feedback showed. */
struct control_in {
	int64_t now_us;
	uint32_t acked_bps;  /* of the last 300 ms at most, of the time the link was busy at best */
	uint32_t passed_bps; /* the same with what was lost behind the bottleneck */
	uint32_t sent_bps;
	int64_t queue_us;
	int64_t busy_us;	  /* how long the queue has not been empty */
	int trend_permille;	  /* of the queue over time */
	int64_t loop_us;	  /* from sending to knowing, without the queue */
	int loss_excess_permille; /* lost of late, more than twice the usual */
	enum loss_verdict verdict;
	int64_t flat_us;      /* how long the queue has not moved by more than a few ms */
	bool is_base_falling; /* lower and lower delays are seen: the base was a queue */
	bool is_heavy_loss;   /* a quarter and more, for seconds */
	bool is_tail_lost;    /* something was lost with the queue near its longest */
	bool is_holed; /* nothing arrived for a while within that time: the rates mean little */
	bool is_blind; /* most of what was sent is not told of */
};

/* Visible for embedding. */
struct control {
	enum control_phase phase;
	uint32_t min_bps, max_bps;
	double target_bps;
	double evidence_bps; /* has passed without a queue */
	double capacity_bps; /* what arrived when the queue was last standing; 0: unknown */
	double ceiling_bps;  /* the same, smoothed: the link's rate as far as known */
	bool is_decreasing;  /* the last decision was a cut */
	bool is_doubted;     /* control_doubt_start has acted */
	int64_t last_us;
	int64_t clear_since_us;
	int64_t proven_us;     /* when a probe last raised the target */
	int64_t high_since_us; /* queue above 60 ms; 0: it is not */
	int64_t cut_us;	       /* last cut by a step */
	int64_t check_us;      /* when a drain is judged */
	double entry_bps;      /* what arrived when draining began */
	unsigned in_vain;
	bool wants_rebase; /* the caller is to set the base anew and say so */
	int64_t rebased_us;
	int64_t policed_us;	  /* when loss was found to be ours */
	int64_t try_after_us;	  /* not before it is less sent to see whether loss is ours */
	int64_t refresh_until_us; /* lower for a moment to see the base delay again */
	int64_t refreshed_us;
};

void control_init(struct control *c, int64_t now_us, uint32_t start_bps, uint32_t min_bps,
		  uint32_t max_bps);
/* Another path: all is unknown again, the rate included. */
void control_restart(struct control *c, int64_t now_us, uint32_t start_bps);
/* After control_update: a first round trip longer than any path means a queue that stood before our
 * first packet, so no delay tells of it. Once, down to what arrives. */
void control_doubt_start(struct control *c, int64_t now_us, int64_t rtt_us, uint32_t acked_bps);
void control_update(struct control *c, const struct control_in *in);
/* A probe has shown that this much passes. */
void control_proven(struct control *c, int64_t now_us, uint32_t bps);
/* Nothing stands against more, and nothing can show it before more is sent: towards that. */
void control_trust(struct control *c, int64_t now_us, uint32_t most_bps);
/* After silence: that share, in percent, of the last good rate. */
void control_resume(struct control *c, int64_t now_us, unsigned percent);
/* The base delay was set anew: what seemed a queue is none. */
void control_rebased(struct control *c, int64_t now_us);
/* Sending less for a moment, to see the base delay. */
bool control_is_refreshing(const struct control *c);
uint32_t control_steady_bps(const struct control *c);
uint32_t control_target_bps(const struct control *c);

#endif
