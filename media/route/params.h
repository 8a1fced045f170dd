/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What signaling/ tells media/ about one peer connection: plain data, copied by value, no pointers.
 * This is the only header of media/ that signaling/ may include, with engine.h's event and command
 * types.
 *
 * Words: a *transport* is one peer connection (ICE + DTLS + SRTP). A *track* is one source that a
 * peer sends (an m-line with direction recv seen from us). A *slot* is an m-line we send on and
 * fill with one track at a time. An m-line negotiated sendrecv is both. An *owner* is a
 * participant: a number that tells which tracks are one's own. A *circle* is those of a room who
 * hear and see each other: outside it not a packet of theirs goes.
 */
#ifndef VIDD_MEDIA_ROUTE_PARAMS_H
#define VIDD_MEDIA_ROUTE_PARAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/base/limits.h"
#include "media/codec/codec.h"
#include "media/wire/cert.h"
#include "media/wire/dtls.h"
#include "media/wire/rtp.h"
#include "media/wire/stun.h"

enum media_kind {
	MEDIA_AUDIO,
	MEDIA_VIDEO,
};

/* Flags: a sendrecv m-line is MLINE_TRACK | MLINE_SLOT. */
enum mline_use {
	MLINE_UNUSED = 0, /* inactive or rejected: keeps its place */
	MLINE_TRACK = 1,  /* the peer sends */
	MLINE_SLOT = 2,	  /* we send */
};

/* What of a picture goes first when the link gets thin: its size or its smoothness. */
enum media_keep {
	MEDIA_KEEP_FRAME_RATE,
	MEDIA_KEEP_RESOLUTION,
};

/* Circles are numbers of signaling's choice, but for two. */
enum {
	MEDIA_CIRCLE_COMMON = 0,  /* where everybody is unless told otherwise */
	MEDIA_CIRCLE_ALONE = 255, /* hears and sees nobody, and nobody it */
};

/* One negotiated codec. Payload types are dynamic, so 0 means "not negotiated". */
struct codec_params {
	enum codec_id codec;
	uint8_t pt;
	uint8_t rtx_pt; /* RFC 4588 */
	uint8_t red_pt; /* RFC 2198, Opus only */
	uint32_t clock_hz;
	uint8_t h264_profile_idc; /* from profile-level-id */
	uint8_t h264_constraints;
	uint8_t h264_packetization_mode;
	uint8_t profile; /* VP9 profile-id, AV1 profile */
	bool has_nack;
	bool has_pli;
	bool has_fir;
	bool has_transport_cc;
};

struct mline_params {
	char mid[LIMIT_MID_BYTES + 1];
	enum media_kind kind;
	unsigned use;				 /* enum mline_use flags */
	struct codec_params codec[LIMIT_CODECS]; /* in order of preference */
	size_t codec_count;
	struct rtp_ext_map exts; /* as negotiated on this m-line */

	/* use & MLINE_TRACK */
	uint32_t track_id; /* signaling's number for the source, unique in the room, never 0 */
	char rid[LIMIT_ENCODINGS]
		[LIMIT_RID_BYTES + 1]; /* smallest first; rid_count 0: one encoding */
	size_t rid_count;
	uint32_t ssrc[LIMIT_ENCODINGS]; /* as the offer named them; 0: learn from mid/rid */
	uint32_t rtx_ssrc[LIMIT_ENCODINGS];
	size_t ssrc_count;
	/* How the track fares where not everything fits; signaling derives it from role and mode.
	 */
	uint16_t priority;  /* larger goes first; equal ones share */
	uint32_t floor_bps; /* video: given to it before any other picture gets more than its own */
	enum media_keep keep;

	/* use & MLINE_SLOT: chosen by us and named in the answer */
	uint32_t send_ssrc;
	uint32_t send_rtx_ssrc; /* 0: no RTX */
};

/* M-lines each in memory of its own: what points at one stays good when others come. */
struct mline_set {
	struct mline_params *at[LIMIT_MLINES];
	size_t count;
};

struct transport_params {
	uint32_t room_id;
	uint32_t transport_id; /* unique in the process, never 0 */
	uint32_t owner;	       /* participant number; own tracks are never sent back */
	uint32_t only_owner;   /* not 0: slots show this participant alone (WHEP ?from=) */
	uint8_t circle;	       /* whom it is together with; engine_transport_circle moves */
	bool is_mirror;	       /* slots show its own tracks and nothing else: a check of the link */
	bool is_signalled;     /* a websocket tells when it ends, so close_notify need not */
	struct ice_credentials local; /* new ones on an ICE restart */
	struct ice_credentials remote;
	enum dtls_role dtls_role;
	uint8_t remote_fingerprint[CERT_FINGERPRINT_BYTES];
	uint32_t start_bps; /* what this client's link carried not long ago; 0: not known */
	char cname[LIMIT_CNAME_BYTES + 1]; /* of everything we send on this transport */
	size_t mline_count;
	struct mline_params mline[LIMIT_MLINES]; /* in SDP order; last: see transport_params_dup */
};

/* A copy on the heap that ends with its last m-line, a tenth of the whole as a rule: for reading
 * those it has, never to be assigned. Goes by free(). NULL: no memory. */
struct transport_params *transport_params_dup(const struct transport_params *params);

#endif
