/* SPDX-License-Identifier: EUPL-1.2 */
/* The sending half of client.h: fake frames, their history, sender reports. */
#include <glib.h>
#include <string.h>

#include "media/stream/rtx.h"
#include "tests/sim/client.h"

enum {
	CLIENT_VIDEO_BYTES = 900,
	CLIENT_FRAMES_PER_S = 30,
	CLIENT_AUDIO_BYTES = 80,
};

static uint32_t clock_of(const struct client_source *source)
{
	return source->kind == MEDIA_AUDIO ? 48000 : 90000;
}

static uint32_t timestamp_at(const struct client_source *source,
			     const struct client_encoding *encoding, int64_t us)
{
	return encoding->ts_base + (uint32_t)(us * clock_of(source) / 1000000);
}

static void write_label(struct wr *w, const struct client_label *label)
{
	wr_u32(w, label->track_id);
	wr_u8(w, label->encoding);
	wr_u8(w, label->part);
	wr_u8(w, label->parts);
	wr_u32(w, label->frame);
	wr_u64(w, (uint64_t)label->captured_us);
}

/* RFC 7741 4.2 and 4.3: a full descriptor and the first byte of the frame header. */
static void write_vp8(struct wr *w, const struct client_encoding *encoding, bool is_first,
		      bool is_key)
{
	wr_u8(w, is_first ? 0x90 : 0x80); /* X, S */
	wr_u8(w, 0xf0);			  /* I L T K */
	wr_u16(w, (uint16_t)(0x8000 | encoding->picture_id));
	wr_u8(w, encoding->tl0picidx);
	wr_u8(w, (uint8_t)(encoding->keyidx & 0x1f)); /* TID 0 */
	wr_u8(w, is_key ? 0x10 : 0x11);		      /* P is the lowest bit */
	wr_u16(w, 0);
}

/* Opus in RED (RFC 2198): one redundant block of the frame before, then the primary. */
static void write_red(struct wr *w, uint8_t opus_pt)
{
	wr_u8(w, (uint8_t)(0x80 | opus_pt));
	wr_u24(w, 960 << 10 | 4);
	wr_u8(w, opus_pt);
	wr_u32(w, 0x78010203);
}

static void add_exts(struct client *client, struct rtp_exts *exts, const char *mid,
		     const struct client_source *source, const char *rid, bool is_rtx)
{
	static const uint8_t loud = 0x80 | 20; /* RFC 6464: voice, -20 dBov */
	static uint8_t seq[2];
	/* libwebrtc names an SSRC until a report speaks of it; ours never speak of RTX. */
	bool is_named = !client->config.stops_naming || client->receiver_reports == 0 || is_rtx;

	memset(exts, 0, sizeof(*exts));
	if (is_named)
		exts->value[RTP_EXT_MID] =
			(struct rtp_ext_value){(const uint8_t *)mid, (uint8_t)strlen(mid)};
	if (is_named && source->encoding_count > 1)
		exts->value[is_rtx ? RTP_EXT_RRID : RTP_EXT_RID] =
			(struct rtp_ext_value){(const uint8_t *)rid, (uint8_t)strlen(rid)};
	if (source->kind == MEDIA_AUDIO)
		exts->value[RTP_EXT_AUDIO_LEVEL] = (struct rtp_ext_value){&loud, 1};
	seq[0] = (uint8_t)(client->transport_seq >> 8);
	seq[1] = (uint8_t)client->transport_seq++;
	exts->value[RTP_EXT_TRANSPORT_SEQ] = (struct rtp_ext_value){seq, 2};
}

/* The header with every extension this source has. */
static void write_header(struct client *client, int64_t now_us, struct wr *w,
			 const struct client_source *source, const struct client_encoding *encoding,
			 const struct rtp_header *header)
{
	const struct transport_params *params = client_known(client);
	size_t index = (size_t)(source - client->source);
	size_t e = (size_t)(encoding - source->encoding);
	uint32_t time = (uint32_t)((now_us << 18) / 1000000); /* 6.18 seconds */
	uint8_t send_time[3] = {(uint8_t)(time >> 16), (uint8_t)(time >> 8), (uint8_t)time};
	struct rtp_exts exts;

	add_exts(client, &exts, params->mline[index].mid, source, params->mline[index].rid[e],
		 header->ssrc != encoding->ssrc);
	exts.value[RTP_EXT_ABS_SEND_TIME] = (struct rtp_ext_value){send_time, 3};
	rtp_write(w, header, &exts, &params->mline[index].exts);
}

static void protect_and_send(struct client *client, int64_t now_us, uint8_t *buf, size_t *len,
			     size_t cap)
{
	g_assert_cmpint(srtp_link_protect(client->srtp, buf, len, cap), ==, 0);
	client_send(client, now_us, buf, *len);
}

static void send_part(struct client *client, int64_t now_us, struct client_source *source,
		      struct client_encoding *encoding, const struct client_label *label,
		      bool is_key)
{
	struct client_kept *kept = &encoding->history[encoding->seq % CLIENT_HISTORY];
	bool is_video = source->kind == MEDIA_VIDEO;
	uint8_t pt = client->config.pt_base;
	struct rtp_header header = {
		.marker = is_video && label->part + 1 == label->parts,
		.pt = (uint8_t)(is_video	 ? pt + 2
				: source->is_red ? pt + 1
						 : pt),
		.seq = encoding->seq,
		.timestamp = encoding->last_ts,
		.ssrc = encoding->ssrc,
	};
	struct wr w = wr_init(kept->plain, sizeof(kept->plain));
	size_t len;

	write_header(client, now_us, &w, source, encoding, &header);
	if (is_video)
		write_vp8(&w, encoding, label->part == 0, is_key);
	else if (source->is_red)
		write_red(&w, pt);
	if (!is_video)
		wr_u8(&w, 0x78); /* TOC: CELT, 20 ms */
	write_label(&w, label);
	/* Smaller encodings are smaller, or a receiver could not tell them apart. */
	if (is_video)
		wr_zero(&w, (size_t)CLIENT_VIDEO_BYTES >>
				    (source->encoding_count - 1 - label->encoding));
	else
		wr_zero(&w, CLIENT_AUDIO_BYTES);
	g_assert_true(wr_ok(&w));
	kept->seq = encoding->seq++;
	kept->len = (uint16_t)wr_len(&w);
	len = kept->len;
	memcpy(kept->protected, kept->plain, len);
	protect_and_send(client, now_us, kept->protected, &len, sizeof(kept->protected));
	kept->protected_len = (uint16_t)len;
	encoding->packets++;
	encoding->octets += kept->len;
}

static uint8_t count_parts(const struct client *client, enum media_kind kind, uint32_t frame,
			   bool is_key)
{
	uint8_t parts = client->config.picture_parts;

	if (kind == MEDIA_AUDIO)
		return 1;
	if (parts && !is_key)
		return (uint8_t)(parts + frame / CLIENT_FRAMES_PER_S % 3 - 1);
	if (parts)
		return (uint8_t)(4 * parts);
	return is_key ? 6 : 2;
}

static bool is_due(const struct client *client, const struct client_encoding *encoding)
{
	return encoding->wants_keyframe ||
	       (client->config.picture_parts && encoding->frame % (10 * CLIENT_FRAMES_PER_S) == 0);
}

static void send_frame(struct client *client, int64_t now_us, struct client_source *source,
		       struct client_encoding *encoding)
{
	bool is_key = source->kind == MEDIA_VIDEO && is_due(client, encoding);
	struct client_label label = {
		.track_id = source->track_id,
		.encoding = (uint8_t)(encoding - source->encoding),
		.parts = count_parts(client, source->kind, encoding->frame, is_key),
		.frame = encoding->frame++,
		.captured_us = now_us - source->capture_lag_us,
	};

	encoding->last_ts = timestamp_at(source, encoding, label.captured_us);
	encoding->wants_keyframe = false;
	encoding->picture_id = (encoding->picture_id + 1) & 0x7fff;
	encoding->tl0picidx++;
	if (is_key) {
		encoding->keyidx++;
		encoding->keyframes++;
	}
	for (label.part = 0; label.part < label.parts; label.part++)
		send_part(client, now_us, source, encoding, &label, is_key);
}

void client_source_timeout(struct client *client, int64_t now_us, struct client_source *source)
{
	if (!source->is_on || source->next_us > now_us)
		return;
	for (size_t e = 0; e < source->encoding_count; e++)
		if (!source->encoding[e].is_off)
			send_frame(client, now_us, source, &source->encoding[e]);
	source->next_us += source->period_us;
	if (source->next_us <= now_us)
		source->next_us = now_us + source->period_us;
}

void client_resend(struct client *client, int64_t now_us, struct client_source *source,
		   struct client_encoding *encoding, uint16_t seq)
{
	const struct client_kept *kept = &encoding->history[seq % CLIENT_HISTORY];
	struct rtp_header header;
	uint8_t buf[1600];
	struct wr w = wr_init(buf, sizeof(buf));
	const uint8_t *payload;
	size_t payload_len;
	size_t len;

	encoding->nacks++;
	if (kept->seq != seq || kept->len == 0)
		return;
	if (!encoding->rtx_ssrc) {
		client_send(client, now_us, kept->protected, kept->protected_len);
		return;
	}
	g_assert_cmpint(rtp_parse(&header, kept->plain, kept->len), ==, 0);
	payload = header.payload;
	payload_len = header.payload_len;
	header.pt = (uint8_t)(client->config.pt_base + 3);
	header.ssrc = encoding->rtx_ssrc;
	header.seq = encoding->rtx_seq++;
	write_header(client, now_us, &w, source, encoding, &header);
	rtx_write(&w, seq);
	wr_bytes(&w, payload, payload_len);
	g_assert_true(wr_ok(&w));
	len = wr_len(&w);
	protect_and_send(client, now_us, buf, &len, sizeof(buf));
}

static void report_source(struct client *client, int64_t now_us, struct wr *w,
			  const struct client_source *source,
			  const struct client_encoding *encoding)
{
	struct rtcp_sender_info info = {
		.ntp = rtcp_ntp_from_us(now_us + client->config.ntp_offset_us),
		.rtp_timestamp = timestamp_at(source, encoding, now_us),
		.packet_count = encoding->packets,
		.octet_count = encoding->octets,
	};

	if (encoding->packets == 0)
		return;
	rtcp_write_sr(w, encoding->ssrc, &info);
	rtcp_write_sdes_cname(w, encoding->ssrc, "client");
}

void client_reports(struct client *client, int64_t now_us)
{
	uint32_t ssrc =
		client->source_count ? client->source[0].encoding[0].ssrc : client->config.id;
	struct rtcp_report blocks[CLIENT_SLOTS];
	uint8_t buf[1600];
	struct wr w = wr_init(buf, sizeof(buf) - SRTP_LINK_MAX_TRAILER);
	size_t count = 0;

	for (size_t i = 0; i < client->source_count; i++)
		for (size_t e = 0; e < client->source[i].encoding_count; e++)
			report_source(client, now_us, &w, &client->source[i],
				      &client->source[i].encoding[e]);
	for (size_t i = 0; i < client->slot_count; i++)
		if (client->slot[i].recv.started)
			recv_report(&client->slot[i].recv, now_us, &blocks[count++]);
	rtcp_write_rr(&w, ssrc, blocks, count);
	client_send_rtcp(client, now_us, &w, buf, sizeof(buf));
}
