/* SPDX-License-Identifier: EUPL-1.2 */
/* From the numbers of a scenario to people and links. */
#include <string.h>

#include "loadtest/scenario/scenario.h"

const struct access clean_access = {
	.down = {.step = {{0, 20000}}, .step_count = 1, .owd_ms = 10, .queue_ms = 200},
	.up = {.step = {{0, 20000}}, .step_count = 1, .owd_ms = 10, .queue_ms = 200},
};

static struct link_config link_of(const struct way *way, struct way_data *data)
{
	struct link_config config = {
		.framing = way->is_atm ? LINK_FRAMING_ATM : LINK_FRAMING_IP,
		.queue_bytes = (int64_t)(way->queue_kbytes * 1000),
		.queue_ns = (int64_t)(way->queue_ms * 1e6),
		.delay_ns = (int64_t)(way->owd_ms * 1e6),
		.jitter_ns = (int64_t)(way->jitter_ms * 1e6),
		.loss = way->loss,
		.ge_p_bad = way->ge_p_bad,
		.ge_p_good = way->ge_p_good,
		.ge_loss_bad = way->ge_p_bad > 0 ? 1 : 0,
		.outages = data->outage,
		.outage_count = data->outage_count,
		.windows = data->window,
		.window_count = data->window_count,
	};

	for (size_t i = 0; i < way->step_count; i++)
		data->step[i] = (struct link_step){.at_ns = (int64_t)(way->step[i].at_s * 1e9),
						   .value = (int64_t)(way->step[i].kbps * 1000)};
	config.rate.steps = data->trace ? data->trace : data->step;
	config.rate.count = data->trace ? data->trace_count : way->step_count;
	config.rate.loop_ns = data->trace ? data->trace_loop_ns : 0;
	config.delay.steps = data->delay;
	config.delay.count = data->delay_count;
	return config;
}

struct member *add_person(struct run *run, const struct access *access,
			  const struct party_config *party)
{
	struct way_data *data = run->data[run->call.member_count];
	/* Signaling takes the same way: half a round trip, and the page's own work. */
	double signal_ms = (access->down.owd_ms + access->up.owd_ms) / 2 + 30;
	const struct member_config config = {
		.party = *party,
		.down = link_of(&access->down, &data[0]),
		.up = link_of(&access->up, &data[1]),
		.signal_us = (int64_t)(signal_ms * 1000),
	};

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
	add_person(run, &run->scenario->access, &patient);
	add_person(run, &clean_access, &clinician);
	call_act(&run->call, 0, CALL_JOIN, 1, 0);
	call_act(&run->call, 0, CALL_JOIN, CALL_PATIENT, 0);
}
