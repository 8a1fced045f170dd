/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/oidc_metadata.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "server/token_text.h"

/* --- discovery -------------------------------------------------------------------------------- */

/* Only https, without what would let a URL mean two things. */
static bool copy_url(char out[OIDC_URL_BYTES + 1], const json_t *root, const char *name)
{
	const char *url = json_string_value(json_object_get(root, name));

	out[0] = '\0';
	if (url == NULL || strlen(url) > OIDC_URL_BYTES || strncmp(url, "https://", 8) != 0 ||
	    strpbrk(url, "#\"<>\\^`{|} ") != NULL)
		return false;
	for (const char *p = url; *p != '\0'; p++) {
		if (*p < 0x21 || *p > 0x7e)
			return false;
	}
	memcpy(out, url, strlen(url) + 1);
	return true;
}

static bool lists(const json_t *root, const char *name, const char *value, bool when_absent)
{
	const json_t *list = json_object_get(root, name);

	if (!json_is_array(list))
		return when_absent;
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *text = json_string_value(json_array_get(list, i));

		if (text != NULL && strcmp(text, value) == 0)
			return true;
	}
	return false;
}

int oidc_metadata_parse(struct oidc_metadata *out, const char *issuer, const char *json, size_t len)
{
	json_t *root = json_loadb(json, len, JSON_REJECT_DUPLICATES, NULL);
	const char *said = json_string_value(json_object_get(root, "issuer"));
	struct oidc_metadata m;
	bool is_good;

	memset(&m, 0, sizeof(m));
	is_good = said != NULL && strcmp(said, issuer) == 0 &&
		  copy_url(m.authorization, root, "authorization_endpoint") &&
		  copy_url(m.token, root, "token_endpoint") && copy_url(m.keys, root, "jwks_uri") &&
		  lists(root, "response_types_supported", "code", true) &&
		  lists(root, "code_challenge_methods_supported", "S256", true);
	(void)copy_url(m.userinfo, root, "userinfo_endpoint");	     /* may be absent */
	(void)copy_url(m.end_session, root, "end_session_endpoint"); /* may be absent */
	m.tells_issuer = json_is_true(
		json_object_get(root, "authorization_response_iss_parameter_supported"));
	/* Discovery 3: Basic is meant when nothing is said. */
	m.takes_post =
		!lists(root, "token_endpoint_auth_methods_supported", "client_secret_basic", true);
	json_decref(root);
	if (!is_good)
		return -EBADMSG;
	*out = m;
	return 0;
}

/* --- asking ----------------------------------------------------------------------------------- */

int oidc_encode(char *out, size_t size, const char *value)
{
	static const char kept[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				   "0123456789-._~";
	size_t used = strlen(out);

	for (const char *p = value; *p != '\0'; p++) {
		bool is_kept = strchr(kept, *p) != NULL;

		if (used + (is_kept ? 1 : 3) >= size)
			return -EMSGSIZE;
		used += (size_t)snprintf(out + used, size - used, is_kept ? "%c" : "%%%02X",
					 (unsigned char)*p);
	}
	return 0;
}

static int add(char *out, size_t size, const char *name, const char *value)
{
	size_t used = strlen(out);

	if (used + strlen(name) + 2 >= size)
		return -EMSGSIZE;
	snprintf(out + used, size - used, "&%s=", name);
	return oidc_encode(out, size, value);
}

int oidc_authorization_url(const struct oidc_metadata *metadata, const struct oidc_request *request,
			   char *out, size_t size)
{
	const struct {
		const char *name, *value;
	} arguments[] = {
		{"client_id", request->client_id}, {"redirect_uri", request->redirect},
		{"scope", request->scopes},	   {"state", request->state},
		{"nonce", request->nonce},	   {"code_challenge", request->challenge},
		{"acr_values", request->acr},
	};
	const char *joint = strchr(metadata->authorization, '?') != NULL ? "&" : "?";
	int n = snprintf(out, size, "%s%sresponse_type=code&code_challenge_method=S256",
			 metadata->authorization, joint);
	int r = n < 0 || (size_t)n >= size ? -EMSGSIZE : 0;

	for (size_t i = 0; i < sizeof(arguments) / sizeof(arguments[0]) && r == 0; i++) {
		if (arguments[i].value[0] != '\0')
			r = add(out, size, arguments[i].name, arguments[i].value);
	}
	return r;
}

int oidc_challenge(const char *verifier, char out[44])
{
	uint8_t hash[TOKEN_HASH_BYTES];

	if (token_text_hash(hash, verifier) < 0)
		return -EIO;
	token_text_base64url(out, hash, sizeof(hash));
	return 0;
}

/* --- the answer ------------------------------------------------------------------------------- */

static char *copy_token(const json_t *root, const char *name)
{
	const json_t *value = json_object_get(root, name);

	if (!json_is_string(value) || json_string_length(value) == 0 ||
	    json_string_length(value) > OIDC_TOKEN_BYTES)
		return NULL;
	return strdup(json_string_value(value));
}

int oidc_tokens_parse(struct oidc_tokens *out, const char *json, size_t len)
{
	json_t *root = json_loadb(json, len, JSON_REJECT_DUPLICATES, NULL);
	const char *type = json_string_value(json_object_get(root, "token_type"));
	struct oidc_tokens t = {0};

	if (type != NULL && strcasecmp(type, "Bearer") == 0) {
		t.id_token = copy_token(root, "id_token");
		t.access_token = copy_token(root, "access_token");
	}
	json_decref(root);
	if (t.id_token == NULL) {
		oidc_tokens_close(&t);
		return -EBADMSG;
	}
	*out = t;
	return 0;
}

static void wipe(char *text)
{
	if (text != NULL)
		explicit_bzero(text, strlen(text));
	free(text);
}

void oidc_tokens_close(struct oidc_tokens *tokens)
{
	wipe(tokens->id_token);
	wipe(tokens->access_token);
	memset(tokens, 0, sizeof(*tokens));
}
