/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>

#include "media/base/heap.h"
#include "media/rate/probe.h"

#define MS   1000
#define WAIT 500000

/* A cluster of 2 Mbit/s for 100 ms over a link of that rate; `lost` of every ten are. */
static enum probe_verdict run(uint32_t link_bps, int lost, uint32_t *bps)
{
	struct probe p = {0};
	int64_t sent_us = 1000 * MS;
	int64_t free_us = 0;
	int64_t seq = 100;

	probe_ask(&p, sent_us, 2000000, 25000);
	g_assert_cmpint(p.phase, ==, PROBE_WANTED);
	for (; p.phase == PROBE_WANTED; seq++, sent_us += 4 * MS) {
		probe_sent(&p, sent_us, seq, 1000, seq % 3 != 2, WAIT); /* sound is in between */
		int64_t start_us = free_us > sent_us ? free_us : sent_us;
		free_us = start_us + (int64_t)1000 * 8000000 / link_bps;
		if (seq % 10 >= lost)
			probe_arrived(&p, seq, sent_us, free_us + 50 * MS);
	}
	g_assert_cmpint(probe_judge(&p, sent_us, seq - 5, bps), ==, PROBE_NONE);
	return probe_judge(&p, sent_us + 100 * MS, seq - 1, bps);
}

static void passes_what_the_link_carries(void)
{
	uint32_t bps = 0;

	g_assert_cmpint(run(10000000, 0, &bps), ==, PROBE_PASSED);
	g_assert_cmpuint(bps, >=, 1900000);
	g_assert_cmpuint(bps, <=, 2100000);
}

static void a_slower_link_shows_its_rate(void)
{
	uint32_t bps = 0;

	g_assert_cmpint(run(1200000, 0, &bps), ==, PROBE_FAILED);
	g_assert_cmpuint(bps, >=, 1100000);
	g_assert_cmpuint(bps, <=, 1300000);
}

static void a_fifth_may_be_lost_but_not_half(void)
{
	uint32_t bps = 0;

	g_assert_cmpint(run(10000000, 2, &bps), ==, PROBE_PASSED);
	g_assert_cmpint(run(10000000, 6, &bps), ==, PROBE_FAILED);
	g_assert_cmpuint(bps, <=, 1200000);
}

static void nobody_with_bytes_ends_it(void)
{
	struct probe p = {0};
	uint32_t bps;

	g_assert_cmpint(probe_deadline_us(&p), ==, DEADLINE_NEVER);
	probe_ask(&p, 0, 500000, 5000);
	uint8_t id = p.id;
	g_assert_cmpint(probe_judge(&p, probe_deadline_us(&p) - 1, 0, &bps), ==, PROBE_NONE);
	g_assert_cmpint(probe_judge(&p, probe_deadline_us(&p), 0, &bps), ==, PROBE_UNKNOWN);
	g_assert_cmpint(p.phase, ==, PROBE_IDLE);
	probe_ask(&p, 0, 500000, 5000);
	g_assert_cmpuint(p.id, !=, id);
}

static void feedback_that_never_comes_ends_it(void)
{
	struct probe p = {0};
	uint32_t bps;

	probe_ask(&p, 0, 500000, 1000);
	probe_sent(&p, 10, 1, 500, true, WAIT);
	probe_sent(&p, 20, 2, 500, true, WAIT);
	g_assert_cmpint(p.phase, ==, PROBE_FLYING);
	g_assert_cmpint(probe_deadline_us(&p), ==, 20 + WAIT);
	g_assert_cmpint(probe_judge(&p, 20 + WAIT, 0, &bps), ==, PROBE_UNKNOWN);
}

static void ids_are_never_zero(void)
{
	struct probe p = {0};

	for (int i = 0; i < 600; i++) {
		probe_ask(&p, i, 1, 1);
		g_assert_cmpuint(p.id, !=, 0);
		probe_cancel(&p);
	}
}

#define ADD(name) g_test_add_func("/probe/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(passes_what_the_link_carries);
	ADD(a_slower_link_shows_its_rate);
	ADD(a_fifth_may_be_lost_but_not_half);
	ADD(nobody_with_bytes_ends_it);
	ADD(feedback_that_never_comes_ends_it);
	ADD(ids_are_never_zero);
	return g_test_run();
}
