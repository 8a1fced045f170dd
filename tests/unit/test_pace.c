/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/pace.h"

#include <glib.h>

#define START_US 1000000

/* A second of turns of work_us each, one every period_us. */
static int64_t gap_after_second(struct pace *pace, int64_t from_us, int64_t work_us,
				int64_t period_us)
{
	for (int64_t at = from_us; at < from_us + 1000000; at += period_us)
		pace_turn(pace, at, at + work_us, 3, false);
	return pace->gap_us;
}

static int64_t gap_after(struct pace *pace, int64_t work_us, int64_t period_us)
{
	return gap_after_second(pace, START_US, work_us, period_us);
}

static void little_work_is_taken_together(void)
{
	struct pace pace = {0};

	g_assert_cmpint(pace_next_us(&pace), <=, 0);
	pace_turn(&pace, START_US, START_US + 20, 2, false);
	g_assert_cmpint(pace_next_us(&pace), ==, START_US + PACE_MOST_US);
	g_assert_cmpint(gap_after(&pace, 100, 1000), ==, PACE_MOST_US);
}

static void what_comes_alone_is_taken_at_once(void)
{
	struct pace pace = {0};

	pace_turn(&pace, START_US, START_US + 20, 1, false);
	g_assert_cmpint(pace_next_us(&pace), <, START_US);
}

static void what_is_left_is_taken_at_once(void)
{
	struct pace pace = {0};

	pace_turn(&pace, START_US, START_US + 200, 256, true);
	g_assert_cmpint(pace_next_us(&pace), <, START_US);
	pace_turn(&pace, START_US + 200, START_US + 300, 40, false);
	g_assert_cmpint(pace_next_us(&pace), ==, START_US + 200 + PACE_MOST_US);
}

static void who_is_busy_does_not_wait(void)
{
	struct pace pace = {0};

	g_assert_cmpint(gap_after(&pace, 500, 1000), ==, 0);
	g_assert_cmpint(pace_next_us(&pace), <, 2 * START_US);
}

static void between_the_two_it_waits_less(void)
{
	struct pace pace = {0};
	int64_t gap_us = gap_after(&pace, 330, 1000);

	g_assert_cmpint(gap_us, >, 0);
	g_assert_cmpint(gap_us, <, PACE_MOST_US);
}

/* It does not swing: a gap that made a worker idle would make it busy when it is gone. */
static void after_a_burst_it_waits_longer_step_by_step(void)
{
	struct pace pace = {0};
	int64_t at = 2 * START_US + 200000, before_us = 0;
	int steps = 0;

	g_assert_cmpint(gap_after(&pace, 900, 1000), ==, 0);
	for (; pace.gap_us < PACE_MOST_US; at += 100000, steps++) {
		pace_turn(&pace, at, at + 10, 2, false);
		g_assert_cmpint(pace.gap_us, >, before_us);
		before_us = pace.gap_us;
		g_assert_cmpint(steps, <, 20);
	}
	g_assert_cmpint(steps, >, 3);
}

static void who_is_woken_late_does_not_wait_besides(void)
{
	struct pace pace = {0};

	g_assert_cmpint(gap_after(&pace, 100, 1000), ==, PACE_MOST_US);
	pace_woken(&pace, pace_next_us(&pace) + 150);
	g_assert_cmpint(pace.gap_us, ==, PACE_MOST_US);
	pace_woken(&pace, pace_next_us(&pace) + 2000);
	pace_turn(&pace, 2 * START_US, 2 * START_US + 20, 3, false);
	g_assert_cmpint(pace_next_us(&pace), <=, 2 * START_US + PACE_MOST_US / 8);
	g_assert_cmpint(gap_after_second(&pace, 3 * START_US, 100, 1000), ==, PACE_MOST_US);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/pace/idle", little_work_is_taken_together);
	g_test_add_func("/pace/alone", what_comes_alone_is_taken_at_once);
	g_test_add_func("/pace/what_is_left_is_taken_at_once", what_is_left_is_taken_at_once);
	g_test_add_func("/pace/busy", who_is_busy_does_not_wait);
	g_test_add_func("/pace/between", between_the_two_it_waits_less);
	g_test_add_func("/pace/burst", after_a_burst_it_waits_longer_step_by_step);
	g_test_add_func("/pace/woken", who_is_woken_late_does_not_wait_besides);
	return g_test_run();
}
