/* SPDX-License-Identifier: EUPL-1.2 */
/* Consultations and their participants as the database keeps them. Store thread. */
#ifndef VIDD_SERVER_STORE_VISIT_H
#define VIDD_SERVER_STORE_VISIT_H

#include <stddef.h>
#include <stdint.h>

#include "server/store.h"
#include "signaling/service.h"

#define STORE_TOKEN_TEXT 22 /* 128 bits in base64url */

/* A day of the busiest unit (domain: 136 visits in all of the region) with room. */
#define STORE_VISIT_LIST_MAX 300

enum {
	STORE_PHONE_BYTES = 32,
	STORE_EMAIL_BYTES = 128,
	STORE_LANGUAGE_BYTES = 15, /* BCP 47 */
	STORE_REF_BYTES = 64,
	STORE_KIND_BYTES = 32,
	STORE_NEEDS_BYTES = 256,
	STORE_VERDICTS_BYTES = 160,
};

struct store_participant {
	char id[SERVICE_ID_BYTES + 1];
	enum role role;
	char name[LIMIT_NAME_BYTES + 1];
	char token[STORE_TOKEN_TEXT + 1]; /* only in the answer to a creation; "" afterwards */
	char phone[STORE_PHONE_BYTES + 1];
	char email[STORE_EMAIL_BYTES + 1];
	char language[STORE_LANGUAGE_BYTES + 1];
	char staff_id[SERVICE_ID_BYTES + 1];
	enum admission admission;
	enum assurance assurance;
	/* The last check of its link; checked_unix_s 0: none. */
	int64_t checked_unix_s, up_kbps, down_kbps;
	char verdicts[STORE_VERDICTS_BYTES + 1]; /* JSON */
};

struct store_consultation {
	char id[SERVICE_ID_BYTES + 1];
	char title[LIMIT_NAME_BYTES + 1];
	int64_t created_unix_s;
	int64_t planned_unix_s; /* 0: not planned, like each time below */
	int64_t started_unix_s;
	int64_t ended_unix_s;
	int64_t minutes;
	char unit_id[SERVICE_ID_BYTES + 1]; /* "": of none */
	char unit_name[LIMIT_NAME_BYTES + 1];
	char responsible_id[SERVICE_ID_BYTES + 1]; /* a staff member, or "" */
	char responsible_name[LIMIT_NAME_BYTES + 1];
	char place_id[SERVICE_ID_BYTES + 1];
	char kind[STORE_KIND_BYTES + 1];
	char patient_ref[STORE_REF_BYTES + 1]; /* opaque, the booking system's */
	char external_ref[STORE_REF_BYTES + 1];
	char communication_needs[STORE_NEEDS_BYTES + 1];
	bool has_waiting_room;
	bool needs_interpreter;
	enum visit_state state;
	enum mode mode;
	enum outcome outcome;		    /* OUTCOME_COUNT: none yet */
	enum outcome_reason outcome_reason; /* the count: none */
	struct store_participant participant[LIMIT_PARTICIPANTS];
	size_t participant_count;
};

/* Fills in ids and tokens of *c, whose other members are set (zero will do). 0; -EINVAL: no such
 * unit, or the responsible one is no clinician of it; -EIO. */
int store_consultation_create(struct store *store, int64_t now_unix_s,
			      struct store_consultation *c);
/* All of them or none. */
int store_consultation_create_all(struct store *store, int64_t now_unix_s,
				  struct store_consultation *list, size_t count);
/* 0, -ENOENT, -EIO. Who was removed is not told. */
int store_consultation_get(struct store *store, const char *id, struct store_consultation *out);

struct store_visit_filter {
	const char *unit_id;
	int64_t from_unix_s, to_unix_s; /* planned, or created when not planned; to: excluded */
	enum visit_state state;		/* the count: all */
};

/* The first STORE_VISIT_LIST_MAX by time; *out is to be freed with free(). 0, -ENOMEM, -EIO. */
int store_consultation_list(struct store *store, const struct store_visit_filter *filter,
			    struct store_consultation **out, size_t *count);
/* Takes over title, planned time, minutes, responsible one, needs and kind of *c. 0; -ENOENT;
 * -EALREADY: it has ended; -EINVAL as creating; -EIO. */
int store_consultation_change(struct store *store, const struct store_consultation *c);
/* 0 (also when it had ended before), -ENOENT, -EIO. */
int store_consultation_end(struct store *store, int64_t now_unix_s, const char *id);
/* With an outcome: 0, -ENOENT, -EALREADY, -EIO. */
int store_consultation_close(struct store *store, int64_t now_unix_s,
			     const struct store_consultation *c);

/* Adds *p, whose id and token are filled in. 0; -ENOENT; -EALREADY: the visit is over; -ENOSPC:
 * LIMIT_PARTICIPANTS are in; -EIO. */
int store_participant_add(struct store *store, const char *consultation_id,
			  struct store_participant *p);
/* 0, -ENOENT, -EIO. */
int store_participant_remove(struct store *store, int64_t now_unix_s, const char *consultation_id,
			     const char *id);
/* The staff member p->staff_id comes in as p->role under p->name: p gets an id and a new token, the
 * same id as last time. 0; -EPERM: it is another one's visit, and has_reason is false; else as
 * store_participant_add. */
int store_participant_enter(struct store *store, const char *consultation_id, bool has_reason,
			    struct store_participant *p);

#endif
