/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/device_http.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/access.h"
#include "server/clock.h"
#include "server/device_test.h"
#include "server/hub.h"
#include "server/json_body.h"
#include "server/json_reply.h"
#include "server/log.h"
#include "server/login.h"
#include "server/store_device.h"

enum task {
	TASK_ENROL,
	TASK_NEXT,
	TASK_ENTER,
	TASK_HELP,
	TASK_SELF_TEST,
};

struct device_job {
	struct store_job job;
	enum task task;
	char device_id[PRINCIPAL_ID_BYTES + 1];
	char consultation_id[SERVICE_ID_BYTES + 1];
	char code[STORE_ENROLMENT_DIGITS + 1];
	char name[LIMIT_NAME_BYTES + 1];
	bool wants_help;
	char *self_test; /* JSON, ours */
	/* What came of it. */
	char secret[STORE_DEVICE_SECRET_BYTES];
	char token[STORE_DEVICE_TOKEN_BYTES];
	struct store_device device;
	struct store_device_board board;
};

static void run(struct store *store, struct store_job *job)
{
	struct device_job *j = (struct device_job *)job;
	int64_t now_s = clock_unix_s();

	switch (j->task) {
	case TASK_ENROL:
		job->result =
			store_device_enrol(store, now_s, j->code, j->name, &j->device, j->secret);
		break;
	case TASK_NEXT:
		job->result = store_device_board(store, now_s, j->device_id, &j->board);
		break;
	case TASK_ENTER:
		job->result = store_device_enter(store, j->device_id, j->consultation_id, j->token);
		break;
	case TASK_HELP:
		job->result = store_device_help(store, now_s, j->device_id, j->wants_help);
		break;
	case TASK_SELF_TEST:
		job->result = store_device_tested(store, now_s, j->device_id, j->self_test);
		break;
	}
}

static void close_job(struct store_job *job)
{
	struct device_job *j = (struct device_job *)job;

	free(j->self_test);
	explicit_bzero(j, sizeof(*j));
	free(j);
}

/* --- answering -------------------------------------------------------------------------------- */

static json_t *visit_json(const struct store_device_board *b)
{
	if (!b->has_visit)
		return json_null();
	return json_pack("{s:s, s:s, s:o, s:I}", "id", b->consultation_id, "meet", b->meet,
			 "planned", json_reply_time(b->planned_unix_s), "minutes",
			 (json_int_t)b->minutes);
}

static void answer_next(struct hub *hub, const struct device_job *j)
{
	const struct store_device_board *b = &j->board;

	json_reply(hub, j->job.tag, 200,
		   json_pack("{s:s, s:s, s:s, s:s, s:b, s:o, s:o}", "device", b->device_name,
			     "place", b->place_name, "unit", b->unit_name, "phone", b->phone,
			     "help", b->help_unix_s != 0, "tested",
			     json_reply_time(b->self_test_unix_s), "visit", visit_json(b)));
}

static void answer(struct hub *hub, const struct device_job *j)
{
	struct http_reply reply = {.status = 204};

	switch (j->task) {
	case TASK_ENROL:
		log_info("device-enrolled", "device=%s place=%s", j->device.id, j->device.place_id);
		json_reply(hub, j->job.tag, 201,
			   json_pack("{s:s, s:s}", "device", j->device.id, "secret", j->secret));
		break;
	case TASK_NEXT:
		answer_next(hub, j);
		break;
	case TASK_ENTER:
		log_info("device-enters", "device=%s consultation=%s", j->device_id,
			 j->consultation_id);
		json_reply(hub, j->job.tag, 200, json_pack("{s:s}", "token", j->token));
		break;
	case TASK_HELP:
	case TASK_SELF_TEST:
		hub_answer(hub, j->job.tag, &reply);
		break;
	}
}

static void done(struct hub *hub, struct store_job *job)
{
	const struct device_job *j = (const struct device_job *)job;

	if (job->result == -EPERM)
		hub_answer_problem(hub, job->tag, 403, "code-unknown",
				   "No device is waited for under this code, or no more.");
	else if (job->result == -ENOENT)
		hub_answer_problem(hub, job->tag, 404, "visit-unknown",
				   "No such visit is held here, or it is over.");
	else if (job->result == -ENOSPC)
		hub_answer_problem(hub, job->tag, 409, "too-many",
				   j->task == TASK_ENROL ? "The place has as many devices as it "
							   "may: revoke one."
							 : "The visit is full.");
	else if (job->result < 0)
		access_answer_busy(hub, job->tag);
	else
		answer(hub, j);
}

/* --- asking ----------------------------------------------------------------------------------- */

static struct device_job *job_new(struct hub *hub, uint64_t id, const struct principal *who,
				  enum task task)
{
	struct device_job *j = calloc(1, sizeof(*j));

	if (j == NULL) {
		access_answer_busy(hub, id);
		return NULL;
	}
	j->job = (struct store_job){.run = run, .done = done, .close = close_job, .tag = id};
	j->task = task;
	if (who != NULL)
		memcpy(j->device_id, who->id, sizeof(j->device_id));
	return j;
}

static void post(struct hub *hub, struct device_job *j)
{
	uint64_t id = j->job.tag;

	if (!hub_post_store(hub, &j->job))
		access_answer_busy(hub, id);
}

/* Codes are short: an address has as many tries as with passwords. */
static bool may_try(struct hub *hub, const struct http_request *request)
{
	char text[ADDR_TEXT_MAX];
	struct addr from = request->peer;

	from.port = 0;
	addr_format(&from, text);
	return attempts_take(hub->login->by_address, clock_now_us(), text);
}

void device_http_enrol(struct hub *hub, const struct http_request *request, const char *const *ids,
		       const struct principal *who)
{
	char code[STORE_ENROLMENT_DIGITS + 1], name[LIMIT_NAME_BYTES + 1];
	const struct json_member members[] = {
		{"code", code, sizeof(code), STORE_ENROLMENT_DIGITS},
		{"name", name, sizeof(name), 1},
		{.name = NULL},
	};
	struct device_job *j;

	(void)ids;
	(void)who;
	if (!json_body_read(hub, request, members))
		return;
	if (!may_try(hub, request)) {
		login_answer_slow(hub, request->id);
		return;
	}
	j = job_new(hub, request->id, NULL, TASK_ENROL);
	if (j == NULL)
		return;
	memcpy(j->code, code, sizeof(code));
	memcpy(j->name, name, sizeof(name));
	post(hub, j);
}

void device_http_next(struct hub *hub, const struct http_request *request, const char *const *ids,
		      const struct principal *who)
{
	struct device_job *j = job_new(hub, request->id, who, TASK_NEXT);

	(void)ids;
	if (j != NULL)
		post(hub, j);
}

void device_http_enter(struct hub *hub, const struct http_request *request, const char *const *ids,
		       const struct principal *who)
{
	char consultation[SERVICE_ID_BYTES + 1];
	const struct json_member members[] = {
		{"consultation", consultation, sizeof(consultation), 1},
		{.name = NULL},
	};
	struct device_job *j;

	(void)ids;
	if (!json_body_read(hub, request, members))
		return;
	j = job_new(hub, request->id, who, TASK_ENTER);
	if (j == NULL)
		return;
	memcpy(j->consultation_id, consultation, sizeof(consultation));
	post(hub, j);
}

void device_http_help(struct hub *hub, const struct http_request *request, const char *const *ids,
		      const struct principal *who)
{
	struct device_job *j = job_new(hub, request->id, who, TASK_HELP);

	(void)ids;
	if (j == NULL)
		return;
	j->wants_help = request->method == HTTP_PUT;
	post(hub, j);
}

void device_http_self_test(struct hub *hub, const struct http_request *request,
			   const char *const *ids, const struct principal *who)
{
	struct http_reply reply = {0};
	struct device_job *j;
	const char *why;
	char *kept;
	int r = device_test_read(request->body, request->body_len, &kept, &why);

	(void)ids;
	if (r == 0 && strlen(kept) >= STORE_SELF_TEST_BYTES) {
		free(kept);
		r = -EINVAL;
		why = "This is too long.";
	}
	if (r == -EINVAL) {
		http_reply_problem(&reply, 400, "bad-body", why, NULL);
		hub_answer(hub, request->id, &reply);
		return;
	}
	if (r < 0) {
		access_answer_busy(hub, request->id);
		return;
	}
	j = job_new(hub, request->id, who, TASK_SELF_TEST);
	if (j == NULL) {
		free(kept);
		return;
	}
	j->self_test = kept;
	post(hub, j);
}
