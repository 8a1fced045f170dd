/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/store_statistics.h"

#include <errno.h>
#include <string.h>

#include "server/rest_statistics.h"
#include "server/store_quality.h"
#include "store_world.h"

/* November 2026 in UTC. */
static const struct store_month month = {"2026-11", 1793491200, 1796083200};

/* --- hiding ----------------------------------------------------------------------------------- */

static const struct {
	int64_t in[4], out[4];
} parts[] = {
	{{10, 20, 30, 40}, {10, 20, 30, 40}},
	{{0, 0, 0, 0}, {0, 0, 0, 0}},
	{{0, 0, 0, 100}, {0, 0, 0, 100}},
	{{4, 20, 30, 40}, {-1, -1, 30, 40}}, /* the whole tells what is missing */
	{{4, 0, 0, 40}, {-1, 0, 0, -1}},
	{{4, 3, 30, 40}, {-1, -1, 30, 40}},
	{{2, 1, 0, 1}, {-1, -1, -1, -1}}, /* few in all */
	{{5, 5, 5, 5}, {5, 5, 5, 5}},
};

static void parts_are_hidden_so_that_none_can_be_worked_out(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
		GArray *rows = g_array_new(FALSE, TRUE, sizeof(struct statistics_row));
		struct statistics_row before = {.value = 3};

		g_array_append_val(rows, before); /* of another whole */
		for (int k = 0; k < 4; k++) {
			struct statistics_row row = {.value = parts[i].in[k]};

			g_array_append_val(rows, row);
		}
		statistics_hide_parts(rows, 1);
		g_assert_cmpint(g_array_index(rows, struct statistics_row, 0).value, ==, 3);
		for (guint k = 0; k < 4; k++) {
			g_test_message("%zu %u", i, k);
			g_assert_cmpint(g_array_index(rows, struct statistics_row, k + 1).value, ==,
					parts[i].out[k]);
		}
		g_array_free(rows, TRUE);
	}
}

static void shares_and_tails_are_of_many(void)
{
	GArray *values = g_array_new(FALSE, FALSE, sizeof(int64_t));

	g_assert_cmpint(statistics_part(50, 100), ==, 50);
	g_assert_cmpint(statistics_part(4, 100), ==, STATISTICS_HIDDEN);
	g_assert_cmpint(statistics_part(97, 100), ==, STATISTICS_HIDDEN);
	g_assert_cmpint(statistics_part(0, 100), ==, 0);
	g_assert_cmpint(statistics_part(100, 100), ==, 100);
	g_assert_cmpint(statistics_part(3, 3), ==, STATISTICS_HIDDEN);
	g_assert_cmpint(statistics_percent(19, 19), ==, STATISTICS_HIDDEN);
	g_assert_cmpint(statistics_percent(4, 20), ==, STATISTICS_HIDDEN);
	g_assert_cmpint(statistics_percent(5, 20), ==, 25);
	g_assert_cmpint(statistics_percent(98, 100), ==, STATISTICS_HIDDEN);
	g_assert_cmpint(statistics_percent(33, 100), ==, 35);
	g_assert_cmpint(statistics_percent(0, 20), ==, 0);
	for (int64_t i = 20; i > 0; i--) {
		g_array_append_val(values, i);
		g_assert_cmpint(statistics_median(values) == STATISTICS_HIDDEN, ==,
				values->len < STATISTICS_LEAST);
		g_assert_cmpint(statistics_p90(values) == STATISTICS_HIDDEN, ==,
				values->len < STATISTICS_MANY);
	}
	g_assert_cmpint(statistics_median(values), ==, 10);
	g_assert_cmpint(statistics_p90(values), ==, 18);
	g_array_free(values, TRUE);
}

/* --- a month ---------------------------------------------------------------------------------- */

/* 30 visits in unit u1 that began i minutes late and took 20 minutes: 22 solved, 6 physical visits,
 * 2 failures; one of another unit, one of another month. */
static const char visits[] =
	"INSERT INTO provider (id, name) VALUES ('v', 'V');"
	"INSERT INTO unit (id, provider_id, name) VALUES ('u1', 'v', 'U'), ('u2', 'v', 'U2');"
	"WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 31)"
	" INSERT INTO consultation (id, title, created_unix_s, unit_id, state, planned_unix_s,"
	"  started_unix_s, ended_unix_s, outcome, outcome_reason)"
	" SELECT 'c' || i, 'Elsa', 1793491200, iif(i = 30, 'u2', 'u1'), 'ended', t, t + i * 60,"
	"  t + i * 60 + 1200,"
	"  CASE WHEN i < 22 THEN 'solved' WHEN i < 28 THEN 'physical-visit'"
	"   ELSE 'technical-failure' END, iif(i BETWEEN 22 AND 27, 'examination', '')"
	"  FROM (SELECT i, iif(i = 31, 1796083200, 1793500000) AS t FROM n);"
	"INSERT INTO participant (id, consultation_id, place, role, name, token_hash)"
	" SELECT 'p' || substr(id, 2), id, 0, 'patient', 'Elsa', randomblob(32) FROM consultation;"
	"INSERT INTO link_check (participant_id, at_unix_s, verdicts)"
	" SELECT id, 7, '{\"talk\":\"no\"}' FROM participant;"
	"INSERT INTO link_check (participant_id, at_unix_s, verdicts)"
	" SELECT id, 9, '{\"talk\":\"good\"}' FROM participant;"
	"INSERT INTO survey (consultation_id, role, answers, at_unix_s)"
	" SELECT id, 'patient', iif(substr(id, 2) < '2', '{\"heard\":\"yes\",\"again\":true}',"
	"  '{\"heard\":\"partly\",\"again\":true}'), 0 FROM consultation;";

static int64_t value_of(const GArray *rows, const char *section, const char *role, const char *name,
			const char *answer)
{
	for (guint i = 0; i < rows->len; i++) {
		const struct statistics_row *r = &g_array_index(rows, struct statistics_row, i);

		if (strcmp(r->section, section) == 0 && strcmp(r->role, role) == 0 &&
		    strcmp(r->name, name) == 0 && strcmp(r->answer, answer) == 0)
			return r->value;
	}
	g_error("no row %s %s %s %s", section, role, name, answer);
}

static void put_stays(struct store *store)
{
	for (int i = 0; i < 30; i++) {
		struct service_record r = {.kind = RECORD_FIGURES, .role = ROLE_PATIENT};

		for (enum figure f = 0; f < FIGURE_COUNT; f++)
			r.figure[f] = -1;
		g_snprintf(r.consultation_id, sizeof(r.consultation_id), "c%d", i);
		r.figure[FIGURE_RTT_MS] = i;
		r.figure[FIGURE_FPS20_PERCENT] = i < 15 ? 100 : 50;
		g_assert_cmpint(store_quality_add(store, 9, &r), ==, 0);
	}
}

static GArray *read_month(struct store *store, const char *unit)
{
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct statistics_row));

	g_assert_cmpint(store_statistics_add(store, unit, &month, rows), ==, 0);
	return rows;
}

static void a_month_is_told_in_numbers(void)
{
	struct store_place p = store_place_new();
	struct store *store = store_place_open(&p, 1);
	GArray *rows;

	store_place_sql(&p, visits);
	put_stays(store);
	rows = read_month(store, "u1");
	g_assert_cmpint(value_of(rows, "visits", "", "booked", ""), ==, 30);
	g_assert_cmpint(value_of(rows, "visits", "", "begun", ""), ==, 30);
	g_assert_cmpint(value_of(rows, "visits", "", "in-room", ""), ==, 0);
	g_assert_cmpint(value_of(rows, "outcome", "", "solved", ""), ==, 22);
	/* Two failures are few, and with them go the six: 30 less 22. */
	g_assert_cmpint(value_of(rows, "outcome", "", "technical-failure", ""), ==, -1);
	g_assert_cmpint(value_of(rows, "outcome", "", "physical-visit", ""), ==, -1);
	g_assert_cmpint(value_of(rows, "outcome", "", "none", ""), ==, 0);
	g_assert_cmpint(value_of(rows, "outcome-share", "", "technical-failure-percent", ""), ==,
			-1);
	g_assert_cmpint(value_of(rows, "wait", "", "late-median-min", ""), ==, 14);
	g_assert_cmpint(value_of(rows, "wait", "", "in-time-percent", ""), ==, 15);
	g_assert_cmpint(value_of(rows, "length", "", "median-min", ""), ==, 20);
	g_assert_cmpint(value_of(rows, "link-check", "", "good", ""), ==, 30);
	g_assert_cmpint(value_of(rows, "link-check", "", "no", ""), ==, 0);
	g_assert_cmpint(value_of(rows, "survey", "patient", "again", "true"), ==, 30);
	g_assert_cmpint(value_of(rows, "survey", "patient", "heard", "yes"), ==, 12);
	g_assert_cmpint(value_of(rows, "survey", "patient", "heard", "partly"), ==, 18);
	g_assert_cmpint(value_of(rows, "quality", "patient", "stays", ""), ==, 30);
	g_assert_cmpint(value_of(rows, "quality", "patient", "rtt-median-ms", ""), ==, 14);
	g_assert_cmpint(value_of(rows, "quality", "patient", "fps20-percent", ""), ==, 50);
	g_assert_cmpint(value_of(rows, "quality", "patient", "fps-median", ""), ==, -1);
	g_array_free(rows, TRUE);
	store_close(store);
	store_place_remove(&p);
}

static void one_visit_leads_to_nobody(void)
{
	struct store_place p = store_place_new();
	struct store *store = store_place_open(&p, 1);
	GArray *rows;

	store_place_sql(&p, visits);
	rows = read_month(store, "u2");
	g_assert_cmpuint(rows->len, >, 0);
	for (guint i = 0; i < rows->len; i++) {
		int64_t value = g_array_index(rows, struct statistics_row, i).value;

		g_assert_true(value == 0 || value == STATISTICS_HIDDEN);
	}
	g_array_free(rows, TRUE);
	store_close(store);
	store_place_remove(&p);
}

static void months_and_rows_are_written(void)
{
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct statistics_row));
	struct statistics_row a = {"2026-10", "visits", "", "booked", "", 12};
	struct statistics_row b = {"2026-10", "survey", "patient", "heard", "yes", -1};
	char *csv;

	g_assert_cmpint(rest_statistics_month("2026-11"), ==, 2026 * 12 + 10);
	g_assert_cmpint(rest_statistics_month("2026-12") + 1, ==, rest_statistics_month("2027-01"));
	for (const char *const *bad =
		     (const char *const[]){"", "2026", "2026-13", "2026-00", "2026-1", "2026-11-01",
					   "0000-01", "+026-11", "2026/11", NULL};
	     *bad != NULL; bad++)
		g_assert_cmpint(rest_statistics_month(*bad), ==, -EINVAL);
	g_array_append_val(rows, a);
	g_array_append_val(rows, b);
	csv = rest_statistics_csv(rows);
	g_assert_cmpstr(csv, ==,
			"month,section,role,name,answer,value\r\n"
			"2026-10,visits,,booked,,12\r\n"
			"2026-10,survey,patient,heard,yes,\r\n");
	g_free(csv);
	g_array_free(rows, TRUE);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/store_statistics/parts_are_hidden_so_that_none_can_be_worked_out",
			parts_are_hidden_so_that_none_can_be_worked_out);
	g_test_add_func("/store_statistics/shares_and_tails_are_of_many",
			shares_and_tails_are_of_many);
	g_test_add_func("/store_statistics/a_month_is_told_in_numbers", a_month_is_told_in_numbers);
	g_test_add_func("/store_statistics/one_visit_leads_to_nobody", one_visit_leads_to_nobody);
	g_test_add_func("/store_statistics/months_and_rows_are_written",
			months_and_rows_are_written);
	return g_test_run();
}
