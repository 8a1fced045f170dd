/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>

#include "loadtest/model/encoder.h"
#include "loadtest/model/simulcast.h"

#define FRAME_US 33333

static struct encoder encoder_at(uint32_t bps)
{
	struct encoder encoder;
	struct encoder_frame frame;

	encoder_init(&encoder,
		     &(struct encoder_config){
			     .width = 640, .height = 360, .fps = 30, .has_layers = true},
		     7);
	encoder_set_target(&encoder, 0, bps);
	g_assert_true(encoder_frame(&encoder, ENCODER_LAG_US, &frame));
	g_assert_true(frame.is_keyframe);
	return encoder;
}

static double bps_over(struct encoder *encoder, int64_t from_us, int seconds)
{
	struct encoder_frame frame;
	double bytes = 0;

	for (int i = 0; i < seconds * 30; i++) {
		g_assert_true(encoder_frame(encoder, from_us + i * FRAME_US, &frame));
		bytes += frame.bytes;
	}
	return bytes * 8 / seconds;
}

static void rate_comes_out_right_after_the_keyframe_is_paid_back(void)
{
	struct encoder encoder = encoder_at(500000);

	bps_over(&encoder, 200000, 2);
	for (int i = 0; i < 5; i++) {
		double bps = bps_over(&encoder, 3000000 + i * 4000000, 4);

		g_assert_cmpfloat(bps, >, 500000 * 0.93);
		g_assert_cmpfloat(bps, <, 500000 * 1.07);
	}
}

static void keyframe_is_ten_deltas_and_at_most_300_ms(void)
{
	struct encoder encoder = encoder_at(1000000);
	struct encoder_frame key;

	encoder_ask_keyframe(&encoder);
	g_assert_true(encoder_frame(&encoder, 300000, &key));
	g_assert_true(key.is_keyframe);
	g_assert_cmpuint(key.temporal, ==, 0);
	g_assert_cmpuint(key.bytes, >=, 9 * 1000000 / 8 / 30);
	g_assert_cmpuint(key.bytes, <=, 1000000 / 8 * 3 / 10);
}

static void layers_follow_the_pattern_of_four(void)
{
	static const uint8_t expected[] = {2, 1, 2, 0, 2, 1, 2, 0};
	struct encoder encoder = encoder_at(300000);

	for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
		struct encoder_frame frame;

		g_assert_true(encoder_frame(&encoder, 200000, &frame));
		g_assert_cmpuint(frame.temporal, ==, expected[i]);
	}
}

static void new_target_waits_for_the_lag_and_zero_stops(void)
{
	struct encoder encoder = encoder_at(300000);
	struct encoder_frame frame;

	encoder_set_target(&encoder, 1000000, 0);
	g_assert_true(encoder_frame(&encoder, 1000000 + ENCODER_LAG_US - 1, &frame));
	g_assert_false(encoder_frame(&encoder, 1000000 + ENCODER_LAG_US, &frame));
	encoder_set_target(&encoder, 2000000, 300000);
	g_assert_true(encoder_frame(&encoder, 2000000 + ENCODER_LAG_US, &frame));
	g_assert_true(frame.is_keyframe);
}

static void simulcast_fills_from_below(void)
{
	const struct simulcast_row *rows[] = {simulcast_row(180), simulcast_row(360),
					      simulcast_row(720)};
	static const struct {
		uint32_t total;
		unsigned active;
		uint32_t out[3];
	} steps[] = {
		{20000, 7, {30000, 0, 0}},	  {250000, 7, {200000, 0, 0}},
		{300000, 7, {150000, 150000, 0}}, {700000, 7, {150000, 550000, 0}},
		{300000, 2, {0, 300000, 0}},	  {5000000, 7, {150000, 500000, 2500000}},
		{100000, 0, {0, 0, 0}},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		uint32_t out[LIMIT_ENCODINGS];

		simulcast_share(rows, 3, steps[i].active, steps[i].total, out);
		for (size_t e = 0; e < 3; e++)
			g_assert_cmpuint(out[e], ==, steps[i].out[e]);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/encoder/rate", rate_comes_out_right_after_the_keyframe_is_paid_back);
	g_test_add_func("/encoder/keyframe", keyframe_is_ten_deltas_and_at_most_300_ms);
	g_test_add_func("/encoder/layers", layers_follow_the_pattern_of_four);
	g_test_add_func("/encoder/lag", new_target_waits_for_the_lag_and_zero_stops);
	g_test_add_func("/simulcast/share", simulcast_fills_from_below);
	return g_test_run();
}
