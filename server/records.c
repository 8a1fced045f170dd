/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/records.h"

#include <errno.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "server/clock.h"
#include "server/log.h"
#include "server/store_record.h"

struct record_job {
	struct store_job job;
	struct service_record record;
	char *text;
	char name[LIMIT_NAME_BYTES + 1];
};

static void run(struct store *store, struct store_job *job)
{
	struct record_job *j = (struct record_job *)job;

	job->result = store_record_put(store, clock_unix_s(), &j->record, j->name);
}

static void done(struct hub *hub, struct store_job *job)
{
	const struct record_job *j = (const struct record_job *)job;
	const struct service_record *r = &j->record;

	if (job->result < 0)
		log_warn("record-not-kept", "consultation=%s what=%s result=%d", r->consultation_id,
			 record_kind_name(r->kind), job->result);
	else if (r->kind == RECORD_HANDED_OVER)
		service_responsible_changed(hub->service, clock_now_us(), r->consultation_id,
					    r->detail, j->name);
}

static void close_job(struct store_job *job)
{
	struct record_job *j = (struct record_job *)job;

	if (j->text != NULL)
		explicit_bzero(j->text, strlen(j->text));
	g_free(j->text);
	free(j);
}

/* Ids only: details and texts are of patients. */
static void log_record(const struct service_record *r)
{
	log_info("visit", "consultation=%s what=%s participant=%s by=%s", r->consultation_id,
		 record_kind_name(r->kind), r->participant_id[0] != '\0' ? r->participant_id : "-",
		 r->by_id[0] != '\0' ? r->by_id : "-");
}

void records_take(struct hub *hub, const struct service_record *record)
{
	struct record_job *j = calloc(1, sizeof(*j));

	log_record(record);
	if (j == NULL)
		return;
	j->job = (struct store_job){.run = run, .done = done, .close = close_job};
	j->record = *record;
	j->text = g_strdup(record->text);
	j->record.text = j->text;
	/* The hub tells of an overload. */
	(void)hub_post_store(hub, &j->job);
}
