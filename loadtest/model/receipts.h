/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Transport-wide feedback as a browser gives it: what came when, told about every 50 to 250 ms so
 * that it takes 5 % of the rate (docs/adaptation.md 1), or at a fixed interval. Pure; a model of
 * the peer and so apart from media/rate/arrival.
 */
#ifndef VIDD_LOADTEST_MODEL_RECEIPTS_H
#define VIDD_LOADTEST_MODEL_RECEIPTS_H

#include <stdbool.h>
#include <stdint.h>

#include "media/wire/twcc.h"

#define RECEIPTS_KEPT 2048 /* a power of two */

/* Visible for embedding; zero state plus interval_us is ready. */
struct receipts {
	int64_t interval_us; /* fixed; 0: by the rate */
	struct receipts_item {
		int64_t number;
		int64_t arrival_us;
	} item[RECEIPTS_KEPT];
	int64_t newest; /* 0: none yet */
	int64_t next;	/* number that the next report begins with */
	bool has_news;
	int64_t due_us;
	uint8_t count;
};

void receipts_packet(struct receipts *receipts, int64_t now_us, uint16_t seq);
/* INT64_MAX: nothing to tell. */
int64_t receipts_deadline_us(const struct receipts *receipts);
/* Appends reports when they are due. rate_bps: what the browser believes it may send. */
void receipts_write(struct receipts *receipts, int64_t now_us, uint32_t rate_bps, struct wr *w,
		    uint32_t sender_ssrc);

#endif
