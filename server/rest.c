/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/rest.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "server/access.h"
#include "server/clock.h"
#include "server/hub.h"
#include "server/log.h"
#include "server/permission.h"

/* --- jobs ------------------------------------------------------------------------------------ */

enum rest_operation {
	REST_CREATE,
	REST_GET,
	REST_END,
};

struct rest_job {
	struct store_job job;
	enum rest_operation operation;
	struct store_consultation consultation; /* END: its id */
};

static void job_run(struct store *store, struct store_job *job)
{
	struct rest_job *j = (struct rest_job *)job;
	struct store_consultation *c = &j->consultation;
	int64_t now_s = clock_unix_s();

	switch (j->operation) {
	case REST_CREATE:
		job->result = store_consultation_create(store, now_s, c);
		break;
	case REST_GET:
		job->result = store_consultation_get(store, c->id, c);
		break;
	case REST_END:
		job->result = store_consultation_end(store, now_s, c->id);
		break;
	}
}

static void job_close(struct store_job *job)
{
	struct rest_job *j = (struct rest_job *)job;

	explicit_bzero(j, sizeof(*j)); /* the links of what was created */
	free(j);
}

static void job_done(struct hub *hub, struct store_job *job);

/* A job for this request, or NULL when it has been answered already. */
static struct rest_job *job_new(struct hub *hub, const struct http_request *request,
				enum rest_operation operation)
{
	struct rest_job *job;

	job = calloc(1, sizeof(*job));
	if (job == NULL) {
		access_answer_busy(hub, request->id);
		return NULL;
	}
	job->job = (struct store_job){
		.run = job_run, .done = job_done, .close = job_close, .tag = request->id};
	job->operation = operation;
	return job;
}

static void post(struct hub *hub, struct rest_job *job)
{
	uint64_t id = job->job.tag;

	if (!hub_post_store(hub, &job->job))
		access_answer_busy(hub, id);
}

void rest_create(struct hub *hub, const struct http_request *request, const char *const *ids,
		 const struct principal *who)
{
	struct store_consultation c;
	char member[REST_MEMBER_BYTES];
	const char *why = "";
	struct rest_job *job;

	(void)ids;
	job = job_new(hub, request, REST_CREATE);
	if (job == NULL)
		return;
	if (rest_parse_creation(request->body, request->body_len, &c, member, &why) < 0) {
		struct http_reply reply = {0};

		store_job_free(&job->job);
		http_reply_problem(&reply, 400, "bad-body", why, member[0] != '\0' ? member : NULL);
		hub_answer(hub, request->id, &reply);
		return;
	}
	/* What is made here is of no unit: nobody of one would see it again. */
	if (!permission_in_unit(who, "")) {
		store_job_free(&job->job);
		hub_answer_problem(hub, request->id, 403, "not-allowed",
				   "This key is for one unit.");
		return;
	}
	job->consultation = c;
	post(hub, job);
}

static void ask_by_id(struct hub *hub, const struct http_request *request, const char *id,
		      const struct principal *who, enum rest_operation operation)
{
	struct rest_job *job = job_new(hub, request, operation);

	if (!permission_in_unit(who, ""))
		id = ""; /* nobody's */
	if (job == NULL)
		return;
	/* An id too long is nobody's: the empty one the store looks for then is nobody's too. */
	if (strlen(id) < sizeof(job->consultation.id))
		memcpy(job->consultation.id, id, strlen(id));
	post(hub, job);
}

void rest_get(struct hub *hub, const struct http_request *request, const char *const *ids,
	      const struct principal *who)
{
	ask_by_id(hub, request, ids[0], who, REST_GET);
}

void rest_delete(struct hub *hub, const struct http_request *request, const char *const *ids,
		 const struct principal *who)
{
	ask_by_id(hub, request, ids[0], who, REST_END);
}

/* --- answering ---------------------------------------------------------------------------------
 */

static json_t *participant_json(const struct hub *hub, const struct store_participant *p)
{
	json_t *o = json_pack("{s:s, s:s, s:s}", "id", p->id, "role", role_name(p->role), "name",
			      p->name);

	if (p->token[0] != '\0') {
		json_object_set_new(o, "token", json_string(p->token));
		/* In the fragment, so that it reaches no log and no Referer. */
		json_object_set_new(o, "link", json_sprintf("%s/#%s", hub->public_url, p->token));
	}
	return o;
}

static char *consultation_json(const struct hub *hub, const struct store_consultation *c)
{
	json_t *list = json_array();
	json_t *o;
	char *text;

	for (size_t i = 0; i < c->participant_count; i++)
		json_array_append_new(list, participant_json(hub, &c->participant[i]));
	o = json_pack("{s:s, s:s, s:I, s:o, s:o}", "id", c->id, "title", c->title, "created",
		      (json_int_t)c->created_unix_s, "ended",
		      c->ended_unix_s != 0 ? json_integer(c->ended_unix_s) : json_null(),
		      "participants", list);
	text = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	return text;
}

static void answer_consultation(struct hub *hub, const struct rest_job *job, int status)
{
	struct http_reply reply = {.status = status};
	char *text = consultation_json(hub, &job->consultation);

	if (text == NULL) {
		access_answer_busy(hub, job->job.tag);
		return;
	}
	http_reply_take(&reply, "application/json", text, strlen(text));
	if (status == 201)
		http_reply_header(&reply, "location:", "/api/v1/consultations/%s",
				  job->consultation.id);
	hub_answer(hub, job->job.tag, &reply);
}

static void answer_ended(struct hub *hub, const struct rest_job *job)
{
	struct http_reply reply = {.status = 204};

	log_info("consultation-ended", "consultation=%s", job->consultation.id);
	service_consultation_ended(hub->service, clock_now_us(), job->consultation.id);
	hub_drain(hub);
	hub_answer(hub, job->job.tag, &reply);
}

static void job_done(struct hub *hub, struct store_job *job)
{
	const struct rest_job *j = (const struct rest_job *)job;

	if (job->result == -ENOENT) {
		hub_answer_problem(hub, job->tag, 404, "consultation-unknown",
				   "No consultation has this id.");
	} else if (job->result < 0) {
		access_answer_busy(hub, job->tag);
	} else if (j->operation == REST_END) {
		answer_ended(hub, j);
	} else {
		if (j->operation == REST_CREATE)
			log_info("consultation-created", "consultation=%s participants=%zu",
				 j->consultation.id, j->consultation.participant_count);
		answer_consultation(hub, j, j->operation == REST_CREATE ? 201 : 200);
	}
}
