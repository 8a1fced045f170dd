/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Which m-line and which of its encodings an incoming RTP packet belongs to (RFC 8843 9.2,
 * RFC 8852): a known SSRC; else its MID with RID or repaired RID; else a payload type that only one
 * m-line uses. What was learnt is remembered, because senders stop naming MID and RID once they saw
 * a report. Bounded: one SSRC per encoding and kind, a newer one takes its place.
 *
 * Borrows the transport's m-lines per call. One thread.
 */
#ifndef VIDD_MEDIA_ROUTE_BUNDLE_H
#define VIDD_MEDIA_ROUTE_BUNDLE_H

#include <stdbool.h>
#include <stdint.h>

#include "media/route/params.h"

struct bundle_place {
	uint8_t mline;
	uint8_t encoding;
	bool is_rtx;
};

/* Zero state: nothing known. */
struct bundle {
	struct bundle_source {
		uint32_t ssrc;
		struct bundle_place place;
		bool used;
	} * source; /* open addressing, half full at most */
	size_t count;
	uint8_t bits; /* of an index into it */
};

void bundle_close(struct bundle *bundle);

/* After a round of offer/answer: forgets SSRCs of m-lines that are no track any more, learns those
 * that the offer named. */
void bundle_update(struct bundle *bundle, const struct mline_set *mlines);
/* 0, or -ENOENT: no m-line (RFC 8843: to be dropped). May learn the SSRC. */
int bundle_find(struct bundle *bundle, const struct mline_set *mlines,
		const struct rtp_header *header, const struct rtp_exts *exts,
		struct bundle_place *out);
/* The place of an SSRC known already (for RTCP), or NULL. A BYE does not end it: libwebrtc says BYE
 * when an encoding pauses, and names neither MID nor RID when it goes on under the same SSRC. */
const struct bundle_place *bundle_known(const struct bundle *bundle, uint32_t ssrc);

#endif
