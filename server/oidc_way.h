/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A browser's way to an identity provider and back, for whoever logs in there: state, cookie,
 * nonce and code are looked after here, and what becomes of it is told to the way's own functions.
 * Front thread.
 */
#ifndef VIDD_SERVER_OIDC_WAY_H
#define VIDD_SERVER_OIDC_WAY_H

#include "server/http_message.h"
#include "server/login.h"

struct oidc_way {
	struct login_provider *(*provider)(struct login *login);
	/* The address to send the browser to; login->cookie must go with the answer. */
	void (*began)(struct hub *hub, uint64_t id, const struct login_state *login,
		      const char *url, const char *end_session);
	void (*not_begun)(struct hub *hub, uint64_t id, const char *code);
	/* It came back, and this is who it is. */
	void (*finished)(struct hub *hub, uint64_t id, const struct login_state *login,
			 const struct oidc_identity *identity);
	/* code: one of ours, never what somebody sent. login: NULL when it is of none we began. */
	void (*failed)(struct hub *hub, uint64_t id, const struct login_state *login,
		       const char *code);
};

/* Answers the request by began or not_begun; 404 without a provider, 429 after too many. person:
 * as login_state_begin. */
void oidc_way_begin(struct hub *hub, const struct http_request *request, const struct oidc_way *way,
		    const struct service_person *person);
/* Answers by finished or failed. cookie: the one of began. */
void oidc_way_finish(struct hub *hub, const struct http_request *request,
		     const struct oidc_way *way, const char *cookie);

#endif
