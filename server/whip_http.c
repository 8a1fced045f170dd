/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/whip_http.h"

#include <stdlib.h>
#include <string.h>

#include "server/clock.h"
#include "server/http.h"
#include "server/http_query.h"
#include "server/hub.h"

#define FRAGMENT_TYPE "application/trickle-ice-sdpfrag"

static enum service_http_kind kind_of(const char *path)
{
	return strncmp(path, "/whep", 5) == 0 ? SERVICE_WHEP : SERVICE_WHIP;
}

/* RFC 9725 4.9: the token is the only key, so a request without one goes no further. */
static bool refuse_without_token(struct hub *hub, const struct http_request *request)
{
	struct http_reply reply = {0};

	if (request->bearer[0] != '\0')
		return false;
	http_reply_problem(&reply, 401, "token-missing", "Give the invite token as bearer token.",
			   NULL);
	http_reply_header(&reply, "www-authenticate:", "Bearer realm=\"vidd\"");
	hub_answer(hub, request->id, &reply);
	return true;
}

static bool refuse_without_body(struct hub *hub, const struct http_request *request)
{
	if (request->body_len > 0 && strlen(request->body) == request->body_len)
		return false;
	hub_answer_problem(hub, request->id, 400, "bad-sdp", "The body holds no SDP.");
	return true;
}

void whip_http_post(struct hub *hub, const struct http_request *request, const char *const *ids,
		    const struct principal *who)
{
	char from[HTTP_SMALL_BYTES];

	(void)ids;
	(void)who;
	if (refuse_without_token(hub, request) || refuse_without_body(hub, request))
		return;
	if (http_query(request, "from", from, sizeof(from)) < 0) {
		hub_answer_problem(hub, request->id, 400, "bad-request",
				   "The query argument from names no participant.");
		return;
	}
	service_http_post(hub->service, clock_now_us(), request->id, kind_of(request->path),
			  request->bearer, request->body, from[0] != '\0' ? from : NULL);
	hub_drain(hub);
}

void whip_http_patch(struct hub *hub, const struct http_request *request, const char *const *ids,
		     const struct principal *who)
{
	(void)who;
	if (refuse_without_token(hub, request) || refuse_without_body(hub, request))
		return;
	service_http_patch(hub->service, clock_now_us(), request->id, kind_of(request->path),
			   ids[0], request->bearer,
			   request->if_match[0] != '\0' ? request->if_match : NULL, request->body);
	hub_drain(hub);
}

void whip_http_delete(struct hub *hub, const struct http_request *request, const char *const *ids,
		      const struct principal *who)
{
	(void)who;
	if (refuse_without_token(hub, request))
		return;
	service_http_delete(hub->service, clock_now_us(), request->id, kind_of(request->path),
			    ids[0], request->bearer);
	hub_drain(hub);
}

/* CORS preflight (Fetch 4.8) and RFC 9725 4.2: what the endpoint takes. */
void whip_http_options(struct hub *hub, const struct http_request *request, const char *const *ids,
		       const struct principal *who)
{
	struct http_reply reply = {.status = 204};

	(void)who;
	http_reply_header(&reply, "access-control-allow-methods:", "%s",
			  ids[0] != NULL ? "OPTIONS, PATCH, DELETE" : "OPTIONS, POST");
	http_reply_header(&reply,
			  "access-control-allow-headers:", "Authorization, Content-Type, If-Match");
	http_reply_header(&reply, "access-control-max-age:", "86400");
	if (ids[0] != NULL)
		http_reply_header(&reply, "accept-patch:", FRAGMENT_TYPE);
	else
		http_reply_header(&reply, "accept-post:", "application/sdp");
	hub_answer(hub, request->id, &reply);
}

static void add_body(struct http_reply *reply, const struct service_output *out)
{
	/* A POST is answered with a description, a PATCH with a fragment of one. */
	const char *type = out->status == 201 ? "application/sdp" : FRAGMENT_TYPE;
	char *copy = strdup(out->body);

	if (copy != NULL)
		http_reply_take(reply, type, copy, strlen(copy));
}

void whip_http_answer(struct hub *hub, const struct service_output *out)
{
	struct http_reply reply = {.status = out->status};
	const char *path = http_path_of(hub->http, out->request);

	if (out->problem != NULL) {
		http_reply_problem(&reply, out->status, out->problem,
				   out->problem_detail != NULL ? out->problem_detail : "", NULL);
		if (out->status == 401)
			http_reply_header(&reply, "www-authenticate:", "Bearer realm=\"vidd\"");
		if (out->status == 503)
			http_reply_header(&reply, "retry-after:", "2");
	} else if (out->body != NULL) {
		add_body(&reply, out);
	}
	if (out->status == 201 && out->resource != NULL) {
		http_reply_header(&reply, "location:", "%s/%s",
				  kind_of(path) == SERVICE_WHEP ? "/whep" : "/whip", out->resource);
		http_reply_header(&reply, "accept-patch:", FRAGMENT_TYPE);
	}
	if (out->etag != NULL)
		http_reply_header(&reply, "etag:", "%s", out->etag);
	hub_answer(hub, out->request, &reply);
}
