/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What a person noticed, computed from the log of a slot (party.h) over any window: concealment,
 * stalls, frame rate, age of the picture. docs/adaptation.md 3 defines them. Times are the call's
 * clock.
 */
#ifndef VIDD_LOADTEST_SCENARIO_WATCH_H
#define VIDD_LOADTEST_SCENARIO_WATCH_H

#include "loadtest/scenario/leg.h"
#include "loadtest/scenario/party.h"

struct watch_sound {
	uint64_t ticks; /* since sound began */
	uint64_t audible;
	int64_t longest_us;
	uint32_t interruptions; /* audible gaps of 200 ms and more */
	int64_t first_us;	/* first tick played; 0: none */
};

/* Ticks of windows in skip (may be NULL) are left out. */
struct watch_windows {
	const struct leg_window *skip;
	size_t count;
};

/* All sound slots as one: a moment in which any of them conceals speech is concealed, so silent
 * slots do not water the share down. */
void watch_sound(const struct party *party, int64_t from_us, int64_t to_us,
		 const struct watch_windows *skip, struct watch_sound *out);
double watch_concealment(const struct watch_sound *sound);

/* The slot that showed most frames, or NULL. */
const struct party_slot *watch_main_picture(const struct party *party);
/* Share of [from, to) inside gaps between frames longer than gap_us; the time before the first
 * frame is no gap, 1 when none ever came. */
double watch_stall(const GArray *shown, int64_t from_us, int64_t to_us, int64_t gap_us);
/* The same less the time in the windows; share of what is left. */
double watch_stall_outside(const GArray *shown, int64_t from_us, int64_t to_us, int64_t gap_us,
			   const struct watch_windows *skip);
size_t watch_frames(const GArray *shown, int64_t from_us, int64_t to_us);
/* Height weighted by the time shown. */
double watch_height(const GArray *shown, int64_t from_us, int64_t to_us);
/* Oldest that a picture became while it was shown, in seconds. */
double watch_age_s(const GArray *shown, int64_t to_us);
double watch_longest_gap_s(const GArray *shown, int64_t from_us, int64_t to_us);
double watch_median_gap_s(const GArray *shown, int64_t from_us, int64_t to_us);
size_t watch_keyframes(const GArray *shown, int64_t from_us, int64_t to_us);
size_t watch_switches(const GArray *shown, int64_t from_us, int64_t to_us);
/* The height shown at a time; 0: nothing yet. */
uint16_t watch_height_at(const GArray *shown, int64_t at_us);

#endif
