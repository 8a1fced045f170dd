/* SPDX-License-Identifier: EUPL-1.2 */
/* What one packet of sound costs: kept once per track, and built for one subscription as it came,
 * with two older payloads, and 60 ms with one older. Opus of 32 kbit/s, 80 bytes each 20 ms. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "media/codec/opus.h"
#include "media/stream/voiceout.h"

enum {
	ROUNDS = 11,
	PACKETS = 500000,
	PAYLOAD_BYTES = 80
};

struct bench {
	struct pkt_pool *pool;
	struct voice voice;
	struct voiceout out;
	struct rewrite rewrite;
	uint64_t bytes;
};

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* The packet as it comes off a socket, decrypted. */
static int64_t keep(struct bench *bench, uint32_t i)
{
	struct pkt *pkt = pkt_get(bench->pool);
	struct voice_news news;

	if (!pkt)
		abort();
	memset(pkt->data, (int)i, PAYLOAD_BYTES);
	pkt->data[0] = 0x78;				  /* hybrid, 20 ms, one frame */
	size_t len = PAYLOAD_BYTES - (i % 3 ? i % 5 : 0); /* never quite the same */
	struct voice_packet packet = {
		.pkt = pkt,
		.seq = (uint16_t)i,
		.timestamp = i * 960,
		.payload = pkt->data,
		.payload_len = len,
	};
	if (voice_input(&bench->voice, &packet, &news) || news.count != 1)
		abort();
	pkt_unref(pkt);
	return news.seq[0];
}

static void build(struct bench *bench, int64_t seq)
{
	static const struct voiceout_types types = {.pt = 111, .red_pt = 63};
	struct voiceout_payload payload;
	uint8_t bytes[1200];
	struct wr w = wr_init(bytes, sizeof(bytes));

	voiceout_input(&bench->out, 0, voice_get(&bench->voice, seq));
	while (voiceout_output(&bench->out, &bench->voice, &bench->rewrite, &types, &w, &payload)) {
		bench->bytes += wr_len(&w) + bytes[0];
		w = wr_init(bytes, sizeof(bytes));
	}
}

/* Per packet; policy NULL: kept only. */
static double measure(const struct voice_policy *policy)
{
	struct rewrite_in first = {.clock_hz = OPUS_CLOCK_HZ};
	struct bench bench = {.bytes = 0};

	bench.pool = pkt_pool_new(VOICE_WINDOW + 1, VOICE_WINDOW + 1);
	if (!bench.pool)
		abort();
	rewrite_init(&bench.rewrite, 1, 1);
	rewrite_switch(&bench.rewrite, &first);
	if (policy)
		voiceout_init(&bench.out, *policy);
	double start = now_ns();
	for (uint32_t i = 0; i < PACKETS; i++) {
		int64_t seq = keep(&bench, i);
		if (policy)
			build(&bench, seq);
	}
	double ns = (now_ns() - start) / PACKETS;
	if (policy && bench.bytes == 0)
		abort(); /* the work was done */
	voice_reset(&bench.voice);
	pkt_pool_free(bench.pool);
	return ns;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;
	return (x > y) - (x < y);
}

static double median(const struct voice_policy *policy)
{
	double ns[ROUNDS];

	for (int i = 0; i < ROUNDS; i++)
		ns[i] = measure(policy);
	qsort(ns, ROUNDS, sizeof(ns[0]), ascending);
	return ns[ROUNDS / 2];
}

int main(void)
{
	static const struct {
		const char *name;
		struct voice_policy policy;
	} rows[] = {
		{"plain", {1, 0}}, {"RED2", {1, 2}},	    {"40 ms", {2, 0}},
		{"60 ms", {3, 0}}, {"60 ms, RED1", {3, 1}}, {"60 ms, RED4", {3, 4}},
	};
	double kept = median(NULL);

	printf("voice kept: %.0f ns per packet\n", kept);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		printf("voice built, %s: %.0f ns per packet and subscription\n", rows[i].name,
		       median(&rows[i].policy) - kept);
	return 0;
}
