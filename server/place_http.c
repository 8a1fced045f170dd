/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "server/access.h"
#include "server/clock.h"
#include "server/device_http.h"
#include "server/hub.h"
#include "server/json_body.h"
#include "server/json_reply.h"
#include "server/log.h"
#include "server/store_device.h"

enum task {
	TASK_LIST,
	TASK_CREATE,
	TASK_CODE,
	TASK_REVOKE,
	TASK_HELPED,
};

struct place_devices {
	struct store_device device[STORE_PLACE_DEVICES_MAX];
	size_t count;
};

struct place_job {
	struct store_job job;
	enum task task;
	char unit_id[PRINCIPAL_ID_BYTES + 1];
	char id[PRINCIPAL_ID_BYTES + 1]; /* of the place or device in the path */
	char code[STORE_ENROLMENT_DIGITS + 1];
	int64_t now_unix_s;
	struct store_place_row place[STORE_PLACES_MAX]; /* the first: to make */
	struct place_devices *devices;			/* of each place of the list */
	size_t count;
};

static int run_list(struct store *store, struct place_job *j)
{
	int r = store_place_list(store, j->unit_id, j->place, &j->count);

	j->devices = calloc(j->count > 0 ? j->count : 1, sizeof(*j->devices));
	if (j->devices == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < j->count && r == 0; i++)
		r = store_device_list(store, j->place[i].id, j->devices[i].device,
				      &j->devices[i].count);
	return r;
}

static void run(struct store *store, struct store_job *job)
{
	struct place_job *j = (struct place_job *)job;

	j->now_unix_s = clock_unix_s();
	switch (j->task) {
	case TASK_LIST:
		job->result = run_list(store, j);
		break;
	case TASK_CREATE:
		job->result = store_place_create(store, j->unit_id, &j->place[0]);
		break;
	case TASK_CODE:
		job->result =
			store_enrolment_create(store, j->now_unix_s, j->unit_id, j->id, j->code);
		break;
	case TASK_REVOKE:
		job->result = store_device_revoke(store, j->now_unix_s, j->unit_id, j->id);
		break;
	case TASK_HELPED:
		job->result = store_device_helped(store, j->unit_id, j->id);
		break;
	}
}

static void close_job(struct store_job *job)
{
	struct place_job *j = (struct place_job *)job;

	free(j->devices);
	explicit_bzero(j->code, sizeof(j->code));
	free(j);
}

/* --- answering -------------------------------------------------------------------------------- */

static json_t *device_json(const struct store_device *d)
{
	json_t *test = d->self_test[0] != '\0' ? json_loads(d->self_test, 0, NULL) : NULL;

	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o}", "id", d->id, "name", d->name,
			 "enrolled", json_reply_time(d->enrolled_unix_s), "seen",
			 json_reply_time(d->seen_unix_s), "help", json_reply_time(d->help_unix_s),
			 "tested", json_reply_time(d->self_test_unix_s), "self_test",
			 test != NULL ? test : json_null());
}

static json_t *place_json(const struct store_place_row *place, const struct place_devices *devices)
{
	json_t *list = json_array();

	for (size_t i = 0; devices != NULL && i < devices->count; i++)
		json_array_append_new(list, device_json(&devices->device[i]));
	return json_pack("{s:s, s:s, s:s, s:b, s:o}", "id", place->id, "name", place->name,
			 "municipality", place->municipality, "active", place->is_active, "devices",
			 list);
}

static void answer_list(struct hub *hub, const struct place_job *j)
{
	json_t *list = json_array();

	for (size_t i = 0; i < j->count; i++)
		json_array_append_new(list, place_json(&j->place[i], &j->devices[i]));
	json_reply(hub, j->job.tag, 200, json_pack("{s:o}", "places", list));
}

static void answer(struct hub *hub, const struct place_job *j)
{
	struct http_reply reply = {.status = 204};

	switch (j->task) {
	case TASK_LIST:
		answer_list(hub, j);
		break;
	case TASK_CREATE:
		log_info("place-created", "place=%s", j->place[0].id);
		json_reply(hub, j->job.tag, 201, place_json(&j->place[0], NULL));
		break;
	case TASK_CODE:
		log_info("enrolment-code", "place=%s", j->id);
		json_reply(hub, j->job.tag, 201,
			   json_pack("{s:s, s:o}", "code", j->code, "expires",
				     json_reply_time(j->now_unix_s + STORE_ENROLMENT_S)));
		break;
	case TASK_REVOKE:
		log_info("device-revoked", "device=%s", j->id);
		hub_answer(hub, j->job.tag, &reply);
		break;
	case TASK_HELPED:
		log_info("device-helped", "device=%s", j->id);
		hub_answer(hub, j->job.tag, &reply);
		break;
	}
}

static void done(struct hub *hub, struct store_job *job)
{
	const struct place_job *j = (const struct place_job *)job;

	if (job->result == -ENOENT)
		hub_answer_problem(hub, job->tag, 404,
				   j->task == TASK_CODE ? "place-unknown" : "device-unknown",
				   "The unit has none of that id.");
	else if (job->result == -ENOSPC)
		hub_answer_problem(hub, job->tag, 409, "too-many",
				   "The unit has as many places as it may.");
	else if (job->result < 0)
		access_answer_busy(hub, job->tag);
	else
		answer(hub, j);
}

/* --- asking ----------------------------------------------------------------------------------- */

static struct place_job *job_new(struct hub *hub, uint64_t id, const struct principal *who,
				 enum task task)
{
	struct place_job *j = calloc(1, sizeof(*j));

	if (j == NULL) {
		access_answer_busy(hub, id);
		return NULL;
	}
	j->job = (struct store_job){.run = run, .done = done, .close = close_job, .tag = id};
	j->task = task;
	memcpy(j->unit_id, who->unit_id, sizeof(j->unit_id));
	return j;
}

static void post(struct hub *hub, struct place_job *j)
{
	uint64_t id = j->job.tag;

	if (!hub_post_store(hub, &j->job))
		access_answer_busy(hub, id);
}

/* An id too long is nobody's, as is the empty one. */
static void put_id(struct place_job *j, const char *id)
{
	if (strlen(id) < sizeof(j->id))
		memcpy(j->id, id, strlen(id) + 1);
}

void place_http_list(struct hub *hub, const struct http_request *request, const char *const *ids,
		     const struct principal *who)
{
	struct place_job *j = job_new(hub, request->id, who, TASK_LIST);

	(void)ids;
	if (j != NULL)
		post(hub, j);
}

void place_http_create(struct hub *hub, const struct http_request *request, const char *const *ids,
		       const struct principal *who)
{
	char name[LIMIT_NAME_BYTES + 1], municipality[LIMIT_NAME_BYTES + 1];
	const struct json_member members[] = {
		{"name", name, sizeof(name), 1},
		{"municipality", municipality, sizeof(municipality), 0},
		{.name = NULL},
	};
	struct place_job *j;

	(void)ids;
	if (!json_body_read(hub, request, members))
		return;
	j = job_new(hub, request->id, who, TASK_CREATE);
	if (j == NULL)
		return;
	memcpy(j->place[0].name, name, sizeof(name));
	memcpy(j->place[0].municipality, municipality, sizeof(municipality));
	post(hub, j);
}

void place_http_code(struct hub *hub, const struct http_request *request, const char *const *ids,
		     const struct principal *who)
{
	struct place_job *j = job_new(hub, request->id, who, TASK_CODE);

	if (j == NULL)
		return;
	put_id(j, ids[0]);
	post(hub, j);
}

void place_http_revoke(struct hub *hub, const struct http_request *request, const char *const *ids,
		       const struct principal *who)
{
	struct place_job *j = job_new(hub, request->id, who, TASK_REVOKE);

	if (j == NULL)
		return;
	put_id(j, ids[0]);
	post(hub, j);
}

void place_http_helped(struct hub *hub, const struct http_request *request, const char *const *ids,
		       const struct principal *who)
{
	struct place_job *j = job_new(hub, request->id, who, TASK_HELPED);

	if (j == NULL)
		return;
	put_id(j, ids[0]);
	post(hub, j);
}
