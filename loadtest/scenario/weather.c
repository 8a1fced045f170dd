/* SPDX-License-Identifier: EUPL-1.2 */
/* Scenarios 8 to 11 of docs/adaptation.md 4: cell edge, outages, loss, satellites. */
#include <math.h>

#include "loadtest/scenario/scenario.h"
#include "loadtest/scenario/tables.h"

/* --- 8: the ten traces ------------------------------------------------------------------------ */

#define GAPS   LEG_WINDOWS
#define GAP_US 400000

/* What an omniscient sender gets through: everything the link carries in a tenth of a second, up to
 * the ceiling of what there is to send. */
static double oracle_bytes(const struct run *run, int64_t from, int64_t to)
{
	double sum = 0;

	for (int64_t at = from; at < to; at += LEG_BIN_US) {
		double bps = leg_capacity_bps(run->leg, at, at + LEG_BIN_US);

		sum += fmin(bps, run->ceiling_bps) * LEG_BIN_US / 8e6;
	}
	return sum;
}

/* Stretches in which the link carries nothing for longer than 400 ms; the call begins at
 * clock_us. */
static size_t find_gaps(const struct run *run, struct leg_window *gap, int64_t clock_us)
{
	size_t count = 0;
	int64_t begin = -1;

	for (int64_t at = 0; at <= run->call.config.duration_us; at += LEG_BIN_US) {
		bool is_dead = at < run->call.config.duration_us &&
			       leg_capacity_bps(run->leg, at, at + LEG_BIN_US) < 1000;

		if (is_dead && begin < 0)
			begin = at;
		if (is_dead || begin < 0)
			continue;
		if (at - begin > GAP_US && count < GAPS)
			gap[count++] = (struct leg_window){clock_us + begin, clock_us + at};
		begin = -1;
	}
	return count;
}

/* When the first picture after a time comes that was taken less than a second before. */
static double fresh_picture_s(const GArray *shown, int64_t after_us)
{
	for (guint i = 0; i < shown->len; i++) {
		const struct party_shown *frame = &g_array_index(shown, struct party_shown, i);

		if (frame->now_us >= after_us && frame->now_us - frame->captured_us < SCENARIO_S)
			return (double)(frame->now_us - after_us) / 1e6;
	}
	return SCENARIO_NEVER;
}

static void measure_gaps(struct run *run, const struct leg_window *gap, size_t count)
{
	const struct party_slot *slot = watch_main_picture(&run_watched(run)->party);
	const struct watch_windows skip = {gap, count};
	struct leg_window wide[GAPS];
	const struct watch_windows wider = {wide, count};
	struct watch_sound sound;
	double worst = 0;

	/* Sound is judged again a round trip and a quarter of a second after a gap. */
	for (size_t i = 0; i < count; i++)
		wide[i] = (struct leg_window){gap[i].from_us, gap[i].to_us + 320000};
	watch_sound(&run_watched(run)->party, 0, run_end_us(run), &wider, &sound);
	measure_set(run, "audible_concealment_outside", watch_concealment(&sound));
	measure_set(run, "gaps", (double)count);
	for (size_t i = 0; slot && i < count; i++)
		worst = fmax(worst, fresh_picture_s(slot->shown, gap[i].to_us));
	measure_set(run, "gap_excess_s", worst);
	measure_set(run, "stall_400_outside",
		    slot ? watch_stall_outside(slot->shown, 0, run_end_us(run), GAP_US, &skip) : 1);
}

/* What is sent into a gap waits for its end, whoever sends it: sound does not stop. What stands
 * after it counts. */
static void build_trace(struct run *run)
{
	struct leg *leg;

	build_pair(run);
	leg = run->scenario->is_swapped ? &run_patient(run)->up : &run_patient(run)->down;
	run->leg = leg;
	leg->skip_count = find_gaps(run, leg->skip, 0);
}

static void measure_trace(struct run *run)
{
	struct leg_window gap[GAPS];
	int64_t from = 6 * SCENARIO_S;
	int64_t end = run->call.config.duration_us;
	double oracle = oracle_bytes(run, from, end);

	measure_set(run, "oracle_ratio",
		    oracle > 0 ? leg_media_bps(run->leg, from, end) * (double)(end - from) / 8e6 /
					 oracle
			       : 1);
	measure_gaps(run, gap, find_gaps(run, gap, CALL_START_US));
}

/* --- 9: outages ------------------------------------------------------------------------------- */

/* The first moment after which a second of sound is whole. */
static double sound_back_s(const struct run *run, int64_t after_us)
{
	const struct party *party = &run->call.member[run->watched]->party;

	for (int64_t at = after_us; at < after_us + 20 * SCENARIO_S; at += HEARING_TICK_US) {
		struct watch_sound sound;

		watch_sound(party, at, at + SCENARIO_S, NULL, &sound);
		if (sound.ticks > 0 && sound.audible == 0)
			return (double)(at - after_us) / 1e6;
	}
	return SCENARIO_NEVER;
}

static double rate_back_s(const struct run *run, int64_t after)
{
	for (int64_t at = after; at < after + 20 * SCENARIO_S; at += LEG_BIN_US)
		if (leg_utilisation(run->leg, at, at + SCENARIO_S, run->ceiling_bps) >= 0.85)
			return (double)(at - after) / 1e6;
	return SCENARIO_NEVER;
}

static void measure_outages(struct run *run)
{
	const struct link_config *link = &run->profile[CALL_PATIENT]->way[PROFILE_DOWN].config;
	const struct party_slot *slot = watch_main_picture(&run_watched(run)->party);
	double sound = 0;
	double picture = 0;
	double rate = 0;
	double stale = 0;

	for (size_t i = 0; i < link->outage_count; i++) {
		int64_t end = link->outages[i].end_ns / 1000;

		if (end + 25 * SCENARIO_S > run->call.config.duration_us + 10 * SCENARIO_S)
			continue;
		sound = fmax(sound, sound_back_s(run, CALL_START_US + end));
		picture = fmax(picture, slot ? fresh_picture_s(slot->shown, CALL_START_US + end)
					     : SCENARIO_NEVER);
		rate = fmax(rate, rate_back_s(run, end));
		stale = fmax(stale, leg_queue_ms(run->leg, end, end + LEG_SAMPLE_US));
	}
	measure_set(run, "audio_back_s", sound);
	measure_set(run, "picture_back_s", picture);
	measure_set(run, "rate_back_s", rate);
	measure_set(run, "stale_ms", stale);
	measure_set(run, "given_up", (double)run->call.gone);
}

/* --- 10: loss, 11: satellites ----------------------------------------------------------------- */

static void measure_loss(struct run *run)
{
	measure_set(run, "cuts_without_queue",
		    leg_cuts(run->leg, 10 * SCENARIO_S, run->call.config.duration_us, 0.7, 30));
}

static void measure_geo(struct run *run)
{
	double owd_ms = 300 + 10; /* both links of the profiles */
	int64_t at = 0;

	while (at < 60 * SCENARIO_S &&
	       leg_media_bps(run->leg, at, at + SCENARIO_S) < 0.8 * 0.95 * 2e6)
		at += LEG_BIN_US;
	measure_set(run, "ramp_80_s", (double)at / 1e6);
	measure_set(run, "ttr_s",
		    leg_recovery_s(run->leg, 120 * SCENARIO_S, 180 * SCENARIO_S, run->ceiling_bps));
	measure_set(run, "audio_added_ms",
		    json_number_value(json_object_get(run->measures, "mouth_to_ear_ms")) - owd_ms);
}

/* Slots of 15 s: what is offered in the 2 s after a mark against the 2 s before. */
static void measure_leo(struct run *run)
{
	unsigned cuts = 0;

	for (int64_t s = 15; s + 15 <= run->call.config.duration_us / SCENARIO_S; s += 15)
		cuts += leg_offered_bps(run->leg, s * SCENARIO_S, (s + 2) * SCENARIO_S) <
			0.9 * leg_offered_bps(run->leg, (s - 2) * SCENARIO_S, s * SCENARIO_S);
	measure_set(run, "slot_cuts", cuts);
}

#define TRACE(n)                                                                                   \
	{                                                                                          \
		.is_thin_up = true,                                                                \
		.name = "08-trace-" n "-down",                                                     \
		.profile = "s08-trace-" n,                                                         \
		.has_audio_nack = true,                                                            \
		.build = build_trace,                                                              \
		.measure = measure_trace,                                                          \
	},                                                                                         \
	{                                                                                          \
		.name = "08-trace-" n "-up", .profile = "s08-trace-" n, .is_swapped = true,        \
		.is_thin_up = true, .has_audio_nack = true, .build = build_trace,                  \
		.measure = measure_trace,                                                          \
	}
#define OUTAGE(what)                                                                               \
	{                                                                                          \
		.name = "09-outage-" what, .profile = "s09-outage-" what, .is_thin_up = true,      \
		.has_audio_nack = true, .build = build_pair, .measure = measure_outages,           \
	}
#define LOSS(what)                                                                                 \
	{                                                                                          \
		.is_thin_up = true, .name = "10-loss-" what, .profile = "s10-loss-" what,          \
		.has_audio_nack = true, .build = build_pair, .measure = measure_loss,              \
	}

static const struct scenario table[] = {
	TRACE("01"),
	TRACE("02"),
	TRACE("03"),
	TRACE("04"),
	TRACE("05"),
	TRACE("06"),
	TRACE("07"),
	TRACE("08"),
	TRACE("09"),
	TRACE("10"),
	OUTAGE("1-hold"),
	OUTAGE("1-drop"),
	OUTAGE("3-hold"),
	OUTAGE("3-drop"),
	OUTAGE("8-hold"),
	OUTAGE("8-drop"),
	OUTAGE("20-hold"),
	OUTAGE("20-drop"),
	LOSS("iid-05"),
	LOSS("iid-10"),
	LOSS("iid-20"),
	LOSS("ge-05-5"),
	LOSS("ge-10-8"),
	{
		.name = "11a-geo",
		.profile = "s11a-geo",
		.is_thin_up = true,
		.has_audio_nack = true,
		.build = build_pair,
		.measure = measure_geo,
	},
	{
		.name = "11b-leo",
		.profile = "s11b-leo",
		.has_audio_nack = true,
		.build = build_pair,
		.measure = measure_leo,
	},
};

const struct scenario *scenarios_weather(size_t *count)
{
	*count = sizeof(table) / sizeof(table[0]);
	return table;
}
