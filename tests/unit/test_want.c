/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>

#include "media/base/rng.h"
#include "media/rate/want.h"

#define MS     1000
#define SECOND (1000 * MS)
#define START  (100 * SECOND)
#define PLENTY WANT_NO_LIMIT
#define K      1000
#define ANY    127

/* One look each 250 ms for that long; what holds then. *told counts what the publisher heard. */
static struct want_out look(struct want *w, int64_t *now_us, int64_t time_us,
			    const struct want_in *in, int *told)
{
	struct want_out out = {0};
	int64_t until = *now_us + time_us;

	do {
		*told += want_update(w, *now_us, in, &out);
		*now_us += 250 * MS;
	} while (*now_us < until);
	return out;
}

/* What three encodings of 150, 500 and 1500 kbit/s come to when nothing changes any more. */
static struct want_out settled(const struct want_viewer *viewers, size_t count, uint32_t uplink_bps)
{
	struct want w = {0};
	struct want_in in = {.encoding_count = 3,
			     .viewers = viewers,
			     .viewer_count = count,
			     .uplink_bps = uplink_bps};
	int64_t now = START;
	int told = 0;

	return look(&w, &now, 20 * SECOND, &in, &told);
}

static void each_audience_has_its_encodings(void)
{
	static const struct {
		struct want_viewer viewers[3];
		size_t count;
		uint32_t uplink_bps;
		uint8_t encodings;
		uint32_t max_bps;
	} steps[] = {
		/* Nobody; one with plenty; one whose slot is small. */
		{{{0}}, 0, PLENTY, 0, 0},
		{{{2, ANY, PLENTY}}, 1, PLENTY, 5, 0},
		{{{0, 0, PLENTY}}, 1, PLENTY, 1, 0},
		{{{1, 1, PLENTY}}, 1, PLENTY, 3, 0},
		/* One thin: the best it can use at its rate, and the smallest. */
		{{{0, ANY, 400 * K}}, 1, PLENTY, 3, 150 * K + 460 * K},
		{{{2, ANY, 800 * K}}, 1, PLENTY, 5, 150 * K + 920 * K},
		{{{0, ANY, 100 * K}}, 1, PLENTY, 1, 115 * K},
		{{{0, ANY, 10 * K}}, 1, PLENTY, 1, 34500},
		{{{-1, ANY, 0}}, 1, PLENTY, 1, 34500},
		/* All equally thin: the most of them. */
		{{{1, ANY, 400 * K}, {1, ANY, 350 * K}}, 2, PLENTY, 3, 150 * K + 460 * K},
		/* A thin one beside others: it has the smallest, or one in the middle. */
		{{{2, ANY, PLENTY}, {0, ANY, 100 * K}}, 2, PLENTY, 5, 0},
		{{{2, ANY, PLENTY}, {0, ANY, 700 * K}}, 2, PLENTY, 7, 0},
		{{{2, ANY, PLENTY}, {1, ANY, 700 * K}, {0, 0, PLENTY}}, 3, PLENTY, 7, 0},
		/* The uplink: three, two, one. */
		{{{2, ANY, PLENTY}, {1, ANY, 700 * K}}, 2, 2500 * K, 7, 0},
		{{{2, ANY, PLENTY}, {1, ANY, 700 * K}}, 2, 1500 * K, 5, 0},
		{{{2, ANY, PLENTY}}, 1, 599 * K, 3, 0},
		{{{2, ANY, PLENTY}}, 1, 349 * K, 2, 0},
		{{{2, ANY, PLENTY}}, 1, 149 * K, 1, 0},
		{{{0, ANY, 100 * K}}, 1, 349 * K, 1, 115 * K},
		{{{2, ANY, PLENTY}, {0, ANY, 60 * K}}, 2, 340 * K, 2, 0},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		struct want_out out =
			settled(steps[i].viewers, steps[i].count, steps[i].uplink_bps);

		g_test_message("step %zu", i);
		g_assert_cmphex(out.encodings, ==, steps[i].encodings);
		/* What was told last may be 5 % short of it. */
		g_assert_cmpuint(out.max_bps, ==, steps[i].max_bps);
		g_assert_cmpuint(out.ptime_ms, ==, 0);
	}
}

static void on_at_once_and_off_after_seven_seconds(void)
{
	struct want_viewer viewer = {2, ANY, PLENTY};
	struct want_in in = {
		.encoding_count = 3, .viewers = &viewer, .viewer_count = 1, .uplink_bps = PLENTY};
	struct want w = {0};
	struct want_out out;
	int64_t now = START;
	int told = 0;

	out = look(&w, &now, 6 * SECOND, &in, &told);
	g_assert_cmphex(out.encodings, ==, 7);
	g_assert_cmpint(told, ==, 0);
	out = look(&w, &now, 2 * SECOND, &in, &told);
	g_assert_cmphex(out.encodings, ==, 5);
	g_assert_cmpint(told, ==, 1);
	/* Its slot gets smaller, and larger again 3 s later: nothing happens. */
	viewer = (struct want_viewer){0, 0, PLENTY};
	look(&w, &now, 3 * SECOND, &in, &told);
	viewer = (struct want_viewer){0, ANY, PLENTY};
	out = look(&w, &now, 10 * SECOND, &in, &told);
	g_assert_cmphex(out.encodings, ==, 5);
	g_assert_cmpint(told, ==, 1);
	/* For good: off. And at once on again, whenever the last word was. */
	viewer = (struct want_viewer){0, 0, PLENTY};
	out = look(&w, &now, 7500 * MS, &in, &told);
	g_assert_cmphex(out.encodings, ==, 1);
	viewer = (struct want_viewer){0, ANY, PLENTY};
	out = look(&w, &now, 250 * MS, &in, &told);
	g_assert_cmphex(out.encodings, ==, 5);
	g_assert_cmpint(told, ==, 3);
	/* Nobody is left: all off after the same time. */
	in.viewer_count = 0;
	out = look(&w, &now, 6 * SECOND, &in, &told);
	g_assert_cmphex(out.encodings, ==, 5);
	out = look(&w, &now, 2 * SECOND, &in, &told);
	g_assert_cmphex(out.encodings, ==, 0);
	in.viewer_count = 1;
	out = look(&w, &now, 250 * MS, &in, &told);
	g_assert_cmphex(out.encodings, ==, 5);
	g_assert_cmpint(told, ==, 5);
}

static void the_rate_follows_up_fast_and_down_slowly(void)
{
	struct want_viewer viewer = {1, ANY, 300 * K};
	struct want_in in = {
		.encoding_count = 3, .viewers = &viewer, .viewer_count = 1, .uplink_bps = PLENTY};
	struct want w = {0};
	struct want_out out;
	int64_t now = START;
	int told = 0;

	out = look(&w, &now, 10 * SECOND, &in, &told);
	g_assert_cmpuint(out.max_bps, ==, 495 * K);
	told = 0;
	/* A little is nothing. */
	viewer.budget_bps = 310 * K;
	look(&w, &now, 5 * SECOND, &in, &told);
	viewer.budget_bps = 290 * K;
	look(&w, &now, 5 * SECOND, &in, &told);
	g_assert_cmpint(told, ==, 0);
	/* A short dip is nothing either, nor a shallow one within it. */
	viewer.budget_bps = 150 * K;
	look(&w, &now, 250 * MS, &in, &told);
	viewer.budget_bps = 300 * K;
	look(&w, &now, SECOND, &in, &told);
	g_assert_cmpint(told, ==, 0);
	viewer.budget_bps = 160 * K;
	out = look(&w, &now, 2500 * MS, &in, &told);
	g_assert_cmpint(told, ==, 1);
	g_assert_cmpuint(out.max_bps, ==, 150 * K + 184 * K);
	/* Much more: at once. */
	viewer.budget_bps = 450 * K;
	out = look(&w, &now, 250 * MS, &in, &told);
	g_assert_cmpuint(out.max_bps, ==, 150 * K + 517500);
	g_assert_cmpint(told, ==, 2);
	viewer.budget_bps = PLENTY;
	out = look(&w, &now, 250 * MS, &in, &told);
	g_assert_cmpuint(out.max_bps, ==, 0);
	g_assert_cmpint(told, ==, 3);
	/* Headroom is what the caller says. */
	viewer.budget_bps = 400 * K;
	in.headroom_permille = 10;
	out = look(&w, &now, 10 * SECOND, &in, &told);
	g_assert_cmpuint(out.max_bps, ==, 150 * K + 404 * K);
}

static void the_uplink_limits_with_hysteresis(void)
{
	struct want_viewer viewer = {2, ANY, PLENTY};
	struct want_in in = {
		.encoding_count = 3, .viewers = &viewer, .viewer_count = 1, .uplink_bps = PLENTY};
	struct want w = {0};
	struct want_out out;
	int64_t now = START;
	int told = 0;

	look(&w, &now, 10 * SECOND, &in, &told);
	/* A dip of a second is left to REMB. */
	told = 0;
	in.uplink_bps = 1000 * K;
	look(&w, &now, 10 * SECOND, &in, &told);
	g_assert_cmpint(told, ==, 0);
	viewer.encoding = 1;
	in.uplink_bps = 340 * K;
	out = look(&w, &now, 1500 * MS, &in, &told);
	g_assert_cmphex(out.encodings & 3, ==, 3);
	out = look(&w, &now, 4500 * MS, &in, &told);
	g_assert_cmphex(out.encodings, ==, 2);
	/* Back above by a little, or for a moment: one is still better than two. */
	in.uplink_bps = 380 * K;
	out = look(&w, &now, 10 * SECOND, &in, &told);
	g_assert_cmphex(out.encodings, ==, 2);
	in.uplink_bps = 500 * K;
	out = look(&w, &now, 4 * SECOND, &in, &told);
	g_assert_cmphex(out.encodings, ==, 2);
	out = look(&w, &now, 2 * SECOND, &in, &told);
	g_assert_cmphex(out.encodings, ==, 3);
}

/* A browser sends an encoding's least whatever it believes its uplink to carry. */
static void more_goes_on_when_its_least_comes_already(void)
{
	struct want_viewer viewer = {0, ANY, PLENTY};
	struct want_in in = {
		.encoding_count = 3, .viewers = &viewer, .viewer_count = 1, .uplink_bps = 100 * K};
	struct want w = {0};
	struct want_out out;
	int64_t now = START;
	int told = 0;

	out = look(&w, &now, 10 * SECOND, &in, &told);
	g_assert_cmphex(out.encodings, ==, 1);
	/* The uplink is guessed to carry it, but what comes does not show that. */
	in.uplink_bps = 300 * K;
	in.arriving_bps = 60 * K;
	out = look(&w, &now, 20 * SECOND, &in, &told);
	g_assert_cmphex(out.encodings, ==, 1);
	/* Nearly all that the smallest can be: more could not show. */
	in.arriving_bps = 140 * K;
	out = look(&w, &now, 5 * SECOND, &in, &told);
	g_assert_cmphex(out.encodings, ==, 2);
	/* What is on stays, pictures vary. */
	in.arriving_bps = 60 * K;
	out = look(&w, &now, 10 * SECOND, &in, &told);
	g_assert_cmphex(out.encodings, ==, 2);
}

/* Alone, an encoding has nothing smaller to give way to. */
static void to_go_on_alone_takes_room_to_spare(void)
{
	struct want_viewer viewer = {0, ANY, PLENTY};
	struct want_in in = {
		.encoding_count = 3, .viewers = &viewer, .viewer_count = 1, .uplink_bps = 100 * K};
	struct want w = {0};
	struct want_out out;
	int64_t now = START;
	int told = 0;

	look(&w, &now, 10 * SECOND, &in, &told);
	in.uplink_bps = 170 * K;
	out = look(&w, &now, 10 * SECOND, &in, &told);
	g_assert_cmphex(out.encodings, ==, 1);
	in.uplink_bps = 190 * K;
	look(&w, &now, 10 * SECOND, &in, &told);
	in.uplink_bps = 155 * K;
	out = look(&w, &now, 10 * SECOND, &in, &told);
	g_assert_cmphex(out.encodings, ==, 2);
}

static void sound_is_never_off_and_its_packets_follow_the_uplink(void)
{
	struct want_in in = {.is_audio = true, .encoding_count = 1, .uplink_bps = 50 * K};
	struct want w = {0};
	struct want_out out;
	int64_t now = START;
	int told = 0;

	out = look(&w, &now, 20 * SECOND, &in, &told);
	g_assert_cmphex(out.encodings, ==, 1);
	g_assert_cmpint(told, ==, 0);
	in.ptime_ms = 60;
	in.is_redundant = true;
	out = look(&w, &now, 2 * SECOND, &in, &told);
	g_assert_cmpuint(out.ptime_ms, ==, 60);
	g_assert_true(out.is_redundant);
	/* What browsers send by themselves would take the thin uplink whole. */
	g_assert_cmpuint(out.max_bps, ==, 16 * K);
	g_assert_cmpint(told, ==, 1);
	in.ptime_ms = 0;
	out = look(&w, &now, 2 * SECOND, &in, &told);
	g_assert_cmpuint(out.ptime_ms, ==, 0);
	g_assert_cmpuint(out.max_bps, ==, 0);
	g_assert_cmpint(told, ==, 2);
}

static void sound_is_as_fine_as_the_best_of_its_listeners_bears(void)
{
	struct want_viewer viewers[] = {{.budget_bps = 90 * K}, {.budget_bps = WANT_NO_LIMIT}};
	struct want_in in = {.is_audio = true, .encoding_count = 1, .viewers = viewers};
	struct want w = {0};
	struct want_out out;
	int64_t now = START;
	int told = 0;

	in.viewer_count = 2;
	out = look(&w, &now, 20 * SECOND, &in, &told);
	g_assert_cmpuint(out.max_bps, ==, 0);
	in.viewer_count = 1;
	out = look(&w, &now, 1 * SECOND, &in, &told);
	g_assert_cmpuint(out.max_bps, ==, 0);
	out = look(&w, &now, 2 * SECOND, &in, &told);
	g_assert_cmpuint(out.max_bps, ==, 16 * K);
	/* Better, but not by so much that it is worth a change. */
	viewers[0].budget_bps = 190 * K;
	out = look(&w, &now, 20 * SECOND, &in, &told);
	g_assert_cmpuint(out.max_bps, ==, 16 * K);
	viewers[0].budget_bps = 200 * K;
	out = look(&w, &now, 4 * SECOND, &in, &told);
	g_assert_cmpuint(out.max_bps, ==, 16 * K);
	out = look(&w, &now, 3 * SECOND, &in, &told);
	g_assert_cmpuint(out.max_bps, ==, 0);
	g_assert_cmpint(told, ==, 2);
}

static void pictures_take_less_than_remb_can_ask_for(void)
{
	struct want_viewer viewer = {.max_encoding = 2, .budget_bps = WANT_NO_LIMIT};
	struct want_in in = {
		.encoding_count = 3, .viewers = &viewer, .viewer_count = 1, .uplink_bps = 40 * K};
	struct want w = {0};
	struct want_out out;
	int64_t now = START;
	int told = 0;

	out = look(&w, &now, 10 * SECOND, &in, &told);
	g_assert_cmphex(out.encodings, ==, 1);
	g_assert_cmpuint(out.max_bps, ==, 24 * K);
	in.uplink_bps = 5 * K;
	out = look(&w, &now, 5 * SECOND, &in, &told);
	g_assert_cmpuint(out.max_bps, ==, 10 * K);
	in.uplink_bps = 50 * K;
	out = look(&w, &now, 5 * SECOND, &in, &told);
	g_assert_cmpuint(out.max_bps, ==, 0);
}

static void the_uplink_is_shared(void)
{
	g_assert_cmpuint(want_share(0, 0, 40000, 1), ==, WANT_NO_LIMIT);
	g_assert_cmpuint(want_share(300000, 0, 40000, 1), ==, 260000);
	g_assert_cmpuint(want_share(300000, 200000, 40000, 1), ==, 160000);
	g_assert_cmpuint(want_share(0, 200000, 40000, 2), ==, 80000);
	g_assert_cmpuint(want_share(30000, 0, 40000, 1), ==, 0);
	g_assert_cmpuint(want_share(300000, 400000, 0, 0), ==, 300000);
}

/* --- whoever views --------------------------------------------------------------------------- */

static const uint32_t FULL[] = {150 * K, 500 * K, 1500 * K};

static bool is_alone(uint8_t encodings)
{
	return (encodings & (encodings - 1)) == 0;
}

static bool is_same(const struct want_out *a, const struct want_out *b)
{
	return a->encodings == b->encodings && a->max_bps == b->max_bps &&
	       a->ptime_ms == b->ptime_ms && a->is_redundant == b->is_redundant;
}

/* The best that a viewer has of what is sent: the larger encoding counts more than any rate. The
 * sender gives the smaller encodings theirs first, as libwebrtc does. */
static uint64_t value_of(const struct want_out *out, uint32_t uplink_bps,
			 const struct want_viewer *v)
{
	uint64_t left = out->max_bps ? out->max_bps : UINT64_MAX;
	uint64_t best = 0;

	if (uplink_bps < left)
		left = uplink_bps;
	for (int e = 0; e < 3; e++) {
		uint64_t rate = left < FULL[e] ? left : FULL[e];

		if (!(out->encodings >> e & 1))
			continue;
		left -= rate;
		/* Headroom and a temporal layer may be dropped for a viewer. */
		if ((e > v->max_encoding && (out->encodings >> v->max_encoding & 1)) || rate == 0 ||
		    v->budget_bps < rate / (rate > 300 * K ? 2 : 3))
			continue;
		best = (uint64_t)e << 40 | (rate < v->budget_bps ? rate : v->budget_bps);
	}
	return best;
}

static uint32_t some_bps(struct rng *rng)
{
	return rng_below(rng, 4) == 0 ? PLENTY : 20 * K + rng_below(rng, 100) * 25 * K;
}

static void a_thin_viewer_lowers_nothing(void)
{
	struct rng rng = rng_seeded(5);
	int followed = 0;

	for (int round = 0; round < 5000; round++) {
		struct want_viewer viewers[5];
		size_t count = 1 + rng_below(&rng, 4);
		uint32_t uplink = some_bps(&rng);
		uint32_t least = PLENTY;
		struct want_out without, with;

		for (size_t i = 0; i < count; i++) {
			viewers[i] = (struct want_viewer){
				.encoding = (int8_t)(rng_below(&rng, 4) - 1),
				.max_encoding = (int8_t)rng_below(&rng, 3),
				.budget_bps = some_bps(&rng),
			};
			if (viewers[i].encoding > viewers[i].max_encoding)
				viewers[i].encoding = viewers[i].max_encoding;
			if (viewers[i].budget_bps < least)
				least = viewers[i].budget_bps;
		}
		without = settled(viewers, count, uplink);
		viewers[count] = (struct want_viewer){
			.encoding = (int8_t)(rng_below(&rng, 2) - 1),
			.max_encoding = ANY,
			.budget_bps = rng_below(&rng, least),
		};
		with = settled(viewers, count + 1, uplink);
		/* The same best: no less of it. */
		if (with.encodings == without.encodings)
			g_assert_true(with.max_bps == 0 ||
				      (without.max_bps > 0 && with.max_bps >= without.max_bps));
		for (size_t i = 0; i < count; i++)
			g_assert_cmpuint(value_of(&with, uplink, &viewers[i]), >=,
					 value_of(&without, uplink, &viewers[i]));
		followed += without.max_bps > 0;
	}
	g_assert_cmpint(followed, >, 500);
}

/* Nobody who has bits to spare is held back by the cap, and any viewer has a picture. */
static void what_is_sent_fits_whoever_views(void)
{
	struct rng rng = rng_seeded(6);

	for (int round = 0; round < 5000; round++) {
		struct want_viewer viewers[4];
		size_t count = 1 + rng_below(&rng, 4);
		uint32_t uplink = some_bps(&rng);
		struct want_out out;

		for (size_t i = 0; i < count; i++)
			viewers[i] = (struct want_viewer){-1, (int8_t)rng_below(&rng, 3),
							  some_bps(&rng)};
		out = settled(viewers, count, uplink);
		g_assert_cmpuint(out.encodings, >, 0);
		g_assert_true(out.max_bps == 0 || out.max_bps >= (uplink < 50 * K ? 10 : 30) * K);
		if (uplink >= 350 * K)
			g_assert_cmphex(out.encodings & 1, ==, 1);
		else
			g_assert_true(is_alone(out.encodings));
		if (uplink < 600 * K)
			g_assert_cmphex(out.encodings, <, 7);
		/* There the uplink has the word, not the viewers. */
		if (uplink < 50 * K)
			continue;
		for (size_t i = 0; i < count; i++) {
			uint32_t bps = viewers[i].budget_bps;

			/* The best is not below what this one can use of it. */
			if (out.max_bps && out.encodings >> viewers[i].max_encoding == 1)
				g_assert_cmpuint(out.max_bps, >=,
						 bps < FULL[viewers[i].max_encoding]
							 ? bps
							 : FULL[viewers[i].max_encoding]);
		}
	}
}

static bool is_more(const struct want_out *than, const struct want_out *out)
{
	return (out->encodings & ~than->encodings) ||
	       (than->max_bps && (out->max_bps == 0 || out->max_bps > than->max_bps));
}

/* A minute of an audience that is never the same for long. */
static void restless(struct rng *rng)
{
	struct want_viewer viewers[3] = {{0, ANY, 300 * K}, {0, ANY, 300 * K}, {0, ANY, 0}};
	struct want_in in = {.encoding_count = 3, .viewers = viewers};
	struct want_out before = {.encodings = 7};
	struct want_out out;
	struct want w = {0};
	int64_t told_us = 0;
	bool is_told;

	for (int64_t now = START; now < START + 60 * SECOND; now += 100 * MS) {
		in.viewer_count = rng_below(rng, 20) ? 3 : rng_below(rng, 4);
		in.uplink_bps = some_bps(rng);
		viewers[rng_below(rng, 3)].budget_bps = some_bps(rng);
		is_told = want_update(&w, now, &in, &out);
		g_assert_true(is_told != is_same(&out, &before));
		g_assert_true(!is_told || is_more(&before, &out) || now - told_us >= SECOND);
		told_us = is_told ? now : told_us;
		before = out;
	}
}

static void words_are_few_unless_more_is_needed(void)
{
	struct rng rng = rng_seeded(8);

	for (int round = 0; round < 50; round++)
		restless(&rng);
}

#define ADD(name) g_test_add_func("/want/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(each_audience_has_its_encodings);
	ADD(on_at_once_and_off_after_seven_seconds);
	ADD(the_rate_follows_up_fast_and_down_slowly);
	ADD(the_uplink_limits_with_hysteresis);
	ADD(more_goes_on_when_its_least_comes_already);
	ADD(to_go_on_alone_takes_room_to_spare);
	ADD(sound_is_never_off_and_its_packets_follow_the_uplink);
	ADD(sound_is_as_fine_as_the_best_of_its_listeners_bears);
	ADD(pictures_take_less_than_remb_can_ask_for);
	ADD(the_uplink_is_shared);
	ADD(a_thin_viewer_lowers_nothing);
	ADD(what_is_sent_fits_whoever_views);
	ADD(words_are_few_unless_more_is_needed);
	return g_test_run();
}
