/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/permission.h"

#include <assert.h>
#include <errno.h>
#include <glib.h>
#include <string.h>

#define BIT(asker) (1u << (asker))
#define SIGNED_IN  BIT(ASKER_SIGNED_IN)
#define CLINICIAN  BIT(ASKER_CLINICIAN)
#define STAFF	   BIT(ASKER_STAFF)
#define ADMIN	   BIT(ASKER_ADMINISTRATOR)
#define REVIEWER   BIT(ASKER_REVIEWER)
#define SUPPORT	   BIT(ASKER_SUPPORT)
#define K_READ	   BIT(ASKER_KEY_READ)
#define K_BOOK	   BIT(ASKER_KEY_BOOK)
#define K_MESSAGE  BIT(ASKER_KEY_MESSAGE)
#define K_WEBHOOK  BIT(ASKER_KEY_WEBHOOK)
#define K_AUDIT	   BIT(ASKER_KEY_AUDIT)
#define PERSON	   BIT(ASKER_PARTICIPANT)
#define DEVICE	   BIT(ASKER_DEVICE)

#define CARE	  (CLINICIAN | STAFF)
#define DUTIES	  (CARE | ADMIN | REVIEWER | SUPPORT)
#define ANY_STAFF (SIGNED_IN | DUTIES)
#define EVERYBODY (BIT(ASKER_COUNT) - 1)

static const struct {
	const char *name;
	unsigned askers;
} table[OPERATION_COUNT] = {
	[OPERATION_OPEN] = {"open", EVERYBODY},
	[OPERATION_SESSION_READ] = {"session-read", ANY_STAFF},
	[OPERATION_SESSION_CHOOSE] = {"session-choose", ANY_STAFF},
	[OPERATION_SESSION_END] = {"session-end", ANY_STAFF},
	[OPERATION_OWN_SESSION] = {"own-session", ANY_STAFF},
	[OPERATION_PASSWORD_CHANGE] = {"password-change", ANY_STAFF},
	[OPERATION_TICKET_CREATE] = {"ticket-create", CARE},
	[OPERATION_UNIT_LIST] = {"unit-list", DUTIES | K_READ | K_BOOK},
	[OPERATION_CONSULTATION_LIST] = {"consultation-list", CARE | K_READ},
	[OPERATION_CONSULTATION_CREATE] = {"consultation-create", CARE | K_BOOK},
	[OPERATION_CONSULTATION_READ] = {"consultation-read", CARE | K_READ | K_BOOK},
	[OPERATION_CONSULTATION_QUALITY] = {"consultation-quality", CARE | K_READ},
	[OPERATION_CONSULTATION_CHANGE] = {"consultation-change", CARE | K_BOOK},
	[OPERATION_CONSULTATION_ENTER] = {"consultation-enter", CARE},
	[OPERATION_CONSULTATION_END] = {"consultation-end", CLINICIAN},
	[OPERATION_CONSULTATION_CANCEL] = {"consultation-cancel", CARE | K_BOOK},
	[OPERATION_PARTICIPANT_ADD] = {"participant-add", CARE | K_BOOK},
	[OPERATION_PARTICIPANT_REMOVE] = {"participant-remove", CLINICIAN | K_BOOK},
	[OPERATION_MESSAGE_SEND] = {"message-send", CARE | K_MESSAGE},
	[OPERATION_SURVEY_ANSWER] = {"survey-answer", PERSON},
	[OPERATION_EID_BEGIN] = {"eid-begin", PERSON},
	[OPERATION_STATISTICS_READ] = {"statistics-read", CARE | ADMIN | K_READ},
	[OPERATION_PLACE_LIST] = {"place-list", CARE | ADMIN | SUPPORT | K_READ | K_BOOK},
	[OPERATION_PLACE_CREATE] = {"place-create", ADMIN | SUPPORT},
	[OPERATION_DEVICE_ENROL] = {"device-enrol", ADMIN | SUPPORT},
	[OPERATION_DEVICE_REVOKE] = {"device-revoke", ADMIN | SUPPORT},
	[OPERATION_DEVICE_HELPED] = {"device-helped", CARE | ADMIN | SUPPORT},
	[OPERATION_DEVICE_SELF] = {"device-self", DEVICE},
	[OPERATION_FHIR_BOOK] = {"fhir-book", K_BOOK},
	[OPERATION_AUDIT_READ] = {"audit-read", REVIEWER | K_AUDIT},
	[OPERATION_AUDIT_EXTRACT] = {"audit-extract", REVIEWER | K_AUDIT},
	[OPERATION_WEBHOOK_LIST] = {"webhook-list", ADMIN | K_WEBHOOK},
	[OPERATION_WEBHOOK_CHANGE] = {"webhook-change", ADMIN | K_WEBHOOK},
	[OPERATION_ACCOUNT_LIST] = {"account-list", ADMIN},
	[OPERATION_ACCOUNT_CHANGE] = {"account-change", ADMIN},
	[OPERATION_STAFF_LOG_OUT] = {"staff-log-out", ADMIN},
	[OPERATION_API_KEY_LIST] = {"api-key-list", ADMIN},
	[OPERATION_API_KEY_CHANGE] = {"api-key-change", ADMIN},
};

static const char *const askers[ASKER_COUNT] = {
	[ASKER_SIGNED_IN] = "signed in, no commission",
	[ASKER_CLINICIAN] = "clinician",
	[ASKER_STAFF] = "staff",
	[ASKER_ADMINISTRATOR] = "administrator",
	[ASKER_REVIEWER] = "reviewer",
	[ASKER_SUPPORT] = "support",
	[ASKER_KEY_READ] = "key: read",
	[ASKER_KEY_BOOK] = "key: book",
	[ASKER_KEY_MESSAGE] = "key: message",
	[ASKER_KEY_WEBHOOK] = "key: webhook",
	[ASKER_KEY_AUDIT] = "key: audit",
	[ASKER_PARTICIPANT] = "participant",
	[ASKER_DEVICE] = "device",
};

static const char *const duties[DUTY_COUNT] = {
	[DUTY_CLINICIAN] = "clinician",
	[DUTY_STAFF] = "staff",
	[DUTY_ADMINISTRATOR] = "administrator",
	[DUTY_REVIEWER] = "reviewer",
	[DUTY_SUPPORT] = "support",
};

static const char *const scopes[SCOPE_COUNT] = {
	[SCOPE_READ] = "read",	     [SCOPE_BOOK] = "book",   [SCOPE_MESSAGE] = "message",
	[SCOPE_WEBHOOK] = "webhook", [SCOPE_AUDIT] = "audit",
};

_Static_assert(ASKER_CLINICIAN + DUTY_COUNT == ASKER_KEY_READ, "a column per duty");
_Static_assert(ASKER_KEY_READ + SCOPE_COUNT == ASKER_PARTICIPANT, "a column per scope");

bool permission_cell(enum operation operation, enum asker asker)
{
	assert(operation < OPERATION_COUNT && asker < ASKER_COUNT);
	return (table[operation].askers & BIT(asker)) != 0;
}

/* The columns that are this asker's. */
static unsigned askers_of(const struct principal *who)
{
	switch (who->kind) {
	case PRINCIPAL_STAFF:
		return who->commission_id[0] == '\0' ? SIGNED_IN
		       : who->duty < DUTY_COUNT	     ? BIT(ASKER_CLINICIAN + (unsigned)who->duty)
						     : 0;
	case PRINCIPAL_API_KEY:
		return (who->scopes & SCOPES_ALL) << ASKER_KEY_READ;
	case PRINCIPAL_PARTICIPANT:
		return PERSON;
	case PRINCIPAL_DEVICE:
		return DEVICE;
	case PRINCIPAL_NOBODY:
		break;
	}
	return 0;
}

bool permission_allows(const struct principal *who, enum operation operation)
{
	assert(operation < OPERATION_COUNT);
	return operation == OPERATION_OPEN || (table[operation].askers & askers_of(who)) != 0;
}

bool permission_knows(enum operation operation, enum principal_kind kind)
{
	static const unsigned columns[] = {
		[PRINCIPAL_NOBODY] = 0,
		[PRINCIPAL_STAFF] = ANY_STAFF,
		[PRINCIPAL_API_KEY] = SCOPES_ALL << ASKER_KEY_READ,
		[PRINCIPAL_PARTICIPANT] = PERSON,
		[PRINCIPAL_DEVICE] = DEVICE,
	};

	assert(operation < OPERATION_COUNT);
	return (table[operation].askers & columns[kind]) != 0;
}

bool permission_in_unit(const struct principal *who, const char *unit_id)
{
	if (who->kind == PRINCIPAL_API_KEY && who->unit_id[0] == '\0')
		return true;
	return (who->kind == PRINCIPAL_STAFF || who->kind == PRINCIPAL_API_KEY) &&
	       who->unit_id[0] != '\0' && strcmp(who->unit_id, unit_id) == 0;
}

const char *permission_operation_name(enum operation operation)
{
	return table[operation].name;
}

const char *permission_asker_name(enum asker asker)
{
	return askers[asker];
}

const char *permission_duty_name(enum duty duty)
{
	return duty < DUTY_COUNT ? duties[duty] : "";
}

enum duty permission_duty_from_name(const char *name)
{
	enum duty duty = DUTY_CLINICIAN;

	while (duty < DUTY_COUNT && strcmp(duties[duty], name) != 0)
		duty++;
	return duty;
}

const char *permission_scope_name(enum scope scope)
{
	return scopes[scope];
}

int permission_scopes_parse(const char *words, unsigned *out)
{
	static const char separators[] = " ,";
	unsigned bits = 0;

	for (const char *p = words + strspn(words, separators); *p != '\0';) {
		size_t len = strcspn(p, separators);
		unsigned i = 0;

		while (i < SCOPE_COUNT &&
		       (strlen(scopes[i]) != len || strncmp(scopes[i], p, len) != 0))
			i++;
		if (i == SCOPE_COUNT && (len != 1 || *p != '*'))
			return -EINVAL;
		bits |= i < SCOPE_COUNT ? 1u << i : SCOPES_ALL;
		p += len;
		p += strspn(p, separators);
	}
	if (bits == 0)
		return -EINVAL;
	*out = bits;
	return 0;
}

void permission_scopes_format(unsigned bits, char out[PERMISSION_SCOPES_BYTES])
{
	out[0] = '\0';
	for (unsigned i = 0; i < SCOPE_COUNT; i++) {
		if ((bits & SCOPE_BIT(i)) == 0)
			continue;
		if (out[0] != '\0')
			g_strlcat(out, " ", PERMISSION_SCOPES_BYTES);
		g_strlcat(out, scopes[i], PERMISSION_SCOPES_BYTES);
	}
}
