/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "server/permission.h"
#include "server/store_access.h"
#include "server/store_unit.h"
#include "store_world.h"

#define DAY 86400

static void make_unit(struct store *store, const char *name, char *id)
{
	const struct store_unit_new unit = {
		.name = name, .hsa_id = "SE-U", .provider = "Region", .provider_hsa_id = "SE-P"};

	g_assert_cmpint(store_unit_make(store, &unit, id), ==, 0);
}

static struct store_api_key key_of(const char *unit_id, unsigned scopes)
{
	struct store_api_key key = {.label = "booking", .scopes = scopes};

	g_strlcpy(key.unit_id, unit_id, sizeof(key.unit_id));
	return key;
}

static void a_key_knows_its_unit_and_scopes(void)
{
	struct store_place p = store_place_new();
	struct store *store = store_place_open(&p, 4);
	char unit_id[PRINCIPAL_ID_BYTES + 1], one[STORE_API_KEY_BYTES], two[STORE_API_KEY_BYTES];
	struct store_api_key key, all = key_of("", SCOPES_ALL);
	struct principal who;

	make_unit(store, "Lycksele", unit_id);
	key = key_of(unit_id, SCOPE_BIT(SCOPE_READ) | SCOPE_BIT(SCOPE_BOOK));
	g_assert_cmpint(store_api_key_create(store, DAY, &key, one), ==, 0);
	g_assert_cmpint(store_api_key_create(store, DAY, &all, two), ==, 0);
	g_assert_true(g_str_has_prefix(one, STORE_API_KEY_START));
	g_assert_cmpstr(one, !=, two);
	g_assert_cmpint(store_api_key_find(store, DAY, one, &who), ==, 0);
	g_assert_cmpint(who.kind, ==, PRINCIPAL_API_KEY);
	g_assert_cmpstr(who.id, ==, key.id);
	g_assert_cmpstr(who.name, ==, "booking");
	g_assert_cmpstr(who.unit_id, ==, unit_id);
	g_assert_cmpstr(who.unit_name, ==, "Lycksele");
	g_assert_cmpstr(who.unit_hsa_id, ==, "SE-U");
	g_assert_cmpstr(who.provider_hsa_id, ==, "SE-P");
	g_assert_cmpuint(who.scopes, ==, key.scopes);
	g_assert_cmpint(store_api_key_find(store, DAY, two, &who), ==, 0);
	g_assert_cmpstr(who.unit_id, ==, "");
	g_assert_cmpuint(who.scopes, ==, SCOPES_ALL);
	one[10] = one[10] == 'A' ? 'B' : 'A';
	g_assert_cmpint(store_api_key_find(store, DAY, one, &who), ==, -EPERM);
	g_assert_cmpint(store_api_key_find(store, DAY, "", &who), ==, -EPERM);
	key = key_of("u-nobody", SCOPES_ALL);
	g_assert_cmpint(store_api_key_create(store, DAY, &key, one), ==, -ENOENT);
	store_close(store);
	store_place_remove(&p);
}

/* Words that a newer version wrote give nothing here. */
static void unknown_scopes_give_nothing(void)
{
	struct store_place p = store_place_new();
	struct store *store = store_place_open(&p, 4);
	struct store_api_key key = key_of("", SCOPE_BIT(SCOPE_READ));
	char text[STORE_API_KEY_BYTES];
	struct principal who;

	g_assert_cmpint(store_api_key_create(store, 1, &key, text), ==, 0);
	store_place_sql(&p, "UPDATE api_key SET scopes = 'read everything'");
	g_assert_cmpint(store_api_key_find(store, 1, text, &who), ==, 0);
	g_assert_cmpuint(who.scopes, ==, 0);
	g_assert_false(permission_allows(&who, OPERATION_CONSULTATION_READ));
	store_close(store);
	store_place_remove(&p);
}

static void a_revoked_key_opens_nothing(void)
{
	struct store_place p = store_place_new();
	struct store *store = store_place_open(&p, 4);
	char unit_id[PRINCIPAL_ID_BYTES + 1], other_id[PRINCIPAL_ID_BYTES + 1];
	struct store_api_key key, list[STORE_API_KEYS_MAX];
	char text[STORE_API_KEY_BYTES];
	struct principal who;
	size_t count;

	make_unit(store, "Lycksele", unit_id);
	make_unit(store, "Sorsele", other_id);
	key = key_of(unit_id, SCOPE_BIT(SCOPE_READ));
	g_assert_cmpint(store_api_key_create(store, 1, &key, text), ==, 0);
	g_assert_cmpint(store_api_key_find(store, 3 * DAY + 7, text, &who), ==, 0);
	g_assert_cmpint(store_api_key_list(store, unit_id, list, &count), ==, 0);
	g_assert_cmpuint(count, ==, 1);
	g_assert_cmpstr(list[0].id, ==, key.id);
	g_assert_cmpint(list[0].used_unix_s, ==, 3 * DAY);
	/* Not another unit's to see or to revoke. */
	g_assert_cmpint(store_api_key_list(store, other_id, list, &count), ==, 0);
	g_assert_cmpuint(count, ==, 0);
	g_assert_cmpint(store_api_key_revoke(store, 5, other_id, key.id), ==, -ENOENT);
	g_assert_cmpint(store_api_key_revoke(store, 5, unit_id, key.id), ==, 0);
	g_assert_cmpint(store_api_key_revoke(store, 6, unit_id, key.id), ==, -ENOENT);
	g_assert_cmpint(store_api_key_find(store, 7, text, &who), ==, -EPERM);
	store_close(store);
	store_place_remove(&p);
}

static void a_unit_has_so_many_keys(void)
{
	struct store_place p = store_place_new();
	struct store *store = store_place_open(&p, 4);
	char unit_id[PRINCIPAL_ID_BYTES + 1], text[STORE_API_KEY_BYTES];
	struct store_api_key key;

	make_unit(store, "Lycksele", unit_id);
	key = key_of(unit_id, SCOPE_BIT(SCOPE_READ));
	for (int i = 0; i < STORE_API_KEYS_MAX; i++)
		g_assert_cmpint(store_api_key_create(store, 1, &key, text), ==, 0);
	g_assert_cmpint(store_api_key_create(store, 1, &key, text), ==, -ENOSPC);
	g_assert_cmpint(store_api_key_revoke(store, 2, unit_id, key.id), ==, 0);
	g_assert_cmpint(store_api_key_create(store, 3, &key, text), ==, 0);
	store_close(store);
	store_place_remove(&p);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/store_access/a_key_knows_its_unit_and_scopes",
			a_key_knows_its_unit_and_scopes);
	g_test_add_func("/store_access/unknown_scopes_give_nothing", unknown_scopes_give_nothing);
	g_test_add_func("/store_access/a_revoked_key_opens_nothing", a_revoked_key_opens_nothing);
	g_test_add_func("/store_access/a_unit_has_so_many_keys", a_unit_has_so_many_keys);
	return g_test_run();
}
