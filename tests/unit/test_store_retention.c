/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/store_retention.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

#include "server/audit_limits.h"
#include "server/retention.h"
#include "server/store_audit.h"
#include "store_world.h"

#define DAY_S 86400LL
#define NOW_S 1795600000LL

static const struct store_retention_rules rules = {.visit_days = 90, .audit_days = AUDIT_MIN_DAYS};

struct world {
	struct store_place place;
	struct store *store;
	struct audit_key *key;
};

static void world_open(struct world *w)
{
	w->place = store_place_new();
	w->store = store_place_open(&w->place, 1);
	w->key = audit_key_new();
	store_place_sql(
		&w->place,
		"INSERT INTO provider (id, name) VALUES ('v1', 'Region');"
		"INSERT INTO unit (id, provider_id, name, retention_days) VALUES"
		" ('u0', 'v1', 'A', 0), ('u7', 'v1', 'B', 7);"
		"INSERT INTO consultation (id, title, unit_id, created_unix_s, ended_unix_s) VALUES"
		" ('old', 'Gammal titel', 'u0', 1000, 1795600000 - 86400 * 91),"
		" ('young', 't', 'u0', 1000, 1795600000 - 86400 * 89),"
		" ('week', 't', 'u7', 1000, 1795600000 - 86400 * 8);"
		"INSERT INTO consultation (id, title, created_unix_s, planned_unix_s) VALUES"
		" ('never', 't', 1000, 1795600000 - 86400 * 100),"
		" ('ahead', 't', 1000, 1795600000 + 86400 * 100),"
		" ('late', 't', 1795600000 - 86400 * 10, 0);"
		"INSERT INTO participant (id, consultation_id, place, role, name, phone, "
		"token_hash)"
		" VALUES ('p1', 'old', 0, 'patient', 'Elsa Borttagen', '+46701112233', x'01'),"
		" ('p2', 'young', 0, 'patient', 'Nils', '', x'02');"
		"INSERT INTO outbox (id, consultation_id, participant_id, kind, channel, address,"
		" state, created_unix_s) VALUES ('n1', 'old', 'p1', 'reminder', 'sms', '', 'sent',"
		" 5);"
		"INSERT INTO survey (consultation_id, role, answers, at_unix_s) VALUES"
		" ('old', 'patient', '{\"q\":\"Hemligt svar\"}', 5);"
		"INSERT INTO staff (id, subject, name) VALUES ('s1', 'anna', 'Anna');"
		"INSERT INTO session (hash, staff_id, csrf, created_unix_s, expires_unix_s) VALUES"
		" (x'01', 's1', 'c', 1, 1795600000 - 86400 * 2),"
		" (x'02', 's1', 'c', 1, 1795600000 - 3600)");
}

static void world_close(struct world *w)
{
	store_close(w->store);
	store_place_remove(&w->place);
	audit_key_free(w->key);
}

static struct store_retention_counts sweep(struct world *w, int64_t now_s, bool is_dry)
{
	struct store_retention_counts counts;

	g_assert_cmpint(store_retention_run(w->store, w->key, now_s, &rules, is_dry, &counts), ==,
			0);
	return counts;
}

static void what_is_old_goes_with_all_that_belongs_to_it(void)
{
	struct store_retention_counts counts;
	struct world w;

	world_open(&w);
	counts = sweep(&w, NOW_S, false);
	g_assert_cmpint(counts.visits, ==, 3);
	g_assert_cmpint(counts.sessions, ==, 1);
	g_assert_cmpint(store_place_ask(&w.place, "SELECT count(*) FROM consultation WHERE id IN"
						  " ('young', 'ahead', 'late')"),
			==, 3);
	g_assert_cmpint(store_place_ask(&w.place, "SELECT count(*) FROM consultation"), ==, 3);
	g_assert_cmpint(store_place_ask(&w.place, "SELECT count(*) FROM participant"), ==, 1);
	g_assert_cmpint(store_place_ask(&w.place, "SELECT count(*) FROM outbox"), ==, 0);
	g_assert_cmpint(store_place_ask(&w.place, "SELECT count(*) FROM survey"), ==, 0);
	/* Not in a free page or the log beside it either. */
	store_place_lacks(&w.place, "Elsa Borttagen");
	store_place_lacks(&w.place, "+46701112233");
	store_place_lacks(&w.place, "Gammal titel");
	store_place_lacks(&w.place, "Hemligt svar");
	g_assert_cmpint(store_place_ask(&w.place, "SELECT count(*) FROM audit WHERE"
						  " json_extract(record, '$.action') ="
						  " 'retention'"),
			==, 1);
	world_close(&w);
}

static void a_dry_run_tells_the_same_and_deletes_nothing(void)
{
	struct store_retention_counts dry, real;
	struct world w;

	world_open(&w);
	dry = sweep(&w, NOW_S, true);
	g_assert_cmpint(store_place_ask(&w.place, "SELECT count(*) FROM consultation"), ==, 6);
	g_assert_cmpint(store_place_ask(&w.place, "SELECT count(*) FROM audit"), ==, 0);
	real = sweep(&w, NOW_S, false);
	g_assert_cmpint(memcmp(&dry, &real, sizeof(dry)), ==, 0);
	dry = sweep(&w, NOW_S, true);
	g_assert_cmpint(dry.visits, ==, 0);
	world_close(&w);
}

static void the_day_it_becomes_old_is_the_right_one(void)
{
	struct world w;

	world_open(&w);
	sweep(&w, NOW_S, false);
	/* 'young' ended 89 days ago: it is old a second after its 90th day. */
	g_assert_cmpint(sweep(&w, NOW_S + DAY_S, true).visits, ==, 0);
	g_assert_cmpint(sweep(&w, NOW_S + DAY_S + 1, true).visits, ==, 1);
	world_close(&w);
}

static void the_audit_trail_has_its_own_floor(void)
{
	struct store_retention_rules low = rules;
	struct store_retention_counts counts;
	struct audit_walk walk;
	struct world w;

	world_open(&w);
	sweep(&w, NOW_S, false);
	low.audit_days--;
	g_assert_cmpint(store_retention_run(w.store, w.key, NOW_S, &low, false, &counts), ==,
			-EINVAL);
	/* The record of the first sweep, five years and a day later. */
	g_assert_cmpint(sweep(&w, NOW_S + AUDIT_MIN_DAYS * DAY_S, true).audit, ==, 0);
	g_assert_cmpint(sweep(&w, NOW_S + (AUDIT_MIN_DAYS + 1) * DAY_S, false).audit, ==, 1);
	g_assert_cmpint(store_audit_verify(w.store, w.key,
					   (NOW_S + (AUDIT_MIN_DAYS + 1) * DAY_S) * 1000, &walk),
			==, 0);
	g_assert_cmpint(walk.fault, ==, AUDIT_INTACT);
	world_close(&w);
}

static void it_is_due_once_a_night(void)
{
	int64_t midnight = NOW_S / DAY_S * DAY_S;
	struct retention r = {.day = midnight / DAY_S - 1};

	g_assert_false(retention_is_due(&r, midnight + 2 * 3600 - 1));
	g_assert_true(retention_is_due(&r, midnight + 2 * 3600));
	r.is_running = true;
	g_assert_false(retention_is_due(&r, midnight + 2 * 3600));
	r = (struct retention){.day = midnight / DAY_S};
	g_assert_false(retention_is_due(&r, midnight + 23 * 3600));
	g_assert_true(retention_is_due(&r, midnight + DAY_S + 3 * 3600));
	/* A clock that goes back runs nothing twice. */
	g_assert_false(retention_is_due(&r, midnight - DAY_S + 3 * 3600));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/store_retention/old", what_is_old_goes_with_all_that_belongs_to_it);
	g_test_add_func("/store_retention/dry", a_dry_run_tells_the_same_and_deletes_nothing);
	g_test_add_func("/store_retention/day", the_day_it_becomes_old_is_the_right_one);
	g_test_add_func("/store_retention/audit", the_audit_trail_has_its_own_floor);
	g_test_add_func("/store_retention/due", it_is_due_once_a_night);
	return g_test_run();
}
