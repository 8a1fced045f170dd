/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>

#include "media/rate/feedback_interval.h"

#define MS 1000

static void each_case_has_its_interval(void)
{
	static const struct {
		struct feedback_interval_in in;
		int64_t interval_us;
	} steps[] = {
		/* Nothing known of the way back: only the uplink counts. */
		{{false, 0, 0}, 100 * MS},
		{{true, 0, 0}, 50 * MS},
		{{false, 2000000, 84}, 100 * MS},
		{{true, 2000000, 84}, 50 * MS},
		/* 84 bytes in 5 % of 200 kbit/s: 67 ms. */
		{{true, 200000, 84}, 67200},
		{{false, 200000, 84}, 100 * MS},
		/* 250 bytes need twice as long. */
		{{false, 200000, 250}, 200 * MS},
		{{false, 200000, 1200}, 250 * MS},
		/* Thin, whatever the uplink does. */
		{{false, 99999, 84}, 200001},
		{{true, 82000, 84}, 225 * MS},
		{{true, 64000, 84}, 250 * MS},
		{{false, 10000, 20}, 250 * MS},
		{{false, 1, 0}, 250 * MS},
		{{true, UINT32_MAX, UINT16_MAX}, 50 * MS},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++)
		g_assert_cmpint(feedback_interval_us(&steps[i].in), ==, steps[i].interval_us);
}

/* At any rate that can bear reports of that size each 250 ms at all, they take 5 % at most. */
static void reports_take_five_percent_at_most(void)
{
	for (uint32_t bps = 100000; bps < 5000000; bps += 7919)
		for (uint16_t bytes = 60; bytes <= 156; bytes += 24) {
			struct feedback_interval_in in = {true, bps, bytes};
			int64_t interval = feedback_interval_us(&in);

			g_assert_cmpint(interval, >=, FEEDBACK_INTERVAL_MIN_US);
			g_assert_cmpint(interval, <=, FEEDBACK_INTERVAL_MAX_US);
			/* One in 1000 for what division cuts off. */
			g_assert_cmpfloat(bytes * 8e6 / (double)interval, <=, bps * 0.05005);
		}
}

static void less_reverse_rate_never_means_more_reports(void)
{
	int64_t before = FEEDBACK_INTERVAL_MAX_US;

	for (uint32_t bps = 1000; bps < 1000000; bps += 500) {
		struct feedback_interval_in in = {false, bps, 84};
		int64_t interval = feedback_interval_us(&in);

		g_assert_cmpint(interval, <=, before);
		before = interval;
	}
	g_assert_cmpint(before, ==, FEEDBACK_INTERVAL_US);
}

#define ADD(name) g_test_add_func("/feedback_interval/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(each_case_has_its_interval);
	ADD(reports_take_five_percent_at_most);
	ADD(less_reverse_rate_never_means_more_reports);
	return g_test_run();
}
