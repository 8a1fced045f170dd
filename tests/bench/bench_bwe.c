/* SPDX-License-Identifier: EUPL-1.2 */
/* What rate control costs per packet sent and told of: 2.5 Mbit/s of packets of 1200 bytes,
 * feedback each 100 ms, on a link with a little jitter. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "media/rate/bwe.h"

enum {
	ROUNDS = 11,
	FEEDBACKS = 2000,
	PACKETS = 26, /* in 100 ms */
};

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static double round_ns(void)
{
	static struct twcc_feedback feedback;
	struct bwe_config config = {.min_bps = 30000, .max_bps = 3000000, .packet_overhead = 28};
	struct bwe *bwe;
	int64_t now_us = 1000000;
	uint16_t seq = 0;

	if (bwe_new(&bwe, now_us, &config) != 0)
		abort();
	double start = now_ns();
	for (int i = 0; i < FEEDBACKS; i++, now_us += 100000) {
		feedback.base_seq = seq;
		feedback.count = PACKETS;
		for (int k = 0; k < PACKETS; k++, seq++) {
			struct bwe_packet packet = {
				.transport_seq = seq, .bytes = 1172, .class = BWE_VIDEO};
			bwe_sent(bwe, now_us + k * 3800, &packet);
			feedback.arrival_us[k] = now_us + k * 3800 + 30000 + (k * 7919 & 2047);
		}
		bwe_feedback(bwe, now_us + 140000, &feedback);
	}
	double spent = now_ns() - start;
	bwe_free(bwe);
	return spent / (FEEDBACKS * PACKETS);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return (x > y) - (x < y);
}

int main(void)
{
	double ns[ROUNDS];

	for (int i = 0; i < ROUNDS; i++)
		ns[i] = round_ns();
	qsort(ns, ROUNDS, sizeof(ns[0]), by_value);
	printf("bwe: %.0f ns per packet sent and told of (median of %d rounds, best %.0f)\n",
	       ns[ROUNDS / 2], ROUNDS, ns[0]);
	return 0;
}
