/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>

#include "media/base/heap.h"
#include "media/route/sender.h"

#define MS 1000

static void start(struct sender *sender, bool has_feedback)
{
	struct sender_link link = {.has_feedback = has_feedback};

	g_assert_cmpint(sender_start(sender, MS, &link), ==, 0);
}

static void without_feedback_the_rate_is_fixed_and_lowered_by_remb_and_loss(void)
{
	struct sender sender = {0};

	start(&sender, false);
	g_assert_null(sender_state(&sender));
	g_assert_cmpuint(sender_target_bps(&sender), ==, SENDER_BLIND_BPS);
	g_assert_true(sender_take_stale(&sender));
	g_assert_false(sender_take_stale(&sender));
	sender_remb(&sender, 2 * MS, 300000);
	g_assert_cmpuint(sender_target_bps(&sender), ==, 300000);
	g_assert_true(sender_take_stale(&sender));
	sender_remb(&sender, 3 * MS, 1);
	g_assert_cmpuint(sender_target_bps(&sender), >=, 25000);
	for (int i = 1; i < 20; i++)
		sender_remb(&sender, 4 * MS, UINT64_MAX);
	g_assert_cmpuint(sender_target_bps(&sender), ==, SENDER_BLIND_BPS);
	sender_report(&sender, 2000 * MS, 80 * MS, 128);
	g_assert_cmpuint(sender_target_bps(&sender), ==, SENDER_BLIND_BPS / 4 * 3);
	sender_report(&sender, 3000 * MS, 80 * MS, 0);
	g_assert_cmpuint(sender_target_bps(&sender), >, SENDER_BLIND_BPS / 4 * 3);
	g_assert_cmpint(sender_deadline_us(&sender), ==, DEADLINE_NEVER);
	sender_close(&sender);
}

static void numbers_are_consecutive_over_all_classes(void)
{
	struct sender sender = {0};

	start(&sender, true);
	for (uint16_t i = 0; i < 10; i++) {
		g_assert_cmpuint(sender_number(&sender), ==, i);
		sender_sent(&sender, MS * (1 + i), i % 2 ? BWE_AUDIO : BWE_VIDEO, 100);
	}
	sender_close(&sender);
}

/* RFC 8836 requirement 10: what is not told of did not arrive; pictures stop, sound may go on. */
static void pictures_stop_when_feedback_never_comes(void)
{
	struct sender sender = {0};
	size_t sent = 0;

	start(&sender, true);
	g_assert_cmpuint(sender_target_bps(&sender), >, 0);
	g_assert_cmpuint(sender_known_bps(&sender), ==, 0);
	for (int64_t now = MS; now < 5000 * MS; now += MS) {
		sender_timeout(&sender, now);
		if (now % (20 * MS) == 0)
			sender_sent(&sender, now, BWE_AUDIO, 100);
		if (now > 4000 * MS)
			g_assert_false(sender_is_open(&sender, now, 1000));
		if (sender_is_open(&sender, now, 1000)) {
			sender_sent(&sender, now, BWE_VIDEO, 1000);
			sent += 1000;
		}
	}
	g_assert_cmpuint(sent, >, 2000);
	g_assert_cmpuint(sent, <, 40000);
	/* Losing half tells something of the link. */
	sender_report(&sender, 5000 * MS, 80 * MS, 128);
	g_assert_cmpuint(sender_known_bps(&sender), >, 0);
	g_assert_cmpuint(sender_known_bps(&sender), ==, sender_target_bps(&sender));
	sender_close(&sender);
}

static void another_path_may_cost_other_headers(void)
{
	struct sender sender = {0};

	start(&sender, true);
	g_assert_cmpuint(sender.packet_overhead, ==, 28);
	sender_route_changed(&sender, 2 * MS, true);
	g_assert_cmpuint(sender.packet_overhead, ==, 48);
	sender_close(&sender);
	sender_close(&sender);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/sender/blind",
			without_feedback_the_rate_is_fixed_and_lowered_by_remb_and_loss);
	g_test_add_func("/sender/numbers", numbers_are_consecutive_over_all_classes);
	g_test_add_func("/sender/silence", pictures_stop_when_feedback_never_comes);
	g_test_add_func("/sender/route", another_path_may_cost_other_headers);
	return g_test_run();
}
