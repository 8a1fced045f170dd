/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>

#include "media/rate/rise.h"

#define MS 1000

static int suspicions(struct rise *r, struct rise_in *in, int64_t for_us, int64_t busy_us)
{
	int count = 0;

	for (int64_t end = in->now_us + for_us; in->now_us < end; in->now_us += 50 * MS) {
		in->busy_us = busy_us;
		count += rise_watch(r, in);
	}
	return count;
}

static void a_full_link_that_empties_is_suspicious_once(void)
{
	struct rise r = {0};
	struct rise_in in = {.now_us = 10000 * MS, .loop_us = 260 * MS, .is_used = true};

	/* Never full: nothing to compare with. */
	g_assert_cmpint(suspicions(&r, &in, 5000 * MS, 0), ==, 0);
	g_assert_cmpint(suspicions(&r, &in, 2000 * MS, 2000 * MS), ==, 0);
	g_assert_cmpint(suspicions(&r, &in, 200 * MS, 0), ==, 0);
	g_assert_cmpint(suspicions(&r, &in, 5000 * MS, 0), ==, 1);
}

static void sending_less_is_no_rise(void)
{
	struct rise r = {0};
	struct rise_in in = {.now_us = 10000 * MS, .loop_us = 260 * MS, .is_used = true};

	suspicions(&r, &in, 2000 * MS, 2000 * MS);
	in.is_used = false;
	g_assert_cmpint(suspicions(&r, &in, 5000 * MS, 0), ==, 0);
}

static void false_suspicions_become_rarer(void)
{
	struct rise r = {0};
	struct rise_in in = {.now_us = 10000 * MS, .loop_us = 260 * MS, .is_used = true};
	int first = 0;
	int second = 0;

	for (int i = 0; i < 20; i++) {
		suspicions(&r, &in, 100 * MS, 2000 * MS);
		first += suspicions(&r, &in, 400 * MS, 0);
	}
	g_assert_cmpint(r.apart_us, >, 3000 * MS);
	rise_confirmed(&r);
	suspicions(&r, &in, 100 * MS, 2000 * MS);
	second = suspicions(&r, &in, 400 * MS, 0);
	g_assert_cmpint(first, <=, 4);
	g_assert_cmpint(second, ==, 1);
}

#define ADD(name) g_test_add_func("/rise/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(a_full_link_that_empties_is_suspicious_once);
	ADD(sending_less_is_no_rise);
	ADD(false_suspicions_become_rarer);
	return g_test_run();
}
