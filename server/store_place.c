/* SPDX-License-Identifier: EUPL-1.2 */
/* Places, and the visits that are held there (store_device.h). */
#include <errno.h>
#include <string.h>

#include "server/store_db.h"
#include "server/store_device.h"

#define ID_BYTES    9
#define TOKEN_BYTES 16
#define MINUTE_S    60

_Static_assert((TOKEN_BYTES * 4 + 2) / 3 + 1 == STORE_DEVICE_TOKEN_BYTES, "128 bits of base64url");

int store_place_list(struct store *store, const char *unit_id, struct store_place_row *out,
		     size_t *count)
{
	static const char list[] = "SELECT id, name, municipality, is_active FROM place "
				   "WHERE unit_id = ? ORDER BY name, id";
	struct db_query *q = db_query(store_db(store), list);
	size_t n = 0;
	int r;

	db_put_text(q, unit_id);
	while ((r = db_step(q)) == 1 && n < STORE_PLACES_MAX) {
		struct store_place_row *p = &out[n++];

		db_text(q, 0, p->id, sizeof(p->id));
		db_text(q, 1, p->name, sizeof(p->name));
		db_text(q, 2, p->municipality, sizeof(p->municipality));
		p->is_active = db_int(q, 3) != 0;
	}
	db_end(q);
	*count = n;
	return r < 0 ? r : 0;
}

static int count_places(struct store *store, const char *unit_id)
{
	static const char count[] = "SELECT COUNT(*) FROM place WHERE unit_id = ?";
	struct db_query *q = db_query(store_db(store), count);
	int r;

	db_put_text(q, unit_id);
	r = db_step(q);
	if (r == 1)
		r = db_int(q, 0) < STORE_PLACES_MAX ? 0 : -ENOSPC;
	db_end(q);
	return r;
}

int store_place_create(struct store *store, const char *unit_id, struct store_place_row *place)
{
	static const char add[] =
		"INSERT INTO place (id, unit_id, name, municipality) VALUES (?, ?, ?, ?)";
	struct db_query *q;
	int r = db_begin(store_db(store));

	if (r < 0)
		return r;
	r = count_places(store, unit_id);
	if (r == 0) {
		token_text_make(store_rng(store), place->id, "l", ID_BYTES);
		place->is_active = true;
		q = db_query(store_db(store), add);
		db_put_text(q, place->id);
		db_put_text(q, unit_id);
		db_put_text(q, place->name);
		db_put_text(q, place->municipality);
		r = db_run(q);
	}
	return db_finish(store_db(store), r == -EEXIST ? -ENOENT : r);
}

/* --- the next visit --------------------------------------------------------------------------- */

/* One that goes on is before those that are to come. */
static int find_next(struct store *store, int64_t now_unix_s, struct store_device_board *b)
{
	static const char find[] =
		"SELECT c.id, COALESCE(s.name, ''), c.planned_unix_s, c.minutes "
		"FROM consultation c LEFT JOIN staff s ON s.id = c.responsible_staff_id "
		"WHERE c.place_id = ?1 AND c.ended_unix_s = 0 AND c.state <> 'ended'"
		"  AND c.planned_unix_s <= ?2 AND c.planned_unix_s + c.minutes * ?3 >= ?4 "
		"ORDER BY c.state = 'in-progress' DESC, c.planned_unix_s, c.id LIMIT 1";
	struct db_query *q = db_query(store_db(store), find);
	int r;

	db_put_text(q, b->place_id);
	db_put_int(q, now_unix_s + STORE_NEXT_BEFORE_S);
	db_put_int(q, MINUTE_S);
	db_put_int(q, now_unix_s - STORE_NEXT_AFTER_S);
	r = db_step(q);
	if (r == 1) {
		b->has_visit = true;
		db_text(q, 0, b->consultation_id, sizeof(b->consultation_id));
		db_text(q, 1, b->meet, sizeof(b->meet));
		b->planned_unix_s = db_int(q, 2);
		b->minutes = db_int(q, 3);
	}
	db_end(q);
	return r < 0 ? r : 0;
}

int store_device_board(struct store *store, int64_t now_unix_s, const char *id,
		       struct store_device_board *out)
{
	static const char get[] =
		"SELECT d.name, p.id, p.name, COALESCE(NULLIF(u.neutral_name, ''), u.name), "
		"u.phone,"
		"  d.help_unix_s, d.self_test_unix_s "
		"FROM device d JOIN place p ON p.id = d.place_id JOIN unit u ON u.id = p.unit_id "
		"WHERE d.id = ?";
	struct store_device_board b = {0};
	struct db_query *q = db_query(store_db(store), get);
	int r;

	db_put_text(q, id);
	r = db_step(q);
	if (r <= 0)
		return r < 0 ? r : -ENOENT;
	db_text(q, 0, b.device_name, sizeof(b.device_name));
	db_text(q, 1, b.place_id, sizeof(b.place_id));
	db_text(q, 2, b.place_name, sizeof(b.place_name));
	db_text(q, 3, b.unit_name, sizeof(b.unit_name));
	db_text(q, 4, b.phone, sizeof(b.phone));
	b.help_unix_s = db_int(q, 5);
	b.self_test_unix_s = db_int(q, 6);
	db_end(q);
	r = find_next(store, now_unix_s, &b);
	if (r == 0)
		*out = b;
	return r;
}

/* --- the room's seat -------------------------------------------------------------------------- */

struct seat_row {
	char place_id[PRINCIPAL_ID_BYTES + 1];
	char name[LIMIT_NAME_BYTES + 1];
	char participant_id[SERVICE_ID_BYTES + 1]; /* "": the room has none yet */
	int64_t next, count; /* participants: the next place in order, how many */
};

static int find_seat(struct store *store, const char *device_id, const char *consultation_id,
		     struct seat_row *seat)
{
	static const char find[] =
		"SELECT l.id, l.name,"
		"  COALESCE((SELECT id FROM participant WHERE consultation_id = c.id AND"
		"    role = 'room' AND place_id = l.id AND removed_unix_s = 0), ''),"
		"  COALESCE((SELECT MAX(place) + 1 FROM participant WHERE consultation_id = c.id), "
		"0),"
		"  (SELECT COUNT(*) FROM participant WHERE consultation_id = c.id) "
		"FROM device d JOIN place l ON l.id = d.place_id"
		"  JOIN consultation c ON c.place_id = l.id "
		"WHERE d.id = ? AND c.id = ? AND c.ended_unix_s = 0 AND c.state <> 'ended'";
	struct db_query *q = db_query(store_db(store), find);
	int r;

	db_put_text(q, device_id);
	db_put_text(q, consultation_id);
	r = db_step(q);
	if (r == 1) {
		db_text(q, 0, seat->place_id, sizeof(seat->place_id));
		db_text(q, 1, seat->name, sizeof(seat->name));
		db_text(q, 2, seat->participant_id, sizeof(seat->participant_id));
		seat->next = db_int(q, 3);
		seat->count = db_int(q, 4);
	}
	db_end(q);
	return r < 0 ? r : r == 1 ? 0 : -ENOENT;
}

static int add_seat(struct store *store, const char *consultation_id, struct seat_row *seat,
		    const char *token)
{
	static const char add[] =
		"INSERT INTO participant (id, consultation_id, place, role, name, place_id,"
		" token_hash) VALUES (?, ?, ?, 'room', ?, ?, ?)";
	struct db_query *q;

	if (seat->count >= LIMIT_PARTICIPANTS)
		return -ENOSPC;
	token_text_make(store_rng(store), seat->participant_id, "p", ID_BYTES);
	q = db_query(store_db(store), add);
	db_put_text(q, seat->participant_id);
	db_put_text(q, consultation_id);
	db_put_int(q, seat->next);
	db_put_text(q, seat->name);
	db_put_text(q, seat->place_id);
	db_put_hash(q, token);
	return db_run(q);
}

static int renew_token(struct store *store, const char *participant_id, const char *token)
{
	static const char renew[] = "UPDATE participant SET token_hash = ? WHERE id = ?";
	struct db_query *q = db_query(store_db(store), renew);

	db_put_hash(q, token);
	db_put_text(q, participant_id);
	return db_run_one(q);
}

int store_device_enter(struct store *store, const char *device_id, const char *consultation_id,
		       char *token)
{
	struct seat_row seat;
	char made[STORE_DEVICE_TOKEN_BYTES];
	int r = db_begin(store_db(store));

	if (r < 0)
		return r;
	r = find_seat(store, device_id, consultation_id, &seat);
	if (r == 0) {
		token_text_make(store_rng(store), made, "", TOKEN_BYTES);
		r = seat.participant_id[0] == '\0' ? add_seat(store, consultation_id, &seat, made)
						   : renew_token(store, seat.participant_id, made);
	}
	r = db_finish(store_db(store), r);
	if (r == 0)
		memcpy(token, made, sizeof(made));
	explicit_bzero(made, sizeof(made));
	return r;
}
