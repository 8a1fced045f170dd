/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The session of a staff member over HTTP: what it is, its commission, its end; and the tickets
 * with which its page opens a websocket. Front thread.
 */
#ifndef VIDD_SERVER_SESSION_HTTP_H
#define VIDD_SERVER_SESSION_HTTP_H

#include <stdbool.h>

#include "server/http_message.h"
#include "server/principal.h"
#include "signaling/service.h"

struct hub;

void session_http_get(struct hub *hub, const struct http_request *request, const char *const *ids,
		      const struct principal *who);
void session_http_choose(struct hub *hub, const struct http_request *request,
			 const char *const *ids, const struct principal *who);
/* 204, or 200 with where to log out at the identity provider, too. */
void session_http_delete(struct hub *hub, const struct http_request *request,
			 const char *const *ids, const struct principal *who);
void session_http_ticket(struct hub *hub, const struct http_request *request,
			 const char *const *ids, const struct principal *who);

/* A SERVICE_FIND_TICKET: answers it. */
void session_http_ticket_asked(struct hub *hub, const struct service_output *out);
/* All that a staff member who was logged out has open beside the session: tickets, watches. */
void session_http_close(struct hub *hub, const char *staff_id);

/* Begins a session for a staff member who has proved who they are, and answers request id: with the
 * session, or with the way to /staff when the browser came from elsewhere (is_redirect). */
void session_http_begin(struct hub *hub, uint64_t id, const char *staff_id, const char *acr,
			bool is_redirect);

#endif
