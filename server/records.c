/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/records.h"

#include <errno.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "server/audit.h"
#include "server/clock.h"
#include "server/log.h"
#include "server/outbox.h"
#include "server/store_record.h"
#include "server/webhook.h"

/* How long the end waits for a store that is full. */
#define FLUSH_TRIES 100
#define FLUSH_US    10000
/* What the database refuses is tried again after so long: a full disk is emptied by people. */
#define AGAIN_US 2000000

struct record_job {
	struct store_job job;
	uint64_t number;   /* of all records: their order */
	int64_t at_unix_s; /* when it was so, however long it waits */
	struct service_record record;
	char *text;
	char name[LIMIT_NAME_BYTES + 1];
};

static void run(struct store *store, struct store_job *job)
{
	struct record_job *j = (struct record_job *)job;

	job->result = store_record_put(store, j->at_unix_s, &j->record, j->name);
}

static void refused(struct hub *hub, struct record_job *j);

static void done(struct hub *hub, struct store_job *job)
{
	struct record_job *j = (struct record_job *)job;
	const struct service_record *r = &j->record;

	if (job->result == -EIO) {
		refused(hub, j);
		return;
	}
	hub->records.again_us = 0;
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

/* The detail of these is a word of the protocol or an id; of the others a person's own text. */
static const char *reason_of(const struct service_record *r)
{
	switch (r->kind) {
	case RECORD_VOUCHED:
	case RECORD_ASKED:
	case RECORD_HANDED_OVER:
	case RECORD_MODE:
	case RECORD_WISH:
	case RECORD_CONSENT:
		return r->detail;
	case RECORD_STATE:
		return visit_state_name(r->state);
	case RECORD_ENDED:
		return r->outcome < OUTCOME_COUNT ? outcome_name(r->outcome) : "";
	default:
		return "";
	}
}

static void audit_record(struct hub *hub, const struct service_record *r)
{
	char action[AUDIT_MAX_WORD_BYTES + 1];
	const char *actor_id = r->by_id[0] != '\0' ? r->by_id : r->participant_id;
	struct audit_event e = {
		.actor = AUDIT_PARTICIPANT,
		.action = action,
		.actor_id = actor_id,
		.consultation = r->consultation_id,
		.subject = r->participant_id,
		.reason = reason_of(r),
		.unit = r->unit_id,
	};
	bool is_no = r->kind == RECORD_CODE_FAILED || (r->kind == RECORD_CONSENT && !r->is_given);

	g_snprintf(action, sizeof(action), "visit-%s", record_kind_name(r->kind));
	if (r->kind == RECORD_IDENTIFIED)
		e.acr = r->text; /* what the provider calls how sure it is */
	if (actor_id[0] == '\0')
		e.actor = AUDIT_SYSTEM;
	if (r->by_staff_id[0] != '\0') {
		e.actor = AUDIT_STAFF;
		e.actor_id = r->by_staff_id;
	}
	e.result = is_no ? AUDIT_DENIED : AUDIT_OK;
	if (r->participant_id[0] != '\0' && r->role < ROLE_COUNT)
		e.role = role_name(r->role);
	if (r->assurance != ASSURANCE_NONE && r->assurance < ASSURANCE_COUNT)
		e.assurance = assurance_name(r->assurance);
	/* What fails here waits and is told by /readyz: a visit is not ended for it. */
	(void)audit_post(hub, &e);
}

/* --- the queue ---------------------------------------------------------------------------------
 */

static void lose(struct hub *hub, struct record_job *j)
{
	hub->records.lost++;
	log_error("record-lost", "consultation=%s what=%s", j->record.consultation_id,
		  record_kind_name(j->record.kind));
	store_job_free(&j->job);
}

static bool is_later(const GList *item, const struct record_job *j)
{
	return ((const struct record_job *)item->data)->number > j->number;
}

static void keep_waiting(struct hub *hub, struct record_job *j, const char *because)
{
	GQueue *waiting = &hub->records.waiting;
	GList *before = waiting->tail;

	if (waiting->length >= RECORDS_MAX_WAITING) {
		lose(hub, j);
		return;
	}
	if (waiting->length == 0)
		log_warn("records-wait", "because=%s", because);
	while (before != NULL && is_later(before, j))
		before = before->prev;
	g_queue_insert_after(waiting, before, j);
}

/* The database could not: it is tried again, before those that came after it. */
static void refused(struct hub *hub, struct record_job *j)
{
	struct record_job *again = g_memdup2(j, sizeof(*j));

	j->text = NULL; /* the other's now */
	hub->records.again_us = clock_now_us() + AGAIN_US;
	keep_waiting(hub, again, "store-failed");
}

/* The store takes it, or it waits behind those that wait already. */
static void enqueue(struct hub *hub, struct record_job *j)
{
	if (hub->records.waiting.length > 0 || hub->records.again_us != 0 ||
	    store_thread_post(hub->store, &j->job) < 0)
		keep_waiting(hub, j, "store-overloaded");
}

static bool post_first(struct hub *hub)
{
	struct record_job *j = g_queue_peek_head(&hub->records.waiting);

	if (j == NULL || store_thread_post(hub->store, &j->job) < 0)
		return false;
	(void)g_queue_pop_head(&hub->records.waiting); /* the store has it */
	return true;
}

static void post_all(struct hub *hub)
{
	while (post_first(hub))
		;
}

void records_tick(struct hub *hub)
{
	int64_t now_us = clock_now_us();

	if (hub->records.again_us == 0) {
		post_all(hub);
	} else if (now_us >= hub->records.again_us && post_first(hub)) {
		/* The others when this one is kept. */
		hub->records.again_us = now_us + AGAIN_US;
	}
}

void records_flush(struct hub *hub)
{
	for (int tries = 0; tries < FLUSH_TRIES; tries++) {
		post_all(hub);
		if (hub->records.waiting.length == 0)
			return;
		g_usleep(FLUSH_US);
	}
	while (hub->records.waiting.length > 0)
		lose(hub, g_queue_pop_head(&hub->records.waiting));
}

void records_take(struct hub *hub, const struct service_record *record)
{
	struct record_job *j = calloc(1, sizeof(*j));
	enum webhook_event event = webhook_event_of(record);

	log_record(record);
	/* Figures are no deed of anybody's. */
	if (record->kind != RECORD_FIGURES)
		audit_record(hub, record);
	if (event < WEBHOOK_EVENT_COUNT)
		webhooks_post(hub, event, record->unit_id, record->consultation_id,
			      record->participant_id);
	if (record->kind == RECORD_CODE_MADE && record->text != NULL)
		outbox_send_code(hub, record->consultation_id, record->participant_id,
				 record->text);
	if (j == NULL)
		return;
	j->job = (struct store_job){.run = run, .done = done, .close = close_job};
	j->number = hub->records.count++;
	j->at_unix_s = clock_unix_s();
	j->record = *record;
	j->text = g_strdup(record->text);
	j->record.text = j->text;
	enqueue(hub, j);
}
