/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/store_org.h"

#include <errno.h>

#include "server/permission.h"
#include "server/store_db.h"

#define ID_BYTES 9 /* 72 random bits: unique, not secret */

/* --- writing -----------------------------------------------------------------------------------
 */

struct import {
	struct store *store;
	struct organisation_fault *fault;
	int64_t now_unix_s;
};

static int fail(const struct import *im, const char *kind, const char *id, const char *why)
{
	g_snprintf(im->fault->member, sizeof(im->fault->member), "%s %s", kind, id);
	im->fault->why = why;
	return -EINVAL;
}

/* An insert that changes what has the same id, unless it belongs to another: no row then. */
static int run(const struct import *im, struct db_query *q, const char *kind, const char *id,
	       const char *why)
{
	int r = db_run_one(q);

	return r == -ENOENT || r == -EEXIST ? fail(im, kind, id, why) : r;
}

static int put_provider(const struct import *im, const struct organisation_provider *p)
{
	static const char put[] = "INSERT INTO provider (id, name, hsa_id) VALUES (?, ?, ?) "
				  "ON CONFLICT (id) DO UPDATE SET name = excluded.name, "
				  "hsa_id = excluded.hsa_id";
	struct db_query *q = db_query(store_db(im->store), put);

	db_put_text(q, p->id);
	db_put_text(q, p->name);
	db_put_text(q, p->hsa_id);
	return run(im, q, "provider", p->id, "It cannot be written.");
}

static int put_unit(const struct import *im, const struct organisation_unit *u)
{
	static const char put[] =
		"INSERT INTO unit (id, provider_id, name, neutral_name, hsa_id, municipality, "
		"minimum_assurance, phone, retention_days) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "
		"ON CONFLICT (id) DO UPDATE SET name = excluded.name, "
		"neutral_name = excluded.neutral_name, hsa_id = excluded.hsa_id, "
		"municipality = excluded.municipality, "
		"minimum_assurance = excluded.minimum_assurance, phone = excluded.phone, "
		"retention_days = excluded.retention_days "
		"WHERE provider_id = excluded.provider_id";
	struct db_query *q = db_query(store_db(im->store), put);

	db_put_text(q, u->id);
	db_put_text(q, u->provider_id);
	db_put_text(q, u->name);
	db_put_text(q, u->neutral_name);
	db_put_text(q, u->hsa_id);
	db_put_text(q, u->municipality);
	db_put_text(q, u->minimum_assurance);
	db_put_text(q, u->phone);
	db_put_int(q, u->retention_days);
	return run(im, q, "unit", u->id,
		   "The database has it at another provider; a unit does not move: its visits are "
		   "that provider's.");
}

static int put_place(const struct import *im, const struct organisation_place *p)
{
	static const char put[] =
		"INSERT INTO place (id, unit_id, name, municipality, is_active) "
		"VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name, "
		"municipality = excluded.municipality, is_active = excluded.is_active "
		"WHERE unit_id = excluded.unit_id";
	struct db_query *q = db_query(store_db(im->store), put);

	db_put_text(q, p->id);
	db_put_text(q, p->unit_id);
	db_put_text(q, p->name);
	db_put_text(q, p->municipality);
	db_put_int(q, p->is_active);
	return run(im, q, "place", p->id,
		   "The database has it at another unit; give it a new id there.");
}

/* The first time somebody is disabled is kept. */
static int put_staff(const struct import *im, const struct organisation_staff *s)
{
	static const char put[] =
		"INSERT INTO staff (id, subject, issuer, name, created_unix_s, disabled_unix_s) "
		"VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (subject) DO UPDATE SET "
		"name = excluded.name, disabled_unix_s = CASE WHEN excluded.disabled_unix_s = 0 "
		"OR disabled_unix_s = 0 THEN excluded.disabled_unix_s ELSE disabled_unix_s END "
		"WHERE issuer = excluded.issuer";
	struct db_query *q = db_query(store_db(im->store), put);
	char id[PRINCIPAL_ID_BYTES + 1];

	token_text_make(store_rng(im->store), id, "s", ID_BYTES);
	db_put_text(q, id);
	db_put_text(q, s->subject);
	db_put_text(q, s->issuer);
	db_put_text(q, s->name);
	db_put_int(q, im->now_unix_s);
	db_put_int(q, s->is_disabled ? im->now_unix_s : 0);
	return run(im, q, "staff", s->subject, "The database knows the subject of another issuer.");
}

static int put_commission(const struct import *im, const struct organisation_staff *s,
			  const struct organisation_commission *c)
{
	static const char put[] =
		"INSERT INTO commission (id, staff_id, unit_id, duty, hsa_id, name) "
		"SELECT ?1, id, ?2, ?3, ?4, ?5 FROM staff WHERE subject = ?6 "
		"ON CONFLICT (staff_id, unit_id, duty) DO UPDATE SET hsa_id = excluded.hsa_id, "
		"name = excluded.name";
	struct db_query *q = db_query(store_db(im->store), put);
	char id[PRINCIPAL_ID_BYTES + 1];

	token_text_make(store_rng(im->store), id, "m", ID_BYTES);
	db_put_text(q, id);
	db_put_text(q, c->unit_id);
	db_put_text(q, permission_duty_name(c->duty));
	db_put_text(q, c->hsa_id);
	db_put_text(q, c->name);
	db_put_text(q, s->subject);
	return run(im, q, "staff", s->subject,
		   "A commission names a unit that is neither in the file nor in the database.");
}

/* Commissions of the staff member that the file does not name. Those it names keep their ids:
 * sessions know them. */
static int drop_commissions(const struct import *im, const struct organisation_staff *s,
			    const struct organisation_commission *named)
{
	static const char list[] = "SELECT m.id, m.unit_id, m.duty FROM commission m "
				   "JOIN staff s ON s.id = m.staff_id WHERE s.subject = ?";
	static const char drop[] = "DELETE FROM commission WHERE id = ?";
	struct db_query *q = db_query(store_db(im->store), list);
	GPtrArray *gone = g_ptr_array_new_with_free_func(g_free);
	int r;

	db_put_text(q, s->subject);
	while ((r = db_step(q)) == 1) {
		size_t i = 0;

		while (i < s->commission_count &&
		       (g_strcmp0(named[i].unit_id, db_peek(q, 1)) != 0 ||
			g_strcmp0(permission_duty_name(named[i].duty), db_peek(q, 2)) != 0))
			i++;
		if (i == s->commission_count)
			g_ptr_array_add(gone, g_strdup(db_peek(q, 0)));
	}
	for (guint i = 0; i < gone->len && r == 0; i++) {
		q = db_query(store_db(im->store), drop);
		db_put_text(q, gone->pdata[i]);
		r = db_run(q);
	}
	g_ptr_array_free(gone, TRUE);
	return r;
}

static int put_people(const struct import *im, const struct organisation *o)
{
	size_t first = 0;
	int r = 0;

	for (guint i = 0; i < o->staff->len && r == 0; i++) {
		const struct organisation_staff *s =
			&g_array_index(o->staff, struct organisation_staff, i);
		/* An array without elements has no data. */
		const struct organisation_commission *c =
			s->commission_count > 0
				? &g_array_index(o->commissions, struct organisation_commission,
						 first)
				: NULL;

		r = put_staff(im, s);
		if (r == 0)
			r = drop_commissions(im, s, c);
		for (size_t k = 0; k < s->commission_count && r == 0; k++)
			r = put_commission(im, s, &c[k]);
		first += s->commission_count;
	}
	return r;
}

static int put_all(const struct import *im, const struct organisation *o)
{
	int r = 0;

	for (guint i = 0; i < o->providers->len && r == 0; i++)
		r = put_provider(im, &g_array_index(o->providers, struct organisation_provider, i));
	for (guint i = 0; i < o->units->len && r == 0; i++)
		r = put_unit(im, &g_array_index(o->units, struct organisation_unit, i));
	for (guint i = 0; i < o->places->len && r == 0; i++)
		r = put_place(im, &g_array_index(o->places, struct organisation_place, i));
	return r < 0 ? r : put_people(im, o);
}

int store_org_import(struct store *store, int64_t now_unix_s, const struct organisation *o,
		     struct organisation_fault *fault)
{
	const struct import im = {store, fault, now_unix_s};
	int r = db_begin(store_db(store));

	return r < 0 ? r : db_finish(store_db(store), put_all(&im, o));
}

/* --- reading -----------------------------------------------------------------------------------
 */

static int read_units(struct store *store, const char *unit_id, GArray *out)
{
	static const char list[] = "SELECT id, name, municipality, minimum_assurance FROM unit "
				   "WHERE ?1 = '' OR id = ?1 ORDER BY name, id";
	struct db_query *q = db_query(store_db(store), list);
	int r;

	db_put_text(q, unit_id);
	while ((r = db_step(q)) == 1) {
		struct store_org_unit u = {0};

		db_text(q, 0, u.id, sizeof(u.id));
		db_text(q, 1, u.name, sizeof(u.name));
		db_text(q, 2, u.municipality, sizeof(u.municipality));
		db_text(q, 3, u.minimum_assurance, sizeof(u.minimum_assurance));
		g_array_append_val(out, u);
	}
	return r;
}

static int read_places(struct store *store, const char *unit_id, GArray *out)
{
	static const char list[] = "SELECT id, unit_id, name, municipality FROM place WHERE "
				   "is_active <> 0 AND (?1 = '' OR unit_id = ?1) ORDER BY name, id";
	struct db_query *q = db_query(store_db(store), list);
	int r;

	db_put_text(q, unit_id);
	while ((r = db_step(q)) == 1) {
		struct store_org_place p = {0};

		db_text(q, 0, p.id, sizeof(p.id));
		db_text(q, 1, p.unit_id, sizeof(p.unit_id));
		db_text(q, 2, p.name, sizeof(p.name));
		db_text(q, 3, p.municipality, sizeof(p.municipality));
		g_array_append_val(out, p);
	}
	return r;
}

static int read_people(struct store *store, const char *unit_id, GArray *out)
{
	static const char list[] =
		"SELECT s.id, m.unit_id, s.name, m.duty FROM commission m JOIN staff s "
		"ON s.id = m.staff_id WHERE s.disabled_unix_s = 0 AND m.duty IN "
		"('clinician', 'staff') AND (?1 = '' OR m.unit_id = ?1) ORDER BY s.name, s.id";
	struct db_query *q = db_query(store_db(store), list);
	int r;

	db_put_text(q, unit_id);
	while ((r = db_step(q)) == 1) {
		struct store_org_person p = {0};

		db_text(q, 0, p.id, sizeof(p.id));
		db_text(q, 1, p.unit_id, sizeof(p.unit_id));
		db_text(q, 2, p.name, sizeof(p.name));
		p.duty = permission_duty_from_name(db_peek(q, 3));
		g_array_append_val(out, p);
	}
	return r;
}

int store_org_view(struct store *store, const char *unit_id, struct store_org_view *out)
{
	struct store_org_view view = {
		.units = g_array_new(FALSE, FALSE, sizeof(struct store_org_unit)),
		.places = g_array_new(FALSE, FALSE, sizeof(struct store_org_place)),
		.people = g_array_new(FALSE, FALSE, sizeof(struct store_org_person)),
	};
	int r = read_units(store, unit_id, view.units);

	if (r == 0)
		r = read_places(store, unit_id, view.places);
	if (r == 0)
		r = read_people(store, unit_id, view.people);
	if (r < 0)
		store_org_view_close(&view);
	else
		*out = view;
	return r;
}

void store_org_view_close(struct store_org_view *view)
{
	GArray *lists[] = {view->units, view->places, view->people};

	for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
		if (lists[i] != NULL)
			g_array_free(lists[i], TRUE);
	}
	*view = (struct store_org_view){0};
}
