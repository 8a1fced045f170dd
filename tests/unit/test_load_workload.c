/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "loadtest/load/workload.h"

static struct workload parse(const char *text)
{
	char error[WORKLOAD_ERROR_BYTES] = "";
	struct workload w;
	int result = workload_parse(&w, text, error);

	if (result != 0)
		g_error("%s: %s", text, error);
	return w;
}

static void what_is_wrong_is_named(void)
{
	static const struct {
		const char *text, *named;
	} bad[] = {
		{"[]", "object"},
		{"{", "line 1"},
		{"{}", "\"kind\""},
		{"{\"kind\":\"party\"}", "\"kind\""},
		{"{\"kind\":\"storm\",\"romms\":1}", "\"romms\""},
		{"{\"kind\":\"storm\",\"rooms\":0}", "\"rooms\""},
		{"{\"kind\":\"storm\",\"rooms\":1.5}", "whole"},
		{"{\"kind\":\"storm\",\"audio\":1}", "true or false"},
		{"{\"kind\":\"conference\",\"people_min\":5,\"people_max\":4}", "\"people_max\""},
		{"{\"kind\":\"conference\",\"audio\":false,\"video\":false}", "\"audio\""},
		{"{\"kind\":\"churn\"}", "\"stay_s\""},
		{"{\"kind\":\"storm\",\"video_height\":180,\"encodings\":3}", "\"encodings\""},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
		char error[WORKLOAD_ERROR_BYTES] = "";
		struct workload w;

		g_assert_cmpint(workload_parse(&w, bad[i].text, error), ==, -EINVAL);
		if (!strstr(error, bad[i].named))
			g_error("%s: %s", bad[i].text, error);
	}
}

static void every_profile_of_ours_can_be_read(void)
{
	GDir *dir = g_dir_open(VIDD_LOAD_PROFILES, 0, NULL);
	const char *name;
	size_t count = 0;

	g_assert_nonnull(dir);
	while ((name = g_dir_read_name(dir)) != NULL) {
		char *path = g_build_filename(VIDD_LOAD_PROFILES, name, NULL);
		char error[WORKLOAD_ERROR_BYTES] = "";
		struct workload_plan plan;
		struct workload w;

		if (workload_read(&w, path, error) != 0)
			g_error("%s: %s", path, error);
		g_assert_cmpint(workload_plan(&plan, &w, 1), ==, 0);
		g_assert_cmpuint(plan.seat_count, >, 0);
		workload_plan_close(&plan);
		g_free(path);
		count++;
	}
	g_assert_cmpuint(count, >, 0);
	g_dir_close(dir);
}

static void a_seed_gives_one_plan(void)
{
	struct workload w = parse("{\"kind\":\"consultation\",\"rooms\":20,\"people_max\":4,"
				  "\"arrive_s\":10,\"stay_s\":30}");
	struct workload_plan a, b, c;

	g_assert_cmpint(workload_plan(&a, &w, 7), ==, 0);
	g_assert_cmpint(workload_plan(&b, &w, 7), ==, 0);
	g_assert_cmpint(workload_plan(&c, &w, 8), ==, 0);
	g_assert_cmpuint(a.room_count, ==, 20);
	g_assert_cmpuint(a.seat_count, ==, b.seat_count);
	for (size_t i = 0; i < a.seat_count; i++) {
		g_assert_cmpint(a.seat[i].join_us, ==, b.seat[i].join_us);
		g_assert_cmpint(a.seat[i].leave_us, ==, b.seat[i].leave_us);
		g_assert_cmpuint(a.seat[i].room, ==, b.seat[i].room);
	}
	g_assert_true(c.seat_count != a.seat_count || c.seat[1].join_us != a.seat[1].join_us);
	for (size_t i = 0; i < a.seat_count; i++) {
		const struct workload_seat *seat = &a.seat[i];

		g_assert_true(i == 0 || seat->join_us >= seat[-1].join_us);
		g_assert_cmpint(seat->leave_us, >, seat->join_us);
		g_assert_cmpuint(seat->place, <, a.room_size[seat->room]);
		g_assert_cmpuint(a.room_size[seat->room], >=, 2);
		g_assert_cmpuint(a.room_size[seat->room], <=, 4);
	}
	workload_plan_close(&a);
	workload_plan_close(&b);
	workload_plan_close(&c);
}

static void in_a_broadcast_one_sends(void)
{
	struct workload w = parse("{\"kind\":\"broadcast\",\"people_min\":9,\"people_max\":9}");
	struct workload_plan plan;
	size_t senders = 0, watchers = 0;

	g_assert_cmpint(workload_plan(&plan, &w, 1), ==, 0);
	for (size_t i = 0; i < plan.seat_count; i++) {
		senders += plan.seat[i].sends;
		watchers += plan.seat[i].watches;
	}
	g_assert_cmpuint(senders, ==, 1);
	g_assert_cmpuint(watchers, ==, 8);
	workload_plan_close(&plan);
}

static void a_storm_joins_at_its_pace(void)
{
	struct workload w =
		parse("{\"kind\":\"storm\",\"joins_per_s\":50,\"window_s\":4,\"stay_s\":1}");
	struct workload_plan plan;

	g_assert_cmpint(workload_plan(&plan, &w, 1), ==, 0);
	g_assert_cmpuint(plan.seat_count, ==, 200);
	for (size_t i = 0; i < plan.seat_count; i++)
		g_assert_cmpint(llabs(plan.seat[i].join_us - (int64_t)i * 20000), <=, 1);
	g_assert_cmpint(plan.settled_us, ==, 0);
	workload_plan_close(&plan);
}

static size_t there_at(const struct workload_plan *plan, int64_t at_us)
{
	size_t count = 0;

	for (size_t i = 0; i < plan->seat_count; i++)
		count += plan->seat[i].join_us <= at_us && plan->seat[i].leave_us > at_us;
	return count;
}

static void churn_keeps_about_as_many(void)
{
	struct workload w = parse("{\"kind\":\"churn\",\"rooms\":200,\"stay_s\":60,\"arrive_s\":60,"
				  "\"window_s\":600}");
	struct workload_plan plan;

	g_assert_cmpint(workload_plan(&plan, &w, 3), ==, 0);
	for (int s = 180; s < 600; s += 30) {
		size_t count = there_at(&plan, (int64_t)s * 1000000);

		g_assert_cmpuint(count, >, 280);
		g_assert_cmpuint(count, <, 520);
	}
	workload_plan_close(&plan);
}

static void a_day_has_its_peak(void)
{
	struct workload w = parse("{\"kind\":\"region-day\",\"rooms\":4000,\"stay_s\":20,"
				  "\"hurry\":60}");
	struct workload_plan plan;
	size_t by_hour[10] = {0};

	g_assert_cmpint(workload_plan(&plan, &w, 3), ==, 0);
	for (size_t i = 0; i < plan.seat_count; i++)
		if (plan.seat[i].place == 0)
			by_hour[plan.seat[i].join_us / 60000000]++;
	g_assert_cmpuint(by_hour[2], >, 600); /* 25 of 136 */
	g_assert_cmpuint(by_hour[2], <, 870);
	g_assert_cmpuint(by_hour[0], <, 200);
	workload_plan_close(&plan);
}

static void too_many_seats_are_refused(void)
{
	struct workload w = parse("{\"kind\":\"conference\",\"rooms\":5000,\"people_min\":5,"
				  "\"people_max\":5}");
	struct workload_plan plan;

	g_assert_cmpint(workload_plan(&plan, &w, 1), ==, -EINVAL);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/load/workload/what-is-wrong-is-named", what_is_wrong_is_named);
	g_test_add_func("/load/workload/every-profile-of-ours-can-be-read",
			every_profile_of_ours_can_be_read);
	g_test_add_func("/load/workload/a-seed-gives-one-plan", a_seed_gives_one_plan);
	g_test_add_func("/load/workload/in-a-broadcast-one-sends", in_a_broadcast_one_sends);
	g_test_add_func("/load/workload/a-storm-joins-at-its-pace", a_storm_joins_at_its_pace);
	g_test_add_func("/load/workload/churn-keeps-about-as-many", churn_keeps_about_as_many);
	g_test_add_func("/load/workload/a-day-has-its-peak", a_day_has_its_peak);
	g_test_add_func("/load/workload/too-many-seats-are-refused", too_many_seats_are_refused);
	return g_test_run();
}
