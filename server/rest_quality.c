/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/rest_quality.h"

#include <errno.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "server/access.h"
#include "server/hub.h"
#include "server/permission.h"
#include "server/store_quality.h"

struct quality_job {
	struct store_job job;
	struct principal who;
	struct store_consultation consultation;
	struct store_quality stay[STORE_QUALITY_MAX];
	size_t count;
};

static void run(struct store *store, struct store_job *job)
{
	struct quality_job *j = (struct quality_job *)job;
	int r = store_consultation_get(store, j->consultation.id, &j->consultation);

	if (r == 0 && !permission_in_unit(&j->who, j->consultation.unit_id))
		r = -ENOENT;
	if (r == 0)
		r = store_quality_list(store, j->consultation.id, j->stay, &j->count);
	job->result = r;
}

static json_t *stay_json(const struct store_quality *stay)
{
	json_t *o = json_loads(stay->figures, 0, NULL);
	GDateTime *until = g_date_time_new_from_unix_utc(stay->until_unix_s);
	char *text = g_date_time_format(until, "%Y-%m-%dT%H:%M:%SZ");

	if (o == NULL)
		o = json_object();
	json_object_set_new(
		o, "role",
		json_string(stay->role < ROLE_COUNT ? role_name(stay->role) : "observer"));
	json_object_set_new(o, "until", json_string(text));
	g_free(text);
	g_date_time_unref(until);
	return o;
}

static void done(struct hub *hub, struct store_job *job)
{
	const struct quality_job *j = (const struct quality_job *)job;
	json_t *list;

	if (rest_answer_error(hub, job->tag, job->result))
		return;
	list = json_array();
	for (size_t i = 0; i < j->count; i++)
		json_array_append_new(list, stay_json(&j->stay[i]));
	rest_json_answer(hub, job->tag, 200, json_pack("{s:o}", "stays", list), NULL);
}

static void close_job(struct store_job *job)
{
	struct quality_job *j = (struct quality_job *)job;

	for (size_t i = 0; i < j->count; i++)
		g_free(j->stay[i].figures);
	free(j);
}

void rest_quality(struct hub *hub, const struct http_request *request, const char *const *ids,
		  const struct principal *who)
{
	struct quality_job *j = calloc(1, sizeof(*j));

	if (j == NULL) {
		access_answer_busy(hub, request->id);
		return;
	}
	j->job = (struct store_job){
		.run = run, .done = done, .close = close_job, .tag = request->id};
	j->who = *who;
	/* An id too long is nobody's, and so is the empty one. */
	if (strlen(ids[0]) < sizeof(j->consultation.id))
		memcpy(j->consultation.id, ids[0], strlen(ids[0]));
	if (!hub_post_store(hub, &j->job))
		access_answer_busy(hub, request->id);
}
