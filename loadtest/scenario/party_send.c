/* SPDX-License-Identifier: EUPL-1.2 */
/* The sending half of party.h: sound and pictures, their history, reports. */
#include <string.h>

#include "loadtest/scenario/party.h"
#include "media/stream/rtx.h"
#include "media/wire/red.h"

enum {
	PARTY_MTU = 1100, /* payload: RTP of at most 1200 bytes with its extensions and tag */
	PARTY_VP8_HEAD = 9,
	PARTY_PADDING = 4,	   /* packets sent again for padding, in turn */
	PARTY_TOC = 0x78,	   /* Opus: hybrid, full band, 20 ms, mono */
	PARTY_PACKET_HEADERS = 68, /* docs/adaptation.md 2 */
	PARTY_CLEAN_BPS = 5000000,
	PARTY_RESEND_US = 500000,
	PARTY_LEAST_BPS = 30000, /* libwebrtc's for all its pictures; the page asks for few below */
	PARTY_FEW_FPS = 5,	 /* web/src/layers.ts */
	PARTY_RAMP_US = 1000000, /* all layers within a second on a clean link: platform, A */
};

static uint32_t voice_wire_bps(const struct party *party)
{
	uint32_t per_second = 50u / party->ptime_frames;

	uint32_t copies = party->is_redundant ? 2 : 1;

	return party->config.has_voice
		       ? copies * party->voice.config.bps + per_second * PARTY_PACKET_HEADERS * 8
		       : 0;
}

uint32_t party_up_bps(struct party *party, int64_t now_us)
{
	int64_t age = now_us - party->begun_us;
	uint32_t bps = PARTY_CLEAN_BPS;

	if (party->config.is_thin_up)
		return upload_bps(&party->upload, now_us);
	if (age < PARTY_RAMP_US)
		bps = (uint32_t)(UPLOAD_START_BPS +
				 (PARTY_CLEAN_BPS - UPLOAD_START_BPS) * age / PARTY_RAMP_US);
	if (party->remb_bps && party->remb_bps < bps)
		bps = (uint32_t)party->remb_bps;
	return bps;
}

/* --- packets ---------------------------------------------------------------------------------- */

static void write_header(struct party *party, int64_t now_us, struct wr *w,
			 const struct rtp_header *header, const struct rtp_exts *own)
{
	/* abs-send-time: 6.18 fixed-point seconds. */
	uint32_t fixed = (uint32_t)(((uint64_t)now_us << 18) / 1000000);
	uint8_t send_time[3] = {(uint8_t)(fixed >> 16), (uint8_t)(fixed >> 8), (uint8_t)fixed};
	struct rtp_exts exts = *own;
	uint8_t seq[2] = {(uint8_t)(party->transport_seq >> 8), (uint8_t)party->transport_seq};

	exts.value[RTP_EXT_ABS_SEND_TIME] = (struct rtp_ext_value){send_time, 3};
	exts.value[RTP_EXT_TRANSPORT_SEQ] = (struct rtp_ext_value){seq, 2};
	rtp_write(w, header, &exts, &party->exts);
}

static size_t send_packet(struct party *party, int64_t now_us, uint8_t *buf, size_t len, size_t cap)
{
	upload_sent(&party->upload, now_us, party->transport_seq++, (uint16_t)(len + 16 + 28));
	return wire_send_rtp(&party->wire, now_us, buf, len, cap);
}

static void name_exts(const struct party *party, struct rtp_exts *exts, size_t m, const char *rid,
		      enum rtp_ext rid_ext)
{
	const char *mid = party->params->mline[m].mid;

	memset(exts, 0, sizeof(*exts));
	exts->value[RTP_EXT_MID] =
		(struct rtp_ext_value){(const uint8_t *)mid, (uint8_t)strlen(mid)};
	if (rid)
		exts->value[rid_ext] =
			(struct rtp_ext_value){(const uint8_t *)rid, (uint8_t)strlen(rid)};
}

static size_t video_mline(const struct party *party)
{
	return party->config.has_voice ? 1 : 0;
}

static size_t keep_and_send(struct party *party, int64_t now_us, struct party_encoding *encoding,
			    struct wr *w, uint8_t *buf, size_t cap)
{
	struct party_kept *kept = &encoding->history[encoding->seq % PARTY_HISTORY];
	size_t len = wr_len(w);

	g_assert_true(wr_ok(w));
	g_assert_cmpuint(len, <=, sizeof(kept->plain));
	kept->seq = encoding->seq++;
	kept->len = (uint16_t)len;
	memcpy(kept->plain, buf, len);
	encoding->packets++;
	encoding->octets += (uint32_t)len;
	return send_packet(party, now_us, buf, len, cap);
}

/* --- sound ------------------------------------------------------------------------------------ */

static void write_opus_frame(const struct party *party, struct wr *w, size_t i)
{
	const struct label label = {
		.track_id = PARTY_TRACK(party->config.id, MEDIA_AUDIO),
		.is_speech = party->packed[i].is_speech,
		.frame = party->sound_frame - (uint32_t)(party->packed_count - i),
		.captured_us = party->packed_us[i],
	};
	size_t len = party->packed[i].bytes;

	if (len >= LABEL_BYTES + 1u) {
		label_write(w, &label);
		wr_zero(w, len - LABEL_BYTES - 1);
	} else {
		wr_zero(w, len - 1);
	}
}

static void write_opus(const struct party *party, struct wr *w)
{
	size_t n = party->packed_count;

	wr_u8(w, (uint8_t)(PARTY_TOC | (n > 1 ? 3 : 0)));
	if (n > 1)
		wr_u8(w, (uint8_t)(0x80 | n)); /* RFC 6716 3.2.5: of several lengths */
	for (size_t i = 0; i + 1 < n; i++)
		wr_u8(w, (uint8_t)(party->packed[i].bytes - 1));
	for (size_t i = 0; i < n; i++)
		write_opus_frame(party, w, i);
}

/* The payload, and in RED the one before it as well. */
static void write_sound(struct party *party, struct wr *w, uint32_t timestamp)
{
	uint8_t payload[sizeof(party->before)];
	struct wr opus = wr_init(payload, sizeof(payload));
	uint32_t back = timestamp - party->before_ts;
	struct red_block blocks[2] = {
		{PARTY_PT_OPUS,
		 (uint16_t)(party->before_len && back <= RED_MAX_TS_OFFSET ? back : 0),
		 party->before, party->before_len},
		{PARTY_PT_OPUS, 0, payload, 0},
	};

	write_opus(party, &opus);
	g_assert_true(wr_ok(&opus));
	blocks[1].len = wr_len(&opus);
	if (party->is_redundant)
		g_assert_cmpint(red_write(w, blocks, 2), >=, 0);
	else
		wr_bytes(w, payload, blocks[1].len);
	memcpy(party->before, payload, blocks[1].len);
	party->before_len = blocks[1].len;
	party->before_ts = timestamp;
}

static void flush_sound(struct party *party, int64_t now_us)
{
	struct party_encoding *sound = &party->sound;
	uint8_t level =
		(uint8_t)(party->packed[0].level_dbov | (party->packed[0].is_speech ? 0x80 : 0));
	struct rtp_header header = {
		.pt = party->is_redundant ? PARTY_PT_RED : PARTY_PT_OPUS,
		.seq = sound->seq,
		.ssrc = sound->ssrc,
	};
	struct rtp_exts exts;
	uint8_t buf[1500];
	struct wr w = wr_init(buf, sizeof(buf) - SRTP_LINK_MAX_TRAILER);
	struct party_sealed *sealed = &party->sealed[sound->seq % PARTY_SOUND_KEPT];

	if (party->packed_count == 0)
		return;
	sound->last_ts = sound->ts_base + (uint32_t)(party->packed_us[0] * 48 / 1000);
	header.timestamp = sound->last_ts;
	name_exts(party, &exts, 0, NULL, RTP_EXT_RID);
	exts.value[RTP_EXT_AUDIO_LEVEL] = (struct rtp_ext_value){&level, 1};
	write_header(party, now_us, &w, &header, &exts);
	write_sound(party, &w, header.timestamp);
	party->packed_count = 0;
	sealed->seq = sound->seq;
	sealed->len = (uint16_t)keep_and_send(party, now_us, sound, &w, buf, sizeof(buf));
	g_assert_cmpuint(sealed->len, <=, sizeof(sealed->data));
	memcpy(sealed->data, buf, sealed->len);
}

static void sound_timeout(struct party *party, int64_t now_us)
{
	if (party->voice_want_us <= now_us) {
		party->voice_want_us = INT64_MAX;
		if (party->voice_ptime_ms)
			party->ptime_frames = (uint8_t)(party->voice_ptime_ms / 20 > 3
								? 3
								: party->voice_ptime_ms / 20);
		if (party->ptime_frames == 0)
			party->ptime_frames = 1;
		party->voice.config.bps = party->config.voice.bps;
		if (party->voice_max_bps && party->voice_max_bps < party->voice.config.bps)
			party->voice.config.bps = party->voice_max_bps;
		party->is_redundant = party->voice_is_redundant && party->config.has_red;
	}
	while (party->voice_us <= now_us) {
		struct voice_frame *frame = &party->packed[party->packed_count];

		voice_frame(&party->voice, party->voice_us, frame);
		party->sound_frame++;
		if (frame->bytes == 0) {
			flush_sound(party, now_us);
		} else {
			party->packed_us[party->packed_count++] = party->voice_us;
			if (party->packed_count >= party->ptime_frames)
				flush_sound(party, now_us);
		}
		party->voice_us += VOICE_FRAME_US;
	}
}

/* --- pictures --------------------------------------------------------------------------------- */

/* What libwebrtc's encoders may take together. */
static uint32_t most_video_bps(const struct party *party)
{
	uint32_t sum = 0;
	uint32_t more = 0;

	for (size_t e = 0; e < party->video_count && !party->is_camera_off; e++) {
		const struct simulcast_row *row = party->video[e].row;

		if (!(party->want.encodings & 1u << e))
			continue;
		sum += row->target_bps;
		more = row->max_bps - row->target_bps;
	}
	sum += more;
	return party->want.max_bps && party->want.max_bps < sum ? party->want.max_bps : sum;
}

/* Of how many captured pictures one is sent: the page keeps to caps that REMB cannot set. */
static uint32_t few_divisor(const struct party *party)
{
	bool is_few = party->want.max_bps && party->want.max_bps < PARTY_LEAST_BPS;

	return is_few && party->config.fps > PARTY_FEW_FPS ? party->config.fps / PARTY_FEW_FPS : 1;
}

static void set_rates(struct party *party, int64_t now_us)
{
	const struct simulcast_row *rows[LIMIT_ENCODINGS];
	uint32_t share[LIMIT_ENCODINGS] = {0};
	uint32_t total = party_up_bps(party, now_us);
	uint32_t sound = voice_wire_bps(party);

	total = total > sound && !party->is_camera_off ? total - sound : 0;
	/* Headers of video: about one part in fifteen. */
	total -= total / 15;
	if (party->want.max_bps && party->want.max_bps < total)
		total = party->want.max_bps;
	for (size_t e = 0; e < party->video_count; e++)
		rows[e] = party->video[e].row;
	if (!party->is_camera_off)
		simulcast_share(rows, party->video_count, party->want.encodings, total, share);
	upload_allocated(&party->upload, now_us, most_video_bps(party) + sound);
	party->video_bps = 0;
	for (size_t e = 0; e < party->video_count; e++) {
		if (party->want.max_bps && share[e] > party->want.max_bps)
			share[e] = party->want.max_bps;
		encoder_set_target(&party->video[e].encoder, now_us, share[e] * few_divisor(party));
		party->video_bps += share[e];
	}
}

static void queue_frame(struct party *party, int64_t captured_us, size_t e,
			const struct encoder_frame *frame)
{
	struct party_encoding *encoding = &party->video[e];
	struct party_frame *out;

	if (party->queue_count == PARTY_QUEUE)
		return; /* four seconds behind: the frame is skipped, as a browser's encoder does */
	out = &party->queue[(party->queue_head + party->queue_count++) % PARTY_QUEUE];
	encoding->picture_id = (encoding->picture_id + 1) & 0x7fff;
	if (frame->temporal == 0)
		encoding->tl0picidx++;
	encoding->keyframes += frame->is_keyframe;
	*out = (struct party_frame){
		.encoding = e,
		.frame = *frame,
		.label = {.track_id = PARTY_TRACK(party->config.id, MEDIA_VIDEO),
			  .encoding = (uint8_t)e,
			  .height = encoding->encoder.config.height,
			  .frame = party->video_frame,
			  .captured_us = captured_us},
		.timestamp = encoding->ts_base + (uint32_t)(captured_us * 90 / 1000),
		.picture_id = encoding->picture_id,
		.tl0picidx = encoding->tl0picidx,
		.parts = (uint16_t)((frame->bytes + PARTY_MTU - 1) / PARTY_MTU),
	};
}

static void capture(struct party *party, int64_t now_us)
{
	struct encoder_frame frame;

	if (party->want_us <= now_us) {
		party->want = party->coming;
		party->want_us = INT64_MAX;
	}
	set_rates(party, now_us);
	party->video_frame++;
	for (size_t e = 0; e < party->video_count && party->video_frame % few_divisor(party) == 0;
	     e++)
		if (encoder_frame(&party->video[e].encoder, now_us, &frame))
			queue_frame(party, party->video_us, e, &frame);
	party->video_us += 1000000 / party->config.fps;
}

/* RFC 7741 4.2 and 4.3: a full descriptor and the frame header's first bytes. */
static void write_vp8(struct wr *w, const struct party_frame *frame)
{
	wr_u8(w, frame->part == 0 ? 0x90 : 0x80); /* X, S */
	wr_u8(w, 0xe0);				  /* I L T */
	wr_u16(w, (uint16_t)(0x8000 | frame->picture_id));
	wr_u8(w, frame->tl0picidx);
	wr_u8(w, (uint8_t)(frame->frame.temporal << 6 | (frame->frame.is_sync ? 0x20 : 0)));
	wr_u8(w, frame->frame.is_keyframe ? 0x10 : 0x11); /* P is the lowest bit */
	wr_u16(w, 0);
}

/* Returns the bytes that went out. */
static size_t send_part(struct party *party, int64_t now_us, struct party_frame *frame)
{
	struct party_encoding *encoding = &party->video[frame->encoding];
	size_t m = video_mline(party);
	struct rtp_header header = {
		.marker = frame->part + 1 == frame->parts,
		.pt = PARTY_PT_VP8,
		.seq = encoding->seq,
		.timestamp = frame->timestamp,
		.ssrc = encoding->ssrc,
	};
	struct rtp_exts exts;
	uint8_t buf[1500];
	struct wr w = wr_init(buf, sizeof(buf) - SRTP_LINK_MAX_TRAILER);
	size_t bytes = frame->frame.bytes / frame->parts;

	encoding->last_ts = frame->timestamp;
	name_exts(party, &exts, m, party->params->mline[m].rid[frame->encoding], RTP_EXT_RID);
	write_header(party, now_us, &w, &header, &exts);
	write_vp8(&w, frame);
	label_write(&w, &frame->label);
	if (bytes > PARTY_VP8_HEAD + LABEL_BYTES)
		wr_zero(&w, bytes - PARTY_VP8_HEAD - LABEL_BYTES);
	(void)keep_and_send(party, now_us, encoding, &w, buf, sizeof(buf)); /* length is known */
	frame->part++;
	return wr_len(&w);
}

static size_t send_next(struct party *party, int64_t now_us)
{
	struct party_frame *frame = &party->queue[party->queue_head];
	size_t bytes = send_part(party, now_us, frame);

	if (frame->part == frame->parts) {
		party->queue_head = (party->queue_head + 1) % PARTY_QUEUE;
		party->queue_count--;
	}
	return bytes;
}

/* libwebrtc's pacer: 2.5 times the rate, so a frame leaves well before the next one. */
static void pace(struct party *party, int64_t now_us)
{
	while (party->queue_count > 0 && party->pace_us <= now_us) {
		size_t bytes = send_next(party, now_us);
		int64_t bps = (int64_t)party->video_bps * 5 / 2;

		if (party->pace_us < now_us)
			party->pace_us = now_us;
		party->pace_us += (int64_t)bytes * 8000000 / (bps > 100000 ? bps : 100000);
	}
}

static void resend_video(struct party *party, int64_t now_us, struct party_encoding *encoding,
			 const struct party_kept *kept)
{
	size_t m = video_mline(party);
	size_t e = (size_t)(encoding - party->video);
	struct rtp_header header;
	struct rtp_exts exts;
	uint8_t buf[1500];
	struct wr w = wr_init(buf, sizeof(buf) - SRTP_LINK_MAX_TRAILER);
	const uint8_t *payload;
	size_t payload_len;

	g_assert_cmpint(rtp_parse(&header, kept->plain, kept->len), ==, 0);
	payload = header.payload;
	payload_len = header.payload_len;
	header.pt = PARTY_PT_RTX;
	header.ssrc = encoding->rtx_ssrc;
	header.seq = encoding->rtx_seq++;
	name_exts(party, &exts, m, party->params->mline[m].rid[e], RTP_EXT_RRID);
	write_header(party, now_us, &w, &header, &exts);
	rtx_write(&w, kept->seq);
	wr_bytes(&w, payload, payload_len);
	g_assert_true(wr_ok(&w));
	(void)send_packet(party, now_us, buf, wr_len(&w), sizeof(buf)); /* length is known */
}

/* Nothing new to send: what was sent last goes again (libwebrtc pads so with RTX). */
static size_t send_padding(struct party *party, int64_t now_us)
{
	for (size_t e = party->video_count; e-- > 0;) {
		struct party_encoding *encoding = &party->video[e];
		uint16_t back = (uint16_t)(1 + party->probe_count++ % PARTY_PADDING);
		const struct party_kept *kept =
			&encoding->history[(uint16_t)(encoding->seq - back) % PARTY_HISTORY];

		if (!(party->want.encodings & 1u << e) || encoding->packets < PARTY_PADDING)
			continue;
		resend_video(party, now_us, encoding, kept);
		return kept->len;
	}
	return 0;
}

static uint32_t probe_bps(const struct party *party)
{
	return party->config.is_thin_up && !party->is_camera_off &&
			       (party->queue_count > 0 || party->video[0].packets > 0)
		       ? upload_probe_bps(&party->upload)
		       : 0;
}

static void probe(struct party *party, int64_t now_us)
{
	uint32_t bps;

	while (party->probe_us <= now_us && (bps = probe_bps(party)) > 0) {
		size_t bytes = party->queue_count > 0 ? send_next(party, now_us)
						      : send_padding(party, now_us);

		if (bytes == 0)
			bytes = PARTY_MTU; /* until there is something to send */
		party->probe_us = now_us + (int64_t)bytes * 8000000 / bps;
	}
}

void party_send_timeout(struct party *party, int64_t now_us)
{
	sound_timeout(party, now_us);
	while (party->video_us <= now_us)
		capture(party, now_us);
	probe(party, now_us);
	pace(party, now_us);
}

int64_t party_send_deadline_us(const struct party *party)
{
	int64_t first = party->voice_us < party->video_us ? party->voice_us : party->video_us;

	if (probe_bps(party) > 0 && party->probe_us < first)
		first = party->probe_us;
	return party->queue_count > 0 && party->pace_us < first ? party->pace_us : first;
}

/* --- repair ----------------------------------------------------------------------------------- */

void party_keyframe_wanted(struct party *party, uint32_t ssrc)
{
	for (size_t e = 0; e < party->video_count; e++) {
		if (party->video[e].ssrc != ssrc)
			continue;
		party->video[e].requests++;
		encoder_ask_keyframe(&party->video[e].encoder);
	}
}

/* libwebrtc sends no more again, within half a second, than its estimate has for everything. */
static bool may_resend(struct party *party, int64_t now_us, size_t bytes)
{
	uint64_t most = (uint64_t)party_up_bps(party, now_us) * PARTY_RESEND_US / 8000000;

	if (now_us - party->resend_us >= PARTY_RESEND_US) {
		party->resend_us = now_us;
		party->resend_bytes = 0;
	}
	if (party->resend_bytes + bytes > most)
		return false;
	party->resend_bytes += bytes;
	return true;
}

void party_resend(struct party *party, int64_t now_us, uint32_t ssrc, uint16_t seq)
{
	for (size_t e = 0; e < party->video_count; e++) {
		const struct party_kept *kept = &party->video[e].history[seq % PARTY_HISTORY];

		if (party->video[e].ssrc == ssrc && kept->len && kept->seq == seq &&
		    may_resend(party, now_us, kept->len))
			resend_video(party, now_us, &party->video[e], kept);
	}
	if (party->sound.ssrc == ssrc) {
		const struct party_sealed *sealed = &party->sealed[seq % PARTY_SOUND_KEPT];

		if (sealed->len && sealed->seq == seq && may_resend(party, now_us, sealed->len))
			wire_send_again(&party->wire, now_us, sealed->data, sealed->len);
	}
}
