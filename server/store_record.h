/* SPDX-License-Identifier: EUPL-1.2 */
/* Writes what happened in a visit where it is kept: who stands where, how sure it is of whom, what
 * was agreed to, how the visit went. Store thread. */
#ifndef VIDD_SERVER_STORE_RECORD_H
#define VIDD_SERVER_STORE_RECORD_H

#include "server/store.h"
#include "signaling/service.h"

/* Link checks kept of one participant: the last ones tell whether it got better. */
#define STORE_RECORD_CHECKS 5

/* 0, also where there is nothing to write; -ENOENT: the visit or the person is not there, or, of
 * HANDED_OVER, the staff member is no clinician of the unit; -EIO. name: of HANDED_OVER, the staff
 * member's; else untouched. */
int store_record_put(struct store *store, int64_t now_unix_s, const struct service_record *record,
		     char name[LIMIT_NAME_BYTES + 1]);

#endif
