/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Secrets and ids as text: base64url without padding (RFC 4648 5), drawn from the rng handed in.
 * Pure but for the rng.
 */
#ifndef VIDD_SIGNALING_TOKEN_H
#define VIDD_SIGNALING_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

#include "media/base/rng.h"

#define TOKEN_BYTES 16 /* 128 bits: cannot be guessed, and short enough to be read out */
#define TOKEN_TEXT  22

/* Writes TOKEN_TEXT characters and a NUL. */
void token_new(struct rng *rng, char out[TOKEN_TEXT + 1]);
/* Exactly what token_new can write: TOKEN_TEXT characters whose unused last bits are zero. NULL is
 * legal and false. */
bool token_is_valid(const char *text);
/* Compares two texts that passed token_is_valid in time that does not depend on their bytes. */
bool token_equal(const char *a, const char *b);
/* An id that is no secret: len characters of [A-Za-z0-9_-] and a NUL. */
void token_id_new(struct rng *rng, char *out, size_t len);

#endif
