/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "server/store_account.h"
#include "server/store_session.h"
#include "server/store_unit.h"
#include "store_world.h"

#define ISSUER "https://idp.example.se"

struct ward {
	struct store_place place;
	struct store *store;
	char lycksele[PRINCIPAL_ID_BYTES + 1], sorsele[PRINCIPAL_ID_BYTES + 1];
};

static void open_ward(struct ward *w)
{
	static const struct store_unit_new one = {.name = "Lycksele",
						  .hsa_id = "SE-L",
						  .provider = "Region",
						  .provider_hsa_id = "SE-P"};
	static const struct store_unit_new two = {.name = "Sorsele",
						  .hsa_id = "SE-S",
						  .provider = "Kommun",
						  .provider_hsa_id = "SE-K"};
	char again[PRINCIPAL_ID_BYTES + 1];

	w->place = store_place_new();
	w->store = store_place_open(&w->place, 4);
	g_assert_cmpint(store_unit_sole(w->store, again), ==, -ENOENT);
	g_assert_cmpint(store_unit_make(w->store, &one, w->lycksele), ==, 0);
	g_assert_cmpint(store_unit_make(w->store, &one, again), ==, 0);
	g_assert_cmpstr(again, ==, w->lycksele);
	g_assert_cmpint(store_unit_sole(w->store, again), ==, 0);
	g_assert_cmpint(store_unit_make(w->store, &two, w->sorsele), ==, 0);
	g_assert_cmpint(store_unit_sole(w->store, again), ==, -ENOENT);
}

static void close_ward(struct ward *w)
{
	store_close(w->store);
	store_place_remove(&w->place);
}

static int create(struct ward *w, const char *user, const char *unit_id, char *staff_id)
{
	const struct store_account_new account = {.user = user,
						  .name = "Anna Berg",
						  .hash = "h",
						  .unit_id = unit_id,
						  .duty = DUTY_STAFF};

	return store_account_create(w->store, 1, &account, staff_id);
}

static void an_account_is_found_by_its_name(void)
{
	struct ward w;
	struct store_account a;
	char id[PRINCIPAL_ID_BYTES + 1];

	open_ward(&w);
	g_assert_cmpint(create(&w, "anna", w.lycksele, id), ==, 0);
	g_assert_cmpint(create(&w, "anna", w.lycksele, id), ==, -EEXIST);
	g_assert_cmpint(create(&w, "bo", "u-none", id), ==, -ENOENT);
	g_assert_cmpint(store_account_find(w.store, "anna", &a), ==, 0);
	g_assert_cmpstr(a.hash, ==, "h");
	g_assert_cmpstr(a.name, ==, "Anna Berg");
	g_assert_false(a.is_disabled);
	g_assert_cmpint(store_account_find(w.store, "Anna", &a), ==, -ENOENT);
	g_assert_cmpint(store_account_find(w.store, "bo", &a), ==, -ENOENT);
	close_ward(&w);
}

static void wrong_passwords_make_it_rest_longer_and_longer(void)
{
	static const int64_t rests[] = {0, 0, 0, 0, 0, 5, 10, 20, 40, 80, 160, 320, 640, 900, 900};
	struct ward w;
	struct store_account a;
	char id[PRINCIPAL_ID_BYTES + 1];

	for (size_t i = 0; i < G_N_ELEMENTS(rests); i++)
		g_assert_cmpint(store_account_rest_s((int64_t)i), ==, rests[i]);
	g_assert_cmpint(store_account_rest_s(INT64_MAX), ==, 900);
	open_ward(&w);
	g_assert_cmpint(create(&w, "anna", w.lycksele, id), ==, 0);
	for (int i = 1; i <= 6; i++) {
		g_assert_cmpint(store_account_failed(w.store, 1000, id), ==, 0);
		g_assert_cmpint(store_account_find(w.store, "anna", &a), ==, 0);
		g_assert_cmpint(a.locked_until_unix_s, ==, rests[i] > 0 ? 1000 + rests[i] : 0);
	}
	g_assert_cmpint(store_account_passed(w.store, id), ==, 0);
	g_assert_cmpint(store_account_find(w.store, "anna", &a), ==, 0);
	g_assert_cmpint(a.locked_until_unix_s, ==, 0);
	close_ward(&w);
}

static void one_unit_does_not_change_anothers_staff(void)
{
	struct ward w;
	struct store_account list[STORE_ACCOUNTS_MAX];
	char id[PRINCIPAL_ID_BYTES + 1];
	bool yes = true;
	size_t count;

	open_ward(&w);
	g_assert_cmpint(create(&w, "anna", w.lycksele, id), ==, 0);
	g_assert_cmpint(store_account_change(w.store, 2, w.sorsele, id, "h2", &yes), ==, -ENOENT);
	g_assert_cmpint(store_account_in_unit(w.store, w.sorsele, id), ==, -ENOENT);
	g_assert_cmpint(store_account_change(w.store, 2, w.lycksele, id, "h2", NULL), ==, 0);
	g_assert_cmpint(store_account_list(w.store, w.lycksele, list, &count), ==, 0);
	g_assert_cmpuint(count, ==, 1);
	g_assert_cmpstr(list[0].hash, ==, "h2");
	g_assert_cmpint(list[0].duty, ==, DUTY_STAFF);
	g_assert_cmpint(store_account_list(w.store, w.sorsele, list, &count), ==, 0);
	g_assert_cmpuint(count, ==, 0);
	/* Of both: neither alone may shut her out. */
	store_place_sql(&w.place,
			"INSERT INTO commission (id, staff_id, unit_id, duty) SELECT 'm2', "
			"staff.id, unit.id, 'staff' FROM staff, unit "
			"WHERE unit.name = 'Sorsele'");
	g_assert_cmpint(store_account_change(w.store, 3, w.lycksele, id, NULL, &yes), ==, -EPERM);
	close_ward(&w);
}

/* --- identity providers ----------------------------------------------------------------------- */

static struct oidc_identity identity_of(const char *subject)
{
	struct oidc_identity id = {.name = "Anna Berg", .acr = "loa3"};

	g_strlcpy(id.subject, subject, sizeof(id.subject));
	return id;
}

static void add(struct oidc_identity *id, const char *hsa_id, const char *unit,
		const char *provider, enum duty duty)
{
	struct oidc_commission *c = &id->commission[id->count++];

	memset(c, 0, sizeof(*c));
	g_strlcpy(c->hsa_id, hsa_id, sizeof(c->hsa_id));
	g_strlcpy(c->name, hsa_id, sizeof(c->name));
	g_strlcpy(c->unit_hsa_id, unit, sizeof(c->unit_hsa_id));
	g_strlcpy(c->provider_hsa_id, provider, sizeof(c->provider_hsa_id));
	c->duty = duty;
}

static size_t commissions(struct ward *w, const char *staff_id, struct store_commission *out)
{
	size_t count;

	g_assert_cmpint(store_commission_list(w->store, staff_id, out, &count), ==, 0);
	return count;
}

static void commissions_are_those_the_provider_names_now(void)
{
	struct ward w;
	struct oidc_identity *id = g_new(struct oidc_identity, 1);
	struct store_commission list[STORE_COMMISSIONS_MAX];
	char staff[PRINCIPAL_ID_BYTES + 1], again[PRINCIPAL_ID_BYTES + 1],
		kept[PRINCIPAL_ID_BYTES + 1];

	open_ward(&w);
	*id = identity_of("SE-1");
	add(id, "SE-M1", "SE-L", "SE-P", DUTY_CLINICIAN);
	add(id, "SE-M2", "SE-S", "", DUTY_STAFF);
	add(id, "SE-M3", "SE-S", "SE-P", DUTY_REVIEWER);  /* not that provider's unit */
	add(id, "SE-M4", "SE-X", "SE-P", DUTY_CLINICIAN); /* a unit elsewhere */
	add(id, "SE-L", "", "SE-P", DUTY_ADMINISTRATOR);  /* its own id names the unit */
	g_assert_cmpint(store_staff_login(w.store, 1, ISSUER, id, staff), ==, 0);
	g_assert_cmpuint(commissions(&w, staff, list), ==, 3);
	g_assert_cmpstr(list[0].unit_name, ==, "Lycksele");
	g_assert_cmpint(list[0].duty, ==, DUTY_ADMINISTRATOR);
	g_assert_cmpint(list[1].duty, ==, DUTY_CLINICIAN);
	g_assert_cmpint(list[2].duty, ==, DUTY_STAFF);
	g_strlcpy(kept, list[1].id, sizeof(kept));
	/* The next day one is left, the same as before. */
	*id = identity_of("SE-1");
	g_strlcpy(id->name, "Anna Lund", sizeof(id->name));
	add(id, "SE-M1", "SE-L", "SE-P", DUTY_CLINICIAN);
	g_assert_cmpint(store_staff_login(w.store, 2, ISSUER, id, again), ==, 0);
	g_assert_cmpstr(again, ==, staff);
	g_assert_cmpuint(commissions(&w, staff, list), ==, 1);
	g_assert_cmpstr(list[0].id, ==, kept);
	g_assert_cmpint(store_place_ask(&w.place, "SELECT COUNT(*) FROM staff WHERE name = "
						  "'Anna Lund'"),
			==, 1);
	g_free(id);
	close_ward(&w);
}

/* The operator wrote down what a commission is, for a unit without an HSA-id of its own. */
static void a_commission_that_was_written_down_is_known_by_its_id(void)
{
	struct ward w;
	struct oidc_identity *id = g_new(struct oidc_identity, 1);
	struct store_commission list[STORE_COMMISSIONS_MAX];
	char staff[PRINCIPAL_ID_BYTES + 1];

	open_ward(&w);
	store_place_sql(&w.place,
			"UPDATE unit SET hsa_id = '' WHERE name = 'Sorsele';"
			"INSERT INTO staff (id, subject, issuer, name) VALUES "
			"('s1', 'SE-1', '" ISSUER "', 'Anna Berg');"
			"INSERT INTO commission (id, staff_id, unit_id, duty, hsa_id) SELECT 'm1', "
			"'s1', id, 'reviewer', 'SE-C1' FROM unit WHERE name = 'Sorsele';"
			"INSERT INTO commission (id, staff_id, unit_id, duty, hsa_id) SELECT 'm2', "
			"'s1', id, 'support', 'SE-C2' FROM unit WHERE name = 'Sorsele';"
			"INSERT INTO commission (id, staff_id, unit_id, duty) SELECT 'm3', "
			"'s1', id, 'administrator' FROM unit WHERE name = 'Sorsele'");
	*id = identity_of("SE-1");
	add(id, "SE-C1", "", "SE-K", DUTY_CLINICIAN);
	g_assert_cmpint(store_staff_login(w.store, 1, ISSUER, id, staff), ==, 0);
	g_assert_cmpuint(commissions(&w, staff, list), ==, 2);
	g_assert_cmpstr(list[0].id, ==, "m3"); /* without HSA-id: not the provider's to end */
	g_assert_cmpstr(list[1].id, ==, "m1");
	g_assert_cmpint(list[1].duty, ==, DUTY_REVIEWER);
	g_free(id);
	close_ward(&w);
}

static void who_has_no_commission_here_leaves_no_trace(void)
{
	struct ward w;
	struct oidc_identity *id = g_new(struct oidc_identity, 1);
	char staff[PRINCIPAL_ID_BYTES + 1];

	open_ward(&w);
	*id = identity_of("SE-1");
	add(id, "SE-M4", "SE-X", "SE-P", DUTY_CLINICIAN);
	g_assert_cmpint(store_staff_login(w.store, 1, ISSUER, id, staff), ==, -ENOENT);
	g_assert_cmpint(store_place_ask(&w.place, "SELECT COUNT(*) FROM staff"), ==, 0);
	g_free(id);
	close_ward(&w);
}

/* A provider's subject that is called like a local account, or like another provider's, is not let
 * in as that. */
static void a_name_belongs_to_whoever_had_it(void)
{
	struct ward w;
	struct oidc_identity *id = g_new(struct oidc_identity, 1);
	struct store_account a;
	char staff[PRINCIPAL_ID_BYTES + 1];

	open_ward(&w);
	g_assert_cmpint(create(&w, "admin", w.lycksele, staff), ==, 0);
	*id = identity_of("admin");
	add(id, "SE-M1", "SE-L", "SE-P", DUTY_CLINICIAN);
	g_assert_cmpint(store_staff_login(w.store, 1, ISSUER, id, staff), ==, -EPERM);
	*id = identity_of("SE-1");
	add(id, "SE-M1", "SE-L", "SE-P", DUTY_CLINICIAN);
	g_assert_cmpint(store_staff_login(w.store, 1, ISSUER, id, staff), ==, 0);
	g_assert_cmpint(store_staff_login(w.store, 1, "https://x.example", id, staff), ==, -EPERM);
	/* And has no password. */
	g_assert_cmpint(store_account_find(w.store, "SE-1", &a), ==, -ENOENT);
	store_place_sql(&w.place, "UPDATE staff SET disabled_unix_s = 7 WHERE subject = 'SE-1'");
	g_assert_cmpint(store_staff_login(w.store, 1, ISSUER, id, staff), ==, -EPERM);
	g_free(id);
	close_ward(&w);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/store_account/an_account_is_found_by_its_name",
			an_account_is_found_by_its_name);
	g_test_add_func("/store_account/wrong_passwords_make_it_rest_longer_and_longer",
			wrong_passwords_make_it_rest_longer_and_longer);
	g_test_add_func("/store_account/one_unit_does_not_change_anothers_staff",
			one_unit_does_not_change_anothers_staff);
	g_test_add_func("/store_account/commissions_are_those_the_provider_names_now",
			commissions_are_those_the_provider_names_now);
	g_test_add_func("/store_account/a_commission_that_was_written_down_is_known_by_its_id",
			a_commission_that_was_written_down_is_known_by_its_id);
	g_test_add_func("/store_account/who_has_no_commission_here_leaves_no_trace",
			who_has_no_commission_here_leaves_no_trace);
	g_test_add_func("/store_account/a_name_belongs_to_whoever_had_it",
			a_name_belongs_to_whoever_had_it);
	return g_test_run();
}
