/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/store_idempotency.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

#include "server/store_db.h"

static int read_answer(struct db_query *q, struct store_idempotency *i)
{
	uint8_t request_hash[TOKEN_HASH_BYTES];
	size_t len = db_blob_len(q, 2);
	uint8_t *sealed;
	char *answer;
	int r;

	if (!db_blob(q, 0, request_hash, sizeof(request_hash)) || len < TOKEN_SEAL_EXTRA_BYTES)
		return -EIO;
	if (memcmp(request_hash, i->request_hash, sizeof(request_hash)) != 0)
		return -EINVAL;
	sealed = g_malloc(len);
	answer = g_malloc0(len - TOKEN_SEAL_EXTRA_BYTES + 1);
	r = db_blob(q, 2, sealed, len) ? token_unseal(i->seal_key, sealed, len, answer) : -EIO;
	g_free(sealed);
	if (r < 0) {
		g_free(answer);
		return r;
	}
	i->status = (int)db_int(q, 1);
	i->answer = answer;
	i->answer_len = len - TOKEN_SEAL_EXTRA_BYTES;
	return 1;
}

int store_idempotency_find(struct store *store, int64_t now_unix_s, struct store_idempotency *i)
{
	static const char find[] = "SELECT request_hash, status, body FROM idempotency WHERE "
				   "api_key_id = ? AND key_hash = ? AND at_unix_s > ?";
	struct db_query *q = db_query(store_db(store), find);
	int r;

	db_put_text(q, i->asker_id);
	db_put_blob(q, i->key_hash, sizeof(i->key_hash));
	db_put_int(q, now_unix_s - STORE_IDEMPOTENCY_S);
	r = db_step(q);
	if (r == 1)
		r = read_answer(q, i);
	db_end(q);
	return r;
}

static int put(struct store *store, int64_t now_unix_s, const struct store_idempotency *i,
	       const uint8_t *sealed)
{
	static const char forget[] = "DELETE FROM idempotency WHERE at_unix_s <= ?";
	static const char keep[] =
		"INSERT OR REPLACE INTO idempotency (api_key_id, key_hash, "
		"request_hash, status, body, at_unix_s) VALUES (?, ?, ?, ?, ?, ?)";
	struct db_query *q = db_query(store_db(store), forget);
	int r;

	db_put_int(q, now_unix_s - STORE_IDEMPOTENCY_S);
	r = db_run(q);
	if (r < 0)
		return r;
	q = db_query(store_db(store), keep);
	db_put_text(q, i->asker_id);
	db_put_blob(q, i->key_hash, sizeof(i->key_hash));
	db_put_blob(q, i->request_hash, sizeof(i->request_hash));
	db_put_int(q, i->status);
	db_put_blob(q, sealed, i->answer_len + TOKEN_SEAL_EXTRA_BYTES);
	db_put_int(q, now_unix_s);
	return db_run(q);
}

int store_idempotency_keep(struct store *store, int64_t now_unix_s,
			   const struct store_idempotency *i)
{
	uint8_t *sealed;
	int r;

	if (i->answer_len > STORE_IDEMPOTENCY_BYTES)
		return -E2BIG;
	sealed = g_malloc(i->answer_len + TOKEN_SEAL_EXTRA_BYTES);
	r = token_seal(store_rng(store), i->seal_key, i->answer, i->answer_len, sealed);
	if (r == 0)
		r = db_begin(store_db(store));
	if (r == 0)
		r = db_finish(store_db(store), put(store, now_unix_s, i, sealed));
	g_free(sealed);
	return r;
}
