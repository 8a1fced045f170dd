/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "server/access.h"
#include "server/clock.h"
#include "server/http_query.h"
#include "server/hub.h"
#include "server/log.h"
#include "server/permission.h"
#include "server/rest.h"
#include "server/webhook.h"

enum task {
	TASK_CREATE,
	TASK_LIST,
	TASK_GET,
	TASK_CHANGE,
	TASK_DELETE, /* ended, without an outcome */
	TASK_CLOSE,
};

struct consultation_job {
	struct store_job job;
	enum task task;
	struct principal who;
	struct store_consultation consultation;
	char *body; /* of a change: it is read over what the store has */
	size_t body_len;
	struct rest_fault fault; /* why != NULL: the body is wrong */
	char unit_id[PRINCIPAL_ID_BYTES + 1];
	struct store_visit_filter filter; /* of a list */
	struct store_consultation *list;
	size_t count;
};

/* --- on the store thread ---------------------------------------------------------------------- */

/* What is of another unit is not there. */
static int find(struct store *store, struct consultation_job *j)
{
	int r = store_consultation_get(store, j->consultation.id, &j->consultation);

	if (r == 0 && !permission_in_unit(&j->who, j->consultation.unit_id))
		r = -ENOENT;
	return r;
}

static int change(struct store *store, struct consultation_job *j)
{
	int r = find(store, j);

	if (r < 0)
		return r;
	if (rest_parse_change(j->body, j->body_len, &j->consultation, &j->fault) < 0)
		return 0;
	r = store_consultation_change(store, &j->consultation);
	return r == 0 ? find(store, j) : r;
}

static int finish(struct store *store, struct consultation_job *j)
{
	struct store_consultation ending = j->consultation;
	int r = find(store, j);

	if (r < 0)
		return r;
	if (j->task == TASK_DELETE)
		return store_consultation_end(store, clock_unix_s(), j->consultation.id);
	r = store_consultation_close(store, clock_unix_s(), &ending);
	return r == 0 ? find(store, j) : r;
}

static int work(struct store *store, struct consultation_job *j)
{
	int r;

	switch (j->task) {
	case TASK_CREATE:
		r = store_consultation_create(store, clock_unix_s(), &j->consultation);
		return r;
	case TASK_LIST:
		return store_consultation_list(store, &j->filter, &j->list, &j->count);
	case TASK_GET:
		return find(store, j);
	case TASK_CHANGE:
		return change(store, j);
	case TASK_DELETE:
	case TASK_CLOSE:
		break;
	}
	return finish(store, j);
}

static void run(struct store *store, struct store_job *job)
{
	job->result = work(store, (struct consultation_job *)job);
}

static void close_job(struct store_job *job)
{
	struct consultation_job *j = (struct consultation_job *)job;

	free(j->list);
	g_free(j->body);
	explicit_bzero(j, sizeof(*j)); /* the links of what was created */
	free(j);
}

/* --- answering -------------------------------------------------------------------------------- */

static void answer_one(struct hub *hub, const struct consultation_job *j, int status)
{
	char location[64];

	g_snprintf(location, sizeof(location), "/api/v1/consultations/%s", j->consultation.id);
	rest_json_answer(hub, j->job.tag, status, rest_json_consultation(hub, &j->consultation),
			 status == 201 ? location : NULL);
}

static void answer_list(struct hub *hub, const struct consultation_job *j)
{
	json_t *list = json_array();

	for (size_t i = 0; i < j->count; i++)
		json_array_append_new(list, rest_json_consultation(hub, &j->list[i]));
	rest_json_answer(hub, j->job.tag, 200,
			 json_pack("{s:o, s:b}", "consultations", list, "complete",
				   j->count < STORE_VISIT_LIST_MAX),
			 NULL);
}

static void end_meeting(struct hub *hub, const struct consultation_job *j)
{
	/* Of before, when it is cancelled; a second end with an outcome is refused. */
	bool is_new = j->task == TASK_CLOSE || j->consultation.ended_unix_s == 0;

	log_info("consultation-ended", "consultation=%s", j->consultation.id);
	if (is_new)
		webhooks_post(hub, WEBHOOK_ENDED, j->consultation.unit_id, j->consultation.id, "");
	service_consultation_ended(hub->service, clock_now_us(), j->consultation.id);
	hub_drain(hub);
}

static void follow_change(struct hub *hub, const struct consultation_job *j)
{
	const struct store_consultation *c = &j->consultation;

	service_responsible_changed(hub->service, clock_now_us(), c->id, c->responsible_id,
				    c->responsible_name);
	hub_drain(hub);
	answer_one(hub, j, 200);
}

static void done(struct hub *hub, struct store_job *job)
{
	const struct consultation_job *j = (const struct consultation_job *)job;
	struct http_reply gone = {.status = 204};

	if (rest_answer_error(hub, job->tag, job->result))
		return;
	if (j->fault.why != NULL) {
		rest_answer_fault(hub, job->tag, &j->fault);
		return;
	}
	switch (j->task) {
	case TASK_CREATE:
		log_info("consultation-created", "consultation=%s participants=%zu",
			 j->consultation.id, j->consultation.participant_count);
		answer_one(hub, j, 201);
		break;
	case TASK_LIST:
		answer_list(hub, j);
		break;
	case TASK_GET:
		answer_one(hub, j, 200);
		break;
	case TASK_CHANGE:
		follow_change(hub, j);
		break;
	case TASK_DELETE:
		end_meeting(hub, j);
		hub_answer(hub, job->tag, &gone);
		break;
	case TASK_CLOSE:
		end_meeting(hub, j);
		answer_one(hub, j, 200);
		break;
	}
}

/* --- asking ----------------------------------------------------------------------------------- */

/* A job for this request, or NULL when it has been answered already. */
static struct consultation_job *job_new(struct hub *hub, const struct http_request *request,
					const char *id, const struct principal *who, enum task task)
{
	struct consultation_job *j = calloc(1, sizeof(*j));

	if (j == NULL) {
		access_answer_busy(hub, request->id);
		return NULL;
	}
	j->job = (struct store_job){
		.run = run, .done = done, .close = close_job, .tag = request->id};
	j->task = task;
	j->who = *who;
	/* An id too long is nobody's: the empty one the store looks for then is nobody's too. */
	if (strlen(id) < sizeof(j->consultation.id))
		memcpy(j->consultation.id, id, strlen(id));
	return j;
}

static void post(struct hub *hub, struct consultation_job *j)
{
	uint64_t id = j->job.tag;

	if (!hub_post_store(hub, &j->job))
		access_answer_busy(hub, id);
}

static void refuse(struct hub *hub, struct consultation_job *j, const struct rest_fault *fault)
{
	uint64_t id = j->job.tag;

	store_job_free(&j->job);
	rest_answer_fault(hub, id, fault);
}

void rest_create(struct hub *hub, const struct http_request *request, const char *const *ids,
		 const struct principal *who)
{
	struct consultation_job *j = job_new(hub, request, "", who, TASK_CREATE);
	struct rest_fault fault = {{0}, NULL};
	struct store_consultation *c;

	(void)ids;
	if (j == NULL)
		return;
	c = &j->consultation;
	if (rest_parse_creation(request->body, request->body_len, who->unit_id[0] != '\0', c,
				&fault) < 0) {
		refuse(hub, j, &fault);
		return;
	}
	if (c->unit_id[0] == '\0')
		g_strlcpy(c->unit_id, who->unit_id, sizeof(c->unit_id));
	if (!permission_in_unit(who, c->unit_id)) {
		store_job_free(&j->job);
		hub_answer_problem(hub, request->id, 403, "not-allowed", "That is another unit.");
		return;
	}
	post(hub, j);
}

/* From midnight to midnight where the server is. */
static bool read_day(const char *text, struct store_visit_filter *f)
{
	GTimeZone *zone = g_time_zone_new_local();
	char *midnight = g_strconcat(text, "T00:00:00", NULL);
	GDateTime *from = strlen(text) == strlen("2026-11-26")
				  ? g_date_time_new_from_iso8601(midnight, zone)
				  : NULL;
	GDateTime *to = from != NULL ? g_date_time_add_days(from, 1) : NULL;

	if (to != NULL) {
		f->from_unix_s = g_date_time_to_unix(from);
		f->to_unix_s = g_date_time_to_unix(to);
		g_date_time_unref(from);
		g_date_time_unref(to);
	}
	g_free(midnight);
	g_time_zone_unref(zone);
	return to != NULL;
}

static const char *read_filter(const struct http_request *request, const struct principal *who,
			       struct consultation_job *j)
{
	char day[16], state[16];

	j->filter = (struct store_visit_filter){
		.unit_id = j->unit_id, .to_unix_s = INT64_MAX, .state = VISIT_STATE_COUNT};
	if (http_query(request, "unit", j->unit_id, sizeof(j->unit_id)) < 0)
		return "unit";
	if (j->unit_id[0] == '\0')
		g_strlcpy(j->unit_id, who->unit_id, sizeof(j->unit_id));
	if (!permission_in_unit(who, j->unit_id))
		return "unit";
	if (http_query(request, "day", day, sizeof(day)) < 0 ||
	    (day[0] != '\0' && !read_day(day, &j->filter)))
		return "day";
	if (http_query(request, "state", state, sizeof(state)) < 0)
		return "state";
	if (state[0] != '\0')
		j->filter.state = visit_state_from_name(state);
	return state[0] != '\0' && j->filter.state == VISIT_STATE_COUNT ? "state" : NULL;
}

void rest_list(struct hub *hub, const struct http_request *request, const char *const *ids,
	       const struct principal *who)
{
	struct consultation_job *j = job_new(hub, request, "", who, TASK_LIST);
	struct rest_fault fault = {
		{0},
		"This argument is not understood: day is like 2026-11-26, "
		"state one of planned, open, in-progress, ended, unit your own."};
	const char *wrong;

	(void)ids;
	if (j == NULL)
		return;
	wrong = read_filter(request, who, j);
	if (wrong == NULL) {
		post(hub, j);
		return;
	}
	g_strlcpy(fault.member, wrong, sizeof(fault.member));
	refuse(hub, j, &fault);
}

static void ask(struct hub *hub, const struct http_request *request, const char *id,
		const struct principal *who, enum task task)
{
	struct consultation_job *j = job_new(hub, request, id, who, task);

	if (j != NULL)
		post(hub, j);
}

void rest_get(struct hub *hub, const struct http_request *request, const char *const *ids,
	      const struct principal *who)
{
	ask(hub, request, ids[0], who, TASK_GET);
}

void rest_delete(struct hub *hub, const struct http_request *request, const char *const *ids,
		 const struct principal *who)
{
	ask(hub, request, ids[0], who, TASK_DELETE);
}

void rest_change(struct hub *hub, const struct http_request *request, const char *const *ids,
		 const struct principal *who)
{
	struct consultation_job *j = job_new(hub, request, ids[0], who, TASK_CHANGE);

	if (j == NULL)
		return;
	j->body = g_memdup2(request->body, request->body_len);
	j->body_len = request->body_len;
	post(hub, j);
}

void rest_close(struct hub *hub, const struct http_request *request, const char *const *ids,
		const struct principal *who)
{
	struct consultation_job *j = job_new(hub, request, ids[0], who, TASK_CLOSE);
	struct rest_fault fault = {{0}, NULL};

	if (j == NULL)
		return;
	if (rest_parse_close(request->body, request->body_len, &j->consultation, &fault) < 0)
		refuse(hub, j, &fault);
	else
		post(hub, j);
}
