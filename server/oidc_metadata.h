/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What an identity provider says of itself (OpenID Connect Discovery 1.0) and answers (OpenID
 * Connect Core 3.1.3.3), and where we send a browser. Pure.
 */
#ifndef VIDD_SERVER_OIDC_METADATA_H
#define VIDD_SERVER_OIDC_METADATA_H

#include <stdbool.h>
#include <stddef.h>

#define OIDC_URL_BYTES	 511
#define OIDC_TOKEN_BYTES 16384

struct oidc_metadata {
	char authorization[OIDC_URL_BYTES + 1];
	char token[OIDC_URL_BYTES + 1];
	char keys[OIDC_URL_BYTES + 1];
	char userinfo[OIDC_URL_BYTES + 1];    /* "" without */
	char end_session[OIDC_URL_BYTES + 1]; /* "" without */
	bool tells_issuer; /* RFC 9207: an answer without iss is not the provider's */
	bool takes_post;   /* the client secret only in the form, not as Basic */
};

/* 0; -EBADMSG: not the document of that issuer, letter by letter, or without what we need: the
 * code flow, PKCE with S256, addresses that are https. */
int oidc_metadata_parse(struct oidc_metadata *out, const char *issuer, const char *json,
			size_t len);

struct oidc_request {
	const char *client_id, *redirect, *scopes;
	const char *acr; /* "": whatever the provider asks */
	const char *state, *nonce;
	const char *challenge; /* of PKCE, S256 */
};

/* The address to send the browser to. 0 or -EMSGSIZE. */
int oidc_authorization_url(const struct oidc_metadata *metadata, const struct oidc_request *request,
			   char *out, size_t size);

struct oidc_tokens {
	char *id_token; /* wiped and freed by oidc_tokens_close */
	char *access_token;
};

/* 0, or -EBADMSG: no bearer token with an ID token. */
int oidc_tokens_parse(struct oidc_tokens *out, const char *json, size_t len);
/* Zero state is legal. */
void oidc_tokens_close(struct oidc_tokens *tokens);

/* Adds value to out as application/x-www-form-urlencoded has it (RFC 3986 2.3 stays as it is). 0 or
 * -EMSGSIZE. */
int oidc_encode(char *out, size_t size, const char *value);

/* RFC 7636 4.2: BASE64URL(SHA256(verifier)); out holds 44 bytes. 0 or -EIO. */
int oidc_challenge(const char *verifier, char out[44]);

#endif
