/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What must outlive the process: consultations, their participants and API keys. Nothing above this
 * header knows which database it is. Blocking: called on the store thread only
 * (server/store_thread). Tokens and keys are stored as SHA-256 hashes only; nothing of a
 * consultation's content is stored.
 */
#ifndef VIDD_SERVER_STORE_H
#define VIDD_SERVER_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/base/rng.h"
#include "signaling/service.h"

#define STORE_TOKEN_TEXT 22 /* 128 bits in base64url */

struct store;

struct store_participant {
	char id[SERVICE_ID_BYTES + 1];
	enum role role;
	char name[LIMIT_NAME_BYTES + 1];
	char token[STORE_TOKEN_TEXT + 1]; /* only in the answer to a creation; "" afterwards */
};

struct store_consultation {
	char id[SERVICE_ID_BYTES + 1];
	char title[LIMIT_NAME_BYTES + 1];
	int64_t created_unix_s;
	int64_t ended_unix_s; /* 0: not ended */
	struct store_participant participant[LIMIT_PARTICIPANTS];
	size_t participant_count;
};

/* Opens or creates the database and brings it to the present schema. 0; -EBUSY locked by another
 * process; -EACCES; -EIO; -EPROTO: written by a newer Vidd. */
int store_open(struct store **out, const char *path, struct rng rng);
/* The same for one short command beside a running Vidd: takes no lock for life. */
int store_open_beside(struct store **out, const char *path, struct rng rng);
void store_close(struct store *store);

/* Fills in ids and tokens of *c, whose title, roles and names are set. 0 or -EIO. */
int store_consultation_create(struct store *store, int64_t now_unix_s,
			      struct store_consultation *c);
/* 0, -ENOENT, -EIO. */
int store_consultation_get(struct store *store, const char *id, struct store_consultation *out);
/* 0 (also when it had ended before), -ENOENT, -EIO. */
int store_consultation_end(struct store *store, int64_t now_unix_s, const char *id);
int store_invite_find(struct store *store, const char *token, struct service_invite *out);

/* Makes a key and stores its hash; text must hold 48 bytes. 0 or -EIO. */
int store_api_key_create(struct store *store, int64_t now_unix_s, const char *label, char *text);
/* 0, -EPERM unknown key, -EIO. */
int store_api_key_check(struct store *store, const char *text);

#endif
