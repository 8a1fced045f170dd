/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server/store_access.h"
#include "server/store_invite.h"
#include "server/store_visit.h"
#include "store_world.h"

static struct store_consultation sample(void)
{
	struct store_consultation c = {.title = "Uppföljning", .participant_count = 2};

	c.participant[0] = (struct store_participant){.role = ROLE_PATIENT, .name = "Elsa"};
	c.participant[1] = (struct store_participant){.role = ROLE_CLINICIAN, .name = "Anna Berg"};
	return c;
}

static void a_consultation_is_found_again(void)
{
	struct store_place p = store_place_new();
	struct store *store = store_place_open(&p, 1);
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
	store_place_remove(&p);
}

static void a_consultation_ends_once(void)
{
	struct store_place p = store_place_new();
	struct store *store = store_place_open(&p, 2);
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
	store_place_remove(&p);
}

static void the_largest_consultation_fits(void)
{
	struct store_place p = store_place_new();
	struct store *store = store_place_open(&p, 3);
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
	store_place_remove(&p);
}

static void secrets_never_reach_the_disk(void)
{
	struct store_place p = store_place_new();
	struct store *store = store_place_open(&p, 5);
	struct store_consultation c = sample();
	struct store_api_key made = {.label = "demo", .scopes = SCOPES_ALL};
	struct stat st;
	char key[STORE_API_KEY_BYTES];

	g_assert_cmpint(store_consultation_create(store, 1, &c), ==, 0);
	g_assert_cmpint(store_api_key_create(store, 1, &made, key), ==, 0);
	store_place_lacks(&p, c.participant[0].token); /* with the write-ahead log */
	store_close(store);
	store_place_lacks(&p, c.participant[0].token);
	store_place_lacks(&p, c.participant[1].token);
	store_place_lacks(&p, key);
	g_assert_cmpint(stat(p.path, &st), ==, 0);
	g_assert_cmpuint(st.st_mode & 0777, ==, 0600);
	store_place_remove(&p);
}

/* A child creates a consultation and is killed: what was answered is there. */
static void what_was_answered_survives_a_kill(void)
{
	struct store_place p = store_place_new();
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
	store = store_place_open(&p, 7);
	g_assert_cmpint(store_invite_find(store, c.participant[1].token, &invite), ==, 0);
	g_assert_cmpstr(invite.name, ==, "Anna Berg");
	store_close(store);
	close(fds[0]);
	store_place_remove(&p);
}

static void a_second_opener_is_told_busy(void)
{
	struct store_place p = store_place_new();
	struct store *one = store_place_open(&p, 8), *two = NULL;

	g_assert_cmpint(store_open(&two, p.path, rng_seeded(9)), ==, -EBUSY);
	g_assert_null(two);
	store_close(one);
	two = store_place_open(&p, 9);
	store_close(two);
	store_place_remove(&p);
}

static void another_programs_lock_is_told_busy(void)
{
	struct store_place p = store_place_new();
	struct store *store = store_place_open(&p, 10);
	sqlite3 *other = NULL;

	store_close(store);
	store = NULL;
	g_assert_cmpint(sqlite3_open(p.path, &other), ==, SQLITE_OK);
	g_assert_cmpint(sqlite3_exec(other, "BEGIN EXCLUSIVE", NULL, NULL, NULL), ==, SQLITE_OK);
	g_assert_cmpint(store_open(&store, p.path, rng_seeded(11)), ==, -EBUSY);
	sqlite3_close(other);
	store = store_place_open(&p, 12);
	store_close(store);
	store_place_remove(&p);
}

static void a_broken_file_is_no_database(void)
{
	struct store_place p = store_place_new();
	struct store *store = NULL;
	char junk[4096];

	memset(junk, 'j', sizeof(junk));
	g_assert_true(g_file_set_contents(p.path, junk, sizeof(junk), NULL));
	g_assert_cmpint(store_open(&store, p.path, rng_seeded(17)), ==, -EIO);
	store_place_remove(&p);
	g_assert_cmpint(store_open(&store, "/nonexistent/vidd.db", rng_seeded(18)), <, 0);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/store/a_consultation_is_found_again", a_consultation_is_found_again);
	g_test_add_func("/store/a_consultation_ends_once", a_consultation_ends_once);
	g_test_add_func("/store/the_largest_consultation_fits", the_largest_consultation_fits);
	g_test_add_func("/store/secrets_never_reach_the_disk", secrets_never_reach_the_disk);
	g_test_add_func("/store/what_was_answered_survives_a_kill",
			what_was_answered_survives_a_kill);
	g_test_add_func("/store/a_second_opener_is_told_busy", a_second_opener_is_told_busy);
	g_test_add_func("/store/another_programs_lock_is_told_busy",
			another_programs_lock_is_told_busy);
	g_test_add_func("/store/a_broken_file_is_no_database", a_broken_file_is_no_database);
	return g_test_run();
}
