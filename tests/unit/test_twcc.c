/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "media/base/rng.h"
#include "media/wire/rtcp.h"
#include "media/wire/twcc.h"

#define LOST TWCC_NOT_RECEIVED

/* Writes, checks the RTCP frame, parses. Returns how many were covered. */
static size_t there_and_back(struct twcc_feedback *out, const struct twcc_feedback *in,
			     uint8_t *buf, size_t cap)
{
	struct wr w = wr_init(buf, cap);
	struct rtcp_packet p;

	size_t count = twcc_write(&w, 11, 22, in);
	g_assert_true(wr_ok(&w));
	if (count == 0) {
		g_assert_cmpuint(wr_len(&w), ==, 0);
		return 0;
	}
	struct rtcp_reader reader = rtcp_reader_init(buf, wr_len(&w));
	g_assert_cmpint(rtcp_next(&reader, &p), ==, 1);
	g_assert_cmpint(p.type, ==, RTCP_TWCC);
	g_assert_cmpuint(p.sender_ssrc, ==, 11);
	g_assert_cmpuint(p.media_ssrc, ==, 22);
	g_assert_cmpint(twcc_parse(out, p.fci, p.fci_len), ==, 0);
	g_assert_cmpint(rtcp_next(&reader, &p), ==, 0);
	g_assert_cmpuint(out->count, ==, count);
	g_assert_cmpuint(out->base_seq, ==, in->base_seq);
	g_assert_cmpuint(out->feedback_count, ==, in->feedback_count);
	return count;
}

static int64_t floor_to(int64_t a, int64_t unit)
{
	return a - ((a % unit) + unit) % unit;
}

/* Times come back rounded down to a tick, all of them shifted by whole wraps of the reference. */
static void assert_same_times(const struct twcc_feedback *out, const struct twcc_feedback *in)
{
	int64_t shift = 0;
	bool first = true;

	for (size_t i = 0; i < out->count; i++) {
		g_assert_true((out->arrival_us[i] == LOST) == (in->arrival_us[i] == LOST));
		if (in->arrival_us[i] == LOST)
			continue;
		int64_t want = floor_to(in->arrival_us[i], TWCC_TICK_US);
		if (first)
			shift = want - out->arrival_us[i];
		first = false;
		g_assert_cmpint(shift % TWCC_WRAP_US, ==, 0);
		g_assert_cmpint(out->arrival_us[i] + shift, ==, want);
	}
}

/* One packet, sent by Chromium; the vector is from Pion's tests. The last byte is padding. */
static void reads_a_chromium_feedback(void)
{
	static const uint8_t bytes[] = {0xaf, 0xcd, 0x00, 0x05, 0xfa, 0x17, 0xfa, 0x17,
					0x43, 0x03, 0x2f, 0xa0, 0x00, 0x99, 0x00, 0x01,
					0x3d, 0xe8, 0x02, 0x17, 0x20, 0x01, 0x94, 0x01};
	struct rtcp_reader reader = rtcp_reader_init(bytes, sizeof(bytes));
	struct twcc_feedback f;
	struct rtcp_packet p;

	g_assert_cmpint(rtcp_next(&reader, &p), ==, 1);
	g_assert_cmphex(p.sender_ssrc, ==, 0xfa17fa17);
	g_assert_cmphex(p.media_ssrc, ==, 0x43032fa0);
	g_assert_cmpint(twcc_parse(&f, p.fci, p.fci_len), ==, 0);
	g_assert_cmpuint(f.base_seq, ==, 153);
	g_assert_cmpuint(f.count, ==, 1);
	g_assert_cmpuint(f.feedback_count, ==, 23);
	g_assert_cmpint(f.arrival_us[0], ==, (int64_t)4057090 * 64000 + 37000);
}

/* Every kind of chunk by hand: a run of lost, a one-bit vector, a two-bit vector, a run too long.
 */
static void reads_every_kind_of_chunk(void)
{
	static const uint8_t fci[] = {
		0xff, 0xfe, 0x00, 0x1b,	      /* base 65534, 3 + 14 + 7 + 3 packets */
		0x00, 0x00, 0x02, 0x09,	      /* reference 2, feedback 9 */
		0x00, 0x03,		      /* three lost */
		0xa0, 0x01,		      /* 1000 0000 0000 01 */
		0xd2, 0x00,		      /* small, none, large, then none */
		0x3f, 0xff,		      /* small, 8191 times */
		0x04, 0x08, 0x02, 0xff, 0xfe, /* 1 ms, 2 ms, 0.5 ms, -0.5 ms */
		0x01, 0x01, 0xff, 0x00, 0x00, /* two ticks, one of 63.75 ms */
	};
	struct twcc_feedback f;

	g_assert_cmpint(twcc_parse(&f, fci, sizeof(fci)), ==, 0);
	g_assert_cmpuint(f.base_seq, ==, 65534);
	g_assert_cmpuint(f.count, ==, 27);
	for (size_t i = 0; i < 27; i++) {
		bool came = i == 3 || i == 16 || i == 17 || i == 19 || i >= 24;
		g_assert_true((f.arrival_us[i] != LOST) == came);
	}
	g_assert_cmpint(f.arrival_us[3], ==, 129000);
	g_assert_cmpint(f.arrival_us[16], ==, 131000);
	g_assert_cmpint(f.arrival_us[17], ==, 131500);
	g_assert_cmpint(f.arrival_us[19], ==, 131000);
	g_assert_cmpint(f.arrival_us[24], ==, 131250);
	g_assert_cmpint(f.arrival_us[26], ==, 131500 + 63750);
}

static void malformed_feedback_is_refused(void)
{
	static const struct {
		const char *what;
		uint8_t len;
		uint8_t fci[16];
		int want;
	} steps[] = {
		{"of nothing", 8, {0, 1, 0, 0, 0, 0, 0, 0}, -EBADMSG},
		{"no chunk", 8, {0, 1, 0, 1, 0, 0, 0, 0}, -EBADMSG},
		{"half a chunk", 9, {0, 1, 0, 1, 0, 0, 0, 0, 0x20}, -EBADMSG},
		{"a run of none", 12, {0, 1, 0, 1, 0, 0, 0, 0, 0x20, 0, 0x20, 1}, -EBADMSG},
		{"reserved symbol", 12, {0, 1, 0, 1, 0, 0, 0, 0, 0x60, 1, 0, 0}, -EBADMSG},
		{"no delta", 10, {0, 1, 0, 1, 0, 0, 0, 0, 0x20, 1}, -EBADMSG},
		{"half a delta", 11, {0, 1, 0, 1, 0, 0, 0, 0, 0x40, 1, 0}, -EBADMSG},
		{"a delta", 12, {0, 1, 0, 1, 0, 0, 0, 0, 0x40, 1, 0, 0}, 0},
		{"padding of three", 13, {0, 1, 0, 1, 0, 0, 0, 0, 0, 1}, 0},
		{"a tail of four", 14, {0, 1, 0, 1, 0, 0, 0, 0, 0, 1}, -EBADMSG},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		struct twcc_feedback f = {.count = 999};
		uint8_t *buf = g_memdup2(steps[i].fci, steps[i].len);

		g_test_message("%s", steps[i].what);
		g_assert_cmpint(twcc_parse(&f, buf, steps[i].len), ==, steps[i].want);
		g_assert_cmpuint(f.count, ==, steps[i].want < 0 ? 999 : 1);
		g_free(buf);
	}
	for (size_t len = 0; len < 8; len++) {
		struct twcc_feedback f;
		g_assert_cmpint(twcc_parse(&f, steps[0].fci, len), ==, -EBADMSG);
	}
}

static void more_than_we_keep_gives_the_first(void)
{
	uint8_t fci[8 + 2 + 2000] = {0, 1, 0x07, 0xd0, 0, 0, 0, 0, 0x27, 0xd0};
	struct twcc_feedback f;

	memset(fci + 10, 4, 2000);
	g_assert_cmpint(twcc_parse(&f, fci, sizeof(fci)), ==, 0);
	g_assert_cmpuint(f.count, ==, TWCC_MAX_PACKETS);
	g_assert_cmpint(f.arrival_us[TWCC_MAX_PACKETS - 1], ==, TWCC_MAX_PACKETS * 1000);
}

/* What each pattern of arrivals costs tells which chunks were chosen. */
static void chunks_are_chosen_well(void)
{
	static const struct {
		const char *what;
		const char *pattern; /* '.' lost, 's' small, 'L' large delta */
		size_t repeat;
		size_t bytes;
	} steps[] = {
		{"one packet", "s", 1, 20 + 2 + 1},
		{"a run of small", "s", 512, 20 + 2 + 512},
		{"a run of large", "L", 100, 20 + 2 + 1 + 2 * 99},
		{"a run of lost, then one", "............................s", 1, 20 + 4 + 1},
		{"fourteen mixed", "s.s.s.s.s.s.s.", 1, 20 + 2 + 7},
		{"thirteen mixed", "s.s.s.s.s.s.s", 1, 20 + 2 + 7},
		{"seven of all kinds", "sL.sL.s", 1, 20 + 2 + 3 + 2 * 2},
		{"eight of all kinds", "sL.sL.sL", 1, 20 + 4 + 3 + 2 * 3},
		{"small, then a large one late", "s.s.s.s.s.L", 1, 20 + 4 + 5 + 2},
		{"two vectors", "s.s.s.s.s.s.s.", 2, 20 + 4 + 14},
	};
	static uint8_t buf[2048];

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		struct twcc_feedback in = {.base_seq = 65000, .feedback_count = 200};
		struct twcc_feedback out;
		int64_t now = 64000 * 1000;
		size_t period = strlen(steps[i].pattern);

		in.count = period * steps[i].repeat;
		for (size_t j = 0; j < in.count; j++) {
			char kind = steps[i].pattern[j % period];
			/* The very first is small in any case: the reference time is its own. */
			now += kind == 'L' ? (j == 0 ? 0 : 100000) : kind == 's' ? 250 : 0;
			in.arrival_us[j] = kind == '.' ? LOST : now;
		}
		g_test_message("%s", steps[i].what);
		size_t padded = (steps[i].bytes + 3) / 4 * 4;
		g_assert_cmpuint(there_and_back(&out, &in, buf, padded), ==, in.count);
		assert_same_times(&out, &in);
		g_assert_cmpuint(((unsigned)buf[2] << 8 | buf[3]) * 4 + 4, ==, padded);
	}
}

static void negative_deltas_pass(void)
{
	struct twcc_feedback in = {.count = 4, .arrival_us = {1000000, 990000, LOST, 998000}};
	struct twcc_feedback out;
	uint8_t buf[64];

	g_assert_cmpuint(there_and_back(&out, &in, buf, sizeof(buf)), ==, 4);
	assert_same_times(&out, &in);
	/* The first packet lies early in its 64 ms and the second before them. */
	in.arrival_us[0] = 64000 * 5;
	in.arrival_us[1] = 64000 * 5 - 1;
	g_assert_cmpuint(there_and_back(&out, &in, buf, sizeof(buf)), ==, 4);
	assert_same_times(&out, &in);
}

static void reference_time_wraps(void)
{
	struct twcc_feedback in = {.count = 3};
	struct twcc_feedback out;
	uint8_t buf[64];

	/* Across the wrap, far behind it, and before zero. */
	for (int64_t start = TWCC_WRAP_US - 1000; start < TWCC_WRAP_US * 5; start += TWCC_WRAP_US) {
		in.arrival_us[0] = start;
		in.arrival_us[1] = start + 2000;
		in.arrival_us[2] = start + 100000;
		g_assert_cmpuint(there_and_back(&out, &in, buf, sizeof(buf)), ==, 3);
		assert_same_times(&out, &in);
		g_assert_cmpint(out.arrival_us[0], ==, TWCC_WRAP_US - 1000);
	}
	in.arrival_us[0] = -777;
	in.arrival_us[1] = -1;
	in.arrival_us[2] = 1;
	g_assert_cmpuint(there_and_back(&out, &in, buf, sizeof(buf)), ==, 3);
	assert_same_times(&out, &in);
}

/* 16 bits of 250 us reach 8.19175 s forward and 8.192 s back. */
static void delta_out_of_range_ends_the_run(void)
{
	static const struct {
		int64_t delta;
		size_t covered;
	} steps[] = {
		{32767 * 250, 4},  {32768 * 250, 3},	  {-32768 * 250, 4},
		{-32769 * 250, 3}, {INT64_C(1) << 60, 3},
	};
	uint8_t buf[64];

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		int64_t start = 64000000000;
		struct twcc_feedback in = {
			.count = 4, .arrival_us = {start, LOST, LOST, start + steps[i].delta}};
		struct twcc_feedback out;

		g_assert_cmpuint(there_and_back(&out, &in, buf, sizeof(buf)), ==, steps[i].covered);
		assert_same_times(&out, &in);
	}
}

static void nothing_came_is_told_too(void)
{
	struct twcc_feedback in = {.count = 20};
	struct twcc_feedback out;
	uint8_t buf[24];

	for (size_t i = 0; i < in.count; i++)
		in.arrival_us[i] = LOST;
	g_assert_cmpuint(there_and_back(&out, &in, buf, sizeof(buf)), ==, 20);
	assert_same_times(&out, &in);
	in.count = 0;
	g_assert_cmpuint(there_and_back(&out, &in, buf, sizeof(buf)), ==, 0);
}

/* The longest leading part that fits: one byte less room never covers more, one packet more would
 * not have fitted. */
static void covers_what_fits(void)
{
	struct rng rng = rng_seeded(5);
	struct twcc_feedback in = {.count = 100, .base_seq = 7};
	struct twcc_feedback out;
	uint8_t buf[400];
	size_t before = 0;

	for (size_t i = 0; i < in.count; i++)
		in.arrival_us[i] =
			rng_below(&rng, 3) ? (int64_t)i * 20000 + rng_below(&rng, 60000) : LOST;
	for (size_t cap = 0; cap <= sizeof(buf); cap++) {
		size_t count = there_and_back(&out, &in, buf, cap);

		g_assert_cmpuint(count, >=, before);
		g_assert_true(cap >= 24 || count == 0);
		before = count;
		if (count == 0)
			continue;
		assert_same_times(&out, &in);
		if (count == in.count)
			continue;
		struct twcc_feedback more = in;
		more.count = count + 1;
		g_assert_cmpuint(there_and_back(&out, &more, buf, cap), ==, count);
	}
	g_assert_cmpuint(before, ==, in.count);
}

/* A bad writer takes nothing more. */
static void bad_writer_is_left_alone(void)
{
	struct twcc_feedback in = {.count = 1};
	uint8_t buf[64];
	struct wr w = wr_init(buf, sizeof(buf));

	wr_patch_u16(&w, 10, 0);
	g_assert_cmpuint(twcc_write(&w, 1, 2, &in), ==, 0);
}

static void random_runs_come_back(void)
{
	struct rng rng = rng_seeded(6);
	static uint8_t buf[2048];

	for (int round = 0; round < 2000; round++) {
		struct twcc_feedback in = {.base_seq = (uint16_t)rng_u32(&rng)};
		struct twcc_feedback out;
		uint32_t lost_of_16 = rng_below(&rng, 17);
		uint32_t jump_of_16 = rng_below(&rng, 17);
		int64_t now = (int64_t)(rng_u64(&rng) >> 12);

		in.count = 1 + rng_below(&rng, TWCC_MAX_PACKETS);
		in.feedback_count = (uint8_t)round;
		for (size_t i = 0; i < in.count; i++) {
			if (rng_below(&rng, 16) < jump_of_16)
				now += (int64_t)rng_below(&rng, 400000) - 100000;
			else
				now += rng_below(&rng, 5000);
			in.arrival_us[i] = rng_below(&rng, 16) < lost_of_16 ? LOST : now;
		}
		size_t count = there_and_back(&out, &in, buf, sizeof(buf));
		/* Only a gap beyond 8 s could end it: here a long row of losses at most. */
		g_assert_cmpuint(count, >, 0);
		if (lost_of_16 < 8)
			g_assert_cmpuint(count, ==, in.count);
		assert_same_times(&out, &in);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/twcc/reads_a_chromium_feedback", reads_a_chromium_feedback);
	g_test_add_func("/twcc/reads_every_kind_of_chunk", reads_every_kind_of_chunk);
	g_test_add_func("/twcc/malformed_feedback_is_refused", malformed_feedback_is_refused);
	g_test_add_func("/twcc/more_than_we_keep_gives_the_first",
			more_than_we_keep_gives_the_first);
	g_test_add_func("/twcc/chunks_are_chosen_well", chunks_are_chosen_well);
	g_test_add_func("/twcc/negative_deltas_pass", negative_deltas_pass);
	g_test_add_func("/twcc/reference_time_wraps", reference_time_wraps);
	g_test_add_func("/twcc/delta_out_of_range_ends_the_run", delta_out_of_range_ends_the_run);
	g_test_add_func("/twcc/nothing_came_is_told_too", nothing_came_is_told_too);
	g_test_add_func("/twcc/covers_what_fits", covers_what_fits);
	g_test_add_func("/twcc/bad_writer_is_left_alone", bad_writer_is_left_alone);
	g_test_add_func("/twcc/random_runs_come_back", random_runs_come_back);
	return g_test_run();
}
