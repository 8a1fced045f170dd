/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/store_unit.h"

#include <errno.h>

#include "server/store_db.h"

#define ID_BYTES 9 /* 72 random bits: unique, not secret */

/* The id of the first row of a query: 1, 0 or -EIO. */
static int first_id(struct db_query *q, char *id)
{
	int r = db_step(q);

	if (r == 1)
		db_text(q, 0, id, PRINCIPAL_ID_BYTES + 1);
	db_end(q);
	return r;
}

static int provider_of(struct store *store, const struct store_unit_new *unit, char *id)
{
	static const char find[] = "SELECT id FROM provider WHERE name = ?";
	static const char add[] = "INSERT INTO provider (id, name, hsa_id) VALUES (?, ?, ?)";
	struct db_query *q = db_query(store_db(store), find);
	int r;

	db_put_text(q, unit->provider);
	r = first_id(q, id);
	if (r != 0)
		return r < 0 ? r : 0;
	token_text_make(store_rng(store), id, "v", ID_BYTES);
	q = db_query(store_db(store), add);
	db_put_text(q, id);
	db_put_text(q, unit->provider);
	db_put_text(q, unit->provider_hsa_id);
	return db_run(q);
}

static int unit_of(struct store *store, const struct store_unit_new *unit, const char *provider_id,
		   char *id)
{
	static const char find[] = "SELECT id FROM unit WHERE provider_id = ? AND name = ?";
	static const char add[] = "INSERT INTO unit (id, provider_id, name, neutral_name, hsa_id) "
				  "VALUES (?, ?, ?, ?, ?)";
	struct db_query *q = db_query(store_db(store), find);
	int r;

	db_put_text(q, provider_id);
	db_put_text(q, unit->name);
	r = first_id(q, id);
	if (r != 0)
		return r < 0 ? r : 0;
	token_text_make(store_rng(store), id, "u", ID_BYTES);
	q = db_query(store_db(store), add);
	db_put_text(q, id);
	db_put_text(q, provider_id);
	db_put_text(q, unit->name);
	db_put_text(q, unit->name);
	db_put_text(q, unit->hsa_id);
	return db_run(q);
}

int store_unit_make(struct store *store, const struct store_unit_new *unit, char *unit_id)
{
	char provider_id[PRINCIPAL_ID_BYTES + 1];
	int r = db_begin(store_db(store));

	if (r < 0)
		return r;
	r = provider_of(store, unit, provider_id);
	if (r == 0)
		r = unit_of(store, unit, provider_id, unit_id);
	return db_finish(store_db(store), r);
}

int store_unit_sole(struct store *store, char *unit_id)
{
	static const char find[] = "SELECT MIN(id) FROM unit HAVING COUNT(*) = 1";
	int r = first_id(db_query(store_db(store), find), unit_id);

	return r < 0 ? r : r == 1 ? 0 : -ENOENT;
}
