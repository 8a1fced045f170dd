/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "media/stream/voice.h"
#include "media/wire/red.h"

#define FIRST_SEQ 65530
#define STEP_TS	  960

static struct pkt_pool *pool;
static struct voice voice;
static struct voice_news news;

static void begin(void)
{
	pool = pkt_pool_new(VOICE_WINDOW + 1, 0);
	voice = (struct voice){.highest_seq = 0};
}

static void end(void)
{
	voice_reset(&voice);
	g_assert_cmpuint(pkt_pool_used(pool), ==, 0);
	pkt_pool_free(pool);
}

/* Packet `index` with that payload. */
static int input(int index, bool is_red, const uint8_t *payload, size_t len)
{
	struct pkt *pkt = pkt_get(pool);
	struct voice_packet packet = {
		.pkt = pkt,
		.arrival_us = 1000000 + index,
		.capture_us = 500000 + index * 20000,
		.seq = (uint16_t)(FIRST_SEQ + index),
		.timestamp = (uint32_t)(index * STEP_TS),
		.marker = index == 0,
		.is_red = is_red,
		.payload = pkt->data,
		.payload_len = len,
	};
	int err;

	g_assert_nonnull(pkt);
	memcpy(pkt->data, payload, len);
	err = voice_input(&voice, &packet, &news);
	pkt_unref(pkt);
	return err;
}

static int plain(int index)
{
	uint8_t payload[] = {0x78, (uint8_t)index};

	return input(index, false, payload, sizeof(payload));
}

/* RED with `older` packets before it, whose payloads are as plain() makes them. */
static int red(int index, int older)
{
	uint8_t data[LIMIT_RED_BLOCKS][2];
	struct red_block blocks[LIMIT_RED_BLOCKS];
	uint8_t payload[200];
	struct wr w = wr_init(payload, sizeof(payload));

	for (int i = 0; i <= older; i++) {
		data[i][0] = 0x78;
		data[i][1] = (uint8_t)(index - older + i);
		blocks[i] = (struct red_block){
			.pt = 111,
			.ts_offset = (uint16_t)((older - i) * STEP_TS),
			.data = data[i],
			.len = 2,
		};
	}
	g_assert_cmpint(red_write(&w, blocks, (size_t)older + 1), ==, older);
	return input(index, true, payload, wr_len(&w));
}

/* The frame is that of plain(index). */
static void assert_frame(int index, bool is_recovered)
{
	const struct voice_frame *frame = voice_get(&voice, FIRST_SEQ + index);
	uint8_t want[] = {0x78, (uint8_t)index};

	g_assert_nonnull(frame);
	g_assert_cmpint(frame->seq, ==, FIRST_SEQ + index);
	g_assert_cmpmem(frame->data, frame->len, want, sizeof(want));
	g_assert_cmpuint(frame->timestamp, ==, (uint32_t)(index * STEP_TS));
	g_assert_cmpint(frame->capture_us, ==, 500000 + index * 20000);
	g_assert_cmpuint(frame->samples, ==, 960);
	g_assert_cmpint(frame->is_recovered, ==, is_recovered);
	g_assert_true(frame->can_merge);
}

static void assert_news(size_t count, int first)
{
	g_assert_cmpuint(news.count, ==, count);
	for (size_t i = 0; i < count; i++)
		g_assert_cmpint(news.seq[i], ==, FIRST_SEQ + first + (int)i);
}

static void frames_are_kept_by_reference(void)
{
	begin();
	g_assert_cmpint(plain(0), ==, 0);
	assert_news(1, 0);
	assert_frame(0, false);
	g_assert_true(voice_get(&voice, FIRST_SEQ)->marker);
	g_assert_cmpuint(pkt_pool_used(pool), ==, 1);
	g_assert_null(voice_get(&voice, FIRST_SEQ + 1));
	g_assert_null(voice_get(&voice, FIRST_SEQ + VOICE_WINDOW));
	end();
}

static void the_window_moves_on(void)
{
	begin();
	for (int i = 0; i < 100; i++) {
		g_assert_cmpint(plain(i), ==, 0);
		assert_news(1, i);
	}
	g_assert_cmpuint(pkt_pool_used(pool), ==, VOICE_WINDOW);
	assert_frame(99, false);
	assert_frame(100 - VOICE_WINDOW, false);
	g_assert_null(voice_get(&voice, FIRST_SEQ + 99 - VOICE_WINDOW));
	/* A leap empties it. */
	g_assert_cmpint(plain(500), ==, 0);
	g_assert_cmpuint(pkt_pool_used(pool), ==, 1);
	end();
}

static void seen_or_too_old_packets_are_no_news(void)
{
	begin();
	for (int i = 0; i < 50; i++)
		if (i != 30 && i != 10)
			plain(i);
	g_assert_cmpint(plain(40), ==, -EAGAIN);
	g_assert_cmpuint(news.count, ==, 0);
	g_assert_cmpint(plain(10), ==, -EAGAIN); /* left the window */
	g_assert_false(voice_has(&voice, (uint16_t)(FIRST_SEQ + 30)));
	g_assert_cmpint(plain(30), ==, 0);
	assert_news(1, 30);
	g_assert_true(voice_has(&voice, (uint16_t)(FIRST_SEQ + 30)));
	end();
}

static void red_fills_holes(void)
{
	begin();
	g_assert_cmpint(red(0, 0), ==, 0);
	g_assert_cmpint(red(1, 1), ==, 0);
	assert_news(1, 1);
	g_assert_cmpint(red(4, 2), ==, 0);
	assert_news(3, 2);
	assert_frame(2, true);
	assert_frame(3, true);
	assert_frame(4, false);
	g_assert_cmpuint(voice.recovered, ==, 2);
	/* The packet itself, late. */
	g_assert_cmpint(plain(3), ==, -EAGAIN);
	/* More lost than RED brings back: a hole stays, until a late RED packet. */
	g_assert_cmpint(red(8, 1), ==, 0);
	assert_news(2, 7);
	g_assert_null(voice_get(&voice, FIRST_SEQ + 5));
	g_assert_cmpint(red(6, 1), ==, 0);
	assert_news(2, 5);
	end();
}

/* What was before the first packet, nobody was there to miss. */
static void nothing_is_recovered_before_the_first_packet(void)
{
	begin();
	g_assert_cmpint(red(5, 3), ==, 0);
	assert_news(1, 5);
	end();
}

/* A block that would stand at a place where its timestamp cannot be is not what its place says. */
static void blocks_out_of_order_are_passed_over(void)
{
	static const uint8_t same_as_0[] = {0x80 | 111, 1920 >> 6, (1920 & 63) << 2, 1, 111, 0xaa,
					    0x78,	2};
	static const uint8_t other_pt[] = {0x80 | 13, 960 >> 6, (960 & 63) << 2, 1, 111, 0xaa,
					   0x78,      2};

	begin();
	plain(0);
	g_assert_cmpint(input(2, true, same_as_0, sizeof(same_as_0)), ==, 0);
	assert_news(1, 2);
	g_assert_cmpint(input(4, true, other_pt, sizeof(other_pt)), ==, 0);
	assert_news(1, 4);
	end();
}

static void malformed_red_changes_nothing(void)
{
	static const uint8_t bad[] = {0x80 | 111, 0x0f, 0x00, 0x09, 111, 1};

	begin();
	plain(0);
	g_assert_cmpint(input(1, true, bad, sizeof(bad)), ==, -EBADMSG);
	g_assert_cmpuint(news.count, ==, 0);
	g_assert_cmpint(plain(1), ==, 0);
	end();
}

static void what_is_no_opus_packet_is_kept_but_not_merged(void)
{
	static const uint8_t odd[] = {0x79, 1, 2, 3};
	static const uint8_t extended[] = {0x7b, 0x41, 1, 'a', 'x'};

	begin();
	g_assert_cmpint(input(0, false, odd, sizeof(odd)), ==, 0);
	g_assert_cmpuint(voice_get(&voice, FIRST_SEQ)->samples, ==, 0);
	g_assert_false(voice_get(&voice, FIRST_SEQ)->can_merge);
	g_assert_cmpint(input(1, false, extended, sizeof(extended)), ==, 0);
	g_assert_cmpuint(voice_get(&voice, FIRST_SEQ + 1)->samples, ==, 960);
	g_assert_false(voice_get(&voice, FIRST_SEQ + 1)->can_merge);
	end();
}

static void reset_begins_anew(void)
{
	begin();
	for (int i = 0; i < 20; i++)
		plain(i);
	voice_reset(&voice);
	g_assert_cmpuint(pkt_pool_used(pool), ==, 0);
	g_assert_null(voice_get(&voice, FIRST_SEQ + 19));
	g_assert_false(voice_has(&voice, (uint16_t)(FIRST_SEQ + 19)));
	g_assert_cmpint(plain(3), ==, 0);
	assert_frame(3, false);
	end();
}

static void a_quiet_publisher_holds_nothing(void)
{
	begin();
	for (int i = 0; i < 20; i++)
		plain(i);
	voice_expire(&voice, 1000000 + 15);
	g_assert_cmpuint(pkt_pool_used(pool), ==, 5);
	assert_frame(15, false);
	g_assert_null(voice_get(&voice, FIRST_SEQ + 14));
	voice_expire(&voice, INT64_MAX);
	g_assert_cmpuint(pkt_pool_used(pool), ==, 0);
	/* Numbers are still known. */
	g_assert_cmpint(plain(20), ==, 0);
	assert_news(1, 20);
	end();
}

#define ADD(name) g_test_add_func("/voice/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(frames_are_kept_by_reference);
	ADD(the_window_moves_on);
	ADD(seen_or_too_old_packets_are_no_news);
	ADD(red_fills_holes);
	ADD(nothing_is_recovered_before_the_first_packet);
	ADD(blocks_out_of_order_are_passed_over);
	ADD(malformed_red_changes_nothing);
	ADD(what_is_no_opus_packet_is_kept_but_not_merged);
	ADD(reset_begins_anew);
	ADD(a_quiet_publisher_holds_nothing);
	return g_test_run();
}
