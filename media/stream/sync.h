/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Lips in sync through the server. A publisher's sender reports tie RTP timestamps to its own
 * clock; we send reports of our own, in our clock, so a subscriber sees one clock whoever is in a
 * slot. sync_clock maps a publisher's NTP time into ours, once per publisher, for audio and video
 * alike (a wrong offset then shifts both equally); sync_report maps a stream's timestamps.
 */
#ifndef VIDD_MEDIA_STREAM_SYNC_H
#define VIDD_MEDIA_STREAM_SYNC_H

#include <stdbool.h>
#include <stdint.h>

/* One per publishing transport. Zero state is ready. */
struct sync_clock {
	bool started;
	int64_t offset_us;   /* ours = theirs + offset: follows smallest_us slowly, so that reports
				sent a little apart agree */
	int64_t smallest_us; /* the smallest seen, let grow 200 ppm for drift */
	int64_t updated_us;
};

/* One per encoding. Zero state: no report yet. */
struct sync_report {
	bool started;
	int64_t ntp_us; /* publisher's clock */
	uint32_t timestamp;
};

void sync_sender_report(struct sync_clock *clock, struct sync_report *report, int64_t now_us,
			uint64_t ntp, uint32_t timestamp);
/* The source's RTP timestamp that belongs to our time now_us. Without a report yet: extrapolated
 * from the last packet (its timestamp and arrival). */
uint32_t sync_timestamp_at(const struct sync_clock *clock, const struct sync_report *report,
			   int64_t now_us, uint32_t clock_hz, uint32_t last_timestamp,
			   int64_t last_arrival_us);

/* Our time at which the packet with this timestamp was captured, as if it had come over the path at
 * its fastest; last_arrival_us when no report tells or the two are more than 1 s apart. Feeding it
 * to rewrite_in.arrival_us keeps one line of timestamps in our clock across switches. */
int64_t sync_capture_us(const struct sync_clock *clock, const struct sync_report *report,
			uint32_t timestamp, uint32_t clock_hz, int64_t last_arrival_us);

#endif
