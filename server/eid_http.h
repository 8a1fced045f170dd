/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Patients show who they are by e-ID: the way to that provider and back. The page shows the token
 * of its link as bearer, so neither it nor anything that stands for it is in an address; what ties
 * the answer to the person is the state that began there, and a cookie of the same browser. The
 * number is compared here and kept nowhere; the name goes to the visit (docs/protocol.md 10).
 * Front thread.
 */
#ifndef VIDD_SERVER_EID_HTTP_H
#define VIDD_SERVER_EID_HTTP_H

#include "server/http_message.h"
#include "server/principal.h"

struct hub;

/* GET /auth/eid: what it is called here. */
void eid_http_get(struct hub *hub, const struct http_request *request, const char *const *ids,
		  const struct principal *who);
/* POST /auth/eid, of the patient: where to go. */
void eid_http_begin(struct hub *hub, const struct http_request *request, const char *const *ids,
		    const struct principal *who);
/* GET /auth/eid/callback: ends at /eid, or /eid?problem=CODE, addresses of ours that no request can
 * change. */
void eid_http_callback(struct hub *hub, const struct http_request *request, const char *const *ids,
		       const struct principal *who);

#endif
