/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>

#include "media/rate/rtt.h"

#define MS 1000

static void knows_a_guess_until_there_is_a_sample(void)
{
	struct rtt r = {0};

	rtt_init(&r);
	g_assert_cmpint(rtt_min_us(&r), ==, 200 * MS);
	g_assert_cmpint(rtt_reach_us(&r), ==, 300 * MS);
	rtt_sample(&r, 0, 50 * MS, 0);
	g_assert_cmpint(r.srtt_us, ==, 50 * MS);
	g_assert_cmpint(rtt_min_us(&r), ==, 50 * MS);
	g_assert_cmpint(rtt_reach_us(&r), ==, 150 * MS);
}

static void tells_the_way_back_from_the_queue_ahead(void)
{
	struct rtt r = {0};

	rtt_init(&r);
	rtt_sample(&r, 0, 50 * MS, 0);
	rtt_sample(&r, 1, 150 * MS, 100 * MS);
	g_assert_cmpint(r.reverse_us, ==, 0);
	rtt_sample(&r, 2, 150 * MS, 0);
	g_assert_cmpint(r.reverse_us, ==, 100 * MS);
	for (int i = 0; i < 50; i++)
		rtt_sample(&r, 3, 50 * MS, 0);
	g_assert_cmpint(r.reverse_us, <=, MS);
}

static void follows_the_interval_of_feedback(void)
{
	struct rtt r = {0};

	rtt_init(&r);
	for (int i = 1; i < 100; i++) {
		rtt_feedback(&r, i * 200 * MS);
		rtt_feedback(&r, i * 200 * MS + 100); /* the second packet of a round */
	}
	g_assert_cmpint(r.interval_us, >=, 190 * MS);
	g_assert_cmpint(r.interval_us, <=, 200 * MS);
	rtt_init(&r);
	g_assert_cmpint(r.interval_us, >=, 190 * MS);
	g_assert_cmpint(r.srtt_us, ==, 0);
}

static void nonsense_is_bounded(void)
{
	struct rtt r = {0};

	rtt_init(&r);
	rtt_reported(&r, 0, INT64_MAX);
	g_assert_cmpint(r.srtt_us, <=, 10000 * MS);
	rtt_reported(&r, 0, -5);
	g_assert_cmpint(rtt_min_us(&r), ==, 1);
}

#define ADD(name) g_test_add_func("/rtt/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(knows_a_guess_until_there_is_a_sample);
	ADD(tells_the_way_back_from_the_queue_ahead);
	ADD(follows_the_interval_of_feedback);
	ADD(nonsense_is_bounded);
	return g_test_run();
}
