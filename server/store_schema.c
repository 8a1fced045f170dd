/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/store_schema.h"

#include <errno.h>
#include <glib.h>

#include "server/log.h"
#include "server/store_schema_2.h"

/* Step n leads from version n to n + 1. Never changed once released: add a step. */
static const char *const steps[] = {
	/* 0 -> 1 */
	"CREATE TABLE consultation ("
	"  id TEXT PRIMARY KEY,"
	"  title TEXT NOT NULL,"
	"  created_unix_s INTEGER NOT NULL,"
	"  ended_unix_s INTEGER NOT NULL DEFAULT 0"
	") WITHOUT ROWID;"
	"CREATE TABLE participant ("
	"  id TEXT PRIMARY KEY,"
	"  consultation_id TEXT NOT NULL REFERENCES consultation(id) ON DELETE CASCADE,"
	"  place INTEGER NOT NULL," /* order of creation */
	"  role TEXT NOT NULL,"
	"  name TEXT NOT NULL,"
	"  token_hash BLOB NOT NULL UNIQUE"
	") WITHOUT ROWID;"
	"CREATE UNIQUE INDEX participant_by_consultation ON participant(consultation_id, place);"
	"CREATE TABLE api_key ("
	"  hash BLOB PRIMARY KEY,"
	"  label TEXT NOT NULL,"
	"  created_unix_s INTEGER NOT NULL"
	") WITHOUT ROWID;",
	/* 1 -> 2: the organisation, who may do what, the visit, the record of it. Times are unix
	 * seconds, 0: not; texts that are not known are ''. */
	STEP_2_ORGANISATION STEP_2_CONSULTATION STEP_2_VISIT STEP_2_ACCESS STEP_2_RECORD,
	/* 2 -> 3: who patients are by their e-ID, for as long as the visit lasts. */
	"ALTER TABLE participant ADD COLUMN identified_as TEXT NOT NULL DEFAULT '';"
	"CREATE TRIGGER forget_identity AFTER UPDATE OF ended_unix_s ON consultation"
	" WHEN NEW.ended_unix_s <> 0 BEGIN"
	"  UPDATE participant SET identified_as = '' WHERE consultation_id = NEW.id;"
	" END;",
};

int store_schema_version(void)
{
	return (int)G_N_ELEMENTS(steps);
}

int store_schema_error(sqlite3 *db, int code)
{
	switch (code & 0xff) {
	case SQLITE_OK:
	case SQLITE_DONE:
	case SQLITE_ROW:
		return 0;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return -EBUSY;
	case SQLITE_PERM:
	case SQLITE_AUTH:
	case SQLITE_READONLY:
	case SQLITE_CANTOPEN:
		return -EACCES;
	default:
		log_error("store-failed", "code=%d message=\"%s\"", code,
			  db != NULL ? sqlite3_errmsg(db) : sqlite3_errstr(code));
		return -EIO;
	}
}

static int read_version(sqlite3 *db, int *version)
{
	sqlite3_stmt *s = NULL;
	int code = sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &s, NULL);

	if (code == SQLITE_OK)
		code = sqlite3_step(s);
	if (code == SQLITE_ROW)
		*version = sqlite3_column_int(s, 0);
	(void)sqlite3_finalize(s); /* repeats the error of the step */
	return store_schema_error(db, code);
}

static int exec(sqlite3 *db, const char *sql)
{
	return store_schema_error(db, sqlite3_exec(db, sql, NULL, NULL, NULL));
}

static int write_version(sqlite3 *db)
{
	char sql[64];

	g_snprintf(sql, sizeof(sql), "PRAGMA user_version = %d", store_schema_version());
	return exec(db, sql);
}

static int run_steps(sqlite3 *db, int version)
{
	int r = 0;

	for (size_t i = (size_t)version; i < G_N_ELEMENTS(steps) && r == 0; i++)
		r = exec(db, steps[i]);
	if (r < 0)
		return r;
	return write_version(db);
}

int store_schema_migrate(sqlite3 *db)
{
	int version = 0;
	/* Taken even when nothing changes: tells at once whether we can write. */
	int r = exec(db, "BEGIN IMMEDIATE");

	if (r < 0)
		return r;
	r = read_version(db, &version);
	if (r == 0 && (version > store_schema_version() || version < 0)) {
		log_error("store-newer", "version=%d known=%d", version, store_schema_version());
		r = -EPROTO;
	}
	if (r == 0 && version < store_schema_version()) {
		r = run_steps(db, version);
		if (r == 0)
			log_info("store-migrated", "from=%d to=%d", version,
				 store_schema_version());
	}
	if (r == 0)
		return exec(db, "COMMIT");
	(void)sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL); /* the first error is the one */
	return r;
}

int store_schema_touch(sqlite3 *db)
{
	int r = exec(db, "BEGIN IMMEDIATE");

	if (r < 0)
		return r;
	r = write_version(db);
	if (r == 0)
		r = exec(db, "COMMIT");
	if (r < 0)
		(void)exec(db, "ROLLBACK"); /* the first error is the one to tell */
	return r;
}
