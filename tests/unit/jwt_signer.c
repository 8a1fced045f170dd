/* SPDX-License-Identifier: EUPL-1.2 */
#include "jwt_signer.h"

#include <glib.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/rsa.h>
#include <string.h>

#include "server/token_text.h"

char *jwt_signer_base64url(const void *bytes, size_t len)
{
	char *text = g_malloc((len * 4 + 2) / 3 + 1);

	token_text_base64url(text, bytes, len);
	return text;
}

void jwt_signer_init(struct jwt_signer *signer)
{
	signer->rsa = EVP_RSA_gen(2048);
	signer->ec = EVP_EC_gen("P-256");
	g_assert_nonnull(signer->rsa);
	g_assert_nonnull(signer->ec);
}

void jwt_signer_close(struct jwt_signer *signer)
{
	EVP_PKEY_free(signer->rsa);
	EVP_PKEY_free(signer->ec);
}

static char *number(EVP_PKEY *key, const char *name, size_t len)
{
	BIGNUM *bn = NULL;
	uint8_t bytes[512];
	char *text;

	g_assert_cmpint(EVP_PKEY_get_bn_param(key, name, &bn), ==, 1);
	if (len == 0)
		len = (size_t)BN_num_bytes(bn);
	g_assert_cmpint(BN_bn2binpad(bn, bytes, (int)len), ==, (int)len);
	text = jwt_signer_base64url(bytes, len);
	BN_free(bn);
	return text;
}

char *jwt_signer_set(const struct jwt_signer *signer, const char *rsa_members)
{
	char *n = number(signer->rsa, OSSL_PKEY_PARAM_RSA_N, 0);
	char *e = number(signer->rsa, OSSL_PKEY_PARAM_RSA_E, 0);
	char *x = number(signer->ec, OSSL_PKEY_PARAM_EC_PUB_X, 32);
	char *y = number(signer->ec, OSSL_PKEY_PARAM_EC_PUB_Y, 32);
	char *set = g_strdup_printf(
		"{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"r1\",\"n\":\"%s\",\"e\":\"%s\"%s},"
		"{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"e1\",\"x\":\"%s\",\"y\":\"%s\"}]}",
		n, e, rsa_members, x, y);

	g_free(n);
	g_free(e);
	g_free(x);
	g_free(y);
	return set;
}

/* DER as OpenSSL makes it to r and s side by side. */
static void to_jws(uint8_t *signature, size_t *len)
{
	const uint8_t *der = signature;
	ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &der, (long)*len);

	g_assert_nonnull(pair);
	BN_bn2binpad(ECDSA_SIG_get0_r(pair), signature, 32);
	BN_bn2binpad(ECDSA_SIG_get0_s(pair), signature + 32, 32);
	*len = 64;
	ECDSA_SIG_free(pair);
}

char *jwt_signer_sign(const struct jwt_signer *signer, enum jwt_alg alg, const char *header,
		      const char *claims)
{
	char *h = jwt_signer_base64url(header, strlen(header));
	char *c = jwt_signer_base64url(claims, strlen(claims));
	char *text = g_strconcat(h, ".", c, NULL), *s, *token;
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *options;
	uint8_t signature[512];
	size_t len = sizeof(signature);

	g_assert_cmpint(EVP_DigestSignInit(ctx, &options, EVP_sha256(), NULL,
					   alg == JWT_ES256 ? signer->ec : signer->rsa),
			==, 1);
	if (alg == JWT_PS256) {
		EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING);
		EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST);
	}
	g_assert_cmpint(EVP_DigestSign(ctx, signature, &len, (const uint8_t *)text, strlen(text)),
			==, 1);
	if (alg == JWT_ES256)
		to_jws(signature, &len);
	s = jwt_signer_base64url(signature, len);
	token = g_strconcat(text, ".", s, NULL);
	EVP_MD_CTX_free(ctx);
	g_free(h);
	g_free(c);
	g_free(s);
	g_free(text);
	return token;
}
