/* SPDX-License-Identifier: EUPL-1.2 */
/* From a scenario's words to people and links. */
#include <string.h>

#include "loadtest/scenario/scenario.h"

struct profile *load_profile(const char *name)
{
	const char *folder = g_getenv("VIDD_PROFILES");
	char *path = g_strdup_printf("%s/%s.json", folder ? folder : VIDD_PROFILES_DIR, name);
	struct profile *profile = NULL;
	char error[256] = "";

	if (profile_load(&profile, path, error, sizeof(error)) != 0)
		g_error("%s: %s", path, error);
	g_free(path);
	return profile;
}

struct member *add_person(struct run *run, const char *name, const struct party_config *party)
{
	size_t at = run->call.member_count;
	struct profile *profile = load_profile(name);
	bool is_swapped = run->scenario->is_swapped && at == CALL_PATIENT;
	enum profile_way down = is_swapped ? PROFILE_UP : PROFILE_DOWN;
	enum profile_way up = is_swapped ? PROFILE_DOWN : PROFILE_UP;
	uint64_t seed = run->call.config.seed * 31 + at;
	/* Signaling takes the same way: half a round trip, and the page's own work. */
	int64_t signal_us =
		(profile->way[down].config.delay_ns + profile->way[up].config.delay_ns) / 2000 +
		30000;
	struct member_config config = {.party = *party, .signal_us = signal_us};
	int64_t start_ns = CALL_START_US * 1000LL;

	run->profile[at] = profile;
	g_assert_cmpint(profile_link(&config.down, profile, down, seed, start_ns), ==, 0);
	g_assert_cmpint(profile_link(&config.up, profile, up, seed, start_ns), ==, 0);
	return call_add(&run->call, &config);
}

struct party_config person_config(const struct run *run)
{
	return (struct party_config){
		.audio_slots = 2,
		.video_slots = 2,
		.has_red = true,
		.has_audio_nack = run->scenario->has_audio_nack,
		.has_voice = true,
		.voice = {.bps = 24000, .is_continuous = true},
		.video_height = 720,
		.fps = 30,
		.priority = 1,
	};
}

void build_pair(struct run *run)
{
	struct party_config patient = person_config(run);
	const struct party_config clinician = person_config(run);

	patient.is_thin_up = run->scenario->is_thin_up;
	add_person(run, run->scenario->profile, &patient);
	add_person(run, "clean", &clinician);
	call_act(&run->call, 0, CALL_JOIN, 1, 0);
	call_act(&run->call, 0, CALL_JOIN, CALL_PATIENT, 0);
}
