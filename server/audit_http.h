/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Puts every REST operation on record, in one place: as its answer goes out, by the route's
 * operation (server/permission) and the answer's status, so that no handler can forget it. Front
 * thread.
 *
 * Not on record: what shows nothing of patients and changes nothing (one's own session, lists of
 * units and places, a device's own state), and strangers who are refused (401): they are logged and
 * slowed down instead, for the trail must not be theirs to fill.
 */
#ifndef VIDD_SERVER_AUDIT_HTTP_H
#define VIDD_SERVER_AUDIT_HTTP_H

#include "server/http_message.h"
#include "server/routes.h"

struct audit_http {
	const struct route *route;
	const struct http_request *request;
	const char *const *ids;
	const struct principal *who; /* kind PRINCIPAL_NOBODY while unknown */
};

/* Whether the route is one by which staff log in, which has no operation and is on record. */
bool audit_http_is_login(const struct route *route);

/* Records the exchange with this reply. When that cannot be done, the reply is replaced by 503
 * `audit-failed`: what nobody could follow up is not shown. */
void audit_http_answer(struct hub *hub, const struct audit_http *exchange,
		       struct http_reply *reply);

/* Whether an operation that must be on record may not begin, because the trail cannot be written:
 * the request is then answered with 503 `audit-failed`. */
bool audit_http_refuses(struct hub *hub, const struct audit_http *exchange);

#endif
