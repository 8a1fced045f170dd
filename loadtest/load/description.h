/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The session descriptions of a bot: what it offers, in the manner of Chromium but with no more
 * than it uses, what it answers, and what of the other side's it needs to know. Reading is
 * signaling/offer's, which takes answers as well.
 */
#ifndef VIDD_LOADTEST_LOAD_DESCRIPTION_H
#define VIDD_LOADTEST_LOAD_DESCRIPTION_H

#include "loadtest/load/publisher.h"
#include "loadtest/load/subscriber.h"

#define DESCRIPTION_ERROR_BYTES 200

struct description_offer {
	const struct ice_credentials *local;
	const uint8_t *fingerprint;
	const struct publisher *publisher; /* NULL: sends nothing */
	size_t audio_slots;
	size_t video_slots;
	bool has_feedback; /* transport-wide */
};

/* What the other side says. */
struct description {
	struct ice_credentials remote;
	uint8_t fingerprint[CERT_FINGERPRINT_BYTES];
	struct addr
		peer; /* its first UDP candidate over IPv4, or over IPv6 where it has no other */
	struct publisher_terms terms;
	bool takes[2]; /* by kind: it receives what we send */
	struct subscriber_line line[SUBSCRIBER_SLOTS];
	size_t line_count;
	char bundle[SUBSCRIBER_SLOTS * 8]; /* the mids in order, for an answer */
	size_t mline_count;
	struct description_mline {
		char mid[LIMIT_MID_BYTES + 1];
		enum media_kind kind;
		uint8_t pt;
		uint8_t rtx_pt;
		struct rtp_ext_map exts;
		bool is_sent; /* by the other side */
	} mline[SUBSCRIBER_SLOTS];
};

/* An offer; free() it. NULL: no memory. */
char *description_offer(const struct description_offer *offer);
/* The answer of somebody who only receives, to what was read; free() it. */
char *description_answer(const struct description *offered, const struct ice_credentials *local,
			 const uint8_t *fingerprint);
/* 0, or -EBADMSG with why in words. */
int description_read(struct description *out, const char *sdp, char error[DESCRIPTION_ERROR_BYTES]);

#endif
