/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/store_webhook.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

#include "store_world.h"

#define NOW 1795600000

static struct store_webhook add(struct store *store, const char *unit_id)
{
	struct store_webhook w = {.url = "https://example.se/hook"};

	g_strlcpy(w.unit_id, unit_id, sizeof(w.unit_id));
	g_assert_cmpint(store_webhook_add(store, &w), ==, 0);
	return w;
}

/* With the units u1 and u2. */
static struct store *open_units(const struct store_place *place)
{
	struct store *store = store_place_open(place, 1);

	store_place_sql(place, "INSERT INTO provider (id, name) VALUES ('v1', 'Region');"
			       "INSERT INTO unit (id, provider_id, name) VALUES ('u1', 'v1', 'A'),"
			       " ('u2', 'v1', 'B')");
	return store;
}

/* How many of the unit ("": of all), the first of them in *first. */
static guint listed(struct store *store, const char *unit_id, struct store_webhook *first)
{
	GArray *list = g_array_new(FALSE, FALSE, sizeof(*first));
	guint count;

	g_assert_cmpint(store_webhook_list(store, unit_id, list), ==, 0);
	count = list->len;
	if (count > 0 && first != NULL)
		*first = g_array_index(list, struct store_webhook, 0);
	g_array_unref(list);
	return count;
}

static size_t due(struct store *store, int64_t now, struct store_delivery *out)
{
	size_t count = 0;

	g_assert_cmpint(store_webhook_due(store, now, out, &count), ==, 0);
	return count;
}

static void an_event_goes_to_its_units_hooks_and_those_of_all(void)
{
	struct store_delivery out[STORE_WEBHOOK_BATCH];
	struct store_place place = store_place_new();
	struct store *store = open_units(&place);
	struct store_webhook mine = add(store, "u1");

	add(store, "");
	add(store, "u2");
	g_assert_cmpuint(strlen(mine.secret), ==, STORE_WEBHOOK_SECRET_TEXT);
	g_assert_cmpint(store_webhook_event(store, NOW, "u1", "consultation.ended", "{}"), ==, 0);
	g_assert_cmpuint(due(store, NOW, out), ==, 2);
	g_assert_cmpstr(out[0].id, !=, out[1].id);
	g_assert_cmpstr(out[0].body, ==, "{}");
	g_assert_cmpuint(due(store, NOW + 10, out), ==, 0); /* under way */
	g_assert_cmpuint(due(store, NOW + 400, out), ==, 2);
	store_close(store);
	store_place_remove(&place);
}

static size_t told(struct store *store, const char *event)
{
	struct store_delivery out[STORE_WEBHOOK_BATCH];
	size_t count;

	g_assert_cmpint(store_webhook_event(store, NOW, "u1", event, "{}"), ==, 0);
	count = due(store, NOW, out);
	for (size_t i = 0; i < count; i++)
		g_assert_cmpint(store_webhook_done(store, NOW, &out[i], true), ==, 0);
	return count;
}

static void a_hook_hears_what_it_chose(void)
{
	struct store_webhook w = {.unit_id = "u1",
				  .url = "https://example.se/hook",
				  .events = "consultation.ended message.failed"},
			     found;
	struct store_place place = store_place_new();
	struct store *store = open_units(&place);

	g_assert_cmpint(store_webhook_add(store, &w), ==, 0);
	g_assert_cmpuint(told(store, "consultation.waiting"), ==, 0);
	g_assert_cmpuint(told(store, "consultation.ended"), ==, 1);
	g_assert_cmpuint(told(store, "message.failed"), ==, 1);
	/* A whole name, and nothing that matches anything. */
	g_assert_cmpuint(told(store, "consultation"), ==, 0);
	g_assert_cmpuint(told(store, "failed"), ==, 0);
	g_assert_cmpuint(told(store, "%"), ==, 0);
	add(store, "u1"); /* chose nothing */
	g_assert_cmpuint(told(store, "consultation.waiting"), ==, 1);
	g_assert_cmpuint(told(store, "consultation.ended"), ==, 2);
	g_assert_cmpuint(listed(store, "u1", NULL), ==, 2);
	g_assert_cmpint(store_webhook_find(store, w.id, &found), ==, 0);
	g_assert_cmpstr(found.events, ==, w.events);
	g_assert_cmpstr(found.secret, ==, w.secret);
	g_assert_cmpint(store_webhook_find(store, "w_none", &found), ==, -ENOENT);
	/* As one of an earlier vidd, which wrote no column of events. */
	store_close(store);
	store_place_sql(&place, "INSERT INTO webhook (id, unit_id, url, secret) VALUES"
				" ('w_old', 'u1', 'https://example.se/old', 'whs_old')");
	store = store_place_open(&place, 2);
	g_assert_cmpuint(told(store, "consultation.waiting"), ==, 2);
	store_close(store);
	store_place_remove(&place);
}

static void what_is_not_taken_is_tried_for_a_day(void)
{
	struct store_delivery out[STORE_WEBHOOK_BATCH];
	struct store_place place = store_place_new();
	struct store *store = open_units(&place);
	int tries = 0;

	add(store, "u1");
	g_assert_cmpint(store_webhook_event(store, NOW, "u1", "consultation.ended", "{}"), ==, 0);
	for (int64_t now = NOW; now < NOW + 26 * 3600; now += 15) {
		if (due(store, now, out) == 0)
			continue;
		tries++;
		g_assert_cmpint(store_webhook_done(store, now, &out[0], false), ==, 0);
	}
	g_assert_cmpint(tries, >, 20);
	g_assert_cmpint(tries, <, 40);
	g_assert_cmpint(store_place_ask(&place, "SELECT count(*) FROM webhook_out WHERE state = "
						"'failed'"),
			==, 1);
	g_assert_cmpint(store_webhook_event(store, NOW, "u1", "consultation.ended", "{}"), ==, 0);
	g_assert_cmpuint(due(store, NOW, out), ==, 1);
	g_assert_cmpint(store_webhook_done(store, NOW, &out[0], true), ==, 0);
	g_assert_cmpuint(due(store, NOW + 90000, out), ==, 0);
	store_close(store);
	store_place_remove(&place);
}

static void hooks_are_of_their_unit_and_few(void)
{
	struct store_webhook first, w = {.unit_id = "u1", .url = "https://x"};
	struct store_place place = store_place_new();
	struct store *store = open_units(&place);

	for (int i = 0; i < STORE_WEBHOOKS_PER_UNIT; i++)
		w = add(store, "u1");
	g_assert_cmpint(store_webhook_add(store, &w), ==, -ENOSPC);
	g_assert_cmpuint(listed(store, "u2", NULL), ==, 0);
	g_assert_cmpuint(listed(store, "u1", &first), ==, STORE_WEBHOOKS_PER_UNIT);
	g_assert_cmpstr(first.secret, ==, "");
	/* Whoever sees all units sees the hooks of all. */
	add(store, "u2");
	add(store, "");
	g_assert_cmpuint(listed(store, "", NULL), ==, STORE_WEBHOOKS_PER_UNIT + 2);
	g_assert_cmpint(store_webhook_remove(store, "u2", first.id), ==, -ENOENT);
	g_assert_cmpint(store_webhook_remove(store, "u1", first.id), ==, 0);
	g_assert_cmpint(store_webhook_remove(store, "u1", first.id), ==, -ENOENT);
	g_strlcpy(w.unit_id, "u9", sizeof(w.unit_id));
	g_assert_cmpint(store_webhook_add(store, &w), ==, -ENOENT);
	store_close(store);
	store_place_remove(&place);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/store_webhook/event", an_event_goes_to_its_units_hooks_and_those_of_all);
	g_test_add_func("/store_webhook/choice", a_hook_hears_what_it_chose);
	g_test_add_func("/store_webhook/day", what_is_not_taken_is_tried_for_a_day);
	g_test_add_func("/store_webhook/units", hooks_are_of_their_unit_and_few);
	return g_test_run();
}
