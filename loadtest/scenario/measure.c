/* SPDX-License-Identifier: EUPL-1.2 */
/* Figures of a run, from the meters on the links and the logs of the receivers. */
#include <math.h>
#include <string.h>

#include "loadtest/scenario/scenario.h"

enum {
	SERIES_US = 200000,
	STALL_US = 400000,
	LONG_STALL_US = 1000000,
	SETTLE_US = 6000000, /* utilisation is judged from here on */
};

void measure_set(struct run *run, const char *name, double value)
{
	json_object_set_new(run->measures, name, json_real(isfinite(value) ? value : -1));
}

int64_t run_end_us(const struct run *run)
{
	return CALL_START_US + run->call.config.duration_us;
}

/* Under a prefix. */
static void set(struct run *run, const char *prefix, const char *name, double value)
{
	char full[96];

	g_snprintf(full, sizeof(full), "%s%s", prefix, name);
	measure_set(run, full, value);
}

static void measure_sound(struct run *run, const struct member *member, const char *prefix)
{
	struct watch_sound sound;
	uint64_t stretched = 0;
	uint64_t ticks = 0;
	uint64_t delay = 0;
	uint64_t delays = 0;

	watch_sound(&member->party, member->joined_us, run_end_us(run), NULL, &sound);
	for (size_t i = 0; i < member->party.slot_count; i++) {
		const struct hearing *hearing = member->party.slot[i].hearing;

		if (!hearing)
			continue;
		stretched += hearing->stats.stretched_us;
		ticks += hearing->stats.ticks;
		delay += hearing->stats.delay_sum_us;
		delays += hearing->stats.delay_count;
	}
	set(run, prefix, "audible_concealment", watch_concealment(&sound));
	set(run, prefix, "longest_concealment_ms", (double)sound.longest_us / 1e3);
	set(run, prefix, "audio_interruptions_200", sound.interruptions);
	set(run, prefix, "stretch",
	    ticks ? (double)stretched / (double)(ticks * HEARING_TICK_US) : 0);
	set(run, prefix, "mouth_to_ear_ms",
	    delays ? (double)delay / (double)delays / 1e3 : SCENARIO_NEVER);
	set(run, prefix, "first_audio_s",
	    sound.first_us ? (double)(sound.first_us - member->joined_us) / 1e6 : SCENARIO_NEVER);
}

static void measure_shown(struct run *run, const struct member *member,
			  const struct party_slot *slot, const char *prefix)
{
	const GArray *shown = slot->shown;
	int64_t from = member->joined_us;
	int64_t to = run_end_us(run);
	int64_t first = g_array_index(shown, struct party_shown, 0).now_us;
	double minutes = (double)(to - from) / 60e6;

	set(run, prefix, "first_picture_s", (double)(first - from) / 1e6);
	set(run, prefix, "stall_400", watch_stall(shown, from, to, STALL_US));
	set(run, prefix, "stall_1000", watch_stall(shown, from, to, LONG_STALL_US));
	set(run, prefix, "fps", (double)shown->len * 1e6 / (double)(to - first));
	set(run, prefix, "height", watch_height(shown, first, to));
	set(run, prefix, "picture_age_max_s", watch_age_s(shown, to));
	set(run, prefix, "picture_gap_max_s", watch_longest_gap_s(shown, first, to));
	set(run, prefix, "picture_gap_median_s", watch_median_gap_s(shown, first, to));
	set(run, prefix, "picture_delay_ms",
	    (double)slot->picture->stats.delay_sum_us / (double)slot->picture->stats.frames / 1e3);
	set(run, prefix, "keyframes_per_min", (double)watch_keyframes(shown, from, to) / minutes);
	set(run, prefix, "switches_per_min", (double)watch_switches(shown, from, to) / minutes);
	set(run, prefix, "receiver_plis", (double)slot->picture->stats.plis);
	set(run, prefix, "receiver_nacks", (double)slot->picture->stats.nacks);
}

static void measure_picture(struct run *run, const struct member *member, const char *prefix)
{
	static const char *const never[] = {"first_picture_s", "picture_age_max_s",
					    "picture_gap_max_s", "picture_gap_median_s"};
	const struct party_slot *slot = watch_main_picture(&member->party);

	if (slot && slot->shown->len > 0) {
		measure_shown(run, member, slot, prefix);
		return;
	}
	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		set(run, prefix, never[i], SCENARIO_NEVER);
	set(run, prefix, "stall_400", 1);
	set(run, prefix, "stall_1000", 1);
	set(run, prefix, "fps", 0);
	set(run, prefix, "height", 0);
}

/* Heard by everybody whom the engine asks but the watched one. */
static void measure_requests(struct run *run)
{
	double requests = 0;

	for (size_t i = 0; i < run->call.member_count; i++) {
		const struct party *party = &run->call.member[i]->party;

		for (size_t e = 0; i != run->watched && e < party->video_count; e++)
			requests += party->video[e].requests;
	}
	measure_set(run, "keyframe_requests", requests);
}

static void measure_leg(struct run *run, const struct leg *leg, const char *prefix)
{
	static const char *const classes[LEG_CLASSES] = {"audio",    "video", "rtx",
							 "feedback", "other", "cross"};
	const struct {
		const char *name;
		double value;
	} figures[] = {
		{"queue_ms_p50", leg_wait_ms(&leg->all, 0.5)},
		{"queue_ms_p95", leg_wait_ms(&leg->all, 0.95)},
		{"queue_ms_p99", leg_wait_ms(&leg->all, 0.99)},
		{"audio_queue_ms_p95", leg_wait_ms(&leg->audio, 0.95)},
		{"video_queue_ms_p95", leg_wait_ms(&leg->video, 0.95)},
		{"peak_queue_ms", (double)leg->peak_us / 1e3},
	};
	char name[64];
	double lost = 0;
	double sent = 0;

	for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++) {
		g_snprintf(name, sizeof(name), "%s%s", prefix, figures[i].name);
		measure_set(run, name, figures[i].value);
	}
	for (size_t c = 0; c < LEG_CLASSES; c++) {
		g_snprintf(name, sizeof(name), "%sbytes_%s", prefix, classes[c]);
		measure_set(run, name, (double)leg->bytes[c]);
		lost += (double)leg->lost[c];
		sent += (double)leg->lost[c] + (double)leg->packets[c];
	}
	g_snprintf(name, sizeof(name), "%sloss", prefix);
	measure_set(run, name, sent > 0 ? lost / sent : 0);
}

void measure_common(struct run *run)
{
	const struct member *watched = run_watched(run);
	int64_t end = run->call.config.duration_us;
	int64_t from = watched->joined_us - CALL_START_US + SETTLE_US;
	double back = (double)end * leg_capacity_bps(run->back, 0, end);

	measure_sound(run, watched, "");
	measure_picture(run, watched, "");
	measure_requests(run);
	measure_leg(run, run->leg, "");
	measure_set(run, "utilisation", leg_utilisation(run->leg, from, end, run->ceiling_bps));
	measure_set(run, "reconnects", run_patient(run)->reconnects);
	measure_set(run, "feedback_share",
		    back > 0 ? (double)run->back->bytes[LEG_FEEDBACK] * 8e6 / back : 0);
}

void measure_other_end(struct run *run)
{
	const struct member *other =
		run->call.member[run->watched == CALL_PATIENT ? 1 : CALL_PATIENT];
	const char *prefix = run->scenario->is_swapped ? "down_" : "up_";

	measure_sound(run, other, prefix);
	measure_picture(run, other, prefix);
	measure_leg(run, run->back, prefix);
}

/* --- over time -------------------------------------------------------------------------------- */

static double concealment_in(const struct member *member, int64_t from_us)
{
	struct watch_sound sound;

	watch_sound(&member->party, from_us, from_us + SERIES_US, NULL, &sound);
	return sound.ticks ? watch_concealment(&sound) : 0;
}

static void append(json_t *array, double value)
{
	json_array_append_new(array, json_real(round(value * 1000) / 1000));
}

json_t *series_of(const struct run *run)
{
	static const char *const names[] = {"t",	   "capacity_bps", "sent_bps",
					    "queue_ms",	   "estimate_bps", "layer",
					    "concealment", "stall"};
	enum {
		T,
		CAPACITY,
		SENT,
		QUEUE,
		ESTIMATE,
		LAYER,
		CONCEALMENT,
		STALL,
		COUNT
	};
	const struct member *member = run->call.member[run->watched];
	const struct member *thin = run->call.member[CALL_PATIENT];
	const struct party_slot *slot = watch_main_picture(&member->party);
	json_t *array[COUNT];
	json_t *series = json_object();

	for (size_t i = 0; i < COUNT; i++) {
		array[i] = json_array();
		json_object_set_new(series, names[i], array[i]);
	}
	for (size_t s = 0; s < run->call.samples; s++) {
		int64_t at = (int64_t)s * SERIES_US;
		int64_t clock = CALL_START_US + at;

		if (at + SERIES_US > run->call.config.duration_us)
			break;
		append(array[T], (double)at / 1e6);
		append(array[CAPACITY], leg_capacity_bps(run->leg, at, at + SERIES_US));
		append(array[SENT], leg_media_bps(run->leg, at, at + SERIES_US) +
					    leg_cross_bps(run->leg, at, at + SERIES_US));
		append(array[QUEUE], leg_queue_ms(run->leg, at, at + SERIES_US));
		append(array[ESTIMATE], (double)thin->sample[s].estimate_bps);
		append(array[LAYER], slot ? watch_height_at(slot->shown, clock) : 0);
		append(array[CONCEALMENT], concealment_in(member, clock));
		append(array[STALL],
		       slot && slot->shown->len
			       ? watch_stall(slot->shown, clock, clock + SERIES_US, STALL_US)
			       : 0);
	}
	return series;
}
