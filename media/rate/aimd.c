/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/rate/aimd.h"

#define REMB_VALID_US 10000000 /* libwebrtc sends one a second; ten are missing */
#define GROW_PERCENT  5	       /* a second */
#define LOSS_LOW      5	       /* of 256: 2 % */
#define LOSS_HIGH     26       /* of 256: 10 % */
#define CUT_APART_US  1000000

uint64_t aimd_remb(struct aimd *a, int64_t now_us, uint64_t target_bps, uint64_t remb_bps)
{
	a->remb_bps = remb_bps;
	a->remb_us = now_us;
	/* The receiver measures the delay of what comes: its word is followed both ways, upwards
	 * by steps, for it has seen no more than was sent. */
	if (remb_bps <= target_bps)
		return remb_bps;
	return target_bps + target_bps / 2 < remb_bps ? target_bps + target_bps / 2 : remb_bps;
}

uint64_t aimd_report(struct aimd *a, int64_t now_us, uint64_t target_bps, uint8_t fraction_lost,
		     uint64_t sent_bps)
{
	if (fraction_lost > LOSS_HIGH) {
		if (now_us - a->cut_us < CUT_APART_US && a->cut_us != 0)
			return target_bps;
		a->cut_us = now_us;
		a->grown_us = now_us;
		return target_bps * (512 - fraction_lost) / 512;
	}
	int64_t dt_us = a->grown_us == 0 ? 0 : now_us - a->grown_us;
	a->grown_us = now_us;
	if (fraction_lost > LOSS_LOW || dt_us <= 0)
		return target_bps;
	dt_us = dt_us > 5000000 ? 5000000 : dt_us;
	uint64_t grown = target_bps + target_bps * GROW_PERCENT / 100 * (uint64_t)dt_us / 1000000;
	if (grown > sent_bps + sent_bps / 2)
		grown = target_bps;
	if (a->remb_bps != 0 && now_us - a->remb_us < REMB_VALID_US && grown > a->remb_bps)
		grown = a->remb_bps > target_bps ? a->remb_bps : target_bps;
	return grown;
}
