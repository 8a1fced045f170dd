/* SPDX-License-Identifier: EUPL-1.2 */
/* The pure parts of the relying party: the provider's document, where browsers are sent, what
 * tokens and claims say, and what must come back with a browser. */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "jwt_signer.h"
#include "server/login_state.h"
#include "server/oidc_claims.h"
#include "server/oidc_metadata.h"

#define ISSUER "https://idp.example.se"
#define ENDPOINTS                                                                                  \
	"\"authorization_endpoint\":\"https://idp.example.se/auth\","                              \
	"\"token_endpoint\":\"https://idp.example.se/token\","                                     \
	"\"jwks_uri\":\"https://idp.example.se/keys\""

static const struct {
	const char *what, *json;
	int result;
} documents[] = {
	{"good", "{\"issuer\":\"" ISSUER "\"," ENDPOINTS "}", 0},
	{"with PKCE",
	 "{\"issuer\":\"" ISSUER "\"," ENDPOINTS
	 ",\"code_challenge_methods_supported\":[\"plain\",\"S256\"],"
	 "\"response_types_supported\":[\"code\"]}",
	 0},
	{"another issuer", "{\"issuer\":\"" ISSUER "/\"," ENDPOINTS "}", -EBADMSG},
	{"no issuer", "{" ENDPOINTS "}", -EBADMSG},
	{"no keys",
	 "{\"issuer\":\"" ISSUER "\",\"authorization_endpoint\":\"https://a/\","
	 "\"token_endpoint\":\"https://a/\"}",
	 -EBADMSG},
	{"in clear",
	 "{\"issuer\":\"" ISSUER "\",\"authorization_endpoint\":\"http://a/\","
	 "\"token_endpoint\":\"https://a/\",\"jwks_uri\":\"https://a/\"}",
	 -EBADMSG},
	{"a header in it",
	 "{\"issuer\":\"" ISSUER "\",\"authorization_endpoint\":\"https://a/\\r\\nSet-Cookie: x\","
	 "\"token_endpoint\":\"https://a/\",\"jwks_uri\":\"https://a/\"}",
	 -EBADMSG},
	{"plain PKCE alone",
	 "{\"issuer\":\"" ISSUER "\"," ENDPOINTS
	 ",\"code_challenge_methods_supported\":[\"plain\"]}",
	 -EBADMSG},
	{"no code flow",
	 "{\"issuer\":\"" ISSUER "\"," ENDPOINTS ",\"response_types_supported\":[\"id_token\"]}",
	 -EBADMSG},
	{"two issuers", "{\"issuer\":\"x\",\"issuer\":\"" ISSUER "\"," ENDPOINTS "}", -EBADMSG},
	{"nonsense", "<html>", -EBADMSG},
	{"a list", "[]", -EBADMSG},
};

static void only_the_issuers_own_document_is_taken(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(documents); i++) {
		struct oidc_metadata m = {.token = "before"};

		g_test_message("%s", documents[i].what);
		g_assert_cmpint(oidc_metadata_parse(&m, ISSUER, documents[i].json,
						    strlen(documents[i].json)),
				==, documents[i].result);
		g_assert_cmpstr(m.token, ==, documents[i].result == 0 ? ISSUER "/token" : "before");
	}
}

static void a_browser_is_sent_with_all_that_must_come_back(void)
{
	struct oidc_metadata m = {.authorization = ISSUER "/auth?tenant=1"};
	const struct oidc_request request = {
		.client_id = "vidd & co",
		.redirect = "https://vidd.example.se/auth/callback",
		.scopes = "openid commission",
		.acr = "http://id.sambi.se/loa/loa3",
		.state = "s",
		.nonce = "n",
		.challenge = "c",
	};
	char url[512], small[64];

	g_assert_cmpint(oidc_authorization_url(&m, &request, url, sizeof(url)), ==, 0);
	g_assert_cmpstr(url, ==,
			ISSUER "/auth?tenant=1&response_type=code&code_challenge_method=S256"
			       "&client_id=vidd%20%26%20co"
			       "&redirect_uri=https%3A%2F%2Fvidd.example.se%2Fauth%2Fcallback"
			       "&scope=openid%20commission&state=s&nonce=n&code_challenge=c"
			       "&acr_values=http%3A%2F%2Fid.sambi.se%2Floa%2Floa3");
	g_assert_cmpint(oidc_authorization_url(&m, &request, small, sizeof(small)), ==, -EMSGSIZE);
}

/* RFC 7636, appendix B. */
static void the_challenge_is_that_of_rfc_7636(void)
{
	char challenge[44];

	g_assert_cmpint(oidc_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", challenge),
			==, 0);
	g_assert_cmpstr(challenge, ==, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

static void an_answer_without_id_token_is_none(void)
{
	static const char *const bad[] = {
		"",
		"{}",
		"{\"token_type\":\"Bearer\",\"access_token\":\"a\"}",
		"{\"id_token\":\"a\",\"access_token\":\"a\"}",
		"{\"token_type\":\"mac\",\"id_token\":\"a\"}",
		"{\"token_type\":\"Bearer\",\"id_token\":7}",
		"{\"token_type\":\"Bearer\",\"id_token\":\"\"}",
	};
	static const char good[] =
		"{\"token_type\":\"bearer\",\"id_token\":\"i\",\"access_token\":\"a\"}";
	struct oidc_tokens tokens = {0};

	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
		g_assert_cmpint(oidc_tokens_parse(&tokens, bad[i], strlen(bad[i])), ==, -EBADMSG);
	g_assert_cmpint(oidc_tokens_parse(&tokens, good, strlen(good)), ==, 0);
	g_assert_cmpstr(tokens.id_token, ==, "i");
	g_assert_cmpstr(tokens.access_token, ==, "a");
	oidc_tokens_close(&tokens);
}

/* --- claims ----------------------------------------------------------------------------------- */

static const struct oidc_claim_names inera = {
	.subject = "employeeHsaId",
	.name = "name",
	.list = "",
	.commission = "commissionHsaId",
	.commission_name = "commissionName",
	.unit = "healthCareUnitHsaId",
	.provider = "healthCareProviderHsaId",
	.purpose = "commissionPurpose",
	.duties = "Vård och behandling=clinician; Administration=administrator",
};

/* A verified token with those claims. */
static struct jwt *token_of(const char *claims)
{
	static const struct jwt_expected expected = {
		.issuer = ISSUER, .client_id = "vidd", .nonce = "n", .now_unix_s = 1795000000};
	struct jwt_signer signer;
	struct jwks *keys;
	struct jwt *jwt = NULL;
	char *set, *token, *all;

	jwt_signer_init(&signer);
	set = jwt_signer_set(&signer, "");
	g_assert_cmpint(jwks_parse(&keys, set, strlen(set)), ==, 0);
	all = g_strconcat("{\"iss\":\"" ISSUER "\",\"aud\":\"vidd\",\"sub\":\"u1\",\"nonce\":\"n\","
			  "\"iat\":1795000000,\"exp\":1795000300,\"acr\":\"loa3\",",
			  claims, "}", NULL);
	token = jwt_signer_sign(&signer, JWT_ES256, "{\"alg\":\"ES256\"}", all);
	g_assert_cmpint(jwt_verify(&jwt, token, strlen(token), keys, &expected), ==, JWT_GOOD);
	g_free(token);
	g_free(all);
	g_free(set);
	jwks_free(keys);
	jwt_signer_close(&signer);
	return jwt;
}

static void one_commission_is_read_from_texts(void)
{
	struct jwt *jwt = token_of(
		"\"employeeHsaId\":\"SE-1\",\"name\":\"Anna Berg\",\"commissionHsaId\":\"SE-M\","
		"\"commissionName\":\"Läkare\",\"healthCareUnitHsaId\":\"SE-U\","
		"\"healthCareProviderHsaId\":\"SE-P\",\"commissionPurpose\":\"Vård och "
		"behandling\"");
	struct oidc_identity *id = g_new(struct oidc_identity, 1);

	g_assert_true(oidc_claims_suffice(jwt, &inera));
	g_assert_cmpint(oidc_claims_read(id, jwt, NULL, &inera), ==, 0);
	g_assert_cmpstr(id->subject, ==, "SE-1");
	g_assert_cmpstr(id->name, ==, "Anna Berg");
	g_assert_cmpstr(id->acr, ==, "loa3");
	g_assert_cmpuint(id->count, ==, 1);
	g_assert_cmpstr(id->commission[0].hsa_id, ==, "SE-M");
	g_assert_cmpstr(id->commission[0].name, ==, "Läkare");
	g_assert_cmpstr(id->commission[0].unit_hsa_id, ==, "SE-U");
	g_assert_cmpstr(id->commission[0].provider_hsa_id, ==, "SE-P");
	g_assert_cmpint(id->commission[0].duty, ==, DUTY_CLINICIAN);
	jwt_free(jwt);
	g_free(id);
}

static void several_come_side_by_side_or_as_objects(void)
{
	struct oidc_claim_names objects = inera;
	struct jwt *jwt = token_of(
		"\"employeeHsaId\":\"SE-1\",\"commissionHsaId\":[\"SE-M\",\"SE-N\",\"SE-O\"],"
		"\"commissionPurpose\":[\"Administration\",\"Forskning\"]");
	struct oidc_identity *id = g_new(struct oidc_identity, 1);

	/* Without a duty for its purpose, or for every other: nothing. */
	g_assert_cmpint(oidc_claims_read(id, jwt, NULL, &inera), ==, 0);
	g_assert_cmpuint(id->count, ==, 1);
	g_assert_cmpint(id->commission[0].duty, ==, DUTY_ADMINISTRATOR);
	g_assert_cmpstr(id->commission[0].name, ==, "SE-M");
	g_assert_cmpstr(id->name, ==, "SE-1");
	jwt_free(jwt);
	objects.list = "commissions";
	objects.duties = "Administration=administrator;*=staff";
	jwt = token_of("\"employeeHsaId\":\"SE-1\",\"commissions\":[{\"commissionHsaId\":\"SE-M\","
		       "\"commissionPurpose\":\"Administration\"},{\"commissionHsaId\":\"\"},7,"
		       "{\"commissionHsaId\":\"SE-N\"}]");
	g_assert_cmpint(oidc_claims_read(id, jwt, NULL, &objects), ==, 0);
	g_assert_cmpuint(id->count, ==, 2);
	g_assert_cmpint(id->commission[0].duty, ==, DUTY_ADMINISTRATOR);
	g_assert_cmpstr(id->commission[1].hsa_id, ==, "SE-N");
	g_assert_cmpint(id->commission[1].duty, ==, DUTY_STAFF);
	jwt_free(jwt);
	g_free(id);
}

static void userinfo_fills_in_and_is_of_the_same_subject(void)
{
	static const char right[] =
		"{\"sub\":\"u1\",\"employeeHsaId\":\"SE-1\",\"commissionHsaId\":"
		"\"SE-M\",\"commissionPurpose\":\"Administration\"}";
	static const char wrong[] = "{\"sub\":\"u2\",\"employeeHsaId\":\"SE-2\"}";
	struct jwt *jwt = token_of("\"x\":1"), *info = NULL;
	struct oidc_identity *id = g_new(struct oidc_identity, 1);

	g_assert_false(oidc_claims_suffice(jwt, &inera));
	g_assert_cmpint(oidc_claims_read(id, jwt, NULL, &inera), ==, -ENOENT);
	g_assert_cmpint(jwt_userinfo(&info, wrong, strlen(wrong), jwt), ==, -EBADMSG);
	g_assert_cmpint(jwt_userinfo(&info, "[]", 2, jwt), ==, -EBADMSG);
	g_assert_cmpint(jwt_userinfo(&info, right, strlen(right), jwt), ==, 0);
	g_assert_cmpint(oidc_claims_read(id, jwt, info, &inera), ==, 0);
	g_assert_cmpstr(id->subject, ==, "SE-1");
	g_assert_cmpuint(id->count, ==, 1);
	jwt_free(info);
	jwt_free(jwt);
	g_free(id);
}

static void commissions_have_a_cap_and_texts_too(void)
{
	GString *many = g_string_new("\"employeeHsaId\":\"SE-1\",\"commissionPurpose\":[\"x\"");
	struct oidc_claim_names names = inera;
	struct oidc_identity *id = g_new(struct oidc_identity, 1);
	char *name = g_strnfill(LIMIT_NAME_BYTES + 1, 'x'), *claims;
	struct jwt *jwt;

	names.duties = "*=staff";
	g_string_append(many, "],\"commissionHsaId\":[\"SE-0\"");
	for (int i = 1; i < OIDC_MAX_COMMISSIONS + 5; i++)
		g_string_append_printf(many, ",\"SE-%d\"", i);
	g_string_append_c(many, ']');
	jwt = token_of(many->str);
	g_assert_cmpint(oidc_claims_read(id, jwt, NULL, &names), ==, 0);
	g_assert_cmpuint(id->count, ==, OIDC_MAX_COMMISSIONS);
	jwt_free(jwt);
	/* A subject that is too long is nobody, not the one it begins with. */
	claims = g_strconcat("\"employeeHsaId\":\"", name, "\"", NULL);
	jwt = token_of(claims);
	g_assert_cmpint(oidc_claims_read(id, jwt, NULL, &names), ==, -ENOENT);
	jwt_free(jwt);
	jwt = token_of("\"employeeHsaId\":\"SE-1\\nlevel=error\"");
	g_assert_cmpint(oidc_claims_read(id, jwt, NULL, &names), ==, -ENOENT);
	jwt_free(jwt);
	g_free(claims);
	g_free(name);
	g_free(id);
	g_string_free(many, TRUE);
}

static void duties_are_pairs(void)
{
	g_assert_true(oidc_duties_valid("*=clinician"));
	g_assert_true(oidc_duties_valid("Vård och behandling=clinician; a=b=staff;*=support"));
	g_assert_false(oidc_duties_valid(""));
	g_assert_false(oidc_duties_valid("clinician"));
	g_assert_false(oidc_duties_valid("=clinician"));
	g_assert_false(oidc_duties_valid("*=doctor"));
	g_assert_false(oidc_duties_valid("*=staff;;"));
}

/* --- what comes back -------------------------------------------------------------------------- */

static void an_answer_is_for_the_browser_that_asked_and_once(void)
{
	struct login_states *s = login_states_new();
	struct rng rng = rng_seeded(7);
	struct login_state one, two, got;

	login_state_begin(s, 0, &rng, NULL, &one);
	login_state_begin(s, 0, &rng, NULL, &two);
	g_assert_cmpstr(one.state, !=, two.state);
	g_assert_cmpint(login_state_take(s, 1, "nonsense", one.cookie, &got), ==, -ENOENT);
	g_assert_cmpint(login_state_take(s, 1, one.state, one.cookie, &got), ==, 0);
	g_assert_cmpstr(got.verifier, ==, one.verifier);
	g_assert_cmpstr(got.nonce, ==, one.nonce);
	g_assert_cmpint(login_state_take(s, 1, one.state, one.cookie, &got), ==, -ENOENT);
	/* Another browser's: refused, and used up. */
	g_assert_cmpint(login_state_take(s, 1, two.state, one.cookie, &got), ==, -ENOENT);
	g_assert_cmpint(login_state_take(s, 1, two.state, two.cookie, &got), ==, -ENOENT);
	login_state_begin(s, 1, &rng, NULL, &one);
	g_assert_cmpint(login_state_take(s, 2, one.state, "", &got), ==, -ENOENT);
	login_state_begin(s, 1, &rng, NULL, &one);
	g_assert_cmpint(login_state_take(s, 1 + LOGIN_STATE_US, one.state, one.cookie, &got), ==,
			-ENOENT);
	login_states_free(s);
}

static void logins_under_way_have_a_cap(void)
{
	struct login_states *s = login_states_new();
	struct rng rng = rng_seeded(7);
	struct login_state first, next, got;

	login_state_begin(s, 0, &rng, NULL, &first);
	for (int i = 0; i < LOGIN_STATE_MAX; i++)
		login_state_begin(s, 0, &rng, NULL, &next);
	g_assert_cmpuint(login_states_count(s), ==, LOGIN_STATE_MAX);
	g_assert_cmpint(login_state_take(s, 1, first.state, first.cookie, &got), ==, -ENOENT);
	g_assert_cmpint(login_state_take(s, 1, next.state, next.cookie, &got), ==, 0);
	login_states_free(s);
}

#define ADD(name) g_test_add_func("/oidc/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(only_the_issuers_own_document_is_taken);
	ADD(a_browser_is_sent_with_all_that_must_come_back);
	ADD(the_challenge_is_that_of_rfc_7636);
	ADD(an_answer_without_id_token_is_none);
	ADD(one_commission_is_read_from_texts);
	ADD(several_come_side_by_side_or_as_objects);
	ADD(userinfo_fills_in_and_is_of_the_same_subject);
	ADD(commissions_have_a_cap_and_texts_too);
	ADD(duties_are_pairs);
	ADD(an_answer_is_for_the_browser_that_asked_and_once);
	ADD(logins_under_way_have_a_cap);
	return g_test_run();
}
