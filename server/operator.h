/* SPDX-License-Identifier: EUPL-1.2 */
/* What is done on the command line is as much on record as what is done over REST, with the
 * system's user. */
#ifndef VIDD_SERVER_OPERATOR_H
#define VIDD_SERVER_OPERATOR_H

#include "server/audit_chain.h"
#include "server/audit_record.h"
#include "server/exit_code.h"
#include "server/store.h"

/* Appends the event with id, time and actor filled in: errors of store_audit_append. */
int operator_record(struct store *store, const struct audit_key *key, struct audit_event event);
/* The same with the key of the data directory, for what has been changed. When that fails, tells
 * on standard error that it is done and not on record. */
enum exit_code operator_record_change(struct store *store, const char *data,
				      struct audit_event event);

#endif
