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
#include "server/permission.h"

struct hub;

#define ROUTE_MAX_IDS 2

/* Answers with hub_answer, at once or later. ids: what stands for each {id}, in order; never empty
 * and without '/'. who: asks and may do the route's operation; NULL when it is OPERATION_OPEN. All
 * live until the answer. */
typedef void route_handler(struct hub *hub, const struct http_request *request,
			   const char *const *ids, const struct principal *who);

/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): rows read as method, path, operation */
struct route {
	enum http_method method;
	const char *pattern;	  /* parts that are "{id}" stand for any one part */
	enum operation operation; /* asked for before the handler runs (server/access) */
	route_handler *handle;
	size_t max_body_bytes;	  /* 0: no body is read */
	const char *content_type; /* the body's, NULL for any */
};

/* The route, or NULL: then *reply is the problem (404, or 405 with Allow). A GET or HEAD that names
 * no route gets the page's files. */
const struct route *routes_find(const struct http_request *request, struct http_reply *reply);

struct route_ids {
	const char *id[ROUTE_MAX_IDS + 1]; /* into text; NULL after the last */
	char text[HTTP_PATH_BYTES + 1];
};

/* The parts of the request's path that stand for the {id}s of a route that fits it. */
void routes_ids(const struct route *route, const struct http_request *request,
		struct route_ids *out);
/* The i-th row of the table, NULL behind the last. */
const struct route *routes_at(size_t i);
/* Adds what every reply carries: security headers, and CORS where other origins may ask. */
void routes_add_common_headers(struct http_reply *reply, const struct http_request *request,
			       bool has_certificate);

#endif
