/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * How staff get in: the parts that logins, sessions and tickets share, and local accounts with a
 * password. Who does not exist, has another password or rests after too many wrong ones is told the
 * same in the same time. Front thread; the struct is visible because its routes read its parts.
 */
#ifndef VIDD_SERVER_LOGIN_H
#define VIDD_SERVER_LOGIN_H

#include <stdbool.h>

#include "server/attempts.h"
#include "server/config.h"
#include "server/errand.h"
#include "server/http_message.h"
#include "server/login_state.h"
#include "server/oidc.h"
#include "server/store_session.h"
#include "server/ticket.h"

struct hub;

/* An identity provider and those who are under way at it. */
struct login_provider {
	struct oidc *oidc; /* NULL: there is none */
	struct errand_thread *thread;
	struct login_states *states;
	struct attempts *by_browser;	   /* logins begun, by address */
	char redirect[OIDC_URL_BYTES + 1]; /* where it sends browsers back */
};

struct login {
	struct store_session_times times;
	struct rng rng;
	struct tickets *tickets;
	bool takes_passwords;
	struct attempts *by_address, *by_account; /* with a password */
	struct errand_thread *password_thread;
	struct login_provider staff, people;
	char end_session[OIDC_URL_BYTES + 1]; /* where staff log out there, once known; "" */
};

/* 0, -EINVAL: a client secret cannot be read (logged), -ENOMEM. front: where errands come back.
 */
int login_new(struct login **out, const struct config *config, const char *public_url,
	      struct mailbox *front);
/* NULL is legal. */
void login_free(struct login *login);

/* GET /api/v1/login: the ways in. */
void login_methods(struct hub *hub, const struct http_request *request, const char *const *ids,
		   const struct principal *who);
/* POST /api/v1/session: a user name and a password. */
void login_password(struct hub *hub, const struct http_request *request, const char *const *ids,
		    const struct principal *who);

/* Too many tries: 429. */
void login_answer_slow(struct hub *hub, uint64_t id);

#endif
