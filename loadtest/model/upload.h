/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * How fast a browser sends on a thin uplink: a much simplified stand-in for libwebrtc's congestion
 * control (adaptation.md 2.1). Starts at 300 kbit/s, grows 8 % a second (doubles in the
 * first five, for GCC's probes), falls to 0.85 of what
 * arrives when delay grows or stands, follows REMB, gives way to heavy loss by the old rule. It is
 * there so that feedback, caps and requests of the server have somebody to act on; no figure of it
 * is a figure of ours, nor of a real browser.
 */
#ifndef VIDD_LOADTEST_MODEL_UPLOAD_H
#define VIDD_LOADTEST_MODEL_UPLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/wire/twcc.h"

#define UPLOAD_SENT	 2048 /* a power of two */
#define UPLOAD_BASES	 10
#define UPLOAD_START_BPS 300000

/* Visible for embedding. */
struct upload {
	double estimate_bps;
	double remb_bps; /* 0: none heard */
	double acked_bps;
	struct upload_sent {
		uint16_t seq;
		uint16_t bytes;
		int64_t sent_us; /* 0: empty or told already */
	} sent[UPLOAD_SENT];
	int64_t base_us[UPLOAD_BASES]; /* least delay of each second */
	int64_t base_at_us;
	int64_t queue_us; /* of the last feedback */
	int64_t began_us;
	int64_t cut_us; /* 0: never */
	int64_t grown_us;
	int64_t heard_us;
	int64_t window_us; /* of the acked rate */
	int64_t window_bytes;
	uint32_t window_lost;
	uint32_t window_count;
};

void upload_init(struct upload *upload, int64_t now_us);
/* bytes: of the IP packet. */
void upload_sent(struct upload *upload, int64_t now_us, uint16_t seq, uint16_t bytes);
void upload_feedback(struct upload *upload, int64_t now_us, const struct twcc_feedback *feedback);
void upload_remb(struct upload *upload, uint64_t bps);
/* What may be sent now, headers included. To be asked regularly: silence counts. */
uint32_t upload_bps(struct upload *upload, int64_t now_us);

#endif
