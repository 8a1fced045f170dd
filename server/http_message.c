/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/http_message.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const methods[HTTP_METHOD_COUNT] = {
	[HTTP_GET] = "GET",	    [HTTP_HEAD] = "HEAD",   [HTTP_POST] = "POST",
	[HTTP_PUT] = "PUT",	    [HTTP_PATCH] = "PATCH", [HTTP_DELETE] = "DELETE",
	[HTTP_OPTIONS] = "OPTIONS", [HTTP_OTHER] = "other",
};

static const struct {
	int status;
	const char *title;
} titles[] = {
	{200, "OK"},
	{201, "Created"},
	{202, "Accepted"},
	{204, "No Content"},
	{302, "Found"},
	{304, "Not Modified"},
	{400, "Bad Request"},
	{401, "Unauthorized"},
	{403, "Forbidden"},
	{404, "Not Found"},
	{405, "Method Not Allowed"},
	{406, "Not Acceptable"},
	{408, "Request Timeout"},
	{409, "Conflict"},
	{410, "Gone"},
	{411, "Length Required"},
	{412, "Precondition Failed"},
	{413, "Content Too Large"},
	{414, "URI Too Long"},
	{415, "Unsupported Media Type"},
	{422, "Unprocessable Content"},
	{428, "Precondition Required"},
	{429, "Too Many Requests"},
	{500, "Internal Server Error"},
	{503, "Service Unavailable"},
};

const char *http_method_name(enum http_method method)
{
	return methods[method];
}

const char *http_status_title(int status)
{
	for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++) {
		if (titles[i].status == status)
			return titles[i].title;
	}
	return "Error";
}

void http_reply_header(struct http_reply *reply, const char *name, const char *fmt, ...)
{
	struct http_header *h;
	va_list ap;

	assert(reply->header_count < HTTP_MAX_HEADERS);
	h = &reply->header[reply->header_count++];
	h->name = name;
	va_start(ap, fmt);
	vsnprintf(h->value, sizeof(h->value), fmt, ap);
	va_end(ap);
}

void http_reply_take(struct http_reply *reply, const char *content_type, char *text, size_t len)
{
	http_reply_header(reply, "content-type:", "%s", content_type);
	reply->owned = text;
	reply->body = text;
	reply->body_len = len;
}

void http_reply_close(struct http_reply *reply)
{
	free(reply->owned);
	reply->owned = NULL;
	reply->body = NULL;
	reply->body_len = 0;
}
