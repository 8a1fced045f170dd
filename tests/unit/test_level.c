/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>

#include "media/base/heap.h"
#include "media/stream/level.h"

#define MS 1000

/* count packets 20 ms apart; how often is_speaking changed. */
static int feed(struct level *level, int64_t *now_us, int count, uint8_t dbov, bool is_voice)
{
	int changes = 0;

	for (int i = 0; i < count; i++, *now_us += 20 * MS)
		changes += level_packet(level, *now_us, dbov, is_voice);
	return changes;
}

static void speaks_after_three_loud_packets(void)
{
	struct level level = {0};
	int64_t now = 0;

	g_assert_cmpint(feed(&level, &now, 50, 127, false), ==, 0);
	g_assert_cmpint(feed(&level, &now, 2, 20, false), ==, 0);
	g_assert_false(level.is_speaking);
	g_assert_cmpint(feed(&level, &now, 1, 20, false), ==, 1);
	g_assert_true(level.is_speaking);
	g_assert_cmpint(feed(&level, &now, 100, 20, false), ==, 0);
}

static void a_click_is_no_turn(void)
{
	struct level level = {0};
	int64_t now = 0;

	for (int i = 0; i < 50; i++) { /* two loud packets in each ten */
		g_assert_cmpint(feed(&level, &now, 2, 5, true), ==, 0);
		g_assert_cmpint(feed(&level, &now, 8, 90, false), ==, 0);
	}
}

static void thresholds(void)
{
	static const struct {
		uint8_t dbov;
		bool is_voice;
		bool speaks;
	} steps[] = {
		{0, false, true},   {44, false, true},	 {45, false, false},
		{45, true, true},   {59, true, true},	 {60, true, false},
		{127, true, false}, {127, false, false}, {255, true, false},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		struct level level = {0};
		int64_t now = 0;
		feed(&level, &now, 10, steps[i].dbov, steps[i].is_voice);
		g_assert_cmpint(level.is_speaking, ==, steps[i].speaks);
	}
}

static void silent_after_600_ms(void)
{
	struct level level = {0};
	int64_t now = 0;

	g_assert_cmpint(level_deadline_us(&level), ==, DEADLINE_NEVER);
	feed(&level, &now, 3, 20, false); /* last at 40 ms */
	g_assert_cmpint(level_deadline_us(&level), ==, 640 * MS);
	g_assert_cmpint(feed(&level, &now, 29, 127, false), ==, 0); /* till 620 ms */
	g_assert_false(level_timeout(&level, 639 * MS));
	g_assert_true(level_timeout(&level, 640 * MS));
	g_assert_false(level_timeout(&level, 640 * MS));
	g_assert_false(level.is_speaking);
	g_assert_cmpint(level_deadline_us(&level), ==, DEADLINE_NEVER);
}

static void what_was_before_a_silence_does_not_count(void)
{
	struct level level = {0};
	int64_t now = 0;

	feed(&level, &now, 3, 20, false);
	g_assert_true(level_timeout(&level, 640 * MS)); /* no packets: the sender is muted */
	now = 700 * MS;
	g_assert_cmpint(feed(&level, &now, 2, 20, false), ==, 0);
	g_assert_cmpint(feed(&level, &now, 1, 20, false), ==, 1);
}

static void a_packet_ends_speech_too(void)
{
	struct level level = {0};
	int64_t now = 0;

	feed(&level, &now, 3, 20, false);
	g_assert_true(level_packet(&level, 640 * MS, 127, false));
	g_assert_false(level.is_speaking);
}

static void long_packets_need_60_ms_too(void)
{
	static const struct {
		uint8_t packet_ms;
		int packets;
	} steps[] = {{0, 3}, {10, 6}, {20, 3}, {40, 2}, {60, 1}, {120, 1}, {1, 10}};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		struct level level = {.packet_ms = steps[i].packet_ms};
		int64_t now = 0;

		g_assert_cmpint(feed(&level, &now, steps[i].packets - 1, 20, false), ==, 0);
		g_assert_cmpint(feed(&level, &now, 1, 20, false), ==, 1);
	}
}

#define ADD(name) g_test_add_func("/level/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(speaks_after_three_loud_packets);
	ADD(a_click_is_no_turn);
	ADD(thresholds);
	ADD(silent_after_600_ms);
	ADD(what_was_before_a_silence_does_not_count);
	ADD(a_packet_ends_speech_too);
	ADD(long_packets_need_60_ms_too);
	return g_test_run();
}
