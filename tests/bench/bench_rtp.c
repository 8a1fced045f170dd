/* SPDX-License-Identifier: EUPL-1.2 */
/* What one forwarded packet costs in headers: parse a video packet of 1200 bytes with the
 * extensions Chromium sends, sort them, and write it anew for a receiver with other ids. The packet
 * changes from one to the next, so that nothing is computed once for all. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "media/base/bytes.h"
#include "media/wire/rtp.h"

enum {
	ROUNDS = 11,
	PACKETS = 1000000,
	PACKET_BYTES = 1200
};

struct cost {
	double parse_ns;
	double forward_ns;
};

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void negotiate(struct rtp_ext_map *in, struct rtp_ext_map *out)
{
	static const enum rtp_ext used[] = {RTP_EXT_ABS_SEND_TIME, RTP_EXT_TRANSPORT_SEQ,
					    RTP_EXT_MID, RTP_EXT_RID,
					    RTP_EXT_DEPENDENCY_DESCRIPTOR};

	for (size_t i = 0; i < sizeof(used) / sizeof(used[0]); i++) {
		if (rtp_ext_map_set(in, used[i], (uint8_t)(2 + i)) < 0 ||
		    rtp_ext_map_set(out, used[i], (uint8_t)(9 - i)) < 0)
			abort();
	}
}

/* A packet as the publisher sends it. */
static size_t make_packet(uint8_t *buf, const struct rtp_ext_map *map)
{
	static const uint8_t bytes[16] = {1, 2, 3};
	struct rtp_header header = {.pt = 96, .ssrc = 0x12345678};
	struct rtp_exts exts = {0};
	struct wr w = wr_init(buf, PACKET_BYTES);

	exts.value[RTP_EXT_ABS_SEND_TIME] = (struct rtp_ext_value){bytes, 3};
	exts.value[RTP_EXT_TRANSPORT_SEQ] = (struct rtp_ext_value){bytes, 2};
	exts.value[RTP_EXT_MID] = (struct rtp_ext_value){bytes, 1};
	exts.value[RTP_EXT_RID] = (struct rtp_ext_value){bytes, 1};
	exts.value[RTP_EXT_DEPENDENCY_DESCRIPTOR] = (struct rtp_ext_value){bytes, 3};
	rtp_write(&w, &header, &exts, map);
	wr_zero(&w, wr_left(&w));
	return wr_len(&w);
}

static struct cost measure(uint8_t *in, const struct rtp_ext_map *in_map,
			   const struct rtp_ext_map *out_map)
{
	uint8_t out[1500];
	uint64_t sum = 0;
	struct rtp_header header;
	struct rtp_exts exts;
	struct cost cost;

	double start = now_ns();
	for (uint32_t i = 0; i < PACKETS; i++) {
		in[3] = (uint8_t)i;
		if (rtp_parse(&header, in, PACKET_BYTES) < 0 ||
		    rtp_exts_parse(&exts, &header, in_map) < 0)
			abort();
		sum += header.seq + exts.value[RTP_EXT_MID].len;
	}
	double middle = now_ns();
	for (uint32_t i = 0; i < PACKETS; i++) {
		struct wr w = wr_init(out, sizeof(out));
		in[3] = (uint8_t)i;
		if (rtp_parse(&header, in, PACKET_BYTES) < 0 ||
		    rtp_exts_parse(&exts, &header, in_map) < 0)
			abort();
		exts.value[RTP_EXT_RID].data = NULL;
		rtp_write(&w, &header, &exts, out_map);
		wr_bytes(&w, header.payload, header.payload_len);
		sum += wr_len(&w) + out[3];
	}
	double end = now_ns();
	cost.parse_ns = (middle - start) / PACKETS;
	cost.forward_ns = (end - middle) / PACKETS;
	if (sum == 0)
		abort(); /* the work was done */
	return cost;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;
	return (x > y) - (x < y);
}

int main(void)
{
	struct rtp_ext_map in_map = {0};
	struct rtp_ext_map out_map = {0};
	double parse[ROUNDS];
	double forward[ROUNDS];
	uint8_t packet[PACKET_BYTES];

	negotiate(&in_map, &out_map);
	if (make_packet(packet, &in_map) != PACKET_BYTES)
		return 1;
	for (int i = 0; i < ROUNDS; i++) {
		struct cost cost = measure(packet, &in_map, &out_map);
		parse[i] = cost.parse_ns;
		forward[i] = cost.forward_ns;
	}
	qsort(parse, ROUNDS, sizeof(parse[0]), ascending);
	qsort(forward, ROUNDS, sizeof(forward[0]), ascending);
	printf("rtp parse: %.0f ns per packet\n", parse[ROUNDS / 2]);
	printf("rtp parse and write anew, 1200 bytes: %.0f ns per packet\n", forward[ROUNDS / 2]);
	return 0;
}
