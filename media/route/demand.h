/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Which track goes into which slot, for one transport and one kind of media: a pure function.
 * What is shown stays where it is as long as it may; free slots take the tracks not shown yet, in
 * the order given (that of their creation).
 *
 * Receivers play the n-th audio and the n-th video slot in sync (one msid, JSEP 5.2.1), so a track
 * goes beside its owner's other kind where it can: someone without a camera must not part the
 * others' voices from their faces.
 */
#ifndef VIDD_MEDIA_ROUTE_DEMAND_H
#define VIDD_MEDIA_ROUTE_DEMAND_H

#include <stddef.h>
#include <stdint.h>

#include "media/base/limits.h"

#define DEMAND_NONE (-1)

struct demand_slot {
	int shown;			      /* index of a track or DEMAND_NONE; updated */
	uint32_t partner;		      /* whom the other kind's slot shows; 0: nobody */
	uint64_t may[LIMIT_ROOM_TRACKS / 64]; /* tracks it could show: a bit per index */
};

void demand_allow(struct demand_slot *slot, size_t track);
/* Fills the slots. owners: of the tracks, never 0. track_count <= LIMIT_ROOM_TRACKS. */
void demand_assign(struct demand_slot *slots, size_t slot_count, const uint32_t *owners,
		   size_t track_count);
/* How many of the tracks some slot could show: that many slots would do. */
size_t demand_wanted(const struct demand_slot *slots, size_t slot_count, size_t track_count);

#endif
