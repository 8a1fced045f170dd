/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What stands behind '?' and in the Cookie header, as name and value. Pure. Both come from
 * strangers: what is too long, given twice or not text is refused, never cut, so that two readers
 * of the same request cannot see different values.
 */
#ifndef VIDD_SERVER_HTTP_QUERY_H
#define VIDD_SERVER_HTTP_QUERY_H

#include <stddef.h>

#include "server/http_message.h"

/* The query argument `name`, decoded. 1; 0 and "" without it; -EINVAL and "": it is given twice,
 * longer than size - 1, badly encoded, or holds control characters. */
int http_query(const struct http_request *request, const char *name, char *out, size_t size);

/* Adds an argument that was decoded already ("name=value") to a query of HTTP_QUERY_BYTES, encoded
 * again so that what it holds cannot be taken for a separator. 0, or -E2BIG. */
int http_query_append(char query[HTTP_QUERY_BYTES + 1], const char *argument, size_t len);

/* The cookie `name` of a Cookie header (RFC 6265 5.4). 1; 0 and "" without it; -EINVAL and "": it
 * is there twice or longer than size - 1. */
int http_cookie(const char *header, const char *name, char *out, size_t size);

/* Sets a cookie that only we over HTTPS may read (RFC 6265bis 4.1.3.2: __Host-), sent with
 * navigations from elsewhere but with no request that another site makes in the background. name:
 * begins with "__Host-". max_age_s: 0 erases it, negative keeps it until the browser closes. */
void http_reply_cookie(struct http_reply *reply, const char *name, const char *value,
		       long max_age_s);

#endif
