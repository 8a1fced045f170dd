/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/recall.h"

#include <stdio.h>
#include <string.h>

/* RECALL_ENTRIES: not there. */
static size_t find(const struct recall *recall, const char *id)
{
	size_t i = 0;

	while (i < RECALL_ENTRIES && strcmp(recall->entry[i].id, id) != 0)
		i++;
	return i;
}

void recall_put(struct recall *recall, int64_t now_us, const char *id, uint32_t down_bps,
		uint32_t up_bps)
{
	size_t i = find(recall, id);
	struct recall_entry *entry;

	if (down_bps == 0 && up_bps == 0)
		return;
	if (i == RECALL_ENTRIES) {
		i = recall->next;
		recall->next = (recall->next + 1) % RECALL_ENTRIES;
	}
	entry = &recall->entry[i];
	(void)snprintf(entry->id, sizeof(entry->id), "%s", id);
	entry->at_us = now_us;
	entry->down_bps = down_bps;
	entry->up_bps = up_bps;
}

static uint32_t believe(uint32_t bps)
{
	return (uint32_t)((uint64_t)bps * RECALL_PERCENT / 100);
}

void recall_get(const struct recall *recall, int64_t now_us, const char *id, uint32_t *down_bps,
		uint32_t *up_bps)
{
	size_t i = find(recall, id);

	*down_bps = 0;
	*up_bps = 0;
	if (i == RECALL_ENTRIES || now_us - recall->entry[i].at_us > RECALL_US)
		return;
	*down_bps = believe(recall->entry[i].down_bps);
	*up_bps = believe(recall->entry[i].up_bps);
}
