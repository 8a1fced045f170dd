/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>

#include "media/base/heap.h"
#include "media/stream/keyframe.h"

#define MS  1000
#define RTT (50 * MS)

static void asks_at_once_and_only_once(void)
{
	struct keyframe kf = {0};

	g_assert_false(keyframe_due(&kf, 0, RTT));
	g_assert_cmpint(keyframe_deadline_us(&kf, RTT), ==, DEADLINE_NEVER);
	for (int i = 0; i < 100; i++)
		keyframe_want(&kf, 0, KEYFRAME_URGENT);
	g_assert_cmpint(keyframe_deadline_us(&kf, RTT), <=, 0);
	g_assert_true(keyframe_due(&kf, 0, RTT));
	keyframe_want(&kf, 10 * MS, KEYFRAME_URGENT);
	g_assert_false(keyframe_due(&kf, 10 * MS, RTT));
}

static void repeats_until_one_comes(void)
{
	struct keyframe kf = {0};

	keyframe_want(&kf, 0, KEYFRAME_URGENT);
	g_assert_true(keyframe_due(&kf, 0, RTT));
	g_assert_cmpint(keyframe_deadline_us(&kf, RTT), ==, 300 * MS);
	g_assert_false(keyframe_due(&kf, 299 * MS, RTT));
	g_assert_true(keyframe_due(&kf, 300 * MS, RTT));
	keyframe_received(&kf, 400 * MS);
	g_assert_cmpint(keyframe_deadline_us(&kf, RTT), ==, DEADLINE_NEVER);
	g_assert_false(keyframe_due(&kf, 10000 * MS, RTT));
}

static void waits_longer_on_a_long_path(void)
{
	struct keyframe kf = {0};

	keyframe_want(&kf, 0, KEYFRAME_URGENT);
	g_assert_true(keyframe_due(&kf, 0, 600 * MS));
	g_assert_cmpint(keyframe_deadline_us(&kf, 600 * MS), ==, 900 * MS);
	g_assert_false(keyframe_due(&kf, 899 * MS, 600 * MS));
	g_assert_true(keyframe_due(&kf, 900 * MS, 600 * MS));
}

static void new_wishes_keep_their_distance_from_the_last_keyframe(void)
{
	static const struct {
		enum keyframe_urgency urgency;
		uint32_t bytes;
		uint32_t bps;
		int64_t apart_ms;
	} steps[] = {
		{KEYFRAME_URGENT, 0, 0, 1000},
		{KEYFRAME_THIN, 0, 0, 3000},
		{KEYFRAME_LAZY, 0, 0, 2000},
		/* 6 kB of 200 kbit/s: 20 % is 40 kbit/s, so 1200 ms. */
		{KEYFRAME_URGENT, 6000, 200000, 1200},
		{KEYFRAME_LAZY, 6000, 300000, 2000},
		/* 15 kB of 100 kbit/s: 6 s, which nobody without a picture waits. */
		{KEYFRAME_LAZY, 15000, 100000, 6000},
		{KEYFRAME_URGENT, 15000, 100000, 2000},
		{KEYFRAME_THIN, 15000, 100000, 3000},
		{KEYFRAME_LAZY, 60000, 20000, 30000},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		struct keyframe kf = {0};

		g_test_message("step %zu", i);
		if (steps[i].bytes)
			keyframe_measured(&kf, steps[i].bytes);
		keyframe_stream(&kf, steps[i].bps);
		keyframe_want(&kf, 0, KEYFRAME_LAZY);
		g_assert_true(keyframe_due(&kf, 0, RTT)); /* the first one, whatever it costs */
		keyframe_received(&kf, 100 * MS);
		keyframe_want(&kf, 110 * MS, steps[i].urgency);
		g_assert_cmpint(keyframe_deadline_us(&kf, RTT) / MS, ==, 100 + steps[i].apart_ms);
		g_assert_false(keyframe_due(&kf, 99 * MS + steps[i].apart_ms * MS, RTT));
		g_assert_true(keyframe_due(&kf, 101 * MS + steps[i].apart_ms * MS, RTT));
	}
}

static void the_most_urgent_wish_counts(void)
{
	struct keyframe kf = {0};

	keyframe_received(&kf, 0);
	keyframe_want(&kf, 0, KEYFRAME_THIN);
	g_assert_cmpint(keyframe_deadline_us(&kf, RTT), ==, 3000 * MS);
	keyframe_want(&kf, 0, KEYFRAME_URGENT);
	g_assert_cmpint(keyframe_deadline_us(&kf, RTT), ==, 1000 * MS);
	keyframe_want(&kf, 0, KEYFRAME_LAZY);
	g_assert_cmpint(keyframe_deadline_us(&kf, RTT), ==, 1000 * MS);
}

static void nothing_is_asked_while_repair_is_under_way(void)
{
	struct keyframe kf = {0};

	keyframe_hold(&kf, 200 * MS);
	keyframe_hold(&kf, 100 * MS);
	keyframe_want(&kf, 0, KEYFRAME_URGENT);
	g_assert_false(keyframe_due(&kf, 199 * MS, RTT));
	g_assert_cmpint(keyframe_deadline_us(&kf, RTT), ==, 200 * MS);
	g_assert_true(keyframe_due(&kf, 200 * MS, RTT));
}

static void gives_up_after_ten_tries(void)
{
	struct keyframe kf = {0};
	int sent = 0;

	keyframe_want(&kf, 0, KEYFRAME_URGENT);
	for (int64_t t = 0; t < 60000 * MS; t += 10 * MS)
		sent += keyframe_due(&kf, t, RTT);
	g_assert_cmpint(sent, ==, 10);
	keyframe_want(&kf, 60000 * MS, KEYFRAME_URGENT);
	g_assert_true(keyframe_due(&kf, 60000 * MS, RTT));
}

#define ADD(name) g_test_add_func("/keyframe/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(asks_at_once_and_only_once);
	ADD(repeats_until_one_comes);
	ADD(waits_longer_on_a_long_path);
	ADD(new_wishes_keep_their_distance_from_the_last_keyframe);
	ADD(the_most_urgent_wish_counts);
	ADD(nothing_is_asked_while_repair_is_under_way);
	ADD(gives_up_after_ten_tries);
	return g_test_run();
}
