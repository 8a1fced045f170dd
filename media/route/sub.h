/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A subscription: one slot of one transport, and the track it shows. It composes the choice of
 * encoding, the continuity of numbers, the copy and the record of what was sent, and keeps what
 * sender reports need. It lives as long as its m-line keeps its SSRC, shown or empty, because
 * numbers under one SSRC and key must never start again.
 *
 * Knows the subscriber's transport; of the track only what packets carry. One thread.
 */
#ifndef VIDD_MEDIA_ROUTE_SUB_H
#define VIDD_MEDIA_ROUTE_SUB_H

#include "media/rate/redundancy.h"
#include "media/rate/share.h"
#include "media/route/egress.h"
#include "media/route/sender.h"
#include "media/route/transport.h"
#include "media/route/waiting.h"
#include "media/stream/rewrite.h"
#include "media/stream/run.h"
#include "media/stream/selector.h"
#include "media/stream/sent.h"
#include "media/stream/voiceout.h"

struct dispatch;
struct track;

/* A probe's packets may still be of use to a viewer that lost them. Guess: half of sent.h's least
 * age. */
#define SUB_PROBE_AGE_US 500000

struct sub {
	struct transport *transport; /* the subscriber's */
	struct sender *sender;	     /* the subscriber's */
	struct dispatch *dispatch;   /* likewise: where its packets wait */
	struct sub *next_of_transport;
	const struct mline_params *mline; /* the slot: in the subscriber's params */
	uint32_t ssrc;
	uint32_t rtx_ssrc;

	struct track *track;		   /* shown now, or NULL */
	struct sub *next;		   /* of the track's subscriptions */
	const struct mline_params *source; /* the shown track's m-line, and its extensions */
	const struct rtp_ext_map *source_exts;
	int8_t codec[LIMIT_CODECS]; /* our codec entry for each of the track's, or MATCH_NONE */
	uint16_t origin;	    /* counts tracks shown: what sent packets were made from */

	struct rewrite rewrite;
	struct sent *sent;
	uint16_t rtx_seq;
	uint16_t probe_back; /* how far behind the newest the last probe's packet was */
	struct egress_even even;
	bool wants_report; /* a sender report is due at once: the source changed */
	bool is_mid_known; /* the peer reported on our SSRC: it need not be named any more */

	/* What the budget gave. */
	uint8_t rank;	     /* whose turn comes first: smaller ones */
	uint32_t budget_bps; /* what it could spend on this track */
	uint32_t cost_bps;   /* what it is set to send */
	enum engine_picture picture_told;
	struct share_stream share;

	/* Pictures. */
	struct selector selector;
	struct waiting waiting;	 /* packets that wait for their turn */
	bool is_left_out;	 /* the picture that comes, whole: sub_is_spared */
	bool is_skipping;	 /* the frame whose turn it is had waited too long */
	bool is_replaying;	 /* packets of a cached run wait */
	bool is_still;		 /* ... which is one picture alone */
	int64_t replayed_us;	 /* when the last of them left */
	uint16_t replay_end;	 /* the newest number that had come when it began */
	enum selector_need need; /* to be asked of the track by whoever drives this */
	int8_t need_encoding;
	int64_t still_period_us;  /* not 0: stills instead of pictures */
	int64_t still_us;	  /* when the next is due */
	int64_t shown_us;	  /* when the last picture or still went */
	uint32_t still_timestamp; /* of the last one */

	/* Sound. */
	bool is_heard; /* among the last N */
	bool hears;    /* the rewriter is at this voice */
	uint8_t generation;
	int64_t heard_us;   /* since when */
	int64_t unheard_us; /* since when not any more */
	uint32_t voice_bps; /* payload, as it was lately */
	struct redundancy redundancy;
	struct voiceout voiceout;
	struct voiceout_types voice_types;
	uint8_t level; /* RFC 6464, as it came */
	bool has_level;

	uint32_t packet_count;
	uint32_t octet_count;
	bool has_report; /* what the last report block about us said */
	uint32_t reported_highest;
	int32_t reported_lost;
};

/* 0 or -ENOMEM. The m-line must say MLINE_SLOT. */
int sub_new(struct sub **out, struct transport *transport, struct sender *sender,
	    const struct mline_params *mline);
void sub_free(struct sub *sub);

/* What a subscription shows: source and exts are the track's m-line and extensions. */
struct sub_source {
	struct track *track;
	const struct mline_params *mline;
	const struct rtp_ext_map *exts;
};

/* Shows another track, or none with NULL. */
void sub_show(struct sub *sub, const struct sub_source *source);
/* Its viewer is elsewhere now: nothing that was sent goes again. */
void sub_forget(struct sub *sub);
/* Either end was negotiated anew: matches codecs again. */
void sub_renegotiated(struct sub *sub);

/* Whether the slot has a codec for it. */
bool sub_takes_codec(const struct sub *sub, const struct packet *packet);
/* Whether a packet of the shown track may have a part in what is forwarded. */
bool sub_takes(const struct sub *sub, const struct packet *packet);
/* Its turn has come: sends a copy if it belongs to what is forwarded. */
void sub_emit(struct sub *sub, int64_t now_us, const struct waiting_item *item);
/* It is left out, too late or spared: what follows moves up. */
void sub_skip(struct sub *sub, int64_t now_us, const struct waiting_item *item);
/* Packets that waited are gone: goes on with the next keyframe. */
void sub_break(struct sub *sub);
/* What is to be sent from now on; still_period_us not 0: stills that far apart instead. */
void sub_want(struct sub *sub, struct layer_target target, int64_t still_period_us);
/* Some codec of the source fits the slot. */
bool sub_can_show(const struct sub *sub);
/* engine_spare leaves it without pictures now. */
bool sub_is_spared(const struct sub *sub);
/* Gives back packets kept too long. */
void sub_tick(struct sub *sub, int64_t now_us);

/* --- again (resend.c) ------------------------------------------------------------------------- */

/* Sends seq again if it can. */
void sub_resend(struct sub *sub, int64_t now_us, uint16_t seq);
/* Size of what sub_resend would send; 0: nothing. */
size_t sub_resend_len(const struct sub *sub, uint16_t seq);
/* Whether sending something again tells the peer nothing wrong (RFC 4588). */
bool sub_can_probe(const struct sub *sub);
/* Size of what sub_probe would send, without what RTX adds; 0: nothing. */
size_t sub_probe_len(const struct sub *sub, int64_t now_us);
/* Sends one of the last packets again. False: there is none. */
bool sub_probe(struct sub *sub, int64_t now_us);

/* For resend.c: a copy, protected and queued, with a reference for the caller, or NULL. */
struct pkt *sub_send_copy(struct sub *sub, int64_t now_us, const struct packet *packet,
			  const struct rewrite_out *numbers, struct egress *how);
/* Another datagram was made from a source no longer shown. */
bool sub_is_of_origin(const struct sub *sub, uint16_t tag);

#endif
