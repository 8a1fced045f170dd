/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/store_record.h"

#include <errno.h>
#include <glib.h>

#include "server/store_db.h"
#include "server/store_quality.h"

/* --- people ----------------------------------------------------------------------------------- */

static int set_person(struct store *store, const char *sql, const char *value,
		      const struct service_record *r)
{
	struct db_query *q = db_query(store_db(store), sql);

	db_put_text(q, value);
	db_put_text(q, r->participant_id);
	return db_run_one(q);
}

static int set_admission(struct store *store, const struct service_record *r,
			 enum admission admission)
{
	static const char set[] = "UPDATE participant SET admission = ? WHERE id = ?";

	return set_person(store, set, admission_name(admission), r);
}

static int set_assurance(struct store *store, const struct service_record *r)
{
	static const char set[] = "UPDATE participant SET assurance = ? WHERE id = ?";

	return set_person(store, set, assurance_name(r->assurance), r);
}

static int put_vouched(struct store *store, const struct service_record *r)
{
	static const char by[] = "UPDATE participant SET vouched_by = ? WHERE id = ?";
	int result = set_assurance(store, r);

	if (result < 0)
		return result;
	return set_person(store, by, r->by_staff_id[0] != '\0' ? r->by_staff_id : r->by_id, r);
}

/* The name is forgotten when the visit ends (store_schema). */
static int put_identified(struct store *store, const struct service_record *r)
{
	static const char as[] = "UPDATE participant SET identified_as = ? WHERE id = ?";
	int result = set_assurance(store, r);

	return result < 0 ? result : set_person(store, as, r->detail, r);
}

static int put_removed(struct store *store, int64_t now_s, const struct service_record *r)
{
	static const char remove[] = "UPDATE participant SET removed_unix_s = ? WHERE id = ?";
	struct db_query *q = db_query(store_db(store), remove);

	db_put_int(q, now_s);
	db_put_text(q, r->participant_id);
	return db_run_one(q);
}

static int put_interpreter(struct store *store, const struct service_record *r)
{
	static const char number[] = "UPDATE participant SET interpreter_number = ? WHERE id = ?";
	static const char name[] = "UPDATE participant SET name = ? WHERE id = ?";
	int result = set_person(store, number, r->text != NULL ? r->text : "", r);

	if (result < 0 || r->detail[0] == '\0')
		return result;
	return set_person(store, name, r->detail, r);
}

static int put_consent(struct store *store, int64_t now_s, const struct service_record *r)
{
	static const char add[] =
		"INSERT INTO consent (consultation_id, participant_id, act, wording, is_given,"
		" at_unix_s) VALUES (?, ?, ?, ?, ?, ?)";
	struct db_query *q = db_query(store_db(store), add);
	int result;

	db_put_text(q, r->consultation_id);
	db_put_text(q, r->participant_id);
	db_put_text(q, r->detail);
	db_put_text(q, r->text != NULL ? r->text : "");
	db_put_int(q, r->is_given);
	db_put_int(q, now_s);
	result = db_run(q);
	return result == -EEXIST ? -ENOENT : result; /* the visit is gone */
}

/* --- links ------------------------------------------------------------------------------------ */

static int forget_old_checks(struct store *store, const struct service_record *r)
{
	static const char forget[] =
		"DELETE FROM link_check WHERE participant_id = ?1 AND at_unix_s NOT IN"
		" (SELECT at_unix_s FROM link_check WHERE participant_id = ?1"
		"  ORDER BY at_unix_s DESC LIMIT ?2)";
	struct db_query *q = db_query(store_db(store), forget);

	db_put_text(q, r->participant_id);
	db_put_int(q, STORE_RECORD_CHECKS);
	return db_run(q);
}

static int put_check(struct store *store, int64_t now_s, const struct service_record *r)
{
	static const char add[] =
		"INSERT OR REPLACE INTO link_check (participant_id, at_unix_s, up_kbps, down_kbps,"
		" loss_percent, jitter_ms, rtt_ms, rtt_loaded_ms, transport, verdicts)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
	const struct service_check *c = &r->check;
	struct db_query *q = db_query(store_db(store), add);
	char verdicts[160];
	int result;

	g_snprintf(verdicts, sizeof(verdicts),
		   "{\"talk\":\"%s\",\"sign\":\"%s\",\"skin\":\"%s\",\"movement\":\"%s\","
		   "\"auscultation\":\"%s\"}",
		   verdict_name(c->verdict[CHECK_TALK]), verdict_name(c->verdict[CHECK_SIGN]),
		   verdict_name(c->verdict[CHECK_SKIN]), verdict_name(c->verdict[CHECK_MOVEMENT]),
		   verdict_name(c->verdict[CHECK_AUSCULTATION]));
	db_put_text(q, r->participant_id);
	db_put_int(q, now_s);
	db_put_int(q, c->up_kbps);
	db_put_int(q, c->down_kbps);
	db_put_int(q, c->loss_percent);
	db_put_int(q, c->jitter_ms);
	db_put_int(q, c->rtt_ms);
	db_put_int(q, c->rtt_loaded_ms);
	db_put_text(q, reach_name(c->reach));
	db_put_text(q, verdicts);
	result = db_run(q);
	if (result == -EEXIST)
		return -ENOENT; /* nobody of that id */
	return result < 0 ? result : forget_old_checks(store, r);
}

/* --- the visit -------------------------------------------------------------------------------- */

static int put_state(struct store *store, int64_t now_s, const struct service_record *r)
{
	static const char set[] = "UPDATE consultation SET state = ?1, started_unix_s ="
				  "  CASE WHEN ?1 = 'in-progress' AND started_unix_s = 0 THEN ?2"
				  "  ELSE started_unix_s END WHERE id = ?3 AND ended_unix_s = 0";
	struct db_query *q = db_query(store_db(store), set);

	db_put_text(q, visit_state_name(r->state));
	db_put_int(q, now_s);
	db_put_text(q, r->consultation_id);
	return db_run_one(q);
}

static int put_ended(struct store *store, int64_t now_s, const struct service_record *r)
{
	static const char end[] =
		"UPDATE consultation SET state = 'ended', ended_unix_s = ?, outcome = ?,"
		" outcome_reason = ? WHERE id = ? AND ended_unix_s = 0";
	struct db_query *q = db_query(store_db(store), end);
	bool has_reason = r->outcome_reason != OUTCOME_REASON_COUNT;

	db_put_int(q, now_s);
	db_put_text(q, outcome_name(r->outcome));
	db_put_text(q, has_reason ? outcome_reason_name(r->outcome_reason) : "");
	db_put_text(q, r->consultation_id);
	return db_run_one(q);
}

static int put_mode(struct store *store, const struct service_record *r)
{
	static const char set[] = "UPDATE consultation SET mode = ? WHERE id = ?";
	struct db_query *q = db_query(store_db(store), set);

	db_put_text(q, r->detail);
	db_put_text(q, r->consultation_id);
	return db_run_one(q);
}

/* To a clinician of the visit's own unit. */
static int put_handed_over(struct store *store, const struct service_record *r, char *name)
{
	static const char find[] =
		"SELECT s.name FROM staff s JOIN commission m ON m.staff_id = s.id"
		"  JOIN consultation c ON c.unit_id = m.unit_id "
		"WHERE s.id = ? AND c.id = ? AND m.duty = 'clinician' AND s.disabled_unix_s = 0";
	static const char set[] = "UPDATE consultation SET responsible_staff_id = ? WHERE id = ?";
	struct db_query *q = db_query(store_db(store), find);
	int result;

	db_put_text(q, r->detail);
	db_put_text(q, r->consultation_id);
	result = db_step(q);
	if (result <= 0)
		return result < 0 ? result : -ENOENT;
	db_text(q, 0, name, LIMIT_NAME_BYTES + 1);
	db_end(q);
	q = db_query(store_db(store), set);
	db_put_text(q, r->detail);
	db_put_text(q, r->consultation_id);
	return db_run_one(q);
}

/* --- all of it -------------------------------------------------------------------------------- */

static int put(struct store *store, int64_t now_s, const struct service_record *r, char *name)
{
	switch (r->kind) {
	case RECORD_ADMITTED:
	case RECORD_BACK:
		return set_admission(store, r, ADMISSION_ADMITTED);
	case RECORD_PUT_BACK:
		return set_admission(store, r, ADMISSION_WAITING);
	case RECORD_HELD:
	case RECORD_ASIDE:
		return set_admission(store, r, ADMISSION_HELD);
	case RECORD_REMOVED:
		return put_removed(store, now_s, r);
	case RECORD_VOUCHED:
		return put_vouched(store, r);
	case RECORD_CODE_PASSED:
		return set_assurance(store, r);
	case RECORD_IDENTIFIED:
		return put_identified(store, r);
	case RECORD_CONSENT:
		return put_consent(store, now_s, r);
	case RECORD_CHECKED:
		return put_check(store, now_s, r);
	case RECORD_STATE:
		return put_state(store, now_s, r);
	case RECORD_ENDED:
		return put_ended(store, now_s, r);
	case RECORD_HANDED_OVER:
		return put_handed_over(store, r, name);
	case RECORD_MODE:
		return put_mode(store, r);
	case RECORD_INTERPRETER:
		return put_interpreter(store, r);
	case RECORD_FIGURES:
		return store_quality_add(store, now_s, r);
	default:
		return 0; /* for the audit alone */
	}
}

int store_record_put(struct store *store, int64_t now_unix_s, const struct service_record *record,
		     char name[LIMIT_NAME_BYTES + 1])
{
	int r = db_begin(store_db(store));

	return r < 0 ? r : db_finish(store_db(store), put(store, now_unix_s, record, name));
}
