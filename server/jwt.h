/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ID tokens: a JWS in compact form (RFC 7515 7.1) with claims (OpenID Connect Core 2), verified as
 * OpenID Connect Core 3.1.3.7 and RFC 8725 ask. Nothing of a token is given out before its
 * signature and all its claims have been found good. Pure: keys, time and what is expected come
 * from the caller.
 */
#ifndef VIDD_SERVER_JWT_H
#define VIDD_SERVER_JWT_H

#include <stddef.h>
#include <stdint.h>

#include "server/jwk.h"

/* A token with the claims of many commissions. */
#define JWT_BYTES	16384
#define JWT_CLAIM_BYTES 255
/* How far clocks may be apart. */
#define JWT_LEEWAY_S 60
/* An ID token is made for one login: an old one is somebody else's. */
#define JWT_MAX_AGE_S 600

enum jwt_fault {
	JWT_GOOD,
	JWT_MALFORMED,
	JWT_ALGORITHM, /* none, HMAC, or not ours */
	JWT_KEY_UNKNOWN,
	JWT_SIGNATURE,
	JWT_ISSUER,
	JWT_AUDIENCE,
	JWT_EXPIRED,
	JWT_TIME, /* issued in the future or too long ago, or not valid yet */
	JWT_NONCE,
	JWT_SUBJECT,
	JWT_ACR, /* the login is less sure than we ask for */
	JWT_FAULT_COUNT,
};

struct jwt_expected {
	const char *issuer;
	const char *client_id;
	const char *nonce;
	const char *const *acr; /* those that are sure enough, NULL after the last; NULL: any */
	int64_t now_unix_s;
};

struct jwt;

/* JWT_GOOD and *out, or what is wrong. */
enum jwt_fault jwt_verify(struct jwt **out, const char *text, size_t len, const struct jwks *keys,
			  const struct jwt_expected *expected);
/* The claims of userinfo (OpenID Connect Core 5.3.2), which came over TLS from the provider itself
 * and is not signed: 0; -EBADMSG: no object, or of another subject than the verified token's. */
int jwt_userinfo(struct jwt **out, const char *json, size_t len, const struct jwt *token);
void jwt_free(struct jwt *jwt);

/* A claim that is text, "" when it is absent, of another kind, or longer than JWT_CLAIM_BYTES. */
const char *jwt_text(const struct jwt *jwt, const char *claim);
/* The claim's i-th text: of an array of texts, or the text alone as the first. NULL behind the
 * last. */
const char *jwt_text_at(const struct jwt *jwt, const char *claim, size_t i);
/* A member of the i-th object of an array of objects; "" as above, NULL behind the last. */
const char *jwt_member_at(const struct jwt *jwt, const char *claim, size_t i, const char *member);

const char *jwt_fault_name(enum jwt_fault fault);

#endif
