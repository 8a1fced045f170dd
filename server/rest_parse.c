/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "server/rest.h"

static int fail(struct rest_fault *fault, const char *member, const char *why)
{
	(void)snprintf(fault->member, sizeof(fault->member), "%s", member);
	fault->why = why;
	return -EINVAL;
}

/* NULL: no JSON object, told in *fault. */
static json_t *read_root(const char *body, size_t len, struct rest_fault *fault)
{
	json_t *root = json_loadb(body, len, JSON_REJECT_DUPLICATES, NULL);

	if (root == NULL)
		(void)fail(fault, "", "The body is no JSON text.");
	else if (json_is_object(root))
		return root;
	else
		(void)fail(fault, "", "The body is one JSON object.");
	json_decref(root);
	return NULL;
}

/* --- members ---------------------------------------------------------------------------------- */

/* A JSON text that people may see: UTF-8 (jansson checks), no control characters, within size. */
static bool copy_text(char *out, size_t size, const json_t *value)
{
	const char *text = json_string_value(value);
	size_t len = json_string_length(value);

	if (text == NULL || len >= size)
		return false;
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
			return false;
	}
	memcpy(out, text, len);
	out[len] = '\0';
	return true;
}

/* A member that may be left out (stays as it is) or null ("" then). */
static int read_text(const json_t *o, const char *name, char *out, size_t size,
		     struct rest_fault *fault)
{
	const json_t *value = json_object_get(o, name);

	if (value == NULL)
		return 0;
	if (json_is_null(value)) {
		out[0] = '\0';
		return 0;
	}
	return copy_text(out, size, value)
		       ? 0
		       : fail(fault, name,
			      "This is a short text without control characters, or null.");
}

static int read_flag(const json_t *o, const char *name, bool *out, struct rest_fault *fault)
{
	const json_t *value = json_object_get(o, name);

	if (value == NULL)
		return 0;
	if (!json_is_boolean(value))
		return fail(fault, name, "This is true or false.");
	*out = json_is_true(value);
	return 0;
}

static int read_minutes(const json_t *o, int64_t *out, struct rest_fault *fault)
{
	const json_t *value = json_object_get(o, "minutes");

	if (value == NULL)
		return 0;
	if (!json_is_null(value) && (!json_is_integer(value) || json_integer_value(value) < 1 ||
				     json_integer_value(value) > REST_MINUTES_MAX))
		return fail(fault, "minutes", "Minutes are a whole number from 1 to 600, or null.");
	*out = json_integer_value(value); /* 0 of null */
	return 0;
}

/* RFC 3339 with its time zone. */
static int read_time(const json_t *o, const char *name, int64_t *out, struct rest_fault *fault)
{
	const json_t *value = json_object_get(o, name);
	GDateTime *time;

	if (value == NULL)
		return 0;
	if (json_is_null(value)) {
		*out = 0;
		return 0;
	}
	time = json_is_string(value) ? g_date_time_new_from_iso8601(json_string_value(value), NULL)
				     : NULL;
	if (time == NULL)
		return fail(fault, name,
			    "This is a time with its zone, like 2026-11-26T10:00:00+01:00, or "
			    "null.");
	*out = g_date_time_to_unix(time);
	g_date_time_unref(time);
	return 0;
}

static int read_word(const json_t *o, const char *name, const struct names *words, unsigned *out,
		     struct rest_fault *fault)
{
	const char *text = json_string_value(json_object_get(o, name));
	size_t word = text != NULL ? names_find(words, text) : words->count;

	if (word == words->count)
		return fail(fault, name, "This is not one of the known words.");
	*out = (unsigned)word;
	return 0;
}

/* --- participants ----------------------------------------------------------------------------- */

static int read_contact(const json_t *o, struct store_participant *p, struct rest_fault *fault)
{
	int r = read_text(o, "phone", p->phone, sizeof(p->phone), fault);

	if (r == 0 && strspn(p->phone, "+0123456789 -()") != strlen(p->phone))
		r = fail(fault, "phone", "A telephone number has digits, +, -, ( ) and spaces.");
	if (r == 0)
		r = read_text(o, "email", p->email, sizeof(p->email), fault);
	if (r == 0 && p->email[0] != '\0' && strchr(p->email, '@') == NULL)
		r = fail(fault, "email", "An e-mail address has an @.");
	return r == 0 ? read_text(o, "language", p->language, sizeof(p->language), fault) : r;
}

static int read_participant(const json_t *o, struct store_participant *p, struct rest_fault *fault)
{
	unsigned role;

	if (!json_is_object(o))
		return fail(fault, "", "A participant is an object with role and name.");
	if (read_word(o, "role", &role_names, &role, fault) < 0)
		return fail(fault, "role",
			    "The role is one of patient, clinician, interpreter, relative, staff, "
			    "room, observer.");
	p->role = (enum role)role;
	if (!copy_text(p->name, sizeof(p->name), json_object_get(o, "name")))
		return fail(fault, "name",
			    "The name is a text of at most 128 bytes without control characters.");
	return read_contact(o, p, fault);
}

static int read_participants(const json_t *root, struct store_consultation *c,
			     struct rest_fault *fault)
{
	const json_t *list = json_object_get(root, "participants");
	size_t count = json_array_size(list);

	if (!json_is_array(list) || count == 0 || count > LIMIT_PARTICIPANTS)
		return fail(fault, "participants", "A consultation has 1 to 16 participants.");
	c->participant_count = count;
	for (size_t i = 0; i < count; i++) {
		struct rest_fault inner = {{0}, NULL};

		if (read_participant(json_array_get(list, i), &c->participant[i], &inner) == 0)
			continue;
		(void)snprintf(fault->member, sizeof(fault->member), "participants[%zu]%s%.40s", i,
			       inner.member[0] != '\0' ? "." : "", inner.member);
		fault->why = inner.why;
		return -EINVAL;
	}
	return 0;
}

int rest_parse_participant(const char *body, size_t len, struct store_participant *out,
			   struct rest_fault *fault)
{
	struct store_participant p = {.role = ROLE_COUNT};
	json_t *root = read_root(body, len, fault);
	int r;

	if (root == NULL)
		return -EINVAL;
	r = read_participant(root, &p, fault);
	json_decref(root);
	if (r == 0)
		*out = p;
	return r;
}

/* --- consultations ---------------------------------------------------------------------------- */

/* What creation and change have in common. */
static int read_facts(const json_t *root, struct store_consultation *c, struct rest_fault *fault)
{
	int r = read_time(root, "planned", &c->planned_unix_s, fault);

	if (r == 0)
		r = read_minutes(root, &c->minutes, fault);
	if (r == 0)
		r = read_text(root, "responsible", c->responsible_id, sizeof(c->responsible_id),
			      fault);
	if (r == 0)
		r = read_text(root, "place", c->place_id, sizeof(c->place_id), fault);
	if (r == 0)
		r = read_text(root, "kind", c->kind, sizeof(c->kind), fault);
	if (r == 0)
		r = read_text(root, "communication_needs", c->communication_needs,
			      sizeof(c->communication_needs), fault);
	return r == 0 ? read_flag(root, "needs_interpreter", &c->needs_interpreter, fault) : r;
}

static int read_title(const json_t *root, struct store_consultation *c, struct rest_fault *fault)
{
	if (copy_text(c->title, sizeof(c->title), json_object_get(root, "title")))
		return 0;
	return fail(fault, "title",
		    "The title is a text of at most 128 bytes without control characters.");
}

static int read_creation(const json_t *root, bool has_unit, struct store_consultation *c,
			 struct rest_fault *fault)
{
	int r = read_title(root, c, fault);

	if (r == 0)
		r = read_participants(root, c, fault);
	if (r == 0)
		r = read_facts(root, c, fault);
	if (r == 0)
		r = read_text(root, "unit", c->unit_id, sizeof(c->unit_id), fault);
	if (r == 0)
		r = read_text(root, "patient_ref", c->patient_ref, sizeof(c->patient_ref), fault);
	if (r == 0)
		r = read_text(root, "external_ref", c->external_ref, sizeof(c->external_ref),
			      fault);
	c->has_waiting_room = has_unit || c->unit_id[0] != '\0';
	return r == 0 ? read_flag(root, "waiting_room", &c->has_waiting_room, fault) : r;
}

int rest_parse_creation(const char *body, size_t len, bool has_unit, struct store_consultation *out,
			struct rest_fault *fault)
{
	struct store_consultation c = {0};
	json_t *root = read_root(body, len, fault);
	int r;

	if (root == NULL)
		return -EINVAL;
	r = read_creation(root, has_unit, &c, fault);
	json_decref(root);
	if (r == 0)
		*out = c;
	return r;
}

int rest_parse_change(const char *body, size_t len, struct store_consultation *c,
		      struct rest_fault *fault)
{
	struct store_consultation changed = *c;
	json_t *root = read_root(body, len, fault);
	int r = 0;

	if (root == NULL)
		return -EINVAL;
	if (json_object_get(root, "title") != NULL)
		r = read_title(root, &changed, fault);
	if (r == 0)
		r = read_facts(root, &changed, fault);
	json_decref(root);
	if (r == 0)
		*c = changed;
	return r;
}

int rest_parse_close(const char *body, size_t len, struct store_consultation *c,
		     struct rest_fault *fault)
{
	json_t *root = read_root(body, len, fault);
	unsigned outcome = OUTCOME_COUNT, reason = OUTCOME_REASON_COUNT;
	int r;

	if (root == NULL)
		return -EINVAL;
	r = read_word(root, "outcome", &outcome_names, &outcome, fault);
	if (r == 0 && json_is_string(json_object_get(root, "reason")))
		r = read_word(root, "reason", &outcome_reason_names, &reason, fault);
	if (r == 0 && (reason != OUTCOME_REASON_COUNT) != (outcome == OUTCOME_PHYSICAL_VISIT))
		r = fail(fault, "reason", "A physical visit has a reason, and nothing else has.");
	json_decref(root);
	c->outcome = (enum outcome)outcome;
	c->outcome_reason = (enum outcome_reason)reason;
	return r;
}

int rest_parse_enter(const char *body, size_t len, bool *has_reason, struct rest_fault *fault)
{
	char reason[STORE_NEEDS_BYTES + 1] = "";
	json_t *root = read_root(len > 0 ? body : "{}", len > 0 ? len : 2, fault);
	int r;

	if (root == NULL)
		return -EINVAL;
	r = read_text(root, "reason", reason, sizeof(reason), fault);
	json_decref(root);
	*has_reason = reason[0] != '\0';
	return r;
}
