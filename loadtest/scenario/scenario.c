/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/scenario/scenario.h"

#include <string.h>

/* 720p at its best, a voice, and the headers of both (docs/adaptation.md 2). */
#define CEILING_BPS 2720000

struct member *run_patient(struct run *run)
{
	return run->call.member[CALL_PATIENT];
}

struct member *run_watched(struct run *run)
{
	return run->call.member[run->watched];
}

/* The call's length. */
static int64_t duration_us(const struct scenario *scenario)
{
	struct profile *profile;
	int64_t us;

	if (scenario->duration_s)
		return scenario->duration_s * SCENARIO_S;
	profile = load_profile(scenario->profile);
	us = profile->duration_ns / 1000;
	profile_free(profile);
	return us;
}

static struct run *start(const struct scenario *scenario, uint64_t seed)
{
	const struct call_config config = {.seed = seed, .duration_us = duration_us(scenario)};
	struct run *run = g_new0(struct run, 1);

	run->scenario = scenario;
	run->measures = json_object();
	run->ceiling_bps = CEILING_BPS;
	call_init(&run->call, &config);
	scenario->build(run);
	run->watched = scenario->is_swapped ? 1 : CALL_PATIENT;
	run->leg = scenario->is_swapped ? &run_patient(run)->up : &run_patient(run)->down;
	run->back = scenario->is_swapped ? &run_patient(run)->down : &run_patient(run)->up;
	call_run(&run->call);
	return run;
}

static void end(struct run *run)
{
	call_close(&run->call);
	for (size_t i = 0; i < CALL_MEMBERS; i++)
		profile_free(run->profile[i]);
	json_decref(run->measures);
	g_free(run->cubic);
	g_free(run);
}

/* The second run of a scenario that compares two. */
static void compare(struct run *run, uint64_t seed)
{
	struct scenario variant = *run->scenario;
	struct run *other;

	variant.profile = variant.other_profile;
	variant.is_without_patient = true;
	other = start(&variant, seed);
	run->scenario->compare(run, other);
	end(other);
}

json_t *scenario_run(const struct scenario *scenario, uint64_t seed, uint64_t *digest)
{
	struct run *run = start(scenario, seed);
	json_t *result = json_object();

	measure_common(run);
	measure_other_end(run);
	if (scenario->measure)
		scenario->measure(run);
	if (scenario->compare)
		compare(run, seed);
	*digest = call_digest(&run->call);
	json_object_set_new(result, "name", json_string(scenario->name));
	json_object_set_new(result, "mode", json_string("sim"));
	json_object_set_new(result, "system", json_string("vidd"));
	json_object_set_new(result, "seed", json_integer((json_int_t)seed));
	json_object_set_new(result, "void", json_false());
	json_object_set_new(result, "reason", json_string(""));
	json_object_set(result, "measures", run->measures);
	json_object_set_new(result, "series", series_of(run));
	end(run);
	return result;
}
