/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/store_access.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

#include "server/permission.h"
#include "server/store_db.h"

#define ID_BYTES     9 /* 72 random bits: unique, not secret */
#define APIKEY_BYTES 32
#define DAY_S	     86400

static int check_unit(struct store *store, const char *unit_id)
{
	static const char find[] = "SELECT (SELECT COUNT(*) FROM api_key k WHERE k.unit_id = u.id "
				   "AND k.revoked_unix_s = 0) FROM unit u WHERE u.id = ?";
	struct db_query *q = db_query(store_db(store), find);
	int r;

	if (unit_id[0] == '\0')
		return 0;
	db_put_text(q, unit_id);
	r = db_step(q);
	if (r == 1 && db_int(q, 0) >= STORE_API_KEYS_MAX)
		r = -ENOSPC;
	db_end(q);
	return r < 0 ? r : r == 1 ? 0 : -ENOENT;
}

int store_api_key_create(struct store *store, int64_t now_unix_s, struct store_api_key *key,
			 char *text)
{
	static const char add[] =
		"INSERT INTO api_key (hash, id, label, unit_id, scopes, created_unix_s) "
		"VALUES (?, ?, ?, ?, ?, ?)";
	struct db_query *q;
	char scopes[PERMISSION_SCOPES_BYTES];
	int r = check_unit(store, key->unit_id);

	if (r < 0)
		return r;
	q = db_query(store_db(store), add);
	permission_scopes_format(key->scopes, scopes);
	token_text_make(store_rng(store), key->id, "k", ID_BYTES);
	token_text_make(store_rng(store), text, STORE_API_KEY_START, APIKEY_BYTES);
	key->created_unix_s = now_unix_s;
	key->used_unix_s = 0;
	db_put_hash(q, text);
	db_put_text(q, key->id);
	db_put_text(q, key->label);
	db_put_text(q, key->unit_id);
	/* '*' means scopes that are yet to come, too: for keys that may do all. */
	db_put_text(q, key->scopes == SCOPES_ALL && key->unit_id[0] == '\0' ? "*" : scopes);
	db_put_int(q, now_unix_s);
	return db_run(q);
}

/* When keys were used is for the one who tidies them up: a write a day is enough. */
static int note_use(struct store *store, int64_t now_unix_s, const char *id)
{
	static const char note[] = "UPDATE api_key SET used_unix_s = ? WHERE id = ?";
	struct db_query *q = db_query(store_db(store), note);

	db_put_int(q, now_unix_s / DAY_S * DAY_S);
	db_put_text(q, id);
	return db_run(q);
}

int store_api_key_find(struct store *store, int64_t now_unix_s, const char *text,
		       struct principal *who)
{
	static const char find[] =
		"SELECT k.id, k.label, k.unit_id, k.scopes, k.used_unix_s, IFNULL(u.name, ''), "
		"IFNULL(u.provider_id, ''), IFNULL(u.hsa_id, ''), IFNULL(p.hsa_id, '') "
		"FROM api_key k LEFT JOIN unit u ON u.id = k.unit_id "
		"LEFT JOIN provider p ON p.id = u.provider_id "
		"WHERE k.hash = ? AND k.revoked_unix_s = 0";
	struct db_query *q = db_query(store_db(store), find);
	struct principal p = {.kind = PRINCIPAL_API_KEY, .duty = DUTY_COUNT};
	int64_t used_unix_s;
	int r;

	db_put_hash(q, text);
	r = db_step(q);
	if (r != 1)
		return r < 0 ? r : -EPERM;
	db_text(q, 0, p.id, sizeof(p.id));
	db_text(q, 1, p.name, sizeof(p.name));
	db_text(q, 2, p.unit_id, sizeof(p.unit_id));
	/* Words this version does not know give nothing. */
	if (permission_scopes_parse(db_peek(q, 3), &p.scopes) < 0)
		p.scopes = 0;
	used_unix_s = db_int(q, 4);
	db_text(q, 5, p.unit_name, sizeof(p.unit_name));
	db_text(q, 6, p.provider_id, sizeof(p.provider_id));
	db_text(q, 7, p.unit_hsa_id, sizeof(p.unit_hsa_id));
	db_text(q, 8, p.provider_hsa_id, sizeof(p.provider_hsa_id));
	db_end(q);
	if (used_unix_s / DAY_S != now_unix_s / DAY_S)
		r = note_use(store, now_unix_s, p.id);
	if (r < 0)
		return r;
	*who = p;
	return 0;
}

int store_api_key_list(struct store *store, const char *unit_id, struct store_api_key *out,
		       size_t *count)
{
	static const char list[] =
		"SELECT id, label, unit_id, scopes, created_unix_s, used_unix_s FROM api_key "
		"WHERE unit_id = ? AND revoked_unix_s = 0 ORDER BY created_unix_s, id";
	struct db_query *q = db_query(store_db(store), list);
	size_t n = 0;
	int r;

	db_put_text(q, unit_id);
	while ((r = db_step(q)) == 1 && n < STORE_API_KEYS_MAX) {
		struct store_api_key *key = &out[n++];

		memset(key, 0, sizeof(*key));
		db_text(q, 0, key->id, sizeof(key->id));
		db_text(q, 1, key->label, sizeof(key->label));
		db_text(q, 2, key->unit_id, sizeof(key->unit_id));
		if (permission_scopes_parse(db_peek(q, 3), &key->scopes) < 0)
			key->scopes = 0;
		key->created_unix_s = db_int(q, 4);
		key->used_unix_s = db_int(q, 5);
	}
	db_end(q);
	*count = n;
	return r < 0 ? r : 0;
}

int store_api_key_revoke(struct store *store, int64_t now_unix_s, const char *unit_id,
			 const char *id)
{
	static const char revoke[] = "UPDATE api_key SET revoked_unix_s = ? "
				     "WHERE id = ? AND unit_id = ? AND revoked_unix_s = 0";
	struct db_query *q = db_query(store_db(store), revoke);

	db_put_int(q, now_unix_s);
	db_put_text(q, id);
	db_put_text(q, unit_id);
	return db_run_one(q);
}
