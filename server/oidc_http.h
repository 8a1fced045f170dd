/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The browser's way to the identity provider and back: /auth/oidc and /auth/callback. Whatever goes
 * wrong ends at /staff?problem=CODE, an address of ours that no request can change. Front thread.
 */
#ifndef VIDD_SERVER_OIDC_HTTP_H
#define VIDD_SERVER_OIDC_HTTP_H

#include "server/http_message.h"
#include "server/principal.h"

struct hub;

void oidc_http_start(struct hub *hub, const struct http_request *request, const char *const *ids,
		     const struct principal *who);
void oidc_http_callback(struct hub *hub, const struct http_request *request, const char *const *ids,
			const struct principal *who);

#endif
