/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/store_visit.h"

#include <assert.h>
#include <errno.h>

#include "server/store_db.h"

#define ID_BYTES    9 /* 72 random bits: unique, not secret */
#define TOKEN_BYTES 16

_Static_assert((TOKEN_BYTES * 4 + 2) / 3 == STORE_TOKEN_TEXT, "a token is 128 bits of base64url");

static int add_participant(struct store *store, const struct store_consultation *c, size_t i)
{
	static const char add[] = "INSERT INTO participant (id, consultation_id, place, role, name,"
				  " admission, token_hash) VALUES (?, ?, ?, ?, ?, 'admitted', ?)";
	const struct store_participant *p = &c->participant[i];
	struct db_query *q = db_query(store_db(store), add);

	db_put_text(q, p->id);
	db_put_text(q, c->id);
	db_put_int(q, (int64_t)i);
	db_put_text(q, role_name(p->role));
	db_put_text(q, p->name);
	db_put_hash(q, p->token);
	return db_run(q);
}

static int add_consultation(struct store *store, const struct store_consultation *c)
{
	static const char add[] =
		"INSERT INTO consultation (id, title, created_unix_s) VALUES (?, ?, ?)";
	struct db_query *q = db_query(store_db(store), add);
	int r;

	db_put_text(q, c->id);
	db_put_text(q, c->title);
	db_put_int(q, c->created_unix_s);
	r = db_run(q);
	for (size_t i = 0; i < c->participant_count && r == 0; i++)
		r = add_participant(store, c, i);
	return r;
}

int store_consultation_create(struct store *store, int64_t now_unix_s, struct store_consultation *c)
{
	struct rng *rng = store_rng(store);
	int r;

	assert(c->participant_count <= LIMIT_PARTICIPANTS);
	token_text_make(rng, c->id, "c", ID_BYTES);
	c->created_unix_s = now_unix_s;
	c->ended_unix_s = 0;
	for (size_t i = 0; i < c->participant_count; i++) {
		token_text_make(rng, c->participant[i].id, "p", ID_BYTES);
		token_text_make(rng, c->participant[i].token, "", TOKEN_BYTES);
	}
	r = db_begin(store_db(store));
	return r < 0 ? r : db_finish(store_db(store), add_consultation(store, c));
}

static int get_participants(struct store *store, struct store_consultation *c)
{
	static const char get[] =
		"SELECT id, role, name FROM participant WHERE consultation_id = ? ORDER BY place";
	struct db_query *q = db_query(store_db(store), get);
	int r;

	db_put_text(q, c->id);
	while ((r = db_step(q)) == 1) {
		struct store_participant *p = &c->participant[c->participant_count];

		if (c->participant_count == LIMIT_PARTICIPANTS)
			break; /* written by a Vidd with a larger limit */
		db_text(q, 0, p->id, sizeof(p->id));
		p->role = role_from_name(db_peek(q, 1));
		db_text(q, 2, p->name, sizeof(p->name));
		c->participant_count++;
	}
	db_end(q);
	return r < 0 ? r : 0;
}

int store_consultation_get(struct store *store, const char *id, struct store_consultation *out)
{
	static const char get[] =
		"SELECT id, title, created_unix_s, ended_unix_s FROM consultation WHERE id = ?";
	struct store_consultation c = {0};
	struct db_query *q = db_query(store_db(store), get);
	int r;

	db_put_text(q, id);
	r = db_step(q);
	if (r <= 0)
		return r < 0 ? r : -ENOENT;
	db_text(q, 0, c.id, sizeof(c.id));
	db_text(q, 1, c.title, sizeof(c.title));
	c.created_unix_s = db_int(q, 2);
	c.ended_unix_s = db_int(q, 3);
	db_end(q);
	r = get_participants(store, &c);
	if (r == 0)
		*out = c;
	return r;
}

int store_consultation_end(struct store *store, int64_t now_unix_s, const char *id)
{
	static const char end[] = "UPDATE consultation SET ended_unix_s = ?, state = 'ended' "
				  "WHERE id = ? AND ended_unix_s = 0";
	static const char exists[] = "SELECT 1 FROM consultation WHERE id = ?";
	struct db_query *q = db_query(store_db(store), end);
	int r;

	db_put_int(q, now_unix_s);
	db_put_text(q, id);
	r = db_run_one(q);
	if (r != -ENOENT)
		return r;
	/* It had ended before, or never was. */
	q = db_query(store_db(store), exists);
	db_put_text(q, id);
	r = db_step(q);
	db_end(q);
	return r < 0 ? r : r == 1 ? 0 : -ENOENT;
}
