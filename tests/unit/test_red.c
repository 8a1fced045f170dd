/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib.h>

#include "media/wire/red.h"

/* Opus 111 with one older frame of 3 bytes, 960 samples back, as Chromium sends it. */
static const uint8_t ONE_OLDER[] = {0xef, 0x0f, 0x00, 0x03, 0x6f, 'o',
				    'l',  'd',	'n',  'e',  'w',  '!'};

static void blocks_come_in_order(void)
{
	struct red_payload red;

	g_assert_cmpint(red_parse(&red, ONE_OLDER, sizeof(ONE_OLDER)), ==, 0);
	g_assert_cmpuint(red.count, ==, 2);
	g_assert_cmpuint(red.block[0].pt, ==, 111);
	g_assert_cmpuint(red.block[0].ts_offset, ==, 960);
	g_assert_cmpmem(red.block[0].data, (int)red.block[0].len, "old", 3);
	g_assert_cmpuint(red.block[1].pt, ==, 111);
	g_assert_cmpuint(red.block[1].ts_offset, ==, 0);
	g_assert_cmpmem(red.block[1].data, (int)red.block[1].len, "new!", 4);
	/* Borrowed, not copied. */
	g_assert_true(red.block[1].data == ONE_OLDER + 8);
}

static void primary_alone_is_one_byte_more(void)
{
	static const uint8_t bytes[] = {0x6f, 1, 2};
	struct red_payload red;

	g_assert_cmpint(red_parse(&red, bytes, 3), ==, 0);
	g_assert_cmpuint(red.count, ==, 1);
	g_assert_cmpuint(red.block[0].len, ==, 2);
	/* Nothing but its header: an empty frame. */
	g_assert_cmpint(red_parse(&red, bytes, 1), ==, 0);
	g_assert_cmpuint(red.block[0].len, ==, 0);
}

static void fields_have_their_full_width(void)
{
	uint8_t bytes[4 + 1 + 1023] = {0xff, 0xff, 0xff, 0xff, 0x00};
	struct red_payload red;

	g_assert_cmpint(red_parse(&red, bytes, sizeof(bytes)), ==, 0);
	g_assert_cmpuint(red.block[0].pt, ==, 127);
	g_assert_cmpuint(red.block[0].ts_offset, ==, 16383);
	g_assert_cmpuint(red.block[0].len, ==, 1023);
	g_assert_cmpuint(red.block[1].len, ==, 0);
	g_assert_cmpint(red_parse(&red, bytes, sizeof(bytes) - 1), ==, -EBADMSG);
}

static void every_truncation_into_the_old_block_is_refused(void)
{
	for (size_t len = 0; len < sizeof(ONE_OLDER); len++) {
		struct red_payload red = {.count = 99};
		uint8_t *buf = g_memdup2(ONE_OLDER, len);
		/* Past the old block the primary is only shorter. */
		int want = len < 8 ? -EBADMSG : 0;

		g_assert_cmpint(red_parse(&red, buf, len), ==, want);
		g_assert_cmpuint(red.count, ==, want < 0 ? 99 : 2);
		g_free(buf);
	}
}

static void blocks_have_a_cap(void)
{
	uint8_t bytes[LIMIT_RED_BLOCKS * 4 + 1] = {0};
	struct red_payload red;

	for (size_t i = 0; i < LIMIT_RED_BLOCKS; i++)
		bytes[i * 4] = 0x80;
	g_assert_cmpint(red_parse(&red, bytes, sizeof(bytes)), ==, -EBADMSG);
	g_assert_cmpint(red_parse(&red, bytes + 4, sizeof(bytes) - 4), ==, 0);
	g_assert_cmpuint(red.count, ==, LIMIT_RED_BLOCKS);
}

/* Blocks of these lengths, 960 apart, the last one primary; returns what red_write says. */
static int write_blocks(struct wr *w, const uint8_t *data, const size_t *lens, size_t count)
{
	struct red_block blocks[LIMIT_RED_BLOCKS + 1];

	for (size_t i = 0; i < count; i++)
		blocks[i] = (struct red_block){
			.pt = 111,
			.ts_offset = (uint16_t)(960 * (count - 1 - i)),
			.data = data + i,
			.len = lens[i],
		};
	return red_write(w, blocks, count);
}

static void what_is_written_is_read(void)
{
	static const size_t lens[LIMIT_RED_BLOCKS] = {3, 0, 1023, 1, 80, 7, 99, 1200};
	uint8_t data[1300];
	uint8_t out[4000];

	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * 7);
	for (size_t count = 1; count <= LIMIT_RED_BLOCKS; count++) {
		struct wr w = wr_init(out, sizeof(out));
		struct red_payload red;

		g_assert_cmpint(write_blocks(&w, data, lens, count), ==, count - 1);
		g_assert_cmpint(red_parse(&red, out, wr_len(&w)), ==, 0);
		g_assert_cmpuint(red.count, ==, count);
		for (size_t i = 0; i < count; i++) {
			g_assert_cmpuint(red.block[i].pt, ==, 111);
			g_assert_cmpuint(red.block[i].ts_offset, ==, 960 * (count - 1 - i));
			g_assert_cmpmem(red.block[i].data, (int)red.block[i].len, data + i,
					(int)lens[i]);
		}
	}
}

static void writing_gives_chromiums_bytes(void)
{
	struct red_block blocks[] = {
		{.pt = 111, .ts_offset = 960, .data = (const uint8_t *)"old", .len = 3},
		{.pt = 111, .data = (const uint8_t *)"new!", .len = 4},
	};
	uint8_t out[64];
	struct wr w = wr_init(out, sizeof(out));

	g_assert_cmpint(red_write(&w, blocks, 2), ==, 1);
	g_assert_cmpmem(out, (int)wr_len(&w), ONE_OLDER, (int)sizeof(ONE_OLDER));
}

static void fields_too_narrow_leave_a_block_out(void)
{
	static const uint8_t data[1100];
	struct red_block blocks[] = {
		{.pt = 111, .ts_offset = 16384, .data = data, .len = 3},
		{.pt = 111, .ts_offset = 16383, .data = data, .len = 1023},
		{.pt = 111, .ts_offset = 960, .data = data, .len = 1024},
		{.pt = 111, .ts_offset = 0, .data = data, .len = 2},
		{.pt = 111, .data = data, .len = 4},
	};
	uint8_t out[4000];
	struct wr w = wr_init(out, sizeof(out));
	struct red_payload red;

	g_assert_cmpint(red_write(&w, blocks, 5), ==, 1);
	g_assert_cmpint(red_parse(&red, out, wr_len(&w)), ==, 0);
	g_assert_cmpuint(red.count, ==, 2);
	g_assert_cmpuint(red.block[0].ts_offset, ==, 16383);
	g_assert_cmpuint(red.block[0].len, ==, 1023);
}

static void oldest_blocks_go_first_when_there_is_no_room(void)
{
	static const size_t lens[] = {10, 10, 10};
	static const uint8_t data[16];
	uint8_t out[64];
	/* 1 + 10 for the primary, 4 + 10 for each older one. */
	static const struct {
		size_t room;
		int older;
	} steps[] = {{39, 2}, {38, 1}, {25, 1}, {24, 0}, {11, 0}, {10, -EINVAL}, {0, -EINVAL}};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		struct wr w = wr_init(out, steps[i].room);

		g_assert_cmpint(write_blocks(&w, data, lens, 3), ==, steps[i].older);
		g_assert_true(wr_ok(&w));
		g_assert_cmpuint(wr_len(&w), ==,
				 steps[i].older < 0 ? 0 : 11 + 14 * (size_t)steps[i].older);
	}
}

static void writing_has_the_same_cap(void)
{
	static const size_t lens[LIMIT_RED_BLOCKS + 1] = {0};
	static const uint8_t data[16];
	uint8_t out[64];
	struct wr w = wr_init(out, sizeof(out));

	g_assert_cmpint(write_blocks(&w, data, lens, LIMIT_RED_BLOCKS + 1), ==, -EINVAL);
	g_assert_cmpint(write_blocks(&w, data, lens, 0), ==, -EINVAL);
	g_assert_cmpuint(wr_len(&w), ==, 0);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/red/blocks_come_in_order", blocks_come_in_order);
	g_test_add_func("/red/primary_alone_is_one_byte_more", primary_alone_is_one_byte_more);
	g_test_add_func("/red/fields_have_their_full_width", fields_have_their_full_width);
	g_test_add_func("/red/every_truncation_into_the_old_block_is_refused",
			every_truncation_into_the_old_block_is_refused);
	g_test_add_func("/red/blocks_have_a_cap", blocks_have_a_cap);
	g_test_add_func("/red/what_is_written_is_read", what_is_written_is_read);
	g_test_add_func("/red/writing_gives_chromiums_bytes", writing_gives_chromiums_bytes);
	g_test_add_func("/red/fields_too_narrow_leave_a_block_out",
			fields_too_narrow_leave_a_block_out);
	g_test_add_func("/red/oldest_blocks_go_first_when_there_is_no_room",
			oldest_blocks_go_first_when_there_is_no_room);
	g_test_add_func("/red/writing_has_the_same_cap", writing_has_the_same_cap);
	return g_test_run();
}
