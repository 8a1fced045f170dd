/* SPDX-License-Identifier: EUPL-1.2 */
/* The database's shape and the steps that lead to it from every earlier one. Store thread only. */
#ifndef VIDD_SERVER_STORE_SCHEMA_H
#define VIDD_SERVER_STORE_SCHEMA_H

#include <sqlite3.h>

/* PRAGMA user_version of a database this program writes. */
int store_schema_version(void);
/* Brings the database to that version, all steps in one transaction: an interrupted migration
 * leaves the old one. 0, -EBUSY, -EACCES, -EIO, or -EPROTO when the database is newer. */
int store_schema_migrate(sqlite3 *db);
/* Writes the version that is there. 0, or an error of store_schema_migrate when nothing can be
 * written. */
int store_schema_touch(sqlite3 *db);
/* SQLite's result code as negative errno; logs what is no plain lock or permission. */
int store_schema_error(sqlite3 *db, int code);

#endif
