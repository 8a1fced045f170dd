/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "server/store_org.h"
#include "store_world.h"

static int import_text(struct store *store, int64_t now_unix_s, const char *text,
		       struct organisation_fault *fault)
{
	struct organisation o = {0};
	int r;

	g_assert_cmpint(organisation_parse(text, strlen(text), &o, fault), ==, 0);
	r = store_org_import(store, now_unix_s, &o, fault);
	organisation_close(&o);
	return r;
}

static char *example(void)
{
	char *path =
		g_test_build_filename(G_TEST_DIST, "docs", "examples", "organisation.json", NULL);
	char *text = NULL;

	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	g_free(path);
	return text;
}

static int64_t total(const struct store_place *p)
{
	return store_place_ask(p, "SELECT (SELECT count(*) FROM provider) * 10000 + "
				  "(SELECT count(*) FROM unit) * 1000 + "
				  "(SELECT count(*) FROM place) * 100 + "
				  "(SELECT count(*) FROM staff) * 10 + "
				  "(SELECT count(*) FROM commission)");
}

static void the_same_file_twice_changes_nothing(void)
{
	struct store_place p = store_place_new();
	struct store *store = store_place_open(&p, 1);
	struct organisation_fault fault;
	char *text = example();
	int64_t ids;

	g_assert_cmpint(import_text(store, 100, text, &fault), ==, 0);
	g_assert_cmpint(total(&p), ==, 22333);
	store_place_sql(&p, "CREATE TABLE kept AS SELECT id FROM staff "
			    "UNION SELECT id FROM commission");
	ids = store_place_ask(&p, "SELECT count(*) FROM kept");
	g_assert_cmpint(import_text(store, 200, text, &fault), ==, 0);
	g_assert_cmpint(total(&p), ==, 22333);
	g_assert_cmpint(store_place_ask(&p, "SELECT count(*) FROM kept WHERE id IN (SELECT id FROM "
					    "staff UNION SELECT id FROM commission)"),
			==, ids);
	/* The first time counts. */
	g_assert_cmpint(store_place_ask(&p,
					"SELECT max(disabled_unix_s) * 1000 + max(created_unix_s) "
					"FROM staff"),
			==, 100100);
	store_close(store);
	store_place_remove(&p);
	g_free(text);
}

static void commissions_are_those_of_the_file(void)
{
	static const char later[] =
		"{\"staff\":[{\"subject\":\"SE2321000222-AB12\",\"issuer\":"
		"\"https://idp.example.se\",\"name\":\"Anna Berg-Ek\",\"commissions\":["
		"{\"unit\":\"storuman\",\"duty\":\"clinician\",\"name\":\"Ny\"},"
		"{\"unit\":\"storuman\",\"duty\":\"reviewer\"}]},"
		"{\"subject\":\"karin\",\"name\":\"Karin Lund\",\"disabled\":true}]}";
	struct store_place p = store_place_new();
	struct store *store = store_place_open(&p, 2);
	struct organisation_fault fault;
	char *text = example();

	g_assert_cmpint(import_text(store, 100, text, &fault), ==, 0);
	g_assert_cmpint(import_text(store, 200, later, &fault), ==, 0);
	g_assert_cmpint(store_place_ask(&p, "SELECT count(*) FROM commission"), ==, 2);
	g_assert_cmpint(store_place_ask(&p, "SELECT count(*) FROM commission WHERE "
					    "unit_id = 'storuman' AND name = 'Ny'"),
			==, 1);
	g_assert_cmpint(store_place_ask(&p, "SELECT count(*) FROM staff WHERE "
					    "name = 'Anna Berg-Ek' AND disabled_unix_s = 0"),
			==, 1);
	g_assert_cmpint(
		store_place_ask(&p, "SELECT disabled_unix_s FROM staff WHERE subject = 'karin'"),
		==, 200);
	/* And back again. */
	g_assert_cmpint(import_text(store, 300, text, &fault), ==, 0);
	g_assert_cmpint(
		store_place_ask(&p, "SELECT disabled_unix_s FROM staff WHERE subject = 'karin'"),
		==, 0);
	store_close(store);
	store_place_remove(&p);
	g_free(text);
}

static void what_contradicts_the_database_changes_nothing(void)
{
	static const struct {
		const char *text, *member;
	} cases[] = {
		{"{\"providers\":[{\"id\":\"sorsele-kommun\",\"name\":\"X\",\"units\":["
		 "{\"id\":\"storuman\",\"name\":\"X\"}]}]}",
		 "unit storuman"},
		{"{\"providers\":[{\"id\":\"sorsele-kommun\",\"name\":\"X\",\"units\":["
		 "{\"id\":\"sorsele-hemsjukvard\",\"name\":\"X\",\"places\":["
		 "{\"id\":\"slussfors\",\"name\":\"X\"}]}]}]}",
		 "place slussfors"},
		{"{\"staff\":[{\"subject\":\"karin\",\"issuer\":\"https://x\",\"name\":\"X\"}]}",
		 "staff karin"},
		{"{\"staff\":[{\"subject\":\"new\",\"name\":\"X\",\"commissions\":["
		 "{\"unit\":\"nowhere\",\"duty\":\"staff\"}]}]}",
		 "staff new"},
	};
	struct store_place p = store_place_new();
	struct store *store = store_place_open(&p, 3);
	struct organisation_fault fault;
	char *text = example();

	g_assert_cmpint(import_text(store, 100, text, &fault), ==, 0);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_assert_cmpint(import_text(store, 200, cases[i].text, &fault), ==, -EINVAL);
		g_assert_cmpstr(fault.member, ==, cases[i].member);
		g_assert_cmpint(total(&p), ==, 22333);
		g_assert_cmpint(store_place_ask(&p, "SELECT (SELECT count(*) FROM provider WHERE "
						    "name = 'X') + (SELECT count(*) FROM unit "
						    "WHERE name = 'X')"),
				==, 0);
	}
	store_close(store);
	store_place_remove(&p);
	g_free(text);
}

static void a_unit_is_seen_with_its_places_and_people(void)
{
	struct store_place p = store_place_new();
	struct store *store = store_place_open(&p, 4);
	struct organisation_fault fault;
	struct store_org_view view = {0};
	char *text = example();

	g_assert_cmpint(import_text(store, 100, text, &fault), ==, 0);
	g_assert_cmpint(store_org_view(store, "sorsele-hemsjukvard", &view), ==, 0);
	g_assert_cmpuint(view.units->len, ==, 1);
	g_assert_cmpuint(view.places->len, ==, 1);
	g_assert_cmpuint(view.people->len, ==, 2);
	g_assert_cmpstr(g_array_index(view.people, struct store_org_person, 0).name, ==,
			"Anna Berg");
	g_assert_cmpint(g_array_index(view.people, struct store_org_person, 1).duty, ==,
			DUTY_STAFF);
	store_org_view_close(&view);
	g_assert_cmpint(store_org_view(store, "storuman", &view), ==, 0);
	g_assert_cmpuint(view.places->len, ==, 1); /* the other one is not active */
	store_org_view_close(&view);
	g_assert_cmpint(store_org_view(store, "", &view), ==, 0);
	g_assert_cmpuint(view.units->len, ==, 2);
	store_org_view_close(&view);
	g_assert_cmpint(store_org_view(store, "nowhere", &view), ==, 0);
	g_assert_cmpuint(view.units->len + view.places->len + view.people->len, ==, 0);
	store_org_view_close(&view);
	store_close(store);
	store_place_remove(&p);
	g_free(text);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/store_org/the_same_file_twice_changes_nothing",
			the_same_file_twice_changes_nothing);
	g_test_add_func("/store_org/commissions_are_those_of_the_file",
			commissions_are_those_of_the_file);
	g_test_add_func("/store_org/what_contradicts_the_database_changes_nothing",
			what_contradicts_the_database_changes_nothing);
	g_test_add_func("/store_org/a_unit_is_seen_with_its_places_and_people",
			a_unit_is_seen_with_its_places_and_people);
	return g_test_run();
}
