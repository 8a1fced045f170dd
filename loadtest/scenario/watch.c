/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/scenario/watch.h"

enum {
	WATCH_INTERRUPTION_US = 200000
};

static bool is_in(const struct watch_windows *skip, int64_t at_us)
{
	for (size_t i = 0; skip && i < skip->count; i++)
		if (at_us >= skip->skip[i].from_us && at_us < skip->skip[i].to_us)
			return true;
	return false;
}

/* --- sound ------------------------------------------------------------------------------------ */

static void end_gap(struct watch_sound *out, int64_t gap_us)
{
	if (gap_us > out->longest_us)
		out->longest_us = gap_us;
	out->interruptions += gap_us >= WATCH_INTERRUPTION_US;
}

/* What a listener had in one tick: the worst of the slots that play anything. */
static enum hearing_tick worst_of(const struct party *party, guint i)
{
	enum hearing_tick worst = HEARING_NOTHING;

	for (size_t s = 0; s < party->slot_count; s++) {
		const GArray *heard = party->slot[s].heard;
		enum hearing_tick tick;

		if (!heard)
			continue;
		tick = (enum hearing_tick)g_array_index(heard, struct party_heard, i).tick;
		worst = tick > worst ? tick : worst;
	}
	return worst;
}

static guint ticks_of(const struct party *party)
{
	for (size_t s = 0; s < party->slot_count; s++)
		if (party->slot[s].heard)
			return party->slot[s].heard->len;
	return 0;
}

static bool any_played(const struct party *party, guint i)
{
	for (size_t s = 0; s < party->slot_count; s++)
		if (party->slot[s].heard &&
		    g_array_index(party->slot[s].heard, struct party_heard, i).tick ==
			    HEARING_PLAYED)
			return true;
	return false;
}

void watch_sound(const struct party *party, int64_t from_us, int64_t to_us,
		 const struct watch_windows *skip, struct watch_sound *out)
{
	int64_t begun_us = party->tick_begun_us;
	int64_t first = (from_us - begun_us) / HEARING_TICK_US;
	guint count = ticks_of(party);
	int64_t gap_us = 0;

	*out = (struct watch_sound){0};
	for (guint i = first > 0 ? (guint)first : 0; i < count; i++) {
		int64_t at_us = begun_us + (int64_t)i * HEARING_TICK_US;
		enum hearing_tick tick = worst_of(party, i);

		if (at_us >= to_us)
			break;
		if (at_us < from_us || tick == HEARING_NOTHING || is_in(skip, at_us))
			continue;
		out->ticks++;
		if (out->first_us == 0 && any_played(party, i))
			out->first_us = at_us;
		if (tick == HEARING_AUDIBLE_GAP) {
			out->audible++;
			gap_us += HEARING_TICK_US;
			continue;
		}
		end_gap(out, gap_us);
		gap_us = 0;
	}
	end_gap(out, gap_us);
}

double watch_concealment(const struct watch_sound *sound)
{
	return sound->ticks ? (double)sound->audible / (double)sound->ticks : 1;
}

/* --- pictures --------------------------------------------------------------------------------- */

const struct party_slot *watch_main_picture(const struct party *party)
{
	const struct party_slot *best = NULL;

	for (size_t i = 0; i < party->slot_count; i++) {
		const struct party_slot *slot = &party->slot[i];

		if (slot->shown && (!best || slot->shown->len > best->shown->len))
			best = slot;
	}
	return best;
}

static const struct party_shown *at(const GArray *shown, guint i)
{
	return &g_array_index(shown, struct party_shown, i);
}

/* When the picture after frame i came, or the end. */
static int64_t until(const GArray *shown, guint i, int64_t to_us)
{
	int64_t next_us = i + 1 < shown->len ? at(shown, i + 1)->now_us : to_us;

	return next_us < to_us ? next_us : to_us;
}

static int64_t windows_us(const struct watch_windows *skip, int64_t from_us, int64_t to_us)
{
	int64_t sum = 0;

	for (size_t i = 0; skip && i < skip->count; i++) {
		int64_t from = MAX(skip->skip[i].from_us, from_us);
		int64_t to = MIN(skip->skip[i].to_us, to_us);

		sum += to > from ? to - from : 0;
	}
	return sum;
}

double watch_stall_outside(const GArray *shown, int64_t from_us, int64_t to_us, int64_t gap_us,
			   const struct watch_windows *skip)
{
	int64_t stalled = 0;
	int64_t total;

	if (shown->len == 0)
		return 1;
	from_us = MAX(from_us, at(shown, 0)->now_us);
	total = to_us - from_us - windows_us(skip, from_us, to_us);
	for (guint i = 0; i < shown->len; i++) {
		int64_t begin = at(shown, i)->now_us;
		int64_t end = until(shown, i, to_us);

		if (end - begin <= gap_us)
			continue;
		begin = MAX(begin, from_us);
		if (end > begin)
			stalled += end - begin - windows_us(skip, begin, end);
	}
	return total > 0 ? (double)stalled / (double)total : 0;
}

double watch_stall(const GArray *shown, int64_t from_us, int64_t to_us, int64_t gap_us)
{
	return watch_stall_outside(shown, from_us, to_us, gap_us, NULL);
}

size_t watch_frames(const GArray *shown, int64_t from_us, int64_t to_us)
{
	size_t count = 0;

	for (guint i = 0; i < shown->len; i++)
		count += at(shown, i)->now_us >= from_us && at(shown, i)->now_us < to_us;
	return count;
}

double watch_height(const GArray *shown, int64_t from_us, int64_t to_us)
{
	double sum = 0;
	double time = 0;

	for (guint i = 0; i < shown->len; i++) {
		int64_t begin = MAX(at(shown, i)->now_us, from_us);
		int64_t end = until(shown, i, to_us);

		if (end <= begin)
			continue;
		sum += (double)at(shown, i)->height * (double)(end - begin);
		time += (double)(end - begin);
	}
	return time > 0 ? sum / time : 0;
}

double watch_age_s(const GArray *shown, int64_t to_us)
{
	int64_t most = 0;

	for (guint i = 0; i < shown->len; i++)
		most = MAX(most, until(shown, i, to_us) - at(shown, i)->captured_us);
	return (double)most / 1e6;
}

static gint compare(gconstpointer a, gconstpointer b)
{
	const int64_t *x = a;
	const int64_t *y = b;

	return (*x > *y) - (*x < *y);
}

/* Gaps between frames within the window, in order of length; the caller frees. */
static GArray *gaps(const GArray *shown, int64_t from_us, int64_t to_us)
{
	GArray *out = g_array_new(FALSE, FALSE, sizeof(int64_t));

	for (guint i = 0; i < shown->len; i++) {
		int64_t begin = MAX(at(shown, i)->now_us, from_us);
		int64_t gap = until(shown, i, to_us) - begin;

		if (gap > 0)
			g_array_append_val(out, gap);
	}
	g_array_sort(out, compare);
	return out;
}

static double gap_s(const GArray *shown, int64_t from_us, int64_t to_us, double quantile)
{
	GArray *all = gaps(shown, from_us, to_us);
	double s = (double)(to_us - from_us) / 1e6;

	if (all->len)
		s = (double)g_array_index(all, int64_t, (guint)(quantile * (all->len - 1))) / 1e6;
	g_array_free(all, TRUE);
	return s;
}

double watch_longest_gap_s(const GArray *shown, int64_t from_us, int64_t to_us)
{
	return gap_s(shown, from_us, to_us, 1);
}

double watch_median_gap_s(const GArray *shown, int64_t from_us, int64_t to_us)
{
	return gap_s(shown, from_us, to_us, 0.5);
}

size_t watch_keyframes(const GArray *shown, int64_t from_us, int64_t to_us)
{
	size_t count = 0;

	for (guint i = 0; i < shown->len; i++)
		count += at(shown, i)->is_keyframe && at(shown, i)->now_us >= from_us &&
			 at(shown, i)->now_us < to_us;
	return count;
}

size_t watch_switches(const GArray *shown, int64_t from_us, int64_t to_us)
{
	size_t count = 0;

	for (guint i = 1; i < shown->len; i++)
		count += at(shown, i)->height != at(shown, i - 1)->height &&
			 at(shown, i)->now_us >= from_us && at(shown, i)->now_us < to_us;
	return count;
}

uint16_t watch_height_at(const GArray *shown, int64_t at_us)
{
	uint16_t height = 0;
	guint low = 0;
	guint high = shown->len;

	while (low < high) {
		guint mid = (low + high) / 2;

		if (at(shown, mid)->now_us <= at_us) {
			height = at(shown, mid)->height;
			low = mid + 1;
		} else {
			high = mid;
		}
	}
	return height;
}
