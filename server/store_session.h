/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Sessions of staff: a random token in a cookie, kept as a hash; they end when they rest, after
 * some hours in any case, and at once when revoked. A session acts in one commission, chosen once.
 * Store thread.
 */
#ifndef VIDD_SERVER_STORE_SESSION_H
#define VIDD_SERVER_STORE_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/principal.h"
#include "server/store.h"

#define STORE_SESSION_TEXT 22 /* 128 bits in base64url: token, CSRF token */
_Static_assert(STORE_SESSION_TEXT == PRINCIPAL_CSRF_BYTES, "a principal holds the CSRF token");
/* Browsers somebody is logged in with at once; the oldest session ends beyond. */
#define STORE_SESSIONS_PER_STAFF 8
#define STORE_COMMISSIONS_MAX	 64

struct store_session {
	char token[STORE_SESSION_TEXT + 1]; /* only told at its making */
	struct principal who;
};

/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): in the order it reads */
struct store_commission {
	char id[PRINCIPAL_ID_BYTES + 1];
	char name[LIMIT_NAME_BYTES + 1];
	enum duty duty;
	char unit_id[PRINCIPAL_ID_BYTES + 1];
	char unit_name[LIMIT_NAME_BYTES + 1];
	char provider_id[PRINCIPAL_ID_BYTES + 1];
	char provider_name[LIMIT_NAME_BYTES + 1];
};

/* How long sessions live. */
struct store_session_times {
	int64_t idle_s, total_s;
};

/* Begins a session of a staff member, in their commission when there is only one. 0; -EPERM: the
 * staff member is disabled or unknown; -EIO. */
int store_session_begin(struct store *store, int64_t now_unix_s,
			const struct store_session_times *times, const char *staff_id,
			const char *acr, struct store_session *out);
/* The session of a token, which is noted as in use. out->token stays "". 0; -EPERM: there is none
 * such any more; -EIO. */
int store_session_find(struct store *store, int64_t now_unix_s,
		       const struct store_session_times *times, const char *token,
		       struct store_session *out);
/* Chooses the commission. 0; -EALREADY: one was chosen; -ENOENT: it is not the staff member's;
 * -EIO. */
int store_session_choose(struct store *store, const char *token, const char *commission_id);
/* 0, also when it had ended; -EIO. */
int store_session_end(struct store *store, int64_t now_unix_s, const char *token);
/* Ends all sessions of a staff member. 0 or -EIO. */
int store_session_end_all(struct store *store, int64_t now_unix_s, const char *staff_id);

/* A session as its owner sees it: the first bytes of its hash, which open nothing. */
#define STORE_SESSION_ID_TEXT 16

struct store_own_session {
	char id[STORE_SESSION_ID_TEXT + 1];
	int64_t began_unix_s, seen_unix_s;
	bool is_current;
};

/* Those of a staff member that have not ended, newest first; `who` is of the one that asks. 0 or
 * -EIO. */
int store_session_list(struct store *store, int64_t now_unix_s, const struct principal *who,
		       struct store_own_session out[STORE_SESSIONS_PER_STAFF], size_t *count);
/* Ends one of them. 0; -ENOENT: there is none such; -EIO. */
int store_session_end_own(struct store *store, int64_t now_unix_s, const char *staff_id,
			  const char *id);

/* The staff member's commissions by unit and duty, STORE_COMMISSIONS_MAX at most. 0 or -EIO. */
int store_commission_list(struct store *store, const char *staff_id, struct store_commission *out,
			  size_t *count);

#endif
