/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Keyframe requests of one encoding, coalesced: any number of subscribers asking makes one PLI. The
 * first request goes at once; one that is not answered is repeated every max(300 ms, 1.5 RTT) until
 * a keyframe comes or 10 tries are spent. After a keyframe the next request keeps a distance, so
 * that keyframes take no more than a share of what the source sends: they are about ten times a
 * picture, and on a thin link each one is a stall.
 */
#ifndef VIDD_MEDIA_STREAM_KEYFRAME_H
#define VIDD_MEDIA_STREAM_KEYFRAME_H

#include <stdbool.h>
#include <stdint.h>

enum keyframe_urgency {
	KEYFRAME_LAZY,	 /* there is a picture; a better one is wanted */
	KEYFRAME_THIN,	 /* no picture, on a link that a keyframe fills for long */
	KEYFRAME_URGENT, /* no picture */
};

/* Zero state is ready. */
struct keyframe {
	bool is_wanted;
	enum keyframe_urgency urgency; /* the highest of those who want one */
	bool has_sent;
	bool has_received;
	uint8_t tries;
	int64_t sent_us;     /* last request, when has_sent */
	int64_t received_us; /* last keyframe, when has_received */
	int64_t held_us;     /* nothing is asked before: repair is under way */
	uint32_t bytes;	     /* what one costs, smoothed; 0: not known */
	uint32_t stream_bps; /* of its encoding; 0: not known */
};

/* Somebody needs one. A later request while one is under way can only raise its urgency. */
void keyframe_want(struct keyframe *kf, int64_t now_us, enum keyframe_urgency urgency);
/* One came. A subscriber that could not use it asks again. */
void keyframe_received(struct keyframe *kf, int64_t now_us);
/* What it took, when it is whole, and what the encoding sends. */
void keyframe_measured(struct keyframe *kf, uint32_t bytes);
void keyframe_stream(struct keyframe *kf, uint32_t stream_bps);
/* No request before until_us: a retransmission is under way that makes it needless. */
void keyframe_hold(struct keyframe *kf, int64_t until_us);
/* True when a request is to be sent now; counts it as sent. */
bool keyframe_due(struct keyframe *kf, int64_t now_us, int64_t rtt_us);
/* DEADLINE_NEVER when none is wanted. rtt_us <= 0: not known. */
int64_t keyframe_deadline_us(const struct keyframe *kf, int64_t rtt_us);

#endif
