/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Which handler answers which method and path. One table; the HTTP layer asks it twice: before the
 * body comes (does it exist, how large may the body be) and after.
 */
#ifndef VIDD_SERVER_ROUTES_H
#define VIDD_SERVER_ROUTES_H

#include <stdbool.h>
#include <stddef.h>

#include "server/http_message.h"

struct hub;

struct route {
	enum http_method method;
	const char *pattern; /* exact, or its last part is "{id}" */
	/* Answers with hub_answer, at once or later. id: the path's last part. */
	void (*handle)(struct hub *hub, const struct http_request *request, const char *id);
	size_t max_body_bytes;	  /* 0: no body is read */
	const char *content_type; /* the body's, NULL for any */
};

/* The route, or NULL: then *reply is the problem (404, or 405 with Allow). A GET or HEAD that names
 * no route gets the page's files. */
const struct route *routes_find(const struct http_request *request, struct http_reply *reply);
/* The part of the path that stands for {id}, or "". */
const char *routes_id(const struct route *route, const struct http_request *request);
/* Adds what every reply carries: security headers, and CORS where other origins may ask. */
void routes_add_common_headers(struct http_reply *reply, const struct http_request *request,
			       bool has_certificate);

#endif
