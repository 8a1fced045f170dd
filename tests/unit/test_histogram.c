/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>
#include <string.h>

#include "server/histogram.h"

static void small_durations_are_exact(void)
{
	struct histogram h = {0};

	g_assert_cmpint(histogram_quantile_us(&h, 500), ==, 0);
	for (int i = 0; i < 10; i++)
		histogram_add(&h, i);
	g_assert_cmpint(histogram_quantile_us(&h, 500), ==, 4);
	g_assert_cmpint(histogram_quantile_us(&h, 1000), ==, 9);
	g_assert_cmpint(histogram_quantile_us(&h, 0), ==, 0);
	g_assert_cmpuint(h.sum_us, ==, 45);
}

/* The bucket of every duration ends at or above it, and at most an eighth above. */
static void every_duration_is_within_an_eighth(void)
{
	for (int64_t us = 1; us < 16000000; us += us / 7 + 1) {
		struct histogram h = {0};
		int64_t told;

		histogram_add(&h, us);
		told = histogram_quantile_us(&h, 990);
		g_assert_cmpint(told, >=, us);
		g_assert_cmpint(told * 8, <=, us * 9);
	}
}

static void extremes_are_kept_inside(void)
{
	struct histogram h = {0};

	histogram_add(&h, -5);
	histogram_add(&h, INT64_MAX / 4);
	g_assert_cmpuint(h.count, ==, 2);
	g_assert_cmpint(histogram_quantile_us(&h, 100), ==, 0);
	g_assert_cmpint(histogram_quantile_us(&h, 1000), ==, (1 << 24) - 1);
}

static void bounds_cut_between_octaves(void)
{
	struct histogram h = {0}, sum = {0};

	histogram_add(&h, 15);
	histogram_add(&h, 16);
	histogram_add(&h, 1023);
	histogram_add(&h, 1024);
	g_assert_cmpuint(histogram_below(&h, 4), ==, 1);
	g_assert_cmpuint(histogram_below(&h, 5), ==, 2);
	g_assert_cmpuint(histogram_below(&h, 10), ==, 3);
	g_assert_cmpuint(histogram_below(&h, 11), ==, 4);
	histogram_merge(&sum, &h);
	histogram_merge(&sum, &h);
	g_assert_cmpuint(histogram_below(&sum, 10), ==, 6);
	g_assert_cmpuint(sum.sum_us, ==, 2 * h.sum_us);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/histogram/small_durations_are_exact", small_durations_are_exact);
	g_test_add_func("/histogram/every_duration_is_within_an_eighth",
			every_duration_is_within_an_eighth);
	g_test_add_func("/histogram/extremes_are_kept_inside", extremes_are_kept_inside);
	g_test_add_func("/histogram/bounds_cut_between_octaves", bounds_cut_between_octaves);
	return g_test_run();
}
