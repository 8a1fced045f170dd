/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/store_db.h"

#include <errno.h>
#include <glib.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "server/store_schema.h"

/* How long a statement waits for another program's lock (a backup); the store has its own thread.
 */
#define BUSY_MS 2000

struct db_query {
	struct db *db;
	sqlite3_stmt *statement; /* NULL: could not be prepared */
	int place;		 /* of the parameter bound last */
	bool is_bad;		 /* a parameter could not be bound */
	uint8_t hash[TOKEN_HASH_BYTES];
};

struct db {
	sqlite3 *handle;
	GHashTable *queries; /* address of the SQL text -> struct db_query */
	bool is_group;	     /* between db_group_begin and db_group_finish */
};

/* --- opening -------------------------------------------------------------------------------- */

static void query_free(void *pointer)
{
	struct db_query *query = pointer;

	(void)sqlite3_finalize(query->statement); /* repeats the last step's error */
	g_free(query);
}

static int open_handle(struct db *db, const char *path)
{
	int code = sqlite3_open_v2(path, &db->handle,
				   SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
				   NULL);

	if (code == SQLITE_OK)
		code = sqlite3_busy_timeout(db->handle, BUSY_MS);
	/* FULL: a consultation we answered 201 for survives a power cut; writes are rare.
	 * secure_delete: what retention removes is gone from the file, too. cache_size: of pages in
	 * memory, in KiB; the system keeps the file's. */
	if (code == SQLITE_OK)
		code = sqlite3_exec(db->handle,
				    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
				    "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;"
				    "PRAGMA secure_delete = ON; PRAGMA cache_size = -512",
				    NULL, NULL, NULL);
	return store_schema_error(db->handle, code);
}

int db_open(struct db **out, const char *path)
{
	struct db *db = g_new0(struct db, 1);
	/* Names of patients are in it. */
	mode_t before = umask(0077);
	int r;

	db->queries = g_hash_table_new_full(NULL, NULL, NULL, query_free);
	r = open_handle(db, path);
	if (r == 0)
		r = store_schema_migrate(db->handle);
	umask(before);
	if (r < 0) {
		db_close(db);
		return r;
	}
	*out = db;
	return 0;
}

int db_open_reading(struct db **out, const char *path)
{
	static const char version_sql[] = "PRAGMA user_version";
	struct db *db = g_new0(struct db, 1);
	struct db_query *q;
	int r;

	db->queries = g_hash_table_new_full(NULL, NULL, NULL, query_free);
	r = store_schema_error(db->handle,
			       sqlite3_open_v2(path, &db->handle,
					       SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL));
	if (r == 0)
		r = store_schema_error(db->handle, sqlite3_busy_timeout(db->handle, BUSY_MS));
	if (r == 0) {
		q = db_query(db, version_sql);
		r = db_step(q) == 1 ? 0 : -EIO;
		if (r == 0 && db_int(q, 0) != store_schema_version())
			r = -EPROTO;
		db_end(q);
	}
	if (r < 0) {
		db_close(db);
		return r;
	}
	*out = db;
	return 0;
}

void db_close(struct db *db)
{
	if (db == NULL)
		return;
	g_hash_table_destroy(db->queries);
	(void)sqlite3_close(db->handle); /* nothing is left to fail on */
	g_free(db);
}

/* --- a query and its parameters ----------------------------------------------------------------
 */

struct db_query *db_query(struct db *db, const char *sql)
{
	struct db_query *query = g_hash_table_lookup(db->queries, sql);

	if (query == NULL) {
		query = g_new0(struct db_query, 1);
		query->db = db;
		g_hash_table_insert(db->queries, (void *)sql, query);
	}
	/* What could not be read once, as from a disk that failed, is tried each time. */
	if (query->statement == NULL)
		(void)store_schema_error(db->handle, /* logs; the step will fail */
					 sqlite3_prepare_v3(db->handle, sql, -1,
							    SQLITE_PREPARE_PERSISTENT,
							    &query->statement, NULL));
	if (query->statement != NULL) {
		(void)sqlite3_reset(query->statement);		/* repeats the last step's error */
		(void)sqlite3_clear_bindings(query->statement); /* cannot fail */
	}
	query->place = 0;
	query->is_bad = query->statement == NULL;
	return query;
}

static void check_bound(struct db_query *query, int code)
{
	if (code == SQLITE_OK)
		return;
	(void)store_schema_error(query->db->handle, code); /* logs; the step will fail */
	query->is_bad = true;
}

void db_put_text(struct db_query *query, const char *text)
{
	query->place++;
	if (!query->is_bad)
		check_bound(query, sqlite3_bind_text(query->statement, query->place,
						     text != NULL ? text : "", -1, SQLITE_STATIC));
}

void db_put_int(struct db_query *query, int64_t value)
{
	query->place++;
	if (!query->is_bad)
		check_bound(query, sqlite3_bind_int64(query->statement, query->place, value));
}

void db_put_blob(struct db_query *query, const void *bytes, size_t len)
{
	query->place++;
	/* An empty blob, not NULL, whatever points to it. */
	if (!query->is_bad)
		check_bound(query,
			    sqlite3_bind_blob64(query->statement, query->place,
						bytes != NULL ? bytes : "", len, SQLITE_STATIC));
}

void db_put_hash(struct db_query *query, const char *secret)
{
	if (token_text_hash(query->hash, secret) < 0)
		query->is_bad = true;
	/* A query may hash several secrets: each is copied. */
	query->place++;
	if (!query->is_bad)
		check_bound(query, sqlite3_bind_blob(query->statement, query->place, query->hash,
						     TOKEN_HASH_BYTES, SQLITE_TRANSIENT));
}

/* --- running -----------------------------------------------------------------------------------
 */

int db_step(struct db_query *query)
{
	int code;

	if (query->is_bad)
		return -EIO;
	code = sqlite3_step(query->statement);
	if (code == SQLITE_ROW)
		return 1;
	(void)sqlite3_reset(query->statement); /* repeats the step's error */
	if (code == SQLITE_DONE)
		return 0;
	if ((code & 0xff) == SQLITE_CONSTRAINT)
		return -EEXIST;
	(void)store_schema_error(query->db->handle, code); /* for its log line */
	return -EIO;
}

void db_end(struct db_query *query)
{
	(void)sqlite3_reset(query->statement); /* repeats the step's error */
}

int db_run(struct db_query *query)
{
	int r = db_step(query);

	db_end(query);
	return r < 0 ? r : 0;
}

int db_run_one(struct db_query *query)
{
	int r = db_run(query);

	return r < 0 ? r : sqlite3_changes(query->db->handle) > 0 ? 0 : -ENOENT;
}

/* --- columns -----------------------------------------------------------------------------------
 */

int64_t db_int(struct db_query *query, int column)
{
	return sqlite3_column_int64(query->statement, column);
}

const char *db_peek(struct db_query *query, int column)
{
	const unsigned char *text = sqlite3_column_text(query->statement, column);

	return text != NULL ? (const char *)text : "";
}

void db_text(struct db_query *query, int column, char *out, size_t size)
{
	g_strlcpy(out, db_peek(query, column), size);
}

size_t db_blob_len(struct db_query *query, int column)
{
	return (size_t)sqlite3_column_bytes(query->statement, column);
}

bool db_blob(struct db_query *query, int column, void *out, size_t len)
{
	const void *bytes = sqlite3_column_blob(query->statement, column);

	if (db_blob_len(query, column) != len)
		return false;
	if (len > 0)
		memcpy(out, bytes, len);
	return true;
}

/* --- transactions ------------------------------------------------------------------------------
 */

int db_begin(struct db *db)
{
	static const char begin[] = "BEGIN IMMEDIATE", part[] = "SAVEPOINT part";

	return db_run(db_query(db, db->is_group ? part : begin));
}

static void roll_back(struct db *db)
{
	static const char all[] = "ROLLBACK", part[] = "ROLLBACK TO part", end[] = "RELEASE part";

	/* The error that led here is the one to tell. */
	if (!db->is_group) {
		(void)db_run(db_query(db, all));
	} else if (db_group_is_open(db)) {
		(void)db_run(db_query(db, part));
		(void)db_run(db_query(db, end));
	}
}

int db_finish(struct db *db, int result)
{
	static const char commit[] = "COMMIT", end[] = "RELEASE part";

	if (result == 0)
		result = db_run(db_query(db, db->is_group ? end : commit));
	if (result < 0)
		roll_back(db);
	return result;
}

int db_group_begin(struct db *db)
{
	int r;

	(void)sqlite3_busy_timeout(db->handle, 0); /* the next step tells */
	r = db_begin(db);
	(void)sqlite3_busy_timeout(db->handle, BUSY_MS);
	db->is_group = r == 0;
	return r;
}

bool db_group_is_open(const struct db *db)
{
	return db->is_group && sqlite3_get_autocommit(db->handle) == 0;
}

int db_group_finish(struct db *db)
{
	bool is_open = db_group_is_open(db);

	db->is_group = false;
	if (!is_open || db_finish(db, 0) < 0)
		return -EIO;
	return 0;
}

int db_probe(struct db *db)
{
	return store_schema_touch(db->handle);
}
