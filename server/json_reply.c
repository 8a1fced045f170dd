/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/json_reply.h"

#include <glib.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "server/access.h"
#include "server/hub.h"

void json_reply(struct hub *hub, uint64_t id, int status, struct json_t *o)
{
	struct http_reply reply = {.status = status};
	char *text = o != NULL ? json_dumps(o, JSON_COMPACT) : NULL;

	json_decref(o);
	if (text == NULL) {
		access_answer_busy(hub, id);
		return;
	}
	http_reply_take(&reply, "application/json", text, strlen(text));
	hub_answer(hub, id, &reply);
}

struct json_t *json_reply_time(int64_t unix_s)
{
	GDateTime *at = unix_s != 0 ? g_date_time_new_from_unix_utc(unix_s) : NULL;
	char *text = at != NULL ? g_date_time_format_iso8601(at) : NULL;
	json_t *o = text != NULL ? json_string(text) : json_null();

	if (at != NULL)
		g_date_time_unref(at);
	g_free(text);
	return o;
}
