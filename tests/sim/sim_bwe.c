/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The rate on the links of RFC 8867 and on rural ones. Marks: utilisation, queue and time to
 * recover. VIDD_BWE_TRACE=1 prints every second (0.1: every tenth).
 */
#include <glib.h>
#include <stdlib.h>

#include "tests/sim/bwe_call.h"

#define S 1000000

static double share(const struct call *c, double from_s, double to_s, double bps)
{
	return 100.0 * call_bps(c, from_s, to_s) / bps;
}

/* RFC 8867 5.1: 1.0, 2.5, 0.6, 1.0 Mbit/s. */
static void capacity_varies(int64_t delay_us, double drain_s)
{
	static const struct bottleneck_step steps[] = {
		{1000000 + 40 * S, 2500000, 0},
		{1000000 + 60 * S, 600000, 0},
		{1000000 + 80 * S, 1000000, 0},
		{-1, 0, 0},
	};
	struct call *c = call_new(1000000, delay_us, 300, 0);

	c->link.steps = steps;
	call_run(c, 100 * S);
	call_trace(c, "5.1");
	double u[4] = {share(c, 4, 40, 1e6), share(c, 44, 60, 2.5e6), share(c, 64, 80, 0.6e6),
		       share(c, 84, 100, 1e6)};
	double rise_s = call_recovery_s(c, 40, 2025000);
	double drained_s = call_queue_below_s(c, 60, 100);
	double q[3] = {call_queue95_ms(c, 4, 40), call_queue95_ms(c, 41, 60),
		       call_queue95_ms(c, 61.5, 100)};
	g_test_message("delay %d ms: use %.0f %.0f %.0f %.0f %%, rise %.1f s, drained %.1f s, "
		       "queue95 %.0f %.0f %.0f ms, %d probes",
		       (int)(delay_us / 1000), u[0], u[1], u[2], u[3], rise_s, drained_s, q[0],
		       q[1], q[2], (int)c->probes);
	for (int i = 0; i < 4; i++)
		g_assert_cmpfloat(u[i], >=, 88 * 0.95);
	for (int i = 0; i < 3; i++)
		g_assert_cmpfloat(q[i], <=, 90);
	g_assert_cmpfloat(rise_s, >=, 0);
	g_assert_cmpfloat(rise_s, <=, 4);
	g_assert_cmpfloat(drained_s, >=, 0);
	g_assert_cmpfloat(drained_s, <=, drain_s + 0.05);
	call_free(c);
}

static void follows_a_capacity_that_varies_at_50_ms(void)
{
	capacity_varies(50000, 1.2);
}

static void follows_a_capacity_that_varies_at_100_ms(void)
{
	capacity_varies(100000, 1.5);
}

/* RFC 8867 5.3: the way back is the narrow one. Feedback comes late, and that is all. */
static void late_feedback_alone_costs_little(void)
{
	static const struct bottleneck_step steps[] = {
		{1000000 + 20 * S, 1000000, 0},
		{1000000 + 40 * S, 500000, 0},
		{1000000 + 60 * S, 2000000, 0},
		{-1, 0, 0},
	};
	struct call *clean = call_new(2000000, 50000, 300, 0);
	struct call *c = call_new(2000000, 50000, 300, 0);

	clean->link.steps = steps;
	call_run(clean, 100 * S);
	c->link.steps = steps;
	c->back.delay_us = 50000;
	c->back.jitter_us = 250000;
	call_run(c, 100 * S);
	call_trace(c, "5.3");
	double share = 100.0 * call_bps(c, 4, 100) / call_bps(clean, 4, 100);
	g_test_message("late feedback: %.0f %% of the clean run, queue95 %.0f ms", share,
		       call_queue95_ms(c, 4, 100));
	g_assert_cmpfloat(share, >=, 85);
	call_free(clean);
	call_free(c);
}

/* Feedback that comes 300 ms later from one moment on cuts nothing. */
static void a_late_step_of_feedback_cuts_nothing(void)
{
	static const struct bottleneck_step back[] = {
		{1000000 + 30 * S, 10000000, 350000},
		{1000000 + 50 * S, 10000000, 50000},
		{-1, 0, 0},
	};
	struct call *c = call_new(3000000, 50000, 300, 0);

	c->wanted_bps = 1500000;
	c->back.steps = back;
	call_run(c, 60 * S);
	call_trace(c, "late");
	uint32_t before = call_bps(c, 20, 30);
	g_test_message("feedback 300 ms later: %u before, target at least %u, %u kbit/s after",
		       before / 1000, call_target_min(c, 30, 50) / 1000,
		       call_bps(c, 30, 50) / 1000);
	g_assert_cmpuint(call_bps(c, 30, 50), >=, before / 10 * 9);
	call_free(c);
}

static void starts_on_256_kbit(void)
{
	struct call *c = call_new(256000, 60000, 500, 0);

	call_run(c, 30 * S);
	call_trace(c, "256");
	double use = share(c, 6, 30, 256000);
	g_test_message("256 kbit/s: use %.0f %%, longest queue %.0f ms, queue95 %.0f ms", use,
		       call_queue_max_ms(c, 0, 10), call_queue95_ms(c, 6, 30));
	g_assert_cmpfloat(use, >=, 85 * 0.95);
	g_assert_cmpfloat(call_queue_max_ms(c, 0, 8), <=, 200);
	call_free(c);
}

static void survives_on_96_kbit(void)
{
	struct call *c = call_new(96000, 150000, 1000, 0);

	c->link.good_to_bad = 0.01;
	c->link.bad_to_good = 0.5;
	c->packet_bytes = 500;
	c->keyframe_us = 20 * S;
	call_run(c, 120 * S);
	call_trace(c, "96");
	g_test_message("96 kbit/s: %d probes, use %.0f %%, queue95 of sound %.0f ms",
		       (int)c->probes, share(c, 6, 120, 96000), call_sound_queue95_ms(c, 10, 120));
	g_assert_cmpfloat(call_sound_queue95_ms(c, 10, 120), <=, 120);
	g_assert_cmpfloat(share(c, 10, 120, 96000), >=, 75);
	call_free(c);
}

static void satellite(uint64_t seed, double *early, double *rise_s, double *queue_ms)
{
	static const struct bottleneck_step steps[] = {
		{1000000 + 60 * S, 600000, 0},
		{1000000 + 120 * S, 2000000, 0},
		{-1, 0, 0},
	};
	struct call *c = call_new(2000000, 300000, 500, 0);

	c->rng = rng_seeded(seed);
	c->link.rng = rng_seeded(seed + 100);
	c->link.steps = steps;
	c->link.jitter_us = 20000;
	c->link.good_to_bad = 0.005;
	c->link.bad_to_good = 1;
	call_run(c, 180 * S);
	call_trace(c, "geo");
	*early = share(c, 6, 12, 2e6);
	*rise_s = call_recovery_s(c, 120, 1620000);
	*queue_ms = call_queue95_ms(c, 64, 180);
	g_test_message("GEO: after 6 s %.0f %%, then %.0f %.0f %.0f %%, rise %.1f s", *early,
		       share(c, 12, 60, 2e6), share(c, 64, 120, 6e5), share(c, 126, 180, 2e6),
		       *rise_s);
	call_free(c);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The median of five seeds. */
static void starts_over_a_geostationary_satellite(void)
{
	double early[5];
	double rise_s[5];
	double queue_ms[5];

	for (uint64_t seed = 0; seed < 5; seed++)
		satellite(seed, &early[seed], &rise_s[seed], &queue_ms[seed]);
	qsort(early, 5, sizeof(early[0]), by_value);
	qsort(rise_s, 5, sizeof(rise_s[0]), by_value);
	qsort(queue_ms, 5, sizeof(queue_ms[0]), by_value);
	g_test_message(
		"GEO, median of 5: %.0f %% from 6 s on, rise %.1f s (worst %.1f), queue95 %.0f "
		"ms",
		early[2], rise_s[2], rise_s[4], queue_ms[2]);
	g_assert_cmpfloat(early[2], >=, 80 * 0.95);
	g_assert_cmpfloat(rise_s[0], >=, 0);
	/* The mark is 5 s; three probes of 0.8 s and what jitter does to them take a little longer.
	 */
	g_assert_cmpfloat(rise_s[2], <=, 6);
	g_assert_cmpfloat(rise_s[4], <=, 7.5);
	g_assert_cmpfloat(queue_ms[2], <=, 150);
}

/* 20 ms of delay more or less every 15 s, 100 ms of nothing, and loss behind it. */
static void satellites_that_change_cut_nothing(void)
{
	static struct bottleneck_step steps[64];
	struct call *c = call_new(20000000, 20000, 200, 0);
	int n = 0;

	for (int i = 1; i <= 7; i++) {
		int64_t at = 1000000 + (int64_t)i * 15 * S;
		steps[n++] = (struct bottleneck_step){at, 0, i % 2 ? 40000 : 20000};
		steps[n++] = (struct bottleneck_step){at + 100000, 20000000, 0};
	}
	steps[n] = (struct bottleneck_step){-1, 0, 0};
	c->link.steps = steps;
	c->wanted_bps = 2500000;
	c->link.jitter_us = 5000;
	for (int i = 0; i < 120; i++) {
		c->link.loss_good = i % 15 == 0 && i > 0 ? 0.3 : 0;
		call_run(c, (int64_t)i * S + 250000);
		c->link.loss_good = 0;
		call_run(c, (int64_t)(i + 1) * S);
	}
	call_trace(c, "leo");
	uint32_t usual = call_bps(c, 10, 14);
	uint32_t least = UINT32_MAX;
	for (int i = 1; i <= 7; i++) {
		uint32_t bps = call_target_min(c, i * 15, i * 15 + 14);
		least = bps < least ? bps : least;
	}
	g_test_message("LEO: %u kbit/s usual, least target %u, mean %u", usual / 1000, least / 1000,
		       call_bps(c, 15, 120) / 1000);
	g_assert_cmpuint(usual, >, 2200000);
	g_assert_cmpuint(least, >=, 2500000 / 10 * 9);
	call_free(c);
}

static void outage(double gap_s, bool is_hold)
{
	static struct bottleneck_step steps[12];
	struct call *c = call_new(1000000, 30000, 600, 0);
	int n = 0;

	for (int i = 0; i < 4; i++) {
		int64_t at = 1000000 + (int64_t)(20 + 40 * i) * S;
		steps[n++] = (struct bottleneck_step){at, 0, 0};
		steps[n++] = (struct bottleneck_step){at + (int64_t)(gap_s * S), 1000000, 0};
	}
	steps[n] = (struct bottleneck_step){-1, 0, 0};
	c->link.steps = steps;
	c->link.drops_in_outage = !is_hold;
	call_run(c, 180 * S);
	call_trace(c, "gap");
	double worst_s = 0;
	double stale_ms = 0;
	for (int i = 0; i < 4; i++) {
		double end_s = 20 + 40 * i + gap_s;
		double good_s = -1;
		for (int tenth = 5; tenth < 150 && good_s < 0; tenth++) {
			double s = tenth / 10.0;
			if (call_bps(c, end_s + s - 0.5, end_s + s) >= 850000 * 0.95)
				good_s = s;
		}
		g_assert_cmpfloat(good_s, >, 0);
		worst_s = good_s > worst_s ? good_s : worst_s;
		double peak = call_queue_max_ms(c, end_s + 0.9, end_s + 8);
		stale_ms = peak > stale_ms ? peak : stale_ms;
	}
	g_test_message("gap %.1f s, %s: 85 %% after %.1f s, queue from 0.9 s on %.0f ms, stale "
		       "video %.0f ms "
		       "a gap",
		       gap_s, is_hold ? "held" : "dropped", worst_s, stale_ms,
		       (double)c->stale_bytes / 4 / 125);
	/* 400 ms of 1 Mbit/s. Sound that a radio held for seconds comes besides. */
	g_assert_cmpuint(c->stale_bytes / 4, <=, 50000);
	g_assert_cmpfloat(worst_s, <=, 3);
	g_assert_cmpfloat(stale_ms, <=, 400);
	call_free(c);
}

static void comes_back_after_a_gap(void)
{
	static const double gaps[] = {0.5, 1, 3, 8, 20};

	for (unsigned i = 0; i < 5; i++) {
		outage(gaps[i], true);
		outage(gaps[i], false);
	}
}

static uint32_t lossy(double rate, double burst, double use)
{
	struct call *c = call_new(1000000, 40000, 300, 0);

	c->link.good_to_bad = rate / burst / (1 - rate);
	c->link.bad_to_good = 1 / burst;
	if (burst <= 1)
		c->link.loss_good = rate, c->link.good_to_bad = 0;
	call_run(c, 60 * S);
	call_trace(c, "loss");
	/* What arrives cannot be more than what is not lost. */
	double got = share(c, 6, 60, 1e6);
	g_test_message("loss %.0f %% burst %.0f: use %.0f %%, target at least %u, told %u permille "
		       "bursts of %.1f",
		       100 * rate, burst, got, call_target_min(c, 8, 60) / 1000,
		       bwe_state(c->bwe)->loss_permille,
		       bwe_state(c->bwe)->loss_burst_tenths / 10.0);
	g_assert_cmpfloat(got, >=, use * (1 - rate) * 0.95);
	uint32_t least = call_target_min(c, 8, 60);
	call_free(c);
	return least;
}

static void random_loss_lowers_nothing(void)
{
	static const struct {
		double rate, burst, use;
	} cases[] = {{0.03, 1, 90}, {0.05, 1, 85}, {0.10, 1, 85}, {0.15, 1, 80},
		     {0.20, 1, 80}, {0.05, 5, 85}, {0.10, 8, 80}};
	uint32_t clean = lossy(0, 1, 90);

	/* The target dips little deeper than it does without any loss: a queue is drained at 0.6 of
	 * what passes, with or without it. */
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		g_assert_cmpuint(lossy(cases[i].rate, cases[i].burst, cases[i].use), >=,
				 clean / 10 * 6);
}

static void competes_with_tcp(void)
{
	for (int queue_ms = 300; queue_ms <= 1000; queue_ms += 700) {
		struct call *c = call_new(2000000, 50000, queue_ms, 0);

		c->has_tcp = true;
		c->tcp_end_us = 100 * S;
		call_run(c, 120 * S);
		call_trace(c, "tcp");
		uint32_t media = call_bps(c, 10, 100);
		uint32_t tcp = call_tcp_bps(c, 10, 100);
		double after_s = call_queue_below_s(c, 100, 80);
		g_test_message("TCP, queue %d ms: media %u, TCP %u kbit/s, empty after %.1f s",
			       queue_ms, media / 1000, tcp / 1000, after_s);
		if (queue_ms == 300)
			g_assert_cmpuint(tcp, >=, 700000);
		g_assert_cmpuint(media, >=, queue_ms == 300 ? 700000 : 300000);
		g_assert_cmpfloat(after_s, >=, 0);
		/* Behind a second of queue the base is long unseen: the mark is for 300 ms. */
		g_assert_cmpfloat(after_s, <=, queue_ms == 300 ? 3 : 10);
		call_free(c);
	}
}

#define ADD(name) g_test_add_func("/sim_bwe/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	ADD(follows_a_capacity_that_varies_at_50_ms);
	ADD(follows_a_capacity_that_varies_at_100_ms);
	ADD(late_feedback_alone_costs_little);
	ADD(a_late_step_of_feedback_cuts_nothing);
	ADD(starts_on_256_kbit);
	ADD(survives_on_96_kbit);
	ADD(starts_over_a_geostationary_satellite);
	ADD(satellites_that_change_cut_nothing);
	ADD(comes_back_after_a_gap);
	ADD(random_loss_lowers_nothing);
	ADD(competes_with_tcp);
	return g_test_run();
}
