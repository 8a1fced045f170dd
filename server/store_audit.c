/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/store_audit.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

#include "server/log.h"
#include "server/store_db.h"
#include "server/token_text.h"

#define DAY_MS	 (24LL * 3600 * 1000)
#define ID_BYTES 9

/* --- heads ----------------------------------------------------------------------------------- */

static int read_head(struct db_query *q, struct audit_head *out)
{
	struct audit_head head = {0};
	int r = db_step(q);

	if (r <= 0)
		return r < 0 ? r : -ENOENT;
	db_text(q, 0, head.day, sizeof(head.day));
	head.seq = db_int(q, 1);
	/* A blob of another length stays zeros, which nobody signed. */
	(void)db_blob(q, 2, head.hash, sizeof(head.hash));
	(void)db_blob(q, 3, head.signature, sizeof(head.signature));
	*out = head;
	return 0;
}

int store_audit_head(struct store *store, struct audit_head *out)
{
	static const char sql[] = "SELECT day, seq, hash, signature FROM audit_head "
				  "ORDER BY seq DESC, day DESC LIMIT 1";
	struct db_query *q = db_query(store_db(store), sql);
	int r = read_head(q, out);

	db_end(q);
	return r;
}

int store_audit_has_head(struct store *store, const struct audit_head *head)
{
	static const char sql[] = "SELECT hash FROM audit WHERE seq = ?";
	struct db_query *q = db_query(store_db(store), sql);
	uint8_t hash[AUDIT_HASH_BYTES];
	int r;

	db_put_int(q, head->seq);
	r = db_step(q);
	if (r == 1)
		r = db_blob(q, 0, hash, sizeof(hash)) && memcmp(hash, head->hash, sizeof(hash)) == 0
			    ? 0
			    : -EBADMSG;
	else if (r == 0)
		r = -ENOENT;
	db_end(q);
	return r;
}

/* --- filling in ------------------------------------------------------------------------------- */

/* What the database knows of a record; must outlive it. */
struct known {
	char patient_ref[AUDIT_MAX_ID_BYTES + 1];
	char unit[AUDIT_MAX_ID_BYTES + 1], unit_hsa[AUDIT_MAX_ID_BYTES + 1];
	char provider[AUDIT_MAX_ID_BYTES + 1], provider_hsa[AUDIT_MAX_ID_BYTES + 1];
	char commission_hsa[AUDIT_MAX_ID_BYTES + 1], duty[AUDIT_MAX_WORD_BYTES + 1];
};

static bool is_absent(const char *text)
{
	return text == NULL || text[0] == '\0';
}

static void fill(const char **member, const char *known)
{
	if (is_absent(*member) && known[0] != '\0')
		*member = known;
}

static int from_consultation(struct store *store, struct audit_event *e, struct known *k)
{
	static const char sql[] =
		"SELECT patient_ref, unit_id, provider_id FROM consultation WHERE id = ?";
	struct db_query *q = db_query(store_db(store), sql);
	int r;

	db_put_text(q, e->consultation);
	r = db_step(q);
	if (r == 1) {
		db_text(q, 0, k->patient_ref, sizeof(k->patient_ref));
		db_text(q, 1, k->unit, sizeof(k->unit));
		db_text(q, 2, k->provider, sizeof(k->provider));
		fill(&e->patient_ref, k->patient_ref);
		/* The unit somebody acts for may be another than the visit's. */
		if (is_absent(e->unit)) {
			fill(&e->unit, k->unit);
			fill(&e->provider, k->provider);
		}
	}
	db_end(q);
	return r < 0 ? r : 0;
}

static int from_unit(struct store *store, struct audit_event *e, struct known *k)
{
	static const char sql[] = "SELECT u.hsa_id, p.id, p.hsa_id FROM unit u "
				  "JOIN provider p ON p.id = u.provider_id WHERE u.id = ?";
	struct db_query *q = db_query(store_db(store), sql);
	int r;

	db_put_text(q, e->unit);
	r = db_step(q);
	if (r == 1) {
		db_text(q, 0, k->unit_hsa, sizeof(k->unit_hsa));
		db_text(q, 1, k->provider, sizeof(k->provider));
		db_text(q, 2, k->provider_hsa, sizeof(k->provider_hsa));
		fill(&e->unit_hsa, k->unit_hsa);
		fill(&e->provider, k->provider);
		fill(&e->provider_hsa, k->provider_hsa);
	}
	db_end(q);
	return r < 0 ? r : 0;
}

static int from_commission(struct store *store, struct audit_event *e, struct known *k)
{
	static const char sql[] = "SELECT hsa_id, duty FROM commission WHERE id = ?";
	struct db_query *q = db_query(store_db(store), sql);
	int r;

	db_put_text(q, e->commission);
	r = db_step(q);
	if (r == 1) {
		db_text(q, 0, k->commission_hsa, sizeof(k->commission_hsa));
		db_text(q, 1, k->duty, sizeof(k->duty));
		fill(&e->commission_hsa, k->commission_hsa);
		fill(&e->duty, k->duty);
	}
	db_end(q);
	return r < 0 ? r : 0;
}

static int fill_in(struct store *store, struct audit_event *e, struct known *k)
{
	int r = is_absent(e->consultation) ? 0 : from_consultation(store, e, k);

	if (r == 0 && !is_absent(e->unit))
		r = from_unit(store, e, k);
	if (r == 0 && !is_absent(e->commission))
		r = from_commission(store, e, k);
	return r;
}

/* A record with what the database knows. */
struct complete {
	char *text; /* to be g_free()d */
	int64_t at_ms;
	char patient[AUDIT_MAX_ID_BYTES + 1];
};

static int complete(struct store *store, const char *text, struct complete *out)
{
	struct audit_record record = {0};
	struct known known = {0};
	int r = audit_record_parse(&record, text, strlen(text));

	if (r < 0)
		return -EBADMSG;
	r = fill_in(store, &record.event, &known);
	if (r == 0) {
		out->text = audit_record_text(&record.event);
		out->at_ms = record.event.at_ms;
		if (record.event.patient_ref != NULL)
			g_strlcpy(out->patient, record.event.patient_ref, sizeof(out->patient));
	}
	audit_record_close(&record);
	return r;
}

/* --- adding ----------------------------------------------------------------------------------- */

/* Where the chain ends: its last record, or the head that old records left behind. */
static int read_tip(struct store *store, struct audit_head *tip)
{
	static const char sql[] = "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1";
	struct db_query *q = db_query(store_db(store), sql);
	int r = db_step(q);

	if (r == 1) {
		tip->seq = db_int(q, 0);
		(void)db_blob(q, 1, tip->hash, sizeof(tip->hash)); /* else verify tells */
	}
	db_end(q);
	if (r == 0) {
		r = store_audit_head(store, tip);
		return r == -ENOENT ? 0 : r;
	}
	return r < 0 ? r : 0;
}

static int add_record(struct store *store, struct audit_head *tip, const char *text)
{
	static const char sql[] = "INSERT INTO audit (seq, at_ms, patient, record, hash) "
				  "VALUES (?,?,?,?,?)";
	struct db_query *q;
	struct complete whole = {0};
	int r = complete(store, text, &whole);

	if (r == 0)
		r = audit_chain_next(tip->hash, tip->hash, whole.text, strlen(whole.text));
	if (r == 0) {
		tip->seq++;
		q = db_query(store_db(store), sql);
		db_put_int(q, tip->seq);
		db_put_int(q, whole.at_ms);
		db_put_text(q, whole.patient);
		db_put_text(q, whole.text);
		db_put_blob(q, tip->hash, sizeof(tip->hash));
		r = db_run(q);
	}
	g_free(whole.text);
	return r == -EEXIST ? -EIO : r;
}

/* Also elsewhere than in the database, so that who rewrites it leaves a trace. */
static void tell_head(const struct audit_head *head)
{
	char hash[AUDIT_HEX_TEXT(AUDIT_HASH_BYTES) + 1];

	audit_hex(hash, head->hash, sizeof(head->hash));
	log_info("audit-head", "day=%s seq=%" G_GINT64_FORMAT " hash=%s", head->day, head->seq,
		 hash);
}

/* The day's head: that of the newest day, should the clock have gone back over midnight. */
static int set_head(struct store *store, const struct audit_key *key, int64_t now_ms,
		    struct audit_head *tip)
{
	static const char sql[] = "INSERT INTO audit_head (day, seq, hash, signature) "
				  "VALUES (?,?,?,?) ON CONFLICT (day) DO UPDATE SET "
				  "seq = excluded.seq, hash = excluded.hash, "
				  "signature = excluded.signature";
	struct audit_head last = {0};
	struct db_query *q;
	int r = store_audit_head(store, &last);

	if (r < 0 && r != -ENOENT)
		return r;
	audit_chain_day(tip->day, now_ms);
	if (strcmp(last.day, tip->day) > 0)
		memcpy(tip->day, last.day, sizeof(tip->day));
	else if (last.seq > 0 && strcmp(last.day, tip->day) < 0)
		tell_head(&last);
	r = audit_head_sign(tip, key);
	if (r < 0)
		return r;
	q = db_query(store_db(store), sql);
	db_put_text(q, tip->day);
	db_put_int(q, tip->seq);
	db_put_blob(q, tip->hash, sizeof(tip->hash));
	db_put_blob(q, tip->signature, sizeof(tip->signature));
	r = db_run(q);
	return r == -EEXIST ? -EIO : r;
}

/* Inside a transaction. */
static int append(struct store *store, const struct audit_key *key, int64_t now_ms,
		  const char *const *texts, size_t count)
{
	struct audit_head tip = {0};
	int r = read_tip(store, &tip);

	for (size_t i = 0; i < count && r == 0; i++)
		r = add_record(store, &tip, texts[i]);
	return r == 0 ? set_head(store, key, now_ms, &tip) : r;
}

int store_audit_append(struct store *store, const struct audit_key *key, int64_t now_ms,
		       const char *const *texts, size_t count)
{
	struct db *db = store_db(store);
	int r;

	if (count == 0)
		return 0;
	r = db_begin(db);
	return r == 0 ? db_finish(db, append(store, key, now_ms, texts, count)) : r;
}

/* --- reading ---------------------------------------------------------------------------------- */

/* The patient has an index; the others narrow what a day or a patient has. */
#define WHERE_REST                                                                                 \
	" (?2 = '' OR json_extract(record, '$.consultation') = ?2)"                                \
	" AND (?3 = '' OR json_extract(record, '$.unit') = ?3)"                                    \
	" AND (?4 = '' OR json_extract(record, '$.actor_id') = ?4)"                                \
	" AND at_ms >= ?5 AND at_ms < ?6 AND seq < ?7 "

static struct db_query *list_query(struct store *store, const struct store_audit_query *ask)
{
	static const char of_all[] = "SELECT seq, record FROM audit WHERE ?1 = '' AND" WHERE_REST
				     "ORDER BY seq DESC LIMIT ?8";
	static const char of_patient[] =
		"SELECT seq, record FROM audit WHERE "
		"patient = ?1 AND patient <> '' AND" WHERE_REST "ORDER BY seq DESC LIMIT ?8";
	static const char of_all_up[] = "SELECT seq, record FROM audit WHERE ?1 = '' AND" WHERE_REST
					"ORDER BY seq LIMIT ?8";
	static const char of_patient_up[] =
		"SELECT seq, record FROM audit WHERE "
		"patient = ?1 AND patient <> '' AND" WHERE_REST "ORDER BY seq LIMIT ?8";
	bool has_patient = !is_absent(ask->patient_ref);
	const char *sql = has_patient ? (ask->is_oldest_first ? of_patient_up : of_patient)
				      : (ask->is_oldest_first ? of_all_up : of_all);
	struct db_query *q = db_query(store_db(store), sql);

	db_put_text(q, ask->patient_ref);
	db_put_text(q, ask->consultation);
	db_put_text(q, ask->unit);
	db_put_text(q, ask->actor_id);
	db_put_int(q, ask->from_ms);
	db_put_int(q, ask->to_ms > 0 ? ask->to_ms : INT64_MAX);
	db_put_int(q, ask->before_seq > 0 ? ask->before_seq : INT64_MAX);
	db_put_int(q, ask->limit > 0 ? (int64_t)ask->limit : -1);
	return q;
}

int store_audit_list(struct store *store, const struct store_audit_query *query,
		     int (*each)(void *user, int64_t seq, const struct audit_record *record),
		     void *user)
{
	struct db_query *q = list_query(store, query);
	int r;

	while ((r = db_step(q)) == 1) {
		struct audit_record record = {0};
		const char *text = db_peek(q, 1);

		r = audit_record_parse(&record, text, strlen(text)) < 0 ? -EBADMSG : 0;
		if (r == 0)
			r = each(user, db_int(q, 0), &record);
		audit_record_close(&record);
		if (r != 0)
			break;
	}
	db_end(q);
	return r;
}

/* --- verifying -------------------------------------------------------------------------------- */

static int walk_row(struct audit_walk *walk, struct db_query *rows)
{
	struct audit_row row = {.seq = db_int(rows, 0), .at_ms = db_int(rows, 1)};

	row.patient = db_peek(rows, 2);
	row.record = db_peek(rows, 3);
	row.len = strlen(row.record);
	(void)db_blob(rows, 4, row.hash, sizeof(row.hash)); /* zeros are no record's hash */
	return audit_walk_record(walk, &row);
}

/* Both queries are open until the end, so both see the same moment. */
static int walk_all(struct audit_walk *walk, struct db_query *rows, struct db_query *heads)
{
	struct audit_head head;
	int row = db_step(rows);
	int has_head = read_head(heads, &head);
	int r = 0;

	while (r == 0 && row >= 0 && (row == 1 || has_head == 0)) {
		if (has_head == 0 && (row == 0 || head.seq < db_int(rows, 0))) {
			audit_walk_head(walk, &head);
			has_head = read_head(heads, &head);
		} else {
			r = walk_row(walk, rows);
			row = db_step(rows);
		}
	}
	if (r == 0 && row < 0)
		r = row;
	return r == 0 && has_head < 0 && has_head != -ENOENT ? has_head : r;
}

int store_audit_verify(struct store *store, const struct audit_key *key, int64_t now_ms,
		       struct audit_walk *out)
{
	static const char rows_sql[] =
		"SELECT seq, at_ms, patient, record, hash FROM audit ORDER BY seq";
	static const char heads_sql[] =
		"SELECT day, seq, hash, signature FROM audit_head ORDER BY seq, day";
	struct db_query *rows = db_query(store_db(store), rows_sql);
	struct db_query *heads = db_query(store_db(store), heads_sql);
	struct audit_walk walk;
	int r;

	audit_walk_start(&walk, key, now_ms);
	r = walk_all(&walk, rows, heads);
	db_end(rows);
	db_end(heads);
	if (r < 0)
		return r;
	(void)audit_walk_end(&walk); /* stays in walk.fault */
	*out = walk;
	return 0;
}

/* --- deleting --------------------------------------------------------------------------------- */

static int find_old(struct store *store, const char *before_day, struct audit_head *last,
		    int64_t *records)
{
	static const char last_sql[] = "SELECT day, seq, hash, signature FROM audit_head "
				       "WHERE day < ? ORDER BY seq DESC LIMIT 1";
	static const char count_sql[] = "SELECT count(*) FROM audit WHERE seq <= ?";
	struct db_query *q = db_query(store_db(store), last_sql);
	int r;

	db_put_text(q, before_day);
	r = read_head(q, last);
	db_end(q);
	if (r < 0)
		return r;
	q = db_query(store_db(store), count_sql);
	db_put_int(q, last->seq);
	r = db_step(q);
	if (r == 1)
		*records = db_int(q, 0);
	db_end(q);
	return r < 0 ? r : 0;
}

static int delete_until(struct store *store, int64_t seq)
{
	static const char rows[] = "DELETE FROM audit WHERE seq <= ?";
	static const char heads[] = "DELETE FROM audit_head WHERE seq < ?";
	struct db_query *q = db_query(store_db(store), rows);
	int r;

	db_put_int(q, seq);
	r = db_run(q);
	if (r < 0)
		return r;
	q = db_query(store_db(store), heads);
	db_put_int(q, seq);
	return db_run(q);
}

static int record_deletion(struct store *store, const struct audit_key *key, int64_t now_ms,
			   const struct store_audit_deleted *deleted)
{
	char id[ID_BYTES * 2], reason[80];
	const struct audit_event event = {
		.id = id,
		.at_ms = now_ms,
		.action = "audit-delete",
		.reason = reason,
	};
	char *text;
	int r;

	token_text_make(store_rng(store), id, "e", ID_BYTES);
	g_snprintf(reason, sizeof(reason), "until %s, %" G_GINT64_FORMAT " records", deleted->day,
		   deleted->records);
	text = audit_record_text(&event);
	r = append(store, key, now_ms, (const char *const[]){text}, 1);
	g_free(text);
	return r;
}

int store_audit_delete(struct store *store, const struct audit_key *key, int64_t now_ms,
		       int64_t days, bool is_dry, struct store_audit_deleted *out)
{
	struct store_audit_deleted deleted = {0};
	char before[AUDIT_DAY_TEXT + 1];
	struct audit_head last = {0};
	int r;

	if (days < AUDIT_MIN_DAYS)
		return -EINVAL;
	audit_chain_day(before, now_ms - days * DAY_MS);
	r = find_old(store, before, &last, &deleted.records);
	if (r < 0 && r != -ENOENT)
		return r;
	if (deleted.records > 0)
		memcpy(deleted.day, last.day, sizeof(deleted.day));
	if (deleted.records > 0 && !is_dry) {
		r = db_begin(store_db(store));
		if (r == 0) {
			r = delete_until(store, last.seq);
			if (r == 0)
				r = record_deletion(store, key, now_ms, &deleted);
			r = db_finish(store_db(store), r);
		}
		if (r < 0)
			return r;
	}
	*out = deleted;
	return 0;
}
