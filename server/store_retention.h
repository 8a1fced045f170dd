/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What is kept no longer is deleted: the table in docs/operations.md, "What is kept how long".
 * Store thread, or a program beside a running vidd.
 */
#ifndef VIDD_SERVER_STORE_RETENTION_H
#define VIDD_SERVER_STORE_RETENTION_H

#include <stdbool.h>
#include <stdint.h>

#include "server/audit_chain.h"
#include "server/store.h"

struct store_retention_rules {
	int64_t visit_days; /* where a unit says nothing else */
	int64_t audit_days; /* AUDIT_MIN_DAYS at least */
};

/* Rows deleted, or to be deleted. */
struct store_retention_counts {
	int64_t visits;	    /* with participants, consents, checks, surveys, figures, messages */
	int64_t sessions;   /* of staff, a day after their end */
	int64_t replies;    /* kept for repeated requests, two days */
	int64_t enrolments; /* codes of devices, at their end */
	int64_t deliveries; /* of webhooks, a week */
	int64_t audit;	    /* records, whole days */
};

/* 0, -EINVAL: audit_days below the law's five years, -EIO. is_dry: only counts. What was deleted is
 * put on record. */
int store_retention_run(struct store *store, const struct audit_key *key, int64_t now_unix_s,
			const struct store_retention_rules *rules, bool is_dry,
			struct store_retention_counts *out);

#endif
