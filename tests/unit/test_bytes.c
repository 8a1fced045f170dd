/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>
#include <string.h>

#include "media/base/bytes.h"

static const uint8_t COUNTING[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18};

static void reads_network_order(void)
{
	struct rd r = rd_init(COUNTING, sizeof(COUNTING));

	g_assert_cmphex(rd_u8(&r), ==, 0x01);
	g_assert_cmphex(rd_u16(&r), ==, 0x0203);
	g_assert_cmphex(rd_u24(&r), ==, 0x040506);
	g_assert_cmphex(rd_u32(&r), ==, 0x0708090a);
	g_assert_cmphex(rd_u64(&r), ==, 0x0b0c0d0e0f101112);
	g_assert_cmpuint(rd_left(&r), ==, 0);
	g_assert_true(rd_ok(&r));
}

static void read_past_the_end_sticks(void)
{
	struct rd r = rd_init(COUNTING, 3);

	g_assert_cmpuint(rd_u32(&r), ==, 0);
	g_assert_false(rd_ok(&r));
	/* There are three bytes, and still nothing more is given. */
	g_assert_cmpuint(rd_u8(&r), ==, 0);
	g_assert_null(rd_bytes(&r, 1));
	g_assert_null(rd_bytes(&r, 0));
	g_assert_cmpuint(rd_left(&r), ==, 0);
	g_assert_false(rd_ok(&r));
}

static void every_width_checks_its_length(void)
{
	for (size_t len = 0; len < 8; len++) {
		struct rd r8 = rd_init(COUNTING, len);
		struct rd r16 = r8;
		struct rd r24 = r8;
		struct rd r32 = r8;
		struct rd r64 = r8;

		rd_u8(&r8);
		rd_u16(&r16);
		rd_u24(&r24);
		rd_u32(&r32);
		rd_u64(&r64);
		g_assert_true(rd_ok(&r8) == (len >= 1));
		g_assert_true(rd_ok(&r16) == (len >= 2));
		g_assert_true(rd_ok(&r24) == (len >= 3));
		g_assert_true(rd_ok(&r32) == (len >= 4));
		g_assert_false(rd_ok(&r64));
	}
}

static void empty_reader_may_have_no_buffer(void)
{
	struct rd r = rd_init(NULL, 0);

	g_assert_cmpuint(rd_left(&r), ==, 0);
	g_assert_nonnull(rd_bytes(&r, 0));
	struct rd sub = rd_sub(&r, 0);
	g_assert_true(rd_ok(&sub));
	g_assert_true(rd_ok(&r));
	rd_skip(&r, 1);
	g_assert_false(rd_ok(&r));
}

static void sub_narrows_and_passes_over(void)
{
	struct rd r = rd_init(COUNTING, 6);
	struct rd sub = rd_sub(&r, 4);

	g_assert_cmphex(rd_u32(&sub), ==, 0x01020304);
	g_assert_cmpuint(rd_u8(&sub), ==, 0);
	g_assert_false(rd_ok(&sub));
	/* What the part did wrong is not the whole's fault. */
	g_assert_true(rd_ok(&r));
	g_assert_cmphex(rd_u16(&r), ==, 0x0506);
}

static void sub_of_too_much_is_bad_on_both_sides(void)
{
	struct rd r = rd_init(COUNTING, 6);
	struct rd sub = rd_sub(&r, 7);

	g_assert_false(rd_ok(&r));
	g_assert_false(rd_ok(&sub));
	g_assert_cmpuint(rd_left(&sub), ==, 0);
	rd_sub(&r, SIZE_MAX);
	g_assert_false(rd_ok(&r));
}

static void bytes_are_borrowed(void)
{
	struct rd r = rd_init(COUNTING, 6);

	rd_skip(&r, 2);
	g_assert_true(rd_bytes(&r, 3) == COUNTING + 2);
	g_assert_cmpuint(rd_left(&r), ==, 1);
}

static void writes_network_order(void)
{
	uint8_t buf[sizeof(COUNTING)];
	struct wr w = wr_init(buf, sizeof(buf));

	wr_u8(&w, 0x01);
	wr_u16(&w, 0x0203);
	wr_u24(&w, 0xff040506); /* the upper 8 bits are not written */
	wr_u32(&w, 0x0708090a);
	wr_u64(&w, 0x0b0c0d0e0f101112);
	g_assert_true(wr_ok(&w));
	g_assert_cmpuint(wr_left(&w), ==, 0);
	g_assert_cmpmem(buf, (int)wr_len(&w), COUNTING, sizeof(COUNTING));
}

static void write_past_the_end_sticks(void)
{
	uint8_t buf[4] = {0xaa, 0xaa, 0xaa, 0xaa};
	const uint8_t want[4] = {1, 0xaa, 0xaa, 0xaa};
	struct wr w = wr_init(buf, 3);

	wr_u8(&w, 1);
	wr_u24(&w, 2);
	g_assert_false(wr_ok(&w));
	wr_u8(&w, 3);
	wr_bytes(&w, COUNTING, 1);
	wr_zero(&w, 1);
	wr_patch_u16(&w, 0, 0xffff);
	g_assert_false(wr_ok(&w));
	g_assert_cmpuint(wr_left(&w), ==, 0);
	g_assert_cmpuint(wr_len(&w), ==, 1);
	g_assert_cmpmem(buf, 4, want, 4);
}

static void writer_may_have_no_buffer(void)
{
	struct wr w = wr_init(NULL, 0);

	wr_bytes(&w, NULL, 0);
	g_assert_true(wr_ok(&w));
	g_assert_cmpuint(wr_len(&w), ==, 0);
	wr_patch_u16(&w, 0, 1);
	g_assert_false(wr_ok(&w));
}

static void patch_touches_only_what_was_written(void)
{
	uint8_t buf[8];
	const uint8_t want[4] = {0, 0xbe, 0xef, 0};
	struct wr w = wr_init(buf, sizeof(buf));

	wr_zero(&w, 4);
	wr_patch_u16(&w, 1, 0xbeef);
	g_assert_true(wr_ok(&w));
	g_assert_cmpmem(buf, (int)wr_len(&w), want, sizeof(want));
	struct wr past = w;
	wr_patch_u16(&past, 3, 0);
	g_assert_false(wr_ok(&past));
	past = w;
	wr_patch_u16(&past, SIZE_MAX, 0);
	g_assert_false(wr_ok(&past));
}

static void bits_cross_byte_borders(void)
{
	const uint8_t buf[] = {0xa5, 0x0f, 0xff, 0x00, 0x80, 0x01};
	struct bits b = bits_init(buf, sizeof(buf));

	g_assert_cmphex(bits_read(&b, 0), ==, 0);
	g_assert_cmphex(bits_read(&b, 1), ==, 1);
	g_assert_cmphex(bits_read(&b, 3), ==, 2);
	g_assert_cmphex(bits_read(&b, 8), ==, 0x50);
	g_assert_cmphex(bits_read(&b, 32), ==, 0xfff00800);
	g_assert_cmpuint(bits_left(&b), ==, 4);
	g_assert_cmphex(bits_read(&b, 4), ==, 1);
	g_assert_true(bits_ok(&b));
}

static void bits_past_the_end_stick(void)
{
	const uint8_t buf[] = {0xff};
	struct bits b = bits_init(buf, sizeof(buf));

	g_assert_cmphex(bits_read(&b, 5), ==, 0x1f);
	g_assert_cmphex(bits_read(&b, 4), ==, 0);
	g_assert_false(bits_ok(&b));
	g_assert_cmphex(bits_read(&b, 1), ==, 0);
	g_assert_cmpuint(bits_left(&b), ==, 0);
}

/* AV1 specification 4.10.7 gives the codes for n = 5: 0, 1 and 2 take two bits, 3 and 4 three. */
static void ns_has_codes_of_two_lengths(void)
{
	static const struct {
		uint8_t bits;
		uint32_t n;
		uint32_t value;
		size_t used;
	} steps[] = {
		{0x00, 5, 0, 2}, {0x40, 5, 1, 2}, {0x80, 5, 2, 2}, {0xc0, 5, 3, 3},
		{0xe0, 5, 4, 3}, {0xff, 1, 0, 0}, {0x80, 2, 1, 1}, {0x00, 2, 0, 1},
		{0xc0, 4, 3, 2}, {0x00, 3, 0, 1}, {0x80, 3, 1, 2}, {0xc0, 3, 2, 2},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		struct bits b = bits_init(&steps[i].bits, 1);
		g_assert_cmpuint(bits_read_ns(&b, steps[i].n), ==, steps[i].value);
		g_assert_cmpuint(8 - bits_left(&b), ==, steps[i].used);
		g_assert_true(bits_ok(&b));
	}
}

static void ns_of_the_largest_range(void)
{
	const uint8_t ones[] = {0xff, 0xff, 0xff, 0xff, 0xff};
	struct bits b = bits_init(ones, 4);

	g_assert_cmpuint(bits_read_ns(&b, UINT32_MAX), ==, UINT32_MAX - 1);
	g_assert_true(bits_ok(&b));
	b = bits_init(ones, 3);
	g_assert_cmpuint(bits_read_ns(&b, UINT32_MAX), ==, 0);
	g_assert_false(bits_ok(&b));
	/* The last, longer bit is missing. */
	b = bits_init(ones, 1);
	bits_read(&b, 6);
	g_assert_cmpuint(bits_read_ns(&b, 5), ==, 0);
	g_assert_false(bits_ok(&b));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/bytes/reads_network_order", reads_network_order);
	g_test_add_func("/bytes/read_past_the_end_sticks", read_past_the_end_sticks);
	g_test_add_func("/bytes/every_width_checks_its_length", every_width_checks_its_length);
	g_test_add_func("/bytes/empty_reader_may_have_no_buffer", empty_reader_may_have_no_buffer);
	g_test_add_func("/bytes/sub_narrows_and_passes_over", sub_narrows_and_passes_over);
	g_test_add_func("/bytes/sub_of_too_much_is_bad_on_both_sides",
			sub_of_too_much_is_bad_on_both_sides);
	g_test_add_func("/bytes/bytes_are_borrowed", bytes_are_borrowed);
	g_test_add_func("/bytes/writes_network_order", writes_network_order);
	g_test_add_func("/bytes/write_past_the_end_sticks", write_past_the_end_sticks);
	g_test_add_func("/bytes/writer_may_have_no_buffer", writer_may_have_no_buffer);
	g_test_add_func("/bytes/patch_touches_only_what_was_written",
			patch_touches_only_what_was_written);
	g_test_add_func("/bits/cross_byte_borders", bits_cross_byte_borders);
	g_test_add_func("/bits/past_the_end_stick", bits_past_the_end_stick);
	g_test_add_func("/bits/ns_has_codes_of_two_lengths", ns_has_codes_of_two_lengths);
	g_test_add_func("/bits/ns_of_the_largest_range", ns_of_the_largest_range);
	return g_test_run();
}
