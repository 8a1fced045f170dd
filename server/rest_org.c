/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/rest_org.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "server/access.h"
#include "server/hub.h"
#include "server/permission.h"
#include "server/store_org.h"

struct units_job {
	struct store_job job;
	char unit_id[PRINCIPAL_ID_BYTES + 1]; /* "": all */
	struct store_org_view view;
};

static void units_run(struct store *store, struct store_job *job)
{
	struct units_job *j = (struct units_job *)job;

	job->result = store_org_view(store, j->unit_id, &j->view);
}

static void units_close(struct store_job *job)
{
	struct units_job *j = (struct units_job *)job;

	store_org_view_close(&j->view);
	free(j);
}

static json_t *places_of(const struct store_org_view *view, const char *unit_id)
{
	json_t *list = json_array();

	for (guint i = 0; i < view->places->len; i++) {
		const struct store_org_place *p =
			&g_array_index(view->places, struct store_org_place, i);

		if (strcmp(p->unit_id, unit_id) == 0)
			json_array_append_new(list,
					      json_pack("{s:s, s:s, s:s}", "id", p->id, "name",
							p->name, "municipality", p->municipality));
	}
	return list;
}

static json_t *people_of(const struct store_org_view *view, const char *unit_id)
{
	json_t *list = json_array();

	for (guint i = 0; i < view->people->len; i++) {
		const struct store_org_person *p =
			&g_array_index(view->people, struct store_org_person, i);

		if (strcmp(p->unit_id, unit_id) == 0)
			json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "id", p->id,
							      "name", p->name, "duty",
							      permission_duty_name(p->duty)));
	}
	return list;
}

static char *units_text(const struct store_org_view *view)
{
	json_t *list = json_array(), *root;
	char *text;

	for (guint i = 0; i < view->units->len; i++) {
		const struct store_org_unit *u =
			&g_array_index(view->units, struct store_org_unit, i);

		json_array_append_new(
			list, json_pack("{s:s, s:s, s:s, s:s, s:o, s:o}", "id", u->id, "name",
					u->name, "municipality", u->municipality,
					"minimum_assurance", u->minimum_assurance, "places",
					places_of(view, u->id), "staff", people_of(view, u->id)));
	}
	root = json_pack("{s:o}", "units", list);
	text = json_dumps(root, JSON_COMPACT);
	json_decref(root);
	return text;
}

static void units_done(struct hub *hub, struct store_job *job)
{
	const struct units_job *j = (const struct units_job *)job;
	struct http_reply reply = {.status = 200};
	char *text = job->result == 0 ? units_text(&j->view) : NULL;

	if (text == NULL) {
		access_answer_busy(hub, job->tag);
		return;
	}
	http_reply_take(&reply, "application/json", text, strlen(text));
	hub_answer(hub, job->tag, &reply);
}

void rest_org_units(struct hub *hub, const struct http_request *request, const char *const *ids,
		    const struct principal *who)
{
	struct units_job *j = calloc(1, sizeof(*j));

	(void)ids;
	if (j == NULL) {
		access_answer_busy(hub, request->id);
		return;
	}
	j->job = (struct store_job){
		.run = units_run, .done = units_done, .close = units_close, .tag = request->id};
	g_strlcpy(j->unit_id, who->unit_id, sizeof(j->unit_id));
	if (!hub_post_store(hub, &j->job))
		access_answer_busy(hub, request->id);
}
