/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>
#include <math.h>

#include "loadtest/model/hearing.h"
#include "loadtest/model/opus_frames.h"
#include "loadtest/model/voice.h"
#include "media/base/rng.h"

#define BASE_US 1000000

/* Frame n arrives late_us after it was taken; played half a frame out of step. */
struct stream {
	struct hearing hearing;
	int64_t now_us;
	int64_t frame;
};

static struct label label_of(int64_t frame, bool is_speech)
{
	return (struct label){
		.track_id = 1, .is_speech = is_speech, .captured_us = BASE_US + frame * 20000};
}

static void arrive(struct stream *stream, int64_t frame, bool is_speech, enum hearing_kind kind)
{
	const struct label label = label_of(frame, is_speech);

	hearing_frame(&stream->hearing, stream->now_us, (uint32_t)(frame * 960), &label, kind);
}

/* Plays `ticks`, each frame arriving in time unless `is_lost` says so. */
static void play(struct stream *stream, int ticks, bool (*is_lost)(int64_t frame))
{
	for (int i = 0; i < ticks; i++, stream->frame++) {
		stream->now_us = BASE_US + stream->frame * 20000 + 30000;
		if (!is_lost || !is_lost(stream->frame))
			arrive(stream, stream->frame, true, HEARING_FIRST);
		stream->now_us += 10000;
		hearing_tick(&stream->hearing, stream->now_us);
	}
}

static bool every_tenth(int64_t frame)
{
	return frame % 10 == 5;
}

static bool fifty_to_a_hundred(int64_t frame)
{
	return frame >= 50 && frame < 100;
}

static void clean_stream_is_heard_whole(void)
{
	struct stream stream = {0};

	play(&stream, 3000, NULL);
	g_assert_cmpuint(stream.hearing.stats.concealed, ==, 0);
	g_assert_cmpuint(stream.hearing.stats.ticks, >, 2990);
	/* 40 ms of transit and tick, and a buffer that has come down from its start of 80 ms. */
	g_assert_cmpuint(stream.hearing.stats.delay_sum_us / stream.hearing.stats.delay_count, <,
			 80000);
}

static void each_lost_frame_costs_one(void)
{
	struct stream stream = {0};

	play(&stream, 3000, every_tenth);
	g_assert_cmpuint(stream.hearing.stats.audible, >=, 290);
	g_assert_cmpuint(stream.hearing.stats.audible, <=, 305);
	g_assert_cmpuint(stream.hearing.stats.longest_us, ==, 20000);
}

static void outage_is_as_long_as_it_was(void)
{
	struct stream stream = {0};

	play(&stream, 500, fifty_to_a_hundred);
	g_assert_cmpuint(stream.hearing.stats.longest_us, >=, 900000);
	g_assert_cmpuint(stream.hearing.stats.longest_us, <=, 1040000);
	g_assert_cmpuint(stream.hearing.stats.audible, <=, 52);
}

static void no_hole_is_concealed_for_longer_than_it_takes(void)
{
	struct stream stream = {0};
	int late = 8;

	play(&stream, 100, NULL);
	/* Less time than the 40 frames that are left out: the source's clock jumped. */
	while (late-- > 0)
		hearing_tick(&stream.hearing, stream.now_us += 20000);
	arrive(&stream, stream.frame + 40, true, true);
	g_assert_cmpint(hearing_tick(&stream.hearing, stream.now_us), ==, HEARING_PLAYED);
	g_assert_cmpuint(stream.hearing.stats.longest_us, <=, 160000);
}

static void silence_is_not_audible_when_lost(void)
{
	struct stream stream = {0};

	for (stream.frame = 0; stream.frame < 100; stream.frame++) {
		stream.now_us = BASE_US + stream.frame * 20000;
		if (stream.frame < 50)
			arrive(&stream, stream.frame, false, HEARING_FIRST);
		hearing_tick(&stream.hearing, stream.now_us + 10000);
	}
	g_assert_cmpuint(stream.hearing.stats.concealed, >, 40);
	g_assert_cmpuint(stream.hearing.stats.audible, ==, 0);
}

static void repair_in_time_is_played(void)
{
	struct stream stream = {0};

	for (stream.frame = 0; stream.frame < 500; stream.frame++) {
		stream.now_us = BASE_US + stream.frame * 20000;
		if (stream.frame % 10 != 5)
			arrive(&stream, stream.frame, true, HEARING_FIRST);
		/* Two frames later: within the buffer once that knows of such delays. */
		if (stream.frame % 10 == 7)
			arrive(&stream, stream.frame - 2, true, HEARING_LATE);
		hearing_tick(&stream.hearing, stream.now_us + 10000);
	}
	g_assert_cmpuint(stream.hearing.stats.audible, <, 10);
}

static uint64_t heard_with_repairs(int64_t lost_every)
{
	struct stream stream = {0};

	/* Repairs come 100 ms later. */
	for (stream.frame = 0; stream.frame < 3000; stream.frame++) {
		stream.now_us = BASE_US + stream.frame * 20000;
		if (stream.frame % lost_every != 3)
			arrive(&stream, stream.frame, true, HEARING_FIRST);
		if (stream.frame >= 8 && (stream.frame - 5) % lost_every == 3)
			arrive(&stream, stream.frame - 5, true, HEARING_LATE);
		hearing_tick(&stream.hearing, stream.now_us + 10000);
	}
	return stream.hearing.stats.audible;
}

/* NetEq's price of delay: 2 % of sound is not worth 100 ms, 10 % is. */
static void repairs_are_waited_for_when_they_are_many(void)
{
	g_assert_cmpuint(heard_with_repairs(50), >, 50);
	g_assert_cmpuint(heard_with_repairs(10), <, 40);
}

/* Up to 60 ms late, at random: the target follows and little is lost. */
static void jitter_buffer_grows_with_jitter(void)
{
	struct rng rng = rng_seeded(3);
	struct stream stream = {0};
	int64_t due[4000];
	uint64_t before = 0;

	for (int64_t n = 0; n < 4000; n++)
		due[n] = BASE_US + n * 20000 + rng_below(&rng, 60000);
	for (int64_t tick = 0, next = 0; tick < 3900; tick++) {
		stream.now_us = BASE_US + tick * 20000 + 10000;
		/* In order, as on a link that does not reorder. */
		while (next < 4000 && due[next] <= stream.now_us)
			arrive(&stream, next++, true, HEARING_FIRST);
		if (tick == 500)
			before = stream.hearing.stats.audible;
		hearing_tick(&stream.hearing, stream.now_us);
	}
	g_assert_cmpint(jitter_target_us(&stream.hearing.jitter), >=, 60000);
	g_assert_cmpint(jitter_target_us(&stream.hearing.jitter), <=, 120000);
	g_assert_cmpuint(stream.hearing.stats.audible - before, <, 34); /* 1 % */
}

static void merged_packets_come_apart(void)
{
	static const uint8_t one[] = {0x78, 1, 2, 3};
	static const uint8_t three[] = {0x7b, 0x83, 2, 1, 1, 1, 2, 3, 3, 3};
	static const uint8_t padded[] = {0x7b, 0x42, 2, 7, 8, 0, 0};
	static const uint8_t bad[] = {0x7b, 0x83, 200, 1};
	struct opus_frames frames;

	g_assert_cmpint(opus_frames_parse(&frames, one, sizeof(one)), ==, 0);
	g_assert_cmpuint(frames.count, ==, 1);
	g_assert_cmpuint(frames.len[0], ==, 3);
	g_assert_cmpint(opus_frames_parse(&frames, three, sizeof(three)), ==, 0);
	g_assert_cmpuint(frames.count, ==, 3);
	g_assert_cmpuint(frames.len[0], ==, 2);
	g_assert_cmpuint(frames.data[1][0], ==, 2);
	g_assert_cmpuint(frames.len[2], ==, 3);
	g_assert_cmpint(opus_frames_parse(&frames, padded, sizeof(padded)), ==, 0);
	g_assert_cmpuint(frames.count, ==, 2);
	g_assert_cmpuint(frames.data[1][0], ==, 8);
	g_assert_cmpint(opus_frames_parse(&frames, bad, sizeof(bad)), <, 0);
}

static void voice_speaks_at_its_rate_and_rests_with_dtx(void)
{
	struct voice voice;
	struct voice_frame frame;
	double bytes = 0;
	int sent = 0;

	voice_init(&voice, &(struct voice_config){.bps = 24000, .is_continuous = true}, 5);
	for (int64_t n = 0; n < 500; n++) {
		voice_frame(&voice, n * VOICE_FRAME_US, &frame);
		bytes += frame.bytes;
		g_assert_true(frame.is_speech);
	}
	g_assert_cmpfloat(fabs(bytes * 8 / 10 - 24000), <, 1200);
	voice.config.has_dtx = true;
	voice.is_muted = true;
	for (int64_t n = 0; n < 500; n++) {
		voice_frame(&voice, n * VOICE_FRAME_US, &frame);
		sent += frame.bytes > 0;
	}
	g_assert_cmpint(sent, >=, 30);
	g_assert_cmpint(sent, <=, 40);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/hearing/clean", clean_stream_is_heard_whole);
	g_test_add_func("/hearing/lost", each_lost_frame_costs_one);
	g_test_add_func("/hearing/outage", outage_is_as_long_as_it_was);
	g_test_add_func("/hearing/hole", no_hole_is_concealed_for_longer_than_it_takes);
	g_test_add_func("/hearing/silence", silence_is_not_audible_when_lost);
	g_test_add_func("/hearing/repair", repair_in_time_is_played);
	g_test_add_func("/hearing/worth", repairs_are_waited_for_when_they_are_many);
	g_test_add_func("/hearing/jitter", jitter_buffer_grows_with_jitter);
	g_test_add_func("/opus/frames", merged_packets_come_apart);
	g_test_add_func("/voice/rate", voice_speaks_at_its_rate_and_rests_with_dtx);
	return g_test_run();
}
