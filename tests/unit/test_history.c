/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>

#include "media/rate/history.h"

static int64_t sent(struct history *h, uint16_t seq, int64_t now_us)
{
	struct history_packet packet = {.sent_us = now_us, .bytes = 100};

	return history_sent(h, seq, &packet);
}

static void finds_across_the_wrap(void)
{
	struct history *h = g_new0(struct history, 1);

	for (int i = 0; i < 20; i++)
		sent(h, (uint16_t)(65530 + i), i);
	g_assert_cmpuint(h->in_flight_bytes, ==, 2000);
	for (int i = 0; i < 20; i++) {
		int64_t seq = history_unwrap(h, (uint16_t)(65530 + i));
		g_assert_nonnull(history_find(h, seq));
		g_assert_cmpint(history_find(h, seq)->sent_us, ==, i);
	}
	g_assert_null(history_find(h, history_unwrap(h, 65529)));
	g_assert_null(history_find(h, history_unwrap(h, 14)));
	history_close(h);
	g_free(h);
}

static void a_report_ends_the_flight_of_all_before(void)
{
	struct history *h = g_new0(struct history, 1);

	for (uint16_t i = 0; i < 10; i++)
		sent(h, i, i);
	history_report(h, 3);
	g_assert_cmpuint(h->in_flight_bytes, ==, 600);
	history_report(h, 1); /* an older feedback, overtaken */
	g_assert_cmpuint(h->in_flight_bytes, ==, 600);
	history_report(h, 500); /* more than was sent */
	g_assert_cmpuint(h->in_flight_bytes, ==, 0);
	history_close(h);
	g_free(h);
}

static void is_bounded_by_count(void)
{
	struct history *h = g_new0(struct history, 1);

	for (int i = 0; i < HISTORY_PACKETS + 50; i++)
		sent(h, (uint16_t)i, 0);
	g_assert_null(history_find(h, 49));
	g_assert_nonnull(history_find(h, 50));
	g_assert_cmpuint(h->in_flight_bytes, ==, HISTORY_PACKETS * 100);
	history_close(h);
	g_free(h);
}

static void is_bounded_by_time(void)
{
	struct history *h = g_new0(struct history, 1);

	sent(h, 0, 0);
	sent(h, 1, 1000);
	history_expire(h, HISTORY_US + 500);
	g_assert_null(history_find(h, 0));
	g_assert_nonnull(history_find(h, 1));
	g_assert_cmpuint(h->in_flight_bytes, ==, 100);
	history_expire(h, 3 * (int64_t)HISTORY_US);
	g_assert_cmpuint(h->in_flight_bytes, ==, 0);
	sent(h, 2, 3 * (int64_t)HISTORY_US);
	g_assert_cmpuint(h->in_flight_bytes, ==, 100);
	history_close(h);
	g_free(h);
}

static void jumps_leave_holes_and_repeats_are_refused(void)
{
	struct history *h = g_new0(struct history, 1);

	sent(h, 10, 1);
	sent(h, 14, 2);
	g_assert_null(history_find(h, 12));
	sent(h, 14, 3);
	g_assert_cmpint(history_find(h, 14)->sent_us, ==, 2);
	sent(h, 20000, 4);
	g_assert_null(history_find(h, 14));
	g_assert_cmpuint(h->in_flight_bytes, ==, 100);
	history_clear(h);
	g_assert_cmpuint(h->in_flight_bytes, ==, 0);
	history_close(h);
	g_free(h);
}

static void tells_what_waits_and_what_was_never_told(void)
{
	struct history *h = g_new0(struct history, 1);

	g_assert_cmpint(history_waiting_us(h, 1000), ==, 0);
	for (uint16_t i = 0; i < 10; i++)
		sent(h, i, i * 100);
	g_assert_cmpint(history_waiting_us(h, 1000), ==, 1000);
	history_report(h, history_unwrap(h, 3));
	g_assert_cmpint(history_waiting_us(h, 1000), ==, 600);
	g_assert_cmpint(history_untold_us(h, history_unwrap(h, 4)), ==, 0);
	g_assert_cmpint(history_untold_us(h, history_unwrap(h, 8)), ==, 400);
	history_report(h, history_unwrap(h, 9));
	g_assert_cmpint(history_waiting_us(h, 1000), ==, 0);
	history_close(h);
	g_free(h);
}

#define ADD(name) g_test_add_func("/history/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(finds_across_the_wrap);
	ADD(a_report_ends_the_flight_of_all_before);
	ADD(is_bounded_by_count);
	ADD(is_bounded_by_time);
	ADD(tells_what_waits_and_what_was_never_told);
	ADD(jumps_leave_holes_and_repeats_are_refused);
	return g_test_run();
}
