/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The audit trail in the database: records are added, read and counted, and old days deleted whole;
 * none is ever changed. Store thread, or a program of its own beside a running Vidd.
 */
#ifndef VIDD_SERVER_STORE_AUDIT_H
#define VIDD_SERVER_STORE_AUDIT_H

#include <stddef.h>
#include <stdint.h>

#include "server/audit_chain.h"
#include "server/audit_record.h"
#include "server/store.h"

/* Adds records (texts of audit_record_text) and the day's new head, all or none. What a record does
 * not say and the database knows is filled in: unit, provider and patient of its consultation,
 * HSA-ids. 0, -EBADMSG: a text is no record, -EIO. */
int store_audit_append(struct store *store, const struct audit_key *key, int64_t now_ms,
		       const char *const *texts, size_t count);

/* What is asked for; "" and 0 mean any. */
struct store_audit_query {
	const char *patient_ref;
	const char *consultation;
	const char *unit;
	const char *actor_id;
	int64_t from_ms, to_ms; /* from <= at < to */
	int64_t before_seq;	/* the next page of what is told newest first */
	size_t limit;		/* at most that many; 0: all */
	bool is_oldest_first;
};

/* Calls each for every record found, as long as it gives 0. 0, -EIO, -EBADMSG when a row is no
 * record, or what each gave. */
int store_audit_list(struct store *store, const struct store_audit_query *query,
		     int (*each)(void *user, int64_t seq, const struct audit_record *record),
		     void *user);

/* Walks the whole chain. 0 and the verdict in *out, or -EIO. */
int store_audit_verify(struct store *store, const struct audit_key *key, int64_t now_ms,
		       struct audit_walk *out);
/* The newest head. 0, -ENOENT, -EIO. */
int store_audit_head(struct store *store, struct audit_head *out);
/* Whether the chain holds this head: 0, -ENOENT: no record of that number, -EBADMSG: another one,
 * -EIO. */
int store_audit_has_head(struct store *store, const struct audit_head *head);

struct store_audit_deleted {
	int64_t records;
	char day[AUDIT_DAY_TEXT + 1]; /* the last that went, "" for none */
};

/* Deletes days older than `days` (at least AUDIT_MIN_DAYS, else -EINVAL) whole, and puts that on
 * record. is_dry: only counts. 0, -EIO. */
int store_audit_delete(struct store *store, const struct audit_key *key, int64_t now_ms,
		       int64_t days, bool is_dry, struct store_audit_deleted *out);

#endif
