/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>

#include "media/stream/meter.h"

#define MS 1000LL

/* L1T3 of 30 pictures/s: every packet of 500 bytes, one per picture; a keyframe has ten. */
static void send(struct meter *meter, int from, int to, bool with_top)
{
	static const uint8_t temporal[] = {0, 2, 1, 2};

	for (int i = from; i < to; i++) {
		struct codec_frame frame = {.temporal = temporal[i % 4],
					    .starts_frame = true,
					    .is_keyframe = i % 120 == 0,
					    .height = 180};
		if (frame.temporal == 2 && !with_top)
			continue;
		for (int j = 0; j < (frame.is_keyframe ? 10 : 1); j++) {
			frame.starts_frame = j == 0;
			meter_packet(meter, i * 33333LL, 500, (uint32_t)i * 3000, &frame, true);
		}
	}
}

static void rates_are_of_each_layer_and_without_keyframes(void)
{
	struct meter meter = {0};
	struct layers_encoding view;

	send(&meter, 1, 300, true);
	meter_view(&meter, 299 * 33333LL, &view);
	g_assert_true(view.is_alive);
	g_assert_cmpuint(view.height[0], ==, 180);
	/* 7.5, 7.5 and 15 pictures/s. */
	g_assert_cmpuint(view.rate[0][0].bps, >, 26000);
	g_assert_cmpuint(view.rate[0][0].bps, <, 34000);
	g_assert_cmpuint(view.rate[0][2].bps, >, 54000);
	g_assert_cmpuint(view.rate[0][2].bps, <, 66000);
	g_assert_cmpuint(view.rate[0][2].frames_mhz, >, 13500);
	g_assert_cmpuint(view.rate[0][2].frames_mhz, <, 16500);
	g_assert_cmpuint(view.rate[0][2].packets_mhz, >, 13500);
	g_assert_cmpuint(view.rate[0][3].bps, ==, 0);
}

static void a_keyframe_changes_no_rate_and_tells_its_size(void)
{
	struct meter meter = {0};
	uint32_t bytes;
	uint32_t least = UINT32_MAX;
	uint32_t most = 0;

	for (int i = 60; i < 240; i++) {
		struct layers_encoding view;
		send(&meter, i, i + 1, true);
		meter_view(&meter, i * 33333LL, &view);
		if (i < 100)
			continue;
		g_assert_true(i == 121 ? meter_take_keyframe(&meter, &bytes) && bytes == 5000
				       : !meter_take_keyframe(&meter, &bytes));
		least = MIN(least, view.rate[0][0].bps);
		most = MAX(most, view.rate[0][0].bps);
	}
	g_test_message("%u..%u bit/s", least, most);
	g_assert_cmpuint(most, <, 34000);
	g_assert_cmpuint(least, >, 25000);
}

static void a_young_stream_is_measured_by_its_age(void)
{
	struct meter meter = {0};
	struct layers_encoding view;

	send(&meter, 1, 16, true); /* half a second */
	meter_advance(&meter, 16 * 33333LL);
	meter_view(&meter, 16 * 33333LL, &view);
	g_assert_cmpuint(view.rate[0][2].bps, >, 45000);
	g_assert_cmpuint(view.rate[0][2].bps, <, 75000);
}

static void a_layer_that_stops_is_noticed(void)
{
	struct meter meter = {0};
	struct layers_encoding view;
	int64_t stop_us = 119 * 33333LL;

	send(&meter, 1, 120, true);
	for (int i = 120; i < 136; i++)
		send(&meter, i, i + 1, false);
	meter_view(&meter, stop_us + 450 * MS, &view);
	g_assert_cmpuint(view.rate[0][2].bps, >, 0);
	meter_view(&meter, stop_us + 510 * MS, &view);
	g_assert_cmpuint(view.rate[0][2].bps, ==, 0);
	g_assert_cmpuint(view.rate[0][1].bps, >, 0);
	g_assert_true(view.is_alive);
	/* All of it. */
	int64_t end_us = 134 * 33333LL;
	g_assert_cmpint(meter_alive_until_us(&meter), ==, end_us + 500 * MS);
	meter_view(&meter, end_us + 500 * MS, &view);
	g_assert_false(view.is_alive);
	meter_advance(&meter, end_us + 60000 * MS);
	meter_view(&meter, end_us + 60000 * MS, &view);
	g_assert_false(view.is_alive);
}

static void slow_pictures_are_not_taken_for_dead(void)
{
	struct meter meter = {0};
	struct codec_frame frame = {.starts_frame = true};

	g_assert_cmpint(meter_alive_until_us(&meter), ==, INT64_MIN);
	for (int i = 0; i < 8; i++)
		meter_packet(&meter, i * 500 * MS, 800, (uint32_t)i * 45000, &frame, true);
	g_assert_cmpint(meter_alive_until_us(&meter), ==, 3500 * MS + 1500 * MS);
}

#define ADD(name) g_test_add_func("/meter/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(rates_are_of_each_layer_and_without_keyframes);
	ADD(a_keyframe_changes_no_rate_and_tells_its_size);
	ADD(a_young_stream_is_measured_by_its_age);
	ADD(a_layer_that_stops_is_noticed);
	ADD(slow_pictures_are_not_taken_for_dead);
	return g_test_run();
}
