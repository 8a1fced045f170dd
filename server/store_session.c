/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/store_session.h"

#include <errno.h>
#include <string.h>

#include "server/permission.h"
#include "server/store_db.h"

#define TOKEN_BYTES 16
#define DAY_S	    86400
/* Each request would be a write else. */
#define SEEN_STEP_S 60

_Static_assert((TOKEN_BYTES * 4 + 2) / 3 == STORE_SESSION_TEXT, "128 bits of base64url");

/* --- beginning -------------------------------------------------------------------------------- */

/* Sessions that ended a day ago tell nobody anything. */
static int remove_ended(struct store *store, int64_t now_unix_s)
{
	static const char clear[] = "DELETE FROM session WHERE expires_unix_s < ?";
	struct db_query *q = db_query(store_db(store), clear);

	db_put_int(q, now_unix_s - DAY_S);
	return db_run(q);
}

static int limit_sessions(struct store *store, int64_t now_unix_s, const char *staff_id)
{
	static const char limit[] =
		"UPDATE session SET revoked_unix_s = ?1 WHERE staff_id = ?2 AND "
		"revoked_unix_s = 0 AND hash NOT IN (SELECT hash FROM session WHERE "
		"staff_id = ?2 AND revoked_unix_s = 0 ORDER BY seen_unix_s DESC LIMIT ?3)";
	struct db_query *q = db_query(store_db(store), limit);

	db_put_int(q, now_unix_s);
	db_put_text(q, staff_id);
	db_put_int(q, STORE_SESSIONS_PER_STAFF - 1);
	return db_run(q);
}

/* The staff member's commission when it is the only one. */
static int sole_commission(struct store *store, const char *staff_id, char *out, size_t size)
{
	static const char find[] = "SELECT MIN(id), COUNT(*) FROM commission WHERE staff_id = ?";
	struct db_query *q = db_query(store_db(store), find);
	int r;

	out[0] = '\0';
	db_put_text(q, staff_id);
	r = db_step(q);
	if (r == 1 && db_int(q, 1) == 1)
		db_text(q, 0, out, size);
	db_end(q);
	return r < 0 ? r : 0;
}

static int is_enabled(struct store *store, const char *staff_id)
{
	static const char find[] = "SELECT 1 FROM staff WHERE id = ? AND disabled_unix_s = 0";
	struct db_query *q = db_query(store_db(store), find);
	int r;

	db_put_text(q, staff_id);
	r = db_step(q);
	db_end(q);
	return r < 0 ? r : r == 1 ? 0 : -EPERM;
}

static int add_session(struct store *store, int64_t now_unix_s, int64_t expires_unix_s,
		       const char *staff_id, const char *acr, const struct store_session *session)
{
	static const char add[] =
		"INSERT INTO session (hash, staff_id, commission_id, csrf, acr, created_unix_s, "
		"seen_unix_s, expires_unix_s) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
	char commission[PRINCIPAL_ID_BYTES + 1];
	struct db_query *q;
	int r = sole_commission(store, staff_id, commission, sizeof(commission));

	if (r < 0)
		return r;
	q = db_query(store_db(store), add);
	db_put_hash(q, session->token);
	db_put_text(q, staff_id);
	db_put_text(q, commission);
	db_put_text(q, session->who.csrf);
	db_put_text(q, acr);
	db_put_int(q, now_unix_s);
	db_put_int(q, now_unix_s);
	db_put_int(q, expires_unix_s);
	return db_run(q);
}

int store_session_begin(struct store *store, int64_t now_unix_s,
			const struct store_session_times *times, const char *staff_id,
			const char *acr, struct store_session *out)
{
	struct store_session made, s;
	int r;

	memset(&made, 0, sizeof(made));
	token_text_make(store_rng(store), made.token, "", TOKEN_BYTES);
	token_text_make(store_rng(store), made.who.csrf, "", TOKEN_BYTES);
	r = db_begin(store_db(store));
	if (r < 0)
		return r;
	r = is_enabled(store, staff_id);
	if (r == 0)
		r = remove_ended(store, now_unix_s);
	if (r == 0)
		r = limit_sessions(store, now_unix_s, staff_id);
	if (r == 0)
		r = add_session(store, now_unix_s, now_unix_s + times->total_s, staff_id, acr,
				&made);
	r = db_finish(store_db(store), r);
	if (r == 0)
		r = store_session_find(store, now_unix_s, times, made.token, &s);
	if (r < 0)
		return r;
	memcpy(s.token, made.token, sizeof(s.token));
	*out = s;
	return 0;
}

/* --- finding ---------------------------------------------------------------------------------- */

static int note_seen(struct store *store, int64_t now_unix_s, const char *token)
{
	static const char note[] = "UPDATE session SET seen_unix_s = ? WHERE hash = ?";
	struct db_query *q = db_query(store_db(store), note);

	db_put_int(q, now_unix_s);
	db_put_hash(q, token);
	return db_run(q);
}

static void read_session(struct db_query *q, struct store_session *s)
{
	struct principal *p = &s->who;

	memset(s, 0, sizeof(*s));
	p->kind = PRINCIPAL_STAFF;
	db_text(q, 0, p->csrf, sizeof(p->csrf));
	db_text(q, 1, p->acr, sizeof(p->acr));
	p->expires_unix_s = db_int(q, 2);
	db_text(q, 4, p->id, sizeof(p->id));
	db_text(q, 5, p->name, sizeof(p->name));
	db_text(q, 6, p->subject, sizeof(p->subject));
	/* Without these the commission was taken away, or never chosen. */
	db_text(q, 7, p->commission_id, sizeof(p->commission_id));
	p->duty = permission_duty_from_name(db_peek(q, 8));
	db_text(q, 9, p->commission_hsa_id, sizeof(p->commission_hsa_id));
	db_text(q, 10, p->unit_id, sizeof(p->unit_id));
	db_text(q, 11, p->unit_name, sizeof(p->unit_name));
	db_text(q, 12, p->unit_hsa_id, sizeof(p->unit_hsa_id));
	db_text(q, 13, p->provider_id, sizeof(p->provider_id));
	db_text(q, 14, p->provider_hsa_id, sizeof(p->provider_hsa_id));
}

int store_session_find(struct store *store, int64_t now_unix_s,
		       const struct store_session_times *times, const char *token,
		       struct store_session *out)
{
	static const char find[] =
		"SELECT s.csrf, s.acr, s.expires_unix_s, s.seen_unix_s, t.id, t.name, t.subject, "
		"m.id, m.duty, m.hsa_id, u.id, u.name, u.hsa_id, p.id, p.hsa_id "
		"FROM session s JOIN staff t ON t.id = s.staff_id "
		"LEFT JOIN commission m ON m.id = s.commission_id AND m.staff_id = t.id "
		"LEFT JOIN unit u ON u.id = m.unit_id LEFT JOIN provider p ON p.id = u.provider_id "
		"WHERE s.hash = ? AND s.revoked_unix_s = 0 AND t.disabled_unix_s = 0 "
		"AND s.expires_unix_s > ? AND s.seen_unix_s > ?";
	struct db_query *q = db_query(store_db(store), find);
	struct store_session s;
	int64_t seen_unix_s;
	int r;

	db_put_hash(q, token);
	db_put_int(q, now_unix_s);
	db_put_int(q, now_unix_s - times->idle_s);
	r = db_step(q);
	if (r != 1)
		return r < 0 ? r : -EPERM;
	read_session(q, &s);
	seen_unix_s = db_int(q, 3);
	db_end(q);
	r = now_unix_s - seen_unix_s >= SEEN_STEP_S ? note_seen(store, now_unix_s, token) : 0;
	if (r == 0)
		*out = s;
	return r;
}

/* --- changing --------------------------------------------------------------------------------- */

int store_session_choose(struct store *store, const char *token, const char *commission_id)
{
	/* A commission that was taken away counts as none. */
	static const char choose[] =
		"UPDATE session SET commission_id = ?1 WHERE hash = ?2 AND NOT EXISTS (SELECT 1 "
		"FROM commission c WHERE c.id = session.commission_id AND c.staff_id = "
		"session.staff_id) AND EXISTS (SELECT 1 FROM commission c WHERE c.id = ?1 AND "
		"c.staff_id = session.staff_id)";
	static const char is_own[] =
		"SELECT 1 FROM session s JOIN commission c ON c.staff_id = s.staff_id "
		"WHERE s.hash = ? AND c.id = ?";
	struct db_query *q = db_query(store_db(store), choose);
	int r;

	db_put_text(q, commission_id);
	db_put_hash(q, token);
	r = db_run_one(q);
	if (r != -ENOENT)
		return r;
	q = db_query(store_db(store), is_own);
	db_put_hash(q, token);
	db_put_text(q, commission_id);
	r = db_step(q);
	db_end(q);
	return r < 0 ? r : r == 1 ? -EALREADY : -ENOENT;
}

int store_session_end(struct store *store, int64_t now_unix_s, const char *token)
{
	static const char end[] =
		"UPDATE session SET revoked_unix_s = ? WHERE hash = ? AND revoked_unix_s = 0";
	struct db_query *q = db_query(store_db(store), end);

	db_put_int(q, now_unix_s);
	db_put_hash(q, token);
	return db_run(q);
}

int store_session_list(struct store *store, int64_t now_unix_s, const struct principal *who,
		       struct store_own_session out[STORE_SESSIONS_PER_STAFF], size_t *count)
{
	static const char list[] =
		"SELECT lower(hex(substr(hash, 1, 8))), created_unix_s, seen_unix_s, csrf = ?1"
		" FROM session WHERE staff_id = ?2 AND revoked_unix_s = 0 AND expires_unix_s > ?3"
		" ORDER BY created_unix_s DESC, hash LIMIT ?4";
	struct db_query *q = db_query(store_db(store), list);
	size_t n = 0;
	int r;

	db_put_text(q, who->csrf);
	db_put_text(q, who->id);
	db_put_int(q, now_unix_s);
	db_put_int(q, STORE_SESSIONS_PER_STAFF);
	while ((r = db_step(q)) == 1) {
		struct store_own_session *o = &out[n++];

		db_text(q, 0, o->id, sizeof(o->id));
		o->began_unix_s = db_int(q, 1);
		o->seen_unix_s = db_int(q, 2);
		o->is_current = db_int(q, 3) != 0;
	}
	*count = n;
	return r;
}

int store_session_end_own(struct store *store, int64_t now_unix_s, const char *staff_id,
			  const char *id)
{
	static const char end[] =
		"UPDATE session SET revoked_unix_s = ?1 WHERE staff_id = ?2 AND revoked_unix_s = 0"
		" AND lower(hex(substr(hash, 1, 8))) = ?3";
	struct db_query *q = db_query(store_db(store), end);

	db_put_int(q, now_unix_s);
	db_put_text(q, staff_id);
	db_put_text(q, id);
	return db_run_one(q);
}

int store_session_end_all(struct store *store, int64_t now_unix_s, const char *staff_id)
{
	static const char end[] =
		"UPDATE session SET revoked_unix_s = ? WHERE staff_id = ? AND revoked_unix_s = 0";
	struct db_query *q = db_query(store_db(store), end);

	db_put_int(q, now_unix_s);
	db_put_text(q, staff_id);
	return db_run(q);
}

/* --- commissions ------------------------------------------------------------------------------ */

int store_commission_list(struct store *store, const char *staff_id, struct store_commission *out,
			  size_t *count)
{
	static const char list[] =
		"SELECT m.id, m.name, m.duty, u.id, u.name, p.id, p.name FROM commission m "
		"JOIN unit u ON u.id = m.unit_id JOIN provider p ON p.id = u.provider_id "
		"WHERE m.staff_id = ? ORDER BY u.name, m.duty, m.id";
	struct db_query *q = db_query(store_db(store), list);
	size_t n = 0;
	int r;

	db_put_text(q, staff_id);
	while ((r = db_step(q)) == 1 && n < STORE_COMMISSIONS_MAX) {
		struct store_commission *m = &out[n++];

		memset(m, 0, sizeof(*m));
		db_text(q, 0, m->id, sizeof(m->id));
		db_text(q, 1, m->name, sizeof(m->name));
		m->duty = permission_duty_from_name(db_peek(q, 2));
		db_text(q, 3, m->unit_id, sizeof(m->unit_id));
		db_text(q, 4, m->unit_name, sizeof(m->unit_name));
		db_text(q, 5, m->provider_id, sizeof(m->provider_id));
		db_text(q, 6, m->provider_name, sizeof(m->provider_name));
	}
	db_end(q);
	*count = n;
	return r < 0 ? r : 0;
}
