/* SPDX-License-Identifier: EUPL-1.2 */
/* Makes the first care providers and units, from the command line or the demo. Store thread, or
 * before it starts. */
#ifndef VIDD_SERVER_STORE_UNIT_H
#define VIDD_SERVER_STORE_UNIT_H

#include "server/principal.h"
#include "server/store.h"

struct store_unit_new {
	const char *name, *hsa_id;
	const char *provider, *provider_hsa_id; /* made when there is none of that name */
};

/* 0 and the unit's id (PRINCIPAL_ID_BYTES + 1), the one there is when provider and name are known;
 * -EIO. */
int store_unit_make(struct store *store, const struct store_unit_new *unit, char *unit_id);
/* The unit when there is just one: 0, -ENOENT: none or several, -EIO. */
int store_unit_sole(struct store *store, char *unit_id);

#endif
