/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>
#include <stdlib.h>

#include "tests/unit/uplink_world.h"

#define START (100 * SECOND)

static const struct uplink_state *state(const struct world *w)
{
	return uplink_state(&w->uplink);
}

/* A sender that only REMB holds, or one with an estimate of its own: what matters is the queue in
 * steady state, and that the link is used. Scenario 5 of the plan asks for 120 ms. */
static void steady(uint32_t link_bps, bool is_deaf, bool has_send_time)
{
	struct world *w = world_new(link_bps);
	int64_t q95;
	uint32_t got;

	w->is_deaf = is_deaf;
	w->has_send_time = has_send_time;
	world_run(w, START + 15 * SECOND);
	world_watch(w);
	world_run(w, START + 180 * SECOND);
	q95 = world_queue_percentile(w, 95);
	got = world_got_bps(w);
	g_test_message("%u bit/s, deaf %d, send time %d: q95 %d ms, got %u, least cap %u", link_bps,
		       is_deaf, has_send_time, (int)(q95 / MS), got, w->least_cap_bps);
	g_assert_cmpint(q95, <=, 120 * MS);
	g_assert_cmpuint(got, >=, link_bps / 100 * 85);
	if (w->least_cap_bps)
		g_assert_cmpuint(w->least_cap_bps, >, link_bps / 2);
	world_free(w);
}

static void the_queue_is_bounded_in_steady_state(void)
{
	steady(250000, true, true);
	steady(250000, false, true);
	steady(128000, true, true);
	steady(600000, true, true);
}

static void rtp_timestamps_do_without_send_times(void)
{
	steady(250000, true, false);
	steady(600000, true, false);
}

/* A satellite's round trip of 600 ms, and sound with hardly a picture on 64 kbit/s. */
static void long_paths_and_thin_links_are_bounded_too(void)
{
	static const struct {
		uint32_t link_bps;
		int delay_ms;
		double ptime_ms;
		int q95_ms;
	} steps[] = {{64000, 25, 60, 120},
		     {64000, 150, 60, 130},
		     {96000, 150, 60, 150},
		     {128000, 300, 20, 170},
		     {500000, 300, 20, 170}};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		struct world *w = world_new(steps[i].link_bps);
		int64_t q95;

		w->is_deaf = true;
		w->own_bps = 60000;
		w->delay_us = steps[i].delay_ms * MS;
		w->ptime_ms = steps[i].ptime_ms;
		w->queue_limit_us = 2 * SECOND;
		world_run(w, START + 15 * SECOND);
		world_watch(w);
		world_run(w, START + 180 * SECOND);
		q95 = world_queue_percentile(w, 95);
		g_test_message("%u bit/s, %d ms: q95 %d ms, got %u", steps[i].link_bps,
			       steps[i].delay_ms, (int)(q95 / MS), world_got_bps(w));
		g_assert_cmpint(q95, <=, steps[i].q95_ms * MS);
		g_assert_cmpuint(world_got_bps(w), >=, steps[i].link_bps / 100 * 90);
		world_free(w);
	}
}

/* An upload of 0.5 MB by somebody else in the house. */
static void others_fill_the_link_and_leave(bool is_deaf)
{
	struct world *w = world_new(250000);
	uint32_t floor;
	double before;

	w->is_deaf = is_deaf;
	world_run(w, START + 60 * SECOND);
	before = world_target_bps(w);
	w->tcp_left = 500000;
	w->tcp_window = 15000;
	world_watch(w);
	while (w->tcp_end_us == 0) {
		world_run(w, w->now_us + 100 * MS);
		g_assert_cmpint(w->now_us, <, START + 120 * SECOND);
	}
	/* Sound of 51 kbit/s always has its place. */
	floor = UPLINK_LEAST_BPS + 50000;
	g_test_message("deaf %d: before %.0f, upload took %d ms, least cap %u, at end %.0f, q95 %d",
		       is_deaf, before, (int)((w->tcp_end_us - START - 60 * SECOND) / MS),
		       w->least_cap_bps, world_target_bps(w),
		       (int)(world_queue_percentile(w, 95) / MS));
	g_assert_cmpuint(w->least_cap_bps, >=, floor);
	g_assert_cmpuint(w->least_cap_bps, <, 150000);
	world_run(w, w->tcp_end_us + 5 * SECOND);
	g_test_message("5 s after: %.0f, cap %u, capacity %u", world_target_bps(w),
		       state(w)->cap_bps, state(w)->capacity_bps);
	/* What was there before; or as fast as the sender itself climbs, held by nothing. */
	if (is_deaf)
		g_assert_cmpfloat(world_target_bps(w), >=, 0.8 * before);
	else
		g_assert_cmpfloat(world_target_bps(w), >=, 81000 * 1.3);
	g_assert_true(state(w)->capacity_bps == 0 || state(w)->capacity_bps > 200000);
	world_free(w);
}

static void an_upload_of_others_is_yielded_to_and_got_over(void)
{
	others_fill_the_link_and_leave(true);
	others_fill_the_link_and_leave(false);
}

static void jitter_is_no_queue(void)
{
	static const int jitters_ms[] = {25, 50, 80};

	for (size_t i = 0; i < G_N_ELEMENTS(jitters_ms); i++) {
		struct world *w = world_new(1000000);

		w->jitter_us = jitters_ms[i] * MS;
		w->max_bps = 500000;
		w->own_bps = 300000;
		w->is_deaf = true;
		world_run(w, START + 120 * SECOND);
		g_test_message("jitter %d: %d ms seen at most", jitters_ms[i],
			       (int)(w->highest_seen_us / MS));
		g_assert_cmpuint(w->least_cap_bps, ==, 0);
		/* Sound alone, in packets of 60 ms. */
		w->has_no_video = true;
		w->ptime_ms = 60;
		world_watch(w);
		world_run(w, START + 240 * SECOND);
		g_test_message("  60 ms: %d ms seen at most", (int)(w->highest_seen_us / MS));
		g_assert_cmpuint(w->least_cap_bps, ==, 0);
		g_assert_cmpint(w->highest_seen_us, <, 100 * MS);
		world_free(w);
	}
}

static void a_clock_that_drifts_is_no_queue(void)
{
	static const double rates[] = {1.0001, 0.9999};

	for (size_t i = 0; i < G_N_ELEMENTS(rates); i++) {
		struct world *w = world_new(1000000);

		w->clock_rate = rates[i];
		w->max_bps = 500000;
		w->is_deaf = true;
		world_run(w, START + 20 * SECOND);
		world_watch(w);
		world_run(w, START + 600 * SECOND);
		g_assert_cmpuint(w->least_cap_bps, ==, 0);
		g_assert_cmpint(w->highest_seen_us, <, 30 * MS);
		world_free(w);
	}
}

/* LEO: every 15 s the path changes by 20 ms, holds everything for 100 ms and loses some. */
static void steps_of_a_satellite_are_no_queue(void)
{
	struct world *w = world_new(5000000);

	w->max_bps = 1500000;
	w->own_bps = 500000;
	w->is_deaf = true;
	for (int i = 1; i <= 12; i++) {
		w->delay_us = (i % 2 ? 45 : 25) * MS;
		w->stalled_until_us = w->now_us + 100 * MS;
		w->loss_permille = 300;
		world_run(w, w->now_us + 150 * MS);
		w->stalled_until_us = 0;
		w->loss_permille = 0;
		world_run(w, START + i * 15 * SECOND);
	}
	g_assert_cmpuint(w->least_cap_bps, ==, 0);
	g_assert_cmpfloat(world_target_bps(w), ==, 1500000);
	world_free(w);
}

/* Without a word from ICE the path gets 150 ms longer for good. */
static void a_longer_path_is_got_over(void)
{
	struct world *w = world_new(1000000);

	w->max_bps = 500000;
	w->is_deaf = true;
	world_run(w, START + 30 * SECOND);
	w->delay_us += 150 * MS;
	world_run(w, START + 37 * SECOND);
	g_test_message("least cap %u, queue %d ms, cap %u", w->least_cap_bps,
		       (int)(state(w)->queue_us / MS), state(w)->cap_bps);
	g_assert_cmpint(state(w)->queue_us, <, 40 * MS);
	world_run(w, START + 45 * SECOND);
	g_assert_cmpfloat(world_target_bps(w), ==, 500000);
	world_free(w);
}

static void a_drop_of_capacity_drains_soon(void)
{
	struct world *w = world_new(1000000);
	int64_t drained = 0;

	w->is_deaf = true;
	w->max_bps = 900000;
	world_run(w, START + 60 * SECOND);
	w->link_bps = 250000;
	world_run(w, START + 61 * SECOND);
	while (drained == 0) {
		world_run(w, w->now_us + 100 * MS);
		if (w->free_us - w->now_us < 100 * MS)
			drained = w->now_us - START - 60 * SECOND;
		g_assert_cmpint(w->now_us, <, START + 70 * SECOND);
	}
	g_test_message("drained after %d ms, cap %u", (int)(drained / MS), state(w)->cap_bps);
	g_assert_cmpint(drained, <=, 4500 * MS);
	world_run(w, START + 80 * SECOND);
	g_assert_cmpuint(state(w)->capacity_bps, >, 215000);
	g_assert_cmpuint(state(w)->capacity_bps, <, 290000);
	/* And up again. */
	w->link_bps = 1000000;
	world_run(w, START + 100 * SECOND);
	g_test_message("20 s after the rise: %.0f, capacity %u", world_target_bps(w),
		       state(w)->capacity_bps);
	g_assert_cmpfloat(world_target_bps(w), >=, 700000);
	g_assert_cmpuint(state(w)->capacity_bps, >, 600000);
	world_free(w);
}

/* The radio holds everything for three seconds and then sends it at its rate. */
static void an_outage_is_got_over(void)
{
	struct world *w = world_new(1000000);

	w->max_bps = 600000;
	w->own_bps = 600000;
	world_run(w, START + 30 * SECOND);
	w->stalled_until_us = w->now_us + 3 * SECOND;
	/* libwebrtc's congestion window stops it: 300 ms of media wait. */
	world_run(w, w->now_us + 300 * MS);
	w->is_quiet = true;
	world_run(w, w->stalled_until_us);
	w->is_quiet = false;
	w->own_bps = 600000;
	world_run(w, w->now_us + 3 * SECOND);
	g_test_message("3 s after: %.0f, cap %u", world_target_bps(w), state(w)->cap_bps);
	g_assert_cmpfloat(world_target_bps(w), >=, 0.85 * 600000);
	world_free(w);
}

static void thin_uplinks_get_long_packets(void)
{
	struct world *w = world_new(55000);

	w->is_deaf = true;
	world_run(w, START + 10 * SECOND);
	g_assert_cmpuint(state(w)->ptime_ms, ==, 60);
	w->ptime_ms = 60;
	/* The guess grows, and nothing comes of that. */
	world_run(w, START + 120 * SECOND);
	g_assert_cmpuint(state(w)->ptime_ms, ==, 60);
	w->link_bps = 300000;
	world_run(w, START + 180 * SECOND);
	g_assert_cmpuint(state(w)->ptime_ms, ==, 0);
	world_free(w);

	w = world_new(110000);
	w->is_deaf = true;
	world_run(w, START + 60 * SECOND);
	g_assert_cmpuint(state(w)->ptime_ms, ==, 0);
	world_free(w);
}

static void loss_is_told_and_cuts_nothing(void)
{
	struct world *w = world_new(1000000);

	w->max_bps = 500000;
	w->own_bps = 500000;
	w->is_deaf = true;
	world_run(w, START + 5 * SECOND);
	g_assert_cmpuint(state(w)->loss_permille, ==, 0);
	g_assert_false(state(w)->is_unstable);
	w->loss_permille = 200;
	world_run(w, START + 10 * SECOND);
	g_assert_cmpuint(state(w)->loss_permille, >, 80);
	g_assert_cmpuint(state(w)->loss_permille, <, 350);
	g_assert_true(state(w)->is_unstable);
	g_assert_cmpuint(w->least_cap_bps, ==, 0);
	world_free(w);
}

static void the_guess_grows_while_nothing_queues(void)
{
	struct world *w = world_new(250000);
	uint32_t seen;

	w->is_deaf = true;
	world_run(w, START + 30 * SECOND);
	seen = state(w)->capacity_bps;
	g_assert_cmpuint(seen, >, 210000);
	w->max_bps = 100000;
	world_run(w, START + 40 * SECOND);
	g_assert_cmpuint(state(w)->capacity_bps, <=, seen + seen / 10);
	g_assert_cmpuint(state(w)->cap_bps, ==, 0);
	/* Much less than it: nothing shows that it is too low. */
	world_run(w, START + 75 * SECOND);
	g_assert_cmpuint(state(w)->capacity_bps, <=, seen + seen / 10);
	world_run(w, START + 120 * SECOND);
	g_assert_cmpuint(state(w)->capacity_bps, >, 2 * seen);
	/* It was wrong: the next time it is more careful. */
	w->max_bps = 2000000;
	w->own_bps = 300000;
	world_run(w, START + 135 * SECOND);
	g_assert_cmpuint(state(w)->capacity_bps, <, 290000);
	w->max_bps = 100000;
	seen = state(w)->capacity_bps;
	world_run(w, START + 220 * SECOND);
	g_assert_cmpuint(state(w)->capacity_bps, <=, seen + seen / 10);
	world_free(w);
}

static void a_guess_that_is_nearly_used_grows_sooner(void)
{
	struct world *w = world_new(250000);
	uint32_t seen;

	w->is_deaf = true;
	world_run(w, START + 30 * SECOND);
	seen = state(w)->capacity_bps;
	w->max_bps = seen * 95 / 100;
	world_run(w, START + 60 * SECOND);
	g_assert_cmpuint(state(w)->capacity_bps, >, seen + seen / 50);
	world_free(w);
}

static void silence_lifts_the_cap(void)
{
	struct world *w = world_new(250000);

	w->is_deaf = true;
	w->own_bps = 500000;
	world_run(w, START + 10 * SECOND);
	g_assert_cmpuint(state(w)->cap_bps, >, 0);
	w->is_quiet = true;
	world_run(w, START + 13 * SECOND);
	g_assert_cmpint(state(w)->queue_us, ==, UPLINK_QUEUE_UNKNOWN);
	g_assert_cmpuint(state(w)->arrival_bps, ==, 0);
	g_assert_cmpuint(state(w)->cap_bps, >, 0);
	world_run(w, START + 24 * SECOND);
	g_assert_cmpuint(state(w)->cap_bps, ==, 0);
	/* Minutes later everything is as at first. */
	world_run(w, START + 300 * SECOND);
	w->is_quiet = false;
	w->own_bps = 100000;
	w->max_bps = 100000;
	world_watch(w);
	world_run(w, START + 310 * SECOND);
	g_assert_cmpuint(w->least_cap_bps, ==, 0);
	g_assert_cmpint(w->highest_seen_us, <, 60 * MS);
	world_free(w);
}

static void another_path_is_another_link(void)
{
	struct world *w = world_new(250000);

	w->is_deaf = true;
	w->own_bps = 500000;
	world_run(w, START + 10 * SECOND);
	g_assert_cmpuint(state(w)->cap_bps, >, 0);
	uplink_route_changed(&w->uplink, w->now_us, 48);
	g_assert_cmpuint(state(w)->cap_bps, ==, 0);
	g_assert_cmpuint(state(w)->capacity_bps, ==, 0);
	g_assert_cmpint(state(w)->queue_us, ==, UPLINK_QUEUE_UNKNOWN);
	g_assert_cmpint(uplink_deadline_us(&w->uplink), ==, INT64_MAX);
	world_free(w);
}

#define ADD(name) g_test_add_func("/uplink/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(the_queue_is_bounded_in_steady_state);
	ADD(rtp_timestamps_do_without_send_times);
	ADD(long_paths_and_thin_links_are_bounded_too);
	ADD(an_upload_of_others_is_yielded_to_and_got_over);
	ADD(jitter_is_no_queue);
	ADD(a_clock_that_drifts_is_no_queue);
	ADD(steps_of_a_satellite_are_no_queue);
	ADD(a_longer_path_is_got_over);
	ADD(a_drop_of_capacity_drains_soon);
	ADD(an_outage_is_got_over);
	ADD(thin_uplinks_get_long_packets);
	ADD(loss_is_told_and_cuts_nothing);
	ADD(the_guess_grows_while_nothing_queues);
	ADD(a_guess_that_is_nearly_used_grows_sooner);
	ADD(silence_lifts_the_cap);
	ADD(another_path_is_another_link);
	return g_test_run();
}
