/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One peer connection: its transport, the tracks it sends, the slots it shows, and the RTCP both
 * ways. It routes packets to its tracks and reports to its slots, and decides when to speak; rooms
 * decide who sees whom. Everything a running call needs is in this struct and what it embeds or
 * owns. One thread.
 */
#ifndef VIDD_MEDIA_ROUTE_PEER_H
#define VIDD_MEDIA_ROUTE_PEER_H

#include "media/route/budget.h"
#include "media/route/intake.h"
#include "media/route/plan.h"
#include "media/route/quality.h"
#include "media/wire/demux.h"

struct room;

struct peer {
	struct transport transport; /* first: a transport found by address is its peer */
	struct table_node by_id;
	struct room *room;
	struct peer *next; /* in the room */
	uint32_t owner;	   /* this and what follows as in transport_params */
	uint32_t only_owner;
	uint8_t circle;
	bool is_mirror;
	bool is_signalled;
	uint32_t start_bps;
	char cname[LIMIT_CNAME_BYTES + 1];
	struct mline_set mlines;
	struct rtp_ext_map exts; /* of what it sends: ids are the same on all bundled m-lines */
	struct bundle bundle;
	struct track *track[LIMIT_MLINES];
	struct sub *sub[LIMIT_MLINES];
	struct sender sender;
	struct dispatch dispatch;
	struct budget budget;
	struct intake intake;
	struct path path; /* that sender and intake have learnt about */
	struct sync_clock clock;
	uint32_t rtcp_ssrc;
	bool is_connected; /* its slots were told that they can send */
	int64_t tick_us;   /* next second */
	bool is_quality_tick;
	struct quality quality;
	size_t wanted_told[2]; /* by kind: slots said to be wanted, 0 when enough */
};

/* 0; -EINVAL, -ENOMEM, -EEXIST. Its tracks and slots are there, shown nowhere and empty. */
int peer_new(struct peer **out, int64_t now_us, struct outlet *outlet, struct routes *routes,
	     const struct transport_params *params);
/* Says goodbye. No track of it may be shown, no slot may show one. */
void peer_free(struct peer *peer, int64_t now_us);

/* Prepares a new round: 0, -EINVAL, -ENOMEM. Nothing has changed yet. */
int peer_plan(struct peer *peer, const struct transport_params *params, struct plan *plan);
/* False: an ICE restart to a user name that is in use. */
bool peer_may_apply(const struct peer *peer, const struct transport_params *params);
/* Applies what may be applied. Tracks and slots that go must be detached. */
void peer_apply(struct peer *peer, int64_t now_us, const struct transport_params *params,
		struct plan *plan);

/* A DTLS, RTP or RTCP datagram from a path of its own. Takes the reference. */
void peer_input(struct peer *peer, int64_t now_us, struct pkt *pkt, enum demux_kind kind);
/* After STUN went to the transport. */
void peer_follow(struct peer *peer, int64_t now_us);
/* Lets go what the link has room for. */
void peer_send(struct peer *peer, int64_t now_us);
void peer_timeout(struct peer *peer, int64_t now_us);

#endif
