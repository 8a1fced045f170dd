/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/scenario/call.h"

#include <glib.h>
#include <string.h>

#include "media/wire/demux.h"

#define UNIX_US 1760000000000000

enum {
	CALL_TICK_US = LEG_SAMPLE_US,
	CALL_SERIES_US = 200000,
	CALL_TURNS = 10000,
	CALL_SMALL_DTLS = 200,
	CALL_LARGE_DTLS = 800,
	CALL_BURST_PACKET = 1200,
	CALL_RESUME_US = 300000, /* the page notices that signaling is back: guess */
};

/* --- setting up ------------------------------------------------------------------------------- */

void call_init(struct call *call, const struct call_config *config)
{
	static bool is_library_ready;
	struct engine_config engine = {
		.rng = rng_seeded(config->seed * 7919 + 1),
		.unix_offset_us = UNIX_US,
		.max_pkts = 16384,
		.max_rooms = 1,
		.max_transports = CALL_MEMBERS,
		.video_max_encoding = LIMIT_ENCODINGS - 1,
	};

	if (!is_library_ready)
		g_assert_cmpint(srtp_link_library_init(), ==, 0);
	is_library_ready = true;
	*call = (struct call){.config = *config, .now_us = CALL_START_US};
	call->sample_us = CALL_START_US;
	g_assert_cmpint(cert_new(&call->cert, UNIX_US / 1000000), ==, 0);
	g_assert_cmpint(cert_new(&call->member_cert, UNIX_US / 1000000), ==, 0);
	engine.cert = call->cert;
	g_assert_cmpint(engine_new(&call->engine, call->now_us, &engine), ==, 0);
	g_assert_cmpint(engine_room_open(call->engine, CALL_ROOM), ==, 0);
}

void call_close(struct call *call)
{
	engine_free(call->engine);
	for (size_t i = 0; i < call->member_count; i++) {
		party_close(&call->member[i]->party);
		leg_close(&call->member[i]->up);
		leg_close(&call->member[i]->down);
		g_free(call->member[i]);
	}
	post_close(&call->post);
	cert_free(call->cert);
	cert_free(call->member_cert);
}

/* --- packets ---------------------------------------------------------------------------------- */

static size_t charged(const uint8_t *data, size_t len)
{
	if (demux_classify(data, len) != DEMUX_DTLS)
		return len + LEG_HEADERS;
	return (len <= CALL_SMALL_DTLS ? CALL_SMALL_DTLS : CALL_LARGE_DTLS) + LEG_HEADERS;
}

/* Parcels to the engine bear the sender's number after those of the members. */
static void send_up(void *arg, int64_t now_us, const uint8_t *data, size_t len)
{
	struct member *member = arg;
	int64_t due = leg_send(&member->up, now_us, charged(data, len), leg_classify(data, len));

	if (due != INT64_MAX)
		post_send(member->post, due, (int)(CALL_MEMBERS + member->party.config.id - 1),
			  data, len);
}

struct member *call_add(struct call *call, const struct member_config *config)
{
	struct member *member = g_new0(struct member, 1);
	size_t at = call->member_count;
	uint32_t id = (uint32_t)at + 1;
	struct party_config party = config->party;

	g_assert_cmpuint(at, <, CALL_MEMBERS);
	member->post = &call->post;
	party.id = id;
	party.seed = call->config.seed;
	party.signal_us = config->signal_us;
	party.wire = (struct wire_config){
		.cert = call->member_cert, .peer = call->cert, .send = send_up, .arg = member};
	party_init(&member->party, &party);
	leg_init(&member->up, config->up, CALL_START_US, call->config.duration_us);
	leg_init(&member->down, config->down, CALL_START_US, call->config.duration_us);
	member->path.remote = (struct addr){.family = ADDR_IPV4, .port = (uint16_t)(40000 + id)};
	memcpy(member->path.remote.ip, (uint8_t[]){10, 0, 0, (uint8_t)id}, 4);
	member->deadline_us = INT64_MAX;
	member->back_us = INT64_MAX;
	member->signal_us = config->signal_us;
	call->member[call->member_count++] = member;
	return member;
}

void call_act(struct call *call, int64_t at_us, enum call_action_kind kind, size_t member,
	      int64_t value)
{
	g_assert_cmpuint(call->action_count, <, CALL_ACTIONS);
	call->action[call->action_count++] = (struct call_action){
		.at_us = at_us + CALL_START_US, .kind = kind, .member = member, .value = value};
}

/* --- what signaling does ---------------------------------------------------------------------- */

static void join(struct call *call, struct member *member)
{
	const struct transport_params *params = party_params(&member->party, CALL_ROOM);

	g_assert_cmpint(engine_transport_open(call->engine, call->now_us, params), ==, 0);
	if (member->joined_us == 0)
		member->joined_us = call->now_us;
	wire_start(&member->party.wire, call->now_us);
	member->deadline_us = call->now_us;
}

/* The first time that both ways carry something again. */
static int64_t next_link_us(const struct member *member, int64_t now_us)
{
	int64_t at = now_us;

	while (link_rate_bps(member->up.link, at * 1000) == 0 ||
	       link_rate_bps(member->down.link, at * 1000) == 0)
		at += CALL_TICK_US;
	return at;
}

/* The page finds its connection given up when signaling is back, and makes a new one. */
static void member_gone(struct call *call, struct member *member)
{
	call->gone++;
	member->lost_us = call->now_us;
	member->back_us =
		next_link_us(member, call->now_us) + CALL_RESUME_US + 2 * member->signal_us;
}

static void come_back(struct call *call, struct member *member)
{
	member->back_us = INT64_MAX;
	member->reconnects++;
	party_reconnect(&member->party);
	join(call, member);
}

static void act(struct call *call, const struct call_action *action)
{
	struct member *member = call->member[action->member];
	struct leg *leg = action->kind == CALL_BURST_UP ? &member->up : &member->down;

	switch (action->kind) {
	case CALL_JOIN:
		join(call, member);
		break;
	case CALL_CAMERA:
		party_camera(&member->party, call->now_us, action->value != 0);
		break;
	case CALL_SPEAK:
		member->party.voice.is_muted = action->value == 0;
		break;
	case CALL_BURST_UP:
	case CALL_BURST_DOWN:
		for (int64_t left = action->value; left > 0; left -= CALL_BURST_PACKET)
			(void)leg_send(leg, call->now_us, CALL_BURST_PACKET + 40, LEG_CROSS);
		break;
	}
}

static struct member *by_id(struct call *call, uint32_t id)
{
	return id > 0 && id <= call->member_count ? call->member[id - 1] : NULL;
}

static void take_event(struct call *call, const struct engine_event *event)
{
	struct member *member = by_id(call, event->transport_id);
	struct member *owner = by_id(call, event->track_id / 10);

	switch (event->type) {
	case ENGINE_TRANSPORT_GONE:
		if (member)
			member_gone(call, member);
		break;
	case ENGINE_QUALITY:
		if (member)
			member->estimate_bps = (float)event->down_bps;
		break;
	case ENGINE_WANT:
		if (owner) {
			party_want(&owner->party, call->now_us,
				   (enum media_kind)(event->track_id % 10), &event->want);
			owner->deadline_us = party_deadline_us(&owner->party);
		}
		break;
	default:
		break;
	}
}

/* --- the clock -------------------------------------------------------------------------------- */

static void drain(struct call *call)
{
	struct engine_event event;
	struct pkt *pkt;

	while ((pkt = engine_output(call->engine))) {
		for (size_t i = 0; i < call->member_count; i++) {
			struct member *member = call->member[i];
			int64_t due;

			if (!addr_equal(&member->path.remote, &pkt->path.remote))
				continue;
			due = leg_send(&member->down, call->now_us, charged(pkt->data, pkt->len),
				       leg_classify(pkt->data, pkt->len));
			if (due != INT64_MAX)
				post_send(&call->post, due, (int)i, pkt->data, pkt->len);
			break;
		}
		pkt_unref(pkt);
	}
	while (engine_event(call->engine, &event))
		take_event(call, &event);
}

static void deliver(struct call *call, const struct parcel *parcel)
{
	struct member *member = call->member[parcel->to % CALL_MEMBERS];
	struct pkt *pkt;

	if (parcel->to < CALL_MEMBERS) {
		party_input(&member->party, call->now_us, parcel->data, parcel->len);
		member->deadline_us = party_deadline_us(&member->party);
		return;
	}
	pkt = pkt_get(engine_pool(call->engine));
	g_assert_nonnull(pkt);
	memcpy(pkt->data, parcel->data, parcel->len);
	pkt->len = (uint16_t)parcel->len;
	pkt->path = member->path;
	pkt->arrival_us = call->now_us;
	engine_input(call->engine, call->now_us, pkt);
	drain(call);
}

static void sample(struct call *call)
{
	int64_t age = call->now_us - CALL_START_US;

	for (size_t i = 0; i < call->member_count; i++) {
		struct member *member = call->member[i];

		leg_sample(&member->up, call->now_us);
		leg_sample(&member->down, call->now_us);
		if (age % CALL_SERIES_US == 0 && call->samples < CALL_SAMPLES)
			member->sample[call->samples].estimate_bps = member->estimate_bps;
	}
	if (age % CALL_SERIES_US == 0 && call->samples < CALL_SAMPLES)
		call->samples++;
	call->sample_us += CALL_TICK_US;
}

static int64_t next_us(const struct call *call)
{
	int64_t first = call->sample_us;
	int64_t other = post_deadline_us(&call->post);

	first = other < first ? other : first;
	other = engine_deadline_us(call->engine);
	first = other < first ? other : first;
	if (call->action_next < call->action_count)
		first = MIN(first, call->action[call->action_next].at_us);
	if (call->other)
		first = MIN(first, call->other_deadline_us(call->other));
	for (size_t i = 0; i < call->member_count; i++) {
		first = MIN(first, call->member[i]->deadline_us);
		first = MIN(first, call->member[i]->back_us);
	}
	return first;
}

static void members_timeout(struct call *call)
{
	for (size_t i = 0; i < call->member_count; i++) {
		struct member *member = call->member[i];

		if (member->back_us <= call->now_us)
			come_back(call, member);
		if (member->deadline_us > call->now_us)
			continue;
		party_timeout(&member->party, call->now_us);
		member->deadline_us = party_deadline_us(&member->party);
		g_assert_cmpint(member->deadline_us, >, call->now_us);
	}
}

static void step(struct call *call)
{
	struct parcel *parcel;

	while (call->action_next < call->action_count &&
	       call->action[call->action_next].at_us <= call->now_us)
		act(call, &call->action[call->action_next++]);
	while ((parcel = post_take(&call->post, call->now_us))) {
		deliver(call, parcel);
		post_done(&call->post, parcel);
	}
	if (engine_deadline_us(call->engine) <= call->now_us) {
		engine_timeout(call->engine, call->now_us);
		drain(call);
	}
	if (call->other)
		call->other_timeout(call->other, call->now_us);
	members_timeout(call);
	drain(call);
	if (call->sample_us <= call->now_us)
		sample(call);
}

void call_run(struct call *call)
{
	int64_t until_us = CALL_START_US + call->config.duration_us;
	unsigned turns = 0;
	int64_t next;

	while ((next = next_us(call)) <= until_us) {
		turns = next > call->now_us ? 0 : turns + 1;
		g_assert_cmpuint(turns, <, CALL_TURNS); /* else somebody's deadline stands still */
		if (next > call->now_us)
			call->now_us = next;
		step(call);
	}
	call->now_us = until_us;
	for (size_t i = 0; i < call->member_count; i++)
		for (size_t s = 0; s < call->member[i]->party.slot_count; s++)
			if (call->member[i]->party.slot[s].picture)
				picture_finish(call->member[i]->party.slot[s].picture, until_us);
}

uint64_t call_digest(const struct call *call)
{
	uint64_t digest = 14695981039346656037ull;

	for (size_t i = 0; i < call->member_count; i++)
		digest = (digest ^ call->member[i]->party.digest) * 1099511628211ull;
	return digest;
}
