/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A layered stream (tests/support/layered.h: the first byte says which) to one subscription through
 * selector and rewrite. Two bytes make one step: the next frame whole, a frame late, a frame that
 * does not come, another target, a keyframe, a drop after the decision, a pause filled from the
 * base. Against everything sent it holds that
 *  - what is sent refers to what was sent, or has not come yet;
 *  - outgoing sequence numbers are given out once and in order, dense but for what did not come;
 *  - a base frame that comes is sent unless a keyframe is asked for.
 */
#include <assert.h>
#include <string.h>

#include "media/stream/rewrite.h"
#include "media/stream/selector.h"
#include "tests/support/layered.h"

#define MAX_STEPS 2000

enum fate {
	NOT_COME,
	SENT,
	NOT_SENT,
};

struct model {
	struct selector sel;
	struct rewrite rw;
	struct layered stream;
	enum fate fate[65536]; /* by frame */
	struct layered_frame late[4];
	size_t late_count;
	struct layered_frame last;
	uint16_t highest_out;
	bool has_out;
	unsigned missing; /* packets that did not come since the last switch */
};

static struct selector_packet packet_of(const struct layered_frame *f)
{
	return (struct selector_packet){
		.is_newest = true,
		.has_frame_number = f->has_number,
		.frame_number = f->number,
		.timestamp = f->timestamp,
		.frame = &f->codec,
	};
}

static void check_references(const struct model *m, const struct layered_frame *f)
{
	for (unsigned i = 0; i < f->reference_count; i++)
		assert(m->fate[f->reference[i]] != NOT_SENT);
}

/* One packet to a frame: its number is the frame's. */
static void give(struct model *m, const struct layered_frame *f, bool is_late)
{
	struct selector_packet p = packet_of(f);
	struct rewrite_in in = {.seq = f->number,
				.timestamp = f->timestamp,
				.clock_hz = 90000,
				.frame = &f->codec,
				.has_frame_number = f->has_number,
				.frame_number = f->number};
	struct rewrite_out out;

	p.is_newest = !is_late;
	struct selector_decision d = selector_packet(&m->sel, &p);
	bool is_base = f->codec.spatial == 0 && f->codec.temporal == 0;
	if (!is_late && is_base && d.verdict == SELECTOR_DROP)
		assert(d.need != SELECTOR_NEEDS_NOTHING);
	if (d.verdict == SELECTOR_DROP) {
		if (d.is_present)
			rewrite_drop(&m->rw, &in);
		m->fate[f->number] = NOT_SENT;
		return;
	}
	if (d.verdict == SELECTOR_SWITCH)
		rewrite_switch(&m->rw, &in);
	if (!is_late)
		check_references(m, f);
	if (rewrite_packet(&m->rw, &in, &out)) {
		assert(is_late);
		return;
	}
	m->fate[f->number] = SENT;
	uint16_t ahead = (uint16_t)(out.seq - m->highest_out);
	if (is_late) {
		if (ahead < 0x8000)
			m->highest_out = out.seq;
		return;
	}
	assert(!m->has_out || (ahead >= 1 && ahead <= 1 + m->missing));
	/* The numbers left for what did not come of an earlier source stay free. */
	if (d.verdict == SELECTOR_SWITCH)
		m->missing = 0;
	m->highest_out = out.seq;
	m->has_out = true;
	m->last = *f;
}

static void next(struct model *m)
{
	struct layered_frame f = layered_next(&m->stream);

	/* Numbers come round. */
	m->fate[(uint16_t)(f.number + 0x8000)] = NOT_COME;
	give(m, &f, false);
}

static void step(struct model *m, uint8_t op, uint8_t arg)
{
	switch (op % 8) {
	case 0:
	case 1:
		for (unsigned i = 0; i <= arg % 8u; i++)
			next(m);
		break;
	case 2:
		if (m->late_count < 4) {
			m->late[m->late_count++] = layered_next(&m->stream);
			m->missing++;
		}
		break;
	case 3:
		if (m->late_count > 0)
			give(m, &m->late[--m->late_count], true);
		break;
	case 4:
		selector_want(&m->sel, (struct layer_target){0, arg % 3, arg / 3 % 3});
		break;
	case 5:
		m->stream.wants_keyframe = true;
		break;
	case 6:
		if (m->has_out && m->fate[m->last.number] == SENT) {
			struct selector_packet p = packet_of(&m->last);
			selector_dropped(&m->sel, &p);
			m->fate[m->last.number] = NOT_SENT;
		}
		break;
	default:
		if (arg == 7)
			selector_stop(&m->sel);
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct selector_frame frames[SELECTOR_FRAMES];
	static struct model m;

	if (size < 1)
		return 0;
	memset(&m, 0, sizeof(m));
	selector_init(&m.sel, frames);
	selector_want(&m.sel, (struct layer_target){0, 0, 2});
	rewrite_init(&m.rw, data[0], 0);
	m.stream.kind = (enum layered_kind)(data[0] % LAYERED_KINDS);
	m.stream.number = (uint16_t)(data[0] << 8);
	for (size_t i = 1; i + 1 < size && i < (size_t)2 * MAX_STEPS; i += 2)
		step(&m, data[i], data[i + 1]);
	return 0;
}
