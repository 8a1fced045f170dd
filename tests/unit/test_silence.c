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

static void sound_rests_and_little_asks(void)
{
	struct silence s = {0};

	silence_heard(&s, 1000 * MS);
	silence_sent(&s, 1000 * MS);
	silence_set(&s, 50 * MS, 100 * MS);
	g_assert_true(silence_takes_sound(&s, 1100 * MS, 0));
	g_assert_true(silence_timeout(&s, 1400 * MS));
	g_assert_false(silence_takes_sound(&s, 1400 * MS, 0));
	/* They are quiet too: what comes from them will tell. */
	g_assert_false(silence_may_ask(&s, 1499 * MS));
	g_assert_true(silence_may_ask(&s, 1500 * MS));
	silence_sent(&s, 1500 * MS);
	/* One way only: nothing but an answer tells. */
	silence_heard(&s, 1550 * MS);
	g_assert_true(silence_may_ask(&s, 1600 * MS));
}

static void who_was_quiet_and_is_heard_gets_sound_at_once(void)
{
	struct silence s = {0};

	silence_heard(&s, 1000 * MS);
	silence_sent(&s, 1000 * MS);
	silence_set(&s, 50 * MS, 100 * MS);
	silence_heard(&s, 1390 * MS);
	g_assert_true(silence_timeout(&s, 1400 * MS));
	/* Never quiet: the way to them alone is gone. */
	silence_heard(&s, 1450 * MS);
	g_assert_false(silence_takes_sound(&s, 1450 * MS, 0));
	silence_heard(&s, 3000 * MS);
	g_assert_true(silence_takes_sound(&s, 3000 * MS, 0));
	g_assert_true(s.is_silent);
	/* Nothing was answered: it was not so. */
	g_assert_false(silence_takes_sound(&s, 3000 * MS + SILENCE_HOPE_US, 0));
}

static void sound_does_not_join_what_waits_for_long(void)
{
	struct silence s = {0};

	g_assert_true(silence_takes_sound(&s, 1000 * MS, SILENCE_STALE_US - 1));
	g_assert_false(silence_takes_sound(&s, 1000 * MS, SILENCE_STALE_US));
}

#define ADD(name) g_test_add_func("/silence/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(waits_for_two_round_trips_and_at_least_400_ms);
	ADD(feedback_ends_it);
	ADD(asks_four_times_a_second_when_nothing_else_leaves);
	ADD(sound_rests_and_little_asks);
	ADD(sound_does_not_join_what_waits_for_long);
	ADD(who_was_quiet_and_is_heard_gets_sound_at_once);
	return g_test_run();
}
