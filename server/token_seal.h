/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Keeps bytes so that only who has two texts can read them: AES-256-GCM under a key made of both by
 * HMAC-SHA-256. The database so keeps an answer with links that it cannot read itself. Pure but for
 * the nonce it is given.
 */
#ifndef VIDD_SERVER_TOKEN_SEAL_H
#define VIDD_SERVER_TOKEN_SEAL_H

#include <stddef.h>
#include <stdint.h>

#include "media/base/rng.h"

#define TOKEN_SEAL_KEY_BYTES   32
#define TOKEN_SEAL_EXTRA_BYTES 28 /* nonce and tag */

/* secret: a random credential, as an API key. text: what tells uses of it apart. 0 or -EIO. */
int token_seal_key(uint8_t key[TOKEN_SEAL_KEY_BYTES], const char *secret, const char *text);
/* out holds len + TOKEN_SEAL_EXTRA_BYTES. 0 or -EIO. */
int token_seal(struct rng *rng, const uint8_t key[TOKEN_SEAL_KEY_BYTES], const void *bytes,
	       size_t len, uint8_t *out);
/* out holds len - TOKEN_SEAL_EXTRA_BYTES. 0, or -EBADMSG: another key, or it was changed. */
int token_unseal(const uint8_t key[TOKEN_SEAL_KEY_BYTES], const uint8_t *sealed, size_t len,
		 void *out);

#endif
