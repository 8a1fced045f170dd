/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What a unit's administrator does over HTTP: staff and their local accounts, API keys. All of the
 * administrator's own unit. Front thread.
 */
#ifndef VIDD_SERVER_ACCOUNT_HTTP_H
#define VIDD_SERVER_ACCOUNT_HTTP_H

#include "server/http_message.h"
#include "server/principal.h"

struct hub;

/* /api/v1/accounts */
void account_http_list(struct hub *hub, const struct http_request *request, const char *const *ids,
		       const struct principal *who);
void account_http_create(struct hub *hub, const struct http_request *request,
			 const char *const *ids, const struct principal *who);
void account_http_change(struct hub *hub, const struct http_request *request,
			 const char *const *ids, const struct principal *who);
/* /api/v1/accounts/{id}/sessions */
void account_http_log_out(struct hub *hub, const struct http_request *request,
			  const char *const *ids, const struct principal *who);

/* /api/v1/keys */
void key_http_list(struct hub *hub, const struct http_request *request, const char *const *ids,
		   const struct principal *who);
void key_http_create(struct hub *hub, const struct http_request *request, const char *const *ids,
		     const struct principal *who);
void key_http_revoke(struct hub *hub, const struct http_request *request, const char *const *ids,
		     const struct principal *who);

#endif
