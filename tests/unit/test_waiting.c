/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>

#include "media/route/waiting.h"

static struct waiting_item item_of(struct pkt_pool *pool, uint16_t seq)
{
	struct waiting_item item = {.queued_us = seq};

	item.packet.pkt = pkt_get(pool);
	g_assert_nonnull(item.packet.pkt);
	item.packet.pkt->len = 100;
	item.packet.header.seq = seq;
	return item;
}

static void push(struct waiting *waiting, struct pkt_pool *pool, uint16_t seq, bool fits)
{
	struct waiting_item item = item_of(pool, seq);

	g_assert_true(waiting_push(waiting, &item) == fits);
	pkt_unref(item.packet.pkt);
}

static void gives_back_in_order(void)
{
	struct pkt_pool *pool = pkt_pool_new(8, 8);
	struct waiting waiting = {0};

	g_assert_null(waiting_first(&waiting));
	for (uint16_t seq = 1; seq <= 3; seq++)
		push(&waiting, pool, seq, true);
	g_assert_cmpuint(waiting.bytes, ==, 300);
	for (uint16_t seq = 1; seq <= 3; seq++) {
		g_assert_cmpuint(waiting_first(&waiting)->seq, ==, seq);
		waiting_pop(&waiting);
	}
	g_assert_cmpuint(waiting.bytes, ==, 0);
	g_assert_cmpuint(pkt_pool_used(pool), ==, 0);
	waiting_close(&waiting);
	pkt_pool_free(pool);
}

static void gives_what_was_pushed(void)
{
	static const struct codec_params codec = {.codec = CODEC_VP9};
	struct pkt_pool *pool = pkt_pool_new(1, 1);
	struct waiting waiting = {0};
	struct waiting_item item = item_of(pool, 7);
	struct packet *packet = &item.packet;
	struct waiting_item out;

	item.capture_us = 5;
	item.is_newest = item.ends_replay = true;
	packet->header.marker = true;
	packet->header.pt = 98;
	packet->header.timestamp = 0xfffffff0;
	packet->header.ssrc = 0x12345678;
	packet->header.payload = packet->pkt->data + 40;
	packet->header.payload_len = 60;
	packet->exts.value[RTP_EXT_VIDEO_ORIENTATION] =
		(struct rtp_ext_value){packet->pkt->data + 20, 1};
	packet->exts.value[RTP_EXT_DEPENDENCY_DESCRIPTOR] =
		(struct rtp_ext_value){packet->pkt->data + 24, 3};
	packet->codec = &codec;
	packet->codec_index = LIMIT_CODECS - 1;
	packet->encoding = 2;
	packet->generation = 255;
	packet->has_frame = packet->has_frame_number = true;
	packet->frame = (struct codec_frame){.is_keyframe = true, .spatial = 2, .picture_id = 9};
	packet->frame_number = 0xffff;
	g_assert_true(waiting_push(&waiting, &item));
	waiting_unpack(waiting_first(&waiting), &out);
	g_assert_cmpint(out.queued_us, ==, 7);
	g_assert_cmpint(out.capture_us, ==, 5);
	g_assert_true(out.is_newest && out.ends_replay && !out.is_replayed);
	g_assert_true(out.packet.pkt == packet->pkt && out.packet.codec == &codec);
	g_assert_true(out.packet.header.marker);
	g_assert_cmpuint(out.packet.header.pt, ==, 98);
	g_assert_cmpuint(out.packet.header.seq, ==, 7);
	g_assert_cmpuint(out.packet.header.timestamp, ==, 0xfffffff0);
	g_assert_cmpuint(out.packet.header.ssrc, ==, 0x12345678);
	g_assert_true(out.packet.header.payload == packet->header.payload);
	g_assert_cmpuint(out.packet.header.payload_len, ==, 60);
	for (size_t i = 0; i < RTP_EXT_COUNT; i++) {
		g_assert_true(out.packet.exts.value[i].data == packet->exts.value[i].data);
		g_assert_cmpuint(out.packet.exts.value[i].len, ==, packet->exts.value[i].len);
	}
	g_assert_cmpuint(out.packet.codec_index, ==, LIMIT_CODECS - 1);
	g_assert_cmpint(out.packet.encoding, ==, 2);
	g_assert_cmpuint(out.packet.generation, ==, 255);
	g_assert_true(out.packet.has_frame && out.packet.has_frame_number);
	g_assert_cmpuint(out.packet.frame_number, ==, 0xffff);
	g_assert_true(out.packet.frame.is_keyframe);
	g_assert_cmpuint(out.packet.frame.spatial, ==, 2);
	g_assert_cmpuint(out.packet.frame.picture_id, ==, 9);
	waiting_close(&waiting);
	pkt_unref(packet->pkt);
	pkt_pool_free(pool);
}

static void is_bounded_and_the_oldest_go(void)
{
	struct pkt_pool *pool = pkt_pool_new(LIMIT_WAITING_PACKETS + 1, 8);
	struct waiting waiting = {0};

	for (uint16_t seq = 0; seq < 3 * LIMIT_WAITING_PACKETS; seq++)
		push(&waiting, pool, seq, seq < LIMIT_WAITING_PACKETS);
	g_assert_cmpuint(waiting.count, ==, LIMIT_WAITING_PACKETS);
	g_assert_cmpuint(pkt_pool_used(pool), ==, LIMIT_WAITING_PACKETS);
	g_assert_cmpuint(waiting_first(&waiting)->seq, ==, 2 * LIMIT_WAITING_PACKETS);
	waiting_close(&waiting);
	g_assert_cmpuint(pkt_pool_used(pool), ==, 0);
	pkt_pool_free(pool);
}

static void grows_in_order(void)
{
	struct pkt_pool *pool = pkt_pool_new(LIMIT_WAITING_PACKETS, 8);
	struct waiting waiting = {0};
	uint16_t first = 0;

	/* Three come for each that goes, so the ring has turned whenever it grows. */
	for (uint16_t seq = 0; seq < LIMIT_WAITING_PACKETS; seq++) {
		push(&waiting, pool, seq, true);
		if (seq % 3 == 2) {
			g_assert_cmpuint(waiting_first(&waiting)->seq, ==, first++);
			waiting_pop(&waiting);
		}
	}
	for (; waiting.count > 0; waiting_pop(&waiting))
		g_assert_cmpuint(waiting_first(&waiting)->seq, ==, first++);
	g_assert_cmpuint(first, ==, LIMIT_WAITING_PACKETS);
	waiting_close(&waiting);
	pkt_pool_free(pool);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/waiting/order", gives_back_in_order);
	g_test_add_func("/waiting/whole", gives_what_was_pushed);
	g_test_add_func("/waiting/bounded", is_bounded_and_the_oldest_go);
	g_test_add_func("/waiting/grows", grows_in_order);
	return g_test_run();
}
