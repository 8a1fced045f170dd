/* SPDX-License-Identifier: EUPL-1.2 */
/* What the database knows of whoever comes by a link. Store thread. */
#ifndef VIDD_SERVER_STORE_INVITE_H
#define VIDD_SERVER_STORE_INVITE_H

#include "server/store.h"
#include "signaling/service.h"

/* 0; -ENOENT: no such link, or its participant was removed; -EIO. */
int store_invite_find(struct store *store, const char *token, struct service_invite *out);

/* Where a code to this telephone would go, without telling the number: "•••• 12 34"; "" without a
 * number of four digits at least. */
void store_invite_mask(const char *phone, char *out, size_t size);

#endif
