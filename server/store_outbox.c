/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/store_outbox.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

#include "server/store_db.h"
#include "server/token_text.h"

#define ID_BYTES  9
#define FIRST_S	  30
#define LONGEST_S 3600
/* Longer than a try of the sender may take; then it is due again, should the process have ended. */
#define UNDER_WAY_S 300

static const char *const channel_names[OUTBOX_CHANNEL_COUNT] = {"sms", "email"};

const char *outbox_channel_name(enum outbox_channel channel)
{
	return channel < OUTBOX_CHANNEL_COUNT ? channel_names[channel] : "";
}

int64_t outbox_backoff_s(int64_t attempts)
{
	int64_t wait_s = FIRST_S;

	while (attempts-- > 1 && wait_s < LONGEST_S)
		wait_s *= 2;
	return wait_s < LONGEST_S ? wait_s : LONGEST_S;
}

/* --- what the text is made of -------------------------------------------------------------------
 */

/* The derived token, when it is the participant's: those of before were random. */
static int find_token(struct store *store, struct store_message *m)
{
	static const char sql[] = "SELECT 1 FROM participant WHERE id = ? AND token_hash = ?";
	struct db_query *q;
	int r = store_link_token(store, m->participant_id, m->token);

	if (r < 0)
		return r;
	q = db_query(store_db(store), sql);
	db_put_text(q, m->participant_id);
	db_put_hash(q, m->token);
	r = db_step(q);
	db_end(q);
	if (r == 0)
		m->token[0] = '\0';
	return r < 0 ? r : 0;
}

/* Also whether there is still somebody to tell: 0, -ENOENT, -EALREADY, -EIO. */
static int find_person(struct store *store, struct store_message *m)
{
	/* Without a neutral name the provider's: a unit's own name may tell of an illness. */
	static const char sql[] =
		"SELECT p.phone, p.email, p.language, p.removed_unix_s, c.ended_unix_s,"
		" c.planned_unix_s, c.unit_id,"
		" CASE WHEN IFNULL(u.neutral_name, '') <> '' THEN u.neutral_name"
		"  ELSE IFNULL(v.name, '') END "
		"FROM participant p JOIN consultation c ON c.id = p.consultation_id "
		"LEFT JOIN unit u ON u.id = c.unit_id LEFT JOIN provider v ON v.id = u.provider_id "
		"WHERE p.id = ? AND c.id = ?";
	struct db_query *q = db_query(store_db(store), sql);
	int r;

	db_put_text(q, m->participant_id);
	db_put_text(q, m->consultation_id);
	r = db_step(q);
	if (r == 1) {
		bool is_over = db_int(q, 3) != 0 || db_int(q, 4) != 0;

		db_text(q, 0, m->address, sizeof(m->address));
		m->channel = OUTBOX_SMS;
		if (m->address[0] == '\0') {
			db_text(q, 1, m->address, sizeof(m->address));
			m->channel = OUTBOX_EMAIL;
		}
		db_text(q, 2, m->language, sizeof(m->language));
		m->planned_unix_s = db_int(q, 5);
		db_text(q, 6, m->unit_id, sizeof(m->unit_id));
		db_text(q, 7, m->unit, sizeof(m->unit));
		r = is_over ? -EALREADY : 0;
	} else if (r == 0) {
		r = -ENOENT;
	}
	db_end(q);
	return r == 0 ? find_token(store, m) : r;
}

/* --- adding -------------------------------------------------------------------------------------
 */

static int check_rate(struct store *store, int64_t now_unix_s, const char *participant_id)
{
	static const char sql[] = "SELECT count(*) FROM outbox WHERE consultation_id = "
				  "(SELECT consultation_id FROM participant WHERE id = ?1) "
				  "AND participant_id = ?1 AND created_unix_s > ?2";
	struct db_query *q = db_query(store_db(store), sql);
	int r;

	db_put_text(q, participant_id);
	db_put_int(q, now_unix_s - 24 * 3600);
	r = db_step(q);
	if (r == 1)
		r = db_int(q, 0) >= STORE_OUTBOX_MAX_PER_DAY ? -ENOSPC : 0;
	db_end(q);
	return r;
}

static int add_row(struct store *store, int64_t now_unix_s, const struct store_message *m)
{
	static const char sql[] =
		"INSERT INTO outbox (id, consultation_id, participant_id, kind, channel, address,"
		" language, state, next_unix_s, created_unix_s) VALUES (?,?,?,?,?,?,?,?,?,?)";
	struct db_query *q = db_query(store_db(store), sql);

	db_put_text(q, m->id);
	db_put_text(q, m->consultation_id);
	db_put_text(q, m->participant_id);
	db_put_text(q, letter_kind_name(m->kind));
	db_put_text(q, outbox_channel_name(m->channel));
	db_put_text(q, m->address);
	db_put_text(q, m->language);
	db_put_text(q, m->kind == LETTER_CODE ? "direct" : "waiting");
	db_put_int(q, now_unix_s);
	db_put_int(q, now_unix_s);
	return db_run(q);
}

int store_outbox_add(struct store *store, int64_t now_unix_s, const char *unit_id,
		     struct store_message *m)
{
	int r = find_person(store, m);

	if (r != -EIO && unit_id[0] != '\0' && strcmp(unit_id, m->unit_id) != 0)
		return -ENOENT; /* another unit's is not there */
	if (r < 0)
		return r;
	if (m->address[0] == '\0')
		return -ENODATA;
	r = check_rate(store, now_unix_s, m->participant_id);
	if (r < 0)
		return r;
	token_text_make(store_rng(store), m->id, "n", ID_BYTES);
	r = add_row(store, now_unix_s, m);
	return r == -EEXIST ? -EIO : r;
}

/* --- reminding ----------------------------------------------------------------------------------
 */

/* Who is to be reminded: patients and relatives of visits planned within so long, that were booked
 * before that, each once for the time that is planned. */
static int find_unreminded(struct store *store, int64_t now_unix_s, int64_t before_s,
			   struct store_message out[STORE_OUTBOX_BATCH], size_t *count)
{
	static const char sql[] =
		"SELECT p.id, c.id FROM consultation c JOIN participant p ON p.consultation_id = "
		"c.id WHERE c.planned_unix_s > ?1 AND c.planned_unix_s <= ?1 + ?2"
		" AND c.created_unix_s < c.planned_unix_s - ?2 AND c.ended_unix_s = 0"
		" AND c.started_unix_s = 0 AND p.removed_unix_s = 0"
		" AND p.role IN ('patient', 'relative') AND (p.phone <> '' OR p.email <> '')"
		" AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.consultation_id = c.id"
		"  AND o.participant_id = p.id AND o.kind = 'reminder'"
		"  AND o.created_unix_s >= c.planned_unix_s - ?2)"
		" ORDER BY c.planned_unix_s LIMIT ?3";
	struct db_query *q = db_query(store_db(store), sql);
	int r;

	db_put_int(q, now_unix_s);
	db_put_int(q, before_s);
	db_put_int(q, STORE_OUTBOX_BATCH);
	while ((r = db_step(q)) == 1) {
		struct store_message *m = &out[(*count)++];

		*m = (struct store_message){.kind = LETTER_REMINDER};
		db_text(q, 0, m->participant_id, sizeof(m->participant_id));
		db_text(q, 1, m->consultation_id, sizeof(m->consultation_id));
	}
	return r;
}

int store_outbox_remind(struct store *store, int64_t now_unix_s, int64_t before_s, size_t *count)
{
	struct store_message m[STORE_OUTBOX_BATCH];
	size_t found = 0, added = 0;
	int r = find_unreminded(store, now_unix_s, before_s, m, &found);

	for (size_t i = 0; i < found && r == 0; i++) {
		r = store_outbox_add(store, now_unix_s, "", &m[i]);
		added += r == 0;
		/* Enough for today, or over meanwhile: the others are not kept waiting. */
		if (r == -ENOSPC || r == -EALREADY || r == -ENODATA || r == -ENOENT)
			r = 0;
	}
	explicit_bzero(m, sizeof(m));
	*count = added;
	return r;
}

/* --- sending ------------------------------------------------------------------------------------
 */

static int set_state(struct store *store, const char *id, const char *state, int64_t next_unix_s)
{
	static const char sql[] =
		"UPDATE outbox SET state = ?1, next_unix_s = ?2, address = CASE "
		"WHEN ?1 IN ('sent', 'failed', 'dropped') THEN '' ELSE address END "
		"WHERE id = ?3";
	struct db_query *q = db_query(store_db(store), sql);

	db_put_text(q, state);
	db_put_int(q, next_unix_s);
	db_put_text(q, id);
	return db_run_one(q);
}

static int read_due(struct store *store, int64_t now_unix_s, struct store_message *out,
		    size_t *count)
{
	static const char sql[] = "SELECT id, consultation_id, participant_id, kind, attempts "
				  "FROM outbox WHERE state = 'waiting' AND next_unix_s <= ? "
				  "ORDER BY next_unix_s LIMIT ?";
	struct db_query *q = db_query(store_db(store), sql);
	int r;

	db_put_int(q, now_unix_s);
	db_put_int(q, STORE_OUTBOX_BATCH);
	*count = 0;
	while ((r = db_step(q)) == 1) {
		struct store_message *m = &out[(*count)++];

		memset(m, 0, sizeof(*m));
		db_text(q, 0, m->id, sizeof(m->id));
		db_text(q, 1, m->consultation_id, sizeof(m->consultation_id));
		db_text(q, 2, m->participant_id, sizeof(m->participant_id));
		m->kind = letter_kind_from_name(db_peek(q, 3));
		m->attempts = db_int(q, 4);
	}
	db_end(q);
	return r;
}

/* Each is looked at anew: a visit may be over, a number corrected. */
static int take_due(struct store *store, int64_t now_unix_s, struct store_message *out,
		    size_t *count)
{
	size_t found = *count;
	int r = 0;

	*count = 0;
	for (size_t i = 0; i < found && r == 0; i++) {
		int person = find_person(store, &out[i]);

		if (person == -EIO)
			return -EIO;
		if (person < 0 || out[i].address[0] == '\0' || out[i].kind >= LETTER_CODE) {
			r = set_state(store, out[i].id, "dropped", 0);
			continue;
		}
		r = set_state(store, out[i].id, "waiting", now_unix_s + UNDER_WAY_S);
		out[(*count)++] = out[i];
	}
	return r;
}

int store_outbox_due(struct store *store, int64_t now_unix_s,
		     struct store_message out[STORE_OUTBOX_BATCH], size_t *count)
{
	int r = read_due(store, now_unix_s, out, count);

	if (r < 0 || *count == 0)
		return r;
	r = db_begin(store_db(store));
	return r == 0 ? db_finish(store_db(store), take_due(store, now_unix_s, out, count)) : r;
}

static int note(struct store *store, int64_t now_unix_s, const char *id, bool is_sent,
		const char *text)
{
	static const char sent[] = "UPDATE outbox SET attempts = attempts + 1, sent_unix_s = ?,"
				   " receipt = ?, error = '' WHERE id = ?";
	static const char failed[] = "UPDATE outbox SET attempts = attempts + 1, sent_unix_s = ?,"
				     " error = ? WHERE id = ?";
	struct db_query *q = db_query(store_db(store), is_sent ? sent : failed);

	db_put_int(q, is_sent ? now_unix_s : 0);
	db_put_text(q, text);
	db_put_text(q, id);
	return db_run_one(q);
}

static int created_of(struct store *store, const char *id, int64_t *out)
{
	static const char sql[] = "SELECT created_unix_s FROM outbox WHERE id = ?";
	struct db_query *q = db_query(store_db(store), sql);
	int r;

	db_put_text(q, id);
	r = db_step(q);
	if (r == 1)
		*out = db_int(q, 0);
	db_end(q);
	return r == 1 ? 0 : r == 0 ? -ENOENT : r;
}

static int conclude(struct store *store, int64_t now_unix_s, const struct store_message *m,
		    enum outbox_result result, bool *is_failed)
{
	int64_t next_s = now_unix_s + outbox_backoff_s(m->attempts + 1), created_s = 0;
	int r = created_of(store, m->id, &created_s);

	if (r < 0)
		return r;
	*is_failed = result == OUTBOX_REFUSED ||
		     (result == OUTBOX_TRY_AGAIN &&
		      (m->kind == LETTER_CODE || next_s > created_s + STORE_OUTBOX_GIVE_UP_S));
	if (result == OUTBOX_SENT)
		return set_state(store, m->id, "sent", 0);
	return *is_failed ? set_state(store, m->id, "failed", 0)
			  : set_state(store, m->id, "waiting", next_s);
}

int store_outbox_done(struct store *store, int64_t now_unix_s, const struct store_message *m,
		      enum outbox_result result, const char *text, bool *is_failed)
{
	char cut[STORE_OUTBOX_NOTE_BYTES + 1];
	int r = db_begin(store_db(store));

	if (r < 0)
		return r;
	*is_failed = false;
	g_strlcpy(cut, text, sizeof(cut));
	r = note(store, now_unix_s, m->id, result == OUTBOX_SENT, cut);
	if (r == 0)
		r = conclude(store, now_unix_s, m, result, is_failed);
	return db_finish(store_db(store), r);
}
