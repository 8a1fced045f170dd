/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Who asks: a staff member in one commission, a booking system by its API key, a participant by an
 * invite token, a device of a health room. Plain values, found by server/access and judged by
 * server/permission.
 */
#ifndef VIDD_SERVER_PRINCIPAL_H
#define VIDD_SERVER_PRINCIPAL_H

#include <stdint.h>

#include "media/base/limits.h"
#include "signaling/names.h"

#define PRINCIPAL_ID_BYTES   63
#define PRINCIPAL_ACR_BYTES  127
#define PRINCIPAL_CSRF_BYTES 22

enum principal_kind {
	PRINCIPAL_NOBODY,
	PRINCIPAL_STAFF,
	PRINCIPAL_API_KEY,
	PRINCIPAL_PARTICIPANT,
	PRINCIPAL_DEVICE,
};

/* What a commission is for. */
enum duty {
	DUTY_CLINICIAN,
	DUTY_STAFF,
	DUTY_ADMINISTRATOR, /* of the unit: accounts, keys, devices; no visits */
	DUTY_REVIEWER,	    /* reads the audit */
	DUTY_SUPPORT,	    /* rooms and devices; no visits */
	DUTY_COUNT,
};

/* What an API key is for; a key has any of them. */
enum scope {
	SCOPE_READ,
	SCOPE_BOOK,
	SCOPE_MESSAGE,
	SCOPE_WEBHOOK,
	SCOPE_AUDIT,
	SCOPE_COUNT,
};

#define SCOPE_BIT(scope) (1u << (scope))
#define SCOPES_ALL	 ((1u << SCOPE_COUNT) - 1)

struct principal {
	enum principal_kind kind;
	char id[PRINCIPAL_ID_BYTES + 1]; /* of the staff member, key, participant or device */
	char name[LIMIT_NAME_BYTES + 1]; /* of the staff member; the label of a key */
	/* "": of all units (keys made on the command line), or of none (no commission chosen). */
	char unit_id[PRINCIPAL_ID_BYTES + 1];
	char unit_name[LIMIT_NAME_BYTES + 1];
	char provider_id[PRINCIPAL_ID_BYTES + 1];
	/* Staff. */
	char subject[LIMIT_NAME_BYTES + 1];	    /* HSA-id, or the local user name */
	char commission_id[PRINCIPAL_ID_BYTES + 1]; /* "": not chosen yet */
	char commission_hsa_id[PRINCIPAL_ID_BYTES + 1];
	char unit_hsa_id[PRINCIPAL_ID_BYTES + 1];
	char provider_hsa_id[PRINCIPAL_ID_BYTES + 1];
	enum duty duty;			     /* DUTY_COUNT without commission */
	char acr[PRINCIPAL_ACR_BYTES + 1];   /* how sure the login is, in the provider's words */
	char csrf[PRINCIPAL_CSRF_BYTES + 1]; /* of the session */
	int64_t expires_unix_s;		     /* of the session */
	unsigned scopes;		     /* bits; of a key */
	/* Of a participant; whose visit is in unit_id. */
	char consultation_id[PRINCIPAL_ID_BYTES + 1];
	enum role role;
	char place_id[PRINCIPAL_ID_BYTES + 1]; /* of a device */
};

#endif
