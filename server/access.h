/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Between a request and its handler: finds who asks (a session cookie, an API key, an invite token)
 * on the store thread, asks server/permission whether they may, and lets the route's handler run or
 * refuses. Front thread.
 *
 * Refusals: 401 session-missing, api-key, token-unknown; 403 csrf, not-allowed; 503 try-again.
 */
#ifndef VIDD_SERVER_ACCESS_H
#define VIDD_SERVER_ACCESS_H

#include "server/http_message.h"
#include "server/permission.h"

struct hub;

/* Answers the request, or lets its handler (http_go_on). */
void access_check(struct hub *hub, const struct http_request *request, enum operation operation);

/* The database did not answer, for handlers that ask it themselves. */
void access_answer_busy(struct hub *hub, uint64_t id);

#endif
