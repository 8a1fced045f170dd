/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The tokens of participants' links. They are derived from a key beside the database and the
 * participant's id, so that a reminder can hold the link again although the database keeps its hash
 * only (docs/decisions/016-messages.md). Store thread.
 */
#ifndef VIDD_SERVER_STORE_LINK_H
#define VIDD_SERVER_STORE_LINK_H

#include <stdint.h>

#include "server/store.h"

#define STORE_LINK_KEY_BYTES  32
#define STORE_LINK_TOKEN_TEXT 22 /* 128 bits in base64url */

/* Reads link-key beside the database, or makes it. 0, -EACCES, -EIO. */
int store_link_load(uint8_t key[STORE_LINK_KEY_BYTES], const char *database_path, struct rng *rng);
/* The token of a participant who was made with a derived one. 0 or -EIO. */
int store_link_token(struct store *store, const char *participant_id,
		     char token[STORE_LINK_TOKEN_TEXT + 1]);

#endif
