/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Small bodies: a JSON object of texts, read into buffers. What is not in the list of members is
 * refused, so that a misspelt member is not passed over. Front thread.
 */
#ifndef VIDD_SERVER_JSON_BODY_H
#define VIDD_SERVER_JSON_BODY_H

#include <stdbool.h>
#include <stddef.h>

#include "server/http_message.h"

struct hub;

struct json_member {
	const char *name; /* NULL after the last */
	char *out;
	size_t size;	/* of out; longer texts are refused */
	size_t min_len; /* 0: may be absent, and is then "" */
};

/* What the body holds: 0; or -EINVAL with the member that is wrong ("" for the body as a whole) and
 * a sentence. Texts have no control characters. Pure. */
int json_body_parse(const char *body, size_t len, const struct json_member *members,
		    const char **member, const char **why);
/* The same for a request, which is answered 400 when it is wrong. */
bool json_body_read(struct hub *hub, const struct http_request *request,
		    const struct json_member *members);

#endif
