/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/http_request.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "server/http_query.h"

/* A header that is absent, or longer than we have use for, reads as "". */
static void copy_header(struct lws *wsi, enum lws_token_indexes token, char *out, size_t size)
{
	if (lws_hdr_copy(wsi, out, (int)size, token) < 0)
		out[0] = '\0';
}

static enum http_method read_method(struct lws *wsi)
{
	char *uri;
	int len;

	switch (lws_http_get_uri_and_method(wsi, &uri, &len)) {
	case LWSHUMETH_GET:
		return HTTP_GET;
	case LWSHUMETH_HEAD:
		return HTTP_HEAD;
	case LWSHUMETH_POST:
		return HTTP_POST;
	case LWSHUMETH_PUT:
		return HTTP_PUT;
	case LWSHUMETH_PATCH:
		return HTTP_PATCH;
	case LWSHUMETH_DELETE:
		return HTTP_DELETE;
	case LWSHUMETH_OPTIONS:
		return HTTP_OPTIONS;
	default:
		break;
	}
	return HTTP_OTHER;
}

/* RFC 6750 2.1, RFC 9110 11.1: the scheme's case does not matter. */
static void read_bearer(struct lws *wsi, char out[HTTP_BEARER_BYTES + 1])
{
	char value[HTTP_BEARER_BYTES + 16];
	const char *token = value + 7;

	out[0] = '\0';
	copy_header(wsi, WSI_TOKEN_HTTP_AUTHORIZATION, value, sizeof(value));
	if (g_ascii_strncasecmp(value, "bearer ", 7) != 0)
		return;
	token += strspn(token, " ");
	if (strlen(token) <= HTTP_BEARER_BYTES)
		g_strlcpy(out, token, HTTP_BEARER_BYTES + 1);
}

static void read_content_type(struct lws *wsi, char out[HTTP_SMALL_BYTES])
{
	char *end;

	copy_header(wsi, WSI_TOKEN_HTTP_CONTENT_TYPE, out, HTTP_SMALL_BYTES);
	end = strchr(out, ';');
	if (end != NULL)
		*end = '\0';
	g_strchomp(out);
	for (char *p = out; *p != '\0'; p++)
		*p = g_ascii_tolower(*p);
}

/* A header the library has no number for; name in lower case with its colon. One that is longer
 * than we have use for reads as "". */
static void copy_custom(struct lws *wsi, const char *name, char out[HTTP_SMALL_BYTES])
{
	int len = (int)strlen(name);

	if (lws_hdr_custom_length(wsi, name, len) <= 0 ||
	    lws_hdr_custom_copy(wsi, out, HTTP_SMALL_BYTES, name, len) < 0)
		out[0] = '\0';
}

/* The library gives the arguments one by one and decoded. 0, or 414. */
static int read_query(struct lws *wsi, char out[HTTP_QUERY_BYTES + 1])
{
	char argument[HTTP_QUERY_BYTES + 1];

	out[0] = '\0';
	if (lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_URI_ARGS) > HTTP_QUERY_BYTES)
		return 414;
	for (int i = 0;; i++) {
		int len = lws_hdr_copy_fragment(wsi, argument, (int)sizeof(argument),
						WSI_TOKEN_HTTP_URI_ARGS, i);

		if (len < 0)
			return 0;
		if (len > 0 && http_query_append(out, argument, (size_t)len) < 0)
			return 414;
	}
}

static void read_cookies(struct lws *wsi, struct http_request *request)
{
	char all[HTTP_COOKIES_BYTES];

	copy_header(wsi, WSI_TOKEN_HTTP_COOKIE, all, sizeof(all));
	/* One that is there twice or too long is none of ours. */
	(void)http_cookie(all, HTTP_SESSION_COOKIE, request->cookie_session,
			  sizeof(request->cookie_session));
	(void)http_cookie(all, HTTP_LOGIN_COOKIE, request->cookie_login,
			  sizeof(request->cookie_login));
	(void)http_cookie(all, HTTP_EID_COOKIE, request->cookie_eid, sizeof(request->cookie_eid));
	explicit_bzero(all, sizeof(all));
}

/* 0, or 400 when the length is no number. */
static int read_body_info(struct lws *wsi, struct http_body_info *body)
{
	char value[32];
	guint64 len;

	body->is_announced = lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH) > 0;
	body->is_chunked = lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_TRANSFER_ENCODING) > 0;
	body->len = 0;
	if (!body->is_announced)
		return 0;
	copy_header(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH, value, sizeof(value));
	if (!g_ascii_string_to_unsigned(value, 10, 0, INT64_MAX, &len, NULL))
		return 400;
	body->len = len;
	return 0;
}

int http_request_read(struct http_request *request, struct http_body_info *body, struct lws *wsi,
		      const char *uri, size_t uri_len)
{
	int status;

	request->method = read_method(wsi);
	if (uri_len > HTTP_PATH_BYTES)
		return 414;
	if (memchr(uri, '\0', uri_len) != NULL)
		return 400;
	memcpy(request->path, uri, uri_len);
	request->path[uri_len] = '\0';
	copy_header(wsi, WSI_TOKEN_HOST, request->host, sizeof(request->host));
	copy_header(wsi, WSI_TOKEN_HTTP_IF_MATCH, request->if_match, sizeof(request->if_match));
	copy_header(wsi, WSI_TOKEN_HTTP_IF_NONE_MATCH, request->if_none_match,
		    sizeof(request->if_none_match));
	copy_header(wsi, WSI_TOKEN_HTTP_ACCEPT_ENCODING, request->accept_encoding,
		    sizeof(request->accept_encoding));
	read_bearer(wsi, request->bearer);
	read_content_type(wsi, request->content_type);
	read_cookies(wsi, request);
	copy_custom(wsi, "x-vidd-csrf:", request->csrf);
	copy_custom(wsi, "idempotency-key:", request->idempotency_key);
	request->is_idempotency_key_bad =
		lws_hdr_custom_length(wsi, "idempotency-key:", 16) >= HTTP_SMALL_BYTES;
	copy_header(wsi, WSI_TOKEN_X_FORWARDED_FOR, request->forwarded, sizeof(request->forwarded));
	request->is_forwarded = lws_hdr_total_length(wsi, WSI_TOKEN_X_FORWARDED_FOR) > 0;
	status = read_query(wsi, request->query);
	return status != 0 ? status : read_body_info(wsi, body);
}
