/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * For peers without transport-wide feedback: the rate from what REMB says and reports lose. Plain:
 * up by 5 % a second below 2 % loss, down by half the loss above 10 %, never above REMB (a receiver
 * that measures the delay itself). Pure; embed it.
 */
#ifndef VIDD_MEDIA_RATE_AIMD_H
#define VIDD_MEDIA_RATE_AIMD_H

#include <stdint.h>

struct aimd {
	uint64_t remb_bps; /* 0: none, or too old */
	int64_t remb_us;
	int64_t grown_us;
	int64_t cut_us;
};

/* Both return the new target, not yet bounded. */
uint64_t aimd_remb(struct aimd *a, int64_t now_us, uint64_t target_bps, uint64_t remb_bps);
/* fraction_lost of 256 (RFC 3550 6.4.1). sent_bps bounds growth: what was not sent proves nothing.
 */
uint64_t aimd_report(struct aimd *a, int64_t now_us, uint64_t target_bps, uint8_t fraction_lost,
		     uint64_t sent_bps);

#endif
