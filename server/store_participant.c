/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/store_participant.h"

#include <errno.h>
#include <string.h>

#include "server/store_db.h"
#include "server/store_link.h"

#define ID_BYTES    9 /* 72 random bits: unique, not secret */
#define TOKEN_BYTES 16

_Static_assert((TOKEN_BYTES * 4 + 2) / 3 == STORE_TOKEN_TEXT, "a token is 128 bits of base64url");

/* --- writing ---------------------------------------------------------------------------------- */

static int insert(struct store *store, const char *consultation_id, int64_t place,
		  struct store_participant *p)
{
	static const char add[] =
		"INSERT INTO participant (id, consultation_id, place, role, name, admission, phone,"
		" email, language, staff_id, token_hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
	struct db_query *q;

	token_text_make(store_rng(store), p->id, "p", ID_BYTES);
	if (store_link_token(store, p->id, p->token) < 0)
		return -EIO;
	q = db_query(store_db(store), add);
	db_put_text(q, p->id);
	db_put_text(q, consultation_id);
	db_put_int(q, place);
	db_put_text(q, role_name(p->role));
	db_put_text(q, p->name);
	db_put_text(q, admission_name(p->admission));
	db_put_text(q, p->phone);
	db_put_text(q, p->email);
	db_put_text(q, p->language);
	db_put_text(q, p->staff_id);
	db_put_hash(q, p->token);
	return db_run(q);
}

int store_participant_insert(struct store *store, struct store_consultation *c, size_t i)
{
	struct store_participant *p = &c->participant[i];

	p->admission = c->has_waiting_room ? ADMISSION_WAITING : ADMISSION_ADMITTED;
	return insert(store, c->id, (int64_t)i, p);
}

struct facts {
	bool has_waiting_room;
	char responsible_id[SERVICE_ID_BYTES + 1];
	int64_t next_place;
	int64_t count;
};

/* 0, -ENOENT, -EALREADY, -EIO. */
static int read_facts(struct store *store, const char *consultation_id, struct facts *out)
{
	static const char find[] =
		"SELECT ended_unix_s, has_waiting_room, responsible_staff_id,"
		" (SELECT COALESCE(max(place) + 1, 0) FROM participant"
		"  WHERE consultation_id = consultation.id),"
		" (SELECT count(*) FROM participant"
		"  WHERE consultation_id = consultation.id AND removed_unix_s = 0)"
		" FROM consultation WHERE id = ?";
	struct db_query *q = db_query(store_db(store), find);
	bool has_ended;
	int r;

	db_put_text(q, consultation_id);
	r = db_step(q);
	if (r <= 0)
		return r < 0 ? r : -ENOENT;
	has_ended = db_int(q, 0) != 0;
	out->has_waiting_room = db_int(q, 1) != 0;
	db_text(q, 2, out->responsible_id, sizeof(out->responsible_id));
	out->next_place = db_int(q, 3);
	out->count = db_int(q, 4);
	db_end(q);
	return has_ended ? -EALREADY : 0;
}

static int add(struct store *store, const char *consultation_id, const struct facts *facts,
	       struct store_participant *p)
{
	if (facts->count >= LIMIT_PARTICIPANTS)
		return -ENOSPC;
	p->admission = facts->has_waiting_room ? ADMISSION_WAITING : ADMISSION_ADMITTED;
	return insert(store, consultation_id, facts->next_place, p);
}

int store_participant_add(struct store *store, const char *consultation_id,
			  struct store_participant *p)
{
	struct facts facts;
	int r = db_begin(store_db(store));

	if (r < 0)
		return r;
	r = read_facts(store, consultation_id, &facts);
	if (r == 0)
		r = add(store, consultation_id, &facts, p);
	return db_finish(store_db(store), r);
}

int store_participant_remove(struct store *store, int64_t now_unix_s, const char *consultation_id,
			     const char *id)
{
	static const char remove[] = "UPDATE participant SET removed_unix_s = ? WHERE id = ? AND"
				     " consultation_id = ? AND removed_unix_s = 0";
	struct db_query *q = db_query(store_db(store), remove);

	db_put_int(q, now_unix_s);
	db_put_text(q, id);
	db_put_text(q, consultation_id);
	return db_run_one(q);
}

/* 1 and p->id: it was here before; 0; -EIO. */
static int find_staff(struct store *store, const char *consultation_id, struct store_participant *p)
{
	static const char find[] =
		"SELECT id FROM participant WHERE consultation_id = ? AND staff_id = ?"
		" AND role = ? AND removed_unix_s = 0";
	struct db_query *q = db_query(store_db(store), find);
	int r;

	db_put_text(q, consultation_id);
	db_put_text(q, p->staff_id);
	db_put_text(q, role_name(p->role));
	r = db_step(q);
	if (r == 1)
		db_text(q, 0, p->id, sizeof(p->id));
	db_end(q);
	return r;
}

/* What was written down once is a hash: whoever comes again gets a new link. */
static int renew(struct store *store, struct store_participant *p)
{
	static const char set[] = "UPDATE participant SET token_hash = ? WHERE id = ?";
	struct db_query *q;

	token_text_make(store_rng(store), p->token, "", TOKEN_BYTES);
	q = db_query(store_db(store), set);
	db_put_hash(q, p->token);
	db_put_text(q, p->id);
	return db_run_one(q);
}

static int enter(struct store *store, const char *consultation_id, bool has_reason,
		 struct store_participant *p)
{
	struct facts facts;
	int r = read_facts(store, consultation_id, &facts);
	bool is_others = r == 0 && facts.responsible_id[0] != '\0' &&
			 strcmp(facts.responsible_id, p->staff_id) != 0;

	if (r < 0)
		return r;
	r = find_staff(store, consultation_id, p);
	if (r != 0)
		return r < 0 ? r : renew(store, p);
	return is_others && !has_reason ? -EPERM : add(store, consultation_id, &facts, p);
}

int store_participant_enter(struct store *store, const char *consultation_id, bool has_reason,
			    struct store_participant *p)
{
	int r = db_begin(store_db(store));

	return r < 0 ? r : db_finish(store_db(store), enter(store, consultation_id, has_reason, p));
}

/* --- reading ---------------------------------------------------------------------------------- */

static void read_one(struct db_query *q, struct store_participant *p)
{
	memset(p, 0, sizeof(*p));
	db_text(q, 0, p->id, sizeof(p->id));
	p->role = role_from_name(db_peek(q, 1));
	db_text(q, 2, p->name, sizeof(p->name));
	p->admission = admission_from_name(db_peek(q, 3));
	p->assurance = assurance_from_name(db_peek(q, 4));
	db_text(q, 5, p->phone, sizeof(p->phone));
	db_text(q, 6, p->email, sizeof(p->email));
	db_text(q, 7, p->language, sizeof(p->language));
	db_text(q, 8, p->staff_id, sizeof(p->staff_id));
	p->checked_unix_s = db_int(q, 9);
	p->up_kbps = db_int(q, 10);
	p->down_kbps = db_int(q, 11);
	db_text(q, 12, p->verdicts, sizeof(p->verdicts));
}

int store_participants_read(struct store *store, struct store_consultation *c)
{
	static const char get[] =
		"SELECT p.id, p.role, p.name, p.admission, p.assurance, p.phone, p.email, "
		"p.language,"
		" p.staff_id, COALESCE(max(k.at_unix_s), 0), k.up_kbps, k.down_kbps, k.verdicts"
		" FROM participant p LEFT JOIN link_check k ON k.participant_id = p.id"
		" WHERE p.consultation_id = ? AND p.removed_unix_s = 0 GROUP BY p.id ORDER BY "
		"p.place";
	struct db_query *q = db_query(store_db(store), get);
	int r;

	db_put_text(q, c->id);
	c->participant_count = 0;
	while ((r = db_step(q)) == 1 && c->participant_count < LIMIT_PARTICIPANTS)
		read_one(q, &c->participant[c->participant_count++]);
	db_end(q);
	return r < 0 ? r : 0;
}
