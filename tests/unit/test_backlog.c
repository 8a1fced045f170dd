/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>

#include "server/backlog.h"

#define MS 1000

static void a_burst_is_no_backlog(void)
{
	struct backlog b = {0};

	for (int64_t ms = 1; ms < 1000; ms++) /* 10 ms of each 20 */
		g_assert_cmpuint(backlog_turn(&b, ms * MS, ms % 20 < 10), ==, 0);
}

static void what_does_not_get_empty_costs_pictures(void)
{
	struct backlog b = {0};
	unsigned before = 0;
	int64_t ms = 1;

	while (backlog_turn(&b, ms * MS, true) == 0)
		ms++;
	g_assert_cmpint(ms, >=, 10);
	g_assert_cmpint(ms, <=, 25); /* of the 50 that sound may wait */
	for (int64_t end = ms + 100; ms < end; ms++) {
		g_assert_cmpuint(backlog_turn(&b, ms * MS, true), >=, before);
		before = b.spared;
	}
	g_assert_cmpuint(b.spared, ==, ENGINE_SPARE_PARTS); /* and no more */
}

static void pictures_come_back_a_few_at_a_time(void)
{
	struct backlog b = {.spared = ENGINE_SPARE_PARTS, .moved_us = MS};
	int64_t ms = 1;

	for (unsigned left = ENGINE_SPARE_PARTS; left > 0; left--) {
		int64_t began = ms;

		while (backlog_turn(&b, ms * MS, false) == left)
			ms++;
		g_assert_cmpuint(b.spared, ==, left - 1);
		g_assert_cmpint(ms - began, >=, 200);
		g_assert_cmpint(ms - began, <=, 500);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/backlog/a_burst_is_no_backlog", a_burst_is_no_backlog);
	g_test_add_func("/backlog/what_does_not_get_empty_costs_pictures",
			what_does_not_get_empty_costs_pictures);
	g_test_add_func("/backlog/pictures_come_back_a_few_at_a_time",
			pictures_come_back_a_few_at_a_time);
	return g_test_run();
}
