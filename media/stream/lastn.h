/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Last-N: which of the others' voices a thin receiver hears, and how many. A new speaker gets in at
 * once when there is a place that nobody is using, which is 60 ms after the last loud packet of who
 * had it; somebody who has just got in stays for half a second. Without new speakers nothing
 * changes. Pure functions over the caller's arrays.
 */
#ifndef VIDD_MEDIA_STREAM_LASTN_H
#define VIDD_MEDIA_STREAM_LASTN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/stream/level.h"

/* More voices at once than anybody can follow; what lastn_count ends at. */
#define LASTN_MAX 16

struct lastn_track {
	const struct level *level; /* the track's */
	uint8_t priority;	   /* more is more important; wins among equals */
	bool is_selected;	   /* in and out: heard */
	int64_t selected_us;	   /* kept from call to call: when it got in */
};

/* Chooses n of count tracks anew, at most n are selected after it; call it with each packet's level
 * that made somebody speak, and each 100 ms at least. The order of tracks must not change between
 * calls. True when a selection changed. */
bool lastn_choose(struct lastn_track *tracks, size_t count, size_t n, int64_t now_us);

/* How many voices: as many as fit in budget_bps when the first costs speaker_bps and each further
 * one other_bps (redundancy_cost_bps); at least 1. `present`: how many are heard now, 0 at first:
 * one more than that needs 15 % of room. */
size_t lastn_count(uint32_t budget_bps, uint32_t speaker_bps, uint32_t other_bps, size_t present);

#endif
