/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>
#include <openssl/hmac.h>
#include <string.h>

#include "jwt_signer.h"
#include "server/jwt.h"

#define NOW 1795000000

static const char *const levels[] = {"loa3", "loa4", NULL};

static struct jwt_signer signer;
static char *key_set; /* of signer, as text */
static struct jwks *keys;

static struct jwt_expected expected(void)
{
	return (struct jwt_expected){
		.issuer = "https://idp.example.se",
		.client_id = "vidd",
		.nonce = "n-1",
		.acr = levels,
		.now_unix_s = NOW,
	};
}

static enum jwt_fault verify(const char *token)
{
	struct jwt_expected e = expected();
	struct jwt *jwt = NULL;
	enum jwt_fault fault = jwt_verify(&jwt, token, strlen(token), keys, &e);

	g_assert_true((fault == JWT_GOOD) == (jwt != NULL));
	jwt_free(jwt);
	return fault;
}

#define ISS   "\"iss\":\"https://idp.example.se\","
#define SUB   "\"sub\":\"SE1-9K2\","
#define AUD   "\"aud\":\"vidd\","
#define NONCE "\"nonce\":\"n-1\","
#define ACR   "\"acr\":\"loa3\","
#define IAT   "\"iat\":1795000000,"
#define EXP   "\"exp\":1795000300"

static const struct {
	const char *claims;
	enum jwt_fault fault;
} claim_rows[] = {
	{ISS SUB AUD NONCE ACR IAT EXP, JWT_GOOD},
	{ISS SUB "\"aud\":[\"vidd\"]," NONCE ACR IAT EXP, JWT_GOOD},
	{ISS SUB "\"aud\":[\"x\",\"vidd\"],\"azp\":\"vidd\"," NONCE ACR IAT EXP, JWT_GOOD},
	{ISS SUB "\"aud\":[\"x\",\"vidd\"]," NONCE ACR IAT EXP, JWT_AUDIENCE},
	{ISS SUB "\"aud\":[\"x\",\"vidd\"],\"azp\":\"x\"," NONCE ACR IAT EXP, JWT_AUDIENCE},
	{ISS SUB AUD "\"azp\":\"x\"," NONCE ACR IAT EXP, JWT_AUDIENCE},
	{ISS SUB "\"aud\":\"vidd2\"," NONCE ACR IAT EXP, JWT_AUDIENCE},
	{ISS SUB "\"aud\":[]," NONCE ACR IAT EXP, JWT_AUDIENCE},
	{ISS SUB NONCE ACR IAT EXP, JWT_AUDIENCE},
	{"\"iss\":\"https://idp.example.se/\"," SUB AUD NONCE ACR IAT EXP, JWT_ISSUER},
	{"\"iss\":\"https://IDP.example.se\"," SUB AUD NONCE ACR IAT EXP, JWT_ISSUER},
	{"\"iss\":[\"https://idp.example.se\"]," SUB AUD NONCE ACR IAT EXP, JWT_ISSUER},
	{SUB AUD NONCE ACR IAT EXP, JWT_ISSUER},
	{ISS SUB AUD NONCE ACR IAT "\"exp\":1794999941", JWT_GOOD}, /* clocks differ */
	{ISS SUB AUD NONCE ACR IAT "\"exp\":1794999940", JWT_EXPIRED},
	{ISS SUB AUD NONCE ACR IAT "\"exp\":\"1795000300\"", JWT_TIME},
	{ISS SUB AUD NONCE ACR IAT "\"exp\":1e300", JWT_TIME},
	{ISS SUB AUD NONCE ACR IAT "\"x\":1", JWT_TIME},
	{ISS SUB AUD NONCE ACR EXP, JWT_TIME},
	{ISS SUB AUD NONCE ACR "\"iat\":1795000060," EXP, JWT_GOOD},
	{ISS SUB AUD NONCE ACR "\"iat\":1795000061," EXP, JWT_TIME},
	{ISS SUB AUD NONCE ACR "\"iat\":1794999400," EXP, JWT_GOOD},
	{ISS SUB AUD NONCE ACR "\"iat\":1794999399," EXP, JWT_TIME},
	{ISS SUB AUD NONCE ACR IAT "\"nbf\":1795000061," EXP, JWT_TIME},
	{ISS SUB AUD NONCE ACR IAT "\"nbf\":1795000000.5," EXP, JWT_GOOD},
	{ISS SUB AUD NONCE ACR IAT "\"nbf\":null," EXP, JWT_TIME},
	{ISS SUB AUD "\"nonce\":\"n-2\"," ACR IAT EXP, JWT_NONCE},
	{ISS SUB AUD "\"nonce\":\"n-11\"," ACR IAT EXP, JWT_NONCE},
	{ISS SUB AUD ACR IAT EXP, JWT_NONCE},
	{ISS "\"sub\":\"\"," AUD NONCE ACR IAT EXP, JWT_SUBJECT},
	{ISS "\"sub\":7," AUD NONCE ACR IAT EXP, JWT_SUBJECT},
	{ISS AUD NONCE ACR IAT EXP, JWT_SUBJECT},
	{ISS SUB AUD NONCE "\"acr\":\"loa4\"," IAT EXP, JWT_GOOD},
	{ISS SUB AUD NONCE "\"acr\":\"loa2\"," IAT EXP, JWT_ACR},
	{ISS SUB AUD NONCE "\"acr\":\"loa33\"," IAT EXP, JWT_ACR},
	{ISS SUB AUD NONCE IAT EXP, JWT_ACR},
	{ISS ISS SUB AUD NONCE ACR IAT EXP, JWT_MALFORMED}, /* which of the two? */
};

static void each_claim_must_be_as_expected(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(claim_rows); i++) {
		char *claims = g_strconcat("{", claim_rows[i].claims, "}", NULL);
		char *token = jwt_signer_sign(&signer, JWT_ES256,
					      "{\"alg\":\"ES256\",\"kid\":\"e1\"}", claims);

		g_test_message("row %zu: %s", i, claims);
		g_assert_cmpstr(jwt_fault_name(verify(token)), ==,
				jwt_fault_name(claim_rows[i].fault));
		g_free(token);
		g_free(claims);
	}
}

#define GOOD "{" ISS SUB AUD NONCE ACR IAT EXP "}"

/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): a table */
static const struct {
	enum jwt_alg signed_by;
	const char *header;
	enum jwt_fault fault;
} header_rows[] = {
	{JWT_RS256, "{\"alg\":\"RS256\",\"kid\":\"r1\",\"typ\":\"JWT\"}", JWT_GOOD},
	{JWT_PS256, "{\"alg\":\"PS256\",\"kid\":\"r1\"}", JWT_GOOD},
	{JWT_ES256, "{\"alg\":\"ES256\",\"kid\":\"e1\"}", JWT_GOOD},
	{JWT_RS256, "{\"alg\":\"RS256\"}", JWT_GOOD},
	{JWT_RS256, "{\"alg\":\"RS256\",\"kid\":\"r2\"}", JWT_KEY_UNKNOWN},
	{JWT_RS256, "{\"alg\":\"RS256\",\"kid\":\"e1\"}", JWT_KEY_UNKNOWN},
	{JWT_RS256, "{\"alg\":\"PS256\",\"kid\":\"r1\"}", JWT_SIGNATURE},
	{JWT_PS256, "{\"alg\":\"RS256\",\"kid\":\"r1\"}", JWT_SIGNATURE},
	{JWT_ES256, "{\"alg\":\"RS256\",\"kid\":\"r1\"}", JWT_SIGNATURE},
	{JWT_RS256, "{\"alg\":\"none\",\"kid\":\"r1\"}", JWT_ALGORITHM},
	{JWT_RS256, "{\"alg\":\"None\",\"kid\":\"r1\"}", JWT_ALGORITHM},
	{JWT_RS256, "{\"alg\":\"HS256\",\"kid\":\"r1\"}", JWT_ALGORITHM},
	{JWT_RS256, "{\"alg\":\"rs256\",\"kid\":\"r1\"}", JWT_ALGORITHM},
	{JWT_RS256, "{\"alg\":null,\"kid\":\"r1\"}", JWT_ALGORITHM},
	{JWT_RS256, "{\"kid\":\"r1\"}", JWT_ALGORITHM},
	{JWT_RS256, "{\"alg\":\"RS256\",\"kid\":\"r1\",\"crit\":[\"exp\"]}", JWT_MALFORMED},
	{JWT_RS256, "{\"alg\":\"RS256\",\"kid\":\"r1\",\"b64\":false}", JWT_MALFORMED},
	{JWT_RS256, "{\"alg\":\"RS256\",\"kid\":7}", JWT_MALFORMED},
	{JWT_RS256, "{\"alg\":\"RS256\",\"alg\":\"none\"}", JWT_MALFORMED},
	{JWT_RS256, "[]", JWT_MALFORMED},
	/* The token brings its own key: not asked. */
	{JWT_RS256, "{\"alg\":\"RS256\",\"kid\":\"z\",\"jku\":\"https://x.example/\"}",
	 JWT_KEY_UNKNOWN},
};

static void each_header_names_a_key_of_ours_or_is_refused(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(header_rows); i++) {
		char *token = jwt_signer_sign(&signer, header_rows[i].signed_by,
					      header_rows[i].header, GOOD);

		g_test_message("row %zu: %s", i, header_rows[i].header);
		g_assert_cmpstr(jwt_fault_name(verify(token)), ==,
				jwt_fault_name(header_rows[i].fault));
		g_free(token);
	}
}

/* The public key used as a shared secret: what a verifier that lets the token choose falls for. */
static void a_public_key_is_no_secret(void)
{
	static const char hmac[] = "{\"alg\":\"HS256\",\"kid\":\"r1\"}";
	char *header = jwt_signer_base64url(hmac, strlen(hmac));
	char *claims = jwt_signer_base64url(GOOD, strlen(GOOD));
	char *text = g_strconcat(header, ".", claims, NULL), *signature, *token;
	uint8_t mac[32];
	unsigned len = sizeof(mac);

	HMAC(EVP_sha256(), key_set, (int)strlen(key_set), (const uint8_t *)text, strlen(text), mac,
	     &len);
	signature = jwt_signer_base64url(mac, len);
	token = g_strconcat(text, ".", signature, NULL);
	g_assert_cmpint(verify(token), ==, JWT_ALGORITHM);
	g_free(token);
	token = g_strconcat(text, ".", NULL);
	g_assert_cmpint(verify(token), ==, JWT_ALGORITHM);
	g_free(token);
	g_free(signature);
	g_free(text);
	g_free(claims);
	g_free(header);
}

static void a_changed_token_is_refused(void)
{
	char *token =
		jwt_signer_sign(&signer, JWT_RS256, "{\"alg\":\"RS256\",\"kid\":\"r1\"}", GOOD);
	size_t len = strlen(token);

	for (size_t i = 0; i < len; i += 7) {
		char before = token[i];

		token[i] = before == 'A' ? 'B' : before == '.' ? 'A' : 'A';
		g_assert_cmpint(verify(token), !=, JWT_GOOD);
		token[i] = before;
	}
	for (size_t i = 0; i < len; i += 11) {
		char *cut = g_strndup(token, i);

		g_assert_cmpint(verify(cut), !=, JWT_GOOD);
		g_free(cut);
	}
	g_assert_cmpint(verify(token), ==, JWT_GOOD);
	g_free(token);
}

static void a_token_has_a_cap(void)
{
	char *pad = g_strnfill(JWT_BYTES, 'x');
	char *claims =
		g_strconcat("{\"pad\":\"", pad, "\"," ISS SUB AUD NONCE ACR IAT EXP "}", NULL);
	char *token = jwt_signer_sign(&signer, JWT_ES256, "{\"alg\":\"ES256\"}", claims);

	g_assert_cmpint(verify(token), ==, JWT_MALFORMED);
	g_free(token);
	g_free(claims);
	g_free(pad);
}

static void claims_are_read_as_text_and_lists(void)
{
	char *token = jwt_signer_sign(&signer, JWT_ES256, "{\"alg\":\"ES256\"}",
				      "{" ISS SUB AUD NONCE ACR IAT EXP
				      ",\"name\":\"Anna Berg\",\"number\":7,"
				      "\"one\":\"m1\",\"many\":[\"m1\",\"m2\",3],"
				      "\"commissions\":[{\"id\":\"m1\"},{\"id\":2},7]}");
	struct jwt_expected e = expected();
	struct jwt *jwt = NULL;

	g_assert_cmpint(jwt_verify(&jwt, token, strlen(token), keys, &e), ==, JWT_GOOD);
	g_assert_cmpstr(jwt_text(jwt, "name"), ==, "Anna Berg");
	g_assert_cmpstr(jwt_text(jwt, "number"), ==, "");
	g_assert_cmpstr(jwt_text(jwt, "absent"), ==, "");
	g_assert_cmpstr(jwt_text_at(jwt, "one", 0), ==, "m1");
	g_assert_null(jwt_text_at(jwt, "one", 1));
	g_assert_cmpstr(jwt_text_at(jwt, "many", 1), ==, "m2");
	g_assert_cmpstr(jwt_text_at(jwt, "many", 2), ==, "");
	g_assert_null(jwt_text_at(jwt, "many", 3));
	g_assert_null(jwt_text_at(jwt, "absent", 0));
	g_assert_cmpstr(jwt_member_at(jwt, "commissions", 0, "id"), ==, "m1");
	g_assert_cmpstr(jwt_member_at(jwt, "commissions", 1, "id"), ==, "");
	g_assert_cmpstr(jwt_member_at(jwt, "commissions", 2, "id"), ==, "");
	g_assert_null(jwt_member_at(jwt, "commissions", 3, "id"));
	g_assert_null(jwt_member_at(jwt, "name", 0, "id"));
	jwt_free(jwt);
	g_free(token);
}

int main(int argc, char **argv)
{
	int code;

	g_test_init(&argc, &argv, NULL);
	jwt_signer_init(&signer);
	key_set = jwt_signer_set(&signer, "");
	g_assert_cmpint(jwks_parse(&keys, key_set, strlen(key_set)), ==, 0);
	g_test_add_func("/jwt/each_claim_must_be_as_expected", each_claim_must_be_as_expected);
	g_test_add_func("/jwt/each_header_names_a_key_of_ours_or_is_refused",
			each_header_names_a_key_of_ours_or_is_refused);
	g_test_add_func("/jwt/a_public_key_is_no_secret", a_public_key_is_no_secret);
	g_test_add_func("/jwt/a_changed_token_is_refused", a_changed_token_is_refused);
	g_test_add_func("/jwt/a_token_has_a_cap", a_token_has_a_cap);
	g_test_add_func("/jwt/claims_are_read_as_text_and_lists",
			claims_are_read_as_text_and_lists);
	code = g_test_run();
	jwks_free(keys);
	g_free(key_set);
	jwt_signer_close(&signer);
	return code;
}
