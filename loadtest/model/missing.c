/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/model/missing.h"

#include <string.h>

enum {
	MISSING_TRIES = 10
};

static void take_out(struct missing *missing, size_t at)
{
	memmove(&missing->item[at], &missing->item[at + 1],
		(missing->count - at - 1) * sizeof(missing->item[0]));
	missing->count--;
}

bool missing_received(struct missing *missing, int64_t now_us, int64_t number)
{
	if (missing->newest == 0)
		missing->newest = number - 1;
	if (number <= missing->newest) {
		for (size_t i = 0; i < missing->count; i++) {
			if (missing->item[i].number != number)
				continue;
			take_out(missing, i);
			return true;
		}
		return false;
	}
	if (number - missing->newest > MISSING_MAX - (int64_t)missing->count) {
		missing->count = 0;
		missing->overflowed = true;
		missing->newest = number;
		return false;
	}
	while (++missing->newest < number)
		missing->item[missing->count++] =
			(struct missing_item){.number = missing->newest, .next_us = now_us};
	return false;
}

size_t missing_due(struct missing *missing, int64_t now_us, int64_t rtt_us, uint16_t *out,
		   size_t cap)
{
	size_t count = 0;

	for (size_t i = 0; i < missing->count && count < cap;) {
		struct missing_item *item = &missing->item[i];

		if (item->next_us > now_us) {
			i++;
		} else if (item->tries == MISSING_TRIES ||
			   missing->newest - item->number > MISSING_MAX) {
			take_out(missing, i);
		} else {
			out[count++] = (uint16_t)item->number;
			item->tries++;
			item->next_us = now_us + rtt_us;
			i++;
		}
	}
	return count;
}

int64_t missing_deadline_us(const struct missing *missing)
{
	int64_t first = INT64_MAX;

	for (size_t i = 0; i < missing->count; i++)
		if (missing->item[i].next_us < first)
			first = missing->item[i].next_us;
	return first;
}

void missing_forget_before(struct missing *missing, int64_t number)
{
	size_t kept = 0;

	for (size_t i = 0; i < missing->count; i++)
		if (missing->item[i].number >= number)
			missing->item[kept++] = missing->item[i];
	missing->count = kept;
}
