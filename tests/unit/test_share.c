/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>
#include <string.h>

#include "media/base/rng.h"
#include "media/rate/share.h"

#define SECOND 1000000LL
#define KBPS   1000u

/* Points of a 360p camera in L3T3, of one in L1T3, and of one that has a single layer. */
static const uint32_t l3t3[] = {45000, 70000, 100000, 250000, 600000};
static const uint32_t l1t3[] = {45000, 70000, 100000};
static const uint32_t single[] = {150000};

static struct share_stream sound(uint32_t bps)
{
	return (struct share_stream){.kind = SHARE_SOUND, .reserved_bps = bps, .point = SHARE_NONE};
}

static struct share_stream picture(uint16_t priority, const uint32_t *points, size_t count)
{
	return (struct share_stream){.kind = SHARE_VIDEO,
				     .priority = priority,
				     .point_bps = points,
				     .point_count = count,
				     .point = SHARE_NONE};
}

#define PICTURE(priority, points) picture(priority, points, G_N_ELEMENTS(points))

static struct share_result assign(int64_t now_us, uint32_t bps, struct share_stream *streams,
				  size_t count)
{
	const struct share_budget budget = {.bps = bps, .rtt_us = 100000, .may_raise = true};
	struct share_result result;

	share_assign(&result, now_us, &budget, streams, count);
	return result;
}

/* The budget for long: what everything comes to rest at. */
static struct share_result rest(int64_t *now_us, uint32_t bps, struct share_stream *streams,
				size_t count)
{
	struct share_result result = {0};

	for (int i = 0; i < 400; i++, *now_us += SECOND / 20)
		result = assign(*now_us, bps, streams, count);
	return result;
}

static void one_picture_by_budget(void)
{
	static const struct {
		uint32_t bps;
		int point;
		enum ladder_mode mode;
		uint32_t sending_bps;
		uint32_t next_bps;
	} steps[] = {
		{40000, SHARE_NONE, LADDER_NONE, 40000, 85000},
		{85000, SHARE_NONE, LADDER_STILLS, 64000, 85000},
		{90000, 0, LADDER_REDUCED, 85000, 110000},
		{130000, 1, LADDER_FULL, 110000, 140000},
		{160000, 1, LADDER_FULL, 110000, 140000},
		{162000, 2, LADDER_FULL, 140000, 290000},
		{2000000, 4, LADDER_FULL, 640000, 0},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		struct share_stream s[] = {sound(40000), PICTURE(1, l3t3)};
		struct share_result r = assign(0, steps[i].bps, s, 2);

		g_test_message("step %zu", i);
		g_assert_cmpint(s[1].point, ==, steps[i].point);
		g_assert_cmpint(s[1].mode, ==, steps[i].mode);
		g_assert_cmpuint(r.sending_bps, ==, steps[i].sending_bps);
		g_assert_cmpuint(r.next_bps, ==, steps[i].next_bps);
		g_assert_cmpuint(r.wanted_bps, ==, 640000);
	}
}

/* What the estimator is told to look for is what is waited for, whatever comes next. */
static void the_room_that_is_told_gives_the_next_step(void)
{
	for (uint32_t bps = 60 * KBPS; bps < 900 * KBPS; bps += 10 * KBPS) {
		for (int kind = 0; kind < 2; kind++) {
			struct share_stream s[] = {sound(40000), PICTURE(1, l3t3)};
			struct share_result r;
			int64_t now = 0;
			int before;

			if (kind)
				s[1] = PICTURE(1, single);
			r = rest(&now, bps, s, 2);
			before = s[1].point;
			g_assert_cmpint(r.room_bps > 0, ==, r.next_bps > 0);
			if (r.room_bps == 0)
				continue;
			g_test_message("%u bit/s: %u for %u", bps, r.room_bps, r.next_bps);
			g_assert_cmpuint(r.room_bps, >, r.next_bps);
			r = rest(&now, r.room_bps + r.room_bps / 50, s, 2);
			g_assert_cmpint(s[1].point, >, before);
		}
	}
}

static void up_with_room_to_spare_and_after_a_second(void)
{
	struct share_stream s[] = {sound(40000), PICTURE(1, l3t3)};
	int64_t now = 0;

	rest(&now, 100 * KBPS, s, 2);
	g_assert_cmpint(s[1].point, ==, 0);
	/* 110 fits into 135, but at the bottom 25 % are to spare (ladder.h). */
	rest(&now, 135 * KBPS, s, 2);
	g_assert_cmpint(s[1].point, ==, 0);
	rest(&now, 137 * KBPS, s, 2);
	g_assert_cmpint(s[1].point, ==, 1);
	/* 140 fits into 160, but not with 15 % to spare. */
	rest(&now, 160 * KBPS, s, 2);
	g_assert_cmpint(s[1].point, ==, 1);
	struct share_result r = assign(now, 340 * KBPS, s, 2);
	g_assert_cmpint(s[1].point, ==, 1);
	g_assert_cmpint(r.again_us, ==, now + SECOND);
	r = assign(now + SECOND / 2, 340 * KBPS, s, 2);
	g_assert_cmpint(s[1].point, ==, 1);
	/* To what fits, not step by step: each encoding costs a keyframe. */
	assign(now + SECOND, 340 * KBPS, s, 2);
	g_assert_cmpint(s[1].point, ==, 3);
	/* Down at once, and without margin. */
	assign(now + SECOND, 290 * KBPS, s, 2);
	g_assert_cmpint(s[1].point, ==, 3);
	assign(now + SECOND, 289 * KBPS, s, 2);
	g_assert_cmpint(s[1].point, ==, 2);
	assign(now + SECOND, 20 * KBPS, s, 2);
	g_assert_cmpint(s[1].point, ==, SHARE_NONE);
}

static void a_long_path_waits_longer(void)
{
	struct share_stream s[] = {PICTURE(1, l3t3)};
	struct share_budget budget = {.bps = 115000, .rtt_us = 600000, .may_raise = true};
	struct share_result r;

	share_assign(&r, 0, &budget, s, 1);
	g_assert_cmpint(s[0].point, ==, 2);
	budget.bps = 800000;
	share_assign(&r, 1, &budget, s, 1);
	share_assign(&r, 1700000, &budget, s, 1);
	g_assert_cmpint(s[0].point, ==, 2);
	/* Congestion starts the wait again. */
	budget.may_raise = false;
	share_assign(&r, 1750000, &budget, s, 1);
	budget.may_raise = true;
	share_assign(&r, 1800001, &budget, s, 1);
	share_assign(&r, 3600000, &budget, s, 1);
	g_assert_cmpint(s[0].point, ==, 2);
	share_assign(&r, 3600001, &budget, s, 1);
	g_assert_cmpint(s[0].point, ==, 4);
}

static void everybody_has_a_base_before_anybody_has_more(void)
{
	struct share_stream s[] = {PICTURE(9, l3t3), PICTURE(5, l3t3), PICTURE(1, l3t3)};
	int64_t now = 0;

	rest(&now, 190 * KBPS, s, 3);
	g_assert_cmpint(s[0].point, ==, 1);
	g_assert_cmpint(s[1].point, ==, 0);
	g_assert_cmpint(s[2].point, ==, 0);
	/* When not even that fits, the last one is a row of stills. */
	rest(&now, 115 * KBPS, s, 3);
	g_assert_cmpint(s[0].point, ==, 0);
	g_assert_cmpint(s[1].point, ==, 0);
	g_assert_cmpint(s[2].point, ==, SHARE_NONE);
	g_assert_cmpint(s[2].mode, ==, LADDER_STILLS);
	g_assert_cmpint(s[2].still_period_us, ==, 5 * SECOND);
	/* And what is left goes to the first. */
	rest(&now, 700 * KBPS, s, 3);
	g_assert_cmpint(s[0].point, ==, 3);
	g_assert_cmpint(s[1].point, ==, 3);
	g_assert_cmpint(s[2].point, ==, 2);
}

static void equal_ones_share(void)
{
	struct share_stream s[] = {PICTURE(3, l3t3), PICTURE(3, l3t3), PICTURE(3, single)};
	int64_t now = 0;

	rest(&now, 560 * KBPS, s, 3);
	g_assert_cmpint(s[0].point, ==, 2);
	g_assert_cmpint(s[1].point, ==, 2);
	g_assert_cmpint(s[2].point, ==, 0);
}

static void floors_come_before_depth(void)
{
	struct share_stream s[] = {PICTURE(9, l3t3), PICTURE(5, l3t3)};
	int64_t now = 0;

	s[1].floor_bps = 240000;
	rest(&now, 400 * KBPS, s, 2);
	g_assert_cmpint(s[0].point, ==, 1);
	g_assert_cmpint(s[1].point, ==, 3);
}

static void a_larger_priority_gets_its_floor_before_others_have_bases(void)
{
	struct share_stream s[] = {PICTURE(9, l3t3), PICTURE(9, l3t3), PICTURE(5, l3t3)};
	int64_t now = 0;

	/* Equal ones have their bases first, */
	rest(&now, 190 * KBPS, s, 2);
	s[1].floor_bps = 100000;
	rest(&now, 190 * KBPS, s, 2);
	g_assert_cmpint(s[0].point, ==, 1);
	g_assert_cmpint(s[1].point, ==, 2);
	/* smaller ones make do with stills. */
	s[1] = s[2];
	s[0].floor_bps = 100000;
	rest(&now, 140 * KBPS, s, 2);
	g_assert_cmpint(s[0].point, ==, 2);
	g_assert_cmpint(s[1].point, ==, SHARE_NONE);
	g_assert_cmpint(s[1].mode, ==, LADDER_STILLS);
}

static void a_stream_that_stops_leaves_its_room(void)
{
	struct share_stream s[] = {PICTURE(9, l3t3), PICTURE(5, l1t3)};
	int64_t now = 0;

	rest(&now, 240 * KBPS, s, 2);
	g_assert_cmpint(s[1].point, ==, 2);
	s[0].point_count = 0;
	struct share_result r = rest(&now, 240 * KBPS, s, 2);
	g_assert_cmpint(s[0].point, ==, SHARE_NONE);
	g_assert_cmpint(s[0].mode, ==, LADDER_NONE);
	g_assert_cmpuint(r.sending_bps, ==, 100000);
	g_assert_cmpuint(r.next_bps, ==, 0);
	/* Fewer points than before. */
	s[1].point_count = 1;
	rest(&now, 240 * KBPS, s, 2);
	g_assert_cmpint(s[1].point, ==, 0);
}

/* The estimate swings by 5 % up and down around any level: hardly anything changes. */
static void does_not_flap(void)
{
	for (uint32_t level = 60000; level < 900000; level += 17000) {
		struct share_stream s[] = {sound(40000), PICTURE(2, l3t3), PICTURE(1, l1t3)};
		struct rng rng = rng_seeded(level);
		unsigned changes = 0;
		for (int64_t now = 0; now < 60 * SECOND; now += SECOND / 10) {
			int was[2] = {s[1].point, s[2].point};
			uint32_t bps = level - level / 20 + rng_below(&rng, level / 10);
			assign(now, bps, s, 3);
			if (now > 10 * SECOND)
				changes += (was[0] != s[1].point) + (was[1] != s[2].point);
		}
		g_test_message("%u: %u changes", level, changes);
		g_assert_cmpuint(changes, <=, 4);
	}
}

/* Whatever the budget: it is kept, sound apart, and order of priority holds. */
static void never_more_than_the_budget(void)
{
	struct rng rng = rng_seeded(5);
	struct share_stream s[8];
	int64_t now = 0;

	s[0] = sound(30000);
	for (int i = 1; i < 8; i++)
		s[i] = i % 3 ? PICTURE((uint16_t)(i / 2), l3t3) : PICTURE((uint16_t)(i / 2), l1t3);
	for (int i = 0; i < 20000; i++, now += 50000) {
		uint32_t bps = rng_below(&rng, 1500000);
		struct share_result r = assign(now, bps, s, 8);
		uint64_t sum = 30000;
		for (int j = 1; j < 8; j++) {
			g_assert_cmpint(s[j].point, <, (int)s[j].point_count);
			g_assert_true((s[j].mode >= LADDER_REDUCED) == (s[j].point >= 0));
			sum += s[j].point >= 0 ? s[j].point_bps[s[j].point] : 0;
			sum += s[j].still_period_us
				       ? 6000ull * 8 * 1000000 / (uint64_t)s[j].still_period_us
				       : 0;
		}
		g_assert_cmpuint(sum, ==, r.sending_bps);
		g_assert_true(sum <= bps || sum == 30000);
		g_assert_true(r.next_bps == 0 || r.next_bps > r.sending_bps);
		g_assert_cmpuint(r.wanted_bps, >=, r.sending_bps);
	}
}

#define ADD(name) g_test_add_func("/share/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(one_picture_by_budget);
	ADD(the_room_that_is_told_gives_the_next_step);
	ADD(up_with_room_to_spare_and_after_a_second);
	ADD(a_long_path_waits_longer);
	ADD(everybody_has_a_base_before_anybody_has_more);
	ADD(equal_ones_share);
	ADD(floors_come_before_depth);
	ADD(a_larger_priority_gets_its_floor_before_others_have_bases);
	ADD(a_stream_that_stops_leaves_its_room);
	ADD(does_not_flap);
	ADD(never_more_than_the_budget);
	return g_test_run();
}
