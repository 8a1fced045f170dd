/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>

#include "server/backlog.h"

#define MS 1000

static void what_waits_for_a_turn_is_no_backlog(void)
{
	struct backlog b = {0};

	for (int64_t ms = 1000; ms < 2000; ms++)
		g_assert_cmpuint(backlog_turn(&b, ms * MS, ms % 10 * MS), ==, 0);
}

static void a_pause_of_the_machine_costs_none(void)
{
	struct backlog b = {0};

	for (int64_t ms = 1000; ms < 2000; ms++)
		g_assert_cmpuint(backlog_turn(&b, ms * MS, ms % 20 == 0 ? 100 * MS : 0), ==, 0);
}

static void what_is_late_costs_pictures(void)
{
	struct backlog b = {0};
	unsigned before = 0;

	for (int64_t ms = 1000; ms < 1100; ms++) {
		g_assert_cmpuint(backlog_turn(&b, ms * MS, 25 * MS), >=, before);
		before = b.spared;
	}
	g_assert_cmpuint(b.spared, ==, ENGINE_SPARE_PARTS); /* and no more */
	g_assert_true(backlog_is_full(&b));
	/* Neither late nor in time: as it is. */
	g_assert_cmpuint(backlog_turn(&b, 5000 * MS, 10 * MS), ==, ENGINE_SPARE_PARTS);
}

static void pictures_come_back_a_few_at_a_time(void)
{
	struct backlog b = {.spared = ENGINE_SPARE_PARTS, .moved_us = MS};
	int64_t ms = 1;

	for (unsigned left = ENGINE_SPARE_PARTS; left > 0; left--) {
		int64_t began = ms;

		while (backlog_turn(&b, ms * MS, 0) == left)
			ms++;
		g_assert_cmpuint(b.spared, ==, left - 1);
		g_assert_false(backlog_is_full(&b));
		g_assert_cmpint(ms - began, >=, 200);
		g_assert_cmpint(ms - began, <=, 500);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/backlog/what_waits_for_a_turn_is_no_backlog",
			what_waits_for_a_turn_is_no_backlog);
	g_test_add_func("/backlog/a_pause_of_the_machine_costs_none",
			a_pause_of_the_machine_costs_none);
	g_test_add_func("/backlog/what_is_late_costs_pictures", what_is_late_costs_pictures);
	g_test_add_func("/backlog/pictures_come_back_a_few_at_a_time",
			pictures_come_back_a_few_at_a_time);
	return g_test_run();
}
