/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Arrival times of a publisher's packets by transport-wide sequence number, and the feedback packet
 * due from them: every 100 ms unless told another interval (at least 10 ms apart, at once when 400
 * numbers wait). One per transport.
 */
#ifndef VIDD_MEDIA_RATE_ARRIVAL_H
#define VIDD_MEDIA_RATE_ARRIVAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/base/bytes.h"
#include "media/base/limits.h"
#include "media/base/seq.h"

#define ARRIVAL_WINDOW LIMIT_ARRIVALS

/* Zero state is ready. Visible for embedding. */
struct arrival {
	bool started;
	struct seq_unwrap unwrap;
	int64_t next_seq; /* first number not reported yet */
	int64_t highest_seq;
	int64_t burst_end; /* what the feedback round under way reports up to */
	int64_t last_sent_us;
	int64_t interval_us;   /* 0: 100 ms */
	uint32_t round_bytes;  /* RTCP bytes of the round under way */
	uint16_t report_bytes; /* of a round, smoothed */
	uint8_t feedback_count;
	/* A ring, by number: a power of two, doubled while it would lose what is younger than half
	 * a second or was not reported, to ARRIVAL_WINDOW. */
	int64_t *arrival_us;
	int64_t window;
};

/* Back to the zero state. */
void arrival_close(struct arrival *a);

/* Without memory for the first of them there is no feedback. */
void arrival_packet(struct arrival *a, int64_t now_us, uint16_t transport_seq);
/* Appends one feedback packet when one is due. Returns true when it did; call again until false. */
bool arrival_feedback(struct arrival *a, int64_t now_us, uint32_t sender_ssrc, uint32_t media_ssrc,
		      struct wr *w);
int64_t arrival_deadline_us(const struct arrival *a);
/* From now on, see feedback_interval.h; brought into 50 to 250 ms. */
void arrival_set_interval(struct arrival *a, int64_t interval_us);
/* What one round of feedback takes on the wire, with that many IP and UDP bytes and SRTCP's 20 for
 * each packet of it; 0 before the first. */
uint16_t arrival_report_bytes(const struct arrival *a, uint8_t packet_overhead);

#endif
