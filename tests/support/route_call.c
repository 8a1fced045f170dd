/* SPDX-License-Identifier: EUPL-1.2 */
#include "tests/support/route_call.h"

#include <string.h>

/* So that transports can be put into their connected state. */
#include "media/route/engine.c"
#include "media/stream/rtx.h"

#define FEEDBACK_US 100000
#define WAY_US	    20000

static struct cert *cert;

/* --- who is there ---------------------------------------------------------------------------- */

static void add_codec(struct mline_params *mline, enum codec_id codec, uint8_t pt)
{
	mline->codec[mline->codec_count++] = (struct codec_params){
		.codec = codec,
		.pt = pt,
		.rtx_pt = codec_is_video(codec) ? (uint8_t)(pt + 1) : 0,
		.red_pt = codec == CODEC_OPUS ? 63 : 0,
		.clock_hz = codec_is_video(codec) ? 90000 : 48000,
		.has_nack = true,
		.has_pli = codec_is_video(codec),
	};
}

static void add_mline(struct transport_params *params, enum media_kind kind, unsigned use)
{
	struct mline_params *mline = &params->mline[params->mline_count];

	mline->mid[0] = (char)('0' + params->mline_count++);
	mline->kind = kind;
	mline->use = use;
	for (int ext = 0; ext < RTP_EXT_COUNT; ext++)
		g_assert_cmpint(
			rtp_ext_map_set(&mline->exts, (enum rtp_ext)ext, (uint8_t)(ext + 1)), ==,
			0);
	if (kind == MEDIA_AUDIO) {
		add_codec(mline, CODEC_OPUS, 111);
		add_codec(mline, CODEC_TELEPHONE_EVENT, 110);
		return;
	}
	add_codec(mline, CODEC_VP8, 96);
	add_codec(mline, CODEC_VP9, 98);
	add_codec(mline, CODEC_AV1, 102);
}

static void describe(struct transport_params *params, uint32_t n, bool has_feedback)
{
	memset(params, 0, sizeof(*params));
	params->room_id = 1;
	params->transport_id = params->owner = n;
	params->dtls_role = DTLS_CLIENT; /* no handshake until a check comes */
	params->local.ufrag[0] = (char)('a' + n);
	memcpy(params->local.pwd, "passwordOfTheStories22", 23);
	params->cname[0] = 'c';
	params->start_bps = 2000000;
	add_mline(params, MEDIA_AUDIO, MLINE_TRACK);
	add_mline(params, MEDIA_VIDEO, MLINE_TRACK);
	add_mline(params, MEDIA_AUDIO, MLINE_SLOT);
	add_mline(params, MEDIA_VIDEO, MLINE_SLOT);
	params->mline[CALL_VOICE].track_id = n * 10;
	params->mline[CALL_CAMERA].track_id = n * 10 + 2;
	params->mline[CALL_HEARD].send_ssrc = 1000 + n;
	params->mline[CALL_SHOWN].send_ssrc = 2000 + n;
	params->mline[CALL_SHOWN].send_rtx_ssrc = 3000 + n;
	for (size_t m = 0; m < params->mline_count; m++)
		for (size_t i = 0; i < params->mline[m].codec_count; i++)
			params->mline[m].codec[i].has_transport_cc = has_feedback;
}

static void connect_person(struct call *call, struct call_person *p)
{
	struct srtp_keys keys = {.profile = SRTP_LINK_AEAD_AES_128_GCM};
	struct srtp_keys swapped = keys;
	struct transport *t = &p->peer->transport;

	memset(keys.send, 0x11, sizeof(keys.send));
	memset(keys.recv, 0x22, sizeof(keys.recv));
	memcpy(swapped.send, keys.recv, sizeof(keys.recv));
	memcpy(swapped.recv, keys.send, sizeof(keys.send));
	g_assert_cmpint(srtp_link_new(&t->srtp, &keys), ==, 0);
	g_assert_cmpint(srtp_link_new(&p->link, &swapped), ==, 0);
	t->ice.paths[0] =
		(struct ice_path){.path = p->path, .checked_us = call->now_us, .used = true};
	t->ice.selected = 0;
	t->ice.state = t->told = ICE_CONNECTED;
	t->state = TRANSPORT_READY;
	t->ready_us = call->now_us;
	routes_put_path(&call->engine->routes, &t->claim.paths[0], t, &p->path);
	peer_follow(p->peer, call->now_us);
}

/* --- what comes out -------------------------------------------------------------------------- */

static void take_rtp(struct call *call, struct call_person *p, uint8_t *data, size_t len)
{
	struct call_packet *got = &p->got[p->got_count];
	struct rtp_header header;
	struct rtp_exts exts;
	uint16_t seq;
	int err = srtp_link_unprotect(p->link, data, &len);

	p->repeated += err == -EALREADY;
	g_assert_true(err == 0 || err == -EALREADY);
	if (err)
		return;
	g_assert_cmpint(rtp_parse(&header, data, len), ==, 0);
	g_assert_cmpint(rtp_exts_parse(&exts, &header, &p->params.mline[CALL_SHOWN].exts), ==, 0);
	g_assert_cmpuint(p->got_count++, <, CALL_PACKETS);
	*got = (struct call_packet){
		.at_us = call->now_us,
		.ssrc = header.ssrc,
		.seq = header.seq,
		.timestamp = header.timestamp,
		.pt = header.pt,
		.marker = header.marker,
		.transport_seq = rtp_ext_transport_seq(&exts, &seq) ? seq : -1,
		.len = len,
		.payload_len = header.payload_len,
	};
	if (header.ssrc / 1000 == 3)
		got->original_seq = (uint16_t)(header.payload[0] << 8 | header.payload[1]);
	memcpy(got->payload, header.payload, MIN(header.payload_len, sizeof(got->payload)));
}

static void take_rtcp(struct call_person *p, uint8_t *data, size_t len)
{
	static struct rtcp_packet packet;
	struct rtcp_reader reader;

	g_assert_cmpint(srtp_link_unprotect_rtcp(p->link, data, &len), ==, 0);
	reader = rtcp_reader_init(data, len);
	while (rtcp_next(&reader, &packet) > 0) {
		p->rtcp[packet.type]++;
		if (packet.type == RTCP_TWCC)
			g_assert_cmpint(twcc_parse(p->told, packet.fci, packet.fci_len), ==, 0);
	}
}

static void drain(struct call *call)
{
	struct pkt *pkt;

	while ((pkt = engine_output(call->engine))) {
		uint8_t copy[PKT_BYTES];
		enum demux_kind kind = demux_classify(pkt->data, pkt->len);

		memcpy(copy, pkt->data, pkt->len);
		for (size_t n = 1; n <= CALL_PEOPLE; n++) {
			struct call_person *p = &call->person[n];

			if (!p->link || !path_equal(&pkt->path, &p->path))
				continue;
			if (kind == DEMUX_RTP)
				take_rtp(call, p, copy, pkt->len);
			if (kind == DEMUX_RTCP)
				take_rtcp(p, copy, pkt->len);
		}
		pkt_unref(pkt);
	}
	while (call->event_count < G_N_ELEMENTS(call->event) &&
	       engine_event(call->engine, &call->event[call->event_count]))
		call->event_count++;
	g_assert_cmpuint(call->event_count, <, G_N_ELEMENTS(call->event));
}

/* --- the call -------------------------------------------------------------------------------- */

void call_open(struct call *call)
{
	struct engine_config config = {
		.rng = rng_seeded(1),
		.unix_offset_us = 1760000000000000,
		.max_pkts = 8192,
		.max_rooms = 1,
		.max_transports = CALL_PEOPLE,
		.video_max_encoding = LIMIT_ENCODINGS - 1,
	};

	static bool is_ready; /* once per process */

	if (!is_ready)
		g_assert_cmpint(srtp_link_library_init(), ==, 0);
	is_ready = true;
	g_assert_cmpint(cert_new(&cert, 1760000000), ==, 0);
	memset(call, 0, sizeof(*call));
	call->now_us = 1000000;
	config.cert = cert;
	g_assert_cmpint(engine_new(&call->engine, call->now_us, &config), ==, 0);
	g_assert_cmpint(engine_room_open(call->engine, 1), ==, 0);
}

void call_close(struct call *call)
{
	engine_free(call->engine); /* asserts that every buffer came back */
	for (size_t n = 1; n <= CALL_PEOPLE; n++) {
		srtp_link_free(call->person[n].link);
		g_free(call->person[n].got);
		g_free(call->person[n].told);
	}
	cert_free(cert);
	cert = NULL;
}

struct call_person *call_enter(struct call *call, uint32_t n, bool has_feedback)
{
	struct call_person *p = &call->person[n];

	memset(p, 0, sizeof(*p));
	p->path.remote = (struct addr){.family = ADDR_IPV4, .port = (uint16_t)n, .ip = {10}};
	p->voice = (struct engine_media){.ssrc = n * 10, .mid = '0'};
	p->camera = (struct engine_media){.ssrc = n * 10 + 2, .mid = '1'};
	p->got = g_new0(struct call_packet, CALL_PACKETS);
	p->told = g_new0(struct twcc_feedback, 1);
	p->answers = has_feedback;
	describe(&p->params, n, has_feedback);
	g_assert_cmpint(engine_transport_open(call->engine, call->now_us, &p->params), ==, 0);
	p->peer = find_peer(call->engine, n);
	connect_person(call, p);
	drain(call);
	return p;
}

void call_update(struct call *call, struct call_person *p)
{
	g_assert_cmpint(engine_transport_update(call->engine, call->now_us, &p->params), ==, 0);
	drain(call);
}

void call_leave(struct call *call, struct call_person *p)
{
	engine_transport_close(call->engine, call->now_us, p->params.transport_id);
	drain(call);
	p->peer = NULL;
	p->answers = false;
}

static void input(struct call *call, struct call_person *p, uint8_t *buf, size_t len)
{
	struct pkt *pkt = pkt_get(engine_pool(call->engine));

	g_assert_nonnull(pkt);
	memcpy(pkt->data, buf, len);
	pkt->len = (uint16_t)len;
	pkt->path = p->path;
	pkt->arrival_us = call->now_us;
	engine_input(call->engine, call->now_us, pkt);
	drain(call);
}

void call_send(struct call *call, struct call_person *p, enum engine_media_kind kind,
	       unsigned parts, size_t size)
{
	struct engine_media *media = kind <= ENGINE_MEDIA_TONE ? &p->voice : &p->camera;
	struct engine_media_packet packet = {.kind = kind, .size = size};
	_Alignas(8) uint8_t buf[LIMIT_DATAGRAM_BYTES + SRTP_LINK_MAX_TRAILER];

	do {
		for (unsigned i = 0; i < parts; i++) {
			packet.transport_seq = p->transport_seq++;
			packet.starts = i == 0;
			packet.ends = i + 1 == parts;
			size_t len = engine_media_write(media, &packet, buf, LIMIT_DATAGRAM_BYTES);

			g_assert_cmpint(srtp_link_protect(p->link, buf, &len, sizeof(buf)), ==, 0);
			input(call, p, buf, len);
		}
	} while (!packet.ends_block);
}

void call_talk(struct call *call, struct call_person *p, int64_t us, size_t size)
{
	int64_t until_us = call->now_us + us;

	p->camera.wants_keyframe = true;
	while (call->now_us < until_us) {
		call_send(call, p, ENGINE_MEDIA_VP8, 1, size);
		call_send(call, p, ENGINE_MEDIA_OPUS, 1, 0);
		call_run(call, 20000);
	}
}

static void answer(struct call *call)
{
	for (size_t n = 1; n <= CALL_PEOPLE; n++) {
		struct call_person *p = &call->person[n];

		if (p->answers && call->now_us - p->answered_us >= FEEDBACK_US)
			call_feedback(call, p);
	}
}

void call_run(struct call *call, int64_t us)
{
	int64_t until_us = call->now_us + us;

	while (engine_deadline_us(call->engine) <= until_us) {
		call->now_us = MAX(call->now_us, engine_deadline_us(call->engine));
		engine_timeout(call->engine, call->now_us);
		drain(call);
		g_assert_cmpint(engine_deadline_us(call->engine), >, call->now_us);
		answer(call);
	}
	call->now_us = until_us;
	answer(call);
}

/* --- what people say of it ------------------------------------------------------------------- */

static void send_rtcp(struct call *call, struct call_person *p, struct wr *w, uint8_t *buf,
		      size_t cap)
{
	size_t len = wr_len(w);

	g_assert_true(wr_ok(w));
	if (len == 0)
		return;
	g_assert_cmpint(srtp_link_protect_rtcp(p->link, buf, &len, cap), ==, 0);
	input(call, p, buf, len);
}

void call_nack(struct call *call, struct call_person *p, uint32_t ssrc, uint16_t seq)
{
	_Alignas(8) uint8_t buf[64];
	struct wr w = wr_init(buf, 32);

	rtcp_write_nack(&w, 1, ssrc, &seq, 1);
	send_rtcp(call, p, &w, buf, sizeof(buf));
}

void call_remb(struct call *call, struct call_person *p, uint64_t bps)
{
	_Alignas(8) uint8_t buf[64];
	struct wr w = wr_init(buf, 32);

	rtcp_write_remb(&w, 1, bps, (uint32_t[]){2000}, 1);
	send_rtcp(call, p, &w, buf, sizeof(buf));
}

void call_pli(struct call *call, struct call_person *p, uint32_t ssrc)
{
	_Alignas(8) uint8_t buf[64];
	struct wr w = wr_init(buf, 32);

	rtcp_write_pli(&w, 1, ssrc);
	send_rtcp(call, p, &w, buf, sizeof(buf));
}

void call_feedback(struct call *call, struct call_person *p)
{
	static struct twcc_feedback f;
	_Alignas(8) uint8_t buf[LIMIT_DTLS_MTU_BYTES];
	struct wr w = wr_init(buf, sizeof(buf) - SRTP_LINK_MAX_TRAILER);

	p->answered_us = call->now_us;
	f = (struct twcc_feedback){.base_seq = p->reported_seq,
				   .feedback_count = p->feedback_count++};
	for (size_t i = 0; i < p->got_count && f.count < TWCC_MAX_PACKETS; i++)
		if (p->got[i].transport_seq == (uint16_t)(f.base_seq + f.count))
			f.arrival_us[f.count++] = p->got[i].at_us + WAY_US;
	if (f.count == 0)
		return;
	p->reported_seq = (uint16_t)(p->reported_seq + twcc_write(&w, 1, 0, &f));
	send_rtcp(call, p, &w, buf, sizeof(buf));
}

/* --- looking --------------------------------------------------------------------------------- */

const struct call_packet *call_first(const struct call_person *p, size_t from, uint32_t ssrc)
{
	for (size_t i = from; i < p->got_count; i++)
		if (p->got[i].ssrc == ssrc)
			return &p->got[i];
	return NULL;
}

size_t call_count(const struct call_person *p, size_t from, uint32_t ssrc)
{
	size_t count = 0;

	for (size_t i = from; i < p->got_count; i++)
		count += p->got[i].ssrc == ssrc;
	return count;
}

bool call_is_continuous(const struct call_person *p, uint32_t ssrc)
{
	const struct call_packet *last = NULL;

	for (size_t i = 0; i < p->got_count; i++) {
		if (p->got[i].ssrc != ssrc)
			continue;
		if (last && p->got[i].seq != (uint16_t)(last->seq + 1))
			return false;
		last = &p->got[i];
	}
	return true;
}

size_t call_events(const struct call *call, enum engine_event_type type, uint32_t transport_id)
{
	size_t count = 0;

	for (size_t i = 0; i < call->event_count; i++)
		count += call->event[i].type == type && call->event[i].transport_id == transport_id;
	return count;
}

struct engine_stats call_stats(const struct call *call)
{
	struct engine_stats stats;

	engine_stats(call->engine, &stats);
	return stats;
}
