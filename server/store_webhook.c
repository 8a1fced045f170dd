/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/store_webhook.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

#include "server/store_db.h"
#include "server/store_outbox.h"
#include "server/token_text.h"

#define ID_BYTES     9
#define SECRET_BYTES 32
#define UNDER_WAY_S  300

/* --- who is told ---------------------------------------------------------------------------------
 */

static void read_row(struct db_query *q, struct store_webhook *w)
{
	memset(w, 0, sizeof(*w));
	db_text(q, 0, w->id, sizeof(w->id));
	db_text(q, 1, w->unit_id, sizeof(w->unit_id));
	db_text(q, 2, w->url, sizeof(w->url));
	w->is_disabled = db_int(q, 3) != 0;
	db_text(q, 4, w->events, sizeof(w->events));
}

int store_webhook_list(struct store *store, const char *unit_id, GArray *out)
{
	static const char sql[] = "SELECT id, unit_id, url, disabled_unix_s, events FROM webhook "
				  "WHERE ?1 = '' OR unit_id = ?1 ORDER BY unit_id, id";
	struct db_query *q = db_query(store_db(store), sql);
	struct store_webhook w;
	int r;

	db_put_text(q, unit_id);
	while ((r = db_step(q)) == 1) {
		read_row(q, &w);
		g_array_append_val(out, w);
	}
	db_end(q);
	return r;
}

int store_webhook_find(struct store *store, const char *id, struct store_webhook *out)
{
	static const char sql[] = "SELECT id, unit_id, url, disabled_unix_s, events, secret "
				  "FROM webhook WHERE id = ?";
	struct db_query *q = db_query(store_db(store), sql);
	int r;

	db_put_text(q, id);
	r = db_step(q);
	if (r == 1) {
		read_row(q, out);
		db_text(q, 5, out->secret, sizeof(out->secret));
	}
	db_end(q);
	return r < 0 ? r : r == 1 ? 0 : -ENOENT;
}

/* 0 when the unit, or "" for all, may have one more. */
static int check_room(struct store *store, const char *unit_id)
{
	static const char sql[] = "SELECT (SELECT count(*) FROM webhook WHERE unit_id = ?1), "
				  "?1 = '' OR EXISTS (SELECT 1 FROM unit WHERE id = ?1)";
	struct db_query *q = db_query(store_db(store), sql);
	int r;

	db_put_text(q, unit_id);
	r = db_step(q);
	if (r == 1 && db_int(q, 1) == 0)
		r = -ENOENT;
	else if (r == 1)
		r = db_int(q, 0) >= STORE_WEBHOOKS_PER_UNIT ? -ENOSPC : 0;
	db_end(q);
	return r;
}

int store_webhook_add(struct store *store, struct store_webhook *w)
{
	static const char sql[] =
		"INSERT INTO webhook (id, unit_id, url, secret, events) VALUES (?,?,?,?,?)";
	struct db_query *q;
	int r = check_room(store, w->unit_id);

	if (r < 0)
		return r;
	token_text_make(store_rng(store), w->id, "w", ID_BYTES);
	token_text_make(store_rng(store), w->secret, "whs", SECRET_BYTES);
	q = db_query(store_db(store), sql);
	db_put_text(q, w->id);
	db_put_text(q, w->unit_id);
	db_put_text(q, w->url);
	db_put_text(q, w->secret);
	db_put_text(q, w->events);
	r = db_run(q);
	return r == -EEXIST ? -EIO : r;
}

int store_webhook_remove(struct store *store, const char *unit_id, const char *id)
{
	static const char sql[] = "DELETE FROM webhook WHERE id = ?2 AND (?1 = '' OR unit_id = ?1)";
	struct db_query *q = db_query(store_db(store), sql);

	db_put_text(q, unit_id);
	db_put_text(q, id);
	return db_run_one(q);
}

/* --- what waits ----------------------------------------------------------------------------------
 */

int store_webhook_event(struct store *store, int64_t now_unix_s, const char *unit_id,
			const char *event, const char *body)
{
	/* One row for each, with an id of its own by which the receiver tells repeats. */
	static const char sql[] =
		"INSERT INTO webhook_out (id, webhook_id, event, body, state, next_unix_s,"
		" created_unix_s) SELECT 'd' || lower(hex(randomblob(6))), id, ?2, ?3, 'waiting',"
		" ?4, ?4 FROM webhook WHERE disabled_unix_s = 0 AND (unit_id = '' OR unit_id = ?1)"
		" AND (events = '' OR instr(' ' || events || ' ', ' ' || ?2 || ' ') > 0)";
	struct db_query *q = db_query(store_db(store), sql);
	int r;

	db_put_text(q, unit_id);
	db_put_text(q, event);
	db_put_text(q, body);
	db_put_int(q, now_unix_s);
	r = db_run(q);
	return r == -EEXIST ? -EIO : r;
}

static int set_state(struct store *store, const char *id, const char *state, int64_t next_unix_s,
		     int64_t attempts)
{
	static const char sql[] =
		"UPDATE webhook_out SET state = ?, next_unix_s = ?, attempts = ? WHERE id = ?";
	struct db_query *q = db_query(store_db(store), sql);

	db_put_text(q, state);
	db_put_int(q, next_unix_s);
	db_put_int(q, attempts);
	db_put_text(q, id);
	return db_run(q);
}

static int read_due(struct store *store, int64_t now_unix_s, struct store_delivery *out,
		    size_t *count)
{
	static const char sql[] =
		"SELECT o.id, w.url, w.secret, o.event, o.body, o.attempts, o.created_unix_s "
		"FROM webhook_out o JOIN webhook w ON w.id = o.webhook_id "
		"WHERE o.state = 'waiting' AND o.next_unix_s <= ? ORDER BY o.next_unix_s LIMIT ?";
	struct db_query *q = db_query(store_db(store), sql);
	int r;

	db_put_int(q, now_unix_s);
	db_put_int(q, STORE_WEBHOOK_BATCH);
	*count = 0;
	while ((r = db_step(q)) == 1) {
		struct store_delivery *d = &out[(*count)++];

		db_text(q, 0, d->id, sizeof(d->id));
		db_text(q, 1, d->url, sizeof(d->url));
		db_text(q, 2, d->secret, sizeof(d->secret));
		db_text(q, 3, d->event, sizeof(d->event));
		db_text(q, 4, d->body, sizeof(d->body));
		d->attempts = db_int(q, 5);
		d->created_unix_s = db_int(q, 6);
	}
	db_end(q);
	return r;
}

int store_webhook_due(struct store *store, int64_t now_unix_s,
		      struct store_delivery out[STORE_WEBHOOK_BATCH], size_t *count)
{
	int r = read_due(store, now_unix_s, out, count);

	if (r < 0 || *count == 0)
		return r;
	r = db_begin(store_db(store));
	if (r < 0)
		return r;
	for (size_t i = 0; i < *count && r == 0; i++)
		r = set_state(store, out[i].id, "waiting", now_unix_s + UNDER_WAY_S,
			      out[i].attempts);
	return db_finish(store_db(store), r);
}

int store_webhook_done(struct store *store, int64_t now_unix_s, const struct store_delivery *d,
		       bool is_sent)
{
	int64_t next_s = now_unix_s + outbox_backoff_s(d->attempts + 1);

	if (is_sent)
		return set_state(store, d->id, "sent", 0, d->attempts + 1);
	if (next_s > d->created_unix_s + STORE_OUTBOX_GIVE_UP_S)
		return set_state(store, d->id, "failed", 0, d->attempts + 1);
	return set_state(store, d->id, "waiting", next_s, d->attempts + 1);
}
