/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/routes.h"

#include <glib.h>
#include <string.h>

#include "media/base/limits.h"
#include "server/account_http.h"
#include "server/audit_rest.h"
#include "server/device_http.h"
#include "server/eid_http.h"
#include "server/hub.h"
#include "server/insight.h"
#include "server/login.h"
#include "server/oidc_http.h"
#include "server/outbox.h"
#include "server/rest.h"
#include "server/rest_fhir.h"
#include "server/rest_org.h"
#include "server/rest_quality.h"
#include "server/rest_statistics.h"
#include "server/rest_survey.h"
#include "server/session_http.h"
#include "server/session_http_own.h"
#include "server/web.h"
#include "server/webhook.h"
#include "server/whip_http.h"

/* 16 participants with names of 128 bytes, all escaped as \uXXXX, fit. */
#define MAX_REST_BYTES 32768
/* A Bundle of 20 appointments with the resources of their people, 10 kB each. */
#define MAX_FHIR_BYTES 262144
/* Names and passwords. */
#define MAX_SMALL_BYTES 4096
/* Trickled candidates of one ICE generation. */
#define MAX_FRAGMENT_BYTES 16384

#define SDP	 "application/sdp"
#define FRAGMENT "application/trickle-ice-sdpfrag"
#define JSON	 "application/json"
#define FHIR	 "application/fhir+json"

static void page(struct hub *hub, const struct http_request *request, const char *const *ids,
		 const struct principal *who);

static const struct route routes[] = {
	{HTTP_GET, "/healthz", OPERATION_OPEN, insight_health, 0, NULL},
	{HTTP_GET, "/readyz", OPERATION_OPEN, insight_ready, 0, NULL},
	{HTTP_GET, "/metrics", OPERATION_OPEN, insight_metrics, 0, NULL},
	{HTTP_GET, "/.well-known/security.txt", OPERATION_OPEN, insight_security, 0, NULL},
	{HTTP_POST, "/api/v1/consultations", OPERATION_CONSULTATION_CREATE, rest_create,
	 MAX_REST_BYTES, JSON},
	{HTTP_GET, "/api/v1/consultations/{id}", OPERATION_CONSULTATION_READ, rest_get, 0, NULL},
	{HTTP_DELETE, "/api/v1/consultations/{id}", OPERATION_CONSULTATION_CANCEL, rest_delete, 0,
	 NULL},
	{HTTP_GET, "/api/v1/consultations", OPERATION_CONSULTATION_LIST, rest_list, 0, NULL},
	{HTTP_PATCH, "/api/v1/consultations/{id}", OPERATION_CONSULTATION_CHANGE, rest_change,
	 MAX_REST_BYTES, JSON},
	{HTTP_POST, "/api/v1/consultations/{id}/enter", OPERATION_CONSULTATION_ENTER, rest_enter,
	 MAX_SMALL_BYTES, JSON},
	{HTTP_POST, "/api/v1/consultations/{id}/end", OPERATION_CONSULTATION_END, rest_close,
	 MAX_SMALL_BYTES, JSON},
	{HTTP_POST, "/api/v1/consultations/{id}/participants", OPERATION_PARTICIPANT_ADD, rest_add,
	 MAX_SMALL_BYTES, JSON},
	{HTTP_DELETE, "/api/v1/consultations/{id}/participants/{id}", OPERATION_PARTICIPANT_REMOVE,
	 rest_remove, 0, NULL},
	{HTTP_PUT, "/api/v1/consultations/{id}/survey", OPERATION_SURVEY_ANSWER, rest_survey,
	 MAX_SMALL_BYTES, JSON},
	{HTTP_GET, "/api/v1/consultations/{id}/quality", OPERATION_CONSULTATION_QUALITY,
	 rest_quality, 0, NULL},
	{HTTP_GET, "/api/v1/statistics", OPERATION_STATISTICS_READ, rest_statistics, 0, NULL},
	{HTTP_POST, "/api/v1/fhir/Appointment", OPERATION_FHIR_BOOK, rest_fhir_book, MAX_FHIR_BYTES,
	 FHIR},
	{HTTP_GET, "/api/v1/units", OPERATION_UNIT_LIST, rest_org_units, 0, NULL},
	{HTTP_GET, "/api/v1/login", OPERATION_OPEN, login_methods, 0, NULL},
	{HTTP_POST, "/api/v1/session", OPERATION_OPEN, login_password, MAX_SMALL_BYTES, JSON},
	{HTTP_GET, "/api/v1/session", OPERATION_SESSION_READ, session_http_get, 0, NULL},
	{HTTP_DELETE, "/api/v1/session", OPERATION_SESSION_END, session_http_delete, 0, NULL},
	{HTTP_PUT, "/api/v1/session/commission", OPERATION_SESSION_CHOOSE, session_http_choose,
	 MAX_SMALL_BYTES, JSON},
	{HTTP_PUT, "/api/v1/session/password", OPERATION_PASSWORD_CHANGE, session_http_password,
	 MAX_SMALL_BYTES, JSON},
	{HTTP_GET, "/api/v1/sessions", OPERATION_OWN_SESSION, session_http_sessions, 0, NULL},
	{HTTP_DELETE, "/api/v1/sessions/{id}", OPERATION_OWN_SESSION, session_http_end_own, 0,
	 NULL},
	{HTTP_POST, "/api/v1/tickets", OPERATION_TICKET_CREATE, session_http_ticket, 0, NULL},
	{HTTP_GET, "/api/v1/accounts", OPERATION_ACCOUNT_LIST, account_http_list, 0, NULL},
	{HTTP_POST, "/api/v1/accounts", OPERATION_ACCOUNT_CHANGE, account_http_create,
	 MAX_SMALL_BYTES, JSON},
	{HTTP_PATCH, "/api/v1/accounts/{id}", OPERATION_ACCOUNT_CHANGE, account_http_change,
	 MAX_SMALL_BYTES, JSON},
	{HTTP_DELETE, "/api/v1/accounts/{id}/sessions", OPERATION_STAFF_LOG_OUT,
	 account_http_log_out, 0, NULL},
	{HTTP_GET, "/api/v1/keys", OPERATION_API_KEY_LIST, key_http_list, 0, NULL},
	{HTTP_POST, "/api/v1/keys", OPERATION_API_KEY_CHANGE, key_http_create, MAX_SMALL_BYTES,
	 JSON},
	{HTTP_DELETE, "/api/v1/keys/{id}", OPERATION_API_KEY_CHANGE, key_http_revoke, 0, NULL},
	{HTTP_POST, "/api/v1/consultations/{id}/messages", OPERATION_MESSAGE_SEND, outbox_rest_send,
	 MAX_SMALL_BYTES, JSON},
	{HTTP_GET, "/api/v1/webhooks", OPERATION_WEBHOOK_LIST, webhook_rest_list, 0, NULL},
	{HTTP_POST, "/api/v1/webhooks", OPERATION_WEBHOOK_CHANGE, webhook_rest_create,
	 MAX_SMALL_BYTES, JSON},
	{HTTP_DELETE, "/api/v1/webhooks/{id}", OPERATION_WEBHOOK_CHANGE, webhook_rest_remove, 0,
	 NULL},
	{HTTP_GET, "/api/v1/audit", OPERATION_AUDIT_READ, audit_rest_list, 0, NULL},
	{HTTP_GET, "/api/v1/audit/extract", OPERATION_AUDIT_EXTRACT, audit_rest_extract, 0, NULL},
	{HTTP_GET, "/api/v1/places", OPERATION_PLACE_LIST, place_http_list, 0, NULL},
	{HTTP_POST, "/api/v1/places", OPERATION_PLACE_CREATE, place_http_create, MAX_SMALL_BYTES,
	 JSON},
	{HTTP_POST, "/api/v1/places/{id}/enrolments", OPERATION_DEVICE_ENROL, place_http_code, 0,
	 NULL},
	{HTTP_POST, "/api/v1/devices", OPERATION_OPEN, device_http_enrol, MAX_SMALL_BYTES, JSON},
	{HTTP_DELETE, "/api/v1/devices/{id}", OPERATION_DEVICE_REVOKE, place_http_revoke, 0, NULL},
	{HTTP_DELETE, "/api/v1/devices/{id}/help", OPERATION_DEVICE_HELPED, place_http_helped, 0,
	 NULL},
	{HTTP_GET, "/api/v1/device/next", OPERATION_DEVICE_SELF, device_http_next, 0, NULL},
	{HTTP_POST, "/api/v1/device/enter", OPERATION_DEVICE_SELF, device_http_enter,
	 MAX_SMALL_BYTES, JSON},
	{HTTP_PUT, "/api/v1/device/help", OPERATION_DEVICE_SELF, device_http_help, 0, NULL},
	{HTTP_DELETE, "/api/v1/device/help", OPERATION_DEVICE_SELF, device_http_help, 0, NULL},
	{HTTP_PUT, "/api/v1/device/self-test", OPERATION_DEVICE_SELF, device_http_self_test,
	 MAX_SMALL_BYTES, JSON},
	{HTTP_GET, "/auth/oidc", OPERATION_OPEN, oidc_http_start, 0, NULL},
	{HTTP_GET, "/auth/callback", OPERATION_OPEN, oidc_http_callback, 0, NULL},
	{HTTP_GET, "/auth/eid", OPERATION_OPEN, eid_http_get, 0, NULL},
	{HTTP_POST, "/auth/eid", OPERATION_EID_BEGIN, eid_http_begin, 0, NULL},
	{HTTP_GET, "/auth/eid/callback", OPERATION_OPEN, eid_http_callback, 0, NULL},
	{HTTP_POST, "/whip", OPERATION_OPEN, whip_http_post, LIMIT_SDP_BYTES, SDP},
	{HTTP_OPTIONS, "/whip", OPERATION_OPEN, whip_http_options, 0, NULL},
	{HTTP_PATCH, "/whip/{id}", OPERATION_OPEN, whip_http_patch, MAX_FRAGMENT_BYTES, FRAGMENT},
	{HTTP_DELETE, "/whip/{id}", OPERATION_OPEN, whip_http_delete, 0, NULL},
	{HTTP_OPTIONS, "/whip/{id}", OPERATION_OPEN, whip_http_options, 0, NULL},
	{HTTP_POST, "/whep", OPERATION_OPEN, whip_http_post, LIMIT_SDP_BYTES, SDP},
	{HTTP_OPTIONS, "/whep", OPERATION_OPEN, whip_http_options, 0, NULL},
	{HTTP_PATCH, "/whep/{id}", OPERATION_OPEN, whip_http_patch, MAX_FRAGMENT_BYTES, FRAGMENT},
	{HTTP_DELETE, "/whep/{id}", OPERATION_OPEN, whip_http_delete, 0, NULL},
	{HTTP_OPTIONS, "/whep/{id}", OPERATION_OPEN, whip_http_options, 0, NULL},
};

static const struct route page_route = {HTTP_GET, "", OPERATION_OPEN, page, 0, NULL};

/* Paths under these are never the page's own. */
static const char *const reserved[] = {"/api/",	   "/auth",   "/whip",	  "/whep",	  "/ws",
				       "/healthz", "/readyz", "/metrics", "/.well-known/"};

static void page(struct hub *hub, const struct http_request *request, const char *const *ids,
		 const struct principal *who)
{
	struct http_reply reply = {0};

	(void)ids;
	(void)who;
	if (!web_answer(hub->web, request, &reply))
		http_reply_problem(&reply, 404, "not-found", "Nothing is here.", NULL);
	hub_answer(hub, request->id, &reply);
}

#define ID     "{id}"
#define ID_LEN 4

/* Walks pattern and path side by side and notes where what stands for each {id} begins. */
static bool match(const char *pattern, const char *path, const char *found[ROUTE_MAX_IDS])
{
	size_t count = 0;

	while (*pattern != '\0') {
		size_t len = strcspn(path, "/");

		if (strncmp(pattern, ID, ID_LEN) != 0) {
			if (*pattern++ != *path++)
				return false;
			continue;
		}
		if (len == 0 || count == ROUTE_MAX_IDS)
			return false;
		found[count++] = path;
		pattern += ID_LEN;
		path += len;
	}
	return *path == '\0';
}

static bool path_matches(const struct route *route, const char *path)
{
	const char *found[ROUTE_MAX_IDS];

	return match(route->pattern, path, found);
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

const struct route *routes_at(size_t i)
{
	return i < G_N_ELEMENTS(routes) ? &routes[i] : NULL;
}

void routes_ids(const struct route *route, const struct http_request *request,
		struct route_ids *out)
{
	memset(out, 0, sizeof(*out));
	memcpy(out->text, request->path, sizeof(out->text));
	if (!match(route->pattern, out->text, out->id)) {
		memset(out->id, 0, sizeof(out->id)); /* the page's own route */
		return;
	}
	for (size_t i = 0; out->id[i] != NULL; i++)
		out->text[(size_t)(out->id[i] - out->text) + strcspn(out->id[i], "/")] = '\0';
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
			  "default-src 'self'; connect-src 'self'%s%s; img-src 'self' data: blob:; "
			  "media-src 'self' blob: mediastream:; object-src 'none'; "
			  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
			  named ? " wss://" : "", named ? host : "");
	http_reply_header(reply, "permissions-policy:",
			  "camera=(self), microphone=(self), display-capture=(self), "
			  "geolocation=(), payment=(), usb=()");
	http_reply_header(reply, "cross-origin-opener-policy:", "same-origin");
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
	/* Not to be embedded; WHIP and WHEP are fetched with CORS, which this does not touch. */
	http_reply_header(reply, "cross-origin-resource-policy:", "same-origin");
	/* Not with our self-signed certificate: it would bind every other server on localhost. */
	if (has_certificate)
		http_reply_header(reply, "strict-transport-security:", "max-age=31536000");
	if (is_reserved_path) {
		http_reply_header(reply, "cache-control:", "no-store");
		/* Data, whoever makes a browser show it as a page. */
		http_reply_header(reply, "content-security-policy:",
				  "default-src 'none'; frame-ancestors 'none'");
	} else {
		add_page_policy(reply, request->host);
	}
	if (strncmp(request->path, "/whip", 5) == 0 || strncmp(request->path, "/whep", 5) == 0)
		add_cors(reply);
}
