/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/jwt.h"

#include <errno.h>
#include <jansson.h>
#include <openssl/crypto.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* RSA of 8192 bits. */
#define SIGNATURE_BYTES 1024

struct jwt {
	json_t *claims;
};

/* The three parts, not yet decoded. */
struct parts {
	const char *header, *claims, *signature;
	size_t header_len, claims_len, signature_len;
	size_t signed_len; /* header, dot, claims */
};

static bool split(struct parts *out, const char *text, size_t len)
{
	const char *first = memchr(text, '.', len);
	const char *second =
		first != NULL ? memchr(first + 1, '.', len - (size_t)(first + 1 - text)) : NULL;

	if (second == NULL || len > JWT_BYTES)
		return false;
	out->header = text;
	out->header_len = (size_t)(first - text);
	out->claims = first + 1;
	out->claims_len = (size_t)(second - out->claims);
	out->signature = second + 1;
	out->signature_len = len - (size_t)(out->signature - text);
	out->signed_len = (size_t)(second - text);
	return memchr(out->signature, '.', out->signature_len) == NULL;
}

/* An object in base64url, or NULL. */
static json_t *decode(const char *text, size_t len)
{
	uint8_t *bytes = malloc(len + 1);
	long n = bytes != NULL ? jwk_base64url(bytes, len, text, len) : -ENOMEM;
	json_t *o = NULL;

	if (n > 0)
		o = json_loadb((const char *)bytes, (size_t)n, JSON_REJECT_DUPLICATES, NULL);
	free(bytes);
	if (o != NULL && !json_is_object(o)) {
		json_decref(o);
		return NULL;
	}
	return o;
}

/* --- claims ----------------------------------------------------------------------------------- */

static bool is_text(const json_t *value, const char *wanted)
{
	return json_is_string(value) && json_string_length(value) == strlen(wanted) &&
	       memcmp(json_string_value(value), wanted, strlen(wanted)) == 0;
}

/* OpenID Connect Core 3.1.3.7, 3 to 5: we are among those it is for, and with others among them it
 * says that it was asked for by us. */
static bool is_for(const json_t *claims, const char *client_id)
{
	const json_t *aud = json_object_get(claims, "aud");
	const json_t *azp = json_object_get(claims, "azp");
	bool is_found = is_text(aud, client_id);

	for (size_t i = 0; i < json_array_size(aud); i++)
		is_found = is_found || is_text(json_array_get(aud, i), client_id);
	if (azp == NULL)
		return is_found && json_array_size(aud) <= 1;
	return is_found && is_text(azp, client_id);
}

/* Seconds of a NumericDate (RFC 7519 2), which may have a fraction; false when it is none. */
static bool seconds_of(const json_t *claims, const char *name, int64_t *out)
{
	const json_t *value = json_object_get(claims, name);
	double number = json_number_value(value);

	if (!json_is_number(value) || number < 0 || number > 1e12)
		return false;
	*out = (int64_t)number;
	return true;
}

static enum jwt_fault check_time(const json_t *claims, int64_t now)
{
	int64_t exp, iat, nbf;

	if (!seconds_of(claims, "exp", &exp) || !seconds_of(claims, "iat", &iat))
		return JWT_TIME;
	if (exp <= now - JWT_LEEWAY_S)
		return JWT_EXPIRED;
	if (iat > now + JWT_LEEWAY_S || iat < now - JWT_MAX_AGE_S)
		return JWT_TIME;
	if (json_object_get(claims, "nbf") != NULL &&
	    (!seconds_of(claims, "nbf", &nbf) || nbf > now + JWT_LEEWAY_S))
		return JWT_TIME;
	return JWT_GOOD;
}

static bool is_sure_enough(const json_t *claims, const char *const *acr)
{
	const json_t *value = json_object_get(claims, "acr");
	bool is_found = acr == NULL;

	for (size_t i = 0; !is_found && acr[i] != NULL; i++)
		is_found = is_text(value, acr[i]);
	return is_found;
}

static enum jwt_fault check_claims(const json_t *claims, const struct jwt_expected *expected)
{
	const json_t *sub = json_object_get(claims, "sub");
	const json_t *nonce = json_object_get(claims, "nonce");
	size_t nonce_len = strlen(expected->nonce);
	enum jwt_fault fault;

	if (!is_text(json_object_get(claims, "iss"), expected->issuer))
		return JWT_ISSUER;
	if (!is_for(claims, expected->client_id))
		return JWT_AUDIENCE;
	fault = check_time(claims, expected->now_unix_s);
	if (fault != JWT_GOOD)
		return fault;
	if (nonce_len == 0 || !json_is_string(nonce) || json_string_length(nonce) != nonce_len ||
	    CRYPTO_memcmp(json_string_value(nonce), expected->nonce, nonce_len) != 0)
		return JWT_NONCE;
	if (!json_is_string(sub) || json_string_length(sub) == 0 ||
	    json_string_length(sub) > JWT_CLAIM_BYTES)
		return JWT_SUBJECT;
	return is_sure_enough(claims, expected->acr) ? JWT_GOOD : JWT_ACR;
}

/* --- signature -------------------------------------------------------------------------------- */

/* RFC 7515 4.1. alg decides which key may fit, never what kind of key a text of ours is used as;
 * "crit" names what we would have to understand, and we understand nothing of that kind. */
static enum jwt_fault check_signature(const struct parts *parts, const struct jwks *keys)
{
	json_t *header = decode(parts->header, parts->header_len);
	const char *alg = json_string_value(json_object_get(header, "alg"));
	const json_t *kid = json_object_get(header, "kid");
	uint8_t signature[SIGNATURE_BYTES];
	long n =
		jwk_base64url(signature, sizeof(signature), parts->signature, parts->signature_len);
	enum jwt_fault fault = JWT_GOOD;
	int r;

	if (header == NULL || n < 0 || (kid != NULL && !json_is_string(kid)) ||
	    json_object_get(header, "crit") != NULL || json_object_get(header, "b64") != NULL) {
		fault = JWT_MALFORMED;
	} else if (alg == NULL || jwt_alg_from_name(alg) == JWT_ALG_COUNT) {
		fault = JWT_ALGORITHM;
	} else {
		const struct jwk_signed what = {.text = parts->header,
						.len = parts->signed_len,
						.signature = signature,
						.signature_len = (size_t)n};

		r = jwks_verify(keys, kid != NULL ? json_string_value(kid) : "",
				jwt_alg_from_name(alg), &what);
		fault = r == 0 ? JWT_GOOD : r == -ENOKEY ? JWT_KEY_UNKNOWN : JWT_SIGNATURE;
	}
	json_decref(header);
	return fault;
}

enum jwt_fault jwt_verify(struct jwt **out, const char *text, size_t len, const struct jwks *keys,
			  const struct jwt_expected *expected)
{
	struct parts parts;
	enum jwt_fault fault;
	json_t *claims;

	if (!split(&parts, text, len))
		return JWT_MALFORMED;
	fault = check_signature(&parts, keys);
	if (fault != JWT_GOOD)
		return fault;
	claims = decode(parts.claims, parts.claims_len);
	if (claims == NULL)
		return JWT_MALFORMED;
	fault = check_claims(claims, expected);
	if (fault == JWT_GOOD) {
		*out = calloc(1, sizeof(**out));
		if (*out != NULL)
			(*out)->claims = json_incref(claims);
		else
			fault = JWT_MALFORMED;
	}
	json_decref(claims);
	return fault;
}

int jwt_userinfo(struct jwt **out, const char *json, size_t len, const struct jwt *token)
{
	json_t *claims =
		len <= JWT_BYTES ? json_loadb(json, len, JSON_REJECT_DUPLICATES, NULL) : NULL;
	const char *sub = jwt_text(token, "sub");
	struct jwt *jwt = NULL;

	if (sub[0] != '\0' && is_text(json_object_get(claims, "sub"), sub))
		jwt = calloc(1, sizeof(*jwt));
	if (jwt == NULL) {
		json_decref(claims);
		return -EBADMSG;
	}
	jwt->claims = claims;
	*out = jwt;
	return 0;
}

void jwt_free(struct jwt *jwt)
{
	if (jwt == NULL)
		return;
	json_decref(jwt->claims);
	free(jwt);
}

/* --- reading ---------------------------------------------------------------------------------- */

static const char *text_of(const json_t *value)
{
	/* JSON may hold \u0000, which would end the text early for one reader and not another. */
	if (!json_is_string(value) || json_string_length(value) > JWT_CLAIM_BYTES ||
	    strlen(json_string_value(value)) != json_string_length(value))
		return "";
	return json_string_value(value);
}

const char *jwt_text(const struct jwt *jwt, const char *claim)
{
	return text_of(json_object_get(jwt->claims, claim));
}

const char *jwt_text_at(const struct jwt *jwt, const char *claim, size_t i)
{
	const json_t *value = json_object_get(jwt->claims, claim);

	if (json_is_array(value))
		return i < json_array_size(value) ? text_of(json_array_get(value, i)) : NULL;
	return i == 0 && json_is_string(value) ? text_of(value) : NULL;
}

const char *jwt_member_at(const struct jwt *jwt, const char *claim, size_t i, const char *member)
{
	const json_t *list = json_object_get(jwt->claims, claim);

	return i < json_array_size(list) ? text_of(json_object_get(json_array_get(list, i), member))
					 : NULL;
}

const char *jwt_fault_name(enum jwt_fault fault)
{
	static const char *const names[JWT_FAULT_COUNT] = {
		"good",	    "malformed", "algorithm", "key-unknown", "signature", "issuer",
		"audience", "expired",	 "time",      "nonce",	     "subject",	  "acr",
	};

	return names[fault];
}
