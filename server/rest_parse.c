/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "server/rest.h"

struct parse {
	char *member;
	const char **why;
};

static int fail(const struct parse *p, const char *member, const char *why)
{
	snprintf(p->member, REST_MEMBER_BYTES, "%s", member);
	*p->why = why;
	return -EINVAL;
}

/* A JSON text that people may see: UTF-8 (jansson checks), no control characters, within size. */
static bool copy_name(char *out, const json_t *value)
{
	const char *text = json_string_value(value);
	size_t len = json_string_length(value);

	if (text == NULL || len > LIMIT_NAME_BYTES)
		return false;
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
			return false;
	}
	memcpy(out, text, len);
	out[len] = '\0';
	return true;
}

static int parse_participant(const struct parse *p, const json_t *value, size_t i,
			     struct store_participant *out)
{
	const char *role = json_string_value(json_object_get(value, "role"));
	char member[REST_MEMBER_BYTES];

	snprintf(member, sizeof(member), "participants[%zu]", i);
	if (!json_is_object(value))
		return fail(p, member, "A participant is an object with role and name.");
	out->role = role != NULL ? role_from_name(role) : ROLE_COUNT;
	if (out->role == ROLE_COUNT) {
		snprintf(member, sizeof(member), "participants[%zu].role", i);
		return fail(p, member,
			    "The role is one of patient, clinician, interpreter, relative, staff, "
			    "room, observer.");
	}
	if (!copy_name(out->name, json_object_get(value, "name"))) {
		snprintf(member, sizeof(member), "participants[%zu].name", i);
		return fail(p, member,
			    "The name is a text of at most 128 bytes without control characters.");
	}
	return 0;
}

static int parse_root(const struct parse *p, const json_t *root, struct store_consultation *c)
{
	const json_t *participants = json_object_get(root, "participants");
	size_t count = json_array_size(participants);
	int r = 0;

	if (!json_is_object(root))
		return fail(p, "", "The body is one JSON object.");
	if (!copy_name(c->title, json_object_get(root, "title")))
		return fail(p, "title",
			    "The title is a text of at most 128 bytes without control characters.");
	if (!json_is_array(participants) || count == 0 || count > LIMIT_PARTICIPANTS)
		return fail(p, "participants", "A consultation has 1 to 16 participants.");
	c->participant_count = count;
	for (size_t i = 0; i < count && r == 0; i++)
		r = parse_participant(p, json_array_get(participants, i), i, &c->participant[i]);
	return r;
}

int rest_parse_creation(
	const char *body, size_t len, struct store_consultation *out,
	char member[REST_MEMBER_BYTES], /* NOLINT(readability-non-const-parameter) */
	const char **why)
{
	/* The check above does not see that fail() writes the member's name through it. */
	const struct parse p = {member, why};
	struct store_consultation c = {0};
	json_t *root = json_loadb(body, len, JSON_REJECT_DUPLICATES, NULL);
	int r;

	if (root == NULL)
		return fail(&p, "", "The body is no JSON text.");
	r = parse_root(&p, root, &c);
	json_decref(root);
	if (r == 0)
		*out = c;
	return r;
}
