/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>
#include <stdlib.h>

#include "media/base/rng.h"
#include "media/stream/rewrite.h"
#include "media/stream/sync.h"
#include "media/wire/rtcp.h"

#define MS	 1000
#define SECOND	 1000000LL
#define AUDIO_HZ 48000
#define VIDEO_HZ 90000

/* A publisher with a clock of its own; its RTP clocks are true to it. */
struct publisher {
	int64_t base_us; /* its time at our time 0 */
	int64_t drift_ppm;
	int64_t period_us;   /* of its reports */
	uint32_t base_ts[2]; /* audio, video */
	struct sync_clock clock;
	struct sync_report report[2];
	int64_t report_arrives_us[2]; /* the one under way */
	int64_t report_sent_us[2];
};

static const uint32_t hz[2] = {AUDIO_HZ, VIDEO_HZ};

static int64_t theirs(const struct publisher *p, int64_t t)
{
	return p->base_us + t + t * p->drift_ppm / 1000000;
}

static uint32_t stamp(const struct publisher *p, int media, int64_t t)
{
	int64_t us = theirs(p, t) - p->base_us;

	return p->base_ts[media] +
	       (uint32_t)(us / SECOND * hz[media] + us % SECOND * hz[media] / SECOND);
}

/* One report each a period, half a period apart, 20 to 50 ms on the way. */
static void publisher_run(struct publisher *p, struct rng *rng, int64_t now)
{
	for (int m = 0; m < 2; m++) {
		if ((now + m * p->period_us / 2) % p->period_us == 0) {
			p->report_sent_us[m] = now;
			p->report_arrives_us[m] = now + (20 + rng_below(rng, 31)) * MS;
		}
		if (p->report_arrives_us[m] == now && now > 0)
			sync_sender_report(&p->clock, &p->report[m], now,
					   rtcp_ntp_from_us(theirs(p, p->report_sent_us[m])),
					   stamp(p, m, p->report_sent_us[m]));
	}
}

/* What a subscriber knows: its slots' last sender reports, and their rewriting. */
struct subscriber {
	struct rewrite rewrite[2];
	bool has_report[2];
	int64_t ntp_us[2];
	uint32_t ts[2];
};

static void send_report(struct subscriber *s, const struct publisher *p, int m, int64_t now)
{
	uint32_t ts =
		sync_timestamp_at(&p->clock, &p->report[m], now, hz[m], stamp(p, m, now), now);

	s->ntp_us[m] = now;
	s->ts[m] = rewrite_timestamp(&s->rewrite[m], ts);
	s->has_report[m] = true;
}

static void switch_to(struct subscriber *s, const struct publisher *p, int64_t now)
{
	struct codec_frame frame = {0};

	for (int m = 0; m < 2; m++) {
		const struct rewrite_in in = {
			.timestamp = stamp(p, m, now - 30 * MS),
			.arrival_us = now,
			.clock_hz = hz[m],
			.frame = m ? &frame : NULL,
		};
		rewrite_switch(&s->rewrite[m], &in);
		send_report(s, p, m, now);
	}
}

/* How far apart audio and video of one instant come out. */
static int64_t lip_error_us(const struct subscriber *s, const struct publisher *p, int64_t now)
{
	int64_t at[2];

	for (int m = 0; m < 2; m++) {
		uint32_t out = rewrite_timestamp(&s->rewrite[m], stamp(p, m, now));
		at[m] = s->ntp_us[m] + (int64_t)(int32_t)(out - s->ts[m]) * SECOND / hz[m];
	}
	return llabs(at[0] - at[1]);
}

struct setup {
	int64_t drift_ppm;
	int64_t period_us;
	uint64_t seed;
	bool switches;
};

static int64_t worst_over_ten_minutes(const struct setup *setup)
{
	struct publisher p[2] = {
		{.base_us = 1700000000 * SECOND,
		 .drift_ppm = setup->drift_ppm,
		 .period_us = setup->period_us,
		 .base_ts = {0xfffff000u, 77}},
		{.base_us = 1600000000 * SECOND,
		 .drift_ppm = -setup->drift_ppm,
		 .period_us = setup->period_us,
		 .base_ts = {9, 0x80000000u}},
	};
	struct rng rng = rng_seeded(setup->seed);
	struct subscriber s = {0};
	const struct publisher *shown = &p[0];
	int64_t worst = 0;

	rewrite_init(&s.rewrite[0], 1, 1000);
	rewrite_init(&s.rewrite[1], 1, 0xffffff00u);
	for (int64_t now = MS; now <= 600 * SECOND; now += MS) {
		publisher_run(&p[0], &rng, now);
		publisher_run(&p[1], &rng, now);
		if (now == 5 * MS)
			switch_to(&s, shown, now);
		if (setup->switches && now > 10 * SECOND && now % (47 * SECOND) == 0) {
			shown = shown == &p[0] ? &p[1] : &p[0];
			switch_to(&s, shown, now);
		}
		for (int m = 0; m < 2; m++) {
			if ((now + m * 300 * MS) % SECOND == 0)
				send_report(&s, shown, m, now);
		}
		/* After the first reports of both sides. */
		if (now >= 7 * SECOND && now % (10 * MS) == 0) {
			int64_t error = lip_error_us(&s, shown, now);
			worst = error > worst ? error : worst;
		}
	}
	return worst;
}

static void lips_stay_within_5_ms_for_ten_minutes(void)
{
	static const int64_t drifts[] = {0, 50, -50};
	static const int64_t periods[] = {SECOND, 5 * SECOND, 100 * MS};

	for (int i = 0; i < 9; i++) {
		const struct setup setup = {
			.drift_ppm = drifts[i % 3],
			.period_us = periods[i / 3],
			.seed = (uint64_t)i + 1,
		};
		int64_t worst = worst_over_ten_minutes(&setup);
		g_test_message("drift %d ppm, reports each %d ms: worst %d us",
			       (int)setup.drift_ppm, (int)(setup.period_us / MS), (int)worst);
		g_assert_cmpint(worst, <=, 5000);
		/* What the slow following of the offset is for. */
		g_assert_cmpint(worst, <=, 2000);
	}
}

static void lips_stay_within_5_ms_across_switches(void)
{
	for (uint64_t seed = 1; seed <= 4; seed++) {
		const struct setup setup = {
			.drift_ppm = 50, .period_us = SECOND, .seed = seed, .switches = true};
		int64_t worst = worst_over_ten_minutes(&setup);
		g_test_message("seed %d: worst %d us", (int)seed, (int)worst);
		g_assert_cmpint(worst, <=, 5000);
	}
}

/* Not only alike for both, but true: the offset stays near the least delay whatever the drift. */
static void the_offset_follows_drift(void)
{
	static const int64_t drifts[] = {0, 100, -100};

	for (size_t i = 0; i < G_N_ELEMENTS(drifts); i++) {
		struct publisher p = {
			.base_us = SECOND, .drift_ppm = drifts[i], .period_us = SECOND};
		struct rng rng = rng_seeded(i + 1);
		for (int64_t now = MS; now <= 3600 * SECOND; now += MS) {
			publisher_run(&p, &rng, now);
			if (now < 60 * SECOND || now % SECOND != 0)
				continue;
			int64_t error = p.clock.offset_us - (now - theirs(&p, now));
			g_assert_cmpint(error, >=, 15 * MS);
			g_assert_cmpint(error, <=, 30 * MS);
		}
	}
}

static void without_a_report_the_last_packet_tells(void)
{
	const struct sync_clock clock = {0};
	const struct sync_report report = {0};

	g_assert_cmpuint(
		sync_timestamp_at(&clock, &report, 1500 * MS, VIDEO_HZ, 0xffffffffu, SECOND), ==,
		44999);
	g_assert_cmpint(sync_capture_us(&clock, &report, 5, VIDEO_HZ, 777), ==, 777);
}

static void a_report_without_wallclock_is_none(void)
{
	struct sync_clock clock = {0};
	struct sync_report report = {0};

	sync_sender_report(&clock, &report, SECOND, 0, 9);
	g_assert_false(clock.started);
	g_assert_false(report.started);
}

static void report(struct sync_clock *clock, struct sync_report *r, int64_t now, int64_t ntp_us,
		   uint32_t ts)
{
	sync_sender_report(clock, r, now, rtcp_ntp_from_us(ntp_us), ts);
}

static void a_delayed_report_moves_nothing_a_faster_one_little(void)
{
	struct sync_clock clock = {0};
	struct sync_report r = {0};

	report(&clock, &r, SECOND, 51 * SECOND, 0);
	int64_t first = clock.offset_us;
	g_assert_cmpint(llabs(first + 50 * SECOND), <=, 1);
	report(&clock, &r, 4 * SECOND, 52 * SECOND, 90000); /* 2 s in a queue */
	g_assert_cmpint(clock.offset_us - first, <=, 1000);
	report(&clock, &r, 5 * SECOND, 55 * SECOND + 20 * MS, 270000);
	g_assert_cmpint(clock.offset_us, >=, first - 2000);
}

static void a_clock_set_forward_is_followed_at_once(void)
{
	struct sync_clock clock = {0};
	struct sync_report r = {0};

	report(&clock, &r, SECOND, 51 * SECOND, 0);
	report(&clock, &r, 2 * SECOND, 3652 * SECOND, 90000);
	g_assert_cmpint(llabs(clock.offset_us + 3650 * SECOND), <=, 1);
}

/* From 1900 to 2036 in one second, backwards in time, and no clock rate at all. */
static void absurd_input_is_harmless(void)
{
	struct sync_clock clock = {0};
	struct sync_report r = {0};

	sync_sender_report(&clock, &r, SECOND, 1, 0);
	sync_sender_report(&clock, &r, 2 * SECOND, UINT64_MAX, 0xffffffffu);
	sync_sender_report(&clock, &r, 1 * SECOND, 1, 0);
	sync_sender_report(&clock, &r, 3 * SECOND, 1, 0x80000000u);
	(void)sync_timestamp_at(&clock, &r, 4 * SECOND, UINT32_MAX, 0, 0);
	g_assert_cmpint(sync_capture_us(&clock, &r, 5, 0, 777), ==, 777);
	g_assert_cmpint(sync_capture_us(&clock, &r, 5, 1, 777), ==, 777);
}

static void capture_time_has_no_jitter(void)
{
	struct sync_clock clock = {0};
	struct sync_report r = {0};

	report(&clock, &r, SECOND, 51 * SECOND, 1000);
	/* 100 ms later by the stamp, whenever it arrives; before the report as well. */
	g_assert_cmpint(
		llabs(sync_capture_us(&clock, &r, 1000 + 9000, VIDEO_HZ, 1190 * MS) - 1100 * MS),
		<=, 20);
	g_assert_cmpint(
		llabs(sync_capture_us(&clock, &r, 1000 - 9000, VIDEO_HZ, 950 * MS) - 900 * MS), <=,
		20);
	/* A timestamp that has left the report's line: arrival. */
	g_assert_cmpint(sync_capture_us(&clock, &r, 1000 + 900000, VIDEO_HZ, 1190 * MS), ==,
			1190 * MS);
}

#define ADD(name) g_test_add_func("/sync/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(lips_stay_within_5_ms_for_ten_minutes);
	ADD(lips_stay_within_5_ms_across_switches);
	ADD(the_offset_follows_drift);
	ADD(without_a_report_the_last_packet_tells);
	ADD(a_report_without_wallclock_is_none);
	ADD(a_delayed_report_moves_nothing_a_faster_one_little);
	ADD(a_clock_set_forward_is_followed_at_once);
	ADD(absurd_input_is_harmless);
	ADD(capture_time_has_no_jitter);
	return g_test_run();
}
