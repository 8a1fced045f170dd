/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/webhook.h"

#include <errno.h>
#include <glib.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "server/access.h"
#include "server/clock.h"
#include "server/errand.h"
#include "server/hub.h"
#include "server/json_body.h"
#include "server/log.h"
#include "server/store_webhook.h"
#include "server/webhook_post.h"

#define LOOK_US 2000000

struct webhooks {
	struct errand_thread *thread;
	bool is_looking;
	size_t under_way;
	int64_t look_us;
};

int webhooks_new(struct webhooks **out, struct mailbox *front)
{
	struct webhooks *w = g_new0(struct webhooks, 1);
	int r = errand_thread_new(&w->thread, "webhook", NULL, front);

	if (r < 0) {
		g_free(w);
		return r;
	}
	*out = w;
	return 0;
}

void webhooks_free(struct webhooks *webhooks)
{
	if (webhooks == NULL)
		return;
	errand_thread_free(webhooks->thread);
	g_free(webhooks);
}

/* --- delivering ----------------------------------------------------------------------------------
 */

struct done_job {
	struct store_job job;
	struct store_delivery delivery;
	bool is_sent;
};

struct post_errand {
	struct errand errand;
	struct store_delivery delivery;
	bool is_sent;
	char why[WEBHOOK_POST_WHY_BYTES];
};

struct due_job {
	struct store_job job;
	struct store_delivery delivery[STORE_WEBHOOK_BATCH];
	size_t count;
};

static void done_run(struct store *store, struct store_job *job)
{
	struct done_job *j = (struct done_job *)job;

	job->result = store_webhook_done(store, clock_unix_s(), &j->delivery, j->is_sent);
}

static void done_done(struct hub *hub, struct store_job *job)
{
	(void)hub;
	if (job->result < 0)
		log_error("webhook-unnoted", "result=%d", job->result);
}

static void done_close(struct store_job *job)
{
	explicit_bzero(job, sizeof(struct done_job));
	free(job);
}

static void post_run(void *context, struct errand *errand)
{
	struct post_errand *e = (struct post_errand *)errand;

	(void)context;
	e->is_sent = webhook_post(&e->delivery, clock_unix_s(), e->why);
}

static void post_done(struct hub *hub, struct errand *errand)
{
	const struct post_errand *e = (const struct post_errand *)errand;
	struct done_job *j = calloc(1, sizeof(*j));

	hub->webhooks->under_way--;
	if (!e->is_sent)
		log_warn("webhook-waits", "delivery=%s event=%s reason=\"%s\"", e->delivery.id,
			 e->delivery.event, e->why);
	if (j == NULL)
		return; /* it is due again by itself */
	j->job = (struct store_job){.run = done_run, .done = done_done, .close = done_close};
	j->delivery = e->delivery;
	j->is_sent = e->is_sent;
	(void)hub_post_store(hub, &j->job); /* the hub tells of an overload; it is due again */
}

static void post_close(struct errand *errand)
{
	explicit_bzero(errand, sizeof(struct post_errand));
	free(errand);
}

static void due_run(struct store *store, struct store_job *job)
{
	struct due_job *j = (struct due_job *)job;

	job->result = store_webhook_due(store, clock_unix_s(), j->delivery, &j->count);
}

static void due_done(struct hub *hub, struct store_job *job)
{
	const struct due_job *j = (const struct due_job *)job;

	hub->webhooks->is_looking = false;
	for (size_t i = 0; i < j->count && job->result == 0; i++) {
		struct post_errand *e = calloc(1, sizeof(*e));

		if (e == NULL)
			return;
		e->errand =
			(struct errand){.run = post_run, .done = post_done, .close = post_close};
		e->delivery = j->delivery[i];
		if (errand_thread_post(hub->webhooks->thread, &e->errand) == 0)
			hub->webhooks->under_way++;
		else
			errand_free(&e->errand); /* due again later */
	}
}

static void due_close(struct store_job *job)
{
	explicit_bzero(job, sizeof(struct due_job));
	free(job);
}

void webhooks_tick(struct hub *hub)
{
	struct webhooks *w = hub->webhooks;
	struct due_job *j;

	if (w->is_looking || w->under_way > 0 || clock_now_us() < w->look_us)
		return;
	w->look_us = clock_now_us() + LOOK_US;
	j = calloc(1, sizeof(*j));
	if (j == NULL)
		return;
	j->job = (struct store_job){.run = due_run, .done = due_done, .close = due_close};
	w->is_looking = hub_post_store(hub, &j->job);
}

/* --- events --------------------------------------------------------------------------------------
 */

struct event_job {
	struct store_job job;
	char unit_id[SERVICE_ID_BYTES + 1];
	char event[STORE_WEBHOOK_EVENT_BYTES + 1];
	char *body;
};

static void event_run(struct store *store, struct store_job *job)
{
	struct event_job *j = (struct event_job *)job;

	job->result = store_webhook_event(store, clock_unix_s(), j->unit_id, j->event, j->body);
}

static void event_done(struct hub *hub, struct store_job *job)
{
	if (job->result < 0)
		log_error("webhook-event-lost", "result=%d", job->result);
	hub->webhooks->look_us = 0;
}

static void event_close(struct store_job *job)
{
	struct event_job *j = (struct event_job *)job;

	free(j->body);
	free(j);
}

void webhooks_post(struct hub *hub, enum webhook_event event, const char *unit_id,
		   const char *consultation_id, const char *participant_id)
{
	struct event_job *j = calloc(1, sizeof(*j));
	const char *name = webhook_event_name(event);
	json_t *o = json_pack("{s:s, s:I, s:s, s:s, s:s}", "event", name, "at",
			      (json_int_t)clock_unix_s(), "unit", unit_id, "consultation",
			      consultation_id, "participant", participant_id);

	if (j != NULL && o != NULL) {
		j->job = (struct store_job){
			.run = event_run, .done = event_done, .close = event_close};
		j->body = json_dumps(o, JSON_COMPACT);
		g_strlcpy(j->unit_id, unit_id, sizeof(j->unit_id));
		g_strlcpy(j->event, name, sizeof(j->event));
	}
	json_decref(o);
	if (j == NULL || j->body == NULL)
		free(j);
	else
		(void)hub_post_store(hub, &j->job); /* the hub tells of an overload */
}

/* --- REST ----------------------------------------------------------------------------------------
 */

enum task {
	LIST,
	CREATE,
	REMOVE,
};

struct rest_job {
	struct store_job job;
	enum task task;
	struct store_webhook webhook; /* CREATE; its unit and id for the others */
	GArray *list;		      /* of struct store_webhook */
};

static void rest_run(struct store *store, struct store_job *job)
{
	struct rest_job *j = (struct rest_job *)job;

	if (j->task == LIST)
		job->result = store_webhook_list(store, j->webhook.unit_id, j->list);
	else if (j->task == CREATE)
		job->result = store_webhook_add(store, &j->webhook);
	else
		job->result = store_webhook_remove(store, j->webhook.unit_id, j->webhook.id);
}

static json_t *hook_json(const struct store_webhook *w)
{
	char events[WEBHOOK_EVENTS_BYTES];

	webhook_events_format(w->events, events);
	return json_pack("{s:s, s:s, s:s}", "id", w->id, "url", w->url, "events", events);
}

static json_t *result_json(const struct rest_job *j)
{
	json_t *list;

	if (j->task == CREATE) {
		json_t *o = hook_json(&j->webhook);

		json_object_set_new(o, "secret", json_string(j->webhook.secret));
		return o;
	}
	list = json_array();
	for (guint i = 0; i < j->list->len; i++)
		json_array_append_new(list,
				      hook_json(&g_array_index(j->list, struct store_webhook, i)));
	return json_pack("{s:o}", "webhooks", list);
}

static void rest_done(struct hub *hub, struct store_job *job)
{
	const struct rest_job *j = (const struct rest_job *)job;
	struct http_reply reply = {.status = j->task == CREATE ? 201 : j->task == LIST ? 200 : 204};
	json_t *o;
	char *text;

	if (job->result == -ENOENT || job->result == -ENOSPC) {
		bool is_gone = job->result == -ENOENT;

		hub_answer_problem(hub, job->tag, is_gone ? 404 : 409,
				   is_gone ? "webhook-unknown" : "too-many-webhooks",
				   is_gone ? "No webhook of yours has this id."
					   : "The unit has as many webhooks as it may.");
		return;
	}
	if (job->result < 0) {
		access_answer_busy(hub, job->tag);
		return;
	}
	if (j->task != REMOVE) {
		o = result_json(j);
		text = json_dumps(o, JSON_COMPACT);
		json_decref(o);
		if (text == NULL) {
			access_answer_busy(hub, job->tag);
			return;
		}
		http_reply_take(&reply, "application/json", text, strlen(text));
	}
	hub_answer(hub, job->tag, &reply);
}

static void rest_close(struct store_job *job)
{
	g_array_unref(((struct rest_job *)job)->list);
	explicit_bzero(job, sizeof(struct rest_job));
	free(job);
}

static struct rest_job *job_new(struct hub *hub, const struct http_request *request,
				const struct principal *who, enum task task)
{
	struct rest_job *j = calloc(1, sizeof(*j));

	if (j == NULL) {
		access_answer_busy(hub, request->id);
		return NULL;
	}
	j->job = (struct store_job){.run = rest_run, .done = rest_done, .close = rest_close};
	j->job.tag = request->id;
	j->task = task;
	j->list = g_array_new(FALSE, FALSE, sizeof(struct store_webhook));
	g_strlcpy(j->webhook.unit_id, who->unit_id, sizeof(j->webhook.unit_id));
	return j;
}

static void post_job(struct hub *hub, struct rest_job *j)
{
	uint64_t id = j->job.tag;

	if (!hub_post_store(hub, &j->job))
		access_answer_busy(hub, id);
}

void webhook_rest_list(struct hub *hub, const struct http_request *request, const char *const *ids,
		       const struct principal *who)
{
	struct rest_job *j = job_new(hub, request, who, LIST);

	(void)ids;
	if (j != NULL)
		post_job(hub, j);
}

/* The member that is wrong and a sentence about it; NULL: none is. */
static const char *wrong_in(struct store_webhook *w, const char *events, const char **why)
{
	/* Who administers a unit does not reach the programs of this machine. */
	if (!webhook_url_is_safe(w->url, false)) {
		*why = "A webhook is https://, without a user name.";
		return "url";
	}
	if (webhook_events_parse(events, w->events) < 0) {
		*why = "Events are consultation.waiting, consultation.started, "
		       "consultation.ended, message.failed.";
		return "events";
	}
	return NULL;
}

void webhook_rest_create(struct hub *hub, const struct http_request *request,
			 const char *const *ids, const struct principal *who)
{
	struct rest_job *j = job_new(hub, request, who, CREATE);
	char events[WEBHOOK_EVENTS_BYTES * 2]; /* with commas, and some of them twice */
	const struct json_member members[] = {
		{"url", j != NULL ? j->webhook.url : NULL, sizeof(j->webhook.url), 1},
		{"events", events, sizeof(events), 0},
		{.name = NULL}};
	const char *wrong, *why = NULL;

	(void)ids;
	if (j == NULL)
		return;
	if (!json_body_read(hub, request, members)) {
		store_job_free(&j->job);
		return;
	}
	wrong = wrong_in(&j->webhook, events, &why);
	if (wrong != NULL) {
		struct http_reply reply = {0};

		http_reply_problem(&reply, 400, "bad-body", why, wrong);
		hub_answer(hub, request->id, &reply);
		store_job_free(&j->job);
	} else {
		post_job(hub, j);
	}
}

void webhook_rest_remove(struct hub *hub, const struct http_request *request,
			 const char *const *ids, const struct principal *who)
{
	struct rest_job *j = job_new(hub, request, who, REMOVE);

	if (j == NULL)
		return;
	g_strlcpy(j->webhook.id, ids[0], sizeof(j->webhook.id));
	post_job(hub, j);
}
