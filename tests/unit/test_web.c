/* SPDX-License-Identifier: EUPL-1.2 */
/* The page's files from a directory: what is loaded, what is left out, what the caps are. The
 * answers over HTTP are tested against the running program (tests/server). */
#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/web.h"

struct place {
	char *dir;
	GPtrArray *made; /* paths, to remove in reverse */
};

static struct place place_new(void)
{
	struct place p = {.dir = g_dir_make_tmp("vidd-web-XXXXXX", NULL)};

	g_assert_nonnull(p.dir);
	p.made = g_ptr_array_new_with_free_func(g_free);
	return p;
}

static void place_close(struct place *p)
{
	for (guint i = p->made->len; i > 0; i--)
		g_remove(g_ptr_array_index(p->made, i - 1));
	g_rmdir(p->dir);
	g_ptr_array_free(p->made, TRUE);
	g_free(p->dir);
}

static void add(struct place *p, const char *name, const char *text)
{
	char *path = g_build_filename(p->dir, name, NULL);

	if (text != NULL)
		g_assert_true(g_file_set_contents(path, text, -1, NULL));
	else
		g_assert_cmpint(g_mkdir(path, 0700), ==, 0);
	g_ptr_array_add(p->made, path);
}

static bool ask(const struct web *web, const char *path, const char *accept,
		struct http_reply *reply)
{
	struct http_request request = {.method = HTTP_GET};

	memset(reply, 0, sizeof(*reply));
	g_strlcpy(request.path, path, sizeof(request.path));
	g_strlcpy(request.accept_encoding, accept, sizeof(request.accept_encoding));
	return web_answer(web, &request, reply);
}

static void assert_body(const struct http_reply *reply, const char *text)
{
	g_assert_cmpuint(reply->body_len, ==, strlen(text));
	g_assert_cmpint(memcmp(reply->body, text, strlen(text)), ==, 0);
}

static void files_are_found_by_path(void)
{
	struct place p = place_new();
	struct web *web = NULL;
	struct http_reply r;

	add(&p, "index.html", "<page>");
	add(&p, "icon.svg", "<svg>");
	add(&p, "staff.html", "<staff>");
	add(&p, "assets", NULL);
	add(&p, "assets/a-1.js", "plain");
	add(&p, "assets/a-1.js.gz", "packed");
	add(&p, "assets/lonely.js.br", "only packed");
	add(&p, ".secret", "no");
	add(&p, "..name", "no");
	g_assert_cmpint(web_load(&web, p.dir), ==, 0);
	g_assert_cmpuint(web_file_count(web), ==, 4);
	g_assert_true(ask(web, "/", "", &r));
	assert_body(&r, "<page>");
	g_assert_true(ask(web, "/some/page", "", &r));
	assert_body(&r, "<page>");
	g_assert_true(ask(web, "/staff", "", &r));
	assert_body(&r, "<staff>");
	g_assert_true(ask(web, "/staff.html", "", &r));
	assert_body(&r, "<staff>");
	g_assert_true(ask(web, "/assets/a-1.js", "gzip", &r));
	assert_body(&r, "packed");
	g_assert_true(ask(web, "/assets/a-1.js", "br", &r));
	assert_body(&r, "plain");
	/* What has no plain form, is hidden or is only a form of another is not there. */
	g_assert_false(ask(web, "/assets/lonely.js", "br", &r));
	g_assert_false(ask(web, "/.secret", "", &r));
	g_assert_false(ask(web, "/assets/a-1.js.gz", "", &r));
	g_assert_false(ask(web, "/../index.html.x", "", &r));
	web_free(web);
	place_close(&p);
}

static void what_is_no_page_is_told(void)
{
	struct place p = place_new();
	struct web *web = NULL;
	struct http_reply r;

	g_assert_cmpint(web_load(&web, "/nonexistent"), ==, -ENOENT);
	g_assert_cmpint(web_load(&web, p.dir), ==, -ENOENT); /* no index.html */
	g_assert_null(web);
	g_assert_false(ask(NULL, "/", "", &r));
	web_free(NULL);
	place_close(&p);
}

static void the_wrong_directory_does_not_fill_memory(void)
{
	struct place p = place_new();
	struct web *web = NULL;
	char *path;

	add(&p, "index.html", "<page>");
	for (int i = 0; i < WEB_MAX_FILES; i++) {
		char name[32];

		g_snprintf(name, sizeof(name), "f%d.txt", i);
		add(&p, name, "");
	}
	g_assert_cmpint(web_load(&web, p.dir), ==, -EFBIG);
	place_close(&p);

	p = place_new();
	add(&p, "index.html", "<page>");
	add(&p, "large.bin", "");
	path = g_build_filename(p.dir, "large.bin", NULL);
	g_assert_cmpint(truncate(path, (off_t)WEB_MAX_BYTES + 1), ==, 0); /* sparse */
	g_assert_cmpint(web_load(&web, p.dir), ==, -EFBIG);
	g_free(path);
	place_close(&p);

	p = place_new();
	path = g_strdup("d");
	add(&p, "index.html", "<page>");
	for (int i = 0; i <= WEB_MAX_DEPTH; i++) {
		char *deeper = g_strconcat(path, "/d", NULL);

		add(&p, path, NULL);
		g_free(path);
		path = deeper;
	}
	g_assert_cmpint(web_load(&web, p.dir), ==, -EFBIG);
	g_free(path);
	place_close(&p);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/web/files_are_found_by_path", files_are_found_by_path);
	g_test_add_func("/web/what_is_no_page_is_told", what_is_no_page_is_told);
	g_test_add_func("/web/the_wrong_directory_does_not_fill_memory",
			the_wrong_directory_does_not_fill_memory);
	return g_test_run();
}
