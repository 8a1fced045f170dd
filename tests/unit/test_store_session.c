/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "server/store_account.h"
#include "server/store_session.h"
#include "server/store_unit.h"
#include "store_world.h"

static const struct store_session_times times = {.idle_s = 1800, .total_s = 36000};

/* Anna, a clinician of one unit. */
struct ward {
	struct store_place place;
	struct store *store;
	char unit_id[PRINCIPAL_ID_BYTES + 1];
	char anna[PRINCIPAL_ID_BYTES + 1];
};

static void make_account(struct ward *w, const char *user, char *staff_id)
{
	const struct store_account_new account = {.user = user,
						  .name = "Anna Berg",
						  .hash = "x",
						  .unit_id = w->unit_id,
						  .duty = DUTY_CLINICIAN};

	g_assert_cmpint(store_account_create(w->store, 1, &account, staff_id), ==, 0);
}

static void open_ward(struct ward *w)
{
	static const struct store_unit_new unit = {.name = "Lycksele",
						   .hsa_id = "SE-U",
						   .provider = "Region",
						   .provider_hsa_id = "SE-P"};

	w->place = store_place_new();
	w->store = store_place_open(&w->place, 4);
	g_assert_cmpint(store_unit_make(w->store, &unit, w->unit_id), ==, 0);
	make_account(w, "anna", w->anna);
}

static void close_ward(struct ward *w)
{
	store_close(w->store);
	store_place_remove(&w->place);
}

static struct store_session begin(struct ward *w, int64_t now)
{
	struct store_session s;

	g_assert_cmpint(store_session_begin(w->store, now, &times, w->anna, "loa3", &s), ==, 0);
	g_assert_cmpuint(strlen(s.token), ==, STORE_SESSION_TEXT);
	return s;
}

static int find(struct ward *w, int64_t now, const char *token)
{
	struct store_session s;

	return store_session_find(w->store, now, &times, token, &s);
}

static void a_session_knows_who_and_where(void)
{
	struct ward w;
	struct store_session made, s;

	open_ward(&w);
	made = begin(&w, 1000);
	g_assert_cmpint(store_session_find(w.store, 1001, &times, made.token, &s), ==, 0);
	g_assert_cmpint(s.who.kind, ==, PRINCIPAL_STAFF);
	g_assert_cmpstr(s.who.id, ==, w.anna);
	g_assert_cmpstr(s.who.name, ==, "Anna Berg");
	g_assert_cmpstr(s.who.subject, ==, "anna");
	g_assert_cmpstr(s.who.acr, ==, "loa3");
	g_assert_cmpstr(s.who.unit_id, ==, w.unit_id);
	g_assert_cmpstr(s.who.provider_hsa_id, ==, "SE-P");
	g_assert_cmpint(s.who.duty, ==, DUTY_CLINICIAN);
	g_assert_cmpint(s.who.expires_unix_s, ==, 37000);
	g_assert_cmpstr(s.who.csrf, ==, made.who.csrf);
	g_assert_cmpstr(s.who.csrf, !=, made.token);
	g_assert_cmpstr(s.token, ==, "");
	g_assert_cmpint(find(&w, 1001, "nonsense"), ==, -EPERM);
	g_assert_cmpint(find(&w, 1001, ""), ==, -EPERM);
	store_place_lacks(&w.place, made.token);
	close_ward(&w);
}

static void a_session_ends_when_it_rests(void)
{
	struct ward w;
	struct store_session s;

	open_ward(&w);
	s = begin(&w, 1000);
	g_assert_cmpint(find(&w, 1000 + 1799, s.token), ==, 0);
	g_assert_cmpint(find(&w, 1000 + 1799 + 1799, s.token), ==, 0); /* it was used */
	g_assert_cmpint(find(&w, 1000 + 1799 + 1799 + 1800, s.token), ==, -EPERM);
	close_ward(&w);
}

static void a_session_ends_after_its_hours(void)
{
	struct ward w;
	struct store_session s;

	open_ward(&w);
	s = begin(&w, 1000);
	for (int64_t now = 1000; now < 37000; now += 1000)
		g_assert_cmpint(find(&w, now, s.token), ==, 0);
	g_assert_cmpint(find(&w, 37000, s.token), ==, -EPERM);
	close_ward(&w);
}

static void a_session_can_be_revoked(void)
{
	struct ward w;
	struct store_session one, two;

	open_ward(&w);
	one = begin(&w, 1000);
	two = begin(&w, 1000);
	g_assert_cmpint(store_session_end(w.store, 1001, one.token), ==, 0);
	g_assert_cmpint(find(&w, 1001, one.token), ==, -EPERM);
	g_assert_cmpint(find(&w, 1001, two.token), ==, 0);
	g_assert_cmpint(store_session_end_all(w.store, 1002, w.anna), ==, 0);
	g_assert_cmpint(find(&w, 1002, two.token), ==, -EPERM);
	close_ward(&w);
}

static void who_is_disabled_is_out(void)
{
	struct ward w;
	struct store_session s;
	bool yes = true, no = false;

	open_ward(&w);
	s = begin(&w, 1000);
	g_assert_cmpint(store_account_change(w.store, 1001, w.unit_id, w.anna, NULL, &yes), ==, 0);
	g_assert_cmpint(find(&w, 1001, s.token), ==, -EPERM);
	g_assert_cmpint(store_session_begin(w.store, 1002, &times, w.anna, "", &s), ==, -EPERM);
	g_assert_cmpint(store_account_change(w.store, 1003, w.unit_id, w.anna, NULL, &no), ==, 0);
	begin(&w, 1004);
	close_ward(&w);
}

static void so_many_sessions_and_the_oldest_ends(void)
{
	struct ward w;
	struct store_session first, s = {0};

	open_ward(&w);
	first = begin(&w, 1000);
	for (int i = 0; i < STORE_SESSIONS_PER_STAFF - 1; i++)
		s = begin(&w, 1001 + i);
	g_assert_cmpint(find(&w, 1020, first.token), ==, 0);
	g_assert_cmpint(store_session_end_all(w.store, 1020, w.anna), ==, 0);
	first = begin(&w, 1021);
	for (int i = 0; i < STORE_SESSIONS_PER_STAFF; i++)
		s = begin(&w, 1022 + i);
	g_assert_cmpint(find(&w, 1040, first.token), ==, -EPERM);
	g_assert_cmpint(find(&w, 1040, s.token), ==, 0);
	/* Those that ended are swept out a day later. */
	begin(&w, 1000000);
	g_assert_cmpint(store_place_ask(&w.place, "SELECT COUNT(*) FROM session"), ==, 1);
	close_ward(&w);
}

static void one_of_several_commissions_is_chosen_once(void)
{
	struct ward w;
	struct store_session s, found;
	struct store_commission list[STORE_COMMISSIONS_MAX];
	char bo[PRINCIPAL_ID_BYTES + 1];
	size_t count;

	open_ward(&w);
	make_account(&w, "bo", bo);
	store_place_sql(
		&w.place,
		"INSERT INTO commission (id, staff_id, unit_id, duty) SELECT 'm-admin', id, "
		"(SELECT id FROM unit), 'administrator' FROM staff WHERE subject = 'anna'");
	s = begin(&w, 1000);
	g_assert_cmpstr(s.who.commission_id, ==, ""); /* two: none by itself */
	g_assert_cmpint(s.who.duty, ==, DUTY_COUNT);
	g_assert_cmpint(store_commission_list(w.store, bo, list, &count), ==, 0);
	g_assert_cmpuint(count, ==, 1);
	/* Another's, and none. */
	g_assert_cmpint(store_session_choose(w.store, s.token, list[0].id), ==, -ENOENT);
	g_assert_cmpint(store_session_choose(w.store, s.token, "m-none"), ==, -ENOENT);
	g_assert_cmpint(store_session_choose(w.store, s.token, "m-admin"), ==, 0);
	g_assert_cmpint(store_session_find(w.store, 1001, &times, s.token, &found), ==, 0);
	g_assert_cmpint(found.who.duty, ==, DUTY_ADMINISTRATOR);
	g_assert_cmpint(store_commission_list(w.store, w.anna, list, &count), ==, 0);
	g_assert_cmpuint(count, ==, 2);
	g_assert_cmpint(store_session_choose(w.store, s.token, list[0].id), ==, -EALREADY);
	/* A commission that is taken away takes its rights along at once. */
	store_place_sql(&w.place, "DELETE FROM commission WHERE id = 'm-admin'");
	g_assert_cmpint(store_session_find(w.store, 1002, &times, s.token, &found), ==, 0);
	g_assert_cmpstr(found.who.commission_id, ==, "");
	g_assert_cmpstr(found.who.unit_id, ==, "");
	close_ward(&w);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/store_session/a_session_knows_who_and_where",
			a_session_knows_who_and_where);
	g_test_add_func("/store_session/a_session_ends_when_it_rests",
			a_session_ends_when_it_rests);
	g_test_add_func("/store_session/a_session_ends_after_its_hours",
			a_session_ends_after_its_hours);
	g_test_add_func("/store_session/a_session_can_be_revoked", a_session_can_be_revoked);
	g_test_add_func("/store_session/who_is_disabled_is_out", who_is_disabled_is_out);
	g_test_add_func("/store_session/so_many_sessions_and_the_oldest_ends",
			so_many_sessions_and_the_oldest_ends);
	g_test_add_func("/store_session/one_of_several_commissions_is_chosen_once",
			one_of_several_commissions_is_chosen_once);
	return g_test_run();
}
