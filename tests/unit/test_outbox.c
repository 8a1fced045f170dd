/* SPDX-License-Identifier: EUPL-1.2 */
/* What becomes of messages between the database and a command that sends, or does not. */
#include "server/outbox.h"

#include <glib.h>
#include <poll.h>
#include <string.h>

#include "server/audit.h"
#include "server/clock.h"
#include "server/config.h"
#include "server/hub.h"
#include "server/message.h"
#include "server/store_outbox.h"
#include "server/store_visit.h"
#include "server/webhook.h"
#include "store_world.h"

#define DAY_S 86400

struct world {
	struct store_place place;
	struct config config;
	struct hub hub;
	char *command;
};

/* A visit with a patient and `count` messages to her; each was asked for so long ago. */
static void fill(struct world *w, size_t count, int64_t age_s)
{
	struct store_consultation c = {.unit_id = "u1", .title = "Hemlig", .participant_count = 1};
	struct store *store = store_place_open(&w->place, 1);

	store_place_sql(&w->place,
			"INSERT INTO provider (id, name) VALUES ('v1', 'Region Nord');"
			"INSERT INTO unit (id, provider_id, name) VALUES ('u1', 'v1', 'Psykiatri');"
			"INSERT INTO webhook (id, unit_id, url, secret) VALUES"
			" ('w1', 'u1', 'https://localhost:1/', 's')");
	c.outcome = OUTCOME_COUNT;
	c.participant[0].role = ROLE_PATIENT;
	g_strlcpy(c.participant[0].name, "Elsa Hemlig", sizeof(c.participant[0].name));
	g_strlcpy(c.participant[0].phone, "+46701234567", sizeof(c.participant[0].phone));
	g_assert_cmpint(store_consultation_create(store, clock_unix_s(), &c), ==, 0);
	for (size_t i = 0; i < count; i++) {
		struct store_message m = {.kind = LETTER_INVITATION};

		g_strlcpy(m.consultation_id, c.id, sizeof(m.consultation_id));
		g_strlcpy(m.participant_id, c.participant[0].id, sizeof(m.participant_id));
		g_assert_cmpint(store_outbox_add(store, clock_unix_s() - age_s, "", &m), ==, 0);
	}
	store_close(store);
	/* The last asked for is the first that is due. */
	store_place_sql(&w->place, "UPDATE outbox SET next_unix_s = 100 - (SELECT count(*) FROM"
				   " outbox o WHERE o.id < outbox.id)");
}

static void world_open(struct world *w, const char *script, size_t count, int64_t age_s)
{
	struct courier *courier = NULL;
	char why[CONFIG_ERROR_BYTES];

	memset(w, 0, sizeof(*w));
	w->place = store_place_new();
	fill(w, count, age_s);
	w->command = g_strdup_printf("/bin/sh -c '%s' x %s/sent", script, w->place.dir);
	w->config = (struct config){
		.time_zone = (char *)"Europe/Stockholm",
		.message_command = w->command,
		.message_webhook = (char *)"",
		.message_secret_file = (char *)"",
		.smtp_url = (char *)"",
		.smtp_user = (char *)"",
		.smtp_password_file = (char *)"",
		.smtp_from = (char *)"",
	};
	w->hub.config = &w->config;
	w->hub.public_url = "https://vidd.example.se";
	g_assert_cmpint(mailbox_new(&w->hub.mailbox, sizeof(struct front_message), 64), ==, 0);
	g_assert_cmpint(
		store_thread_new(&w->hub.store, store_place_open(&w->place, 2), w->hub.mailbox), ==,
		0);
	g_assert_cmpint(audit_new(&w->hub.audit, audit_key_new(), rng_seeded(3)), ==, 0);
	g_assert_cmpint(webhooks_new(&w->hub.webhooks, w->hub.mailbox), ==, 0);
	g_assert_cmpint(courier_new(&courier, &w->config, why), ==, 0);
	g_assert_cmpint(outbox_new(&w->hub.outbox, courier, w->hub.mailbox), ==, 0);
}

static void world_close(struct world *w)
{
	struct front_message m;

	outbox_free(w->hub.outbox);
	webhooks_free(w->hub.webhooks);
	audit_flush(&w->hub);
	store_thread_free(w->hub.store);
	while (mailbox_take(w->hub.mailbox, &m)) {
		if (m.type == FRONT_STORE_DONE)
			store_job_free(m.job);
		else
			errand_free(m.errand);
	}
	audit_free(w->hub.audit);
	mailbox_free(w->hub.mailbox);
	store_place_remove(&w->place);
	g_free(w->command);
}

/* One look at what is due, until nothing more comes of it. */
static struct outbox_stats look(struct world *w)
{
	struct pollfd wait = {.fd = mailbox_fd(w->hub.mailbox), .events = POLLIN};
	struct outbox_stats stats;
	struct front_message m;

	outbox_tick(&w->hub);
	while (poll(&wait, 1, 700) == 1) {
		mailbox_clear(w->hub.mailbox);
		while (mailbox_take(w->hub.mailbox, &m)) {
			if (m.type == FRONT_STORE_DONE) {
				m.job->done(&w->hub, m.job);
				store_job_free(m.job);
			} else {
				m.errand->done(&w->hub, m.errand);
				errand_free(m.errand);
			}
		}
	}
	outbox_stats(w->hub.outbox, &stats);
	return stats;
}

static int64_t ask(struct world *w, const char *sql)
{
	return store_place_ask(&w->place, sql);
}

static void what_is_due_first_goes_first(void)
{
	struct world w;
	struct outbox_stats stats;
	char *path, *sent = NULL;

	world_open(&w, "cat >> $1; echo >> $1", 3, 0);
	stats = look(&w);
	g_assert_cmpuint(stats.sent, ==, 3);
	g_assert_cmpuint(stats.retried + stats.failed, ==, 0);
	g_assert_false(stats.is_failing);
	path = g_build_filename(w.place.dir, "sent", NULL);
	g_assert_true(g_file_get_contents(path, &sent, NULL, NULL));
	for (int i = 0; i < 3; i++) {
		char **lines = g_strsplit(sent, "\n", -1);
		char *sql = g_strdup_printf("SELECT count(*) FROM outbox WHERE '%.*s' LIKE '%%' || "
					    "id || '%%' AND (SELECT count(*) FROM outbox o WHERE "
					    "o.id > outbox.id) = %d",
					    40, lines[i], i);

		g_assert_cmpint(ask(&w, sql), ==, 1);
		g_free(sql);
		g_strfreev(lines);
	}
	g_assert_cmpint(ask(&w, "SELECT count(*) FROM audit WHERE json_extract(record, "
				"'$.action') = 'message-sent'"),
			==, 3);
	g_free(sent);
	g_free(path);
	world_close(&w);
}

static void what_is_not_taken_waits(void)
{
	struct world w;
	struct outbox_stats stats;

	world_open(&w, "exit 75", 1, 0);
	stats = look(&w);
	g_assert_cmpuint(stats.retried, ==, 1);
	g_assert_cmpuint(stats.sent + stats.failed, ==, 0);
	g_assert_true(stats.is_failing);
	g_assert_cmpint(ask(&w, "SELECT count(*) FROM outbox WHERE state = 'waiting'"), ==, 1);
	g_assert_cmpint(ask(&w, "SELECT next_unix_s FROM outbox"), >, clock_unix_s());
	g_assert_cmpint(ask(&w, "SELECT count(*) FROM webhook_out"), ==, 0);
	world_close(&w);
}

static void who_waits_in_vain_is_told_by_webhook_and_without_names(void)
{
	struct world w;
	struct outbox_stats stats;

	world_open(&w, "exit 75", 1, DAY_S);
	stats = look(&w);
	g_assert_cmpuint(stats.failed, ==, 1);
	g_assert_cmpuint(stats.sent + stats.retried, ==, 0);
	g_assert_cmpint(ask(&w, "SELECT count(*) FROM outbox WHERE state = 'failed' AND address "
				"= ''"),
			==, 1);
	g_assert_cmpint(ask(&w, "SELECT count(*) FROM webhook_out WHERE event = 'message.failed'"
				" AND body LIKE '%\"unit\":\"u1\"%' AND body NOT LIKE '%emlig%'"
				" AND body NOT LIKE '%+46%'"),
			==, 1);
	g_assert_cmpint(ask(&w, "SELECT count(*) FROM audit WHERE json_extract(record, "
				"'$.result') = 'failed'"),
			==, 1);
	world_close(&w);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/outbox/order", what_is_due_first_goes_first);
	g_test_add_func("/outbox/waits", what_is_not_taken_waits);
	g_test_add_func("/outbox/in_vain", who_waits_in_vain_is_told_by_webhook_and_without_names);
	return g_test_run();
}
