/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/store.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/store_schema.h"
#include "server/token_text.h"

/* How long a statement waits for another program's lock (a backup); the store has its own thread.
 */
#define BUSY_MS	     2000
#define ID_BYTES     9 /* 72 random bits: unique, not secret */
#define TOKEN_BYTES  16
#define APIKEY_BYTES 32

_Static_assert((TOKEN_BYTES * 4 + 2) / 3 == STORE_TOKEN_TEXT, "a token is 128 bits of base64url");

enum statement {
	BEGIN,
	COMMIT,
	ROLLBACK,
	ADD_CONSULTATION,
	ADD_PARTICIPANT,
	GET_CONSULTATION,
	GET_PARTICIPANTS,
	END_CONSULTATION,
	FIND_INVITE,
	ADD_KEY,
	FIND_KEY,
	STATEMENT_COUNT,
};

static const char *const sql[STATEMENT_COUNT] = {
	[BEGIN] = "BEGIN IMMEDIATE",
	[COMMIT] = "COMMIT",
	[ROLLBACK] = "ROLLBACK",
	[ADD_CONSULTATION] =
		"INSERT INTO consultation (id, title, created_unix_s) VALUES (?, ?, ?)",
	[ADD_PARTICIPANT] = "INSERT INTO participant (id, consultation_id, place, role, name, "
			    "token_hash) VALUES (?, ?, ?, ?, ?, ?)",
	[GET_CONSULTATION] =
		"SELECT id, title, created_unix_s, ended_unix_s FROM consultation WHERE id = ?",
	[GET_PARTICIPANTS] =
		"SELECT id, role, name FROM participant WHERE consultation_id = ? ORDER BY place",
	[END_CONSULTATION] =
		"UPDATE consultation SET ended_unix_s = ? WHERE id = ? AND ended_unix_s = 0",
	[FIND_INVITE] = "SELECT c.id, c.title, c.ended_unix_s, p.id, p.name, p.role "
			"FROM participant p JOIN consultation c ON c.id = p.consultation_id "
			"WHERE p.token_hash = ?",
	[ADD_KEY] = "INSERT INTO api_key (hash, label, created_unix_s) VALUES (?, ?, ?)",
	[FIND_KEY] = "SELECT 1 FROM api_key WHERE hash = ?",
};

struct store {
	sqlite3 *db;
	sqlite3_stmt *statement[STATEMENT_COUNT];
	struct rng rng;
	int lock_fd;
};

/* --- opening -------------------------------------------------------------------------------- */

/* One Vidd per database: two would each host half of a consultation. SQLite's own locks come and
 * go with transactions, so this one is held for life; it dies with the process. */
static int lock_instance(struct store *store, const char *path)
{
	char *name = g_strconcat(path, ".lock", NULL);
	int r = 0;

	store->lock_fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (store->lock_fd < 0)
		r = -errno;
	else if (flock(store->lock_fd, LOCK_EX | LOCK_NB) < 0)
		r = errno == EWOULDBLOCK ? -EBUSY : -errno;
	g_free(name);
	if (r == -EROFS || r == -EPERM)
		r = -EACCES;
	return r == 0 || r == -EBUSY || r == -EACCES ? r : -EIO;
}

static int open_database(struct store *store, const char *path)
{
	/* Names of patients are in it. */
	mode_t before = umask(0077);
	int code = sqlite3_open_v2(path, &store->db,
				   SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
				   NULL);
	int r;

	if (code == SQLITE_OK)
		code = sqlite3_busy_timeout(store->db, BUSY_MS);
	/* FULL: a consultation we answered 201 for survives a power cut; writes are rare. */
	if (code == SQLITE_OK)
		code = sqlite3_exec(store->db,
				    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
				    "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF",
				    NULL, NULL, NULL);
	r = store_schema_error(store->db, code);
	if (r == 0)
		r = store_schema_migrate(store->db);
	umask(before);
	return r;
}

static int open_store(struct store **out, const char *path, struct rng rng, bool is_alone)
{
	struct store *store = calloc(1, sizeof(*store));
	int r;

	if (store == NULL)
		return -ENOMEM;
	store->lock_fd = -1;
	store->rng = rng;
	r = is_alone ? lock_instance(store, path) : 0;
	if (r == 0)
		r = open_database(store, path);
	for (int i = 0; i < STATEMENT_COUNT && r == 0; i++)
		r = store_schema_error(store->db, sqlite3_prepare_v3(store->db, sql[i], -1,
								     SQLITE_PREPARE_PERSISTENT,
								     &store->statement[i], NULL));
	if (r < 0) {
		store_close(store);
		return r;
	}
	*out = store;
	return 0;
}

int store_open(struct store **out, const char *path, struct rng rng)
{
	return open_store(out, path, rng, true);
}

int store_open_beside(struct store **out, const char *path, struct rng rng)
{
	return open_store(out, path, rng, false);
}

void store_close(struct store *store)
{
	if (store == NULL)
		return;
	for (int i = 0; i < STATEMENT_COUNT; i++)
		(void)sqlite3_finalize(store->statement[i]); /* repeats the step's error */
	(void)sqlite3_close(store->db);			     /* nothing is left to fail on */
	if (store->lock_fd >= 0)
		close(store->lock_fd);
	free(store);
}

/* --- statements ------------------------------------------------------------------------------ */

/* Readies a statement for its next use; the bindings are set next. */
static sqlite3_stmt *use(struct store *store, enum statement which)
{
	sqlite3_stmt *s = store->statement[which];

	(void)sqlite3_reset(s);		 /* repeats the last step's error */
	(void)sqlite3_clear_bindings(s); /* cannot fail */
	return s;
}

/* Text lives as long as the step: SQLITE_STATIC. Binding fails only for a wrong index or no memory;
 * an unbound parameter is NULL, which every column refuses. */
static void bind_text(sqlite3_stmt *s, int place, const char *text)
{
	(void)sqlite3_bind_text(s, place, text, -1, SQLITE_STATIC);
}

static void bind_hash(sqlite3_stmt *s, int place, const uint8_t hash[TOKEN_HASH_BYTES])
{
	(void)sqlite3_bind_blob(s, place, hash, TOKEN_HASH_BYTES, SQLITE_STATIC);
}

/* Runs a statement that gives no rows. 0 or -EIO. */
static int run(struct store *store, sqlite3_stmt *s)
{
	int code = sqlite3_step(s);
	int r = code == SQLITE_DONE ? 0 : store_schema_error(store->db, code);

	(void)sqlite3_reset(s);
	return code == SQLITE_DONE ? 0 : (r == 0 || r == -EBUSY || r == -EACCES) ? -EIO : r;
}

/* Steps to a row: 1, 0 when there is none, -EIO. Reset after reading it. */
static int step_row(struct store *store, sqlite3_stmt *s)
{
	int code = sqlite3_step(s);

	if (code == SQLITE_ROW)
		return 1;
	(void)sqlite3_reset(s);
	if (code == SQLITE_DONE)
		return 0;
	(void)store_schema_error(store->db, code); /* for its log line */
	return -EIO;
}

static void copy_text(char *out, size_t size, sqlite3_stmt *s, int column)
{
	const unsigned char *text = sqlite3_column_text(s, column);

	g_strlcpy(out, text != NULL ? (const char *)text : "", size);
}

/* --- consultations --------------------------------------------------------------------------- */

static int add_participant(struct store *store, const struct store_consultation *c, size_t i)
{
	const struct store_participant *p = &c->participant[i];
	sqlite3_stmt *s = use(store, ADD_PARTICIPANT);
	uint8_t hash[TOKEN_HASH_BYTES];

	if (token_text_hash(hash, p->token) < 0)
		return -EIO;
	bind_text(s, 1, p->id);
	bind_text(s, 2, c->id);
	(void)sqlite3_bind_int64(s, 3, (sqlite3_int64)i);
	bind_text(s, 4, role_name(p->role));
	bind_text(s, 5, p->name);
	bind_hash(s, 6, hash);
	return run(store, s);
}

static int add_consultation(struct store *store, const struct store_consultation *c)
{
	sqlite3_stmt *s = use(store, ADD_CONSULTATION);
	int r;

	bind_text(s, 1, c->id);
	bind_text(s, 2, c->title);
	(void)sqlite3_bind_int64(s, 3, c->created_unix_s);
	r = run(store, s);
	for (size_t i = 0; i < c->participant_count && r == 0; i++)
		r = add_participant(store, c, i);
	return r;
}

int store_consultation_create(struct store *store, int64_t now_unix_s, struct store_consultation *c)
{
	int r;

	assert(c->participant_count <= LIMIT_PARTICIPANTS);
	token_text_make(&store->rng, c->id, "c", ID_BYTES);
	c->created_unix_s = now_unix_s;
	c->ended_unix_s = 0;
	for (size_t i = 0; i < c->participant_count; i++) {
		token_text_make(&store->rng, c->participant[i].id, "p", ID_BYTES);
		token_text_make(&store->rng, c->participant[i].token, "", TOKEN_BYTES);
	}
	r = run(store, use(store, BEGIN));
	if (r < 0)
		return r;
	r = add_consultation(store, c);
	if (r == 0)
		r = run(store, use(store, COMMIT));
	if (r < 0)
		(void)run(store, use(store, ROLLBACK)); /* the first error is the one to tell */
	return r;
}

static int get_participants(struct store *store, struct store_consultation *c)
{
	sqlite3_stmt *s = use(store, GET_PARTICIPANTS);
	int r;

	bind_text(s, 1, c->id);
	while ((r = step_row(store, s)) == 1) {
		struct store_participant *p = &c->participant[c->participant_count];
		char role[32];

		if (c->participant_count == LIMIT_PARTICIPANTS)
			break; /* written by a Vidd with a larger limit */
		copy_text(p->id, sizeof(p->id), s, 0);
		copy_text(role, sizeof(role), s, 1);
		p->role = role_from_name(role);
		copy_text(p->name, sizeof(p->name), s, 2);
		c->participant_count++;
	}
	(void)sqlite3_reset(s);
	return r < 0 ? r : 0;
}

int store_consultation_get(struct store *store, const char *id, struct store_consultation *out)
{
	struct store_consultation c = {0};
	sqlite3_stmt *s = use(store, GET_CONSULTATION);
	int r;

	bind_text(s, 1, id);
	r = step_row(store, s);
	if (r <= 0)
		return r < 0 ? r : -ENOENT;
	copy_text(c.id, sizeof(c.id), s, 0);
	copy_text(c.title, sizeof(c.title), s, 1);
	c.created_unix_s = sqlite3_column_int64(s, 2);
	c.ended_unix_s = sqlite3_column_int64(s, 3);
	(void)sqlite3_reset(s);
	r = get_participants(store, &c);
	if (r == 0)
		*out = c;
	return r;
}

int store_consultation_end(struct store *store, int64_t now_unix_s, const char *id)
{
	sqlite3_stmt *s = use(store, END_CONSULTATION);
	int r;

	(void)sqlite3_bind_int64(s, 1, now_unix_s);
	bind_text(s, 2, id);
	r = run(store, s);
	if (r < 0 || sqlite3_changes(store->db) > 0)
		return r;
	/* It had ended before, or never was. */
	s = use(store, GET_CONSULTATION);
	bind_text(s, 1, id);
	r = step_row(store, s);
	(void)sqlite3_reset(s);
	return r < 0 ? r : r == 1 ? 0 : -ENOENT;
}

int store_invite_find(struct store *store, const char *token, struct service_invite *out)
{
	struct service_invite invite = {0};
	uint8_t hash[TOKEN_HASH_BYTES];
	sqlite3_stmt *s = use(store, FIND_INVITE);
	char role[32];
	int r;

	if (token_text_hash(hash, token) < 0)
		return -EIO;
	bind_hash(s, 1, hash);
	r = step_row(store, s);
	if (r <= 0)
		return r < 0 ? r : -ENOENT;
	copy_text(invite.consultation_id, sizeof(invite.consultation_id), s, 0);
	copy_text(invite.title, sizeof(invite.title), s, 1);
	invite.is_ended = sqlite3_column_int64(s, 2) != 0;
	copy_text(invite.participant_id, sizeof(invite.participant_id), s, 3);
	copy_text(invite.name, sizeof(invite.name), s, 4);
	copy_text(role, sizeof(role), s, 5);
	(void)sqlite3_reset(s);
	invite.role = role_from_name(role);
	if (invite.role == ROLE_COUNT)
		return -EIO; /* a role this version does not know must not become another */
	*out = invite;
	return 0;
}

/* --- API keys -------------------------------------------------------------------------------- */

int store_api_key_create(struct store *store, int64_t now_unix_s, const char *label, char *text)
{
	uint8_t hash[TOKEN_HASH_BYTES];
	sqlite3_stmt *s = use(store, ADD_KEY);

	token_text_make(&store->rng, text, "vk_", APIKEY_BYTES);
	if (token_text_hash(hash, text) < 0)
		return -EIO;
	bind_hash(s, 1, hash);
	bind_text(s, 2, label);
	(void)sqlite3_bind_int64(s, 3, now_unix_s);
	return run(store, s);
}

int store_api_key_check(struct store *store, const char *text)
{
	uint8_t hash[TOKEN_HASH_BYTES];
	sqlite3_stmt *s = use(store, FIND_KEY);
	int r;

	if (token_text_hash(hash, text) < 0)
		return -EIO;
	bind_hash(s, 1, hash);
	r = step_row(store, s);
	(void)sqlite3_reset(s);
	return r < 0 ? r : r == 1 ? 0 : -EPERM;
}
