/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/store_account.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

#include "server/permission.h"
#include "server/store_db.h"
#include "server/store_session.h"

#define ID_BYTES 9 /* 72 random bits: unique, not secret */

/* --- local accounts --------------------------------------------------------------------------- */

int store_account_find(struct store *store, const char *user, struct store_account *out)
{
	static const char find[] =
		"SELECT s.id, s.subject, s.name, a.password_hash, a.locked_until_unix_s, "
		"s.disabled_unix_s FROM account a JOIN staff s ON s.id = a.staff_id "
		"WHERE s.subject = ? AND s.issuer = ''";
	struct db_query *q = db_query(store_db(store), find);
	int r;

	db_put_text(q, user);
	r = db_step(q);
	if (r != 1)
		return r < 0 ? r : -ENOENT;
	memset(out, 0, sizeof(*out));
	out->duty = DUTY_COUNT;
	db_text(q, 0, out->staff_id, sizeof(out->staff_id));
	db_text(q, 1, out->user, sizeof(out->user));
	db_text(q, 2, out->name, sizeof(out->name));
	db_text(q, 3, out->hash, sizeof(out->hash));
	out->locked_until_unix_s = db_int(q, 4);
	out->is_disabled = db_int(q, 5) != 0;
	db_end(q);
	return 0;
}

int64_t store_account_rest_s(int64_t failed)
{
	int64_t rest = STORE_ACCOUNT_FIRST_S;

	if (failed < STORE_ACCOUNT_FREE_TRIES)
		return 0;
	for (int64_t i = STORE_ACCOUNT_FREE_TRIES; i < failed && rest < STORE_ACCOUNT_LONGEST_S;
	     i++)
		rest *= 2;
	return rest < STORE_ACCOUNT_LONGEST_S ? rest : STORE_ACCOUNT_LONGEST_S;
}

static int count_failed(struct store *store, const char *staff_id, int64_t *failed)
{
	static const char find[] = "SELECT failed FROM account WHERE staff_id = ?";
	struct db_query *q = db_query(store_db(store), find);
	int r;

	db_put_text(q, staff_id);
	r = db_step(q);
	*failed = r == 1 ? db_int(q, 0) + 1 : 0;
	db_end(q);
	return r < 0 ? r : 0;
}

int store_account_failed(struct store *store, int64_t now_unix_s, const char *staff_id)
{
	static const char note[] =
		"UPDATE account SET failed = ?, locked_until_unix_s = ? WHERE staff_id = ?";
	struct db_query *q;
	int64_t failed, rest;
	int r = count_failed(store, staff_id, &failed);

	if (r < 0)
		return r;
	q = db_query(store_db(store), note);
	rest = store_account_rest_s(failed);
	db_put_int(q, failed);
	db_put_int(q, rest > 0 ? now_unix_s + rest : 0);
	db_put_text(q, staff_id);
	return db_run(q);
}

int store_account_passed(struct store *store, const char *staff_id)
{
	static const char note[] =
		"UPDATE account SET failed = 0, locked_until_unix_s = 0 WHERE staff_id = ? "
		"AND failed > 0";
	struct db_query *q = db_query(store_db(store), note);

	db_put_text(q, staff_id);
	return db_run(q);
}

/* --- making and changing ---------------------------------------------------------------------- */

static int has_unit(struct store *store, const char *unit_id)
{
	static const char find[] = "SELECT 1 FROM unit WHERE id = ?";
	struct db_query *q = db_query(store_db(store), find);
	int r;

	db_put_text(q, unit_id);
	r = db_step(q);
	db_end(q);
	return r < 0 ? r : r == 1 ? 0 : -ENOENT;
}

static int add_staff(struct store *store, int64_t now_unix_s, const char *subject,
		     const char *issuer, const char *name, char *staff_id)
{
	static const char add[] = "INSERT INTO staff (id, subject, issuer, name, created_unix_s) "
				  "VALUES (?, ?, ?, ?, ?)";
	struct db_query *q = db_query(store_db(store), add);

	token_text_make(store_rng(store), staff_id, "s", ID_BYTES);
	db_put_text(q, staff_id);
	db_put_text(q, subject);
	db_put_text(q, issuer);
	db_put_text(q, name);
	db_put_int(q, now_unix_s);
	return db_run(q);
}

static int add_commission(struct store *store, const char *staff_id, const char *unit_id,
			  enum duty duty, const char *hsa_id, const char *name)
{
	static const char add[] =
		"INSERT INTO commission (id, staff_id, unit_id, duty, hsa_id, name) "
		"VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (staff_id, unit_id, duty) "
		"DO UPDATE SET hsa_id = excluded.hsa_id, name = excluded.name";
	struct db_query *q = db_query(store_db(store), add);
	char id[PRINCIPAL_ID_BYTES + 1];

	token_text_make(store_rng(store), id, "m", ID_BYTES);
	db_put_text(q, id);
	db_put_text(q, staff_id);
	db_put_text(q, unit_id);
	db_put_text(q, permission_duty_name(duty));
	db_put_text(q, hsa_id);
	db_put_text(q, name);
	return db_run(q);
}

static int add_account(struct store *store, const char *staff_id, const char *hash)
{
	static const char add[] = "INSERT INTO account (staff_id, password_hash) VALUES (?, ?)";
	struct db_query *q = db_query(store_db(store), add);

	db_put_text(q, staff_id);
	db_put_text(q, hash);
	return db_run(q);
}

int store_account_create(struct store *store, int64_t now_unix_s,
			 const struct store_account_new *account, char *staff_id)
{
	int r = db_begin(store_db(store));

	if (r < 0)
		return r;
	r = has_unit(store, account->unit_id);
	if (r == 0)
		r = add_staff(store, now_unix_s, account->user, "", account->name, staff_id);
	if (r == 0)
		r = add_account(store, staff_id, account->hash);
	if (r == 0)
		r = add_commission(store, staff_id, account->unit_id, account->duty, "",
				   permission_duty_name(account->duty));
	return db_finish(store_db(store), r);
}

int store_account_in_unit(struct store *store, const char *unit_id, const char *staff_id)
{
	static const char find[] = "SELECT 1 FROM commission WHERE staff_id = ? AND unit_id = ?";
	struct db_query *q = db_query(store_db(store), find);
	int r;

	db_put_text(q, staff_id);
	db_put_text(q, unit_id);
	r = db_step(q);
	db_end(q);
	return r < 0 ? r : r == 1 ? 0 : -ENOENT;
}

/* Whoever works elsewhere, too, is not one unit's to shut out. */
static int is_of_unit_alone(struct store *store, const char *unit_id, const char *staff_id)
{
	static const char find[] = "SELECT 1 FROM commission WHERE staff_id = ? AND unit_id <> ?";
	struct db_query *q;
	int r = store_account_in_unit(store, unit_id, staff_id);

	if (r < 0)
		return r;
	q = db_query(store_db(store), find);
	db_put_text(q, staff_id);
	db_put_text(q, unit_id);
	r = db_step(q);
	db_end(q);
	return r < 0 ? r : r == 1 ? -EPERM : 0;
}

static int set_password(struct store *store, const char *staff_id, const char *hash)
{
	static const char set[] = "UPDATE account SET password_hash = ?, failed = 0, "
				  "locked_until_unix_s = 0 WHERE staff_id = ?";
	struct db_query *q = db_query(store_db(store), set);

	db_put_text(q, hash);
	db_put_text(q, staff_id);
	return db_run_one(q);
}

static int set_disabled(struct store *store, int64_t disabled_unix_s, const char *staff_id)
{
	static const char set[] = "UPDATE staff SET disabled_unix_s = ? WHERE id = ?";
	struct db_query *q = db_query(store_db(store), set);

	db_put_int(q, disabled_unix_s);
	db_put_text(q, staff_id);
	return db_run_one(q);
}

int store_account_change(struct store *store, int64_t now_unix_s, const char *unit_id,
			 const char *staff_id, const char *hash, const bool *is_disabled)
{
	int r = db_begin(store_db(store));

	if (r < 0)
		return r;
	r = is_of_unit_alone(store, unit_id, staff_id);
	if (r == 0 && hash != NULL)
		r = set_password(store, staff_id, hash);
	if (r == 0 && is_disabled != NULL)
		r = set_disabled(store, *is_disabled ? now_unix_s : 0, staff_id);
	if (r == 0)
		r = store_session_end_all(store, now_unix_s, staff_id);
	return db_finish(store_db(store), r);
}

int store_account_own_password(struct store *store, int64_t now_unix_s, const char *staff_id,
			       const char *hash)
{
	int r = db_begin(store_db(store));

	if (r < 0)
		return r;
	r = set_password(store, staff_id, hash);
	if (r == 0)
		r = store_session_end_all(store, now_unix_s, staff_id);
	return db_finish(store_db(store), r);
}

int store_account_list(struct store *store, const char *unit_id, struct store_account *out,
		       size_t *count)
{
	static const char list[] =
		"SELECT s.id, s.subject, s.name, IFNULL(a.password_hash, ''), "
		"IFNULL(a.locked_until_unix_s, 0), s.disabled_unix_s, m.duty FROM commission m "
		"JOIN staff s ON s.id = m.staff_id LEFT JOIN account a ON a.staff_id = s.id "
		"WHERE m.unit_id = ? ORDER BY s.name, s.id, m.duty";
	struct db_query *q = db_query(store_db(store), list);
	size_t n = 0;
	int r;

	db_put_text(q, unit_id);
	while ((r = db_step(q)) == 1 && n < STORE_ACCOUNTS_MAX) {
		struct store_account *a = &out[n++];

		memset(a, 0, sizeof(*a));
		db_text(q, 0, a->staff_id, sizeof(a->staff_id));
		db_text(q, 1, a->user, sizeof(a->user));
		db_text(q, 2, a->name, sizeof(a->name));
		db_text(q, 3, a->hash, sizeof(a->hash));
		a->locked_until_unix_s = db_int(q, 4);
		a->is_disabled = db_int(q, 5) != 0;
		a->duty = permission_duty_from_name(db_peek(q, 6));
	}
	db_end(q);
	*count = n;
	return r < 0 ? r : 0;
}

/* --- identity providers ----------------------------------------------------------------------- */

/* The staff member of that issuer and subject, made when new. A subject that is known of another
 * issuer, or as a local account, is somebody else. */
static int staff_of(struct store *store, int64_t now_unix_s, const char *issuer,
		    const struct oidc_identity *identity, char *staff_id)
{
	static const char find[] = "SELECT id, issuer, disabled_unix_s FROM staff "
				   "WHERE subject = ?";
	static const char rename[] = "UPDATE staff SET name = ? WHERE id = ?";
	struct db_query *q = db_query(store_db(store), find);
	bool is_same = false;
	int r;

	db_put_text(q, identity->subject);
	r = db_step(q);
	if (r == 1) {
		is_same = strcmp(db_peek(q, 1), issuer) == 0 && db_int(q, 2) == 0;
		db_text(q, 0, staff_id, PRINCIPAL_ID_BYTES + 1);
	}
	db_end(q);
	if (r == 0)
		return add_staff(store, now_unix_s, identity->subject, issuer, identity->name,
				 staff_id);
	if (r < 0)
		return r;
	if (!is_same)
		return -EPERM;
	q = db_query(store_db(store), rename);
	db_put_text(q, identity->name);
	db_put_text(q, staff_id);
	return db_run(q);
}

/* The unit a commission is for. 0, -ENOENT: none here, -EIO. */
static int unit_of(struct store *store, const struct oidc_commission *c, char *unit_id)
{
	static const char find[] =
		"SELECT u.id FROM unit u JOIN provider p ON p.id = u.provider_id "
		"WHERE u.hsa_id = ?1 AND u.hsa_id <> '' AND (?2 = '' OR p.hsa_id = ?2)";
	struct db_query *q = db_query(store_db(store), find);
	int r;

	db_put_text(q, c->unit_hsa_id[0] != '\0' ? c->unit_hsa_id : c->hsa_id);
	db_put_text(q, c->provider_hsa_id);
	r = db_step(q);
	if (r == 1)
		db_text(q, 0, unit_id, PRINCIPAL_ID_BYTES + 1);
	db_end(q);
	return r < 0 ? r : r == 1 ? 0 : -ENOENT;
}

/* Those the provider named before are marked, and deleted unless it names them again: ids of those
 * that stay stay, and with them the sessions that chose them. */
static int mark_commissions(struct store *store, const char *staff_id)
{
	static const char mark[] = "UPDATE commission SET hsa_id = '?' || hsa_id "
				   "WHERE staff_id = ? AND hsa_id <> ''";
	struct db_query *q = db_query(store_db(store), mark);

	db_put_text(q, staff_id);
	return db_run(q);
}

/* One that is known by its own HSA-id, as the operator wrote it: unit and duty stay. 0, -ENOENT,
 * -EIO. */
static int keep_commission(struct store *store, const char *staff_id, const char *hsa_id)
{
	static const char keep[] = "UPDATE commission SET hsa_id = ?1 "
				   "WHERE staff_id = ?2 AND hsa_id = '?' || ?1";
	struct db_query *q = db_query(store_db(store), keep);

	db_put_text(q, hsa_id);
	db_put_text(q, staff_id);
	return db_run_one(q);
}

static int remove_marked(struct store *store, const char *staff_id)
{
	static const char clear[] =
		"DELETE FROM commission WHERE staff_id = ? AND substr(hsa_id, 1, 1) = '?'";
	struct db_query *q = db_query(store_db(store), clear);

	db_put_text(q, staff_id);
	return db_run(q);
}

static int has_commission(struct store *store, const char *staff_id)
{
	static const char find[] = "SELECT 1 FROM commission WHERE staff_id = ?";
	struct db_query *q = db_query(store_db(store), find);
	int r;

	db_put_text(q, staff_id);
	r = db_step(q);
	db_end(q);
	return r < 0 ? r : r == 1 ? 0 : -ENOENT;
}

static int set_commissions(struct store *store, const struct oidc_identity *identity,
			   const char *staff_id)
{
	int r = mark_commissions(store, staff_id);

	for (size_t i = 0; i < identity->count && r == 0; i++) {
		const struct oidc_commission *c = &identity->commission[i];
		char unit_id[PRINCIPAL_ID_BYTES + 1];

		r = unit_of(store, c, unit_id);
		if (r == 0)
			r = add_commission(store, staff_id, unit_id, c->duty, c->hsa_id, c->name);
		else if (r == -ENOENT)
			r = keep_commission(store, staff_id, c->hsa_id);
		if (r == -ENOENT)
			r = 0; /* of a unit that does not use this server */
	}
	return r == 0 ? remove_marked(store, staff_id) : r;
}

int store_staff_login(struct store *store, int64_t now_unix_s, const char *issuer,
		      const struct oidc_identity *identity, char *staff_id)
{
	int r = db_begin(store_db(store));

	if (r < 0)
		return r;
	r = staff_of(store, now_unix_s, issuer, identity, staff_id);
	if (r == 0)
		r = set_commissions(store, identity, staff_id);
	if (r == 0)
		r = has_commission(store, staff_id);
	return db_finish(store_db(store), r);
}
