/* SPDX-License-Identifier: EUPL-1.2 */
#include <assert.h>
#include <stdio.h>

#include "signaling/service_private.h"

const char *record_kind_name(enum record_kind kind)
{
	static const char *const names[RECORD_KIND_COUNT] = {
		[RECORD_PRESENT] = "present",
		[RECORD_GONE] = "gone",
		[RECORD_ADMITTED] = "admitted",
		[RECORD_PUT_BACK] = "put-back",
		[RECORD_HELD] = "held",
		[RECORD_REMOVED] = "removed",
		[RECORD_PRIVATE_BEGAN] = "private-began",
		[RECORD_PRIVATE_ENDED] = "private-ended",
		[RECORD_ASIDE] = "aside",
		[RECORD_BACK] = "back",
		[RECORD_VOUCHED] = "vouched",
		[RECORD_CODE_MADE] = "code-made",
		[RECORD_CODE_PASSED] = "code-passed",
		[RECORD_CODE_FAILED] = "code-failed",
		[RECORD_IDENTIFIED] = "identified",
		[RECORD_ASKED] = "asked",
		[RECORD_CONSENT] = "consent",
		[RECORD_CHECKED] = "checked",
		[RECORD_STATE] = "state",
		[RECORD_ENDED] = "ended",
		[RECORD_HANDED_OVER] = "handed-over",
		[RECORD_MODE] = "mode",
		[RECORD_INTERPRETER] = "interpreter",
		[RECORD_WISH] = "wish",
		[RECORD_INVITE_ASKED] = "invite-asked",
		[RECORD_INTERPRETER_LATE] = "interpreter-late",
		[RECORD_FIGURES] = "figures",
	};

	assert(kind < RECORD_KIND_COUNT);
	return names[kind];
}

static void put(struct service *service, struct service_record *record,
		const struct meeting *meeting, const struct seat *by)
{
	if (meeting->is_unrecorded)
		return;
	(void)snprintf(record->consultation_id, sizeof(record->consultation_id), "%s",
		       meeting->consultation.id);
	(void)snprintf(record->unit_id, sizeof(record->unit_id), "%s", meeting->unit_id);
	if (by != NULL) {
		(void)snprintf(record->by_id, sizeof(record->by_id), "%s", by->participant.id);
		(void)snprintf(record->by_staff_id, sizeof(record->by_staff_id), "%s",
			       by->staff_id);
	}
	service_put(service, &(struct service_output){.type = SERVICE_RECORD, .record = record});
}

void record_put(struct service *service, enum record_kind kind, const struct seat *seat,
		const struct seat *by, const struct service_record *more)
{
	struct service_record record = more != NULL ? *more : (struct service_record){0};

	record.kind = kind;
	record.role = seat->participant.role;
	record.assurance = seat->participant.assurance;
	(void)snprintf(record.participant_id, sizeof(record.participant_id), "%s",
		       seat->participant.id);
	put(service, &record, seat->meeting, by);
}

void record_visit(struct service *service, enum record_kind kind, const struct meeting *meeting,
		  const struct seat *by, const struct service_record *more)
{
	struct service_record record = more != NULL ? *more : (struct service_record){0};

	record.kind = kind;
	put(service, &record, meeting, by);
}

void record_identified(struct service *service, const struct service_person *person,
		       const char *name, const char *acr)
{
	struct service_record record = {.kind = RECORD_IDENTIFIED,
					.role = ROLE_PATIENT,
					.assurance = ASSURANCE_A,
					.text = acr};

	(void)snprintf(record.consultation_id, sizeof(record.consultation_id), "%s",
		       person->consultation_id);
	(void)snprintf(record.unit_id, sizeof(record.unit_id), "%s", person->unit_id);
	(void)snprintf(record.participant_id, sizeof(record.participant_id), "%s",
		       person->participant_id);
	(void)snprintf(record.detail, sizeof(record.detail), "%s", name);
	service_put(service, &(struct service_output){.type = SERVICE_RECORD, .record = &record});
}
