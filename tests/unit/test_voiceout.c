/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <string.h>

#include "media/base/heap.h"
#include "media/base/rng.h"
#include "media/codec/opus.h"
#include "media/wire/red.h"
#include "voice_rig.h"

static struct rig_heard heard;

/* Packets [from, to), 20 ms apart. */
static void speak(struct rig *rig, uint32_t from, uint32_t to, unsigned red_distance)
{
	for (uint32_t i = from; i < to; i++) {
		g_assert_cmpint(rig_packet(rig, i, red_distance, false), ==, 0);
		rig_wait(rig, RIG_STEP_US);
	}
}

/* Everything sent is heard; numbers follow each other; [from, to) is there once. */
static void assert_whole(struct rig *rig, uint32_t from, uint32_t to)
{
	memset(&heard, 0, sizeof(heard));
	for (size_t i = 0; i < rig->sent->len; i++) {
		rig_hear(rig, &heard, rig_sent(rig, i));
		g_assert_cmpuint(rig_sent(rig, i)->payload.seq, ==, (uint16_t)(1000 + i));
	}
	for (uint32_t i = from; i < to; i++)
		g_assert_cmpuint(heard.primary[i], ==, 1);
}

static void assert_sent(struct rig *rig, size_t at, size_t frames, size_t older)
{
	const struct voiceout_payload *p = &rig_sent(rig, at)->payload;

	g_assert_cmpuint(p->frames, ==, frames);
	g_assert_cmpuint(p->older, ==, older);
	g_assert_cmpint(p->is_red, ==, older > 0);
}

static void plain_packets_go_as_they_came(void)
{
	struct rig rig;

	rig_open(&rig, (struct voice_policy){1, 0});
	speak(&rig, 0, 200, 0);
	g_assert_cmpuint(rig.sent->len, ==, 200);
	assert_whole(&rig, 0, 200);
	g_assert_cmpint(rig_sent(&rig, 199)->sent_us, ==, 199 * RIG_STEP_US);
	g_assert_cmpint(voiceout_deadline_us(&rig.out), ==, DEADLINE_NEVER);
	rig_close(&rig);
}

static void deliver(uint8_t merge, uint8_t distance, unsigned incoming)
{
	struct rig rig;

	rig_open(&rig, (struct voice_policy){merge, distance});
	speak(&rig, 0, 120, incoming);
	g_assert_cmpuint(rig.sent->len, ==, 120u / merge);
	assert_whole(&rig, 0, 120);
	assert_sent(&rig, 0, merge, 0);
	assert_sent(&rig, 10, merge, distance);
	/* The last payload was carried by none. */
	for (uint32_t i = 30; i < 120u - 4 * merge; i++)
		g_assert_cmpuint(heard.older[i], ==, distance);
	rig_close(&rig);
}

static void each_policy_delivers_each_frame_once(void)
{
	for (uint8_t merge = 1; merge <= 3; merge++)
		for (uint8_t distance = 0; distance <= 4; distance++)
			for (unsigned incoming = 0; incoming <= 2; incoming++)
				deliver(merge, distance, incoming);
}

/* Jitter of the publisher's way costs merging, not delay: nothing is held past its time. */
static void jitter_holds_nothing_longer(void)
{
	struct rng rng = rng_seeded(5);
	int64_t arrival_us[300];
	struct rig rig;

	rig_open(&rig, (struct voice_policy){3, 1});
	for (uint32_t i = 0; i < 300; i++) {
		arrival_us[i] = i * RIG_STEP_US + rng_below(&rng, 30000);
		if (i > 0 && arrival_us[i] < arrival_us[i - 1])
			arrival_us[i] = arrival_us[i - 1];
		rig_wait(&rig, arrival_us[i] - rig.now_us);
		rig_packet(&rig, i, 0, false);
	}
	rig_wait(&rig, 100000);
	assert_whole(&rig, 0, 300);
	for (size_t i = 0, frame = 0; i < rig.sent->len; i++) {
		const struct rig_sent *sent = rig_sent(&rig, i);

		g_assert_cmpint(sent->sent_us - arrival_us[frame], <=,
				(int64_t)sent->payload.frames * RIG_STEP_US + 5000);
		frame += sent->payload.frames;
	}
	g_assert_cmpuint(rig.sent->len, >=, 100);
	g_assert_cmpuint(rig.sent->len, <, 200);
	rig_close(&rig);
}

static void merging_waits_for_nothing_but_its_frames(void)
{
	struct rig rig;

	rig_open(&rig, (struct voice_policy){3, 0});
	speak(&rig, 0, 6, 0);
	g_assert_cmpuint(rig.sent->len, ==, 2);
	g_assert_cmpint(rig_sent(&rig, 0)->sent_us, ==, 2 * RIG_STEP_US);
	g_assert_cmpint(rig_sent(&rig, 1)->sent_us, ==, 5 * RIG_STEP_US);
	/* Its timestamp is its first frame's. */
	g_assert_cmpuint(rig_sent(&rig, 1)->payload.timestamp, ==, 5000 + 3 * RIG_STEP_TS);
	rig_close(&rig);
}

static void what_is_gathered_is_held_for_its_duration_and_5_ms(void)
{
	struct rig rig;

	rig_open(&rig, (struct voice_policy){3, 0});
	rig_packet(&rig, 0, 0, false);
	g_assert_cmpint(voiceout_deadline_us(&rig.out), ==, 25000);
	rig_wait(&rig, 24999);
	g_assert_cmpuint(rig.sent->len, ==, 0);
	rig_wait(&rig, 1);
	g_assert_cmpuint(rig.sent->len, ==, 1);
	/* Two: 40 ms after the first. */
	rig.now_us = 100000;
	rig_packet(&rig, 1, 0, false);
	rig_wait(&rig, RIG_STEP_US);
	rig_packet(&rig, 2, 0, false);
	g_assert_cmpint(voiceout_deadline_us(&rig.out), ==, 145000);
	rig_wait(&rig, 100000);
	assert_whole(&rig, 0, 3);
	assert_sent(&rig, 1, 2, 0);
	g_assert_cmpint(rig_sent(&rig, 1)->sent_us, ==, 145000);
	rig_close(&rig);
}

/* DTX: numbers go on, timestamps leap. */
static void silence_divides_payloads(void)
{
	struct rig rig;

	rig_open(&rig, (struct voice_policy){3, 2});
	rig_packet(&rig, 0, 0, false);
	rig.skipped = 400 * 48;
	rig_packet(&rig, 1, 0, false); /* before the deadline: flushed by the leap */
	g_assert_cmpuint(rig.sent->len, ==, 1);
	rig_flush(&rig);
	assert_sent(&rig, 0, 1, 0);
	/* 400 ms do not fit RED's 14 bits. */
	assert_sent(&rig, 1, 1, 0);
	assert_whole(&rig, 0, 2);
	rig_close(&rig);
}

static void a_talk_spurt_begins_a_payload(void)
{
	struct rig rig;

	rig_open(&rig, (struct voice_policy){3, 0});
	rig_packet(&rig, 0, 0, true);
	rig_packet(&rig, 1, 0, false);
	rig_packet(&rig, 2, 0, true);
	g_assert_cmpuint(rig.sent->len, ==, 1);
	rig_flush(&rig);
	assert_sent(&rig, 0, 2, 0);
	g_assert_true(rig_sent(&rig, 0)->payload.marker);
	g_assert_true(rig_sent(&rig, 1)->payload.marker);
	assert_whole(&rig, 0, 3);
	rig_close(&rig);
}

static void the_policy_changes_at_any_packet(void)
{
	struct rng rng = rng_seeded(7);
	struct rig rig;

	rig_open(&rig, (struct voice_policy){1, 0});
	for (uint32_t i = 0; i < 3000; i++) {
		if (rng_below(&rng, 3) == 0)
			voiceout_set_policy(&rig.out,
					    (struct voice_policy){(uint8_t)rng_below(&rng, 5),
								  (uint8_t)rng_below(&rng, 6)});
		speak(&rig, i, i + 1, rng_below(&rng, 3));
	}
	rig_flush(&rig);
	assert_whole(&rig, 0, 3000);
	for (size_t i = 0; i < rig.sent->len; i++) {
		g_assert_cmpuint(rig_sent(&rig, i)->payload.frames, <=, 3);
		g_assert_cmpuint(rig_sent(&rig, i)->payload.older, <=, 4);
	}
	rig_close(&rig);
}

static void configurations_are_not_mixed(void)
{
	struct rig rig;
	struct opus_packet packet;

	rig_open(&rig, (struct voice_policy){3, 0});
	rig_packet(&rig, 0, 0, false);
	rig.toc = 0x70; /* 10 ms */
	rig_packet(&rig, 1, 0, false);
	g_assert_cmpuint(rig.sent->len, ==, 1);
	rig_flush(&rig);
	g_assert_cmpuint(rig.sent->len, ==, 2);
	g_assert_cmpint(opus_parse(&packet, rig_sent(&rig, 0)->bytes, rig_sent(&rig, 0)->len), ==,
			0);
	g_assert_cmpuint(packet.config, ==, 15);
	g_assert_cmpint(opus_parse(&packet, rig_sent(&rig, 1)->bytes, rig_sent(&rig, 1)->len), ==,
			0);
	g_assert_cmpuint(packet.config, ==, 14);
	rig_close(&rig);
}

/* A publisher's own 60 ms packets leave no room for more. */
static void long_packets_go_at_once(void)
{
	struct rig rig;

	rig_open(&rig, (struct voice_policy){3, 1});
	rig.toc = 0x58; /* configuration 11: 60 ms */
	rig_packet(&rig, 0, 0, false);
	g_assert_cmpuint(rig.sent->len, ==, 1);
	voiceout_set_policy(&rig.out, (struct voice_policy){1, 1});
	rig.skipped = 2 * RIG_STEP_TS;
	rig_packet(&rig, 1, 0, false);
	g_assert_cmpuint(rig.sent->len, ==, 2);
	assert_sent(&rig, 1, 1, 1);
	rig_close(&rig);
}

static void what_is_no_opus_packet_is_passed_on_alone(void)
{
	struct rig rig;

	rig_open(&rig, (struct voice_policy){3, 1});
	rig.toc = 0x79;	    /* two equal frames; */
	rig.frame_size = 1; /* in 5 bytes: malformed */
	rig_packet(&rig, 0, 0, false);
	rig_packet(&rig, 1, 0, false);
	g_assert_cmpuint(rig.sent->len, ==, 2);
	assert_sent(&rig, 0, 1, 0);
	g_assert_cmpuint(rig_sent(&rig, 0)->len, ==, 6);
	assert_sent(&rig, 1, 1, 1);
	rig_close(&rig);
}

static void a_late_packet_goes_alone_under_the_number_left_for_it(void)
{
	struct rig rig;

	rig_open(&rig, (struct voice_policy){3, 3});
	speak(&rig, 0, 4, 0);	       /* 0-2 went, 3 is gathered */
	rig_packet(&rig, 5, 0, false); /* 3 goes alone */
	g_assert_cmpuint(rig.sent->len, ==, 2);
	rig_packet(&rig, 6, 0, false);
	rig_packet(&rig, 7, 0, false);
	g_assert_cmpuint(rig.sent->len, ==, 3);
	g_assert_cmpuint(rig_sent(&rig, 2)->payload.seq, ==, 1003); /* 1002 is 4's */
	assert_sent(&rig, 2, 3, 2);
	rig_packet(&rig, 4, 0, false);
	g_assert_cmpuint(rig.sent->len, ==, 4);
	g_assert_cmpuint(rig_sent(&rig, 3)->payload.seq, ==, 1002);
	assert_sent(&rig, 3, 1, 0);
	g_assert_cmpint(rig_packet(&rig, 4, 0, false), ==, -EAGAIN);
	/* The next payload carries it between its neighbours: 3, 4, 5-7. */
	speak(&rig, 8, 11, 0);
	assert_sent(&rig, 4, 3, 3);
	g_assert_cmpuint(rig_sent(&rig, 4)->payload.seq, ==, 1004);
	memset(&heard, 0, sizeof(heard));
	for (size_t i = 0; i < rig.sent->len; i++)
		rig_hear(&rig, &heard, rig_sent(&rig, i));
	for (uint32_t i = 0; i < 11; i++)
		g_assert_cmpuint(heard.primary[i], ==, 1);
	g_assert_cmpuint(heard.older[4], ==, 1);
	g_assert_cmpuint(heard.older[5], ==, 1);
	rig_close(&rig);
}

static void what_red_brings_back_is_sent_in_its_place(void)
{
	for (uint8_t merge = 1; merge <= 3; merge++) {
		struct rig rig;

		rig_open(&rig, (struct voice_policy){merge, 0});
		for (uint32_t i = 0; i < 300; i++) {
			/* Two of five are lost on the way up. */
			if (i % 5 < 3)
				rig_packet(&rig, i, 2, false);
			rig_wait(&rig, 1);
		}
		rig_flush(&rig);
		assert_whole(&rig, 0, 298);
		g_assert_cmpuint(rig.voice.recovered, ==, 118);
		/* Merged as if nothing had happened. */
		g_assert_cmpuint(rig.sent->len, <=, 300u / merge + 1);
		rig_close(&rig);
	}
}

static void older_blocks_leave_when_there_is_no_room(void)
{
	struct rig rig;

	rig_open(&rig, (struct voice_policy){1, 4});
	rig.frame_size = 300;
	speak(&rig, 0, 10, 0);
	/* 1 + 305 and 309 for each older one in 1200 bytes. */
	assert_sent(&rig, 9, 1, 2);
	rig.room = 306;
	speak(&rig, 10, 11, 0);
	assert_sent(&rig, 10, 1, 0);
	assert_whole(&rig, 0, 11);
	rig.room = 304;
	speak(&rig, 11, 12, 0);
	g_assert_cmpuint(rig.sent->len, ==, 11);
	rig_close(&rig);
}

static void without_a_payload_type_there_is_no_red(void)
{
	struct rig rig;

	rig_open(&rig, (struct voice_policy){1, 4});
	rig.types.red_pt = 0;
	speak(&rig, 0, 50, 2);
	assert_sent(&rig, 49, 1, 0);
	assert_whole(&rig, 0, 50);
	rig_close(&rig);
}

static void another_source_carries_nothing_over(void)
{
	struct rig rig;
	struct rewrite_in next = {.clock_hz = OPUS_CLOCK_HZ};
	uint32_t last_ts;

	rig_open(&rig, (struct voice_policy){2, 2});
	speak(&rig, 0, 11, 0); /* 10 is gathered */
	rig_flush(&rig);       /* by the time that passed it is sent already */
	g_assert_cmpuint(rig.sent->len, ==, 6);
	last_ts = rig_sent(&rig, 5)->payload.timestamp;
	next.seq = (uint16_t)(RIG_FIRST_SEQ + 5000);
	next.timestamp = RIG_FIRST_TS + 5000 * RIG_STEP_TS;
	next.arrival_us = rig.now_us;
	voice_reset(&rig.voice);
	voiceout_restart(&rig.out);
	rewrite_switch(&rig.rewrite, &next);
	rig_packet(&rig, 5000, 2, false);
	rig_packet(&rig, 5001, 2, false);
	g_assert_cmpuint(rig.sent->len, ==, 7);
	assert_sent(&rig, 6, 2, 0);
	g_assert_cmpuint(rig_sent(&rig, 6)->payload.seq, ==, 1006);
	g_assert_cmpuint(rig_sent(&rig, 6)->payload.timestamp, >, last_ts);
	rig_close(&rig);
}

/* Last-N lets a voice in at its third loud packet: it begins with the two before. */
static void a_voice_let_in_begins_a_little_earlier(void)
{
	struct rig rig;
	struct rewrite_in first = {.clock_hz = OPUS_CLOCK_HZ};
	int64_t seq = RIG_FIRST_SEQ + 9;
	int64_t begin;

	rig_open(&rig, (struct voice_policy){1, 0});
	speak(&rig, 0, 10, 0);
	g_array_set_size(rig.sent, 0);
	begin = voice_begin(&rig.voice, seq, 3, 0);
	g_assert_cmpint(begin, ==, seq - 2);
	first.seq = (uint16_t)begin;
	first.timestamp = voice_get(&rig.voice, begin)->timestamp;
	first.arrival_us = voice_get(&rig.voice, begin)->capture_us;
	rewrite_switch(&rig.rewrite, &first);
	voiceout_restart(&rig.out);
	for (; begin <= seq; begin++)
		rig_give(&rig, begin);
	g_assert_cmpuint(rig.sent->len, ==, 3);
	g_assert_cmpuint(rig_sent(&rig, 0)->payload.seq, ==, 1010);
	g_assert_cmpuint(rig_sent(&rig, 2)->payload.seq, ==, 1012);
	/* Not across a hole, and not before what is kept. */
	rig_packet(&rig, 11, 0, false);
	g_assert_cmpint(voice_begin(&rig.voice, seq + 2, 3, 0), ==, seq + 2);
	rig_packet(&rig, 100, 0, false);
	g_assert_cmpint(voice_begin(&rig.voice, RIG_FIRST_SEQ + 100, 3, 0), ==,
			RIG_FIRST_SEQ + 100);
	rig_close(&rig);
}

/* A transport that cannot send yet: what it gets at last is new, and numbered without a gap. */
static void what_nobody_drains_is_bounded(void)
{
	struct rig rig;
	const struct rig_sent *last;

	rig_open(&rig, (struct voice_policy){1, 0});
	rig.is_blocked = true;
	speak(&rig, 0, 100, 0);
	g_assert_cmpuint(rig.sent->len, ==, 0);
	rig.is_blocked = false;
	rig_flush(&rig);
	g_assert_cmpuint(rig.sent->len, ==, 4);
	last = rig_sent(&rig, 3);
	g_assert_cmpuint(last->payload.timestamp, ==, 5000 + 99 * RIG_STEP_TS);
	memset(&heard, 0, sizeof(heard));
	rig_hear(&rig, &heard, last);
	g_assert_cmpuint(heard.primary[99], ==, 1);
	rig_close(&rig);
}

#define ADD(name) g_test_add_func("/voiceout/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(plain_packets_go_as_they_came);
	ADD(each_policy_delivers_each_frame_once);
	ADD(jitter_holds_nothing_longer);
	ADD(merging_waits_for_nothing_but_its_frames);
	ADD(what_is_gathered_is_held_for_its_duration_and_5_ms);
	ADD(silence_divides_payloads);
	ADD(a_talk_spurt_begins_a_payload);
	ADD(the_policy_changes_at_any_packet);
	ADD(configurations_are_not_mixed);
	ADD(long_packets_go_at_once);
	ADD(what_is_no_opus_packet_is_passed_on_alone);
	ADD(a_late_packet_goes_alone_under_the_number_left_for_it);
	ADD(what_red_brings_back_is_sent_in_its_place);
	ADD(older_blocks_leave_when_there_is_no_room);
	ADD(without_a_payload_type_there_is_no_red);
	ADD(another_source_carries_nothing_over);
	ADD(a_voice_let_in_begins_a_little_earlier);
	ADD(what_nobody_drains_is_bounded);
	return g_test_run();
}
