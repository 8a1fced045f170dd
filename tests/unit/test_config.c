/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/config.h"

#define MAX_ARGS 8

static char *write_file(const char *text)
{
	char *path = NULL;
	int fd = g_file_open_tmp("vidd-config-XXXXXX", &path, NULL);

	g_assert_cmpint(fd, >=, 0);
	g_close(fd, NULL);
	g_assert_true(g_file_set_contents(path, text, -1, NULL));
	return path;
}

static int load(struct config *config, const char *const *args, char *error)
{
	char *argv[MAX_ARGS + 1] = {(char *)"vidd"};
	int argc = 1;

	for (; args[argc - 1] != NULL; argc++)
		argv[argc] = (char *)args[argc - 1];
	error[0] = '\0';
	return config_load(config, argc, argv, error);
}

static void defaults_hold_without_flags(void)
{
	struct config c;
	char error[CONFIG_ERROR_BYTES];

	g_assert_cmpint(load(&c, (const char *const[]){NULL}, error), ==, 0);
	g_assert_cmpint(c.port, ==, 8443);
	g_assert_cmpint(c.media_port, ==, 10000);
	g_assert_cmpuint(c.address.count, ==, 0);
	g_assert_cmpstr(c.data, ==, "/var/lib/vidd");
	g_assert_cmpint(c.log_level, ==, LOG_LEVEL_INFO);
	g_assert_false(c.demo);
	config_close(&c);
}

static void demo_moves_the_data(void)
{
	struct config c;
	char error[CONFIG_ERROR_BYTES];

	g_assert_cmpint(load(&c, (const char *const[]){"--demo", NULL}, error), ==, 0);
	g_assert_cmpstr(c.data, ==, "var");
	config_close(&c);
	g_assert_cmpint(load(&c, (const char *const[]){"--data", "x", "--demo", NULL}, error), ==,
			0);
	g_assert_cmpstr(c.data, ==, "x");
	config_close(&c);
}

static void flags_win_over_the_file(void)
{
	char *path = write_file("# Vidd in Kiruna\n[vidd]\nport = 443\nmedia-port=4000\n"
				"address = 192.0.2.1; 2001:db8::1\nmetrics-open=true\n");
	struct config c;
	char error[CONFIG_ERROR_BYTES];

	g_assert_cmpint(load(&c,
			     (const char *const[]){"--port=444", "--config", path, "--address",
						   "198.51.100.7", NULL},
			     error),
			==, 0);
	g_assert_cmpint(c.port, ==, 444);
	g_assert_cmpint(c.media_port, ==, 4000);
	g_assert_true(c.metrics_open);
	g_assert_cmpuint(c.address.count, ==, 1);
	g_assert_cmpuint(c.address.addr[0].ip[0], ==, 198);
	config_close(&c);

	g_assert_cmpint(load(&c, (const char *const[]){"--config", path, NULL}, error), ==, 0);
	g_assert_cmpuint(c.address.count, ==, 2);
	config_close(&c);
	g_unlink(path);
	g_free(path);
}

struct bad_file {
	const char *text;
	const char *says[3]; /* all of them stand in the error, after the path */
};

static void a_bad_file_is_told_with_line_and_remedy(void)
{
	static const struct bad_file bad[] = {
		{"[vidd]\n\nprot = 443\n", {":3: ", "unknown key \"prot\"", "--help"}},
		{"[vidd]\nport = https\n", {":2: port: ", "\"https\"", "0 to 65535"}},
		{"[vidd]\nport = 65536\n", {":2: port: ", "65536", "0 to 65535"}},
		{"[vidd]\n# port = 1\n  port = -1\n", {":3: port: ", "-1", "0 to 65535"}},
		{"[vidd]\nport =\n", {":2: port: ", "\"\"", "0 to 65535"}},
		{"[vidd]\naddress = 192.0.2.1;kiruna\n", {":2: address: ", "kiruna", "192.0.2.7"}},
		{"[vidd]\naddress = 192.0.2.1;192.0.2.1\n",
		 {":2: address: ", "192.0.2.1", "twice"}},
		{"[vidd]\nlog-level = loud\n", {":2: log-level: ", "loud", "debug"}},
		{"[vidd]\nmetrics-open = yes\n", {":2: metrics-open: ", "yes", "true nor false"}},
		{"[vidd]\npublic-url = http://a\n", {":2: public-url: ", "http://a", "https://"}},
		{"[vidd]\npublic-url = https://a/\n", {":2: public-url: ", "slash", ""}},
		{"[vidd]\nport = 1\n[server]\nport = 2\n", {":3: ", "[server]", "[vidd]"}},
		{"port = 1\n", {":1: ", "key = value", "[vidd]"}},
		{"[vidd]\nport = 1\nwhat is this\n", {":3: ", "key = value", "#"}},
		{"[vidd]\nlisten = localhost\n", {":2: listen: ", "localhost", "192.0.2.7"}},
		{"[vidd]\ncert = a.pem\n", {"cert and key belong together", "both", ""}},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
		char *path = write_file(bad[i].text);
		struct config c;
		char error[CONFIG_ERROR_BYTES];

		g_assert_cmpint(load(&c, (const char *const[]){"--config", path, NULL}, error), ==,
				-EINVAL);
		if (!g_str_has_prefix(error, "cert and key"))
			g_assert_true(g_str_has_prefix(error, path));
		for (int k = 0; k < 3; k++) {
			if (strstr(error, bad[i].says[k]) == NULL)
				g_error("case %zu: \"%s\" lacks \"%s\"", i, error, bad[i].says[k]);
		}
		config_close(&c);
		g_unlink(path);
		g_free(path);
	}
}

static void a_missing_file_is_an_error(void)
{
	struct config c;
	char error[CONFIG_ERROR_BYTES];

	g_assert_cmpint(
		load(&c, (const char *const[]){"--config", "/nonexistent/vidd.conf", NULL}, error),
		==, -EINVAL);
	g_assert_nonnull(strstr(error, "/nonexistent/vidd.conf"));
	config_close(&c);
}

static void a_bad_flag_is_told_with_remedy(void)
{
	static const struct {
		const char *args[4];
		const char *says;
	} bad[] = {
		{{"--prot", "443", NULL}, "unknown flag --prot"},
		{{"--port", NULL}, "--port PORT"},
		{{"--port", "x", NULL}, "0 to 65535"},
		{{"443", NULL}, "flags only"},
		{{"--config", NULL}, "--config: give it a file"},
		{{"--key", "k.pem", NULL}, "cert and key belong together"},
		{{"--workers=65", NULL}, "0 to 64"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
		struct config c;
		char error[CONFIG_ERROR_BYTES];

		g_assert_cmpint(load(&c, bad[i].args, error), ==, -EINVAL);
		if (strstr(error, bad[i].says) == NULL)
			g_error("case %zu: \"%s\" lacks \"%s\"", i, error, bad[i].says);
		config_close(&c);
	}
}

static void addresses_are_capped(void)
{
	GString *text = g_string_new("[vidd]\naddress = ");
	struct config c;
	char error[CONFIG_ERROR_BYTES];
	char *path;

	for (int i = 0; i <= CONFIG_MAX_ADDRESSES; i++)
		g_string_append_printf(text, "192.0.2.%d;", i + 1);
	path = write_file(text->str);
	g_assert_cmpint(load(&c, (const char *const[]){"--config", path, NULL}, error), ==,
			-EINVAL);
	g_assert_nonnull(strstr(error, "more than 8"));
	config_close(&c);
	g_unlink(path);
	g_free(path);
	g_string_free(text, TRUE);
}

/* Every flag of --help stands in docs/operations.md as `--flag`, and no other does. */
static void operations_names_every_flag(void)
{
	char *path = g_build_filename(g_getenv("G_TEST_SRCDIR"), "docs", "operations.md", NULL);
	char *help = config_help();
	char *docs = NULL;
	char **lines;
	size_t flags = 0, documented = 0;

	g_assert_true(g_file_get_contents(path, &docs, NULL, NULL));
	lines = g_strsplit(help, "\n", -1);
	for (size_t i = 0; lines[i] != NULL; i++) {
		char *row;

		if (!g_str_has_prefix(lines[i], "  --"))
			continue;
		g_strstrip(lines[i]);
		lines[i][strcspn(lines[i], " ")] = '\0';
		row = g_strdup_printf("\n| `%s`", lines[i]);
		if (strstr(docs, row) == NULL)
			g_error("docs/operations.md has no row for %s", lines[i]);
		g_free(row);
		flags++;
	}
	for (const char *p = docs; (p = strstr(p, "\n| `--")) != NULL; p++)
		documented++;
	g_assert_cmpuint(flags, ==, documented);
	g_assert_cmpuint(flags, >, 20);
	g_strfreev(lines);
	g_free(docs);
	g_free(help);
	g_free(path);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/config/defaults_hold_without_flags", defaults_hold_without_flags);
	g_test_add_func("/config/demo_moves_the_data", demo_moves_the_data);
	g_test_add_func("/config/flags_win_over_the_file", flags_win_over_the_file);
	g_test_add_func("/config/a_bad_file_is_told_with_line_and_remedy",
			a_bad_file_is_told_with_line_and_remedy);
	g_test_add_func("/config/a_missing_file_is_an_error", a_missing_file_is_an_error);
	g_test_add_func("/config/a_bad_flag_is_told_with_remedy", a_bad_flag_is_told_with_remedy);
	g_test_add_func("/config/addresses_are_capped", addresses_are_capped);
	g_test_add_func("/config/operations_names_every_flag", operations_names_every_flag);
	return g_test_run();
}
