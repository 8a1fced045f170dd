/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * An OpenID Connect relying party (Core 1.0, Discovery 1.0, RP-Initiated Logout 1.0, RFC 7636, RFC
 * 9207): code flow with PKCE, one provider. What it knows of the provider (its document for an
 * hour, its keys until one is asked for that is not among them) belongs to its errand thread, on
 * which the blocking calls run.
 */
#ifndef VIDD_SERVER_OIDC_H
#define VIDD_SERVER_OIDC_H

#include <stdint.h>

#include "server/login_state.h"
#include "server/oidc_claims.h"
#include "server/oidc_metadata.h"

/* A code of a provider. */
#define OIDC_CODE_BYTES 1023

enum oidc_fault {
	OIDC_GOOD,
	OIDC_AWAY,     /* the provider does not answer, or not as it should */
	OIDC_REFUSED,  /* it does not take the code */
	OIDC_BAD,      /* its answer is not to be trusted */
	OIDC_WEAK,     /* the login is less sure than oidc-acr asks for */
	OIDC_NAMELESS, /* it does not say who it is */
	OIDC_FAULT_COUNT,
};

/* A provider as the operator set it; texts are borrowed for the life of what is made of it. */
struct oidc_settings {
	const char *issuer, *client_id;
	const char *secret_file; /* "": a public client */
	const char *ca;		 /* "": the system's */
	const char *scopes;
	const char *acr; /* words; "": any */
	struct oidc_claim_names names;
};

struct oidc;

/* redirect: where browsers come back, borrowed for life. 0; -EINVAL: the secret cannot be read
 * (logged); -ENOMEM. */
int oidc_new(struct oidc **out, const struct oidc_settings *settings, const char *redirect);
/* NULL is legal. */
void oidc_free(struct oidc *oidc);

/* Blocking: where to send the browser for this login, and where people log out ("" when the
 * provider has no such place). */
enum oidc_fault oidc_begin(struct oidc *oidc, const struct login_state *login, char *url,
			   size_t size, char end_session[OIDC_URL_BYTES + 1]);
/* Blocking: who came back with that code. iss: of the answer, "" without. */
enum oidc_fault oidc_finish(struct oidc *oidc, const struct login_state *login, const char *code,
			    const char *iss, struct oidc_identity *out);
/* Any thread: the address that ends the session there and comes back to /staff. 0 or -EMSGSIZE and
 * "". */
int oidc_end_session_url(const struct oidc *oidc, const char *end_session, char *url, size_t size);
const char *oidc_issuer(const struct oidc *oidc);

/* The code that /staff?problem= tells. */
const char *oidc_fault_code(enum oidc_fault fault);

#endif
