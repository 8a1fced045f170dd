/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A whole engine with two people connected. The input is a row of records: what somebody sends (RTP
 * or RTCP, protected here with the sender's keys so that it gets behind SRTP; or raw bytes from a
 * validated path or another), time passing, a new round of offer/answer. Whatever comes out must be
 * a packet that the receiver's keys open, and every buffer must come back.
 *
 * The handshakes are left out (fuzz_stun and fuzz_dtls have them): the engine's source is included
 * so that transports can be put into their connected state.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "media/route/engine.c"

enum {
	OP_RTP,
	OP_RTCP,
	OP_RAW,
	OP_STRANGER,
	OP_WAIT,
	OP_UPDATE,
	OP_NACK, /* of what came last, as far back as the first byte says, with a BLP of all ones */
	OP_COUNT,
};

struct person {
	struct transport_params params;
	struct path path;
	struct srtp_link *link; /* the client's end */
	uint32_t last_ssrc;	/* of the video that came last */
	uint16_t last_seq;
};

static struct engine *engine;
static struct person person[2];
static struct cert *cert;
static int64_t now_us;

static void add_codec(struct mline_params *mline, enum codec_id codec, uint8_t pt, uint8_t rtx_pt)
{
	mline->codec[mline->codec_count++] = (struct codec_params){
		.codec = codec,
		.pt = pt,
		.rtx_pt = rtx_pt,
		.red_pt = codec == CODEC_OPUS ? 63 : 0,
		.clock_hz = codec_is_video(codec) ? 90000 : 48000,
		.h264_profile_idc = 0x42,
		.h264_constraints = 0xe0,
		.has_nack = true,
		.has_pli = pt % 2 == 0,
		.has_fir = true,
		.has_transport_cc = true,
	};
}

static struct mline_params *add_mline(struct transport_params *params, enum media_kind kind,
				      unsigned use)
{
	struct mline_params *mline = &params->mline[params->mline_count];

	mline->mid[0] = (char)('0' + params->mline_count++);
	mline->kind = kind;
	mline->use = use;
	/* MID is 1, and so on in the order of enum rtp_ext. */
	for (int ext = 0; ext < RTP_EXT_COUNT; ext++)
		(void)rtp_ext_map_set(&mline->exts, (enum rtp_ext)ext, (uint8_t)(ext + 1));
	if (kind == MEDIA_AUDIO) {
		add_codec(mline, CODEC_OPUS, 111, 0);
		add_codec(mline, CODEC_TELEPHONE_EVENT, 110, 0);
	} else {
		add_codec(mline, CODEC_VP8, 96, 97);
		add_codec(mline, CODEC_VP9, 98, 99);
		add_codec(mline, CODEC_H264, 100, 101);
		add_codec(mline, CODEC_AV1, 102, 103);
	}
	return mline;
}

/* Person n: microphone (SSRC 10n), simulcast camera q, h (12n, 14n; RTX one more), two slots. */
static void describe(struct transport_params *params, uint32_t n)
{
	struct mline_params *mline;

	memset(params, 0, sizeof(*params));
	params->room_id = 1;
	params->transport_id = params->owner = n;
	params->dtls_role = DTLS_CLIENT; /* no handshake until a check comes */
	params->local.ufrag[0] = (char)('a' + n);
	memcpy(params->local.pwd, "passwordOfTheFuzzers22", 23);
	params->cname[0] = 'c';
	mline = add_mline(params, MEDIA_AUDIO, MLINE_TRACK | (n == 1 ? MLINE_SLOT : 0));
	mline->track_id = n * 10;
	mline->send_ssrc = 900 + n;
	mline = add_mline(params, MEDIA_VIDEO, MLINE_TRACK);
	mline->track_id = n * 10 + 1;
	mline->rid_count = 2;
	mline->rid[0][0] = 'q';
	mline->rid[1][0] = 'h';
	mline = add_mline(params, MEDIA_AUDIO, MLINE_SLOT);
	mline->send_ssrc = 1000 + n;
	mline->codec[0].red_pt = n == 1 ? 64 : 0;
	mline = add_mline(params, MEDIA_VIDEO, MLINE_SLOT);
	mline->send_ssrc = 1002 + n;
	mline->send_rtx_ssrc = n == 1 ? 1004 : 0;
}

/* Nominated path and keys, as a handshake would have left them. */
static void connect_person(struct person *p)
{
	struct srtp_keys keys = {.profile = SRTP_LINK_AEAD_AES_128_GCM};
	struct srtp_keys swapped = keys;
	struct peer *peer = find_peer(engine, p->params.transport_id);
	struct transport *t = &peer->transport;

	memset(keys.send, 0x11, sizeof(keys.send));
	memset(keys.recv, 0x22, sizeof(keys.recv));
	memcpy(swapped.send, keys.recv, sizeof(keys.recv));
	memcpy(swapped.recv, keys.send, sizeof(keys.send));
	if (srtp_link_new(&t->srtp, &keys) || srtp_link_new(&p->link, &swapped))
		abort();
	t->ice.paths[0] = (struct ice_path){.path = p->path, .checked_us = now_us, .used = true};
	t->ice.selected = 0;
	t->ice.state = t->told = ICE_CONNECTED;
	t->state = TRANSPORT_READY;
	routes_put_path(&engine->routes, &t->claim.paths[0], t, &p->path);
	peer_follow(peer, now_us);
}

static void open_call(void)
{
	struct engine_config config = {
		.cert = cert,
		.rng = rng_seeded(1),
		.max_pkts = 2048,
		.max_rooms = 1,
		.max_transports = 2,
		.video_max_encoding = 1,
	};

	now_us = 1000000;
	if (engine_new(&engine, now_us, &config) || engine_room_open(engine, 1))
		abort();
	for (uint32_t i = 0; i < 2; i++) {
		struct person *p = &person[i];

		memset(p, 0, sizeof(*p));
		p->path.remote =
			(struct addr){.family = ADDR_IPV4, .port = (uint16_t)(i + 1), .ip = {10}};
		describe(&p->params, i + 1);
		if (engine_transport_open(engine, now_us, &p->params))
			abort();
		connect_person(p);
	}
}

static void check_rtp(struct person *p, uint8_t *data, size_t len)
{
	struct rtp_header header;

	/* A datagram sent again as it was is a replay to this end. */
	assert(srtp_link_unprotect(p->link, data, &len) != -EPERM);
	if (rtp_parse(&header, data, len) || header.ssrc < 1003)
		return;
	p->last_ssrc = header.ssrc;
	p->last_seq = header.seq;
}

static void check_output(struct pkt *pkt)
{
	enum demux_kind kind = demux_classify(pkt->data, pkt->len);
	size_t len = pkt->len;

	assert(len > 0 && len <= LIMIT_DATAGRAM_BYTES);
	for (size_t i = 0; i < 2; i++) {
		if (!path_equal(&pkt->path, &person[i].path))
			continue;
		if (kind == DEMUX_RTP)
			check_rtp(&person[i], pkt->data, len);
		if (kind == DEMUX_RTCP)
			assert(srtp_link_unprotect_rtcp(person[i].link, pkt->data, &len) == 0);
	}
}

static void drain(void)
{
	struct engine_event event;
	struct pkt *pkt;

	while ((pkt = engine_output(engine))) {
		/* The datagram may be kept for repetition: look at a copy. */
		struct pkt copy = *pkt;

		check_output(&copy);
		pkt_unref(pkt);
	}
	while (engine_event(engine, &event))
		assert(event.room_id == 1);
}

static void input(const struct path *path, const uint8_t *data, size_t len)
{
	struct pkt *pkt = pkt_get(engine_pool(engine));

	if (!pkt)
		return;
	memcpy(pkt->data, data, len);
	pkt->len = (uint16_t)len;
	pkt->path = *path;
	pkt->arrival_us = now_us;
	engine_input(engine, now_us, pkt);
}

static void input_protected(struct person *p, const uint8_t *data, size_t len, bool is_rtcp)
{
	_Alignas(8) uint8_t buf[LIMIT_DATAGRAM_BYTES + SRTP_LINK_MAX_TRAILER];

	if (len < 8)
		return;
	memcpy(buf, data, len);
	buf[0] = (uint8_t)((buf[0] & 0x3f) | 0x80);
	if (is_rtcp ? srtp_link_protect_rtcp(p->link, buf, &len, sizeof(buf))
		    : srtp_link_protect(p->link, buf, &len, sizeof(buf)))
		return;
	input(&p->path, buf, len);
}

static void nack(struct person *p, uint8_t back)
{
	uint8_t buf[64];
	struct wr w = wr_init(buf, sizeof(buf));

	wr_u32(&w, 0x81cd0003); /* RFC 4585 6.2.1 */
	wr_u32(&w, 1);
	wr_u32(&w, p->last_ssrc);
	wr_u16(&w, (uint16_t)(p->last_seq - back));
	wr_u16(&w, 0xffff);
	input_protected(p, buf, wr_len(&w), true);
}

/* Bits of data[0]: which m-lines are in use after this round; the second: whose SSRCs change. */
static void update(struct person *p, const uint8_t *data, size_t len)
{
	static struct transport_params params;

	if (len < 2 || !find_peer(engine, p->params.transport_id))
		return;
	params = p->params;
	for (size_t m = 0; m < params.mline_count; m++) {
		struct mline_params *mline = &params.mline[m];

		if (data[0] & (1 << m))
			mline->use = MLINE_UNUSED;
		if (data[0] & (16 << m))
			mline->codec_count = 1;
		if (data[1] & (1 << m))
			mline->track_id += 100;
	}
	(void)engine_transport_update(engine, now_us, &params); /* -EINVAL is an answer too */
}

static void run_record(uint8_t head, const uint8_t *data, size_t len)
{
	static const struct path elsewhere = {.remote = {.family = ADDR_IPV4, .port = 99}};
	struct person *p = &person[(head >> 3) & 1];

	switch ((head & 7) % OP_COUNT) {
	case OP_RTP:
		input_protected(p, data, len, false);
		break;
	case OP_RTCP:
		input_protected(p, data, len, true);
		break;
	case OP_RAW:
		input(&p->path, data, len);
		break;
	case OP_STRANGER:
		input(&elsewhere, data, len);
		break;
	case OP_WAIT:
		now_us += len ? data[0] * 4000 : 500;
		engine_timeout(engine, now_us);
		assert(engine_deadline_us(engine) > now_us);
		break;
	case OP_UPDATE:
		update(p, data, len);
		break;
	case OP_NACK:
		nack(p, len ? data[0] : 0);
		break;
	}
	drain();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rd r = rd_init(data, size);

	if (!cert && (srtp_link_library_init() || cert_new(&cert, 1760000000)))
		abort();
	open_call();
	drain();
	while (rd_left(&r) > 3) {
		uint8_t head = rd_u8(&r);
		size_t len = rd_u16(&r);

		if (len > rd_left(&r))
			len = rd_left(&r);
		if (len > LIMIT_DATAGRAM_BYTES)
			break;
		run_record(head, rd_bytes(&r, len), len);
	}
	engine_free(engine); /* asserts that every buffer came back */
	srtp_link_free(person[0].link);
	srtp_link_free(person[1].link);
	return 0;
}
