/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "media/base/heap.h"
#include "media/base/rng.h"
#include "media/rate/arrival.h"
#include "media/wire/rtcp.h"
#include "media/wire/twcc.h"

#define MS 1000

/* What one round of feedback told, read back from the wire. */
struct told {
	int packets;
	uint16_t first;
	size_t count;
	uint8_t feedback_count; /* of the last packet */
	int64_t arrival_us[70000];
};

static struct told told;

static void read_back(const uint8_t *buf, size_t len)
{
	static struct rtcp_packet packet;
	static struct twcc_feedback feedback;
	struct rtcp_reader reader = rtcp_reader_init(buf, len);

	g_assert_cmpint(rtcp_next(&reader, &packet), ==, 1);
	g_assert_cmpint(packet.type, ==, RTCP_TWCC);
	g_assert_cmpuint(packet.sender_ssrc, ==, 1);
	g_assert_cmpint(twcc_parse(&feedback, packet.fci, packet.fci_len), ==, 0);
	if (told.count == 0)
		told.first = feedback.base_seq;
	/* Rounds of several packets leave nothing out. */
	g_assert_cmpuint(feedback.base_seq, ==, (uint16_t)(told.first + told.count));
	for (size_t i = 0; i < feedback.count; i++)
		told.arrival_us[told.count++] = feedback.arrival_us[i];
	told.feedback_count = feedback.feedback_count;
	told.packets++;
	g_assert_cmpint(rtcp_next(&reader, &packet), ==, 0);
}

/* Calls for feedback as the router does. True when there was any. */
static bool round_of(struct arrival *a, int64_t now_us, size_t room)
{
	told.packets = 0;
	told.count = 0;
	for (;;) {
		uint8_t buf[1200];
		struct wr w = wr_init(buf, room);
		if (!arrival_feedback(a, now_us, 1, 2, &w))
			return told.packets > 0;
		g_assert_true(wr_ok(&w));
		read_back(buf, wr_len(&w));
	}
}

static bool was_told(uint16_t seq, int64_t arrival_us)
{
	uint16_t at = (uint16_t)(seq - told.first);

	if (at >= told.count)
		return false;
	if (arrival_us < 0)
		return told.arrival_us[at] == TWCC_NOT_RECEIVED;
	return told.arrival_us[at] != TWCC_NOT_RECEIVED &&
	       llabs(told.arrival_us[at] % TWCC_WRAP_US - arrival_us) <= TWCC_TICK_US;
}

static void due_after_100_ms(void)
{
	struct arrival a = {0};

	g_assert_cmpint(arrival_deadline_us(&a), ==, DEADLINE_NEVER);
	g_assert_false(round_of(&a, 0, 1200));
	arrival_packet(&a, 1000 * MS, 7);
	g_assert_cmpint(arrival_deadline_us(&a), ==, 1100 * MS);
	arrival_packet(&a, 1050 * MS, 8);
	g_assert_false(round_of(&a, 1099 * MS, 1200));
	g_assert_true(round_of(&a, 1100 * MS, 1200));
	g_assert_cmpint(told.packets, ==, 1);
	g_assert_cmpuint(told.count, ==, 2);
	g_assert_true(was_told(7, 1000 * MS));
	g_assert_true(was_told(8, 1050 * MS));
	g_assert_cmpint(arrival_deadline_us(&a), ==, DEADLINE_NEVER);
	g_assert_false(round_of(&a, 2000 * MS, 1200));
	/* The next one waits for its 100 ms only from the last feedback. */
	arrival_packet(&a, 1190 * MS, 9);
	g_assert_cmpint(arrival_deadline_us(&a), ==, 1200 * MS);
	g_assert_true(round_of(&a, 1200 * MS, 1200));
	g_assert_cmpint(told.feedback_count, ==, 1);
	g_assert_cmpuint(told.count, ==, 1);
	arrival_close(&a);
}

static void the_interval_is_what_was_set(void)
{
	struct arrival a = {0};

	arrival_set_interval(&a, 50 * MS);
	arrival_packet(&a, 1000 * MS, 7);
	g_assert_cmpint(arrival_deadline_us(&a), ==, 1050 * MS);
	/* A longer one holds for what waits already. */
	arrival_set_interval(&a, 225 * MS);
	g_assert_cmpint(arrival_deadline_us(&a), ==, 1225 * MS);
	g_assert_false(round_of(&a, 1224 * MS, 1200));
	g_assert_true(round_of(&a, 1225 * MS, 1200));
	arrival_packet(&a, 1230 * MS, 8);
	arrival_set_interval(&a, 1);
	g_assert_cmpint(arrival_deadline_us(&a), ==, 1275 * MS);
	arrival_set_interval(&a, INT64_MAX);
	g_assert_cmpint(arrival_deadline_us(&a), ==, 1475 * MS);
	/* Many waiting are told at once nonetheless. */
	for (uint16_t i = 0; i < 400; i++)
		arrival_packet(&a, 1231 * MS, (uint16_t)(9 + i));
	g_assert_cmpint(arrival_deadline_us(&a), ==, 1235 * MS);
	arrival_close(&a);
}

static void what_a_report_takes_is_known(void)
{
	struct arrival a = {0};
	uint16_t small;

	g_assert_cmpuint(arrival_report_bytes(&a, 28), ==, 0);
	for (int i = 0; i < 10; i++) {
		arrival_packet(&a, (1000 + i * 100) * MS, (uint16_t)i);
		g_assert_true(round_of(&a, (1100 + i * 100) * MS, 1200));
	}
	/* 20 bytes of head, one chunk and one delta, padded: 24, and SRTCP and IP. */
	small = arrival_report_bytes(&a, 28);
	g_assert_cmpuint(small, ==, 24 + 20 + 28);
	g_assert_cmpuint(arrival_report_bytes(&a, 48), ==, 24 + 20 + 48);
	for (int i = 0; i < 1000; i++)
		arrival_packet(&a, 2100 * MS + i * 500, (uint16_t)(10 + i));
	g_assert_true(round_of(&a, 2600 * MS, 200));
	g_assert_cmpuint(arrival_report_bytes(&a, 28), >, small + 200);
	arrival_close(&a);
}

static void many_waiting_are_told_at_once(void)
{
	struct arrival a = {0};

	for (uint16_t i = 0; i < 399; i++)
		arrival_packet(&a, 1000 * MS + i * 10, i);
	g_assert_cmpint(arrival_deadline_us(&a), ==, 1100 * MS);
	arrival_packet(&a, 1004 * MS, 399);
	g_assert_cmpint(arrival_deadline_us(&a), ==, 1010 * MS);
	g_assert_false(round_of(&a, 1009 * MS, 1200));
	g_assert_true(round_of(&a, 1010 * MS, 1200));
	g_assert_cmpuint(told.count, ==, 400);
	arrival_close(&a);
}

static void numbers_wrap_and_losses_are_told(void)
{
	struct arrival a = {0};

	for (int i = 0; i < 20; i++) {
		if (i % 5 != 3)
			arrival_packet(&a, 1000 * MS + i * MS, (uint16_t)(65530 + i));
	}
	g_assert_true(round_of(&a, 1100 * MS, 1200));
	g_assert_cmpuint(told.first, ==, 65530);
	g_assert_cmpuint(told.count, ==, 20);
	for (int i = 0; i < 20; i++)
		g_assert_true(
			was_told((uint16_t)(65530 + i), i % 5 == 3 ? -1 : 1000 * MS + i * MS));
	arrival_close(&a);
}

static void reordered_within_a_round(void)
{
	struct arrival a = {0};

	arrival_packet(&a, 1000 * MS, 10);
	arrival_packet(&a, 1001 * MS, 12);
	arrival_packet(&a, 1002 * MS, 11);
	g_assert_true(round_of(&a, 1100 * MS, 1200));
	g_assert_cmpuint(told.count, ==, 3);
	g_assert_true(was_told(11, 1002 * MS));
	g_assert_true(was_told(12, 1001 * MS));
	arrival_close(&a);
}

static void late_after_its_round_is_told_again(void)
{
	struct arrival a = {0};

	arrival_packet(&a, 1000 * MS, 10);
	arrival_packet(&a, 1001 * MS, 12);
	g_assert_true(round_of(&a, 1100 * MS, 1200));
	g_assert_true(was_told(11, -1));
	arrival_packet(&a, 1120 * MS, 11);
	arrival_packet(&a, 1121 * MS, 13);
	g_assert_true(round_of(&a, 1200 * MS, 1200));
	g_assert_cmpuint(told.first, ==, 11);
	g_assert_cmpuint(told.count, ==, 3);
	g_assert_true(was_told(11, 1120 * MS));
	g_assert_true(was_told(12, 1001 * MS));
	/* Before the very first one too. */
	arrival_packet(&a, 1210 * MS, 8);
	g_assert_true(round_of(&a, 1300 * MS, 1200));
	g_assert_cmpuint(told.first, ==, 8);
	g_assert_true(was_told(8, 1210 * MS));
	g_assert_true(was_told(9, -1));
	arrival_close(&a);
}

static void the_first_of_duplicates_counts(void)
{
	struct arrival a = {0};

	arrival_packet(&a, 1000 * MS, 10);
	arrival_packet(&a, 1050 * MS, 10);
	g_assert_true(round_of(&a, 1100 * MS, 1200));
	g_assert_true(was_told(10, 1000 * MS));
	/* Told already: no reason to tell it again. */
	arrival_packet(&a, 1150 * MS, 10);
	g_assert_cmpint(arrival_deadline_us(&a), ==, DEADLINE_NEVER);
	arrival_close(&a);
}

static void a_gap_larger_than_the_window(void)
{
	struct arrival a = {0};

	arrival_packet(&a, 1000 * MS, 10);
	arrival_packet(&a, 1001 * MS, 20010);
	g_assert_true(round_of(&a, 1100 * MS, 1200));
	/* The window that ends at the newest, and nothing of what is older. */
	g_assert_cmpuint(told.first, ==, 20010 - ARRIVAL_WINDOW + 1);
	g_assert_cmpuint(told.count, ==, ARRIVAL_WINDOW);
	g_assert_true(was_told(20010, 1001 * MS));
	for (size_t i = 0; i + 1 < told.count; i++)
		g_assert_true(told.arrival_us[i] == TWCC_NOT_RECEIVED);
	/* What comes from behind the window is forgotten. */
	arrival_packet(&a, 1101 * MS, (uint16_t)(20010 - ARRIVAL_WINDOW));
	g_assert_cmpint(arrival_deadline_us(&a), ==, DEADLINE_NEVER);
	/* A gap of exactly the window, over stale entries of the ring. */
	arrival_packet(&a, 1110 * MS, (uint16_t)(20010 + ARRIVAL_WINDOW));
	g_assert_true(round_of(&a, 1200 * MS, 1200));
	g_assert_cmpuint(told.count, ==, ARRIVAL_WINDOW);
	g_assert_true(was_told(20011, -1));
	arrival_close(&a);
}

static void a_pause_longer_than_a_delta_takes_a_second_packet(void)
{
	struct arrival a = {0};

	arrival_packet(&a, 1000 * MS, 10);
	/* 16-bit deltas of 250 us reach 8.19 s. */
	arrival_packet(&a, 20000 * MS, 11);
	g_assert_true(round_of(&a, 20100 * MS, 1200));
	g_assert_cmpint(told.packets, ==, 2);
	g_assert_true(was_told(10, 1000 * MS));
	g_assert_true(was_told(11, 20000 * MS));
	arrival_close(&a);
}

static void little_room_takes_more_packets_or_waits(void)
{
	struct arrival a = {0};

	for (uint16_t i = 0; i < 300; i++)
		arrival_packet(&a, 1000 * MS + i * 100, i);
	g_assert_true(round_of(&a, 1100 * MS, 60));
	g_assert_cmpint(told.packets, >, 5);
	g_assert_cmpuint(told.count, ==, 300);
	for (uint16_t i = 0; i < 300; i++)
		g_assert_true(was_told(i, 1000 * MS + i * 100));
	/* No room at all: nothing is lost. */
	arrival_packet(&a, 1200 * MS, 300);
	g_assert_false(round_of(&a, 1300 * MS, 12));
	g_assert_true(round_of(&a, 1300 * MS, 1200));
	g_assert_true(was_told(300, 1200 * MS));
	arrival_close(&a);
}

/* Two minutes of 500 packets a second with loss and reordering: everything that arrived is told
 * with its time, everything else as lost, at least every 110 ms. */
static void a_long_stream_is_told_whole(void)
{
	static int64_t arrived[60000];
	static int64_t heard[60000];
	struct rng rng = rng_seeded(11);
	struct arrival a = {0};
	int64_t last_round = 0;

	for (int i = 0; i < 60000; i++) {
		arrived[i] = rng_below(&rng, 20) == 0 ? -1 : 0;
		heard[i] = -2;
	}
	for (int64_t now = 0; now < 121000 * MS; now += MS) {
		/* Packet i leaves at 2 ms * i; each eighth overtakes nothing and comes 9 ms late.
		 */
		for (int back = 0; back <= 9; back++) {
			int64_t sent = now - back * MS;
			int64_t i = sent / (2 * MS);
			int delay = i % 8 == 0 ? 9 : 0;
			if (sent < 0 || sent % (2 * MS) != 0 || i >= 60000 || delay != back ||
			    arrived[i] < 0)
				continue;
			arrived[i] = now;
			arrival_packet(&a, now, (uint16_t)i);
		}
		if (!round_of(&a, now, 1200))
			continue;
		g_assert_cmpint(now - last_round, <=, 110 * MS);
		last_round = now;
		int64_t base = (now / (2 * MS)) & ~(int64_t)0xffff;
		if (told.first > (uint16_t)(now / (2 * MS)))
			base -= 0x10000;
		for (size_t k = 0; k < told.count; k++) {
			int64_t i = base + told.first + (int64_t)k;
			heard[i] =
				told.arrival_us[k] == TWCC_NOT_RECEIVED ? -1 : told.arrival_us[k];
		}
	}
	for (int i = 8; i < 59000; i++) {
		if (arrived[i] < 0)
			g_assert_cmpint(heard[i], ==, -1);
		else
			g_assert_cmpint(llabs(heard[i] - arrived[i]), <=, TWCC_TICK_US);
	}
	arrival_close(&a);
}

#define ADD(name) g_test_add_func("/arrival/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(due_after_100_ms);
	ADD(the_interval_is_what_was_set);
	ADD(what_a_report_takes_is_known);
	ADD(many_waiting_are_told_at_once);
	ADD(numbers_wrap_and_losses_are_told);
	ADD(reordered_within_a_round);
	ADD(late_after_its_round_is_told_again);
	ADD(the_first_of_duplicates_counts);
	ADD(a_gap_larger_than_the_window);
	ADD(a_pause_longer_than_a_delta_takes_a_second_packet);
	ADD(little_room_takes_more_packets_or_waits);
	ADD(a_long_stream_is_told_whole);
	return g_test_run();
}
