/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/scenario/party.h"

#include <stdio.h>
#include <string.h>

#include "media/wire/demux.h"

enum {
	PARTY_REPORT_US = 1000000,
	PARTY_RTT_US = 100000, /* libwebrtc's guess until it knows better */
};

static void init_encoding(struct party *party, struct party_encoding *encoding)
{
	encoding->ssrc = rng_u32(&party->rng) | 1;
	encoding->rtx_ssrc = rng_u32(&party->rng) | 1;
	encoding->seq = (uint16_t)rng_below(&party->rng, 1 << 15);
	encoding->rtx_seq = (uint16_t)rng_below(&party->rng, 1 << 15);
	encoding->ts_base = rng_u32(&party->rng);
	encoding->picture_id = (uint16_t)rng_below(&party->rng, 1 << 15);
	encoding->tl0picidx = (uint8_t)rng_u32(&party->rng);
	encoding->history = g_new0(struct party_kept, PARTY_HISTORY);
}

/* q, h, f: a quarter, half and full size, as our own page sends them. */
static void init_video(struct party *party)
{
	party->video_count = party->config.video_height ? LIMIT_ENCODINGS : 0;
	for (size_t e = 0; e < party->video_count; e++) {
		struct party_encoding *encoding = &party->video[e];
		uint16_t height =
			(uint16_t)(party->config.video_height >> (LIMIT_ENCODINGS - 1 - e));

		init_encoding(party, encoding);
		encoding->row = simulcast_row(height);
		encoder_init(&encoding->encoder,
			     &(struct encoder_config){.width = (uint16_t)(height * 16 / 9),
						      .height = height,
						      .fps = party->config.fps,
						      .has_layers = true},
			     rng_u64(&party->rng));
	}
}

static void init_slot(struct party *party, struct party_slot *slot, enum media_kind kind)
{
	slot->kind = kind;
	slot->ssrc = rng_u32(&party->rng) | 1;
	slot->recv.ssrc = slot->ssrc;
	slot->recv.clock_hz = kind == MEDIA_AUDIO ? 48000 : 90000;
	if (kind == MEDIA_AUDIO) {
		slot->hearing = g_new0(struct hearing, 1);
		slot->missing = g_new0(struct missing, 1);
		slot->heard = g_array_new(FALSE, FALSE, sizeof(struct party_heard));
	} else {
		slot->rtx_ssrc = rng_u32(&party->rng) | 1;
		slot->picture = g_new0(struct picture, 1);
		slot->shown = g_array_new(FALSE, FALSE, sizeof(struct party_shown));
	}
}

static void fill_exts(struct rtp_ext_map *map)
{
	static const enum rtp_ext exts[] = {
		RTP_EXT_MID,	     RTP_EXT_ABS_SEND_TIME, RTP_EXT_TRANSPORT_SEQ,
		RTP_EXT_AUDIO_LEVEL, RTP_EXT_RID,	    RTP_EXT_RRID,
	};

	for (size_t i = 0; i < sizeof(exts) / sizeof(exts[0]); i++)
		g_assert_cmpint(rtp_ext_map_set(map, exts[i], (uint8_t)(i + 1)), ==, 0);
}

void party_init(struct party *party, const struct party_config *config)
{
	*party = (struct party){.config = *config,
				.rng = rng_seeded(config->seed * 131 + config->id)};
	wire_init(&party->wire, &config->wire, rng_u64(&party->rng));
	fill_exts(&party->exts);
	voice_init(&party->voice, &config->voice, rng_u64(&party->rng));
	init_encoding(party, &party->sound);
	init_video(party);
	party->slot_count = config->audio_slots + config->video_slots;
	g_assert_cmpuint(party->slot_count, <=, PARTY_SLOTS);
	for (size_t i = 0; i < party->slot_count; i++)
		init_slot(party, &party->slot[i],
			  i < config->audio_slots ? MEDIA_AUDIO : MEDIA_VIDEO);
	party->receipts.interval_us = config->feedback_us;
	party->ptime_frames = 1;
	party->want.encodings = 7;
	party->want_us = INT64_MAX;
	party->voice_want_us = INT64_MAX;
	party->rtt_us = PARTY_RTT_US;
	party->digest = 14695981039346656037ull;
	party->params = g_new0(struct transport_params, 1);
}

void party_close(struct party *party)
{
	wire_close(&party->wire);
	for (size_t e = 0; e < party->video_count; e++)
		g_free(party->video[e].history);
	g_free(party->sound.history);
	for (size_t i = 0; i < party->slot_count; i++) {
		struct party_slot *slot = &party->slot[i];

		g_free(slot->hearing);
		g_free(slot->missing);
		g_free(slot->picture);
		if (slot->shown)
			g_array_free(slot->shown, TRUE);
		if (slot->heard)
			g_array_free(slot->heard, TRUE);
	}
	g_free(party->params);
}

/* --- what signaling would have negotiated ----------------------------------------------------- */

static void fill_mline(const struct party *party, struct mline_params *mline, enum media_kind kind,
		       size_t index)
{
	struct codec_params *codec = &mline->codec[0];

	g_snprintf(mline->mid, sizeof(mline->mid), "%zu", index);
	mline->kind = kind;
	mline->codec_count = 1;
	mline->exts = party->exts;
	if (kind == MEDIA_AUDIO) {
		*codec = (struct codec_params){
			.codec = CODEC_OPUS, .pt = PARTY_PT_OPUS, .clock_hz = 48000};
		codec->red_pt = party->config.has_red ? PARTY_PT_RED : 0;
		codec->has_nack = party->config.has_audio_nack;
	} else {
		*codec = (struct codec_params){.codec = CODEC_VP8,
					       .pt = PARTY_PT_VP8,
					       .rtx_pt = PARTY_PT_RTX,
					       .clock_hz = 90000,
					       .has_nack = true,
					       .has_pli = true};
	}
	codec->has_transport_cc = true;
}

static void fill_track(const struct party *party, struct mline_params *mline, enum media_kind kind)
{
	static const char *const rids[LIMIT_ENCODINGS] = {"q", "h", "f"};

	mline->use = MLINE_TRACK;
	mline->track_id = PARTY_TRACK(party->config.id, kind);
	mline->priority = party->config.priority;
	for (size_t e = 0; kind == MEDIA_VIDEO && e < party->video_count && e < LIMIT_ENCODINGS;
	     e++)
		g_strlcpy(mline->rid[mline->rid_count++], rids[e], sizeof(mline->rid[0]));
}

const struct transport_params *party_params(struct party *party, uint32_t room_id)
{
	struct transport_params *out = party->params;
	size_t m = 0;

	memset(out, 0, sizeof(*out));
	out->room_id = room_id;
	out->transport_id = party->config.id;
	out->owner = party->config.id;
	out->local = party->wire.remote;
	out->remote = party->wire.local;
	out->dtls_role = DTLS_SERVER;
	memcpy(out->remote_fingerprint, cert_fingerprint(party->config.wire.cert),
	       CERT_FINGERPRINT_BYTES);
	g_snprintf(out->cname, sizeof(out->cname), "vidd-%u", party->config.id);
	if (party->config.has_voice) {
		fill_mline(party, &out->mline[m], MEDIA_AUDIO, m);
		fill_track(party, &out->mline[m++], MEDIA_AUDIO);
	}
	if (party->config.video_height) {
		fill_mline(party, &out->mline[m], MEDIA_VIDEO, m);
		fill_track(party, &out->mline[m++], MEDIA_VIDEO);
	}
	for (size_t i = 0; i < party->slot_count; i++, m++) {
		fill_mline(party, &out->mline[m], party->slot[i].kind, m);
		out->mline[m].use = MLINE_SLOT;
		out->mline[m].send_ssrc = party->slot[i].ssrc;
		out->mline[m].send_rtx_ssrc = party->slot[i].rtx_ssrc;
	}
	out->mline_count = m;
	return out;
}

/* --- time and packets ------------------------------------------------------------------------- */

static void begin(struct party *party, int64_t now_us)
{
	party->is_begun = true;
	party->begun_us = now_us;
	upload_init(&party->upload, now_us);
	party->voice_us = party->config.has_voice ? now_us : INT64_MAX;
	party->video_us = party->video_count ? now_us : INT64_MAX;
	if (party->tick_begun_us == 0) {
		party->tick_us = now_us;
		party->tick_begun_us = now_us;
	}
	party->report_us = now_us + PARTY_REPORT_US;
}

void party_input(struct party *party, int64_t now_us, const uint8_t *data, size_t len)
{
	uint8_t copy[2048];
	enum demux_kind kind = demux_classify(data, len);

	g_assert_cmpuint(len, <=, sizeof(copy));
	if (kind == DEMUX_STUN || kind == DEMUX_DTLS) {
		wire_input(&party->wire, now_us, data, len);
		if (party->wire.srtp && !party->is_begun)
			begin(party, now_us);
		return;
	}
	if (!party->wire.srtp)
		return;
	memcpy(copy, data, len);
	if (kind == DEMUX_RTP)
		party_take_rtp(party, now_us, copy, len);
	else if (kind == DEMUX_RTCP)
		party_take_rtcp(party, now_us, copy, len);
}

void party_want(struct party *party, int64_t now_us, enum media_kind kind,
		const struct engine_want *want)
{
	if (kind == MEDIA_AUDIO) {
		party->voice_ptime_ms = want->ptime_ms;
		party->voice_max_bps = want->max_bps;
		party->voice_is_redundant = want->is_redundant;
		party->voice_want_us = now_us + party->config.signal_us;
		return;
	}
	party->coming = *want;
	party->want_us = now_us + party->config.signal_us;
}

/* Everything that belongs to the connection begins anew; what was seen and heard stays on record.
 */
void party_reconnect(struct party *party)
{
	wire_close(&party->wire);
	wire_init(&party->wire, &party->config.wire, rng_u64(&party->rng));
	party->is_begun = false;
	party->queue_count = 0;
	memset(party->sealed, 0, sizeof(party->sealed)); /* of the old keys */
	party->receipts = (struct receipts){.interval_us = party->config.feedback_us};
	for (size_t e = 0; e < party->video_count; e++)
		encoder_ask_keyframe(&party->video[e].encoder);
	for (size_t i = 0; i < party->slot_count; i++) {
		struct party_slot *slot = &party->slot[i];

		slot->recv =
			(struct recv_stats){.ssrc = slot->ssrc, .clock_hz = slot->recv.clock_hz};
		slot->has_seq = false;
		if (slot->missing)
			*slot->missing = (struct missing){0};
		if (slot->hearing)
			hearing_renew(slot->hearing);
		if (slot->picture)
			picture_renew(slot->picture);
	}
}

void party_camera(struct party *party, int64_t now_us, bool is_on)
{
	party->is_camera_off = !is_on;
	if (party->is_begun && is_on && party->video_us < now_us)
		party->video_us = now_us;
}

void party_timeout(struct party *party, int64_t now_us)
{
	wire_timeout(&party->wire, now_us);
	if (!party->is_begun)
		return;
	party_send_timeout(party, now_us);
	party_recv_timeout(party, now_us);
}

int64_t party_deadline_us(const struct party *party)
{
	int64_t first = wire_deadline_us(&party->wire);
	int64_t other;

	if (!party->is_begun)
		return first;
	other = party_send_deadline_us(party);
	first = other < first ? other : first;
	other = party_recv_deadline_us(party);
	return other < first ? other : first;
}
