/* SPDX-License-Identifier: EUPL-1.2 */
/* Scenario 12 of docs/adaptation.md 4: six people, the patient on a thin link, turns of ten
 * seconds. */
#include <math.h>
#include <string.h>

#include "loadtest/scenario/scenario.h"
#include "loadtest/scenario/tables.h"

enum {
	PEOPLE = 6,
	TURN_S = 10,
	FIRST_LATE_S = 60, /* the last two join here and 30 s later */
	OTHERS = PEOPLE - 1,
};

static int64_t join_s(size_t member)
{
	return member < PEOPLE - 2 ? 0 : FIRST_LATE_S + 30 * (int64_t)(member - (PEOPLE - 2));
}

/* Who speaks in a turn: everybody but the patient in turn, as far as they are there. */
static size_t speaker(int64_t turn)
{
	size_t present = turn * TURN_S < FIRST_LATE_S	     ? 3
			 : turn * TURN_S < FIRST_LATE_S + 30 ? 4
							     : 5;

	return 1 + (size_t)turn % present;
}

static void plan_turns(struct run *run, int64_t turns)
{
	for (int64_t turn = 0; turn < turns; turn++) {
		size_t now = speaker(turn);
		size_t before = turn > 0 ? speaker(turn - 1) : 0;
		int64_t at = turn * TURN_S * SCENARIO_S;

		for (size_t i = 0; i < PEOPLE; i++)
			if (join_s(i) == turn * TURN_S && (i != CALL_PATIENT || run->has_patient))
				call_act(&run->call, at, CALL_JOIN, i, 0);
		if (before != now && turn > 0)
			call_act(&run->call, at, CALL_SPEAK, before, 0);
		call_act(&run->call, at, CALL_SPEAK, now, 1);
	}
}

static void build_six(struct run *run)
{
	struct party_config person = person_config(run);
	struct party_config patient;

	person.audio_slots = OTHERS;
	person.video_slots = OTHERS;
	patient = person;
	patient.is_thin_up = true;
	run->has_patient = !run->scenario->is_without_patient;
	for (size_t i = 0; i < PEOPLE; i++) {
		struct member *member =
			add_person(run, i == CALL_PATIENT ? run->scenario->profile : "clean",
				   i == CALL_PATIENT ? &patient : &person);

		member->party.voice.is_muted = true;
	}
	plan_turns(run, run->scenario->duration_s / TURN_S);
}

/* --- the patient ------------------------------------------------------------------------------ */

/* Of a turn that begins at_us: how much of its first words never came out of a slot. */
static double clipped_ms(const struct party *party, size_t who, int64_t at_us)
{
	int64_t first = INT64_MAX;

	for (size_t s = 0; s < party->slot_count; s++) {
		const GArray *heard = party->slot[s].heard;

		for (guint i = 0; heard && i < heard->len; i++) {
			const struct party_heard *entry =
				&g_array_index(heard, struct party_heard, i);

			if (entry->tick == HEARING_PLAYED && entry->owner == who + 1 &&
			    entry->captured_us >= at_us && entry->captured_us < first)
				first = entry->captured_us;
		}
	}
	return first < at_us + TURN_S * SCENARIO_S ? (double)(first - at_us) / 1e3
						   : (double)TURN_S * 1e3;
}

/* Pictures of somebody in a second, all slots. */
static size_t frames_of(const struct party *party, size_t who, int64_t from_us, size_t least_height)
{
	size_t count = 0;

	for (size_t s = 0; s < party->slot_count; s++) {
		const GArray *shown = party->slot[s].shown;

		for (guint i = 0; shown && i < shown->len; i++) {
			const struct party_shown *frame =
				&g_array_index(shown, struct party_shown, i);

			count += frame->now_us >= from_us && frame->now_us < from_us + SCENARIO_S &&
				 frame->track_id == PARTY_TRACK(who + 1, MEDIA_VIDEO) &&
				 frame->height >= least_height;
		}
	}
	return count;
}

/* How old the newest picture of somebody is, in seconds. */
static double age_of(const struct party *party, size_t who, int64_t at_us)
{
	int64_t newest = 0;

	for (size_t s = 0; s < party->slot_count; s++) {
		const GArray *shown = party->slot[s].shown;

		for (guint i = 0; shown && i < shown->len; i++) {
			const struct party_shown *frame =
				&g_array_index(shown, struct party_shown, i);

			if (frame->now_us <= at_us &&
			    frame->track_id == PARTY_TRACK(who + 1, MEDIA_VIDEO) &&
			    frame->captured_us > newest)
				newest = frame->captured_us;
		}
	}
	return newest ? (double)(at_us - newest) / 1e6 : SCENARIO_NEVER;
}

static void measure_speakers(struct run *run)
{
	const struct party *party = &run_patient(run)->party;
	int64_t seconds = run->call.config.duration_us / SCENARIO_S;
	double clipped = 0;
	double good = 0;
	double turns = 0;
	double switches = 0;

	for (int64_t s = TURN_S; s + 1 <= seconds; s++) {
		size_t who = speaker(s / TURN_S);
		int64_t at = CALL_START_US + s * SCENARIO_S;

		good += frames_of(party, who, at, 180) >= 10;
		turns++;
		if (s % TURN_S != 0 || s + TURN_S > seconds)
			continue;
		/* Nobody hears what a joiner says before there is a connection. */
		if (run->call.member[who]->party.begun_us > at)
			at = run->call.member[who]->party.begun_us;
		clipped = fmax(clipped, clipped_ms(party, who, at));
		switches++;
	}
	measure_set(run, "clipped_ms_max", clipped);
	measure_set(run, "speaker_seen", turns > 0 ? good / turns : 0);
	measure_set(run, "keyframe_requests_per_switch",
		    json_number_value(json_object_get(run->measures, "keyframe_requests")) /
			    switches);
}

static void measure_stills(struct run *run)
{
	const struct party *party = &run_patient(run)->party;
	int64_t seconds = run->call.config.duration_us / SCENARIO_S;
	double old = 0;
	double count = 0;

	for (int64_t s = TURN_S; s + 1 <= seconds; s++) {
		for (size_t who = 1; who < PEOPLE; who++) {
			if (join_s(who) + 6 > s || who == speaker(s / TURN_S))
				continue;
			old += age_of(party, who, CALL_START_US + s * SCENARIO_S) > 6;
			count++;
		}
	}
	/* Of all looks at the others, one a second: those at a still of more than 6 s. */
	measure_set(run, "others_old", count > 0 ? old / count : 0);
}

static void measure_six(struct run *run)
{
	measure_speakers(run);
	measure_stills(run);
}

/* --- the others ------------------------------------------------------------------------------- */

struct view {
	double concealment;
	double stall;
	double height;
};

/* What the others get of one another. */
static struct view others_view(const struct run *run)
{
	struct view view = {0};
	double slots = 0;
	int64_t end = run_end_us(run);

	for (size_t i = 1; i < PEOPLE; i++) {
		const struct member *member = run->call.member[i];
		struct watch_sound sound;

		watch_sound(&member->party, 0, end, NULL, &sound);
		view.concealment += watch_concealment(&sound) / OTHERS;
		for (size_t s = 0; s < member->party.slot_count; s++) {
			const GArray *shown = member->party.slot[s].shown;
			uint32_t track;

			if (!shown || shown->len < 10)
				continue;
			track = g_array_index(shown, struct party_shown, shown->len - 1).track_id;
			if (track == PARTY_TRACK(CALL_PATIENT + 1, MEDIA_VIDEO))
				continue;
			/* From 5 s after the last join on: the same people in both runs. */
			view.stall +=
				watch_stall(shown, CALL_START_US + 95 * SCENARIO_S, end, 400000);
			view.height += watch_height(shown, CALL_START_US + 95 * SCENARIO_S, end);
			slots++;
		}
	}
	view.stall /= slots > 0 ? slots : 1;
	view.height /= slots > 0 ? slots : 1;
	return view;
}

static void compare_isolation(struct run *run, struct run *other)
{
	struct view with = others_view(run);
	struct view without = others_view(other);
	double height = without.height > 0
				? 100 * fabs(with.height - without.height) / without.height
				: 100;

	measure_set(run, "others_height", with.height);
	measure_set(run, "others_stall_400", with.stall);
	measure_set(run, "others_audible_concealment", with.concealment);
	/* The worst of the three: percent of height, percentage points of the shares. */
	measure_set(run, "others_delta_percent",
		    fmax(height, 100 * fmax(fabs(with.stall - without.stall),
					    fabs(with.concealment - without.concealment))));
}

static const struct scenario table[] = {
	{
		.name = "12-six-parties",
		.profile = "s12-patient",
		.other_profile = "s12-patient",
		.duration_s = 180,
		.has_audio_nack = true,
		.build = build_six,
		.measure = measure_six,
		.compare = compare_isolation,
	},
};

const struct scenario *scenarios_six(size_t *count)
{
	*count = sizeof(table) / sizeof(table[0]);
	return table;
}
