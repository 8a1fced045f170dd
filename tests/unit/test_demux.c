/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>
#include <stdbool.h>
#include <string.h>

#include "media/wire/demux.h"

/* RFC 7983 figure 3, every border of it. */
static void first_byte_names_the_protocol(void)
{
	static const struct {
		uint8_t from;
		uint8_t to;
		enum demux_kind kind;
	} ranges[] = {
		{0, 3, DEMUX_STUN},    {4, 19, DEMUX_DROP},   {20, 63, DEMUX_DTLS},
		{64, 127, DEMUX_DROP}, {128, 191, DEMUX_RTP}, {192, 255, DEMUX_DROP},
	};
	uint8_t buf[100] = {0};

	for (size_t i = 0; i < G_N_ELEMENTS(ranges); i++) {
		for (unsigned b = ranges[i].from; b <= ranges[i].to; b++) {
			buf[0] = (uint8_t)b;
			g_assert_cmpint(demux_classify(buf, sizeof(buf)), ==, ranges[i].kind);
		}
	}
}

/* RFC 5761 4. */
static void second_byte_tells_rtcp_from_rtp(void)
{
	uint8_t buf[100] = {0x80};

	for (unsigned b = 0; b < 256; b++) {
		bool is_rtcp = b >= 192 && b <= 223;

		buf[1] = (uint8_t)b;
		g_assert_cmpint(demux_classify(buf, sizeof(buf)), ==,
				is_rtcp ? DEMUX_RTCP : DEMUX_RTP);
	}
}

static void shorter_than_its_header_is_dropped(void)
{
	static const struct {
		uint8_t first;
		uint8_t second;
		uint8_t least;
		enum demux_kind kind;
	} steps[] = {
		{0, 1, 20, DEMUX_STUN},
		{22, 254, 13, DEMUX_DTLS},
		{128, 96, 12, DEMUX_RTP},
		{128, 200, 8, DEMUX_RTCP},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		for (size_t len = 0; len < 24; len++) {
			/* Of this very length, so that a sanitizer sees a read too far. */
			uint8_t *buf = g_malloc0(len);
			if (len > 1) {
				buf[0] = steps[i].first;
				buf[1] = steps[i].second;
			}
			g_assert_cmpint(demux_classify(buf, len), ==,
					len < steps[i].least ? DEMUX_DROP : steps[i].kind);
			g_free(buf);
		}
	}
	g_assert_cmpint(demux_classify(NULL, 0), ==, DEMUX_DROP);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/demux/first_byte_names_the_protocol", first_byte_names_the_protocol);
	g_test_add_func("/demux/second_byte_tells_rtcp_from_rtp", second_byte_tells_rtcp_from_rtp);
	g_test_add_func("/demux/shorter_than_its_header_is_dropped",
			shorter_than_its_header_is_dropped);
	return g_test_run();
}
