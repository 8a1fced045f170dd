/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>

#include "loadtest/load/gaps.h"

static void verdicts_follow_the_numbers(void)
{
	static const struct {
		uint16_t seq;
		enum gaps_verdict want;
	} steps[] = {
		{65534, GAPS_NEXT}, {65535, GAPS_NEXT},	 {65535, GAPS_DUPLICATE}, {1, GAPS_NEXT},
		{0, GAPS_LATE},	    {0, GAPS_DUPLICATE}, {5, GAPS_NEXT},	  {3, GAPS_LATE},
		{65533, GAPS_LATE}, {3, GAPS_DUPLICATE}, {65533, GAPS_DUPLICATE}, {6, GAPS_NEXT},
	};
	struct gaps gaps = {0};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++)
		g_assert_cmpint(gaps_received(&gaps, steps[i].seq), ==, steps[i].want);
	gaps_settle(&gaps, 0);
	g_assert_cmpuint(gaps.lost, ==, 2); /* 2 and 4 */
}

static void a_hole_is_lost_once_the_window_has_passed(void)
{
	struct gaps gaps = {0};

	(void)gaps_received(&gaps, 100);
	for (unsigned i = 103; i < 103 + GAPS_WINDOW - 3; i++)
		(void)gaps_received(&gaps, (uint16_t)i);
	g_assert_cmpuint(gaps.lost, ==, 0);
	for (unsigned i = 0; i < 3; i++)
		(void)gaps_received(&gaps, (uint16_t)(100 + GAPS_WINDOW + i));
	g_assert_cmpuint(gaps.lost, ==, 2);
	g_assert_cmpint(gaps_received(&gaps, 101), ==, GAPS_DUPLICATE); /* too late */
}

static void a_jump_over_the_window_counts_all_between(void)
{
	struct gaps gaps = {0};

	(void)gaps_received(&gaps, 0);
	(void)gaps_received(&gaps, 3000);
	gaps_settle(&gaps, 0);
	g_assert_cmpuint(gaps.lost, ==, 2999);
}

static void what_comes_from_before_the_beginning_opens_no_gap(void)
{
	struct gaps gaps = {0};

	(void)gaps_received(&gaps, 500);
	g_assert_cmpint(gaps_received(&gaps, 400), ==, GAPS_LATE);
	g_assert_cmpint(gaps_received(&gaps, 400), ==, GAPS_DUPLICATE);
	gaps_settle(&gaps, 0);
	g_assert_cmpuint(gaps.lost, ==, 0);
}

static void the_last_numbers_may_still_come(void)
{
	struct gaps gaps = {0};

	(void)gaps_received(&gaps, 10);
	(void)gaps_received(&gaps, 12);
	(void)gaps_received(&gaps, 20);
	gaps_settle(&gaps, 8);
	g_assert_cmpuint(gaps.lost, ==, 1);
	g_assert_cmpint(gaps_received(&gaps, 11), ==, GAPS_DUPLICATE); /* was counted */
	g_assert_cmpint(gaps_received(&gaps, 15), ==, GAPS_LATE);
	g_assert_cmpint(gaps_received(&gaps, 21), ==, GAPS_NEXT);
	gaps_settle(&gaps, 0);
	g_assert_cmpuint(gaps.lost, ==, 7);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/load/gaps/verdicts-follow-the-numbers", verdicts_follow_the_numbers);
	g_test_add_func("/load/gaps/a-hole-is-lost-once-the-window-has-passed",
			a_hole_is_lost_once_the_window_has_passed);
	g_test_add_func("/load/gaps/a-jump-over-the-window-counts-all-between",
			a_jump_over_the_window_counts_all_between);
	g_test_add_func("/load/gaps/what-comes-from-before-the-beginning-opens-no-gap",
			what_comes_from_before_the_beginning_opens_no_gap);
	g_test_add_func("/load/gaps/the-last-numbers-may-still-come",
			the_last_numbers_may_still_come);
	return g_test_run();
}
