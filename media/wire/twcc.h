/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Transport-wide congestion control feedback
 * (draft-holmer-rmcat-transport-wide-cc-extensions-01): build a packet from arrival times, parse
 * one into them. Pure.
 */
#ifndef VIDD_MEDIA_WIRE_TWCC_H
#define VIDD_MEDIA_WIRE_TWCC_H

#include <stddef.h>
#include <stdint.h>

#include "media/base/bytes.h"

#define TWCC_MAX_PACKETS  512
#define TWCC_NOT_RECEIVED INT64_MIN
#define TWCC_TICK_US	  250	/* draft 3.1.5: arrival times are rounded down to this */
#define TWCC_REFERENCE_US 64000 /* draft 3.1: the unit of the reference time */
/* The reference time has 24 bits: parsed times begin anew after 12.4 days. */
#define TWCC_WRAP_US (((int64_t)1 << 24) * TWCC_REFERENCE_US)

/* One run of transport sequence numbers: base_seq, base_seq+1, ... */
struct twcc_feedback {
	uint8_t feedback_count;
	uint16_t base_seq;
	size_t count;			      /* 1..TWCC_MAX_PACKETS */
	int64_t arrival_us[TWCC_MAX_PACKETS]; /* or TWCC_NOT_RECEIVED; parsed ones count from the
						 24-bit reference time of the packet (64 ms units)
					       */
};

/* Appends one RTCP packet (205/15). Writes the longest leading part of the run that fits the writer
 * and the delta range, and returns how many sequence numbers that covered (0: nothing written). */
size_t twcc_write(struct wr *w, uint32_t sender_ssrc, uint32_t media_ssrc,
		  const struct twcc_feedback *feedback);
/* Parses the FCI of such a packet. 0 or -EBADMSG; *out only on success. Of a packet that speaks of
 * more than TWCC_MAX_PACKETS the first so many are given: a sender that was silent for long must
 * not be left without any. */
int twcc_parse(struct twcc_feedback *out, const uint8_t *fci, size_t len);

#endif
