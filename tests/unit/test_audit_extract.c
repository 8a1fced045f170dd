/* SPDX-License-Identifier: EUPL-1.2 */
/* What a patient is told of the trail: which rows, in which order, in which words and form. */
#include "server/audit_extract.h"

#include <errno.h>
#include <glib.h>
#include <jansson.h>
#include <string.h>

#include "server/store_audit.h"
#include "store_world.h"

#define NOW_MS INT64_C(1795600000000) /* 2026-11-25 09:46:40 UTC */
#define MIN_MS INT64_C(60000)

/* With two units of two providers. */
static void open_units(struct trail *t)
{
	trail_open(t);
	store_place_sql(
		&t->place,
		"INSERT INTO provider (id, name) VALUES ('v1', 'Region Nord'), ('v2', 'Kommun');"
		"INSERT INTO unit (id, provider_id, name) VALUES ('u1', 'v1', 'Psykiatri'),"
		" ('u2', 'v2', '=1+2\"');"
		"INSERT INTO staff (id, subject, name) VALUES ('s1', 'anna', 'Anna Berg')");
}

/* A minute after the one before. */
static void add(struct trail *w, struct audit_event e)
{
	if (e.patient_ref == NULL)
		e.patient_ref = "P-77";
	g_assert_cmpint(trail_add(w, e, NOW_MS + w->next * MIN_MS), ==, 0);
}

static char *make(struct trail *w, struct audit_extract ask)
{
	char *out = NULL;

	if (ask.patient_ref == NULL)
		ask.patient_ref = "P-77";
	if (ask.provider == NULL)
		ask.provider = "";
	if (ask.to_ms == 0)
		ask.to_ms = NOW_MS + 1000 * MIN_MS;
	g_assert_cmpint(audit_extract_make(w->store, &ask, NOW_MS + 500 * MIN_MS, &out), ==, 0);
	return out;
}

/* The actions of its rows, oldest first. */
static char *actions(struct trail *w, struct audit_extract ask)
{
	GString *out = g_string_new(NULL);
	json_t *json, *row;
	size_t i;
	char *text;

	ask.format = AUDIT_JSON;
	text = make(w, ask);
	json = json_loads(text, 0, NULL);
	json_array_foreach(json_object_get(json, "rows"), i, row) g_string_append_printf(
		out, "%s%s", i > 0 ? " " : "", json_string_value(json_object_get(row, "action")));
	json_decref(json);
	g_free(text);
	return g_string_free(out, FALSE);
}

static void check(struct trail *w, struct audit_extract ask, const char *want)
{
	char *got = actions(w, ask);

	g_assert_cmpstr(got, ==, want);
	g_free(got);
}

static void rows_are_the_patients_oldest_first(void)
{
	struct trail w;

	open_units(&w);
	add(&w, (struct audit_event){.action = "consultation-create"});
	add(&w, (struct audit_event){.action = "message-send", .patient_ref = "P-78"});
	add(&w, (struct audit_event){.action = "consultation-read"});
	add(&w, (struct audit_event){.action = "visit-ended"});
	check(&w, (struct audit_extract){0}, "consultation-create consultation-read visit-ended");
	check(&w, (struct audit_extract){.patient_ref = "P-78"}, "message-send");
	check(&w, (struct audit_extract){.patient_ref = "P-7"}, "");
	/* From the first moment on, and before the last. */
	check(&w, (struct audit_extract){.from_ms = NOW_MS + 2 * MIN_MS},
	      "consultation-read visit-ended");
	check(&w, (struct audit_extract){.from_ms = NOW_MS + 2 * MIN_MS + 1}, "visit-ended");
	check(&w, (struct audit_extract){.to_ms = NOW_MS + 2 * MIN_MS}, "consultation-create");
	trail_close(&w);
}

static void what_another_provider_did_is_its_own_to_tell(void)
{
	struct trail w;

	open_units(&w);
	add(&w, (struct audit_event){.action = "consultation-create", .provider = "v1"});
	add(&w, (struct audit_event){.action = "consultation-read", .provider = "v2"});
	add(&w, (struct audit_event){.action = "visit-ended"}); /* whose is not known */
	check(&w, (struct audit_extract){.provider = "v1"}, "consultation-create");
	check(&w, (struct audit_extract){.provider = "v2"}, "consultation-read");
	check(&w, (struct audit_extract){0}, "consultation-create consultation-read visit-ended");
	trail_close(&w);
}

static void what_was_asked_for_twice_and_made_once_is_told_once(void)
{
	static const char *const made[] = {"consultation-create", "fhir-book", "message-send",
					   "participant-add"};
	struct trail w;

	open_units(&w);
	for (size_t i = 0; i < G_N_ELEMENTS(made); i++) {
		add(&w, (struct audit_event){.action = made[i]});
		add(&w, (struct audit_event){.action = made[i], .reason = "repeated"});
	}
	/* A reason that somebody wrote hides nothing. */
	add(&w, (struct audit_event){.action = "consultation-enter",
				     .actor = AUDIT_STAFF,
				     .reason = "repeated"});
	add(&w, (struct audit_event){.action = "consultation-create",
				     .result = AUDIT_DENIED,
				     .reason = "status 403"});
	check(&w, (struct audit_extract){0},
	      "consultation-create fhir-book message-send participant-add consultation-enter "
	      "consultation-create");
	trail_close(&w);
}

static void names_of_staff_are_told_only_when_asked_for(void)
{
	struct trail w;
	char *text;

	open_units(&w);
	add(&w, (struct audit_event){.action = "consultation-read",
				     .actor = AUDIT_STAFF,
				     .actor_id = "s1",
				     .unit = "u1"});
	add(&w, (struct audit_event){.action = "visit-wish",
				     .actor = AUDIT_STAFF,
				     .actor_id = "s9", /* no longer there */
				     .unit = "u9",
				     .result = AUDIT_DENIED});
	text = make(&w, (struct audit_extract){.is_swedish = true});
	g_assert_nonnull(strstr(text, "2026-11-25 09:46:40  Psykiatri"));
	g_assert_nonnull(strstr(text, "besöket visades\n"));
	g_assert_nonnull(strstr(text, "en önskan framfördes - nekad eller misslyckad\n"));
	g_assert_null(strstr(text, "Anna"));
	g_assert_null(strstr(text, "s9"));
	g_free(text);
	text = make(&w, (struct audit_extract){.has_staff = true});
	g_assert_nonnull(strstr(text, "visit shown  (Anna Berg)\n"));
	g_assert_nonnull(strstr(text, "u9 "));
	g_assert_nonnull(strstr(text, "a wish was told - refused or failed  (s9)\n"));
	g_free(text);
	trail_close(&w);
}

static void a_table_has_no_formula_in_it(void)
{
	struct trail w;
	char *text;

	open_units(&w);
	add(&w, (struct audit_event){.action = "consultation-read", .unit = "u2"});
	add(&w, (struct audit_event){.action = "something-new"});
	text = make(&w, (struct audit_extract){.format = AUDIT_CSV});
	g_assert_cmpstr(text, ==,
			"time_utc,unit,what,result\r\n"
			"\"2026-11-25 09:46:40\",\"'=1+2\"\"\",\"visit shown\",\"ok\"\r\n"
			"\"2026-11-25 09:47:40\",\"\",\"something-new\",\"ok\"\r\n");
	g_free(text);
	text = make(&w, (struct audit_extract){.format = AUDIT_CSV, .has_staff = true});
	g_assert_true(g_str_has_prefix(text, "time_utc,unit,what,result,staff\r\n"));
	g_assert_true(g_str_has_suffix(text, ",\"ok\",\"\"\r\n"));
	g_free(text);
	trail_close(&w);
}

static void times_are_days_or_moments(void)
{
	static const struct {
		const char *text;
		int64_t at_ms; /* -1: it is none */
	} steps[] = {
		{"1970-01-02", 86400000},
		{"1970-01-01T00:00:01Z", 1000},
		{"1970-01-01T01:00:00+01:00", 0},
		{"1970-01-01T00:00:01", 1000},
		{"2026-11-25T09:46:40Z", NOW_MS},
		{"2026-13-01", -1},
		{"2026-02-30", -1},
		{"", -1},
		{"yesterday", -1},
		{"2026-11-25 ", -1},
		{"2026-11-2", -1},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		int64_t at_ms = -1;
		int r = audit_time_parse(&at_ms, steps[i].text);

		g_test_message("%s", steps[i].text);
		g_assert_cmpint(r, ==, steps[i].at_ms < 0 ? -EINVAL : 0);
		g_assert_cmpint(at_ms, ==, steps[i].at_ms);
	}
}

static void forms_have_names_and_types(void)
{
	g_assert_cmpint(audit_format_from_name("text"), ==, AUDIT_TEXT);
	g_assert_cmpint(audit_format_from_name("csv"), ==, AUDIT_CSV);
	g_assert_cmpint(audit_format_from_name("json"), ==, AUDIT_JSON);
	g_assert_cmpint(audit_format_from_name("JSON"), ==, AUDIT_FORMAT_COUNT);
	g_assert_cmpint(audit_format_from_name(""), ==, AUDIT_FORMAT_COUNT);
	g_assert_cmpstr(audit_format_type(AUDIT_JSON), ==, "application/json");
	g_assert_cmpstr(audit_format_type(AUDIT_FORMAT_COUNT), ==, "");
	g_assert_cmpstr(audit_action_words("visit-gone", true), ==, "lämnade besöket");
	g_assert_cmpstr(audit_action_words("visit-gone", false), ==, "left the visit");
	g_assert_cmpstr(audit_action_words("visit", false), ==, "visit");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/audit_extract/rows", rows_are_the_patients_oldest_first);
	g_test_add_func("/audit_extract/provider", what_another_provider_did_is_its_own_to_tell);
	g_test_add_func("/audit_extract/repeated",
			what_was_asked_for_twice_and_made_once_is_told_once);
	g_test_add_func("/audit_extract/staff", names_of_staff_are_told_only_when_asked_for);
	g_test_add_func("/audit_extract/csv", a_table_has_no_formula_in_it);
	g_test_add_func("/audit_extract/times", times_are_days_or_moments);
	g_test_add_func("/audit_extract/forms", forms_have_names_and_types);
	return g_test_run();
}
