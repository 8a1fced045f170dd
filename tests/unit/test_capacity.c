/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>

#include "media/rate/capacity.h"

#define S 1000000

static struct capacity_in calm(int64_t now_us, uint32_t target_bps)
{
	return (struct capacity_in){
		.now_us = now_us,
		.target_bps = target_bps,
		.wanted_bps = 4000000,
		.sent_bps = target_bps,
		.clear_us = S,
		.rtt_us = 100000,
		.loop_us = 260000,
	};
}

static void remembers_a_minute(void)
{
	struct capacity c = {0};

	g_assert_cmpuint(capacity_quantile(&c, 0, 50), ==, 0);
	for (uint32_t i = 1; i <= 10; i++)
		capacity_saturated(&c, (int64_t)i * S, i * 100000);
	capacity_saturated(&c, 10 * S + 1, 9); /* more than one a second says nothing more */
	g_assert_cmpuint(capacity_quantile(&c, 11 * S, 10), ==, 100000);
	g_assert_cmpuint(capacity_quantile(&c, 11 * S, 50), ==, 500000);
	g_assert_cmpuint(capacity_quantile(&c, 11 * S, 90), ==, 900000);
	g_assert_cmpuint(capacity_quantile(&c, 66 * S, 10), ==, 600000);
	g_assert_cmpuint(capacity_quantile(&c, 99 * S, 50), ==, 0);
}

static void starts_with_at_most_twice(void)
{
	struct capacity c = {0};
	struct capacity_in in = calm(S, 200000);
	struct capacity_probe p = capacity_want(&c, &in);

	g_assert_cmpuint(p.bps, >, 300000);
	g_assert_cmpuint(p.bps, <=, 400000);
	g_assert_cmpuint(p.bytes, <=, 400000 / 8 / 10);
	in.clear_us = 0;
	g_assert_cmpuint(capacity_want(&c, &in).bps, ==, 0);
	in.clear_us = S;
	in.wanted_bps = 150000;
	g_assert_cmpuint(capacity_want(&c, &in).bps, ==, 0);
}

static void costs_little_at_first_and_more_with_success(void)
{
	struct capacity c = {.is_found = true};
	struct capacity_in in = calm(S, 1000000);

	in.next_bps = 3000000;
	g_assert_cmpuint(capacity_want(&c, &in).bps, ==, 1400000); /* 40 ms in 100 */
	capacity_passed(&c, S);
	g_assert_cmpuint(capacity_want(&c, &in).bps, ==, 1800000);
	capacity_failed(&c, S);
	in.now_us = 3 * S;
	g_assert_cmpuint(capacity_want(&c, &in).bps, ==, 1400000);
}

static void asks_for_the_next_layer_and_a_tenth(void)
{
	struct capacity c = {.is_found = true};
	struct capacity_in in = calm(S, 1000000);

	in.next_bps = 1100000;
	g_assert_cmpuint(capacity_want(&c, &in).bps, ==, 1210000);
}

/* The sum is above what is sent then, and nothing else would ever ask for it. */
static void asks_for_the_room_that_an_upgrade_waits_for(void)
{
	struct capacity c = {.is_found = true};
	struct capacity_in in = calm(6 * S, 1300000);

	in.next_bps = in.wanted_bps = 1200000;
	in.room_bps = 1650000;
	g_assert_cmpuint(capacity_want(&c, &in).bps, ==, 0); /* it may come by itself */
	in.now_us += 5 * S;
	g_assert_cmpuint(capacity_want(&c, &in).bps, ==, 1732500);
	in.now_us += 5 * S;
	in.target_bps = 1650000;
	g_assert_cmpuint(capacity_want(&c, &in).bps, ==, 0);
	in.room_bps = 0;
	in.target_bps = 1200000;
	g_assert_cmpuint(capacity_want(&c, &in).bps, ==, 0);
}

/* What varies is not to keep it waiting for seconds. */
static void asks_for_half_as_much_again_at_the_start(void)
{
	struct capacity c = {0};
	struct capacity_in in = calm(S, 1700000);

	in.next_bps = in.wanted_bps = 1200000;
	in.room_bps = 1650000;
	g_assert_cmpuint(capacity_want(&c, &in).bps, ==, 2475000);
	in.target_bps = 2475000;
	g_assert_cmpuint(capacity_want(&c, &in).bps, ==, 0);
	in.target_bps = 1700000;
	in.room_bps = 0; /* nothing waits for it */
	g_assert_cmpuint(capacity_want(&c, &in).bps, ==, 0);
}

static void asks_for_what_was_there_before_a_drop(void)
{
	struct capacity c = {0};
	struct capacity_in in = calm(6 * S, 1000000);

	for (int i = 1; i <= 5; i++)
		capacity_saturated(&c, i * S, 1300000);
	g_assert_cmpuint(capacity_want(&c, &in).bps, ==, 1300000);
}

static void failure_backs_off_and_a_rise_resets(void)
{
	struct capacity c = {.is_found = true};
	struct capacity_in in = calm(S, 1000000);
	int64_t last = 0;

	in.next_bps = 2000000;
	for (int i = 0; i < 8; i++) {
		capacity_failed(&c, in.now_us);
		int64_t wait = c.not_before_us - in.now_us;
		g_assert_cmpint(wait, >=, last);
		g_assert_cmpint(wait, <=, 30 * S);
		last = wait;
		in.now_us = c.not_before_us - 1;
		g_assert_cmpuint(capacity_want(&c, &in).bps, ==, 0);
		in.now_us++;
		g_assert_cmpuint(capacity_want(&c, &in).bps, !=, 0);
	}
	g_assert_cmpint(last, ==, 30 * S);
	capacity_failed(&c, in.now_us);
	capacity_risen(&c);
	g_assert_cmpuint(capacity_want(&c, &in).bps, !=, 0);
}

static void standing_still_is_probed_after_15_s(void)
{
	struct capacity c = {.is_found = true};
	struct capacity_in in = calm(S, 1000000);

	g_assert_cmpuint(capacity_want(&c, &in).bps, ==, 0);
	in.now_us = 15 * S;
	g_assert_cmpuint(capacity_want(&c, &in).bps, ==, 0);
	in.now_us = 16 * S;
	g_assert_cmpuint(capacity_want(&c, &in).bps, ==, 1400000);
}

#define ADD(name) g_test_add_func("/capacity/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(remembers_a_minute);
	ADD(starts_with_at_most_twice);
	ADD(costs_little_at_first_and_more_with_success);
	ADD(asks_for_the_next_layer_and_a_tenth);
	ADD(asks_for_the_room_that_an_upgrade_waits_for);
	ADD(asks_for_half_as_much_again_at_the_start);
	ADD(asks_for_what_was_there_before_a_drop);
	ADD(failure_backs_off_and_a_rise_resets);
	ADD(standing_still_is_probed_after_15_s);
	return g_test_run();
}
