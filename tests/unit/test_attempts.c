/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>

#include "server/attempts.h"

static void a_burst_then_one_at_a_time(void)
{
	struct attempts *a = attempts_new(3, 1000);

	for (int i = 0; i < 3; i++)
		g_assert_true(attempts_take(a, 50, "anna"));
	g_assert_false(attempts_take(a, 50, "anna"));
	g_assert_false(attempts_take(a, 1049, "anna"));
	g_assert_true(attempts_take(a, 1050, "anna"));
	g_assert_false(attempts_take(a, 1051, "anna"));
	/* Refused attempts cost nothing further; rest fills up to the burst and no more. */
	for (int i = 0; i < 3; i++)
		g_assert_true(attempts_take(a, 1000000, "anna"));
	g_assert_false(attempts_take(a, 1000000, "anna"));
	attempts_free(a);
}

static void a_good_one_is_not_counted(void)
{
	struct attempts *a = attempts_new(2, 1000);

	for (int i = 0; i < 10; i++) {
		g_assert_true(attempts_take(a, 0, "anna"));
		attempts_give_back(a, "anna");
	}
	/* Nor does it earn more than a burst. */
	attempts_give_back(a, "anna");
	for (int i = 0; i < 2; i++)
		g_assert_true(attempts_take(a, 0, "anna"));
	g_assert_false(attempts_take(a, 0, "anna"));
	attempts_free(a);
}

static void each_name_has_its_own(void)
{
	struct attempts *a = attempts_new(1, 1000);

	g_assert_true(attempts_take(a, 0, "anna"));
	g_assert_true(attempts_take(a, 0, "bo"));
	g_assert_false(attempts_take(a, 0, "anna"));
	g_assert_true(attempts_take(a, 0, ""));
	attempts_free(a);
}

static void names_have_a_cap_and_the_one_that_rested_goes(void)
{
	struct attempts *a = attempts_new(1, G_GINT64_CONSTANT(1000000000));
	char name[16];

	g_assert_true(attempts_take(a, 0, "early"));
	for (int i = 0; i < ATTEMPTS_MAX_NAMES; i++) {
		g_snprintf(name, sizeof(name), "n%d", i);
		g_assert_true(attempts_take(a, 0, name));
		/* Asked for all the time, so never the one that has rested. */
		g_assert_false(attempts_take(a, 0, "n0"));
	}
	g_assert_cmpuint(attempts_names(a), ==, ATTEMPTS_MAX_NAMES);
	g_assert_true(attempts_take(a, 0, "early")); /* forgotten */
	g_assert_false(attempts_take(a, 0, name));
	attempts_free(a);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/attempts/a_burst_then_one_at_a_time", a_burst_then_one_at_a_time);
	g_test_add_func("/attempts/a_good_one_is_not_counted", a_good_one_is_not_counted);
	g_test_add_func("/attempts/each_name_has_its_own", each_name_has_its_own);
	g_test_add_func("/attempts/names_have_a_cap_and_the_one_that_rested_goes",
			names_have_a_cap_and_the_one_that_rested_goes);
	return g_test_run();
}
