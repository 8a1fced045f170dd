/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One thing somebody did, as it is kept: who (HSLF-FS 2016:40 4 kap. 9 §: user, care unit, time,
 * action, patient), by which commission, with what result. Written as canonical JSON (RFC 8785:
 * members sorted, no white space), because its bytes are hashed. Pure: no clock, no file.
 *
 * Never in a record: names, personal identity numbers, telephone numbers, addresses, tokens, or
 * anything that was said, written or shown in a visit.
 */
#ifndef VIDD_SERVER_AUDIT_RECORD_H
#define VIDD_SERVER_AUDIT_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "server/audit_limits.h"

enum audit_actor {
	AUDIT_SYSTEM,	   /* Vidd itself: a timer, the retention job */
	AUDIT_STAFF,	   /* a member of staff, logged in */
	AUDIT_API_KEY,	   /* a booking system */
	AUDIT_PARTICIPANT, /* who came by a link: patient, relative, interpreter */
	AUDIT_DEVICE,	   /* an enrolled health room */
	AUDIT_OPERATOR,	   /* the command line on the server */
	AUDIT_ACTOR_COUNT,
};

enum audit_result {
	AUDIT_OK,
	AUDIT_DENIED, /* the rules said no */
	AUDIT_FAILED, /* it was allowed and did not work */
	AUDIT_RESULT_COUNT,
};

/* The reason of a record of a request with an Idempotency-Key that got the answer of before: it was
 * asked for, and nothing was done anew. */
#define AUDIT_REASON_REPEATED "repeated"

/* Borrows every text. NULL and "" both mean that nothing is known; such members are left out. */
struct audit_event {
	const char *id; /* unique; NULL: audit_post makes one */
	int64_t at_ms;	/* UTC, since 1970; 0: audit_post takes the present */
	enum audit_actor actor;
	enum audit_result result;
	const char *action;	    /* "consultation.open": a-z, 0-9, '.' and '-'; always there */
	const char *actor_id;	    /* id of the staff member, participant, device or key */
	const char *actor_hsa;	    /* HSA-id of a staff member */
	const char *commission;	    /* id of the commission it was done by */
	const char *commission_hsa; /* HSA-id of that */
	const char *duty;	    /* clinician, staff, administrator, reviewer, support */
	const char *role;	    /* of a participant */
	const char *unit, *unit_hsa;
	const char *provider, *provider_hsa;
	const char *assurance;	  /* how sure the identity is: A, B, C */
	const char *acr;	  /* what the identity provider says of it */
	const char *patient_ref;  /* opaque, as the booking system gave it */
	const char *consultation; /* id */
	const char *subject;	  /* id of the participant, device, account it was done to */
	const char *reason;	  /* given by the person, or a code why not */
	const char *address;	  /* audit_record_address_class() of the client's */
};

/* A record read back; event borrows from it. Zero state is safe to close. */
struct audit_record {
	struct audit_event event;
	void *json;
};

/* The record's canonical JSON, to be g_free()d. Needs id, at_ms and action (asserted: they are
 * ours). Texts too long are cut at a character, bytes that are no UTF-8 become U+FFFD. */
char *audit_record_text(const struct audit_event *event);
/* 0, -EBADMSG (not exactly what audit_record_text writes) or -EPROTO (of a later version). */
int audit_record_parse(struct audit_record *out, const char *text, size_t len);
void audit_record_close(struct audit_record *record);

/* "loopback", "private", "link-local" or "public" of a numeric address; "" when it is none. The
 * address itself is not kept: it points at a person's home. */
const char *audit_record_address_class(const char *address);

const char *audit_actor_name(enum audit_actor actor);
const char *audit_result_name(enum audit_result result);

#endif
