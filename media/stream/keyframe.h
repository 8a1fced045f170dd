/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Keyframe requests of one encoding, coalesced: any number of subscribers asking makes one PLI, at
 * most one per 300 ms, repeated every max(300 ms, 1.5 RTT) until a keyframe comes or 10 tries are
 * spent.
 */
#ifndef VIDD_MEDIA_STREAM_KEYFRAME_H
#define VIDD_MEDIA_STREAM_KEYFRAME_H

#include <stdbool.h>
#include <stdint.h>

/* Zero state is ready. */
struct keyframe {
	bool is_wanted;
	bool has_sent;
	uint8_t tries;
	int64_t sent_us; /* last request, when has_sent */
};

/* Somebody needs one. A later request while one is under way changes nothing. */
void keyframe_want(struct keyframe *kf, int64_t now_us);
/* One came. A subscriber that could not use it asks again. */
void keyframe_received(struct keyframe *kf, int64_t now_us);
/* True when a request is to be sent now; counts it as sent. */
bool keyframe_due(struct keyframe *kf, int64_t now_us, int64_t rtt_us);
/* DEADLINE_NEVER when none is wanted. rtt_us <= 0: not known. */
int64_t keyframe_deadline_us(const struct keyframe *kf, int64_t rtt_us);

#endif
