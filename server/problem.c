/* SPDX-License-Identifier: EUPL-1.2 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "server/http_message.h"

/* RFC 9457: the type is a name, not a page, so that it can be compared. */
#define TYPE_PREFIX "urn:vidd:problem:"

void http_reply_problem(struct http_reply *reply, int status, const char *code, const char *detail,
			const char *member)
{
	json_t *type = json_sprintf(TYPE_PREFIX "%s", code);
	json_t *problem = json_pack("{s:o, s:s, s:i, s:s, s:s}", "type", type, "title",
				    http_status_title(status), "status", status, "code", code,
				    "detail", detail);
	char *text = NULL;

	if (problem != NULL && member != NULL)
		(void)json_object_set_new(problem, "member",
					  json_string(member)); /* else without */
	if (problem != NULL)
		text = json_dumps(problem, JSON_COMPACT);
	json_decref(problem);
	reply->status = status;
	if (text != NULL)
		http_reply_take(reply, "application/problem+json", text, strlen(text));
}
