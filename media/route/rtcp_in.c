/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/route/rtcp_in.h"

#include "media/route/peer.h"

static struct sub *sub_of(struct peer *peer, uint32_t ssrc)
{
	for (size_t m = 0; m < LIMIT_MLINES; m++)
		if (peer->sub[m] && peer->sub[m]->ssrc == ssrc)
			return peer->sub[m];
	return NULL;
}

/* RFC 3550 6.4.1: now - LSR - DLSR in 1/65536 s. */
static void measure_rtt(struct peer *peer, int64_t now_us, const struct rtcp_report *report)
{
	int64_t unix_us = now_us + peer->transport.outlet->unix_offset_us;
	uint32_t now = rtcp_ntp_middle(rtcp_ntp_from_us(unix_us));
	int32_t round_trip = (int32_t)(now - report->lsr - report->dlsr);

	if (report->lsr == 0)
		return;
	transport_rtt(&peer->transport, ((int64_t)round_trip * 1000000) >> 16, true);
}

static void take_report(struct peer *peer, int64_t now_us, const struct rtcp_report *report)
{
	struct sub *sub = sub_of(peer, report->ssrc);

	if (!sub)
		return;
	sub->is_mid_known = true;
	measure_rtt(peer, now_us, report);
	sender_report(&peer->sender, now_us, peer->transport.rtt_us, report->fraction_lost);
	if (sub->has_report)
		quality_down(&peer->quality, (int32_t)(report->highest_seq - sub->reported_highest),
			     (int64_t)report->lost - sub->reported_lost);
	sub->has_report = true;
	sub->reported_highest = report->highest_seq;
	sub->reported_lost = report->lost;
}

static void take_nack(struct peer *peer, int64_t now_us, const struct rtcp_packet *packet)
{
	struct sub *sub = sub_of(peer, packet->media_ssrc);

	if (!sub)
		return;
	peer->transport.outlet->stats.nacks_in += packet->nack_count;
	for (size_t i = 0; i < packet->nack_count; i++)
		dispatch_nack(&peer->dispatch, now_us, sub, packet->nack[i]);
}

static void take_keyframe_request(struct peer *peer, int64_t now_us, uint32_t ssrc)
{
	struct sub *sub = sub_of(peer, ssrc);

	if (sub && sub->track)
		track_want_keyframe(sub->track, now_us, sub);
}

static void take_bye(struct peer *peer, int64_t now_us, uint32_t ssrc)
{
	const struct bundle_place *place = bundle_known(&peer->bundle, ssrc);

	if (place && !place->is_rtx)
		track_bye(peer->track[place->mline], now_us, place->encoding);
}

static void take_sender_report(struct peer *peer, int64_t now_us, const struct rtcp_packet *packet)
{
	const struct bundle_place *place = bundle_known(&peer->bundle, packet->sender_ssrc);

	if (place && !place->is_rtx)
		track_sender_report(peer->track[place->mline], now_us, place->encoding, packet);
}

static void take_feedback(struct peer *peer, int64_t now_us, const struct rtcp_packet *packet)
{
	struct twcc_feedback feedback;

	if (twcc_parse(&feedback, packet->fci, packet->fci_len)) {
		peer->transport.outlet->stats.dropped_malformed++;
		return;
	}
	sender_feedback(&peer->sender, now_us, &feedback);
}

static void take_packet(struct peer *peer, int64_t now_us, const struct rtcp_packet *packet)
{
	switch (packet->type) {
	case RTCP_SR:
		take_sender_report(peer, now_us, packet);
		/* fall through */
	case RTCP_RR:
		for (size_t i = 0; i < packet->report_count; i++)
			take_report(peer, now_us, &packet->reports[i]);
		break;
	case RTCP_NACK:
		take_nack(peer, now_us, packet);
		break;
	case RTCP_PLI:
		take_keyframe_request(peer, now_us, packet->media_ssrc);
		break;
	case RTCP_FIR:
		for (size_t i = 0; i < packet->ssrc_count; i++)
			take_keyframe_request(peer, now_us, packet->ssrcs[i]);
		break;
	case RTCP_BYE:
		for (size_t i = 0; i < packet->ssrc_count; i++)
			take_bye(peer, now_us, packet->ssrcs[i]);
		break;
	case RTCP_REMB:
		sender_remb(&peer->sender, now_us, packet->remb_bps);
		break;
	case RTCP_TWCC:
		take_feedback(peer, now_us, packet);
		break;
	case RTCP_OTHER:
		break;
	}
}

void rtcp_in(struct peer *peer, int64_t now_us, const struct pkt *pkt)
{
	struct rtcp_reader reader = rtcp_reader_init(pkt->data, pkt->len);
	struct rtcp_packet packet;
	int more;

	while ((more = rtcp_next(&reader, &packet)) > 0)
		take_packet(peer, now_us, &packet);
	if (more < 0)
		peer->transport.outlet->stats.dropped_malformed++;
	peer_send(peer, now_us);
}
