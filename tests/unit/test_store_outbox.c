/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/store_outbox.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

#include "server/store_visit.h"
#include "store_world.h"

#define NOW 1795600000

struct world {
	struct store_place place;
	struct store *store;
	struct store_consultation c;
};

static void world_open(struct world *w)
{
	memset(w, 0, sizeof(*w));
	w->place = store_place_new();
	w->store = store_place_open(&w->place, 1);
	store_place_sql(
		&w->place,
		"INSERT INTO provider (id, name) VALUES ('v1', 'Region Nord');"
		"INSERT INTO unit (id, provider_id, name) VALUES ('u1', 'v1', 'Psykiatri')");
	g_strlcpy(w->c.title, "Uppföljning", sizeof(w->c.title));
	g_strlcpy(w->c.unit_id, "u1", sizeof(w->c.unit_id));
	w->c.planned_unix_s = NOW + 3600;
	w->c.outcome = OUTCOME_COUNT;
	w->c.participant_count = 2;
	w->c.participant[0].role = ROLE_PATIENT;
	g_strlcpy(w->c.participant[0].name, "Elsa", sizeof(w->c.participant[0].name));
	g_strlcpy(w->c.participant[0].phone, "+46701234567", sizeof(w->c.participant[0].phone));
	w->c.participant[1].role = ROLE_RELATIVE;
	g_strlcpy(w->c.participant[1].name, "Nils", sizeof(w->c.participant[1].name));
	g_assert_cmpint(store_consultation_create(w->store, NOW, &w->c), ==, 0);
}

static void world_close(struct world *w)
{
	store_close(w->store);
	store_place_remove(&w->place);
}

static struct store_message message(const struct world *w, int who)
{
	struct store_message m = {.kind = LETTER_REMINDER};

	g_strlcpy(m.consultation_id, w->c.id, sizeof(m.consultation_id));
	g_strlcpy(m.participant_id, w->c.participant[who].id, sizeof(m.participant_id));
	return m;
}

static size_t due(struct world *w, int64_t now, struct store_message out[STORE_OUTBOX_BATCH])
{
	size_t count = 0;

	g_assert_cmpint(store_outbox_due(w->store, now, out, &count), ==, 0);
	return count;
}

static void a_message_has_the_link_again_that_is_not_stored(void)
{
	struct store_message out[STORE_OUTBOX_BATCH], m;
	struct world w;

	world_open(&w);
	m = message(&w, 0);
	g_assert_cmpint(store_outbox_add(w.store, NOW, "", &m), ==, 0);
	g_assert_cmpuint(due(&w, NOW, out), ==, 1);
	g_assert_cmpstr(out[0].token, ==, w.c.participant[0].token);
	g_assert_cmpstr(out[0].address, ==, "+46701234567");
	g_assert_cmpint(out[0].channel, ==, OUTBOX_SMS);
	g_assert_cmpstr(out[0].unit, ==, "Region Nord"); /* never the unit's own name */
	g_assert_cmpint(out[0].planned_unix_s, ==, NOW + 3600);
	store_place_lacks(&w.place, w.c.participant[0].token);
	/* Under way it is not due; should nobody tell how it went, it is again. */
	g_assert_cmpuint(due(&w, NOW + 10, out), ==, 0);
	g_assert_cmpuint(due(&w, NOW + 400, out), ==, 1);
	world_close(&w);
}

static void the_neutral_name_goes_first(void)
{
	struct store_message m;
	struct world w;

	world_open(&w);
	store_place_sql(&w.place, "UPDATE unit SET neutral_name = 'Mottagningen'");
	m = message(&w, 0);
	g_assert_cmpint(store_outbox_add(w.store, NOW, "u1", &m), ==, 0);
	g_assert_cmpstr(m.unit, ==, "Mottagningen");
	world_close(&w);
}

static void a_token_of_before_is_left_out(void)
{
	struct store_message m;
	struct world w;

	world_open(&w);
	store_place_sql(&w.place, "UPDATE participant SET token_hash = randomblob(32)");
	m = message(&w, 0);
	g_assert_cmpint(store_outbox_add(w.store, NOW, "", &m), ==, 0);
	g_assert_cmpstr(m.token, ==, "");
	world_close(&w);
}

static void who_cannot_be_told_is_refused(void)
{
	struct store_message m;
	struct world w;

	world_open(&w);
	m = message(&w, 1);
	g_assert_cmpint(store_outbox_add(w.store, NOW, "", &m), ==, -ENODATA);
	m = message(&w, 0);
	g_assert_cmpint(store_outbox_add(w.store, NOW, "u2", &m), ==, -ENOENT);
	m.participant_id[1] ^= 1;
	g_assert_cmpint(store_outbox_add(w.store, NOW, "", &m), ==, -ENOENT);
	m = message(&w, 0);
	g_assert_cmpint(store_consultation_end(w.store, NOW, w.c.id), ==, 0);
	g_assert_cmpint(store_outbox_add(w.store, NOW, "", &m), ==, -EALREADY);
	world_close(&w);
}

static void a_day_has_so_many_messages_and_no_more(void)
{
	struct store_message m;
	struct world w;

	world_open(&w);
	for (int i = 0; i < STORE_OUTBOX_MAX_PER_DAY; i++) {
		m = message(&w, 0);
		g_assert_cmpint(store_outbox_add(w.store, NOW + i, "", &m), ==, 0);
	}
	m = message(&w, 0);
	g_assert_cmpint(store_outbox_add(w.store, NOW + 60, "", &m), ==, -ENOSPC);
	g_assert_cmpint(store_outbox_add(w.store, NOW + 24 * 3600 + 60, "", &m), ==, 0);
	world_close(&w);
}

static void what_fails_is_tried_for_a_day_and_given_up(void)
{
	struct store_message out[STORE_OUTBOX_BATCH], m;
	struct world w;
	bool is_failed = false;
	int tries = 0;
	int64_t now = NOW;

	world_open(&w);
	m = message(&w, 0);
	g_assert_cmpint(store_outbox_add(w.store, NOW, "", &m), ==, 0);
	while (!is_failed) {
		g_assert_cmpint(now, <, NOW + 25 * 3600);
		if (due(&w, now, out) == 1) {
			tries++;
			g_assert_cmpint(store_outbox_done(w.store, now, &out[0], OUTBOX_TRY_AGAIN,
							  "no", &is_failed),
					==, 0);
		}
		now += 15;
	}
	g_assert_cmpint(now, >, NOW + 22 * 3600);
	g_assert_cmpint(tries, >, 20);
	g_assert_cmpint(tries, <, 40);
	g_assert_cmpuint(due(&w, now + 100000, out), ==, 0);
	g_assert_cmpint(store_place_ask(&w.place, "SELECT count(*) FROM outbox WHERE state = "
						  "'failed' AND address = '' AND error = 'no'"),
			==, 1);
	world_close(&w);
}

static void what_is_sent_or_refused_loses_its_address(void)
{
	struct store_message out[STORE_OUTBOX_BATCH], m;
	struct world w;
	bool is_failed;

	world_open(&w);
	for (int i = 0; i < 2; i++) {
		m = message(&w, 0);
		g_assert_cmpint(store_outbox_add(w.store, NOW, "", &m), ==, 0);
	}
	g_assert_cmpuint(due(&w, NOW, out), ==, 2);
	g_assert_cmpint(store_outbox_done(w.store, NOW, &out[0], OUTBOX_SENT, "r-17", &is_failed),
			==, 0);
	g_assert_false(is_failed);
	g_assert_cmpint(store_outbox_done(w.store, NOW, &out[1], OUTBOX_REFUSED, "550", &is_failed),
			==, 0);
	g_assert_true(is_failed);
	g_assert_cmpint(store_place_ask(&w.place, "SELECT count(*) FROM outbox WHERE address = ''"),
			==, 2);
	g_assert_cmpint(store_place_ask(&w.place, "SELECT count(*) FROM outbox WHERE state = "
						  "'sent' AND receipt = 'r-17'"),
			==, 1);
	world_close(&w);
}

static void nobody_is_told_of_a_visit_that_is_over(void)
{
	struct store_message out[STORE_OUTBOX_BATCH], m;
	struct world w;

	world_open(&w);
	m = message(&w, 0);
	g_assert_cmpint(store_outbox_add(w.store, NOW, "", &m), ==, 0);
	g_assert_cmpint(store_consultation_end(w.store, NOW, w.c.id), ==, 0);
	g_assert_cmpuint(due(&w, NOW, out), ==, 0);
	g_assert_cmpint(store_place_ask(&w.place, "SELECT count(*) FROM outbox WHERE state = "
						  "'dropped' AND address = ''"),
			==, 1);
	world_close(&w);
}

static void a_code_is_for_now_only(void)
{
	struct store_message out[STORE_OUTBOX_BATCH], m;
	struct world w;
	bool is_failed;

	world_open(&w);
	m = message(&w, 0);
	m.kind = LETTER_CODE;
	g_assert_cmpint(store_outbox_add(w.store, NOW, "", &m), ==, 0);
	g_assert_cmpuint(due(&w, NOW + 1000, out), ==, 0);
	g_assert_cmpint(store_outbox_done(w.store, NOW, &m, OUTBOX_TRY_AGAIN, "no", &is_failed), ==,
			0);
	g_assert_true(is_failed);
	world_close(&w);
}

static void waits_double_up_to_an_hour(void)
{
	g_assert_cmpint(outbox_backoff_s(1), ==, 30);
	g_assert_cmpint(outbox_backoff_s(2), ==, 60);
	g_assert_cmpint(outbox_backoff_s(5), ==, 480);
	g_assert_cmpint(outbox_backoff_s(8), ==, 3600);
	g_assert_cmpint(outbox_backoff_s(1000), ==, 3600);
	g_assert_cmpint(outbox_backoff_s(0), ==, 30);
}

static size_t reminded(struct world *w, int64_t now, int64_t before_s)
{
	size_t count = 99;

	g_assert_cmpint(store_outbox_remind(w->store, now, before_s, &count), ==, 0);
	return count;
}

/* A visit that was booked two days before, planned in an hour from NOW: only Elsa has a number. */
static void who_was_not_reminded_is_once(void)
{
	struct world w;
	struct store_message m;

	world_open(&w);
	store_place_sql(&w.place,
			"UPDATE consultation SET created_unix_s = planned_unix_s - 172800");
	g_assert_cmpuint(reminded(&w, NOW, 3599), ==, 0); /* not yet */
	g_assert_cmpuint(reminded(&w, NOW, 7200), ==, 1);
	g_assert_cmpint(store_place_ask(&w.place, "SELECT count(*) FROM outbox WHERE kind = "
						  "'reminder' AND address = '+46701234567'"),
			==, 1);
	g_assert_cmpuint(reminded(&w, NOW + 60, 7200), ==, 0);
	/* Moved by a day: again, when it is time. */
	store_place_sql(&w.place,
			"UPDATE consultation SET planned_unix_s = planned_unix_s + 86400");
	g_assert_cmpuint(reminded(&w, NOW + 60, 7200), ==, 0);
	g_assert_cmpuint(reminded(&w, NOW + 86400, 7200), ==, 1);
	world_close(&w);

	/* What was sent by hand counts; what is over, has begun, or was booked just now needs none.
	 */
	world_open(&w);
	store_place_sql(&w.place,
			"UPDATE consultation SET created_unix_s = planned_unix_s - 172800");
	m = message(&w, 0);
	g_assert_cmpint(store_outbox_add(w.store, NOW, "", &m), ==, 0);
	g_assert_cmpuint(reminded(&w, NOW + 1, 7200), ==, 0);
	world_close(&w);
	for (const char *const *sql =
		     (const char *const[]){"UPDATE consultation SET started_unix_s = 1",
					   "UPDATE consultation SET ended_unix_s = 1",
					   "UPDATE consultation SET planned_unix_s = 0",
					   "UPDATE participant SET removed_unix_s = 1",
					   "UPDATE participant SET role = 'interpreter'",
					   "UPDATE consultation SET created_unix_s = "
					   "planned_unix_s - 7200",
					   NULL};
	     *sql != NULL; sql++) {
		world_open(&w);
		store_place_sql(&w.place,
				"UPDATE consultation SET created_unix_s = planned_unix_s - 172800");
		store_place_sql(&w.place, *sql);
		g_assert_cmpuint(reminded(&w, NOW, 7200), ==, 0);
		world_close(&w);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/store_outbox/link", a_message_has_the_link_again_that_is_not_stored);
	g_test_add_func("/store_outbox/neutral", the_neutral_name_goes_first);
	g_test_add_func("/store_outbox/before", a_token_of_before_is_left_out);
	g_test_add_func("/store_outbox/refused", who_cannot_be_told_is_refused);
	g_test_add_func("/store_outbox/day", a_day_has_so_many_messages_and_no_more);
	g_test_add_func("/store_outbox/give_up", what_fails_is_tried_for_a_day_and_given_up);
	g_test_add_func("/store_outbox/address", what_is_sent_or_refused_loses_its_address);
	g_test_add_func("/store_outbox/over", nobody_is_told_of_a_visit_that_is_over);
	g_test_add_func("/store_outbox/code", a_code_is_for_now_only);
	g_test_add_func("/store_outbox/backoff", waits_double_up_to_an_hour);
	g_test_add_func("/store_outbox/who_was_not_reminded_is_once", who_was_not_reminded_is_once);
	return g_test_run();
}
