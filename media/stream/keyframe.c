/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/stream/keyframe.h"

#include "media/base/heap.h"

#define MIN_INTERVAL_US 300000
#define MAX_TRIES	10

void keyframe_want(struct keyframe *kf, int64_t now_us)
{
	if (kf->is_wanted)
		return;
	kf->is_wanted = true;
	kf->tries = 0;
}

void keyframe_received(struct keyframe *kf, int64_t now_us)
{
	kf->is_wanted = false;
}

int64_t keyframe_deadline_us(const struct keyframe *kf, int64_t rtt_us)
{
	int64_t interval = MIN_INTERVAL_US;

	if (!kf->is_wanted)
		return DEADLINE_NEVER;
	if (!kf->has_sent)
		return INT64_MIN; /* at once */
	/* A first request keeps its distance from the last one, a repeated one waits for the
	 * answer. */
	if (kf->tries > 0 && rtt_us * 3 / 2 > interval)
		interval = rtt_us * 3 / 2;
	return kf->sent_us + interval;
}

bool keyframe_due(struct keyframe *kf, int64_t now_us, int64_t rtt_us)
{
	if (keyframe_deadline_us(kf, rtt_us) > now_us || !kf->is_wanted)
		return false;
	kf->has_sent = true;
	kf->sent_us = now_us;
	kf->tries++;
	if (kf->tries == MAX_TRIES)
		kf->is_wanted = false; /* spent; who still needs one asks again */
	return true;
}
