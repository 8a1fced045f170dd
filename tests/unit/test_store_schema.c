/* SPDX-License-Identifier: EUPL-1.2 */
/* Databases of earlier versions, tests/vectors/store/version-N.sql, under this one. */
#include <errno.h>
#include <glib.h>
#include <sqlite3.h>
#include <string.h>

#include "server/store_access.h"
#include "server/store_invite.h"
#include "server/store_visit.h"
#include "store_world.h"

/* What version 1 answered when it made the consultations of its file. */
#define V1_KEY	       "vk_pEZ99-qEZO5RnYiK2daoL3mreOlkNAfRUxBCJWeSEoI"
#define V1_OPEN	       "c7_WpJ25djMFu"
#define V1_ENDED       "cz8XWwEakHHsK"
#define V1_PATIENT     "jeW5PeCSo_yu-fP3gIPV6g"
#define V1_CLINICIAN   "b-8nrPdbqr_GlR1a8QxnfQ"
#define V1_INTERPRETER "rukTPhmBz-BJLl0LefKuLQ"
#define V1_GONE	       "IAobNWez-I-86_XU7sGz0w"

static void fill(const struct store_place *p, const char *name)
{
	char *path = g_test_build_filename(G_TEST_DIST, "tests", "vectors", "store", name, NULL);
	char *text = NULL;

	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	store_place_sql(p, text);
	g_free(text);
	g_free(path);
}

static void links_of_version_1_still_open_their_consultation(void)
{
	struct principal who;
	static const struct {
		const char *token, *name;
		enum role role;
	} links[] = {
		{V1_PATIENT, "Elsa", ROLE_PATIENT},
		{V1_CLINICIAN, "Anna Berg", ROLE_CLINICIAN},
		{V1_INTERPRETER, "Tolk", ROLE_INTERPRETER},
	};
	struct store_place p = store_place_new();
	struct service_invite invite;
	struct store *store;

	fill(&p, "version-1.sql");
	store = store_place_open(&p, 1);
	for (size_t i = 0; i < G_N_ELEMENTS(links); i++) {
		g_assert_cmpint(store_invite_find(store, links[i].token, &invite), ==, 0);
		g_assert_cmpstr(invite.consultation_id, ==, V1_OPEN);
		g_assert_cmpstr(invite.name, ==, links[i].name);
		g_assert_cmpint(invite.role, ==, links[i].role);
		g_assert_false(invite.is_ended);
	}
	g_assert_cmpint(store_invite_find(store, V1_GONE, &invite), ==, 0);
	g_assert_true(invite.is_ended);
	g_assert_cmpint(store_api_key_find(store, 1, V1_KEY, &who), ==, 0);
	g_assert_cmpuint(who.scopes, ==, SCOPES_ALL);
	g_assert_cmpstr(who.unit_id, ==, "");
	store_close(store);
	store_place_remove(&p);
}

static void consultations_of_version_1_have_a_state(void)
{
	struct store_place p = store_place_new();
	struct store_consultation c;
	struct store *store;

	fill(&p, "version-1.sql");
	store = store_place_open(&p, 2);
	g_assert_cmpint(store_consultation_get(store, V1_OPEN, &c), ==, 0);
	g_assert_cmpuint(c.participant_count, ==, 3);
	g_assert_cmpint(store_consultation_end(store, 2000000000, V1_OPEN), ==, 0);
	store_close(store);
	g_assert_cmpint(store_place_ask(&p, "SELECT count(*) FROM consultation "
					    "WHERE state = 'ended' AND id IN ('" V1_OPEN
					    "', '" V1_ENDED "')"),
			==, 2);
	g_assert_cmpint(store_place_ask(&p, "SELECT count(*) FROM consultation "
					    "WHERE state = 'planned' AND has_waiting_room = 0"),
			==, 1);
	g_assert_cmpint(
		store_place_ask(&p,
				"SELECT count(*) FROM participant WHERE admission <> 'admitted'"),
		==, 0);
	g_assert_cmpint(store_place_ask(&p, "SELECT count(*) FROM api_key WHERE id <> '' "
					    "AND scopes = '*' AND unit_id = ''"),
			==, 1);
	store_place_remove(&p);
}

static void a_migrated_database_is_as_a_new_one(void)
{
	/* Names of tables and columns with their types; how a table came to be is in no row. */
	static const char shape[] =
		"SELECT group_concat(word, ' ') FROM (SELECT m.name || '.' || c.name || ':' || "
		"c.type || ':' || c.\"notnull\" || ':' || coalesce(c.dflt_value, '-') AS word "
		"FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' "
		"ORDER BY word)";
	char *text[2];

	for (size_t i = 0; i < G_N_ELEMENTS(text); i++) {
		struct store_place p = store_place_new();
		sqlite3 *db = NULL;
		sqlite3_stmt *s = NULL;

		if (i == 1)
			fill(&p, "version-1.sql");
		store_close(store_place_open(&p, 3));
		g_assert_cmpint(sqlite3_open(p.path, &db), ==, SQLITE_OK);
		g_assert_cmpint(sqlite3_prepare_v2(db, shape, -1, &s, NULL), ==, SQLITE_OK);
		g_assert_cmpint(sqlite3_step(s), ==, SQLITE_ROW);
		text[i] = g_strdup((const char *)sqlite3_column_text(s, 0));
		sqlite3_finalize(s);
		sqlite3_close(db);
		store_place_remove(&p);
	}
	g_assert_nonnull(strstr(text[0], "outbox.address:TEXT:1"));
	g_assert_cmpstr(text[0], ==, text[1]);
	g_free(text[0]);
	g_free(text[1]);
}

static void a_newer_schema_is_left_alone(void)
{
	struct store_place p = store_place_new();
	struct store *store = NULL;

	store_close(store_place_open(&p, 13));
	store_place_sql(&p, "PRAGMA user_version = 999");
	g_assert_cmpint(store_open(&store, p.path, rng_seeded(14)), ==, -EPROTO);
	store_place_remove(&p);
}

/* A step that fails half way leaves the database as it was, and a later start succeeds. */
static void a_migration_is_whole_or_not_at_all(void)
{
	struct store_place p = store_place_new();
	struct store *store = NULL;

	fill(&p, "version-1.sql");
	store_place_sql(&p, "CREATE TABLE webhook_out (stranger TEXT)");
	g_assert_cmpint(store_open(&store, p.path, rng_seeded(15)), ==, -EIO);
	g_assert_cmpint(store_place_ask(&p, "SELECT count(*) FROM sqlite_schema "
					    "WHERE type = 'table' AND name <> 'webhook_out'"),
			==, 3);
	g_assert_cmpint(store_place_ask(&p, "PRAGMA user_version"), ==, 1);
	store_place_sql(&p, "DROP TABLE webhook_out");
	store_close(store_place_open(&p, 16));
	g_assert_cmpint(store_place_ask(&p, "PRAGMA user_version"), ==, 3);
	store_place_remove(&p);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/store_schema/links_of_version_1_still_open_their_consultation",
			links_of_version_1_still_open_their_consultation);
	g_test_add_func("/store_schema/consultations_of_version_1_have_a_state",
			consultations_of_version_1_have_a_state);
	g_test_add_func("/store_schema/a_migrated_database_is_as_a_new_one",
			a_migrated_database_is_as_a_new_one);
	g_test_add_func("/store_schema/a_newer_schema_is_left_alone", a_newer_schema_is_left_alone);
	g_test_add_func("/store_schema/a_migration_is_whole_or_not_at_all",
			a_migration_is_whole_or_not_at_all);
	return g_test_run();
}
