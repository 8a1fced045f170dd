/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The public keys an identity provider signs with (RFC 7517): a set read from JSON, a key found by
 * its id. RSA of 2048 to 8192 bits and P-256; symmetric keys, keys for encryption and kinds we do
 * not know are passed over. Pure; any one thread.
 */
#ifndef VIDD_SERVER_JWK_H
#define VIDD_SERVER_JWK_H

#include <stddef.h>
#include <stdint.h>

#define JWK_ID_BYTES 127
/* A provider shows the present key, the next and some past ones. */
#define JWK_MAX_KEYS  32
#define JWK_SET_BYTES 65536

enum jwt_alg {
	JWT_RS256,
	JWT_PS256,
	JWT_ES256,
	JWT_ALG_COUNT, /* none, HMAC and all else: never accepted */
};

struct jwks;

/* Reads {"keys":[...]}. 0; -EBADMSG: it is no such set, or larger than the caps; -ENOMEM. */
int jwks_parse(struct jwks **out, const char *json, size_t len);
void jwks_free(struct jwks *keys);
size_t jwks_count(const struct jwks *keys);

struct jwk_signed {
	const char *text;
	size_t len;
	const uint8_t *signature; /* as JWS has it */
	size_t signature_len;
};

/* Whether the text is signed by a key of that id and fit for alg. kid "": any key
 * that fits, when there is only one. 0; -ENOKEY: no such key; -EKEYREJECTED: the signature is
 * wrong. */
int jwks_verify(const struct jwks *keys, const char *kid, enum jwt_alg alg,
		const struct jwk_signed *what);

/* Strict base64url without padding (RFC 7515 2): the bytes written, or -EBADMSG. */
long jwk_base64url(uint8_t *out, size_t size, const char *text, size_t len);

/* JWT_ALG_COUNT for every other name. */
enum jwt_alg jwt_alg_from_name(const char *name);

#endif
