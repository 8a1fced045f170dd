/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "server/access.h"
#include "server/account_http.h"
#include "server/clock.h"
#include "server/hub.h"
#include "server/json_body.h"
#include "server/log.h"
#include "server/permission.h"
#include "server/store_access.h"

enum task {
	TASK_LIST,
	TASK_CREATE,
	TASK_REVOKE,
};

struct key_job {
	struct store_job job;
	enum task task;
	struct store_api_key key; /* to make, or its id and unit to revoke */
	char text[STORE_API_KEY_BYTES];
	struct store_api_key list[STORE_API_KEYS_MAX];
	size_t count;
};

static void run(struct store *store, struct store_job *job)
{
	struct key_job *j = (struct key_job *)job;
	int64_t now_s = clock_unix_s();

	switch (j->task) {
	case TASK_LIST:
		job->result = store_api_key_list(store, j->key.unit_id, j->list, &j->count);
		break;
	case TASK_CREATE:
		job->result = store_api_key_create(store, now_s, &j->key, j->text);
		break;
	case TASK_REVOKE:
		job->result = store_api_key_revoke(store, now_s, j->key.unit_id, j->key.id);
		break;
	}
}

static void close_job(struct store_job *job)
{
	explicit_bzero(job, sizeof(struct key_job));
	free(job);
}

/* --- answering -------------------------------------------------------------------------------- */

static json_t *key_json(const struct store_api_key *key, const char *text)
{
	char scopes[PERMISSION_SCOPES_BYTES];
	json_t *o;

	permission_scopes_format(key->scopes, scopes);
	o = json_pack("{s:s, s:s, s:s, s:I, s:o}", "id", key->id, "label", key->label, "scopes",
		      scopes, "created", (json_int_t)key->created_unix_s, "used",
		      key->used_unix_s != 0 ? json_integer(key->used_unix_s) : json_null());
	if (text != NULL)
		json_object_set_new(o, "key", json_string(text));
	return o;
}

/* Takes o. */
static void answer_json(struct hub *hub, uint64_t id, int status, json_t *o)
{
	struct http_reply reply = {.status = status};
	char *text = json_dumps(o, JSON_COMPACT);

	json_decref(o);
	if (text == NULL) {
		access_answer_busy(hub, id);
		return;
	}
	http_reply_take(&reply, "application/json", text, strlen(text));
	hub_answer(hub, id, &reply);
}

static void answer_list(struct hub *hub, const struct key_job *j)
{
	json_t *list = json_array();

	for (size_t i = 0; i < j->count; i++)
		json_array_append_new(list, key_json(&j->list[i], NULL));
	answer_json(hub, j->job.tag, 200, json_pack("{s:o}", "keys", list));
}

static void done(struct hub *hub, struct store_job *job)
{
	const struct key_job *j = (const struct key_job *)job;
	struct http_reply reply = {.status = 204};

	if (job->result == -ENOENT)
		hub_answer_problem(hub, job->tag, 404, "key-unknown", "The unit has no such key.");
	else if (job->result == -ENOSPC)
		hub_answer_problem(hub, job->tag, 409, "too-many",
				   "The unit has as many keys as it may: revoke one.");
	else if (job->result < 0)
		access_answer_busy(hub, job->tag);
	else if (j->task == TASK_LIST)
		answer_list(hub, j);
	else if (j->task == TASK_CREATE)
		answer_json(hub, job->tag, 201, key_json(&j->key, j->text));
	else
		hub_answer(hub, job->tag, &reply);
	if (job->result == 0 && j->task != TASK_LIST)
		log_info(j->task == TASK_CREATE ? "api-key-created" : "api-key-revoked", "key=%s",
			 j->key.id);
}

/* --- asking ----------------------------------------------------------------------------------- */

static struct key_job *job_new(struct hub *hub, uint64_t id, const struct principal *who,
			       enum task task)
{
	struct key_job *j = calloc(1, sizeof(*j));

	if (j == NULL) {
		access_answer_busy(hub, id);
		return NULL;
	}
	j->job = (struct store_job){.run = run, .done = done, .close = close_job, .tag = id};
	j->task = task;
	memcpy(j->key.unit_id, who->unit_id, sizeof(j->key.unit_id));
	return j;
}

static void post(struct hub *hub, struct key_job *j)
{
	uint64_t id = j->job.tag;

	if (!hub_post_store(hub, &j->job))
		access_answer_busy(hub, id);
}

void key_http_list(struct hub *hub, const struct http_request *request, const char *const *ids,
		   const struct principal *who)
{
	struct key_job *j = job_new(hub, request->id, who, TASK_LIST);

	(void)ids;
	if (j != NULL)
		post(hub, j);
}

void key_http_create(struct hub *hub, const struct http_request *request, const char *const *ids,
		     const struct principal *who)
{
	char label[LIMIT_NAME_BYTES + 1], scopes[PERMISSION_SCOPES_BYTES];
	const struct json_member members[] = {
		{"label", label, sizeof(label), 1},
		{"scopes", scopes, sizeof(scopes), 1},
		{.name = NULL},
	};
	struct http_reply reply = {0};
	struct key_job *j;
	unsigned bits;

	(void)ids;
	if (!json_body_read(hub, request, members))
		return;
	/* Keys to the audit are made on the command line: who administers a unit is among those the
	 * audit is about. */
	if (permission_scopes_parse(scopes, &bits) < 0 || (bits & SCOPE_BIT(SCOPE_AUDIT)) != 0) {
		http_reply_problem(&reply, 400, "bad-body",
				   "Scopes are read, book, message, webhook.", "scopes");
		hub_answer(hub, request->id, &reply);
		return;
	}
	j = job_new(hub, request->id, who, TASK_CREATE);
	if (j == NULL)
		return;
	memcpy(j->key.label, label, sizeof(label));
	j->key.scopes = bits;
	post(hub, j);
}

void key_http_revoke(struct hub *hub, const struct http_request *request, const char *const *ids,
		     const struct principal *who)
{
	struct key_job *j = job_new(hub, request->id, who, TASK_REVOKE);

	if (j == NULL)
		return;
	/* An id too long is nobody's, as is the empty one. */
	if (strlen(ids[0]) < sizeof(j->key.id))
		g_strlcpy(j->key.id, ids[0], sizeof(j->key.id));
	post(hub, j);
}
