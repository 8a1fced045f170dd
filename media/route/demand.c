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

static int first_unshown(const struct demand_slot *slots, size_t slot_count, size_t at,
			 size_t track_count)
{
	for (size_t track = 0; track < track_count; track++)
		if (may_show(&slots[at], track) && !is_shown(slots, slot_count, track))
			return (int)track;
	return DEMAND_NONE;
}

void demand_assign(struct demand_slot *slots, size_t slot_count, size_t track_count)
{
	assert(track_count <= LIMIT_ROOM_TRACKS);
	for (size_t i = 0; i < slot_count; i++)
		if (slots[i].shown != DEMAND_NONE && !may_show(&slots[i], (size_t)slots[i].shown))
			slots[i].shown = DEMAND_NONE;
	for (size_t i = 0; i < slot_count; i++)
		if (slots[i].shown == DEMAND_NONE)
			slots[i].shown = first_unshown(slots, slot_count, i, track_count);
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
