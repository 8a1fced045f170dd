/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib.h>
#include <stdbool.h>
#include <string.h>

#include "server/jwk.h"

/* RFC 7515 A.2 and A.3: keys, signing input and signatures. */
#define RFC_N                                                                                      \
	"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-"                    \
	"4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_"   \
	"7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZl"  \
	"xvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb5" \
	"4h4FRWyuXpoQ"
#define RFC_X "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"
#define RFC_Y "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
#define RFC_CLAIMS                                                                                 \
	"eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ij"   \
	"p0cnVlfQ"
#define RFC_RS256                                                                                  \
	"cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_"           \
	"lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_"                         \
	"nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC" \
	"-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtV" \
	"rBp0igcN_IoypGlUPQGe77Rw"
#define RFC_ES256                                                                                  \
	"DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
#define RFC_SET                                                                                    \
	"{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"a2\",\"n\":\"" RFC_N "\",\"e\":\"AQAB\"},"          \
	"{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"a3\",\"x\":\"" RFC_X "\",\"y\":\"" RFC_Y      \
	"\"}]}"

static int verify(const struct jwks *keys, const char *kid, enum jwt_alg alg, const char *text,
		  const char *signature)
{
	uint8_t bytes[512];
	long n = jwk_base64url(bytes, sizeof(bytes), signature, strlen(signature));

	g_assert_cmpint(n, >, 0);
	return jwks_verify(keys, kid, alg,
			   &(struct jwk_signed){text, strlen(text), bytes, (size_t)n});
}

static void the_examples_of_rfc_7515_verify(void)
{
	static const char rs[] = "eyJhbGciOiJSUzI1NiJ9." RFC_CLAIMS;
	static const char es[] = "eyJhbGciOiJFUzI1NiJ9." RFC_CLAIMS;
	struct jwks *keys = NULL;

	g_assert_cmpint(jwks_parse(&keys, RFC_SET, strlen(RFC_SET)), ==, 0);
	g_assert_cmpuint(jwks_count(keys), ==, 2);
	g_assert_cmpint(verify(keys, "a2", JWT_RS256, rs, RFC_RS256), ==, 0);
	g_assert_cmpint(verify(keys, "a3", JWT_ES256, es, RFC_ES256), ==, 0);
	g_assert_cmpint(verify(keys, "", JWT_ES256, es, RFC_ES256), ==, 0);
	/* Another text, another signature, another padding, a key of another kind. */
	g_assert_cmpint(verify(keys, "a2", JWT_RS256, es, RFC_RS256), ==, -EKEYREJECTED);
	g_assert_cmpint(verify(keys, "a3", JWT_ES256, rs, RFC_ES256), ==, -EKEYREJECTED);
	g_assert_cmpint(verify(keys, "a2", JWT_PS256, rs, RFC_RS256), ==, -EKEYREJECTED);
	g_assert_cmpint(verify(keys, "a3", JWT_ES256, es, RFC_RS256), ==, -EKEYREJECTED);
	g_assert_cmpint(verify(keys, "a3", JWT_RS256, rs, RFC_RS256), ==, -ENOKEY);
	g_assert_cmpint(verify(keys, "a2", JWT_ES256, es, RFC_ES256), ==, -ENOKEY);
	g_assert_cmpint(verify(keys, "a9", JWT_RS256, rs, RFC_RS256), ==, -ENOKEY);
	g_assert_cmpint(verify(keys, "a2", JWT_ALG_COUNT, rs, RFC_RS256), ==, -ENOKEY);
	jwks_free(keys);
}

/* r = s = 0 was once taken as a signature of everything (CVE-2022-21449). */
static void a_signature_of_zeros_is_none(void)
{
	uint8_t zeros[64] = {0};
	struct jwks *keys = NULL;

	g_assert_cmpint(jwks_parse(&keys, RFC_SET, strlen(RFC_SET)), ==, 0);
	g_assert_cmpint(jwks_verify(keys, "a3", JWT_ES256, &(struct jwk_signed){"x", 1, zeros, 64}),
			==, -EKEYREJECTED);
	g_assert_cmpint(jwks_verify(keys, "a3", JWT_ES256, &(struct jwk_signed){"x", 1, zeros, 0}),
			==, -EKEYREJECTED);
	g_assert_cmpint(jwks_verify(keys, "a2", JWT_RS256, &(struct jwk_signed){"x", 1, zeros, 0}),
			==, -EKEYREJECTED);
	jwks_free(keys);
}

#define EC_KEY(x, y)	    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" x "\",\"y\":\"" y "\"}"
#define RSA_KEY(n, e, more) "{\"kty\":\"RSA\",\"n\":\"" n "\",\"e\":\"" e "\"" more "}"

static const struct {
	const char *what, *key;
	bool is_taken;
} key_rows[] = {
	{"good", RSA_KEY(RFC_N, "AQAB", ""), true},
	{"for signatures", RSA_KEY(RFC_N, "AQAB", ",\"use\":\"sig\",\"alg\":\"PS256\""), true},
	{"for encryption", RSA_KEY(RFC_N, "AQAB", ",\"use\":\"enc\""), false},
	{"for HMAC", RSA_KEY(RFC_N, "AQAB", ",\"alg\":\"HS256\""), false},
	{"symmetric", "{\"kty\":\"oct\",\"k\":\"AAAA\"}", false},
	{"even exponent", RSA_KEY(RFC_N, "AQAC", ""), false},
	{"exponent of one", RSA_KEY(RFC_N, "AQ", ""), false},
	{"short modulus", RSA_KEY("ofgWCuLjybRlzo0tZWJjNg", "AQAB", ""), false},
	{"no base64url", RSA_KEY("====", "AQAB", ""), false},
	{"no modulus", "{\"kty\":\"RSA\",\"e\":\"AQAB\"}", false},
	{"good", EC_KEY(RFC_X, RFC_Y), true},
	{"not on the curve", EC_KEY(RFC_X, RFC_X), false},
	{"short", EC_KEY(RFC_X, "AQAB"), false},
	{"another curve",
	 "{\"kty\":\"EC\",\"crv\":\"P-384\",\"x\":\"" RFC_X "\",\"y\":\"" RFC_Y "\"}", false},
	{"nothing", "{}", false},
	{"no object", "7", false},
};

static void only_keys_that_can_sign_are_taken(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(key_rows); i++) {
		char *set = g_strconcat("{\"keys\":[", key_rows[i].key, "]}", NULL);
		struct jwks *keys = NULL;

		g_test_message("row %zu: %s", i, key_rows[i].what);
		g_assert_cmpint(jwks_parse(&keys, set, strlen(set)), ==, 0);
		g_assert_cmpuint(jwks_count(keys), ==, key_rows[i].is_taken);
		jwks_free(keys);
		g_free(set);
	}
}

static void a_key_for_one_algorithm_fits_no_other(void)
{
	static const char set[] =
		"{\"keys\":[" RSA_KEY(RFC_N, "AQAB", ",\"kid\":\"a\",\"alg\":\"PS256\"") "]}";
	static const char rs[] = "eyJhbGciOiJSUzI1NiJ9." RFC_CLAIMS;
	struct jwks *keys = NULL;

	g_assert_cmpint(jwks_parse(&keys, set, strlen(set)), ==, 0);
	g_assert_cmpint(verify(keys, "a", JWT_RS256, rs, RFC_RS256), ==, -ENOKEY);
	jwks_free(keys);
}

static void nonsense_and_too_much_are_refused(void)
{
	static const char *const bad[] = {
		"", "[]", "{}", "{\"keys\":{}}", "{\"keys\":[]", "{\"keys\":[],\"keys\":[]}"};
	GString *many = g_string_new("{\"keys\":[{}");
	struct jwks *keys = NULL;
	char *large;

	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
		g_assert_cmpint(jwks_parse(&keys, bad[i], strlen(bad[i])), ==, -EBADMSG);
	for (int i = 0; i < JWK_MAX_KEYS; i++)
		g_string_append(many, ",{}");
	g_string_append(many, "]}");
	g_assert_cmpint(jwks_parse(&keys, many->str, many->len), ==, -EBADMSG);
	g_string_free(many, TRUE);
	large = g_strnfill(JWK_SET_BYTES, ' ');
	memcpy(large, "{\"keys\":[]}", 11);
	g_assert_cmpint(jwks_parse(&keys, large, JWK_SET_BYTES + 1), ==, -EBADMSG);
	g_assert_cmpint(jwks_parse(&keys, large, JWK_SET_BYTES), ==, 0);
	jwks_free(keys);
	g_free(large);
}

static const struct {
	const char *text;
	long len;
} texts[] = {
	{"", 0},
	{"AA", 1},
	{"AAA", 2},
	{"AAAA", 3},
	{"-_-_", 3},
	{"A", -EBADMSG},
	{"AAAAA", -EBADMSG},
	{"AA==", -EBADMSG},
	{"AB", -EBADMSG},
	{"AAB", -EBADMSG},
	{"A+AA", -EBADMSG},
	{"A/AA", -EBADMSG},
	{"A AA", -EBADMSG},
	{"AAAAAAAA", -EBADMSG}, /* more than there is room for */
};

static void base64url_has_one_text_per_value(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		uint8_t bytes[4];

		g_test_message("%s", texts[i].text);
		g_assert_cmpint(
			jwk_base64url(bytes, sizeof(bytes), texts[i].text, strlen(texts[i].text)),
			==, texts[i].len);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/jwk/the_examples_of_rfc_7515_verify", the_examples_of_rfc_7515_verify);
	g_test_add_func("/jwk/a_signature_of_zeros_is_none", a_signature_of_zeros_is_none);
	g_test_add_func("/jwk/only_keys_that_can_sign_are_taken",
			only_keys_that_can_sign_are_taken);
	g_test_add_func("/jwk/a_key_for_one_algorithm_fits_no_other",
			a_key_for_one_algorithm_fits_no_other);
	g_test_add_func("/jwk/nonsense_and_too_much_are_refused",
			nonsense_and_too_much_are_refused);
	g_test_add_func("/jwk/base64url_has_one_text_per_value", base64url_has_one_text_per_value);
	return g_test_run();
}
