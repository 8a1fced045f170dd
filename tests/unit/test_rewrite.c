/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "media/stream/rewrite.h"

#define VIDEO_HZ 90000
#define AUDIO_HZ 48000

static struct rewrite_in video(uint16_t seq, uint32_t ts, int64_t us, const struct codec_frame *f)
{
	return (struct rewrite_in){
		.seq = seq, .timestamp = ts, .arrival_us = us, .clock_hz = VIDEO_HZ, .frame = f};
}

static struct codec_frame vp8(uint16_t picture_id, uint8_t tl0, uint8_t keyidx)
{
	return (struct codec_frame){
		.has_picture_id = true,
		.is_picture_id_15bit = true,
		.is_picture_id_dense = true,
		.picture_id = picture_id,
		.has_tl0picidx = true,
		.tl0picidx = tl0,
		.has_keyidx = true,
		.keyidx = keyidx,
	};
}

enum act {
	SEND,
	DROP,
	SWITCH,
	REFUSED,
};

/* Sequence numbers alone: what happens to an incoming one, and which goes out. */
struct step {
	enum act act;
	uint16_t in;
	uint16_t out;
};

static void run_steps(const struct step *steps, size_t count)
{
	struct rewrite rw;
	rewrite_init(&rw, 100, 5000);

	for (size_t i = 0; i < count; i++) {
		const struct rewrite_in in = video(steps[i].in, 0, (int64_t)i * 1000, NULL);
		struct rewrite_out out;
		g_test_message("step %zu: in %u", i, steps[i].in);
		if (steps[i].act == DROP) {
			rewrite_drop(&rw, &in);
			continue;
		}
		if (steps[i].act == SWITCH)
			rewrite_switch(&rw, &in);
		int err = rewrite_packet(&rw, &in, &out);
		g_assert_cmpint(err, ==, steps[i].act == REFUSED ? -EAGAIN : 0);
		if (!err)
			g_assert_cmpint(out.seq, ==, steps[i].out);
	}
}

#define RUN(...)                                                                                   \
	run_steps((const struct step[]){__VA_ARGS__},                                              \
		  sizeof((const struct step[]){__VA_ARGS__}) / sizeof(struct step))

static void seq_goes_on_from_first(void)
{
	RUN({SEND, 65534, 100}, {SEND, 65535, 101}, {SEND, 0, 102}, {SEND, 3, 105});
}

static void seq_late_packets_get_their_number(void)
{
	RUN({SEND, 10, 100}, {SEND, 13, 103}, {SEND, 11, 101}, {REFUSED, 11, 0}, {SEND, 12, 102},
	    {REFUSED, 9, 0}, {REFUSED, 13, 0});
}

static void seq_drop_closes_the_gap(void)
{
	RUN({SEND, 10, 100}, {DROP, 11, 0}, {SEND, 12, 101}, {DROP, 13, 0}, {DROP, 14, 0},
	    {SEND, 15, 102}, {REFUSED, 13, 0});
}

static void seq_drop_does_not_renumber_late_packets(void)
{
	/* 11 and 13 are late, 12 and 14 dropped in between. */
	RUN({SEND, 10, 100}, {DROP, 12, 0}, {DROP, 14, 0}, {SEND, 15, 103}, {SEND, 13, 102},
	    {SEND, 11, 101});
}

static void seq_late_drop_leaves_its_number_free(void)
{
	RUN({SEND, 10, 100}, {SEND, 12, 102}, {DROP, 11, 0}, {SEND, 13, 103}, {REFUSED, 11, 0});
}

static void seq_drop_of_what_was_sent_changes_nothing(void)
{
	RUN({SEND, 10, 100}, {SEND, 11, 101}, {DROP, 11, 0}, {DROP, 10, 0}, {DROP, 9, 0},
	    {SEND, 12, 102});
}

static void seq_goes_on_across_a_switch(void)
{
	RUN({SEND, 10, 100}, {SEND, 11, 101}, {SWITCH, 60000, 102}, {SEND, 60001, 103},
	    {REFUSED, 59999, 0}, {REFUSED, 59000, 0}, {SEND, 60003, 105}, {SWITCH, 12, 106});
}

static void seq_goes_on_across_a_switch_after_drops(void)
{
	/* The drop at the end of the first source must not cost a number. */
	RUN({SEND, 10, 100}, {DROP, 11, 0}, {DROP, 12, 0}, {SWITCH, 500, 101}, {DROP, 501, 0},
	    {SEND, 502, 102});
}

static void seq_drop_before_the_first_packet_is_nothing(void)
{
	RUN({DROP, 9, 0}, {SEND, 10, 100}, {SEND, 11, 101});
}

static void seq_older_than_the_window_is_refused(void)
{
	RUN({SEND, 10, 100}, {SEND, 10 + REWRITE_WINDOW, 100 + REWRITE_WINDOW}, {SEND, 11, 101},
	    {SEND, 20 + REWRITE_WINDOW, 110 + REWRITE_WINDOW}, {REFUSED, 20, 0}, {SEND, 21, 111},
	    {REFUSED, 13, 0}, {REFUSED, 19, 0});
}

/* 300,000 packets, every third dropped, every seventh late: each sent one has its own number. */
static void seq_stays_dense_over_wraps(void)
{
	struct rewrite rw;
	struct rewrite_out out;
	int64_t sent = 0;
	rewrite_init(&rw, 32767, 0);

	for (int64_t i = 0; i < 300000; i++) {
		const struct rewrite_in in = video((uint16_t)(4711 + i), 0, i, NULL);
		if (i % 3 == 2) {
			rewrite_drop(&rw, &in);
			continue;
		}
		g_assert_cmpint(rewrite_packet(&rw, &in, &out), ==, 0);
		g_assert_cmpint(out.seq, ==, (uint16_t)(32767 + sent));
		sent++;
	}
}

/* Every third picture dropped, of the others every fifth five places late, over many wraps of
 * everything: each number is the incoming one less what was dropped before it. */
static void late_packets_among_drops_map_right_for_long(void)
{
	struct rewrite rw;
	struct rewrite_out out;
	rewrite_init(&rw, 0, 0);

	for (int64_t turn = 0; turn < 200000; turn++) {
		for (int late = 0; late <= 5; late += 5) {
			int64_t i = turn - late;
			bool is_late = i % 3 != 2 && i % 5 == 4;
			if (i < 0 || is_late != (late > 0))
				continue;
			struct codec_frame f = vp8((uint16_t)((30000 + i) & 0x7fff), 0, 0);
			const struct rewrite_in in = video((uint16_t)(60000 + i), 0, 0, &f);
			if (i % 3 == 2) {
				rewrite_drop(&rw, &in);
				continue;
			}
			int64_t want = i - i / 3;
			g_assert_cmpint(rewrite_packet(&rw, &in, &out), ==, 0);
			g_assert_cmpint(out.seq, ==, (uint16_t)want);
			g_assert_cmpint(out.numbers.picture_id, ==, (want + 1) & 0x7fff);
		}
	}
}

static void timestamp_goes_on_by_the_time_passed(void)
{
	struct rewrite rw;
	struct rewrite_out out;
	struct codec_frame f = {0};
	rewrite_init(&rw, 1, 0xfffffff0u);

	struct rewrite_in in = video(1, 777, 1000000, &f);
	g_assert_cmpint(rewrite_packet(&rw, &in, &out), ==, 0);
	g_assert_cmpuint(out.timestamp, ==, 0xfffffff0u);
	in = video(2, 777 + 3000, 1033333, &f);
	g_assert_cmpint(rewrite_packet(&rw, &in, &out), ==, 0);
	g_assert_cmpuint(out.timestamp, ==, 0xfffffff0u + 3000);
	/* A late packet of the first frame moves nothing. */
	in = video(3, 777, 1050000, &f);
	g_assert_cmpint(rewrite_packet(&rw, &in, &out), ==, 0);
	in = video(900, 123456, 1533333, &f);
	rewrite_switch(&rw, &in);
	g_assert_cmpint(rewrite_packet(&rw, &in, &out), ==, 0);
	g_assert_cmpuint(out.timestamp, ==, 0xfffffff0u + 3000 + 45000);
	g_assert_cmpuint(rewrite_timestamp(&rw, 123456 + 90), ==, 0xfffffff0u + 3000 + 45000 + 90);
	/* Arrived in the same instant: still a new frame. */
	in = video(7, 1, 1533333, &f);
	rewrite_switch(&rw, &in);
	g_assert_cmpint(rewrite_packet(&rw, &in, &out), ==, 0);
	g_assert_cmpuint(out.timestamp, ==, 0xfffffff0u + 3000 + 45000 + 1);
	/* A day's pause does not turn the serial order round. */
	in = video(9, 1, 86400000000, &f);
	rewrite_switch(&rw, &in);
	uint32_t before = out.timestamp;
	g_assert_cmpint(rewrite_packet(&rw, &in, &out), ==, 0);
	g_assert_cmpuint(out.timestamp - before, ==, 3600u * VIDEO_HZ);
}

static void timestamp_of_audio_never_overlaps(void)
{
	struct rewrite rw;
	struct rewrite_out out;
	rewrite_init(&rw, 1, 0);
	for (uint16_t i = 0; i < 3; i++) {
		const struct rewrite_in in = {.seq = i,
					      .timestamp = 5000u + i * 960u,
					      .arrival_us = i * 20000,
					      .clock_hz = AUDIO_HZ};
		g_assert_cmpint(rewrite_packet(&rw, &in, &out), ==, 0);
	}
	const struct rewrite_in other = {
		.seq = 70, .timestamp = 1, .arrival_us = 43000, .clock_hz = AUDIO_HZ};
	rewrite_switch(&rw, &other);
	uint32_t before = out.timestamp;
	g_assert_cmpint(rewrite_packet(&rw, &other, &out), ==, 0);
	/* 3 ms after a packet of 20 ms. */
	g_assert_cmpuint(out.timestamp - before, ==, 960);
}

static void a_pause_is_no_packet_duration(void)
{
	static const uint32_t stamps[] = {0, 960, 1920, 1920 + 19200};
	struct rewrite rw;
	struct rewrite_out out;
	rewrite_init(&rw, 1, 0);
	for (uint16_t i = 0; i < 4; i++) {
		const struct rewrite_in in = {.seq = i,
					      .timestamp = stamps[i],
					      .arrival_us = stamps[i] * 1000 / 48,
					      .clock_hz = AUDIO_HZ};
		g_assert_cmpint(rewrite_packet(&rw, &in, &out), ==, 0);
	}
	const struct rewrite_in other = {
		.seq = 70, .timestamp = 1, .arrival_us = 441000, .clock_hz = AUDIO_HZ};
	rewrite_switch(&rw, &other);
	uint32_t before = out.timestamp;
	g_assert_cmpint(rewrite_packet(&rw, &other, &out), ==, 0);
	g_assert_cmpuint(out.timestamp - before, ==, 960);
}

static void send_vp8(struct rewrite *rw, uint16_t seq, const struct codec_frame *f,
		     struct rewrite_out *out)
{
	const struct rewrite_in in = video(seq, seq * 3000u, seq * 33333, f);
	g_assert_cmpint(rewrite_packet(rw, &in, out), ==, 0);
}

static void drop_vp8(struct rewrite *rw, uint16_t seq, const struct codec_frame *f)
{
	const struct rewrite_in in = video(seq, seq * 3000u, seq * 33333, f);
	rewrite_drop(rw, &in);
}

static void running_numbers_go_on_across_a_switch(void)
{
	struct rewrite rw;
	struct rewrite_out a;
	struct rewrite_out b;
	rewrite_init(&rw, 1, 0);

	struct codec_frame f = vp8(0x7fff, 255, 31);
	send_vp8(&rw, 1, &f, &a);
	f = vp8(0, 0, 0);
	send_vp8(&rw, 2, &f, &b);
	g_assert_cmpint(b.numbers.picture_id, ==, (a.numbers.picture_id + 1) & 0x7fff);
	g_assert_cmpint(b.numbers.tl0picidx, ==, (uint8_t)(a.numbers.tl0picidx + 1));
	g_assert_cmpint(b.numbers.keyidx, ==, (a.numbers.keyidx + 1) & 31);

	f = vp8(12345, 77, 9);
	struct rewrite_in in = video(900, 1, 99999, &f);
	rewrite_switch(&rw, &in);
	g_assert_cmpint(rewrite_packet(&rw, &in, &a), ==, 0);
	g_assert_cmpint(a.numbers.picture_id, ==, (b.numbers.picture_id + 1) & 0x7fff);
	g_assert_cmpint(a.numbers.tl0picidx, ==, (uint8_t)(b.numbers.tl0picidx + 1));
	g_assert_cmpint(a.numbers.keyidx, ==, (b.numbers.keyidx + 1) & 31);
	/* The second packet of that frame carries the same. */
	send_vp8(&rw, 901, &f, &b);
	g_assert_cmpint(a.numbers.picture_id, ==, b.numbers.picture_id);
}

static void picture_id_width_may_change(void)
{
	struct rewrite rw;
	struct rewrite_out out;
	rewrite_init(&rw, 1, 0);

	struct codec_frame f = vp8(5000, 0, 0);
	for (uint16_t i = 0; i < 300; i++) {
		f.picture_id = 5000 + i;
		send_vp8(&rw, (uint16_t)(1 + i), &f, &out);
	}
	uint16_t last = out.numbers.picture_id;
	/* A source of 7-bit ids, over two wraps; what is written is the low 7 bits. */
	f.is_picture_id_15bit = false;
	f.picture_id = 120;
	const struct rewrite_in in = video(7000, 0, 0, &f);
	rewrite_switch(&rw, &in);
	for (uint16_t i = 0; i < 260; i++) {
		f.picture_id = (120 + i) & 0x7f;
		send_vp8(&rw, (uint16_t)(7000 + i), &f, &out);
		g_assert_cmpint(out.numbers.picture_id, ==, ++last);
	}
	f.is_picture_id_15bit = true;
	f.picture_id = 3;
	const struct rewrite_in back = video(1, 0, 0, &f);
	rewrite_switch(&rw, &back);
	g_assert_cmpint(rewrite_packet(&rw, &back, &out), ==, 0);
	g_assert_cmpint(out.numbers.picture_id, ==, last + 1);
}

static void dropped_vp8_pictures_close_the_gap_once(void)
{
	struct rewrite rw;
	struct rewrite_out out;
	struct codec_frame f[5];
	rewrite_init(&rw, 1, 0);

	for (int i = 0; i < 5; i++)
		f[i] = vp8((uint16_t)(40 + i), 1, 1);
	send_vp8(&rw, 10, &f[0], &out);
	uint16_t first = out.numbers.picture_id;
	/* Picture 41 in two packets is dropped, of 42 the first packet is late. */
	drop_vp8(&rw, 11, &f[1]);
	drop_vp8(&rw, 12, &f[1]);
	send_vp8(&rw, 14, &f[2], &out);
	g_assert_cmpint(out.numbers.picture_id, ==, first + 1);
	drop_vp8(&rw, 15, &f[3]);
	send_vp8(&rw, 16, &f[4], &out);
	g_assert_cmpint(out.numbers.picture_id, ==, first + 2);
	send_vp8(&rw, 13, &f[2], &out);
	g_assert_cmpint(out.numbers.picture_id, ==, first + 1);
}

static void late_packet_of_a_dropped_picture_is_refused(void)
{
	struct rewrite rw;
	struct rewrite_out out;
	struct codec_frame f[3] = {vp8(40, 1, 1), vp8(41, 1, 1), vp8(42, 1, 1)};
	rewrite_init(&rw, 1, 0);

	send_vp8(&rw, 10, &f[0], &out);
	drop_vp8(&rw, 12, &f[1]);
	send_vp8(&rw, 13, &f[2], &out);
	const struct rewrite_in late = video(11, 0, 0, &f[1]);
	g_assert_cmpint(rewrite_packet(&rw, &late, &out), ==, -EAGAIN);
}

static void vp9_picture_ids_and_frame_numbers_keep_their_gaps(void)
{
	struct rewrite rw;
	struct rewrite_out out;
	struct codec_frame f = vp8(40, 1, 1);
	f.is_picture_id_dense = false;
	rewrite_init(&rw, 1, 0);

	struct rewrite_in in = video(10, 0, 0, &f);
	in.has_frame_number = true;
	in.frame_number = 65535;
	g_assert_cmpint(rewrite_packet(&rw, &in, &out), ==, 0);
	uint16_t id = out.numbers.picture_id;
	uint16_t number = out.frame_number;
	in.seq = 11;
	in.frame_number = 0;
	f.picture_id = 41;
	rewrite_drop(&rw, &in);
	in.seq = 12;
	in.frame_number = 1;
	f.picture_id = 42;
	g_assert_cmpint(rewrite_packet(&rw, &in, &out), ==, 0);
	g_assert_cmpint(out.numbers.picture_id, ==, id + 2);
	g_assert_cmpint(out.frame_number, ==, (uint16_t)(number + 2));

	in = (struct rewrite_in){.seq = 1, .clock_hz = VIDEO_HZ, .has_frame_number = true};
	in.frame_number = 500;
	rewrite_switch(&rw, &in);
	g_assert_cmpint(rewrite_packet(&rw, &in, &out), ==, 0);
	g_assert_cmpint(out.frame_number, ==, (uint16_t)(number + 3));
}

static void numbers_that_come_later_go_on_too(void)
{
	struct rewrite rw;
	struct rewrite_out out;
	struct codec_frame f = vp8(40, 1, 1);
	struct codec_frame bare = {0};
	rewrite_init(&rw, 1, 0);

	send_vp8(&rw, 1, &f, &out);
	uint16_t id = out.numbers.picture_id;
	const struct rewrite_in in = video(50, 0, 0, &bare);
	rewrite_switch(&rw, &in);
	g_assert_cmpint(rewrite_packet(&rw, &in, &out), ==, 0);
	f.picture_id = 9000;
	send_vp8(&rw, 51, &f, &out);
	g_assert_cmpint(out.numbers.picture_id, ==, id + 1);
}

/* A run of base pictures 40, 43 and 46 (two packets each), then live ones. */
static void a_replayed_run_goes_out_dense(void)
{
	struct rewrite rw;
	struct rewrite_out out;
	struct codec_frame f = vp8(5, 1, 1);
	rewrite_init(&rw, 100, 5000);
	struct rewrite_in in = video(1, 0, 1000000, &f);
	g_assert_cmpint(rewrite_packet(&rw, &in, &out), ==, 0);
	uint16_t id = out.numbers.picture_id;
	uint8_t tl0 = out.numbers.tl0picidx;

	f = vp8(40, 77, 9);
	const struct rewrite_in first = video(200, 900000, 1000000 - 500000, &f);
	const struct rewrite_in last = video(218, 900000 + 18000, 1200000, &f);
	rewrite_replay(&rw, &first, &last, 3);
	for (int i = 0; i < 3; i++) {
		for (int half = 0; half < 2; half++) {
			f = vp8((uint16_t)(40 + 3 * i), (uint8_t)(77 + i), 9);
			in = video((uint16_t)(200 + 9 * i + half), 900000u + 9000u * (unsigned)i,
				   500000 + 100000 * i, &f);
			rewrite_jump(&rw, &in);
			g_assert_cmpint(rewrite_packet(&rw, &in, &out), ==, 0);
			g_assert_cmpint(out.seq, ==, 101 + 2 * i + half);
			g_assert_cmpint(out.numbers.picture_id, ==, id + 1 + i);
			g_assert_cmpint(out.numbers.tl0picidx, ==, tl0 + 1 + i);
			/* 200 ms after the last, and a millisecond apart. */
			g_assert_cmpuint(out.timestamp, ==,
					 5000u + 18000 - 90u * (unsigned)(2 - i));
		}
	}
	/* What was passed over is refused when it comes late. */
	rewrite_resume(&rw, 225);
	f = vp8(44, 78, 9);
	in = video(214, 900000 + 12000, 0, &f);
	g_assert_cmpint(rewrite_packet(&rw, &in, &out), ==, -EAGAIN);
	/* Dropped, then sent: 48 and 49, with 47 passed over. */
	f = vp8(48, 79, 9);
	in = video(226, 900000 + 24000, 1266666, &f);
	rewrite_drop(&rw, &in);
	f = vp8(49, 80, 9);
	in = video(227, 900000 + 27000, 1300000, &f);
	g_assert_cmpint(rewrite_packet(&rw, &in, &out), ==, 0);
	g_assert_cmpint(out.seq, ==, 107);
	g_assert_cmpint(out.numbers.picture_id, ==, id + 4);
	/* Live pictures stand where time has come to. */
	g_assert_cmpuint(out.timestamp, ==, 5000u + 18000 + 9000);
	g_assert_cmpuint(rewrite_timestamp(&rw, 900000 + 27000), ==, out.timestamp);
	/* Real losses are gaps again. */
	f = vp8(51, 82, 9);
	in = video(233, 900000 + 33000, 1366666, &f);
	g_assert_cmpint(rewrite_packet(&rw, &in, &out), ==, 0);
	g_assert_cmpint(out.seq, ==, 113);
	g_assert_cmpint(out.numbers.picture_id, ==, id + 6);
}

static void a_jump_may_be_longer_than_the_window(void)
{
	struct rewrite rw;
	struct rewrite_out out;
	rewrite_init(&rw, 100, 0);

	struct rewrite_in in = video(10, 0, 0, NULL);
	g_assert_cmpint(rewrite_packet(&rw, &in, &out), ==, 0);
	in = video(10 + 3 * REWRITE_WINDOW, 0, 0, NULL);
	rewrite_jump(&rw, &in);
	g_assert_cmpint(rewrite_packet(&rw, &in, &out), ==, 0);
	g_assert_cmpint(out.seq, ==, 101);
	in = video(9 + 3 * REWRITE_WINDOW, 0, 0, NULL);
	g_assert_cmpint(rewrite_packet(&rw, &in, &out), ==, -EAGAIN);
}

/* A hand-over copies the bytes. */
static void state_is_plain_data(void)
{
	struct rewrite rw;
	struct rewrite copy;
	struct rewrite_out a;
	struct rewrite_out b;
	struct codec_frame f = vp8(40, 1, 1);
	rewrite_init(&rw, 1, 0);

	send_vp8(&rw, 1, &f, &a);
	memcpy(&copy, &rw, sizeof(rw));
	f.picture_id++;
	send_vp8(&rw, 2, &f, &a);
	send_vp8(&copy, 2, &f, &b);
	g_assert_cmpint(a.seq, ==, b.seq);
	g_assert_cmpint(a.numbers.picture_id, ==, b.numbers.picture_id);
	g_assert_cmpuint(a.timestamp, ==, b.timestamp);
}

#define ADD(name) g_test_add_func("/rewrite/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(seq_goes_on_from_first);
	ADD(seq_late_packets_get_their_number);
	ADD(seq_drop_closes_the_gap);
	ADD(seq_drop_does_not_renumber_late_packets);
	ADD(seq_late_drop_leaves_its_number_free);
	ADD(seq_drop_of_what_was_sent_changes_nothing);
	ADD(seq_goes_on_across_a_switch);
	ADD(seq_goes_on_across_a_switch_after_drops);
	ADD(seq_drop_before_the_first_packet_is_nothing);
	ADD(seq_older_than_the_window_is_refused);
	ADD(seq_stays_dense_over_wraps);
	ADD(late_packets_among_drops_map_right_for_long);
	ADD(timestamp_goes_on_by_the_time_passed);
	ADD(timestamp_of_audio_never_overlaps);
	ADD(a_pause_is_no_packet_duration);
	ADD(running_numbers_go_on_across_a_switch);
	ADD(picture_id_width_may_change);
	ADD(dropped_vp8_pictures_close_the_gap_once);
	ADD(late_packet_of_a_dropped_picture_is_refused);
	ADD(vp9_picture_ids_and_frame_numbers_keep_their_gaps);
	ADD(numbers_that_come_later_go_on_too);
	ADD(a_replayed_run_goes_out_dense);
	ADD(a_jump_may_be_longer_than_the_window);
	ADD(state_is_plain_data);
	return g_test_run();
}
