/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A thin layer over SQLite for the store_*.c files, and nobody else: statements prepared once,
 * parameters bound in order, rows read by column, transactions. A query that cannot be prepared or
 * bound is no special case: its step says -EIO and the log says why. Store thread only.
 */
#ifndef VIDD_SERVER_STORE_DB_H
#define VIDD_SERVER_STORE_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/base/rng.h"
#include "server/token_text.h"

struct store;
struct db;
struct db_query;

/* Opens or creates the file (mode 0600) and brings it to the present schema: errors of store_open.
 */
int db_open(struct db **out, const char *path);
/* Only to read, as it is. 0, -EACCES, -EIO, -EPROTO: of another version. */
int db_open_reading(struct db **out, const char *path);
void db_close(struct db *db);

/* The database and the source of ids and tokens of a store. */
struct db *store_db(struct store *store);
struct rng *store_rng(struct store *store);
/* The key of links (server/store_link), STORE_LINK_KEY_BYTES. */
const uint8_t *store_link_key(const struct store *store);

/* Readies the statement for a new use, preparing it at its first. sql: a static text, known by its
 * address. The query lives as long as the database; one use of it at a time. */
struct db_query *db_query(struct db *db, const char *sql);
/* Bind the next parameter. What is pointed to must live until the last step. NULL text binds "". */
void db_put_text(struct db_query *query, const char *text);
void db_put_int(struct db_query *query, int64_t value);
void db_put_blob(struct db_query *query, const void *bytes, size_t len);
/* SHA-256 of a secret text, under which it is looked up (server/token_text). */
void db_put_hash(struct db_query *query, const char *secret);

/* Runs a query that gives no rows. 0, -EEXIST: a unique or foreign key refused it, or -EIO. */
int db_run(struct db_query *query);
/* As db_run, and -ENOENT when it changed no row. */
int db_run_one(struct db_query *query);
/* Steps to the next row: 1, 0 when there is none, or -EIO. After 1 and no further step, db_end. */
int db_step(struct db_query *query);
void db_end(struct db_query *query);

/* The columns of the row stepped to; NULL reads as 0 or "". Text that is too long is cut. */
int64_t db_int(struct db_query *query, int column);
void db_text(struct db_query *query, int column, char *out, size_t size);
/* The text in place, valid until the next step. */
const char *db_peek(struct db_query *query, int column);
/* True when the column holds exactly len bytes. */
bool db_blob(struct db_query *query, int column, void *out, size_t len);
size_t db_blob_len(struct db_query *query, int column);

/* 0 or -EIO. Takes the write lock at once. Transactions do not nest. */
int db_begin(struct db *db);
/* Ends a transaction: commits when result is 0, else rolls back. Gives result, or the commit's
 * error. */
int db_finish(struct db *db, int result);

/* Several pieces of work with one commit: a transaction in between is whole or not at all, and kept
 * with all others. 0 or -EIO, at once where another program has the lock. */
int db_group_begin(struct db *db);
/* False: SQLite rolled all of it back (its disk was full, say), and what follows is on its own. */
bool db_group_is_open(const struct db *db);
/* 0, or -EIO: nothing of the group is kept. */
int db_group_finish(struct db *db);

/* What store_probe does. */
int db_probe(struct db *db);

#endif
