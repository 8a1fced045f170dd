/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/store_retention.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

#include "server/audit_limits.h"
#include "server/store_audit.h"
#include "server/store_db.h"
#include "server/token_text.h"

#define DAY_S	 (24 * 3600)
#define ID_BYTES 9

/* A visit is over when it ended; one that never did, so long after it was to be. The unit may say
 * how many days; ?1 is the installation's, ?2 the present. */
#define OLD_VISITS                                                                                 \
	" FROM consultation WHERE MAX(ended_unix_s, CASE WHEN ended_unix_s = 0 THEN"               \
	" MAX(planned_unix_s, created_unix_s) ELSE 0 END) < ?2 - 86400 *"                          \
	" IFNULL((SELECT NULLIF(retention_days, 0) FROM unit WHERE id = unit_id), ?1)"
#define OLD_SESSIONS   " FROM session WHERE MAX(expires_unix_s, revoked_unix_s) < ?2 - 86400 * ?1"
#define OLD_REPLIES    " FROM idempotency WHERE at_unix_s < ?2 - 86400 * ?1"
#define OLD_ENROLMENTS " FROM enrolment WHERE expires_unix_s < ?2 - 86400 * ?1"
#define OLD_DELIVERIES " FROM webhook_out WHERE created_unix_s < ?2 - 86400 * ?1"

static int ask(struct store *store, const char *sql, int64_t days, int64_t now_unix_s,
	       int64_t *count)
{
	struct db_query *q = db_query(store_db(store), sql);
	int r;

	db_put_int(q, days);
	db_put_int(q, now_unix_s);
	r = db_step(q);
	if (r == 1)
		*count = db_int(q, 0);
	db_end(q);
	return r < 0 ? r : 0;
}

static int delete_rows(struct store *store, const char *sql, int64_t days, int64_t now_unix_s)
{
	struct db_query *q = db_query(store_db(store), sql);
	int r;

	db_put_int(q, days);
	db_put_int(q, now_unix_s);
	r = db_run(q);
	return r == -EEXIST ? -EIO : r;
}

/* Counts, and deletes unless it is dry; inside a transaction. */
static int sweep(struct store *store, int64_t now_unix_s, int64_t visit_days, bool is_dry,
		 struct store_retention_counts *out)
{
	static const char count_visits[] = "SELECT count(*)" OLD_VISITS;
	static const char delete_visits[] = "DELETE" OLD_VISITS;
	static const char count_sessions[] = "SELECT count(*)" OLD_SESSIONS;
	static const char delete_sessions[] = "DELETE" OLD_SESSIONS;
	static const char count_replies[] = "SELECT count(*)" OLD_REPLIES;
	static const char delete_replies[] = "DELETE" OLD_REPLIES;
	static const char count_enrolments[] = "SELECT count(*)" OLD_ENROLMENTS;
	static const char delete_enrolments[] = "DELETE" OLD_ENROLMENTS;
	static const char count_deliveries[] = "SELECT count(*)" OLD_DELIVERIES;
	static const char delete_deliveries[] = "DELETE" OLD_DELIVERIES;
	const struct {
		const char *count, *remove;
		int64_t days;
		int64_t *counted;
	} kinds[] = {
		{count_visits, delete_visits, visit_days, &out->visits},
		{count_sessions, delete_sessions, 1, &out->sessions},
		{count_replies, delete_replies, 2, &out->replies},
		{count_enrolments, delete_enrolments, 0, &out->enrolments},
		{count_deliveries, delete_deliveries, 7, &out->deliveries},
	};
	int r = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(kinds) && r == 0; i++) {
		r = ask(store, kinds[i].count, kinds[i].days, now_unix_s, kinds[i].counted);
		if (r == 0 && !is_dry && *kinds[i].counted > 0)
			r = delete_rows(store, kinds[i].remove, kinds[i].days, now_unix_s);
	}
	return r;
}

/* secure_delete has overwritten the pages; this takes the old ones out of the log beside them. */
static int empty_log(struct store *store)
{
	static const char sql[] = "PRAGMA wal_checkpoint(TRUNCATE)";
	struct db_query *q = db_query(store_db(store), sql);
	int r = db_step(q);

	db_end(q);
	return r < 0 ? r : 0;
}

static int put_on_record(struct store *store, const struct audit_key *key, int64_t now_unix_s,
			 const struct store_retention_counts *c)
{
	char id[ID_BYTES * 2], reason[160];
	const struct audit_event event = {
		.id = id,
		.at_ms = now_unix_s * 1000,
		.action = "retention",
		.reason = reason,
	};
	char *text;
	int r;

	token_text_make(store_rng(store), id, "e", ID_BYTES);
	g_snprintf(reason, sizeof(reason), "%" G_GINT64_FORMAT " visits deleted", c->visits);
	text = audit_record_text(&event);
	r = store_audit_append(store, key, now_unix_s * 1000, (const char *const[]){text}, 1);
	g_free(text);
	return r;
}

int store_retention_run(struct store *store, const struct audit_key *key, int64_t now_unix_s,
			const struct store_retention_rules *rules, bool is_dry,
			struct store_retention_counts *out)
{
	struct store_retention_counts counts = {0};
	struct store_audit_deleted gone = {0};
	int r;

	if (rules->audit_days < AUDIT_MIN_DAYS)
		return -EINVAL;
	r = is_dry ? 0 : db_begin(store_db(store));
	if (r < 0)
		return r;
	r = sweep(store, now_unix_s, rules->visit_days, is_dry, &counts);
	if (!is_dry)
		r = db_finish(store_db(store), r);
	if (r == 0 && !is_dry && counts.visits > 0)
		r = put_on_record(store, key, now_unix_s, &counts);
	if (r == 0)
		r = store_audit_delete(store, key, now_unix_s * 1000, rules->audit_days, is_dry,
				       &gone);
	if (r == 0 && !is_dry)
		r = empty_log(store);
	if (r < 0)
		return r;
	counts.audit = gone.records;
	*out = counts;
	return 0;
}
