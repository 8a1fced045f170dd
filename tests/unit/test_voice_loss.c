/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What is left of losses behind each protection: the voice of one subscription over a seeded link,
 * independent losses and Gilbert-Elliott bursts, heard by a receiver that takes RED and merged
 * packets apart. What is expected comes from closed formulas and
 * from a Monte Carlo without this code, never from a run of this test.
 */
#include <string.h>

#include "media/base/rng.h"
#include "voice_rig.h"

static struct rig_heard heard;

/* Bad state loses everything, good state nothing; bursts are geometric. mean_burst 0: independent
 * losses. */
struct link {
	struct rng rng;
	double loss;
	double mean_burst;
	bool is_bad;
};

static bool is_lost(struct link *link)
{
	double leave;

	if (link->mean_burst <= 0)
		return rng_unit(&link->rng) < link->loss;
	leave = 1 / link->mean_burst;
	if (link->is_bad)
		link->is_bad = rng_unit(&link->rng) >= leave;
	else
		link->is_bad = rng_unit(&link->rng) < link->loss * leave / (1 - link->loss);
	return link->is_bad;
}

/* What the receiver misses is asked for once, when something comes again. */
static void resend(const struct rig *rig, struct link *link, GArray *lost)
{
	for (guint i = 0; i < lost->len; i++)
		if (!is_lost(link))
			rig_hear(rig, &heard, &g_array_index(lost, struct rig_sent, i));
	g_array_set_size(lost, 0);
}

/* The payloads just sent, over the link. lost: those to be resent, NULL without NACK. */
static void carry(struct rig *rig, struct link *link, GArray *lost)
{
	for (size_t i = 0; i < rig->sent->len; i++) {
		const struct rig_sent *sent = rig_sent(rig, i);

		if (is_lost(link)) {
			if (lost)
				g_array_append_vals(lost, sent, 1);
			continue;
		}
		rig_hear(rig, &heard, sent);
		if (lost)
			resend(rig, link, lost);
	}
	g_array_set_size(rig->sent, 0);
}

struct cell {
	struct voice_policy policy;
	uint32_t frames;
	double loss;
	double mean_burst;
	bool has_nack;
};

/* Per cent of frames never heard. */
static double residual(struct cell cell)
{
	struct link link = {
		.rng = rng_seeded(42), .loss = cell.loss, .mean_burst = cell.mean_burst};
	GArray *lost = g_array_new(FALSE, FALSE, sizeof(struct rig_sent));
	size_t missing = 0;
	struct rig rig;

	memset(&heard, 0, sizeof(heard));
	rig_open(&rig, cell.policy);
	rig.frame_size = 8;
	for (uint32_t i = 0; i < cell.frames; i++) {
		rig_packet(&rig, i, 0, false);
		rig.now_us += RIG_STEP_US;
		carry(&rig, &link, cell.has_nack ? lost : NULL);
	}
	rig_close(&rig);
	g_array_free(lost, TRUE);
	for (uint32_t i = 0; i < cell.frames; i++) {
		/* A primary block carries a frame once, an older one once per distance. */
		g_assert_cmpuint(heard.primary[i], <=, 1);
		g_assert_cmpuint(heard.older[i], <=, cell.policy.red_distance);
		missing += heard.primary[i] + heard.older[i] == 0;
	}
	return 100.0 * (double)missing / cell.frames;
}

/* A frame is gone when the packet that had it and the d after it are: loss^(d+1). */
static void independent_losses_vanish_by_powers(void)
{
	static const double losses[] = {0.05, 0.10, 0.20};

	for (size_t i = 0; i < G_N_ELEMENTS(losses); i++) {
		double want = 100;

		for (uint8_t d = 0; d <= 2; d++) {
			want *= losses[i];
			double got =
				residual((struct cell){{1, d}, RIG_FRAMES, losses[i], 0, false});

			g_test_message("iid %.0f %%, RED%u: %.3f %% (formula %.3f)",
				       100 * losses[i], d, got, want);
			/* Five standard deviations of 5 %, and more of what is rarer. */
			g_assert_cmpfloat_with_epsilon(got, want, 0.05 * want + 0.01);
		}
	}
}

/* ... and in bursts: loss * (1 - 1/burst)^d. Per cent, from a Monte Carlo of its own. */
static void bursts_take_red_along(void)
{
	static const struct {
		double loss;
		double burst;
		double red[3]; /* distances 1, 2, 4 */
	} rows[] = {
		{0.02, 2, {0.97, 0.48, 0.12}},
		{0.02, 3, {1.35, 0.91, 0.41}},
		{0.05, 5, {3.9, 3.1, 2.0}},
		{0.10, 8, {8.5, 7.4, 5.6}},
	};
	static const uint8_t distance[] = {1, 2, 4};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		for (size_t j = 0; j < G_N_ELEMENTS(distance); j++) {
			double want = rows[i].red[j];
			double got = residual((struct cell){
				{1, distance[j]}, RIG_FRAMES, rows[i].loss, rows[i].burst, false});

			g_test_message("GE %.0f %%/%.0f, RED%u: %.2f %% (table %.2f)",
				       100 * rows[i].loss, rows[i].burst, distance[j], got, want);
			/* Both are samples: 12 % of the figure, and 0.06 of what is rare. */
			g_assert_cmpfloat_with_epsilon(got, want, 0.12 * want + 0.06);
		}
	}
}

/* One older payload and one resend: what deep RED does not reach. */
static void a_resend_after_the_burst_beats_deep_red(void)
{
	static const struct {
		double loss;
		double burst;
		double left;
	} rows[] = {{0.02, 2, 0.02}, {0.02, 3, 0.02}, {0.05, 5, 0.12}, {0.10, 8, 0.39}};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct cell cell = {{1, 1}, RIG_FRAMES, rows[i].loss, rows[i].burst, true};
		double got = residual(cell);

		g_test_message("GE %.0f %%/%.0f, RED1 and a resend: %.3f %% (table %.2f)",
			       100 * rows[i].loss, rows[i].burst, got, rows[i].left);
		g_assert_cmpfloat(got, <, 2 * rows[i].left);
		/* Against four older payloads. */
		cell = (struct cell){{1, 4}, RIG_FRAMES, rows[i].loss, rows[i].burst, false};
		g_assert_cmpfloat(got, <, residual(cell));
	}
}

/* On a thin link: 60 ms and RED1, for independent losses of its own packets. */
static void merged_packets_are_protected_as_well(void)
{
	double got = residual((struct cell){{3, 1}, RIG_FRAMES, 0.05, 0, false});

	g_test_message("iid 5 %%, 60 ms RED1: %.3f %%", got);
	g_assert_cmpfloat_with_epsilon(got, 0.25, 0.12);
	got = residual((struct cell){{3, 0}, RIG_FRAMES, 0.05, 0, false});
	g_assert_cmpfloat_with_epsilon(got, 5, 0.5);
}

static void nothing_is_missing_without_losses(void)
{
	for (uint8_t merge = 1; merge <= 3; merge++) {
		for (uint8_t d = 0; d <= 4; d++) {
			double got = residual((struct cell){{merge, d}, 2000, 0, 0, false});
			/* 2000 = 3 * 666 + 2: the end is still gathered. */
			g_assert_cmpfloat(got, ==, merge == 3 ? 100.0 * 2 / 2000 : 0);
		}
	}
}

#define ADD(name) g_test_add_func("/voice_loss/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(independent_losses_vanish_by_powers);
	ADD(bursts_take_red_along);
	ADD(a_resend_after_the_burst_beats_deep_red);
	ADD(merged_packets_are_protected_as_well);
	ADD(nothing_is_missing_without_losses);
	return g_test_run();
}
