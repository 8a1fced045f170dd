/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/codec/dd.h"

#include <assert.h>
#include <errno.h>

#include "media/base/bytes.h"

/* A.8.2; every limit below keeps a hostile descriptor inside the arrays. */
#define MANDATORY_BYTES 3
#define MAX_SPATIAL	3 /* two-bit ids in AV1 */
#define MAX_TEMPORAL	7

enum next_layer { /* next_layer_idc */
	NEXT_SAME = 0,
	NEXT_TEMPORAL = 1,
	NEXT_SPATIAL = 2,
	NEXT_NONE = 3,
};

struct flags {
	bool has_structure;
	bool has_active_targets;
	bool has_custom_dtis;
	bool has_custom_fdiffs;
	bool has_custom_chains;
};

/* 0, or -EBADMSG when there are more templates or layers than can be. */
static int read_template_layers(struct bits *b, struct dd_structure *s)
{
	uint8_t spatial = 0;
	uint8_t temporal = 0;

	for (;;) {
		if (s->template_count == DD_MAX_TEMPLATES)
			return -EBADMSG;
		struct dd_template *t = &s->templates[s->template_count++];
		t->spatial = spatial;
		t->temporal = temporal;
		switch (bits_read(b, 2)) {
		case NEXT_SAME:
			break;
		case NEXT_TEMPORAL:
			temporal++;
			break;
		case NEXT_SPATIAL:
			temporal = 0;
			spatial++;
			break;
		default:
			return 0;
		}
		if (!bits_ok(b) || temporal > MAX_TEMPORAL || spatial > MAX_SPATIAL)
			return -EBADMSG;
	}
}

static void read_template_dtis(struct bits *b, struct dd_structure *s)
{
	for (unsigned t = 0; t < s->template_count; t++) {
		for (unsigned i = 0; i < s->target_count; i++)
			s->templates[t].dti[i] = (uint8_t)bits_read(b, 2);
	}
}

static int read_template_fdiffs(struct bits *b, struct dd_structure *s)
{
	for (unsigned i = 0; i < s->template_count; i++) {
		struct dd_template *t = &s->templates[i];
		while (bits_read(b, 1)) {
			if (t->fdiff_count == DD_MAX_FDIFFS)
				return -EBADMSG;
			t->fdiff[t->fdiff_count++] = (uint8_t)(bits_read(b, 4) + 1);
		}
	}
	return 0;
}

static void read_template_chains(struct bits *b, struct dd_structure *s)
{
	s->chain_count = (uint8_t)bits_read_ns(b, s->target_count + 1u);
	if (s->chain_count == 0)
		return;
	for (unsigned i = 0; i < s->target_count; i++)
		s->target_chain[i] = (uint8_t)bits_read_ns(b, s->chain_count);
	for (unsigned t = 0; t < s->template_count; t++) {
		for (unsigned i = 0; i < s->chain_count; i++)
			s->templates[t].chain_diff[i] = (uint8_t)bits_read(b, 4);
	}
}

/* decode_target_layers(): a target has the highest layer of the templates present in it. */
static void find_target_layers(struct dd_structure *s)
{
	for (unsigned t = 0; t < s->template_count; t++) {
		const struct dd_template *tmpl = &s->templates[t];
		for (unsigned i = 0; i < s->target_count; i++) {
			if (tmpl->dti[i] == DD_NOT_PRESENT)
				continue;
			if (tmpl->spatial > s->target_spatial[i])
				s->target_spatial[i] = tmpl->spatial;
			if (tmpl->temporal > s->target_temporal[i])
				s->target_temporal[i] = tmpl->temporal;
		}
	}
}

static uint16_t read_size(struct bits *b)
{
	uint32_t minus_one = bits_read(b, 16);

	return minus_one < UINT16_MAX ? (uint16_t)(minus_one + 1) : UINT16_MAX;
}

static void read_resolutions(struct bits *b, struct dd_structure *s)
{
	if (!bits_read(b, 1))
		return;
	/* Templates are in order of layer, so the last one has the highest. */
	s->resolution_count = (uint8_t)(s->templates[s->template_count - 1].spatial + 1);
	for (unsigned i = 0; i < s->resolution_count; i++) {
		s->width[i] = read_size(b);
		s->height[i] = read_size(b);
	}
}

static int read_structure(struct bits *b, struct dd_structure *s)
{
	s->template_id_offset = (uint8_t)bits_read(b, 6);
	s->target_count = (uint8_t)(bits_read(b, 5) + 1);
	if (read_template_layers(b, s) < 0)
		return -EBADMSG;
	read_template_dtis(b, s);
	if (read_template_fdiffs(b, s) < 0)
		return -EBADMSG;
	read_template_chains(b, s);
	find_target_layers(s);
	read_resolutions(b, s);
	s->is_valid = bits_ok(b);
	return s->is_valid ? 0 : -EBADMSG;
}

static int read_frame_fdiffs(struct bits *b, struct dd_frame *out)
{
	unsigned size;

	while ((size = bits_read(b, 2)) != 0) {
		if (out->fdiff_count == DD_MAX_FDIFFS)
			return -EBADMSG;
		out->fdiff[out->fdiff_count++] = (uint16_t)(bits_read(b, 4 * size) + 1);
	}
	return 0;
}

static void copy_template(struct dd_frame *out, const struct dd_structure *s,
			  const struct dd_template *t, const struct flags *flags)
{
	out->spatial = t->spatial;
	out->temporal = t->temporal;
	for (unsigned i = 0; i < s->target_count; i++)
		out->dti[i] = t->dti[i];
	for (unsigned i = 0; i < s->chain_count; i++)
		out->chain_diff[i] = t->chain_diff[i];
	if (!flags->has_custom_fdiffs) {
		out->fdiff_count = t->fdiff_count;
		for (unsigned i = 0; i < t->fdiff_count; i++)
			out->fdiff[i] = t->fdiff[i];
	}
	if (t->spatial < s->resolution_count) {
		out->width = s->width[t->spatial];
		out->height = s->height[t->spatial];
	}
}

/* frame_dependency_definition(): the template, and what this frame has of its own. */
static int read_definition(struct bits *b, struct dd_frame *out, const struct dd_structure *s,
			   uint8_t template_id, const struct flags *flags)
{
	unsigned index = (template_id + 64u - s->template_id_offset) % 64u;

	if (index >= s->template_count)
		return -EAGAIN;
	copy_template(out, s, &s->templates[index], flags);
	if (flags->has_custom_dtis) {
		for (unsigned i = 0; i < s->target_count; i++)
			out->dti[i] = (uint8_t)bits_read(b, 2);
	}
	if (flags->has_custom_fdiffs && read_frame_fdiffs(b, out) < 0)
		return -EBADMSG;
	if (flags->has_custom_chains) {
		for (unsigned i = 0; i < s->chain_count; i++)
			out->chain_diff[i] = (uint8_t)bits_read(b, 8);
	}
	return bits_ok(b) ? 0 : -EBADMSG;
}

static void read_extended_flags(struct bits *b, struct flags *flags)
{
	flags->has_structure = bits_read(b, 1);
	flags->has_active_targets = bits_read(b, 1);
	flags->has_custom_dtis = bits_read(b, 1);
	flags->has_custom_fdiffs = bits_read(b, 1);
	flags->has_custom_chains = bits_read(b, 1);
}

int dd_parse(struct dd_frame *out, struct dd_structure *structure, const uint8_t *data, size_t len)
{
	struct bits b = bits_init(data, len);
	struct dd_frame frame = {0};
	struct dd_structure fresh;
	const struct dd_structure *s = structure;
	struct flags flags = {0};

	if (len < MANDATORY_BYTES)
		return -EBADMSG;
	frame.starts_frame = bits_read(&b, 1);
	frame.ends_frame = bits_read(&b, 1);
	uint8_t template_id = (uint8_t)bits_read(&b, 6);
	frame.frame_number = (uint16_t)bits_read(&b, 16);
	if (len > MANDATORY_BYTES)
		read_extended_flags(&b, &flags);
	if (flags.has_structure) {
		fresh = (struct dd_structure){0};
		if (read_structure(&b, &fresh) < 0)
			return -EBADMSG;
		s = &fresh;
		frame.has_structure = true;
		frame.has_active_targets = true;
		assert(fresh.target_count >= 1 && fresh.target_count <= 32);
		frame.active_targets = UINT32_MAX >> (32 - fresh.target_count);
	}
	if (!s->is_valid)
		return -EAGAIN;
	if (flags.has_active_targets) {
		frame.has_active_targets = true;
		frame.active_targets = bits_read(&b, s->target_count);
	}
	int err = read_definition(&b, &frame, s, template_id, &flags);
	if (err)
		return flags.has_structure ? -EBADMSG : err;
	if (flags.has_structure)
		*structure = fresh;
	*out = frame;
	return 0;
}

static uint16_t target_bit(const struct dd_structure *s, unsigned target)
{
	unsigned spatial = s->target_spatial[target];
	unsigned temporal = s->target_temporal[target];

	if (temporal >= 4)
		return 0;
	return (uint16_t)(1u << (spatial * 4 + temporal));
}

void dd_describe(struct codec_frame *out, const struct dd_frame *frame,
		 const struct dd_structure *structure)
{
	bool is_discardable = true;

	out->has_descriptor = true;
	out->starts_frame = frame->starts_frame;
	out->ends_frame = frame->ends_frame;
	out->temporal = frame->temporal;
	out->spatial = frame->spatial;
	out->height = frame->height;
	out->is_keyframe = frame->has_structure || out->is_keyframe;
	out->is_inter = frame->fdiff_count > 0;
	out->has_active_mask = frame->has_active_targets;
	out->active_mask = 0;
	out->present_mask = 0;
	out->switch_mask = 0;
	for (unsigned i = 0; i < structure->target_count; i++) {
		uint16_t bit = target_bit(structure, i);

		if (frame->has_active_targets && (frame->active_targets >> i & 1))
			out->active_mask |= bit;
		if (frame->dti[i] != DD_NOT_PRESENT)
			out->present_mask |= bit;
		if (frame->dti[i] == DD_SWITCH)
			out->switch_mask |= bit;
		if (frame->dti[i] == DD_SWITCH || frame->dti[i] == DD_REQUIRED)
			is_discardable = false;
	}
	out->is_discardable = is_discardable && out->present_mask != 0;
	out->fdiff_count = frame->fdiff_count;
	for (unsigned i = 0; i < frame->fdiff_count; i++)
		out->fdiff[i] = frame->fdiff[i];
}

void dd_set_frame_number(uint8_t *data, size_t len, uint16_t frame_number)
{
	struct rd r = rd_init(data, len);
	struct wr w = wr_init(data, len);

	wr_u8(&w, rd_u8(&r));
	wr_u16(&w, frame_number);
}
