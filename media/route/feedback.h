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

/* When REMB was said last, of one transport. Zero state: never. */
struct feedback_remb_state {
	uint32_t told_bps; /* 0: no cap stands */
	int64_t told_us;   /* told or tried */
};

/* The datagram being filled. On the stack of one call: begin, add, end. */
struct feedback {
	struct transport *transport;
	int64_t now_us;
	uint32_t ssrc; /* who speaks: RFC 3550 6.4 sender of the packet */
	const char *cname;
	int64_t up_queue_us; /* standing on the peer's uplink; <= 0: none known */
	struct pkt *pkt;     /* NULL: nothing begun */
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
/* REMB (draft-alvestrand-rmcat-remb-03) that names the SSRCs heard of the tracks (NULL entries are
 * skipped), when due: at once when the cap differs by more than 3 % from what was told (but 50 ms
 * after the last one), each second while there is one, and once, with a rate that holds nobody,
 * when it is lifted (cap_bps 0). Waits until an SSRC is known. */
void feedback_remb(struct feedback *f, struct feedback_remb_state *remb, uint32_t cap_bps,
		   struct track *const *tracks, size_t count);
/* When feedback_remb has something to say of that cap. DEADLINE_NEVER: nothing. */
int64_t feedback_remb_deadline_us(const struct feedback_remb_state *remb, uint32_t cap_bps);
/* RFC 3550 6.6. */
void feedback_bye(struct feedback *f, const uint32_t *ssrcs, size_t count);

#endif
