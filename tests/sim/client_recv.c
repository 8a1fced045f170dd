/* SPDX-License-Identifier: EUPL-1.2 */
/* The receiving half of client.h: slots, what they missed, reports heard. */
#include <glib.h>
#include <string.h>

#include "media/codec/opus.h"
#include "media/stream/rtx.h"
#include "media/wire/red.h"
#include "media/wire/twcc.h"
#include "tests/sim/client.h"

#define CLIENT_RTT_US 100000

static void digest(struct client *client, const void *data, size_t len)
{
	const uint8_t *bytes = data;

	for (size_t i = 0; i < len; i++)
		client->digest = (client->digest ^ bytes[i]) * 1099511628211ull;
}

static struct client_slot *slot_of(struct client *client, uint32_t ssrc, bool *is_rtx)
{
	for (size_t i = 0; i < client->slot_count; i++) {
		struct client_slot *slot = &client->slot[i];

		*is_rtx = slot->rtx_ssrc != 0 && slot->rtx_ssrc == ssrc;
		if (slot->ssrc == ssrc || *is_rtx)
			return slot;
	}
	return NULL;
}

static void read_label(struct client_label *label, struct rd *r)
{
	label->track_id = rd_u32(r);
	label->encoding = rd_u8(r);
	label->part = rd_u8(r);
	label->parts = rd_u8(r);
	label->frame = rd_u32(r);
	label->captured_us = (int64_t)rd_u64(r);
}

static void read_payload(const struct client *client, struct client_slot *slot,
			 struct client_packet *packet, const uint8_t *payload, size_t len)
{
	static struct opus_packet opus;
	struct red_payload red;
	struct rd r;

	if (slot->kind == MEDIA_AUDIO && packet->pt == client->config.pt_base + 1) {
		g_assert_cmpint(red_parse(&red, payload, len), ==, 0);
		for (size_t i = 0; i < red.count; i++)
			g_assert_cmpuint(red.block[i].pt, ==, client->config.pt_base);
		payload = red.block[red.count - 1].data;
		len = red.block[red.count - 1].len;
	}
	r = rd_init(payload, len);
	if (slot->kind == MEDIA_VIDEO) {
		g_assert_cmpint(codec_inspect(&packet->frame, CODEC_VP8, payload, len), ==, 0);
		rd_skip(&r, 9);
	} else {
		/* Packets put together hold one label each: the last is looked at. */
		g_assert_cmpint(opus_parse(&opus, payload, len), ==, 0);
		g_assert_cmpuint(opus.config, ==, 0x78 >> 3);
		r = rd_init(opus.frame[opus.count - 1].data, opus.frame[opus.count - 1].len);
	}
	packet->payload_len = len;
	/* DTX: asks whether the link is there. */
	if (slot->kind == MEDIA_AUDIO && rd_left(&r) == 0)
		return;
	read_label(&packet->label, &r);
	g_assert_true(rd_ok(&r));
}

/* Counts it; false when this number came before. */
static bool count_new(struct client_slot *slot, uint16_t seq)
{
	int64_t n = seq_unwrap16(&slot->unwrap, seq);
	uint8_t *mark = &slot->seen[(uint64_t)n % CLIENT_SEEN];

	if (slot->received == 0) {
		slot->first_seq = n;
		slot->highest_seq = n;
	}
	/* The ring is as long as the number space: half of it lies ahead, cleared as it is reached.
	 */
	while (slot->highest_seq < n)
		slot->seen[(uint64_t)++slot->highest_seq % CLIENT_SEEN] = 0;
	if (n < slot->first_seq)
		slot->first_seq = n;
	if (*mark) {
		slot->duplicates++;
		return false;
	}
	*mark = 1;
	slot->received++;
	return true;
}

static void deliver(struct client *client, struct client_slot *slot, struct client_packet *packet)
{
	if (packet->is_rtx)
		slot->recovered++;
	if (packet->frame.is_keyframe && packet->frame.starts_frame)
		slot->keyframes++;
	digest(client, &packet->now_us, sizeof(packet->now_us));
	digest(client, &packet->seq, sizeof(packet->seq));
	digest(client, &packet->timestamp, sizeof(packet->timestamp));
	digest(client, &packet->frame.picture_id, sizeof(packet->frame.picture_id));
	digest(client, &packet->label.frame, sizeof(packet->label.frame));
	if (client->watch)
		client->watch(client, slot, packet, client->watch_arg);
	slot->last = *packet;
}

void client_take_rtp(struct client *client, int64_t now_us, uint8_t *data, size_t len)
{
	const struct transport_params *params = client_known(client);
	struct client_packet packet = {.now_us = now_us};
	struct rtp_header header;
	struct client_slot *slot;
	const uint8_t *payload;
	size_t payload_len;
	uint16_t transport_seq;

	if (srtp_link_unprotect(client->srtp, data, &len)) {
		client->rejected++;
		return;
	}
	g_assert_cmpint(rtp_parse(&header, data, len), ==, 0);
	slot = slot_of(client, header.ssrc, &packet.is_rtx);
	g_assert_nonnull(slot);
	g_assert_cmpint(
		rtp_exts_parse(
			&packet.exts, &header,
			&params->mline[client->source_count + (size_t)(slot - client->slot)].exts),
		==, 0);
	if (rtp_ext_transport_seq(&packet.exts, &transport_seq))
		arrival_packet(&client->arrival, now_us, transport_seq);
	packet.seq = header.seq;
	payload = header.payload;
	payload_len = header.payload_len;
	if (packet.is_rtx)
		g_assert_cmpint(rtx_parse(&header, &packet.seq, &payload, &payload_len), ==, 0);
	else
		recv_packet(&slot->recv, now_us, header.seq, header.timestamp, len);
	packet.timestamp = header.timestamp;
	packet.marker = header.marker;
	packet.pt = header.pt;
	if (slot->kind == MEDIA_VIDEO)
		nack_received(&slot->nack, now_us, packet.seq);
	if (!count_new(slot, packet.seq))
		return;
	read_payload(client, slot, &packet, payload, payload_len);
	deliver(client, slot, &packet);
}

/* --- RTCP ------------------------------------------------------------------------------------- */

static struct client_encoding *encoding_of(struct client *client, uint32_t ssrc,
					   struct client_source **source)
{
	for (size_t i = 0; i < client->source_count; i++) {
		for (size_t e = 0; e < client->source[i].encoding_count; e++) {
			*source = &client->source[i];
			if (client->source[i].encoding[e].ssrc == ssrc)
				return &client->source[i].encoding[e];
		}
	}
	return NULL;
}

static void take_sender_report(struct client *client, int64_t now_us,
			       const struct rtcp_packet *packet)
{
	bool is_rtx;
	struct client_slot *slot = slot_of(client, packet->sender_ssrc, &is_rtx);

	g_assert_nonnull(slot);
	slot->has_report = true;
	slot->reports++;
	slot->report_us = rtcp_us_from_ntp(packet->ntp);
	slot->report_ts = packet->rtp_timestamp;
	recv_sender_report(&slot->recv, now_us, packet->ntp);
}

static void take_keyframe_request(struct client *client, uint32_t ssrc)
{
	struct client_source *source = NULL;
	struct client_encoding *encoding = encoding_of(client, ssrc, &source);

	g_assert_nonnull(encoding);
	encoding->requests++;
	encoding->wants_keyframe = true;
}

static void take_nack(struct client *client, int64_t now_us, const struct rtcp_packet *packet)
{
	struct client_source *source = NULL;
	struct client_encoding *encoding = encoding_of(client, packet->media_ssrc, &source);

	g_assert_nonnull(encoding);
	for (size_t i = 0; i < packet->nack_count; i++)
		client_resend(client, now_us, source, encoding, packet->nack[i]);
}

static void take_tcc(struct client *client, const struct rtcp_packet *packet)
{
	static struct twcc_feedback feedback;

	g_assert_cmpint(twcc_parse(&feedback, packet->fci, packet->fci_len), ==, 0);
	client->tcc_feedbacks++;
	for (size_t i = 0; i < feedback.count; i++)
		client->tcc_arrivals += feedback.arrival_us[i] != TWCC_NOT_RECEIVED;
}

static void take_bye(struct client *client, const struct rtcp_packet *packet)
{
	for (size_t i = 0; i < packet->ssrc_count; i++) {
		bool is_rtx;
		struct client_slot *slot = slot_of(client, packet->ssrcs[i], &is_rtx);

		g_assert_nonnull(slot);
		slot->said_bye = true;
	}
}

static void take_packet(struct client *client, int64_t now_us, const struct rtcp_packet *packet)
{
	switch (packet->type) {
	case RTCP_SR:
		take_sender_report(client, now_us, packet);
		break;
	case RTCP_RR:
		client->receiver_reports++;
		break;
	case RTCP_NACK:
		take_nack(client, now_us, packet);
		break;
	case RTCP_PLI:
		take_keyframe_request(client, packet->media_ssrc);
		break;
	case RTCP_FIR:
		for (size_t i = 0; i < packet->ssrc_count; i++)
			take_keyframe_request(client, packet->ssrcs[i]);
		break;
	case RTCP_TWCC:
		take_tcc(client, packet);
		break;
	case RTCP_BYE:
		take_bye(client, packet);
		break;
	default:
		break;
	}
}

void client_take_rtcp(struct client *client, int64_t now_us, uint8_t *data, size_t len)
{
	static struct rtcp_packet packet;
	struct rtcp_reader reader;
	int more;

	if (srtp_link_unprotect_rtcp(client->srtp, data, &len)) {
		client->rejected++;
		return;
	}
	digest(client, &now_us, sizeof(now_us));
	digest(client, data, len);
	reader = rtcp_reader_init(data, len);
	while ((more = rtcp_next(&reader, &packet)) > 0)
		take_packet(client, now_us, &packet);
	g_assert_cmpint(more, ==, 0);
}

void client_nacks(struct client *client, int64_t now_us)
{
	uint16_t seqs[64];
	uint8_t buf[1600];
	struct wr w = wr_init(buf, sizeof(buf) - SRTP_LINK_MAX_TRAILER);

	for (size_t i = 0; i < client->slot_count; i++) {
		struct client_slot *slot = &client->slot[i];
		size_t count = 0;

		if (slot->kind == MEDIA_VIDEO && nack_deadline_us(&slot->nack) <= now_us)
			count = nack_due(&slot->nack, now_us, CLIENT_RTT_US, seqs, 64);
		if (count)
			rtcp_write_nack(&w, client->config.id, slot->ssrc, seqs, count);
		if (nack_take_overflow(&slot->nack))
			rtcp_write_pli(&w, client->config.id, slot->ssrc);
	}
	client_send_rtcp(client, now_us, &w, buf, sizeof(buf));
}

void client_feedback(struct client *client, int64_t now_us)
{
	uint8_t buf[1600];
	struct wr w = wr_init(buf, 1200);

	while (arrival_feedback(&client->arrival, now_us, client->config.id, 0, &w)) {
		client_send_rtcp(client, now_us, &w, buf, sizeof(buf));
		w = wr_init(buf, 1200);
	}
}

void client_ask_keyframe(struct client *client, int64_t now_us, const struct client_slot *slot)
{
	uint8_t buf[256];
	struct wr w = wr_init(buf, sizeof(buf) - SRTP_LINK_MAX_TRAILER);

	rtcp_write_pli(&w, client->config.id, slot->ssrc);
	client_send_rtcp(client, now_us, &w, buf, sizeof(buf));
}

double client_missing(const struct client_slot *slot)
{
	int64_t expected = slot->highest_seq - slot->first_seq + 1;

	if (slot->received == 0)
		return 1;
	return 1 - (double)slot->received / (double)expected;
}
