/* SPDX-License-Identifier: EUPL-1.2 */
/* Consultations and their participants as the database keeps them. Store thread. */
#ifndef VIDD_SERVER_STORE_VISIT_H
#define VIDD_SERVER_STORE_VISIT_H

#include <stddef.h>
#include <stdint.h>

#include "server/store.h"
#include "signaling/service.h"

#define STORE_TOKEN_TEXT 22 /* 128 bits in base64url */

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

/* Fills in ids and tokens of *c, whose title, roles and names are set. 0 or -EIO. */
int store_consultation_create(struct store *store, int64_t now_unix_s,
			      struct store_consultation *c);
/* 0, -ENOENT, -EIO. */
int store_consultation_get(struct store *store, const char *id, struct store_consultation *out);
/* 0 (also when it had ended before), -ENOENT, -EIO. */
int store_consultation_end(struct store *store, int64_t now_unix_s, const char *id);

#endif
