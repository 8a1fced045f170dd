/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/model/hearing.h"

#include <string.h>

enum {
	HEARING_TS = 960,	 /* 20 ms at 48 kHz */
	HEARING_FAST_FACTOR = 4, /* NetEq: fast accelerate above four times the limit */
	HEARING_SMOOTH = 16,	 /* a third of a second: guess, near NetEq's filter */
	HEARING_WAIT = 5,	 /* NetEq, kMaxWaitForPacket: 100 ms */
	HEARING_RESET = 50 * 60, /* a jump of a minute is another source */
};

static const double stretch = 0.1;
static const double fast = 0.25;

static int64_t unwrap(struct hearing *hearing, uint32_t timestamp)
{
	if (!hearing->has_ts) {
		hearing->has_ts = true;
		hearing->last_ts = timestamp;
		hearing->ts_high = (int64_t)1 << 32;
	}
	return hearing->ts_high + (int32_t)(timestamp - hearing->last_ts);
}

static struct hearing_frame *place(struct hearing *hearing, int64_t number)
{
	return &hearing->frame[number % HEARING_FRAMES];
}

static bool has(const struct hearing *hearing, int64_t number)
{
	return hearing->frame[number % HEARING_FRAMES].number == number;
}

static void flush(struct hearing *hearing, int64_t number)
{
	memset(hearing->frame, 0, sizeof(hearing->frame));
	hearing->newest = number;
	hearing->play = (double)number;
}

static int64_t due(const struct hearing *hearing)
{
	return (int64_t)hearing->play;
}

void hearing_frame(struct hearing *hearing, int64_t now_us, uint32_t timestamp,
		   const struct label *label, enum hearing_kind kind)
{
	int64_t ts = unwrap(hearing, timestamp);
	int64_t number = ts / HEARING_TS + 1;
	bool is_first = kind == HEARING_FIRST;
	bool is_late = kind == HEARING_LATE;
	struct hearing_frame *frame;

	if (ts > hearing->ts_high) {
		hearing->ts_high = ts;
		hearing->last_ts = timestamp;
	}
	if (is_first)
		jitter_packet(&hearing->jitter, now_us, now_us - ts * 1000 / 48);
	else if (is_late)
		jitter_late_packet(&hearing->jitter, now_us - ts * 1000 / 48);
	if (hearing->newest == 0)
		flush(hearing, number);
	if (number - hearing->newest > HEARING_RESET || hearing->newest - number > HEARING_RESET)
		flush(hearing, number);
	if (number < due(hearing) && hearing->stats.first_us != 0) {
		hearing->stats.late += is_first;
		return;
	}
	if (number < due(hearing))
		hearing->play = (double)number; /* not begun: reordering at the start */
	if (number - due(hearing) >= HEARING_FRAMES)
		flush(hearing, number);
	frame = place(hearing, number);
	if (frame->number == number)
		return;
	*frame = (struct hearing_frame){.number = number};
	if (label)
		frame->label = *label;
	if (number > hearing->newest)
		hearing->newest = number;
}

void hearing_renew(struct hearing *hearing)
{
	const struct hearing old = *hearing;

	*hearing = (struct hearing){.stats = old.stats, .last = old.last};
	hearing->gap_ticks = old.gap_ticks;
	hearing->audible_us = old.audible_us;
}

bool hearing_could_use(const struct hearing *hearing, uint32_t timestamp)
{
	int64_t ts = hearing->ts_high + (int32_t)(timestamp - hearing->last_ts);

	return ts / HEARING_TS + 1 > due(hearing);
}

/* Sound at hand, from what is due now to the newest. */
static double at_hand_us(const struct hearing *hearing)
{
	double frames = (double)(hearing->newest + 1) - hearing->play;

	return frames > 0 ? frames * HEARING_TICK_US : 0;
}

static int64_t wanted_us(const struct hearing *hearing)
{
	int64_t target = jitter_target_us(&hearing->jitter);

	return target > hearing->packet_us ? target : hearing->packet_us;
}

/* How much of the source's time this tick plays: 1, or a little less or more. */
static double pace(struct hearing *hearing)
{
	int64_t target = wanted_us(hearing);
	int64_t low = target * 3 / 4 > target - 85000 ? target * 3 / 4 : target - 85000;
	int64_t high = target > low + 20000 ? target : low + 20000;
	double level = at_hand_us(hearing);
	double change = 0;

	hearing->level_us += (level - hearing->level_us) / HEARING_SMOOTH;
	if (level > (double)(HEARING_FAST_FACTOR * high))
		change = fast;
	else if (hearing->level_us > (double)high)
		change = stretch;
	else if (hearing->level_us < (double)low)
		change = -stretch;
	hearing->level_us -= change * HEARING_TICK_US;
	hearing->stats.stretched_us +=
		(uint64_t)((change < 0 ? -change : change) * HEARING_TICK_US);
	return 1 + change;
}

static void forget_before(struct hearing *hearing, int64_t from, int64_t to)
{
	for (int64_t n = from; n < to; n++) {
		if (has(hearing, n))
			place(hearing, n)->number = 0;
	}
}

static int64_t oldest(const struct hearing *hearing)
{
	for (int64_t n = due(hearing); n <= hearing->newest; n++)
		if (has(hearing, n))
			return n;
	return 0;
}

/* NetEq, ShouldContinueExpand: a hole is not concealed to its end when as much as is wanted is at
 * hand, nor when concealment has gone on for ten ticks of 10 ms. */
static bool skips_hole(const struct hearing *hearing)
{
	int64_t us = 0;

	if (hearing->gap_ticks == 0)
		return false;
	if (hearing->gap_ticks >= HEARING_WAIT)
		return true;
	for (int64_t n = due(hearing); n <= hearing->newest; n++)
		us += has(hearing, n) ? HEARING_TICK_US : 0;
	return us > wanted_us(hearing);
}

static enum hearing_tick played(struct hearing *hearing, int64_t now_us)
{
	int64_t at = due(hearing);
	const struct hearing_frame *frame = place(hearing, at);

	if (hearing->stats.first_us == 0)
		hearing->stats.first_us = now_us;
	hearing->gap_ticks = 0;
	hearing->audible_us = 0;
	hearing->last = frame->label;
	if (frame->label.captured_us != 0) {
		hearing->stats.delay_sum_us += (uint64_t)(now_us - frame->label.captured_us);
		hearing->stats.delay_count++;
	}
	hearing->play += pace(hearing);
	forget_before(hearing, at, due(hearing));
	return HEARING_PLAYED;
}

static enum hearing_tick concealed(struct hearing *hearing)
{
	struct hearing_stats *stats = &hearing->stats;

	hearing->gap_ticks++;
	stats->concealed++;
	if (!hearing->last.is_speech) {
		hearing->audible_us = 0;
		return HEARING_SILENT_GAP;
	}
	stats->audible++;
	hearing->audible_us += HEARING_TICK_US;
	if (hearing->audible_us > (int64_t)stats->longest_us)
		stats->longest_us = (uint64_t)hearing->audible_us;
	return HEARING_AUDIBLE_GAP;
}

enum hearing_tick hearing_tick(struct hearing *hearing, int64_t now_us)
{
	int64_t next;

	if (hearing->newest == 0 && hearing->stats.first_us == 0)
		return HEARING_NOTHING;
	/* Begins once the target's worth is there. */
	if (hearing->stats.first_us == 0 && at_hand_us(hearing) < (double)wanted_us(hearing))
		return HEARING_NOTHING;
	hearing->stats.ticks++;
	if (hearing->newest == 0)
		return concealed(hearing);
	if (has(hearing, due(hearing)))
		return played(hearing, now_us);
	next = oldest(hearing);
	if (next == 0)
		return concealed(hearing); /* empty: what comes late can still be played */
	/* A later frame is there: its turn comes when concealment has covered the hole. What was
	 * concealed while the buffer was empty counts. */
	if (next - due(hearing) <= hearing->gap_ticks || skips_hole(hearing)) {
		hearing->play = (double)next;
		return played(hearing, now_us);
	}
	return concealed(hearing);
}
