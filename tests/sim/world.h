/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A small world: one engine, its clients, the network between them, one virtual clock. Runs a call
 * of minutes in milliseconds; the same seed gives the same packets.
 */
#ifndef VIDD_TESTS_SIM_WORLD_H
#define VIDD_TESTS_SIM_WORLD_H

#include "media/route/engine.h"
#include "tests/sim/client.h"

#define WORLD_CLIENTS  64
#define WORLD_EVENTS   4096
#define WORLD_START_US 1000000
#define WORLD_UNIX_US  1760000000000000 /* Unix time at the clock's zero */
#define WORLD_ROOM     1

struct world_config {
	uint64_t seed;
	size_t max_pkts;	/* 0: 8192 */
	size_t max_rooms;	/* 0: 4 */
	size_t max_transports;	/* 0: 16 */
	int video_max_encoding; /* -1: no cap */
};

struct world {
	int64_t now_us;
	struct net net;
	struct engine *engine;
	struct cert *cert;
	struct cert *client_cert;
	uint64_t seed;
	struct client *client[WORLD_CLIENTS];
	size_t client_count;
	struct engine_event event[WORLD_EVENTS];
	int64_t event_us[WORLD_EVENTS];
	size_t event_count;
	uint64_t strays; /* datagrams the engine sent to nobody */
	/* Set by a test that counts allocations; what the engine's calls added to it, those on
	 * STUN and DTLS apart. */
	uint64_t (*alloc_count)(void);
	uint64_t media_allocs;
	uint64_t other_allocs;
};

/* The room WORLD_ROOM is open. */
void world_init(struct world *world, const struct world_config *config);
void world_close(struct world *world);
/* A client on a clean link of delay_us each way, with slots and no source; not joined yet. */
struct client *world_add(struct world *world, const struct client_config *config, int64_t delay_us);
/* Opens the client's transport and lets it begin. */
void world_join(struct world *world, struct client *client);
/* Client of the usual kind: one microphone, one camera, slots for others, joined. */
struct client *world_add_caller(struct world *world, uint32_t id, int64_t delay_us);
void world_update(struct world *world, struct client *client);
void world_run(struct world *world, int64_t duration_us);
/* Hands the engine a datagram as if it came from path. */
void world_inject(struct world *world, const struct path *path, const uint8_t *data, size_t len);
/* The last event of this type about the transport, or NULL. */
const struct engine_event *world_event(const struct world *world, enum engine_event_type type,
				       uint32_t transport_id);
size_t world_count_events(const struct world *world, enum engine_event_type type,
			  uint32_t transport_id);
/* The track that a slot shows, by the events. */
uint32_t world_shown(const struct world *world, const struct client *client, size_t slot);
struct engine_stats world_stats(const struct world *world);

#endif
