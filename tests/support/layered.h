/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Layered streams as browsers make them, frame by frame, with what each frame truly refers to:
 * L1T3 of VP8, VP9 and by descriptor, L3T3 and L3T3_KEY of VP9 (payload descriptor) and AV1
 * (dependency descriptor). The pattern is Chromium's: temporal layers 0 2 1 2.
 */
#ifndef VIDD_TESTS_SUPPORT_LAYERED_H
#define VIDD_TESTS_SUPPORT_LAYERED_H

#include "media/codec/codec.h"

enum layered_kind {
	LAYERED_VP8_L1T3,
	LAYERED_VP9_L1T3,
	LAYERED_VP9_L3T3,
	LAYERED_VP9_L3T3_KEY,
	LAYERED_DD_L1T3,
	LAYERED_DD_L3T3,
	LAYERED_DD_L3T3_KEY,
	LAYERED_KINDS,
};

struct layered {
	enum layered_kind kind;
	unsigned picture; /* since the last keyframe */
	unsigned total;	  /* pictures ever */
	unsigned spatial; /* of the next frame */
	uint16_t number;  /* of the next frame */
	bool wants_keyframe;
	bool is_key_picture;
};

struct layered_frame {
	uint16_t number; /* counts frames; in the packet where has_number */
	bool has_number;
	uint32_t timestamp;
	bool is_last; /* of its picture */
	struct codec_frame codec;
	unsigned reference_count; /* what it truly refers to: frames before it */
	uint16_t reference[2];
};

static inline bool layered_has_descriptor(enum layered_kind kind)
{
	return kind >= LAYERED_DD_L1T3;
}

static inline unsigned layered_spatial_count(enum layered_kind kind)
{
	return kind == LAYERED_VP8_L1T3 || kind == LAYERED_VP9_L1T3 || kind == LAYERED_DD_L1T3 ? 1
											       : 3;
}

static inline uint16_t layered_mask(unsigned spatial_from, unsigned spatial_to, unsigned temporal)
{
	uint16_t mask = 0;

	for (unsigned s = spatial_from; s <= spatial_to; s++)
		for (unsigned t = temporal; t < 3; t++)
			mask |= (uint16_t)(1u << (s * 4 + t));
	return mask;
}

/* How many pictures back each place of the pattern refers to. */
static inline unsigned layered_back(unsigned place)
{
	static const unsigned back[4] = {4, 1, 2, 1};

	return back[place];
}

static inline void layered_refer(struct layered_frame *f, uint16_t back)
{
	f->reference[f->reference_count++] = (uint16_t)(f->number - back);
}

static inline void layered_describe(const struct layered *l, struct layered_frame *f, bool is_inter)
{
	struct codec_frame *c = &f->codec;
	unsigned top = layered_spatial_count(l->kind) - 1;

	c->has_descriptor = true;
	c->has_active_mask = !is_inter;
	c->active_mask = layered_mask(0, top, 0);
	c->present_mask = layered_mask(c->spatial, top, c->temporal);
	/* A key picture lets go anywhere above; a base picture within its spatial layer. */
	c->switch_mask = layered_mask(c->spatial, is_inter ? c->spatial : top,
				      c->temporal == 1 ? 2 : c->temporal);
	if (c->temporal == 2) {
		c->switch_mask = 0;
		c->is_discardable = c->spatial == top || l->kind == LAYERED_DD_L3T3_KEY;
	}
	c->is_up_point = false;
	c->is_switch_point = false;
	c->fdiff_count = (uint8_t)f->reference_count;
	for (unsigned i = 0; i < f->reference_count; i++)
		c->fdiff[i] = (uint16_t)(f->number - f->reference[i]);
}

static inline void layered_tell(const struct layered *l, struct layered_frame *f, bool is_inter)
{
	struct codec_frame *c = &f->codec;
	unsigned place = l->picture % 4;

	c->is_inter = is_inter;
	c->is_keyframe = !is_inter && c->spatial == 0;
	if (l->kind == LAYERED_VP8_L1T3) {
		c->is_switch_point = c->is_keyframe || place == 2;
		c->is_up_point = c->is_keyframe;
		/* The first T2 refers to the base alone too. */
		c->is_switch_point |= place == 1;
		c->is_discardable = c->temporal == 2;
		return;
	}
	c->ends_frame = true;
	if (layered_has_descriptor(l->kind)) {
		layered_describe(l, f, is_inter);
		return;
	}
	c->is_switch_point = true;
	c->is_up_point = true;
}

/* The next frame; its packets all carry `codec`, starts_frame and ends_frame are of the frame. */
static inline struct layered_frame layered_next(struct layered *l)
{
	static const uint8_t temporal[4] = {0, 2, 1, 2};
	unsigned top = layered_spatial_count(l->kind) - 1;
	struct layered_frame f = {.number = l->number++};

	if (l->spatial == 0) {
		l->is_key_picture = l->wants_keyframe || l->total == 0;
		l->wants_keyframe = false;
		if (l->is_key_picture)
			l->picture = 0;
	}
	f.has_number = layered_has_descriptor(l->kind);
	f.timestamp = 0xffff0000u + l->total * 3000;
	f.codec.spatial = (uint8_t)l->spatial;
	f.codec.temporal = temporal[l->picture % 4];
	f.codec.starts_frame = true;
	bool is_inter = !l->is_key_picture;
	if (is_inter)
		layered_refer(&f, (uint16_t)(layered_back(l->picture % 4) * (top + 1)));
	bool is_full = l->kind == LAYERED_VP9_L3T3 || l->kind == LAYERED_DD_L3T3;
	if (l->spatial > 0 && (is_full || l->is_key_picture))
		layered_refer(&f, 1);
	layered_tell(l, &f, is_inter);
	f.is_last = l->spatial == top;
	if (f.is_last) {
		l->spatial = 0;
		l->picture++;
		l->total++;
	} else {
		l->spatial++;
	}
	return f;
}

#endif
