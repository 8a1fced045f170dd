/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/rate/ladder.h"

/* docs/adaptation.md 2, for streams whose cost is not known yet. */
#define BASE_BPS      55000 /* x 1.1: sent from 60 kbit/s on */
#define FULL_BPS      110000
#define FULL_MOST_BPS 120000
#define MIN_STILL_US  2000000
#define MAX_STILL_US  4000000
#define RARE_US	      15000000
/* Twice what is needed is no edge to flap at: an outage has ended. */
#define SHORT_HOLD_US 1000000

/* What must be available for a mode: a tenth above what it costs, because pictures vary in size;
 * stills take 4/5 of what there is, so that one is over before the next. */
static uint64_t needed_bps(enum ladder_mode mode, const struct ladder_cost *cost)
{
	uint64_t base = cost->base_bps ? cost->base_bps : BASE_BPS;
	uint64_t full = cost->full_bps ? cost->full_bps : FULL_BPS;
	uint64_t still = cost->still_bytes ? cost->still_bytes : LADDER_STILL_BYTES;

	if (cost->base_bps && !cost->full_bps)
		full = base; /* there is nothing above */
	switch (mode) {
	case LADDER_FULL:
		/* Farther up the shares decide: one step may be a simulcast encoding. */
		full = full * 11 / 10 < FULL_MOST_BPS ? full * 11 / 10 : FULL_MOST_BPS;
		return full > base * 11 / 10 ? full : base * 11 / 10;
	case LADDER_REDUCED:
		return base * 11 / 10;
	case LADDER_STILLS:
		return still * 8 * 5 / 4 * 1000000 / MAX_STILL_US;
	case LADDER_NONE:
		break;
	}
	return 0;
}

static bool fits(enum ladder_mode mode, uint32_t available_bps, const struct ladder_cost *cost,
		 unsigned percent)
{
	return (uint64_t)available_bps * 100 >= needed_bps(mode, cost) * percent;
}

static enum ladder_mode best(uint32_t available_bps, const struct ladder_cost *cost,
			     unsigned percent)
{
	for (int mode = LADDER_FULL; mode > LADDER_NONE; mode--)
		if (fits((enum ladder_mode)mode, available_bps, cost, percent))
			return (enum ladder_mode)mode;
	return LADDER_NONE;
}

static void set_mode(struct ladder *ladder, enum ladder_mode mode)
{
	ladder->mode = mode;
	ladder->is_above = false;
}

enum ladder_mode ladder_step(struct ladder *ladder, int64_t now_us, uint32_t available_bps,
			     const struct ladder_cost *cost)
{
	enum ladder_mode most = best(available_bps, cost, 100);
	enum ladder_mode up = best(available_bps, cost, 125);
	bool is_wide = fits(up, available_bps, cost, 200);
	/* A still more or less is no flapping. */
	bool is_first = ladder->mode == LADDER_NONE && !is_wide;
	int64_t hold = is_wide || is_first ? SHORT_HOLD_US : LADDER_HOLD_US;

	if (!ladder->is_started || most < ladder->mode) {
		ladder->is_started = true;
		set_mode(ladder, most);
	} else if (up <= ladder->mode) {
		ladder->is_above = false;
	} else if (!ladder->is_above) {
		ladder->is_above = true;
		ladder->above_us = now_us;
	} else if (now_us - ladder->above_us >= hold) {
		set_mode(ladder, is_first ? LADDER_STILLS : up);
	}
	return ladder->mode;
}

int64_t ladder_still_period_us(enum ladder_mode mode, uint32_t available_bps, uint32_t still_bytes)
{
	int64_t bits = (int64_t)(still_bytes ? still_bytes : LADDER_STILL_BYTES) * 8;
	int64_t us;

	if (mode >= LADDER_REDUCED || available_bps == 0)
		return 0;
	us = bits * 5 / 4 * 1000000 / available_bps;
	if (mode == LADDER_NONE)
		return us <= RARE_US ? RARE_US : 0;
	if (us < MIN_STILL_US)
		return MIN_STILL_US;
	return us < MAX_STILL_US ? us : MAX_STILL_US;
}
