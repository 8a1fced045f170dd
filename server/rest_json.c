/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "server/access.h"
#include "server/hub.h"
#include "server/rest.h"

/* RFC 3339, or null. */
static json_t *time_json(int64_t unix_s)
{
	GDateTime *time = unix_s != 0 ? g_date_time_new_from_unix_utc(unix_s) : NULL;
	char *text = time != NULL ? g_date_time_format(time, "%Y-%m-%dT%H:%M:%SZ") : NULL;
	json_t *value = text != NULL ? json_string(text) : json_null();

	g_free(text);
	if (time != NULL)
		g_date_time_unref(time);
	return value;
}

/* {"id", "name"}, or null. */
static json_t *named(const char *id, const char *name)
{
	return id[0] != '\0' ? json_pack("{s:s, s:s}", "id", id, "name", name) : json_null();
}

static json_t *text_or_null(const char *text)
{
	return text[0] != '\0' ? json_string(text) : json_null();
}

static json_t *check_json(const struct store_participant *p)
{
	json_t *verdicts = json_loads(p->verdicts, 0, NULL);

	if (p->checked_unix_s == 0) {
		json_decref(verdicts);
		return json_null();
	}
	return json_pack("{s:o, s:I, s:I, s:o}", "at", time_json(p->checked_unix_s), "up_kbps",
			 (json_int_t)p->up_kbps, "down_kbps", (json_int_t)p->down_kbps, "verdicts",
			 verdicts != NULL ? verdicts : json_object());
}

json_t *rest_json_participant(const struct hub *hub, const char *consultation_id,
			      const struct store_participant *p)
{
	bool is_present = service_is_present(hub->service, consultation_id, p->id);
	json_t *o = json_pack(
		"{s:s, s:s, s:s, s:s, s:s, s:o, s:b, s:o}", "id", p->id, "role",
		p->role < ROLE_COUNT ? role_name(p->role) : "observer", "name", p->name,
		"admission",
		p->admission < ADMISSION_COUNT ? admission_name(p->admission) : "waiting",
		"assurance", p->assurance < ASSURANCE_COUNT ? assurance_name(p->assurance) : "none",
		"language", text_or_null(p->language), "present", is_present, "check",
		check_json(p));

	if (p->token[0] != '\0') {
		json_object_set_new(o, "token", json_string(p->token));
		/* In the fragment, so that it reaches no log and no Referer. */
		json_object_set_new(o, "link", json_sprintf("%s/#%s", hub->public_url, p->token));
	}
	return o;
}

static void add_outcome(json_t *o, const struct store_consultation *c)
{
	bool has_reason = c->outcome_reason < OUTCOME_REASON_COUNT;

	json_object_set_new(o, "outcome",
			    c->outcome < OUTCOME_COUNT ? json_string(outcome_name(c->outcome))
						       : json_null());
	json_object_set_new(o, "outcome_reason",
			    has_reason ? json_string(outcome_reason_name(c->outcome_reason))
				       : json_null());
}

json_t *rest_json_consultation(const struct hub *hub, const struct store_consultation *c)
{
	json_t *list = json_array();
	json_t *o;

	for (size_t i = 0; i < c->participant_count; i++)
		json_array_append_new(list, rest_json_participant(hub, c->id, &c->participant[i]));
	o = json_pack("{s:s, s:s, s:I, s:o, s:o}", "id", c->id, "title", c->title, "created",
		      (json_int_t)c->created_unix_s, "ended",
		      c->ended_unix_s != 0 ? json_integer(c->ended_unix_s) : json_null(),
		      "participants", list);
	json_object_set_new(o, "state", json_string(visit_state_name(c->state)));
	json_object_set_new(o, "unit", named(c->unit_id, c->unit_name));
	json_object_set_new(o, "responsible", named(c->responsible_id, c->responsible_name));
	json_object_set_new(o, "planned", time_json(c->planned_unix_s));
	json_object_set_new(o, "started", time_json(c->started_unix_s));
	json_object_set_new(o, "minutes", c->minutes != 0 ? json_integer(c->minutes) : json_null());
	json_object_set_new(o, "waiting_room", json_boolean(c->has_waiting_room));
	json_object_set_new(o, "place", text_or_null(c->place_id));
	json_object_set_new(o, "kind", text_or_null(c->kind));
	json_object_set_new(o, "mode", json_string(mode_name(c->mode)));
	json_object_set_new(o, "patient_ref", text_or_null(c->patient_ref));
	json_object_set_new(o, "external_ref", text_or_null(c->external_ref));
	json_object_set_new(o, "needs_interpreter", json_boolean(c->needs_interpreter));
	json_object_set_new(o, "communication_needs", text_or_null(c->communication_needs));
	add_outcome(o, c);
	return o;
}

/* --- answers ---------------------------------------------------------------------------------- */

void rest_json_answer(struct hub *hub, uint64_t id, int status, json_t *value, const char *location)
{
	struct http_reply reply = {.status = status};
	char *text = json_dumps(value, JSON_COMPACT);

	json_decref(value);
	if (text == NULL) {
		access_answer_busy(hub, id);
		return;
	}
	http_reply_take(&reply, "application/json", text, strlen(text));
	if (location != NULL)
		http_reply_header(&reply, "location:", "%s", location);
	hub_answer(hub, id, &reply);
}

void rest_answer_fault(struct hub *hub, uint64_t id, const struct rest_fault *fault)
{
	struct http_reply reply = {0};

	http_reply_problem(&reply, 400, "bad-body", fault->why,
			   fault->member[0] != '\0' ? fault->member : NULL);
	hub_answer(hub, id, &reply);
}

bool rest_answer_error(struct hub *hub, uint64_t id, int result)
{
	static const struct {
		int result, status;
		const char *code, *detail;
	} errors[] = {
		{-ENOENT, 404, "consultation-unknown", "No consultation has this id."},
		{-EALREADY, 409, "consultation-ended", "The consultation is over."},
		{-ENOSPC, 409, "consultation-full", "16 people are in this consultation already."},
		{-EPERM, 403, "reason-required",
		 "This is another one's consultation: say why you enter it."},
		{-EINVAL, 400, "unit-unknown",
		 "There is no such unit, or the responsible one is no clinician of it."},
	};

	if (result >= 0)
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(errors); i++) {
		if (errors[i].result == result) {
			hub_answer_problem(hub, id, errors[i].status, errors[i].code,
					   errors[i].detail);
			return true;
		}
	}
	access_answer_busy(hub, id);
	return true;
}
