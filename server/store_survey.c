/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/store_survey.h"

#include <errno.h>

#include "server/store_db.h"

#define DAY_S 86400

/* 0, -EEXIST or -ENOENT. */
static int why_not(struct store *store, const char *consultation_id, const char *participant_id)
{
	static const char find[] = "SELECT 1 FROM participant WHERE id = ? AND consultation_id = ?";
	struct db_query *q = db_query(store_db(store), find);
	int r;

	db_put_text(q, participant_id);
	db_put_text(q, consultation_id);
	r = db_step(q);
	db_end(q);
	return r < 0 ? r : r == 1 ? -EEXIST : -ENOENT;
}

static int add(struct store *store, int64_t now_unix_s, const char *consultation_id,
	       const char *participant_id, const char *answers)
{
	static const char mark[] = "UPDATE participant SET has_answered = 1 "
				   "WHERE id = ? AND consultation_id = ? AND has_answered = 0";
	static const char put[] = "INSERT INTO survey (consultation_id, role, answers, at_unix_s) "
				  "SELECT consultation_id, role, ?, ? FROM participant "
				  "WHERE id = ?";
	struct db_query *q = db_query(store_db(store), mark);
	int r;

	db_put_text(q, participant_id);
	db_put_text(q, consultation_id);
	r = db_run_one(q);
	if (r == -ENOENT)
		r = why_not(store, consultation_id, participant_id);
	if (r < 0)
		return r;
	q = db_query(store_db(store), put);
	db_put_text(q, answers);
	db_put_int(q, now_unix_s - now_unix_s % DAY_S);
	db_put_text(q, participant_id);
	return db_run(q);
}

int store_survey_add(struct store *store, int64_t now_unix_s, const char *consultation_id,
		     const char *participant_id, const char *answers)
{
	int r = db_begin(store_db(store));

	return r < 0 ? r
		     : db_finish(store_db(store),
				 add(store, now_unix_s, consultation_id, participant_id, answers));
}
