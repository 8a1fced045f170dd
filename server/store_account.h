/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Staff and how they are known: local accounts (a password hash, lockout) for development and the
 * first start, and whoever an identity provider vouches for, with the commissions it names. Store
 * thread.
 */
#ifndef VIDD_SERVER_STORE_ACCOUNT_H
#define VIDD_SERVER_STORE_ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/oidc_claims.h"
#include "server/password.h"
#include "server/principal.h"
#include "server/store.h"

/* Wrong passwords before an account rests: 5 s, twice as long each time, a quarter of an hour at
 * most (OWASP ASVS 2.2.1). */
#define STORE_ACCOUNT_FREE_TRIES 5
#define STORE_ACCOUNT_FIRST_S	 5
#define STORE_ACCOUNT_LONGEST_S	 900
#define STORE_ACCOUNTS_MAX	 512 /* told of one unit at most */

/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): in the order it reads */
struct store_account {
	char staff_id[PRINCIPAL_ID_BYTES + 1];
	char user[LIMIT_NAME_BYTES + 1];
	char name[LIMIT_NAME_BYTES + 1];
	char hash[PASSWORD_HASH_BYTES]; /* "" for those of an identity provider */
	int64_t locked_until_unix_s;
	bool is_disabled;
	enum duty duty; /* in the unit that was asked for; store_account_list alone */
};

/* What a new local account is made of. */
struct store_account_new {
	const char *user, *name, *hash;
	const char *unit_id; /* of its first commission */
	enum duty duty;
};

/* 0, -ENOENT: no local account of that name, -EIO. */
int store_account_find(struct store *store, const char *user, struct store_account *out);
/* A wrong password. 0 or -EIO. */
int store_account_failed(struct store *store, int64_t now_unix_s, const char *staff_id);
/* The right one. 0 or -EIO. */
int store_account_passed(struct store *store, const char *staff_id);
/* How long an account rests after so many wrong passwords, in seconds. */
int64_t store_account_rest_s(int64_t failed);

/* 0 and the staff id (PRINCIPAL_ID_BYTES + 1); -EEXIST: the name is taken; -ENOENT: no such unit;
 * -EIO. */
int store_account_create(struct store *store, int64_t now_unix_s,
			 const struct store_account_new *account, char *staff_id);
/* Another password, disabled or not; NULL: as it is. All sessions of the account end. 0; -ENOENT:
 * nobody of the unit has this id; -EPERM: the staff member is also of other units; -EIO. */
int store_account_change(struct store *store, int64_t now_unix_s, const char *unit_id,
			 const char *staff_id, const char *hash, const bool *is_disabled);
/* Another password of one's own; all sessions end. 0; -ENOENT: there is no such account; -EIO. */
int store_account_own_password(struct store *store, int64_t now_unix_s, const char *staff_id,
			       const char *hash);
/* Staff with a commission in the unit, one row per commission. 0 or -EIO. */
int store_account_list(struct store *store, const char *unit_id, struct store_account *out,
		       size_t *count);
/* 0 when the staff member has a commission in the unit, -ENOENT, -EIO. */
int store_account_in_unit(struct store *store, const char *unit_id, const char *staff_id);

/* Notes whom the identity provider has vouched for and which commissions they hold now: those of
 * units that are known here by their HSA-id (of the unit or the commission) and, when said, of that
 * provider; else those that are known as this person's by their own HSA-id. Earlier ones of the
 * provider's telling that are not among them end. 0 and the staff id; -EPERM: the name belongs to
 * somebody else, or is disabled; -ENOENT: no commission here; -EIO. */
int store_staff_login(struct store *store, int64_t now_unix_s, const char *issuer,
		      const struct oidc_identity *identity, char *staff_id);

#endif
