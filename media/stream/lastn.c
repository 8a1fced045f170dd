/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/stream/lastn.h"

/* Longer without a loud packet and the place is free for another: three packets, so that a new
 * speaker who starts on the last word loses 60 ms at most. */
#define PAUSE_US 60000
/* Somebody who got in and speaks stays: two who speak at once do not chop each other up. A guess.
 * Who got in on the silence after a last word does not. */
#define HOLD_US 500000

static bool is_loud(const struct lastn_track *track, int64_t now_us)
{
	return track->level->is_speaking && now_us - track->level->loud_us < PAUSE_US;
}

/* Whether a place is being used. */
static bool is_busy(const struct lastn_track *track, int64_t now_us)
{
	return is_loud(track, now_us) ||
	       (track->level->is_speaking && track->level->loud_us >= track->selected_us &&
		now_us - track->selected_us < HOLD_US);
}

/* a is worth more than b: who is loud now, then priority, then who was loud last. Equal ones: no,
 * so that the present order stays. */
static bool is_worthier(const struct lastn_track *a, const struct lastn_track *b, int64_t now_us)
{
	bool a_busy = a->is_selected ? is_busy(a, now_us) : is_loud(a, now_us);
	bool b_busy = b->is_selected ? is_busy(b, now_us) : is_loud(b, now_us);

	if (a_busy != b_busy)
		return a_busy;
	if (a->priority != b->priority)
		return a->priority > b->priority;
	return a->level->loud_us > b->level->loud_us;
}

/* The worthiest not selected or the least worthy selected one; count: none. */
static size_t find(const struct lastn_track *tracks, size_t count, bool is_selected, int64_t now_us)
{
	size_t best = count;

	for (size_t i = 0; i < count; i++) {
		if (tracks[i].is_selected != is_selected)
			continue;
		if (best == count || (is_selected ? is_worthier(&tracks[best], &tracks[i], now_us)
						  : is_worthier(&tracks[i], &tracks[best], now_us)))
			best = i;
	}
	return best;
}

/* Whether a new speaker takes the place of somebody selected. Silence moves nobody. */
static bool displaces(const struct lastn_track *newcomer, const struct lastn_track *present,
		      int64_t now_us)
{
	if (!is_loud(newcomer, now_us))
		return false;
	return !is_busy(present, now_us) || newcomer->priority > present->priority;
}

static void select(struct lastn_track *track, int64_t now_us)
{
	track->is_selected = true;
	track->selected_us = now_us;
}

bool lastn_choose(struct lastn_track *tracks, size_t count, size_t n, int64_t now_us)
{
	bool has_changed = false;
	size_t selected = 0;

	for (size_t i = 0; i < count; i++)
		selected += tracks[i].is_selected;
	for (; selected > n; selected--, has_changed = true)
		tracks[find(tracks, count, true, now_us)].is_selected = false;
	for (; selected < n && selected < count; selected++, has_changed = true)
		select(&tracks[find(tracks, count, false, now_us)], now_us);
	/* Each round puts a loud one in; at most `selected` places can change hands. */
	for (size_t round = 0; round < selected; round++) {
		size_t in = find(tracks, count, false, now_us);
		size_t out = find(tracks, count, true, now_us);

		if (in == count || !displaces(&tracks[in], &tracks[out], now_us))
			break;
		tracks[out].is_selected = false;
		select(&tracks[in], now_us);
		has_changed = true;
	}
	return has_changed;
}

size_t lastn_count(uint32_t budget_bps, uint32_t speaker_bps, uint32_t other_bps, size_t present)
{
	uint64_t cost = speaker_bps;
	size_t n = 1;

	for (; n < LASTN_MAX; n++) {
		cost += other_bps;
		/* Adaptation rule of all upgrades: 15 % of room. */
		uint64_t needed = n >= present ? cost * 115 / 100 : cost;
		if (needed > budget_bps)
			break;
	}
	return n;
}
