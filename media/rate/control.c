/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/rate/control.h"

#define QUEUE_CLEAR_US 10000
#define QUEUE_AIM_US   12000
#define QUEUE_DRAINED  30000
#define QUEUE_TRIM_US  60000
#define QUEUE_DRAIN_US 150000
#define BUSY_MIN_US    100000 /* less of a busy link gives no rate */
#define GROW_QUEUE_US  80000  /* what one loop of growth may add to the queue */
#define GROW_MIN       0.08
#define GROW_MAX       0.4
#define GROW_START     0.3
#define METER_LAG_US   150000 /* half of the window rates are measured over */
#define DT_MAX_US      200000
#define DRAIN_RATIO    0.6
#define AFTER_DRAIN    0.95
#define TRIM_RATIO     0.9
/* A queue that neither falls nor moves is a longer path; one that others fill moves. */
#define FLAT_US		1000000
#define REBASE_APART_US 30000000
#define VAIN_RATIO	0.8
#define LOST_PERMILLE	100	/* more than this lost: the tail of our own excess */
#define REFRESH_US	9000000 /* the base is seen at least once in each of its 10 s buckets */
#define REFRESH_RATIO	0.85
#define NEAR_BELOW	0.93
#define NEAR_ABOVE	1.1
/* Heavy loss without a queue: less is sent for once, to see whether the loss is ours. */
#define TRY_RATIO    0.7
#define TRY_APART_US 20000000
#define POLICED_US   10000000 /* how long growth is slow after loss that was ours */
/* Who sends sound only has nothing to probe with. */
#define TRUST_RATIO    1.25
#define TRUST_AFTER_US 2000000
#define APP_LIMITED    0.85 /* sends less of its target than this */
#define USED	       0.85 /* guess: pictures vary by so much */
/* Competing: growth per second, cut on loss of the tail, and never below. Measured against CUBIC
 * in tests/sim/sim_bwe.c. */
#define COMPETE_GROW_BPS 140000
#define COMPETE_GROW	 0.12
#define COMPETE_CUT	 0.7
#define COMPETE_FLOOR	 0.4
/* Sound, the smallest picture and what the ladder wants to spare before it shows one: up to there
 * the target grows unused. */
#define COMPETE_LEAST_BPS 250000
#define COMPETE_ROOM	  1.5 /* encoders follow the target, and send a quarter less */

/* No path is so long, satellite and busy radio together; and what is left of the start then when
 * too little was sent to tell. Guesses. */
#define START_LONG_US	800000
#define START_LEAST_BPS 66000.0

static void set_target(struct control *c, double bps)
{
	if (bps > c->max_bps)
		bps = c->max_bps;
	if (bps < c->min_bps)
		bps = c->min_bps;
	c->target_bps = bps;
}

void control_restart(struct control *c, int64_t now_us, uint32_t start_bps)
{
	uint32_t min_bps = c->min_bps;
	uint32_t max_bps = c->max_bps;

	*c = (struct control){
		.min_bps = min_bps,
		.max_bps = max_bps,
		.last_us = now_us,
		.clear_since_us = now_us,
		.refreshed_us = now_us,
	};
	set_target(c, start_bps);
	c->evidence_bps = c->target_bps;
}

void control_init(struct control *c, int64_t now_us, uint32_t start_bps, uint32_t min_bps,
		  uint32_t max_bps)
{
	c->min_bps = min_bps;
	c->max_bps = max_bps > min_bps ? max_bps : min_bps;
	control_restart(c, now_us, start_bps);
}

void control_doubt_start(struct control *c, int64_t now_us, int64_t rtt_us, uint32_t acked_bps)
{
	double bps = 0.9 * acked_bps > START_LEAST_BPS ? 0.9 * acked_bps : START_LEAST_BPS;

	if (c->is_doubted || c->phase != CONTROL_START || rtt_us < START_LONG_US)
		return;
	if (bps < c->target_bps)
		control_restart(c, now_us, (uint32_t)bps);
	c->is_doubted = true;
}

static bool is_app_limited(const struct control *c, const struct control_in *in)
{
	return in->sent_bps < APP_LIMITED * c->target_bps;
}

static void cut(struct control *c, const struct control_in *in, double bps)
{
	if (bps < c->target_bps)
		c->is_decreasing = true;
	c->cut_us = in->now_us;
	set_target(c, bps);
	c->clear_since_us = in->now_us;
}

/* --- growth --- */

static double growth_per_loop(const struct control *c, const struct control_in *in)
{
	double most = (double)GROW_QUEUE_US / (double)in->loop_us;

	if (c->phase == CONTROL_START)
		return GROW_START;
	most = most > GROW_MAX ? GROW_MAX : most;
	return most < GROW_MIN ? GROW_MIN : most;
}

/* Near the rate at which the link was full last, slow: what is too much shows only a loop later.
 * Faster with each loop without a queue: then the link has become wider. */
static double acceleration(const struct control *c, const struct control_in *in)
{
	static const double by_loop[] = {0.1, 0.1, 0.2, 0.4};
	int64_t loops = (in->now_us - c->clear_since_us) / in->loop_us;
	bool is_near = c->ceiling_bps > 0 && c->target_bps > NEAR_BELOW * c->ceiling_bps &&
		       c->target_bps < NEAR_ABOVE * c->ceiling_bps;

	if (c->policed_us != 0 && in->now_us - c->policed_us < POLICED_US)
		return by_loop[0];
	return is_near && loops >= 0 && loops < 4 ? by_loop[loops] : 1;
}

static void grow(struct control *c, const struct control_in *in, int64_t dt_us)
{
	double per_loop = growth_per_loop(c, in);
	double share = (double)dt_us / (double)(in->loop_us + METER_LAG_US);
	double grown = c->target_bps * (1 + per_loop * acceleration(c, in) * share);
	/* Beyond what was seen to pass only a queue that stays away says anything, and only of what
	 * is sent. */
	bool is_used = in->sent_bps >= USED * c->target_bps;
	double bound = c->evidence_bps * (is_used ? 1 + per_loop : 1);

	if (in->queue_us < QUEUE_DRAINED) {
		/* Beyond a quarter of loss it is doubtful that what is lost has passed. */
		double passed = in->passed_bps < in->acked_bps / 0.75 ? in->passed_bps
								      : in->acked_bps / 0.75;
		passed = passed < 1.1 * c->target_bps ? passed : 1.1 * c->target_bps;
		c->evidence_bps = passed > c->evidence_bps ? passed : c->evidence_bps;
	}
	/* Whoever may not send more while this says so would never use enough for growth. */
	if (in->now_us - c->clear_since_us > in->loop_us)
		c->is_decreasing = false;
	/* What a probe gave is tried first; who uses little needs no more. */
	if (in->is_blind || in->sent_bps < 0.5 * c->target_bps ||
	    (c->proven_us != 0 && in->now_us - c->proven_us < in->loop_us))
		return;
	grown = grown < bound ? grown : bound;
	/* Not past the last full rate in one go. */
	if (c->target_bps < NEAR_BELOW * c->ceiling_bps && grown > NEAR_BELOW * c->ceiling_bps)
		grown = (NEAR_BELOW + 0.01) * c->ceiling_bps;
	if (grown > c->target_bps) {
		c->is_decreasing = false;
		set_target(c, grown);
	}
}

/* What the full link gives. Loss of a full queue is no passing. */
static double full_bps(const struct control_in *in)
{
	bool is_tail = in->verdict == LOSS_CONGESTION || in->loss_excess_permille > LOST_PERMILLE;

	return is_tail ? in->acked_bps : in->passed_bps;
}

/* --- a short queue: hold it near 20 ms --- */

static void follow_ceiling(struct control *c, double bps)
{
	if (c->ceiling_bps <= 0 || bps < 0.8 * c->ceiling_bps || bps > 1.2 * c->ceiling_bps)
		c->ceiling_bps = bps;
	else
		c->ceiling_bps += (bps - c->ceiling_bps) / 8;
}

static void hold(struct control *c, const struct control_in *in, int64_t dt_us)
{
	double tau = in->loop_us * 2 > 300000 ? (double)in->loop_us * 2 : 300000;
	double factor = 1 + (double)(QUEUE_AIM_US - in->queue_us) / tau;
	double share = (double)dt_us / (double)in->loop_us;

	if (in->busy_us < BUSY_MIN_US || in->is_holed)
		return;
	c->capacity_bps = full_bps(in);
	follow_ceiling(c, c->capacity_bps);
	factor = factor < DRAIN_RATIO ? DRAIN_RATIO : factor;
	if (in->queue_us > QUEUE_TRIM_US)
		factor = factor < TRIM_RATIO ? factor : TRIM_RATIO;
	double aim = c->capacity_bps * factor;
	/* Somebody who sends less than allowed arrives slower than allowed: only a queue that
	 * grows says that it is too much. */
	if (in->trend_permille < 20 && aim < c->target_bps * factor)
		aim = c->target_bps * (factor < 1 ? factor : 1);
	if (aim >= c->target_bps) {
		aim = aim < 1.02 * c->target_bps ? aim : 1.02 * c->target_bps;
		if (!is_app_limited(c, in) && in->trend_permille < 20)
			set_target(c, aim);
		return;
	}
	if (is_app_limited(c, in) && in->queue_us < QUEUE_TRIM_US && in->trend_permille < 50)
		return;
	c->phase = CONTROL_STEADY;
	/* Far above what passes: at once. */
	if (in->queue_us > QUEUE_TRIM_US && in->trend_permille > 100)
		share = 1;
	share = share > 1 ? 1 : share;
	c->clear_since_us = in->now_us;
	c->is_decreasing = true;
	c->evidence_bps = c->capacity_bps;
	set_target(c, c->target_bps + (aim - c->target_bps) * share);
}

/* --- a long queue --- */

static void plan_check(struct control *c, const struct control_in *in)
{
	int64_t queue = in->queue_us < 1000000 ? in->queue_us : 1000000;

	/* The cut shows once what was queued before it is through, and the trend needs 300 ms. */
	c->check_us = in->now_us + in->loop_us + queue + 300000;
}

static void enter_drain(struct control *c, const struct control_in *in)
{
	c->phase = CONTROL_DRAIN;
	c->in_vain = 0;
	c->entry_bps = full_bps(in);
	c->capacity_bps = full_bps(in);
	c->evidence_bps = full_bps(in);
	plan_check(c, in);
	cut(c, in, DRAIN_RATIO * full_bps(in));
}

static void enter_compete(struct control *c, const struct control_in *in)
{
	c->phase = CONTROL_COMPETE;
	c->high_since_us = 0;
	c->cut_us = in->now_us;
	set_target(c, VAIN_RATIO * c->entry_bps);
}

static void drain(struct control *c, const struct control_in *in)
{
	if (in->queue_us < QUEUE_DRAINED) {
		c->phase = CONTROL_STEADY;
		c->high_since_us = 0;
		c->clear_since_us = in->now_us;
		c->ceiling_bps = c->capacity_bps;
		set_target(c, AFTER_DRAIN * c->capacity_bps);
		return;
	}
	/* From one loop after the cut on the full link alone is measured. */
	if (!in->is_holed && in->now_us > c->cut_us + in->loop_us && full_bps(in) > c->target_bps)
		c->capacity_bps = full_bps(in);
	bool is_too_fast = in->trend_permille > 100 || in->loss_excess_permille > LOST_PERMILLE;
	if (is_too_fast && !in->is_holed && in->now_us > c->cut_us + in->loop_us) {
		/* The link gives less than we thought. */
		c->capacity_bps = full_bps(in);
		c->evidence_bps = full_bps(in);
		if (DRAIN_RATIO * full_bps(in) < c->target_bps)
			cut(c, in, DRAIN_RATIO * full_bps(in));
		plan_check(c, in);
		return;
	}
	if (in->now_us < c->check_us)
		return;
	double excess = 1 - c->target_bps / (c->capacity_bps > 1 ? c->capacity_bps : 1);
	if (in->trend_permille < -300 * excess && excess > 0.1) {
		c->check_us = in->now_us + 300000;
		return;
	}
	if (++c->in_vain >= 2) {
		if (in->flat_us > FLAT_US &&
		    (c->rebased_us == 0 || in->now_us - c->rebased_us > REBASE_APART_US))
			c->wants_rebase = true;
		else
			enter_compete(c, in);
		return;
	}
	plan_check(c, in);
	cut(c, in, VAIN_RATIO * c->target_bps);
}

static void compete(struct control *c, const struct control_in *in, int64_t dt_us)
{
	if (in->queue_us < QUEUE_DRAINED) {
		if (c->high_since_us == 0)
			c->high_since_us = in->now_us; /* here: low since */
		if (in->now_us - c->high_since_us < 2 * in->loop_us)
			return;
		c->phase = CONTROL_STEADY;
		c->high_since_us = 0;
		c->clear_since_us = in->now_us;
		c->evidence_bps = full_bps(in);
		return;
	}
	c->high_since_us = 0;
	bool may_cut = in->now_us > c->cut_us + in->loop_us + in->queue_us;
	if (in->is_tail_lost && may_cut) {
		double floor = COMPETE_FLOOR * c->entry_bps;
		/* Of what passes: alone on the link, that empties the queue. */
		double had = in->passed_bps < c->target_bps ? in->passed_bps : c->target_bps;
		double bps = COMPETE_CUT * had;
		cut(c, in, bps > floor ? bps : floor);
		return;
	}
	/* A falling queue is left to empty: if nobody fills it again, it was ours. */
	bool is_used =
		c->target_bps < COMPETE_LEAST_BPS || c->target_bps < COMPETE_ROOM * in->sent_bps;
	if (is_used && in->trend_permille > -30) {
		c->is_decreasing = false;
		set_target(c, c->target_bps + (COMPETE_GROW * c->target_bps + COMPETE_GROW_BPS) *
						      (double)dt_us / 1e6);
	}
	c->evidence_bps = c->target_bps;
}

/* The queue we hold hides the base delay: let it be seen once per bucket. While it is seen lower
 * and lower, what was taken for the base is a queue, and is emptied. */
static void refresh(struct control *c, const struct control_in *in)
{
	if (in->is_base_falling && c->phase == CONTROL_STEADY)
		c->refresh_until_us = in->now_us + in->loop_us;
	if (in->now_us < c->refresh_until_us)
		return;
	if (in->queue_us < 5000)
		c->refreshed_us = in->now_us;
	if (in->now_us - c->refreshed_us < REFRESH_US || in->queue_us >= QUEUE_TRIM_US)
		return;
	c->refreshed_us = in->now_us;
	c->refresh_until_us = in->now_us + in->loop_us + 2 * in->queue_us;
}

/* Loss without a queue. True when the rate was cut for it. */
static bool heed_loss(struct control *c, const struct control_in *in)
{
	if (in->is_holed || is_app_limited(c, in))
		return false;
	if (in->verdict == LOSS_POLICED && in->now_us > c->cut_us + 2 * in->loop_us) {
		c->phase = CONTROL_STEADY;
		c->evidence_bps = in->acked_bps;
		c->ceiling_bps = in->acked_bps;
		c->policed_us = in->now_us;
		cut(c, in, 0.97 * in->acked_bps);
		return true;
	}
	if (!in->is_heavy_loss || in->now_us < c->try_after_us)
		return false;
	c->phase = CONTROL_STEADY;
	c->try_after_us = in->now_us + TRY_APART_US;
	cut(c, in, TRY_RATIO * c->target_bps);
	return true;
}

static void steady(struct control *c, const struct control_in *in, int64_t dt_us)
{
	if (in->queue_us <= QUEUE_TRIM_US)
		c->high_since_us = 0;
	else if (c->high_since_us == 0)
		c->high_since_us = in->now_us;
	bool is_stuck = c->high_since_us != 0 && in->trend_permille > -50 &&
			in->now_us - c->high_since_us > 2 * in->loop_us + 400000;
	if ((in->queue_us > QUEUE_DRAIN_US && !in->is_holed) || is_stuck) {
		enter_drain(c, in);
		return;
	}
	if (heed_loss(c, in))
		return;
	if (in->queue_us > QUEUE_CLEAR_US) {
		c->clear_since_us = in->now_us;
		hold(c, in, dt_us);
		return;
	}
	/* A short queue for so long: whatever was too much is over, also for who uses less. */
	if (in->now_us - c->clear_since_us > 2 * in->loop_us)
		c->is_decreasing = false;
	grow(c, in, dt_us);
}

void control_update(struct control *c, const struct control_in *in)
{
	int64_t dt_us = in->now_us - c->last_us;

	dt_us = dt_us < 0 ? 0 : dt_us > DT_MAX_US ? DT_MAX_US : dt_us;
	c->last_us = in->now_us;
	switch (c->phase) {
	case CONTROL_START:
	case CONTROL_STEADY:
		refresh(c, in);
		steady(c, in, dt_us);
		break;
	case CONTROL_DRAIN:
		drain(c, in);
		break;
	case CONTROL_COMPETE:
		compete(c, in, dt_us);
		break;
	}
}

void control_proven(struct control *c, int64_t now_us, uint32_t bps)
{
	if (bps > c->evidence_bps)
		c->evidence_bps = bps;
	if (0.95 * bps > c->target_bps) {
		c->proven_us = now_us;
		c->is_decreasing = false;
		set_target(c, 0.95 * bps);
	}
}

void control_trust(struct control *c, int64_t now_us, uint32_t most_bps)
{
	double bps = TRUST_RATIO * c->target_bps;

	if (now_us - c->cut_us < TRUST_AFTER_US)
		return;
	bps = bps < most_bps ? bps : most_bps;
	if (bps > c->target_bps)
		set_target(c, bps);
}

void control_resume(struct control *c, int64_t now_us, unsigned percent)
{
	set_target(c, c->target_bps * percent / 100);
	if (c->phase == CONTROL_DRAIN || c->phase == CONTROL_COMPETE)
		c->phase = CONTROL_STEADY;
	c->is_decreasing = percent < 100;
	/* What an outage took says nothing of the rate. */
	c->try_after_us = now_us + TRY_APART_US / 4;
	c->high_since_us = 0;
	c->last_us = now_us;
	c->clear_since_us = now_us;
}

void control_rebased(struct control *c, int64_t now_us)
{
	if (c->phase == CONTROL_DRAIN || c->phase == CONTROL_COMPETE) {
		c->phase = CONTROL_STEADY;
		set_target(c, c->entry_bps);
	}
	c->high_since_us = 0;
	c->clear_since_us = now_us;
	c->refreshed_us = now_us;
	c->wants_rebase = false;
	c->rebased_us = now_us;
}

bool control_is_refreshing(const struct control *c)
{
	return c->last_us < c->refresh_until_us && c->phase == CONTROL_STEADY;
}

uint32_t control_steady_bps(const struct control *c)
{
	return c->target_bps > c->min_bps ? (uint32_t)c->target_bps : c->min_bps;
}

uint32_t control_target_bps(const struct control *c)
{
	double bps = c->target_bps;

	if (control_is_refreshing(c))
		bps *= REFRESH_RATIO;
	return bps > c->min_bps ? (uint32_t)bps : c->min_bps;
}
