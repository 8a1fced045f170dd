/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>

#include "media/rate/minima.h"

#define S 1000000

static void forgets_after_ten_buckets(void)
{
	struct minima m = {0};

	g_assert_cmpint(minima_get(&m), ==, INT64_MAX);
	minima_add(&m, 5 * S, 40);
	for (int s = 10; s < 100; s += 10)
		minima_add(&m, (int64_t)s * S, 100 + s);
	g_assert_cmpint(minima_get(&m), ==, 40);
	minima_add(&m, 100 * S, 300);
	g_assert_cmpint(minima_get(&m), ==, 110);
	/* Everything at once after a long pause. */
	minima_add(&m, 1000 * S, 500);
	g_assert_cmpint(minima_get(&m), ==, 500);
}

static void takes_what_is_smaller_at_once(void)
{
	struct minima m = {0};

	minima_add(&m, 0, -7);
	minima_add(&m, 1, -9);
	g_assert_cmpint(minima_get(&m), ==, -9);
	minima_reset(&m, 2, 5);
	g_assert_cmpint(minima_get(&m), ==, 5);
	minima_shift(&m, 3);
	g_assert_cmpint(minima_get(&m), ==, 8);
}

static void growth_is_that_of_a_drifting_clock(void)
{
	struct minima m = {0};

	for (int i = 0; i < 12; i++) {
		minima_add(&m, (int64_t)i * 10 * S, 1000 + 500 * i);
		if (i < 6)
			g_assert_cmpint(minima_growth(&m), ==, 0);
	}
	g_assert_cmpint(minima_growth(&m), >=, 300);
	g_assert_cmpint(minima_growth(&m), <=, 500);
}

#define ADD(name) g_test_add_func("/minima/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(forgets_after_ten_buckets);
	ADD(takes_what_is_smaller_at_once);
	ADD(growth_is_that_of_a_drifting_clock);
	return g_test_run();
}
