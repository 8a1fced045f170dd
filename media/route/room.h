/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Who is together, and who is shown to whom: a room's peers and their tracks in order of creation,
 * and the filling of slots (demand.h decides). Slot changes are told as ENGINE_SLOT and
 * ENGINE_SLOTS_SHORT events. One thread.
 */
#ifndef VIDD_MEDIA_ROUTE_ROOM_H
#define VIDD_MEDIA_ROUTE_ROOM_H

#include "media/route/peer.h"

struct room {
	struct table_node by_id; /* first: what the table hands back */
	uint32_t id;
	struct outlet *outlet;
	struct peer *peers;
	size_t peer_count;
	struct track *tracks[LIMIT_ROOM_TRACKS]; /* in order of creation */
	size_t track_count;
};

/* 0 or -ENOMEM. */
int room_new(struct room **out, struct outlet *outlet, uint32_t id);
/* It must be empty. NULL is legal. */
void room_free(struct room *room);

/* 0 and *out the new peer; -ENOSPC a limit; or an error of peer_new. */
int room_add(struct room *room, int64_t now_us, struct routes *routes,
	     const struct transport_params *params, struct peer **out);
/* 0, -ENOSPC, -EINVAL (role or fingerprint changed, bad counts), -ENOMEM, -EEXIST. */
int room_update(struct room *room, int64_t now_us, struct peer *peer,
		const struct transport_params *params);
/* To another circle, at once; see engine_transport_circle. */
void room_move(struct room *room, int64_t now_us, struct peer *peer, uint8_t circle);
/* Frees the peer; its tracks leave everybody's slots. */
void room_remove(struct room *room, int64_t now_us, struct peer *peer);
/* Looks at all slots again. */
void room_assign(struct room *room, int64_t now_us);

#endif
