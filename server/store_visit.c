/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/store_visit.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "server/store_db.h"
#include "server/store_participant.h"

#define ID_BYTES 9 /* 72 random bits: unique, not secret */

/* --- writing ---------------------------------------------------------------------------------- */

/* Whether there is such a unit, and the responsible one is a clinician of it. */
static int check_unit(struct store *store, const struct store_consultation *c)
{
	static const char unit[] = "SELECT 1 FROM unit WHERE id = ?";
	static const char clinician[] =
		"SELECT 1 FROM commission m JOIN staff s ON s.id = m.staff_id WHERE m.unit_id = ?"
		" AND s.id = ? AND m.duty = 'clinician' AND s.disabled_unix_s = 0";
	bool has_responsible = c->responsible_id[0] != '\0';
	struct db_query *q = db_query(store_db(store), has_responsible ? clinician : unit);
	int r;

	if (c->unit_id[0] == '\0')
		return has_responsible ? -EINVAL : 0;
	db_put_text(q, c->unit_id);
	if (has_responsible)
		db_put_text(q, c->responsible_id);
	r = db_step(q);
	db_end(q);
	return r < 0 ? r : r == 1 ? 0 : -EINVAL;
}

static void put_facts(struct db_query *q, const struct store_consultation *c)
{
	db_put_text(q, c->title);
	db_put_int(q, c->planned_unix_s);
	db_put_int(q, c->minutes);
	db_put_text(q, c->responsible_id);
	db_put_int(q, c->needs_interpreter);
	db_put_text(q, c->communication_needs);
	db_put_text(q, c->kind);
	db_put_text(q, c->place_id);
}

static int add_consultation(struct store *store, const struct store_consultation *c)
{
	static const char add[] =
		"INSERT INTO consultation (title, planned_unix_s, minutes, responsible_staff_id,"
		" needs_interpreter, communication_needs, kind, place_id, id, created_unix_s, "
		"unit_id,"
		" has_waiting_room, patient_ref, external_ref, provider_id)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?11, ?, ?, ?,"
		" COALESCE((SELECT provider_id FROM unit WHERE id = ?11), ''))";
	struct db_query *q = db_query(store_db(store), add);

	put_facts(q, c);
	db_put_text(q, c->id);
	db_put_int(q, c->created_unix_s);
	db_put_text(q, c->unit_id);
	db_put_int(q, c->has_waiting_room);
	db_put_text(q, c->patient_ref);
	db_put_text(q, c->external_ref);
	return db_run(q);
}

/* What its unit and its responsible one are called. */
static int read_names(struct store *store, struct store_consultation *c)
{
	static const char find[] = "SELECT COALESCE((SELECT name FROM unit WHERE id = ?), ''),"
				   " COALESCE((SELECT name FROM staff WHERE id = ?), '')";
	struct db_query *q = db_query(store_db(store), find);
	int r;

	db_put_text(q, c->unit_id);
	db_put_text(q, c->responsible_id);
	r = db_step(q);
	if (r <= 0)
		return r;
	db_text(q, 0, c->unit_name, sizeof(c->unit_name));
	db_text(q, 1, c->responsible_name, sizeof(c->responsible_name));
	db_end(q);
	return 0;
}

static int create(struct store *store, struct store_consultation *c)
{
	int r = check_unit(store, c);

	if (r == 0)
		r = add_consultation(store, c);
	if (r == 0)
		r = read_names(store, c);
	for (size_t i = 0; i < c->participant_count && r == 0; i++)
		r = store_participant_insert(store, c, i);
	return r;
}

static void prepare(struct store *store, int64_t now_unix_s, struct store_consultation *c)
{
	assert(c->participant_count <= LIMIT_PARTICIPANTS);
	token_text_make(store_rng(store), c->id, "c", ID_BYTES);
	c->created_unix_s = now_unix_s;
	c->ended_unix_s = 0;
	c->state = VISIT_PLANNED;
	c->outcome = OUTCOME_COUNT;
	c->outcome_reason = OUTCOME_REASON_COUNT;
}

int store_consultation_create(struct store *store, int64_t now_unix_s, struct store_consultation *c)
{
	return store_consultation_create_all(store, now_unix_s, c, 1);
}

int store_consultation_create_all(struct store *store, int64_t now_unix_s,
				  struct store_consultation *list, size_t count)
{
	int r = db_begin(store_db(store));

	if (r < 0)
		return r;
	for (size_t i = 0; i < count && r == 0; i++) {
		prepare(store, now_unix_s, &list[i]);
		r = create(store, &list[i]);
	}
	return db_finish(store_db(store), r);
}

static int has_ended(struct store *store, const char *id)
{
	static const char find[] = "SELECT ended_unix_s FROM consultation WHERE id = ?";
	struct db_query *q = db_query(store_db(store), find);
	int64_t ended;
	int r;

	db_put_text(q, id);
	r = db_step(q);
	if (r <= 0)
		return r < 0 ? r : -ENOENT;
	ended = db_int(q, 0);
	db_end(q);
	return ended != 0 ? -EALREADY : 0;
}

static int change(struct store *store, const struct store_consultation *c)
{
	static const char set[] =
		"UPDATE consultation SET title = ?, planned_unix_s = ?, minutes = ?,"
		" responsible_staff_id = ?, needs_interpreter = ?, communication_needs = ?, kind = "
		"?,"
		" place_id = ? WHERE id = ?";
	int r = has_ended(store, c->id);
	struct db_query *q;

	if (r == 0)
		r = check_unit(store, c);
	if (r < 0)
		return r;
	q = db_query(store_db(store), set);
	put_facts(q, c);
	db_put_text(q, c->id);
	return db_run_one(q);
}

int store_consultation_change(struct store *store, const struct store_consultation *c)
{
	int r = db_begin(store_db(store));

	return r < 0 ? r : db_finish(store_db(store), change(store, c));
}

int store_consultation_end(struct store *store, int64_t now_unix_s, const char *id)
{
	static const char end[] = "UPDATE consultation SET ended_unix_s = ?, state = 'ended' "
				  "WHERE id = ? AND ended_unix_s = 0";
	struct db_query *q = db_query(store_db(store), end);
	int r;

	db_put_int(q, now_unix_s);
	db_put_text(q, id);
	r = db_run_one(q);
	if (r != -ENOENT)
		return r;
	/* It had ended before, or never was. */
	r = has_ended(store, id);
	return r == -EALREADY ? 0 : r;
}

int store_consultation_close(struct store *store, int64_t now_unix_s,
			     const struct store_consultation *c)
{
	static const char end[] =
		"UPDATE consultation SET ended_unix_s = ?, state = 'ended', outcome = ?,"
		" outcome_reason = ? WHERE id = ? AND ended_unix_s = 0";
	struct db_query *q = db_query(store_db(store), end);
	bool has_reason = c->outcome_reason != OUTCOME_REASON_COUNT;
	int r;

	db_put_int(q, now_unix_s);
	db_put_text(q, outcome_name(c->outcome));
	db_put_text(q, has_reason ? outcome_reason_name(c->outcome_reason) : "");
	db_put_text(q, c->id);
	r = db_run_one(q);
	return r == -ENOENT ? has_ended(store, c->id) : r;
}

/* --- reading ---------------------------------------------------------------------------------- */

#define COLUMNS                                                                                    \
	"c.id, c.title, c.created_unix_s, c.planned_unix_s, c.started_unix_s, c.ended_unix_s,"     \
	" c.minutes, c.unit_id, COALESCE(u.name, ''), c.responsible_staff_id,"                     \
	" COALESCE(s.name, ''), c.place_id, c.kind, c.patient_ref, c.external_ref,"                \
	" c.communication_needs, c.has_waiting_room, c.needs_interpreter, c.state, c.mode,"        \
	" c.outcome, c.outcome_reason FROM consultation c"                                         \
	" LEFT JOIN unit u ON u.id = c.unit_id LEFT JOIN staff s ON s.id = "                       \
	"c.responsible_staff_id "

static void read_words(struct db_query *q, struct store_consultation *c)
{
	c->state = visit_state_from_name(db_peek(q, 18));
	c->mode = mode_from_name(db_peek(q, 19));
	c->outcome = outcome_from_name(db_peek(q, 20));
	c->outcome_reason = outcome_reason_from_name(db_peek(q, 21));
	/* Words of a later version; the visit stays what it is there. */
	if (c->state == VISIT_STATE_COUNT)
		c->state = c->ended_unix_s != 0 ? VISIT_ENDED : VISIT_PLANNED;
	if (c->mode == MODE_COUNT)
		c->mode = MODE_TALK;
}

static void read_consultation(struct db_query *q, struct store_consultation *c)
{
	memset(c, 0, sizeof(*c));
	db_text(q, 0, c->id, sizeof(c->id));
	db_text(q, 1, c->title, sizeof(c->title));
	c->created_unix_s = db_int(q, 2);
	c->planned_unix_s = db_int(q, 3);
	c->started_unix_s = db_int(q, 4);
	c->ended_unix_s = db_int(q, 5);
	c->minutes = db_int(q, 6);
	db_text(q, 7, c->unit_id, sizeof(c->unit_id));
	db_text(q, 8, c->unit_name, sizeof(c->unit_name));
	db_text(q, 9, c->responsible_id, sizeof(c->responsible_id));
	db_text(q, 10, c->responsible_name, sizeof(c->responsible_name));
	db_text(q, 11, c->place_id, sizeof(c->place_id));
	db_text(q, 12, c->kind, sizeof(c->kind));
	db_text(q, 13, c->patient_ref, sizeof(c->patient_ref));
	db_text(q, 14, c->external_ref, sizeof(c->external_ref));
	db_text(q, 15, c->communication_needs, sizeof(c->communication_needs));
	c->has_waiting_room = db_int(q, 16) != 0;
	c->needs_interpreter = db_int(q, 17) != 0;
	read_words(q, c);
}

int store_consultation_get(struct store *store, const char *id, struct store_consultation *out)
{
	static const char get[] = "SELECT " COLUMNS "WHERE c.id = ?";
	struct store_consultation c;
	struct db_query *q = db_query(store_db(store), get);
	int r;

	db_put_text(q, id);
	r = db_step(q);
	if (r <= 0)
		return r < 0 ? r : -ENOENT;
	read_consultation(q, &c);
	db_end(q);
	r = store_participants_read(store, &c);
	if (r == 0)
		*out = c;
	return r;
}

static int read_list(struct store *store, const struct store_visit_filter *f,
		     struct store_consultation *list, size_t *count)
{
	static const char find[] =
		"SELECT " COLUMNS "WHERE c.unit_id = ? AND (c.state = ?2 OR ?2 = '') AND"
		" CASE c.planned_unix_s WHEN 0 THEN c.created_unix_s ELSE c.planned_unix_s END"
		" BETWEEN ? AND ? ORDER BY c.planned_unix_s, c.created_unix_s, c.id LIMIT ?";
	struct db_query *q = db_query(store_db(store), find);
	int r;

	db_put_text(q, f->unit_id);
	db_put_text(q, f->state != VISIT_STATE_COUNT ? visit_state_name(f->state) : "");
	db_put_int(q, f->from_unix_s);
	db_put_int(q, f->to_unix_s - 1);
	db_put_int(q, STORE_VISIT_LIST_MAX);
	while ((r = db_step(q)) == 1)
		read_consultation(q, &list[(*count)++]);
	return r;
}

int store_consultation_list(struct store *store, const struct store_visit_filter *filter,
			    struct store_consultation **out, size_t *count)
{
	struct store_consultation *list = calloc(STORE_VISIT_LIST_MAX, sizeof(*list));
	size_t n = 0;
	int r;

	if (list == NULL)
		return -ENOMEM;
	r = read_list(store, filter, list, &n);
	for (size_t i = 0; i < n && r == 0; i++)
		r = store_participants_read(store, &list[i]);
	if (r < 0) {
		free(list);
		return r;
	}
	*out = list;
	*count = n;
	return 0;
}
