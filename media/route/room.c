/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/route/room.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "media/route/demand.h"
#include "media/route/match.h"

int room_new(struct room **out, struct outlet *outlet, uint32_t id)
{
	struct room *room = calloc(1, sizeof(*room));

	if (!room)
		return -ENOMEM;
	room->id = id;
	room->outlet = outlet;
	outlet->stats.rooms++;
	*out = room;
	return 0;
}

void room_free(struct room *room)
{
	if (!room)
		return;
	assert(!room->peers && room->track_count == 0);
	room->outlet->stats.rooms--;
	free(room);
}

/* --- slots ----------------------------------------------------------------------------------- */

static void show(struct sub *sub, int64_t now_us, struct track *track)
{
	struct engine_event event = transport_event(sub->transport, ENGINE_SLOT);

	if (sub->track)
		track_remove_sub(sub->track, now_us, sub);
	if (track)
		track_add_sub(track, now_us, sub);
	memcpy(event.mid, sub->mline->mid, sizeof(event.mid));
	event.kind = sub->mline->kind;
	event.track_id = track ? track->id : 0;
	outlet_event(sub->transport->outlet, &event);
}

/* One peer's slots of a kind and what may be in them, gathered for demand.h. */
struct gathered {
	struct sub *sub[LIMIT_MLINES];
	struct demand_slot slot[LIMIT_MLINES];
	size_t slot_count;
	struct track *track[LIMIT_ROOM_TRACKS];
	uint32_t owner[LIMIT_ROOM_TRACKS];
	size_t track_count;
};

static uint8_t circle_of(const struct track *track)
{
	/* A transport is its peer's first member. */
	return ((const struct peer *)track->transport)->circle;
}

/* Whether this peer may get the track at all. */
static bool may_see(const struct peer *peer, const struct track *track)
{
	bool is_own = track->owner == peer->owner;

	if (peer->is_mirror)
		return is_own;
	if (is_own || (peer->only_owner && track->owner != peer->only_owner))
		return false;
	return peer->circle != MEDIA_CIRCLE_ALONE && circle_of(track) == peer->circle;
}

static void gather_tracks(struct gathered *g, const struct room *room, const struct peer *peer,
			  enum media_kind kind)
{
	for (size_t i = 0; i < room->track_count; i++) {
		struct track *track = room->tracks[i];

		if (track->kind != kind || !may_see(peer, track))
			continue;
		g->owner[g->track_count] = track->owner;
		g->track[g->track_count++] = track;
	}
}

static struct sub *slot_of(const struct peer *peer, size_t m, enum media_kind kind)
{
	const struct mline_params *mline = peer->mlines.at[m];

	return (mline->use & MLINE_SLOT) && mline->kind == kind ? peer->sub[m] : NULL;
}

/* Whom the nth slot of a kind shows; 0: nobody. The answer names slots by the same count. */
static uint32_t shown_owner(const struct peer *peer, enum media_kind kind, size_t nth)
{
	for (size_t m = 0; m < peer->mlines.count; m++) {
		struct sub *sub = slot_of(peer, m, kind);

		if (sub && nth-- == 0)
			return sub->track ? sub->track->owner : 0;
	}
	return 0;
}

static void gather_slot(struct gathered *g, const struct peer *peer, struct sub *sub)
{
	struct demand_slot *slot = &g->slot[g->slot_count];
	enum media_kind other = sub->mline->kind == MEDIA_AUDIO ? MEDIA_VIDEO : MEDIA_AUDIO;

	memset(slot, 0, sizeof(*slot));
	slot->shown = DEMAND_NONE;
	slot->partner = shown_owner(peer, other, g->slot_count);
	for (size_t i = 0; i < g->track_count; i++) {
		const struct codec_params *codec = track_codec(g->track[i]);

		if (g->track[i] == sub->track)
			slot->shown = (int)i;
		if (codec && match_codec(sub->mline, codec) != MATCH_NONE)
			demand_allow(slot, i);
	}
	g->sub[g->slot_count++] = sub;
}

static void tell_short(struct peer *peer, enum media_kind kind, size_t wanted)
{
	struct engine_event event = transport_event(&peer->transport, ENGINE_SLOTS_SHORT);

	if (wanted == peer->wanted_told[kind])
		return;
	peer->wanted_told[kind] = wanted;
	if (wanted == 0)
		return;
	event.kind = kind;
	event.wanted = (uint32_t)wanted;
	outlet_event(peer->transport.outlet, &event);
}

static void assign_kind(struct room *room, int64_t now_us, struct peer *peer, enum media_kind kind)
{
	struct gathered g = {.slot_count = 0};
	size_t wanted;

	gather_tracks(&g, room, peer, kind);
	for (size_t m = 0; m < peer->mlines.count; m++)
		if (slot_of(peer, m, kind))
			gather_slot(&g, peer, slot_of(peer, m, kind));
	demand_assign(g.slot, g.slot_count, g.owner, g.track_count);
	for (size_t i = 0; i < g.slot_count; i++) {
		int shown = g.slot[i].shown;
		struct track *track = shown == DEMAND_NONE ? NULL : g.track[shown];

		if (track != g.sub[i]->track)
			show(g.sub[i], now_us, track);
	}
	/* Without any slot nothing is known of its codecs: every track counts. */
	wanted = g.slot_count ? demand_wanted(g.slot, g.slot_count, g.track_count) : g.track_count;
	tell_short(peer, kind, wanted > g.slot_count ? wanted : 0);
}

static void assign(struct room *room, int64_t now_us, struct peer *peer)
{
	peer->transport.slots_stale = false;
	assign_kind(room, now_us, peer, MEDIA_AUDIO);
	assign_kind(room, now_us, peer, MEDIA_VIDEO);
}

void room_assign(struct room *room, int64_t now_us)
{
	for (struct peer *peer = room->peers; peer; peer = peer->next)
		assign(room, now_us, peer);
}

/* --- tracks ---------------------------------------------------------------------------------- */

static void add_tracks(struct room *room, struct peer *peer)
{
	for (size_t m = 0; m < peer->mlines.count; m++) {
		struct track *track = peer->track[m];
		bool is_listed = !track;

		for (size_t i = 0; i < room->track_count && !is_listed; i++)
			is_listed = room->tracks[i] == track;
		if (is_listed)
			continue;
		assert(room->track_count < LIMIT_ROOM_TRACKS);
		room->tracks[room->track_count++] = track;
		room->outlet->stats.tracks++;
	}
}

static void drop_track(struct room *room, int64_t now_us, struct track *track)
{
	for (size_t i = 0; i < room->track_count; i++) {
		if (room->tracks[i] != track)
			continue;
		room->track_count--;
		memmove(&room->tracks[i], &room->tracks[i + 1],
			(room->track_count - i) * sizeof(room->tracks[0]));
		room->outlet->stats.tracks--;
	}
	while (track->subs)
		show(track->subs, now_us, NULL);
}

static size_t count_going(const struct peer *peer, const struct transport_params *params)
{
	static const struct mline_params unused;
	size_t going = 0;

	for (size_t m = 0; m < peer->mlines.count; m++)
		if (peer->track[m] &&
		    !plan_keeps_track(peer->track[m],
				      m < params->mline_count ? &params->mline[m] : &unused))
			going++;
	return going;
}

/* Whatever the new round ends, or shows under another SSRC, leaves the room first. */
static void detach(struct room *room, int64_t now_us, struct peer *peer,
		   const struct transport_params *params)
{
	static const struct mline_params unused;

	for (size_t m = 0; m < peer->mlines.count; m++) {
		const struct mline_params *mline =
			m < params->mline_count ? &params->mline[m] : &unused;
		struct sub *sub = peer->sub[m];

		if (peer->track[m] && !plan_keeps_track(peer->track[m], mline))
			drop_track(room, now_us, peer->track[m]);
		if (sub && sub->track &&
		    (!(mline->use & MLINE_SLOT) || !plan_keeps_sub(sub, mline)))
			show(sub, now_us, NULL);
	}
}

static void rematch(struct peer *peer)
{
	for (size_t m = 0; m < peer->mlines.count; m++) {
		if (peer->sub[m] && peer->sub[m]->track)
			sub_renegotiated(peer->sub[m]);
		for (struct sub *sub = peer->track[m] ? peer->track[m]->subs : NULL; sub;
		     sub = sub->next)
			sub_renegotiated(sub);
	}
}

/* --- peers ----------------------------------------------------------------------------------- */

static size_t count_tracks(const struct transport_params *params)
{
	size_t count = 0;

	for (size_t m = 0; m < params->mline_count && m < LIMIT_MLINES; m++)
		count += (params->mline[m].use & MLINE_TRACK) != 0;
	return count;
}

int room_add(struct room *room, int64_t now_us, struct routes *routes,
	     const struct transport_params *params, struct peer **out)
{
	struct peer *peer;
	int err;

	if (room->peer_count >= LIMIT_ROOM_TRANSPORTS ||
	    room->track_count + count_tracks(params) > LIMIT_ROOM_TRACKS)
		return -ENOSPC;
	err = peer_new(&peer, now_us, room->outlet, routes, params);
	if (err)
		return err;
	peer->room = room;
	peer->next = room->peers;
	room->peers = peer;
	room->peer_count++;
	room->outlet->stats.transports++;
	add_tracks(room, peer);
	/* Who only watches changes nobody else's slots. */
	if (count_tracks(params) > 0)
		room_assign(room, now_us);
	else
		assign(room, now_us, peer);
	*out = peer;
	return 0;
}

static int check_update(const struct peer *peer, const struct transport_params *params)
{
	const struct transport *t = &peer->transport;

	if (params->dtls_role != t->role || params->owner != peer->owner ||
	    params->room_id != t->room_id ||
	    memcmp(params->remote_fingerprint, t->remote_fingerprint, CERT_FINGERPRINT_BYTES) != 0)
		return -EINVAL;
	return 0;
}

/* Those who come were not there before, and what was said apart stays so: nothing of the past is
 * kept of whoever is in the circle now. */
static void move(struct room *room, int64_t now_us, struct peer *peer, uint8_t circle)
{
	peer->circle = circle;
	for (size_t m = 0; m < peer->mlines.count; m++) {
		if (peer->track[m])
			track_forget(peer->track[m], now_us);
		if (peer->sub[m])
			sub_forget(peer->sub[m]);
	}
	for (size_t i = 0; i < room->track_count && circle != MEDIA_CIRCLE_ALONE; i++)
		if (circle_of(room->tracks[i]) == circle)
			track_forget(room->tracks[i], now_us);
}

void room_move(struct room *room, int64_t now_us, struct peer *peer, uint8_t circle)
{
	if (peer->circle == circle)
		return;
	move(room, now_us, peer, circle);
	room_assign(room, now_us);
}

int room_update(struct room *room, int64_t now_us, struct peer *peer,
		const struct transport_params *params)
{
	struct plan plan;
	int err = check_update(peer, params);

	if (!err)
		err = peer_plan(peer, params, &plan);
	if (err)
		return err;
	if (room->track_count + plan.track_count > LIMIT_ROOM_TRACKS + count_going(peer, params))
		err = -ENOSPC;
	else if (!peer_may_apply(peer, params))
		err = -EEXIST;
	if (err) {
		plan_close(&plan);
		return err;
	}
	detach(room, now_us, peer, params);
	peer_apply(peer, now_us, params, &plan);
	if (peer->circle != params->circle)
		move(room, now_us, peer, params->circle);
	rematch(peer);
	add_tracks(room, peer);
	room_assign(room, now_us);
	return 0;
}

void room_remove(struct room *room, int64_t now_us, struct peer *peer)
{
	struct peer **at = &room->peers;
	size_t tracks = room->track_count;

	while (*at && *at != peer)
		at = &(*at)->next;
	assert(*at == peer);
	*at = peer->next;
	room->peer_count--;
	room->outlet->stats.transports--;
	for (size_t m = 0; m < peer->mlines.count; m++) {
		if (peer->track[m])
			drop_track(room, now_us, peer->track[m]);
		if (peer->sub[m] && peer->sub[m]->track)
			track_remove_sub(peer->sub[m]->track, now_us, peer->sub[m]);
	}
	peer_free(peer, now_us);
	if (room->track_count < tracks)
		room_assign(room, now_us);
}
