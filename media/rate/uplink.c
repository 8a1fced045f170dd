/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/rate/uplink.h"

#include <string.h>

#include "media/base/heap.h"
#include "media/rate/uplink_measure.h"

enum {
	IDLE_TICK_US = UPLINK_SECOND_US,
	/* Levels of the queue: the cap rises below the first, ends its draining below the second,
	 * stays closer to what arrives above the third. With these a sender that nothing but the
	 * cap holds has a 95th percentile of 99 to 110 ms at 98 % of 128 to 600 kbit/s
	 * (test_uplink.c). */
	RISE_US = 30000,
	LOW_US = 40000,
	TRIM_US = 45000,
	HIGH_US = 100000,
	VERY_HIGH_US = 300000,
	/* What of the arriving rate the cap is then, in percent. */
	TRIM_PERCENT = 92,
	HIGH_PERCENT = 85,
	VERY_HIGH_PERCENT = 60,
	/* The cap rises by so many permille of itself at each tick: 8 % a second, and 3 % within
	 * 10 % of where the link was last seen full, which a fast rise would overshoot. */
	RISE_PERMILLE = 8,
	RISE_NEAR_PERMILLE = 3,
	NEAR_PERCENT = 90,
	BEYOND_PERCENT = 110,
	BINDING_PERCENT = 75,
	LIFT_PERCENT = 125,
	FREE_US = UPLINK_SECOND_US / 2,
	LIFT_US = 6 * UPLINK_SECOND_US,
	/* A cap for somebody who sends nothing any more. Guess. */
	SILENT_LIFT_US = 10 * UPLINK_SECOND_US,

	/* A queue that stands against the cap: for how long (and twice its own length) it may be
	 * ours, and within which range it is no queue at all but the path. Guesses, tried with
	 * TCP's sawtooth in test_uplink.c. */
	ANSWER_US = 2 * UPLINK_SECOND_US,
	FLAT_US = 4 * UPLINK_SECOND_US,
	FLAT_RANGE_US = 30000,
	REBASE_US = 15 * UPLINK_SECOND_US,
	/* After others were seen to fill the link a queue may be theirs again. */
	DOUBT_US = 20 * UPLINK_SECOND_US,

	/* The guess of capacity rises by 5 % a second after a hold that doubles when it was wrong,
	 * and is four times as long where less than this arrives of it: then nothing shows that it
	 * was too low. */
	GROW_PERMILLE = 5,
	SHOWN_PERCENT = 90,
	UNSHOWN_HOLDS = 4,
	HOLD_US = 15 * UPLINK_SECOND_US,
	HOLD_MOST_US = 120 * UPLINK_SECOND_US,

	LOSSY_PERMILLE = 20,
	OVERFLOW_PERMILLE = 150, /* guess: with a queue that stands, one that is too short for us */
	THIN_BPS = 64000,
	NOT_THIN_BPS = 96000,
	THIN_AFTER_US = 3 * UPLINK_SECOND_US,
	NOT_THIN_AFTER_US = 10 * UPLINK_SECOND_US,
	THIN_PTIME_MS = 60,
};

void uplink_init(struct uplink *u, int64_t now_us, uint8_t packet_overhead)
{
	memset(u, 0, sizeof(*u));
	u->packet_overhead = packet_overhead;
	u->deadline_us = DEADLINE_NEVER;
	u->hold_us = HOLD_US;
	uplink_forget_delays(u, now_us);
}

void uplink_route_changed(struct uplink *u, int64_t now_us, uint8_t packet_overhead)
{
	uplink_init(u, now_us, packet_overhead);
}

/* --- the cap --------------------------------------------------------------------------------- */

static uint32_t percent_of(uint32_t bps, unsigned percent)
{
	return (uint32_t)((uint64_t)bps * percent / 100);
}

/* Sound and the least of video; on a link that carries less than that, what it carries. */
static uint32_t with_floor(const struct uplink *u, uint32_t bps)
{
	uint32_t floor = UPLINK_FLOOR_BPS + u->state.audio_bps;
	uint32_t link = percent_of(u->state.capacity_bps, HIGH_PERCENT);

	if (link && link < floor)
		floor = link;
	if (floor < UPLINK_LEAST_BPS + u->state.audio_bps)
		floor = UPLINK_LEAST_BPS + u->state.audio_bps;
	return bps > floor ? bps : floor;
}

static void lower_to(struct uplink *u, uint32_t bps)
{
	bps = with_floor(u, bps);
	if (u->state.cap_bps == 0 || bps < u->state.cap_bps)
		u->state.cap_bps = bps;
}

static void begin_draining(struct uplink *u, int64_t now_us)
{
	u->is_draining = true;
	u->drain_began_us = now_us;
	u->drain_most_us = 0;
	u->flat_us = now_us;
	u->flat_low_us = u->state.queue_us;
	u->flat_high_us = u->state.queue_us;
	u->before_bps = u->state.capacity_bps;
}

/* The queue is gone, or it was none: back to where the link was not full. Above it somebody knows
 * nothing of the link but the sender itself. */
static void end_draining(struct uplink *u)
{
	struct uplink_state *s = &u->state;

	u->is_draining = false;
	s->is_foreign = false;
	if (u->has_grown) {
		bool was_right = s->capacity_bps > u->seen_bps + u->seen_bps / 4;

		u->hold_us = was_right ? HOLD_US : 2 * u->hold_us;
		if (u->hold_us > HOLD_MOST_US)
			u->hold_us = HOLD_MOST_US;
		u->has_grown = false;
	}
	u->seen_bps = s->capacity_bps;
	if (s->capacity_bps == 0)
		s->cap_bps = 0;
	else if (s->cap_bps && s->cap_bps < percent_of(s->capacity_bps, HIGH_PERCENT))
		s->cap_bps = with_floor(u, percent_of(s->capacity_bps, HIGH_PERCENT));
}

/* Whether the queue falls as one does that the sender itself has filled. */
static void watch_answer(struct uplink *u, int64_t now_us)
{
	struct uplink_state *s = &u->state;
	int64_t queue = s->queue_us;

	if (queue > u->drain_most_us)
		u->drain_most_us = queue;
	if (queue < u->flat_low_us)
		u->flat_low_us = queue;
	if (queue > u->flat_high_us)
		u->flat_high_us = queue;
	if (u->flat_high_us - u->flat_low_us > FLAT_RANGE_US) {
		u->flat_us = now_us;
		u->flat_low_us = queue;
		u->flat_high_us = queue;
	}
	if (!s->is_foreign && queue > HIGH_US && queue > u->drain_most_us * 7 / 10 &&
	    now_us - u->drain_began_us > ANSWER_US + 2 * u->drain_most_us) {
		s->is_foreign = true;
		/* What was taken for the link's rate meanwhile was a share of it. */
		if (u->before_bps == 0 || u->before_bps > s->capacity_bps)
			s->capacity_bps = u->before_bps;
	}
	if (now_us - u->flat_us >= FLAT_US || now_us - u->drain_began_us >= REBASE_US) {
		/* What stands does so whatever is sent: it is the path from now on. */
		uplink_rebase(u);
		end_draining(u);
	}
}

static void raise_cap(struct uplink *u, int64_t now_us)
{
	struct uplink_state *s = &u->state;
	bool is_near = s->cap_bps > percent_of(u->full_bps, NEAR_PERCENT) &&
		       s->cap_bps < percent_of(u->full_bps, BEYOND_PERCENT);
	bool is_binding = s->arrival_bps > percent_of(s->cap_bps, BINDING_PERCENT);
	uint64_t step = (uint64_t)s->cap_bps * (is_near ? RISE_NEAR_PERMILLE : RISE_PERMILLE);
	uint64_t cap = s->cap_bps + (step + 999) / 1000;

	/* What has pressed it below that is gone, and was not ours. */
	if (now_us - u->low_since_us >= FREE_US && cap < percent_of(s->capacity_bps, HIGH_PERCENT))
		cap = percent_of(s->capacity_bps, HIGH_PERCENT);
	/* Not from somebody who presses against it where the link was full not long ago. */
	if (now_us - u->low_since_us >= LIFT_US &&
	    (!is_binding || s->cap_bps > percent_of(u->full_bps, LIFT_PERCENT)))
		cap = 0;
	if (cap > UINT32_MAX)
		cap = 0;
	s->cap_bps = (uint32_t)cap;
}

/* The least queue that says the link is full: without a cap a short one may be jitter, unless what
 * does not fit is lost. */
static int64_t full_us(const struct uplink_state *s)
{
	return s->cap_bps || s->loss_permille > OVERFLOW_PERMILLE ? TRIM_US : HIGH_US;
}

static void decide_cap(struct uplink *u, int64_t now_us)
{
	struct uplink_state *s = &u->state;

	if (s->queue_us == UPLINK_QUEUE_UNKNOWN) {
		u->is_draining = false;
		s->is_foreign = false;
		u->low_since_us = 0;
		if (now_us - u->last_arrival_us > SILENT_LIFT_US)
			s->cap_bps = 0;
		return;
	}
	if (s->queue_us >= LOW_US)
		u->low_since_us = 0;
	else if (u->low_since_us == 0)
		u->low_since_us = now_us;
	if (now_us < u->pardon_us)
		return;
	if (s->queue_us > HIGH_US) {
		if (!u->is_draining)
			begin_draining(u, now_us);
		if (s->arrival_bps)
			lower_to(u, percent_of(s->arrival_bps, s->queue_us > VERY_HIGH_US
								       ? VERY_HIGH_PERCENT
								       : HIGH_PERCENT));
	} else if (s->queue_us > full_us(s) && s->arrival_bps) {
		lower_to(u, percent_of(s->arrival_bps, TRIM_PERCENT));
	}
	if (u->is_draining && s->queue_us < LOW_US)
		end_draining(u);
	else if (u->is_draining)
		watch_answer(u, now_us);
	else if (s->cap_bps && s->queue_us < RISE_US)
		raise_cap(u, now_us);
}

/* --- the capacity ---------------------------------------------------------------------------- */

static bool may_grow(const struct uplink *u, int64_t now_us)
{
	const struct uplink_state *s = &u->state;
	bool is_shown = s->arrival_bps > percent_of(s->capacity_bps, SHOWN_PERCENT);
	int64_t hold_us = is_shown ? u->hold_us : UNSHOWN_HOLDS * u->hold_us;

	return s->capacity_bps && s->capacity_bps < UINT32_MAX / 2 && u->low_since_us &&
	       now_us - u->low_since_us > hold_us && now_us - u->seen_us > hold_us;
}

static void guess_capacity(struct uplink *u, int64_t now_us)
{
	struct uplink_state *s = &u->state;
	int64_t off = (int64_t)s->arrival_bps - (int64_t)s->capacity_bps;
	bool is_full = s->queue_us > full_us(s) && now_us >= u->pardon_us;

	if (s->is_foreign)
		u->doubt_us = now_us + DOUBT_US;

	if (s->arrival_bps == 0)
		return;
	if (is_full && now_us >= u->doubt_us) {
		if (s->capacity_bps == 0)
			s->capacity_bps = s->arrival_bps;
		else
			s->capacity_bps = (uint32_t)((int64_t)s->capacity_bps +
						     off / (s->queue_us > HIGH_US ? 4 : 16));
		u->seen_us = now_us;
		u->full_bps = s->capacity_bps;
	} else if (is_full) {
		/* Others fill the link, or did: ours is a share of it. */
		return;
	} else if (s->capacity_bps && off > 0) {
		s->capacity_bps = (uint32_t)((int64_t)s->capacity_bps + off / 8);
	} else if (may_grow(u, now_us)) {
		s->capacity_bps += s->capacity_bps / 1000 * GROW_PERMILLE;
		u->has_grown = true;
	}
}

static void choose_ptime(struct uplink *u, int64_t now_us)
{
	struct uplink_state *s = &u->state;
	bool is_thin = s->ptime_ms == THIN_PTIME_MS;
	/* The guess grows by itself; only what came proves that the link is not thin. */
	bool should = is_thin ? s->arrival_bps > NOT_THIN_BPS
			      : s->capacity_bps > 0 && s->capacity_bps < THIN_BPS;
	int64_t after = is_thin ? NOT_THIN_AFTER_US : THIN_AFTER_US;

	if (!should) {
		u->ptime_us = 0;
		return;
	}
	if (u->ptime_us == 0)
		u->ptime_us = now_us;
	if (now_us - u->ptime_us < after)
		return;
	s->ptime_ms = is_thin ? 0 : THIN_PTIME_MS;
	u->ptime_us = 0;
}

void uplink_timeout(struct uplink *u, int64_t now_us)
{
	struct uplink_state *s = &u->state;

	if (now_us < u->deadline_us)
		return;
	uplink_measure(u, now_us);
	decide_cap(u, now_us);
	guess_capacity(u, now_us);
	choose_ptime(u, now_us);
	s->is_unstable =
		s->cap_bps > 0 || s->queue_us > TRIM_US || s->loss_permille > LOSSY_PERMILLE;
	u->deadline_us = now_us + (now_us - u->last_arrival_us < UPLINK_SECOND_US ? UPLINK_TICK_US
										  : IDLE_TICK_US);
}

int64_t uplink_deadline_us(const struct uplink *u)
{
	return u->deadline_us;
}
