/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>

#include "loadtest/model/picture.h"

#define MS 1000

/* One-packet frames in the pattern T0 T2 T1 T2; frame 0 is a keyframe. */
static struct picture_packet packet_of(unsigned n)
{
	static const uint8_t tid[] = {0, 2, 1, 2};

	return (struct picture_packet){
		.seq = (uint16_t)(65530 + n), /* wraps */
		.timestamp = n * 3000,
		.marker = true,
		.frame = {.starts_frame = true,
			  .is_keyframe = n == 0,
			  .temporal = tid[n % 4],
			  .is_switch_point = n % 4 == 1 || n % 4 == 2,
			  .picture_id = (uint16_t)((32765 + n) & 0x7fff), /* wraps too */
			  .tl0picidx = (uint8_t)(254 + n / 4)},
		.label = {.captured_us = 1000000 + n * 33000, .height = 360},
	};
}

static size_t give(struct picture *picture, unsigned n)
{
	const struct picture_packet packet = packet_of(n);

	return picture_packet(picture, 1000000 + n * 33 * MS, &packet);
}

static size_t give_late(struct picture *picture, unsigned n, int64_t now_us)
{
	const struct picture_packet packet = packet_of(n);

	return picture_packet(picture, now_us, &packet);
}

static struct picture *after_key(void)
{
	struct picture *picture = g_new0(struct picture, 1);

	g_assert_cmpuint(give(picture, 0), ==, 1);
	return picture;
}

static void frames_in_order_are_all_shown(void)
{
	struct picture *picture = after_key();

	for (unsigned n = 1; n < 100; n++)
		g_assert_cmpuint(give(picture, n), ==, 1);
	g_assert_cmpint(picture->stats.stall_400_us, ==, 0);
	g_free(picture);
}

static void lost_top_layer_costs_itself_alone(void)
{
	struct picture *picture = after_key();

	g_assert_cmpuint(give(picture, 2), ==, 1); /* 1 is missing: T1 refers to T0 only */
	g_assert_cmpuint(give(picture, 3), ==, 0); /* refers to all before it */
	g_assert_cmpuint(give(picture, 4), ==, 1);
	g_free(picture);
}

static void lost_base_layer_waits_for_its_repair(void)
{
	struct picture *picture = after_key();
	uint16_t seqs[8];

	for (unsigned n = 1; n < 4; n++)
		give(picture, n);
	for (unsigned n = 5; n < 10; n++)
		g_assert_cmpuint(give(picture, n), ==, 0);
	g_assert_cmpuint(picture_nacks(picture, 2000000, 50 * MS, seqs, 8), ==, 1);
	g_assert_cmpuint(seqs[0], ==, (uint16_t)(65530 + 4));
	g_assert_cmpuint(picture_nacks(picture, 2000000 + 49 * MS, 50 * MS, seqs, 8), ==, 0);
	g_assert_cmpuint(picture_nacks(picture, 2000000 + 50 * MS, 50 * MS, seqs, 8), ==, 1);
	g_assert_cmpuint(give_late(picture, 4, 2000000 + 90 * MS), ==, 6);
	g_free(picture);
}

/* Once repairs are usual, what follows a hole waits a round trip for it. */
static void hole_is_waited_for_once_repairs_are_usual(void)
{
	struct picture *picture = after_key();

	picture->rtt_us = 80 * MS;
	picture->stats.nacks = 3;
	g_assert_cmpuint(give(picture, 2), ==, 0);
	picture_timeout(picture, 1000000 + 66 * MS + 79 * MS);
	g_assert_cmpuint(picture->stats.frames, ==, 1);
	g_assert_cmpuint(give_late(picture, 1, 1000000 + 66 * MS + 79 * MS), ==, 2);
	g_assert_cmpuint(picture->shown_count, ==, 3);
	g_assert_cmpuint(give(picture, 6), ==, 0);
	g_assert_cmpuint(give(picture, 4), ==, 0); /* waits for 3 */
	g_assert_cmpint(picture_deadline_us(picture), <=, 1000000 + 6 * 33 * MS + 80 * MS);
	picture_timeout(picture, 1000000 + 4 * 33 * MS + 80 * MS);
	g_assert_cmpuint(picture->stats.frames, ==, 4);
	g_free(picture);
}

static void nack_ends_after_ten_tries(void)
{
	struct picture *picture = after_key();
	uint16_t seqs[8];
	size_t asked = 0;

	give(picture, 2);
	for (int i = 0; i < 30; i++)
		asked += picture_nacks(picture, 2000000 + i * 50 * MS, 50 * MS, seqs, 8);
	g_assert_cmpuint(asked, ==, 10);
	g_assert_cmpint(missing_deadline_us(&picture->missing), ==, INT64_MAX);
	g_free(picture);
}

static void keyframe_is_asked_for_as_browsers_do(void)
{
	struct picture *picture = g_new0(struct picture, 1);

	give(picture, 1); /* no keyframe yet */
	picture_timeout(picture, 1033000 + 199 * MS);
	g_assert_false(picture_take_pli(picture));
	picture_timeout(picture, 1033000 + 200 * MS);
	g_assert_true(picture_take_pli(picture));
	g_assert_false(picture_take_pli(picture));
	g_free(picture);
	picture = after_key();
	picture_timeout(picture, 1000000 + 2999 * MS);
	g_assert_false(picture_take_pli(picture));
	picture_timeout(picture, 1000000 + 3000 * MS);
	g_assert_true(picture_take_pli(picture));
	g_free(picture);
}

static void frame_of_parts_waits_for_all(void)
{
	struct picture *picture = g_new0(struct picture, 1);
	struct picture_packet part = packet_of(0);

	part.marker = false;
	g_assert_cmpuint(picture_packet(picture, 1000000, &part), ==, 0);
	part.seq = (uint16_t)(part.seq + 2);
	part.marker = true;
	part.frame.starts_frame = false;
	part.frame.is_keyframe = false;
	g_assert_cmpuint(picture_packet(picture, 1000000, &part), ==, 0);
	part.seq--;
	part.marker = false;
	g_assert_cmpuint(picture_packet(picture, 1000500, &part), ==, 1);
	g_assert_cmpuint(picture_packet(picture, 1000600, &part), ==, 0); /* a copy */
	g_free(picture);
}

static void stall_counts_whole_gaps_and_the_open_one(void)
{
	struct picture *picture = after_key();

	give(picture, 1);
	give(picture, 2);
	g_assert_cmpuint(give(picture, 24), ==, 0); /* six base layers are missing */
	picture_finish(picture, 1000000 + 2 * 33 * MS + 1500 * MS);
	g_assert_cmpint(picture->stats.stall_400_us, ==, 1500 * MS);
	g_assert_cmpint(picture->stats.stall_1000_us, ==, 1500 * MS);
	g_free(picture);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/picture/in_order", frames_in_order_are_all_shown);
	g_test_add_func("/picture/top_layer", lost_top_layer_costs_itself_alone);
	g_test_add_func("/picture/base_layer", lost_base_layer_waits_for_its_repair);
	g_test_add_func("/picture/waits", hole_is_waited_for_once_repairs_are_usual);
	g_test_add_func("/picture/ten_tries", nack_ends_after_ten_tries);
	g_test_add_func("/picture/keyframes", keyframe_is_asked_for_as_browsers_do);
	g_test_add_func("/picture/parts", frame_of_parts_waits_for_all);
	g_test_add_func("/picture/stall", stall_counts_whole_gaps_and_the_open_one);
	return g_test_run();
}
