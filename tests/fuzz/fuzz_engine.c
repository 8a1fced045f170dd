/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A whole engine with three people connected, the third a viewer without transport-wide feedback.
 * The input is a row of records: what somebody sends (RTP or RTCP, protected here with the sender's
 * keys so that it gets behind SRTP; raw bytes from a validated path or another; rows of well-formed
 * media), feedback on what came over a link of some rate, time passing, a new round of offer and
 * answer, somebody who leaves and comes back.
 *
 * What must hold: whatever comes out is a packet that the receiver's keys open, no larger than a
 * datagram may be; transport-wide numbers have no gap, nor have the numbers of a slot while what
 * publishers send has none; pictures go under the codec that they are of; nothing is due in the
 * past; every buffer comes back.
 *
 * The handshakes are left out (fuzz_stun and fuzz_dtls have them): the engine's source is included
 * so that transports can be put into their connected state.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "engine_params.h"
#include "fuzz.h"
#include "media/route/engine.c"
#include "tests/support/engine_media.h"

/* Of a record's head: bits 0 to 2 and 4; who: bits 3 and 5. */
enum {
	OP_RTP,
	OP_RTCP,
	OP_RAW,
	OP_STRANGER,
	OP_WAIT,
	OP_UPDATE,
	OP_NACK, /* of what came last, as far back as the first byte says, with a BLP of all ones;
		    again, further back, as often as the second says */
	OP_FEEDBACK, /* on what came since: which is missing, and how much later each came */
	OP_REMB,     /* 4 bytes: the rate */
	OP_MEDIA,    /* kind and flags, frames, ms between them, size */
	OP_LINK,     /* 16 kbit/s each, feedback each 100 ms or none */
	OP_LEAVE,    /* or comes back */
	OP_COUNT,
};

enum {
	PEOPLE = ENGINE_PEOPLE,
	STREAMS = 16,
	KEPT = 512, /* arrivals not reported yet */
	FEEDBACK_US = 100000,
	/* A second at the engine's finest grain is more than these. */
	MAX_TURNS = 300,
	/* Of one input, frames sent counted, too: a second or less. */
	MAX_WORK = 3000,
};

/* An SSRC that somebody receives. */
struct stream {
	uint32_t ssrc;
	uint16_t next_seq;
};

struct person {
	struct transport_params params;
	struct path path;
	struct srtp_link *link; /* the client's end; NULL: has left */
	uint32_t last_ssrc;	/* of the video that came last */
	uint16_t last_seq;
	struct stream stream[STREAMS];
	size_t stream_count;
	bool is_met; /* a transport-wide number came */
	uint16_t next_transport_seq;
	uint16_t reported_seq; /* feedback is due from here on */
	int64_t arrival_us[KEPT];
	uint8_t feedback_count;
	bool answers;
	int64_t answered_us;
	uint32_t link_bps; /* 0: no queue */
	int64_t link_free_us;
	struct engine_media voice;
	struct engine_media camera[2];
	uint16_t transport_seq; /* of what it sends */
};

static struct engine *engine;
static struct person person[PEOPLE];
static struct cert *cert;
static int64_t now_us;
static bool is_clean; /* nobody has sent anything with gaps */
static uint32_t rounds;
static unsigned work;

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

static void enter(struct person *p, uint32_t n)
{
	struct engine_media voice = {.ssrc = n * 10, .mid = '0'};
	struct engine_media small = {.ssrc = n * 10 + 2, .mid = '1', .rid = 'q'};
	struct engine_media large = {.ssrc = n * 10 + 4, .mid = '1', .rid = 'h'};

	memset(p, 0, sizeof(*p));
	p->path.remote = (struct addr){.family = ADDR_IPV4, .port = (uint16_t)n, .ip = {10}};
	p->voice = voice;
	p->camera[0] = small;
	p->camera[1] = large;
	engine_params(&p->params, n);
	if (engine_transport_open(engine, now_us, &p->params))
		abort();
	connect_person(p);
}

static void open_call(void)
{
	struct engine_config config = {
		.cert = cert,
		.rng = rng_seeded(1),
		.max_pkts = 8192,
		.max_rooms = 1,
		.max_transports = PEOPLE,
		.video_max_encoding = 1,
	};

	now_us = 1000000;
	is_clean = true;
	rounds = 0;
	work = 0;
	if (engine_new(&engine, now_us, &config) || engine_room_open(engine, 1))
		abort();
	for (uint32_t i = 0; i < PEOPLE; i++)
		enter(&person[i], i + 1);
}

/* --- what comes out -------------------------------------------------------------------------- */

static struct stream *stream_of(struct person *p, const struct rtp_header *header)
{
	for (size_t i = 0; i < p->stream_count; i++)
		if (p->stream[i].ssrc == header->ssrc)
			return &p->stream[i];
	if (p->stream_count == STREAMS)
		return NULL;
	p->stream[p->stream_count] = (struct stream){header->ssrc, header->seq};
	return &p->stream[p->stream_count++];
}

/* When the link gives it to the person; TWCC_NOT_RECEIVED: its queue of half a second is full. */
static int64_t carry(struct person *p, size_t len)
{
	int64_t begin_us = p->link_free_us > now_us ? p->link_free_us : now_us;

	if (p->link_bps == 0)
		return now_us + 20000;
	if (begin_us - now_us > 500000)
		return TWCC_NOT_RECEIVED;
	p->link_free_us = begin_us + (int64_t)(len + 28) * 8000000 / p->link_bps;
	return p->link_free_us + 20000;
}

static void check_transport_seq(struct person *p, const struct rtp_header *header, size_t len)
{
	struct rtp_exts exts;
	uint16_t seq;

	/* Ids are the same on all m-lines. */
	if (rtp_exts_parse(&exts, header, &p->params.mline[2].exts) ||
	    !rtp_ext_transport_seq(&exts, &seq))
		return;
	assert(!p->is_met || seq == p->next_transport_seq);
	if (!p->is_met)
		p->reported_seq = seq;
	p->is_met = true;
	p->next_transport_seq = (uint16_t)(seq + 1);
	p->arrival_us[seq % KEPT] = carry(p, len);
	if ((uint16_t)(p->next_transport_seq - p->reported_seq) > KEPT)
		p->reported_seq = (uint16_t)(p->next_transport_seq - KEPT);
}

static void check_rtp(struct person *p, uint8_t *data, size_t len)
{
	struct rtp_header header;
	struct stream *stream;
	int err = srtp_link_unprotect(p->link, data, &len);

	/* A datagram sent again as it was is a replay to this end. */
	assert(err != -EPERM);
	if (err || rtp_parse(&header, data, len))
		return;
	check_transport_seq(p, &header, len);
	stream = stream_of(p, &header);
	if (!stream)
		return;
	if (is_clean)
		assert(header.seq == stream->next_seq);
	stream->next_seq = (uint16_t)(header.seq + 1);
	if (header.pt < 96 || header.pt > 102 || header.pt % 2)
		return;
	/* engine_media.h: pictures end with what they are. */
	if (is_clean)
		assert(header.payload[header.payload_len - 1] == header.pt);
	p->last_ssrc = header.ssrc;
	p->last_seq = header.seq;
}

static void check_output(const struct pkt *pkt)
{
	/* The datagram may be kept for repetition: look at a copy. */
	uint8_t data[LIMIT_DATAGRAM_BYTES];
	enum demux_kind kind = demux_classify(pkt->data, pkt->len);
	size_t len = pkt->len;

	assert(len > 0 && len <= LIMIT_DATAGRAM_BYTES);
	memcpy(data, pkt->data, len);
	for (size_t i = 0; i < PEOPLE; i++) {
		if (!path_equal(&pkt->path, &person[i].path) || !person[i].link)
			continue;
		if (kind == DEMUX_RTP)
			check_rtp(&person[i], data, len);
		if (kind == DEMUX_RTCP)
			assert(srtp_link_unprotect_rtcp(person[i].link, data, &len) == 0);
	}
}

static void drain(void)
{
	struct engine_event event;
	struct pkt *pkt;

	while ((pkt = engine_output(engine))) {
		check_output(pkt);
		pkt_unref(pkt);
	}
	while (engine_event(engine, &event))
		assert(event.room_id == 1);
}

/* --- what goes in ---------------------------------------------------------------------------- */

static void input(const struct path *path, const uint8_t *data, size_t len)
{
	struct pkt *pkt = pkt_get(engine_pool(engine));

	if (!pkt)
		return;
	memcpy(pkt->data, data, len);
	pkt->len = (uint16_t)len;
	pkt->path = *path;
	pkt->arrival_us = now_us;
	engine_input(engine, now_us, pkt_fit(pkt)); /* as server/udp does */
}

static void input_protected(struct person *p, const uint8_t *data, size_t len, bool is_rtcp)
{
	_Alignas(8) uint8_t buf[LIMIT_DATAGRAM_BYTES + SRTP_LINK_MAX_TRAILER];

	if (len < 8 || !p->link)
		return;
	memcpy(buf, data, len);
	buf[0] = (uint8_t)((buf[0] & 0x3f) | 0x80);
	if (is_rtcp ? srtp_link_protect_rtcp(p->link, buf, &len, sizeof(buf))
		    : srtp_link_protect(p->link, buf, &len, sizeof(buf)))
		return;
	input(&p->path, buf, len);
}

static void nack(struct person *p, uint8_t back, uint8_t times)
{
	uint8_t buf[64];

	for (unsigned i = 0; i <= times % 16; i++) {
		struct wr w = wr_init(buf, sizeof(buf));

		wr_u32(&w, 0x81cd0003); /* RFC 4585 6.2.1 */
		wr_u32(&w, 1);
		wr_u32(&w, p->last_ssrc);
		wr_u16(&w, (uint16_t)(p->last_seq - back - i * 17));
		wr_u16(&w, 0xffff);
		input_protected(p, buf, wr_len(&w), true);
	}
}

/* On everything since the last time; a set bit of lost: every eighth did not come. */
static void feedback(struct person *p, uint8_t lost, uint8_t later_ms)
{
	static struct twcc_feedback f;
	uint8_t buf[LIMIT_DTLS_MTU_BYTES];
	struct wr w = wr_init(buf, sizeof(buf));

	p->answered_us = now_us;
	f.count = (uint16_t)(p->next_transport_seq - p->reported_seq);
	if (f.count == 0)
		return;
	f.base_seq = p->reported_seq;
	f.feedback_count = p->feedback_count++;
	for (size_t i = 0; i < f.count; i++) {
		int64_t at = p->arrival_us[(uint16_t)(f.base_seq + i) % KEPT];
		bool is_lost = at == TWCC_NOT_RECEIVED || (lost >> (i & 7) & 1);

		f.arrival_us[i] = is_lost ? TWCC_NOT_RECEIVED : at + (int64_t)i * later_ms * 1000;
	}
	p->reported_seq = (uint16_t)(p->reported_seq + twcc_write(&w, 1, 0, &f));
	input_protected(p, buf, wr_len(&w), true);
}

static void remb(struct person *p, const uint8_t *data, size_t len)
{
	struct rd r = rd_init(data, len);
	uint8_t buf[64];
	struct wr w = wr_init(buf, sizeof(buf));

	rtcp_write_remb(&w, 1, rd_u32(&r), (uint32_t[]){1003}, 1);
	input_protected(p, buf, wr_len(&w), true);
}

static void turn(void)
{
	work++;
	engine_timeout(engine, now_us);
	assert(engine_deadline_us(engine) > now_us);
	drain();
	for (size_t i = 0; i < PEOPLE; i++) {
		struct person *p = &person[i];

		if (!p->link || !p->answers || now_us - p->answered_us < FEEDBACK_US)
			continue;
		feedback(p, 0, 0);
		drain();
	}
}

static void wait_us(int64_t us)
{
	int64_t until_us = now_us + us;

	for (unsigned i = 0;
	     i < MAX_TURNS && work < MAX_WORK && engine_deadline_us(engine) < until_us; i++) {
		if (engine_deadline_us(engine) > now_us)
			now_us = engine_deadline_us(engine);
		turn();
	}
	now_us = until_us;
	turn();
}

static void send_frame(struct person *p, struct engine_media *media,
		       struct engine_media_packet *packet, unsigned parts)
{
	uint8_t buf[LIMIT_DATAGRAM_BYTES];

	for (unsigned i = 0; i < parts; i++) {
		packet->transport_seq = p->transport_seq++;
		packet->starts = i == 0;
		packet->ends = i + 1 == parts;
		input_protected(p, buf, engine_media_write(media, packet, buf, 1400), false);
		drain();
	}
}

/* Kind in the low three bits of the first byte; 8: the larger camera, 16: a keyframe, 32: three
 * packets a frame, 64: one packet in the middle is lost. */
static void send_media(struct person *p, const uint8_t *data, size_t len)
{
	struct engine_media_packet packet = {0};
	struct engine_media *media;
	bool is_sound;

	if (len < 4 || !p->link || p == &person[PEOPLE - 1])
		return;
	packet.kind = (data[0] & 7) % ENGINE_MEDIA_KINDS;
	packet.size = data[3] * 4u;
	is_sound = packet.kind <= ENGINE_MEDIA_TONE;
	media = is_sound ? &p->voice : &p->camera[data[0] >> 3 & 1];
	media->wants_keyframe |= data[0] >> 4 & 1;
	for (unsigned i = 0; i < data[1] % 64u && work < MAX_WORK; i++) {
		if ((data[0] & 64) && i == 2) {
			media->seq++;
			is_clean = false;
		}
		do
			send_frame(p, media, &packet, !is_sound && (data[0] & 32) ? 3 : 1);
		while (!packet.ends_block);
		wait_us(data[2] % 128 * 1000);
	}
}

static void leave(struct person *p)
{
	if (!p->link) {
		enter(p, (uint32_t)(p - person) + 1);
		return;
	}
	engine_transport_close(engine, now_us, p->params.transport_id);
	drain();
	srtp_link_free(p->link);
	p->link = NULL;
}

/* Numbers under an SSRC never start again: each round has new ones. */
static void exchange_ssrcs(struct person *p)
{
	rounds++;
	for (size_t m = 0; m < p->params.mline_count; m++) {
		struct mline_params *mline = &p->params.mline[m];

		if (mline->send_ssrc)
			mline->send_ssrc += 100 * rounds;
		if (mline->send_rtx_ssrc)
			mline->send_rtx_ssrc += 100 * rounds;
	}
}

static void swap_codecs(struct mline_params *mline)
{
	struct codec_params first = mline->codec[0];

	mline->codec[0] = mline->codec[1];
	mline->codec[1] = first;
}

/* Bits of data[0]: which m-lines are in use after this round, and which have one codec; the second:
 * whose tracks change, and whose codecs stand in another order; the third: 1: slots have new SSRCs,
 * 2: checks begin anew. */
static void update(struct person *p, const uint8_t *data, size_t len)
{
	static struct transport_params params;

	if (len < 2 || !find_peer(engine, p->params.transport_id))
		return;
	if (len > 2 && (data[2] & 1))
		exchange_ssrcs(p);
	if (len > 2 && (data[2] & 2))
		p->params.local.ufrag[1] = (char)('a' + rounds++ % 20);
	/* What is not negotiated any more is missing. */
	is_clean = is_clean && data[0] == 0;
	params = p->params;
	for (size_t m = 0; m < params.mline_count; m++) {
		struct mline_params *mline = &params.mline[m];

		if (data[0] & (1 << m))
			mline->use = MLINE_UNUSED;
		if (data[0] & (16 << m))
			mline->codec_count = 1;
		if (data[1] & (1 << m))
			mline->track_id += 100;
		if (data[1] & (16 << m))
			swap_codecs(mline);
	}
	(void)engine_transport_update(engine, now_us, &params); /* -EINVAL is an answer too */
}

static void set_link(struct person *p, const uint8_t *data, size_t len)
{
	p->link_bps = len > 0 ? data[0] * 16000u : 0;
	p->answers = len > 1 && (data[1] & 1);
}

static void run_bytes_op(unsigned op, struct person *p, const uint8_t *data, size_t len)
{
	static const struct path elsewhere = {.remote = {.family = ADDR_IPV4, .port = 99}};

	switch (op) {
	case OP_RTP:
		is_clean = false;
		input_protected(p, data, len, false);
		break;
	case OP_RTCP:
		is_clean = false; /* BYE */
		input_protected(p, data, len, true);
		break;
	case OP_RAW:
		is_clean = false;
		input(&p->path, data, len);
		break;
	case OP_STRANGER:
		input(&elsewhere, data, len);
		break;
	case OP_MEDIA:
		send_media(p, data, len);
		break;
	default:
		break;
	}
}

static void run_record(uint8_t head, const uint8_t *data, size_t len)
{
	unsigned op = (head & 7u) | (head >> 1 & 8u);
	struct person *p = &person[((head >> 3 & 1) | (head >> 4 & 2)) % PEOPLE];

	switch (op) {
	case OP_WAIT:
		wait_us(len ? data[0] * 4000 : 500);
		break;
	case OP_UPDATE:
		update(p, data, len);
		break;
	case OP_NACK:
		nack(p, len ? data[0] : 0, len > 1 ? data[1] : 0);
		break;
	case OP_FEEDBACK:
		feedback(p, len ? data[0] : 0, len > 1 ? data[1] : 0);
		break;
	case OP_REMB:
		remb(p, data, len);
		break;
	case OP_LINK:
		set_link(p, data, len);
		break;
	case OP_LEAVE:
		leave(p);
		break;
	default:
		run_bytes_op(op, p, data, len);
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
	for (size_t i = 0; i < PEOPLE; i++)
		srtp_link_free(person[i].link);
	return 0;
}
