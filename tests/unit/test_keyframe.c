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
		keyframe_want(&kf, 0);
	g_assert_cmpint(keyframe_deadline_us(&kf, RTT), <=, 0);
	g_assert_true(keyframe_due(&kf, 0, RTT));
	keyframe_want(&kf, 10 * MS);
	g_assert_false(keyframe_due(&kf, 10 * MS, RTT));
}

static void repeats_until_one_comes(void)
{
	struct keyframe kf = {0};

	keyframe_want(&kf, 0);
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

	keyframe_want(&kf, 0);
	g_assert_true(keyframe_due(&kf, 0, 600 * MS));
	g_assert_cmpint(keyframe_deadline_us(&kf, 600 * MS), ==, 900 * MS);
	g_assert_false(keyframe_due(&kf, 899 * MS, 600 * MS));
	g_assert_true(keyframe_due(&kf, 900 * MS, 600 * MS));
}

static void new_wishes_keep_300_ms_apart(void)
{
	struct keyframe kf = {0};

	keyframe_want(&kf, 0);
	g_assert_true(keyframe_due(&kf, 0, 600 * MS));
	keyframe_received(&kf, 100 * MS);
	keyframe_want(&kf, 110 * MS);
	g_assert_cmpint(keyframe_deadline_us(&kf, 600 * MS), ==, 300 * MS);
	g_assert_false(keyframe_due(&kf, 299 * MS, 600 * MS));
	g_assert_true(keyframe_due(&kf, 300 * MS, 600 * MS));
}

static void gives_up_after_ten_tries(void)
{
	struct keyframe kf = {0};
	int sent = 0;

	keyframe_want(&kf, 0);
	for (int64_t t = 0; t < 60000 * MS; t += 10 * MS)
		sent += keyframe_due(&kf, t, RTT);
	g_assert_cmpint(sent, ==, 10);
	keyframe_want(&kf, 60000 * MS);
	g_assert_true(keyframe_due(&kf, 60000 * MS, RTT));
}

#define ADD(name) g_test_add_func("/keyframe/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(asks_at_once_and_only_once);
	ADD(repeats_until_one_comes);
	ADD(waits_longer_on_a_long_path);
	ADD(new_wishes_keep_300_ms_apart);
	ADD(gives_up_after_ten_tries);
	return g_test_run();
}
