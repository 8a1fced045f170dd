/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/outbox.h"

#include <errno.h>
#include <glib.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "server/access.h"
#include "server/audit.h"
#include "server/clock.h"
#include "server/errand.h"
#include "server/hub.h"
#include "server/json_body.h"
#include "server/log.h"
#include "server/store_outbox.h"
#include "server/webhook.h"

#define CODE_BYTES 15
/* Looked for this often; what is added is due at once. */
#define LOOK_US 2000000
/* Who is to be reminded is looked for this often: a reminder is of hours. */
#define REMIND_US 60000000

struct outbox {
	struct courier *courier;
	struct errand_thread *thread;
	bool is_looking;
	int64_t look_us;
	int64_t remind_us;
	size_t under_way;
	struct outbox_stats stats;
};

int outbox_new(struct outbox **out, struct courier *courier, struct mailbox *front)
{
	struct outbox *outbox = g_new0(struct outbox, 1);
	int r = errand_thread_new(&outbox->thread, "sender", courier, front);

	if (r < 0) {
		g_free(outbox);
		return r;
	}
	outbox->courier = courier;
	*out = outbox;
	return 0;
}

void outbox_free(struct outbox *outbox)
{
	if (outbox == NULL)
		return;
	errand_thread_free(outbox->thread);
	courier_free(outbox->courier);
	g_free(outbox);
}

void outbox_stats(const struct outbox *outbox, struct outbox_stats *out)
{
	*out = outbox->stats;
}

/* --- how it went ---------------------------------------------------------------------------------
 */

struct done_job {
	struct store_job job;
	struct store_message message;
	enum outbox_result result;
	char note[COURIER_NOTE_BYTES];
	bool is_failed;
};

static void wipe_and_free(struct store_job *job, size_t size)
{
	explicit_bzero(job, size);
	free(job);
}

static void done_run(struct store *store, struct store_job *job)
{
	struct done_job *j = (struct done_job *)job;

	job->result = store_outbox_done(store, clock_unix_s(), &j->message, j->result, j->note,
					&j->is_failed);
}

static void audit_sending(struct hub *hub, const struct done_job *j)
{
	const struct store_message *m = &j->message;
	struct audit_event e = {
		.action = "message-sent",
		.result = j->is_failed ? AUDIT_FAILED : AUDIT_OK,
		.consultation = m->consultation_id,
		.subject = m->participant_id,
		.reason = letter_kind_name(m->kind),
	};

	(void)audit_post(hub, &e); /* it is sent in any case */
}

static void done_done(struct hub *hub, struct store_job *job)
{
	const struct done_job *j = (const struct done_job *)job;
	const struct store_message *m = &j->message;

	if (job->result < 0)
		log_error("message-unnoted", "message=%s result=%d", m->id, job->result);
	if (j->result == OUTBOX_SENT || j->is_failed)
		audit_sending(hub, j);
	if (j->is_failed)
		webhooks_post(hub, WEBHOOK_MESSAGE_FAILED, m->unit_id, m->consultation_id,
			      m->participant_id);
	hub->outbox->stats.sent += j->result == OUTBOX_SENT;
	hub->outbox->stats.failed += j->is_failed;
	hub->outbox->stats.retried += j->result == OUTBOX_TRY_AGAIN && !j->is_failed;
	hub->outbox->stats.is_failing = j->result == OUTBOX_TRY_AGAIN;
	if (j->result == OUTBOX_SENT)
		log_info("message-sent", "message=%s kind=%s channel=%s", m->id,
			 letter_kind_name(m->kind), outbox_channel_name(m->channel));
	else
		log_warn(j->is_failed ? "message-failed" : "message-waits",
			 "message=%s kind=%s channel=%s reason=\"%s\"", m->id,
			 letter_kind_name(m->kind), outbox_channel_name(m->channel), j->note);
}

static void done_close(struct store_job *job)
{
	wipe_and_free(job, sizeof(struct done_job));
}

/* --- sending -------------------------------------------------------------------------------------
 */

struct send_errand {
	struct errand errand;
	struct store_message message;
	struct letter_text letter;
	enum outbox_result result;
	char note[COURIER_NOTE_BYTES];
};

static void send_run(void *context, struct errand *errand)
{
	struct send_errand *e = (struct send_errand *)errand;
	const struct store_message *m = &e->message;
	const struct courier_message message = {
		.id = m->id,
		.channel = outbox_channel_name(m->channel),
		.to = m->address,
		.language = m->language,
		.kind = letter_kind_name(m->kind),
		.subject = e->letter.subject,
		.text = e->letter.text,
	};
	int r = courier_send(context, clock_unix_s(), &message, e->note);

	e->result = r == 0 ? OUTBOX_SENT : r == -ENOENT ? OUTBOX_REFUSED : OUTBOX_TRY_AGAIN;
}

static void send_done(struct hub *hub, struct errand *errand)
{
	const struct send_errand *e = (const struct send_errand *)errand;
	struct done_job *j = calloc(1, sizeof(*j));

	if (e->message.kind != LETTER_CODE)
		hub->outbox->under_way--;
	if (j == NULL)
		return; /* it is due again by itself */
	j->job = (struct store_job){.run = done_run, .done = done_done, .close = done_close};
	j->message = e->message;
	j->result = e->result;
	memcpy(j->note, e->note, sizeof(j->note));
	(void)hub_post_store(hub, &j->job); /* the hub tells of an overload; it is due again */
}

static void send_close(struct errand *errand)
{
	explicit_bzero(errand, sizeof(struct send_errand));
	free(errand);
}

/* 0, or -EAGAIN: the thread has too much to do, and it is due again later. */
static int post(struct hub *hub, const struct store_message *m, const char *code)
{
	struct send_errand *e = calloc(1, sizeof(*e));
	char *link;
	int r;

	if (e == NULL)
		return -EAGAIN;
	/* In the fragment, so that it reaches no log and no Referer. */
	link = m->token[0] != '\0' ? g_strdup_printf("%s/#%s", hub->public_url, m->token)
				   : g_strdup("");
	e->errand = (struct errand){.run = send_run, .done = send_done, .close = send_close};
	e->message = *m;
	letter_write(&e->letter, &(struct letter){
					 .kind = m->kind,
					 .language = m->language,
					 .unit = m->unit,
					 .planned_unix_s = m->planned_unix_s,
					 .time_zone = hub->config->time_zone,
					 .link = link,
					 .code = code,
				 });
	explicit_bzero(link, strlen(link));
	g_free(link);
	r = errand_thread_post(hub->outbox->thread, &e->errand);
	if (r < 0)
		errand_free(&e->errand);
	return r;
}

/* --- what is due ---------------------------------------------------------------------------------
 */

struct due_job {
	struct store_job job;
	struct store_message message[STORE_OUTBOX_BATCH];
	size_t count;
};

static void due_run(struct store *store, struct store_job *job)
{
	struct due_job *j = (struct due_job *)job;

	job->result = store_outbox_due(store, clock_unix_s(), j->message, &j->count);
}

static void due_done(struct hub *hub, struct store_job *job)
{
	const struct due_job *j = (const struct due_job *)job;

	hub->outbox->is_looking = false;
	for (size_t i = 0; i < j->count && job->result == 0; i++)
		hub->outbox->under_way += post(hub, &j->message[i], NULL) == 0;
}

static void due_close(struct store_job *job)
{
	wipe_and_free(job, sizeof(struct due_job));
}

/* --- reminders -----------------------------------------------------------------------------------
 */

struct remind_job {
	struct store_job job;
	int64_t before_s;
	size_t count;
};

static void remind_run(struct store *store, struct store_job *job)
{
	struct remind_job *j = (struct remind_job *)job;

	job->result = store_outbox_remind(store, clock_unix_s(), j->before_s, &j->count);
}

static void remind_done(struct hub *hub, struct store_job *job)
{
	const struct remind_job *j = (const struct remind_job *)job;

	(void)hub;
	if (job->result < 0)
		log_error("reminders-failed", "result=%d", job->result);
	else if (j->count > 0)
		log_info("reminders", "count=%zu", j->count);
}

static void remind_close(struct store_job *job)
{
	free(job);
}

static void remind(struct hub *hub)
{
	struct outbox *outbox = hub->outbox;
	struct remind_job *j;

	if (hub->config->reminder_hours == 0 || clock_now_us() < outbox->remind_us)
		return;
	outbox->remind_us = clock_now_us() + REMIND_US;
	j = calloc(1, sizeof(*j));
	if (j == NULL)
		return;
	j->job = (struct store_job){.run = remind_run, .done = remind_done, .close = remind_close};
	j->before_s = hub->config->reminder_hours * 3600;
	(void)hub_post_store(hub, &j->job); /* the hub tells of an overload */
}

void outbox_tick(struct hub *hub)
{
	struct outbox *outbox = hub->outbox;
	struct due_job *j;

	remind(hub);
	/* One batch at a time: a slow mail server is not helped by a longer line. */
	if (outbox->is_looking || outbox->under_way > 0 || clock_now_us() < outbox->look_us)
		return;
	outbox->look_us = clock_now_us() + LOOK_US;
	j = calloc(1, sizeof(*j));
	if (j == NULL)
		return;
	j->job = (struct store_job){.run = due_run, .done = due_done, .close = due_close};
	outbox->is_looking = hub_post_store(hub, &j->job);
}

/* --- adding --------------------------------------------------------------------------------------
 */

struct add_job {
	struct store_job job;
	struct store_message message;
	char unit_of_asker[SERVICE_ID_BYTES + 1]; /* "": of all */
	char code[CODE_BYTES + 1];
};

static void add_run(struct store *store, struct store_job *job)
{
	struct add_job *j = (struct add_job *)job;

	job->result = store_outbox_add(store, clock_unix_s(), j->unit_of_asker, &j->message);
}

static void code_done(struct hub *hub, struct store_job *job)
{
	const struct add_job *j = (const struct add_job *)job;

	if (job->result == 0 && post(hub, &j->message, j->code) == 0)
		return;
	hub->outbox->stats.lost++;
	log_warn("code-not-sent", "participant=%s result=%d", j->message.participant_id,
		 job->result);
}

static void add_close(struct store_job *job)
{
	wipe_and_free(job, sizeof(struct add_job));
}

void outbox_send_code(struct hub *hub, const char *consultation_id, const char *participant_id,
		      const char *code)
{
	struct add_job *j = calloc(1, sizeof(*j));

	if (j == NULL)
		return;
	j->job = (struct store_job){.run = add_run, .done = code_done, .close = add_close};
	j->message.kind = LETTER_CODE;
	g_strlcpy(j->message.consultation_id, consultation_id, sizeof(j->message.consultation_id));
	g_strlcpy(j->message.participant_id, participant_id, sizeof(j->message.participant_id));
	g_strlcpy(j->code, code, sizeof(j->code));
	(void)hub_post_store(hub, &j->job); /* the hub tells of an overload */
}

static void answer_added(struct hub *hub, const struct add_job *j)
{
	struct http_reply reply = {.status = 202};
	json_t *o = json_pack("{s:s, s:s}", "id", j->message.id, "channel",
			      outbox_channel_name(j->message.channel));
	char *text = json_dumps(o, JSON_COMPACT);

	json_decref(o);
	if (text == NULL) {
		access_answer_busy(hub, j->job.tag);
		return;
	}
	http_reply_take(&reply, "application/json", text, strlen(text));
	hub_answer(hub, j->job.tag, &reply);
}

static void rest_done(struct hub *hub, struct store_job *job)
{
	const struct add_job *j = (const struct add_job *)job;

	hub->outbox->look_us = 0;
	outbox_tick(hub); /* now, not within a second: a visit may be short */
	if (job->result == 0)
		answer_added(hub, j);
	else if (job->result == -ENOENT)
		hub_answer_problem(hub, job->tag, 404, "participant-unknown",
				   "No participant of this consultation has this id.");
	else if (job->result == -EALREADY)
		hub_answer_problem(hub, job->tag, 409, "consultation-ended",
				   "The visit is over, or the participant was removed.");
	else if (job->result == -ENODATA)
		hub_answer_problem(hub, job->tag, 409, "no-address",
				   "The participant has neither telephone number nor e-mail.");
	else if (job->result == -ENOSPC)
		hub_answer_problem(hub, job->tag, 429, "too-many-messages",
				   "This person has been sent enough today.");
	else
		access_answer_busy(hub, job->tag);
}

void outbox_rest_send(struct hub *hub, const struct http_request *request, const char *const *ids,
		      const struct principal *who)
{
	struct add_job *j = calloc(1, sizeof(*j));
	char kind[16];
	const struct json_member members[] = {
		{"participant", j != NULL ? j->message.participant_id : NULL,
		 sizeof(j->message.participant_id), 1},
		{"kind", kind, sizeof(kind), 1},
		{.name = NULL},
	};

	if (j == NULL) {
		access_answer_busy(hub, request->id);
		return;
	}
	j->job = (struct store_job){.run = add_run, .done = rest_done, .close = add_close};
	j->job.tag = request->id;
	g_strlcpy(j->message.consultation_id, ids[0], sizeof(j->message.consultation_id));
	g_strlcpy(j->unit_of_asker, who->unit_id, sizeof(j->unit_of_asker));
	if (!json_body_read(hub, request, members)) {
		store_job_free(&j->job);
		return;
	}
	j->message.kind = letter_kind_from_name(kind);
	if (j->message.kind >= LETTER_CODE) {
		struct http_reply reply = {0};

		http_reply_problem(&reply, 400, "bad-body",
				   "A message is an invitation, a reminder or its-time.", "kind");
		hub_answer(hub, request->id, &reply);
		store_job_free(&j->job);
	} else if (!hub_post_store(hub, &j->job)) {
		access_answer_busy(hub, request->id);
	}
}
