/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The audit trail as the front sees it: what somebody did is posted here, waits in order, and is
 * written by the store thread in groups. Nothing is lost silently: a group that cannot be written
 * is kept and tried again, /readyz, /metrics and the log say so, and whoever posts meanwhile is
 * told, so that the action answers that it failed. Front thread.
 */
#ifndef VIDD_SERVER_AUDIT_H
#define VIDD_SERVER_AUDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/base/rng.h"
#include "server/audit_chain.h"
#include "server/audit_record.h"

struct hub;
struct audit;
struct principal;
struct http_request;

struct audit_stats {
	uint64_t records;  /* written */
	uint64_t failures; /* groups that could not be written, each try */
	uint64_t lost;	   /* records there was no room for, or that were waiting at the end */
	size_t waiting;
	bool is_broken; /* the last try failed */
};

/* Takes the key. 0 or -ENOMEM. */
int audit_new(struct audit **out, struct audit_key *key, struct rng rng);
void audit_free(struct audit *audit);
/* The key, for others who add records on the store thread; lives as long as the audit. */
const struct audit_key *audit_key_of(const struct audit *audit);

/*
 * Puts on record what was done, or what was refused. Copies the event; id and at_ms may be left
 * out. The database fills in what it knows by the ids of consultation, unit and commission:
 * patient, provider, HSA-ids.
 *
 * 0; -EIO: the trail cannot be written at present: the record waits, but the action must answer
 * that it failed; -ENOSPC: there is no room for it, it is lost and counted.
 */
int audit_post(struct hub *hub, const struct audit_event *event);
/* Fills in who did it and from where: id, HSA-id, commission, duty, unit, provider, acr, address.
 * who may be NULL (nobody is known); the event borrows from both. */
void audit_set_actor(struct audit_event *event, const struct principal *who,
		     const struct http_request *request);
/* Once a second: tries again. */
void audit_tick(struct hub *hub);
/* Before the store ends: hands over all that waits. */
void audit_flush(struct hub *hub);
void audit_stats(const struct audit *audit, struct audit_stats *out);

#endif
