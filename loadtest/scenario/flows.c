/* SPDX-License-Identifier: EUPL-1.2 */
/* Scenarios 3, 4 and 5 of docs/adaptation.md 4: beside TCP, three pictures at once, ADSL. */
#include <math.h>

#include "loadtest/scenario/scenario.h"
#include "loadtest/scenario/tables.h"

static void add_flow(struct run *run, const struct cubic_config *config)
{
	run->cubic = g_new0(struct cubic, 1);
	cubic_init(run->cubic, config);
	run->call.other = run->cubic;
	run->call.other_deadline_us = cubic_deadline_us;
	run->call.other_timeout = cubic_timeout;
}

/* --- 3: RFC 8867 5.6 -------------------------------------------------------------------------- */

#define TCP_END_S 119

static void build_tcp(struct run *run)
{
	const struct party_config person = person_config(run);
	struct cubic_config flow = {.from_us = CALL_START_US,
				    .to_us = CALL_START_US + TCP_END_S * SCENARIO_S,
				    .bytes = INT64_MAX};
	struct member *patient = add_person(run, run->scenario->profile, &person);

	add_person(run, "clean", &person);
	flow.data = &patient->down;
	flow.acks = &patient->up;
	add_flow(run, &flow);
	call_act(&run->call, 5 * SCENARIO_S, CALL_JOIN, 1, 0);
	call_act(&run->call, 5 * SCENARIO_S, CALL_JOIN, CALL_PATIENT, 0);
}

static void measure_tcp(struct run *run)
{
	int64_t from = 15 * SCENARIO_S;
	int64_t to = TCP_END_S * SCENARIO_S;
	double capacity = leg_capacity_bps(run->leg, from, to);

	measure_set(run, "media_bps", leg_media_bps(run->leg, from, to));
	measure_set(run, "media_share", leg_media_bps(run->leg, from, to) / capacity);
	measure_set(run, "tcp_share", leg_cross_bps(run->leg, from, to) / capacity);
	measure_set(run, "drained_after_tcp_s",
		    leg_drained_s(run->leg, to, to + 30 * SCENARIO_S, 80));
}

/* --- 4: RFC 8867 5.4 and 5.8 ------------------------------------------------------------------ */

#define PAUSED 2 /* the member whose camera rests from 40 to 60 s */
#define FLOWS  3

/* One receiver of three cameras: one controller, three flows. */
static void build_three(struct run *run)
{
	struct party_config receiver = person_config(run);
	struct party_config sender = person_config(run);
	struct party_config voice = person_config(run);

	receiver.video_slots = FLOWS;
	receiver.audio_slots = FLOWS;
	receiver.video_height = 0;
	/* Cameras, not people: nobody else views them, so they may be fitted to the receiver. */
	sender.video_slots = 0;
	/* Whoever speaks is seen first: the flow of sound comes from somebody without a camera. */
	sender.has_voice = false;
	voice.video_height = 0;
	voice.video_slots = 0;
	add_person(run, run->scenario->profile, &receiver);
	for (size_t i = 0; i < FLOWS; i++)
		add_person(run, "clean", &sender);
	add_person(run, "clean", &voice);
	for (size_t i = 0; i <= FLOWS + 1; i++)
		call_act(&run->call, 0, CALL_JOIN, i, 0);
	call_act(&run->call, 40 * SCENARIO_S, CALL_CAMERA, PAUSED, 0);
	call_act(&run->call, 60 * SCENARIO_S, CALL_CAMERA, PAUSED, 1);
}

static double flow_bytes(const struct run *run, size_t flow, int64_t from_s, int64_t to_s)
{
	const struct party *party = &run->call.member[CALL_PATIENT]->party;
	double sum = 0;

	/* The clock begins at 1 s. */
	for (int64_t s = from_s; s < to_s; s++) {
		size_t second = (size_t)(s + CALL_START_US / SCENARIO_S);

		sum += party->video_bytes[flow + 2][second];
	}
	return sum;
}

/* Jain's index of the three flows. */
static double fairness(const struct run *run, int64_t from_s, int64_t to_s)
{
	double sum = 0;
	double squares = 0;

	for (size_t i = 0; i < FLOWS; i++) {
		double bytes = flow_bytes(run, i, from_s, to_s);

		sum += bytes;
		squares += bytes * bytes;
	}
	return squares > 0 ? sum * sum / (FLOWS * squares) : 0;
}

/* Until the paused flow has 80 % of a third for 2 s. */
static double shares_restored_s(const struct run *run)
{
	for (int64_t s = 60; s < 100; s++) {
		double all = 0;

		for (size_t i = 0; i < FLOWS; i++)
			all += flow_bytes(run, i, s, s + 2);
		if (all > 0 && flow_bytes(run, PAUSED - 1, s, s + 2) >= 0.8 * all / FLOWS)
			return (double)(s - 60);
	}
	return SCENARIO_NEVER;
}

static void measure_three(struct run *run)
{
	double least = 1;
	double ceiling = FLOWS * 2660000.0;

	for (int64_t s = 10; s + 10 <= run->call.config.duration_us / SCENARIO_S; s += 10)
		if (s < 40 || s >= 70)
			least = fmin(least, fairness(run, s, s + 10));
	measure_set(run, "jain_min", least);
	measure_set(run, "jain", fairness(run, 70, 170));
	measure_set(run, "regain_s",
		    leg_recovery_s(run->leg, 40 * SCENARIO_S, 60 * SCENARIO_S, ceiling * 2 / 3));
	measure_set(run, "restored_s", shares_restored_s(run));
	measure_set(
		run, "utilisation",
		leg_utilisation(run->leg, 6 * SCENARIO_S, run->call.config.duration_us, ceiling));
}

/* --- 5: what is left of ADSL ------------------------------------------------------------------ */

#define UPLOAD_S     60
#define UPLOAD_BYTES 500000

static void build_upload(struct run *run)
{
	struct cubic_config flow = {.from_us = CALL_START_US + UPLOAD_S * SCENARIO_S,
				    .to_us = INT64_MAX,
				    .bytes = UPLOAD_BYTES};
	struct member *patient;

	build_pair(run);
	patient = run_patient(run);
	flow.data = &patient->up;
	flow.acks = &patient->down;
	add_flow(run, &flow);
	/* Queues and losses of the upload are judged apart. */
	patient->up.skip[patient->up.skip_count++] =
		(struct leg_window){UPLOAD_S * SCENARIO_S, (UPLOAD_S + 60) * SCENARIO_S};
}

/* The first second from at on in which pictures come 10 times. */
static double pictures_back_s(const struct run *run, int64_t at_us)
{
	const struct party_slot *slot = watch_main_picture(&run->call.member[1]->party);

	for (int64_t t = at_us; slot && t + SCENARIO_S <= run_end_us(run); t += 100000)
		if (watch_frames(slot->shown, t, t + SCENARIO_S) >= 10)
			return (double)(t - at_us) / 1e6;
	return SCENARIO_NEVER;
}

static void measure_upload(struct run *run)
{
	int64_t from = CALL_START_US + UPLOAD_S * SCENARIO_S;
	int64_t done = run->cubic->done_us ? run->cubic->done_us : run_end_us(run);
	const struct leg_window burst = {from, done + 5 * SCENARIO_S};
	const struct watch_windows skip = {&burst, 1};
	struct watch_sound sound;

	watch_sound(&run->call.member[1]->party, from, burst.to_us, NULL, &sound);
	measure_set(run, "up_audible_concealment_upload", watch_concealment(&sound));
	watch_sound(&run->call.member[1]->party, 0, run_end_us(run), &skip, &sound);
	measure_set(run, "up_audible_concealment_outside", watch_concealment(&sound));
	measure_set(run, "upload_s", (double)(done - from) / 1e6);
	measure_set(run, "up_picture_back_s", pictures_back_s(run, done));
}

static const struct scenario table[] = {
	{
		.name = "03-tcp-300",
		.profile = "s03-tcp-300",
		.has_audio_nack = true,
		.build = build_tcp,
		.measure = measure_tcp,
	},
	{
		.name = "03-tcp-1000",
		.profile = "s03-tcp-1000",
		.has_audio_nack = true,
		.build = build_tcp,
		.measure = measure_tcp,
	},
	{
		.name = "04-three-flows",
		.profile = "s04-three-flows",
		.has_audio_nack = true,
		.build = build_three,
		.measure = measure_three,
	},
	{
		.name = "05-adsl-remnant",
		.profile = "s05-adsl-remnant",
		.is_thin_up = true,
		.has_audio_nack = true,
		.build = build_pair,
	},
	{
		.name = "05-adsl-upload",
		.profile = "s05-adsl-remnant",
		.is_thin_up = true,
		.has_audio_nack = true,
		.build = build_upload,
		.measure = measure_upload,
	},
};

const struct scenario *scenarios_flows(size_t *count)
{
	*count = sizeof(table) / sizeof(table[0]);
	return table;
}
