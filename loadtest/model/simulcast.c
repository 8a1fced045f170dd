/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/model/simulcast.h"

#define ROWS 5

static const struct simulcast_row table[ROWS] = {
	{1280, 720, 2500000, 2500000, 600000}, {960, 540, 1200000, 1200000, 350000},
	{640, 360, 700000, 500000, 150000},    {480, 270, 450000, 350000, 150000},
	{320, 180, 200000, 150000, 30000},
};

const struct simulcast_row *simulcast_row(uint16_t height)
{
	for (size_t i = 0; i < ROWS; i++)
		if (height >= table[i].height)
			return &table[i];
	return &table[ROWS - 1];
}

void simulcast_share(const struct simulcast_row *const *rows, size_t count, unsigned active,
		     uint32_t total_bps, uint32_t out[LIMIT_ENCODINGS])
{
	uint32_t left = total_bps;
	size_t top = count;

	for (size_t i = 0; i < count; i++) {
		out[i] = 0;
		if (!(active & 1u << i))
			continue;
		if (left < rows[i]->min_bps && top < count)
			continue;
		out[i] = left < rows[i]->target_bps ? left : rows[i]->target_bps;
		if (out[i] < rows[i]->min_bps)
			out[i] = rows[i]->min_bps;
		left -= left < out[i] ? left : out[i];
		top = i;
	}
	if (top < count) {
		uint32_t more = rows[top]->max_bps - out[top];

		out[top] += left < more ? left : more;
	}
}
