/* SPDX-License-Identifier: EUPL-1.2 */
/* Scenarios 1, 6 and 7 of adaptation.md 7: capacity steps, a join on a thin link, survival. */
#include "loadtest/scenario/scenario.h"
#include "loadtest/scenario/tables.h"

/* --- 1: RFC 8867 5.1 -------------------------------------------------------------------------- */

static const double step_at[] = {0, 40, 60, 80, 100};
#define SEGMENTS 4

static void build_steps(struct run *run)
{
	struct leg *leg;

	build_pair(run);
	leg = &run->call.member[CALL_PATIENT]->down;
	leg->skip[leg->skip_count++] = (struct leg_window){60 * SCENARIO_S, 61500000};
}

static void measure_steps(struct run *run)
{
	const struct leg *leg = &run->call.member[CALL_PATIENT]->down;
	double least = 10;

	for (size_t i = 0; i < SEGMENTS; i++) {
		/* 4 s to settle are allowed. */
		double u = leg_utilisation(leg, (int64_t)((step_at[i] + 4) * 1e6),
					   (int64_t)(step_at[i + 1] * 1e6), run->ceiling_bps);
		char name[32];

		g_snprintf(name, sizeof(name), "utilisation_%zu", i + 1);
		measure_set(run, name, u);
		least = u < least ? u : least;
	}
	measure_set(run, "utilisation_min", least);
	measure_set(run, "drop_drain_s", leg_drained_s(leg, 60 * SCENARIO_S, 80 * SCENARIO_S, 100));
	measure_set(run, "ttr_s",
		    leg_recovery_s(leg, 40 * SCENARIO_S, 60 * SCENARIO_S, run->ceiling_bps));
	measure_set(run, "ttr_2_s",
		    leg_recovery_s(leg, 80 * SCENARIO_S, 100 * SCENARIO_S, run->ceiling_bps));
}

/* --- 6: a join on 256/128 --------------------------------------------------------------------- */

static void build_join(struct run *run)
{
	build_pair(run);
	/* After the answer: who is in which slot, and what the page loads when it shows. */
	call_act(&run->call, 100000, CALL_BURST_DOWN, CALL_PATIENT, 3000);
}

static void measure_from_two(struct run *run)
{
	const struct member *patient = run->call.member[CALL_PATIENT];
	struct watch_sound sound;

	watch_sound(&patient->party, patient->joined_us + 2 * SCENARIO_S, run_end_us(run), NULL,
		    &sound);
	measure_set(run, "audible_concealment_from_2s", watch_concealment(&sound));
}

/* --- 7: survival ------------------------------------------------------------------------------ */

static const struct scenario table[] = {
	{
		.name = "01-capacity-steps-50",
		.duration_s = 100,
		.access = {.down = {.step = {{0, 1000}, {40, 2500}, {60, 600}, {80, 1000}},
				    .step_count = 4,
				    .owd_ms = 50,
				    .queue_ms = 300},
			   .up = {.step = {{0, 20000}},
				  .step_count = 1,
				  .owd_ms = 50,
				  .queue_ms = 300}},
		.has_audio_nack = true,
		.build = build_steps,
		.measure = measure_steps,
	},
	{
		.name = "01-capacity-steps-100",
		.duration_s = 100,
		.access = {.down = {.step = {{0, 1000}, {40, 2500}, {60, 600}, {80, 1000}},
				    .step_count = 4,
				    .owd_ms = 100,
				    .queue_ms = 300},
			   .up = {.step = {{0, 20000}},
				  .step_count = 1,
				  .owd_ms = 100,
				  .queue_ms = 300}},
		.has_audio_nack = true,
		.build = build_steps,
		.measure = measure_steps,
	},
	{
		.name = "06-thin-join",
		.duration_s = 180,
		.access = {.down = {.step = {{0, 256}},
				    .step_count = 1,
				    .owd_ms = 60,
				    .queue_ms = 500},
			   .up = {.step = {{0, 128}},
				  .step_count = 1,
				  .owd_ms = 60,
				  .queue_ms = 500}},
		.is_thin_up = true,
		.has_audio_nack = true,
		.build = build_join,
		.measure = measure_from_two,
	},
	{
		.name = "07-survival",
		.duration_s = 180,
		/* GE 2 %, mean burst 2: p_good 1/2, p_bad so that 2 % of packets are in the bad
		   state. */
		.access = {.down = {.step = {{0, 96}},
				    .step_count = 1,
				    .owd_ms = 150,
				    .queue_ms = 1000,
				    .ge_p_bad = 0.0102,
				    .ge_p_good = 0.5},
			   .up = {.step = {{0, 64}},
				  .step_count = 1,
				  .owd_ms = 150,
				  .queue_ms = 1000,
				  .ge_p_bad = 0.0102,
				  .ge_p_good = 0.5}},
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
