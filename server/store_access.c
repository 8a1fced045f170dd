/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/store_access.h"

#include <errno.h>

#include "server/store_db.h"

#define ID_BYTES     9 /* 72 random bits: unique, not secret */
#define APIKEY_BYTES 32

int store_api_key_create(struct store *store, int64_t now_unix_s, const char *label, char *text)
{
	static const char add[] = "INSERT INTO api_key (hash, id, label, scopes, created_unix_s) "
				  "VALUES (?, ?, ?, '*', ?)";
	struct db_query *q = db_query(store_db(store), add);
	char id[ID_BYTES * 2];

	token_text_make(store_rng(store), id, "k", ID_BYTES);
	token_text_make(store_rng(store), text, "vk_", APIKEY_BYTES);
	db_put_hash(q, text);
	db_put_text(q, id);
	db_put_text(q, label);
	db_put_int(q, now_unix_s);
	return db_run(q);
}

int store_api_key_check(struct store *store, const char *text)
{
	static const char find[] = "SELECT 1 FROM api_key WHERE hash = ? AND revoked_unix_s = 0";
	struct db_query *q = db_query(store_db(store), find);
	int r;

	db_put_hash(q, text);
	r = db_step(q);
	db_end(q);
	return r < 0 ? r : r == 1 ? 0 : -EPERM;
}
