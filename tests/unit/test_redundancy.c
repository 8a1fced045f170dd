/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>

#include "media/rate/redundancy.h"

#define S 1000000LL

static const struct redundancy_link IPV4 = {.overhead_bytes = 68};
static const struct redundancy_link ADSL = {.overhead_bytes = 68, .is_atm = true};

/* Kilobits a second, by hand from the bytes of each packet. */
static void costs_are_those_of_the_bytes(void)
{
	static const struct voice_policy policies[] = {{1, 0}, {2, 0}, {3, 0}, {1, 1}, {3, 1}};
	static const struct {
		uint32_t opus;
		double ip[5];
		double adsl[5];
	} rows[] = {
		{12000, {39.2, 25.6, 21.1, 53.2, 33.7}, {63.6, 42.4, 35.3, 84.8, 49.5}},
		{16000, {43.2, 29.6, 25.1, 61.2, 41.7}, {84.8, 42.4, 35.3, 106, 56.5}},
		{24000, {51.2, 37.6, 33.1, 77.2, 57.7}, {84.8, 53.0, 42.4, 106, 70.7}},
		{32000, {59.2, 45.6, 41.1, 93.2, 73.7}, {84.8, 63.6, 56.5, 127.2, 91.9}},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		for (size_t j = 0; j < G_N_ELEMENTS(policies); j++) {
			double ip = redundancy_cost_bps(&policies[j], rows[i].opus, &IPV4) / 1e3;
			double adsl = redundancy_cost_bps(&policies[j], rows[i].opus, &ADSL) / 1e3;

			g_assert_cmpfloat_with_epsilon(ip, rows[i].ip[j], 0.06);
			g_assert_cmpfloat_with_epsilon(adsl, rows[i].adsl[j], 0.06);
		}
	}
}

static struct redundancy_view usual(void)
{
	return (struct redundancy_view){
		.mean_burst = 1,
		.rtt_us = 150000,
		.target_bps = 1000000,
		.spare_bps = 400000,
		.opus_bps = 16000,
		.link = IPV4,
		.has_red = true,
		.has_nack = true,
	};
}

static void losses_choose_the_distance(void)
{
	static const struct {
		double loss;
		double burst;
		int64_t rtt_us;
		uint8_t distance;
		bool uses_nack;
	} steps[] = {
		{0, 1, 50000, 0, true},
		{0, 1, 150000, 0, true},
		{0, 1, 300000, 0, false},
		{0.009, 1, 150000, 0, true},
		/* Too far for resends: what is seldom lost is protected too. */
		{0.001, 1, 300000, 0, false},
		{0.003, 1, 300000, 1, false},
		{0.009, 1, 300000, 1, false},
		/* Independent losses: what is left is below 0.05 %, as far as three go. */
		{0.02, 1, 150000, 1, false},
		{0.02, 1.9, 50000, 1, true},
		{0.05, 1, 80000, 2, true},
		{0.10, 1, 80000, 3, true},
		{0.20, 1.2, 80000, 3, true},
		/* Bursts: as long as they are, whether a resend may help or not. */
		{0.02, 2, 150000, 2, false},
		{0.02, 3, 150000, 3, false},
		{0.05, 5, 300000, 4, false},
		{0.05, 3, 80000, 3, true},
		{0.10, 8, 80000, 4, true},
		{0.02, 3, 0, 3, false},
		{0.02, 0, 150000, 1, false},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		struct redundancy r = {.uses_nack = false};
		struct redundancy_view view = usual();

		view.loss = steps[i].loss;
		view.mean_burst = steps[i].burst;
		view.rtt_us = steps[i].rtt_us;
		redundancy_update(&r, 0, &view);
		g_assert_cmpuint(r.policy.red_distance, ==, steps[i].distance);
		g_assert_cmpint(r.uses_nack, ==, steps[i].uses_nack);
		g_assert_cmpuint(r.policy.merge, ==, 1);
	}
}

static void without_nack_bursts_get_red(void)
{
	struct redundancy r = {.uses_nack = false};
	struct redundancy_view view = usual();

	view.loss = 0.03;
	view.mean_burst = 3;
	view.rtt_us = 50000;
	view.has_nack = false;
	redundancy_update(&r, 0, &view);
	g_assert_cmpuint(r.policy.red_distance, ==, 3);
	g_assert_false(r.uses_nack);
	/* ... and without either there is nothing to be done. */
	view.has_red = false;
	g_assert_true(redundancy_update(&r, 1, &view));
	g_assert_cmpuint(r.policy.red_distance, ==, 0);
	g_assert_false(r.uses_nack);
}

static void red_stays_within_what_is_spare(void)
{
	struct redundancy r = {.uses_nack = false};
	struct redundancy_view view = usual();

	view.loss = 0.05;
	view.mean_burst = 4;
	/* Each older 16 kbit/s payload: 17.6 kbit/s with its header, and 0.4 for the primary's. The
	 * first may take all that is spare, two a quarter of it. */
	view.spare_bps = 4 * 35600;
	redundancy_update(&r, 0, &view);
	g_assert_cmpuint(r.policy.red_distance, ==, 2);
	view.spare_bps = 4 * 35500;
	redundancy_update(&r, 1, &view);
	g_assert_cmpuint(r.policy.red_distance, ==, 1);
	view.spare_bps = 17000;
	redundancy_update(&r, 2, &view);
	g_assert_cmpuint(r.policy.red_distance, ==, 0);
}

/* With 17 packets a second a few seconds tell little. */
static void a_few_seconds_without_losses_end_nothing(void)
{
	struct redundancy r = {.uses_nack = false};
	struct redundancy_view view = usual();

	for (int s = 0; s < 120; s++) {
		view.loss = s % 10 < 5 ? 0.04 : 0;
		redundancy_update(&r, s * S, &view);
		g_assert_cmpuint(r.policy.red_distance, >=, 1);
	}
	/* ... half a minute does, and 5 s. */
	view.loss = 0;
	for (int s = 120; s < 180; s++)
		redundancy_update(&r, s * S, &view);
	g_assert_cmpuint(r.policy.red_distance, ==, 0);
	/* What is usual comes back without a bad moment. */
	view.loss = 0.015;
	redundancy_update(&r, 180 * S, &view);
	g_assert_cmpuint(r.policy.red_distance, ==, 0);
	for (int s = 180; s < 240; s++)
		redundancy_update(&r, s * S, &view);
	g_assert_cmpuint(r.policy.red_distance, ==, 1);
}

static void red_goes_when_losses_were_low_for_5_s(void)
{
	struct redundancy r = {.uses_nack = false};
	struct redundancy_view view = usual();

	view.loss = 0.02;
	g_assert_true(redundancy_update(&r, 0, &view));
	view.loss = 0.008; /* neither */
	g_assert_false(redundancy_update(&r, 60 * S, &view));
	view.loss = 0.001;
	g_assert_false(redundancy_update(&r, 120 * S, &view));
	g_assert_false(redundancy_update(&r, 124 * S, &view));
	view.loss = 0.008; /* the clock starts again */
	g_assert_false(redundancy_update(&r, 124 * S + 1, &view));
	view.loss = 0.001;
	g_assert_false(redundancy_update(&r, 125 * S, &view));
	g_assert_false(redundancy_update(&r, 130 * S - 1, &view));
	g_assert_cmpuint(r.policy.red_distance, ==, 1);
	/* With it, resends are good for longer round trips. */
	g_assert_true(redundancy_update(&r, 130 * S, &view));
	g_assert_cmpuint(r.policy.red_distance, ==, 0);
	g_assert_true(r.uses_nack);
}

static void silence_ends_red_at_once(void)
{
	struct redundancy r = {.uses_nack = false};
	struct redundancy_view view = usual();

	view.loss = 0.10;
	redundancy_update(&r, 0, &view);
	view.is_silent = true;
	g_assert_true(redundancy_update(&r, 1, &view));
	g_assert_cmpuint(r.policy.red_distance, ==, 0);
	view.is_silent = false;
	g_assert_true(redundancy_update(&r, 2, &view));
	g_assert_cmpuint(r.policy.red_distance, ==, 3);
}

static void thin_links_get_long_packets(void)
{
	static const struct {
		uint32_t bps;
		uint8_t merge;
	} steps[] = {
		{0, 1},	     {40000, 3},  {100000, 3},	{100001, 2},
		{160000, 2}, {160001, 1}, {4000000, 1},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		struct redundancy r = {.uses_nack = false};
		struct redundancy_view view = usual();

		view.target_bps = steps[i].bps;
		redundancy_update(&r, 0, &view);
		g_assert_cmpuint(r.policy.merge, ==, steps[i].merge);
	}
}

static void packets_get_short_again_after_5_s_of_room(void)
{
	struct redundancy r = {.uses_nack = false};
	struct redundancy_view view = usual();

	view.target_bps = 90000;
	redundancy_update(&r, 0, &view);
	view.target_bps = 120000; /* more, but no 25 % more */
	g_assert_false(redundancy_update(&r, 1 * S, &view));
	g_assert_false(redundancy_update(&r, 20 * S, &view));
	view.target_bps = 130000;
	g_assert_false(redundancy_update(&r, 21 * S, &view));
	view.target_bps = 90000; /* gone again */
	g_assert_false(redundancy_update(&r, 25 * S, &view));
	view.target_bps = 130000;
	g_assert_false(redundancy_update(&r, 26 * S, &view));
	view.target_bps = 300000;
	g_assert_false(redundancy_update(&r, 30 * S, &view));
	g_assert_true(redundancy_update(&r, 31 * S, &view));
	g_assert_cmpuint(r.policy.merge, ==, 1);
	/* Longer ones at once. */
	view.target_bps = 90000;
	g_assert_true(redundancy_update(&r, 31 * S + 1, &view));
	g_assert_cmpuint(r.policy.merge, ==, 3);
}

/* 41.7 against 43.2 kbit/s. */
static void below_80_kbit_red_in_long_packets_beats_short_ones(void)
{
	struct redundancy r = {.uses_nack = false};
	struct redundancy_view view = usual();

	view.target_bps = 70000;
	view.spare_bps = 0;
	view.loss = 0.01;
	redundancy_update(&r, 0, &view);
	g_assert_cmpuint(r.policy.merge, ==, 3);
	g_assert_cmpuint(r.policy.red_distance, ==, 1);
	/* Deeper would cost more than short packets. */
	view.loss = 0.05;
	view.mean_burst = 4;
	redundancy_update(&r, 1, &view);
	g_assert_cmpuint(r.policy.red_distance, ==, 1);
	/* Without losses the picture gets it. */
	r = (struct redundancy){.uses_nack = false};
	view.loss = 0;
	redundancy_update(&r, 2, &view);
	g_assert_cmpuint(r.policy.red_distance, ==, 0);
}

static void before_the_first_update_packets_are_plain(void)
{
	struct redundancy r = {.uses_nack = false};
	struct voice_policy policy = redundancy_policy(&r);

	g_assert_cmpuint(policy.merge, ==, 1);
	g_assert_cmpuint(policy.red_distance, ==, 0);
}

#define ADD(name) g_test_add_func("/redundancy/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(costs_are_those_of_the_bytes);
	ADD(losses_choose_the_distance);
	ADD(without_nack_bursts_get_red);
	ADD(red_stays_within_what_is_spare);
	ADD(a_few_seconds_without_losses_end_nothing);
	ADD(red_goes_when_losses_were_low_for_5_s);
	ADD(silence_ends_red_at_once);
	ADD(thin_links_get_long_packets);
	ADD(packets_get_short_again_after_5_s_of_room);
	ADD(below_80_kbit_red_in_long_packets_beats_short_ones);
	ADD(before_the_first_update_packets_are_plain);
	return g_test_run();
}
