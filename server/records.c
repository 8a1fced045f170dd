/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/records.h"

#include "server/log.h"

void records_take(struct hub *hub, const struct service_record *record)
{
	(void)hub;
	/* Ids only: details and texts are of patients. */
	log_info("visit", "consultation=%s what=%s participant=%s by=%s", record->consultation_id,
		 record_kind_name(record->kind),
		 record->participant_id[0] != '\0' ? record->participant_id : "-",
		 record->by_id[0] != '\0' ? record->by_id : "-");
}
