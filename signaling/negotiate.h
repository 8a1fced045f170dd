/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * SDP offer x our abilities x what was agreed before -> transport_params and the SDP answer
 * (RFC 3264, RFC 8829 JSEP, RFC 9143 BUNDLE, RFC 8853 simulcast, RFC 8839 ICE). Pure but for the
 * rng and the track counter handed in; keeps nothing, logs nothing.
 *
 * We are ICE-lite, answer only, one transport for everything (BUNDLE), rtcp-mux. The composition:
 * offer.c reads, negotiate.c decides, answer.c writes.
 */
#ifndef VIDD_SIGNALING_NEGOTIATE_H
#define VIDD_SIGNALING_NEGOTIATE_H

#include <stddef.h>
#include <stdint.h>

#include "media/base/addr.h"
#include "media/base/rng.h"
#include "media/route/params.h"

/* What this server can do; everything is borrowed for the call. */
struct negotiate_abilities {
	const uint8_t *fingerprint;	   /* CERT_FINGERPRINT_BYTES, of our certificate */
	const enum codec_id *video_codecs; /* in order of preference, CODEC_NONE ends */
	const struct addr *candidates;
	size_t candidate_count;
};

struct negotiate_request {
	const char *sdp; /* the offer */
	/* What the last answered offer of this transport gave; NULL for the first. m-lines, track
	 * ids, SSRCs, role and fingerprint stay; new remote credentials are an ICE restart. */
	const struct transport_params *previous;
	/* Of the first offer; taken from previous afterwards. */
	uint32_t room_id;
	uint32_t transport_id;
	uint32_t owner;
	uint32_t only_owner;
	unsigned uses;	    /* MLINE_TRACK and MLINE_SLOT as far as this client may */
	uint32_t start_bps; /* for transport_params */
	uint32_t version;   /* of the answer (o= line): one more each time */
	/* What libwebrtc's publisher is told to begin at (x-google-start-bitrate); 0: its own
	 * 300 kbit/s, and nothing that a foreign client might stumble over. */
	uint32_t publisher_start_kbps;
	struct rng *rng;
	uint32_t *next_track_id; /* counted up for each new track */
};

struct negotiate_error {
	char text[160]; /* what is wrong, naming the m-line; for developers */
};

/* 0, and *answer is to be freed with free(); -EBADMSG: the offer cannot be answered, *error says
 * why; -ENOMEM. Out-pointers are written only on success. */
int negotiate(struct transport_params *out, char **answer,
	      const struct negotiate_abilities *abilities, const struct negotiate_request *request,
	      struct negotiate_error *error);

/* A new pair of ICE credentials of ours. */
void negotiate_credentials(struct rng *rng, struct ice_credentials *out);

#endif
