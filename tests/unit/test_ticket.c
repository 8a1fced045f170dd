/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "server/ticket.h"

static struct rng rng;

static struct principal staff(int number)
{
	struct principal who = {.kind = PRINCIPAL_STAFF, .unit_id = "u1"};

	g_snprintf(who.id, sizeof(who.id), "s%d", number);
	return who;
}

static void a_ticket_opens_once(void)
{
	struct tickets *t = tickets_new();
	struct principal anna = staff(1), who = {0};
	char text[TICKET_TEXT + 1];

	g_assert_cmpint(ticket_make(t, 0, &rng, &anna, text), ==, 0);
	g_assert_cmpuint(strlen(text), ==, TICKET_TEXT);
	g_assert_cmpint(ticket_take(t, 1, "nonsense", &who), ==, -ENOENT);
	g_assert_cmpint(ticket_take(t, 1, "", &who), ==, -ENOENT);
	g_assert_cmpint(ticket_take(t, 1, text, &who), ==, 0);
	g_assert_cmpstr(who.id, ==, "s1");
	g_assert_cmpstr(who.unit_id, ==, "u1");
	g_assert_cmpint(ticket_take(t, 1, text, &who), ==, -ENOENT);
	tickets_free(t);
}

static void a_ticket_ends_after_a_minute(void)
{
	struct tickets *t = tickets_new();
	struct principal anna = staff(1), who;
	char early[TICKET_TEXT + 1], late[TICKET_TEXT + 1];

	g_assert_cmpint(ticket_make(t, 0, &rng, &anna, early), ==, 0);
	g_assert_cmpint(ticket_make(t, 1, &rng, &anna, late), ==, 0);
	g_assert_cmpint(ticket_take(t, TICKET_US, early, &who), ==, -ENOENT);
	g_assert_cmpint(ticket_take(t, TICKET_US, late, &who), ==, 0);
	g_assert_cmpuint(tickets_count(t), ==, 0);
	tickets_free(t);
}

static void who_logs_out_has_no_tickets(void)
{
	struct tickets *t = tickets_new();
	struct principal anna = staff(1), bo = staff(2), who;
	char hers[TICKET_TEXT + 1], his[TICKET_TEXT + 1];

	g_assert_cmpint(ticket_make(t, 0, &rng, &anna, hers), ==, 0);
	g_assert_cmpint(ticket_make(t, 0, &rng, &bo, his), ==, 0);
	tickets_revoke(t, "s1");
	g_assert_cmpint(ticket_take(t, 1, hers, &who), ==, -ENOENT);
	g_assert_cmpint(ticket_take(t, 1, his, &who), ==, 0);
	tickets_free(t);
}

static void tickets_have_caps(void)
{
	struct tickets *t = tickets_new();
	struct principal anna = staff(1), who;
	char first[TICKET_TEXT + 1], text[TICKET_TEXT + 1];

	g_assert_cmpint(ticket_make(t, 0, &rng, &anna, first), ==, 0);
	for (int i = 0; i < TICKET_MAX_PER_STAFF; i++)
		g_assert_cmpint(ticket_make(t, 0, &rng, &anna, text), ==, 0);
	g_assert_cmpuint(tickets_count(t), ==, TICKET_MAX_PER_STAFF);
	g_assert_cmpint(ticket_take(t, 1, first, &who), ==, -ENOENT);
	for (int i = 2; tickets_count(t) < TICKET_MAX; i++) {
		struct principal somebody = staff(i);

		g_assert_cmpint(ticket_make(t, 0, &rng, &somebody, text), ==, 0);
	}
	who = staff(0);
	g_assert_cmpint(ticket_make(t, 1, &rng, &who, text), ==, -EAGAIN);
	g_assert_cmpint(ticket_make(t, TICKET_US, &rng, &who, text), ==, 0);
	tickets_free(t);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	rng = rng_seeded(7);
	g_test_add_func("/ticket/a_ticket_opens_once", a_ticket_opens_once);
	g_test_add_func("/ticket/a_ticket_ends_after_a_minute", a_ticket_ends_after_a_minute);
	g_test_add_func("/ticket/who_logs_out_has_no_tickets", who_logs_out_has_no_tickets);
	g_test_add_func("/ticket/tickets_have_caps", tickets_have_caps);
	return g_test_run();
}
