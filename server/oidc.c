/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/oidc.h"

#include <errno.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "server/clock.h"
#include "server/file.h"
#include "server/http_client.h"
#include "server/log.h"

#define CALLBACK  "/auth/callback" /* what `redirect` ends with */
#define DISCOVERY "/.well-known/openid-configuration"
/* Somebody waits before a page that is being loaded. */
#define TIMEOUT_MS 8000L
/* Documents, keys and tokens take some kilobytes. */
#define REPLY_BYTES  262144
#define SECRET_BYTES 512
/* The provider's document is read anew after an hour; while there is none yet, at most once a
 * second. Its keys are read anew for one that is not known, at most once a minute. */
#define METADATA_US	  3600000000
#define METADATA_RETRY_US 1000000
#define KEYS_US		  60000000
#define FORM_BYTES	  4096

struct oidc {
	struct oidc_settings settings;
	const char *redirect;
	char *secret; /* NULL: a public client */
	char *secret_text;
	char **acr; /* NULL after the last; NULL: any */
	/* The errand thread's. */
	struct oidc_metadata metadata;
	bool has_metadata;
	int64_t metadata_us;
	struct jwks *keys;  /* NULL before the first */
	int64_t renewed_us; /* when they were read for a key that was not among them; 0: never */
};

/* --- setting up ------------------------------------------------------------------------------- */

static int read_secret(struct oidc *o)
{
	const char *path = o->settings.secret_file;
	size_t len;
	int r;

	if (path[0] == '\0')
		return 0;
	r = file_read(path, SECRET_BYTES, &o->secret_text, &len);
	if (r < 0) {
		log_error("oidc-secret", "file=%s result=%d", path, r);
		return -EINVAL;
	}
	o->secret = g_strstrip(o->secret_text);
	return o->secret[0] != '\0' ? 0 : -EINVAL;
}

int oidc_new(struct oidc **out, const struct oidc_settings *settings, const char *redirect)
{
	struct oidc *o = g_new0(struct oidc, 1);
	int r;

	o->settings = *settings;
	o->redirect = redirect;
	if (settings->acr[0] != '\0')
		o->acr = g_strsplit(settings->acr, " ", -1);
	r = read_secret(o);
	if (r < 0) {
		oidc_free(o);
		return r;
	}
	*out = o;
	return 0;
}

void oidc_free(struct oidc *o)
{
	if (o == NULL)
		return;
	if (o->secret_text != NULL)
		explicit_bzero(o->secret_text, strlen(o->secret_text));
	free(o->secret_text);
	g_strfreev(o->acr);
	jwks_free(o->keys);
	g_free(o);
}

const char *oidc_issuer(const struct oidc *o)
{
	return o->settings.issuer;
}

const char *oidc_fault_code(enum oidc_fault fault)
{
	static const char *const codes[OIDC_FAULT_COUNT] = {
		[OIDC_GOOD] = "",
		[OIDC_AWAY] = "login-away",
		[OIDC_REFUSED] = "login-refused",
		[OIDC_BAD] = "login-bad",
		[OIDC_WEAK] = "login-weak",
		[OIDC_NAMELESS] = "login-nameless",
	};

	return codes[fault];
}

/* --- asking the provider ---------------------------------------------------------------------- */

/* 0 and a reply of status 200 of JSON; -EACCES: another status that says no; -EAGAIN: all else. */
static int ask(struct oidc *o, struct http_client_request *request, const char *what,
	       struct http_client_reply *reply)
{
	char why[HTTP_CLIENT_WHY_BYTES] = "";
	int r, status;

	request->ca_file = o->settings.ca[0] != '\0' ? o->settings.ca : NULL;
	request->timeout_ms = TIMEOUT_MS;
	request->max_reply_bytes = REPLY_BYTES;
	r = http_client_send(request, reply, why);
	if (r < 0) {
		log_warn("oidc-away", "what=%s result=%d reason=\"%s\"", what, r, why);
		return -EAGAIN;
	}
	status = reply->status;
	if (status == 200)
		return 0;
	http_client_reply_close(reply);
	log_warn("oidc-refused", "what=%s status=%d", what, status);
	return status >= 400 && status < 500 ? -EACCES : -EAGAIN;
}

static int get(struct oidc *o, const char *url, const char *what, struct http_client_reply *reply)
{
	struct http_client_request request = {
		.method = "GET", .url = url, .header = {"Accept: application/json"}};

	return ask(o, &request, what, reply);
}

static int load_metadata(struct oidc *o, int64_t now_us)
{
	struct http_client_reply reply;
	char *url;
	int r;

	if (o->metadata_us != 0 &&
	    now_us - o->metadata_us < (o->has_metadata ? METADATA_US : METADATA_RETRY_US))
		return o->has_metadata ? 0 : -EAGAIN;
	o->metadata_us = now_us;
	url = g_strconcat(o->settings.issuer, DISCOVERY, NULL);
	r = get(o, url, "discovery", &reply);
	g_free(url);
	if (r < 0)
		return o->has_metadata ? 0 : -EAGAIN; /* what it said an hour ago may do */
	r = oidc_metadata_parse(&o->metadata, o->settings.issuer, reply.body, reply.body_len);
	http_client_reply_close(&reply);
	if (r < 0) {
		log_error("oidc-metadata", "issuer=%s", o->settings.issuer);
		return o->has_metadata ? 0 : -EAGAIN;
	}
	o->has_metadata = true;
	return 0;
}

static int load_keys(struct oidc *o)
{
	struct http_client_reply reply;
	struct jwks *keys;
	int r = get(o, o->metadata.keys, "keys", &reply);
	if (r < 0)
		return -EAGAIN;
	r = jwks_parse(&keys, reply.body, reply.body_len);
	http_client_reply_close(&reply);
	if (r < 0) {
		log_warn("oidc-keys", "result=%d", r);
		return -EAGAIN;
	}
	log_info("oidc-keys", "count=%zu", jwks_count(keys));
	jwks_free(o->keys);
	o->keys = keys;
	return 0;
}

/* --- beginning -------------------------------------------------------------------------------- */

enum oidc_fault oidc_begin(struct oidc *o, const struct login_state *login, char *url, size_t size,
			   char end_session[OIDC_URL_BYTES + 1])
{
	char challenge[44];
	const struct oidc_request request = {
		.client_id = o->settings.client_id,
		.redirect = o->redirect,
		.scopes = o->settings.scopes,
		.acr = o->settings.acr,
		.state = login->state,
		.nonce = login->nonce,
		.challenge = challenge,
	};

	if (load_metadata(o, clock_now_us()) < 0 || oidc_challenge(login->verifier, challenge) < 0)
		return OIDC_AWAY;
	memcpy(end_session, o->metadata.end_session, sizeof(o->metadata.end_session));
	return oidc_authorization_url(&o->metadata, &request, url, size) == 0 ? OIDC_GOOD
									      : OIDC_AWAY;
}

int oidc_end_session_url(const struct oidc *o, const char *end_session, char *url, size_t size)
{
	/* Where the page is, not where logins come back. */
	size_t origin_len = strlen(o->redirect) - strlen(CALLBACK);
	char *back = g_strdup_printf("%.*s/staff", (int)origin_len, o->redirect);
	int n, r;

	n = g_snprintf(url, size, "%s%sclient_id=", end_session,
		       strchr(end_session, '?') != NULL ? "&" : "?");
	r = n >= 0 && (size_t)n < size ? oidc_encode(url, size, o->settings.client_id) : -EMSGSIZE;
	if (r == 0)
		r = g_strlcat(url, "&post_logout_redirect_uri=", size) < size ? 0 : -EMSGSIZE;
	if (r == 0)
		r = oidc_encode(url, size, back);
	g_free(back);
	if (r < 0)
		url[0] = '\0';
	return r;
}

/* --- finishing -------------------------------------------------------------------------------- */

static int add(char form[FORM_BYTES], const char *name, const char *value)
{
	if (form[0] != '\0' && g_strlcat(form, "&", FORM_BYTES) >= FORM_BYTES)
		return -EMSGSIZE;
	if (g_strlcat(form, name, FORM_BYTES) >= FORM_BYTES ||
	    g_strlcat(form, "=", FORM_BYTES) >= FORM_BYTES)
		return -EMSGSIZE;
	return oidc_encode(form, FORM_BYTES, value);
}

static int make_form(const struct oidc *o, const struct login_state *login, const char *code,
		     char form[FORM_BYTES])
{
	bool is_basic = o->secret != NULL && !o->metadata.takes_post;
	int r = add(form, "grant_type", "authorization_code");

	if (r == 0)
		r = add(form, "code", code);
	if (r == 0)
		r = add(form, "redirect_uri", o->redirect);
	if (r == 0)
		r = add(form, "code_verifier", login->verifier);
	if (r == 0 && !is_basic)
		r = add(form, "client_id", o->settings.client_id);
	if (r == 0 && o->secret != NULL && !is_basic)
		r = add(form, "client_secret", o->secret);
	return r;
}

/* RFC 6749 2.3.1: both are encoded as forms are before they are joined. g_free() it. */
static char *basic_header(const struct oidc *o)
{
	char pair[3 * SECRET_BYTES + 512] = "";
	char *encoded, *header;

	if (oidc_encode(pair, sizeof(pair), o->settings.client_id) < 0 ||
	    g_strlcat(pair, ":", sizeof(pair)) >= sizeof(pair) ||
	    oidc_encode(pair, sizeof(pair), o->secret) < 0)
		return NULL;
	encoded = g_base64_encode((const guchar *)pair, strlen(pair));
	header = g_strconcat("Authorization: Basic ", encoded, NULL);
	explicit_bzero(pair, sizeof(pair));
	explicit_bzero(encoded, strlen(encoded));
	g_free(encoded);
	return header;
}

static void wipe(char *text)
{
	if (text != NULL)
		explicit_bzero(text, strlen(text));
	g_free(text);
}

static enum oidc_fault redeem(struct oidc *o, const struct login_state *login, const char *code,
			      struct oidc_tokens *out)
{
	char form[FORM_BYTES] = "";
	char *basic = o->secret != NULL && !o->metadata.takes_post ? basic_header(o) : NULL;
	struct http_client_request request = {
		.method = "POST",
		.url = o->metadata.token,
		.header = {"Accept: application/json",
			   "Content-Type: application/x-www-form-urlencoded", basic},
		.body = form,
	};
	struct http_client_reply reply = {0};
	int r = make_form(o, login, code, form);

	request.body_len = strlen(form);
	if (r == 0)
		r = ask(o, &request, "token", &reply);
	explicit_bzero(form, sizeof(form));
	wipe(basic);
	if (r < 0)
		return r == -EACCES ? OIDC_REFUSED : OIDC_AWAY;
	if (reply.body == NULL)
		return OIDC_AWAY; /* no memory */
	r = oidc_tokens_parse(out, reply.body, reply.body_len);
	explicit_bzero(reply.body, reply.body_len);
	http_client_reply_close(&reply);
	return r == 0 ? OIDC_GOOD : OIDC_BAD;
}

/* Keys are read anew when the token's is not among them: the provider has rotated; but not for
 * everybody who makes up a key id. */
static enum jwt_fault verify(struct oidc *o, const char *token, const char *nonce, struct jwt **out)
{
	const struct jwt_expected expected = {
		.issuer = o->settings.issuer,
		.client_id = o->settings.client_id,
		.nonce = nonce,
		.acr = (const char *const *)o->acr,
		.now_unix_s = clock_unix_s(),
	};
	int64_t now_us = clock_now_us();
	enum jwt_fault fault;

	if (o->keys == NULL && load_keys(o) < 0)
		return JWT_KEY_UNKNOWN;
	fault = jwt_verify(out, token, strlen(token), o->keys, &expected);
	if (fault != JWT_KEY_UNKNOWN || (o->renewed_us != 0 && now_us - o->renewed_us < KEYS_US))
		return fault;
	o->renewed_us = now_us;
	if (load_keys(o) < 0)
		return fault;
	return jwt_verify(out, token, strlen(token), o->keys, &expected);
}

static struct jwt *ask_userinfo(struct oidc *o, const char *access_token, const struct jwt *token)
{
	char *bearer = g_strconcat("Authorization: Bearer ", access_token, NULL);
	struct http_client_request request = {.method = "GET",
					      .url = o->metadata.userinfo,
					      .header = {"Accept: application/json", bearer}};
	struct http_client_reply reply;
	struct jwt *info = NULL;
	int r = ask(o, &request, "userinfo", &reply);

	wipe(bearer);
	if (r < 0)
		return NULL;
	if (jwt_userinfo(&info, reply.body, reply.body_len, token) < 0)
		log_warn("oidc-userinfo", "reason=\"not of the same subject\"");
	http_client_reply_close(&reply);
	return info;
}

static enum oidc_fault identify(struct oidc *o, const struct oidc_tokens *tokens, const char *nonce,
				struct oidc_identity *out)
{
	struct jwt *token = NULL, *info = NULL;
	enum jwt_fault fault = verify(o, tokens->id_token, nonce, &token);
	int r;

	if (fault != JWT_GOOD) {
		log_warn("oidc-token", "fault=%s", jwt_fault_name(fault));
		return fault == JWT_ACR ? OIDC_WEAK : OIDC_BAD;
	}
	if (!oidc_claims_suffice(token, &o->settings.names) && tokens->access_token != NULL &&
	    o->metadata.userinfo[0] != '\0')
		info = ask_userinfo(o, tokens->access_token, token);
	r = oidc_claims_read(out, token, info, &o->settings.names);
	jwt_free(token);
	jwt_free(info);
	return r == 0 ? OIDC_GOOD : OIDC_NAMELESS;
}

enum oidc_fault oidc_finish(struct oidc *o, const struct login_state *login, const char *code,
			    const char *iss, struct oidc_identity *out)
{
	struct oidc_tokens tokens = {0};
	enum oidc_fault fault;

	if (load_metadata(o, clock_now_us()) < 0)
		return OIDC_AWAY;
	/* RFC 9207 2.4: an answer of another provider's is not for this one. */
	if ((iss[0] != '\0' || o->metadata.tells_issuer) && strcmp(iss, o->settings.issuer) != 0) {
		log_warn("oidc-issuer", "reason=\"the answer is another provider's\"");
		return OIDC_BAD;
	}
	fault = redeem(o, login, code, &tokens);
	if (fault == OIDC_GOOD)
		fault = identify(o, &tokens, login->nonce, out);
	oidc_tokens_close(&tokens);
	return fault;
}
