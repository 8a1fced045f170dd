/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Who may ask the server from outside: API keys of booking systems, kept as hashes, each for one
 * unit (or, made on the command line, for all) and some scopes. Store thread.
 */
#ifndef VIDD_SERVER_STORE_ACCESS_H
#define VIDD_SERVER_STORE_ACCESS_H

#include <stddef.h>
#include <stdint.h>

#include "server/principal.h"
#include "server/store.h"

#define STORE_API_KEY_BYTES 48 /* the text with its NUL */
#define STORE_API_KEY_START "vk_"
/* Of one unit: booking system, test system, each with a successor. */
#define STORE_API_KEYS_MAX 64

struct store_api_key {
	char id[PRINCIPAL_ID_BYTES + 1];
	char label[LIMIT_NAME_BYTES + 1];
	char unit_id[PRINCIPAL_ID_BYTES + 1]; /* "": all units */
	unsigned scopes;
	int64_t created_unix_s, used_unix_s; /* used: to the day; 0: never */
};

/* Makes a key of label, unit_id and scopes, stores its hash and fills in id and created; text holds
 * STORE_API_KEY_BYTES. 0, -ENOENT: no such unit, -ENOSPC: the unit has too many, or -EIO. */
int store_api_key_create(struct store *store, int64_t now_unix_s, struct store_api_key *key,
			 char *text);
/* 0 and who it is, -EPERM: unknown or revoked, -EIO. */
int store_api_key_find(struct store *store, int64_t now_unix_s, const char *text,
		       struct principal *who);
/* The unit's keys that are not revoked, STORE_API_KEYS_MAX at most. 0 or -EIO. */
int store_api_key_list(struct store *store, const char *unit_id, struct store_api_key *out,
		       size_t *count);
/* 0, -ENOENT: the unit has no such key, -EIO. */
int store_api_key_revoke(struct store *store, int64_t now_unix_s, const char *unit_id,
			 const char *id);

#endif
