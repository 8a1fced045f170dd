/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/json_body.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "server/hub.h"

static const struct json_member *find(const struct json_member *members, const char *name)
{
	for (const struct json_member *m = members; m->name != NULL; m++) {
		if (strcmp(m->name, name) == 0)
			return m;
	}
	return NULL;
}

/* NULL, or what is wrong. */
static const char *copy(const struct json_member *m, const json_t *value)
{
	const char *text = json_string_value(value);
	size_t len = json_string_length(value);

	if (text == NULL)
		return "This is a text.";
	if (len >= m->size)
		return "This is too long.";
	if (len < m->min_len)
		return "This is empty.";
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
			return "Control characters are not allowed.";
	}
	memcpy(m->out, text, len + 1);
	return NULL;
}

static int read_all(const json_t *root, const struct json_member *members, const char **member,
		    const char **why)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)root, key, value)
	{
		const struct json_member *m = find(members, key);

		*why = m != NULL ? copy(m, value) : "The body has a member that is not known.";
		*member = m != NULL ? m->name : "";
		if (*why != NULL)
			return -EINVAL;
	}
	for (const struct json_member *m = members; m->name != NULL; m++) {
		if (m->min_len == 0 || json_object_get(root, m->name) != NULL)
			continue;
		*why = "This is missing.";
		*member = m->name;
		return -EINVAL;
	}
	return 0;
}

int json_body_parse(const char *body, size_t len, const struct json_member *members,
		    const char **member, const char **why)
{
	json_t *root = json_loadb(body, len, JSON_REJECT_DUPLICATES, NULL);
	int r;

	for (const struct json_member *m = members; m->name != NULL; m++)
		m->out[0] = '\0';
	if (!json_is_object(root)) {
		json_decref(root);
		*member = "";
		*why = "The body is no JSON object.";
		return -EINVAL;
	}
	r = read_all(root, members, member, why);
	json_decref(root);
	return r;
}

bool json_body_read(struct hub *hub, const struct http_request *request,
		    const struct json_member *members)
{
	struct http_reply reply = {0};
	const char *member, *why;

	if (json_body_parse(request->body, request->body_len, members, &member, &why) == 0)
		return true;
	http_reply_problem(&reply, 400, "bad-body", why, member[0] != '\0' ? member : NULL);
	hub_answer(hub, request->id, &reply);
	return false;
}
