/* SPDX-License-Identifier: EUPL-1.2 */
/* Scenarios 1, 2, 6 and 7 of docs/adaptation.md 4: capacity steps, congested feedback, a join on a
 * thin link, survival. */
#include "loadtest/scenario/scenario.h"
#include "loadtest/scenario/tables.h"

/* --- 1: RFC 8867 5.1 -------------------------------------------------------------------------- */

static const double step_at[] = {0, 40, 60, 80, 100};
#define SEGMENTS 4

static void build_steps(struct run *run)
{
	struct leg *leg;

	build_pair(run);
	leg = &run_patient(run)->down;
	leg->skip[leg->skip_count++] = (struct leg_window){60 * SCENARIO_S, 61500000};
}

static void measure_steps(struct run *run)
{
	double least = SCENARIO_NEVER;

	for (size_t i = 0; i < SEGMENTS; i++) {
		/* 4 s to settle are allowed. */
		double u = leg_utilisation(run->leg, (int64_t)((step_at[i] + 4) * 1e6),
					   (int64_t)(step_at[i + 1] * 1e6), run->ceiling_bps);
		char name[32];

		g_snprintf(name, sizeof(name), "utilisation_%zu", i + 1);
		measure_set(run, name, u);
		least = u < least ? u : least;
	}
	measure_set(run, "utilisation_min", least);
	measure_set(run, "drop_drain_s",
		    leg_drained_s(run->leg, 60 * SCENARIO_S, 80 * SCENARIO_S, 100));
	measure_set(run, "ttr_s",
		    leg_recovery_s(run->leg, 40 * SCENARIO_S, 60 * SCENARIO_S, run->ceiling_bps));
	measure_set(run, "ttr_2_s",
		    leg_recovery_s(run->leg, 80 * SCENARIO_S, 100 * SCENARIO_S, run->ceiling_bps));
}

/* --- 2: RFC 8867 5.3 -------------------------------------------------------------------------- */

static void compare_forward(struct run *run, struct run *other)
{
	int64_t end = run->call.config.duration_us;
	double reference = leg_media_bps(other->leg, 6 * SCENARIO_S, end);
	unsigned cuts = leg_cuts(run->leg, 10 * SCENARIO_S, end, 0.9, 30);
	unsigned ordinary = leg_cuts(other->leg, 10 * SCENARIO_S, end, 0.9, 30);

	measure_set(run, "forward_of_reference",
		    reference > 0 ? leg_media_bps(run->leg, 6 * SCENARIO_S, end) / reference : 0);
	/* Cuts without a queue that the run with a clear way back does not have. */
	measure_set(run, "cuts_by_feedback", cuts > ordinary ? cuts - ordinary : 0);
}

/* --- 6: a join on 256/128, 7: survival -------------------------------------------------------- */

static void build_join(struct run *run)
{
	build_pair(run);
	/* After the answer: who is in which slot, and what the page loads when it shows. */
	call_act(&run->call, 100000, CALL_BURST_DOWN, CALL_PATIENT, 3000);
}

static void measure_from_two(struct run *run)
{
	const struct member *patient = run_patient(run);
	struct watch_sound sound;

	watch_sound(&patient->party, patient->joined_us + 2 * SCENARIO_S, run_end_us(run), NULL,
		    &sound);
	measure_set(run, "audible_concealment_from_2s", watch_concealment(&sound));
	measure_set(run, "interruptions_from_2s", sound.interruptions);
}

static const struct scenario table[] = {
	{
		.name = "01-capacity-steps-50",
		.profile = "s01-capacity-steps-50",
		.has_audio_nack = true,
		.build = build_steps,
		.measure = measure_steps,
	},
	{
		.name = "01-capacity-steps-100",
		.profile = "s01-capacity-steps-100",
		.has_audio_nack = true,
		.build = build_steps,
		.measure = measure_steps,
	},
	{
		.name = "02-congested-feedback",
		.profile = "s02-congested-feedback",
		.other_profile = "s02-reference",
		.is_thin_up = true,
		.has_audio_nack = true,
		.build = build_pair,
		.compare = compare_forward,
	},
	{
		.name = "06-join-thin",
		.profile = "s06-join-thin",
		.is_thin_up = true,
		.has_audio_nack = true,
		.build = build_join,
		.measure = measure_from_two,
	},
	{
		.name = "07-survival",
		.profile = "s07-survival",
		.is_thin_up = true,
		.has_audio_nack = true,
		.build = build_pair,
		.measure = measure_from_two,
	},
};

const struct scenario *scenarios_steps(size_t *count)
{
	*count = sizeof(table) / sizeof(table[0]);
	return table;
}
