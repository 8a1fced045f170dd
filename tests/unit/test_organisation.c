/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "server/organisation.h"

static char *example(void)
{
	char *path =
		g_test_build_filename(G_TEST_DIST, "docs", "examples", "organisation.json", NULL);
	char *text = NULL;

	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	g_free(path);
	return text;
}

static void the_example_of_the_docs_is_read(void)
{
	struct organisation o = {0};
	struct organisation_fault fault;
	const struct organisation_unit *unit;
	const struct organisation_place *place;
	const struct organisation_staff *staff;
	char *text = example();

	g_assert_cmpint(organisation_parse(text, strlen(text), &o, &fault), ==, 0);
	g_assert_cmpuint(o.providers->len, ==, 2);
	g_assert_cmpuint(o.units->len, ==, 2);
	g_assert_cmpuint(o.places->len, ==, 3);
	g_assert_cmpuint(o.staff->len, ==, 3);
	g_assert_cmpuint(o.commissions->len, ==, 3);
	unit = &g_array_index(o.units, struct organisation_unit, 0);
	g_assert_cmpstr(unit->provider_id, ==, "region-vasterbotten");
	g_assert_cmpstr(unit->neutral_name, ==, "Region Västerbotten");
	g_assert_cmpstr(unit->minimum_assurance, ==, "B");
	unit = &g_array_index(o.units, struct organisation_unit, 1);
	g_assert_cmpstr(unit->neutral_name, ==, "Hemsjukvården i Sorsele");
	g_assert_cmpstr(unit->minimum_assurance, ==, "C");
	place = &g_array_index(o.places, struct organisation_place, 1);
	g_assert_cmpstr(place->unit_id, ==, "storuman");
	g_assert_cmpstr(place->municipality, ==, "Storuman");
	g_assert_false(place->is_active);
	staff = &g_array_index(o.staff, struct organisation_staff, 0);
	g_assert_cmpuint(staff->commission_count, ==, 2);
	g_assert_true(g_array_index(o.staff, struct organisation_staff, 2).is_disabled);
	organisation_close(&o);
	organisation_close(&o); /* the zero state is legal */
	g_free(text);
}

static void a_fault_names_its_element(void)
{
#define UNIT(members)  "{\"providers\":[{\"id\":\"a\",\"name\":\"A\",\"units\":[" members "]}]}"
#define STAFF(members) "{\"staff\":[{\"subject\":\"s\",\"name\":\"S\"," members "}]}"
	static const struct {
		const char *text, *member;
	} cases[] = {
		{"", ""},
		{"[]", ""},
		{"{} x", ""},
		{"{\"provider\":[]}", "provider"},
		{"{\"providers\":{}}", "providers"},
		{"{\"providers\":[1]}", "providers[0]"},
		{"{\"providers\":[{\"name\":\"A\"}]}", "providers[0].id"},
		{"{\"providers\":[{\"id\":\"a b\",\"name\":\"A\"}]}", "providers[0].id"},
		{"{\"providers\":[{\"id\":\"a\",\"name\":\"\"}]}", "providers[0].name"},
		{"{\"providers\":[{\"id\":\"a\",\"name\":\"\\u0007\"}]}", "providers[0].name"},
		{"{\"providers\":[{\"id\":\"a\",\"name\":\"A\"},{\"id\":\"a\",\"name\":\"B\"}]}",
		 "providers[1].id"},
		{UNIT("{\"id\":\"u\"}"), "providers[0].units[0].name"},
		{UNIT("{\"id\":\"u\",\"name\":\"U\",\"minimum_assurance\":\"D\"}"),
		 "providers[0].units[0].minimum_assurance"},
		{UNIT("{\"id\":\"u\",\"name\":\"U\",\"retention_days\":-1}"),
		 "providers[0].units[0].retention_days"},
		{UNIT("{\"id\":\"u\",\"name\":\"U\",\"retention_days\":3661}"),
		 "providers[0].units[0].retention_days"},
		{UNIT("{\"id\":\"u\",\"name\":\"U\",\"places\":[{\"id\":\"p\"}]}"),
		 "providers[0].units[0].places[0].name"},
		{UNIT("{\"id\":\"u\",\"name\":\"U\",\"places\":[{\"id\":\"p\",\"name\":\"P\","
		      "\"active\":1}]}"),
		 "providers[0].units[0].places[0].active"},
		{STAFF("\"commissions\":[{\"unit\":\"u\",\"duty\":\"king\"}]"),
		 "staff[0].commissions[0].duty"},
		{STAFF("\"commissions\":[{\"duty\":\"staff\"}]"), "staff[0].commissions[0].unit"},
		{STAFF("\"commissions\":[{\"unit\":\"u\",\"duty\":\"staff\"},"
		       "{\"unit\":\"u\",\"duty\":\"staff\"}]"),
		 "staff[0].commissions[1]"},
		{STAFF("\"disabled\":\"no\""), "staff[0].disabled"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct organisation o = {0};
		struct organisation_fault fault = {"unset", NULL};

		g_assert_cmpint(
			organisation_parse(cases[i].text, strlen(cases[i].text), &o, &fault), ==,
			-EINVAL);
		g_assert_cmpstr(fault.member, ==, cases[i].member);
		g_assert_nonnull(fault.why);
		g_assert_null(o.units);
	}
}

static void there_are_no_more_than_one_installation_has(void)
{
	GString *text = g_string_new("{\"providers\":[");
	struct organisation o = {0};
	struct organisation_fault fault;

	for (int i = 0; i <= ORGANISATION_MAX_PROVIDERS; i++)
		g_string_append_printf(text, "%s{\"id\":\"p%d\",\"name\":\"P\"}", i > 0 ? "," : "",
				       i);
	g_string_append(text, "]}");
	g_assert_cmpint(organisation_parse(text->str, text->len, &o, &fault), ==, -EINVAL);
	g_assert_cmpstr(fault.member, ==, "providers[200]");
	g_string_assign(text, "{\"staff\":[{\"subject\":\"s\",\"name\":\"S\",\"commissions\":[");
	for (int i = 0; i <= ORGANISATION_MAX_COMMISSIONS; i++)
		g_string_append_printf(text, "%s{\"unit\":\"u%d\",\"duty\":\"staff\"}",
				       i > 0 ? "," : "", i);
	g_string_append(text, "]}]}");
	g_assert_cmpint(organisation_parse(text->str, text->len, &o, &fault), ==, -EINVAL);
	g_assert_cmpstr(fault.member, ==, "staff[0].commissions");
	g_string_free(text, TRUE);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/organisation/the_example_of_the_docs_is_read",
			the_example_of_the_docs_is_read);
	g_test_add_func("/organisation/a_fault_names_its_element", a_fault_names_its_element);
	g_test_add_func("/organisation/there_are_no_more_than_one_installation_has",
			there_are_no_more_than_one_installation_has);
	return g_test_run();
}
