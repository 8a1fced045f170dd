/* SPDX-License-Identifier: EUPL-1.2 */
/* The organisation in the database: written from a file, read for pages. Store thread, or before
 * it starts. */
#ifndef VIDD_SERVER_STORE_ORG_H
#define VIDD_SERVER_STORE_ORG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/organisation.h"
#include "server/store.h"

/* Writes all of it, or nothing: what has the same id (staff: the same subject) is changed, the rest
 * is added. Commissions of the staff in the file are as the file says afterwards: those it does not
 * name are gone. Nothing else is taken away. 0; -EINVAL and *fault: a unit belongs to another
 * provider, a place to another unit, a subject to another issuer, or a commission names no unit;
 * -EIO. */
int store_org_import(struct store *store, int64_t now_unix_s, const struct organisation *o,
		     struct organisation_fault *fault);

/* A unit as pages see it. */
struct store_org_unit {
	char id[PRINCIPAL_ID_BYTES + 1];
	char name[LIMIT_NAME_BYTES + 1];
	char municipality[LIMIT_NAME_BYTES + 1];
	char minimum_assurance[2];
};

struct store_org_place {
	char id[PRINCIPAL_ID_BYTES + 1];
	char unit_id[PRINCIPAL_ID_BYTES + 1];
	char name[LIMIT_NAME_BYTES + 1];
	char municipality[LIMIT_NAME_BYTES + 1];
};

/* Somebody who may see patients there. */
struct store_org_person {
	char id[PRINCIPAL_ID_BYTES + 1];
	char unit_id[PRINCIPAL_ID_BYTES + 1];
	char name[LIMIT_NAME_BYTES + 1];
	enum duty duty; /* clinician or staff */
};

struct store_org_view {
	GArray *units, *places, *people; /* of the structs above, by name */
};

/* What unit_id is ("": all units), its active places and its people. 0 or -EIO. *out is to be
 * closed. */
int store_org_view(struct store *store, const char *unit_id, struct store_org_view *out);
/* Zero state is legal. */
void store_org_view_close(struct store_org_view *view);

#endif
