/* SPDX-License-Identifier: EUPL-1.2 */
/* The examples of docs/protocol.md are the vectors: each is parsed, built again and compared. */
#include "signaling/message.h"

#include <errno.h>
#include <glib.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static char *page;

/* What the page says of itself: every message type has an example, from the right side. */
struct example {
	char side[16];
	char name[32];
	const char *json;
	size_t len;
};

/* The next fenced example at or behind *at; false at the end of the page. */
static bool next_example(const char **at, struct example *out)
{
	const char *fence = strstr(*at, "\n```json ");
	const char *body, *end;

	if (fence == NULL)
		return false;
	g_assert_cmpint(sscanf(fence, "\n```json %15s %31s", out->side, out->name), ==, 2);
	body = strchr(fence + 1, '\n');
	g_assert_nonnull(body);
	end = strstr(body, "\n```");
	g_assert_nonnull(end);
	out->json = body + 1;
	out->len = (size_t)(end - body - 1);
	*at = end + 4;
	return true;
}

static enum message_side side_of(const struct example *example)
{
	if (strcmp(example->side, "client") == 0)
		return MESSAGE_OF_CLIENT;
	g_assert_cmpstr(example->side, ==, "server");
	return MESSAGE_OF_SERVER;
}

static void examples_round_trip(void)
{
	const char *at = page;
	struct example example;
	size_t count = 0;

	while (next_example(&at, &example)) {
		struct message message;
		struct message_error error;
		json_t *wanted = json_loadb(example.json, example.len, 0, NULL);
		json_t *got;
		char *text;

		if (message_parse(&message, side_of(&example), example.json, example.len, &error) !=
		    0)
			g_error("%s %s: %s", example.side, example.name, error.text);
		g_assert_cmpstr(message_type_name(message.type), ==, example.name);
		text = message_build(&message);
		got = json_loads(text, 0, NULL);
		if (!json_equal(wanted, got))
			g_error("%s: built %s", example.name, text);
		free(text);
		json_decref(got);
		json_decref(wanted);
		message_close(&message);
		count++;
	}
	g_assert_cmpuint(count, >=, MESSAGE_COUNT);
}

static void every_type_has_an_example_from_its_side(void)
{
	for (int type = 0; type < MESSAGE_COUNT; type++) {
		const char *name = message_type_name((enum message_type)type);
		const char *side = type < MESSAGE_JOINED ? "client" : "server";
		struct example example;
		const char *at = page;
		bool found = false;

		while (next_example(&at, &example)) {
			found |= strcmp(example.name, name) == 0 && strcmp(example.side, side) == 0;
		}
		if (!found)
			g_error("docs/protocol.md has no example of %s from the %s", name, side);
	}
}

static void every_problem_code_is_documented(void)
{
	for (int problem = 0; problem < PROBLEM_COUNT; problem++) {
		char *row = g_strdup_printf("| `%s` |", problem_name((enum problem)problem));

		if (strstr(page, row) == NULL)
			g_error("docs/protocol.md has no row %s", row);
		g_free(row);
	}
}

static void wrong_messages_are_refused_with_the_member_named(void)
{
	static const struct {
		const char *json, *text, *of;
	} steps[] = {
		{"", "This is not JSON.", ""},
		{"{", "This is not JSON.", ""},
		{"{} {}", "This is not JSON.", ""},
		{"{\"type\":\"ping\",\"type\":\"ping\"}", "This is not JSON.", ""},
		{"[]", "There is no string \"type\".", ""},
		{"{\"type\":1}", "There is no string \"type\".", ""},
		{"{\"type\":\"dance\"}", "The type is not known.", ""},
		{"{\"type\":\"join\"}", "\"v\" is missing.", "join"},
		{"{\"type\":\"join\",\"v\":\"1\"}", "\"v\" is not a whole number.", "join"},
		{"{\"type\":\"join\",\"v\":-1}", "\"v\" is out of range.", "join"},
		{"{\"type\":\"join\",\"v\":1,\"token\":null}", "\"token\" is not a string.",
		 "join"},
		{"{\"type\":\"mute\",\"source\":\"nose\",\"muted\":true}",
		 "\"source\" is not a known word.", "mute"},
		{"{\"type\":\"mute\",\"source\":\"camera\",\"muted\":1}",
		 "\"muted\" is not true or false.", "mute"},
		{"{\"type\":\"offer\",\"seq\":1,\"sdp\":\"\",\"sources\":{}}",
		 "\"sources\" is not a list.", "offer"},
		{"{\"type\":\"offer\",\"seq\":1,\"sdp\":\"\",\"sources\":[1]}",
		 "\"sources\" holds something that is not an object.", "offer"},
		{"{\"type\":\"offer\",\"seq\":1,\"sdp\":\"\",\"sources\":[{\"mid\":"
		 "\"0123456789abcdefg\",\"source\":\"camera\"}]}",
		 "\"mid\" is too long.", "offer"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		struct message message;
		struct message_error error;

		g_assert_cmpint(message_parse(&message, MESSAGE_OF_CLIENT, steps[i].json,
					      strlen(steps[i].json), &error),
				==, -EBADMSG);
		g_assert_cmpstr(error.text, ==, steps[i].text);
		g_assert_cmpstr(error.of, ==, steps[i].of);
	}
}

static void unknown_members_are_passed_over(void)
{
	static const char json[] = "{\"type\":\"ping\",\"hat\":{\"size\":[1,2]}}";
	struct message message;
	struct message_error error;

	g_assert_cmpint(message_parse(&message, MESSAGE_OF_CLIENT, json, strlen(json), &error), ==,
			0);
	g_assert_cmpint(message.type, ==, MESSAGE_PING);
	message_close(&message);
}

static void size_and_counts_are_capped(void)
{
	struct message message;
	struct message_error error;
	GString *json = g_string_new("{\"type\":\"offer\",\"seq\":1,\"sdp\":\"\",\"sources\":[");

	for (int i = 0; i <= LIMIT_MLINES; i++)
		g_string_append(json, i == 0 ? "{\"mid\":\"0\",\"source\":\"camera\"}"
					     : ",{\"mid\":\"0\",\"source\":\"camera\"}");
	g_string_append(json, "]}");
	g_assert_cmpint(message_parse(&message, MESSAGE_OF_CLIENT, json->str, json->len, &error),
			==, -EBADMSG);
	g_assert_cmpstr(error.text, ==, "\"sources\" has too many elements.");

	g_string_assign(json, "{\"type\":\"offer\",\"seq\":1,\"sources\":[],\"sdp\":\"");
	while (json->len < LIMIT_SDP_BYTES + 100)
		g_string_append_c(json, 'x');
	g_string_append(json, "\"}");
	g_assert_cmpint(message_parse(&message, MESSAGE_OF_CLIENT, json->str, json->len, &error),
			==, -EBADMSG);
	g_assert_cmpstr(error.text, ==, "\"sdp\" is too long.");

	g_string_assign(json, "{\"type\":\"ping\",\"x\":\"");
	while (json->len < LIMIT_MESSAGE_BYTES)
		g_string_append_c(json, 'x');
	g_string_append(json, "\"}");
	g_assert_cmpint(message_parse(&message, MESSAGE_OF_CLIENT, json->str, json->len, &error),
			==, -EBADMSG);
	g_assert_cmpstr(error.text, ==, "The message is too large.");
	g_string_free(json, TRUE);
}

static void text_that_is_not_utf8_is_replaced(void)
{
	struct message message = {
		.type = MESSAGE_ERROR,
		.problem = PROBLEM_BAD_SDP,
		.text = "\xff\xfe",
	};
	char *json = message_build(&message);

	g_assert_cmpstr(json, ==,
			"{\"type\":\"error\",\"code\":\"bad-sdp\",\"message\":\"\xef\xbf\xbd\","
			"\"fatal\":false}");
	free(json);
}

int main(int argc, char **argv)
{
	const char *docs = g_getenv("VIDD_DOCS");
	char *path = g_build_filename(docs != NULL ? docs : "docs", "protocol.md", NULL);
	GError *error = NULL;
	int result;

	g_test_init(&argc, &argv, NULL);
	if (!g_file_get_contents(path, &page, NULL, &error))
		g_error("%s", error->message);
	g_free(path);
	g_test_add_func("/message/examples_round_trip", examples_round_trip);
	g_test_add_func("/message/every_type_has_an_example_from_its_side",
			every_type_has_an_example_from_its_side);
	g_test_add_func("/message/every_problem_code_is_documented",
			every_problem_code_is_documented);
	g_test_add_func("/message/wrong_messages_are_refused_with_the_member_named",
			wrong_messages_are_refused_with_the_member_named);
	g_test_add_func("/message/unknown_members_are_passed_over",
			unknown_members_are_passed_over);
	g_test_add_func("/message/size_and_counts_are_capped", size_and_counts_are_capped);
	g_test_add_func("/message/text_that_is_not_utf8_is_replaced",
			text_that_is_not_utf8_is_replaced);
	result = g_test_run();
	g_free(page);
	return result;
}
