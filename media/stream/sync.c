/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/stream/sync.h"

#include "media/wire/rtcp.h"

/*
 * How fast the smallest offset is let grow: a quartz is good to 100 ppm, and the growth must win
 * over the drift of both clocks. What it adds between two undelayed reports is far below a frame.
 */
#define DRIFT_PPM 200
/* The offset in use follows at 1 ms/s and at most 1 ms per report, so that an audio and a video
 * report sent between two updates or on either side of one agree to it. */
#define FOLLOW_PPM	   1000
#define FOLLOW_MAX_US	   1000
#define JUMP_US		   100000 /* farther off than this it is set anew */
#define CAPTURE_MAX_OFF_US 1000000

/* x * rate / 1000000 without overflow for every NTP time. */
static int64_t scale(int64_t us, int64_t rate)
{
	return us / 1000000 * rate + us % 1000000 * rate / 1000000;
}

static int64_t clamp(int64_t v, int64_t max)
{
	if (v > max)
		return max;
	return v < -max ? -max : v;
}

static void update_offset(struct sync_clock *clock, int64_t now_us, int64_t sample_us)
{
	int64_t elapsed = now_us - clock->updated_us;

	if (!clock->started) {
		*clock = (struct sync_clock){
			.started = true,
			.offset_us = sample_us,
			.smallest_us = sample_us,
			.updated_us = now_us,
		};
		return;
	}
	if (elapsed < 0)
		return;
	clock->smallest_us += scale(elapsed, DRIFT_PPM);
	if (sample_us < clock->smallest_us)
		clock->smallest_us = sample_us;
	int64_t off = clock->smallest_us - clock->offset_us;
	if (off != clamp(off, JUMP_US)) {
		clock->offset_us = clock->smallest_us;
	} else {
		int64_t step = scale(elapsed, FOLLOW_PPM);
		clock->offset_us += clamp(off, step < FOLLOW_MAX_US ? step : FOLLOW_MAX_US);
	}
	clock->updated_us = now_us;
}

void sync_sender_report(struct sync_clock *clock, struct sync_report *report, int64_t now_us,
			uint64_t ntp, uint32_t timestamp)
{
	/* RFC 3550 6.4.1: zero when the sender has no wallclock. */
	if (ntp == 0)
		return;
	int64_t theirs = rtcp_us_from_ntp(ntp);
	update_offset(clock, now_us, now_us - theirs);
	*report = (struct sync_report){
		.started = true,
		.ntp_us = theirs,
		.timestamp = timestamp,
	};
}

uint32_t sync_timestamp_at(const struct sync_clock *clock, const struct sync_report *report,
			   int64_t now_us, uint32_t clock_hz, uint32_t last_timestamp,
			   int64_t last_arrival_us)
{
	if (!clock->started || !report->started)
		return last_timestamp + (uint32_t)scale(now_us - last_arrival_us, clock_hz);
	int64_t theirs = now_us - clock->offset_us;
	return report->timestamp + (uint32_t)scale(theirs - report->ntp_us, clock_hz);
}

int64_t sync_capture_us(const struct sync_clock *clock, const struct sync_report *report,
			uint32_t timestamp, uint32_t clock_hz, int64_t last_arrival_us)
{
	if (!clock->started || !report->started || clock_hz == 0)
		return last_arrival_us;
	int64_t ticks = (int32_t)(timestamp - report->timestamp);
	int64_t capture = report->ntp_us + ticks * 1000000 / clock_hz + clock->offset_us;
	int64_t off = capture - last_arrival_us;
	return off == clamp(off, CAPTURE_MAX_OFF_US) ? capture : last_arrival_us;
}
