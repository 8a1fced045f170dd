/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A source: what one m-line of a publisher sends, in one or more encodings, and the subscriptions
 * that show it. Per encoding it composes reception figures, the list of what is missing, keyframe
 * requests and the tie of its timestamps to our clock; a packet passes through once and goes to
 * each subscription.
 *
 * Its publisher's transport is known here for deadlines, round-trip time and counters; what is to
 * be asked of the publisher is written by feedback.h. One thread.
 */
#ifndef VIDD_MEDIA_ROUTE_TRACK_H
#define VIDD_MEDIA_ROUTE_TRACK_H

#include "media/codec/vla.h"
#include "media/rate/uplink_red.h"
#include "media/rate/want.h"
#include "media/route/bundle.h"
#include "media/route/frames.h"
#include "media/route/sub.h"
#include "media/stream/keyframe.h"
#include "media/stream/level.h"
#include "media/stream/meter.h"
#include "media/stream/nack.h"
#include "media/stream/recv.h"
#include "media/stream/run.h"
#include "media/stream/sync.h"
#include "media/stream/voice.h"

/* What only an encoding of pictures has. */
struct encoding_pictures {
	struct frames frames;
	struct meter meter;
	struct run *run;
};

struct encoding {
	bool is_known; /* a packet came: ssrc and codec are set */
	bool is_alive; /* ... not long ago: audio a second, video meter_alive_until_us */
	uint8_t generation;
	uint32_t ssrc;
	const struct codec_params *codec; /* of the last packet */
	uint16_t highest_seq;
	uint32_t last_timestamp;
	int64_t last_us;
	uint8_t fir_seq;
	struct recv_stats recv;
	struct nack nack;
	struct keyframe keyframe;
	struct sync_report report;
	struct encoding_pictures *pictures; /* video, else NULL */
};

/* What the publisher declared of its layers last. */
struct track_allocation {
	bool is_known;
	int64_t told_us;
	struct vla vla;
	int8_t encoding[VLA_STREAMS]; /* of each stream; LAYERS_NONE: not seen carrying one */
};

struct track {
	uint32_t id;
	uint32_t owner;
	enum media_kind kind;
	struct transport *transport;	  /* the publisher's */
	const struct mline_params *mline; /* in the publisher's params */
	const struct rtp_ext_map *exts;	  /* of everything the publisher sends */
	struct sync_clock *clock;	  /* the publisher's */
	struct encoding *encoding;	  /* encoding_room of them, in the track's own memory */
	size_t encoding_count;		  /* as negotiated now */
	size_t encoding_room;		  /* ... and at first, which it never exceeds */
	struct level level;
	struct voice voice; /* audio */
	struct track_allocation allocation;
	bool is_live;	    /* its first packet came */
	uint32_t asked_bps; /* what its publisher was asked to keep to; 0: nothing */
	bool is_held_back;  /* ... or to leave encodings out: it could send more */
	struct want want;   /* ... and what that was */
	struct uplink_red red;
	bool is_want_stale; /* viewers' budgets changed: what is asked is to be looked at */
	struct sub *subs;
};

struct track_config {
	uint32_t owner;
	struct transport *transport;
	const struct mline_params *mline;
	const struct rtp_ext_map *exts;
	struct sync_clock *clock;
};

/* How many encodings an m-line names, one at least. */
size_t track_encodings(const struct mline_params *mline);
/* 0 or -ENOMEM. Pointers are borrowed for the track's life. */
int track_new(struct track **out, const struct track_config *config);
/* Nobody may be showing it any more. NULL is legal. */
void track_free(struct track *track);

/* The codec it sends: what came last, else what it prefers. NULL: it has none. */
const struct codec_params *track_codec(const struct track *track);
/* The track's m-line was negotiated anew: when its codecs changed, what was remembered of them is
 * forgotten until the next packet, and pictures that wait are left out. */
void track_renegotiated(struct track *track, bool codecs_changed);

/* A plaintext packet that belongs here. Borrows it; the slots' records may keep references. */
void track_rtp(struct track *track, int64_t now_us, struct packet *packet,
	       const struct bundle_place *place);
void track_sender_report(struct track *track, int64_t now_us, int encoding,
			 const struct rtcp_packet *sr);
/* The SSRC of that encoding said BYE. */
void track_bye(struct track *track, int64_t now_us, int encoding);

void track_add_sub(struct track *track, int64_t now_us, struct sub *sub);
/* The subscription must be one of its own. */
void track_remove_sub(struct track *track, int64_t now_us, struct sub *sub);
/* Others listen now: what is kept of the past goes to nobody. Sound that was gathered goes to those
 * who have listened. */
void track_forget(struct track *track, int64_t now_us);
/* Looks again at which encoding the subscription gets: its transport can send now. */
void track_choose(struct track *track, int64_t now_us, struct sub *sub);
/* The subscription's viewer lost its picture (serve.c). */
void track_want_keyframe(struct track *track, int64_t now_us, const struct sub *sub);
/* A keyframe of an encoding is wanted: what a selector needs, or a viewer without any picture. Try
 * track_run first. Coalesced and held apart by keyframe.h; repair under way is waited for. */
void track_request(struct track *track, int64_t now_us, int encoding,
		   enum keyframe_urgency urgency);
/* What it sends at present: rates as measured, or as the publisher declared not long ago, of the
 * layers that are alive. Empty when all has stopped: the caller keeps what it has until then. */
void track_view(const struct track *track, int64_t now_us, struct layers_view *out);
/* All layers of an encoding together. */
uint32_t track_encoding_bps(const struct track *track, int64_t now_us, int encoding);
/* Its operating points (layers.h); overhead_bytes: of a packet as the subscriber gets it, less the
 * RTP header and extensions that the publisher's packets have too. */
size_t track_points(const struct track *track, int64_t now_us, uint16_t overhead_bytes,
		    struct layers_point out[LAYERS_MAX_POINTS]);
/* The cached run of an encoding, NULL for sound. Ask run_is_usable. */
const struct run *track_run(const struct track *track, int encoding);
/* Packet `at` of a usable run, as sub_forward would have got it. 0; -EBADMSG: the m-line has
 * changed since. */
int track_run_packet(const struct track *track, int encoding, size_t at, struct packet *out);
/* What the subscription found it needs, or the next still: from the cached run where that will
 * do, else a keyframe is asked for (serve.c). */
void track_serve(struct track *track, int64_t now_us, struct sub *sub);
/* What a still costs, in bytes of its datagrams; 0: not known. */
uint32_t track_still_bytes(const struct track *track);
/* The source's timestamp that belongs to our time now_us, for the slot's sender report: false when
 * the slot forwards nothing, or a stream that has ended. */
bool track_timestamp(const struct track *track, int64_t now_us, const struct sub *sub,
		     uint32_t *out);

/* Each second. */
void track_tick(struct track *track, int64_t now_us);
void track_timeout(struct track *track, int64_t now_us);
int64_t track_deadline_us(const struct track *track);

#endif
