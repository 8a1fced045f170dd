/* SPDX-License-Identifier: EUPL-1.2 */
/* Whole runs of the bench, and its meters against links whose outcome is known. */
#include <glib.h>

#include "loadtest/scenario/scenario.h"

static const struct scenario clean = {
	.name = "clean",
	.profile = "clean",
	.duration_s = 20,
	.has_audio_nack = true,
	.build = build_pair,
};
static const struct scenario lossy = {
	.name = "lossy",
	.profile = "s10-loss-iid-05",
	.duration_s = 5,
	.build = build_pair,
};

static double measure(json_t *result, const char *name)
{
	return json_number_value(json_object_get(json_object_get(result, "measures"), name));
}

static void clean_call_is_whole(void)
{
	uint64_t digest;
	json_t *result = scenario_run(&clean, 1, &digest);

	g_assert_cmpfloat(measure(result, "audible_concealment"), ==, 0);
	g_assert_cmpfloat(measure(result, "up_audible_concealment"), ==, 0);
	g_assert_cmpfloat(measure(result, "stall_400"), ==, 0);
	g_assert_cmpfloat(measure(result, "fps"), >, 29);
	/* It starts low and climbs. */
	g_assert_cmpfloat(measure(result, "height"), >, 500);
	g_assert_cmpfloat(measure(result, "loss"), ==, 0);
	g_assert_cmpfloat(measure(result, "first_audio_s"), <, 0.5);
	g_assert_cmpfloat(measure(result, "mouth_to_ear_ms"), >, 20);
	g_assert_cmpfloat(measure(result, "mouth_to_ear_ms"), <, 100);
	g_assert_cmpfloat(measure(result, "utilisation"), >, 0.8);
	g_assert_cmpfloat(measure(result, "utilisation"), <, 1.05);
	json_decref(result);
}

static void same_seed_gives_the_same_run(void)
{
	uint64_t first;
	uint64_t second;
	uint64_t other;
	json_t *a = scenario_run(&lossy, 1, &first);
	json_t *b = scenario_run(&lossy, 1, &second);
	json_t *c = scenario_run(&lossy, 2, &other);

	g_assert_cmpuint(first, ==, second);
	g_assert_cmpuint(first, !=, other);
	g_assert_true(json_equal(a, b));
	json_decref(a);
	json_decref(b);
	json_decref(c);
}

/* 1 Mbit/s for 2 s, 0.5 for 2 s; what is handed over is known. */
static struct leg leg_of_steps(void)
{
	static const struct link_step rate[] = {{0, 1000000}, {2 * LINK_S_NS, 500000}};
	const struct link_config config = {.rate = {.steps = rate, .count = 2},
					   .queue_ns = LINK_S_NS};
	struct link *link;
	struct leg leg;

	g_assert_cmpint(link_new(&link, &config, 1), ==, 0);
	leg_init(&leg, link, 0, 4000000);
	return leg;
}

static void meter_tells_rates_and_waits(void)
{
	struct leg leg = leg_of_steps();

	/* 0.8 Mbit/s: fits at first, then 0.3 too much. */
	for (int64_t now = 0; now < 4000000; now += 10000) {
		leg_send(&leg, now, 1000, LEG_VIDEO);
		leg_sample(&leg, now);
	}
	g_assert_cmpfloat(leg_media_bps(&leg, 0, 2000000), >, 790000);
	g_assert_cmpfloat(leg_media_bps(&leg, 0, 2000000), <=, 801000);
	g_assert_cmpfloat(leg_media_bps(&leg, 2000000, 4000000), >, 490000);
	g_assert_cmpfloat(leg_media_bps(&leg, 2000000, 4000000), <=, 501000);
	g_assert_cmpfloat(leg_capacity_bps(&leg, 1000000, 3000000), ==, 750000);
	/* Against 0.95 of 1 Mbit/s, then against a ceiling below that. */
	g_assert_cmpfloat_with_epsilon(leg_utilisation(&leg, 0, 2000000, 1e9), 0.8 / 0.95, 0.02);
	g_assert_cmpfloat_with_epsilon(leg_utilisation(&leg, 0, 2000000, 8e5), 1, 0.02);
	g_assert_cmpfloat(leg_queue_ms(&leg, 0, 1900000), <, 10);
	/* 1.9 s of 0.3 Mbit/s too much at 0.5: 1140 ms, but the queue ends at 1 s. */
	g_assert_cmpfloat(leg_queue_ms(&leg, 2000000, 4000000), >, 950);
	g_assert_cmpfloat(leg_queue_ms(&leg, 2000000, 4000000), <, 1020);
	g_assert_cmpfloat(leg_wait_ms(&leg.all, 0.4), ==, 0);
	g_assert_cmpfloat(leg_wait_ms(&leg.video, 0.99), >, 900);
	g_assert_cmpuint(leg.lost[LEG_VIDEO], >, 0);
	leg_close(&leg);
}

static void meter_tells_recovery_and_cuts(void)
{
	struct leg leg = leg_of_steps();

	/* Silent for a second, then at 0.95. */
	for (int64_t now = 1000000; now < 2000000; now += 8421) {
		leg_send(&leg, now, 1000, LEG_VIDEO);
		leg_sample(&leg, now);
	}
	for (int64_t now = 2000000; now < 4000000; now += 20000)
		leg_send(&leg, now, 1000, LEG_VIDEO);
	g_assert_cmpfloat(leg_recovery_s(&leg, 0, 4000000, 1e9), >, 0.5);
	g_assert_cmpfloat(leg_recovery_s(&leg, 0, 4000000, 1e9), <=, 1.5);
	leg_close(&leg);
	leg = leg_of_steps();
	for (int64_t now = 0; now < 4000000; now += now < 3000000 ? 20000 : 40000)
		leg_send(&leg, now, 1000, LEG_VIDEO);
	g_assert_cmpuint(leg_cuts(&leg, 0, 4000000, 0.9, 30), ==, 1);
	g_assert_cmpuint(leg_cuts(&leg, 0, 4000000, 0.4, 30), ==, 0);
	leg_close(&leg);
}

static void watcher_tells_stalls_outside_of_windows(void)
{
	static const int64_t at_ms[] = {0, 100, 200, 1200, 1300, 1800};
	GArray *shown = g_array_new(FALSE, TRUE, sizeof(struct party_shown));
	const struct leg_window window = {200000, 1200000};
	const struct watch_windows skip = {&window, 1};

	for (size_t i = 0; i < G_N_ELEMENTS(at_ms); i++) {
		struct party_shown frame = {
			.now_us = at_ms[i] * 1000, .captured_us = at_ms[i] * 1000, .height = 180};

		frame.height = i < 3 ? 180 : 360;
		g_array_append_val(shown, frame);
	}
	/* 1000 + 500 of 2000 ms; the last 200 are no stall. */
	g_assert_cmpfloat(watch_stall(shown, 0, 2000000, 400000), ==, 0.75);
	g_assert_cmpfloat(watch_stall(shown, 0, 2000000, 600000), ==, 0.5);
	g_assert_cmpfloat(watch_stall_outside(shown, 0, 2000000, 400000, &skip), ==, 0.5);
	g_assert_cmpfloat(watch_height(shown, 0, 2000000), ==, 180 * 0.6 + 360 * 0.4);
	g_assert_cmpfloat(watch_longest_gap_s(shown, 0, 2000000), ==, 1);
	g_assert_cmpfloat(watch_age_s(shown, 2000000), ==, 1);
	g_assert_cmpuint(watch_switches(shown, 0, 2000000), ==, 1);
	g_assert_cmpuint(watch_height_at(shown, 1250000), ==, 360);
	g_array_free(shown, TRUE);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scenario/clean", clean_call_is_whole);
	g_test_add_func("/scenario/same_seed", same_seed_gives_the_same_run);
	g_test_add_func("/leg/rates", meter_tells_rates_and_waits);
	g_test_add_func("/leg/recovery", meter_tells_recovery_and_cuts);
	g_test_add_func("/watch/stalls", watcher_tells_stalls_outside_of_windows);
	return g_test_run();
}
