/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Who may do what over HTTP: one table of operation by duty, scope or kind of asker. Pure. Every
 * route names its operation (server/routes), so that none can be reached unasked;
 * docs/permissions.md is generated from here. What is not said is forbidden.
 */
#ifndef VIDD_SERVER_PERMISSION_H
#define VIDD_SERVER_PERMISSION_H

#include <stdbool.h>
#include <stddef.h>

#include "server/principal.h"

enum operation {
	OPERATION_OPEN, /* nobody is asked who they are */
	OPERATION_SESSION_READ,
	OPERATION_SESSION_CHOOSE, /* a commission */
	OPERATION_SESSION_END,
	OPERATION_OWN_SESSION, /* which one has, and ending one */
	OPERATION_PASSWORD_CHANGE,
	OPERATION_TICKET_CREATE, /* to watch the queue of one's unit */
	OPERATION_UNIT_LIST,
	OPERATION_CONSULTATION_LIST,
	OPERATION_CONSULTATION_CREATE,
	OPERATION_CONSULTATION_READ,
	OPERATION_CONSULTATION_QUALITY, /* how it was, in figures */
	OPERATION_CONSULTATION_CHANGE,
	OPERATION_CONSULTATION_ENTER,
	OPERATION_CONSULTATION_END,    /* with an outcome */
	OPERATION_CONSULTATION_CANCEL, /* without */
	OPERATION_PARTICIPANT_ADD,
	OPERATION_PARTICIPANT_REMOVE,
	OPERATION_MESSAGE_SEND,
	OPERATION_SURVEY_ANSWER,
	OPERATION_EID_BEGIN,
	OPERATION_STATISTICS_READ,
	OPERATION_PLACE_LIST,
	OPERATION_PLACE_CREATE,
	OPERATION_DEVICE_ENROL, /* makes the code */
	OPERATION_DEVICE_REVOKE,
	OPERATION_DEVICE_HELPED, /* whoever is asked for help says that it is coming */
	OPERATION_DEVICE_SELF,	 /* what a device asks and tells of itself */
	OPERATION_FHIR_BOOK,
	OPERATION_AUDIT_READ,
	OPERATION_AUDIT_EXTRACT, /* of one patient */
	OPERATION_WEBHOOK_LIST,
	OPERATION_WEBHOOK_CHANGE,
	OPERATION_ACCOUNT_LIST,
	OPERATION_ACCOUNT_CHANGE,
	OPERATION_STAFF_LOG_OUT, /* revokes all sessions of somebody of the unit */
	OPERATION_API_KEY_LIST,
	OPERATION_API_KEY_CHANGE,
	OPERATION_COUNT,
};

/* The columns of the table. */
enum asker {
	ASKER_SIGNED_IN, /* staff without a commission yet */
	ASKER_CLINICIAN, /* the duties, in their order */
	ASKER_STAFF,
	ASKER_ADMINISTRATOR,
	ASKER_REVIEWER,
	ASKER_SUPPORT,
	ASKER_KEY_READ, /* the scopes, in their order */
	ASKER_KEY_BOOK,
	ASKER_KEY_MESSAGE,
	ASKER_KEY_WEBHOOK,
	ASKER_KEY_AUDIT,
	ASKER_PARTICIPANT,
	ASKER_DEVICE,
	ASKER_COUNT,
};

/* One cell. OPERATION_OPEN: true for everybody. */
bool permission_cell(enum operation operation, enum asker asker);
/* Whether this asker may do this at all; in which units tells permission_in_unit. */
bool permission_allows(const struct principal *who, enum operation operation);
/* Whether anybody of that kind may: tells which credentials are worth looking up. */
bool permission_knows(enum operation operation, enum principal_kind kind);
/* Whether what belongs to unit_id ("": to none) is the asker's to see. A key for all units sees
 * all; everybody else their own unit's alone. */
bool permission_in_unit(const struct principal *who, const char *unit_id);

const char *permission_operation_name(enum operation operation);
const char *permission_asker_name(enum asker asker);
const char *permission_duty_name(enum duty duty);
/* DUTY_COUNT when there is none of that name. */
enum duty permission_duty_from_name(const char *name);
const char *permission_scope_name(enum scope scope);
/* Bits of words separated by spaces or commas ("*": all). 0, or -EINVAL: none, or one that is
 * unknown. */
int permission_scopes_parse(const char *words, unsigned *out);
/* The words of the bits, separated by spaces; out holds PERMISSION_SCOPES_BYTES. */
#define PERMISSION_SCOPES_BYTES 64
void permission_scopes_format(unsigned bits, char out[PERMISSION_SCOPES_BYTES]);

#endif
