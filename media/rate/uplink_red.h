/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Whether a publisher's sound should come doubled: RED (RFC 2198) with one older payload, which is
 * what browsers send. Asking costs one short message and no offer, so what decides is only the room
 * on the uplink and the losses on it.
 *
 * - Where doubling takes no more than a tenth of what the uplink was seen to carry, and no queue
 *   stands, always: the first packet that is lost is repaired, not the first after losses were
 * seen.
 * - Below that when packets are lost, as long as doubled sound leaves a quarter for pictures. What
 * a queue drops that was filled just now does not count: the cap is the answer to that (uplink.h).
 * - Where packets of sound are long because the uplink is thin, doubling is half of it: only for
 *   losses of 3 % and more that no queue explains.
 * - Nothing lost for 20 s, or no room: not. Two changes are 10 s apart.
 *
 * Pure, plain data, no allocation.
 */
#ifndef VIDD_MEDIA_RATE_UPLINK_RED_H
#define VIDD_MEDIA_RATE_UPLINK_RED_H

#include <stdbool.h>
#include <stdint.h>

#include "media/rate/uplink.h"

struct uplink_red_view {
	const struct uplink_state *uplink;
	int64_t rtt_us;		/* <= 0: not known */
	uint32_t opus_bps;	/* payload of the sound without RED; 0: not known */
	uint8_t packet_headers; /* IP and UDP, 28 or 48 */
};

/* Zero state is ready: no RED. */
struct uplink_red {
	bool is_on;
	bool is_started;
	bool is_thin;
	double loss;	   /* of the last seconds */
	double usual_loss; /* of the last half minute */
	int64_t looked_us;
	int64_t queue_us;   /* since when a queue stands; 0: none does */
	int64_t other_us;   /* since when it should be the other way; 0: it should not */
	int64_t changed_us; /* 0: never */
};

/* Decides anew; call it each second or oftener. Returns whether sound should come doubled. */
bool uplink_red_update(struct uplink_red *red, int64_t now_us, const struct uplink_red_view *view);

#endif
