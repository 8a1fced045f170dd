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

#include "media/route/packet.h"
#include "media/route/transport.h"
#include "media/stream/layers.h"
#include "media/stream/rewrite.h"
#include "media/stream/sent.h"

struct track;

struct sub {
	struct transport *transport;	  /* the subscriber's */
	const struct mline_params *mline; /* the slot: in the subscriber's params */
	uint32_t ssrc;
	uint32_t rtx_ssrc;

	struct track *track;	    /* shown now, or NULL */
	struct sub *next;	    /* of the track's subscriptions */
	int8_t codec[LIMIT_CODECS]; /* our codec entry for each of the track's, or MATCH_NONE */
	int encoding;		    /* forwarded now, or LAYERS_NONE */
	uint8_t generation;	    /* of that encoding */
	int target;		    /* to be forwarded from its next keyframe on */
	uint16_t origin;	    /* counts tracks shown: what sent packets were made from */

	struct rewrite rewrite;
	struct sent *sent;
	uint16_t rtx_seq;
	bool wants_report; /* a sender report is due at once: the source changed */
	bool is_mid_known; /* the peer reported on our SSRC: it need not be named any more */

	uint32_t packet_count;
	uint32_t octet_count;
	bool has_report; /* what the last report block about us said */
	uint32_t reported_highest;
	int32_t reported_lost;
};

/* 0 or -ENOMEM. The m-line must say MLINE_SLOT. */
int sub_new(struct sub **out, struct transport *transport, const struct mline_params *mline);
void sub_free(struct sub *sub);

/* Shows another track, or none with track NULL; source is the track's m-line. */
void sub_show(struct sub *sub, struct track *track, const struct mline_params *source);
/* Either end was negotiated anew: matches codecs again. */
void sub_renegotiated(struct sub *sub, const struct mline_params *source);

enum sub_result {
	SUB_SENT,
	SUB_PASSED,	    /* not for this subscriber */
	SUB_NEEDS_KEYFRAME, /* its target's keyframe started unseen: ask for another */
};

/* A packet of the shown track. capture_us: when it was captured, in our time. is_newest: nothing
 * newer of its encoding came before. */
enum sub_result sub_forward(struct sub *sub, int64_t now_us, const struct packet *packet,
			    int64_t capture_us, bool is_newest);
/* A cached run of the target begins here, instead of at a keyframe that just comes: its first
 * packet, its last, when that was captured, and how many pictures it has. Then all of it goes
 * through sub_replay_packet, and sub_replay_end says up to where the source's numbers are done. */
void sub_replay_begin(struct sub *sub, const struct packet *first, const struct packet *last,
		      int64_t capture_us, uint16_t pictures);
void sub_replay_packet(struct sub *sub, int64_t now_us, const struct packet *packet);
void sub_replay_end(struct sub *sub, uint16_t highest_seq);
/* Nothing of this packet's source is sent yet, but it is the target. */
bool sub_is_waiting(const struct sub *sub, const struct packet *packet);
/* Sends seq again if it can. exts: the extension map of the shown track's publisher. */
void sub_resend(struct sub *sub, int64_t now_us, uint16_t seq, const struct rtp_ext_map *exts,
		const struct mline_params *source);
/* Gives back packets kept too long. */
void sub_tick(struct sub *sub, int64_t now_us);

#endif
