/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/rate/share.h"

#include <assert.h>

#include "media/base/limits.h"

#define HEADROOM_PERCENT 115
/* Of an encoder that was told the budget: its own swing over a second (RFC 8867 4.3). */
#define SHAPED_PERCENT 105
/* So much too much waits in our own queue for so long, while the encoder comes down. Guess: a
 * message and the encoder's reaction. */
#define OVER_PERCENT 120
#define OVER_US	     2000000
#define HOLD_US	     1000000
#define HOLD_RTTS    3
/* A floor is little beside what is kept free for repair: pictures vary in size by so much. */
#define FLOOR_PERCENT 105
/* Beside the first picture stills are of people who listen: as far apart as they may be old. */
#define OTHERS_STILL_US 5000000

/* One try at sharing: what each stream has got so far. */
struct plan {
	struct share_stream *streams;
	const size_t *order; /* of the pictures, who goes first */
	size_t count;	     /* of order */
	int64_t now_us;
	uint64_t budget_bps;
	uint64_t total_bps;
	int point[LIMIT_MLINES]; /* by stream */
	int most[LIMIT_MLINES];	 /* none gets more than this */
};

static uint64_t still_bps(const struct share_stream *s)
{
	uint64_t bytes = s->still_bytes ? s->still_bytes : LADDER_STILL_BYTES;

	return s->still_period_us > 0 ? bytes * 8 * 1000000 / (uint64_t)s->still_period_us : 0;
}

/* Of equal priority, whoever has a picture keeps it. */
static bool goes_before(const struct share_stream *a, const struct share_stream *b)
{
	if (a->priority != b->priority)
		return a->priority > b->priority;
	return a->ladder.mode > b->ladder.mode;
}

static size_t order_pictures(const struct share_stream *streams, size_t count, size_t *order)
{
	size_t have = 0;

	for (size_t i = 0; i < count; i++) {
		size_t at = have;

		if (streams[i].kind != SHARE_VIDEO || streams[i].point_count == 0)
			continue;
		for (; at > 0 && goes_before(&streams[i], &streams[order[at - 1]]); at--)
			order[at] = order[at - 1];
		order[at] = i;
		have++;
	}
	return have;
}

/* What larger priorities get above their bases before this one gets one: their floors. */
static uint64_t promised_before(const struct share_stream *streams, const size_t *order, size_t at)
{
	uint64_t promised = 0;

	for (size_t i = 0; i < at; i++) {
		const struct share_stream *s = &streams[order[i]];

		if (s->priority > streams[order[at]].priority && s->mode >= LADDER_REDUCED &&
		    s->floor_bps > s->point_bps[0])
			promised += s->floor_bps - s->point_bps[0];
	}
	return promised * FLOOR_PERCENT / 100;
}

/* Base, stills or nothing for each. Gives what all that costs. */
static uint64_t share_bases(struct share_stream *streams, const size_t *order, size_t count,
			    int64_t now_us, uint64_t left_bps)
{
	uint64_t spent = 0;

	for (size_t i = 0; i < count; i++) {
		struct share_stream *s = &streams[order[i]];
		uint64_t gone = spent + promised_before(streams, order, i);
		uint64_t left = left_bps > gone ? left_bps - gone : 0;
		uint32_t available = left < UINT32_MAX ? (uint32_t)left : UINT32_MAX;
		const struct ladder_cost cost = {
			.base_bps = s->point_bps[0],
			.full_bps = s->point_count > 1 ? s->point_bps[1] : 0,
			.still_bytes = s->still_bytes,
		};

		s->mode = ladder_step(&s->ladder, now_us, available, &cost);
		s->still_period_us = ladder_still_period_us(s->mode, available, s->still_bytes);
		if (i > 0 && s->mode == LADDER_STILLS)
			s->still_period_us = OTHERS_STILL_US;
		spent += s->mode >= LADDER_REDUCED ? s->point_bps[0] : still_bps(s);
	}
	return spent;
}

/* --- above the base -------------------------------------------------------------------------- */

static bool is_coming_down(const struct plan *plan, const struct share_stream *s)
{
	return s->over_us == 0 || plan->now_us - s->over_us < OVER_US;
}

/* What is new needs room to spare; what is there already only needs to fit. In percent of percent.
 */
static uint64_t percent_of(const struct plan *plan, const struct share_stream *s, int point,
			   bool is_floor)
{
	bool is_best = s->is_shaped && point == (int)s->point_count - 1;

	if (point > s->point)
		return (is_best	   ? SHAPED_PERCENT
			: is_floor ? FLOOR_PERCENT
				   : HEADROOM_PERCENT) *
		       100;
	if (is_best)
		return 10000 * 100 / (is_coming_down(plan, s) ? OVER_PERCENT : SHAPED_PERCENT);
	return 10000;
}

static bool raise_one(struct plan *plan, size_t stream, bool is_floor)
{
	const struct share_stream *s = &plan->streams[stream];
	int next = plan->point[stream] + 1;
	uint64_t total;

	if (next > plan->most[stream])
		return false;
	total = plan->total_bps + s->point_bps[next] - s->point_bps[next - 1];
	if (total * percent_of(plan, s, next, is_floor) > plan->budget_bps * 10000)
		return false;
	plan->total_bps = total;
	plan->point[stream] = next;
	return true;
}

static void raise_to_floors(struct plan *plan)
{
	for (size_t i = 0; i < plan->count; i++) {
		size_t stream = plan->order[i];
		const struct share_stream *s = &plan->streams[stream];

		while (plan->point[stream] != SHARE_NONE &&
		       s->point_bps[plan->point[stream]] < s->floor_bps)
			if (!raise_one(plan, stream, true))
				break;
	}
}

/* Larger priorities first; equal ones in turns, who has least goes next. */
static void raise_in_turns(struct plan *plan)
{
	bool is_done[LIMIT_MLINES] = {false};

	for (;;) {
		const struct share_stream *next = NULL;
		size_t at = 0;

		for (size_t i = 0; i < plan->count; i++) {
			size_t stream = plan->order[i];
			const struct share_stream *s = &plan->streams[stream];

			if (is_done[stream] || plan->point[stream] == SHARE_NONE)
				continue;
			if (next &&
			    (s->priority < next->priority ||
			     s->point_bps[plan->point[stream]] >= next->point_bps[plan->point[at]]))
				continue;
			next = s;
			at = stream;
		}
		if (!next)
			return;
		is_done[at] = !raise_one(plan, at, false);
	}
}

static void share_depth(struct plan *plan, uint64_t bases_bps)
{
	plan->total_bps = bases_bps;
	for (size_t i = 0; i < plan->count; i++) {
		size_t stream = plan->order[i];
		bool has_base = plan->streams[stream].mode >= LADDER_REDUCED;

		plan->point[stream] = has_base ? 0 : SHARE_NONE;
	}
	raise_to_floors(plan);
	raise_in_turns(plan);
}

/* Whether the stream may go to what the ideal has for it. */
static bool has_held(struct share_stream *s, int ideal, int64_t now_us,
		     const struct share_budget *budget)
{
	int64_t hold = budget->rtt_us * HOLD_RTTS > HOLD_US ? budget->rtt_us * HOLD_RTTS : HOLD_US;

	if (ideal <= s->point || !budget->may_raise) {
		s->has_room = false;
		return false;
	}
	if (!s->has_room) {
		s->has_room = true;
		s->room_us = now_us;
	}
	return now_us - s->room_us >= hold;
}

/* --- the whole ------------------------------------------------------------------------------- */

static uint64_t reserve_sound(struct share_stream *streams, size_t count)
{
	uint64_t reserved = 0;

	for (size_t i = 0; i < count; i++) {
		struct share_stream *s = &streams[i];

		if (s->kind == SHARE_SOUND) {
			reserved += s->reserved_bps;
			s->mode = LADDER_FULL;
		} else if (s->point_count == 0) {
			s->mode = LADDER_NONE;
		}
		if (s->kind == SHARE_SOUND || s->point_count == 0) {
			s->point = SHARE_NONE;
			s->still_period_us = 0;
		}
	}
	return reserved;
}

/* The points may have been more when `point` was set. */
static void check_points(struct share_stream *streams, const size_t *order, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct share_stream *s = &streams[order[i]];

		if (s->point >= (int)s->point_count)
			s->point = (int)s->point_count - 1;
	}
}

static void settle(struct share_stream *s, int point)
{
	/* What was gained starts waiting anew for more. */
	if (point > s->point)
		s->has_room = false;
	s->point = point;
	if (point == SHARE_NONE)
		return;
	s->mode = point == 0 && s->point_count > 1 ? LADDER_REDUCED : LADDER_FULL;
}

static void note_over(struct share_stream *s, int64_t now_us, bool is_over)
{
	bool is_best = s->point >= 0 && s->point == (int)s->point_count - 1;

	if (!is_over || !s->is_shaped || !is_best)
		s->over_us = 0;
	else if (s->over_us == 0)
		s->over_us = now_us;
}

static uint32_t clamp32(uint64_t value)
{
	return value < UINT32_MAX ? (uint32_t)value : UINT32_MAX;
}

static int64_t again_us(const struct share_stream *s, const struct share_budget *budget)
{
	int64_t hold = budget->rtt_us * HOLD_RTTS > HOLD_US ? budget->rtt_us * HOLD_RTTS : HOLD_US;
	int64_t again = INT64_MAX;

	if (s->has_room)
		again = s->room_us + hold;
	if (s->ladder.is_above && s->ladder.above_us + LADDER_HOLD_US < again)
		again = s->ladder.above_us + LADDER_HOLD_US;
	return again;
}

/* Of what all would cost then, what its next step waits for. */
static unsigned room_percent(const struct share_stream *s)
{
	if (s->ladder.mode < LADDER_FULL)
		return LADDER_ROOM_PERCENT;
	return s->is_shaped ? SHAPED_PERCENT : HEADROOM_PERCENT;
}

static void tell(struct share_result *out, const struct plan *plan, uint64_t sound_bps,
		 const struct share_budget *budget)
{
	uint64_t wanted = sound_bps;
	uint64_t next = 0, room = 0;

	*out = (struct share_result){.sending_bps = clamp32(plan->total_bps),
				     .again_us = INT64_MAX};
	for (size_t i = 0; i < plan->count; i++) {
		const struct share_stream *s = &plan->streams[plan->order[i]];
		int64_t again = again_us(s, budget);

		wanted += s->point_bps[s->point_count - 1];
		if (again < out->again_us)
			out->again_us = again;
		if (next != 0 || s->point + 1 >= (int)s->point_count)
			continue;
		next = plan->total_bps + s->point_bps[s->point + 1] -
		       (s->point == SHARE_NONE ? still_bps(s) : s->point_bps[s->point]);
		room = next * room_percent(s) / 100;
	}
	out->next_bps = clamp32(next);
	out->room_bps = clamp32(room);
	out->wanted_bps = clamp32(wanted);
}

void share_assign(struct share_result *out, int64_t now_us, const struct share_budget *budget,
		  struct share_stream *streams, size_t count)
{
	size_t order[LIMIT_MLINES];
	struct plan plan = {
		.streams = streams, .order = order, .now_us = now_us, .budget_bps = budget->bps};
	uint64_t sound;
	uint64_t spent;
	bool is_new[LIMIT_MLINES] = {false};

	assert(count <= LIMIT_MLINES);
	sound = reserve_sound(streams, count);
	plan.count = order_pictures(streams, count, order);
	check_points(streams, order, plan.count);
	for (size_t i = 0; i < plan.count; i++)
		is_new[order[i]] = !streams[order[i]].ladder.is_started;
	spent = sound + share_bases(streams, order, plan.count, now_us,
				    budget->bps > sound ? budget->bps - sound : 0);
	for (size_t i = 0; i < plan.count; i++) {
		const struct share_stream *s = &streams[order[i]];
		plan.most[order[i]] = s->mode == LADDER_FULL ? (int)s->point_count - 1 : 0;
	}
	share_depth(&plan, spent);
	/* Once more: who has to wait for more leaves the room to others until then. */
	for (size_t i = 0; i < plan.count; i++) {
		struct share_stream *s = &streams[order[i]];
		int ideal = plan.point[order[i]];
		bool is_held = has_held(s, ideal, now_us, budget) || is_new[order[i]];
		int now = s->point > 0 ? s->point : 0;
		int most = is_held ? ideal : now;

		if (plan.most[order[i]] > most)
			plan.most[order[i]] = most;
	}
	share_depth(&plan, spent);
	for (size_t i = 0; i < plan.count; i++) {
		settle(&streams[order[i]], plan.point[order[i]]);
		note_over(&streams[order[i]], now_us,
			  plan.total_bps * 100 > plan.budget_bps * SHAPED_PERCENT);
	}
	tell(out, &plan, sound, budget);
}
