/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What we say by RTCP on one transport: sender reports of its slots, reception reports and requests
 * about its tracks, and goodbyes, gathered in as few datagrams as they fit. It reads and advances
 * the state of tracks and subscriptions; when to speak is peer.h's business.
 */
#ifndef VIDD_MEDIA_ROUTE_FEEDBACK_H
#define VIDD_MEDIA_ROUTE_FEEDBACK_H

#include "media/rate/arrival.h"
#include "media/route/sub.h"
#include "media/route/track.h"

/* The datagram being filled. On the stack of one call: begin, add, end. */
struct feedback {
	struct transport *transport;
	int64_t now_us;
	uint32_t ssrc; /* who speaks: RFC 3550 6.4 sender of the packet */
	const char *cname;
	struct pkt *pkt; /* NULL: nothing begun */
	struct wr wr;
};

void feedback_begin(struct feedback *f, struct transport *transport, int64_t now_us, uint32_t ssrc,
		    const char *cname);
/* Sends what was gathered. */
void feedback_end(struct feedback *f);

/* RFC 3550 6.4.1: report of a slot that sent something, with its CNAME. Nothing for others. */
void feedback_sender_report(struct feedback *f, struct sub *sub);
/* RFC 3550 6.4.2: one block for each encoding heard of the tracks (NULL entries are skipped). */
void feedback_receiver_report(struct feedback *f, struct track *const *tracks, size_t count);
/* What is due of NACK, PLI and FIR for one track. */
void feedback_requests(struct feedback *f, struct track *track);
/* Arrival times, when due. */
void feedback_arrival(struct feedback *f, struct arrival *arrival, uint32_t media_ssrc);
/* RFC 3550 6.6. */
void feedback_bye(struct feedback *f, const uint32_t *ssrcs, size_t count);

#endif
