/* SPDX-License-Identifier: EUPL-1.2 */
#include "tests/sim/world.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "media/wire/demux.h"

/* Once per process, whatever the number of worlds. */
static void init_library(void)
{
	static bool is_done;

	if (!is_done)
		g_assert_cmpint(srtp_link_library_init(), ==, 0);
	is_done = true;
}

/* Another luck for the same story: `script/test --long` tells each one with many. */
static uint64_t seed_of(const struct world_config *config)
{
	const char *luck = g_getenv("VIDD_LUCK");

	return config->seed + (luck ? 1000 * g_ascii_strtoull(luck, NULL, 10) : 0);
}

void world_init(struct world *world, const struct world_config *config)
{
	uint64_t seed = seed_of(config);
	struct engine_config engine = {
		.rng = rng_seeded(seed * 7919 + 1),
		.unix_offset_us = WORLD_UNIX_US,
		.max_pkts = config->max_pkts ? config->max_pkts : 8192,
		.max_rooms = config->max_rooms ? config->max_rooms : 4,
		.max_transports = config->max_transports ? config->max_transports : 16,
		.video_max_encoding = config->video_max_encoding < 0 ? LIMIT_ENCODINGS - 1
								     : config->video_max_encoding,
	};

	init_library();
	memset(world, 0, sizeof(*world));
	world->now_us = WORLD_START_US;
	world->seed = seed;
	net_init(&world->net, seed);
	g_assert_cmpint(cert_new(&world->cert, WORLD_UNIX_US / 1000000), ==, 0);
	g_assert_cmpint(cert_new(&world->client_cert, WORLD_UNIX_US / 1000000), ==, 0);
	engine.cert = world->cert;
	g_assert_cmpint(engine_new(&world->engine, world->now_us, &engine), ==, 0);
	g_assert_cmpint(engine_room_open(world->engine, WORLD_ROOM), ==, 0);
}

void world_close(struct world *world)
{
	engine_free(world->engine);
	for (size_t i = 0; i < world->client_count; i++) {
		client_close(world->client[i]);
		g_free(world->client[i]);
	}
	net_close(&world->net);
	cert_free(world->cert);
	cert_free(world->client_cert);
}

struct client *world_add(struct world *world, const struct client_config *config, int64_t delay_us)
{
	struct client *client = g_new0(struct client, 1);
	struct client_config full = *config;

	g_assert_cmpuint(world->client_count, <, WORLD_CLIENTS);
	full.seed = world->seed;
	full.pt_base = full.pt_base ? full.pt_base : 96;
	full.ext_base = full.ext_base ? full.ext_base : 1;
	client_init(client, &world->net, world->client_cert, &full);
	memcpy(client->engine_fingerprint, cert_fingerprint(world->cert), CERT_FINGERPRINT_BYTES);
	client->up.delay_us = delay_us;
	client->down.delay_us = delay_us;
	client->check_us = INT64_MAX;
	world->client[world->client_count++] = client;
	return client;
}

/* --- the engine's outputs --------------------------------------------------------------------- */

static struct client *client_at(struct world *world, const struct path *path)
{
	for (size_t i = 0; i < world->client_count; i++)
		if (path_equal(&world->client[i]->path, path))
			return world->client[i];
	return NULL;
}

static void send_down(struct world *world, const struct client *client, const struct pkt *pkt)
{
	const struct net_way way = {.link = &client->down, .path = pkt->path, .to_engine = false};

	net_send(&world->net, world->now_us, &way, pkt->data, pkt->len);
}

static void drain(struct world *world)
{
	struct pkt *pkt;

	while ((pkt = engine_output(world->engine))) {
		struct client *client = client_at(world, &pkt->path);

		g_assert_cmpuint(pkt->len, >, 0);
		g_assert_cmpuint(pkt->len, <=, LIMIT_DATAGRAM_BYTES);
		if (client)
			send_down(world, client, pkt);
		else
			world->strays++;
		pkt_unref(pkt);
	}
	while (world->event_count < WORLD_EVENTS &&
	       engine_event(world->engine, &world->event[world->event_count]))
		world->event_us[world->event_count++] = world->now_us;
	g_assert_cmpuint(world->event_count, <, WORLD_EVENTS);
}

void world_join(struct world *world, struct client *client)
{
	static struct transport_params params;

	client_params(client, WORLD_ROOM, &params);
	g_assert_cmpint(engine_transport_open(world->engine, world->now_us, &params), ==, 0);
	client->check_us = world->now_us;
	drain(world);
}

void world_update(struct world *world, struct client *client)
{
	static struct transport_params params;

	client_params(client, WORLD_ROOM, &params);
	g_assert_cmpint(engine_transport_update(world->engine, world->now_us, &params), ==, 0);
	drain(world);
}

struct client *world_add_caller(struct world *world, uint32_t id, int64_t delay_us)
{
	struct client_config config = {
		.id = id,
		.engine_role = DTLS_SERVER,
		.audio_slots = 4,
		.video_slots = 4,
		.has_rtx = true,
		.has_tcc = true,
	};
	struct client *client = world_add(world, &config, delay_us);

	client_add_source(client, MEDIA_AUDIO, id * 10, 1);
	client_add_source(client, MEDIA_VIDEO, id * 10 + 1, 1);
	world_join(world, client);
	return client;
}

/* --- the clock -------------------------------------------------------------------------------- */

static uint64_t allocs(const struct world *world)
{
	return world->alloc_count ? world->alloc_count() : 0;
}

static void input(struct world *world, struct pkt *pkt)
{
	enum demux_kind kind = demux_classify(pkt->data, pkt->len);
	uint64_t before = allocs(world);

	engine_input(world->engine, world->now_us, pkt);
	if (kind == DEMUX_RTP || kind == DEMUX_RTCP)
		world->media_allocs += allocs(world) - before;
	else
		world->other_allocs += allocs(world) - before;
}

void world_inject(struct world *world, const struct path *path, const uint8_t *data, size_t len)
{
	struct pkt *pkt = pkt_get(engine_pool(world->engine));

	g_assert_nonnull(pkt);
	if (len > pkt->room)
		len = pkt->room;
	memcpy(pkt->data, data, len);
	pkt->len = (uint16_t)len;
	pkt->path = *path;
	pkt->arrival_us = world->now_us;
	input(world, pkt_fit(pkt)); /* as server/udp does */
	drain(world);
}

static int64_t next_us(const struct world *world)
{
	int64_t first = net_deadline_us(&world->net);

	if (engine_deadline_us(world->engine) < first)
		first = engine_deadline_us(world->engine);
	for (size_t i = 0; i < world->client_count; i++)
		if (client_deadline_us(world->client[i]) < first)
			first = client_deadline_us(world->client[i]);
	return first;
}

static void deliver(struct world *world, const struct net_datagram *datagram)
{
	struct client *client;

	if (datagram->to_engine) {
		world_inject(world, &datagram->path, datagram->data, datagram->len);
		return;
	}
	client = client_at(world, &datagram->path);
	if (client)
		client_input(client, world->now_us, datagram->data, datagram->len);
}

static void step(struct world *world)
{
	struct net_datagram *datagram;

	while ((datagram = net_take(&world->net, world->now_us))) {
		deliver(world, datagram);
		g_free(datagram);
	}
	if (engine_deadline_us(world->engine) <= world->now_us) {
		uint64_t before = allocs(world);

		engine_timeout(world->engine, world->now_us);
		world->media_allocs += allocs(world) - before;
		drain(world);
		g_assert_cmpint(engine_deadline_us(world->engine), >, world->now_us);
	}
	for (size_t i = 0; i < world->client_count; i++)
		if (client_deadline_us(world->client[i]) <= world->now_us)
			client_timeout(world->client[i], world->now_us);
}

void world_run(struct world *world, int64_t duration_us)
{
	int64_t until_us = world->now_us + duration_us;
	int64_t next;

	while ((next = next_us(world)) <= until_us) {
		if (next > world->now_us)
			world->now_us = next;
		step(world);
	}
	world->now_us = until_us;
}

/* --- looking ---------------------------------------------------------------------------------- */

const struct engine_event *world_event(const struct world *world, enum engine_event_type type,
				       uint32_t transport_id)
{
	for (size_t i = world->event_count; i > 0; i--)
		if (world->event[i - 1].type == type &&
		    world->event[i - 1].transport_id == transport_id)
			return &world->event[i - 1];
	return NULL;
}

size_t world_count_events(const struct world *world, enum engine_event_type type,
			  uint32_t transport_id)
{
	size_t count = 0;

	for (size_t i = 0; i < world->event_count; i++)
		count += world->event[i].type == type &&
			 world->event[i].transport_id == transport_id;
	return count;
}

uint32_t world_shown(const struct world *world, const struct client *client, size_t slot)
{
	char mid[LIMIT_MID_BYTES + 1];

	g_snprintf(mid, sizeof(mid), "%zu", client->source_count + slot);
	for (size_t i = world->event_count; i > 0; i--) {
		const struct engine_event *event = &world->event[i - 1];

		if (event->type == ENGINE_SLOT && event->transport_id == client->config.id &&
		    strcmp(event->mid, mid) == 0)
			return event->track_id;
	}
	return 0;
}

struct engine_stats world_stats(const struct world *world)
{
	struct engine_stats stats;

	engine_stats(world->engine, &stats);
	return stats;
}
