/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Passwords of local accounts: Argon2id (RFC 9106) by libargon2, stored in its own text form, which
 * holds the parameters. Slow and memory-hungry on purpose: on an errand thread only. Why this
 * library and these costs: docs/decisions/013-argon2.md.
 */
#ifndef VIDD_SERVER_PASSWORD_H
#define VIDD_SERVER_PASSWORD_H

#include <stdbool.h>

#include "media/base/rng.h"

#define PASSWORD_HASH_BYTES 128 /* with its NUL */
/* OWASP ASVS 2.1.1, 2.1.2: 12 characters at least, 64 may be used, more than 128 may not. */
#define PASSWORD_MIN_CHARS 12
#define PASSWORD_MAX_CHARS 128
#define PASSWORD_MAX_BYTES 512

/* What is wrong with a new password, or NULL. user: it must not be part of it. */
const char *password_fault(const char *password, const char *user);
/* 0, or -ENOMEM. */
int password_hash(char out[PASSWORD_HASH_BYTES], const char *password, struct rng *rng);
/* hash "": nobody's; takes as long and says no. */
bool password_verify(const char *hash, const char *password);

#endif
