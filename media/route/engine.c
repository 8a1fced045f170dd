/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/route/engine.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "media/route/room.h"
#include "media/wire/demux.h"

struct engine {
	struct outlet outlet;
	struct routes routes;
	struct table rooms;
	struct table peers;
	size_t max_rooms;
	size_t max_transports;
};

static struct room *find_room(const struct engine *engine, uint32_t id)
{
	struct table_node *node = table_first(&engine->rooms, table_hash_id(id));

	for (; node; node = table_next(node)) {
		struct room *room = (struct room *)node;

		if (room->id == id)
			return room;
	}
	return NULL;
}

static struct peer *find_peer(const struct engine *engine, uint32_t id)
{
	struct table_node *node = table_first(&engine->peers, table_hash_id(id));

	for (; node; node = table_next(node)) {
		struct peer *peer =
			(struct peer *)(void *)((char *)node - offsetof(struct peer, by_id));

		if (peer->transport.id == id)
			return peer;
	}
	return NULL;
}

/* --- life ------------------------------------------------------------------------------------ */

int engine_new(struct engine **out, int64_t now_us, const struct engine_config *config)
{
	struct engine *engine = calloc(1, sizeof(*engine));
	int err;

	if (!engine)
		return -ENOMEM;
	engine->max_rooms = config->max_rooms;
	engine->max_transports = config->max_transports;
	err = outlet_init(&engine->outlet, config);
	if (err) {
		free(engine);
		return err;
	}
	err = routes_init(&engine->routes, config->max_transports);
	if (!err)
		err = table_init(&engine->rooms, config->max_rooms);
	if (!err)
		err = table_init(&engine->peers, config->max_transports);
	if (err)
		engine_free(engine);
	else
		*out = engine;
	return err;
}

static void close_peer(struct engine *engine, int64_t now_us, struct peer *peer)
{
	table_remove(&engine->peers, &peer->by_id);
	room_remove(peer->room, now_us, peer);
}

static void close_room(struct engine *engine, int64_t now_us, struct room *room)
{
	while (room->peers)
		close_peer(engine, now_us, room->peers);
	table_remove(&engine->rooms, &room->by_id);
	room_free(room);
}

void engine_free(struct engine *engine)
{
	if (!engine)
		return;
	for (size_t i = 0; engine->rooms.bucket && i <= engine->rooms.mask; i++)
		while (engine->rooms.bucket[i])
			close_room(engine, 0, (struct room *)engine->rooms.bucket[i]);
	outlet_close(&engine->outlet);
	routes_close(&engine->routes);
	table_close(&engine->rooms);
	table_close(&engine->peers);
	free(engine);
}

/* --- commands -------------------------------------------------------------------------------- */

int engine_room_open(struct engine *engine, uint32_t room_id)
{
	struct room *room;
	int err;

	if (find_room(engine, room_id))
		return -EEXIST;
	if (engine->outlet.stats.rooms >= engine->max_rooms)
		return -ENOSPC;
	err = room_new(&room, &engine->outlet, room_id);
	if (!err)
		table_put(&engine->rooms, &room->by_id, table_hash_id(room_id));
	return err;
}

void engine_room_close(struct engine *engine, int64_t now_us, uint32_t room_id)
{
	struct room *room = find_room(engine, room_id);

	if (room)
		close_room(engine, now_us, room);
}

int engine_transport_open(struct engine *engine, int64_t now_us,
			  const struct transport_params *params)
{
	struct room *room = find_room(engine, params->room_id);
	struct peer *peer;
	int err;

	if (!room)
		return -ENOENT;
	if (find_peer(engine, params->transport_id))
		return -EEXIST;
	if (engine->outlet.stats.transports >= engine->max_transports)
		return -ENOSPC;
	err = room_add(room, now_us, &engine->routes, params, &peer);
	if (!err)
		table_put(&engine->peers, &peer->by_id, table_hash_id(params->transport_id));
	return err;
}

int engine_transport_update(struct engine *engine, int64_t now_us,
			    const struct transport_params *params)
{
	struct peer *peer = find_peer(engine, params->transport_id);

	if (!peer)
		return -ENOENT;
	return room_update(peer->room, now_us, peer, params);
}

void engine_transport_close(struct engine *engine, int64_t now_us, uint32_t transport_id)
{
	struct peer *peer = find_peer(engine, transport_id);

	if (peer)
		close_peer(engine, now_us, peer);
}

void engine_transport_circle(struct engine *engine, int64_t now_us, uint32_t transport_id,
			     uint8_t circle)
{
	struct peer *peer = find_peer(engine, transport_id);

	if (peer)
		room_move(peer->room, now_us, peer, circle);
}

/* --- packets and time ------------------------------------------------------------------------ */

/* What a call on the peer may have brought about: its end, or slots to look at again. */
static void follow_peer(struct engine *engine, int64_t now_us, struct peer *peer)
{
	if (peer->transport.state == TRANSPORT_GONE) {
		struct engine_event event =
			transport_event(&peer->transport, ENGINE_TRANSPORT_GONE);

		event.reason = peer->transport.gone_reason;
		close_peer(engine, now_us, peer);
		outlet_event(&engine->outlet, &event);
	} else if (peer->transport.slots_stale) {
		room_assign(peer->room, now_us);
	}
}

static void input_stun(struct engine *engine, int64_t now_us, const struct pkt *pkt)
{
	struct stun_peek peek;
	struct transport *transport;

	if (stun_peek_request(&peek, pkt->data, pkt->len)) {
		engine->outlet.stats.dropped_malformed++;
		return;
	}
	transport = routes_find_ufrag(&engine->routes, peek.local_ufrag);
	if (!transport) {
		engine->outlet.stats.dropped_unknown++;
		return;
	}
	transport_stun(transport, now_us, pkt);
	peer_follow((struct peer *)transport, now_us);
	follow_peer(engine, now_us, (struct peer *)transport);
}

static void input_from_path(struct engine *engine, int64_t now_us, struct pkt *pkt,
			    enum demux_kind kind)
{
	struct transport *transport = routes_find_path(&engine->routes, &pkt->path);

	/* Known by address and still validated, or it changes nothing (RTP bleed, DTLS race). */
	if (!transport || !ice_is_validated(&transport->ice, &pkt->path)) {
		engine->outlet.stats.dropped_unknown++;
		pkt_unref(pkt);
		return;
	}
	peer_input((struct peer *)transport, now_us, pkt, kind);
	follow_peer(engine, now_us, (struct peer *)transport);
}

void engine_input(struct engine *engine, int64_t now_us, struct pkt *pkt)
{
	enum demux_kind kind = DEMUX_DROP;

	engine->outlet.stats.packets_in++;
	engine->outlet.stats.bytes_in += pkt->len;
	if (pkt->len <= LIMIT_DATAGRAM_BYTES)
		kind = demux_classify(pkt->data, pkt->len);
	switch (kind) {
	case DEMUX_STUN:
		input_stun(engine, now_us, pkt);
		pkt_unref(pkt);
		break;
	case DEMUX_DTLS:
	case DEMUX_RTP:
	case DEMUX_RTCP:
		input_from_path(engine, now_us, pkt, kind);
		break;
	case DEMUX_DROP:
		engine->outlet.stats.dropped_malformed++;
		pkt_unref(pkt);
		break;
	}
}

void engine_timeout(struct engine *engine, int64_t now_us)
{
	struct heap_node *node;

	while ((node = heap_first(&engine->outlet.deadlines)) && node->deadline_us <= now_us) {
		struct peer *peer = (struct peer *)(void *)node;

		peer_timeout(peer, now_us);
		follow_peer(engine, now_us, peer);
	}
}

int64_t engine_deadline_us(const struct engine *engine)
{
	return heap_deadline_us(&engine->outlet.deadlines);
}

struct pkt_pool *engine_pool(struct engine *engine)
{
	return engine->outlet.pool;
}

void engine_spare(struct engine *engine, unsigned parts)
{
	engine->outlet.spared = parts;
}

struct pkt *engine_output(struct engine *engine)
{
	return outlet_take(&engine->outlet);
}

bool engine_event(struct engine *engine, struct engine_event *out)
{
	return outlet_take_event(&engine->outlet, out);
}

void engine_stats(const struct engine *engine, struct engine_stats *out)
{
	*out = engine->outlet.stats;
	out->pool_used = pkt_pool_used(engine->outlet.pool);
	out->pool_bytes = pkt_pool_bytes(engine->outlet.pool);
}
