/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/store_thread.h"

#include <errno.h>
#include <glib.h>

#include "server/message.h"
#include "server/store_db.h"
#include "store_gate.h"
#include "store_world.h"

static const char add_provider[] = "INSERT INTO provider (id, name) VALUES (?, '')";
static const char count_providers[] = "SELECT count(*) FROM provider";

struct world {
	struct store_place place;
	struct mailbox *front;
	struct store_thread *thread;
	struct store_gate *gate; /* shut: what is posted waits behind it */
};

/* Adds a provider of that number, and then does what is asked. */
struct add_job {
	struct store_job job;
	int number;
	int (*then)(struct store *store);
	bool was_in_group;
};

static void world_open(struct world *w)
{
	*w = (struct world){.place = store_place_new()};
	g_assert_cmpint(mailbox_new(&w->front, sizeof(struct front_message), 512), ==, 0);
	g_assert_cmpint(store_thread_new(&w->thread, store_place_open(&w->place, 1), w->front), ==,
			0);
	w->gate = store_gate_shut(w->thread);
}

static void let_go(struct world *w)
{
	store_gate_open(w->gate);
	store_job_free(store_gate_next_done(w->front));
}

static void world_close(struct world *w)
{
	store_thread_free(w->thread);
	mailbox_free(w->front);
	store_place_remove(&w->place);
}

static void add_run(struct store *store, struct store_job *job)
{
	struct add_job *a = (struct add_job *)job;
	struct db_query *q = db_query(store_db(store), add_provider);
	char id[16];

	a->was_in_group = store_group_is_open(store);
	g_snprintf(id, sizeof(id), "p%d", a->number);
	db_put_text(q, id);
	job->result = db_run(q);
	if (job->result == 0 && a->then != NULL)
		job->result = a->then(store);
}

static void nothing(struct hub *hub, struct store_job *job)
{
	(void)hub;
	(void)job;
}

static void discard(struct store_job *job)
{
	g_free(job);
}

static struct add_job *post(struct world *w, int number, int (*then)(struct store *store))
{
	struct add_job *a = g_new0(struct add_job, 1);

	a->job = (struct store_job){.run = add_run, .done = nothing, .close = discard};
	a->number = number;
	a->then = then;
	g_assert_cmpint(store_thread_post(w->thread, &a->job), ==, 0);
	return a;
}

/* The next to be done is this one, and it went so. */
static void check_next(struct world *w, int number, int result, bool was_in_group)
{
	struct add_job *a = (struct add_job *)store_gate_next_done(w->front);

	g_assert_cmpint(a->number, ==, number);
	g_assert_cmpint(a->job.result, ==, result);
	g_assert_cmpint(a->was_in_group, ==, was_in_group);
	store_job_free(&a->job);
}

static int64_t count(const struct world *w)
{
	return store_place_ask(&w->place, count_providers);
}

static void what_waits_is_kept_by_one_commit_in_its_order(void)
{
	struct world w;

	world_open(&w);
	for (int i = 0; i < 150; i++)
		post(&w, i, NULL);
	let_go(&w);
	for (int i = 0; i < 150; i++)
		check_next(&w, i, 0, true);
	g_assert_cmpint(count(&w), ==, 150);
	post(&w, 150, NULL); /* nobody beside it */
	check_next(&w, 150, 0, false);
	world_close(&w);
}

/* A transaction of which the second half is refused. */
static int add_twice(struct store *store)
{
	static const char again[] = "INSERT INTO provider (id, name) VALUES ('twice', '')";
	int r = db_begin(store_db(store));

	if (r == 0)
		r = db_run(db_query(store_db(store), again));
	if (r == 0)
		r = db_run(db_query(store_db(store), again));
	return db_finish(store_db(store), r);
}

static int add_apart(struct store *store)
{
	static const char one[] = "INSERT INTO provider (id, name) VALUES ('apart', '')";
	int r = db_begin(store_db(store));

	return r < 0 ? r : db_finish(store_db(store), db_run(db_query(store_db(store), one)));
}

static void one_that_fails_takes_no_other_with_it(void)
{
	struct world w;

	world_open(&w);
	post(&w, 1, NULL);
	post(&w, 2, add_twice);
	post(&w, 1, NULL);
	post(&w, 3, add_apart);
	let_go(&w);
	check_next(&w, 1, 0, true);
	check_next(&w, 2, -EEXIST, true);
	check_next(&w, 1, -EEXIST, true);
	check_next(&w, 3, 0, true);
	g_assert_cmpint(count(&w), ==, 4); /* 1, 2, 3 and what 3 added apart */
	world_close(&w);
}

static void who_wants_the_database_alone_has_it(void)
{
	struct world w;

	world_open(&w);
	post(&w, 1, NULL);
	post(&w, 2, NULL);
	post(&w, 3, NULL)->job.is_alone = true; /* the thread is still held */
	post(&w, 4, NULL);
	post(&w, 5, NULL);
	let_go(&w);
	check_next(&w, 1, 0, true);
	check_next(&w, 2, 0, true);
	check_next(&w, 3, 0, false);
	check_next(&w, 4, 0, true);
	check_next(&w, 5, 0, true);
	world_close(&w);
}

/* What a commit refuses. */
static int owe(struct store *store)
{
	static const char later[] = "PRAGMA defer_foreign_keys = ON";
	static const char orphan[] =
		"INSERT INTO unit (id, provider_id, name) VALUES ('u', 'nobody', '')";
	int r = db_run(db_query(store_db(store), later));

	return r < 0 ? r : db_run(db_query(store_db(store), orphan));
}

static void what_cannot_be_committed_is_told_to_all(void)
{
	struct world w;

	world_open(&w);
	post(&w, 1, NULL);
	post(&w, 2, owe);
	post(&w, 3, NULL);
	let_go(&w);
	for (int i = 1; i <= 3; i++)
		check_next(&w, i, -EIO, true);
	g_assert_cmpint(count(&w), ==, 0);
	post(&w, 4, NULL);
	check_next(&w, 4, 0, false);
	g_assert_cmpint(count(&w), ==, 1);
	world_close(&w);
}

/* As SQLite does by itself where there is no room. */
static int roll_back(struct store *store)
{
	static const char sql[] = "INSERT OR ROLLBACK INTO provider (id, name) VALUES ('p2', '')";

	return db_run(db_query(store_db(store), sql));
}

static void what_was_rolled_back_is_told_and_the_rest_goes_on(void)
{
	struct world w;

	world_open(&w);
	post(&w, 1, NULL);
	post(&w, 2, roll_back);
	post(&w, 3, NULL);
	post(&w, 4, NULL);
	let_go(&w);
	check_next(&w, 1, -EIO, true);
	check_next(&w, 2, -EIO, true);
	check_next(&w, 3, 0, true);
	check_next(&w, 4, 0, true);
	g_assert_cmpint(count(&w), ==, 2);
	world_close(&w);
}

/* Another program writes, and what only reads does not wait for it. */
static int read_only(struct store *store)
{
	struct db_query *q = db_query(store_db(store), count_providers);
	int r = db_step(q);

	db_end(q);
	return r < 0 ? r : 0;
}

static void read_run(struct store *store, struct store_job *job)
{
	((struct add_job *)job)->was_in_group = store_group_is_open(store);
	job->result = read_only(store);
}

static void a_lock_elsewhere_holds_up_no_reader(void)
{
	static const char lock[] = "BEGIN IMMEDIATE";
	struct store *other = NULL;
	int64_t began_us;
	struct world w;

	world_open(&w);
	g_assert_cmpint(store_open_beside(&other, w.place.path, rng_seeded(2)), ==, 0);
	g_assert_cmpint(db_run(db_query(store_db(other), lock)), ==, 0);
	for (int i = 0; i < 5; i++)
		post(&w, i, NULL)->job.run = read_run; /* the thread is still held */
	began_us = g_get_monotonic_time();
	let_go(&w);
	for (int i = 0; i < 5; i++)
		check_next(&w, i, 0, false);
	g_assert_cmpint(g_get_monotonic_time() - began_us, <, 1900000); /* of 2 s each */
	store_close(other);
	world_close(&w);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/store_thread/what_waits_is_kept_by_one_commit_in_its_order",
			what_waits_is_kept_by_one_commit_in_its_order);
	g_test_add_func("/store_thread/one_that_fails_takes_no_other_with_it",
			one_that_fails_takes_no_other_with_it);
	g_test_add_func("/store_thread/who_wants_the_database_alone_has_it",
			who_wants_the_database_alone_has_it);
	g_test_add_func("/store_thread/what_cannot_be_committed_is_told_to_all",
			what_cannot_be_committed_is_told_to_all);
	g_test_add_func("/store_thread/what_was_rolled_back_is_told_and_the_rest_goes_on",
			what_was_rolled_back_is_told_and_the_rest_goes_on);
	g_test_add_func("/store_thread/a_lock_elsewhere_holds_up_no_reader",
			a_lock_elsewhere_holds_up_no_reader);
	return g_test_run();
}
