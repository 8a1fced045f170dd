/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/store_device.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "server/store_db.h"

#define ID_BYTES     9	/* 72 random bits: unique, not secret */
#define SECRET_BYTES 16 /* random ones of a device's secret */
#define SEEN_STEP_S  60 /* devices ask every half minute: not every time is written */

/* --- enrolment -------------------------------------------------------------------------------- */

static int place_in_unit(struct store *store, const char *unit_id, const char *place_id)
{
	static const char find[] = "SELECT 1 FROM place WHERE id = ? AND unit_id = ?";
	struct db_query *q = db_query(store_db(store), find);
	int r;

	db_put_text(q, place_id);
	db_put_text(q, unit_id);
	r = db_step(q);
	db_end(q);
	return r < 0 ? r : r == 1 ? 0 : -ENOENT;
}

static int forget_old_codes(struct store *store, int64_t now_unix_s)
{
	static const char forget[] = "DELETE FROM enrolment WHERE expires_unix_s <= ?";
	struct db_query *q = db_query(store_db(store), forget);

	db_put_int(q, now_unix_s);
	return db_run(q);
}

static void make_code(struct rng *rng, char *code)
{
	for (size_t i = 0; i < STORE_ENROLMENT_DIGITS; i++)
		code[i] = (char)('0' + rng_below(rng, 10));
	code[STORE_ENROLMENT_DIGITS] = '\0';
}

int store_enrolment_create(struct store *store, int64_t now_unix_s, const char *unit_id,
			   const char *place_id, char *code)
{
	/* One code at a time for a place: the newer one counts. */
	static const char clear[] = "DELETE FROM enrolment WHERE place_id = ?";
	static const char add[] =
		"INSERT INTO enrolment (code_hash, place_id, expires_unix_s) VALUES (?, ?, ?)";
	struct db_query *q;
	int r = db_begin(store_db(store));

	if (r < 0)
		return r;
	r = place_in_unit(store, unit_id, place_id);
	if (r == 0)
		r = forget_old_codes(store, now_unix_s);
	if (r == 0) {
		q = db_query(store_db(store), clear);
		db_put_text(q, place_id);
		r = db_run(q);
	}
	if (r == 0) {
		make_code(store_rng(store), code);
		q = db_query(store_db(store), add);
		db_put_hash(q, code);
		db_put_text(q, place_id);
		db_put_int(q, now_unix_s + STORE_ENROLMENT_S);
		r = db_run(q);
	}
	return db_finish(store_db(store), r == -EEXIST ? -EIO : r);
}

/* The place of a code, which is used up. */
static int take_code(struct store *store, int64_t now_unix_s, const char *code, char *place_id)
{
	static const char find[] =
		"SELECT place_id FROM enrolment WHERE code_hash = ? AND expires_unix_s > ?";
	static const char use[] = "DELETE FROM enrolment WHERE code_hash = ?";
	struct db_query *q = db_query(store_db(store), find);
	int r;

	db_put_hash(q, code);
	db_put_int(q, now_unix_s);
	r = db_step(q);
	if (r == 1)
		db_text(q, 0, place_id, PRINCIPAL_ID_BYTES + 1);
	db_end(q);
	if (r <= 0)
		return r < 0 ? r : -EPERM;
	q = db_query(store_db(store), use);
	db_put_hash(q, code);
	return db_run_one(q);
}

static int count_devices(struct store *store, const char *place_id)
{
	static const char count[] =
		"SELECT COUNT(*) FROM device WHERE place_id = ? AND revoked_unix_s = 0";
	struct db_query *q = db_query(store_db(store), count);
	int r;

	db_put_text(q, place_id);
	r = db_step(q);
	if (r == 1)
		r = db_int(q, 0) < STORE_PLACE_DEVICES_MAX ? 0 : -ENOSPC;
	db_end(q);
	return r;
}

static int add_device(struct store *store, const struct store_device *device, const char *secret)
{
	static const char add[] =
		"INSERT INTO device (id, place_id, name, secret_hash, enrolled_unix_s, seen_unix_s)"
		" VALUES (?, ?, ?, ?, ?, ?)";
	struct db_query *q = db_query(store_db(store), add);

	db_put_text(q, device->id);
	db_put_text(q, device->place_id);
	db_put_text(q, device->name);
	db_put_hash(q, secret);
	db_put_int(q, device->enrolled_unix_s);
	db_put_int(q, device->seen_unix_s);
	return db_run(q);
}

int store_device_enrol(struct store *store, int64_t now_unix_s, const char *code, const char *name,
		       struct store_device *device, char *secret)
{
	struct store_device d = {.enrolled_unix_s = now_unix_s, .seen_unix_s = now_unix_s};
	int r = db_begin(store_db(store));

	if (r < 0)
		return r;
	(void)snprintf(d.name, sizeof(d.name), "%s", name);
	r = take_code(store, now_unix_s, code, d.place_id);
	if (r == 0)
		r = count_devices(store, d.place_id);
	if (r == 0) {
		token_text_make(store_rng(store), d.id, "d", ID_BYTES);
		token_text_make(store_rng(store), secret, "", SECRET_BYTES);
		r = add_device(store, &d, secret);
	}
	r = db_finish(store_db(store), r);
	if (r == 0)
		*device = d;
	return r;
}

/* --- finding ---------------------------------------------------------------------------------- */

static int mark_seen(struct store *store, int64_t now_unix_s, const char *id)
{
	static const char mark[] = "UPDATE device SET seen_unix_s = ? WHERE id = ?";
	struct db_query *q = db_query(store_db(store), mark);

	db_put_int(q, now_unix_s);
	db_put_text(q, id);
	return db_run(q);
}

int store_device_find(struct store *store, int64_t now_unix_s, const char *secret,
		      struct principal *who)
{
	static const char find[] =
		"SELECT d.id, d.name, d.place_id, p.unit_id, u.name, u.provider_id, d.seen_unix_s "
		"FROM device d JOIN place p ON p.id = d.place_id JOIN unit u ON u.id = p.unit_id "
		"WHERE d.secret_hash = ? AND d.revoked_unix_s = 0";
	struct principal found = {.kind = PRINCIPAL_DEVICE, .duty = DUTY_COUNT};
	struct db_query *q = db_query(store_db(store), find);
	int64_t seen;
	int r;

	db_put_hash(q, secret);
	r = db_step(q);
	if (r <= 0)
		return r < 0 ? r : -EPERM;
	db_text(q, 0, found.id, sizeof(found.id));
	db_text(q, 1, found.name, sizeof(found.name));
	db_text(q, 2, found.place_id, sizeof(found.place_id));
	db_text(q, 3, found.unit_id, sizeof(found.unit_id));
	db_text(q, 4, found.unit_name, sizeof(found.unit_name));
	db_text(q, 5, found.provider_id, sizeof(found.provider_id));
	seen = db_int(q, 6);
	db_end(q);
	r = seen + SEEN_STEP_S <= now_unix_s ? mark_seen(store, now_unix_s, found.id) : 0;
	if (r == 0)
		*who = found;
	return r;
}

int store_device_invite(struct store *store, const char *secret, struct service_invite *out)
{
	static const char find[] =
		"SELECT d.id, d.name, p.unit_id, COALESCE(NULLIF(u.neutral_name, ''), u.name) "
		"FROM device d JOIN place p ON p.id = d.place_id JOIN unit u ON u.id = p.unit_id "
		"WHERE d.secret_hash = ? AND d.revoked_unix_s = 0";
	struct service_invite invite = {.is_check_only = true, .role = ROLE_ROOM};
	struct db_query *q = db_query(store_db(store), find);
	int r;

	db_put_hash(q, secret);
	r = db_step(q);
	if (r <= 0)
		return r < 0 ? r : -ENOENT;
	db_text(q, 0, invite.consultation_id, sizeof(invite.consultation_id));
	db_text(q, 0, invite.participant_id, sizeof(invite.participant_id));
	db_text(q, 1, invite.name, sizeof(invite.name));
	db_text(q, 2, invite.unit_id, sizeof(invite.unit_id));
	db_text(q, 3, invite.unit_name, sizeof(invite.unit_name));
	db_end(q);
	*out = invite;
	return 0;
}

int store_device_list(struct store *store, const char *place_id, struct store_device *out,
		      size_t *count)
{
	static const char list[] =
		"SELECT id, name, enrolled_unix_s, seen_unix_s, help_unix_s, self_test_unix_s,"
		" self_test FROM device WHERE place_id = ? AND revoked_unix_s = 0 "
		"ORDER BY enrolled_unix_s, id";
	struct db_query *q = db_query(store_db(store), list);
	size_t n = 0;
	int r;

	db_put_text(q, place_id);
	while ((r = db_step(q)) == 1 && n < STORE_PLACE_DEVICES_MAX) {
		struct store_device *d = &out[n++];

		memset(d, 0, sizeof(*d));
		(void)snprintf(d->place_id, sizeof(d->place_id), "%s", place_id);
		db_text(q, 0, d->id, sizeof(d->id));
		db_text(q, 1, d->name, sizeof(d->name));
		d->enrolled_unix_s = db_int(q, 2);
		d->seen_unix_s = db_int(q, 3);
		d->help_unix_s = db_int(q, 4);
		d->self_test_unix_s = db_int(q, 5);
		db_text(q, 6, d->self_test, sizeof(d->self_test));
	}
	db_end(q);
	*count = n;
	return r < 0 ? r : 0;
}

int store_device_revoke(struct store *store, int64_t now_unix_s, const char *unit_id,
			const char *id)
{
	static const char revoke[] =
		"UPDATE device SET revoked_unix_s = ?, help_unix_s = 0 WHERE id = ? AND"
		" revoked_unix_s = 0 AND place_id IN (SELECT id FROM place WHERE unit_id = ?)";
	struct db_query *q = db_query(store_db(store), revoke);

	db_put_int(q, now_unix_s);
	db_put_text(q, id);
	db_put_text(q, unit_id);
	return db_run_one(q);
}

/* --- what it says ----------------------------------------------------------------------------- */

int store_device_tested(struct store *store, int64_t now_unix_s, const char *id, const char *result)
{
	static const char put[] = "UPDATE device SET self_test = ?, self_test_unix_s = ? "
				  "WHERE id = ? AND revoked_unix_s = 0";
	struct db_query *q = db_query(store_db(store), put);

	db_put_text(q, result);
	db_put_int(q, now_unix_s);
	db_put_text(q, id);
	return db_run_one(q);
}

int store_device_help(struct store *store, int64_t now_unix_s, const char *id, bool wants_help)
{
	static const char put[] =
		"UPDATE device SET help_unix_s = ? WHERE id = ? AND revoked_unix_s = 0";
	struct db_query *q = db_query(store_db(store), put);

	db_put_int(q, wants_help ? now_unix_s : 0);
	db_put_text(q, id);
	return db_run_one(q);
}

int store_device_helped(struct store *store, const char *unit_id, const char *id)
{
	static const char put[] =
		"UPDATE device SET help_unix_s = 0 WHERE id = ? AND revoked_unix_s = 0"
		" AND place_id IN (SELECT id FROM place WHERE unit_id = ?)";
	struct db_query *q = db_query(store_db(store), put);

	db_put_text(q, id);
	db_put_text(q, unit_id);
	return db_run_one(q);
}
