/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What a person sees in one video slot: a frame is shown when it is whole and what it needs was
 * shown, and freezes are counted as browsers do. Works from stamps, so it knows no codec. Asks for
 * keyframes as libwebrtc: 200 ms without a first one, later after 3 s without a frame. Pure.
 */
#ifndef VIDD_LOADTEST_LOAD_VIEWING_H
#define VIDD_LOADTEST_LOAD_VIEWING_H

#include "loadtest/load/stamp.h"
#include "loadtest/load/tally.h"

#define VIEWING_FRAMES 32 /* not shown yet; a second */

/* Visible for embedding; zero state is ready. */
struct viewing {
	/* What is shown: a stream, its last frame, and which of the 64 up to it were decoded. */
	bool is_showing;
	uint32_t publisher;
	uint8_t encoding;
	uint32_t last;
	uint64_t decoded;
	uint16_t height;
	int64_t shown_us;
	int64_t usual_us; /* smoothed time between frames */
	int64_t ask_us;	  /* when to ask for a keyframe next; 0: no packet yet */
	struct viewing_frame {
		bool is_used;
		uint32_t publisher;
		uint32_t frame;
		uint32_t needs;
		uint16_t came;
		uint16_t parts;
		uint16_t height;
		uint8_t encoding;
	} frame[VIEWING_FRAMES];
};

/* A packet that had not come before. */
void viewing_packet(struct viewing *viewing, int64_t now_us, const struct stamp *stamp,
		    struct tally_counts *counts);
/* True: ask for a keyframe now. */
bool viewing_wants_keyframe(struct viewing *viewing, int64_t now_us);
/* INT64_MAX: nothing to wait for. */
int64_t viewing_deadline_us(const struct viewing *viewing);

#endif
