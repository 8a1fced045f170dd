/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What was answered to a request with an Idempotency-Key, so that the same request gets the same
 * answer. The answer is sealed: the database cannot read its links. Store thread.
 */
#ifndef VIDD_SERVER_STORE_IDEMPOTENCY_H
#define VIDD_SERVER_STORE_IDEMPOTENCY_H

#include <stddef.h>
#include <stdint.h>

#include "server/principal.h"
#include "server/store.h"
#include "server/token_seal.h"
#include "server/token_text.h"

/* Long enough for a booking system that was down over night to try again. */
#define STORE_IDEMPOTENCY_S (24 * 3600)
/* An answer: a consultation of 16 participants with their links is some 6 kB. */
#define STORE_IDEMPOTENCY_BYTES 65536

struct store_idempotency {
	char asker_id[PRINCIPAL_ID_BYTES + 1]; /* the API key or staff member */
	uint8_t key_hash[TOKEN_HASH_BYTES];
	uint8_t request_hash[TOKEN_HASH_BYTES];
	uint8_t seal_key[TOKEN_SEAL_KEY_BYTES];
	int status;
	char *answer; /* g_free() it */
	size_t answer_len;
};

/* 1 and status and answer; 0: the key is new; -EINVAL: it was used for another request; -EBADMSG:
 * it was used, but the answer was sealed with other credentials; -EIO. */
int store_idempotency_find(struct store *store, int64_t now_unix_s, struct store_idempotency *i);
/* Also forgets what is older than STORE_IDEMPOTENCY_S. 0, -E2BIG, or -EIO. */
int store_idempotency_keep(struct store *store, int64_t now_unix_s,
			   const struct store_idempotency *i);

#endif
