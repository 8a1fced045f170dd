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

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/red/blocks_come_in_order", blocks_come_in_order);
	g_test_add_func("/red/primary_alone_is_one_byte_more", primary_alone_is_one_byte_more);
	g_test_add_func("/red/fields_have_their_full_width", fields_have_their_full_width);
	g_test_add_func("/red/every_truncation_into_the_old_block_is_refused",
			every_truncation_into_the_old_block_is_refused);
	g_test_add_func("/red/blocks_have_a_cap", blocks_have_a_cap);
	return g_test_run();
}
