/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/rate/feedback_interval.h"

enum {
	/* One report of a thin uplink: 24 bytes of RTCP, 20 of SRTCP, 28 of IP, and the rest. */
	ASSUMED_BYTES = 84,
	SHARE_PERCENT = 5, /* as libwebrtc */
	THIN_BPS = 100000,
	THIN_US = 200000,
	/* From here down the longest interval. */
	THINNEST_BPS = 64000,
};

/* 200 ms at 100 kbit/s, 250 ms at 64 kbit/s and below. */
static int64_t thin_interval_us(uint32_t bps)
{
	if (bps <= THINNEST_BPS)
		return FEEDBACK_INTERVAL_MAX_US;
	return THIN_US + (int64_t)(FEEDBACK_INTERVAL_MAX_US - THIN_US) * (THIN_BPS - bps) /
				 (THIN_BPS - THINNEST_BPS);
}

int64_t feedback_interval_us(const struct feedback_interval_in *in)
{
	int64_t interval = in->is_unstable ? FEEDBACK_INTERVAL_MIN_US : FEEDBACK_INTERVAL_US;
	int64_t bits = 8 * (in->report_bytes ? in->report_bytes : ASSUMED_BYTES);
	int64_t affordable;

	if (in->reverse_bps == 0)
		return interval;
	if (in->reverse_bps < THIN_BPS)
		return thin_interval_us(in->reverse_bps);
	affordable = bits * 1000000 * 100 / SHARE_PERCENT / in->reverse_bps;
	if (affordable > interval)
		interval = affordable;
	return interval < FEEDBACK_INTERVAL_MAX_US ? interval : FEEDBACK_INTERVAL_MAX_US;
}
