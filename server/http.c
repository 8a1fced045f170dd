/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/http.h"

#include <assert.h>
#include <errno.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "server/access.h"
#include "server/audit_http.h"
#include "server/clock.h"
#include "server/front_conn.h"
#include "server/http_request.h"
#include "server/hub.h"
#include "server/idempotency.h"
#include "server/log.h"
#include "server/routes.h"

/* The header of a reply: HTTP_MAX_HEADERS, few of them long. */
#define HEADER_BYTES 6144
/* What is written at a time; more waits for the socket. */
#define CHUNK_BYTES 8192

enum state {
	READING, /* the body comes */
	WAITING, /* the route has it */
	SENDING,
	LEFT, /* the client is gone, and the route still has it: its answer goes on record */
};

struct http_exchange {
	uint64_t id;
	struct lws *wsi;
	struct http_session *session;
	enum state state;
	struct http_request request;
	const struct route *route;
	struct route_ids ids;
	struct principal who; /* who asks, once access knows */
	char *body;
	size_t body_expected;
	int64_t body_deadline_us; /* when all of it must be here */
	struct http_reply reply;
	bool is_begun;	   /* its handler runs, and answers in any case */
	bool is_body_over; /* the library told so once */
	bool is_header_sent;
	bool closes; /* the connection cannot be used again: its body was not read */
	size_t sent;
};

struct http_exchanges {
	struct hub *hub;
	GHashTable *by_id; /* &exchange->id -> exchange */
};

static void wipe_exchange(struct http_exchange *x)
{
	http_reply_close(&x->reply);
	/* A token, a cookie, a code or SDP is not left behind in freed memory. */
	if (x->body != NULL)
		explicit_bzero(x->body, x->body_expected);
	free(x->body);
	explicit_bzero(&x->request, sizeof(x->request));
	explicit_bzero(&x->who, sizeof(x->who));
	free(x);
}

int http_new(struct http_exchanges **out, struct hub *hub)
{
	struct http_exchanges *http = calloc(1, sizeof(*http));

	if (http == NULL)
		return -ENOMEM;
	http->hub = hub;
	http->by_id = g_hash_table_new(g_int64_hash, g_int64_equal);
	hub->idempotency = idempotency_new();
	*out = http;
	return 0;
}

void http_free(struct http_exchanges *http)
{
	GHashTableIter iter;
	gpointer value;

	if (http == NULL)
		return;
	/* Those whose answers never came: the store has ended. */
	g_hash_table_iter_init(&iter, http->by_id);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		struct http_exchange *x = value;

		assert(x->state == LEFT);
		g_hash_table_iter_remove(&iter);
		wipe_exchange(x);
	}
	g_hash_table_destroy(http->by_id);
	idempotency_free(http->hub->idempotency);
	free(http);
}

size_t http_count(const struct http_exchanges *http)
{
	return g_hash_table_size(http->by_id);
}

const char *http_path_of(const struct http_exchanges *http, uint64_t id)
{
	const struct http_exchange *x = g_hash_table_lookup(http->by_id, &id);

	return x != NULL ? x->request.path : "";
}

/* The exchange whose route has it, or NULL. */
static struct http_exchange *waiting(const struct http_exchanges *http, uint64_t id)
{
	struct http_exchange *x = g_hash_table_lookup(http->by_id, &id);

	return x != NULL && x->state == WAITING ? x : NULL;
}

const struct http_request *http_request_of(const struct http_exchanges *http, uint64_t id,
					   const char *const **ids)
{
	const struct http_exchange *x = g_hash_table_lookup(http->by_id, &id);

	if (x == NULL || (x->state != WAITING && x->state != LEFT))
		return NULL;
	*ids = x->ids.id;
	return &x->request;
}

void http_set_who(struct http_exchanges *http, uint64_t id, const struct principal *who)
{
	struct http_exchange *x = g_hash_table_lookup(http->by_id, &id);

	if (x != NULL && (x->state == WAITING || x->state == LEFT))
		x->who = *who;
}

void http_go_on(struct http_exchanges *http, uint64_t id, const struct principal *who)
{
	struct http_exchange *x = waiting(http, id);

	if (x == NULL)
		return; /* the client is gone */
	x->who = *who;
	x->is_begun = true;
	if (!audit_http_refuses(http->hub,
				&(struct audit_http){x->route, &x->request, x->ids.id, &x->who}) &&
	    !idempotency_ask(http->hub, &x->request, &x->who))
		x->route->handle(http->hub, &x->request, x->ids.id, &x->who);
}

static void free_exchange(struct http_exchanges *http, struct http_exchange *x)
{
	g_hash_table_remove(http->by_id, &x->id);
	wipe_exchange(x);
}

bool http_run(struct http_exchanges *http, uint64_t id)
{
	struct http_exchange *x = g_hash_table_lookup(http->by_id, &id);

	if (x != NULL && x->state == WAITING) {
		x->route->handle(http->hub, &x->request, x->ids.id, &x->who);
		return true;
	}
	if (x != NULL && x->state == LEFT)
		free_exchange(http, x); /* no answer will end it */
	return false;
}

/* What was asked for is done although nobody waits for the answer, so it is put on record. */
static void end_exchange(struct http_exchanges *http, struct http_session *session)
{
	struct http_exchange *x = session->exchange;

	if (x == NULL)
		return;
	session->exchange = NULL;
	x->session = NULL;
	x->wsi = NULL;
	if (x->state == WAITING && x->is_begun)
		x->state = LEFT;
	else
		free_exchange(http, x);
}

/* --- reading -----------------------------------------------------------------------------------
 */

void http_answer(struct http_exchanges *http, uint64_t id, struct http_reply *reply)
{
	struct http_exchange *x;

	if (idempotency_answer(http->hub, id, reply))
		return;
	x = g_hash_table_lookup(http->by_id, &id);
	if (x == NULL || x->state == SENDING) {
		http_reply_close(reply);
		return;
	}
	if ((x->state == WAITING || x->state == LEFT) && x->route != NULL)
		audit_http_answer(http->hub,
				  &(struct audit_http){x->route, &x->request, x->ids.id, &x->who},
				  reply);
	x->reply = *reply;
	if (x->state == LEFT) {
		free_exchange(http, x);
		return;
	}
	if (x->state == WAITING)
		lws_rx_flow_control(x->wsi, 1); /* else it would not write either */
	x->state = SENDING;
	routes_add_common_headers(&x->reply, &x->request, http->hub->config->cert[0] != '\0');
	lws_set_timeout(x->wsi, PENDING_TIMEOUT_HTTP_CONTENT,
			(int)http->hub->config->request_timeout_s);
	lws_callback_on_writable(x->wsi);
}

static void answer_problem(struct http_exchanges *http, struct http_exchange *x, int status,
			   const char *code, const char *detail)
{
	struct http_reply reply = {0};

	http_reply_problem(&reply, status, code, detail, NULL);
	if (status == 429)
		http_reply_header(&reply, "retry-after:", "1");
	http_answer(http, x->id, &reply);
}

static void dispatch(struct http_exchanges *http, struct http_exchange *x)
{
	x->state = WAITING;
	/* What a client sends ahead waits in the kernel: the library would look at it in vain again
	 * and again while a request is under way. */
	lws_rx_flow_control(x->wsi, 0);
	x->request.body = x->body != NULL ? x->body : "";
	/* Store and workers answer within milliseconds, or 503; this is for when they hang. */
	lws_set_timeout(x->wsi, PENDING_TIMEOUT_HTTP_CONTENT,
			(int)http->hub->config->answer_timeout_s);
	routes_ids(x->route, &x->request, &x->ids);
	/* A login is tried, and on record, although whoever tried has gone. */
	x->is_begun = audit_http_is_login(x->route);
	if (x->route->operation == OPERATION_OPEN)
		x->route->handle(http->hub, &x->request, x->ids.id, NULL);
	else
		access_check(http->hub, &x->request, x->route->operation);
}

/* Whether the body may come; when not, the request is answered. */
static bool accept_body(struct http_exchanges *http, struct http_exchange *x,
			const struct http_body_info *body)
{
	const struct route *route = x->route;

	if (route->max_body_bytes == 0) {
		x->closes = body->len > 0 || body->is_chunked;
		return true;
	}
	if (body->is_chunked || !body->is_announced) {
		answer_problem(http, x, 411, "length-required", "Give Content-Length.");
	} else if (body->len > route->max_body_bytes) {
		answer_problem(http, x, 413, "too-large",
			       "The body is larger than this path takes.");
	} else if (route->content_type != NULL &&
		   strcmp(route->content_type, x->request.content_type) != 0) {
		struct http_reply reply = {0};

		http_reply_problem(&reply, 415, "media-type", "The body is of another media type.",
				   NULL);
		http_reply_header(
			&reply, x->request.method == HTTP_PATCH ? "accept-patch:" : "accept:", "%s",
			route->content_type);
		http_answer(http, x->id, &reply);
	} else {
		return true;
	}
	x->closes = body->len > 0 || body->is_chunked;
	return false;
}

static struct http_exchange *begin_exchange(struct http_exchanges *http, struct lws *wsi,
					    struct http_session *session)
{
	const struct front_conn *conn = front_conn_of(wsi);
	struct http_exchange *x = calloc(1, sizeof(*x));

	if (x == NULL)
		return NULL;
	x->id = ++http->hub->next_id;
	x->wsi = wsi;
	x->session = session;
	x->request.id = x->id;
	x->request.is_local = conn != NULL && conn->is_local;
	if (conn != NULL)
		x->request.peer = conn->addr;
	session->exchange = x;
	g_hash_table_insert(http->by_id, &x->id, x);
	return x;
}

/* Checks in the order of cost; an answer given here leaves the body unread. */
static int on_header(struct http_exchanges *http, struct lws *wsi, struct http_session *session,
		     const char *uri, size_t uri_len)
{
	const struct front_conn *conn = front_conn_of(wsi);
	struct http_body_info body = {0};
	struct http_reply reply = {0};
	struct http_exchange *x;
	int status;

	http->hub->stats.requests++;
	end_exchange(http, session);
	x = begin_exchange(http, wsi, session);
	if (x == NULL)
		return -1;
	status = http_request_read(&x->request, &body, wsi, uri, uri_len);
	x->request.peer = proxy_client(&http->hub->config->trusted_proxy, &x->request.peer,
				       x->request.forwarded);
	x->request.is_local = x->request.is_local && !x->request.is_forwarded;
	x->closes = body.len > 0 || body.is_chunked || status != 0;
	if (status != 0) {
		answer_problem(http, x, status, "bad-request", "The request cannot be read.");
	} else if (conn != NULL &&
		   guard_request(http->hub->guard, clock_now_us(), &x->request.peer) < 0) {
		http->hub->stats.rate_limited++;
		answer_problem(http, x, 429, "too-many-requests", "Slow down.");
	} else if ((x->route = routes_find(&x->request, &reply)) == NULL) {
		http_answer(http, x->id, &reply);
	} else if (accept_body(http, x, &body)) {
		if (x->route->max_body_bytes > 0 && body.len > 0) {
			x->closes = false;
			x->body = calloc(1, (size_t)body.len + 1);
			if (x->body == NULL)
				return -1;
			x->body_expected = (size_t)body.len;
			x->body_deadline_us =
				clock_now_us() + http->hub->config->request_timeout_s * 1000000;
		} else {
			dispatch(http, x);
		}
	}
	return 0;
}

/* The library's own timeout begins anew with every byte, so one byte at a time would hold a
 * connection for days. 0, or -1: it took too long. */
static int on_body(struct http_exchange *x, const void *in, size_t len)
{
	if (x == NULL || x->state != READING)
		return 0; /* refused: what still comes is passed over */
	if (clock_now_us() > x->body_deadline_us)
		return -1;
	if (len > x->body_expected - x->request.body_len)
		len = x->body_expected - x->request.body_len;
	memcpy(x->body + x->request.body_len, in, len);
	x->request.body_len += len;
	return 0;
}

/* libwebsockets 4.1 tells the end of a body again and again, in a loop that nothing else ends,
 * while it holds what a client sent after it (roles/http/server.c, lws_http_action). Nobody
 * pipelines behind a POST, so that connection is closed. */
static int on_body_complete(struct http_exchanges *http, struct http_exchange *x)
{
	if (x == NULL || x->is_body_over)
		return -1;
	x->is_body_over = true;
	if (x->state != READING)
		return 0; /* it was refused, or its route wants no body */
	if (x->request.body_len != x->body_expected)
		return -1;
	dispatch(http, x);
	return 0;
}

/* --- sending -----------------------------------------------------------------------------------
 */

static bool add_header(struct lws *wsi, const char *name, const char *value, unsigned char **p,
		       unsigned char *end)
{
	return lws_add_http_header_by_name(wsi, (const unsigned char *)name,
					   (const unsigned char *)value, (int)strlen(value), p,
					   end) == 0;
}

static bool has_body(const struct http_exchange *x)
{
	return x->reply.body_len > 0 && x->request.method != HTTP_HEAD;
}

/* RFC 9110 8.6: no Content-Length with 204; a HEAD names what a GET would bring. */
static bool add_length(struct http_exchange *x, unsigned char **p, unsigned char *end)
{
	char value[24];

	if (x->reply.status == 204 || x->reply.status == 304)
		return true;
	if (has_body(x))
		return lws_add_http_header_content_length(x->wsi, x->reply.body_len, p, end) == 0;
	g_snprintf(value, sizeof(value), "%zu", x->reply.body_len);
	return add_header(x->wsi, "content-length:", value, p, end);
}

static int send_header(struct http_exchange *x)
{
	unsigned char buf[LWS_PRE + HEADER_BYTES];
	unsigned char *start = buf + LWS_PRE, *p = start, *end = buf + sizeof(buf) - 1;
	struct http_reply *r = &x->reply;

	if (lws_add_http_header_status(x->wsi,
				       (unsigned)r->status | (unsigned)LWSAHH_FLAG_NO_SERVER_NAME,
				       &p, end) != 0)
		return -1;
	for (size_t i = 0; i < r->header_count; i++) {
		if (!add_header(x->wsi, r->header[i].name, r->header[i].value, &p, end))
			return -1;
	}
	if (!add_length(x, &p, end))
		return -1;
	if (x->closes && !add_header(x->wsi, "connection:", "close", &p, end))
		return -1;
	if (lws_finalize_http_header(x->wsi, &p, end) != 0)
		return -1;
	x->is_header_sent = true;
	return lws_write(x->wsi, start, (size_t)(p - start), LWS_WRITE_HTTP_HEADERS) < 0 ? -1 : 0;
}

/* One piece of the body. 0, or -1: the connection is gone. */
static int send_body(struct http_exchange *x)
{
	unsigned char buf[LWS_PRE + CHUNK_BYTES];
	size_t left = x->reply.body_len - x->sent;
	size_t n = left < CHUNK_BYTES ? left : CHUNK_BYTES;

	memcpy(buf + LWS_PRE, (const char *)x->reply.body + x->sent, n);
	if (lws_write(x->wsi, buf + LWS_PRE, n, n == left ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP) <
	    0)
		return -1;
	x->sent += n;
	return 0;
}

/* What is left to send after this turn: 1 nothing, 0 more, -1 the connection is gone. */
static int send_some(struct http_exchanges *http, struct http_exchange *x)
{
	unsigned kind = (unsigned)x->reply.status / 100;

	if (!x->is_header_sent) {
		if (kind < 6)
			http->hub->stats.responses[kind]++;
		if (send_header(x) < 0)
			return -1;
	} else if (has_body(x) && x->sent < x->reply.body_len && send_body(x) < 0) {
		return -1;
	}
	if (has_body(x) && x->sent < x->reply.body_len)
		return 0;
	/* The library's own way to finish after a write that was cut short loses the rest, so the
	 * exchange ends only when all has gone to the socket. */
	return lws_partial_buffered(x->wsi) ? 0 : 1;
}

static int on_writable(struct http_exchanges *http, struct http_session *session)
{
	struct http_exchange *x = session->exchange;
	struct lws *wsi;
	bool closes;
	int done;

	if (x == NULL || x->state != SENDING)
		return 0;
	wsi = x->wsi;
	done = send_some(http, x);
	if (done < 0)
		return -1;
	if (done == 0) {
		lws_set_timeout(wsi, PENDING_TIMEOUT_HTTP_CONTENT,
				(int)http->hub->config->request_timeout_s);
		lws_callback_on_writable(wsi);
		return 0;
	}
	closes = x->closes;
	end_exchange(http, session);
	if (closes)
		return -1;
	return lws_http_transaction_completed(wsi) != 0 ? -1 : 0;
}

int http_callback(struct http_exchanges *http, struct lws *wsi, enum lws_callback_reasons reason,
		  struct http_session *session, void *in, size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_HTTP:
		return on_header(http, wsi, session, in, len);
	case LWS_CALLBACK_HTTP_BODY:
		return on_body(session->exchange, in, len);
	case LWS_CALLBACK_HTTP_BODY_COMPLETION:
		return on_body_complete(http, session->exchange);
	case LWS_CALLBACK_HTTP_WRITEABLE:
		return on_writable(http, session);
	case LWS_CALLBACK_CLOSED_HTTP:
	case LWS_CALLBACK_HTTP_DROP_PROTOCOL:
		if (session != NULL)
			end_exchange(http, session);
		return 0;
	default:
		return 0;
	}
}
