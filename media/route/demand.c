/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/route/demand.h"

#include <assert.h>
#include <stdbool.h>

static bool may_show(const struct demand_slot *slot, size_t track)
{
	return (slot->may[track / 64] >> (track % 64)) & 1;
}

void demand_allow(struct demand_slot *slot, size_t track)
{
	assert(track < LIMIT_ROOM_TRACKS);
	slot->may[track / 64] |= 1ull << (track % 64);
}

static bool is_shown(const struct demand_slot *slots, size_t slot_count, size_t track)
{
	for (size_t i = 0; i < slot_count; i++)
		if (slots[i].shown == (int)track)
			return true;
	return false;
}

enum beside {
	BESIDE_OWNER,
	BESIDE_NOBODY,
	BESIDE_ANYONE,
};

static bool is_beside(const struct demand_slot *slot, uint32_t owner, enum beside beside)
{
	switch (beside) {
	case BESIDE_OWNER:
		return slot->partner == owner;
	case BESIDE_NOBODY:
		return slot->partner == 0;
	case BESIDE_ANYONE:
		break;
	}
	return true;
}

/* Shows the track, when it is not shown yet, in the first free slot beside so. */
static void place(struct demand_slot *slots, size_t slot_count, size_t track, uint32_t owner,
		  enum beside beside)
{
	if (is_shown(slots, slot_count, track))
		return;
	for (size_t i = 0; i < slot_count; i++) {
		if (slots[i].shown == DEMAND_NONE && may_show(&slots[i], track) &&
		    is_beside(&slots[i], owner, beside)) {
			slots[i].shown = (int)track;
			return;
		}
	}
}

void demand_assign(struct demand_slot *slots, size_t slot_count, const uint32_t *owners,
		   size_t track_count)
{
	assert(track_count <= LIMIT_ROOM_TRACKS);
	for (size_t i = 0; i < slot_count; i++)
		if (slots[i].shown != DEMAND_NONE && !may_show(&slots[i], (size_t)slots[i].shown))
			slots[i].shown = DEMAND_NONE;
	/* Those with a place beside themselves first, so that nobody else takes it. */
	for (size_t track = 0; track < track_count; track++)
		place(slots, slot_count, track, owners[track], BESIDE_OWNER);
	for (size_t track = 0; track < track_count; track++) {
		place(slots, slot_count, track, owners[track], BESIDE_NOBODY);
		place(slots, slot_count, track, owners[track], BESIDE_ANYONE);
	}
}

size_t demand_wanted(const struct demand_slot *slots, size_t slot_count, size_t track_count)
{
	size_t wanted = 0;

	for (size_t track = 0; track < track_count; track++) {
		for (size_t i = 0; i < slot_count; i++) {
			if (may_show(&slots[i], track)) {
				wanted++;
				break;
			}
		}
	}
	return wanted;
}
