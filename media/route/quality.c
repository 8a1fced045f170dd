/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/route/quality.h"

void quality_down(struct quality *quality, int64_t expected, int64_t lost)
{
	if (expected <= 0)
		return;
	quality->down_expected += expected;
	if (lost > expected)
		lost = expected;
	quality->down_lost += lost > 0 ? lost : 0;
}

static int32_t permille(int64_t lost, int64_t expected)
{
	if (expected <= 0)
		return QUALITY_UNKNOWN;
	if (lost < 0)
		lost = 0;
	return (int32_t)(lost * 1000 / expected);
}

void quality_take(struct quality *quality, int64_t total_expected, int64_t total_received,
		  int32_t *up_permille, int32_t *down_permille)
{
	int64_t expected = total_expected - quality->up_expected;
	int64_t received = total_received - quality->up_received;

	/* A stream that ended takes its totals along: this interval is not known. */
	*up_permille = received < 0 ? QUALITY_UNKNOWN : permille(expected - received, expected);
	*down_permille = permille(quality->down_lost, quality->down_expected);
	quality->up_expected = total_expected;
	quality->up_received = total_received;
	quality->down_expected = 0;
	quality->down_lost = 0;
}
