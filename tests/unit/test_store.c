/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server/store.h"

struct place {
	char *dir;
	char *path;
};

static struct place place_new(void)
{
	struct place p = {.dir = g_dir_make_tmp("vidd-store-XXXXXX", NULL)};

	g_assert_nonnull(p.dir);
	p.path = g_build_filename(p.dir, "vidd.db", NULL);
	return p;
}

static void place_remove(struct place *p)
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

static struct store *open_store(const struct place *p, uint64_t seed)
{
	struct store *store = NULL;

	g_assert_cmpint(store_open(&store, p->path, rng_seeded(seed)), ==, 0);
	return store;
}

static struct store_consultation sample(void)
{
	struct store_consultation c = {.title = "Uppföljning", .participant_count = 2};

	c.participant[0] = (struct store_participant){.role = ROLE_PATIENT, .name = "Elsa"};
	c.participant[1] = (struct store_participant){.role = ROLE_CLINICIAN, .name = "Anna Berg"};
	return c;
}

static void a_consultation_is_found_again(void)
{
	struct place p = place_new();
	struct store *store = open_store(&p, 1);
	struct store_consultation c = sample(), got;
	struct service_invite invite;

	g_assert_cmpint(store_consultation_create(store, 1000, &c), ==, 0);
	g_assert_cmpuint(strlen(c.participant[0].token), ==, STORE_TOKEN_TEXT);
	g_assert_cmpstr(c.participant[0].token, !=, c.participant[1].token);
	g_assert_cmpstr(c.participant[0].id, !=, c.participant[1].id);

	g_assert_cmpint(store_consultation_get(store, c.id, &got), ==, 0);
	g_assert_cmpstr(got.title, ==, "Uppföljning");
	g_assert_cmpint(got.created_unix_s, ==, 1000);
	g_assert_cmpint(got.ended_unix_s, ==, 0);
	g_assert_cmpuint(got.participant_count, ==, 2);
	g_assert_cmpint(got.participant[1].role, ==, ROLE_CLINICIAN);
	g_assert_cmpstr(got.participant[1].name, ==, "Anna Berg");
	g_assert_cmpstr(got.participant[1].token, ==, "");

	g_assert_cmpint(store_invite_find(store, c.participant[0].token, &invite), ==, 0);
	g_assert_cmpstr(invite.consultation_id, ==, c.id);
	g_assert_cmpstr(invite.participant_id, ==, c.participant[0].id);
	g_assert_cmpstr(invite.name, ==, "Elsa");
	g_assert_cmpint(invite.role, ==, ROLE_PATIENT);
	g_assert_false(invite.is_ended);

	g_assert_cmpint(store_consultation_get(store, "nobody", &got), ==, -ENOENT);
	g_assert_cmpint(store_invite_find(store, "", &invite), ==, -ENOENT);
	g_assert_cmpint(store_invite_find(store, "pLq3mO0a9RkYt2bVx7cZ1g", &invite), ==, -ENOENT);
	store_close(store);
	place_remove(&p);
}

static void a_consultation_ends_once(void)
{
	struct place p = place_new();
	struct store *store = open_store(&p, 2);
	struct store_consultation c = sample(), got;
	struct service_invite invite;

	g_assert_cmpint(store_consultation_create(store, 1000, &c), ==, 0);
	g_assert_cmpint(store_consultation_end(store, 2000, "nobody"), ==, -ENOENT);
	g_assert_cmpint(store_consultation_end(store, 2000, c.id), ==, 0);
	g_assert_cmpint(store_consultation_end(store, 3000, c.id), ==, 0);
	g_assert_cmpint(store_consultation_get(store, c.id, &got), ==, 0);
	g_assert_cmpint(got.ended_unix_s, ==, 2000);
	g_assert_cmpint(store_invite_find(store, c.participant[0].token, &invite), ==, 0);
	g_assert_true(invite.is_ended);
	store_close(store);
	place_remove(&p);
}

static void the_largest_consultation_fits(void)
{
	struct place p = place_new();
	struct store *store = open_store(&p, 3);
	struct store_consultation c = {.participant_count = LIMIT_PARTICIPANTS}, got;

	memset(c.title, 'x', LIMIT_NAME_BYTES);
	for (size_t i = 0; i < LIMIT_PARTICIPANTS; i++) {
		c.participant[i].role = (enum role)(i % ROLE_COUNT);
		memset(c.participant[i].name, 'a' + (int)i, LIMIT_NAME_BYTES);
	}
	g_assert_cmpint(store_consultation_create(store, 1, &c), ==, 0);
	g_assert_cmpint(store_consultation_get(store, c.id, &got), ==, 0);
	g_assert_cmpuint(got.participant_count, ==, LIMIT_PARTICIPANTS);
	g_assert_cmpstr(got.title, ==, c.title);
	for (size_t i = 0; i < LIMIT_PARTICIPANTS; i++) {
		g_assert_cmpstr(got.participant[i].name, ==, c.participant[i].name);
		g_assert_cmpint(got.participant[i].role, ==, c.participant[i].role);
	}
	store_close(store);
	place_remove(&p);
}

static void api_keys_are_checked(void)
{
	struct place p = place_new();
	struct store *store = open_store(&p, 4);
	char one[48], two[48];

	g_assert_cmpint(store_api_key_create(store, 1, "demo", one), ==, 0);
	g_assert_cmpint(store_api_key_create(store, 1, "booking", two), ==, 0);
	g_assert_cmpstr(one, !=, two);
	g_assert_cmpint(store_api_key_check(store, one), ==, 0);
	g_assert_cmpint(store_api_key_check(store, two), ==, 0);
	one[10] = one[10] == 'A' ? 'B' : 'A';
	g_assert_cmpint(store_api_key_check(store, one), ==, -EPERM);
	g_assert_cmpint(store_api_key_check(store, ""), ==, -EPERM);
	store_close(store);
	place_remove(&p);
}

static void assert_files_lack(const struct place *p, const char *secret)
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

static void secrets_never_reach_the_disk(void)
{
	struct place p = place_new();
	struct store *store = open_store(&p, 5);
	struct store_consultation c = sample();
	struct stat st;
	char key[48];

	g_assert_cmpint(store_consultation_create(store, 1, &c), ==, 0);
	g_assert_cmpint(store_api_key_create(store, 1, "demo", key), ==, 0);
	assert_files_lack(&p, c.participant[0].token); /* with the write-ahead log */
	store_close(store);
	assert_files_lack(&p, c.participant[0].token);
	assert_files_lack(&p, c.participant[1].token);
	assert_files_lack(&p, key);
	g_assert_cmpint(stat(p.path, &st), ==, 0);
	g_assert_cmpuint(st.st_mode & 0777, ==, 0600);
	place_remove(&p);
}

/* A child creates a consultation and is killed: what was answered is there. */
static void what_was_answered_survives_a_kill(void)
{
	struct place p = place_new();
	struct store_consultation c = sample();
	struct service_invite invite;
	struct store *store;
	int fds[2], status;
	pid_t child;

	g_assert_cmpint(pipe(fds), ==, 0);
	child = fork();
	if (child == 0) {
		if (store_open(&store, p.path, rng_seeded(6)) == 0 &&
		    store_consultation_create(store, 1, &c) == 0 &&
		    write(fds[1], &c, sizeof(c)) == (ssize_t)sizeof(c))
			(void)raise(SIGKILL);
		_exit(1);
	}
	close(fds[1]);
	for (size_t got = 0; got < sizeof(c);) {
		ssize_t n = read(fds[0], (char *)&c + got, sizeof(c) - got);

		g_assert_cmpint(n, >, 0);
		got += (size_t)n;
	}
	g_assert_cmpint(waitpid(child, &status, 0), ==, child);
	g_assert_true(WIFSIGNALED(status));
	store = open_store(&p, 7);
	g_assert_cmpint(store_invite_find(store, c.participant[1].token, &invite), ==, 0);
	g_assert_cmpstr(invite.name, ==, "Anna Berg");
	store_close(store);
	close(fds[0]);
	place_remove(&p);
}

static void a_second_opener_is_told_busy(void)
{
	struct place p = place_new();
	struct store *one = open_store(&p, 8), *two = NULL;

	g_assert_cmpint(store_open(&two, p.path, rng_seeded(9)), ==, -EBUSY);
	g_assert_null(two);
	store_close(one);
	two = open_store(&p, 9);
	store_close(two);
	place_remove(&p);
}

static void another_programs_lock_is_told_busy(void)
{
	struct place p = place_new();
	struct store *store = open_store(&p, 10);
	sqlite3 *other = NULL;

	store_close(store);
	store = NULL;
	g_assert_cmpint(sqlite3_open(p.path, &other), ==, SQLITE_OK);
	g_assert_cmpint(sqlite3_exec(other, "BEGIN EXCLUSIVE", NULL, NULL, NULL), ==, SQLITE_OK);
	g_assert_cmpint(store_open(&store, p.path, rng_seeded(11)), ==, -EBUSY);
	sqlite3_close(other);
	store = open_store(&p, 12);
	store_close(store);
	place_remove(&p);
}

static void sql(const struct place *p, const char *text)
{
	sqlite3 *db = NULL;

	g_assert_cmpint(sqlite3_open(p->path, &db), ==, SQLITE_OK);
	g_assert_cmpint(sqlite3_exec(db, text, NULL, NULL, NULL), ==, SQLITE_OK);
	sqlite3_close(db);
}

static void a_newer_schema_is_left_alone(void)
{
	struct place p = place_new();
	struct store *store = open_store(&p, 13);

	store_close(store);
	store = NULL;
	sql(&p, "PRAGMA user_version = 999");
	g_assert_cmpint(store_open(&store, p.path, rng_seeded(14)), ==, -EPROTO);
	place_remove(&p);
}

/* An empty database (version 0) is what the first step starts from; a step that fails half way
 * leaves it as it was. */
static void a_migration_is_whole_or_not_at_all(void)
{
	struct place p = place_new();
	struct store *store = NULL;
	sqlite3 *db = NULL;
	sqlite3_stmt *s = NULL;

	sql(&p, "CREATE TABLE api_key (stranger TEXT)");
	g_assert_cmpint(store_open(&store, p.path, rng_seeded(15)), ==, -EIO);
	g_assert_cmpint(sqlite3_open(p.path, &db), ==, SQLITE_OK);
	g_assert_cmpint(sqlite3_prepare_v2(db, "SELECT count(*) FROM sqlite_schema", -1, &s, NULL),
			==, SQLITE_OK);
	g_assert_cmpint(sqlite3_step(s), ==, SQLITE_ROW);
	g_assert_cmpint(sqlite3_column_int(s, 0), ==, 1);
	sqlite3_finalize(s);
	sqlite3_close(db);
	sql(&p, "DROP TABLE api_key");
	store = open_store(&p, 16);
	store_close(store);
	place_remove(&p);
}

static void a_broken_file_is_no_database(void)
{
	struct place p = place_new();
	struct store *store = NULL;
	char junk[4096];

	memset(junk, 'j', sizeof(junk));
	g_assert_true(g_file_set_contents(p.path, junk, sizeof(junk), NULL));
	g_assert_cmpint(store_open(&store, p.path, rng_seeded(17)), ==, -EIO);
	place_remove(&p);
	g_assert_cmpint(store_open(&store, "/nonexistent/vidd.db", rng_seeded(18)), <, 0);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/store/a_consultation_is_found_again", a_consultation_is_found_again);
	g_test_add_func("/store/a_consultation_ends_once", a_consultation_ends_once);
	g_test_add_func("/store/the_largest_consultation_fits", the_largest_consultation_fits);
	g_test_add_func("/store/api_keys_are_checked", api_keys_are_checked);
	g_test_add_func("/store/secrets_never_reach_the_disk", secrets_never_reach_the_disk);
	g_test_add_func("/store/what_was_answered_survives_a_kill",
			what_was_answered_survives_a_kill);
	g_test_add_func("/store/a_second_opener_is_told_busy", a_second_opener_is_told_busy);
	g_test_add_func("/store/another_programs_lock_is_told_busy",
			another_programs_lock_is_told_busy);
	g_test_add_func("/store/a_newer_schema_is_left_alone", a_newer_schema_is_left_alone);
	g_test_add_func("/store/a_migration_is_whole_or_not_at_all",
			a_migration_is_whole_or_not_at_all);
	g_test_add_func("/store/a_broken_file_is_no_database", a_broken_file_is_no_database);
	return g_test_run();
}
