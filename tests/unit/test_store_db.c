/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib.h>

#include "server/store_db.h"
#include "store_world.h"

static const char add_place[] = "INSERT INTO provider (id, name) VALUES (?, ?)";
static const char count_them[] = "SELECT count(*) FROM provider";

static int add(struct store *store, const char *id, const char *name)
{
	struct db_query *q = db_query(store_db(store), add_place);

	db_put_text(q, id);
	db_put_text(q, name);
	return db_run(q);
}

static int64_t count(struct store *store)
{
	struct db_query *q = db_query(store_db(store), count_them);
	int64_t n;

	g_assert_cmpint(db_step(q), ==, 1);
	n = db_int(q, 0);
	db_end(q);
	return n;
}

static void values_come_back_as_they_were_put(void)
{
	static const char echo[] = "SELECT ?, ?, ?, ?, NULL";
	static const uint8_t bytes[] = {0, 1, 255};
	struct store_place p = store_place_new();
	struct store *store = store_place_open(&p, 1);
	char text[32], cut[4];
	uint8_t out[3];

	for (int round = 0; round < 2; round++) { /* the statement is used again */
		struct db_query *q = db_query(store_db(store), echo);

		db_put_text(q, "Åsele");
		db_put_int(q, INT64_MIN);
		db_put_blob(q, bytes, sizeof(bytes));
		db_put_text(q, NULL);
		g_assert_cmpint(db_step(q), ==, 1);
		db_text(q, 0, text, sizeof(text));
		g_assert_cmpstr(text, ==, "Åsele");
		g_assert_cmpint(db_int(q, 1), ==, INT64_MIN);
		g_assert_true(db_blob(q, 2, out, sizeof(out)));
		g_assert_cmpmem(out, sizeof(out), bytes, sizeof(bytes));
		g_assert_false(db_blob(q, 2, out, 2));
		g_assert_cmpstr(db_peek(q, 3), ==, "");
		g_assert_cmpstr(db_peek(q, 4), ==, "");
		g_assert_cmpint(db_int(q, 4), ==, 0);
		db_text(q, 0, cut, sizeof(cut));
		g_assert_cmpstr(cut, ==, "Ås");
		g_assert_cmpint(db_step(q), ==, 0);
	}
	store_close(store);
	store_place_remove(&p);
}

static void a_refused_row_is_told_from_a_failure(void)
{
	static const char orphan[] =
		"INSERT INTO unit (id, provider_id, name) VALUES ('u', 'x', '')";
	static const char nonsense[] = "SELECT nothing FROM nowhere";
	static const char rename_it[] = "UPDATE provider SET name = 'b' WHERE id = ?";
	struct store_place p = store_place_new();
	struct store *store = store_place_open(&p, 2);
	struct db_query *q;

	g_assert_cmpint(add(store, "a", "A"), ==, 0);
	g_assert_cmpint(add(store, "a", "A"), ==, -EEXIST);
	g_assert_cmpint(db_run(db_query(store_db(store), orphan)), ==, -EEXIST);
	g_assert_cmpint(db_run(db_query(store_db(store), nonsense)), ==, -EIO);
	q = db_query(store_db(store), rename_it);
	db_put_text(q, "nobody");
	g_assert_cmpint(db_run_one(q), ==, -ENOENT);
	q = db_query(store_db(store), rename_it);
	db_put_text(q, "a");
	g_assert_cmpint(db_run_one(q), ==, 0);
	/* One parameter too many. */
	q = db_query(store_db(store), rename_it);
	db_put_text(q, "a");
	db_put_text(q, "b");
	g_assert_cmpint(db_run(q), ==, -EIO);
	store_close(store);
	store_place_remove(&p);
}

static void a_transaction_is_whole_or_not_at_all(void)
{
	struct store_place p = store_place_new();
	struct store *store = store_place_open(&p, 3);
	struct db *db = store_db(store);

	g_assert_cmpint(db_begin(db), ==, 0);
	g_assert_cmpint(add(store, "a", "A"), ==, 0);
	g_assert_cmpint(db_finish(db, 0), ==, 0);
	g_assert_cmpint(count(store), ==, 1);
	g_assert_cmpint(db_begin(db), ==, 0);
	g_assert_cmpint(add(store, "b", "B"), ==, 0);
	g_assert_cmpint(db_finish(db, add(store, "a", "again")), ==, -EEXIST);
	g_assert_cmpint(count(store), ==, 1);
	g_assert_cmpint(db_begin(db), ==, 0); /* the one before is over */
	g_assert_cmpint(db_finish(db, 0), ==, 0);
	store_close(store);
	store_place_remove(&p);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/store_db/values_come_back_as_they_were_put",
			values_come_back_as_they_were_put);
	g_test_add_func("/store_db/a_refused_row_is_told_from_a_failure",
			a_refused_row_is_told_from_a_failure);
	g_test_add_func("/store_db/a_transaction_is_whole_or_not_at_all",
			a_transaction_is_whole_or_not_at_all);
	return g_test_run();
}
