/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/load/viewing.h"

enum {
	VIEWING_FIRST_US = 200000,  /* libwebrtc's wait for a first keyframe */
	VIEWING_NEXT_US = 3000000,  /* ... and for any frame later */
	VIEWING_FREEZE_US = 150000, /* webrtc-stats: freezeCount */
	VIEWING_PAUSE_US = 5000000, /* nothing for so long is a pause, no freeze */
	VIEWING_KNOWN = 64,
};

static bool is_of_shown(const struct viewing *viewing, const struct viewing_frame *frame)
{
	return viewing->is_showing && frame->publisher == viewing->publisher &&
	       frame->encoding == viewing->encoding;
}

static bool is_decoded(const struct viewing *viewing, uint32_t number)
{
	uint32_t back = viewing->last - number;

	return back < VIEWING_KNOWN && (viewing->decoded & 1ull << back);
}

static bool is_decodable(const struct viewing *viewing, const struct viewing_frame *frame)
{
	if (frame->needs == frame->frame)
		return true;
	return is_of_shown(viewing, frame) && is_decoded(viewing, frame->needs);
}

/* webrtc-stats: a freeze is a gap of more than three usual ones, and of 150 ms more than one. */
static void count_gap(struct viewing *viewing, int64_t now_us, struct tally_counts *counts)
{
	int64_t gap = now_us - viewing->shown_us;
	int64_t usual = viewing->usual_us ? viewing->usual_us : gap;
	int64_t limit =
		3 * usual > usual + VIEWING_FREEZE_US ? 3 * usual : usual + VIEWING_FREEZE_US;

	if (gap > VIEWING_PAUSE_US)
		return;
	counts->watched_us += (uint64_t)gap;
	if (gap > limit) {
		counts->freezes++;
		counts->freeze_us += (uint64_t)(gap - usual);
		return;
	}
	viewing->usual_us = usual + (gap - usual) / 16;
}

/* Notes it as decoded; shows it unless a later one was shown. */
static void decode(struct viewing *viewing, int64_t now_us, struct viewing_frame *frame,
		   struct tally_counts *counts)
{
	uint32_t ahead = frame->frame - viewing->last;

	frame->is_used = false;
	if (!is_of_shown(viewing, frame)) {
		viewing->publisher = frame->publisher;
		viewing->encoding = frame->encoding;
		viewing->decoded = 1;
	} else if ((int32_t)ahead > 0) {
		viewing->decoded = ahead < VIEWING_KNOWN ? viewing->decoded << ahead | 1 : 1;
	} else {
		viewing->decoded |= -ahead < VIEWING_KNOWN ? 1ull << -ahead : 0;
		return;
	}
	viewing->last = frame->frame;
	viewing->height = frame->height;
	if (viewing->is_showing)
		count_gap(viewing, now_us, counts);
	viewing->is_showing = true;
	viewing->shown_us = now_us;
	viewing->ask_us = now_us + VIEWING_NEXT_US;
	counts->frames_shown++;
}

static void decode_all(struct viewing *viewing, int64_t now_us, struct tally_counts *counts)
{
	bool has_more = true;

	while (has_more) {
		has_more = false;
		for (size_t i = 0; i < VIEWING_FRAMES; i++) {
			struct viewing_frame *frame = &viewing->frame[i];

			if (!frame->is_used || frame->came < frame->parts ||
			    !is_decodable(viewing, frame))
				continue;
			decode(viewing, now_us, frame, counts);
			has_more = true;
		}
	}
}

void viewing_packet(struct viewing *viewing, int64_t now_us, const struct stamp *stamp,
		    struct tally_counts *counts)
{
	struct viewing_frame *frame = &viewing->frame[stamp->frame % VIEWING_FRAMES];

	if (viewing->ask_us == 0)
		viewing->ask_us = now_us + VIEWING_FIRST_US;
	if (!frame->is_used || frame->frame != stamp->frame ||
	    frame->publisher != stamp->publisher || frame->encoding != stamp->encoding)
		*frame = (struct viewing_frame){
			.is_used = true,
			.publisher = stamp->publisher,
			.frame = stamp->frame,
			.needs = stamp->needs,
			.parts = stamp->parts,
			.height = stamp->height,
			.encoding = stamp->encoding,
		};
	frame->came++;
	if (frame->came >= frame->parts)
		decode_all(viewing, now_us, counts);
}

bool viewing_wants_keyframe(struct viewing *viewing, int64_t now_us)
{
	if (viewing->ask_us == 0 || now_us < viewing->ask_us)
		return false;
	viewing->ask_us = now_us + (viewing->is_showing ? VIEWING_NEXT_US : VIEWING_FIRST_US);
	return true;
}

int64_t viewing_deadline_us(const struct viewing *viewing)
{
	return viewing->ask_us ? viewing->ask_us : INT64_MAX;
}
