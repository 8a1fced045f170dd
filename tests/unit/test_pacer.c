/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>

#include "media/base/heap.h"
#include "media/rate/pacer.h"

#define MS 1000

static struct pacer at(uint32_t bps)
{
	struct pacer pacer = {0};

	pacer_set_rate(&pacer, 0, bps);
	return pacer;
}

static void is_closed_until_a_rate_is_set(void)
{
	struct pacer pacer = {0};

	g_assert_false(pacer_is_open(&pacer, 1000000, 100));
	g_assert_cmpint(pacer_opens_us(&pacer, 100), ==, DEADLINE_NEVER);
	pacer_sent(&pacer, 1000000, 100);
	pacer_set_rate(&pacer, 1000000, 100000);
	g_assert_true(pacer_is_open(&pacer, 1000000, 100));
}

/* 1 Mbit/s carries 2500 bytes in 20 ms: two packets of 1250 leave together, the third waits. */
static void a_burst_takes_no_more_than_20_ms_of_the_link(void)
{
	struct pacer pacer = at(1000000);

	g_assert_true(pacer_is_open(&pacer, 0, 1250));
	pacer_sent(&pacer, 0, 1250);
	g_assert_true(pacer_is_open(&pacer, 0, 1250));
	pacer_sent(&pacer, 0, 1250);
	g_assert_false(pacer_is_open(&pacer, 0, 1250));
	g_assert_cmpint(pacer_opens_us(&pacer, 1250), ==, 10 * MS);
	g_assert_true(pacer_is_open(&pacer, 10 * MS, 1250));
}

/* 128 kbit/s: a packet of 1200 bytes takes 75 ms; it goes when the link is free, and then alone. */
static void a_packet_longer_than_the_burst_waits_for_a_free_link(void)
{
	struct pacer pacer = at(128000);

	g_assert_true(pacer_is_open(&pacer, 0, 1200));
	pacer_sent(&pacer, 0, 1200);
	g_assert_false(pacer_is_open(&pacer, 74 * MS, 1200));
	g_assert_true(pacer_is_open(&pacer, 75 * MS, 1200));
	g_assert_cmpint(pacer_opens_us(&pacer, 1200), ==, 75 * MS);
}

static void sound_takes_its_part_of_the_link(void)
{
	struct pacer pacer = at(100000);
	int64_t now = 0;
	size_t pictures = 0;

	/* 50 sound packets of 100 bytes a second are 40 kbit/s; what is left are 60. */
	for (now = 0; now < 10000 * MS; now += MS) {
		if (now % (20 * MS) == 0)
			pacer_sent(&pacer, now, 100);
		if (pacer_is_open(&pacer, now, 500)) {
			pacer_sent(&pacer, now, 500);
			pictures += 500;
		}
	}
	g_assert_cmpuint(pictures * 8 / 10, >, 58000);
	g_assert_cmpuint(pictures * 8 / 10, <, 61000);
}

static void idle_time_is_not_saved_up(void)
{
	struct pacer pacer = at(1000000);
	size_t count = 0;

	for (; pacer_is_open(&pacer, 5000 * MS, 1250); count++)
		pacer_sent(&pacer, 5000 * MS, 1250);
	g_assert_cmpuint(count, ==, 2);
}

/* How far ahead of the link it is. */
static int64_t backlog_us(const struct pacer *pacer, int64_t now_us)
{
	return pacer->busy_ns / 1000 - now_us;
}

static void what_is_under_way_is_carried_at_the_new_rate(void)
{
	struct pacer pacer = at(1000000);

	pacer_sent(&pacer, 0, 2500);
	g_assert_cmpint(backlog_us(&pacer, 0), ==, 20 * MS);
	pacer_set_rate(&pacer, 0, 500000);
	g_assert_cmpint(backlog_us(&pacer, 0), ==, 40 * MS);
	pacer_set_rate(&pacer, 20 * MS, 1000000);
	g_assert_cmpint(backlog_us(&pacer, 20 * MS), ==, 10 * MS);
}

static void debt_is_bounded(void)
{
	struct pacer pacer = at(1);

	for (int i = 0; i < 1000; i++)
		pacer_sent(&pacer, 0, 1500);
	g_assert_cmpint(backlog_us(&pacer, 0), ==, 500 * MS);
	pacer_set_rate(&pacer, 0, 0);
	g_assert_false(pacer_is_open(&pacer, 10000 * MS, 1));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/pacer/closed", is_closed_until_a_rate_is_set);
	g_test_add_func("/pacer/burst", a_burst_takes_no_more_than_20_ms_of_the_link);
	g_test_add_func("/pacer/thin", a_packet_longer_than_the_burst_waits_for_a_free_link);
	g_test_add_func("/pacer/sound", sound_takes_its_part_of_the_link);
	g_test_add_func("/pacer/idle", idle_time_is_not_saved_up);
	g_test_add_func("/pacer/rate", what_is_under_way_is_carried_at_the_new_rate);
	g_test_add_func("/pacer/debt", debt_is_bounded);
	return g_test_run();
}
