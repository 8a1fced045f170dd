/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/t140.h"

#include <glib.h>
#include <jansson.h>

/* --- vectors ---------------------------------------------------------------------------------- */

static json_t *vectors(void)
{
	char *path = g_build_filename(g_getenv("VIDD_VECTORS"), "t140.json", NULL);
	json_error_t error;
	json_t *root = json_load_file(path, JSON_ALLOW_NUL, &error);

	if (root == NULL)
		g_error("%s: %s", path, error.text);
	g_free(path);
	return root;
}

static GString *bytes_of(const json_t *vector)
{
	const char *hex = json_string_value(json_object_get(vector, "hex"));
	const char *text = json_string_value(json_object_get(vector, "text"));
	json_int_t times = json_integer_value(json_object_get(vector, "times"));
	GString *bytes = g_string_new(NULL);

	for (; hex != NULL && *hex != '\0'; hex += 2)
		g_string_append_c(bytes, (char)(g_ascii_xdigit_value(hex[0]) << 4 |
						g_ascii_xdigit_value(hex[1])));
	for (json_int_t i = 0; text != NULL && i < MAX(times, 1); i++)
		g_string_append(bytes, text);
	return bytes;
}

static enum t140_fault verdict_of(const json_t *vector)
{
	static const char *const names[T140_FAULT_COUNT] = {
		[T140_GOOD] = "good",
		[T140_BAD_UTF8] = "bad-utf8",
		[T140_BAD_CONTROL] = "bad-control",
		[T140_TOO_LONG] = "too-long",
	};
	const char *verdict = json_string_value(json_object_get(vector, "verdict"));
	enum t140_fault fault = T140_GOOD;

	while (fault < T140_FAULT_COUNT && g_strcmp0(names[fault], verdict) != 0)
		fault++;
	g_assert_cmpint(fault, <, T140_FAULT_COUNT);
	return fault;
}

static void every_vector_is_judged_as_it_says(void)
{
	json_t *root = vectors();
	json_t *list = json_object_get(root, "messages");
	bool seen[T140_FAULT_COUNT] = {false};

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *vector = json_array_get(list, i);
		enum t140_fault verdict = verdict_of(vector);
		GString *bytes = bytes_of(vector);
		size_t chars = SIZE_MAX;

		g_test_message("%s", json_string_value(json_object_get(vector, "name")));
		g_assert_cmpint(t140_check(bytes->str, bytes->len, &chars), ==, verdict);
		if (verdict == T140_GOOD)
			g_assert_cmpint((json_int_t)chars, ==,
					json_integer_value(json_object_get(vector, "chars")));
		else
			g_assert_cmpuint(chars, ==, SIZE_MAX);
		seen[verdict] = true;
		(void)g_string_free(bytes, TRUE);
	}
	for (size_t i = 0; i < T140_FAULT_COUNT; i++)
		g_assert_true(seen[i]);
	json_decref(root);
}

static void what_pages_type_is_taken(void)
{
	json_t *root = vectors();
	json_t *list = json_object_get(root, "typed");

	g_assert_cmpuint(json_array_size(list), >, 0);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *strokes = json_object_get(json_array_get(list, i), "strokes");
		size_t chars;

		g_assert_cmpint(
			t140_check(json_string_value(strokes), json_string_length(strokes), &chars),
			==, T140_GOOD);
	}
	json_decref(root);
}

/* --- how much --------------------------------------------------------------------------------- */

static void a_page_of_text_flows_and_no_more(void)
{
	struct t140_flow flow = {0};
	int64_t now = 7000000;

	for (int i = 0; i < T140_BURST_CHARS / T140_MAX_CHARS; i++)
		g_assert_true(t140_flows(&flow, now, T140_MAX_CHARS));
	g_assert_false(t140_flows(&flow, now, 1));
	/* Refused is not counted: a second later there is room for a second's worth. */
	g_assert_true(t140_flows(&flow, now + 1000000, T140_CHARS_PER_S));
	g_assert_false(t140_flows(&flow, now + 1000000, 2));
}

static void who_types_is_never_held_up(void)
{
	struct t140_flow flow = {0}, idle = {0};

	/* Three minutes, 300 ms apart, at the limit. */
	for (int64_t now = 0; now < 180000000; now += 300000)
		g_assert_true(t140_flows(&flow, now, T140_CHARS_PER_S * 3 / 10));
	/* A keepalive without text costs nothing. */
	for (int i = 0; i < T140_BURST_CHARS + 1; i++)
		g_assert_true(t140_flows(&idle, 0, 0));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/t140/every_vector_is_judged_as_it_says",
			every_vector_is_judged_as_it_says);
	g_test_add_func("/t140/what_pages_type_is_taken", what_pages_type_is_taken);
	g_test_add_func("/t140/a_page_of_text_flows_and_no_more", a_page_of_text_flows_and_no_more);
	g_test_add_func("/t140/who_types_is_never_held_up", who_types_is_never_held_up);
	return g_test_run();
}
