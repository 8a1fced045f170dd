/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/stream/keyframe.h"

#include "media/base/heap.h"

#define REPEAT_US 300000
#define MAX_TRIES 10
/* docs/adaptation.md 2: at least 1 s apart. For stills alone 20 a minute, so that one each 4 s can
 * come (docs/adaptation.md 4). */
#define URGENT_US      1000000
#define THIN_US	       3000000
#define LAZY_US	       2000000
#define MAX_COST_US    30000000
#define URGENT_COST_US 2000000
#define SHARE_PERCENT  20 /* of what the encoding sends may be keyframes asked for (guess) */

void keyframe_want(struct keyframe *kf, int64_t now_us, enum keyframe_urgency urgency)
{
	if (kf->is_wanted) {
		if (urgency > kf->urgency)
			kf->urgency = urgency;
		return;
	}
	kf->is_wanted = true;
	kf->urgency = urgency;
	kf->tries = 0;
}

void keyframe_received(struct keyframe *kf, int64_t now_us)
{
	kf->is_wanted = false;
	kf->has_received = true;
	kf->received_us = now_us;
}

void keyframe_measured(struct keyframe *kf, uint32_t bytes)
{
	/* Half: keyframes are few, and one of another scene says little of the next. */
	kf->bytes = kf->bytes == 0 ? bytes : kf->bytes / 2 + bytes / 2;
}

void keyframe_stream(struct keyframe *kf, uint32_t stream_bps)
{
	kf->stream_bps = stream_bps;
}

void keyframe_hold(struct keyframe *kf, int64_t until_us)
{
	if (until_us > kf->held_us)
		kf->held_us = until_us;
}

/* How far apart keyframes must be so that they take their share and no more. */
static int64_t cost_us(const struct keyframe *kf)
{
	int64_t us;

	if (kf->bytes == 0 || kf->stream_bps == 0)
		return 0;
	us = (int64_t)kf->bytes * 8 * 1000000 * 100 / SHARE_PERCENT / kf->stream_bps;
	return us < MAX_COST_US ? us : MAX_COST_US;
}

static int64_t distance_us(const struct keyframe *kf)
{
	int64_t cost = cost_us(kf);
	int64_t least = URGENT_US;

	if (kf->urgency == KEYFRAME_THIN)
		least = THIN_US;
	if (kf->urgency == KEYFRAME_LAZY)
		least = LAZY_US;
	/* Nobody stays without a picture for long because pictures are dear. */
	if (kf->urgency != KEYFRAME_LAZY && cost > URGENT_COST_US)
		cost = URGENT_COST_US;
	return cost > least ? cost : least;
}

static int64_t due_us(const struct keyframe *kf, int64_t rtt_us)
{
	int64_t due = INT64_MIN; /* at once */
	int64_t repeat = rtt_us * 3 / 2 > REPEAT_US ? rtt_us * 3 / 2 : REPEAT_US;

	if (kf->has_received)
		due = kf->received_us + distance_us(kf);
	/* An earlier request may still be under way. */
	if (kf->has_sent && kf->sent_us + repeat > due)
		due = kf->sent_us + repeat;
	return due;
}

int64_t keyframe_deadline_us(const struct keyframe *kf, int64_t rtt_us)
{
	int64_t due;

	if (!kf->is_wanted)
		return DEADLINE_NEVER;
	due = due_us(kf, rtt_us);
	return kf->held_us > due && kf->held_us > 0 ? kf->held_us : due;
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
