/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>

#include "media/rate/ladder.h"

#define SECOND 1000000LL

static const struct ladder_cost unknown;

static void first_step_goes_where_it_fits(void)
{
	static const struct {
		uint32_t available_kbps;
		struct ladder_cost cost;
		enum ladder_mode mode;
	} steps[] = {
		/* The figures for streams that are not known. */
		{0, {0}, LADDER_NONE},
		{14, {0}, LADDER_NONE},
		{25, {0}, LADDER_STILLS},
		{60, {0}, LADDER_STILLS},
		{61, {0}, LADDER_REDUCED},
		{119, {0}, LADDER_REDUCED},
		{121, {0}, LADDER_FULL},
		/* By what the stream costs. */
		{60, {.base_bps = 50000, .full_bps = 90000}, LADDER_REDUCED},
		{100, {.base_bps = 50000, .full_bps = 90000}, LADDER_FULL},
		{54, {.base_bps = 50000, .full_bps = 90000}, LADDER_STILLS},
		{200, {.base_bps = 150000, .full_bps = 500000}, LADDER_FULL},
		{160, {.base_bps = 150000, .full_bps = 500000}, LADDER_STILLS},
		{56, {.base_bps = 50000}, LADDER_FULL}, /* there is nothing above */
		{25, {.still_bytes = 12000}, LADDER_NONE},
		{31, {.still_bytes = 12000}, LADDER_STILLS},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		struct ladder ladder = {0};

		g_test_message("step %zu", i);
		g_assert_cmpint(
			ladder_step(&ladder, 0, steps[i].available_kbps * 1000, &steps[i].cost), ==,
			steps[i].mode);
	}
}

static void down_at_once_and_up_after_five_seconds(void)
{
	struct ladder ladder = {0};
	int64_t now = 0;

	g_assert_cmpint(ladder_step(&ladder, now, 130000, &unknown), ==, LADDER_FULL);
	g_assert_cmpint(ladder_step(&ladder, now, 100000, &unknown), ==, LADDER_REDUCED);
	g_assert_cmpint(ladder_step(&ladder, now, 40000, &unknown), ==, LADDER_STILLS);
	/* 60 would do to stay; 75 is needed to come back, and for 5 s. */
	for (; now < 20 * SECOND; now += SECOND / 10)
		g_assert_cmpint(ladder_step(&ladder, now, 74000, &unknown), ==, LADDER_STILLS);
	for (; now < 24 * SECOND; now += SECOND / 10)
		g_assert_cmpint(ladder_step(&ladder, now, 80000, &unknown), ==, LADDER_STILLS);
	/* One moment below starts the wait again. */
	ladder_step(&ladder, now, 60000, &unknown);
	int64_t since = now += SECOND / 10;
	for (; now < since + 5 * SECOND; now += SECOND / 10)
		g_assert_cmpint(ladder_step(&ladder, now, 80000, &unknown), ==, LADDER_STILLS);
	g_assert_cmpint(ladder_step(&ladder, now, 80000, &unknown), ==, LADDER_REDUCED);
}

static void a_link_that_is_back_is_believed_after_a_second(void)
{
	struct ladder ladder = {0};

	ladder_step(&ladder, 0, 0, &unknown);
	g_assert_cmpint(ladder_step(&ladder, 0, 300000, &unknown), ==, LADDER_NONE);
	g_assert_cmpint(ladder_step(&ladder, SECOND - 1, 300000, &unknown), ==, LADDER_NONE);
	g_assert_cmpint(ladder_step(&ladder, SECOND, 300000, &unknown), ==, LADDER_FULL);
}

/* A queue that is emptied takes the whole link for a second or two. */
static void after_a_short_dearth_stills_go_on(void)
{
	struct ladder ladder = {0};

	ladder_step(&ladder, 0, 130000, &unknown);
	g_assert_cmpint(ladder_step(&ladder, 1, 0, &unknown), ==, LADDER_NONE);
	g_assert_cmpint(ladder_step(&ladder, SECOND, 20000, &unknown), ==, LADDER_NONE);
	g_assert_cmpint(ladder_step(&ladder, 2 * SECOND - 1, 20000, &unknown), ==, LADDER_NONE);
	g_assert_cmpint(ladder_step(&ladder, 2 * SECOND, 20000, &unknown), ==, LADDER_STILLS);
	/* Also where more would fit in a while. */
	ladder_step(&ladder, 3 * SECOND, 0, &unknown);
	ladder_step(&ladder, 4 * SECOND, 80000, &unknown);
	g_assert_cmpint(ladder_step(&ladder, 5 * SECOND, 80000, &unknown), ==, LADDER_STILLS);
	ladder_step(&ladder, 6 * SECOND, 80000, &unknown);
	g_assert_cmpint(ladder_step(&ladder, 10 * SECOND, 80000, &unknown), ==, LADDER_STILLS);
	g_assert_cmpint(ladder_step(&ladder, 11 * SECOND, 80000, &unknown), ==, LADDER_REDUCED);
}

static void stills_come_as_often_as_they_fit(void)
{
	g_assert_cmpint(ladder_still_period_us(LADDER_FULL, 100000, 6000), ==, 0);
	g_assert_cmpint(ladder_still_period_us(LADDER_REDUCED, 100000, 6000), ==, 0);
	g_assert_cmpint(ladder_still_period_us(LADDER_STILLS, 50000, 6000), ==, 2 * SECOND);
	g_assert_cmpint(ladder_still_period_us(LADDER_STILLS, 20000, 6000), ==, 3 * SECOND);
	g_assert_cmpint(ladder_still_period_us(LADDER_STILLS, 1000, 6000), ==, 4 * SECOND);
	g_assert_cmpint(ladder_still_period_us(LADDER_NONE, 10000, 6000), ==, 15 * SECOND);
	g_assert_cmpint(ladder_still_period_us(LADDER_NONE, 3000, 6000), ==, 0);
	g_assert_cmpint(ladder_still_period_us(LADDER_NONE, 0, 0), ==, 0);
}

/* A link that swings around a threshold changes the mode no more than every five seconds. */
static void does_not_flap_at_the_edge(void)
{
	for (uint32_t edge = 20000; edge <= 130000; edge += 5000) {
		struct ladder ladder = {0};
		enum ladder_mode was = LADDER_NONE;
		unsigned changes = 0;
		for (int64_t now = 0; now < 60 * SECOND; now += SECOND / 10) {
			uint32_t swing = edge / 10;
			bool is_up = now / (SECOND * 7 / 10) % 2;
			enum ladder_mode mode = ladder_step(
				&ladder, now, is_up ? edge + swing : edge - swing, &unknown);
			changes += mode != was;
			was = mode;
		}
		g_test_message("%u: %u changes", edge, changes);
		g_assert_cmpuint(changes, <=, 2);
	}
}

#define ADD(name) g_test_add_func("/ladder/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(first_step_goes_where_it_fits);
	ADD(down_at_once_and_up_after_five_seconds);
	ADD(a_link_that_is_back_is_believed_after_a_second);
	ADD(after_a_short_dearth_stills_go_on);
	ADD(stills_come_as_often_as_they_fit);
	ADD(does_not_flap_at_the_edge);
	return g_test_run();
}
