/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Texts that open doors: invite tokens, API keys, and the hashes under which they are kept. A
 * plain SHA-256 is enough because the texts are random (128 bits or more), never chosen by people.
 */
#ifndef VIDD_SERVER_TOKEN_TEXT_H
#define VIDD_SERVER_TOKEN_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "media/base/rng.h"

#define TOKEN_HASH_BYTES 32

/* Base64url (RFC 4648 5) without padding; text holds (len * 4 + 2) / 3 characters and a NUL. */
void token_text_base64url(char *text, const uint8_t *bytes, size_t len);
/* Writes random_bytes random bytes (at most 32) as base64url after prefix. */
void token_text_make(struct rng *rng, char *text, const char *prefix, size_t random_bytes);
/* SHA-256 of the text. 0 or -EIO. */
int token_text_hash(uint8_t out[TOKEN_HASH_BYTES], const char *text);

#endif
