/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Two bytes make one step: the next packet, a gap, a late packet, a drop, another source. Against
 * everything that was sent before it holds that
 *  - an outgoing number is never given out twice, and within a source order stays order;
 *  - a source's numbers come after those of the source before;
 *  - one picture keeps one id, a later picture has a later id, and timestamps keep their distance;
 *  - a packet is refused only for a reason.
 */
#include <assert.h>
#include <errno.h>

#include "media/stream/rewrite.h"

#define MAX_STEPS	   400
#define PACKETS_OF_PICTURE 3
#define CLOCK_HZ	   90000

struct packet {
	int64_t in; /* of its source, unwrapped */
	int64_t out;
	uint16_t picture_id; /* outgoing */
	uint8_t tl0;	     /* outgoing */
	uint32_t ts;	     /* outgoing */
	unsigned source;
};

struct source {
	unsigned number;
	int64_t first;
	int64_t highest;
	bool is_15bit;
	uint16_t picture_base;
	uint8_t tl0_base;
	uint32_t ts_base;
};

struct model {
	struct rewrite rw;
	struct source source;
	struct packet sent[MAX_STEPS];
	size_t sent_count;
	int64_t dropped[MAX_STEPS]; /* of the present source */
	size_t dropped_count;
	int64_t highest_out;
	int64_t now_us;
};

static int64_t picture(int64_t in)
{
	return in / PACKETS_OF_PICTURE;
}

static void fill(const struct model *m, int64_t in, struct codec_frame *frame,
		 struct rewrite_in *out)
{
	const struct source *s = &m->source;
	uint16_t id = (uint16_t)(s->picture_base + picture(in));

	*frame = (struct codec_frame){
		.has_picture_id = true,
		.is_picture_id_15bit = s->is_15bit,
		.is_picture_id_dense = true,
		.picture_id = id & (s->is_15bit ? 0x7fff : 0x7f),
		.has_tl0picidx = true,
		.tl0picidx = (uint8_t)(s->tl0_base + picture(in)),
	};
	*out = (struct rewrite_in){
		.seq = (uint16_t)in,
		.timestamp = s->ts_base + (uint32_t)picture(in) * 3000,
		.arrival_us = m->now_us,
		.clock_hz = CLOCK_HZ,
		.frame = frame,
	};
}

static int ids_apart(uint16_t a, uint16_t b)
{
	int apart = (a - b) & 0x7fff;

	return apart >= 0x4000 ? apart - 0x8000 : apart;
}

static void check_pair(const struct packet *a, const struct packet *b)
{
	assert(a->out != b->out);
	if (a->source != b->source) {
		assert((a->out < b->out) == (a->source < b->source));
		return;
	}
	assert((a->in < b->in) == (a->out < b->out));
	int64_t pictures = picture(b->in) - picture(a->in);
	int apart = ids_apart(b->picture_id, a->picture_id);
	if (pictures > -0x2000 && pictures < 0x2000) { /* 15 bits tell no more */
		assert((pictures == 0) == (apart == 0));
		assert((pictures > 0) == (apart > 0));
	}
	assert((uint8_t)(b->tl0 - a->tl0) == (uint8_t)pictures);
	assert(b->ts - a->ts == (uint32_t)pictures * 3000);
}

/* Sent, dropped, of a dropped picture, before the source, or behind the window. */
static bool may_be_refused(const struct model *m, int64_t in)
{
	if (in < m->source.first || in <= m->source.highest - REWRITE_WINDOW)
		return true;
	for (size_t i = 0; i < m->sent_count; i++) {
		if (m->sent[i].source == m->source.number && m->sent[i].in == in)
			return true;
	}
	for (size_t i = 0; i < m->dropped_count; i++) {
		if (picture(m->dropped[i]) == picture(in))
			return true;
	}
	return false;
}

static void note_drop(struct model *m, int64_t in)
{
	if (m->dropped_count < MAX_STEPS)
		m->dropped[m->dropped_count++] = in;
	if (in > m->source.highest)
		m->source.highest = in;
}

static void send(struct model *m, int64_t in)
{
	struct codec_frame frame;
	struct rewrite_in packet;
	struct rewrite_out out;

	fill(m, in, &frame, &packet);
	int err = rewrite_packet(&m->rw, &packet, &out);
	if (err) {
		assert(err == -EAGAIN && may_be_refused(m, in));
		note_drop(m, in);
		return;
	}
	struct packet p = {
		.in = in,
		.out = m->highest_out + (int16_t)(uint16_t)(out.seq - (uint16_t)m->highest_out),
		.picture_id = out.numbers.picture_id,
		.tl0 = out.numbers.tl0picidx,
		.ts = out.timestamp,
		.source = m->source.number,
	};
	if (in > m->source.highest) {
		assert(p.out > m->highest_out);
		m->source.highest = in;
	}
	if (p.out > m->highest_out)
		m->highest_out = p.out;
	for (size_t i = 0; i < m->sent_count; i++)
		check_pair(&m->sent[i], &p);
	if (m->sent_count < MAX_STEPS)
		m->sent[m->sent_count++] = p;
}

static void drop(struct model *m, int64_t in)
{
	struct codec_frame frame;
	struct rewrite_in packet;

	fill(m, in, &frame, &packet);
	rewrite_drop(&m->rw, &packet);
	note_drop(m, in);
}

static void change_source(struct model *m, uint8_t arg)
{
	struct codec_frame frame;
	struct rewrite_in packet;
	int64_t first = arg * 257;

	m->source = (struct source){
		.number = m->source.number + 1,
		.first = first,
		.highest = first - 1,
		.is_15bit = arg & 1,
		.picture_base = (uint16_t)(arg * 99),
		.tl0_base = arg,
		.ts_base = (uint32_t)arg << 24,
	};
	m->dropped_count = 0;
	fill(m, first, &frame, &packet);
	rewrite_switch(&m->rw, &packet);
	send(m, first);
}

/* Far enough to leave the window; with 7-bit ids less than half of their range. */
static int64_t reach(const struct model *m, uint8_t arg)
{
	return m->source.is_15bit ? arg * 16 : arg & 0x1f;
}

static void step(struct model *m, uint8_t op, uint8_t arg)
{
	int64_t next = m->source.highest + 1;

	switch (op & 7) {
	case 0:
	case 1:
		send(m, next);
		break;
	case 2:
		send(m, next + (arg & 3));
		break;
	case 3:
		send(m, next + reach(m, arg));
		break;
	case 4:
		send(m, m->source.highest - (m->source.is_15bit ? arg * 5 : arg & 0x3f));
		break;
	case 5:
		drop(m, next);
		break;
	case 6:
		drop(m, m->source.highest - (arg & 0x1f));
		break;
	default:
		change_source(m, arg);
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct model m;

	if (size < 2)
		return 0;
	uint16_t first_seq = (uint16_t)((data[0] & 0x7f) << 8 | data[1]);
	m = (struct model){.highest_out = (int64_t)first_seq - 1, .now_us = 1000000};
	rewrite_init(&m.rw, first_seq, (uint32_t)data[1] << 24);
	change_source(&m, data[0]);
	for (size_t i = 2; i + 1 < size && i < (size_t)2 * MAX_STEPS; i += 2) {
		m.now_us += (data[i] >> 3) * 1000;
		step(&m, data[i], data[i + 1]);
	}
	return 0;
}
