/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "server/access.h"
#include "server/clock.h"
#include "server/hub.h"
#include "server/permission.h"
#include "server/rest.h"

enum task {
	TASK_ENTER,
	TASK_ADD,
	TASK_REMOVE,
};

struct participant_job {
	struct store_job job;
	enum task task;
	struct principal who;
	bool has_reason;
	char consultation_id[SERVICE_ID_BYTES + 1];
	struct store_participant participant; /* REMOVE: its id */
};

/* --- on the store thread ---------------------------------------------------------------------- */

static int work(struct store *store, struct participant_job *j)
{
	struct store_consultation c;
	int r = store_consultation_get(store, j->consultation_id, &c);

	if (r < 0)
		return r;
	if (!permission_in_unit(&j->who, c.unit_id))
		return -ENOENT;
	switch (j->task) {
	case TASK_ENTER:
		return store_participant_enter(store, c.id, j->has_reason, &j->participant);
	case TASK_ADD:
		return store_participant_add(store, c.id, &j->participant);
	case TASK_REMOVE:
		break;
	}
	return store_participant_remove(store, clock_unix_s(), c.id, j->participant.id);
}

static void run(struct store *store, struct store_job *job)
{
	job->result = work(store, (struct participant_job *)job);
}

static void close_job(struct store_job *job)
{
	explicit_bzero(job, sizeof(struct participant_job)); /* a link */
	free(job);
}

/* --- answering -------------------------------------------------------------------------------- */

static void done(struct hub *hub, struct store_job *job)
{
	const struct participant_job *j = (const struct participant_job *)job;
	struct http_reply gone = {.status = 204};
	json_t *person;

	if (rest_answer_error(hub, job->tag, job->result))
		return;
	if (j->task == TASK_REMOVE) {
		service_participant_removed(hub->service, clock_now_us(), j->consultation_id,
					    j->participant.id);
		hub_drain(hub);
		hub_answer(hub, job->tag, &gone);
		return;
	}
	person = rest_json_participant(hub, j->consultation_id, &j->participant);
	if (j->task == TASK_ADD)
		rest_json_answer(hub, job->tag, 201, person, NULL);
	else
		rest_json_answer(hub, job->tag, 200,
				 json_pack("{s:O, s:O, s:o}", "token",
					   json_object_get(person, "token"), "link",
					   json_object_get(person, "link"), "participant", person),
				 NULL);
}

/* --- asking ----------------------------------------------------------------------------------- */

static struct participant_job *job_new(struct hub *hub, const struct http_request *request,
				       const char *consultation_id, const struct principal *who,
				       enum task task)
{
	struct participant_job *j = calloc(1, sizeof(*j));

	if (j == NULL) {
		access_answer_busy(hub, request->id);
		return NULL;
	}
	j->job = (struct store_job){
		.run = run, .done = done, .close = close_job, .tag = request->id};
	j->task = task;
	j->who = *who;
	/* An id too long is nobody's, like the empty one. */
	if (strlen(consultation_id) < sizeof(j->consultation_id))
		g_strlcpy(j->consultation_id, consultation_id, sizeof(j->consultation_id));
	return j;
}

static void post(struct hub *hub, struct participant_job *j)
{
	uint64_t id = j->job.tag;

	if (!hub_post_store(hub, &j->job))
		access_answer_busy(hub, id);
}

static void refuse(struct hub *hub, struct participant_job *j, const struct rest_fault *fault)
{
	uint64_t id = j->job.tag;

	store_job_free(&j->job);
	rest_answer_fault(hub, id, fault);
}

void rest_enter(struct hub *hub, const struct http_request *request, const char *const *ids,
		const struct principal *who)
{
	struct participant_job *j = job_new(hub, request, ids[0], who, TASK_ENTER);
	struct rest_fault fault = {{0}, NULL};
	struct store_participant *p;

	if (j == NULL)
		return;
	if (rest_parse_enter(request->body, request->body_len, &j->has_reason, &fault) < 0) {
		refuse(hub, j, &fault);
		return;
	}
	p = &j->participant;
	p->role = who->duty == DUTY_CLINICIAN ? ROLE_CLINICIAN : ROLE_STAFF;
	p->assurance = ASSURANCE_NONE;
	g_strlcpy(p->name, who->name, sizeof(p->name));
	g_strlcpy(p->staff_id, who->id, sizeof(p->staff_id));
	post(hub, j);
}

void rest_add(struct hub *hub, const struct http_request *request, const char *const *ids,
	      const struct principal *who)
{
	struct participant_job *j = job_new(hub, request, ids[0], who, TASK_ADD);
	struct rest_fault fault = {{0}, NULL};

	if (j == NULL)
		return;
	if (rest_parse_participant(request->body, request->body_len, &j->participant, &fault) < 0)
		refuse(hub, j, &fault);
	else
		post(hub, j);
}

void rest_remove(struct hub *hub, const struct http_request *request, const char *const *ids,
		 const struct principal *who)
{
	struct participant_job *j = job_new(hub, request, ids[0], who, TASK_REMOVE);

	if (j == NULL)
		return;
	if (strlen(ids[1]) < sizeof(j->participant.id))
		g_strlcpy(j->participant.id, ids[1], sizeof(j->participant.id));
	post(hub, j);
}
