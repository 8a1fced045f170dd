/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/routes.h"

#include <glib.h>
#include <string.h>

#include "media/base/limits.h"
#include "server/hub.h"
#include "server/insight.h"
#include "server/rest.h"
#include "server/web.h"
#include "server/whip_http.h"

/* 16 participants with names of 128 bytes, all escaped as \uXXXX, fit. */
#define MAX_REST_BYTES 32768
/* Trickled candidates of one ICE generation. */
#define MAX_FRAGMENT_BYTES 16384

#define SDP	 "application/sdp"
#define FRAGMENT "application/trickle-ice-sdpfrag"
#define JSON	 "application/json"

static void page(struct hub *hub, const struct http_request *request, const char *id);

static const struct route routes[] = {
	{HTTP_GET, "/healthz", insight_health, 0, NULL},
	{HTTP_GET, "/readyz", insight_ready, 0, NULL},
	{HTTP_GET, "/metrics", insight_metrics, 0, NULL},
	{HTTP_POST, "/api/v1/consultations", rest_create, MAX_REST_BYTES, JSON},
	{HTTP_GET, "/api/v1/consultations/{id}", rest_get, 0, NULL},
	{HTTP_DELETE, "/api/v1/consultations/{id}", rest_delete, 0, NULL},
	{HTTP_POST, "/whip", whip_http_post, LIMIT_SDP_BYTES, SDP},
	{HTTP_OPTIONS, "/whip", whip_http_options, 0, NULL},
	{HTTP_PATCH, "/whip/{id}", whip_http_patch, MAX_FRAGMENT_BYTES, FRAGMENT},
	{HTTP_DELETE, "/whip/{id}", whip_http_delete, 0, NULL},
	{HTTP_OPTIONS, "/whip/{id}", whip_http_options, 0, NULL},
	{HTTP_POST, "/whep", whip_http_post, LIMIT_SDP_BYTES, SDP},
	{HTTP_OPTIONS, "/whep", whip_http_options, 0, NULL},
	{HTTP_PATCH, "/whep/{id}", whip_http_patch, MAX_FRAGMENT_BYTES, FRAGMENT},
	{HTTP_DELETE, "/whep/{id}", whip_http_delete, 0, NULL},
	{HTTP_OPTIONS, "/whep/{id}", whip_http_options, 0, NULL},
};

static const struct route page_route = {HTTP_GET, "", page, 0, NULL};

/* Paths under these are never the page's own. */
static const char *const reserved[] = {"/api/", "/whip", "/whep", "/ws"};

static void page(struct hub *hub, const struct http_request *request, const char *id)
{
	struct http_reply reply = {0};

	(void)id;
	if (!web_answer(hub->web, request, &reply))
		http_reply_problem(&reply, 404, "not-found", "Nothing is here.", NULL);
	hub_answer(hub, request->id, &reply);
}

/* The length of the pattern before "{id}", or 0 when it has none. */
static size_t prefix_of(const struct route *route)
{
	const char *brace = strchr(route->pattern, '{');

	return brace != NULL ? (size_t)(brace - route->pattern) : 0;
}

static bool path_matches(const struct route *route, const char *path)
{
	size_t prefix = prefix_of(route);

	if (prefix == 0)
		return strcmp(route->pattern, path) == 0;
	return strncmp(route->pattern, path, prefix) == 0 && path[prefix] != '\0' &&
	       strchr(path + prefix, '/') == NULL;
}

static bool is_reserved(const char *path)
{
	for (size_t i = 0; i < G_N_ELEMENTS(reserved); i++) {
		size_t len = strlen(reserved[i]);

		if (strncmp(path, reserved[i], len) == 0 &&
		    (reserved[i][len - 1] == '/' || path[len] == '\0' || path[len] == '/'))
			return true;
	}
	return false;
}

/* The methods a path knows, as Allow wants them; "" when it knows none. */
static void list_methods(const char *path, char *out, size_t size)
{
	out[0] = '\0';
	for (size_t i = 0; i < G_N_ELEMENTS(routes); i++) {
		if (!path_matches(&routes[i], path))
			continue;
		if (out[0] != '\0')
			g_strlcat(out, ", ", size);
		g_strlcat(out, http_method_name(routes[i].method), size);
		if (routes[i].method == HTTP_GET)
			g_strlcat(out, ", HEAD", size);
	}
}

const struct route *routes_find(const struct http_request *request, struct http_reply *reply)
{
	enum http_method method = request->method == HTTP_HEAD ? HTTP_GET : request->method;
	char allowed[64];

	for (size_t i = 0; i < G_N_ELEMENTS(routes); i++) {
		if (routes[i].method == method && path_matches(&routes[i], request->path))
			return &routes[i];
	}
	list_methods(request->path, allowed, sizeof(allowed));
	if (allowed[0] == '\0' && !is_reserved(request->path)) {
		if (method == HTTP_GET)
			return &page_route;
		g_strlcpy(allowed, "GET, HEAD", sizeof(allowed));
	}
	if (allowed[0] == '\0') {
		http_reply_problem(reply, 404, "not-found", "Nothing is here.", NULL);
		return NULL;
	}
	http_reply_problem(reply, 405, "method-not-allowed",
			   "This path does not know that method; Allow names those it knows.",
			   NULL);
	http_reply_header(reply, "allow:", "%s", allowed);
	return NULL;
}

const char *routes_id(const struct route *route, const struct http_request *request)
{
	size_t prefix = prefix_of(route);

	return prefix > 0 ? request->path + prefix : "";
}

/* The Host header comes from a stranger: only what can be a host and port goes into a header. */
static bool is_plain_host(const char *host)
{
	return host[0] != '\0' &&
	       strspn(host,
		      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]") ==
		       strlen(host);
}

/* Safari before 15.4 does not take wss: for 'self', so the host is named. */
static void add_page_policy(struct http_reply *reply, const char *host)
{
	bool named = is_plain_host(host);

	http_reply_header(reply, "content-security-policy:",
			  "default-src 'self'; connect-src 'self'%s%s; img-src 'self' data:; "
			  "media-src 'self' blob: mediastream:; object-src 'none'; "
			  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
			  named ? " wss://" : "", named ? host : "");
	http_reply_header(reply, "permissions-policy:",
			  "camera=(self), microphone=(self), display-capture=(self), "
			  "geolocation=(), payment=(), usb=()");
}

/* WHIP and WHEP clients may be pages of anybody: what opens the door is the bearer token, never a
 * cookie, so any origin may ask (RFC 9725 4.2). */
static void add_cors(struct http_reply *reply)
{
	http_reply_header(reply, "access-control-allow-origin:", "*");
	http_reply_header(reply,
			  "access-control-expose-headers:", "Location, ETag, Accept-Patch, Allow");
}

void routes_add_common_headers(struct http_reply *reply, const struct http_request *request,
			       bool has_certificate)
{
	bool is_reserved_path = is_reserved(request->path);

	http_reply_header(reply, "x-content-type-options:", "nosniff");
	http_reply_header(reply, "referrer-policy:", "no-referrer");
	/* Not with our self-signed certificate: it would bind every other server on localhost. */
	if (has_certificate)
		http_reply_header(reply, "strict-transport-security:", "max-age=31536000");
	if (is_reserved_path)
		http_reply_header(reply, "cache-control:", "no-store");
	else
		add_page_policy(reply, request->host);
	if (strncmp(request->path, "/whip", 5) == 0 || strncmp(request->path, "/whep", 5) == 0)
		add_cors(reply);
}
