/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/store_survey.h"

#include <errno.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "server/rest_survey.h"
#include "server/store_visit.h"
#include "store_world.h"

#define NOW 1795600123LL

static void an_answer_is_taken_once_and_leads_to_nobody(void)
{
	struct store_place p = store_place_new();
	struct store *store = store_place_open(&p, 1);
	struct store_consultation c = {.title = "Besök", .participant_count = 2};
	const char *id = c.participant[0].id;

	c.participant[0].role = ROLE_PATIENT;
	c.participant[1].role = ROLE_CLINICIAN;
	g_assert_cmpint(store_consultation_create(store, 1, &c), ==, 0);
	g_assert_cmpint(store_survey_add(store, NOW, c.id, "nobody", "{}"), ==, -ENOENT);
	g_assert_cmpint(store_survey_add(store, NOW, "c1", id, "{}"), ==, -ENOENT);
	g_assert_cmpint(store_survey_add(store, NOW, c.id, id, "{\"a\":1}"), ==, 0);
	g_assert_cmpint(store_survey_add(store, NOW, c.id, id, "{\"a\":2}"), ==, -EEXIST);
	g_assert_cmpint(store_survey_add(store, NOW, c.id, c.participant[1].id, "{}"), ==, 0);
	g_assert_cmpint(store_place_ask(&p, "SELECT count(*) FROM survey WHERE "
					    "role = 'patient' AND answers = '{\"a\":1}'"),
			==, 1);
	g_assert_cmpint(store_place_ask(&p, "SELECT max(at_unix_s) FROM survey"), ==,
			NOW - NOW % 86400);
	store_close(store);
	store_place_remove(&p);
}

static void words_and_numbers_alone_are_answers(void)
{
	static const struct {
		const char *body, *answers, *member;
	} cases[] = {
		{"{\"answers\":{}}", "{}", NULL},
		{"{\"answers\":{\"picture\":\"partly\",\"again\":true,\"0\":10}}",
		 "{\"0\":10,\"again\":true,\"picture\":\"partly\"}", NULL},
		{"", NULL, ""},
		{"[]", NULL, ""},
		{"{}", NULL, ""},
		{"{\"answers\":{},\"name\":\"Elsa\"}", NULL, ""},
		{"{\"answers\":[]}", NULL, "answers"},
		{"{\"answers\":{\"A\":1}}", NULL, "answers"},
		{"{\"answers\":{\"a\":11}}", NULL, "answers.a"},
		{"{\"answers\":{\"a\":-1}}", NULL, "answers.a"},
		{"{\"answers\":{\"a\":null}}", NULL, "answers.a"},
		{"{\"answers\":{\"a\":\"It hurts here\"}}", NULL, "answers.a"},
		{"{\"answers\":{\"a\":\"abcdefghijklmnopqrstuvwxyz0123456\"}}", NULL, "answers.a"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct rest_fault fault = {"unset", NULL};
		char *answers = NULL;
		int r = rest_survey_parse(cases[i].body, strlen(cases[i].body), &answers, &fault);

		g_assert_cmpint(r, ==, cases[i].answers != NULL ? 0 : -EINVAL);
		g_assert_cmpstr(answers, ==, cases[i].answers);
		if (r < 0)
			g_assert_cmpstr(fault.member, ==, cases[i].member);
		free(answers);
	}
}

static void there_are_at_most_sixteen_answers(void)
{
	for (int count = REST_SURVEY_ANSWERS; count <= REST_SURVEY_ANSWERS + 1; count++) {
		GString *body = g_string_new("{\"answers\":{");
		struct rest_fault fault = {0};
		char *answers = NULL;

		for (int i = 0; i < count; i++)
			g_string_append_printf(body, "%s\"q%d\":1", i > 0 ? "," : "", i);
		g_string_append(body, "}}");
		g_assert_cmpint(rest_survey_parse(body->str, body->len, &answers, &fault), ==,
				count <= REST_SURVEY_ANSWERS ? 0 : -EINVAL);
		free(answers);
		g_string_free(body, TRUE);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/store_survey/an_answer_is_taken_once_and_leads_to_nobody",
			an_answer_is_taken_once_and_leads_to_nobody);
	g_test_add_func("/store_survey/words_and_numbers_alone_are_answers",
			words_and_numbers_alone_are_answers);
	g_test_add_func("/store_survey/there_are_at_most_sixteen_answers",
			there_are_at_most_sixteen_answers);
	return g_test_run();
}
