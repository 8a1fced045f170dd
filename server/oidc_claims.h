/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Who logged in, out of the claims of an identity provider: the staff member and the commissions
 * (medarbetaruppdrag) they hold. Which claim says what is the operator's to configure; the defaults
 * are Inera's. Pure.
 */
#ifndef VIDD_SERVER_OIDC_CLAIMS_H
#define VIDD_SERVER_OIDC_CLAIMS_H

#include <stdbool.h>
#include <stddef.h>

#include "server/jwt.h"
#include "server/principal.h"

/* More commissions than anybody has been seen to hold. */
#define OIDC_MAX_COMMISSIONS 64

struct oidc_claim_names {
	const char *subject; /* who it is: employeeHsaId */
	const char *name;
	bool needs_name; /* without one nobody is known: the subject never stands for it */
	/* "": the claims below are texts, or lists of texts side by side; else the claim that is a
	 * list of objects with members of those names. */
	const char *list;
	const char *commission, *commission_name;
	const char *unit, *provider; /* HSA-ids */
	const char *purpose;
	/* purpose=duty pairs separated by ';'; '*' stands for every other purpose, also none. */
	const char *duties;
};

struct oidc_commission {
	char hsa_id[PRINCIPAL_ID_BYTES + 1];
	char name[LIMIT_NAME_BYTES + 1];
	char unit_hsa_id[PRINCIPAL_ID_BYTES + 1];     /* "" when not said */
	char provider_hsa_id[PRINCIPAL_ID_BYTES + 1]; /* "" when not said */
	enum duty duty;
};

struct oidc_identity {
	char subject[LIMIT_NAME_BYTES + 1];
	char name[LIMIT_NAME_BYTES + 1];
	char acr[PRINCIPAL_ACR_BYTES + 1];
	struct oidc_commission commission[OIDC_MAX_COMMISSIONS];
	size_t count;
};

/* Whether the ID token alone says who it is, so that nothing needs to be asked for. */
bool oidc_claims_suffice(const struct jwt *token, const struct oidc_claim_names *names);
/* Reads the ID token and, for what is not in it, userinfo (NULL: none). 0; -ENOENT: it does not
 * say who it is, or not by which name where one is needed. Commissions without id, or whose purpose
 * has no duty, are left out. */
int oidc_claims_read(struct oidc_identity *out, const struct jwt *token, const struct jwt *userinfo,
		     const struct oidc_claim_names *names);

/* Whether duties is a list as above; for the configuration. */
bool oidc_duties_valid(const char *duties);

#endif
