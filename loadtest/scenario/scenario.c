/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/scenario/scenario.h"

#include <string.h>

/* 720p at its best, a voice, and the headers of both (adaptation.md 3). */
#define CEILING_BPS 2720000

json_t *scenario_run(const struct scenario *scenario, uint64_t seed, uint64_t *digest)
{
	const struct call_config config = {.seed = seed,
					   .duration_us = scenario->duration_s * SCENARIO_S};
	struct run *run = g_new0(struct run, 1);
	json_t *result = json_object();
	json_t *series;

	run->scenario = scenario;
	run->measures = json_object();
	run->ceiling_bps = CEILING_BPS;
	call_init(&run->call, &config);
	scenario->build(run);
	call_run(&run->call);
	measure_common(run);
	if (scenario->measure)
		scenario->measure(run);
	series = series_of(run, run->call.member[CALL_PATIENT]);
	*digest = call_digest(&run->call);
	if (scenario->whole)
		scenario->whole(run, seed);
	json_object_set_new(result, "name", json_string(scenario->name));
	json_object_set_new(result, "mode", json_string("sim"));
	json_object_set_new(result, "system", json_string("vidd"));
	json_object_set_new(result, "seed", json_integer((json_int_t)seed));
	json_object_set_new(result, "void", json_false());
	json_object_set_new(result, "reason", json_string(""));
	json_object_set_new(result, "measures", run->measures);
	json_object_set_new(result, "series", series);
	call_close(&run->call);
	for (size_t i = 0; i < CALL_MEMBERS; i++) {
		g_free(run->data[i][0].trace);
		g_free(run->data[i][1].trace);
	}
	g_free(run->extra);
	g_free(run);
	return result;
}
