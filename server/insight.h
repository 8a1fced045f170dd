/* SPDX-License-Identifier: EUPL-1.2 */
/* Routes for those who watch the server (/healthz, /readyz, /metrics), and for those who found a
 * hole in it (/.well-known/security.txt). */
#ifndef VIDD_SERVER_INSIGHT_H
#define VIDD_SERVER_INSIGHT_H

#include "server/http_message.h"
#include "server/principal.h"

struct hub;

/* 200 while the process serves at all. */
void insight_health(struct hub *hub, const struct http_request *request, const char *const *ids,
		    const struct principal *who);
/* 200 while new consultations may come: not draining, database in order; else 503. */
void insight_ready(struct hub *hub, const struct http_request *request, const char *const *ids,
		   const struct principal *who);
/* Once a second: while the database is out of order, tries whether it takes writes again. Reads
 * that pass say nothing: a locked or full database still gives them. */
void insight_tick(struct hub *hub);
/* Prometheus text; 403 for strangers unless metrics-open. */
void insight_metrics(struct hub *hub, const struct http_request *request, const char *const *ids,
		     const struct principal *who);
/* Where to tell of it, as RFC 9116 has it; 404 without security-contact. */
void insight_security(struct hub *hub, const struct http_request *request, const char *const *ids,
		      const struct principal *who);

#endif
