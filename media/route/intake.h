/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The receiving side of one transport, as numbers: when what its peer sent arrived, what that says
 * of its uplink, and what the peer should therefore send. It writes the feedback that is due
 * (transport-wide, REMB) and tells signaling what a publisher is asked for (ENGINE_WANT). Media
 * itself is track.h's business.
 *
 * Composes media/rate/{arrival,uplink,uplink_red,want}. Embedded in struct peer. One thread.
 */
#ifndef VIDD_MEDIA_ROUTE_INTAKE_H
#define VIDD_MEDIA_ROUTE_INTAKE_H

#include "media/rate/uplink.h"
#include "media/route/feedback.h"

struct intake {
	struct arrival arrival;
	bool has_transport_cc;
	uint32_t transport_cc_ssrc; /* a media SSRC to name in feedback */
	struct uplink uplink;
	struct feedback_remb_state remb;
};

void intake_close(struct intake *intake);
/* The path is known. */
void intake_start(struct intake *intake, int64_t now_us, uint8_t packet_overhead);
void intake_route_changed(struct intake *intake, int64_t now_us, uint8_t packet_overhead);
/* An RTP packet that passed authentication; codec NULL: none of its tracks'. */
void intake_packet(struct intake *intake, const struct packet *packet,
		   const struct codec_params *codec);
/* Feedback that is due. reverse_bps: what our way to the peer carries, 0: unknown. */
void intake_feedback(struct intake *intake, struct feedback *f, uint32_t reverse_bps,
		     struct track *const *tracks, size_t count);
/* Looks at what each track's publisher should send: each second, and when viewers' budgets change.
 */
void intake_wants(const struct intake *intake, int64_t now_us, struct track *const *tracks,
		  size_t count);
int64_t intake_deadline_us(const struct intake *intake);

#endif
