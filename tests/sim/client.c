/* SPDX-License-Identifier: EUPL-1.2 */
#include "tests/sim/client.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "media/wire/demux.h"

enum {
	CLIENT_CHECK_US = 50000,     /* RFC 8445 14.2: Ta */
	CLIENT_CONSENT_US = 2500000, /* as Chromium: platform measurements */
	CLIENT_REPORT_US = 1000000,
};

void client_init(struct client *client, struct net *net, const struct cert *cert,
		 const struct client_config *config)
{
	*client = (struct client){.config = *config, .net = net, .cert = cert};
	client->rng = rng_seeded(config->seed + config->id);
	client->path.remote =
		(struct addr){.family = ADDR_IPV4, .port = (uint16_t)(40000 + config->id)};
	memcpy(client->path.remote.ip, (uint8_t[]){10, 0, 0, (uint8_t)config->id}, 4);
	rng_ice_chars(&client->rng, client->local.ufrag, 8);
	rng_ice_chars(&client->rng, client->local.pwd, 24);
	rng_ice_chars(&client->rng, client->remote.ufrag, 8);
	rng_ice_chars(&client->rng, client->remote.pwd, 24);
	client->is_answered = true;
	client->digest = 14695981039346656037ull;
	client->slot_count = config->audio_slots + config->video_slots;
	g_assert_cmpuint(client->slot_count, <=, CLIENT_SLOTS);
	for (size_t i = 0; i < client->slot_count; i++) {
		struct client_slot *slot = &client->slot[i];

		slot->kind = i < config->audio_slots ? MEDIA_AUDIO : MEDIA_VIDEO;
		slot->ssrc = rng_u32(&client->rng) | 1;
		if (slot->kind == MEDIA_VIDEO && config->has_rtx)
			slot->rtx_ssrc = rng_u32(&client->rng) | 1;
		slot->seen = g_malloc0(CLIENT_SEEN);
		slot->recv.ssrc = slot->ssrc;
		slot->recv.clock_hz = slot->kind == MEDIA_AUDIO ? 48000 : 90000;
		slot->nack.is_audio = slot->kind == MEDIA_AUDIO;
	}
}

void client_close(struct client *client)
{
	for (size_t i = 0; i < client->slot_count; i++) {
		g_free(client->slot[i].seen);
		nack_close(&client->slot[i].nack);
	}
	arrival_close(&client->arrival);
	for (size_t i = 0; i < client->source_count; i++)
		for (size_t e = 0; e < LIMIT_ENCODINGS; e++)
			g_free(client->source[i].encoding[e].history);
	g_free(client->known);
	dtls_free(client->dtls);
	srtp_link_free(client->srtp);
}

struct client_source *client_add_source(struct client *client, enum media_kind kind,
					uint32_t track_id, size_t encodings)
{
	struct client_source *source = &client->source[client->source_count++];

	g_assert_cmpuint(client->source_count, <=, CLIENT_SOURCES);
	*source = (struct client_source){.kind = kind, .track_id = track_id, .is_on = true};
	source->encoding_count = encodings;
	source->period_us = kind == MEDIA_AUDIO ? 20000 : 33333;
	for (size_t e = 0; e < encodings; e++) {
		struct client_encoding *encoding = &source->encoding[e];

		encoding->ssrc = rng_u32(&client->rng) | 1;
		if (kind == MEDIA_VIDEO && client->config.has_rtx)
			encoding->rtx_ssrc = rng_u32(&client->rng) | 1;
		encoding->seq = (uint16_t)rng_below(&client->rng, 1 << 15);
		encoding->rtx_seq = (uint16_t)rng_below(&client->rng, 1 << 15);
		encoding->ts_base = rng_u32(&client->rng);
		encoding->picture_id = (uint16_t)rng_below(&client->rng, 1 << 15);
		encoding->tl0picidx = (uint8_t)rng_u32(&client->rng);
		encoding->wants_keyframe = true;
		encoding->history = g_new0(struct client_kept, CLIENT_HISTORY);
	}
	return source;
}

/* --- what signaling would have negotiated ----------------------------------------------------- */

static void fill_exts(const struct client *client, struct rtp_ext_map *map, enum media_kind kind)
{
	uint8_t id = client->config.ext_base;

	rtp_ext_map_set(map, RTP_EXT_MID, id);
	rtp_ext_map_set(map, RTP_EXT_ABS_SEND_TIME, (uint8_t)(id + 1));
	if (client->config.has_tcc)
		rtp_ext_map_set(map, RTP_EXT_TRANSPORT_SEQ, (uint8_t)(id + 2));
	if (kind == MEDIA_AUDIO)
		rtp_ext_map_set(map, RTP_EXT_AUDIO_LEVEL, (uint8_t)(id + 3));
	if (kind == MEDIA_VIDEO) {
		rtp_ext_map_set(map, RTP_EXT_RID, (uint8_t)(id + 4));
		rtp_ext_map_set(map, RTP_EXT_RRID, (uint8_t)(id + 5));
	}
}

static void fill_mline(const struct client *client, struct mline_params *mline,
		       enum media_kind kind, size_t index)
{
	uint8_t pt = client->config.pt_base;
	struct codec_params *codec = &mline->codec[0];

	g_snprintf(mline->mid, sizeof(mline->mid), "%zu", index);
	mline->kind = kind;
	mline->codec_count = 1;
	fill_exts(client, &mline->exts, kind);
	if (kind == MEDIA_AUDIO) {
		*codec = (struct codec_params){.codec = CODEC_OPUS, .pt = pt, .clock_hz = 48000};
		codec->red_pt = client->config.has_red ? (uint8_t)(pt + 1) : 0;
	} else {
		*codec = (struct codec_params){
			.codec = CODEC_VP8, .pt = (uint8_t)(pt + 2), .clock_hz = 90000};
		codec->rtx_pt = client->config.has_rtx ? (uint8_t)(pt + 3) : 0;
		codec->has_nack = true;
		codec->has_pli = true;
	}
	codec->has_transport_cc = client->config.has_tcc;
}

void client_params(const struct client *client, uint32_t room_id, struct transport_params *out)
{
	size_t m = 0;

	memset(out, 0, sizeof(*out));
	out->room_id = room_id;
	out->transport_id = client->config.id;
	out->owner = client->config.id;
	/* These stories are not about thin links: nobody has to find out first. */
	out->start_bps = 10000000;
	out->local = client->remote;
	out->remote = client->local;
	out->dtls_role = client->config.engine_role;
	out->is_signalled = client->config.is_signalled;
	memcpy(out->remote_fingerprint, cert_fingerprint(client->cert), CERT_FINGERPRINT_BYTES);
	g_snprintf(out->cname, sizeof(out->cname), "vidd-%u", client->config.id);
	for (size_t i = 0; i < client->source_count; i++, m++) {
		const struct client_source *source = &client->source[i];
		struct mline_params *mline = &out->mline[m];

		fill_mline(client, mline, source->kind, m);
		mline->use = MLINE_TRACK;
		mline->track_id = source->track_id;
		for (size_t e = 0; source->encoding_count > 1 && e < source->encoding_count; e++)
			g_snprintf(mline->rid[mline->rid_count++], LIMIT_RID_BYTES, "r%zu", e);
	}
	for (size_t i = 0; i < client->slot_count; i++, m++) {
		fill_mline(client, &out->mline[m], client->slot[i].kind, m);
		out->mline[m].use = MLINE_SLOT;
		out->mline[m].send_ssrc = client->slot[i].ssrc;
		out->mline[m].send_rtx_ssrc = client->slot[i].rtx_ssrc;
	}
	out->mline_count = m;
}

const struct transport_params *client_known(struct client *client)
{
	if (!client->known)
		client->known = g_new0(struct transport_params, 1);
	if (client->known->mline_count != client->source_count + client->slot_count)
		client_params(client, 1, client->known);
	return client->known;
}

/* --- the wire --------------------------------------------------------------------------------- */

void client_send(struct client *client, int64_t now_us, const uint8_t *data, size_t len)
{
	const struct net_way way = {.link = &client->up, .path = client->path, .to_engine = true};

	if (!client->is_silent)
		net_send(client->net, now_us, &way, data, len);
}

void client_send_rtcp(struct client *client, int64_t now_us, struct wr *w, uint8_t *buf, size_t cap)
{
	size_t len = wr_len(w);

	g_assert_true(wr_ok(w));
	if (!client->srtp || len == 0)
		return;
	g_assert_cmpint(srtp_link_protect_rtcp(client->srtp, buf, &len, cap), ==, 0);
	client_send(client, now_us, buf, len);
}

/* RFC 8489 6.2.1: an unanswered request goes again as it was. */
static void check(struct client *client, int64_t now_us)
{
	const struct stun_client_check request = {.to = &client->remote,
						  .from_ufrag = client->local.ufrag,
						  .use_candidate = true,
						  .priority = 2113937151};

	if (client->is_answered)
		client->request_len = stun_client_write(&client->stun, client->request,
							sizeof(client->request), &request);
	client->is_answered = false;
	client_send(client, now_us, client->request, client->request_len);
	client->check_us = now_us + (client->is_checked ? CLIENT_CONSENT_US : CLIENT_CHECK_US);
}

void client_restart_ice(struct client *client, int64_t now_us)
{
	rng_ice_chars(&client->rng, client->local.ufrag, 8);
	rng_ice_chars(&client->rng, client->local.pwd, 24);
	rng_ice_chars(&client->rng, client->remote.ufrag, 8);
	rng_ice_chars(&client->rng, client->remote.pwd, 24);
	client->is_checked = false;
	client->is_answered = true;
	client->check_us = now_us;
}

static void flush_dtls(struct client *client, int64_t now_us)
{
	uint8_t buf[2048];
	struct srtp_keys keys;
	size_t len;

	while (client->dtls && (len = dtls_output(client->dtls, buf, sizeof(buf))) > 0)
		client_send(client, now_us, buf, len);
	if (!client->dtls)
		return;
	client->was_closed |= dtls_state(client->dtls) == DTLS_CLOSED;
	if (client->srtp || dtls_keys(client->dtls, &keys))
		return;
	g_assert_cmpint(srtp_link_new(&client->srtp, &keys), ==, 0);
	client->profile = keys.profile;
	client->connected_us = now_us;
	client->report_us = now_us + CLIENT_REPORT_US;
	for (size_t i = 0; i < client->source_count; i++)
		client->source[i].next_us = now_us;
}

static void start_dtls(struct client *client, int64_t now_us)
{
	enum dtls_role role = client->config.engine_role == DTLS_SERVER ? DTLS_CLIENT : DTLS_SERVER;

	if (client->dtls)
		return;
	g_assert_cmpint(
		dtls_new(&client->dtls, now_us, role, client->cert, client->engine_fingerprint), ==,
		0);
	flush_dtls(client, now_us);
}

static void take_stun(struct client *client, int64_t now_us, const uint8_t *data, size_t len)
{
	struct addr mapped;

	if (stun_client_read(&client->stun, data, len, &mapped) != 0)
		return;
	client->checks_ok++;
	client->is_answered = true;
	if (!client->is_checked) {
		client->is_checked = true;
		client->check_us = now_us + CLIENT_CONSENT_US;
		start_dtls(client, now_us);
	}
}

void client_input(struct client *client, int64_t now_us, const uint8_t *data, size_t len)
{
	uint8_t copy[2048];

	g_assert_cmpuint(len, <=, sizeof(copy));
	memcpy(copy, data, len);
	switch (demux_classify(data, len)) {
	case DEMUX_STUN:
		take_stun(client, now_us, data, len);
		break;
	case DEMUX_DTLS:
		if (!client->dtls)
			start_dtls(client, now_us);
		(void)dtls_input(client->dtls, now_us, data, len); /* seen in dtls_state */
		flush_dtls(client, now_us);
		break;
	case DEMUX_RTP:
		if (client->srtp)
			client_take_rtp(client, now_us, copy, len);
		break;
	case DEMUX_RTCP:
		if (client->srtp)
			client_take_rtcp(client, now_us, copy, len);
		break;
	case DEMUX_DROP:
		g_assert_not_reached();
	}
}

void client_timeout(struct client *client, int64_t now_us)
{
	if (client->check_us <= now_us)
		check(client, now_us);
	if (client->dtls && dtls_deadline_us(client->dtls) <= now_us) {
		dtls_timeout(client->dtls, now_us);
		flush_dtls(client, now_us);
	}
	if (!client->srtp)
		return;
	for (size_t i = 0; i < client->source_count; i++)
		client_source_timeout(client, now_us, &client->source[i]);
	client_nacks(client, now_us);
	if (arrival_deadline_us(&client->arrival) <= now_us)
		client_feedback(client, now_us);
	if (client->report_us <= now_us) {
		client_reports(client, now_us);
		client->report_us += CLIENT_REPORT_US;
	}
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

int64_t client_deadline_us(const struct client *client)
{
	int64_t first = client->check_us;

	if (client->dtls)
		first = earlier(first, dtls_deadline_us(client->dtls));
	if (!client->srtp)
		return first;
	first = earlier(first, client->report_us);
	first = earlier(first, arrival_deadline_us(&client->arrival));
	for (size_t i = 0; i < client->source_count; i++)
		if (client->source[i].is_on)
			first = earlier(first, client->source[i].next_us);
	for (size_t i = 0; i < client->slot_count; i++)
		if (client->slot[i].kind == MEDIA_VIDEO)
			first = earlier(first, nack_deadline_us(&client->slot[i].nack));
	return first;
}
