/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/jwk.h"

#include <errno.h>
#include <jansson.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define RSA_MIN_BYTES  256
#define RSA_MAX_BYTES  1024
#define P256_BYTES     32
#define EXPONENT_BYTES 8
/* SEQUENCE of two INTEGERs of 33 bytes at most. */
#define ECDSA_DER_BYTES 72

struct jwk {
	char kid[JWK_ID_BYTES + 1]; /* "" without */
	bool is_rsa;
	enum jwt_alg alg; /* the only one it is for; JWT_ALG_COUNT: any of its kind */
	EVP_PKEY *key;
};

struct jwks {
	struct jwk key[JWK_MAX_KEYS];
	size_t count;
};

enum jwt_alg jwt_alg_from_name(const char *name)
{
	static const char *const names[JWT_ALG_COUNT] = {"RS256", "PS256", "ES256"};
	unsigned alg = 0;

	while (alg < JWT_ALG_COUNT && strcmp(names[alg], name) != 0)
		alg++;
	return (enum jwt_alg)alg;
}

static int base64url_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '-' ? 62 : c == '_' ? 63 : -1;
}

long jwk_base64url(uint8_t *out, size_t size, const char *text, size_t len)
{
	uint32_t bits = 0;
	unsigned held = 0;
	size_t used = 0;

	if (len % 4 == 1)
		return -EBADMSG;
	for (size_t i = 0; i < len; i++) {
		int v = base64url_value(text[i]);

		if (v < 0)
			return -EBADMSG;
		bits = bits << 6 | (uint32_t)v;
		held += 6;
		if (held < 8)
			continue;
		held -= 8;
		if (used == size)
			return -EBADMSG;
		out[used++] = (uint8_t)(bits >> held);
		bits &= (1u << held) - 1;
	}
	/* RFC 4648 3.5: bits that stand for nothing are zero, else one value had many texts. */
	return bits == 0 ? (long)used : -EBADMSG;
}

/* --- reading keys ----------------------------------------------------------------------------- */

/* The bytes of a base64url member, or -EBADMSG. */
static long member_bytes(const json_t *jwk, const char *name, uint8_t *out, size_t size)
{
	const json_t *value = json_object_get(jwk, name);

	if (!json_is_string(value))
		return -EBADMSG;
	return jwk_base64url(out, size, json_string_value(value), json_string_length(value));
}

static EVP_PKEY *make_key(const char *type, OSSL_PARAM *params)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *key = NULL;

	if (ctx == NULL || params == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
		key = NULL;
	EVP_PKEY_CTX_free(ctx);
	return key;
}

/* RFC 7518 6.3.1. NULL when it is not a key we take. */
static EVP_PKEY *read_rsa(const json_t *jwk)
{
	uint8_t n[RSA_MAX_BYTES], e[EXPONENT_BYTES];
	long n_len = member_bytes(jwk, "n", n, sizeof(n));
	long e_len = member_bytes(jwk, "e", e, sizeof(e));
	OSSL_PARAM_BLD *build;
	OSSL_PARAM *params = NULL;
	BIGNUM *bn_n, *bn_e;
	EVP_PKEY *key = NULL;

	/* A modulus with leading zeros would be shorter than it looks. */
	if (n_len < RSA_MIN_BYTES || e_len < 1 || n[0] == 0 || (e[e_len - 1] & 1) == 0 ||
	    (e_len == 1 && e[0] < 3))
		return NULL;
	bn_n = BN_bin2bn(n, (int)n_len, NULL);
	bn_e = BN_bin2bn(e, (int)e_len, NULL);
	build = OSSL_PARAM_BLD_new();
	if (bn_n != NULL && bn_e != NULL && build != NULL &&
	    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, bn_n) == 1 &&
	    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, bn_e) == 1) {
		params = OSSL_PARAM_BLD_to_param(build);
		key = make_key("RSA", params);
	}
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(build);
	BN_free(bn_n);
	BN_free(bn_e);
	return key;
}

/* RFC 7518 6.2.1. */
static EVP_PKEY *read_p256(const json_t *jwk)
{
	const char *curve = json_string_value(json_object_get(jwk, "crv"));
	uint8_t point[1 + 2 * P256_BYTES] = {4}; /* SEC 1 2.3.3: not compressed */
	char group[] = "prime256v1";
	OSSL_PARAM params[3];
	EVP_PKEY_CTX *check;
	EVP_PKEY *key;

	if (curve == NULL || strcmp(curve, "P-256") != 0 ||
	    member_bytes(jwk, "x", point + 1, P256_BYTES) != P256_BYTES ||
	    member_bytes(jwk, "y", point + 1 + P256_BYTES, P256_BYTES) != P256_BYTES)
		return NULL;
	params[0] = OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0);
	params[1] =
		OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point));
	params[2] = OSSL_PARAM_construct_end();
	key = make_key("EC", params);
	/* The point must be on the curve. */
	check = key != NULL ? EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL) : NULL;
	if (check == NULL || EVP_PKEY_public_check(check) != 1) {
		EVP_PKEY_free(key);
		key = NULL;
	}
	EVP_PKEY_CTX_free(check);
	return key;
}

/* Whether the key is one we take; it is then in *out. */
static bool read_key(struct jwk *out, const json_t *jwk)
{
	const char *type = json_string_value(json_object_get(jwk, "kty"));
	const char *use = json_string_value(json_object_get(jwk, "use"));
	const char *alg = json_string_value(json_object_get(jwk, "alg"));
	const char *kid = json_string_value(json_object_get(jwk, "kid"));

	memset(out, 0, sizeof(*out));
	out->alg = JWT_ALG_COUNT;
	if (type == NULL || (use != NULL && strcmp(use, "sig") != 0) ||
	    (kid != NULL && strlen(kid) > JWK_ID_BYTES))
		return false;
	if (alg != NULL) {
		out->alg = jwt_alg_from_name(alg);
		if (out->alg == JWT_ALG_COUNT)
			return false;
	}
	if (kid != NULL)
		memcpy(out->kid, kid, strlen(kid) + 1);
	out->is_rsa = strcmp(type, "RSA") == 0;
	if (out->is_rsa)
		out->key = read_rsa(jwk);
	else if (strcmp(type, "EC") == 0)
		out->key = read_p256(jwk);
	return out->key != NULL;
}

int jwks_parse(struct jwks **out, const char *json, size_t len)
{
	json_t *root =
		len <= JWK_SET_BYTES ? json_loadb(json, len, JSON_REJECT_DUPLICATES, NULL) : NULL;
	const json_t *list = json_object_get(root, "keys");
	struct jwks *keys;

	if (!json_is_array(list) || json_array_size(list) > JWK_MAX_KEYS) {
		json_decref(root);
		return -EBADMSG;
	}
	keys = calloc(1, sizeof(*keys));
	for (size_t i = 0; keys != NULL && i < json_array_size(list); i++)
		keys->count += read_key(&keys->key[keys->count], json_array_get(list, i));
	json_decref(root);
	if (keys == NULL)
		return -ENOMEM;
	*out = keys;
	return 0;
}

void jwks_free(struct jwks *keys)
{
	if (keys == NULL)
		return;
	for (size_t i = 0; i < keys->count; i++)
		EVP_PKEY_free(keys->key[i].key);
	free(keys);
}

size_t jwks_count(const struct jwks *keys)
{
	return keys->count;
}

/* --- verifying -------------------------------------------------------------------------------- */

static bool fits(const struct jwk *key, enum jwt_alg alg)
{
	return key->is_rsa == (alg != JWT_ES256) && (key->alg == JWT_ALG_COUNT || key->alg == alg);
}

/* NULL when there is none, or without kid more than one. */
static const struct jwk *find(const struct jwks *keys, const char *kid, enum jwt_alg alg)
{
	const struct jwk *found = NULL;

	for (size_t i = 0; i < keys->count; i++) {
		const struct jwk *key = &keys->key[i];

		if (!fits(key, alg) || (kid[0] != '\0' && strcmp(kid, key->kid) != 0))
			continue;
		if (found != NULL)
			return NULL;
		found = key;
	}
	return found;
}

/* RFC 7518 3.4: r and s side by side, as OpenSSL does not take them. Bytes written, or -1. */
static int ecdsa_der(uint8_t out[ECDSA_DER_BYTES], const uint8_t *signature, size_t len)
{
	ECDSA_SIG *pair = ECDSA_SIG_new();
	BIGNUM *r, *s;
	int n = -1;

	if (pair == NULL || len != 2 * (size_t)P256_BYTES) {
		ECDSA_SIG_free(pair);
		return -1;
	}
	r = BN_bin2bn(signature, P256_BYTES, NULL);
	s = BN_bin2bn(signature + P256_BYTES, P256_BYTES, NULL);
	if (r == NULL || s == NULL || ECDSA_SIG_set0(pair, r, s) != 1) {
		BN_free(r);
		BN_free(s);
	} else {
		n = i2d_ECDSA_SIG(pair, &out);
	}
	ECDSA_SIG_free(pair);
	return n;
}

static bool is_signed(EVP_PKEY *key, enum jwt_alg alg, const struct jwk_signed *what)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *options = NULL;
	bool is_good =
		ctx != NULL && EVP_DigestVerifyInit(ctx, &options, EVP_sha256(), NULL, key) == 1;

	/* RFC 7518 3.5: the salt is as long as the digest. */
	if (is_good && alg == JWT_PS256)
		is_good = EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) == 1 &&
			  EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST) == 1 &&
			  EVP_PKEY_CTX_set_rsa_mgf1_md(options, EVP_sha256()) == 1;
	is_good = is_good && EVP_DigestVerify(ctx, what->signature, what->signature_len,
					      (const unsigned char *)what->text, what->len) == 1;
	EVP_MD_CTX_free(ctx);
	return is_good;
}

int jwks_verify(const struct jwks *keys, const char *kid, enum jwt_alg alg,
		const struct jwk_signed *what)
{
	const struct jwk *key = alg < JWT_ALG_COUNT ? find(keys, kid, alg) : NULL;
	struct jwk_signed as_der = *what;
	uint8_t der[ECDSA_DER_BYTES];

	if (key == NULL)
		return -ENOKEY;
	if (alg == JWT_ES256) {
		int n = ecdsa_der(der, what->signature, what->signature_len);

		if (n <= 0)
			return -EKEYREJECTED;
		as_der.signature = der;
		as_der.signature_len = (size_t)n;
	}
	return is_signed(key->key, alg, &as_der) ? 0 : -EKEYREJECTED;
}
