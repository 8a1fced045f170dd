/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>

#include "media/route/quality.h"

static void loss_is_that_of_the_interval(void)
{
	struct quality quality = {0};
	int32_t up;
	int32_t down;

	quality_take(&quality, 0, 0, &up, &down);
	g_assert_cmpint(up, ==, QUALITY_UNKNOWN);
	g_assert_cmpint(down, ==, QUALITY_UNKNOWN);
	quality_down(&quality, 100, 10);
	quality_down(&quality, 300, 0);
	quality_take(&quality, 1000, 950, &up, &down);
	g_assert_cmpint(up, ==, 50);
	g_assert_cmpint(down, ==, 25);
	quality_take(&quality, 2000, 1950, &up, &down);
	g_assert_cmpint(up, ==, 0);
	g_assert_cmpint(down, ==, QUALITY_UNKNOWN);
}

static void nonsense_stays_within_bounds(void)
{
	struct quality quality = {0};
	int32_t up;
	int32_t down;

	quality_down(&quality, 100, -20); /* duplicates */
	quality_take(&quality, 100, 120, &up, &down);
	g_assert_cmpint(up, ==, 0);
	g_assert_cmpint(down, ==, 0);
	quality_down(&quality, 100, 5000);
	quality_down(&quality, -5, 3);
	quality_take(&quality, 50, 40, &up, &down); /* a stream ended and took its totals along */
	g_assert_cmpint(up, ==, QUALITY_UNKNOWN);
	g_assert_cmpint(down, ==, 1000);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/quality/loss-is-that-of-the-interval", loss_is_that_of_the_interval);
	g_test_add_func("/quality/nonsense-stays-within-bounds", nonsense_stays_within_bounds);
	return g_test_run();
}
