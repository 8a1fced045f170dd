/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/audit.h"

#include <errno.h>
#include <glib.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "server/audit_extract.h"
#include "server/audit_file.h"
#include "server/hub.h"
#include "server/message.h"
#include "signaling/service.h"
#include "store_world.h"

static const struct audit_event login = {.action = "login"};

struct world {
	struct store_place place;
	struct hub hub;
};

static void world_open(struct world *w)
{
	memset(w, 0, sizeof(*w));
	w->place = store_place_new();
	g_assert_cmpint(mailbox_new(&w->hub.mailbox, sizeof(struct front_message), 64), ==, 0);
	g_assert_cmpint(
		store_thread_new(&w->hub.store, store_place_open(&w->place, 1), w->hub.mailbox), ==,
		0);
	g_assert_cmpint(audit_new(&w->hub.audit, audit_key_new(), rng_seeded(3)), ==, 0);
}

/* What the store has answered by then. */
static void take(struct world *w, int count)
{
	struct pollfd wait = {.fd = mailbox_fd(w->hub.mailbox), .events = POLLIN};
	struct front_message m;

	while (count > 0) {
		g_assert_cmpint(poll(&wait, 1, 5000), ==, 1);
		mailbox_clear(w->hub.mailbox);
		while (mailbox_take(w->hub.mailbox, &m)) {
			m.job->done(&w->hub, m.job);
			store_job_free(m.job);
			count--;
		}
	}
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

static int64_t count_records(struct world *w)
{
	return store_place_ask(&w->place, "SELECT count(*) FROM audit");
}

static struct audit_stats stats(struct world *w)
{
	struct audit_stats s;

	audit_stats(w->hub.audit, &s);
	return s;
}

static void what_comes_meanwhile_is_written_together(void)
{
	struct world w;

	world_open(&w);
	for (int i = 0; i < 100; i++)
		g_assert_cmpint(audit_post(&w.hub, &login), ==, 0);
	g_assert_cmpuint(stats(&w).waiting, ==, 99);
	take(&w, 2);
	g_assert_cmpint(count_records(&w), ==, 100);
	g_assert_cmpuint(stats(&w).records, ==, 100);
	g_assert_cmpuint(stats(&w).waiting, ==, 0);
	g_assert_cmpint(store_place_ask(&w.place, "SELECT count(DISTINCT json_extract(record,"
						  " '$.id')) FROM audit"),
			==, 100);
	world_close(&w);
}

static void what_cannot_be_written_is_told_kept_and_tried_again(void)
{
	struct world w;

	world_open(&w);
	store_place_sql(&w.place, "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN "
				  "SELECT RAISE(ABORT, 'disk'); END");
	g_assert_cmpint(audit_post(&w.hub, &login), ==, 0); /* nobody knows yet */
	take(&w, 1);
	g_assert_true(stats(&w).is_broken);
	g_assert_cmpuint(stats(&w).failures, ==, 1);
	g_assert_cmpint(audit_post(&w.hub, &login), ==, -EIO);
	audit_tick(&w.hub); /* too early: nothing is posted */
	g_assert_cmpuint(stats(&w).waiting, ==, 2);
	store_place_sql(&w.place, "DROP TRIGGER full");
	g_usleep(1100 * 1000);
	audit_tick(&w.hub);
	take(&w, 1);
	g_assert_false(stats(&w).is_broken);
	g_assert_cmpint(audit_post(&w.hub, &login), ==, 0);
	take(&w, 1);
	g_assert_cmpint(count_records(&w), ==, 3);
	world_close(&w);
}

static void a_full_queue_refuses_and_counts(void)
{
	struct world w;

	world_open(&w);
	store_place_sql(&w.place, "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN "
				  "SELECT RAISE(ABORT, 'disk'); END");
	g_assert_cmpint(audit_post(&w.hub, &login), ==, 0);
	take(&w, 1);
	for (int i = 1; i < AUDIT_MAX_WAITING; i++)
		g_assert_cmpint(audit_post(&w.hub, &login), ==, -EIO);
	g_assert_cmpint(audit_post(&w.hub, &login), ==, -ENOSPC);
	g_assert_cmpuint(stats(&w).lost, ==, 1);
	g_assert_cmpuint(stats(&w).waiting, ==, AUDIT_MAX_WAITING);
	store_place_sql(&w.place, "DROP TRIGGER full");
	world_close(&w); /* writes all of them in groups */
}

static void what_waits_is_written_at_the_end(void)
{
	struct world w;
	struct front_message m;

	world_open(&w);
	for (int i = 0; i < 600; i++)
		g_assert_cmpint(audit_post(&w.hub, &login), ==, 0);
	audit_flush(&w.hub);
	store_thread_free(w.hub.store);
	g_assert_cmpint(count_records(&w), ==, 600);
	while (mailbox_take(w.hub.mailbox, &m))
		store_job_free(m.job);
	audit_free(w.hub.audit);
	mailbox_free(w.hub.mailbox);
	store_place_remove(&w.place);
}

static void a_key_is_made_once_and_never_in_place_of_a_lost_one(void)
{
	struct store_place place = store_place_new();
	char *path = g_build_filename(place.dir, "audit-key.pem", NULL);
	char *other = g_build_filename(place.dir, "elsewhere", NULL);
	char why[AUDIT_FILE_WHY_BYTES];
	struct audit_key *first = NULL, *second = NULL;
	struct audit_head head = {.day = "2026-11-26", .seq = 1};

	g_assert_cmpint(audit_file_load_key(&first, place.dir, why), ==, 0);
	g_assert_cmpint(audit_file_load_key(&second, place.dir, why), ==, 0);
	g_assert_cmpint(audit_head_sign(&head, first), ==, 0);
	g_assert_true(audit_head_is_signed(&head, second));
	g_assert_cmpint(rename(path, other), ==, 0);
	audit_key_free(second);
	g_assert_cmpint(audit_file_load_key(&second, place.dir, why), ==, -EBADMSG);
	g_assert_nonnull(strstr(why, "backup"));
	g_assert_true(g_file_set_contents(path, "nonsense", -1, NULL));
	g_assert_cmpint(audit_file_load_key(&second, place.dir, why), ==, -EBADMSG);
	audit_key_free(first);
	g_free(path);
	g_free(other);
	store_place_remove(&place);
}

/* What a patient reads is words, in each language. */
static void everything_of_a_visit_has_words(void)
{
	/* Figures are no deed of anybody's, and on no trail. */
	for (int kind = 0; kind < RECORD_FIGURES; kind++) {
		char *action =
			g_strconcat("visit-", record_kind_name((enum record_kind)kind), NULL);
		const char *swedish = audit_action_words(action, true);

		g_assert_cmpstr(swedish, !=, action);
		g_assert_cmpstr(audit_action_words(action, false), !=, action);
		g_assert_cmpstr(audit_action_words(action, false), !=, swedish);
		g_free(action);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/audit/groups", what_comes_meanwhile_is_written_together);
	g_test_add_func("/audit/again", what_cannot_be_written_is_told_kept_and_tried_again);
	g_test_add_func("/audit/full", a_full_queue_refuses_and_counts);
	g_test_add_func("/audit/end", what_waits_is_written_at_the_end);
	g_test_add_func("/audit/words", everything_of_a_visit_has_words);
	g_test_add_func("/audit/key", a_key_is_made_once_and_never_in_place_of_a_lost_one);
	return g_test_run();
}
