/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>

#include "media/rate/control.h"

#define MS 1000

struct rig {
	struct control c;
	struct control_in in;
};

static struct rig rig(uint32_t start_bps)
{
	struct rig r = {
		.in = {.now_us = 1000 * MS, .loop_us = 260 * MS},
	};

	control_init(&r.c, r.in.now_us, start_bps, 30000, 5000000);
	return r;
}

/* `seconds` of feedback each 100 ms with that queue; all that may be sent is, up to link_bps. */
static void run(struct rig *r, double seconds, int64_t queue_us, uint32_t link_bps)
{
	for (int i = 0; i < (int)(seconds * 10 + 0.5); i++) {
		uint32_t target = control_target_bps(&r->c);
		r->in.now_us += 100 * MS;
		r->in.sent_bps = target;
		r->in.acked_bps = target < link_bps && queue_us == 0 ? target : link_bps;
		r->in.passed_bps = r->in.acked_bps;
		r->in.queue_us = queue_us;
		r->in.busy_us = queue_us > 10 * MS ? 500 * MS : 0;
		control_update(&r->c, &r->in);
	}
}

static void start_grows_until_the_first_queue(void)
{
	struct rig r = rig(200000);

	run(&r, 4, 0, 10000000);
	g_assert_cmpuint(control_target_bps(&r.c), >, 600000);
	g_assert_cmpint(r.c.phase, ==, CONTROL_START);
	r.in.trend_permille = 300;
	run(&r, 0.2, 70 * MS, 500000);
	g_assert_cmpint(r.c.phase, ==, CONTROL_STEADY);
	g_assert_cmpuint(control_target_bps(&r.c), <=, 450000);
	g_assert_true(r.c.is_decreasing);
}

/* Less arrives than is allowed, and no queue stands: what has passed is all that is known. */
static void growth_is_bounded_by_what_has_passed(void)
{
	struct rig r = rig(200000);
	uint32_t most;

	for (int i = 0; i < 300; i++) {
		r.in.now_us += 100 * MS;
		r.in.sent_bps = 190000;
		r.in.acked_bps = r.in.passed_bps = 190000;
		control_update(&r.c, &r.in);
	}
	/* One step of a start above it, and not another while nothing more passes. */
	most = control_target_bps(&r.c);
	g_assert_cmpuint(most, <=, 200000 + 200000 * 3 / 10);
	r.in.now_us += 100 * MS;
	control_update(&r.c, &r.in);
	g_assert_cmpuint(control_target_bps(&r.c), <=, most);
	/* A loop's growth is a third of the target at most, however long nothing was told. */
	r = rig(200000);
	r.in.now_us += 60000 * MS;
	r.in.sent_bps = r.in.acked_bps = r.in.passed_bps = 200000;
	control_update(&r.c, &r.in);
	g_assert_cmpuint(control_target_bps(&r.c), <=, 260000);
}

static void bounds_hold(void)
{
	struct rig r = rig(10);

	g_assert_cmpuint(control_target_bps(&r.c), ==, 30000);
	run(&r, 60, 0, 100000000);
	g_assert_cmpuint(control_target_bps(&r.c), ==, 5000000);
}

static void a_long_queue_is_drained_at_0_6(void)
{
	struct rig r = rig(1000000);

	run(&r, 0.1, 200 * MS, 500000);
	g_assert_cmpint(r.c.phase, ==, CONTROL_DRAIN);
	g_assert_cmpuint(control_target_bps(&r.c), ==, 300000);
	/* It falls: that is all there is to do. */
	r.in.trend_permille = -400;
	run(&r, 2, 100 * MS, 500000);
	g_assert_cmpint(r.c.phase, ==, CONTROL_DRAIN);
	g_assert_cmpuint(control_target_bps(&r.c), ==, 300000);
	run(&r, 0.1, 20 * MS, 500000);
	g_assert_cmpint(r.c.phase, ==, CONTROL_STEADY);
	g_assert_cmpuint(control_target_bps(&r.c), ==, 475000);
}

static void congestion_is_over_for_those_who_use_little(void)
{
	struct rig r = rig(1000000);

	run(&r, 0.2, 200 * MS, 500000);
	run(&r, 0.1, 20 * MS, 500000);
	g_assert_true(r.c.is_decreasing);
	/* They may not send more as long as it says so. */
	for (int i = 0; i < 4; i++) {
		r.in.now_us += 100 * MS;
		r.in.queue_us = 0;
		r.in.busy_us = 0;
		r.in.sent_bps = control_target_bps(&r.c) / 3;
		r.in.acked_bps = r.in.sent_bps;
		r.in.passed_bps = r.in.sent_bps;
		control_update(&r.c, &r.in);
	}
	g_assert_false(r.c.is_decreasing);
}

static void who_has_nothing_to_probe_with_is_trusted_with_a_step(void)
{
	struct rig r = rig(42000);

	run(&r, 3, 0, 1000000);
	r.c.target_bps = 42000;
	for (int i = 0; i < 10; i++)
		control_trust(&r.c, r.in.now_us, 66250);
	g_assert_cmpuint(control_target_bps(&r.c), ==, 66250);
	control_trust(&r.c, r.in.now_us, 0);
	g_assert_cmpuint(control_target_bps(&r.c), ==, 66250);
	/* Not just after a cut. */
	run(&r, 0.2, 200 * MS, 50000);
	uint32_t cut = control_target_bps(&r.c);
	control_trust(&r.c, r.in.now_us, 66250);
	g_assert_cmpuint(control_target_bps(&r.c), ==, cut);
}

static void a_queue_that_does_not_fall_is_not_ours(void)
{
	struct rig r = rig(1000000);

	run(&r, 0.1, 300 * MS, 800000);
	for (int i = 0; i < 40 && r.c.phase == CONTROL_DRAIN; i++)
		run(&r, 0.1, 300 * MS, control_target_bps(&r.c));
	g_assert_cmpint(r.c.phase, ==, CONTROL_COMPETE);
	uint32_t before = control_target_bps(&r.c);
	run(&r, 2, 280 * MS, before);
	g_assert_cmpuint(control_target_bps(&r.c), >, before);
	before = control_target_bps(&r.c);
	r.in.is_tail_lost = true;
	run(&r, 0.1, 300 * MS, before);
	g_assert_cmpuint(control_target_bps(&r.c), <, before * 3 / 4);
	/* Floor: not below a share of what was there. */
	run(&r, 30, 300 * MS, 200000);
	g_assert_cmpuint(control_target_bps(&r.c), >=, 300000);
	r.in.is_tail_lost = false;
	run(&r, 1, 0, 1000000);
	g_assert_cmpint(r.c.phase, ==, CONTROL_STEADY);
}

static void competes_for_a_picture_before_it_sends_one(void)
{
	struct rig r = rig(100000);

	run(&r, 0.1, 300 * MS, 80000);
	for (int i = 0; i < 40 && r.c.phase == CONTROL_DRAIN; i++)
		run(&r, 0.1, 300 * MS, control_target_bps(&r.c));
	g_assert_cmpint(r.c.phase, ==, CONTROL_COMPETE);
	/* Sound is all that goes until the target allows for more. */
	for (int i = 0; i < 50; i++) {
		r.in.now_us += 100 * MS;
		r.in.sent_bps = 40000;
		r.in.passed_bps = r.in.acked_bps = 40000;
		control_update(&r.c, &r.in);
	}
	g_assert_false(r.c.is_decreasing);
	g_assert_cmpuint(control_target_bps(&r.c), >, 240000);
	g_assert_cmpuint(control_target_bps(&r.c), <, 300000);
}

static void a_queue_that_neither_falls_nor_moves_is_a_longer_path(void)
{
	struct rig r = rig(1000000);

	r.in.flat_us = 3000 * MS;
	run(&r, 0.1, 200 * MS, 800000);
	for (int i = 0; i < 40 && !r.c.wants_rebase; i++)
		run(&r, 0.1, 200 * MS, control_target_bps(&r.c));
	g_assert_true(r.c.wants_rebase);
	control_rebased(&r.c, r.in.now_us);
	g_assert_cmpint(r.c.phase, ==, CONTROL_STEADY);
	g_assert_cmpuint(control_target_bps(&r.c), ==, 800000);
}

static void who_sends_little_neither_gains_nor_loses(void)
{
	struct rig r = rig(1000000);

	for (int i = 0; i < 600; i++) {
		r.in.now_us += 100 * MS;
		r.in.sent_bps = 50000;
		r.in.acked_bps = 50000;
		r.in.passed_bps = 50000;
		control_update(&r.c, &r.in);
	}
	g_assert_cmpuint(control_target_bps(&r.c), ==, 1000000);
}

static void inherent_loss_cuts_nothing(void)
{
	struct rig r = rig(1000000);

	r.in.verdict = LOSS_INHERENT;
	run(&r, 5, 0, 10000000);
	g_assert_cmpuint(control_target_bps(&r.c), >=, 1000000);
	r.in.verdict = LOSS_POLICED;
	uint32_t before = control_target_bps(&r.c);
	run(&r, 1, 0, 900000);
	g_assert_cmpuint(control_target_bps(&r.c), <, before);
}

static void a_probe_is_evidence(void)
{
	struct rig r = rig(200000);

	control_proven(&r.c, r.in.now_us, 1000000);
	g_assert_cmpuint(control_target_bps(&r.c), ==, 950000);
	control_proven(&r.c, r.in.now_us, 500000);
	g_assert_cmpuint(control_target_bps(&r.c), ==, 950000);
}

static void silence_resumes_at_a_share(void)
{
	struct rig r = rig(1000000);

	run(&r, 0.1, 200 * MS, 500000);
	control_resume(&r.c, r.in.now_us, 70);
	g_assert_cmpint(r.c.phase, ==, CONTROL_STEADY);
	g_assert_cmpuint(control_target_bps(&r.c), ==, 210000);
}

static void the_base_is_looked_at_now_and_then(void)
{
	struct rig r = rig(1000000);
	uint32_t least = UINT32_MAX;

	run(&r, 0.5, 70 * MS, 1000000);
	g_assert_cmpint(r.c.phase, ==, CONTROL_STEADY);
	for (int i = 0; i < 120; i++) {
		run(&r, 0.1, 12 * MS, 1000000);
		least = control_target_bps(&r.c) < least ? control_target_bps(&r.c) : least;
	}
	g_assert_cmpuint(least, <=, 900000);
	g_assert_cmpuint(least, >=, 800000);
}

static void a_round_trip_of_a_second_is_a_queue(void)
{
	struct rig r = rig(200000);

	control_doubt_start(&r.c, r.in.now_us, 799 * MS, 90000);
	g_assert_cmpuint(control_target_bps(&r.c), ==, 200000);
	control_doubt_start(&r.c, r.in.now_us, 800 * MS, 100000);
	g_assert_cmpuint(control_target_bps(&r.c), ==, 90000);
	/* Once: what little is sent then says nothing. */
	control_doubt_start(&r.c, r.in.now_us, 800 * MS, 20000);
	g_assert_cmpuint(control_target_bps(&r.c), ==, 90000);
	/* Too little was sent to tell; and what passes is not raised. */
	r = rig(200000);
	control_doubt_start(&r.c, r.in.now_us, 800 * MS, 5000);
	g_assert_cmpuint(control_target_bps(&r.c), ==, 66000);
	r = rig(200000);
	control_doubt_start(&r.c, r.in.now_us, 800 * MS, 900000);
	g_assert_cmpuint(control_target_bps(&r.c), ==, 200000);
}

#define ADD(name) g_test_add_func("/control/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(start_grows_until_the_first_queue);
	ADD(growth_is_bounded_by_what_has_passed);
	ADD(bounds_hold);
	ADD(a_long_queue_is_drained_at_0_6);
	ADD(congestion_is_over_for_those_who_use_little);
	ADD(who_has_nothing_to_probe_with_is_trusted_with_a_step);
	ADD(a_queue_that_does_not_fall_is_not_ours);
	ADD(competes_for_a_picture_before_it_sends_one);
	ADD(a_queue_that_neither_falls_nor_moves_is_a_longer_path);
	ADD(who_sends_little_neither_gains_nor_loses);
	ADD(inherent_loss_cuts_nothing);
	ADD(a_probe_is_evidence);
	ADD(silence_resumes_at_a_share);
	ADD(the_base_is_looked_at_now_and_then);
	ADD(a_round_trip_of_a_second_is_a_queue);
	return g_test_run();
}
