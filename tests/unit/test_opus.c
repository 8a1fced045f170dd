/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "media/base/rng.h"
#include "media/codec/opus.h"

/* TOC bytes: configuration, channels, code (RFC 6716 3.1). */
#define TOC(config, is_stereo, code) ((uint8_t)((config) << 3 | (is_stereo) << 2 | (code)))
#define HYBRID_20_MS		     TOC(15, 0, 0)

static void assert_frame(const struct opus_packet *p, size_t i, const void *data, size_t len)
{
	g_assert_cmpmem(p->frame[i].data, (int)p->frame[i].len, data, (int)len);
}

static void durations_are_those_of_table_2(void)
{
	static const uint16_t want[32] = {
		480,  960, 1920, 2880, 480, 960, 1920, 2880, 480, 960, 1920,
		2880, 480, 960,	 480,  960, 120, 240,  480,  960, 120, 240,
		480,  960, 120,	 240,  480, 960, 120,  240,  480, 960,
	};

	for (uint8_t config = 0; config < 32; config++) {
		uint8_t bytes[] = {TOC(config, 1, 0), 1};
		struct opus_packet p;

		g_assert_cmpint(opus_parse(&p, bytes, sizeof(bytes)), ==, 0);
		g_assert_cmpuint(p.config, ==, config);
		g_assert_true(p.is_stereo);
		g_assert_cmpuint(p.frame_samples, ==, want[config]);
		g_assert_cmpuint(opus_samples(&p), ==, want[config]);
	}
}

static void each_code_tells_its_frames(void)
{
	static const uint8_t one[] = {TOC(15, 0, 0), 'a', 'b'};
	static const uint8_t two_equal[] = {TOC(15, 0, 1), 'a', 'b', 'c', 'd'};
	static const uint8_t two[] = {TOC(15, 0, 2), 1, 'a', 'b', 'c', 'd'};
	static const uint8_t cbr[] = {TOC(15, 0, 3), 3, 'a', 'b', 'c'};
	static const uint8_t vbr[] = {TOC(15, 0, 3), 0x80 | 3, 2, 0, 'a', 'b', 'c'};
	static const uint8_t padded[] = {TOC(15, 0, 3), 0xc0 | 2, 2, 1, 'a', 'b', 0, 0};
	struct opus_packet p;

	g_assert_cmpint(opus_parse(&p, one, sizeof(one)), ==, 0);
	g_assert_cmpuint(p.count, ==, 1);
	assert_frame(&p, 0, "ab", 2);
	g_assert_cmpint(opus_parse(&p, two_equal, sizeof(two_equal)), ==, 0);
	g_assert_cmpuint(p.count, ==, 2);
	assert_frame(&p, 0, "ab", 2);
	assert_frame(&p, 1, "cd", 2);
	g_assert_cmpint(opus_parse(&p, two, sizeof(two)), ==, 0);
	assert_frame(&p, 0, "a", 1);
	assert_frame(&p, 1, "bcd", 3);
	g_assert_cmpint(opus_parse(&p, cbr, sizeof(cbr)), ==, 0);
	g_assert_cmpuint(p.count, ==, 3);
	assert_frame(&p, 2, "c", 1);
	g_assert_cmpint(opus_parse(&p, vbr, sizeof(vbr)), ==, 0);
	assert_frame(&p, 0, "ab", 2);
	assert_frame(&p, 1, "", 0);
	assert_frame(&p, 2, "c", 1);
	g_assert_cmpint(opus_parse(&p, padded, sizeof(padded)), ==, 0);
	g_assert_cmpuint(p.count, ==, 2);
	assert_frame(&p, 0, "a", 1);
	assert_frame(&p, 1, "b", 1);
	g_assert_false(p.has_extension);
}

/* RFC 6716 3.4. */
static void malformed_packets_are_refused(void)
{
	static const struct {
		const char *rule;
		uint8_t bytes[8];
		size_t len;
	} bad[] = {
		{"R1", {0}, 0},
		{"R3 odd", {TOC(15, 0, 1), 1, 2, 3}, 4},
		{"R4 no length", {TOC(15, 0, 2)}, 1},
		{"R4 half a length", {TOC(15, 0, 2), 252}, 2},
		{"R4 too long", {TOC(15, 0, 2), 3, 1, 2}, 4},
		{"R5 no frames", {TOC(15, 0, 3), 0}, 2},
		{"R5 140 ms", {TOC(15, 0, 3), 7}, 2},
		{"R5 49 frames", {TOC(16, 0, 3), 49}, 2},
		{"R6 R7 no count", {TOC(15, 0, 3)}, 1},
		{"R6 indivisible", {TOC(15, 0, 3), 2, 1, 2, 3}, 5},
		{"R6 padding past the end", {TOC(15, 0, 3), 0x41, 2, 0}, 4},
		{"R6 padding unfinished", {TOC(15, 0, 3), 0x41, 255}, 3},
		{"R7 lengths past the end", {TOC(15, 0, 3), 0x82, 2, 1}, 4},
		{"R7 no lengths", {TOC(15, 0, 3), 0x83, 0}, 3},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
		struct opus_packet p = {.count = 99};
		uint8_t *exact = g_memdup2(bad[i].bytes, bad[i].len);

		g_test_message("%s", bad[i].rule);
		g_assert_cmpint(opus_parse(&p, exact, bad[i].len), ==, -EBADMSG);
		g_assert_cmpuint(p.count, ==, 99);
		g_free(exact);
	}
}

static void a_frame_has_1275_bytes_at_most(void)
{
	uint8_t bytes[1 + 2 * 1276] = {TOC(15, 0, 0)};
	struct opus_packet p;

	g_assert_cmpint(opus_parse(&p, bytes, 1 + 1275), ==, 0);
	g_assert_cmpint(opus_parse(&p, bytes, 1 + 1276), ==, -EBADMSG);
	bytes[0] = TOC(15, 0, 1);
	g_assert_cmpint(opus_parse(&p, bytes, 1 + 2 * 1275), ==, 0);
	g_assert_cmpint(opus_parse(&p, bytes, 1 + 2 * 1276), ==, -EBADMSG);
}

static void long_padding_is_read_in_steps_of_254(void)
{
	uint8_t bytes[2 + 2 + 1 + 254 + 3] = {TOC(15, 0, 3), 0x41, 255, 3, 'a'};
	struct opus_packet p;

	g_assert_cmpint(opus_parse(&p, bytes, sizeof(bytes)), ==, 0);
	assert_frame(&p, 0, "a", 1);
	g_assert_cmpint(opus_parse(&p, bytes, sizeof(bytes) - 2), ==, -EBADMSG);
	g_assert_false(p.has_extension);
	bytes[sizeof(bytes) - 1] = 1;
	g_assert_cmpint(opus_parse(&p, bytes, sizeof(bytes)), ==, 0);
	g_assert_true(p.has_extension);
}

/* Packets of the given sizes (frames, without the TOC), merged and parsed again: every frame is
 * there, byte for byte. Returns the bytes of the merged packet. */
static size_t round_trip(const size_t *sizes, size_t count, uint8_t toc)
{
	static uint8_t bytes[8][1276];
	uint8_t out[8 * 1276];
	struct opus_packet in[8];
	struct opus_packet merged;
	struct rng rng = rng_seeded(sizes[0] + count);
	struct wr w = wr_init(out, sizeof(out));

	for (size_t i = 0; i < count; i++) {
		rng_bytes(&rng, bytes[i], sizeof(bytes[i]));
		bytes[i][0] = toc;
		g_assert_cmpint(opus_parse(&in[i], bytes[i], 1 + sizes[i]), ==, 0);
	}
	g_assert_cmpint(opus_merge(&w, in, count), ==, 0);
	g_assert_cmpint(opus_parse(&merged, out, wr_len(&w)), ==, 0);
	g_assert_cmpuint(merged.count, ==, count);
	g_assert_cmpuint(merged.config, ==, toc >> 3);
	g_assert_cmpuint(opus_samples(&merged), ==, count * in[0].frame_samples);
	for (size_t i = 0; i < count; i++)
		assert_frame(&merged, i, bytes[i] + 1, sizes[i]);
	return wr_len(&w);
}

static void merging_keeps_every_byte_of_every_frame(void)
{
	static const size_t lengths[] = {0, 1, 2, 39, 80, 251, 252, 253, 255, 256, 1023, 1275};

	for (size_t i = 0; i < G_N_ELEMENTS(lengths); i++) {
		for (size_t j = 0; j < G_N_ELEMENTS(lengths); j++) {
			size_t sizes[] = {lengths[i], lengths[j], lengths[(i + j) % 12]};

			round_trip(sizes, 1, HYBRID_20_MS);
			round_trip(sizes, 2, HYBRID_20_MS);
			round_trip(sizes, 3, HYBRID_20_MS);
		}
	}
}

static void merged_packets_have_the_shortest_framing(void)
{
	static const size_t equal[] = {40, 40, 40};
	static const size_t unequal[] = {40, 41, 300};

	g_assert_cmpuint(round_trip(equal, 1, HYBRID_20_MS), ==, 1 + 40);
	g_assert_cmpuint(round_trip(equal, 2, HYBRID_20_MS), ==, 1 + 80);
	g_assert_cmpuint(round_trip(equal, 3, HYBRID_20_MS), ==, 2 + 120);
	g_assert_cmpuint(round_trip(unequal, 2, HYBRID_20_MS), ==, 2 + 81);
	g_assert_cmpuint(round_trip(unequal, 3, HYBRID_20_MS), ==, 4 + 381);
}

static void merged_packets_merge_again(void)
{
	static const uint8_t two[] = {TOC(15, 0, 2), 1, 'a', 'b', 'c', 'd'};
	static const uint8_t padded[] = {TOC(15, 0, 3), 0xc0 | 2, 2, 1, 'e', 'f', 0, 0};
	static const uint8_t nothing[] = {TOC(15, 0, 0)};
	struct opus_packet in[3];
	struct opus_packet p;
	uint8_t out[64];
	struct wr w = wr_init(out, sizeof(out));

	g_assert_cmpint(opus_parse(&in[0], two, sizeof(two)), ==, 0);
	g_assert_cmpint(opus_parse(&in[1], padded, sizeof(padded)), ==, 0);
	g_assert_cmpint(opus_parse(&in[2], nothing, sizeof(nothing)), ==, 0);
	g_assert_cmpint(opus_merge(&w, in, 3), ==, 0);
	g_assert_cmpint(opus_parse(&p, out, wr_len(&w)), ==, 0);
	g_assert_cmpuint(p.count, ==, 5);
	assert_frame(&p, 0, "a", 1);
	assert_frame(&p, 1, "bcd", 3);
	assert_frame(&p, 2, "e", 1);
	assert_frame(&p, 3, "f", 1);
	assert_frame(&p, 4, "", 0);
	/* Padding is gone: 2, four lengths, 6 bytes. */
	g_assert_cmpuint(wr_len(&w), ==, 2 + 4 + 6);
}

static void assert_unmerged(const uint8_t *b, size_t b_len, size_t room)
{
	static const uint8_t a[] = {HYBRID_20_MS, 'a', 'b'};
	struct opus_packet in[2];
	uint8_t out[2048];
	struct wr w = wr_init(out, room);

	g_assert_cmpint(opus_parse(&in[0], a, sizeof(a)), ==, 0);
	g_assert_cmpint(opus_parse(&in[1], b, b_len), ==, 0);
	g_assert_cmpint(opus_merge(&w, in, 2), ==, -EINVAL);
	g_assert_cmpuint(wr_len(&w), ==, 0);
	g_assert_true(wr_ok(&w));
}

static void what_does_not_go_together_is_not_merged(void)
{
	static const uint8_t other_config[] = {TOC(14, 0, 0), 'a', 'b'};
	static const uint8_t stereo[] = {TOC(15, 1, 0), 'a', 'b'};
	static const uint8_t extended[] = {TOC(15, 0, 3), 0x41, 1, 'a', 'x'};
	static const uint8_t long_120_ms[] = {TOC(15, 0, 3), 6};
	static const uint8_t same[] = {HYBRID_20_MS, 'a', 'b'};
	struct wr w = wr_init(NULL, 0);

	assert_unmerged(other_config, sizeof(other_config), 2048);
	assert_unmerged(stereo, sizeof(stereo), 2048);
	assert_unmerged(extended, sizeof(extended), 2048);
	assert_unmerged(long_120_ms, sizeof(long_120_ms), 2048);
	assert_unmerged(same, sizeof(same), 4);
	g_assert_cmpint(opus_merge(&w, NULL, 0), ==, -EINVAL);
}

#define ADD(name) g_test_add_func("/opus/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(durations_are_those_of_table_2);
	ADD(each_code_tells_its_frames);
	ADD(malformed_packets_are_refused);
	ADD(a_frame_has_1275_bytes_at_most);
	ADD(long_padding_is_read_in_steps_of_254);
	ADD(merging_keeps_every_byte_of_every_frame);
	ADD(merged_packets_have_the_shortest_framing);
	ADD(merged_packets_merge_again);
	ADD(what_does_not_go_together_is_not_merged);
	return g_test_run();
}
