/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "server/json_body.h"

static const struct {
	const char *body, *member; /* NULL: good */
	const char *name, *note;
} rows[] = {
	{"{\"name\":\"Anna\"}", NULL, "Anna", ""},
	{"{\"note\":\"x\",\"name\":\"Anna\"}", NULL, "Anna", "x"},
	{"{\"name\":\"1234567\"}", NULL, "1234567", ""},
	{"{\"name\":\"12345678\"}", "name", NULL, NULL}, /* one more than there is room for */
	{"{\"name\":\"\"}", "name", NULL, NULL},
	{"{\"note\":\"x\"}", "name", NULL, NULL},
	{"{\"name\":7}", "name", NULL, NULL},
	{"{\"name\":null}", "name", NULL, NULL},
	{"{\"name\":\"a\\nb\"}", "name", NULL, NULL},
	{"{\"name\":\"a\\u007f\"}", "name", NULL, NULL},
	{"{\"name\":\"a\\u0000b\"}", "", NULL, NULL},
	{"{\"name\":\"a\",\"name\":\"b\"}", "", NULL, NULL},
	{"{\"name\":\"a\",\"admin\":\"yes\"}", "", NULL, NULL},
	{"[\"name\"]", "", NULL, NULL},
	{"{\"name\":\"a\"} x", "", NULL, NULL},
	{"", "", NULL, NULL},
};

/* NOLINTNEXTLINE(readability-function-size): asserts nest */
static void members_are_texts_that_fit_or_are_named(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		char name[8], note[8];
		const struct json_member members[] = {{"name", name, sizeof(name), 1},
						      {"note", note, sizeof(note), 0},
						      {.name = NULL}};
		const char *member = NULL, *why = NULL;
		int r = json_body_parse(rows[i].body, strlen(rows[i].body), members, &member, &why);

		g_test_message("%s", rows[i].body);
		g_assert_cmpint(r, ==, rows[i].member == NULL ? 0 : -EINVAL);
		if (r < 0) {
			g_assert_cmpstr(member, ==, rows[i].member);
			g_assert_nonnull(why);
			continue;
		}
		g_assert_cmpstr(name, ==, rows[i].name);
		g_assert_cmpstr(note, ==, rows[i].note);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/json_body/members_are_texts_that_fit_or_are_named",
			members_are_texts_that_fit_or_are_named);
	return g_test_run();
}
