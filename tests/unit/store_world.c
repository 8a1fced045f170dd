/* SPDX-License-Identifier: EUPL-1.2 */
#include "store_world.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "server/store_audit.h"

struct store_place store_place_new(void)
{
	struct store_place p = {.dir = g_dir_make_tmp("vidd-store-XXXXXX", NULL)};

	g_assert_nonnull(p.dir);
	p.path = g_build_filename(p.dir, "vidd.db", NULL);
	return p;
}

void store_place_remove(struct store_place *p)
{
	GDir *dir = g_dir_open(p->dir, 0, NULL);
	const char *name;

	while ((name = g_dir_read_name(dir)) != NULL) {
		char *path = g_build_filename(p->dir, name, NULL);

		g_unlink(path);
		g_free(path);
	}
	g_dir_close(dir);
	g_rmdir(p->dir);
	g_free(p->dir);
	g_free(p->path);
}

struct store *store_place_open(const struct store_place *p, uint64_t seed)
{
	struct store *store = NULL;

	g_assert_cmpint(store_open(&store, p->path, rng_seeded(seed)), ==, 0);
	return store;
}

void store_place_sql(const struct store_place *p, const char *text)
{
	sqlite3 *db = NULL;

	g_assert_cmpint(sqlite3_open(p->path, &db), ==, SQLITE_OK);
	(void)sqlite3_busy_timeout(db, 5000); /* beside a store that is at work */
	g_assert_cmpint(sqlite3_exec(db, text, NULL, NULL, NULL), ==, SQLITE_OK);
	sqlite3_close(db);
}

int64_t store_place_ask(const struct store_place *p, const char *text)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *s = NULL;
	int64_t value;

	g_assert_cmpint(sqlite3_open(p->path, &db), ==, SQLITE_OK);
	g_assert_cmpint(sqlite3_prepare_v2(db, text, -1, &s, NULL), ==, SQLITE_OK);
	g_assert_cmpint(sqlite3_step(s), ==, SQLITE_ROW);
	value = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	sqlite3_close(db);
	return value;
}

void store_place_lacks(const struct store_place *p, const char *secret)
{
	GDir *dir = g_dir_open(p->dir, 0, NULL);
	const char *name;

	while ((name = g_dir_read_name(dir)) != NULL) {
		char *path = g_build_filename(p->dir, name, NULL);
		char *text = NULL;
		gsize len;

		g_assert_true(g_file_get_contents(path, &text, &len, NULL));
		if (memmem(text, len, secret, strlen(secret)) != NULL)
			g_error("%s holds %s", name, secret);
		g_free(text);
		g_free(path);
	}
	g_dir_close(dir);
}

void trail_open(struct trail *trail)
{
	*trail = (struct trail){.place = store_place_new(), .key = audit_key_new()};
	trail->store = store_place_open(&trail->place, 1);
}

void trail_close(struct trail *trail)
{
	store_close(trail->store);
	store_place_remove(&trail->place);
	audit_key_free(trail->key);
}

int trail_add(struct trail *trail, struct audit_event event, int64_t at_ms)
{
	char id[16];
	char *text;
	int r;

	g_snprintf(id, sizeof(id), "e%d", trail->next++);
	event.id = id;
	event.at_ms = at_ms;
	text = audit_record_text(&event);
	r = store_audit_append(trail->store, trail->key, at_ms, (const char *const[]){text}, 1);
	g_free(text);
	return r;
}
