/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>
#include <string.h>

#include "server/routes.h"

/* In the order that rows read best. NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding) */
struct row {
	enum http_method method;
	const char *path;
	const char *pattern; /* NULL: refused */
	int status;
	const char *allow;
	const char *id;
};

static const struct row rows[] = {
	{HTTP_GET, "/", "", 0, NULL, ""},
	{HTTP_HEAD, "/assets/a.js", "", 0, NULL, ""},
	{HTTP_GET, "/call/x", "", 0, NULL, ""},
	{HTTP_GET, "/wsx", "", 0, NULL, ""},
	{HTTP_GET, "/healthz", "/healthz", 0, NULL, ""},
	{HTTP_HEAD, "/healthz", "/healthz", 0, NULL, ""},
	{HTTP_GET, "/healthz/", NULL, 404, NULL, NULL},
	{HTTP_GET, "/metrics/x", NULL, 404, NULL, NULL},
	{HTTP_POST, "/whip", "/whip", 0, NULL, ""},
	{HTTP_PATCH, "/whip/abc", "/whip/{id}", 0, NULL, "abc"},
	{HTTP_DELETE, "/whep/abc", "/whep/{id}", 0, NULL, "abc"},
	{HTTP_DELETE, "/api/v1/consultations/c1", "/api/v1/consultations/{id}", 0, NULL, "c1"},
	{HTTP_GET, "/whip", NULL, 405, "POST, OPTIONS", NULL},
	{HTTP_OTHER, "/whep/x", NULL, 405, "PATCH, DELETE, OPTIONS", NULL},
	{HTTP_POST, "/healthz", NULL, 405, "GET, HEAD", NULL},
	{HTTP_POST, "/index.html", NULL, 405, "GET, HEAD", NULL},
	{HTTP_PUT, "/api/v1/consultations", NULL, 405, "POST, GET, HEAD", NULL},
	{HTTP_GET, "/api/v1/consultations/", NULL, 404, NULL, NULL},
	{HTTP_GET, "/api/v1/consultations/c1/x", NULL, 404, NULL, NULL},
	{HTTP_PATCH, "/whip/a/b", NULL, 404, NULL, NULL},
	{HTTP_PATCH, "/whip/", NULL, 404, NULL, NULL},
	{HTTP_GET, "/ws", NULL, 404, NULL, NULL},
	{HTTP_GET, "/api/", NULL, 404, NULL, NULL},
	{HTTP_GET, "/auth/nothing", NULL, 404, NULL, NULL},
	{HTTP_PUT, "/healthz", NULL, 405, "GET, HEAD", NULL},
};

static const char *header(const struct http_reply *reply, const char *name)
{
	for (size_t i = 0; i < reply->header_count; i++) {
		if (strcmp(reply->header[i].name, name) == 0)
			return reply->header[i].value;
	}
	return NULL;
}

static void check_found(const struct row *row, const struct route *route,
			const struct http_request *request)
{
	struct route_ids ids;

	g_assert_nonnull(route);
	g_assert_cmpstr(route->pattern, ==, row->pattern);
	routes_ids(route, request, &ids);
	g_assert_cmpstr(ids.id[0] != NULL ? ids.id[0] : "", ==, row->id);
	g_assert_null(ids.id[1]);
}

static void check_refused(const struct row *row, const struct route *route,
			  const struct http_reply *reply)
{
	g_assert_null(route);
	g_assert_cmpint(reply->status, ==, row->status);
	g_assert_cmpstr(header(reply, "allow:"), ==, row->allow);
	g_assert_cmpstr(header(reply, "content-type:"), ==, "application/problem+json");
}

static void each_path_finds_its_row(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct http_request request = {.method = rows[i].method};
		struct http_reply reply = {0};
		const struct route *route;

		g_strlcpy(request.path, rows[i].path, sizeof(request.path));
		route = routes_find(&request, &reply);
		g_test_message("%s %s", http_method_name(rows[i].method), rows[i].path);
		if (rows[i].pattern != NULL)
			check_found(&rows[i], route, &request);
		else
			check_refused(&rows[i], route, &reply);
		http_reply_close(&reply);
	}
}

static void a_path_may_hold_several_ids(void)
{
	static const struct route route = {.pattern =
						   "/api/v1/consultations/{id}/participants/{id}"};
	struct http_request request = {.path = "/api/v1/consultations/c1/participants/p-2_"};
	struct route_ids ids;

	routes_ids(&route, &request, &ids);
	g_assert_cmpstr(ids.id[0], ==, "c1");
	g_assert_cmpstr(ids.id[1], ==, "p-2_");
	g_assert_null(ids.id[2]);
	/* The request keeps its path. */
	g_assert_cmpstr(request.path, ==, "/api/v1/consultations/c1/participants/p-2_");
	for (size_t i = 0; i < 4; i++) {
		static const char *const others[] = {
			"/api/v1/consultations//participants/p",
			"/api/v1/consultations/c1/participants/",
			"/api/v1/consultations/c1/participants/p/q",
			"/api/v1/consultations/c1/participant/p",
		};

		g_strlcpy(request.path, others[i], sizeof(request.path));
		routes_ids(&route, &request, &ids);
		g_assert_null(ids.id[0]);
	}
}

static void a_problem_holds_what_rfc_9457_asks(void)
{
	struct http_reply reply = {0};

	http_reply_problem(&reply, 400, "bad-body", "It says \"no\".", "participants[1].role");
	g_assert_cmpint(reply.status, ==, 400);
	g_assert_cmpstr(reply.body, ==,
			"{\"type\":\"urn:vidd:problem:bad-body\",\"title\":\"Bad Request\","
			"\"status\":400,\"code\":\"bad-body\",\"detail\":\"It says \\\"no\\\".\","
			"\"member\":\"participants[1].role\"}");
	g_assert_cmpuint(reply.body_len, ==, strlen(reply.body));
	http_reply_close(&reply);
}

/* Common headers must find room after the most a handler adds. */
static void headers_fit_and_differ_by_path(void)
{
	struct http_request request = {.method = HTTP_OPTIONS, .path = "/whip/x"};
	struct http_reply whip = {.status = 204}, page = {.status = 200};

	for (int i = 0; i < 5; i++)
		http_reply_header(&whip, "x-filler:", "%d", i);
	routes_add_common_headers(&whip, &request, true);
	g_assert_cmpstr(header(&whip, "access-control-allow-origin:"), ==, "*");
	g_assert_cmpstr(header(&whip, "cache-control:"), ==, "no-store");
	g_assert_cmpstr(header(&whip, "content-security-policy:"), ==,
			"default-src 'none'; frame-ancestors 'none'");
	g_assert_null(header(&whip, "cross-origin-opener-policy:"));

	g_strlcpy(request.path, "/", sizeof(request.path));
	g_strlcpy(request.host, "vidd.example.se:8443", sizeof(request.host));
	routes_add_common_headers(&page, &request, false);
	g_assert_null(header(&page, "access-control-allow-origin:"));
	g_assert_null(header(&page, "strict-transport-security:"));
	g_assert_nonnull(strstr(header(&page, "content-security-policy:"),
				"connect-src 'self' wss://vidd.example.se:8443;"));
}

/* "  /path:" of docs/openapi.yaml, with every placeholder named alike; NULL for other lines. */
static char *documented_path(const char *line)
{
	GRegex *placeholder;
	char *path;

	if (!g_str_has_prefix(line, "  /") || !g_str_has_suffix(line, ":"))
		return NULL;
	placeholder = g_regex_new("\\{[^}]*\\}", 0, 0, NULL);
	path = g_regex_replace_literal(placeholder, line + 2, -1, 0, "{id}", 0, NULL);
	path[strlen(path) - 1] = '\0';
	g_regex_unref(placeholder);
	return path;
}

/* "POST /whip" and so on: the keys of two and of four spaces in the document. */
static GHashTable *documented_routes(void)
{
	static const char *const methods[] = {"get", "put", "post", "patch", "delete", "options"};
	GHashTable *found = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	char *file = g_test_build_filename(G_TEST_DIST, "docs", "openapi.yaml", NULL);
	char *text = NULL, *path = NULL, **lines;

	g_assert_true(g_file_get_contents(file, &text, NULL, NULL));
	lines = g_strsplit(text, "\n", 0);
	for (size_t i = 0; lines[i] != NULL; i++) {
		char *next = documented_path(lines[i]);

		if (next != NULL || (lines[i][0] != ' ' && lines[i][0] != '\0')) {
			g_free(path);
			path = next;
		}
		for (size_t k = 0; k < G_N_ELEMENTS(methods) && path != NULL; k++) {
			char *key = g_strdup_printf("    %s:", methods[k]);
			char *upper = g_ascii_strup(methods[k], -1);

			if (strcmp(key, lines[i]) == 0)
				g_hash_table_add(found, g_strdup_printf("%s %s", upper, path));
			g_free(upper);
			g_free(key);
		}
	}
	g_free(path);
	g_strfreev(lines);
	g_free(text);
	g_free(file);
	return found;
}

/* What they answer, tests/server/test_openapi asks a running server. */
static void each_route_is_in_the_document(void)
{
	GHashTable *documented = documented_routes();
	const struct route *route;
	guint count = 0;

	while ((route = routes_at(count)) != NULL) {
		char *name =
			g_strdup_printf("%s %s", http_method_name(route->method), route->pattern);

		if (!g_hash_table_contains(documented, name))
			g_error("docs/openapi.yaml lacks %s", name);
		g_free(name);
		count++;
	}
	g_assert_cmpuint(count, >, 40);
	g_assert_cmpuint(g_hash_table_size(documented), ==, count);
	g_hash_table_destroy(documented);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/routes/each_path_finds_its_row", each_path_finds_its_row);
	g_test_add_func("/routes/a_path_may_hold_several_ids", a_path_may_hold_several_ids);
	g_test_add_func("/routes/a_problem_holds_what_rfc_9457_asks",
			a_problem_holds_what_rfc_9457_asks);
	g_test_add_func("/routes/headers_fit_and_differ_by_path", headers_fit_and_differ_by_path);
	g_test_add_func("/routes/each_route_is_in_the_document", each_route_is_in_the_document);
	return g_test_run();
}
