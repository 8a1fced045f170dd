/* SPDX-License-Identifier: EUPL-1.2 */
/* One received SSRC: loss and jitter for its reception report (RFC 3550 6.4.1, A.1, A.3, A.8). */
#ifndef VIDD_MEDIA_STREAM_RECV_H
#define VIDD_MEDIA_STREAM_RECV_H

#include <stdbool.h>
#include <stdint.h>

#include "media/wire/rtcp.h"

/* Zero state plus ssrc and clock_hz is ready. Visible for embedding. */
struct recv_stats {
	uint32_t ssrc;
	uint32_t clock_hz;
	bool started;
	bool has_bad_seq;
	uint16_t bad_seq; /* A.1: the number that would confirm a restart of the sender */
	int64_t first_seq;
	int64_t highest_seq; /* unwrapped */
	uint64_t received;
	uint64_t bytes;
	double jitter; /* timestamp units */
	uint32_t transit;
	int64_t prior_expected;
	uint64_t prior_received;
	uint64_t last_sr_ntp; /* 0: none; and when it came, for LSR and DLSR */
	int64_t last_sr_us;
};

void recv_packet(struct recv_stats *s, int64_t now_us, uint16_t seq, uint32_t timestamp,
		 size_t len);
void recv_sender_report(struct recv_stats *s, int64_t now_us, uint64_t ntp);
/* Fills one report block and starts the next interval. */
void recv_report(struct recv_stats *s, int64_t now_us, struct rtcp_report *out);

#endif
