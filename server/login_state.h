/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Logins that are under way at the identity provider: what was sent with the browser and must come
 * back with it (OpenID Connect Core 3.1.2.1, RFC 7636). Bound to the browser by a cookie; ten
 * minutes, one use. In memory: a restart costs whoever is logging in a new try. Front thread.
 */
#ifndef VIDD_SERVER_LOGIN_STATE_H
#define VIDD_SERVER_LOGIN_STATE_H

#include <stddef.h>
#include <stdint.h>

#include "media/base/rng.h"
#include "signaling/service.h"

#define LOGIN_STATE_TEXT 43 /* 256 bits in base64url: RFC 7636 4.1 wants 43 for a verifier */
#define LOGIN_STATE_US	 600000000
/* Ten minutes of a county's staff, who are let through by attempts (server/login). */
#define LOGIN_STATE_MAX 4096

struct login_state {
	char state[LOGIN_STATE_TEXT + 1];
	char nonce[LOGIN_STATE_TEXT + 1];
	char verifier[LOGIN_STATE_TEXT + 1];
	char cookie[LOGIN_STATE_TEXT + 1];
	struct service_person person; /* who shows who they are; of staff "" */
};

struct login_states;

struct login_states *login_states_new(void);
/* NULL is legal. */
void login_states_free(struct login_states *states);
/* Begins a login, of a person in a visit or (NULL) of staff; the oldest is forgotten when there are
 * too many. */
void login_state_begin(struct login_states *states, int64_t now_us, struct rng *rng,
		       const struct service_person *person, struct login_state *out);
/* The login that state and cookie both belong to, used up: 0, or -ENOENT. A state that comes with
 * another cookie is used up, too: somebody has got hold of it. */
int login_state_take(struct login_states *states, int64_t now_us, const char *state,
		     const char *cookie, struct login_state *out);
size_t login_states_count(const struct login_states *states);

#endif
