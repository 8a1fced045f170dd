/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/oidc_claims.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

#include "server/permission.h"

/* --- duties ----------------------------------------------------------------------------------- */

/* The duty that one pair "purpose=duty" of len characters gives that purpose; DUTY_COUNT: none. */
static enum duty duty_of_pair(const char *pair, size_t len, const char *purpose)
{
	const char *equals = g_strrstr_len(pair, (gssize)len, "=");
	size_t purpose_len = equals != NULL ? (size_t)(equals - pair) : 0;
	char name[32];

	if (equals == NULL || len - purpose_len - 1 >= sizeof(name))
		return DUTY_COUNT;
	if (strlen(purpose) != purpose_len || memcmp(pair, purpose, purpose_len) != 0)
		return DUTY_COUNT;
	g_strlcpy(name, equals + 1, len - purpose_len);
	return permission_duty_from_name(g_strstrip(name));
}

static enum duty find_duty(const char *duties, const char *purpose)
{
	for (const char *p = duties; *p != '\0';) {
		size_t len = strcspn(p, ";");
		size_t space = strspn(p, " ");
		enum duty duty =
			space < len ? duty_of_pair(p + space, len - space, purpose) : DUTY_COUNT;

		if (duty != DUTY_COUNT)
			return duty;
		p += len;
		p += *p == ';';
	}
	return DUTY_COUNT;
}

static enum duty duty_of(const char *duties, const char *purpose)
{
	enum duty duty = purpose[0] != '\0' ? find_duty(duties, purpose) : DUTY_COUNT;

	return duty != DUTY_COUNT ? duty : find_duty(duties, "*");
}

bool oidc_duties_valid(const char *duties)
{
	char **pairs = g_strsplit(duties, ";", -1);
	bool is_valid = pairs[0] != NULL;

	for (size_t i = 0; pairs[i] != NULL && is_valid; i++) {
		char *equals = strrchr(g_strstrip(pairs[i]), '=');

		is_valid = equals != NULL && equals != pairs[i] &&
			   permission_duty_from_name(g_strstrip(equals + 1)) != DUTY_COUNT;
	}
	g_strfreev(pairs);
	return is_valid;
}

/* --- claims ----------------------------------------------------------------------------------- */

struct claim_source {
	const struct jwt *token, *userinfo;
};

/* A text cut to fit nowhere: what is too long is not there. Control characters reach no log. */
static bool copy(char *out, size_t size, const char *text)
{
	out[0] = '\0';
	if (text == NULL || strlen(text) >= size)
		return false;
	for (const char *p = text; *p != '\0'; p++) {
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return false;
	}
	g_strlcpy(out, text, size);
	return out[0] != '\0';
}

static const char *text_of(const struct claim_source *s, const char *claim)
{
	const char *text = claim[0] != '\0' ? jwt_text(s->token, claim) : "";

	if (text[0] == '\0' && s->userinfo != NULL && claim[0] != '\0')
		text = jwt_text(s->userinfo, claim);
	return text;
}

static const char *list_text(const struct jwt *jwt, const struct oidc_claim_names *names, size_t i,
			     const char *claim)
{
	if (claim[0] == '\0')
		return NULL;
	return names->list[0] != '\0' ? jwt_member_at(jwt, names->list, i, claim)
				      : jwt_text_at(jwt, claim, i);
}

/* Whose list of commissions counts: the token's when it has one. */
static const struct jwt *list_source(const struct claim_source *s,
				     const struct oidc_claim_names *names)
{
	if (s->userinfo == NULL || list_text(s->token, names, 0, names->commission) != NULL)
		return s->token;
	return s->userinfo;
}

static bool read_commission(struct oidc_commission *out, const struct jwt *jwt, size_t i,
			    const struct oidc_claim_names *names)
{
	const char *purpose = list_text(jwt, names, i, names->purpose);

	if (!copy(out->hsa_id, sizeof(out->hsa_id), list_text(jwt, names, i, names->commission)))
		return false;
	if (!copy(out->name, sizeof(out->name), list_text(jwt, names, i, names->commission_name)))
		g_strlcpy(out->name, out->hsa_id, sizeof(out->name));
	(void)copy(out->unit_hsa_id, sizeof(out->unit_hsa_id), /* may be absent */
		   list_text(jwt, names, i, names->unit));
	(void)copy(out->provider_hsa_id, sizeof(out->provider_hsa_id), /* may be absent */
		   list_text(jwt, names, i, names->provider));
	out->duty = duty_of(names->duties, purpose != NULL ? purpose : "");
	return out->duty != DUTY_COUNT;
}

bool oidc_claims_suffice(const struct jwt *token, const struct oidc_claim_names *names)
{
	return jwt_text(token, names->subject)[0] != '\0' &&
	       (names->commission[0] == '\0' ||
		list_text(token, names, 0, names->commission) != NULL) &&
	       (!names->needs_name || jwt_text(token, names->name)[0] != '\0');
}

int oidc_claims_read(struct oidc_identity *out, const struct jwt *token, const struct jwt *userinfo,
		     const struct oidc_claim_names *names)
{
	const struct claim_source source = {.token = token, .userinfo = userinfo};
	const struct jwt *list = list_source(&source, names);
	struct oidc_identity id;

	memset(&id, 0, sizeof(id));
	if (!copy(id.subject, sizeof(id.subject), text_of(&source, names->subject)))
		return -ENOENT;
	if (!copy(id.name, sizeof(id.name), text_of(&source, names->name))) {
		if (names->needs_name)
			return -ENOENT;
		g_strlcpy(id.name, id.subject, sizeof(id.name));
	}
	(void)copy(id.acr, sizeof(id.acr), jwt_text(token, "acr")); /* was checked by jwt_verify */
	for (size_t i = 0; id.count < OIDC_MAX_COMMISSIONS &&
			   list_text(list, names, i, names->commission) != NULL;
	     i++)
		id.count += read_commission(&id.commission[id.count], list, i, names);
	*out = id;
	return 0;
}
