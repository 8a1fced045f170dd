/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "server/http_query.h"

static const struct {
	const char *query, *name;
	int result;
	const char *value;
} arguments[] = {
	{"", "day", 0, ""},
	{"day=2026-11-26", "day", 1, "2026-11-26"},
	{"unit=a&day=x&state=y", "day", 1, "x"},
	{"unit=a&days=x", "day", 0, ""},
	{"xday=1", "day", 0, ""},
	{"day", "day", 1, ""},
	{"day=", "day", 1, ""},
	{"day=1&day=1", "day", -EINVAL, ""},
	{"q=a%26day%3D2", "q", 1, "a&day=2"},
	{"q=%C3%A5", "q", 1, "\xc3\xa5"},
	{"q=%C3", "q", -EINVAL, ""},
	{"q=%0d%0aSet-Cookie", "q", -EINVAL, ""},
	{"q=%00", "q", -EINVAL, ""},
	{"q=%4", "q", -EINVAL, ""},
	{"q=%zz", "q", -EINVAL, ""},
	{"q=0123456789abcde", "q", 1, "0123456789abcde"},
	{"q=0123456789abcdef", "q", -EINVAL, ""}, /* one more than there is room for */
	{"&&&q=1&", "q", 1, "1"},
};

static void an_argument_is_found_or_refused(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(arguments); i++) {
		struct http_request request = {0};
		char value[16] = "before";

		g_strlcpy(request.query, arguments[i].query, sizeof(request.query));
		g_test_message("%s of %s", arguments[i].name, arguments[i].query);
		g_assert_cmpint(http_query(&request, arguments[i].name, value, sizeof(value)), ==,
				arguments[i].result);
		g_assert_cmpstr(value, ==, arguments[i].value);
	}
}

static void what_was_decoded_is_encoded_again(void)
{
	static const char argument[] = "q=a&day=2%\xc3\xa5";
	struct http_request request = {0};
	char value[16];

	g_assert_cmpint(http_query_append(request.query, "day=1", 5), ==, 0);
	g_assert_cmpint(http_query_append(request.query, argument, strlen(argument)), ==, 0);
	g_assert_cmpstr(request.query, ==, "day=1&q=a%26day%3D2%25%C3%A5");
	g_assert_cmpint(http_query(&request, "day", value, sizeof(value)), ==, 1);
	g_assert_cmpstr(value, ==, "1");
	g_assert_cmpint(http_query(&request, "q", value, sizeof(value)), ==, 1);
	g_assert_cmpstr(value, ==, "a&day=2%\xc3\xa5");
}

static void a_query_has_a_cap_and_keeps_what_it_had(void)
{
	struct http_request request = {.query = "a=1"};
	char many[HTTP_QUERY_BYTES];

	memset(many, '/', sizeof(many));
	g_assert_cmpint(http_query_append(request.query, many, sizeof(many)), ==, -E2BIG);
	g_assert_cmpstr(request.query, ==, "a=1");
	memset(many, 'x', sizeof(many));
	g_assert_cmpint(http_query_append(request.query, many, HTTP_QUERY_BYTES - 4), ==, 0);
	g_assert_cmpuint(strlen(request.query), ==, HTTP_QUERY_BYTES);
	g_assert_cmpint(http_query_append(request.query, "b", 1), ==, -E2BIG);
	g_assert_cmpuint(strlen(request.query), ==, HTTP_QUERY_BYTES);
}

static const struct {
	const char *header;
	int result;
	const char *value;
} cookies[] = {
	{"", 0, ""},
	{"__Host-vidd=abc", 1, "abc"},
	{"a=b; __Host-vidd=abc; c=d", 1, "abc"},
	{"a=b;__Host-vidd=abc ;c", 1, "abc"},
	{"__Host-vidd-login=abc", 0, ""},
	{"x__Host-vidd=abc", 0, ""},
	{"__host-vidd=abc", 0, ""}, /* names of cookies have a case */
	{"__Host-vidd=abc; __Host-vidd=def", -EINVAL, ""},
	{"__Host-vidd=0123456789abcdef", -EINVAL, ""},
	{"__Host-vidd", 0, ""},
	{"=;;; ;", 0, ""},
};

static void a_cookie_is_found_or_refused(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cookies); i++) {
		char value[16] = "before";

		g_test_message("%s", cookies[i].header);
		g_assert_cmpint(http_cookie(cookies[i].header, "__Host-vidd", value, sizeof(value)),
				==, cookies[i].result);
		g_assert_cmpstr(value, ==, cookies[i].value);
	}
}

static void a_cookie_is_set_for_us_alone(void)
{
	struct http_reply reply = {0};

	http_reply_cookie(&reply, HTTP_SESSION_COOKIE, "abc", -1);
	http_reply_cookie(&reply, HTTP_LOGIN_COOKIE, "", 0);
	g_assert_cmpstr(reply.header[0].name, ==, "set-cookie:");
	g_assert_cmpstr(reply.header[0].value, ==,
			"__Host-vidd=abc; Path=/; Secure; HttpOnly; SameSite=Lax");
	g_assert_cmpstr(reply.header[1].value, ==,
			"__Host-vidd-login=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0");
	http_reply_close(&reply);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/http_query/an_argument_is_found_or_refused",
			an_argument_is_found_or_refused);
	g_test_add_func("/http_query/what_was_decoded_is_encoded_again",
			what_was_decoded_is_encoded_again);
	g_test_add_func("/http_query/a_query_has_a_cap_and_keeps_what_it_had",
			a_query_has_a_cap_and_keeps_what_it_had);
	g_test_add_func("/http_query/a_cookie_is_found_or_refused", a_cookie_is_found_or_refused);
	g_test_add_func("/http_query/a_cookie_is_set_for_us_alone", a_cookie_is_set_for_us_alone);
	return g_test_run();
}
