/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>

#include "media/base/heap.h"
#include "media/rate/silence.h"

#define MS 1000

static void waits_for_two_round_trips_and_at_least_400_ms(void)
{
	struct silence s = {0};

	g_assert_cmpint(silence_deadline_us(&s), ==, DEADLINE_NEVER);
	silence_sent(&s, 1000 * MS);
	g_assert_cmpint(silence_deadline_us(&s), ==, 1000 * MS + SILENCE_FIRST_US);
	silence_set(&s, 50 * MS, 100 * MS);
	g_assert_cmpint(silence_deadline_us(&s), ==, 1400 * MS);
	silence_set(&s, 600 * MS, 100 * MS);
	silence_sent(&s, 1100 * MS);
	g_assert_cmpint(silence_deadline_us(&s), ==, 2300 * MS);
	g_assert_false(silence_timeout(&s, 2299 * MS));
	g_assert_true(silence_timeout(&s, 2300 * MS));
	g_assert_false(silence_timeout(&s, 2400 * MS));
	g_assert_true(s.is_silent);
}

static void feedback_ends_it(void)
{
	struct silence s = {0};

	silence_sent(&s, 1000 * MS);
	g_assert_false(silence_feedback(&s));
	g_assert_cmpint(silence_deadline_us(&s), ==, DEADLINE_NEVER);
	silence_sent(&s, 2000 * MS);
	g_assert_true(silence_timeout(&s, 9000 * MS));
	g_assert_true(silence_feedback(&s));
	g_assert_false(s.is_silent);
}

static void asks_four_times_a_second_when_nothing_else_leaves(void)
{
	struct silence s = {0};

	silence_sent(&s, 1000 * MS);
	silence_set(&s, 50 * MS, 100 * MS);
	g_assert_false(silence_may_probe(&s, 1390 * MS));
	g_assert_true(silence_timeout(&s, 1400 * MS));
	g_assert_true(silence_may_probe(&s, 1400 * MS));
	silence_sent(&s, 1400 * MS);
	g_assert_false(silence_may_probe(&s, 1649 * MS));
	g_assert_cmpint(silence_deadline_us(&s), ==, 1650 * MS);
	g_assert_true(silence_may_probe(&s, 1650 * MS));
}

#define ADD(name) g_test_add_func("/silence/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(waits_for_two_round_trips_and_at_least_400_ms);
	ADD(feedback_ends_it);
	ADD(asks_four_times_a_second_when_nothing_else_leaves);
	return g_test_run();
}
