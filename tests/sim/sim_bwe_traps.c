/* SPDX-License-Identifier: EUPL-1.2 */
/* One test for each trap that known estimators fall into. VIDD_BWE_TRACE=1 prints every second. */
#include <glib.h>

#include "tests/sim/bwe_call.h"

#define S 1000000

/* Started at 2 Mbit/s on a line of 300 kbit/s. */
static void a_start_above_the_line_is_taken_back(void)
{
	struct call *c = call_new(300000, 40000, 1000, 2000000);

	call_run(c, 20 * S);
	call_trace(c, "start");
	double drained_s = call_queue_below_s(c, 0, 100);
	g_test_message("start at 2 M on 300 k: longest queue %.0f ms, below 100 ms after %.1f s, "
		       "then %u kbit/s",
		       call_queue_max_ms(c, 0, 10), drained_s, call_bps(c, 5, 20) / 1000);
	g_assert_cmpfloat(call_queue_max_ms(c, 0, 10), <=, 700);
	g_assert_cmpfloat(drained_s, >=, 0);
	g_assert_cmpfloat(drained_s, <=, 2.5);
	g_assert_cmpuint(call_bps(c, 5, 20), >=, 250000);
	call_free(c);
}

/* No video for a minute: what was known is not lost, and it is there at once. */
static void a_pause_starves_nothing(void)
{
	struct call *c = call_new(1500000, 40000, 300, 0);

	call_run(c, 20 * S);
	uint32_t before = bwe_state(c->bwe)->target_bps;
	c->is_paused = true;
	call_run(c, 80 * S);
	uint32_t paused = bwe_state(c->bwe)->target_bps;
	c->is_paused = false;
	call_run(c, 100 * S);
	call_trace(c, "pause");
	g_test_message("pause: target %u before, %u at its end; %u kbit/s in the 2nd second after, "
		       "queue95 %.0f ms",
		       before / 1000, paused / 1000, call_bps(c, 81, 82) / 1000,
		       call_queue95_ms(c, 80, 90));
	g_assert_cmpuint(paused, >=, before / 10 * 8);
	g_assert_cmpuint(paused, <=, before / 10 * 16);
	g_assert_cmpuint(call_bps(c, 81, 82), >=, 1200000);
	g_assert_cmpfloat(call_queue95_ms(c, 80, 90), <=, 150);
	call_free(c);
}

static void jitter(int64_t jitter_us, bool may_reorder, double use)
{
	struct call *c = call_new(1000000, 30000, 500, 0);

	c->link.jitter_us = jitter_us;
	c->link.may_reorder = may_reorder;
	call_run(c, 60 * S);
	call_trace(c, "jitter");
	double got = 100.0 * call_bps(c, 10, 60) / 1e6;
	g_test_message("jitter 0..%d ms%s: use %.0f %%, queue95 %.0f ms, loss told %u permille",
		       (int)(jitter_us / 1000), may_reorder ? ", reordered" : "", got,
		       call_queue95_ms(c, 10, 60), bwe_state(c->bwe)->loss_permille);
	g_assert_cmpfloat(got, >=, use);
	g_assert_cmpfloat(call_queue95_ms(c, 10, 60), <=, 200);
	g_assert_cmpuint(bwe_state(c->bwe)->loss_permille, <=, 5);
	call_free(c);
}

static void jitter_and_reordering_lower_little(void)
{
	jitter(30000, false, 85);
	jitter(100000, true, 80);
}

/* Half of the feedback never comes; then none at all for a while, though the link is well. */
static void lost_feedback_lowers_little(void)
{
	struct call *c = call_new(1000000, 40000, 300, 0);
	struct call *clean = call_new(1000000, 40000, 300, 0);

	c->feedback_loss = 0.3;
	call_run(c, 60 * S);
	call_run(clean, 60 * S);
	call_trace(c, "fbloss");
	double share = 100.0 * call_bps(c, 10, 60) / call_bps(clean, 10, 60);
	g_test_message("30 %% of feedback lost: %.0f %% of the clean run, queue95 %.0f ms", share,
		       call_queue95_ms(c, 10, 60));
	g_assert_cmpfloat(share, >=, 85);
	g_assert_cmpfloat(call_queue95_ms(c, 10, 60), <=, 150);
	call_free(c);
	call_free(clean);
}

static void a_hole_in_feedback_alone_cuts_nothing(void)
{
	struct call *c = call_new(3000000, 40000, 300, 0);

	c->wanted_bps = 1000000;
	call_run(c, 20 * S);
	uint32_t before = bwe_state(c->bwe)->target_bps;
	c->feedback_dead_until_us = c->now_us + 600000;
	call_run(c, 21 * S);
	uint32_t after = bwe_state(c->bwe)->target_bps;
	call_trace(c, "hole");
	g_test_message("feedback gone for 600 ms: target %u before, %u after", before / 1000,
		       after / 1000);
	g_assert_cmpuint(after, >=, before / 10 * 9);
	call_free(c);
}

/* Keyframes of ten frames in every second, frames that vary by half: no more than passing waves. */
static void bursts_of_video_are_no_congestion(void)
{
	struct call *c = call_new(2000000, 40000, 300, 0);

	c->wanted_bps = 1000000;
	c->vbr = 0.5;
	c->keyframe_us = 2 * S;
	call_run(c, 60 * S);
	call_trace(c, "vbr");
	uint32_t least = call_target_min(c, 10, 60);
	g_test_message("bursts: least target %u kbit/s, queue95 %.0f ms", least / 1000,
		       call_queue95_ms(c, 10, 60));
	g_assert_cmpuint(least, >=, 1000000);
	call_free(c);
}

static void falls_from_2_mbit_to_300_kbit_and_back(void)
{
	static const struct bottleneck_step steps[] = {
		{1000000 + 30 * S, 300000, 0},
		{1000000 + 60 * S, 2000000, 0},
		{-1, 0, 0},
	};
	struct call *c = call_new(2000000, 40000, 500, 0);

	c->link.steps = steps;
	call_run(c, 90 * S);
	call_trace(c, "drop");
	double drained_s = call_queue_below_s(c, 30, 100);
	double back_s = call_recovery_s(c, 60, 1620000);
	g_test_message("2 M to 300 k: queue below 100 ms after %.1f s, %u kbit/s there, back after "
		       "%.1f s",
		       drained_s, call_bps(c, 33, 60) / 1000, back_s);
	g_assert_cmpfloat(drained_s, >=, 0);
	g_assert_cmpfloat(drained_s, <=, 2.5);
	g_assert_cmpuint(call_bps(c, 33, 60), >=, 250000);
	g_assert_cmpfloat(back_s, >=, 0);
	g_assert_cmpfloat(back_s, <=, 5);
	call_free(c);
}

/* Feedback of what the history has forgotten: blind is not well. */
static void unmatched_feedback_lowers_the_rate(void)
{
	struct call *c = call_new(3000000, 40000, 300, 0);

	c->wanted_bps = 2000000;
	call_run(c, 20 * S);
	uint32_t before = bwe_state(c->bwe)->target_bps;
	c->forgets_seq = true;
	call_run(c, 25 * S);
	uint32_t blind = bwe_state(c->bwe)->target_bps;
	c->forgets_seq = false;
	call_run(c, 45 * S);
	call_trace(c, "blind");
	g_test_message("unmatched feedback: target %u before, %u after 5 s, %u kbit/s 15 s later",
		       before / 1000, blind / 1000, call_bps(c, 40, 45) / 1000);
	g_assert_cmpuint(blind, <=, before / 4);
	g_assert_cmpuint(call_bps(c, 40, 45), >=, 1700000);
	call_free(c);
}

/* What polices drops without a queue: then loss says what delay cannot. */
static void a_policer_is_found_by_its_loss(void)
{
	struct call *c = call_new(5000000, 40000, 300, 0);

	c->link.police_bps = 800000;
	call_run(c, 60 * S);
	call_trace(c, "police");
	g_test_message("policer of 800 k: %u kbit/s arrive, target %u, loss %u permille",
		       call_bps(c, 20, 60) / 1000, bwe_state(c->bwe)->target_bps / 1000,
		       bwe_state(c->bwe)->loss_permille);
	g_assert_cmpuint(call_bps(c, 20, 60), >=, 640000);
	g_assert_cmpuint(bwe_state(c->bwe)->loss_permille, <=, 230);
	call_free(c);
}

/* Another path, 200 ms longer, and nobody says so: a queue that does not move is none. */
static void a_longer_path_is_no_queue_for_long(void)
{
	static const struct bottleneck_step steps[] = {
		{1000000 + 20 * S, 1000000, 240000},
		{-1, 0, 0},
	};
	struct call *c = call_new(1000000, 40000, 300, 0);

	c->link.steps = steps;
	call_run(c, 60 * S);
	call_trace(c, "path");
	g_test_message("200 ms longer: %u kbit/s before, %u from 20 s later on, queue95 %.0f ms",
		       call_bps(c, 10, 20) / 1000, call_bps(c, 40, 60) / 1000,
		       call_queue95_ms(c, 40, 60));
	g_assert_cmpuint(call_bps(c, 40, 60), >=, 750000);
	g_assert_cmpfloat(call_queue95_ms(c, 40, 60), <=, 200);
	call_free(c);
}

#define ADD(name) g_test_add_func("/sim_bwe_traps/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	ADD(a_start_above_the_line_is_taken_back);
	ADD(a_pause_starves_nothing);
	ADD(jitter_and_reordering_lower_little);
	ADD(lost_feedback_lowers_little);
	ADD(a_hole_in_feedback_alone_cuts_nothing);
	ADD(bursts_of_video_are_no_congestion);
	ADD(falls_from_2_mbit_to_300_kbit_and_back);
	ADD(unmatched_feedback_lowers_the_rate);
	ADD(a_policer_is_found_by_its_loss);
	ADD(a_longer_path_is_no_queue_for_long);
	return g_test_run();
}
