/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * HTTP/1.1 exchanges over libwebsockets: reads a request whole, hands it to its route, sends the
 * reply when it comes. An exchange may end before its reply: the id is then
 * unknown and the reply dropped. Front thread.
 */
#ifndef VIDD_SERVER_HTTP_H
#define VIDD_SERVER_HTTP_H

#include <libwebsockets.h>
#include <stdint.h>

#include "server/http_message.h"
#include "server/principal.h"

struct hub;
struct http_exchanges;

/* What libwebsockets keeps for us per connection. */
struct http_session {
	struct http_exchange *exchange; /* the one under way, or NULL */
};

int http_new(struct http_exchanges **out, struct hub *hub);
/* No exchange may be under way. */
void http_free(struct http_exchanges *http);

/* Sends the reply (takes what it owns) or drops it when the client is gone. */
void http_answer(struct http_exchanges *http, uint64_t id, struct http_reply *reply);
/* The path of an exchange, or "" when it is gone. */
const char *http_path_of(const struct http_exchanges *http, uint64_t id);
/* The request that has no answer yet, and the {id}s of its path: also when the client of one that
 * was begun is gone. NULL: there is none. They live until the answer. */
const struct http_request *http_request_of(const struct http_exchanges *http, uint64_t id,
					   const char *const **ids);
/* Runs the route's handler: who asks is known and may. Nothing when the client is gone. A request
 * with an Idempotency-Key is looked up first (server/idempotency). */
void http_go_on(struct http_exchanges *http, uint64_t id, const struct principal *who);
/* For routes that find out by themselves who asks: who is put on record with the answer. */
void http_set_who(struct http_exchanges *http, uint64_t id, const struct principal *who);
/* Runs the handler at last; false when the client is gone. */
bool http_run(struct http_exchanges *http, uint64_t id);
size_t http_count(const struct http_exchanges *http);

/* The callback of the protocol that HTTP is bound to; the front calls it. */
int http_callback(struct http_exchanges *http, struct lws *wsi, enum lws_callback_reasons reason,
		  struct http_session *session, void *in, size_t len);

#endif
