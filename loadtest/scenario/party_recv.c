/* SPDX-License-Identifier: EUPL-1.2 */
/* The receiving half of party.h: slots, what is heard and seen of them, feedback, reports. */
#include <errno.h>
#include <string.h>

#include "loadtest/model/opus_frames.h"
#include "loadtest/scenario/party.h"
#include "media/stream/rtx.h"
#include "media/wire/red.h"
#include "media/wire/twcc.h"

enum {
	PARTY_REPORT_US = 1000000,
	PARTY_NACKS = 64,
	PARTY_LEAST_RTT_US = 10000,
};

static void digest(struct party *party, int64_t value)
{
	party->digest = (party->digest ^ (uint64_t)value) * 1099511628211ull;
}

static struct party_slot *slot_of(struct party *party, uint32_t ssrc, bool *is_rtx)
{
	for (size_t i = 0; i < party->slot_count; i++) {
		struct party_slot *slot = &party->slot[i];

		*is_rtx = slot->rtx_ssrc != 0 && slot->rtx_ssrc == ssrc;
		if (slot->ssrc == ssrc || *is_rtx)
			return slot;
	}
	return NULL;
}

/* --- sound ------------------------------------------------------------------------------------ */

static int64_t unwrap(struct party_slot *slot, uint16_t seq)
{
	int64_t number;

	if (!slot->has_seq) {
		slot->has_seq = true;
		slot->last_seq = seq;
		slot->high = 65536 + seq;
	}
	number = slot->high + (int16_t)(seq - slot->last_seq);
	if (number > slot->high) {
		slot->high = number;
		slot->last_seq = seq;
	}
	return number;
}

static void take_opus(struct party_slot *slot, int64_t now_us, uint32_t timestamp,
		      const struct red_block *block, enum hearing_kind kind)
{
	struct opus_frames frames;

	if (opus_frames_parse(&frames, block->data, block->len) != 0)
		return;
	if (kind == HEARING_FIRST)
		slot->hearing->packet_us = (int64_t)frames.count * HEARING_TICK_US;
	for (size_t i = 0; i < frames.count; i++) {
		struct rd r = rd_init(frames.data[i], frames.len[i]);
		struct label label;

		label_read(&label, &r);
		hearing_frame(slot->hearing, now_us, timestamp + (uint32_t)i * 960,
			      rd_ok(&r) && label.track_id ? &label : NULL,
			      i == 0 ? kind : HEARING_COPY);
	}
}

static void take_sound(struct party *party, int64_t now_us, struct party_slot *slot,
		       const struct rtp_header *header)
{
	int64_t high = slot->high;
	bool is_new = unwrap(slot, header->seq) > high || high == 0;
	enum hearing_kind kind = is_new ? HEARING_FIRST : HEARING_LATE;
	struct red_payload red = {.count = 1};

	(void)missing_received(slot->missing, now_us, unwrap(slot, header->seq)); /* or late */
	red.block[0] = (struct red_block){.data = header->payload, .len = header->payload_len};
	if (header->pt == PARTY_PT_RED)
		if (red_parse(&red, header->payload, header->payload_len) != 0)
			return;
	for (size_t i = 0; i < red.count; i++)
		take_opus(slot, now_us, header->timestamp - red.block[i].ts_offset, &red.block[i],
			  i + 1 == red.count ? kind : HEARING_COPY);
	if (!party->config.has_audio_nack)
		slot->missing->count = 0;
}

/* --- pictures --------------------------------------------------------------------------------- */

static void log_shown(struct party *party, int64_t now_us, struct party_slot *slot)
{
	for (size_t i = 0; i < slot->picture->shown_count; i++) {
		const struct picture_shown *recent = &slot->picture->recent[i];
		const struct party_shown shown = {
			.now_us = now_us,
			.captured_us = recent->label.captured_us,
			.track_id = recent->label.track_id,
			.height = recent->label.height,
			.is_keyframe = recent->is_keyframe,
		};

		g_array_append_val(slot->shown, shown);
		digest(party, now_us);
		digest(party, shown.captured_us);
	}
	slot->picture->shown_count = 0;
}

static void read_video(struct party *party, int64_t now_us, struct party_slot *slot,
		       const struct rtp_header *header, bool is_rtx)
{
	struct picture_packet packet = {
		.seq = header->seq, .timestamp = header->timestamp, .marker = header->marker};
	const uint8_t *payload = header->payload;
	size_t len = header->payload_len;
	size_t owner;
	size_t second;
	struct rd r;

	if (len == 0)
		return; /* padding */
	if (is_rtx) {
		if (rtx_parse(header, &packet.seq, &payload, &len) != 0 || len == 0)
			return;
		slot->rtx_packets++;
	}
	if (codec_inspect(&packet.frame, CODEC_VP8, payload, len) != 0)
		return;
	r = rd_init(payload, len);
	rd_skip(&r, 9);
	label_read(&packet.label, &r);
	if (!rd_ok(&r))
		return;
	owner = packet.label.track_id / 10;
	second = (size_t)(now_us / 1000000);
	if (owner < PARTY_OWNERS && second < PARTY_SECONDS)
		party->video_bytes[owner][second] += (uint32_t)header->payload_len;
	slot->picture->rtt_us = party->rtt_us;
	(void)picture_packet(slot->picture, now_us, &packet); /* told in recent */
	log_shown(party, now_us, slot);
}

void party_take_rtp(struct party *party, int64_t now_us, uint8_t *data, size_t len)
{
	struct rtp_header header;
	struct rtp_exts exts;
	struct party_slot *slot;
	uint16_t transport_seq;
	bool is_rtx;

	if (srtp_link_unprotect(party->wire.srtp, data, &len)) {
		party->rejected++;
		return;
	}
	g_assert_cmpint(rtp_parse(&header, data, len), ==, 0);
	g_assert_cmpint(rtp_exts_parse(&exts, &header, &party->exts), ==, 0);
	if (rtp_ext_transport_seq(&exts, &transport_seq))
		receipts_packet(&party->receipts, now_us, transport_seq);
	slot = slot_of(party, header.ssrc, &is_rtx);
	if (!slot)
		return;
	slot->bytes += len;
	if (!is_rtx)
		recv_packet(&slot->recv, now_us, header.seq, header.timestamp, len);
	if (slot->kind == MEDIA_AUDIO)
		take_sound(party, now_us, slot, &header);
	else
		read_video(party, now_us, slot, &header, is_rtx);
}

/* --- RTCP ------------------------------------------------------------------------------------- */

/* RFC 3550 6.4.1. */
static void take_reports(struct party *party, int64_t now_us, const struct rtcp_packet *packet)
{
	uint32_t now = rtcp_ntp_middle(rtcp_ntp_from_us(now_us));

	for (size_t i = 0; i < packet->report_count; i++) {
		const struct rtcp_report *report = &packet->reports[i];
		int32_t rtt = (int32_t)(now - report->lsr - report->dlsr);

		if (report->lsr == 0 || rtt < 0)
			continue;
		party->rtt_us = (int64_t)rtt * 1000000 / 65536;
		if (party->rtt_us < PARTY_LEAST_RTT_US)
			party->rtt_us = PARTY_LEAST_RTT_US;
	}
}

static void take_sender_report(struct party *party, int64_t now_us,
			       const struct rtcp_packet *packet)
{
	bool is_rtx;
	struct party_slot *slot = slot_of(party, packet->sender_ssrc, &is_rtx);

	if (slot)
		recv_sender_report(&slot->recv, now_us, packet->ntp);
	take_reports(party, now_us, packet);
}

static void take_packet(struct party *party, int64_t now_us, const struct rtcp_packet *packet)
{
	static struct twcc_feedback feedback;

	switch (packet->type) {
	case RTCP_SR:
		take_sender_report(party, now_us, packet);
		break;
	case RTCP_RR:
		take_reports(party, now_us, packet);
		break;
	case RTCP_NACK:
		for (size_t i = 0; i < packet->nack_count; i++)
			party_resend(party, now_us, packet->media_ssrc, packet->nack[i]);
		break;
	case RTCP_PLI:
		party_keyframe_wanted(party, packet->media_ssrc);
		break;
	case RTCP_FIR:
		for (size_t i = 0; i < packet->ssrc_count; i++)
			party_keyframe_wanted(party, packet->ssrcs[i]);
		break;
	case RTCP_REMB:
		party->remb_bps = packet->remb_bps > UINT32_MAX ? UINT32_MAX : packet->remb_bps;
		upload_remb(&party->upload, party->remb_bps);
		break;
	case RTCP_TWCC:
		if (twcc_parse(&feedback, packet->fci, packet->fci_len) == 0)
			upload_feedback(&party->upload, now_us, &feedback);
		break;
	default:
		break;
	}
}

void party_take_rtcp(struct party *party, int64_t now_us, uint8_t *data, size_t len)
{
	static struct rtcp_packet packet;
	struct rtcp_reader reader;

	if (srtp_link_unprotect_rtcp(party->wire.srtp, data, &len)) {
		party->rejected++;
		return;
	}
	reader = rtcp_reader_init(data, len);
	while (rtcp_next(&reader, &packet) > 0)
		take_packet(party, now_us, &packet);
}

void party_send_rtcp(struct party *party, int64_t now_us, struct wr *w, uint8_t *buf, size_t cap)
{
	g_assert_true(wr_ok(w));
	if (wr_len(w) > 0)
		wire_send_rtcp(&party->wire, now_us, buf, wr_len(w), cap);
}

static void report_encoding(const struct party *party, int64_t now_us, struct wr *w,
			    const struct party_encoding *encoding, uint32_t clock_hz)
{
	struct rtcp_sender_info info = {
		.ntp = rtcp_ntp_from_us(now_us),
		.rtp_timestamp = encoding->ts_base + (uint32_t)(now_us * (clock_hz / 1000) / 1000),
		.packet_count = encoding->packets,
		.octet_count = encoding->octets,
	};

	if (encoding->packets == 0)
		return;
	rtcp_write_sr(w, encoding->ssrc, &info);
	rtcp_write_sdes_cname(w, encoding->ssrc, "party");
}

static void send_reports(struct party *party, int64_t now_us)
{
	struct rtcp_report blocks[PARTY_SLOTS];
	uint8_t buf[1500];
	struct wr w = wr_init(buf, sizeof(buf) - SRTP_LINK_MAX_TRAILER);
	size_t count = 0;

	report_encoding(party, now_us, &w, &party->sound, 48000);
	for (size_t e = 0; e < party->video_count; e++)
		report_encoding(party, now_us, &w, &party->video[e], 90000);
	for (size_t i = 0; i < party->slot_count; i++)
		if (party->slot[i].recv.started)
			recv_report(&party->slot[i].recv, now_us, &blocks[count++]);
	rtcp_write_rr(&w, party->sound.ssrc, blocks, count);
	party_send_rtcp(party, now_us, &w, buf, sizeof(buf));
	party->report_us += PARTY_REPORT_US;
}

/* --- time ------------------------------------------------------------------------------------- */

/* One RTCP packet per stream, as browsers do; true when more is due. */
static bool repair_slot(struct party *party, int64_t now_us, struct party_slot *slot)
{
	uint8_t buf[600];
	struct wr w = wr_init(buf, sizeof(buf) - SRTP_LINK_MAX_TRAILER);
	uint16_t seqs[PARTY_NACKS];
	size_t count;

	if (slot->kind == MEDIA_AUDIO) {
		count = missing_due(slot->missing, now_us, party->rtt_us, seqs, PARTY_NACKS);
	} else {
		picture_timeout(slot->picture, now_us);
		log_shown(party, now_us, slot);
		count = picture_nacks(slot->picture, now_us, party->rtt_us, seqs, PARTY_NACKS);
		if (picture_take_pli(slot->picture))
			rtcp_write_pli(&w, party->sound.ssrc, slot->ssrc);
	}
	rtcp_write_nack(&w, party->sound.ssrc, slot->ssrc, seqs, count);
	party_send_rtcp(party, now_us, &w, buf, sizeof(buf));
	return count == PARTY_NACKS;
}

static void tick(struct party *party, int64_t now_us)
{
	for (size_t i = 0; i < party->slot_count; i++) {
		struct party_slot *slot = &party->slot[i];
		struct party_heard heard;

		if (slot->kind != MEDIA_AUDIO)
			continue;
		heard.tick = (uint8_t)hearing_tick(slot->hearing, now_us);
		heard.owner = (uint8_t)(slot->hearing->last.track_id / 10);
		heard.captured_us = slot->hearing->last.captured_us;
		g_array_append_val(slot->heard, heard);
		digest(party, heard.tick);
		/* What could not be played any more is not asked for again: 5 s of sound. */
		missing_forget_before(slot->missing, slot->high - HEARING_FRAMES);
	}
	party->tick_us += HEARING_TICK_US;
}

void party_recv_timeout(struct party *party, int64_t now_us)
{
	uint8_t buf[1500];
	struct wr w = wr_init(buf, sizeof(buf) - SRTP_LINK_MAX_TRAILER);

	while (party->tick_us <= now_us)
		tick(party, now_us);
	for (size_t i = 0; i < party->slot_count; i++)
		while (repair_slot(party, now_us, &party->slot[i]))
			continue;
	receipts_write(&party->receipts, now_us, party_up_bps(party, now_us), &w,
		       party->sound.ssrc);
	party_send_rtcp(party, now_us, &w, buf, sizeof(buf));
	if (party->report_us <= now_us)
		send_reports(party, now_us);
}

int64_t party_recv_deadline_us(const struct party *party)
{
	int64_t first = party->tick_us < party->report_us ? party->tick_us : party->report_us;
	int64_t other = receipts_deadline_us(&party->receipts);

	first = other < first ? other : first;
	for (size_t i = 0; i < party->slot_count; i++) {
		const struct party_slot *slot = &party->slot[i];

		other = slot->picture ? picture_deadline_us(slot->picture)
				      : missing_deadline_us(slot->missing);
		first = other < first ? other : first;
	}
	return first;
}
