/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "media/route/egress.h"
#include "media/stream/rtx.h"
#include "media/wire/red.h"

/* A received packet and what a subscriber's copy of it is to be. The publisher's ids count from 1
 * in the order of enum rtp_ext, the subscriber's from 31 downwards. */
static struct pkt_pool *pool;
static struct pkt *in_pkt;
static struct pkt *out_pkt;
static struct rtp_ext_map in_exts;
static struct rtp_ext_map out_exts;
static struct mline_params source;
static struct codec_params target;
static struct packet packet;
static struct egress how;
static struct rewrite_out numbers;

static void check_bytes(const void *data, size_t len, const void *expected, size_t expected_len)
{
	g_assert_cmpuint(len, ==, expected_len);
	g_assert_cmpint(memcmp(data, expected, len), ==, 0);
}

static void set_up(enum codec_id codec)
{
	memset(&source, 0, sizeof(source));
	memset(&in_exts, 0, sizeof(in_exts));
	memset(&out_exts, 0, sizeof(out_exts));
	for (int ext = 0; ext < RTP_EXT_COUNT; ext++) {
		g_assert_cmpint(rtp_ext_map_set(&in_exts, (enum rtp_ext)ext, (uint8_t)(ext + 1)),
				==, 0);
		g_assert_cmpint(rtp_ext_map_set(&out_exts, (enum rtp_ext)ext, (uint8_t)(31 - ext)),
				==, 0);
	}
	source.codec[0] =
		(struct codec_params){.codec = codec, .pt = 96, .rtx_pt = 97, .red_pt = 63};
	source.codec_count = 1;
	target = (struct codec_params){.codec = codec, .pt = 120, .rtx_pt = 121, .red_pt = 122};
	how = (struct egress){.codec = &target,
			      .exts = &out_exts,
			      .mid = "v1",
			      .ssrc = 777,
			      .transport_seq = 0x7701};
	numbers = (struct rewrite_out){.seq = 5000, .timestamp = 123456, .frame_number = 0x4321};
	numbers.numbers = (struct codec_numbers){.picture_id = 0x1234, .tl0picidx = 9};
}

static void receive(uint8_t pt, const struct rtp_exts *exts, const uint8_t *payload, size_t len)
{
	struct rtp_header header = {.marker = true, .pt = pt, .seq = 1, .timestamp = 2, .ssrc = 3};
	struct wr w = wr_init(in_pkt->data, in_pkt->room);

	rtp_write(&w, &header, exts, &in_exts);
	wr_bytes(&w, payload, len);
	g_assert_true(wr_ok(&w));
	in_pkt->len = (uint16_t)wr_len(&w);
	g_assert_cmpint(packet_parse(&packet, in_pkt, &in_exts), ==, 0);
	g_assert_cmpint(packet_set_codec(&packet, &source), ==, 0);
	g_assert_cmpint(packet_inspect(&packet), ==, 0);
	packet_read_frame_number(&packet);
}

/* Writes the copy and reads it as its subscriber would. */
static struct rtp_header copy(struct rtp_exts *exts)
{
	struct rtp_header header;

	g_assert_cmpint(egress_write(out_pkt, 64500000, &packet, &numbers, &how), ==, 0);
	g_assert_cmpint(rtp_parse(&header, out_pkt->data, out_pkt->len), ==, 0);
	g_assert_cmpint(rtp_exts_parse(exts, &header, &out_exts), ==, 0);
	return header;
}

static struct rtp_ext_value value(const void *data, size_t len)
{
	return (struct rtp_ext_value){data, (uint8_t)len};
}

static void header_and_extensions_are_the_subscribers(void)
{
	static const uint8_t vp8[] = {0x90, 0xc0, 0x80, 0x05, 0x77, 0x10, 0, 0};
	struct rtp_exts exts = {0};
	struct rtp_header header;

	set_up(CODEC_VP8);
	exts.value[RTP_EXT_MID] = value("1", 1);
	exts.value[RTP_EXT_RID] = value("h", 1);
	exts.value[RTP_EXT_TRANSPORT_SEQ] = value("\x01\x02", 2);
	exts.value[RTP_EXT_ABS_SEND_TIME] = value("\xff\xff\xff", 3);
	exts.value[RTP_EXT_VIDEO_ORIENTATION] = value("\x01", 1);
	exts.value[RTP_EXT_PLAYOUT_DELAY] = value("\x00\x10\x20", 3);
	exts.value[RTP_EXT_DEPENDENCY_DESCRIPTOR] = value("\x80\x00\x07\x55", 4);
	receive(96, &exts, vp8, sizeof(vp8));
	header = copy(&exts);
	g_assert_true(header.marker);
	g_assert_cmpuint(header.pt, ==, 120);
	g_assert_cmpuint(header.seq, ==, 5000);
	g_assert_cmpuint(header.timestamp, ==, 123456);
	g_assert_cmpuint(header.ssrc, ==, 777);
	check_bytes(exts.value[RTP_EXT_MID].data, exts.value[RTP_EXT_MID].len, "v1", 2);
	g_assert_null(exts.value[RTP_EXT_RID].data);
	check_bytes(exts.value[RTP_EXT_TRANSPORT_SEQ].data, 2, "\x77\x01", 2);
	/* 64.5 s in 6.18 fixed point, which wraps at 64: half a second. */
	check_bytes(exts.value[RTP_EXT_ABS_SEND_TIME].data, 3, "\x02\x00\x00", 3);
	check_bytes(exts.value[RTP_EXT_VIDEO_ORIENTATION].data, 1, "\x01", 1);
	check_bytes(exts.value[RTP_EXT_PLAYOUT_DELAY].data, 3, "\x00\x10\x20", 3);
	check_bytes(exts.value[RTP_EXT_DEPENDENCY_DESCRIPTOR].data, 4, "\x80\x43\x21\x55", 4);
	/* The descriptor's number as the slot counts; the source's packet is untouched. */
	check_bytes(header.payload + 2, 3, "\x92\x34\x09", 3);
	check_bytes(packet.header.payload, sizeof(vp8), vp8, sizeof(vp8));
	how.mid = NULL;
	copy(&exts);
	g_assert_null(exts.value[RTP_EXT_MID].data);
}

static void retransmission_carries_its_number(void)
{
	static const uint8_t vp8[] = {0x90, 0xc0, 0x80, 0x05, 0x77, 0x10, 0, 0};
	struct rtp_exts exts = {0};
	struct rtp_header header;
	const uint8_t *payload;
	uint16_t osn;
	size_t len;

	set_up(CODEC_VP8);
	receive(96, &exts, vp8, sizeof(vp8));
	how.is_rtx = true;
	how.rtx_seq = 42;
	header = copy(&exts);
	g_assert_cmpuint(header.pt, ==, 121);
	g_assert_cmpuint(header.seq, ==, 42);
	g_assert_cmpint(rtx_parse(&header, &osn, &payload, &len), ==, 0);
	g_assert_cmpuint(osn, ==, 5000);
	g_assert_cmpuint(len, ==, sizeof(vp8));
	check_bytes(payload + 2, 3, "\x92\x34\x09", 3);
}

static const uint8_t red_in[] = {0x80 | 96, 0x0f, 0x00, 0x03, 0x80 | 96, 0x07, 0x80, 0x02,
				 96,	    'a',  'b',	'c',  'd',	 'e',  'f',  'g'};

static void red_is_renumbered(void)
{
	struct red_payload red;
	struct rtp_exts exts = {0};
	struct rtp_header header;

	set_up(CODEC_OPUS);
	receive(63, &exts, red_in, sizeof(red_in));
	header = copy(&exts);
	g_assert_cmpuint(header.pt, ==, 122);
	g_assert_cmpint(red_parse(&red, header.payload, header.payload_len), ==, 0);
	g_assert_cmpuint(red.count, ==, 3);
	for (size_t i = 0; i < 3; i++)
		g_assert_cmpuint(red.block[i].pt, ==, 120);
	check_bytes(red.block[0].data, red.block[0].len, "abc", 3);
	check_bytes(red.block[2].data, red.block[2].len, "fg", 2);
	g_assert_cmpuint(red.block[0].ts_offset, ==, 960);
}

static void red_is_taken_off(void)
{
	struct rtp_exts exts = {0};
	struct rtp_header header;

	set_up(CODEC_OPUS);
	target.red_pt = 0;
	receive(63, &exts, red_in, sizeof(red_in));
	header = copy(&exts);
	g_assert_cmpuint(header.pt, ==, 120);
	check_bytes(header.payload, header.payload_len, "fg", 2);
	/* Cut short, it is no RED. */
	receive(63, &exts, red_in, 7);
	g_assert_cmpint(egress_write(out_pkt, 0, &packet, &numbers, &how), ==, -EBADMSG);
}

static uint8_t picture[1500] = {0x10, 0x10, 3};
static struct egress_even even;

/* The length of a copy of a picture's packet, which reads as it was. */
static uint16_t padded(uint32_t timestamp, size_t payload_len)
{
	struct rtp_exts exts = {0};
	struct rtp_header header;

	numbers.timestamp = timestamp;
	receive(96, &exts, picture, payload_len);
	header = copy(&exts);
	check_bytes(header.payload, header.payload_len, picture, payload_len);
	return out_pkt->len;
}

static void set_up_even(enum codec_id codec)
{
	set_up(codec);
	memset(&even, 0, sizeof(even));
	how.even = &even;
}

/* As libwebrtc splits frames: the longer packets last. */
static void a_frames_packets_are_padded_to_one_length(void)
{
	struct rtp_exts exts = {0};
	uint16_t len;

	set_up_even(CODEC_VP8);
	len = padded(1, 1000);
	for (size_t i = 0; i < 3; i++)
		g_assert_cmpuint(padded(1, i < 1 ? 1000 : 1001), ==, len);
	len = padded(2, 1100); /* not to what another frame had */
	g_assert_cmpuint(padded(2, 1100), ==, len);
	g_assert_cmpuint(len, <, padded(3, 1101));
	how.is_rtx = true;
	(void)copy(&exts);
	g_assert_cmpuint(out_pkt->data[0] & 0x20, ==, 0);
}

/* Two bytes at most, whatever the first was. */
static void who_splits_otherwise_pays_little(void)
{
	uint16_t bare;

	set_up_even(CODEC_VP8);
	how.even = NULL;
	bare = (uint16_t)(padded(1, 1000) - 1000);
	how.even = &even;
	g_assert_cmpuint(padded(2, 900), <=, bare + 902);
	for (size_t i = 0; i < 4; i++)
		g_assert_cmpuint(padded(2, 1003 - i % 2), <=, bare + 1004);
	g_assert_cmpuint(padded(2, 850), <=, bare + 851); /* the last one, much shorter */
	g_assert_cmpuint(padded(2, 400), ==, bare + 400);
}

static void sound_is_not_padded(void)
{
	struct rtp_exts exts = {0};

	set_up_even(CODEC_OPUS);
	receive(96, &exts, picture, 1000);
	(void)copy(&exts);
	g_assert_cmpuint(out_pkt->data[0] & 0x20, ==, 0);
}

/* Full packets have no room for it and go all the same. */
static void a_full_packet_stays_as_it_is(void)
{
	struct rtp_exts exts = {0};

	for (size_t payload_len = 1380; payload_len <= 1470; payload_len++) {
		set_up_even(CODEC_VP8);
		receive(96, &exts, picture, payload_len);
		how.even = NULL;
		if (egress_write(out_pkt, 0, &packet, &numbers, &how))
			return;
		how.even = &even;
		g_assert_cmpint(egress_write(out_pkt, 0, &packet, &numbers, &how), ==, 0);
	}
	g_assert_not_reached(); /* the largest cannot go at all */
}

static void what_would_grow_too_large_is_refused(void)
{
	static uint8_t vp8[1470] = {0x10, 0x10};
	struct rtp_exts exts = {0};

	set_up(CODEC_VP8);
	receive(96, &exts, vp8, 1400);
	g_assert_cmpint(egress_write(out_pkt, 0, &packet, &numbers, &how), ==, 0);
	receive(96, &exts, vp8, 1470);
	g_assert_cmpint(egress_write(out_pkt, 0, &packet, &numbers, &how), ==, -EBADMSG);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	pool = pkt_pool_new(2, 2);
	in_pkt = pkt_get(pool);
	out_pkt = pkt_get(pool);
	g_test_add_func("/egress/a-frames-packets-are-padded-to-one-length",
			a_frames_packets_are_padded_to_one_length);
	g_test_add_func("/egress/who-splits-otherwise-pays-little",
			who_splits_otherwise_pays_little);
	g_test_add_func("/egress/sound-is-not-padded", sound_is_not_padded);
	g_test_add_func("/egress/a-full-packet-stays-as-it-is", a_full_packet_stays_as_it_is);
	g_test_add_func("/egress/header-and-extensions-are-the-subscribers",
			header_and_extensions_are_the_subscribers);
	g_test_add_func("/egress/retransmission-carries-its-number",
			retransmission_carries_its_number);
	g_test_add_func("/egress/red-is-renumbered", red_is_renumbered);
	g_test_add_func("/egress/red-is-taken-off", red_is_taken_off);
	g_test_add_func("/egress/what-would-grow-too-large-is-refused",
			what_would_grow_too_large_is_refused);
	int failed = g_test_run();
	pkt_unref(in_pkt);
	pkt_unref(out_pkt);
	pkt_pool_free(pool);
	return failed;
}
