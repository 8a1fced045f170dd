/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * WHIP (RFC 9725) and WHEP between HTTP and the service: the same handlers for both, the path tells
 * which.
 */
#ifndef VIDD_SERVER_WHIP_HTTP_H
#define VIDD_SERVER_WHIP_HTTP_H

#include "server/http_message.h"
#include "server/principal.h"
#include "signaling/service.h"

struct hub;

void whip_http_post(struct hub *hub, const struct http_request *request, const char *const *ids,
		    const struct principal *who);
void whip_http_patch(struct hub *hub, const struct http_request *request, const char *const *ids,
		     const struct principal *who);
void whip_http_delete(struct hub *hub, const struct http_request *request, const char *const *ids,
		      const struct principal *who);
void whip_http_options(struct hub *hub, const struct http_request *request, const char *const *ids,
		       const struct principal *who);
/* The service has answered. */
void whip_http_answer(struct hub *hub, const struct service_output *out);

#endif
