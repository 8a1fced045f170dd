/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/records.h"

#include <glib.h>
#include <string.h>

#include "server/audit.h"
#include "server/clock.h"
#include "server/log.h"
#include "server/message.h"
#include "server/store_visit.h"
#include "store_gate.h"
#include "store_world.h"

/* More than the store thread has room for. */
#define STORM 3000

struct world {
	struct store_place place;
	struct store_consultation visit;
	struct hub hub;
};

static void world_open(struct world *w)
{
	struct store *store;

	memset(w, 0, sizeof(*w));
	w->place = store_place_new();
	store = store_place_open(&w->place, 1);
	w->visit = (struct store_consultation){
		.title = "Besök",
		.participant_count = 1,
		.participant = {{.role = ROLE_PATIENT, .name = "Elsa"}},
	};
	g_assert_cmpint(store_consultation_create(store, clock_unix_s(), &w->visit), ==, 0);
	g_assert_cmpint(mailbox_new(&w->hub.mailbox, sizeof(struct front_message), 8192), ==, 0);
	g_assert_cmpint(store_thread_new(&w->hub.store, store, w->hub.mailbox), ==, 0);
	g_assert_cmpint(audit_new(&w->hub.audit, audit_key_new(), rng_seeded(3)), ==, 0);
}

static void world_close(struct world *w)
{
	struct front_message m;

	audit_flush(&w->hub);
	store_thread_free(w->hub.store);
	while (mailbox_take(w->hub.mailbox, &m))
		store_job_free(m.job);
	audit_free(w->hub.audit);
	mailbox_free(w->hub.mailbox);
	store_place_remove(&w->place);
}

static void put(struct world *w, enum record_kind kind, int number)
{
	struct service_record r = {.kind = kind, .is_given = true};

	g_strlcpy(r.consultation_id, w->visit.id, sizeof(r.consultation_id));
	g_strlcpy(r.participant_id, w->visit.participant[0].id, sizeof(r.participant_id));
	g_snprintf(r.detail, sizeof(r.detail), "act-%d", number);
	records_take(&w->hub, &r);
}

/* The patient agrees to something, each time something else. */
static void consent(struct world *w, int number)
{
	put(w, RECORD_CONSENT, number);
}

/* As server/hub does. */
static void answer_and_tick(struct world *w)
{
	struct front_message m;

	while (mailbox_take(w->hub.mailbox, &m)) {
		m.job->done(&w->hub, m.job);
		store_job_free(m.job);
	}
	records_tick(&w->hub);
}

/* Until so many consents are kept. */
static void tick_until(struct world *w, int64_t kept)
{
	static const char count[] = "SELECT count(*) FROM consent";

	for (int tries = 0; store_place_ask(&w->place, count) < kept; tries++) {
		g_assert_cmpint(tries, <, 2000);
		g_usleep(5000); /* the store thread is at work: looked at again, at most 10 s */
		answer_and_tick(w);
	}
}

/* The store is held, and gets more than it has room for. */
static struct store_gate *begin_storm(struct world *w)
{
	struct store_gate *gate;

	world_open(w);
	gate = store_gate_shut(w->hub.store);
	for (int i = 0; i < STORM; i++)
		consent(w, i);
	g_assert_cmpuint(w->hub.records.waiting.length, >, 0);
	return gate;
}

/* All that came, each after the one before. */
static void assert_whole(struct world *w)
{
	g_assert_cmpuint(w->hub.records.waiting.length, ==, 0);
	g_assert_cmpuint(w->hub.records.lost, ==, 0);
	g_assert_cmpint(store_place_ask(&w->place, "SELECT count(*) FROM consent a JOIN consent b "
						   "ON b.rowid = a.rowid + 1 WHERE "
						   "CAST(substr(b.act, 5) AS INTEGER) <> "
						   "CAST(substr(a.act, 5) AS INTEGER) + 1"),
			==, 0);
}

static void a_storm_is_kept_whole_and_in_its_order(void)
{
	struct world w;

	store_gate_open(begin_storm(&w));
	consent(&w, STORM); /* there is room now, and others are before it */
	tick_until(&w, STORM + 1);
	assert_whole(&w);
	world_close(&w);
}

static void what_the_database_refuses_is_kept_when_it_can(void)
{
	struct world w;

	world_open(&w);
	store_place_sql(&w.place, "ALTER TABLE consent RENAME TO away");
	for (int i = 0; i < 20; i++)
		consent(&w, i);
	for (int tries = 0; w.hub.records.waiting.length < 20; tries++) {
		g_assert_cmpint(tries, <, 2000);
		g_usleep(5000); /* the store thread is at work: looked at again, at most 10 s */
		answer_and_tick(&w);
	}
	for (int i = 20; i < 30; i++)
		consent(&w, i);
	g_assert_cmpuint(w.hub.records.waiting.length, ==, 30);
	store_place_sql(&w.place, "ALTER TABLE away RENAME TO consent");
	tick_until(&w, 30);
	assert_whole(&w);
	world_close(&w);
}

static void it_is_kept_as_of_when_it_happened(void)
{
	struct world w;
	struct store_gate *gate;
	int64_t before_s;

	world_open(&w);
	gate = store_gate_shut(w.hub.store);
	before_s = clock_unix_s();
	consent(&w, 0);
	while (clock_unix_s() < before_s + 2)
		g_usleep(20000); /* times are kept in whole seconds: another one has to begin */
	store_gate_open(gate);
	tick_until(&w, 1);
	g_assert_cmpint(store_place_ask(&w.place, "SELECT at_unix_s FROM consent"), <=,
			before_s + 1);
	world_close(&w);
}

static void what_waits_at_the_end_is_kept(void)
{
	struct world w;

	store_gate_open(begin_storm(&w));
	records_flush(&w.hub);
	g_assert_cmpuint(w.hub.records.lost, ==, 0);
	tick_until(&w, STORM);
	world_close(&w);
}

static void what_there_is_no_room_for_is_counted(void)
{
	struct world w;
	struct store_gate *gate;

	world_open(&w);
	gate = store_gate_shut(w.hub.store);
	while (w.hub.records.waiting.length == 0)
		put(&w, RECORD_FIGURES, 0); /* of these there is no audit */
	for (int i = 1; i < RECORDS_MAX_WAITING + 5; i++)
		put(&w, RECORD_FIGURES, i);
	g_assert_cmpuint(w.hub.records.waiting.length, ==, RECORDS_MAX_WAITING);
	g_assert_cmpuint(w.hub.records.lost, ==, 5);
	store_gate_open(gate);
	for (int tries = 0; w.hub.records.waiting.length > 0; tries++) {
		g_assert_cmpint(tries, <, 20000);
		g_usleep(1000); /* as in tick_until, at most 20 s */
		answer_and_tick(&w);
	}
	world_close(&w);
}

int main(int argc, char **argv)
{
	log_set_level(LOG_LEVEL_ERROR);
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/records/a_storm_is_kept_whole_and_in_its_order",
			a_storm_is_kept_whole_and_in_its_order);
	g_test_add_func("/records/what_the_database_refuses_is_kept_when_it_can",
			what_the_database_refuses_is_kept_when_it_can);
	g_test_add_func("/records/it_is_kept_as_of_when_it_happened",
			it_is_kept_as_of_when_it_happened);
	g_test_add_func("/records/what_waits_at_the_end_is_kept", what_waits_at_the_end_is_kept);
	g_test_add_func("/records/what_there_is_no_room_for_is_counted",
			what_there_is_no_room_for_is_counted);
	return g_test_run();
}
