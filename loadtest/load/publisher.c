/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/load/publisher.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "loadtest/load/descriptor.h"
#include "loadtest/load/stamp.h"
#include "media/stream/rtx.h"
#include "media/wire/rtcp.h"
#include "media/wire/srtp.h"

enum {
	PUBLISHER_PAYLOAD = 1140,      /* with header, extensions and tag at most 1200 bytes */
	PUBLISHER_TOC = 0x78,	       /* Opus: hybrid, full band, 20 ms, mono */
	PUBLISHER_DESCRIPTOR = 6,      /* VP8's, with picture id, TL0PICIDX and TID */
	PUBLISHER_BURST_US = 40000,    /* libwebrtc's pacer lets so much go at once (guess) */
	PUBLISHER_HEADERS_BPS = 27200, /* IP to tag of 50 packets of sound a second */
};

static void init_encoding(struct publisher_encoding *encoding, struct rng *rng)
{
	encoding->ssrc = rng_u32(rng) | 1;
	encoding->rtx_ssrc = rng_u32(rng) | 1;
	encoding->seq = (uint16_t)rng_below(rng, 1 << 15);
	encoding->rtx_seq = (uint16_t)rng_below(rng, 1 << 15);
	encoding->ts_base = rng_u32(rng);
	encoding->picture_id = (uint16_t)rng_below(rng, 1 << 15);
	encoding->tl0picidx = (uint8_t)rng_u32(rng);
}

static int init_video(struct publisher *publisher, struct rng *rng)
{
	const struct publisher_config *config = &publisher->config;

	publisher->video_count = config->has_video ? config->encodings : 0;
	for (size_t e = 0; e < publisher->video_count; e++) {
		struct publisher_encoding *encoding = &publisher->video[e];

		init_encoding(encoding, rng);
		encoding->height = (uint16_t)(config->height >> (publisher->video_count - 1 - e));
		encoding->row = simulcast_row(encoding->height);
		encoder_init(
			&encoding->encoder,
			&(struct encoder_config){.width = (uint16_t)(encoding->height * 16 / 9),
						 .height = encoding->height,
						 .fps = config->fps,
						 .has_layers = config->has_layers},
			rng_u64(rng));
		encoding->history = calloc(PUBLISHER_HISTORY, sizeof(*encoding->history));
		if (!encoding->history)
			return -ENOMEM;
	}
	return 0;
}

int publisher_init(struct publisher *publisher, const struct publisher_config *config,
		   struct channel *channel, struct tally *tally, struct rng *rng)
{
	*publisher = (struct publisher){
		.config = *config, .channel = channel, .tally = tally, .wanted = ~0u};
	init_encoding(&publisher->sound, rng);
	voice_init(&publisher->voice, &config->voice, rng_u64(rng));
	if (config->is_adaptive && config->has_video) {
		publisher->upload = calloc(1, sizeof(*publisher->upload));
		if (!publisher->upload)
			return -ENOMEM;
	}
	return init_video(publisher, rng);
}

void publisher_close(struct publisher *publisher)
{
	for (size_t e = 0; e < publisher->video_count; e++)
		free(publisher->video[e].history);
	free(publisher->upload);
	*publisher = (struct publisher){0};
}

void publisher_start(struct publisher *publisher, int64_t now_us,
		     const struct publisher_terms *terms)
{
	/* Not everybody's frames at the same moment. */
	int64_t phase = (int64_t)(publisher->sound.ts_base % 33333);

	publisher->terms = *terms;
	publisher->is_on = true;
	publisher->voice_us = now_us + phase % 20000;
	publisher->video_us = now_us + phase;
	if (publisher->upload)
		upload_init(publisher->upload, now_us);
}

/* --- packets ---------------------------------------------------------------------------------- */

struct packet_names {
	enum media_kind kind;
	const char *rid; /* NULL: none */
	enum rtp_ext rid_ext;
	uint8_t level; /* of sound */
	uint8_t descriptor[DESCRIPTOR_BYTES];
	uint8_t descriptor_len; /* 0: none */
};

static struct rtp_ext_value text_value(const char *text)
{
	return (struct rtp_ext_value){(const uint8_t *)text, (uint8_t)strlen(text)};
}

static void write_header(const struct publisher *publisher, int64_t now_us, struct wr *w,
			 const struct rtp_header *header, const struct packet_names *names)
{
	/* abs-send-time: 6.18 fixed-point seconds. */
	uint32_t fixed = (uint32_t)(((uint64_t)now_us << 18) / 1000000);
	uint8_t send_time[3] = {(uint8_t)(fixed >> 16), (uint8_t)(fixed >> 8), (uint8_t)fixed};
	uint8_t seq[2] = {(uint8_t)(publisher->transport_seq >> 8),
			  (uint8_t)publisher->transport_seq};
	struct rtp_exts exts = {0};

	exts.value[RTP_EXT_MID] = text_value(publisher->terms.mid[names->kind]);
	exts.value[RTP_EXT_ABS_SEND_TIME] = (struct rtp_ext_value){send_time, 3};
	exts.value[RTP_EXT_TRANSPORT_SEQ] = (struct rtp_ext_value){seq, 2};
	if (names->kind == MEDIA_AUDIO)
		exts.value[RTP_EXT_AUDIO_LEVEL] = (struct rtp_ext_value){&names->level, 1};
	if (names->rid)
		exts.value[names->rid_ext] = text_value(names->rid);
	if (names->descriptor_len)
		exts.value[RTP_EXT_DEPENDENCY_DESCRIPTOR] =
			(struct rtp_ext_value){names->descriptor, names->descriptor_len};
	rtp_write(w, header, &exts, &publisher->terms.exts);
}

static bool send_packet(struct publisher *publisher, int64_t now_us, uint8_t *buf, size_t len,
			size_t cap)
{
	if (publisher->upload)
		upload_sent(publisher->upload, now_us, publisher->transport_seq,
			    (uint16_t)(len + 16 + 28));
	publisher->transport_seq++;
	publisher->tally->counts.sent_bytes += len + 16;
	return channel_send_rtp(publisher->channel, buf, len, cap);
}

/* --- sound ------------------------------------------------------------------------------------ */

static void send_sound(struct publisher *publisher, int64_t now_us, const struct voice_frame *frame)
{
	struct publisher_encoding *sound = &publisher->sound;
	const struct stamp stamp = {
		.publisher = publisher->config.id,
		.kind = MEDIA_AUDIO,
		.is_speech = frame->is_speech,
		.number = sound->number++,
		.frame = sound->frame,
		.needs = sound->frame,
		.parts = 1,
		.captured_us = publisher->voice_us,
		.sent_us = now_us,
	};
	const struct packet_names names = {
		.kind = MEDIA_AUDIO,
		.level = (uint8_t)(frame->level_dbov | (frame->is_speech ? 0x80 : 0)),
	};
	const struct rtp_header header = {
		.pt = publisher->terms.opus_pt,
		.seq = sound->seq++,
		.timestamp = sound->ts_base + (uint32_t)(publisher->voice_us * 48 / 1000),
		.ssrc = sound->ssrc,
	};
	uint8_t buf[1500];
	struct wr w = wr_init(buf, sizeof(buf) - SRTP_LINK_MAX_TRAILER);
	size_t body = frame->bytes > STAMP_BYTES + 1 ? frame->bytes - STAMP_BYTES - 1u : 0;

	write_header(publisher, now_us, &w, &header, &names);
	wr_u8(&w, PUBLISHER_TOC);
	stamp_write(&w, &stamp, body);
	sound->packets++;
	sound->octets += (uint32_t)wr_len(&w);
	publisher->tally->counts.sent[MEDIA_AUDIO] +=
		send_packet(publisher, now_us, buf, wr_len(&w), sizeof(buf));
}

static void sound_timeout(struct publisher *publisher, int64_t now_us)
{
	while (publisher->voice_us <= now_us) {
		struct voice_frame frame;

		voice_frame(&publisher->voice, publisher->voice_us, &frame);
		publisher->sound.frame++;
		if (frame.bytes > 0)
			send_sound(publisher, now_us, &frame);
		publisher->voice_us += VOICE_FRAME_US;
	}
}

/* --- pictures --------------------------------------------------------------------------------- */

/* RFC 7741 4.2 and 4.3: a full descriptor, then the frame header with a keyframe's start code. */
static void write_vp8(struct wr *w, const struct publisher_packet *packet, uint16_t height)
{
	uint16_t width = (uint16_t)(height * 16 / 9);

	wr_u8(w, packet->part == 0 ? 0x90 : 0x80); /* X, S */
	wr_u8(w, 0xe0);				   /* I L T */
	wr_u16(w, (uint16_t)(0x8000 | packet->picture_id));
	wr_u8(w, packet->tl0picidx);
	wr_u8(w, (uint8_t)(packet->temporal << 6 | (packet->is_sync ? 0x20 : 0)));
	if (packet->part > 0)
		return;
	wr_u8(w, packet->is_keyframe ? 0x10 : 0x11); /* P is the lowest bit */
	wr_u16(w, 0);
	if (!packet->is_keyframe)
		return;
	wr_u24(w, 0x9d012a);
	wr_u8(w, (uint8_t)width);
	wr_u8(w, (uint8_t)(width >> 8));
	wr_u8(w, (uint8_t)height);
	wr_u8(w, (uint8_t)(height >> 8));
}

static void write_payload(const struct publisher *publisher, struct wr *w, size_t e,
			  const struct publisher_packet *packet)
{
	const struct stamp stamp = {
		.publisher = publisher->config.id,
		.kind = MEDIA_VIDEO,
		.encoding = (uint8_t)e,
		.is_keyframe = packet->is_keyframe,
		.height = publisher->video[e].height,
		.number = packet->number,
		.frame = packet->frame,
		.needs = packet->needs,
		.part = packet->part,
		.parts = packet->parts,
		.captured_us = packet->captured_us,
		.sent_us = packet->sent_us,
	};
	size_t at = wr_len(w);
	size_t head;

	write_vp8(w, packet, stamp.height);
	head = wr_len(w) - at + STAMP_BYTES;
	stamp_write(w, &stamp, packet->bytes > head ? packet->bytes - head : 0);
}

static struct packet_names names_of(const struct publisher *publisher, size_t e,
				    const struct publisher_packet *packet, enum rtp_ext rid_ext)
{
	static const char *const rids[LIMIT_ENCODINGS] = {"q", "h", "f"};
	uint16_t height = publisher->video[e].height;
	const struct descriptor descriptor = {
		.has_layers = publisher->config.has_layers,
		.starts_frame = packet->part == 0,
		.ends_frame = packet->part + 1 == packet->parts,
		.is_keyframe = packet->is_keyframe,
		.temporal = packet->temporal,
		.is_sync = packet->is_sync,
		.frame = (uint16_t)packet->frame,
		.width = (uint16_t)(height * 16 / 9),
		.height = height,
	};
	struct packet_names names = {
		.kind = MEDIA_VIDEO,
		.rid = publisher->video_count > 1 ? rids[e] : NULL,
		.rid_ext = rid_ext,
	};

	if (publisher->config.has_descriptor)
		names.descriptor_len = (uint8_t)descriptor_write(names.descriptor, &descriptor);
	return names;
}

static void send_video(struct publisher *publisher, int64_t now_us, size_t e,
		       struct publisher_packet *packet)
{
	struct publisher_encoding *encoding = &publisher->video[e];
	const struct packet_names names = names_of(publisher, e, packet, RTP_EXT_RID);
	struct rtp_header header = {
		.marker = packet->part + 1 == packet->parts,
		.pt = publisher->terms.vp8_pt,
		.timestamp = packet->timestamp,
		.ssrc = encoding->ssrc,
	};
	uint8_t buf[1500];
	struct wr w = wr_init(buf, sizeof(buf) - SRTP_LINK_MAX_TRAILER);

	packet->seq = encoding->seq++;
	packet->number = encoding->number++;
	packet->sent_us = now_us;
	header.seq = packet->seq;
	encoding->history[packet->seq % PUBLISHER_HISTORY] = *packet;
	write_header(publisher, now_us, &w, &header, &names);
	write_payload(publisher, &w, e, packet);
	encoding->packets++;
	encoding->octets += (uint32_t)wr_len(&w);
	publisher->tally->counts.sent[MEDIA_VIDEO] +=
		send_packet(publisher, now_us, buf, wr_len(&w), sizeof(buf));
}

/* libwebrtc's split: parts differ by a byte, the larger ones last. */
static uint16_t part_bytes(const struct publisher_frame *frame)
{
	uint32_t parts = frame->packet.parts;

	return (uint16_t)(frame->bytes / parts +
			  (frame->packet.part >= parts - frame->bytes % parts ? 1 : 0));
}

/* 2.5 times the rate on average, and what goes in 40 ms at once. */
static void pace(struct publisher *publisher, int64_t now_us)
{
	int64_t bps = (int64_t)publisher->video_bps * 5 / 2;

	if (bps < 100000)
		bps = 100000;
	if (publisher->pace_us < now_us - PUBLISHER_BURST_US)
		publisher->pace_us = now_us - PUBLISHER_BURST_US;
	while (publisher->queue_count > 0 && publisher->pace_us <= now_us) {
		struct publisher_frame *frame = &publisher->queue[publisher->queue_head];

		frame->packet.bytes = part_bytes(frame);
		send_video(publisher, now_us, frame->encoding, &frame->packet);
		publisher->pace_us += (int64_t)frame->packet.bytes * 8000000 / bps;
		if (++frame->packet.part < frame->packet.parts)
			continue;
		publisher->queue_head = (publisher->queue_head + 1) % PUBLISHER_QUEUE;
		publisher->queue_count--;
	}
}

static uint32_t frame_needed(struct publisher_encoding *encoding, const struct encoder_frame *frame)
{
	if (frame->is_keyframe)
		return encoding->frame;
	return encoding->last_frame[frame->temporal == 2 && !frame->is_sync ? 1 : 0];
}

static void queue_frame(struct publisher *publisher, size_t e, const struct encoder_frame *frame)
{
	struct publisher_encoding *encoding = &publisher->video[e];
	struct publisher_frame *out;

	if (publisher->queue_count == PUBLISHER_QUEUE) {
		/* What is far behind begins anew. */
		encoder_ask_keyframe(&encoding->encoder);
		return;
	}
	out = &publisher->queue[(publisher->queue_head + publisher->queue_count++) %
				PUBLISHER_QUEUE];
	encoding->frame++;
	encoding->picture_id = (encoding->picture_id + 1) & 0x7fff;
	encoding->tl0picidx = (uint8_t)(encoding->tl0picidx + (frame->temporal == 0));
	*out = (struct publisher_frame){
		.encoding = (uint8_t)e,
		.bytes = frame->bytes > STAMP_BYTES + 16 ? frame->bytes : STAMP_BYTES + 16,
		.packet = {.frame = encoding->frame,
			   .needs = frame_needed(encoding, frame),
			   .timestamp =
				   encoding->ts_base + (uint32_t)(publisher->video_us * 90 / 1000),
			   .captured_us = publisher->video_us,
			   .picture_id = encoding->picture_id,
			   .tl0picidx = encoding->tl0picidx,
			   .temporal = frame->temporal,
			   .is_sync = frame->is_sync,
			   .is_keyframe = frame->is_keyframe},
	};
	out->packet.parts = (uint16_t)((out->bytes + PUBLISHER_PAYLOAD - 1) / PUBLISHER_PAYLOAD);
	if (frame->temporal < 2)
		encoding->last_frame[frame->temporal] = encoding->frame;
	if (frame->is_keyframe)
		encoding->last_frame[1] = encoding->frame;
	publisher->tally->counts.keyframes_sent += frame->is_keyframe;
}

static uint32_t total_bps(struct publisher *publisher, int64_t now_us)
{
	uint32_t sound = publisher->config.has_audio
				 ? publisher->config.voice.bps + PUBLISHER_HEADERS_BPS
				 : 0;
	uint32_t total = upload_bps(publisher->upload, now_us);

	if (publisher->remb_bps && publisher->remb_bps < total)
		total = publisher->remb_bps;
	total = total > sound ? total - sound : 0;
	total -= total / 15; /* headers of video */
	return publisher->most_bps && publisher->most_bps < total ? publisher->most_bps : total;
}

static void set_rates(struct publisher *publisher, int64_t now_us)
{
	const struct simulcast_row *rows[LIMIT_ENCODINGS];
	uint32_t share[LIMIT_ENCODINGS] = {0};
	uint32_t most = 0;

	for (size_t e = 0; e < publisher->video_count; e++) {
		rows[e] = publisher->video[e].row;
		most += rows[e]->target_bps;
	}
	if (publisher->video_count == 1)
		share[0] = most = publisher->config.video_bps;
	if (publisher->upload) {
		uint32_t total = total_bps(publisher, now_us);

		upload_allocated(publisher->upload, now_us, most + PUBLISHER_HEADERS_BPS);
		if (publisher->video_count == 1)
			share[0] = !(publisher->wanted & 1) ? 0 : total < most ? total : most;
		else
			simulcast_share(rows, publisher->video_count, publisher->wanted, total,
					share);
	} else {
		for (size_t e = 0; e < publisher->video_count && publisher->video_count > 1; e++)
			share[e] = publisher->wanted & 1u << e ? rows[e]->target_bps : 0;
	}
	publisher->video_bps = 0;
	for (size_t e = 0; e < publisher->video_count; e++) {
		encoder_set_target(&publisher->video[e].encoder, now_us, share[e]);
		publisher->video_bps += share[e];
	}
}

static void capture(struct publisher *publisher, int64_t now_us)
{
	struct encoder_frame frame;

	set_rates(publisher, now_us);
	for (size_t e = 0; e < publisher->video_count; e++) {
		struct publisher_encoding *encoding = &publisher->video[e];

		if (publisher->config.keyframe_us &&
		    now_us - encoding->key_us >= publisher->config.keyframe_us)
			encoder_ask_keyframe(&encoding->encoder);
		if (!encoder_frame(&encoding->encoder, now_us, &frame))
			continue;
		if (frame.is_keyframe)
			encoding->key_us = now_us;
		queue_frame(publisher, e, &frame);
	}
	publisher->video_us += 1000000 / publisher->config.fps;
}

/* --- time ------------------------------------------------------------------------------------- */

void publisher_timeout(struct publisher *publisher, int64_t now_us)
{
	if (!publisher->is_on)
		return;
	if (publisher->config.has_audio)
		sound_timeout(publisher, now_us);
	while (publisher->video_count > 0 && publisher->video_us <= now_us)
		capture(publisher, now_us);
	pace(publisher, now_us);
}

int64_t publisher_deadline_us(const struct publisher *publisher)
{
	int64_t first = INT64_MAX;

	if (!publisher->is_on)
		return first;
	if (publisher->config.has_audio)
		first = publisher->voice_us;
	if (publisher->video_count > 0 && publisher->video_us < first)
		first = publisher->video_us;
	if (publisher->queue_count > 0 && publisher->pace_us < first)
		first = publisher->pace_us;
	return first;
}

/* --- what the server says --------------------------------------------------------------------- */

static void resend(struct publisher *publisher, int64_t now_us, size_t e,
		   const struct publisher_packet *packet)
{
	struct publisher_encoding *encoding = &publisher->video[e];
	const struct packet_names names = names_of(publisher, e, packet, RTP_EXT_RRID);
	const struct rtp_header header = {
		.marker = packet->part + 1 == packet->parts,
		.pt = publisher->terms.rtx_pt,
		.seq = encoding->rtx_seq++,
		.timestamp = packet->timestamp,
		.ssrc = encoding->rtx_ssrc,
	};
	uint8_t buf[1500];
	struct wr w = wr_init(buf, sizeof(buf) - SRTP_LINK_MAX_TRAILER);

	write_header(publisher, now_us, &w, &header, &names);
	rtx_write(&w, packet->seq);
	write_payload(publisher, &w, e, packet);
	publisher->tally->counts.sent_again +=
		send_packet(publisher, now_us, buf, wr_len(&w), sizeof(buf));
}

void publisher_nack(struct publisher *publisher, int64_t now_us, uint32_t ssrc, uint16_t seq)
{
	publisher->tally->counts.nacks_heard++;
	for (size_t e = 0; e < publisher->video_count && publisher->terms.rtx_pt; e++) {
		const struct publisher_packet *packet =
			&publisher->video[e].history[seq % PUBLISHER_HISTORY];

		if (publisher->video[e].ssrc == ssrc && packet->bytes && packet->seq == seq)
			resend(publisher, now_us, e, packet);
	}
}

void publisher_keyframe(struct publisher *publisher, uint32_t ssrc)
{
	publisher->tally->counts.plis_heard++;
	for (size_t e = 0; e < publisher->video_count; e++)
		if (publisher->video[e].ssrc == ssrc)
			encoder_ask_keyframe(&publisher->video[e].encoder);
}

void publisher_remb(struct publisher *publisher, uint64_t bps)
{
	publisher->remb_bps = bps > UINT32_MAX ? UINT32_MAX : (uint32_t)bps;
	if (publisher->upload)
		upload_remb(publisher->upload, bps);
}

void publisher_feedback(struct publisher *publisher, int64_t now_us,
			const struct twcc_feedback *feedback)
{
	if (publisher->upload)
		upload_feedback(publisher->upload, now_us, feedback);
}

void publisher_wish(struct publisher *publisher, unsigned encodings, uint32_t most_bps)
{
	if (!publisher->config.is_adaptive)
		return;
	publisher->wanted = encodings;
	publisher->most_bps = most_bps;
}

static void report(int64_t now_us, struct wr *w, const struct publisher_encoding *encoding,
		   uint32_t clock_khz)
{
	const struct rtcp_sender_info info = {
		.ntp = rtcp_ntp_from_us(now_us),
		.rtp_timestamp = encoding->ts_base + (uint32_t)(now_us * clock_khz / 1000),
		.packet_count = encoding->packets,
		.octet_count = encoding->octets,
	};

	if (encoding->packets == 0)
		return;
	rtcp_write_sr(w, encoding->ssrc, &info);
	rtcp_write_sdes_cname(w, encoding->ssrc, "load");
}

void publisher_report(const struct publisher *publisher, int64_t now_us, struct wr *w)
{
	report(now_us, w, &publisher->sound, 48);
	for (size_t e = 0; e < publisher->video_count; e++)
		report(now_us, w, &publisher->video[e], 90);
}
